"""From a name or a file to a checked scenario: `extends`, overrides, dated changes, every error by its key.

The result holds the scenario as it is in each period between dated changes, and its resolved text. What the
sections mean together is checked in `checks`; the arrays that are simulated are made in `world`.
"""

from __future__ import annotations

import copy
import difflib
import hashlib
import types
import typing
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from scenarios import documents
from scenarios.checks import check, check_change_dates
from scenarios.fields import Section
from scenarios.paths import KeyPathError, holds, set_value, stack
from scenarios.problems import Problem, ScenarioError, shown
from scenarios.schema import Scenario

LIBRARY = Path(__file__).parent / "library"

#: Sections that a dated change may set; the rest describes the experiment as a whole.
CHANGEABLE = (
    "calendars",
    "centres",
    "customer_tiers",
    "customers",
    "device_types",
    "dispatch",
    "fault_types",
    "parts",
    "profiles",
    "response_clock",
    "sites",
    "skills",
    "sla",
    "travel",
)


@dataclass(frozen=True)
class Period:
    """The scenario as it is from one dated change to the next.

    Parameters
    ----------
    start_hours
        Hours from the scenario's start at which it begins.
    scenario
        What holds in it.
    """

    start_hours: float
    scenario: Scenario


@dataclass(frozen=True)
class LoadedScenario:
    """A checked scenario.

    Parameters
    ----------
    file
        Where it came from, for messages.
    scenario
        The scenario as it is at its start.
    periods
        The scenario in each period between dated changes, the first from hour 0.
    """

    file: str
    scenario: Scenario
    periods: tuple[Period, ...]

    @cached_property
    def text(self) -> str:
        """Return the resolved YAML: no `extends`, every default written out."""
        return documents.dump(self.scenario.model_dump(mode="json", by_alias=True))

    @property
    def sha256(self) -> str:
        """Return the SHA-256 of the resolved text, in hexadecimal."""
        return hashlib.sha256(self.text.encode()).hexdigest()


@dataclass(frozen=True)
class _Layer:
    """One document of an `extends` chain."""

    file: str
    document: dict[str, Any]


def library() -> dict[str, Path]:
    """Return the scenarios that come with the product: name -> file, validation scenarios last."""
    files = [*sorted(LIBRARY.glob("*.yaml")), *sorted((LIBRARY / "validation").glob("*.yaml"))]
    return {file.stem: file for file in files}


def load(source: str | Path, overrides: Sequence[str] = ()) -> LoadedScenario:
    """Return the scenario that a library name or a YAML file describes.

    Parameters
    ----------
    source
        A name that `library` lists, or the path of a YAML file.
    overrides
        Further values as KEY=VALUE: a dotted key and a YAML value.

    Raises
    ------
    ScenarioError
        If anything in it cannot be; the error names every file and dotted key.
    """
    layers = _layers(_locate(source, None), ())
    document: dict[str, Any] = {}
    for layer in reversed(layers):
        document = stack(document, layer.document)
    document = copy.deepcopy(document)
    for override in overrides:
        key, value = parse_override(override)
        _set(document, key, value, "--set")
        layers = (_Layer("--set", _nested(key, value)), *layers)
    return resolve(document, layers[-1 if not layers else 0].file, layers)


def from_document(document: Mapping[str, Any], file: str = "scenario") -> LoadedScenario:
    """Return the scenario that a nested mapping describes (no `extends`).

    Raises
    ------
    ScenarioError
        As `load`.
    """
    plain = copy.deepcopy(dict(document))
    return resolve(plain, file, (_Layer(file, plain),))


def resolve(document: dict[str, Any], file: str, layers: Sequence[_Layer]) -> LoadedScenario:
    """Validate a stacked document in every period and return it."""
    scenario = _validated(document, layers, "")
    problems = check(scenario) + check_change_dates(scenario)
    if problems:
        raise ScenarioError([_placed(p, layers) for p in problems])
    periods = [Period(0.0, scenario)]
    current = document
    for number, change in enumerate(scenario.changes):
        prefix = f"changes.{number}.set."
        current = copy.deepcopy(current)
        for key, value in change.set.items():
            if key.split(".")[0] not in CHANGEABLE:
                allowed = "keys of " + ", ".join(CHANGEABLE)
                raise ScenarioError([_placed(Problem(prefix + key, shown(value), allowed), layers)])
            _set(current, key, copy.deepcopy(value), file, prefix)
        changed = _validated(current, layers, prefix)
        problems = check(changed)
        if problems:
            raise ScenarioError(
                [_placed(Problem(prefix + p.key, p.found, p.allowed), layers) for p in problems]
            )
        hours = (change.start - scenario.start).days * 24.0
        periods.append(Period(hours, changed))
    return LoadedScenario(file, scenario, tuple(periods))


def parse_override(text: str) -> tuple[str, Any]:
    """Return the key and value of KEY=VALUE, the value read as YAML.

    Raises
    ------
    ScenarioError
        If there is no `=`, or the value is not YAML.
    """
    key, equals, value = text.partition("=")
    if not equals or not key.strip():
        raise ScenarioError([Problem("--set", shown(text), "KEY=VALUE with a dotted key")])
    return key.strip(), documents.parse(value, f"--set {key.strip()}")


def _set(document: dict[str, Any], key: str, value: Any, file: str, prefix: str = "") -> None:
    try:
        set_value(document, key, value)
    except KeyPathError as error:
        raise ScenarioError([Problem(prefix + key, error.found, error.allowed, file)]) from None


def _nested(key: str, value: Any) -> dict[str, Any]:
    document: Any = value
    for part in reversed(key.split(".")):
        document = {part: document}
    return dict(document)


def _locate(source: str | Path, child: Path | None) -> Path:
    """Return the file of a library name or a path; a path in `extends` starts at the child's folder."""
    text = str(source)
    if isinstance(source, str) and text in library():
        return library()[text]
    path = Path(text)
    if child is not None and not path.is_absolute():
        path = child.parent / path
    if path.suffix not in (".yaml", ".yml") and not path.exists():
        close = difflib.get_close_matches(text, library(), n=3)
        hint = f" (did you mean {', '.join(close)}?)" if close else ""
        allowed = f"a name that `banyan scenarios` lists, or a YAML file{hint}"
        raise ScenarioError([Problem("", shown(text), allowed, "scenario" if child is None else str(child))])
    return path


def _layers(path: Path, seen: tuple[Path, ...]) -> tuple[_Layer, ...]:
    """Return a document and all that it extends, the outermost first."""
    document = documents.read(path)
    parent = document.pop("extends", None)
    layer = _Layer(str(path), document)
    if parent is None:
        return (layer,)
    if not isinstance(parent, str) or not parent:
        raise ScenarioError([Problem("extends", shown(parent), "a library name or a YAML file", str(path))])
    target = _locate(parent, path)
    if target.resolve() in (*seen, path.resolve()):
        raise ScenarioError(
            [Problem("extends", shown(parent), "a document that does not extend this one", str(path))]
        )
    return (layer, *_layers(target, (*seen, path.resolve())))


def _validated(document: dict[str, Any], layers: Sequence[_Layer], prefix: str) -> Scenario:
    currency = document.get("currency")
    rates = currency.get("rates") if isinstance(currency, dict) else None
    context = {"rates": rates if isinstance(rates, dict) else {}}
    try:
        return Scenario.model_validate(document, context=context)
    except ValidationError as error:
        problems = [_problem(dict(e), prefix) for e in error.errors(include_url=False)]
        raise ScenarioError([_placed(p, layers) for p in problems]) from None
    except RecursionError:
        raise ScenarioError(
            [Problem("", "sections nested too deeply", "a scenario", layers[0].file)]
        ) from None


def _problem(error: dict[str, Any], prefix: str) -> Problem:
    """Turn one pydantic error into a problem with its dotted key."""
    location = tuple(str(part) for part in error["loc"] if part != "[key]")
    key = prefix + ".".join(location)
    if error["type"] == "missing":
        return Problem(key, "nothing", "a value: the key is required")
    if error["type"] == "extra_forbidden":
        section = _section_at(location[:-1])
        names = [f.alias or name for name, f in section.model_fields.items()] if section else []
        close = difflib.get_close_matches(location[-1], names, n=1)
        hint = f" (did you mean {close[0]}?)" if close else ""
        return Problem(key, "an unknown key", ", ".join(sorted(names)) + hint)
    message = str(error["msg"]).removeprefix("Input should be ").removeprefix("Value error, ")
    return Problem(key, shown(error["input"]), message)


def _section_at(location: tuple[str, ...]) -> type[Section] | None:
    """Return the section that a location in the document is an instance of."""
    kind: Any = Scenario
    for part in location:
        if isinstance(kind, type) and issubclass(kind, Section):
            field = kind.model_fields.get(part) or next(
                (f for f in kind.model_fields.values() if f.alias == part), None
            )
            kind = field.annotation if field else None
        else:
            arguments = typing.get_args(kind)
            kind = arguments[1 if typing.get_origin(kind) is dict else 0] if arguments else None
        kind = _unwrapped(kind)
    return kind if isinstance(kind, type) and issubclass(kind, Section) else None


def _unwrapped(kind: Any) -> Any:
    """Return what an Annotated or an optional type is about."""
    if typing.get_origin(kind) is typing.Annotated:
        return _unwrapped(typing.get_args(kind)[0])
    if typing.get_origin(kind) in (typing.Union, types.UnionType):
        return _unwrapped(next(a for a in typing.get_args(kind) if a is not type(None)))
    return kind


def _placed(problem: Problem, layers: Sequence[_Layer]) -> Problem:
    """Name the document that holds most of the problem's key."""
    parts = tuple(problem.key.split(".")) if problem.key else ()
    depths = [holds(layer.document, parts) for layer in layers]
    best = depths.index(max(depths)) if depths else 0
    return Problem(problem.key, problem.found, problem.allowed, layers[best].file)

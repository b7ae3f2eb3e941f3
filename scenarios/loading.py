"""From a name or a file to a checked scenario: `extends`, overrides, dated changes, every error by its key.

The result holds the scenario as it is in each period between dated changes, and its resolved text. What the
sections mean together is checked in `checks`, how periods fit together in `change_checks`; the arrays that
are simulated are made in `compiling`.
"""

from __future__ import annotations

import copy
import difflib
import hashlib
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from scenarios import documents
from scenarios.change_checks import check_against, check_change_dates
from scenarios.checks import check
from scenarios.inherited_sources import without_orphans
from scenarios.messages import problems_of
from scenarios.paths import KeyPathError, holds, set_value, stack
from scenarios.phrases import phrase
from scenarios.problems import Problem, ScenarioError, shown
from scenarios.schema import Change, Scenario
from scenarios.slips import with_meant_names

LIBRARY = Path(__file__).parent / "library"

#: Sections that a dated change may set; the rest describes the experiment as a whole.
CHANGEABLE = (
    "absences",
    "aftercare",
    "alerts",
    "calendars",
    "centres",
    "city_travel",
    "customer_tiers",
    "customers",
    "device_types",
    "dispatch",
    "effects",
    "fault_types",
    "inspections",
    "links",
    "parts",
    "parts_policy",
    "prediction",
    "profiles",
    "response_clock",
    "scheduling_policies",
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
    layers = _layers(_locate(source, None))
    file = layers[0].file
    document: dict[str, Any] = {}
    for layer in reversed(layers):
        document = without_orphans(stack(document, layer.document), document, layer.document)
    document = copy.deepcopy(document)
    for override in overrides:
        key, value = parse_override(override)
        before = copy.deepcopy(document)
        try:
            parts = set_value(document, key, value)
        except KeyPathError as error:
            raise ScenarioError([Problem(error.key, error.found, error.allowed, "--set")]) from None
        document = without_orphans(document, before, _nested(parts, value))
        layers = [_Layer("--set", _nested(parts, value)), *layers]
    return resolve(document, file, layers)


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
    _refuse(check(scenario) + check_change_dates(scenario), layers)
    periods = [Period(0.0, scenario)]
    current = document
    for number, change in enumerate(scenario.changes):
        prefix = f"changes.{number}.set."
        current = _changed(current, change, prefix, layers)
        changed = _validated(current, layers, prefix)
        problems = check(changed) or check_against([p.scenario for p in periods], changed)
        _refuse([Problem(prefix + p.key, p.found, p.allowed) for p in problems], layers)
        periods.append(Period((change.start - scenario.start).days * 24.0, changed))
    return LoadedScenario(file, scenario, tuple(periods))


def _changed(
    document: dict[str, Any], change: Change, prefix: str, layers: Sequence[_Layer]
) -> dict[str, Any]:
    """Return a document as it is from a dated change on."""
    changed = copy.deepcopy(document)
    for key, value in change.set.items():
        if key.split(".")[0] not in CHANGEABLE:
            _refuse(
                [
                    Problem(
                        prefix + key,
                        shown(value),
                        phrase("keys of {sections}", sections=", ".join(CHANGEABLE)),
                    )
                ],
                layers,
            )
        try:
            set_value(changed, key, copy.deepcopy(value))
        except KeyPathError as error:
            _refuse([Problem(prefix + error.key, error.found, error.allowed)], layers)
    return changed


def _refuse(problems: Sequence[Problem], layers: Sequence[_Layer]) -> None:
    """Raise if there is any problem, each named with the document that set its key."""
    if problems:
        raise ScenarioError([_placed(p, layers) for p in problems])


def parse_override(text: str) -> tuple[str, Any]:
    """Return the key and value of KEY=VALUE, the value read as YAML.

    Raises
    ------
    ScenarioError
        If there is no `=`, or the value is not YAML.
    """
    key, equals, value = text.partition("=")
    if not equals or not key.strip():
        raise ScenarioError([Problem("--set", shown(text), phrase("KEY=VALUE with a dotted key"))])
    if not value.strip():
        raise ScenarioError(
            [
                Problem(
                    f"--set {key.strip()}", phrase("no value"), phrase("a YAML value; null removes the key")
                )
            ]
        )
    return key.strip(), documents.parse(value, f"--set {key.strip()}")


def _nested(parts: Sequence[str], value: Any) -> dict[str, Any]:
    document: Any = value
    for part in reversed(parts):
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
    if os.path.lexists(path) or (child is None and path.suffix in (".yaml", ".yml")):
        return path
    close = difflib.get_close_matches(text, library(), n=3)
    allowed = phrase("a name that `banyan scenarios` lists, or a YAML file")
    if close:
        names = ", ".join(close)
        allowed = phrase("{allowed} (did you mean {names}?)", allowed=allowed, names=names)
    key, file = ("", "scenario") if child is None else ("extends", str(child))
    raise ScenarioError([Problem(key, shown(text), allowed, file)])


def _layers(path: Path) -> list[_Layer]:
    """Return a document and all that it extends, the outermost first."""
    layers: list[_Layer] = []
    seen: set[str] = set()
    while True:
        document = documents.read(path)
        seen.add(os.path.realpath(path))
        parent = document.pop("extends", None)
        layers.append(_Layer(str(path), document))
        if parent is None:
            return layers
        if not isinstance(parent, str) or not parent:
            allowed = phrase("a library name or a YAML file")
            raise ScenarioError([Problem("extends", shown(parent), allowed, str(path))])
        target = _locate(parent, path)
        if os.path.realpath(target) in seen:
            allowed = phrase("a document that does not extend this one")
            raise ScenarioError([Problem("extends", shown(parent), allowed, str(path))])
        path = target


def _validated(document: dict[str, Any], layers: Sequence[_Layer], prefix: str) -> Scenario:
    currency = document.get("currency")
    rates = currency.get("rates") if isinstance(currency, dict) else None
    own = currency.get("code", "USD") if isinstance(currency, dict) else "USD"
    context = {"rates": {str(own): 1.0, **(rates if isinstance(rates, dict) else {})}}
    try:
        return Scenario.model_validate(document, context=context)
    except ValidationError as error:
        problems = with_meant_names(problems_of(error, prefix), document, prefix)
    raise ScenarioError([_placed(p, layers) for p in problems])


def _placed(problem: Problem, layers: Sequence[_Layer]) -> Problem:
    """Name the document that holds most of the problem's key, of those that nothing replaced there."""
    parts = tuple(problem.key.split(".")) if problem.key else ()
    file, most = "", -1
    for layer in layers:
        depth, settled = holds(layer.document, parts)
        if depth > most:
            file, most = layer.file, depth
        if settled:
            break
    return Problem(problem.key, problem.found, problem.allowed, file)

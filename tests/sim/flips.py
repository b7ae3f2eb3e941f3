"""What it means that a key of a scenario is alive: another value of it, and the column that must then differ.

The keys come from the schema itself, as dotted patterns in which a star stands for any name or number. The
flips stand by section in the modules `flips_of_…`; `test_every_key` holds both against each other.
"""

from __future__ import annotations

import copy
import types
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache, cached_property
from typing import Annotated, Any, Union, get_args, get_origin

import numpy as np
from planned_day import planned_day
from worlds import Document, reports

from insight.figures import Window, network_figures
from insight.kpis import kpi_values
from insight.tables import Categories, Tables
from scenarios import LoadedScenario, from_document
from scenarios.compiling import compile_world
from scenarios.doubts import doubts
from scenarios.fields import Distribution, Section
from scenarios.paths import set_value
from scenarios.schema import Scenario
from scenarios.trips import Stretch, describe, find_place
from sim.experiment import Options, run_loaded
from sim.model import Model
from sim.records import tables_of
from sim.replicate import facts_of

Report = tuple[float, str, str]


@dataclass(frozen=True)
class Flip:
    """One key, flipped.

    Parameters
    ----------
    key
        The dotted key.
    value
        Another value than it has.
    shows
        The column that differs: table and column; or a figure of `kpis` or `summary`, the code of one of the
        `warnings`, what the description of a `trip` tells of each stretch, the resolved `text`; or what is in
        the plan of a `day` made with the scenario.
    document
        Makes the document.
    given
        What is different in the document before and after, by dotted key.
    together
        What has to change with the key so that the document stays valid.
    reports
        Failures by hand in place of random ones.
    seed
        Seed of both runs.
    """

    key: str
    value: Any
    shows: str
    document: Callable[[], Document]
    given: Mapping[str, Any] = field(default_factory=dict)
    together: Mapping[str, Any] = field(default_factory=dict)
    reports: tuple[Report, ...] | None = None
    seed: int = 1

    def __str__(self) -> str:
        return f"{self.key}={self.value!s:.20}"

    @property
    def pattern(self) -> str:
        """Return the pattern of its key."""
        return pattern_of(self.key)

    def before(self) -> Document:
        """Return the document as it is."""
        return _with(self.document(), self.given)

    def after(self) -> Document:
        """Return the document with the other value."""
        return _with(self.before(), {**self.together, self.key: self.value})


def flips(document: Callable[[], Document], *rows: tuple[str, Any, str], **common: Any) -> list[Flip]:
    """Return a flip for each (key, value, column) with the same document and terms."""
    return [Flip(key, value, shows, document, **common) for key, value, shows in rows]


def _with(document: Document, values: Mapping[str, Any]) -> Document:
    document = copy.deepcopy(document)  # documents share what stands in all of them
    for key, value in values.items():
        set_value(document, key, copy.deepcopy(value))
    return document


# The keys


@cache
def leaf_keys() -> tuple[str, ...]:
    """Return the pattern of every key of the schema that holds a value rather than a section."""
    return tuple(dict.fromkeys(_leaves(Scenario, ())))


def _leaves(kind: Any, parts: tuple[str, ...]) -> Iterator[str]:
    origin = get_origin(kind)
    if origin is Annotated:
        yield from _leaves(get_args(kind)[0], parts)
    elif origin in (Union, types.UnionType):
        for choice in get_args(kind):
            if choice is not type(None):
                yield from _leaves(choice, parts)
    elif origin is dict:
        yield from _leaves(get_args(kind)[1], (*parts, "*"))
    elif origin is tuple and _is_section(get_args(kind)[0]):
        yield from _leaves(get_args(kind)[0], (*parts, "*"))
    elif _is_section(kind):
        for name, found in kind.model_fields.items():
            yield from _leaves(found.annotation, (*parts, found.alias or name))
    else:
        yield ".".join(parts)


def _is_section(kind: Any) -> bool:
    """Return whether a type is a section of its own; durations are values, however they are written."""
    return isinstance(kind, type) and issubclass(kind, Section) and not issubclass(kind, Distribution)


@cache
def pattern_of(key: str) -> str:
    """Return the pattern of a dotted key that holds a value.

    Raises
    ------
    LookupError
        If the schema has no such key, or it holds a section.
    """
    parts = key.split(".")
    for pattern in leaf_keys():
        wanted = pattern.split(".")
        if len(wanted) == len(parts) and all(w in ("*", p) for w, p in zip(wanted, parts, strict=True)):
            return pattern
        if pattern == "changes.*.set.*" and parts[0] == "changes" and parts[2] == "set":
            return pattern
    raise LookupError(f"{key} is no key of the schema that holds a value")


def differing(before: LoadedScenario, after: LoadedScenario) -> set[str]:
    """Return the patterns of the keys whose values differ in two scenarios."""
    one, other = (dict(_values(s.scenario, ())) for s in (before, after))
    keys = {key for key in {*one, *other} if key not in one or key not in other or one[key] != other[key]}
    return {pattern_of(key) for key in keys}


def _values(node: Any, parts: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
    """Yield the dotted keys and values of a scenario that has been read."""
    if isinstance(node, Section) and not isinstance(node, Distribution):
        for name, found in type(node).model_fields.items():
            yield from _values(getattr(node, name), (*parts, found.alias or name))
    elif isinstance(node, dict) and parts[:1] + parts[2:] != ("changes", "set"):
        for name, value in node.items():
            yield from _values(value, (*parts, str(name)))
    elif isinstance(node, dict):
        yield from ((".".join((*parts, name)), value) for name, value in node.items())
    elif isinstance(node, tuple) and node and isinstance(node[0], Section):
        for number, value in enumerate(node):
            yield from _values(value, (*parts, str(number)))
    elif node or _is_leaf(".".join(parts)):
        yield ".".join(parts), node


def _is_leaf(key: str) -> bool:
    """Return whether the schema has a value at a key, so that nothing there is a value as well."""
    try:
        return bool(pattern_of(key))
    except LookupError:
        return False


# The runs


@dataclass(frozen=True)
class Ran:
    """A document that has been run.

    Parameters
    ----------
    loaded
        The scenario.
    tables
        Tables of its first replication.
    kpis
        Figures of that replication.
    """

    loaded: LoadedScenario
    tables: Tables
    kpis: Mapping[str, float]

    @cached_property
    def summary(self) -> dict[str, Any]:
        """Return the summary of an experiment with the scenario, with as many replications as it asks for."""
        return run_loaded(self.loaded, Options()).summary


def ran(document: Document, given: Sequence[Report] | None, seed: int) -> Ran:
    """Return a run of a document, with failures by hand if there are any given."""
    loaded = from_document(document)
    world = compile_world(loaded)
    births = None if given is None else reports(world, *given)
    model = Model(world, seed, 0, births=births)
    model.run()
    tables = tables_of(model, 0)
    window = Window(world.warm_up, world.horizon)
    shelves = dict.fromkeys(world.names.centres, 1.0)
    values = kpi_values(tables, window, facts_of(world, window, shelves))
    return Ran(loaded, tables, network_figures(values))


def column(run: Ran, shows: str) -> list[Any]:
    """Return what a run shows in a column, or in what stands for one, with nothing as None."""
    table, _, name = shows.partition(".")
    if table == "text":
        return [run.loaded.text]
    if table == "trip":
        return [getattr(stretch, name) for stretch in _trip(run.loaded)]
    if table == "day":
        visits = planned_day(run.loaded.scenario).visits
        return sorted((visit.order, getattr(visit, name)) for visit in visits)
    if table == "kpis":
        return [None if run.kpis[name] != run.kpis[name] else run.kpis[name]]
    if table == "summary":
        interval = run.summary["kpis"]["attend_attainment"]["half_width"]
        return [interval if name == "interval" else run.summary[name]]
    if table == "warnings":
        found = doubts(run.loaded, compile_world(run.loaded))
        return [warning.message for warning in found if warning.code == name]
    values = run.tables[table][name]
    cells = values.strings() if isinstance(values, Categories) else np.asarray(values)
    return [None if cell != cell else cell for cell in cells.tolist()]


def _trip(loaded: LoadedScenario) -> tuple[Stretch, ...]:
    """Return the stretches of the way from the first centre to the first site, in the morning."""
    s = loaded.scenario
    start, to = (find_place(loaded, "", key) for key in (next(iter(s.centres)), next(iter(s.sites))))
    morning = datetime(s.start.year, s.start.month, s.start.day, 8)
    return describe(loaded, compile_world(loaded), start, to, morning).stretches

"""Each kind of disruption on a date: the backlog rises, returns, and after it every row is the very same.

Engineers work by day and are at home in the morning, so once the backlog is gone a network with a shock
behind it is in the state of one without; draws depend on names alone. Hence equality, not likeness. What each
shock does to the minute is in test_shocks and test_conditions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import pytest
from mechanism_worlds import scenario

from insight.columns import numbers
from insight.figures import Window
from insight.intervals import paired_difference
from insight.tables import Categories, Table, Tables
from scenarios.compiling import compile_world
from scenarios.disruptions import Kind
from scenarios.world import World
from sim.replicate import replicate

REPLICATIONS = 4
SEED = 7
#: Days from the start: the shock lasts for four days, and ten days later nothing is left of it.
BEGINS, ENDS, OVER = 14, 18, 28
CALM: Mapping[str, Any] = {
    "days": 45,
    "device_types.unit.failures_per_year": 1.0,
    "fault_types.burst": {"severity": "major", "skill": "field", "work_hours": 1.0},
}
OUTDOOR = {"fault_types.cable.outdoor": True}
#: Kind -> what else the disruption says, and what the network has to have, with and without it, to feel it.
SHOCKS: Mapping[str, tuple[Mapping[str, Any], Mapping[str, Any]]] = {
    "rain": ({}, OUTDOOR),
    "storm": ({}, OUTDOOR),
    "typhoon": ({}, {**OUTDOOR, "links.ferry.closed_by": ["typhoon"]}),
    "flood": ({}, {"city_travel.default.slowed_by": {"flood": 3.0}}),
    "heat": ({}, {"effects.heat.failures": 1.5}),
    "tourist_peak": ({}, {}),
    "holiday": ({"load": 1.6}, {}),
    "demand": ({}, {}),
    "ticket_outage": ({}, {}),
    "supplier_outage": (
        {},
        {
            "centres.port.depot.board": {"base_stock": 1, "lead_hours": 24},
            "fault_types.board.part.probability": 1.0,
        },
    ),
    "staff_shortage": ({"absent_share": 0.7}, {}),
    "batch_failure": ({"days": None, "batches": [{"fault_type": "burst"}]}, {}),
}
#: The instant of each row, by which it lies before or after the shock.
INSTANTS = {
    "work_orders": "reported_at",
    "visits": "booked_at",
    "engineer_days": "day",
    "stock_moves": "demanded_at",
}
kinds = pytest.mark.parametrize("kind", SHOCKS)


def worlds(kind: str) -> tuple[World, World]:
    """Return the coast with a shock of a kind, and without it."""
    keys, given = SHOCKS[kind]
    shock = {"name": "shock", "kind": kind, "from": "2026-01-19", "days": ENDS - BEGINS, **keys}
    found = {"disruptions": [{key: value for key, value in shock.items() if value is not None}]}
    layers = {**CALM, **given}
    return compile_world(scenario("shock", layers, found)), compile_world(scenario("shock", layers))


@lru_cache
def runs(kind: str) -> tuple[tuple[Tables, Tables], ...]:
    """Return the tables with a shock and without it, replication by replication."""
    pair = worlds(kind)
    window = Window(0.0, pair[0].horizon)
    shocked, calm = ([replicate(w, SEED, n, window)[0] for n in range(REPLICATIONS)] for w in pair)
    return tuple(zip(shocked, calm, strict=True))


def backlog(orders: Table, hours: np.ndarray) -> np.ndarray:
    """Return how many orders are open at each instant."""
    reported, completed = (np.sort(numbers(orders, name)) for name in ("reported_at", "completed_at"))
    closed = np.searchsorted(completed[~np.isnan(completed)], hours, "right")
    return np.asarray(np.searchsorted(reported, hours, "right") - closed)


def more_open(kind: str, hours: np.ndarray) -> list[np.ndarray]:
    """Return how many more orders are open with the shock, by replication and instant."""
    return [
        backlog(shocked["work_orders"], hours) - backlog(calm["work_orders"], hours)
        for shocked, calm in runs(kind)
    ]


def rows(tables: Tables, name: str, begin: float, end: float) -> list[tuple[object, ...]]:
    """Return the rows of a table from one instant to another, absent values as None."""
    table = tables[name]
    instants = numbers(table, INSTANTS[name])
    inside = (instants >= begin) & (instants < end)
    columns = [
        (column.strings() if isinstance(column, Categories) else np.asarray(column))[inside].tolist()
        for column in table.values()
    ]
    cells = zip(*columns, strict=True)
    return sorted((tuple(None if cell != cell else cell for cell in row) for row in cells), key=repr)


def test_every_kind_is_here() -> None:
    """Each kind of disruption that a scenario may have is one of the shocks below."""
    assert set(SHOCKS) == {str(kind) for kind in Kind}


@kinds
def test_the_backlog_rises(kind: str) -> None:
    """From its beginning to a day after its end more orders are open with it than without, in the mean."""
    hours = np.arange(BEGINS * 24.0, (ENDS + 1) * 24.0, 0.5)
    more = [float(difference.mean()) for difference in more_open(kind, hours)]
    assert paired_difference(np.zeros(REPLICATIONS), more).ci_low > 0.0


@kinds
def test_the_backlog_returns(kind: str) -> None:
    """Ten days after its end, and before it, as many orders are open as without it, at every instant."""
    before, after = np.arange(0.0, BEGINS * 24.0 - 12.0, 0.5), np.arange(OVER * 24.0, 45 * 24.0, 0.5)
    assert not any(difference.any() for difference in more_open(kind, before) + more_open(kind, after))


@kinds
@pytest.mark.parametrize("table", INSTANTS)
def test_what_comes_after_it_is_the_very_same(kind: str, table: str) -> None:
    """Every column of every row from ten days after its end on is as without it."""
    for shocked, calm in runs(kind):
        after = rows(shocked, table, OVER * 24.0, np.inf)
        assert len(after) > 5 and after == rows(calm, table, OVER * 24.0, np.inf)


@kinds
def test_no_rule_is_left_changed(kind: str) -> None:
    """A run leaves its World as it was compiled, and the rules of each period are those without the shock."""
    shocked, calm = worlds(kind)
    replicate(shocked, SEED, 0, Window(0.0, shocked.horizon))
    assert alike(shocked, worlds(kind)[0])
    for rules in ("periods", "queues", "rules", "engineers", "stocks", "clocks", "categories"):
        assert alike(getattr(shocked, rules), getattr(calm, rules))


def alike(a: object, b: object) -> bool:
    """Return whether two parts of Worlds say the same, whatever has been looked up in them."""
    if type(a) is not type(b):
        return False
    if is_dataclass(a):
        return all(alike(getattr(a, f.name), getattr(b, f.name)) for f in fields(a))
    if isinstance(a, np.ndarray) and isinstance(b, np.ndarray):
        return a.shape == b.shape and bool(((a == b) | ((a != a) & (b != b))).all())
    if isinstance(a, Mapping) and isinstance(b, Mapping):
        return list(a) == list(b) and all(alike(a[key], b[key]) for key in a)
    if isinstance(a, list | tuple) and isinstance(b, list | tuple):
        return len(a) == len(b) and all(alike(x, y) for x, y in zip(a, b, strict=True))
    return a == b or (a != a and b != b)


def test_worlds_that_differ_are_not_alike() -> None:
    """The comparison above sees a changed link, which only a period's network knows."""
    layers = ({"links.ferry.ride_hours": hours} for hours in (1.5, 1.5, 2.0))
    one, same, other = (compile_world(scenario("one", layer)).periods for layer in layers)
    assert alike(one, same) and not alike(one, other)


@kinds
def test_it_has_its_row_and_its_end(kind: str) -> None:
    """The table of disruptions has it in each place that it strikes, and each row has an end."""
    for shocked, calm in runs(kind):
        found, none = shocked["disruptions"], calm["disruptions"]
        kinds_found = found["kind"]
        assert isinstance(kinds_found, Categories)
        assert set(kinds_found.strings().tolist()) == {kind}
        ended = numbers(found, "ended_at")
        assert (ended <= (ENDS + 0.5) * 24.0).all() and len(numbers(none, "ended_at")) == 0

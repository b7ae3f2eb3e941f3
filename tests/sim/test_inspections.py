"""Inspections: when they fall due, how long they take, which defects they find, and what that prevents."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import Document, simulate, tiny, world_of

from insight.figures import Window, network_figures
from insight.kpis import kpi_values
from insight.tables import Categories, Column, Table
from sim import draws
from sim.births import births_of_infinite
from sim.inspections import planned_instants
from sim.model import Model
from sim.prevention import Prevention
from sim.records import tables_of
from sim.replicate import facts_of
from sim.reports import Origin

KEY = draws.replication_key(1, 0)
VISIT: Document = {"severity": "minor", "skill": "field", "work_hours": 0.0}
UNIFORM: Document = {"distribution": "uniform", "low": 0.0, "high": 240.0}


def inspected(
    days: float = 60.0,
    fault: Document | None = None,
    sites: Any = ("site",),
    rate: float = 438.0,
    inspections: Document | None = None,
    **sections: Any,
) -> Document:
    """Return a scenario with delay times, and inspections unless they are left out with an empty mapping."""
    document = tiny({"fault": {"delay_hours": UNIFORM, **(fault or {})}}, {"a": {"count": 4}}, days=days)
    document["fault_types"]["visit"] = dict(VISIT)
    document["device_types"]["fault"]["failures_per_year"] = rate
    document["sites"] = {
        name: {"city": "town", "customer": "owner", "devices": {"fault": 1}} for name in sites
    }
    if inspections != {}:
        document["inspections"] = {
            "fault_type": "visit",
            "every_days": 10.0,
            "first": "start",
            **(inspections or {}),
        }
    return {**document, **sections}


def orders(model: Model) -> dict[str, Column]:
    """Return the table of work orders."""
    return dict(tables_of(model, 0)["work_orders"])


def column(table: Table, name: str) -> np.ndarray[Any, Any]:
    """Return a column of numbers or names as an array."""
    values = table[name]
    return values.strings() if isinstance(values, Categories) else values


def ids(table: Table, *origins: str) -> set[str]:
    """Return the ids of the orders of some origins."""
    return set(column(table, "id")[np.isin(column(table, "origin").astype(str), origins)])


# When they fall due


@settings(max_examples=50, deadline=None)
@given(every=st.integers(1, 40), days=st.integers(10, 90))
def test_from_the_start_every_so_many_days(every: int, days: int) -> None:
    """With `first: start` an inspection is planned at every whole multiple of the interval."""
    world = world_of(inspected(float(days), inspections={"every_days": float(every)}))
    planned, _ = planned_instants(world, 0)
    assert planned.tolist() == pytest.approx([24.0 * every * n for n in range(-(-days // every))])


def test_first_dates_are_spread() -> None:
    """The first dates of two hundred sites are uniform over the interval, and another site moves none."""
    names = [f"s{n}" for n in range(200)]
    world = world_of(inspected(sites=names, inspections={"first": "spread"}))
    firsts = np.array([planned_instants(world, site)[0][0] for site in range(200)])
    evenly = (np.arange(200) + 0.5) / 200 * 240.0
    assert np.abs(np.sort(firsts) - evenly).max() < 240.0 * 1.63 / 200**0.5  # Kolmogorov and Smirnov, 1 %
    wider = world_of(inspected(sites=["another", *names], inspections={"first": "spread"}))
    assert [planned_instants(wider, site)[0][0] for site in range(1, 201)] == firsts.tolist()


def test_a_changed_interval_goes_on_from_where_it_was() -> None:
    """Half of an interval of 10 days and half of one of 4 days are one interval."""
    change = {"from": "2026-01-10", "set": {"inspections.every_days": 4.0}}
    world = world_of(inspected(30.0, inspections={"every_days": 10.0}, changes=[change]))
    planned, _ = planned_instants(world, 0)
    assert (planned[:4] / 24.0).tolist() == pytest.approx([0.0, 5.0 + 2.0, 11.0, 15.0])


def test_orders_are_reported_when_the_calendar_opens() -> None:
    """An inspection planned for a Sunday is reported on Monday as the office opens, in local time."""
    document = inspected(20.0, inspections={"every_days": 6.0, "calendar": "office"})
    document["cities"]["town"]["time_zone"] = "Asia/Kuala_Lumpur"
    births = births_of_infinite(world_of(document), KEY)
    # From Monday, 5 January 2026: planned on Monday, Sunday, Saturday and Friday, opening at 01:00 UTC.
    reported = births.reported_at[births.origin == Origin.INSPECTION]
    assert (reported / 24.0).tolist() == pytest.approx([d + 1 / 24 for d in (0, 7, 14, 18)])


def test_due_within_some_days() -> None:
    """An inspection has to end within its days from the report, and is on time if it does."""
    document = inspected(40.0, inspections={"within_days": 3.0, "every_days": 20.0})
    document["fault_types"]["visit"]["work_hours"] = 30.0
    table = tables_of(simulate(document), 0)["inspections"]
    assert column(table, "due_at").tolist() == [72.0, 552.0]
    assert column(table, "ended_at").tolist() == pytest.approx([30.0, 510.0])
    assert column(table, "site").tolist() == ["site", "site"]


def test_on_time_is_judged_by_the_due_date() -> None:
    """Inspections that take longer than they may are none of them on time, shorter ones all."""
    for hours, expected in ((30.0, 1.0), (90.0, 0.0)):
        document = inspected(50.0, inspections={"within_days": 3.0, "every_days": 20.0})
        document["fault_types"]["visit"]["work_hours"] = hours
        world = world_of(document)
        model = Model(world, 1, 0)
        model.run()
        window = Window(0.0, world.horizon)
        figures = network_figures(kpi_values(tables_of(model, 0), window, facts_of(world, window, {})))
        assert figures["inspection_on_time"] == expected


# How long they take


def test_hours_are_those_of_the_visit_and_of_the_site() -> None:
    """Report, training and devices at the site lengthen the visit."""
    added = {"report_hours": 0.5, "training_hours": 1.0, "hours_per_device": 0.25, "every_days": 30.0}
    document = inspected(20.0, rate=0.01, inspections=added)
    document["fault_types"]["visit"]["work_hours"] = 2.0
    model = simulate(document)
    assert column(tables_of(model, 0)["visits"], "work_hours").tolist() == pytest.approx([3.75])


def test_each_defect_found_takes_its_time() -> None:
    """An inspection lasts as long as its visit and the defects that are there at its start, to the minute."""
    document = inspected(inspections={"hours_per_defect": 0.25})
    document["fault_types"]["visit"]["work_hours"] = 1.0
    model = simulate(document)
    births, table = model.births, tables_of(model, 0)["inspections"]
    starts, ends = column(table, "started_at"), column(table, "ended_at")
    gone: set[int] = set()
    for start, end, found in zip(starts, ends, column(table, "defects_found"), strict=True):
        there = np.flatnonzero((births.defect_at < start) & (births.reported_at > start))
        there = np.array([row for row in there if row not in gone])
        assert end == pytest.approx(start + 1.0 + 0.25 * len(there))
        mended = [row for row in there.tolist() if births.reported_at[row] > end]
        assert found == len(mended)
        gone |= set(mended)
    assert len(gone) > 20


# What they prevent


def test_failures_are_prevented_one_for_one() -> None:
    """The failures without inspections are those with them and those prevented, row by row the same."""
    free = {"work_hours": 0.0}
    plain, model = simulate(inspected(inspections={}, fault=free)), simulate(inspected(fault=free))
    without, with_them = orders(plain), orders(model)
    assert model.prevention is not None
    prevented = np.flatnonzero(np.frombuffer(model.prevention.prevented, dtype=np.int8))
    found = column(tables_of(model, 0)["inspections"], "defects_found").sum()
    assert len(prevented) == found > 20
    assert ids(with_them, "failure") < ids(without, "failure")
    assert len(ids(without, "failure")) == len(ids(with_them, "failure")) + found
    kept = np.isin(column(without, "id"), list(ids(with_them, "failure")))
    mine = column(with_them, "origin") == "failure"
    for name in ("id", "reported_at", "restored_at", "work_type", "device_type"):
        np.testing.assert_array_equal(column(without, name)[kept], column(with_them, name)[mine])


def test_found_are_the_defects_that_were_there() -> None:
    """A failure is prevented if and only if an inspection ended between its defect and its report."""
    model = simulate(inspected())
    births = model.births
    assert model.prevention is not None
    at = column(tables_of(model, 0)["inspections"], "ended_at")
    for row in np.flatnonzero(births.origin == Origin.FAILURE).tolist():
        there = (births.defect_at[row] < at) & (at < births.reported_at[row])
        assert model.prevention.prevents(row) == there.any()


def test_blind_inspections_prevent_nothing() -> None:
    """With detection 0 every failure happens as without inspections."""
    blind = orders(simulate(inspected(inspections={"detection": 0.0})))
    without = orders(simulate(inspected(inspections={})))
    mine = column(blind, "origin") == "failure"
    for name in ("id", "reported_at", "due_at", "duration_h"):
        np.testing.assert_array_equal(column(blind, name)[mine], column(without, name))


def test_detection_is_a_chance() -> None:
    """Inspections that find half of the defects find some of what perfect ones do, and about half."""
    perfect, half = (
        simulate(inspected(30.0, rate=8760.0, inspections={"detection": d, "every_days": 20.0}))
        for d in (1.0, 0.5)
    )
    found = []
    for model in (half, perfect):
        assert model.prevention is not None
        found.append(set(np.flatnonzero(np.frombuffer(model.prevention.prevented, dtype=np.int8))))
    assert found[0] < found[1]
    assert len(found[0]) / len(found[1]) == pytest.approx(0.5, abs=0.15)


def test_what_fails_during_an_inspection_is_not_prevented() -> None:
    """A defect that becomes a failure before the inspection ends is an order like any other."""
    document = inspected(30.0)
    document["fault_types"]["visit"]["work_hours"] = 48.0
    model = simulate(document)
    table = tables_of(model, 0)["inspections"]
    births = model.births
    failures = np.flatnonzero(births.origin == Origin.FAILURE)
    during = [
        row
        for row in failures.tolist()
        for start, end in zip(column(table, "started_at"), column(table, "ended_at"), strict=True)
        if births.defect_at[row] < start < births.reported_at[row] <= end
    ]
    assert during
    assert model.prevention is not None
    assert not any(model.prevention.prevents(row) for row in during)


def test_more_inspections_more_availability() -> None:
    """The shorter the interval, the fewer failures and the higher the availability, on the same failures."""
    failed, available = [], []
    for every in (30.0, 10.0, 5.0):
        world = world_of(inspected(inspections={"every_days": every}))
        model = Model(world, 1, 0)
        model.run()
        tables, window = tables_of(model, 0), Window(0.0, world.horizon)
        failed.append(len(ids(tables["work_orders"], "failure")))
        figures = network_figures(kpi_values(tables, window, facts_of(world, window, {})))
        available.append(figures["availability"])
    assert failed[0] > failed[1] > failed[2]
    assert available[0] < available[1] < available[2]


def test_inspections_do_not_count_as_failures() -> None:
    """Times, visits and backlog are the same with and without blind inspections that take no time."""
    figures = []
    for inspections in ({}, {"detection": 0.0, "every_days": 5.0}):
        world = world_of(inspected(inspections=inspections))
        model = Model(world, 1, 0)
        model.run()
        window = Window(0.0, world.horizon)
        found = network_figures(kpi_values(tables_of(model, 0), window, facts_of(world, window, {})))
        found.pop("inspection_on_time")
        figures.append({name: value for name, value in found.items() if not np.isnan(value)})
    assert figures[0] == pytest.approx(figures[1])


def test_nothing_is_followed_without_inspections() -> None:
    """A delay time alone changes no order."""
    document = inspected(inspections={})
    with_delay = orders(simulate(document))
    del document["fault_types"]["fault"]["delay_hours"]
    without = orders(simulate(document))
    assert len(column(without, "id"))
    for name, values in without.items():
        np.testing.assert_array_equal(column({name: values}, name), column(with_delay, name))


def test_work_that_begins_again_is_not_lengthened_twice() -> None:
    """Hours for defects are added once, however often an inspection is broken off."""
    world = world_of(inspected(inspections={"hours_per_defect": 2.0}))
    births = births_of_infinite(world, KEY)
    prevention = Prevention(world, births)
    row = int(np.flatnonzero(births.origin == Origin.INSPECTION)[1])
    there = int(((births.defect_at < 240.0) & (births.reported_at > 240.0)).sum())
    assert there > 0
    assert prevention.extra_hours(row, 240.0) == 2.0 * there
    assert prevention.extra_hours(row, 240.0) == 0.0
    assert prevention.extra_hours(int(np.flatnonzero(births.origin == Origin.FAILURE)[0]), 240.0) == 0.0

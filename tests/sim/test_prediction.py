"""Prediction: which failures are announced, when, what becomes of the orders, how many alarms are false."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import numpy as np
import pytest
from worlds import Document, simulate, tiny, world_of

from insight.figures import Window, network_figures
from insight.kpis import kpi_values
from insight.tables import Categories, Table
from sim import draws
from sim.births import Births, births_of_infinite
from sim.model import Model
from sim.prevention import Prevention
from sim.records import tables_of
from sim.replicate import facts_of
from sim.reports import Origin

KEY = draws.replication_key(1, 0)
PERFECT: Document = {"recall": 1.0, "precision": 1.0, "lead_hours": 72.0, "check_hours": 0.5}


def announced(
    prediction: Document | None = None,
    days: float = 60.0,
    rate: float = 438.0,
    fault: Document | None = None,
    engineers: int = 4,
    **sections: Any,
) -> Document:
    """Return a scenario with prediction as given beside `PERFECT`; none with an empty mapping."""
    document = tiny({"fault": fault or {}}, {"a": {"count": engineers}}, days=days)
    document["device_types"]["fault"]["failures_per_year"] = rate
    if prediction != {}:
        document["prediction"] = {**PERFECT, **(prediction or {})}
    return {**document, **sections}


def born(document: Document) -> Births:
    """Return what is reported in a scenario whatever the service does."""
    return births_of_infinite(world_of(document), KEY)


def column(table: Table, name: str) -> np.ndarray[Any, Any]:
    """Return a column of numbers or names as an array."""
    values = table[name]
    return values.strings() if isinstance(values, Categories) else values


def figures(model: Model) -> dict[str, float]:
    """Return the KPIs of a finished replication."""
    window = Window(0.0, model.world.horizon)
    return network_figures(kpi_values(tables_of(model, 0), window, facts_of(model.world, window, {})))


def by_key(births: Births, mask: np.ndarray[Any, Any]) -> dict[int, int]:
    """Return the rows of a mask by the key of their draws."""
    return {int(births.key[row]): row for row in np.flatnonzero(mask).tolist()}


# What is announced


def test_a_failure_is_announced_by_the_lead_ahead() -> None:
    """With perfect prediction each failure has one order, the lead time before it, or at the start."""
    plain, ahead = born(announced({})), born(announced())
    assert len(plain) == len(ahead) > 50
    fails = np.sort(ahead.fails_at)
    np.testing.assert_array_equal(fails, plain.reported_at)
    np.testing.assert_allclose(ahead.reported_at, np.maximum(ahead.fails_at - 72.0, 0.0))
    assert (ahead.origin == Origin.CONDITION_BASED).all()


def test_a_defect_is_not_announced_before_it_is_there() -> None:
    """Where a delay time is shorter than the lead, the prediction comes as the defect arises."""
    delayed = {"delay_hours": {"distribution": "uniform", "low": 0.0, "high": 144.0}}
    births = born(announced(fault=delayed))
    expected = np.maximum(np.maximum(births.fails_at - 72.0, births.defect_at), 0.0)
    np.testing.assert_allclose(births.reported_at, expected)
    assert (births.defect_at > births.fails_at - 72.0).any()
    assert (births.defect_at < births.fails_at - 72.0).any()


def test_a_device_is_not_announced_before_it_is_there() -> None:
    """Failures of devices that are installed later are announced from then on."""
    document = announced()
    change = {"from": "2026-01-25", "set": {"sites.late": dict(document["sites"]["site"])}}
    births = born({**document, "changes": [change]})
    late = births.reported_at[births.site == 1]
    assert late.min() == 480.0
    assert (births.fails_at[births.site == 1] > 480.0).all()


def test_recall_and_coverage_are_shares() -> None:
    """The share of failures that is announced is recall times coverage, within four standard errors."""
    births = born(announced({"recall": 0.8, "coverage": 0.5, "precision": 0.9}, rate=17520.0))
    failures = births.origin != Origin.FALSE_ALARM
    announced_share = (births.origin[failures] == Origin.CONDITION_BASED).mean()
    assert announced_share == pytest.approx(0.4, abs=4.0 * (0.24 / failures.sum()) ** 0.5)


@pytest.mark.parametrize("precision", [0.3, 0.85, 1.0])
def test_precision_is_a_share(precision: float) -> None:
    """The share of announcements behind which there is a failure is the precision."""
    births = born(announced({"precision": precision, "recall": 0.85}, rate=17520.0))
    right = (births.origin == Origin.CONDITION_BASED).sum()
    false = (births.origin == Origin.FALSE_ALARM).sum()
    spread = 4.0 * (precision * (1.0 - precision) / (right + false)) ** 0.5
    assert right / (right + false) == pytest.approx(precision, abs=spread + 1e-12)


def test_what_is_not_announced_is_untouched() -> None:
    """A failure that nobody predicted has every column as without prediction."""
    sections: dict[str, Any] = {
        "fault": {"triage_hours": 0.5, "pause": {"probability": 0.5, "hours": 2.0}},
        "sla": [{"name": "rule", "targets": {"attend": 4.0}}],
    }
    plain = born(announced({}, **sections))
    mixed = born(announced({"recall": 0.5, "precision": 0.5}, **sections))
    rows = by_key(plain, np.ones(len(plain), dtype=bool))
    left = by_key(mixed, mixed.origin == Origin.FAILURE)
    assert 20 < len(left) < len(rows) - 20
    for key, row in left.items():
        before, after = plain.take(np.array([rows[key]])), mixed.take(np.array([row]))
        for name in (f.name for f in fields(Births)):
            np.testing.assert_array_equal(getattr(before, name), getattr(after, name))


def test_more_coverage_only_adds() -> None:
    """What is announced, rightly or falsely, with a third of the devices is so with all of them."""
    for origin in (Origin.CONDITION_BASED, Origin.FALSE_ALARM):
        some, every = (
            by_key(births, births.origin == origin)
            for births in (born(announced({"coverage": c, "precision": 0.6})) for c in (1 / 3, 1.0))
        )
        assert some.keys() < every.keys()


def test_coverage_grows_by_date() -> None:
    """A dated change of coverage holds for failures from that day on."""
    change = {"from": "2026-01-25", "set": {"prediction.coverage": 1.0}}
    births = born(announced({"coverage": 0.0}, changes=[change]))
    known = births.origin == Origin.CONDITION_BASED
    fails = np.where(known, births.fails_at, births.reported_at)
    np.testing.assert_array_equal(known, fails >= 480.0)


# What becomes of it


def test_work_done_in_time_leaves_no_downtime() -> None:
    """Failures restored before they come are down at no time, and have no clocks."""
    sla = [{"name": "rule", "targets": {"attend": 4.0}}]
    model = simulate(announced(sla=sla))
    table = tables_of(model, 0)["work_orders"]
    late = column(table, "reported_at") > 0.0  # the failures of the first days are announced all at once
    assert set(column(table, "origin")) == {"condition_based"}
    assert np.isnan(column(table, "down_from")[late]).all()
    assert np.isnan(column(table, "attend_due_at")[late]).all()
    assert not column(table, "devices_down")[late].any()
    assert figures(model)["availability"] > 0.999
    assert figures(simulate(announced({}, sla=sla)))["availability"] < 0.96


def test_nobody_came_in_time() -> None:
    """Without anybody who goes, devices are down from their failures on, and clocks run from there."""
    sla = [{"name": "rule", "targets": {"attend": 4.0}}]
    table = tables_of(simulate(announced(engineers=0, sla=sla)), 0)["work_orders"]
    plain = tables_of(simulate(announced({}, engineers=0, sla=sla)), 0)["work_orders"]
    ids = column(table, "id").tolist()
    rows = [ids.index(name) for name in column(plain, "id")]
    np.testing.assert_array_equal(column(table, "down_from")[rows], column(plain, "reported_at"))
    np.testing.assert_allclose(column(table, "attend_due_at")[rows], column(plain, "attend_due_at"))


def test_planned_work_yields_until_the_failure() -> None:
    """An order is minor until the device fails, and has severity and due time of its fault from then on."""
    sla = [{"name": "rule", "targets": {"attend": 4.0}}]
    world = world_of(announced(fault={"severity": "emergency"}, sla=sla))
    model = Model(world, 1, 0)
    births = model.births
    row = int(np.flatnonzero(births.reported_at > 0.0)[0])
    prevention = Prevention(world, births)
    order = model.order_of(births, row, row)
    assert order.priority == 1
    fails_at = prevention.begin(order, float(births.released_at[row]))
    assert fails_at == births.fails_at[row]
    assert (order.priority, order.kind.severity) == (4, 0)
    assert order.due_at == births.reported_at[row] + 72.0
    prevention.fail(order)
    assert (order.priority, order.kind.severity) == (1, 3)
    assert order.due_at == pytest.approx(births.fails_at[row] + 4.0)


def test_a_failure_overtakes_planned_work() -> None:
    """With one engineer, a predicted emergency that has failed is served before planned work that has not."""
    document = announced(
        fault={"severity": "emergency", "work_hours": 20.0},
        engineers=1,
        days=90.0,
        dispatch={"policy": "nearest_qualified"},
    )
    model = simulate(document)
    births = model.births
    tables = tables_of(model, 0)
    visits, orders = tables["visits"], tables["work_orders"]
    fails = dict(zip(column(orders, "id"), births.fails_at, strict=True))
    overtaken = 0
    for i, (name, booked) in enumerate(
        zip(column(visits, "work_order"), column(visits, "booked_at"), strict=True)
    ):
        waiting = [
            other
            for other, ready in zip(
                column(visits, "work_order")[i + 1 :], column(visits, "ready_at")[i + 1 :], strict=True
            )
            if ready < booked and fails[other] < booked
        ]
        if waiting:
            assert fails[name] <= booked
            overtaken += 1
    assert overtaken > 5


def test_waits_of_orders_that_failed_add_up() -> None:
    """The waits of an order that failed while it waited are its whole delay since the prediction."""
    model = simulate(announced(engineers=1, fault={"work_hours": 20.0}))
    table = tables_of(model, 0)["work_orders"]
    arrived = column(table, "arrived_at")
    waits = np.sum([column(table, name) for name in table if name.startswith("wait_")], axis=0)
    went = ~np.isnan(arrived)
    assert (column(table, "down_from")[went] < arrived[went]).any()
    delay = arrived - column(table, "reported_at") - column(table, "paused_hours")
    np.testing.assert_allclose(waits[went], delay[went], atol=1e-6)


def test_false_alarms_cost_a_check_and_nothing_else() -> None:
    """A false alarm is one visit of the hours of a check, without part, clocks or downtime."""
    fault = {"first_time_fix": 0.5, "work_hours": 8.0, "part": {"part": "board"}}
    document = announced(
        {"precision": 0.5}, fault=fault, parts={"board": {}}, sla=[{"name": "r", "targets": {"attend": 4.0}}]
    )
    document["centres"]["base"]["depot"] = {"board": {"base_stock": 500, "lead_hours": 1.0}}
    tables = tables_of(simulate(document), 0)
    orders, visits = tables["work_orders"], tables["visits"]
    false = column(orders, "origin") == "false_alarm"
    assert false.sum() > 20
    done = false & (column(orders, "status") == "completed")
    assert set(column(orders, "visits")[done]) == {1}
    assert set(column(orders, "parts")[false]) == {None}
    assert set(column(orders, "sla_rule")[false]) == {None}
    assert np.isnan(column(orders, "down_from")[false]).all()
    went = np.isin(column(visits, "work_order"), column(orders, "id")[done])
    assert column(visits, "work_hours")[went] == pytest.approx(0.5)
    assert len(set(column(orders, "id"))) == len(false)


def test_planned_work_does_not_count_as_failures() -> None:
    """With everything announced and restored in time no failure counts; all of the backlog was planned."""
    model = simulate(announced({"precision": 0.5}, rate=87.6))
    table = tables_of(model, 0)["work_orders"]
    came = ~np.isnan(column(table, "down_from"))
    found = figures(model)
    assert len(came) > 10 and not came[column(table, "reported_at") > 0.0].any()
    assert found["backlog_mean"] < 0.01
    if not came.any():
        assert np.isnan(found["time_to_fix_mean"]) and np.isnan(found["first_time_fix_rate"])


def test_prediction_raises_availability() -> None:
    """The more failures are announced, the higher the availability, on the same failures."""
    found = [
        figures(simulate(announced({"recall": r, "precision": 0.85} if r else {}))) for r in (0.0, 0.5, 0.9)
    ]
    available = [f["availability"] for f in found]
    assert available[0] < available[1] < available[2]


def test_an_inspection_comes_before_the_prediction() -> None:
    """A defect found by an inspection is neither predicted nor fails; one predicted is not found again."""
    delayed = {"delay_hours": {"distribution": "uniform", "low": 0.0, "high": 480.0}}
    document = announced(fault=delayed)
    document["fault_types"]["visit"] = {"severity": "minor", "skill": "field", "work_hours": 0.0}
    document["inspections"] = {"fault_type": "visit", "every_days": 10.0}
    model = simulate(document)
    births, tables = model.births, tables_of(model, 0)
    ended = column(tables["inspections"], "ended_at")
    assert model.prevention is not None
    known = np.flatnonzero(births.origin == Origin.CONDITION_BASED).tolist()
    prevented = [row for row in known if model.prevention.prevents(row)]
    assert 0 < len(prevented) < len(known)
    for row in known:
        there = (births.defect_at[row] < ended) & (ended < births.reported_at[row])
        assert model.prevention.prevents(row) == there.any()
    listed = set(column(tables["work_orders"], "id"))
    assert not any(f"site:fault:{births.index[row] + 1}" in listed for row in prevented)

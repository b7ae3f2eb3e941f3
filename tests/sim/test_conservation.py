"""Nothing is lost and nothing is invented: what every replication of every scenario must satisfy.

Random scenarios are run and their tables held against each other and against the document by brute force.
"""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from by_hand import rows
from hypothesis import given, settings
from order_lives import came_to_be, lives
from random_worlds import random_document, scenarios_strategy
from worlds import Document, simulate

from insight.columns import numbers
from insight.figures import Window, network_figures
from insight.kpis import kpi_values
from insight.tables import Table
from sim.hours_by_cause import RESTORE_CAUSES, hours_to_restore
from sim.records import tables_of
from sim.replicate import facts_of
from sim.states import STATES, TRANSITIONS, State
from sim.visits import visits_of

scenarios = given(document=scenarios_strategy())
many = settings(max_examples=150, deadline=None)
some = settings(max_examples=75, deadline=None)

#: Instants of an order that follow each other: of the ways to its site, and to its restoration.
WAYS = (
    ("reported_at", "acknowledged_at", "booked_at", "departed_at", "arrived_at", "completed_at"),
    ("reported_at", "acknowledged_at", "restored_at", "completed_at"),
)
_ROUNDING = 1e-9


@many
@scenarios
def test_every_reported_order_is_completed_or_open_at_the_end(document: Document) -> None:
    """Each failure that is not prevented has one order, completed exactly if its status says so."""
    model = simulate(document)
    tables = tables_of(model, 0)
    orders = rows(tables["work_orders"])
    mended = int(numbers(tables["inspections"], "defects_found").sum())
    assert len(orders) + mended == len(model.births)
    assert came_to_be(model).sum() == len(orders)
    assert len({order["id"] for order in orders}) == len(orders)
    for order in orders:
        assert order["status"] in set(STATES)
        assert (order["status"] == State.COMPLETED) is not math.isnan(order["completed_at"])
        assert math.isnan(order["completed_at"]) or not math.isnan(order["restored_at"])
        assert order["status"] != State.VERIFYING or not math.isnan(order["restored_at"])
        assert (order["status"] == State.REPORTED) is math.isnan(order["acknowledged_at"])


@many
@scenarios
def test_instants_of_an_order_follow_each_other(document: Document) -> None:
    """From report to booking, arrival and completion, and to restoration, time never goes back."""
    for order in rows(tables_of(simulate(document), 0)["work_orders"]):
        for way in WAYS:
            instants = [order[name] for name in way if not math.isnan(order[name])]
            assert all(a <= b + _ROUNDING for a, b in pairwise(instants)), order
            assert instants[0] >= 0.0
            assert instants[-1] <= document["days"] * 24.0 + _ROUNDING


@some
@given(document=scenarios_strategy(without=("restores",)))
def test_nothing_is_restored_before_somebody_came(document: Document) -> None:
    """Without temporary restoration nothing is restored before its first arrival, if anybody goes there."""
    table = tables_of(simulate(document), 0)["work_orders"]
    arrived, restored = numbers(table, "arrived_at"), numbers(table, "restored_at")
    assert not (restored < arrived - _ROUNDING).any()


@many
@scenarios
def test_the_states_of_an_order_cover_its_life_without_gap(document: Document) -> None:
    """From the report to the horizon an order is in exactly one state, and each follows its rules."""
    model = simulate(document)
    for order, states in lives(model):
        assert states[-1][2] == pytest.approx(model.world.horizon, abs=_ROUNDING)
        for (_, _, end), (_, begin, _) in pairwise(states):
            assert begin == pytest.approx(end, abs=_ROUNDING), (order, states)
        steps = [(a, b) for (a, _, _), (b, _, _) in pairwise(states) if a is not b]
        assert set(steps) <= set(TRANSITIONS), (order, states)
        assert order["status"] == states[-1][0], (order, states)


@some
@scenarios
def test_little_s_law_holds_for_the_backlog(document: Document) -> None:
    """The mean number of open failures is the sum of the hours that they were open, over the run's hours."""
    model = simulate(document)
    window = Window(0.0, model.world.horizon)
    figures = network_figures(kpi_values(tables_of(model, 0), window, facts_of(model.world, window, {})))
    open_hours = sum(
        max(b - max(a, order["down_from"]), 0.0)
        for order, states in lives(model)
        for s, a, b in states
        if s is not State.COMPLETED and not math.isnan(order["down_from"])
    )
    expected = open_hours / model.world.horizon
    assert figures["backlog_mean"] == pytest.approx(expected, abs=1e-6)


def delay(table: Table, until: Any, horizon: float) -> Any:
    """Return the hours from each report to an instant or the horizon, without the wait for the customer."""
    end = np.where(np.isnan(until), horizon, until)
    return end - numbers(table, "reported_at") - numbers(table, "paused_hours")


@many
@scenarios
def test_causes_add_up_to_the_delay(document: Document) -> None:
    """Causes are never negative and add up to the hours until somebody came, or until the horizon.

    Where nobody had to go, they add up to the hours until service was restored.
    """
    model = simulate(document)
    table = tables_of(model, 0)["work_orders"]
    arrived, restored = numbers(table, "arrived_at"), numbers(table, "restored_at")
    closed = np.array([s in (State.COMPLETED, State.VERIFYING) for s in table["status"].strings()], bool)
    attended = np.where(np.isnan(arrived) & closed, restored, arrived)
    causes = np.array([numbers(table, name) for name in table if name.startswith("wait_")])
    assert (causes >= -_ROUNDING).all()
    expected = delay(table, attended, model.world.horizon)
    np.testing.assert_allclose(causes.sum(axis=0), expected, atol=1e-6)


@many
@scenarios
def test_causes_and_work_add_up_to_the_hours_until_restored(document: Document) -> None:
    """With the hands-on hours, causes add up to the hours until restored, or until the horizon."""
    model = simulate(document)
    visits, pending = visits_of(model)
    to_restore = hours_to_restore(model, visits.leads(), pending)
    to_restore = {cause: to_restore[cause] for cause in RESTORE_CAUSES}
    table = tables_of(model, 0)["work_orders"]
    assert all((hours >= -_ROUNDING).all() for hours in to_restore.values())
    expected = delay(table, numbers(table, "restored_at"), model.world.horizon)
    found = np.sum(list(to_restore.values()), axis=0)[came_to_be(model)]
    np.testing.assert_allclose(found, expected, atol=1e-6)


def restaffed(document: Document) -> Document:
    """Return a scenario with other engineers and another way to dispatch them; the same failures."""
    centres = {
        key: {
            **centre,
            "engineers": {
                name: {**group, "count": (group["count"] + 2) % 4, "shift": "day"}
                for name, group in centre.get("engineers", {}).items()
            },
        }
        for key, centre in document["centres"].items()
    }
    more = {"count": 2, "level": "expert", "skills": ["field"], "shift": "always"}
    centres["hq"]["engineers"]["more"] = more
    staff = ("centres", "dispatch")
    changes = [
        {**change, "set": {key: v for key, v in change["set"].items() if key.split(".")[0] not in staff}}
        for change in document["changes"]
    ]
    policies = {"first_come": "sla_priority", "sla_priority": "nearest_qualified"}
    policy = policies.get(document["dispatch"]["policy"], "first_come")
    rules = {name: document["dispatch"][name] for name in ("crossing",) if name in document["dispatch"]}
    return {
        **document,
        "centres": centres,
        "absences": {k: v for k, v in document.get("absences", {}).items() if k != "key_person_loss"},
        "dispatch": {"policy": policy, "preempting": ["emergency", "major"], **rules},
        "changes": [
            change if change["set"] else {**change, "set": {"travel.speed_kmh": 9.0}} for change in changes
        ],
    }


@many
@given(document=scenarios_strategy(without=("finite", "inspections")))
def test_staffing_and_policy_never_change_which_failures_occur(document: Document) -> None:
    """With infinite bases and no inspections, failures and all drawn of them are those of any staffing."""
    one, other = simulate(document), simulate(restaffed(document))
    a, b = tables_of(one, 0)["work_orders"], tables_of(other, 0)["work_orders"]
    assert [r["id"] for r in rows(a)] == [r["id"] for r in rows(b)]
    for name in ("reported_at", "acknowledged_at", "released_at", "fault", "work", "part", "key", "due"):
        np.testing.assert_array_equal(getattr(one.births, name), getattr(other.births, name))


def test_the_restaffed_scenario_is_served_otherwise() -> None:
    """The comparison of staffings is not between equals: some order of some scenario is served otherwise."""
    documents = [simulate_pair(seed) for seed in range(5)]
    assert any(one != other for one, other in documents)


def simulate_pair(seed: int) -> tuple[list[float], list[float]]:
    """Return the bookings of a random scenario and of its restaffed twin."""
    document = random_document(seed, without=("finite",))
    return list(simulate(document).visits.booked), list(simulate(restaffed(document)).visits.booked)

"""Nothing is lost and nothing is invented: what every replication of every scenario must satisfy.

Random scenarios are run and their tables held against each other and against the document by brute force.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from by_hand import rows
from hypothesis import given, settings
from random_worlds import scenarios_strategy
from worlds import Document, simulate

from insight.columns import numbers
from insight.figures import Window, network_figures
from insight.kpis import kpi_values
from sim.model import Model
from sim.order_records import hours_by_cause
from sim.records import tables_of
from sim.replicate import facts_of
from sim.states import STATES, TRANSITIONS, State
from sim.visits import visits_of

scenarios = given(document=scenarios_strategy())
many = settings(max_examples=150, deadline=None)
some = settings(max_examples=75, deadline=None)

#: The instants of an order, each not before the one before it.
MILESTONES = (
    "reported_at",
    "acknowledged_at",
    "booked_at",
    "departed_at",
    "arrived_at",
    "restored_at",
    "completed_at",
)
_ROUNDING = 1e-9
Row = Mapping[str, Any]
Life = list[tuple[State, float, float]]


def came_to_be(model: Model) -> npt.NDArray[np.bool_]:
    """Return which rows are orders: all but those that an inspection prevented."""
    count = len(model.births)
    return np.ones(count, np.bool_) if model.prevention is None else model.prevention.happened(count)


@many
@scenarios
def test_every_reported_order_is_completed_or_open_at_the_end(document: Document) -> None:
    """Each failure that is not prevented has one order, completed exactly if it was restored."""
    model = simulate(document)
    tables = tables_of(model, 0)
    orders = rows(tables["work_orders"])
    mended = int(numbers(tables["inspections"], "defects_found").sum())
    assert len(orders) + mended == len(model.births)
    assert came_to_be(model).sum() == len(orders)
    assert len({order["id"] for order in orders}) == len(orders)
    for order in orders:
        assert order["status"] in set(STATES)
        assert (order["status"] == State.COMPLETED) is not math.isnan(order["restored_at"])
        assert (order["status"] == State.REPORTED) is math.isnan(order["acknowledged_at"])


@many
@scenarios
def test_instants_of_an_order_follow_each_other(document: Document) -> None:
    """Reported, acknowledged, booked, departed, arrived, restored and completed come in this order."""
    for order in rows(tables_of(simulate(document), 0)["work_orders"]):
        instants = [order[name] for name in MILESTONES if not math.isnan(order[name])]
        assert all(a <= b + _ROUNDING for a, b in pairwise(instants)), order
        assert instants[0] >= 0.0
        assert instants[-1] <= document["days"] * 24.0 + _ROUNDING


def life(order: Row, visits: list[Row], move: Row | None, model: Model) -> Life:
    """Return the states that an order went through with their beginnings and ends, from its rows."""
    horizon = model.world.horizon

    def known(instant: float) -> float:
        return horizon if math.isnan(instant) else instant

    acknowledged = known(order["acknowledged_at"])
    found: Life = [(State.REPORTED, order["reported_at"], acknowledged)]
    if math.isnan(order["acknowledged_at"]):
        return found
    released = acknowledged + order["paused_hours"]
    if order["paused_hours"] > 0.0:
        found.append((State.WAITING_CUSTOMER, acknowledged, released))
    if released >= horizon:
        return found
    if move is not None and not move["on_shelf"]:
        found.append((State.WAITING_PART, move["demanded_at"], known(move["available_at"])))
        if math.isnan(move["available_at"]):
            return found
    for visit in visits:
        found.append((State.WAITING_ENGINEER, visit["ready_at"], visit["booked_at"]))
        end = known(visit["ended_at"])
        begin = visit["booked_at"]
        if visit["on_site"]:
            begin = min(known(visit["arrived_at"]), end)
            found.append((State.TRAVELLING, visit["booked_at"], begin))
        if not (visit["on_site"] and math.isnan(visit["arrived_at"])):
            found.append((State.WORKING, begin, end))
    handed = {model_row.row: model_row for model_row in model.partner}.get(order["row"])
    if handed is not None:
        found.append((State.WAITING_ENGINEER, handed.ready, handed.handed_over))
        found.append((State.WITH_PARTNER, handed.handed_over, known(order["restored_at"])))
    elif not visits or visits[-1]["outcome"] in ("followed", "preempted"):
        found.append((State.WAITING_ENGINEER, found[-1][2], horizon))
    if order["status"] == State.COMPLETED:
        found.append((State.COMPLETED, order["restored_at"], horizon))
    return found


def lives(model: Model) -> list[tuple[Row, Life]]:
    """Return each order of a finished replication and its life."""
    tables = tables_of(model, 0)
    visits, moves = rows(tables["visits"]), rows(tables["stock_moves"])
    of_order: dict[str, list[Row]] = {}
    for visit in visits:
        of_order.setdefault(visit["work_order"], []).append(visit)
    demanded = {move["work_order"]: move for move in moves}
    order_rows = np.flatnonzero(came_to_be(model)).tolist()
    orders = [
        {**order, "row": row} for row, order in zip(order_rows, rows(tables["work_orders"]), strict=True)
    ]
    return [(o, life(o, of_order.get(o["id"], []), demanded.get(o["id"]), model)) for o in orders]


@many
@scenarios
def test_the_states_of_an_order_cover_its_life_without_gap(document: Document) -> None:
    """From the report to the horizon an order is in exactly one state, and each follows its rules."""
    model = simulate(document)
    for order, states in lives(model):
        assert states[-1][2] == pytest.approx(model.world.horizon, abs=_ROUNDING)
        for (_, _, end), (_, begin, _) in pairwise(states):
            assert begin == pytest.approx(end, abs=_ROUNDING), (order, states)
        lasting = [s for s, a, b in states[1:-1] if b - a > _ROUNDING or s is not State.WAITING_ENGINEER]
        steps = [(a, b) for a, b in pairwise([states[0][0], *lasting, states[-1][0]]) if a is not b]
        assert set(steps) <= set(TRANSITIONS), (order, states)
        assert order["status"] == states[-1][0]


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


@many
@scenarios
def test_causes_add_up_to_the_delay(document: Document) -> None:
    """Causes are never negative and add up to the hours until somebody came, or until the horizon."""
    model = simulate(document)
    table = tables_of(model, 0)["work_orders"]
    arrived, restored = numbers(table, "arrived_at"), numbers(table, "restored_at")
    attended = np.where(np.isnan(arrived), restored, arrived)
    until = np.where(np.isnan(attended), model.world.horizon, attended)
    delay = until - numbers(table, "reported_at") - numbers(table, "paused_hours")
    causes = np.array([numbers(table, name) for name in table if name.startswith("wait_")])
    assert (causes >= -_ROUNDING).all()
    np.testing.assert_allclose(causes.sum(axis=0), delay, atol=1e-6)


@some
@scenarios
def test_causes_and_work_add_up_to_the_hours_until_restored(document: Document) -> None:
    """With the hands-on hours, causes add up to the hours until restored, or until the horizon."""
    model = simulate(document)
    _, to_restore = hours_by_cause(model, *visits_of(model))
    table = tables_of(model, 0)["work_orders"]
    restored = numbers(table, "restored_at")
    until = np.where(np.isnan(restored), model.world.horizon, restored)
    delay = until - numbers(table, "reported_at") - numbers(table, "paused_hours")
    assert all((hours >= -_ROUNDING).all() for hours in to_restore.values())
    np.testing.assert_allclose(np.sum(list(to_restore.values()), axis=0)[came_to_be(model)], delay, atol=1e-6)


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
    centres["hq"]["engineers"]["more"] = {
        "count": 2,
        "level": "expert",
        "skills": ["field"],
        "shift": "always",
    }
    staff = ("centres", "dispatch")
    changes = [
        {**change, "set": {key: v for key, v in change["set"].items() if key.split(".")[0] not in staff}}
        for change in document["changes"]
    ]
    policies = {"first_come": "sla_priority", "sla_priority": "nearest_qualified"}
    policy = policies.get(document["dispatch"]["policy"], "first_come")
    return {
        **document,
        "centres": centres,
        "dispatch": {"policy": policy, "preempting": ["emergency", "major"]},
        "changes": [
            change if change["set"] else {**change, "set": {"travel.speed_kmh": 9.0}} for change in changes
        ],
    }


@some
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
    from random_worlds import random_document

    document = random_document(seed, without=("finite",))
    return list(simulate(document).visits.booked), list(simulate(restaffed(document)).visits.booked)

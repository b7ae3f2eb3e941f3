"""The life of a work order: its graph, and orders of simulated networks that live by it and nothing else."""

from collections import defaultdict
from itertools import pairwise
from typing import Any

import networkx as nx
import numpy as np
import pytest

from insight.columns import names
from scenarios import from_document
from scenarios.compiling import compile_world
from sim.aftercare import verified_at
from sim.model import Model
from sim.records import tables_of
from sim.states import STATES, TRANSITIONS, State, graph
from sim.visit_log import Outcome


def crowded(overflow_after: float) -> dict[str, Any]:
    """Return a network in which orders meet everything: triage, customers, parts, pre-emption, a partner."""
    every_hour = {"hours": "24x7"}
    day = {"hours": {d: ["08:00-20:00"] for d in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}}
    uncertain = {
        "triage_hours": {"distribution": "exponential", "mean": 0.2},
        "pause": {"probability": 0.3, "hours": {"distribution": "exponential", "mean": 2}},
        "part": {"part": "board", "probability": 0.3},
        "self_help": {"use": 0.2, "success": 0.4, "hours": {"distribution": "exponential", "mean": 0.5}},
        "remote": {"use": 0.2, "success": 0.4, "hours": {"distribution": "exponential", "mean": 1}},
    }
    verified = {"verification_hours": {"distribution": "exponential", "mean": 5}}
    hands_on = {"distribution": "exponential", "mean": 2}
    desk = {"skill": "desk", "work_hours": hands_on, "on_site": False}
    field = {"skill": "field", "work_hours": hands_on}
    return {
        "name": "crowded",
        "start": "2026-01-01",
        "days": 120,
        "skills": ["field", "desk"],
        "countries": {"here": {"name": "Here", "zone": "near"}},
        "cities": {"town": {"name": "Town", "country": "here", "lat": 0, "lon": 0, "time_zone": "UTC"}},
        "calendars": {"always": every_hour, "day": day},
        "customer_tiers": {"all": {}},
        "customers": {"owner": {"name": "Owner", "tier": "all"}},
        "parts": {"board": {}},
        "fault_types": {
            "minor": {"severity": "minor", **field, "first_time_fix": 0.6, **uncertain},
            "urgent": {"severity": "emergency", **field, **uncertain},
            "remote": {
                "severity": "normal",
                "stages": {
                    "call": {**desk, "next": {"call": 0.2, "visit": 0.4}},
                    "visit": {**field, "next": {"call": 0.5}},
                },
                **uncertain,
                **verified,
            },
        },
        "device_types": {
            "unit": {"failures_per_year": 4380, "faults": {"minor": 0.4, "urgent": 0.2, "remote": 0.4}}
        },
        "sites": {
            "north": {"city": "town", "customer": "owner", "lat": 0.1, "devices": {"unit": 1}},
            "south": {"city": "town", "customer": "owner", "lat": -0.1, "devices": {"unit": 1}},
        },
        "centres": {
            "depot": {
                "level": "local",
                "city": "town",
                "engineers": {
                    "crew": {"count": 3, "level": "junior", "skills": ["field"], "shift": "always"},
                    "desk": {"count": 1, "level": "junior", "skills": ["desk"], "shift": "always"},
                    "extra": {"count": 1, "level": "junior", "skills": ["desk", "field"], "shift": "day"},
                },
                "depot": {"board": {"base_stock": 1, "lead_hours": 10}},
            },
            "outlet": {"level": "partner", "city": "town", "partner": {"attend_hours": 3}},
        },
        "dispatch": {
            "preempting": ["emergency"],
            "overflow": {
                "partner": "outlet",
                "after_hours": overflow_after,
                "severities": ["minor", "normal"],
            },
        },
    }


def lives(model: Model) -> dict[int, list[State]]:
    """Return the states that each order of a finished replication went through, from the model's logs."""
    births, log, horizon = model.births, model.visits, model.world.horizon
    visits: dict[int, list[int]] = defaultdict(list)
    for position, row in enumerate(log.row):
        visits[row].append(position)
    late = {row for row, asked, there in zip(*_demands(model), strict=True) if there > asked}
    handed = {p.row: p for p in model.partner}
    waiting = {order.row for order in model.waiting.orders()}
    world = model.world
    found: dict[int, list[State]] = {}
    for row in range(len(births)):
        life = found[row] = [State.REPORTED]
        if births.acknowledged_at[row] > horizon:
            continue
        if births.escalated_at[row] > births.acknowledged_at[row]:
            life.append(State.REMOTE_HELP)
        if births.escalated_at[row] > horizon:
            continue
        if births.served_by[row]:
            life += _ended(model, row)
            continue
        if births.released_at[row] > births.escalated_at[row]:
            life.append(State.WAITING_CUSTOMER)
        if births.released_at[row] > horizon:
            continue
        if row in late:
            life.append(State.WAITING_PART)
        fault = world.periods[births.period[row]].faults[births.fault[row]]
        for v in visits[row]:
            if log.booked[v] > log.ready[v]:
                life.append(State.WAITING_ENGINEER)
            until = horizon if np.isnan(log.ended[v]) else log.ended[v]
            if fault.stages[log.stage[v]].on_site:
                life.append(State.TRAVELLING)
            if log.arrived[v] <= until:
                life.append(State.WORKING)
            if log.outcome[v] == Outcome.COMPLETED:
                life += _ended(model, row)
        if row in waiting:
            life.append(State.WAITING_ENGINEER)
        if row in handed:
            if handed[row].handed_over > handed[row].ready:
                life.append(State.WAITING_ENGINEER)
            life.append(State.WITH_PARTNER)
            if handed[row].restored <= horizon:
                life += _ended(model, row)
    return found


def _ended(model: Model, row: int) -> list[State]:
    """Return the states of an order after it has been restored for good."""
    births, ended = model.births, np.array(model.completed)
    completed = verified_at(model.world, births, ended)[row]
    verifying = [State.VERIFYING] if completed > ended[row] else []
    return verifying + ([State.COMPLETED] if completed <= model.world.horizon else [])


def _demands(model: Model) -> tuple[list[int], list[float], list[float]]:
    depots = model.depots
    return list(depots.rows), list(depots.demanded), list(depots.available)


@pytest.fixture(scope="module", params=[0.0, 4.0], ids=["overflow at once", "overflow after 4 h"])
def model(request: pytest.FixtureRequest) -> Model:
    """Return a finished replication of a crowded network."""
    made = Model(compile_world(from_document(crowded(request.param))), 1, 0)
    made.run()
    return made


def test_every_state_can_be_reached_from_the_report() -> None:
    """Whatever state an order may be in, there is a way to it from its report."""
    assert {State.REPORTED} | nx.descendants(graph(), State.REPORTED) == set(STATES)


def test_every_state_leads_to_completion() -> None:
    """From whatever state, an order can be completed."""
    assert {State.COMPLETED} | nx.ancestors(graph(), State.COMPLETED) == set(STATES)


def test_a_completed_order_stays_completed() -> None:
    """There is no way out of completion, and no way back to the report."""
    assert graph().out_degree(State.COMPLETED) == 0
    assert graph().in_degree(State.REPORTED) == 0


def test_every_way_says_what_makes_an_order_take_it() -> None:
    """The graph has the ways of the table, each labelled, and none from a state to itself."""
    life = graph()
    assert {(a, b): label for a, b, label in life.edges(data="label")} == TRANSITIONS
    assert all(TRANSITIONS.values())
    assert nx.number_of_selfloops(life) == 0


def test_orders_take_only_the_ways_of_the_graph(model: Model) -> None:
    """No order of a simulated network changes its state in a way that the graph does not have."""
    taken = {way for life in lives(model).values() for way in pairwise(life) if way[0] is not way[1]}
    assert taken <= set(TRANSITIONS)


def test_the_status_of_an_order_is_the_state_it_came_to(model: Model) -> None:
    """The status in the table of work orders is the last state of the order's life."""
    status = names(tables_of(model, 0)["work_orders"], "status").strings()
    assert [life[-1] for _, life in sorted(lives(model).items())] == status.tolist()


def test_every_way_of_the_graph_is_taken() -> None:
    """Each way of the graph is taken by some order of a crowded network: none is there for show."""
    taken = set()
    for overflow_after in (0.0, 4.0):
        made = Model(compile_world(from_document(crowded(overflow_after))), 1, 0)
        made.run()
        taken |= {way for life in lives(made).values() for way in pairwise(life)}
    assert set(TRANSITIONS) <= taken

"""The life of a work order: its graph, and orders of simulated networks that live by it and nothing else."""

from itertools import pairwise
from typing import Any

import networkx as nx
import pytest
from order_lives import lives

from insight.columns import names
from scenarios import from_document
from scenarios.compiling import compile_world
from sim.model import Model
from sim.records import tables_of
from sim.states import STATES, TRANSITIONS, State, graph


def crowded(overflow_after: float, before_visit: str) -> dict[str, Any]:
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
        "parts_policy": {"before_visit": before_visit},
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


def states(model: Model) -> dict[int, list[State]]:
    """Return the states that each order of a finished replication went through, by its row."""
    return {order["row"]: [state for state, _, _ in life] for order, life in lives(model)}


#: Hours until the partner takes over, and when parts are asked for.
RULES = {
    "overflow at once": (0.0, "wait"),
    "overflow after 4 h": (4.0, "wait"),
    "parts after a diagnosis": (4.0, "diagnose"),
}


@pytest.fixture(scope="module", params=RULES)
def model(request: pytest.FixtureRequest) -> Model:
    """Return a finished replication of a crowded network."""
    made = Model(compile_world(from_document(crowded(*RULES[request.param]))), 1, 0)
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
    taken = {way for life in states(model).values() for way in pairwise(life) if way[0] is not way[1]}
    assert taken <= set(TRANSITIONS)


def test_the_status_of_an_order_is_the_state_it_came_to(model: Model) -> None:
    """The status in the table of work orders is the last state of the order's life."""
    status = names(tables_of(model, 0)["work_orders"], "status").strings()
    assert [life[-1] for _, life in sorted(states(model).items())] == status.tolist()


def test_every_way_of_the_graph_is_taken() -> None:
    """Each way of the graph is taken by some order of a crowded network: none is there for show."""
    taken = set()
    for rules in RULES.values():
        made = Model(compile_world(from_document(crowded(*rules))), 1, 0)
        made.run()
        taken |= {way for life in states(made).values() for way in pairwise(life)}
    assert set(TRANSITIONS) <= taken

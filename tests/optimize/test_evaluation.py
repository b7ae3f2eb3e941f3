"""The one evaluation against the independent checker: costs, their parts, and the reasons of refusals."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plan_checker import _way, activity, objective_of, violations
from random_problems import problem_of_any_kind, random_problem

from optimize import (
    DispatchProblem,
    Due,
    Engineer,
    InfeasibleRoute,
    Link,
    Order,
    Pin,
    Plan,
    ProblemError,
    Route,
    SchedulingPolicy,
    Shift,
    Travel,
    evaluate,
    plan_dispatch,
)
from optimize.engines.starting import as_it_stands, holding
from optimize.evaluation import scored
from optimize.rules import RULES, admitted

seeds = st.integers(0, 10**9)


def sequences(plan: Plan) -> dict[str, tuple[str, ...]]:
    """Return the orders of each engineer of a plan."""
    return {route.engineer: route.orders for route in plan.routes}


def depots(plan: Plan) -> dict[str, int]:
    """Return where the engineers of a plan go to the depot."""
    return {r.engineer: r.depot_before for r in plan.routes if r.depot_before is not None}


def linked_starts(plan: Plan, problem: DispatchProblem) -> dict[str, float]:
    """Return the starts of the linked orders of a plan."""
    linked = {name for order in problem.orders for link in order.links for name in (order.id, link.order)}
    return {order: start for order, start in plan.start_of.items() if order in linked}


def by_hand(problem: DispatchProblem, given_to: dict[str, list[str]], depots: dict[str, int]) -> Plan:
    """Return routes as early as the checker's own walk makes them."""
    orders, routes = {order.id: order for order in problem.orders}, []
    for engineer in problem.engineers:
        here, at, starts = engineer.place, engineer.free_at, []
        for position, order in enumerate(orders[name] for name in given_to[engineer.id]):
            if position == depots.get(engineer.id):
                assert engineer.depot is not None
                hours = _way(problem, here, engineer.depot, at)[0] + engineer.depot_hours
                here, at = engineer.depot, activity(engineer, at, hours, pausing=True)[1]
            _, at, _ = activity(engineer, at, _way(problem, here, order.place, at)[0], pausing=True)
            opens = max(order.earliest, (order.pin and order.pin.start_from) or 0.0)
            begun, at, _ = activity(engineer, max(at, opens), order.duration, pausing=order.may_pause)
            here = order.place
            starts.append(begun)
        mine = tuple(given_to[engineer.id])
        routes.append(Route(engineer.id, mine, tuple(starts), depots.get(engineer.id)))
    out = {order for route in routes for order in route.orders}
    return Plan(tuple(routes), tuple(name for name in orders if name not in out), 0.0)


def any_sequences(problem: DispatchProblem, random: Random, may: bool) -> dict[str, list[str]]:
    """Return some orders of each engineer, on request only such as he may have by himself."""
    names = [order.id for order in problem.orders]
    random.shuffle(names)
    given_to = {e.id: names[i :: 2 * len(problem.engineers)] for i, e in enumerate(problem.engineers)}
    if may:
        table = admitted(problem)
        for row, mine in enumerate(given_to.values()):
            mine[:] = [name for name in mine if table[problem.position[name], row]]
    return given_to


def line(*orders: Order, **engineer: object) -> DispatchProblem:
    """Return orders an hour apart on a line from the home of one engineer, who works from 8 to 17."""
    places = np.arange(len(orders) + 1.0)
    person = Engineer("Ann", 0, 0, 0.0, (Shift(8.0, 17.0),), skills={"field": 1})
    return DispatchProblem(
        tuple(replace(order, place=i + 1) for i, order in enumerate(orders)),
        (replace(person, **engineer), replace(person, id="Bob")),  # type: ignore[arg-type]
        Travel.constant(np.abs(places[:, None] - places[None])),
    )


@pytest.mark.parametrize(
    "asked",
    [
        {"allowed": frozenset({"b"})},
        {"skills": {"hvac": 1}},
        {"skills": {"cctv": 3}},
        {"languages": frozenset({"th"})},
        {"security_pass": "port"},
        {"tools": frozenset({"ladder"})},
        {"parts": {"fan": 1}},
        {"load": 2.0},
        {"pin": Pin(engineer="b")},
    ],
    ids=[rule.name for rule in RULES],
)
def test_orders_that_differ_in_one_rule_are_told_apart(asked: dict[str, Any]) -> None:
    """Orders that ask the same are judged once; one that asks for what he lacks is not one of them."""
    plain = Order("plain", 0, 1.0, skills={"cctv": 2})
    more = replace(plain, id="more", **asked)
    person = Engineer("a", 0, 0, 0.0, (Shift(0.0, 9.0),), skills={"cctv": 2}, capacity=1.0)
    for orders in ((plain, more), (more, plain)):
        problem = DispatchProblem(orders, (person,), Travel.constant(np.zeros((1, 1))), SchedulingPolicy())
        assert admitted(problem)[:, 0].tolist() == [order is plain for order in orders]


@settings(max_examples=450)
@given(seed=seeds, plain=st.booleans())
def test_objective_and_parts_are_those_of_the_checker(seed: int, plain: bool) -> None:
    """A plan evaluated from its sequences costs what the checker says, and its parts add up to that."""
    problem = random_problem(seed, plain=True) if plain else problem_of_any_kind(seed)
    found = plan_dispatch(problem, engine="regret", iterations=1)
    plan = evaluate(problem, sequences(found), depots(found), linked_starts(found, problem))
    assert violations(problem, plan) == []
    assert plan.cost == pytest.approx(objective_of(problem, plan), rel=1e-9, abs=1e-6)
    assert plan.parts is not None
    assert plan.parts.total == plan.cost


@settings(max_examples=150)
@given(seed=seeds)
def test_each_part_is_what_its_price_is_asked_for(seed: int) -> None:
    """With one price of the policy set to nothing, the same plan costs less by just that part."""
    problem = random_problem(seed)
    found = plan_dispatch(problem, engine="regret", iterations=1)
    appointments = linked_starts(found, problem)
    parts = evaluate(problem, sequences(found), depots(found), appointments).parts
    assert parts is not None
    free = {
        "skill_waste": "skill_waste",
        "unfairness": "unfairness",
        "churn": "churn",
        "overtime": "overtime",
    }
    for price, part in free.items():
        cheaper = replace(problem, policy=replace(problem.policy, **{price: 0.0}))
        less = evaluate(cheaper, sequences(found), depots(found), appointments).parts
        assert less is not None
        assert less == replace(parts, **{part: 0.0})


@settings(max_examples=900)
@given(seed=seeds, random=st.randoms(use_true_random=False), may=st.booleans())
def test_any_sequence_is_allowed_by_both_or_by_neither(seed: int, random: Random, may: bool) -> None:
    """A random sequence is refused if the checker finds a broken rule in it, and only then."""
    problem = problem_of_any_kind(seed)
    problem = replace(problem, orders=tuple(replace(order, links=()) for order in problem.orders))
    given_to = any_sequences(problem, random, may)
    depots = {
        e.id: random.randrange(len(given_to[e.id]))
        for e in problem.engineers
        if e.depot is not None and given_to[e.id] and random.random() < 0.3
    }
    expected = by_hand(problem, given_to, depots)
    try:
        plan = evaluate(problem, given_to, depots)
    except InfeasibleRoute as refused:
        assert refused.order in given_to[refused.engineer]
        assert violations(problem, expected) != []
    else:
        assert violations(problem, plan) == []
        assert plan.start_of == pytest.approx(expected.start_of)
        assert plan.cost == pytest.approx(objective_of(problem, plan), rel=1e-9, abs=1e-6)


def test_costs_by_hand() -> None:
    """Two orders on a line: ways, an hour late, an hour of overtime, a level too much, one left out."""
    problem = line(
        Order("a", 0, 4.0, skills={"field": 0}, dues=(Due("restore", 12.0, 5.0),)),
        Order("b", 0, 3.0),
        Order("c", 0, 1.0, drop_cost=7.0),
        shifts=(Shift(8.0, 18.0, overtime=2.0),),
        cost_per_hour=2.0,
        cost_of_use=0.5,
    )
    problem = replace(
        problem,
        policy=SchedulingPolicy(skill_waste=0.25, duration_hour=1.0, unfairness=0.1, churn=9.0),
        previous={"a": "Bob", "b": "Ann"},
    )
    plan = evaluate(problem, {"Ann": ["a", "b"]})
    parts = plan.parts
    assert parts is not None
    assert (parts.travel, parts.tardiness, parts.overtime, parts.skill_waste) == (4.0, 5.0, 3.0, 0.25)
    assert (parts.churn, parts.duration, parts.use, parts.left_out) == (9.0, 11.0, 0.5, 7.0)
    assert parts.unfairness == pytest.approx(0.1 * 7.0**2)
    assert plan.unassigned == ("c",)


REFUSED = {
    "skill": line(Order("a", 0, 1.0, skills={"network": 0})),
    "level": line(Order("a", 0, 1.0, skills={"field": 2})),
    "language": line(Order("a", 0, 1.0, languages=frozenset(["th"]))),
    "security_pass": line(Order("a", 0, 1.0, security_pass="port")),
    "pin": line(Order("a", 0, 1.0, pin=Pin("Bob"))),
    "allowed": line(Order("a", 0, 1.0, allowed=frozenset(["Bob"]))),
    "tools": line(Order("a", 0, 1.0, tools=frozenset(["ladder"]))),
    "load": line(Order("b", 0, 1.0, load=1.0), Order("a", 0, 1.0, load=1.0), capacity=1.5),
    "parts": line(
        Order("b", 0, 1.0, parts={"lamp": 1}), Order("a", 0, 1.0, parts={"lamp": 1}), parts={"lamp": 1}
    ),
    "window": line(Order("b", 0, 1.0), Order("a", 0, 1.0, latest=10.0)),
    "shift": line(Order("b", 0, 5.0), Order("a", 0, 3.0)),
    "link": line(Order("a", 0, 1.0, links=(Link("b"),)), Order("b", 0, 1.0)),
}


@pytest.mark.parametrize("rule", REFUSED)
def test_what_breaks_is_named(rule: str) -> None:
    """A refusal names the engineer, the order at which the route breaks, and the rule."""
    problem = REFUSED[rule]
    mine = [order.id for order in problem.orders] if rule != "link" else ["a"]
    with pytest.raises(InfeasibleRoute) as refused:
        evaluate(problem, {"Ann": mine})
    assert (refused.value.engineer, refused.value.order, refused.value.rule) == ("Ann", "a", rule)
    assert "a" in str(refused.value)


def test_unknown_names_and_repeated_orders_are_refused() -> None:
    """A plan with an engineer or an order that is unknown, or an order twice, is none of the problem."""
    problem = line(Order("a", 0, 1.0))
    for plan in ({"Cid": ["a"]}, {"Ann": ["x"]}):
        with pytest.raises(ProblemError, match="those of the problem"):
            evaluate(problem, plan)
    with pytest.raises(InfeasibleRoute, match="twice"):
        evaluate(problem, {"Ann": ["a"], "Bob": ["a"]})


def test_linked_orders_start_as_early_as_both_can() -> None:
    """Whoever is there first waits, and what he does afterwards moves with it."""
    problem = line(
        Order("a", 0, 1.0, links=(Link("b", 1.0, 2.0),)),
        Order("b", 0, 1.0, earliest=12.0),
        Order("c", 0, 1.0),
    )
    starts = evaluate(problem, {"Ann": ["a", "c"], "Bob": ["b"]}).start_of
    assert starts == {"a": 10.0, "b": 12.0, "c": 13.0}


def test_appointments_in_whole_seconds_still_hold() -> None:
    """A plan that was written, its starts rounded up, holds although one visit runs into the next."""
    problem = line(
        Order("a", 0, 1.0, links=(Link("b"),)),
        Order("b", 0, 1.0),
        Order("c", 0, 1.0, links=(Link("d"),)),
        Order("d", 0, 1.0),
    )
    problem = replace(problem, travel=Travel.constant(np.zeros((5, 5))))
    plan = evaluate(problem, {"Ann": ["a", "c"], "Bob": ["b", "d"]})
    assert plan.start_of == {"a": 8.0, "b": 8.0, "c": 9.0, "d": 9.0}
    rounded = {"a": 8.0002, "b": 8.0002, "c": 9.0001, "d": 9.0001}
    written = replace(
        plan, routes=tuple(replace(r, starts=tuple(rounded[o] for o in r.orders)) for r in plan.routes)
    )
    assert as_it_stands(problem, written) == plan
    assert scored(problem, holding(problem, written)) == plan

"""Plans against an independent checker: no hard rule broken, no order lost, and the cost is what it is."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plan_checker import objective_of, violations
from random_problems import problem_of_any_kind, random_problem

from optimize import (
    DispatchProblem,
    Due,
    Engineer,
    Link,
    Order,
    Plan,
    ProblemError,
    SchedulingPolicy,
    Shift,
    Travel,
    plan_dispatch,
)


def planned(problem: DispatchProblem, iterations: int = 60, seed: int = 1) -> Plan:
    """Return a plan of a short search."""
    return plan_dispatch(problem, seed=seed, iterations=iterations)


@settings(max_examples=450)
@given(seed=st.integers(0, 10**9), plain=st.booleans())
def test_a_longer_search_keeps_rules_orders_and_costs(seed: int, plain: bool) -> None:
    """After hundreds of iterations no order is lost, no rule broken, and the cost is the checker's."""
    problem = random_problem(seed, plain=True) if plain else problem_of_any_kind(seed)
    plan = planned(problem, iterations=400)
    assert violations(problem, plan) == []
    assert plan.cost == pytest.approx(objective_of(problem, plan), rel=1e-9, abs=1e-6)


@settings(max_examples=75)
@given(seed=st.integers(0, 10**9))
def test_same_seed_and_iterations_same_plan(seed: int) -> None:
    """A search with a number of iterations depends on nothing but its seed."""
    problem = problem_of_any_kind(seed)
    assert planned(problem, seed=7) == planned(problem, seed=7)


@settings(max_examples=150)
@given(seed=st.integers(0, 10**9))
def test_more_iterations_never_cost_more_than_the_first_plan(seed: int) -> None:
    """What a search returns is never worse than what it began with."""
    problem = problem_of_any_kind(seed)
    first = planned(problem, 1)
    assert planned(problem, 200).rank <= tuple(value + 1e-9 * max(1.0, value) for value in first.rank)


def test_a_limit_is_asked_for() -> None:
    """Neither a time nor iterations, or both, is refused."""
    problem = random_problem(1)
    for limits in ({}, {"seconds": 1.0, "iterations": 5}):
        with pytest.raises(ProblemError, match="one of the two"):
            plan_dispatch(problem, **limits)  # type: ignore[arg-type]


def crew(*links: tuple[str, Link]) -> DispatchProblem:
    """Return four visits of an hour by four engineers, an hour from anywhere, the last alone from 12 on."""
    people = tuple(Engineer(f"e{i}", 0, 0, 8.0 + i, (Shift(8.0, 18.0),)) for i in range(4))
    orders = tuple(
        Order(name, 1, 1.0, drop_cost=100.0, links=tuple(link for who, link in links if who == name))
        for name in "abcd"
    )
    return DispatchProblem(orders, people, Travel.constant(np.array([[0.0, 1.0], [1.0, 0.0]])))


def test_a_crew_of_four_starts_when_the_last_is_there() -> None:
    """Visits linked for one time begin together at four engineers', no sooner than all can be there."""
    plan = planned(crew(("a", Link("b")), ("a", Link("c")), ("c", Link("d"))))
    assert {route.starts for route in plan.routes} == {(12.0,)}


def test_visits_after_one_keep_their_gaps() -> None:
    """Two visits linked to a first begin within their gaps from it, at engineers of their own."""
    problem = crew(("a", Link("b", 2.0, 3.0)), ("a", Link("c", -4.0, -3.0)))
    plan = planned(problem)
    assert violations(problem, plan) == [] and not plan.unassigned


def test_two_visits_that_say_two_gaps_of_each_other_are_refused() -> None:
    """Of two ranges between the same two starts none is silently the one that holds."""
    with pytest.raises(ProblemError, match="chain"):
        planned(crew(("a", Link("b")), ("b", Link("a", -1.0, 1.0))))


def test_a_chain_of_gaps_is_refused() -> None:
    """Gaps that do not all begin at one visit are said to be too much, and not planned wrongly."""
    with pytest.raises(ProblemError, match="chain"):
        planned(crew(("a", Link("b", 1.0, 2.0)), ("b", Link("c", 1.0, 2.0))))


def test_the_largest_lateness_is_shared_out() -> None:
    """With a price on the largest lateness, two are late by little rather than one by much."""
    due = {"a": 9.0, "b": 9.5}
    orders = tuple(Order(n, 0, 2.0, dues=(Due("attend", at, 1.0),), drop_cost=1e3) for n, at in due.items())
    person = (Engineer("e", 0, 0, 9.5, (Shift(8.0, 18.0),)),)
    travel = Travel.constant(np.zeros((1, 1)))
    plan = planned(DispatchProblem(orders, person, travel, SchedulingPolicy(largest_tardiness=10.0)))
    assert plan.routes[0].orders == ("a", "b") and plan.cost == pytest.approx(0.5 + 2.0 + 20.0)

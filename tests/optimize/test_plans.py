"""Plans against an independent checker: no hard rule broken, no order lost, and the cost is what it is."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plan_checker import cost_of, violations
from random_problems import random_problem

from optimize import DispatchProblem, Plan, ProblemError, plan_dispatch

some = settings(max_examples=150, deadline=None)


def planned(problem: DispatchProblem, iterations: int = 60, seed: int = 1) -> Plan:
    """Return a plan of a short search."""
    return plan_dispatch(problem, seed=seed, iterations=iterations)


@some
@given(seed=st.integers(0, 10**9), plain=st.booleans())
def test_no_plan_breaks_a_rule_or_loses_an_order(seed: int, plain: bool) -> None:
    """Every order is served once or left out, and every hard rule is kept."""
    problem = random_problem(seed, plain=plain)
    assert violations(problem, planned(problem)) == []


@some
@given(seed=st.integers(0, 10**9), plain=st.booleans())
def test_the_cost_is_that_of_the_plan(seed: int, plain: bool) -> None:
    """The objective that the search states is that of an evaluation which shares no code with it."""
    problem = random_problem(seed, plain=plain)
    plan = planned(problem)
    assert plan.cost == pytest.approx(cost_of(problem, plan), rel=1e-9, abs=1e-6)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10**9))
def test_same_seed_and_iterations_same_plan(seed: int) -> None:
    """A search with a number of iterations depends on nothing but its seed."""
    problem = random_problem(seed)
    assert planned(problem, seed=7) == planned(problem, seed=7)


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10**9))
def test_more_iterations_never_cost_more_than_the_first_plan(seed: int) -> None:
    """What a search returns is never worse than what it began with."""
    problem = random_problem(seed)
    assert planned(problem, 200).cost <= planned(problem, 1).cost + 1e-9


def test_a_limit_is_asked_for() -> None:
    """Neither a time nor iterations, or both, is refused."""
    problem = random_problem(1)
    for limits in ({}, {"seconds": 1.0, "iterations": 5}):
        with pytest.raises(ProblemError, match="one of the two"):
            plan_dispatch(problem, **limits)  # type: ignore[arg-type]

"""Lexicographic policies: the order of importance holds exactly, in the search and against brute force."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import permutations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plan_checker import cost_of, levels_of, violations
from random_problems import random_problem

from optimize import (
    DispatchProblem,
    Due,
    Engineer,
    Order,
    Plan,
    ProblemError,
    SchedulingPolicy,
    Shift,
    Travel,
)
from optimize import plan_dispatch as planned
from optimize.evaluation import InfeasibleRoute, evaluate
from optimize.priorities import LARGEST, OBJECTIVES, factors_of, ranges_of

_NAMED = ("left_out", "tardiness", "travel", "overtime", "skill_waste", "churn")
LEVELS = st.permutations(_NAMED).flatmap(
    lambda names: st.sampled_from(
        [((names[0],), (names[1],)), ((names[0], names[1]), (names[2],)), ((names[0],), tuple(names[1:3]))]
    )
)


def with_levels(problem: DispatchProblem, levels: tuple[tuple[str, ...], ...]) -> DispatchProblem:
    """Return a problem under a lexicographic policy."""
    return replace(problem, policy=replace(problem.policy, levels=levels))


def small(seed: int) -> DispatchProblem:
    """Return a problem of four orders and two engineers, of which one is near but dear."""
    random = np.random.default_rng(seed)
    places = random.uniform(0.0, 3.0, (6, 2))
    hours = np.hypot(*(places[:, None] - places[None]).transpose(2, 0, 1))
    orders = tuple(
        Order(
            f"o{i}",
            i,
            float(random.choice([1.0, 2.0, 3.0])),
            skills={"field": int(random.integers(0, 2))},
            dues=(Due("attend", float(random.uniform(8.0, 14.0)), float(random.choice([1.0, 4.0]))),),
            drop_cost=float(random.choice([5.0, 30.0])),
        )
        for i in range(4)
    )
    people = tuple(
        Engineer(
            f"e{i}", 4 + i, 4 + i, 8.0, (Shift(8.0, 14.0, 4.0),), {"field": i + 1}, cost_per_hour=1.0 + i
        )
        for i in range(2)
    )
    policy = SchedulingPolicy(skill_waste=0.5, churn=1.0)
    return DispatchProblem(orders, people, Travel.constant(hours), policy, {o.id: "e0" for o in orders})


def every_plan(problem: DispatchProblem) -> Iterator[Plan]:
    """Yield every plan of a small problem that breaks no rule."""
    names = [order.id for order in problem.orders]
    for hands in product(range(len(problem.engineers) + 1), repeat=len(names)):
        groups = [[n for n, h in zip(names, hands, strict=True) if h == e] for e in (0, 1)]
        for routes in product(*(permutations(group) for group in groups)):
            try:
                yield evaluate(problem, {f"e{e}": route for e, route in enumerate(routes)})
            except InfeasibleRoute:
                continue


@pytest.mark.parametrize("seed", range(4))
def test_the_search_finds_the_lexicographic_optimum(seed: int) -> None:
    """Of all plans there are, portfolio and lns find one that is best level by level."""
    levels = [
        (("left_out",), ("tardiness",), ("travel",)),
        (("left_out", "tardiness"), ("overtime",)),
        (("left_out",), ("churn", "skill_waste"), ("tardiness",)),
        (("travel",),),
    ][seed]
    problem = with_levels(small(seed), levels)
    best = min(levels_of(problem, plan) for plan in every_plan(problem))
    for engine in ("portfolio", "lns"):
        plan = planned(problem, engine=engine, iterations=2000)
        assert levels_of(problem, plan) == pytest.approx(best, abs=1e-5)
        assert plan.levels == pytest.approx(best, abs=1e-5)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), LEVELS, st.sampled_from(["regret", "lns", "ortools", "portfolio"]))
def test_a_plan_is_not_worse_level_by_level_than_the_weighted_one(
    seed: int, levels: tuple[tuple[str, ...], ...], engine: str
) -> None:
    """From the weighted plan no engine goes to one that is worse by levels; figures are in plain money."""
    problem = random_problem(seed)
    ordered = with_levels(problem, levels)
    start = planned(problem, engine=engine, iterations=30)
    plan = planned(ordered, engine=engine, iterations=90, start=start)
    assert violations(ordered, plan) == []
    assert levels_of(ordered, plan) <= tuple(value + 1e-5 for value in levels_of(ordered, start))
    assert plan.levels == pytest.approx(levels_of(ordered, plan), abs=1e-5)
    assert plan.cost == pytest.approx(cost_of(problem, plan), abs=1e-6)
    assert plan.parts is not None and plan.parts.total == pytest.approx(plan.cost, abs=1e-9)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), LEVELS)
def test_no_part_passes_its_range(seed: int, levels: tuple[tuple[str, ...], ...]) -> None:
    """The bound on which the factors rest holds for plans of the search, and for one that defers all."""
    problem = random_problem(seed)
    ranges = ranges_of(problem)
    for plan in (evaluate(problem, {}), planned(with_levels(problem, levels), engine="regret", iterations=1)):
        for name in OBJECTIVES:
            assert getattr(plan.parts, name) <= ranges[name] + 1e-9


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), LEVELS)
def test_a_step_of_a_level_outweighs_all_after_it(seed: int, levels: tuple[tuple[str, ...], ...]) -> None:
    """Each factor times a step is more than all that follows comes to; the sum stays below the limit."""
    problem = with_levels(random_problem(seed), levels)
    factors, ranges = factors_of(problem), ranges_of(problem)
    weights = {name: factors[name] * ranges[name] for name in OBJECTIVES}
    assert sum(weights.values()) <= LARGEST * (1.0 + 1e-9)
    named: set[str] = set()
    for level in levels:
        named |= set(level)
        after = sum(weights[name] for name in OBJECTIVES if name not in named)
        assert factors[level[0]] * problem.policy.step * 1024 > after
        assert len({factors[name] for name in level}) == 1


def test_too_many_levels_are_refused() -> None:
    """Where one sum cannot hold the levels, that is said; the same costs by weight are planned."""
    orders = tuple(Order(f"o{i}", i, 1.0, dues=(Due("attend", 0.0, 1e7),), drop_cost=1e10) for i in range(30))
    hours = np.full((31, 31), 0.5)
    people = (Engineer("e", 30, 30, 0.0, (Shift(0.0, 500.0, 100.0),)),)
    problem = DispatchProblem(orders, people, Travel.constant(hours))
    levels = (("left_out",), ("tardiness",), ("travel",), ("overtime",))
    with pytest.raises(ProblemError, match="levels over 30 orders"):
        planned(with_levels(problem, levels), engine="regret", iterations=1)
    assert not planned(problem, engine="regret", iterations=1).unassigned

"""Work from afar: nobody goes there, whoever does it stays where he is, alone or with people on site."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from plan_checker import cost_of, violations
from random_problems import random_problem

from optimize import (
    DispatchProblem,
    Due,
    Engineer,
    Link,
    Order,
    ProblemError,
    Shift,
    Travel,
    evaluate,
    plan_dispatch,
)
from optimize.bound import lower_bound

FAR = Travel.constant(np.array([[0.0, 5.0, 0.5], [5.0, 0.0, 5.0], [0.5, 5.0, 0.0]]))


def supported(*, on_site: bool) -> DispatchProblem:
    """Return work of two hours near a technician, with an expert five hours away who works beside him."""
    site = Order("site", 2, 2.0, skills={"field": 0}, dues=(Due("attend", 9.0, 1.0),), drop_cost=1e3)
    support = Order("support", 2, 2.0, skills={"expert": 3}, drop_cost=1e3, on_site=on_site)
    people = (
        Engineer("technician", 0, 0, 8.0, (Shift(8.0, 17.0),), skills={"field": 0}),
        Engineer("expert", 1, 1, 8.0, (Shift(8.0, 17.0),), skills={"expert": 3}),
    )
    return DispatchProblem((replace(site, links=(Link("support"),)), support), people, FAR)


@pytest.mark.parametrize("engine", ["greedy", "regret", "lns", "ortools", "portfolio"])
def test_an_expert_at_home_works_beside_who_is_on_site(engine: str) -> None:
    """An expert too far away to come supports from home at the same time; only the technician travels."""
    plan = plan_dispatch(supported(on_site=False), engine=engine, iterations=50)
    assert not plan.unassigned and plan.start_of["site"] == plan.start_of["support"] == pytest.approx(8.5)
    assert plan.parts is not None and plan.parts.travel == pytest.approx(1.0)
    assert set(plan_dispatch(supported(on_site=True), engine=engine, iterations=50).unassigned) == {
        "site",
        "support",
    }


def test_he_goes_on_from_where_he_was() -> None:
    """After work from afar the way begins where the visit before it was, and home is as far as from there."""
    orders = (Order("near", 2, 1.0), Order("afar", 1, 1.0, on_site=False), Order("back", 0, 1.0))
    people = (Engineer("e", 0, 0, 8.0, (Shift(8.0, 17.0),)),)
    problem = DispatchProblem(orders, people, FAR)
    plan = evaluate(problem, {"e": ["near", "afar", "back"]})
    assert plan.start_of == {"near": 8.5, "afar": 9.5, "back": 11.0} and plan.cost == pytest.approx(1.0)


def test_a_problem_in_which_staying_takes_time_is_refused() -> None:
    """Where the way from a place to itself is not 0, nobody can be said to work from where he is."""
    with pytest.raises(ProblemError, match="from a place to itself"):
        replace(supported(on_site=False), travel=Travel.constant(np.ones((3, 3))))


@given(seed=st.integers(0, 10**9), afar=st.sets(st.integers(0, 9), min_size=1, max_size=4))
def test_every_engine_keeps_the_rules_with_work_from_afar(seed: int, afar: set[int]) -> None:
    """With work from afar plans are allowed, cost what they are said to, and no less than the bound."""
    problem = random_problem(seed)
    orders = tuple(replace(o, on_site=i not in afar) for i, o in enumerate(problem.orders))
    problem = replace(problem, orders=orders)
    start = plan_dispatch(problem, engine="regret", iterations=1)
    for engine in ("greedy", "lns", "ortools"):
        plan = plan_dispatch(problem, engine=engine, iterations=60, seed=seed % 97, start=start)
        assert not violations(problem, plan)
        assert cost_of(problem, plan) == pytest.approx(plan.cost, abs=1e-6) and plan.cost <= start.cost + 1e-6
    assert lower_bound(problem, seconds=0.5).value <= plan.cost + 1e-6

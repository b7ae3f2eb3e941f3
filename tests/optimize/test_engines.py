"""Every engine by the same rules: allowed plans, warm starts that never lose, seeds that repeat."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plan_checker import objective_of, violations
from random_problems import problem_of_any_kind, random_problem

from benchmarks.instances import generated
from optimize import DispatchProblem, Order, Pin, Plan, ProblemError, Shift, evaluate, plan_dispatch
from optimize.engines import ENGINES
from optimize.engines.route_pool import RoutePool
from optimize.engines.starting import as_it_stands
from optimize.evaluation import walked

seeds = st.integers(0, 10**9)
engines = st.sampled_from(sorted(ENGINES))


def planned(problem: DispatchProblem, engine: str, start: Plan | None = None, seed: int = 1) -> Plan:
    """Return a plan of a short search."""
    return plan_dispatch(problem, engine=engine, iterations=40, seed=seed, start=start)


def check_plan(problem: DispatchProblem, plan: Plan) -> None:
    """Let a plan keep every rule, have every order once or left out, and cost what the checker says."""
    assert violations(problem, plan) == []
    assert plan.cost == pytest.approx(objective_of(problem, plan), rel=1e-9, abs=1e-6)


def check_no_worse(plan: Plan, start: Plan) -> None:
    """Let a plan cost no more than another, level by level where its policy has levels."""
    assert plan.rank <= tuple(value + 1e-9 * max(1.0, value) for value in start.rank)


@settings(max_examples=1200)
@given(seed=seeds, plain=st.booleans(), engine=engines)
def test_no_plan_breaks_a_rule_or_loses_an_order(seed: int, plain: bool, engine: str) -> None:
    """Every order is served once or left out, hard rules and pins are kept, and the cost is the checker's."""
    problem = random_problem(seed, plain=True) if plain else problem_of_any_kind(seed)
    check_plan(problem, planned(problem, engine))


@settings(max_examples=600)
@given(seed=seeds, engine=engines)
def test_the_objective_is_the_evaluations(seed: int, engine: str) -> None:
    """What an engine states is what the evaluation says of its sequences and the starts of linked orders."""
    problem = problem_of_any_kind(seed)
    plan = planned(problem, engine)
    again = as_it_stands(problem, plan)
    assert again is not None
    assert again == plan


@settings(max_examples=900)
@given(seed=seeds, begun=engines, engine=engines, other=st.integers(0, 99))
def test_a_warm_start_is_never_worse(seed: int, begun: str, engine: str, other: int) -> None:
    """An engine that is given an allowed plan returns none that costs more, whatever engine made it."""
    problem = problem_of_any_kind(seed)
    start = planned(problem, begun, seed=other)
    check_no_worse(planned(problem, engine, start), start)


@settings(max_examples=900)
@given(seed=seeds, engine=engines, like=st.integers(0, 3))
def test_with_one_more_engineer_nothing_is_lost(seed: int, engine: str, like: int) -> None:
    """The old plan is still allowed at the same cost, and a search that begins with it is not worse."""
    problem = problem_of_any_kind(seed)
    start = planned(problem, engine)
    new = replace(problem.engineers[like % len(problem.engineers)], id="new", cost_of_use=1.0)
    more = replace(problem, engineers=(*problem.engineers, new))
    again = as_it_stands(more, start)
    assert again is not None and again.cost == pytest.approx(start.cost, rel=1e-12)
    assert violations(more, again) == []
    plan = planned(more, engine, start)
    check_plan(more, plan)
    check_no_worse(plan, start)


@settings(max_examples=300)
@given(seed=seeds, engine=engines.filter("greedy".__ne__), which=st.integers(0, 9))
def test_what_must_be_served_is_served_if_somebody_can(seed: int, engine: str, which: int) -> None:
    """The one order that must not be left out is in every plan but the greedy one, if anybody can have it."""
    problem = random_problem(seed)
    orders = [replace(order, links=()) for order in problem.orders]
    which %= len(orders)
    orders[which] = must = replace(orders[which], drop_cost=np.inf)
    problem = replace(problem, orders=tuple(orders))
    alone = replace(problem, orders=(must,), previous={})
    able = not planned(alone, "regret").unassigned
    assert (must.id in planned(problem, engine).engineer_of) == able


@settings(max_examples=300)
@given(seed=seeds, engine=engines)
def test_a_start_of_another_day_is_mended(seed: int, engine: str) -> None:
    """A plan is a start though an engineer is sick, an order pinned away, and another new."""
    problem = problem_of_any_kind(seed)
    start = planned(problem, "regret")
    busy = next((route for route in start.routes if route.orders), start.routes[0])
    changed = [
        replace(o, pin=Pin(problem.engineers[-1].id)) if o.id in busy.orders[:1] else o
        for o in problem.orders
    ]
    changed.append(replace(problem.orders[-1], id="urgent", links=(), drop_cost=500.0))
    problem = replace(problem, orders=tuple(changed), engineers=problem.engineers[1:])
    plan = planned(problem, engine, start)
    check_plan(problem, plan)


@settings(max_examples=150)
@given(seed=seeds, engine=engines)
def test_same_seed_and_iterations_same_plan(seed: int, engine: str) -> None:
    """With a number of iterations a plan depends on nothing but the seed."""
    problem = problem_of_any_kind(seed)
    assert planned(problem, engine, seed=7) == planned(problem, engine, seed=7)


@settings(max_examples=300)
@given(seed=seeds)
def test_the_portfolio_is_no_worse_than_regret(seed: int) -> None:
    """The best plan seen is returned, and the first one seen is that of regret."""
    problem = problem_of_any_kind(seed)
    check_no_worse(planned(problem, "portfolio"), planned(problem, "regret"))


def test_a_long_search_repeats_and_is_no_worse_than_a_short_one() -> None:
    """Several starts and plans drawn from the routes they met depend on nothing but the seed either."""
    problem = generated(30, 6, 3)
    short, long, again = (plan_dispatch(problem, iterations=n, seed=5) for n in (500, 10_000, 10_000))
    assert long == again
    assert (short.iterations, long.iterations) == (500, 10_000)
    assert long.cost <= short.cost
    assert violations(problem, long) == []


def test_drawn_routes_do_not_overlap() -> None:
    """What is drawn from a pool has every order once at most, and nobody twice."""
    problem = generated(30, 6, 4)
    pool = RoutePool(problem)
    for seed in range(6):
        plan = plan_dispatch(problem, engine="lns", iterations=150, seed=seed)
        pool.take(walked(problem, {r.engineer: r.orders for r in plan.routes}))
    pool.weigh()
    assert sum(pool.shares.values()) <= len(problem.engineers) + 1e-6
    for seed in range(6):
        sequences, _ = pool.drawn(np.random.default_rng(seed))
        orders = [order for mine in sequences.values() for order in mine]
        assert len(orders) == len(set(orders)) > 15
        assert set(sequences) <= set(problem.engineer_position)


def test_insertion_by_regret_is_better_than_in_turn() -> None:
    """On drawn days the plan by regret costs less than the greedy one, and search less than regret."""
    for seed in (1, 2, 3):
        problem = generated(60, 12, seed)
        greedy, regret = (planned(problem, engine).cost for engine in ("greedy", "regret"))
        searched = plan_dispatch(problem, iterations=2000, seed=seed)
        assert searched.cost < regret < greedy


def test_ortools_improves_what_it_begins_with() -> None:
    """With matrices, eligibility, clocks and penalties in its model its descent finds a better plan."""
    problem = generated(40, 8, 1)
    greedy = planned(problem, "greedy")
    plan = planned(problem, "ortools", greedy)
    assert plan.cost < 0.95 * greedy.cost
    assert violations(problem, plan) == []


def test_overtime_and_windows_are_exact_in_whole_units() -> None:
    """A window met to the minute and overtime at a price are not lost to rounding by any engine."""
    problem = generated(1, 1, 1)
    person = replace(problem.engineers[0], skills={}, shifts=(Shift(0.0, 1.0, overtime=0.5),))
    way = float(problem.travel.hours[0, person.place, problem.orders[0].place])
    order = Order("a", problem.orders[0].place, 1.5 - 2.0 * way, latest=way, drop_cost=90.0)
    problem = replace(problem, orders=(order,), engineers=(person,))
    for engine in sorted(ENGINES):
        assert planned(problem, engine).cost == pytest.approx(2.0 * way + 0.5 * 1.5), engine


def test_a_stop_is_heard_before_the_limit() -> None:
    """An engine that is told to stop returns the best plan so far instead of searching an hour."""
    problem = generated(20, 4, 1)
    asked: list[int] = []

    def stop() -> bool:
        asked.append(1)
        return len(asked) > 3

    for engine in ("lns", "portfolio"):
        asked.clear()
        plan = plan_dispatch(problem, engine=engine, seconds=3600.0, stop=stop)
        assert plan.cost <= planned(problem, "greedy").cost


def test_how_a_plan_was_found_is_told() -> None:
    """A plan knows when the first one stood and how many iterations were made; its parts sum to its cost."""
    plan = plan_dispatch(generated(20, 4, 1), iterations=300)
    assert plan.iterations == 300
    assert plan.first_seconds > 0.0
    assert plan.parts is not None and plan.parts.total == plan.cost


@pytest.mark.parametrize("engine", sorted(ENGINES))
def test_where_there_is_nothing_to_plan_there_is_a_plan(engine: str) -> None:
    """Without orders everybody stays at home for nothing; without engineers every order is left out."""
    problem = random_problem(1)
    idle = plan_dispatch(replace(problem, orders=(), previous={}), engine=engine, iterations=1)
    assert idle.cost == 0.0 and [route.orders for route in idle.routes] == [()] * len(problem.engineers)
    alone = replace(problem, engineers=(), previous={})
    left = plan_dispatch(alone, engine=engine, iterations=1)
    assert left.unassigned == tuple(order.id for order in problem.orders)
    assert left.cost == pytest.approx(sum(order.drop_cost for order in problem.orders))


def test_an_unknown_engine_is_refused() -> None:
    """The message names what was found and what is allowed."""
    with pytest.raises(ProblemError, match="engine: found magic; allowed: greedy, regret, lns"):
        plan_dispatch(random_problem(1), engine="magic", iterations=1)


def test_solvers_are_not_imported_before_they_are_needed() -> None:
    """To import the package loads neither the compiler nor OR-Tools, and to plan does not load OR-Tools."""
    code = "import optimize, sys; assert not {'numba', 'ortools'} & set(sys.modules); optimize.evaluate"
    subprocess.run([sys.executable, "-c", code], check=True)
    assert evaluate is not None


@pytest.mark.parametrize("engine", sorted(ENGINES))
def test_what_can_never_begin_spoils_no_plan(engine: str) -> None:
    """Orders whose window is closed or never opens, and engineers whose shifts are over, are left alone."""
    problem = generated(6, 3, 1)
    closed, never = (replace(problem.orders[0], id=name, latest=np.inf) for name in ("closed", "never"))
    closed, never = replace(closed, earliest=9.0, latest=8.0), replace(never, earliest=1e6)
    over = replace(problem.engineers[0], id="over", free_at=50.0)
    more = replace(
        problem, orders=(*problem.orders, closed, never), engineers=(*problem.engineers, over), previous={}
    )
    plan = planned(more, engine)
    assert {"closed", "never"} <= set(plan.unassigned) and violations(more, plan) == []
    assert "over" not in plan.engineer_of.values() and len(plan.engineer_of) >= 4

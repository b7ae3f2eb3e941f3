"""The bound against enumeration: no plan undercuts it, and it is as high as its method promises."""

from __future__ import annotations

import itertools
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
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
    SchedulingPolicy,
    Shift,
    Travel,
    evaluate,
    plan_dispatch,
)
from optimize.bound import Bound, improve, lower_bound

#: By how much figures may differ for rounding.
_EPS = 1e-5
seeds = st.integers(0, 10**9)


def bounded(problem: DispatchProblem, *, cuts: bool = True) -> Bound:
    """Return the bound of a small problem, with more time than it needs."""
    return lower_bound(problem, seconds=60.0, cuts=cuts)


def small(seed: int) -> DispatchProblem:
    """Return a plain problem of up to six orders and three engineers."""
    problem = random_problem(seed, plain=True)
    return replace(problem, orders=problem.orders[:6], engineers=problem.engineers[:3])


def route_cost(problem: DispatchProblem, engineer: Engineer, orders: tuple[Order, ...]) -> float:
    """Return what a route of a plain problem costs, infinity if it is not allowed."""
    shift, here, at, cost = engineer.shifts[0], engineer.place, engineer.free_at, engineer.cost_of_use
    for order in orders:
        above = [engineer.skills.get(skill, -1) - level for skill, level in order.skills.items()]
        at = max(at + float(problem.travel.hours[0, here, order.place]), order.earliest)
        if min(above, default=0) < 0 or at > order.latest:
            return np.inf
        cost += float(problem.travel.hours[0, here, order.place]) + problem.policy.skill_waste * sum(above)
        if problem.previous.get(order.id, engineer.id) != engineer.id:
            cost += problem.policy.churn
        for due in order.dues:
            stop = at if due.clock == "attend" else at + order.duration
            cost += due.weight * max(0.0, stop - due.at)
        here, at = order.place, at + order.duration
    if engineer.home is not None:
        way = float(problem.travel.hours[0, here, engineer.home])
        at, cost = at + way, cost + way
    if at > shift.closes + shift.overtime or sum(order.load for order in orders) > engineer.capacity:
        return np.inf
    return cost + engineer.overtime_factor * engineer.cost_per_hour * max(0.0, at - shift.closes)


def all_routes(problem: DispatchProblem) -> list[tuple[int, frozenset[int], float]]:
    """Return engineer, orders and least cost of every route that is allowed."""
    found = []
    for e, engineer in enumerate(problem.engineers):
        for size in range(1, len(problem.orders) + 1):
            for members in itertools.combinations(range(len(problem.orders)), size):
                orders = [tuple(problem.orders[i] for i in way) for way in itertools.permutations(members)]
                cost = min(route_cost(problem, engineer, way) for way in orders)
                if cost < np.inf:
                    found.append((e, frozenset(members), cost))
    return found


def optimum(problem: DispatchProblem, routes: list[tuple[int, frozenset[int], float]]) -> float:
    """Return the cost of the best plan: every combination of routes that serve no order twice."""
    best: dict[frozenset[int], float] = {frozenset(): 0.0}
    for e in range(len(problem.engineers)):
        after = dict(best)
        for (_, members, cost), (done, spent) in itertools.product(
            [route for route in routes if route[0] == e], best.items()
        ):
            if not members & done:
                both = members | done
                after[both] = min(after.get(both, np.inf), spent + cost)
        best = after
    drops = [order.drop_cost for order in problem.orders]
    return min(spent + sum(d for i, d in enumerate(drops) if i not in done) for done, spent in best.items())


def relaxed_optimum(problem: DispatchProblem, routes: list[tuple[int, frozenset[int], float]]) -> float:
    """Return the cost of the best mixture of routes in which every order is served or left out."""
    from scipy.optimize import linprog

    n, m = len(problem.orders), len(problem.engineers)
    cost = [cost for _, _, cost in routes] + [order.drop_cost for order in problem.orders]
    served, used = np.zeros((n, len(cost))), np.zeros((m, len(cost)))
    for column, (e, members, _) in enumerate(routes):
        served[list(members), column] = 1.0
        used[e, column] = 1.0
    served[np.arange(n), len(routes) + np.arange(n)] = 1.0
    found = linprog(cost, A_ub=used, b_ub=np.ones(m), A_eq=served, b_eq=np.ones(n))
    assert found.fun is not None
    return float(found.fun)


@settings(max_examples=15, deadline=None)
@given(seeds)
def test_the_bound_lies_between_the_best_mixture_and_the_best_plan(seed: int) -> None:
    """Without cuts it is that of the best mixture of routes; with them higher, never above the optimum."""
    problem = small(seed)
    routes = all_routes(problem)
    mixture, best = relaxed_optimum(problem, routes), optimum(problem, routes)
    plain, cut = bounded(problem, cuts=False), bounded(problem)
    assert plain.complete
    assert plain.value == pytest.approx(mixture, abs=_EPS)
    assert plain.value - _EPS <= cut.value <= best + _EPS


@settings(max_examples=15, deadline=None)
@given(seeds)
def test_no_plan_of_any_problem_undercuts_the_bound(seed: int) -> None:
    """With breaks, nights, depots, links, parts and travel by the hour it is below what a search finds."""
    problem = random_problem(seed)
    plan = plan_dispatch(problem, engine="lns", iterations=200)
    assert violations(problem, plan) == []
    found = lower_bound(problem, seconds=60.0, start=plan)
    assert found.value <= cost_of(problem, plan) + _EPS


@pytest.mark.parametrize("looks", [1, 5, 20, 60, 150])
def test_a_bound_that_is_cut_short_is_lower_and_still_one(
    looks: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However early it ends, it says so unless it is complete, and it is not above the complete one."""
    from optimize.bound import generation

    problem = technician_day(3, orders=14, technicians=3)
    whole = bounded(problem)
    ticks = itertools.count()
    monkeypatch.setattr(generation, "time", SimpleNamespace(perf_counter=lambda: float(next(ticks))))
    short = lower_bound(problem, seconds=float(looks))
    assert 0.0 <= short.value <= whole.value + _EPS
    assert whole.complete
    assert short.complete or "cut short" in short.note


def test_cuts_close_the_gap_that_half_routes_leave() -> None:
    """Three orders far away, two to a van: halves of three routes cost 1.5 ways; two are the truth."""
    far, apart = 10.0, 1.0
    hours = np.full((4, 4), apart)
    hours[0, :] = hours[:, 0] = far
    np.fill_diagonal(hours, 0.0)
    orders = tuple(Order(str(i), i, 1.0, load=1.0, drop_cost=1e3) for i in (1, 2, 3))
    vans = tuple(Engineer(f"van-{i}", 0, 0, 0.0, (Shift(0.0, 100.0),), capacity=2.0) for i in (1, 2))
    problem = DispatchProblem(orders, vans, Travel.constant(hours))
    assert bounded(problem, cuts=False).value == pytest.approx(1.5 * (2 * far + apart), abs=_EPS)
    found = bounded(problem)
    assert found.value == pytest.approx(4 * far + apart, abs=_EPS)
    assert {column.engineers for column in found.routes} == {("van-1", "van-2")}


def errand(*, hours: tuple[float, ...] = (1.0,), overtime: float = 0.0, **order: Any) -> DispatchProblem:
    """Return one order of two hours, as many hours away as each slice of the day says, and one engineer."""
    way = np.array([[0.0, 1.0], [1.0, 0.0]])
    travel = Travel(np.stack([h * way for h in hours]), np.zeros((len(hours), 2, 2)), 12.0)
    shift = Shift(8.0, 10.0 if overtime else 20.0, overtime=overtime)
    visit = Order("a", 1, 2.0, drop_cost=1e4, **order)
    return DispatchProblem((visit,), (Engineer("e", 0, 0, 8.0, (shift,)),), travel)


@pytest.mark.parametrize(
    ("problem", "value"),
    [
        (errand(), 2.0),
        (errand(hours=(3.0, 1.0)), 2.0),
        (errand(hours=(3.0, 1.0), dues=(Due("attend", 8.5, 4.0),)), 2.0 + 4.0 * 0.5),
        (errand(on_site=False), 0.0),
        (errand(dues=(Due("attend", 8.5, 4.0),)), 2.0 + 4.0 * 0.5),
        (errand(dues=(Due("restore", 10.0, 4.0),)), 2.0 + 4.0 * 1.0),
        (errand(overtime=5.0), 2.0 + 1.5 * 2.0),
        (replace(errand(), policy=SchedulingPolicy(duration_hour=10.0)), 2.0 + 10.0 * 4.0),
        (replace(errand(), policy=SchedulingPolicy(unfairness=0.5)), 2.0 + 0.5 * 4.0),
    ],
    ids=[
        "ways",
        "by hour",
        "late by hour",
        "remote",
        "late start",
        "late end",
        "overtime",
        "duration",
        "fairness",
    ],
)
def test_one_errand_costs_what_can_be_counted_by_hand(problem: DispatchProblem, value: float) -> None:
    """Ways at their shortest hour, lateness, overtime, duration and fairness are all in the bound."""
    assert bounded(problem).value == pytest.approx(value, abs=_EPS)
    assert value <= evaluate(problem, {"e": ["a"]}).cost + _EPS


def test_what_is_left_out_of_account_is_named() -> None:
    """A problem with breaks and nights has a note that names them; one without names nothing."""
    shifts = tuple(Shift(8.0 + day, 17.0 + day, pause=(12.0 + day, 13.0 + day)) for day in (0.0, 24.0))
    orders = (Order("a", 1, 2.0, drop_cost=9.0),)
    travel = Travel.constant(np.array([[0.0, 1.0], [1.0, 0.0]]))
    full = DispatchProblem(orders, (Engineer("e", 0, 0, 8.0, shifts),), travel)
    plain = DispatchProblem(orders, (Engineer("e", 0, 0, 8.0, (Shift(8.0, 17.0),)),), travel)
    assert "breaks" in bounded(full).note
    assert "nights" in bounded(full).note
    assert "left out of account" not in bounded(plain).note
    assert bounded(plain).value == pytest.approx(2.0)


def test_what_no_plan_serves_is_in_the_bound_whole_and_named() -> None:
    """A crew of two where one is fit, and a skill that nobody has: their price is proven, and told apart."""
    problem = errand()
    first = replace(problem.orders[0], drop_cost=70.0)
    pair = [replace(first, id="pair", links=(Link("pair#2"),)), replace(first, id="pair#2")]
    rare = replace(first, id="rare", skills={"rope": 1}, drop_cost=30.0)
    problem = replace(problem, orders=(first, *pair, rare))
    assert len(problem.engineers) == 1
    alone = bounded(replace(problem, orders=(first,))).value
    plan = plan_dispatch(problem, engine="regret", iterations=1)
    for found in (bounded(problem), lower_bound(problem, seconds=60.0, start=plan)):
        assert (found.certain, found.certain_cost) == (("pair", "pair#2", "rare"), 170.0)
        assert found.value == pytest.approx(alone + 170.0)
        assert "nobody can serve pair, rare in any plan: the 170.00 of leaving that" in found.note
        assert found.value <= plan.cost + _EPS


def test_nothing_to_do_costs_nothing_and_nobody_to_do_it_all_penalties() -> None:
    """Without orders the bound is 0; without engineers it is the price of leaving all orders out."""
    problem = technician_day(1, orders=4, technicians=2)
    assert bounded(replace(problem, orders=())).value == 0.0
    alone = bounded(replace(problem, engineers=()))
    assert alone.value == pytest.approx(sum(order.drop_cost for order in problem.orders))


def test_compiling_is_announced_where_it_takes_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who asks for a bound is told that it is compiled first, unless it has been."""
    told: list[str] = []
    problem = technician_day(1, orders=2, technicians=1)
    for compiled in (True, False):
        monkeypatch.setattr("optimize.bound.pricing.is_compiled", lambda _, known=compiled: known)
        lower_bound(problem, seconds=5.0, announce=told.append)
    assert len(told) == 1 and "once on this machine" in told[0]


def test_no_time_is_refused() -> None:
    """A limit of no seconds is an error that names what was found."""
    with pytest.raises(ProblemError, match="found 0"):
        lower_bound(technician_day(1, orders=4, technicians=2), seconds=0)


@pytest.mark.parametrize("seed", [1, 2])
def test_the_routes_of_the_bound_make_a_plan_better(seed: int) -> None:
    """From a plan in which nobody does anything, their combination is allowed and near the bound."""
    problem = technician_day(seed, orders=14, technicians=4)
    idle = evaluate(problem, {})
    found = lower_bound(problem, seconds=20.0, start=idle)
    plan = improve(problem, idle, found.routes, 10.0)
    assert violations(problem, plan) == []
    assert plan.cost == pytest.approx(cost_of(problem, plan))
    assert found.value - _EPS <= plan.cost <= 1.05 * found.value
    assert improve(problem, plan, found.routes, 10.0).cost <= plan.cost


@settings(max_examples=8, deadline=None)
@given(seeds)
def test_a_plan_never_becomes_worse_or_forbidden_by_recombination(seed: int) -> None:
    """Whatever a problem has, the recombined plan breaks no rule and costs no more."""
    problem = random_problem(seed)
    plan = plan_dispatch(problem, engine="lns", iterations=20)
    found = bounded(problem, cuts=False)
    better = improve(problem, plan, found.routes, 5.0)
    assert violations(problem, better) == []
    assert found.value - _EPS <= better.cost <= plan.cost + _EPS


def technician_day(seed: int, *, orders: int, technicians: int) -> DispatchProblem:
    """Return a day like the published ones: depots, lists of who may have what, lateness, penalties."""
    random = np.random.default_rng(seed)
    points = random.uniform(0.0, 600.0, (2 + orders, 2))
    travel = Travel.constant(
        np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1)).astype(np.float64)
    )
    visits = tuple(
        Order(
            str(i),
            2 + i,
            float(random.integers(300, 1200)),
            earliest=float(random.choice([0, 0, 1500])),
            latest=5400.0,
            dues=(Due("attend", float(random.integers(1000, 5000)), float(random.choice([1, 2, 5]))),),
            drop_cost=8000.0,
            allowed=frozenset(str(t) for t in range(technicians) if random.random() < 0.6),
        )
        for i in range(orders)
    )
    crew = tuple(Engineer(str(t), t % 2, t % 2, 0.0, (Shift(0.0, 6000.0),)) for t in range(technicians))
    return DispatchProblem(visits, crew, travel, SchedulingPolicy())

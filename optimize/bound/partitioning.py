"""A better plan out of routes that are known: every order in one of them or left out, at the least cost.

The choice is made by SCIP inside OR-Tools; what it chooses is scored like every other plan, and the plan
that was there is kept unless the new one is better.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from optimize.bound.result import Column
from optimize.plan import Plan
from optimize.problem import DispatchProblem

#: Routes that are tried at most, the most promising first.
_MOST = 6000
#: Share of the time for scoring routes whose cost is not known exactly.
_SCORING = 0.3


@dataclass(frozen=True)
class _Choice:
    """A route that may be taken.

    Parameters
    ----------
    engineers
        Who may drive it.
    orders
        Its orders.
    cost
        What it costs.
    depot_before
        Before which stop the depot is visited.
    own
        Whether the plan has it.
    """

    engineers: tuple[str, ...]
    orders: tuple[str, ...]
    cost: float
    depot_before: int | None = None
    own: bool = False


def improve(problem: DispatchProblem, plan: Plan, columns: Sequence[Column], seconds: float) -> Plan:
    """Return the best plan made of the routes of a plan and others; the plan itself if there is none better.

    Parameters
    ----------
    problem
        What is planned.
    plan
        An allowed plan of it.
    columns
        Other routes, the most promising first, as a `Bound` has them.
    seconds
        How long to search.
    """
    began = time.perf_counter()
    linked = {name for order in problem.orders for link in order.links for name in (order.id, link.order)}
    fixed = [route for route in plan.routes if linked.intersection(route.orders)]
    taken = {order for route in fixed for order in route.orders} | linked
    busy = {route.engineer for route in fixed}
    choices = _choices(problem, plan, columns, taken, busy, began + _SCORING * seconds)
    left = seconds - (time.perf_counter() - began)
    chosen = _chosen(problem, choices, taken, left) if left > 0.0 else None
    if chosen is None:
        return plan
    sequences = {route.engineer: route.orders for route in fixed}
    depots = {route.engineer: route.depot_before for route in fixed if route.depot_before is not None}
    for engineer, choice in _given(chosen):
        sequences[engineer] = choice.orders
        if choice.depot_before is not None:
            depots[engineer] = choice.depot_before
    found = _evaluated(problem, sequences, depots, plan if fixed else None, linked)
    return plan if found is None or found.rank >= plan.rank else found


def _choices(
    problem: DispatchProblem,
    plan: Plan,
    columns: Sequence[Column],
    taken: set[str],
    busy: set[str],
    until: float,
) -> list[_Choice]:
    """Return the routes of the plan that are not fixed, and the others for engineers who are not busy."""
    alike = {engineer: column.engineers for column in columns for engineer in column.engineers}
    found = []
    for route in plan.routes:
        if route.orders and route.engineer not in busy:
            engineers = tuple(e for e in alike.get(route.engineer, (route.engineer,)) if e not in busy)
            cost = _cost_of(problem, route.engineer, route.orders, [route.depot_before])
            if cost is None:
                return []
            found.append(_Choice(engineers, route.orders, cost[0], route.depot_before, own=True))
    known = {(choice.engineers, choice.orders) for choice in found}
    for column in columns[:_MOST]:
        engineers = tuple(engineer for engineer in column.engineers if engineer not in busy)
        if not engineers or taken.intersection(column.orders) or (engineers, column.orders) in known:
            continue
        if column.exact:
            found.append(_Choice(engineers, column.orders, column.cost))
        elif time.perf_counter() < until:
            depots = _depots(problem, engineers[0], column.orders)
            cost = _cost_of(problem, engineers[0], column.orders, depots)
            if cost is not None:
                found.append(_Choice(engineers, column.orders, *cost))
    return found


def _depots(problem: DispatchProblem, engineer: str, orders: tuple[str, ...]) -> list[int | None]:
    """Return before which stops the depot may be visited."""
    depot = problem.engineers[problem.engineer_position[engineer]].depot
    return [None] if depot is None else [None, *range(len(orders))]


def _cost_of(
    problem: DispatchProblem, engineer: str, orders: tuple[str, ...], depots: Iterable[int | None]
) -> tuple[float, int | None] | None:
    """Return what a route alone costs at the best of some visits to the depot; nothing if none is allowed."""
    from optimize.evaluation import InfeasibleRoute, evaluate

    best: tuple[float, int | None] | None = None
    for depot in depots:
        try:
            alone = evaluate(problem, {engineer: orders}, {} if depot is None else {engineer: depot})
        except InfeasibleRoute:
            continue
        cost = 0.0 if alone.parts is None else replace(alone.parts, left_out=0.0).total
        if best is None or cost < best[0]:
            best = cost, depot
    return best


def _chosen(
    problem: DispatchProblem, choices: Sequence[_Choice], taken: set[str], seconds: float
) -> list[_Choice] | None:
    """Return the routes that cost least together; nothing if none are found in time."""
    from ortools.linear_solver import pywraplp

    if not choices:
        return None
    solver: Any = pywraplp.Solver.CreateSolver("SCIP")
    objective = solver.Objective()
    served = {order.id: solver.Constraint(1.0, 1.0) for order in problem.orders if order.id not in taken}
    crews = {
        engineers: solver.Constraint(0.0, float(len(engineers)))
        for engineers in dict.fromkeys(choice.engineers for choice in choices)
    }
    dropped = []
    for order in problem.orders:
        if order.id in served:
            variable = solver.BoolVar("")
            objective.SetCoefficient(variable, min(order.drop_cost, 1e9))
            served[order.id].SetCoefficient(variable, 1.0)
            dropped.append((order.id, variable))
    variables = []
    for choice in choices:
        variable = solver.BoolVar("")
        objective.SetCoefficient(variable, choice.cost)
        crews[choice.engineers].SetCoefficient(variable, 1.0)
        for order_id in choice.orders:
            served[order_id].SetCoefficient(variable, 1.0)
        variables.append(variable)
    own = {order_id for choice in choices if choice.own for order_id in choice.orders}
    hint = [float(choice.own) for choice in choices] + [float(name not in own) for name, _ in dropped]
    solver.SetHint([*variables, *(variable for _, variable in dropped)], hint)
    solver.SetTimeLimit(max(int(seconds * 1e3), 1))
    if solver.Solve() not in (solver.OPTIMAL, solver.FEASIBLE):
        return None
    return [c for c, variable in zip(choices, variables, strict=True) if variable.solution_value() > 0.5]


def _given(chosen: Sequence[_Choice]) -> list[tuple[str, _Choice]]:
    """Return who drives each route: engineers who are alike take them in turn."""
    used: dict[tuple[str, ...], int] = {}
    found = []
    for choice in chosen:
        position = used.get(choice.engineers, 0)
        used[choice.engineers] = position + 1
        found.append((choice.engineers[position], choice))
    return found


def _evaluated(
    problem: DispatchProblem,
    sequences: dict[str, tuple[str, ...]],
    depots: dict[str, int],
    plan: Plan | None,
    linked: set[str],
) -> Plan | None:
    """Return the plan of some routes, linked orders starting as they did; nothing if it is not allowed."""
    from optimize.evaluation import InfeasibleRoute, evaluate

    starts = {
        order: at
        for route in (() if plan is None else plan.routes)
        for order, at in zip(route.orders, route.starts, strict=True)
        if order in linked
    }
    try:
        return evaluate(problem, sequences, depots, starts)
    except InfeasibleRoute:
        return None

"""Plans to begin with: what of a plan still holds in a problem, and the better of two plans."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace

from optimize.evaluation import InfeasibleRoute, evaluate, scored, walked
from optimize.layout import partners_of
from optimize.lns.data import Routes
from optimize.plan import Plan, Route
from optimize.problem import DispatchProblem


def as_it_stands(problem: DispatchProblem, start: Plan | None) -> Plan | None:
    """Return a plan scored in a problem; nothing if there is none or it is not allowed there.

    Orders and engineers that the problem no longer has are left away; orders that are new are left out.
    """
    if start is None:
        return None
    sequences, depots = _known(problem, start)
    # Written plans have whole seconds, by which one appointment may miss the next: then as early as can be.
    for fixed in (_appointments(problem, start), {}):
        with suppress(InfeasibleRoute):
            return evaluate(problem, sequences, depots, fixed)
    return None


def holding(problem: DispatchProblem, start: Plan) -> Routes:
    """Return the routes of a plan, walked, without the orders that break a rule in a problem.

    With a linked order go all that depend on it.
    """
    sequences, depots = _known(problem, start)
    fixed, partners = _appointments(problem, start), partners_of(problem)
    with suppress(InfeasibleRoute):
        return walked(problem, sequences, depots, fixed)
    with suppress(InfeasibleRoute):
        return walked(problem, sequences, depots, {})
    while True:
        try:
            return walked(problem, sequences, depots, fixed)
        except InfeasibleRoute as reason:
            if reason.rule == "depot":
                depots.pop(reason.engineer)
                continue
            gone = {reason.order} | partners.get(reason.order, set())
            sequences, depots = _without(sequences, depots, gone)
            fixed = {order: at for order, at in fixed.items() if order not in gone}


def unscored(sequences: Mapping[str, list[str]], depots: Mapping[str, int] | None = None) -> Plan:
    """Return routes as a plan that nobody has scored, to begin with."""
    routes = tuple(
        Route(engineer, tuple(orders), (0.0,) * len(orders), (depots or {}).get(engineer))
        for engineer, orders in sequences.items()
    )
    return Plan(routes, (), 0.0)


def finished(problem: DispatchProblem, routes: Routes, first_seconds: float, iterations: int = 0) -> Plan:
    """Return what an engine found as a plan: scored, with how it was found."""
    return replace(scored(problem, routes), first_seconds=first_seconds, iterations=iterations)


def better(one: Plan, other: Plan | None) -> Plan:
    """Return the plan that costs less, level by level where its problem has levels; the first if neither."""
    return one if other is None or one.rank <= other.rank else other


def _known(problem: DispatchProblem, plan: Plan) -> tuple[dict[str, list[str]], dict[str, int]]:
    """Return the routes of a plan as far as a problem knows their engineers and orders."""
    sequences, depots = {}, {}
    for route in plan.routes:
        if route.engineer not in problem.engineer_position:
            continue
        sequences[route.engineer] = list(route.orders)
        if route.depot_before is not None:
            depots[route.engineer] = route.depot_before
    gone = {order for orders in sequences.values() for order in orders if order not in problem.position}
    return _without(sequences, depots, gone)


def _without(
    sequences: Mapping[str, list[str]], depots: Mapping[str, int], gone: set[str]
) -> tuple[dict[str, list[str]], dict[str, int]]:
    """Return routes without some orders; the depot stays before the stop that it was before, or goes."""
    left, at = {}, {}
    for engineer, orders in sequences.items():
        left[engineer] = [order for order in orders if order not in gone]
        if engineer in depots:
            before = sum(order not in gone for order in orders[: depots[engineer]])
            if before < len(left[engineer]):
                at[engineer] = before
    return left, at


def _appointments(problem: DispatchProblem, plan: Plan) -> dict[str, float]:
    """Return the starts of the linked orders of a plan."""
    linked = partners_of(problem)
    return {order: at for order, at in plan.start_of.items() if order in linked}

"""Plans solved anew from a plan that stands: the one place where explaining meets the search.

A problem is changed as a description, never as arrays; the plan that is explained is what every search begins
with, and every search has a number of iterations, so that the same question has the same answer.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

from optimize.dispatch import plan_dispatch
from optimize.plan import Plan, Route
from optimize.priorities import levels_of
from optimize.problem import DispatchProblem, Order, Pin, ProblemError
from optimize.why.model import Move, Way
from scenarios.phrases import phrase


@dataclass(frozen=True)
class Effort:
    """How long each search is.

    Parameters
    ----------
    iterations
        Of each search.
    seed
        What its random numbers are keyed by.
    stop
        Asked between chunks; True ends a search with what it has.
    """

    iterations: int
    seed: int = 1
    stop: Callable[[], bool] | None = None


@dataclass(frozen=True)
class Settled:
    """A plan with its price.

    Parameters
    ----------
    plan
        Who goes where and when.
    cost
        Its objective without what may not be left out.
    lost
        Orders that may not be left out and are.
    """

    plan: Plan
    cost: float
    lost: frozenset[str]

    @property
    def rank(self) -> tuple[float, ...]:
        """Return by what it is compared: the smaller, the better."""
        return self.plan.rank


def order_of(problem: DispatchProblem, order_id: str) -> Order:
    """Return an order by its id."""
    return problem.orders[problem.position[order_id]]


def together(problem: DispatchProblem, order_id: str) -> frozenset[str]:
    """Return an order and the visits linked with it, which are in a plan together or not at all."""
    from optimize.layout import partners_of

    return frozenset([order_id, *partners_of(problem).get(order_id, ())])


def with_order(problem: DispatchProblem, order: Order) -> DispatchProblem:
    """Return a problem with an order in place of the one of the same id."""
    return replace(problem, orders=tuple(order if o.id == order.id else o for o in problem.orders))


def pinned(
    problem: DispatchProblem,
    order_id: str,
    *,
    engineer: str | None = None,
    starts: tuple[float, float] | None = None,
) -> DispatchProblem:
    """Return a problem in which an order must be served, by an engineer or in a range where one is given."""
    order = order_of(problem, order_id)
    pin = order.pin or Pin()
    if engineer is not None:
        pin = replace(pin, engineer=engineer)
    if starts is not None:
        pin = replace(pin, start_from=starts[0], start_to=starts[1])
    return with_order(problem, replace(order, drop_cost=math.inf, pin=pin))


def without(problem: DispatchProblem, order_ids: Collection[str]) -> DispatchProblem:
    """Return a problem without some orders."""
    return replace(problem, orders=tuple(o for o in problem.orders if o.id not in order_ids))


def as_it_stands(problem: DispatchProblem, plan: Plan) -> Settled:
    """Return a plan with its price; orders that are gone from the problem are left away.

    Raises
    ------
    optimize.problem.ProblemError
        If it breaks a rule.
    """
    from optimize.evaluation import InfeasibleRoute, evaluate

    found = rescored(problem, plan)
    if found is not None:
        return found
    kept = _without(plan, {name for route in plan.routes for name in route.orders} - problem.position.keys())
    routes = {route.engineer: route for route in kept.routes if route.engineer in problem.engineer_position}
    depots = {name: route.depot_before for name, route in routes.items() if route.depot_before is not None}
    try:
        evaluate(problem, {name: route.orders for name, route in routes.items()}, depots)
    except InfeasibleRoute as broken:
        reason: str = broken.message
    else:
        reason = phrase("visits that belong together do not keep their times")
    raise ProblemError(
        phrase("plan: found one in which {reason}; allowed: a plan of this problem", reason=reason)
    )


def rescored(problem: DispatchProblem, plan: Plan) -> Settled | None:
    """Return a plan with its price, everything as early as it can be; nothing if it breaks a rule."""
    from optimize.engines.starting import as_it_stands as scored_as_it_stands

    found = scored_as_it_stands(problem, plan)
    return None if found is None else _settled(problem, found)


def in_place(problem: DispatchProblem, plan: Plan, order_id: str) -> Settled | None:
    """Return the cheapest plan with an order in it and everything else where it is; nothing if none is."""
    free = together(problem, order_id)
    orders = tuple(
        o if o.id in free or o.id in plan.engineer_of else replace(o, drop_cost=0.0) for o in problem.orders
    )
    found = _searched(replace(problem, orders=orders), _without(plan, free), Effort(0))
    return _serving(problem, found, order_id)


def anew(problem: DispatchProblem, plan: Plan, order_id: str, effort: Effort) -> Settled | None:
    """Return the best plan found that serves an order which must be served; nothing if none does.

    The search begins with the order where it is if that is allowed, else at its cheapest place.
    """
    from optimize.engines.starting import as_it_stands as scored_as_it_stands

    stands = scored_as_it_stands(problem, plan) if order_id in plan.engineer_of else None
    placed = in_place(problem, plan, order_id) if stands is None else None
    start = _without(plan, together(problem, order_id)) if placed is None else placed.plan
    return _serving(problem, _searched(problem, stands or start, effort), order_id)


def improved(problem: DispatchProblem, base: Settled, effort: Effort) -> Settled:
    """Return the best plan found from a plan: never one that leaves out more that must be served."""
    if not problem.orders:
        return base
    searched = _searched(problem, base.plan, effort)
    found = base if searched is None else _settled(problem, searched)
    return found if found.lost <= base.lost and found.rank < base.rank else base


def way_of(plan: Plan, plan_cost: float, settled: Settled, order_id: str, crew: Sequence[str]) -> Way:
    """Return a plan that serves an order, as a difference to the plan that is explained.

    Parameters
    ----------
    plan, plan_cost, settled, order_id
        The plan that is explained and what it costs, the plan that serves the order, and the order.
    crew
        The order and what else is part of the same order for several people.
    """
    before, after = plan.engineer_of, settled.plan.engineer_of
    moves = tuple(
        Move(order, before.get(order), after.get(order))
        for order in sorted({*before, *after} - {order_id, *crew})
        if before.get(order) != after.get(order)
    )
    start = settled.plan.start_of[order_id]
    people = tuple(after[name] for name in crew)
    return Way(after[order_id], start, people, settled.cost, settled.cost - plan_cost, moves, settled.plan)


def _without(plan: Plan, order_ids: Collection[str]) -> Plan:
    """Return a plan without some orders; the depot stays before the stop that it was before, or goes."""
    routes = []
    for route in plan.routes:
        kept = [p for p, name in enumerate(route.orders) if name not in order_ids]
        depot = None
        if route.depot_before is not None and kept and kept[-1] >= route.depot_before:
            depot = sum(p < route.depot_before for p in kept)
        orders, starts = tuple(route.orders[p] for p in kept), tuple(route.starts[p] for p in kept)
        routes.append(Route(route.engineer, orders, starts, depot))
    return replace(plan, routes=tuple(routes), unassigned=(*plan.unassigned, *order_ids))


def _searched(problem: DispatchProblem, start: Plan, effort: Effort) -> Plan | None:
    """Return the best plan found from a plan; nothing if what is found does not pass the evaluation."""
    from optimize.evaluation import InfeasibleRoute

    try:
        return plan_dispatch(
            problem,
            engine="lns",
            seed=effort.seed,
            iterations=effort.iterations,
            start=start,
            stop=effort.stop,
        )
    except InfeasibleRoute:
        return None


def _settled(problem: DispatchProblem, plan: Plan) -> Settled:
    """Return a plan with its price in a problem, whatever was asked for what is left out when it was made."""
    assert plan.parts is not None
    drops = {name: order_of(problem, name).drop_cost for name in plan.unassigned}
    finite = sum(cost for cost in drops.values() if math.isfinite(cost))
    lost = frozenset(name for name, cost in drops.items() if not math.isfinite(cost))
    parts = replace(plan.parts, left_out=finite)
    levels = levels_of(problem.policy, parts)
    return Settled(replace(plan, cost=parts.total, parts=parts, levels=levels), parts.total, lost)


def _serving(problem: DispatchProblem, found: Plan | None, order_id: str) -> Settled | None:
    return None if found is None or order_id in found.unassigned else _settled(problem, found)

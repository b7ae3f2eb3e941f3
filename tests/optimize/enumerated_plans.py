"""Every plan of a small problem, for tests of what is said to be the best: independent of all engines."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from dataclasses import replace

from plan_checker import activity, cost_of, violations
from random_problems import random_problem

from optimize import DispatchProblem, Engineer, Pin, Plan, Route


def tiny(seed: int, count: int = 3) -> DispatchProblem:
    """Return a random problem of a few orders that are not linked, and two engineers.

    The largest lateness does not count: it is no sum over orders, and short searches do not always see it.
    """
    problem = random_problem(seed)
    orders = tuple(replace(order, links=()) for order in problem.orders[:count])
    policy = replace(problem.policy, largest_tardiness=0.0)
    return replace(problem, orders=orders, engineers=problem.engineers[:2], policy=policy)


def all_plans(problem: DispatchProblem) -> Iterator[Plan]:
    """Yield every allowed plan of a problem without links, each as early as it can be."""
    ids = [order.id for order in problem.orders]
    crew = problem.engineers
    for owners in itertools.product(range(-1, len(crew)), repeat=len(ids)):
        shares = [[name for name, who in zip(ids, owners, strict=True) if who == e] for e in range(len(crew))]
        choices = [
            [route for stops in itertools.permutations(share) for route in routes(problem, engineer, stops)]
            for engineer, share in zip(crew, shares, strict=True)
        ]
        left = tuple(name for name, who in zip(ids, owners, strict=True) if who < 0)
        for found in itertools.product(*choices):
            plan = Plan(found, left, 0.0)
            if not violations(problem, plan):
                yield plan


def routes(problem: DispatchProblem, engineer: Engineer, stops: tuple[str, ...]) -> Iterator[Route]:
    """Yield a route as early as it can be; where it needs the depot, with that before each stop.

    Nobody goes to a depot only to be later on the way.
    """
    others = tuple(name for name in problem.position if name not in stops)
    depots = [None] if engineer.depot is None or not stops else [None, *range(len(stops))]
    for depot in depots:
        starts = earliest_starts(problem, engineer, stops, depot)
        if all(map(math.isfinite, starts)):
            route = Route(engineer.id, stops, starts, depot)
            if not violations(problem, Plan((route,), others, 0.0)):
                yield route
                if depot is None:
                    return


def earliest_starts(
    problem: DispatchProblem, engineer: Engineer, stops: tuple[str, ...], depot: int | None
) -> tuple[float, ...]:
    """Return the earliest start at each stop of a route."""
    here, at, starts = engineer.place, engineer.free_at, []

    def arrive(there: int, at: float, more: float = 0.0) -> float:
        travel = problem.travel
        row = 0 if math.isinf(travel.slice_hours) else int(at // travel.slice_hours) % len(travel.hours)
        hours = float(travel.hours[row, here, there])
        return activity(engineer, at, hours + more, pausing=True)[1]

    for place, name in enumerate(stops):
        order = problem.orders[problem.position[name]]
        if place == depot and engineer.depot is not None and math.isfinite(at):
            at, here = arrive(engineer.depot, at, engineer.depot_hours), engineer.depot
        at = arrive(order.place, at) if math.isfinite(at) else math.inf
        pin = order.pin or Pin()
        at = max(at, order.earliest, -math.inf if pin.start_from is None else pin.start_from)
        begun, end, _ = activity(engineer, at, order.duration, pausing=order.may_pause)
        starts.append(begun)
        here, at = order.place, end
    return tuple(starts)


def least_cost(problem: DispatchProblem, order: str | None = None) -> float:
    """Return the least cost of all plans of a problem; of those that serve an order if one is named."""
    costs = (cost_of(problem, plan) for plan in all_plans(problem) if order not in plan.unassigned)
    return min(costs, default=math.inf)

"""Objectives in order of importance: what a level is worth, and factors that let one sum stand for the order.

The search minimises a single sum. Under a lexicographic policy each level gets a factor so large that no
difference of the levels after it outweighs a step of its own; whole plans are compared level by level, and
what a person is shown stays in the money of the problem.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from itertools import pairwise

import numpy as np

from optimize.plan import CostParts
from optimize.problem import DispatchProblem, Order, ProblemError, SchedulingPolicy, Shift
from optimize.rules import admitted
from scenarios.phrases import phrase

#: What a cost consists of: any of these may be named in a level.
OBJECTIVES = tuple(part.name for part in fields(CostParts))
#: The largest sum that factors lead to. What must not be left out is priced at ten times as much.
LARGEST = 1e11
#: Steps of the last level within the largest sum: a double has 2^53 = 9e15, of which a sum over many stops
#: loses some.
_STEPS = 1e14
#: How many times the policy's step may become where the levels need more than that.
COARSEST = 1024
#: Digits of a level that count; further ones are rounding.
_DIGITS = 6


def every_level(policy: SchedulingPolicy) -> tuple[tuple[str, ...], ...]:
    """Return the levels of a lexicographic policy, what is named in none last; nothing for a weighted one."""
    if not policy.levels:
        return ()
    named = {name for level in policy.levels for name in level}
    rest = tuple(name for name in OBJECTIVES if name not in named)
    return (*policy.levels, rest) if rest else policy.levels


def levels_of(policy: SchedulingPolicy, parts: CostParts) -> tuple[float, ...]:
    """Return what each level of a policy comes to in a plan; nothing for a weighted one."""
    return tuple(round(sum(getattr(parts, name) for name in level), _DIGITS) for level in every_level(policy))


def factors_of(problem: DispatchProblem) -> Mapping[str, float]:
    """Return the factor on each part of the cost with which the search works; 1 under a weighted policy.

    Raises
    ------
    optimize.problem.ProblemError
        If the levels are too many, or range too far, for the precision of a sum.

    Notes
    -----
    With level k of range R_k, the factors are F_K = 1 for the last and F_k = 2 (sum of F_j R_j over j > k)
    / s before it, so that a difference of a step s in level k outweighs all after it twice over. Ranges bound
    any plan from above, most from far above: gains much smaller than a step outweigh what plans really differ
    by.
    """
    levels = every_level(problem.policy)
    if not levels:
        return dict.fromkeys(OBJECTIVES, 1.0)
    if problem.policy.steepness > 0.0:
        return {
            name: problem.policy.steepness ** (len(levels) - 1 - k)
            for k, level in enumerate(levels)
            for name in level
        }
    ranges = ranges_of(problem)
    spans = [sum(ranges[name] for name in level) for level in levels]
    step, finest = problem.policy.step, problem.policy.step
    while True:
        factors, total = _dominating(spans, step)
        if total <= _STEPS * step * factors[-1]:
            break
        step *= 2.0
        if step > COARSEST * finest:
            raise ProblemError(
                phrase(
                    "policy: found {levels} levels over {orders} orders; allowed: fewer levels, since one "
                    "sum cannot tell them all apart",
                    levels=len(levels),
                    orders=len(problem.orders),
                )
            )
    scale = min(1.0, LARGEST / total) if total > 0.0 else 1.0
    return {name: scale * factor for level, factor in zip(levels, factors, strict=True) for name in level}


def _dominating(spans: list[float], step: float) -> tuple[list[float], float]:
    """Return the factors of levels with their ranges, and the most that the whole sum can be."""
    factors, total = [1.0], spans[-1]
    for span in reversed(spans[:-1]):
        factors.append(max(2.0 * total / step, factors[-1]))
        total += factors[-1] * span
    factors.reverse()
    assert all(above >= below for above, below in pairwise(factors))
    return factors, total


def ranges_of(problem: DispatchProblem) -> dict[str, float]:
    """Return an upper bound on each part of the cost of any plan, by its name.

    Orders that must not be left out count for nothing in `left_out`: a plan without them is none.
    """
    policy, orders, people = problem.policy, problem.orders, problem.engineers
    may, over = admitted(problem), _all_over(problem)
    late = [
        (
            policy.tardiness * due.weight,
            max(_latest(order, over) + _lead(order, due.clock) - due.at, 0.0),
        )
        for order in orders
        for due in order.dues
    ]
    work = sum(order.duration for order in orders)
    longest = max((_hours_of(e.shifts, over) for e in people), default=0.0)
    waste = [
        max((_above(problem, i, e) for e in np.flatnonzero(may[i]).tolist()), default=0)
        for i in range(len(orders))
    ]
    overtime = (
        e.overtime_factor
        * e.cost_per_hour
        * sum(min(s.overtime, max(over - s.closes, 0.0)) for s in e.shifts)
        for e in people
    )
    return {
        "travel": _dearest_ways(problem, longest),
        "tardiness": sum(weight * hours for weight, hours in late),
        "overtime": policy.overtime * sum(overtime),
        "skill_waste": policy.skill_waste * sum(waste),
        "unfairness": policy.unfairness * work * min(work, longest),
        "churn": policy.churn * sum(order.id in problem.previous for order in orders),
        "duration": policy.duration_hour * sum(max(over - e.free_at, 0.0) for e in people),
        "use": sum(e.cost_of_use for e in people),
        "left_out": sum(order.drop_cost for order in orders if np.isfinite(order.drop_cost)),
        "largest_tardiness": policy.largest_tardiness * max((h for w, h in late if w > 0.0), default=0.0),
    }


def _all_over(problem: DispatchProblem) -> float:
    """Return an instant by which everybody is done who never idles without a reason."""
    reasons = [0.0]
    for order in problem.orders:
        reasons.append(order.earliest)
        reasons += [at for at in (order.pin.start_from if order.pin else None,) if at is not None]
    for engineer in problem.engineers:
        reasons.append(engineer.free_at)
        for shift in engineer.shifts:
            reasons += [shift.opens, *(shift.pause or ())]
    begin = max(reason for reason in reasons if np.isfinite(reason))
    hours = problem.travel.hours
    way = float(hours.max(where=np.isfinite(hours), initial=0.0))
    busy = sum(order.duration for order in problem.orders) + 2.0 * (len(problem.orders) + 1) * way
    gaps = sum(link.gap_high for order in problem.orders for link in order.links)
    ends = [s.closes + s.overtime for e in problem.engineers for s in e.shifts]
    return min(begin + busy + gaps, max(ends, default=0.0))


def _latest(order: Order, over: float) -> float:
    """Return by when an order begins at the latest."""
    pinned = None if order.pin is None else order.pin.start_to
    return min(over, order.latest, np.inf if pinned is None else pinned)


def _lead(order: Order, clock: str) -> float:
    return 0.0 if clock == "attend" else order.duration


def _above(problem: DispatchProblem, position: int, engineer: int) -> int:
    """Return by how many levels an engineer is above what an order asks for."""
    skills = problem.engineers[engineer].skills
    return sum(skills[skill] - level for skill, level in problem.orders[position].skills.items())


def _hours_of(shifts: tuple[Shift, ...], over: float) -> float:
    """Return the hours of all shifts of an engineer."""
    return sum(max(min(s.closes + s.overtime, over) - s.opens, 0.0) for s in shifts)


def _dearest_ways(problem: DispatchProblem, longest: float) -> float:
    """Return what the ways of any plan cost at most: to each order once, and to homes and depots.

    Ways that are longer than anybody's shifts are gone by nobody.
    """
    travel = problem.travel
    price = problem.policy.travel_hour * travel.hours + travel.price
    can = travel.hours <= longest + 1e-6
    into = price.max(axis=(0, 1), where=can, initial=0.0)
    ends = sorted(
        (
            sum(float(into[place]) for place in (e.home, e.depot) if place is not None)
            for e in problem.engineers
        ),
        reverse=True,
    )
    return float(sum(into[order.place] for order in problem.orders)) + sum(ends[: len(problem.orders)])

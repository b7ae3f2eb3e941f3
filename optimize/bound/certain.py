"""Orders that every plan leaves for later, since nobody may or can have them, whatever else is planned."""

from __future__ import annotations

import math
from collections.abc import Collection

from optimize.layout import partners_of
from optimize.problem import DispatchProblem
from optimize.rules import admitted

#: How many pairs of order and engineer are looked at for hours, which takes most of a millisecond each.
_PAIRS = 1000


def left_for_certain(problem: DispatchProblem, among: Collection[str]) -> frozenset[str]:
    """Return orders that no plan of a problem serves, with what is linked to them.

    Asked is only what holds wherever people come from: rules, hours at the place, and whether as many people
    pass as have to begin together. What may not be left out is not among them.

    Parameters
    ----------
    problem
        The problem.
    among
        Orders to look at; one that some plan serves is never found.
    """
    from optimize.why.counting import alone

    hours, looked_at = alone(problem)["hours"], 0
    partners, rows = partners_of(problem), admitted(problem)
    found: set[str] = set()
    for name in sorted(among):
        members = [problem.orders[problem.position[other]] for other in {name, *partners.get(name, ())}]
        looked_at += len(members) * len(problem.engineers)
        if name in found or not all(math.isfinite(order.drop_cost) for order in members):
            continue
        asks_hours = looked_at <= _PAIRS
        people = [
            {
                engineer.id
                for engineer, fit in zip(problem.engineers, rows[problem.position[order.id]], strict=True)
                if fit and (not asks_hours or hours(order, engineer))
            }
            for order in members
        ]
        if not all(people) or len(set().union(*people)) < len(members):
            found.update(order.id for order in members)
    return frozenset(found)


def without_crews(problem: DispatchProblem, names: Collection[str]) -> list[str]:
    """Return orders in their order, of a crew order only the first visit.

    Parameters
    ----------
    problem, names
        The problem, and orders of it.
    """
    from optimize.why.nobody import crew_of

    others = {name for order in names for name in crew_of(problem, order)[1:] if _leads(problem, order)}
    return sorted({*names} - others)


def _leads(problem: DispatchProblem, order: str) -> bool:
    return bool(problem.orders[problem.position[order]].links)

"""What it costs to serve an order: at all, by a named engineer, within a range of starts.

Every price is that of a plan, found by searching on from the plan that is explained with the order pinned;
many engineers and ranges are first compared with everything else where it is.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from optimize.why.asking import Asked, Range
from optimize.why.model import Forcing, RuleStep, Slot, Way
from optimize.why.solving import Settled, as_it_stands, improved, order_of, together, without
from optimize.why.wording import forcing_text, refusal_text, slot_text

#: How many engineers and ranges are planned anew, and how many ranges are looked at.
_ENGINEERS, _RANGES, _LOOKED_AT = 8, 6, 36
#: Up to how many orders all of them are planned anew, since that takes no time.
_FEW = 20
#: How many appointments are offered.
_OFFERED = 3
#: Hours by which whole seconds may be past a due time.
_SECOND = 1.0 / 3600.0


@dataclass(frozen=True)
class Price:
    """What serving an order adds to all other costs.

    Parameters
    ----------
    engineer, start
        How it is served.
    in_place, anew
        What serving it adds, with everything else where it is and with the rest planned anew.
    place, way
        How it could be served, likewise.
    best_cost
        Cost of the cheapest plan seen.
    """

    engineer: str | None
    start: float | None
    in_place: float | None
    anew: float | None
    place: Way | None
    way: Way | None
    best_cost: float


def price_served(asked: Asked) -> Price:
    """Return by how much everything else would cost less without an order that is served."""
    base, drop_cost = asked.base, asked.drop_cost
    rest = without(asked.problem, together(asked.problem, asked.order))
    stands = as_it_stands(rest, base.plan)
    cost = improved(rest, stands, asked.effort).cost
    return Price(
        engineer=base.plan.engineer_of[asked.order],
        start=base.plan.start_of[asked.order],
        in_place=base.cost - stands.cost,
        anew=base.cost - cost,
        place=None,
        way=None,
        best_cost=base.cost if drop_cost is None else min(base.cost, cost + drop_cost),
    )


def price_left(asked: Asked, near: Mapping[str, Settled | None]) -> Price:
    """Return the cheapest way known to serve an order that is left for later."""
    placed = [settled for settled in near.values() if settled is not None]
    place = asked.way(min(placed, key=lambda settled: settled.rank, default=None))
    way, saved = asked.way(asked.cheapest()), asked.drop_cost or 0.0
    return Price(
        engineer=None,
        start=None,
        in_place=None if place is None else place.extra + saved,
        anew=None if way is None else way.extra + saved,
        place=place,
        way=way,
        best_cost=asked.base.cost if way is None else min(asked.base.cost, way.cost),
    )


def search_engineers(asked: Asked, near: Mapping[str, Settled | None]) -> frozenset[str]:
    """Plan anew with the order at each engineer, the cheapest places first; return for whom that was done."""
    most = _ENGINEERS if len(asked.problem.orders) > _FEW else len(near)
    likely = sorted(near, key=lambda name: (_cost(near[name]), name))[:most]
    for engineer in likely:
        asked.search(engineer)
    return frozenset(likely)


def forcings(
    asked: Asked,
    steps: Sequence[RuleStep],
    near: Mapping[str, Settled | None],
    searched: Collection[str],
) -> tuple[Forcing, ...]:
    """Return what giving an order to each engineer costs, the cheapest first, then who may not have it."""
    found = []
    for name, placed in near.items():
        best = asked.cheapest(name)
        way, anew = asked.way(best), name in searched or _cost(best) < _cost(placed)
        found.append(Forcing(name, None, way, anew, forcing_text(name, way, anew)))
    found.sort(key=lambda f: (math.inf if f.way is None else f.way.cost, f.engineer))
    for step in steps:
        for name in step.removed:
            found.append(Forcing(name, step.rule, None, False, refusal_text(name, step.rule)))
    return tuple(found)


def search_ranges(asked: Asked, able: Sequence[str], hours: float) -> list[Range]:
    """Plan anew with the start in each of some ranges, and return the ranges that were looked at."""
    near = [(_cost(asked.place(starts=starts)), starts) for starts in ranges(asked, able, hours)]
    most = _RANGES if len(asked.problem.orders) > _FEW else len(near)
    for _, starts in sorted(near)[:most]:
        asked.search(starts=starts)
    return [starts for _, starts in near]


def slots(asked: Asked, looked_at: Sequence[Range]) -> tuple[Slot, ...]:
    """Return up to three appointments to offer: of the ranges looked at the cheapest, the cheapest first."""
    order, found = order_of(asked.problem, asked.order), []
    dues = [due.at for due in order.dues if due.clock == "attend"]
    for starts in looked_at:
        way = asked.way(asked.appointment(starts))
        if way is not None:
            late = any(way.start > due + _SECOND for due in dues)
            found.append(Slot(*starts, way, slot_text(*starts, way, late=late)))
    return tuple(sorted(found, key=_by_cost)[:_OFFERED])


def ranges(asked: Asked, able: Sequence[str], hours: float) -> list[Range]:
    """Return ranges of the start, between whole multiples of their length, in which somebody able can begin.

    A range that begins before the first of their shifts, or ends too late for the work, is cut off there.
    """
    order = order_of(asked.problem, asked.order)
    work = 0.0 if order.may_pause else order.duration
    found: dict[int, Range] = {}
    for name in able:
        engineer = asked.problem.engineers[asked.problem.engineer_position[name]]
        for shift in engineer.shifts:
            low = max(shift.opens, engineer.free_at, order.earliest)
            high = min(shift.closes + shift.overtime - work, order.latest)
            first = math.floor(low / hours)
            for k in range(first, min(math.floor(high / hours), first + _LOOKED_AT) + 1):
                begins, ends = max(k * hours, low), min((k + 1) * hours, high)
                if begins < ends or begins == ends == low == high:
                    known = found.get(k, (begins, ends))
                    found[k] = min(begins, known[0]), max(ends, known[1])
    return [found[k] for k in sorted(found)][:_LOOKED_AT]


def _by_cost(slot: Slot) -> tuple[float, float]:
    return round(slot.way.cost, 6), slot.begins


def _cost(settled: Settled | None) -> float:
    return math.inf if settled is None else settled.cost

"""From what a planning policy sees to the columns of the search: clocks, ways, shifts and prices.

All prices are in hours of lateness of an ordinary order. A target that can still be kept is a window that the
visit meets or is left out of the plan for a price, because to miss it costs at once what no further hour
costs; where every target is missed, each further hour costs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from optimize.in_loop.solving import FORBIDDEN
from scenarios.fault_specs import StageSpec
from scenarios.fields import Severity
from scenarios.world import FloatArray
from sim.policies import Available, Situation, Waiter

#: An instant that never comes, and hours that no way takes.
_NEVER, _NO_WAY = 1e9, 1e4
#: Hours between two visits of an order, and rounds in which expected hours over all its visits settle.
_BETWEEN, _ROUNDS = 2.0, 12
#: Beyond so many hours a way leads to another city: it may go on after the shift, so that only a share of
#: what is beyond is taken from it. Hours at present take long to find for such a way.
_IN_CITY, _OF_SHIFT = 3.0, 0.33


@dataclass(frozen=True)
class Prices:
    """What counts, in hours of lateness of an order of weight 1.

    Parameters
    ----------
    missed, restored, lost
        A target that is missed; how many times as much it is where the reserve for restoration in time is
        gone; and how many times that where restoration in time is no longer to be expected.
    waiting, open
        An hour of waiting, late or not, and what it costs more where service is out by a major fault or an
        emergency and a clock runs until it is restored.
    lead, ahead
        Hours before the latest start that still keeps the clock of restoration from which each hour costs
        more, and by how much.
    urgency
        Share by which each step of priority above the lowest raises all that an order costs.
    travel
        An hour on the way.
    breadth
        Each level in a skill that somebody holds beyond the least qualified.
    risk
        Hours by which somebody who is not free yet is taken to be later.
    reach
        Hours after which what is left out is taken to be served.
    stretch
        Hours past the end of a shift in which work may still begin.
    spread
        Factor on the expected hours until service is restored, with a reserve: hours of work vary, visits are
        repeated, and waits between them are longer where much is late.
    """

    missed: float = 8.0
    restored: float = 8.0
    lost: float = 5.0
    waiting: float = 0.05
    open: float = 2.0
    lead: float = 12.0
    ahead: float = 0.6
    urgency: float = 3.0
    travel: float = 0.5
    breadth: float = 0.02
    risk: float = 0.25
    reach: float = 36.0
    stretch: float = 1.0
    spread: float = 3.0


def columns_of(situation: Situation, prices: Prices) -> dict[str, Any]:
    """Return the columns of the search for a situation."""
    waiters, people = situation.waiters, situation.people
    places = _places(situation)
    serving = np.array([[w.serving >> p.engineer.category & 1 for p in people] for w in waiters], bool)
    travel = _ways(situation, places, serving)
    where = [places[_place(w)] for w in waiters]
    at = [places[p.engineer.location] for p in people]
    free = np.array([p.free_at if p.is_free else p.free_at + prices.risk for p in people])
    soonest = _soonest(free, travel[np.ix_(at, where)].T, serving)
    return {
        "travel": np.where(travel > _IN_CITY, _IN_CITY + (travel - _IN_CITY) * _OF_SHIFT, travel)[None],
        "price": prices.travel * travel[None],
        "slice_length": 24.0,
        "assign": _assignments(people, serving, prices),
        "parts": np.zeros((len(waiters), 0)),
        "van": np.zeros((len(people), 0)),
        **_visits(situation, where, soonest, prices),
        **_engineers(at, free),
        **_shifts(people, prices),
    }


def _place(waiter: Waiter) -> int:
    """Return the location of an order's visit; -1, which is near to all, for work away from the site."""
    order = waiter.order
    return order.site if order.kind.stages[order.stage].on_site else -1


def _places(situation: Situation) -> dict[int, int]:
    """Return a position for each location that matters, and the last one for anywhere."""
    known = {p.engineer.location: None for p in situation.people}
    known |= {place: None for w in situation.waiters if (place := _place(w)) >= 0}
    return {**{place: i for i, place in enumerate(known)}, -1: len(known)}


def _ways(situation: Situation, places: dict[int, int], serving: Any) -> FloatArray:
    """Return the expected hours between places; those of the present from where people are."""
    listed = [place for place in places if place >= 0]
    ways = np.zeros((len(places), len(places)))
    ways[:-1, :-1] = np.minimum(np.nan_to_num(situation.hours(listed, listed), nan=_NO_WAY), _NO_WAY)
    starts = [(places[p.engineer.location], p.engineer.location, p.is_free) for p in situation.people]
    for row, waiter in enumerate(situation.waiters):
        site = _place(waiter)
        if site < 0:
            continue
        to, column = situation.hours_to(site), places[site]
        for k, (position, location, is_free) in enumerate(starts):
            if serving[row, k] and (is_free or ways[position, column] < _IN_CITY):
                ways[position, column] = min(to[location], _NO_WAY)
    return ways


def _soonest(free: FloatArray, hours: FloatArray, serving: Any) -> FloatArray:
    """Return when the first of those who may serve each order could be there."""
    arrival: FloatArray = np.where(serving, free + hours, np.inf).min(axis=1, initial=np.inf)
    return arrival


def _visits(situation: Situation, where: list[int], soonest: FloatArray, prices: Prices) -> dict[str, Any]:
    """Return the columns of visits, their clocks among them."""
    now, waiters = situation.now, situation.waiters
    count = len(waiters)
    dues = np.zeros((count, 3, 2))
    latest, drop = np.full(count, _NEVER), np.zeros(count)
    for row, waiter in enumerate(waiters):
        weight = _weight(waiter, prices)
        targets = _targets(waiter, prices)
        is_open = waiter.restore_due == waiter.restore_due
        is_out = is_open and waiter.order.priority < Severity.NORMAL.priority
        dues[row, 0] = now, weight * (prices.waiting + prices.open * is_out)
        if targets:
            dues[row, 1] = targets[0][0], weight
        if is_open:
            restore = next(due for due, price in targets if price > prices.missed)
            dues[row, 2] = restore - prices.lead, weight * prices.ahead
        kept = [target for target in targets if target[0] >= soonest[row]]
        # What is left out waits on: that is never cheaper than the last start that keeps the target, and what
        # is late already does not push aside what is more urgent where there is no time for both.
        price, until = 0.0, now + prices.reach
        if kept:
            latest[row], price = kept[0]
            until = max(until, latest[row])
        hours = np.maximum(until - dues[row, :, 0], 0.0)
        drop[row] = weight * price + hours @ dues[row, :, 1]
    nothing = np.zeros(count)
    return {
        "place": where,
        "service": [w.order.expected_hours for w in waiters],
        "earliest": np.full(count, now),
        "latest": latest,
        "drop": drop,
        "dues": dues,
        "demand": nothing,
        "may_pause": np.ones(count),
        "remote": np.zeros(count),
        "tools": nothing,
        "partner": np.full(count, -1),
        "gap_low": nothing,
        "gap_high": nothing,
    }


def _weight(waiter: Waiter, prices: Prices) -> float:
    """Return what an hour of lateness of an order costs."""
    return waiter.order.weight * (1.0 + prices.urgency * (4 - min(waiter.order.priority, 4)))


def _targets(waiter: Waiter, prices: Prices) -> list[tuple[float, float]]:
    """Return by when a visit has to start for each clock and what it costs to miss that, the first first."""
    order = waiter.order
    here, rest = _until(order.kind.stages)[order.stage]
    restored = prices.missed * prices.restored
    targets = [
        (waiter.respond_due - here, prices.missed),
        (waiter.attend_due - here, prices.missed),
        (waiter.restore_due - prices.spread * rest, restored),
        (waiter.restore_due - rest, restored * prices.lost),
    ]
    return sorted(target for target in targets if target[0] == target[0])


@lru_cache(maxsize=1024)
def _until(stages: tuple[StageSpec, ...]) -> list[tuple[float, float]]:
    """Return for each stage the hours from its start until somebody is on site, and until it is restored.

    Both are expected, with the waits between visits.
    """
    there = [0.0 if stage.on_site else stage.expected_hours for stage in stages]
    rest = [stage.expected_hours for stage in stages]
    for _ in range(_ROUNDS):
        for k, stage in enumerate(stages):
            then_there, then_rest, before = 0.0, 0.0, 0.0
            for target, chance in stage.following:
                then_there += (chance - before) * (_BETWEEN + there[target])
                then_rest += (chance - before) * (_BETWEEN + rest[target])
                before = chance
            there[k] = 0.0 if stage.on_site else stage.expected_hours + then_there
            rest[k] = stage.expected_hours + (0.0 if stage.restores else then_rest)
    return list(zip(there, rest, strict=True))


def _assignments(people: Sequence[Available], serving: Any, prices: Prices) -> FloatArray:
    """Return what it costs to send each engineer: skills that others may need."""
    breadth = np.array([p.engineer.breadth for p in people], float)
    costs: FloatArray = np.where(serving, prices.breadth * (breadth - breadth.min(initial=0.0)), FORBIDDEN)
    return costs


def _engineers(at: list[int], free: FloatArray) -> dict[str, Any]:
    count = len(free)
    nothing, nobody = np.zeros(count), np.full(count, -1)
    return {
        "first": at,
        "last": nobody,
        "depot": nobody,
        "depot_hours": nothing,
        "free": free,
        "overtime": nothing,
        "fixed": nothing,
        "rate": np.ones(count),
        "duration": nothing,
        "fairness": nothing,
        "capacity": np.ones(count),
        "kit": np.zeros(count, np.int64),
    }


def _shifts(people: Sequence[Available], prices: Prices) -> dict[str, FloatArray]:
    """Return the shifts, in which all work begins; what is left at the end goes on in the next."""
    shape = (len(people), max((len(p.shifts) for p in people), default=1))
    opens, closes = np.full(shape, FORBIDDEN), np.full(shape, -FORBIDDEN)
    for row, available in enumerate(people):
        for k, (begin, end) in enumerate(available.shifts):
            opens[row, k], closes[row, k] = begin, min(end + prices.stretch, _NEVER)
    never = np.full(shape, FORBIDDEN)
    return {"opens": opens, "closes": closes, "hard": closes, "break_begins": never, "break_ends": never}

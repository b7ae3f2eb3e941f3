"""One route from its first departure to its last return: times and cost, compiled.

`simple_route` serves engineers with one shift, no break, no depot and travel that does not depend on the
hour, who go to every visit. `any_route` serves all others, and keeps enough of each stop that `changed` need
only walk from a change to where the route is as before. All give the same figures where they may be used.
"""

from __future__ import annotations

from typing import cast

import numpy as np

from optimize.lns.data import (
    BREAK_BEGINS,
    BREAK_ENDS,
    CAPACITY,
    CLOSED,
    CLOSES,
    COST,
    DEMAND,
    DEPOT,
    DEPOT_AT,
    DEPOT_HOURS,
    DUE,
    DURATION,
    EARLIEST,
    END,
    FAIRNESS,
    FIRST,
    FIXED,
    FORBIDDEN,
    FREE,
    HARD,
    KIT,
    LAST,
    LATE,
    LATEST,
    LEAST,
    LEFT,
    LENGTH,
    LONG,
    MAY_PAUSE,
    NONE,
    NOTHING,
    OPENED,
    OPENS,
    OVERTIME,
    PAID,
    PLACE,
    RATE,
    REMOTE,
    ROOM,
    SERVICE,
    SLACK,
    START,
    TAIL,
    TOOLS,
    WAITED,
    WEIGHT,
    WORKED,
    WORST,
    Data,
    IntArray,
    Routes,
)
from optimize.lns.data import is_simple as is_simple
from optimize.lns.kernel import inlined, inner, kernel

#: What may pause: typed, as NONE is.
ALWAYS = cast(bool, np.bool_(True))


@inlined
def lateness(c: int, at: float, data: Data) -> float:
    """Return what it costs that a visit starts at an instant: every clock that it is late for."""
    cost = 0.0
    for k in range(data.dues.shape[1]):
        if at > data.dues[c, k, DUE]:
            cost += data.dues[c, k, WEIGHT] * (at - data.dues[c, k, DUE])
    return cost


@inlined
def first_due(c: int, data: Data) -> float:
    """Return from when on a later start of a visit costs."""
    due = FORBIDDEN
    for k in range(data.dues.shape[1]):
        if data.dues[c, k, WEIGHT] > 0.0:
            due = min(due, data.dues[c, k, DUE])
    return due


@inner
def simple_route(e: int, stops: IntArray, n: int, data: Data, routes: Routes) -> float:
    """Fill in starts and latest starts of a simple route; return its cost, FORBIDDEN if it breaks a rule."""
    if n == 0:
        return 0.0
    travel, price = data.travel[0], data.price[0]
    cost, at, here, load = data.engineer[e, FIXED], data.engineer[e, FREE], data.engineer_of[e, FIRST], 0.0
    for p in range(n):
        c = stops[p]
        there = data.visit_of[c, PLACE]
        cost += data.engineer[e, RATE] * price[here, there] + data.assign[c, e]
        at = max(at + travel[here, there], data.visit[c, EARLIEST])
        if at > data.visit[c, LATEST] + SLACK:
            return FORBIDDEN
        cost += lateness(c, at, data)
        routes.times[e, START, p] = at
        at += data.visit[c, SERVICE]
        here = there
        load += data.visit[c, DEMAND]
    home = data.engineer_of[e, LAST]
    if home >= 0:
        cost += data.engineer[e, RATE] * price[here, home]
        at += travel[here, home]
    if at > data.shift[e, 0, HARD] + SLACK or load > data.engineer[e, CAPACITY] + SLACK:
        return FORBIDDEN
    routes.times[e, START, n] = at
    _latest_starts(e, stops, n, data, routes)
    return float(cost + data.engineer[e, OVERTIME] * max(at - data.shift[e, 0, CLOSES], 0.0))


@inlined
def _latest_starts(e: int, stops: IntArray, n: int, data: Data, routes: Routes) -> None:
    """Fill in how late each stop of a simple route may begin."""
    at, there = data.shift[e, 0, HARD], data.engineer_of[e, LAST]
    routes.times[e, LATE, n] = at
    for p in range(n - 1, -1, -1):
        c = stops[p]
        at -= data.visit[c, SERVICE]
        if there >= 0:
            at -= data.travel[0, data.visit_of[c, PLACE], there]
        at = min(at, data.visit[c, LATEST])
        routes.times[e, LATE, p] = at
        there = data.visit_of[c, PLACE]


@inner
def _leg(e: int, at: float, hours: float, data: Data, pausing: bool) -> tuple[float, float, float]:
    """Return begin, end and overtime of an activity that may start at an instant; infinity if it never can.

    A break is a pause in whatever is going on. What may not pause over night begins in the first shift that
    has room for it up to its hard end; what may goes on in the following shifts.
    """
    left, begun, over = hours, -1.0, 0.0
    for s in range(data.shift.shape[1]):
        if at >= data.shift[e, s, HARD] and not (left <= 0.0 and at <= data.shift[e, s, HARD]):
            continue
        now = max(at, data.shift[e, s, OPENS])
        pause_from, pause_to = data.shift[e, s, BREAK_BEGINS], data.shift[e, s, BREAK_ENDS]
        if pause_from <= now < pause_to:
            now = pause_to
        end = now + left
        if now < pause_from < end:
            end += pause_to - pause_from
        if end <= data.shift[e, s, HARD] + SLACK:
            begin = now if begun < 0.0 else begun
            return begin, end, over + max(end - max(data.shift[e, s, CLOSES], now), 0.0)
        if pausing and now < data.shift[e, s, CLOSES]:
            worked = data.shift[e, s, CLOSES] - now
            if now < pause_from < data.shift[e, s, CLOSES]:
                worked -= pause_to - pause_from
            left -= worked
            begun = now if begun < 0.0 else begun
            at = data.shift[e, s, CLOSES]
    return FORBIDDEN, FORBIDDEN, 0.0


@inlined
def slice_of(at: float, data: Data) -> int:
    """Return which slice of the day an instant lies in."""
    if data.travel.shape[0] == 1:
        return 0
    return int(int(at / data.slice_length) % data.travel.shape[0])


@inlined
def _go(e: int, at: float, here: int, there: int, more: float, data: Data) -> tuple[float, float, float]:
    """Return departure, arrival and price of a way that may begin at an instant; `more` hours follow it."""
    k = slice_of(at, data)
    begun, arrived, over = _leg(e, at, data.travel[k, here, there] + more, data, ALWAYS)
    paid = data.engineer[e, RATE] * data.price[k, here, there] + data.engineer[e, OVERTIME] * over
    return begun, arrived, paid


@inlined
def _work(e: int, c: int, arrived: float, data: Data, routes: Routes) -> tuple[float, float, float]:
    """Return start, end and price of a visit at which an engineer arrives; it never ends if it cannot be."""
    at = max(arrived, routes.windows[c, OPENED])
    begun, end, over = _leg(e, at, data.visit[c, SERVICE], data, data.visit_of[c, MAY_PAUSE] != 0)
    if begun > routes.windows[c, CLOSED] + SLACK:
        end = FORBIDDEN
    paid = data.assign[c, e] + data.engineer[e, OVERTIME] * over + lateness(c, begun, data)
    return begun, end, paid


@inlined
def _room(c: int, begun: float, data: Data, routes: Routes) -> float:
    """Return by how much a visit may begin later at no cost."""
    return float(max(min(first_due(c, data), routes.windows[c, CLOSED]) - begun, 0.0))


@inlined
def place_before_stop(e: int, p: int, data: Data, routes: Routes) -> int:
    """Return where an engineer leaves for the stop at a position: who works from afar stays where he was."""
    for k in range(p - 1, -1, -1):
        c = routes.stops[e, k]
        if data.visit_of[c, REMOTE] == 0:
            return int(data.visit_of[c, PLACE])
        if k == routes.tally[e, DEPOT_AT]:
            return int(data.engineer_of[e, DEPOT])
    return int(data.engineer_of[e, FIRST])


@inner
def any_route(e: int, data: Data, routes: Routes) -> float:
    """Fill in all figures of a route; return its cost, FORBIDDEN if it breaks a rule."""
    n, depot, times = routes.tally[e, LENGTH], routes.tally[e, DEPOT_AT], routes.times[e]
    if n == 0:
        routes.sums[e, LEAST], routes.sums[e, LONG], routes.sums[e, WORKED] = 0.0, 0.0, 0.0
        routes.sums[e, WORST] = 0.0
        return 0.0
    if short_before(e, n if depot < 0 else depot, NONE, data, routes):
        return FORBIDDEN
    at, here, paid = data.engineer[e, FREE], data.engineer_of[e, FIRST], data.engineer[e, FIXED]
    left, waited, room, load, worked, least, worst = -1.0, 0.0, FORBIDDEN, 0.0, 0.0, 0.0, 0.0
    for p in range(n):
        if p == depot:
            there = data.engineer_of[e, DEPOT]
            begun, at, price = _go(e, at, here, there, data.engineer[e, DEPOT_HOURS], data)
            least += data.least[here, there] + data.engineer[e, DEPOT_HOURS]
            left = begun if left < 0.0 else left
            here, paid = there, paid + price
        c = routes.stops[e, p]
        there = here if data.visit_of[c, REMOTE] != 0 else data.visit_of[c, PLACE]
        begun, arrived, price = _go(e, at, here, there, 0.0, data)
        left = begun if left < 0.0 else left
        begun, end, more = _work(e, c, arrived, data, routes)
        if end >= FORBIDDEN:
            return FORBIDDEN
        waited, paid = waited + begun - arrived, paid + price + more
        room = min(room, waited + _room(c, begun, data, routes))
        load, worked = load + data.visit[c, DEMAND], worked + data.visit[c, SERVICE]
        least += data.least[here, there] + data.visit[c, SERVICE]
        if data.largest > 0.0:
            worst = max(worst, begun - first_due(c, data))
        times[START, p], times[END, p], times[PAID, p], times[WAITED, p], times[ROOM, p] = (
            begun,
            end,
            paid,
            waited,
            room,
        )
        at, here = end, there
    home = data.engineer_of[e, LAST]
    if home >= 0:
        _, at, price = _go(e, at, here, home, 0.0, data)
        paid, least = paid + price, least + data.least[here, home]
    if at >= FORBIDDEN or load > data.engineer[e, CAPACITY] + SLACK:
        return FORBIDDEN
    times[START, n], times[PAID, n] = at, paid
    # To leave later by no more than all waiting, and so that no start passes its limit, costs nothing.
    length = at - left - min(waited, room)
    routes.sums[e, LEAST], routes.sums[e, LONG], routes.sums[e, WORKED] = least, length, worked
    routes.sums[e, LEFT], routes.sums[e, WORST] = left, worst
    _backwards(e, n, depot, data, routes)
    return float(paid + data.engineer[e, DURATION] * length + data.engineer[e, FAIRNESS] * worked * worked)


@inner
def _backwards(e: int, n: int, depot: int, data: Data, routes: Routes) -> None:
    """Fill in how late each stop may begin, and by how much all from it on may at no cost."""
    times, at, room, there = routes.times[e], -FORBIDDEN, FORBIDDEN, data.engineer_of[e, LAST]
    for s in range(data.shift.shape[1]):
        at = max(at, data.shift[e, s, HARD])
    times[LATE, n], times[TAIL, n] = at, FORBIDDEN
    for p in range(n - 1, -1, -1):
        c = routes.stops[e, p]
        if p + 1 == depot:
            at -= data.least[data.engineer_of[e, DEPOT], there] + data.engineer[e, DEPOT_HOURS]
            there = data.engineer_of[e, DEPOT]
        at -= data.visit[c, SERVICE]
        if there >= 0 and data.visit_of[c, REMOTE] == 0:
            at -= data.least[data.visit_of[c, PLACE], there]
        at = min(at, routes.windows[c, CLOSED])
        room = min(room, times[WAITED, p] + _room(c, times[START, p], data, routes))
        times[LATE, p], times[TAIL, p] = at, room
        if data.visit_of[c, REMOTE] == 0:
            there = data.visit_of[c, PLACE]


@inlined
def changed(
    e: int, extra: int, position: int, depot: int, data: Data, routes: Routes, bound: float
) -> tuple[float, float]:
    """Return by how much a route costs more with one more stop or the depot elsewhere, and the stop's start.

    Walks from the first change to where the route is as before; FORBIDDEN if a rule on times is broken or
    the bound is passed. Needs the figures of the route as it is.

    Parameters
    ----------
    e
        The engineer.
    extra, position
        A visit to put before the stop at a position; NONE for none, with a position past the end.
    depot
        Before which stop, the extra one counted, the depot is visited; NONE for never.
    data, routes
        The problem and the plan.
    bound
        What the difference must not pass.
    """
    n, present, times = routes.tally[e, LENGTH], routes.tally[e, DEPOT_AT], routes.times[e]
    count = n if extra < 0 else n + 1
    mapped = present + 1 if extra >= 0 and present >= position else present
    first, same = min(position, n), position + 1 if extra >= 0 else 0
    if depot != mapped:
        first = min(first, present if present >= 0 else n, depot if depot >= 0 else n)
        same = max(same, depot, mapped)
    at, here, paid = data.engineer[e, FREE], data.engineer_of[e, FIRST], data.engineer[e, FIXED]
    left, waited, room, asked = -1.0, 0.0, FORBIDDEN, 0.0
    if first > 0:
        here, at, paid = (
            place_before_stop(e, first, data, routes),
            times[END, first - 1],
            times[PAID, first - 1],
        )
        left, waited, room = routes.sums[e, LEFT], times[WAITED, first - 1], times[ROOM, first - 1]
    duration, worked = data.engineer[e, DURATION], routes.sums[e, WORKED]
    base = routes.sums[e, COST] - data.engineer[e, FAIRNESS] * worked * worked
    worked += data.visit[extra, SERVICE] if extra >= 0 else 0.0
    base -= data.engineer[e, FAIRNESS] * worked * worked
    joined, limit = NONE, bound + base - duration * routes.sums[e, LEAST]
    for q in range(first, count):
        if q == depot:
            there = data.engineer_of[e, DEPOT]
            begun, at, price = _go(e, at, here, there, data.engineer[e, DEPOT_HOURS], data)
            left = begun if left < 0.0 else left
            here, paid = there, paid + price
        old = q - 1 if extra >= 0 and q > position else q
        c = extra if q == position and extra >= 0 else routes.stops[e, old]
        there = here if data.visit_of[c, REMOTE] != 0 else data.visit_of[c, PLACE]
        begun, arrived, price = _go(e, at, here, there, 0.0, data)
        left = begun if left < 0.0 else left
        begun, end, more = _work(e, c, arrived, data, routes)
        if end >= FORBIDDEN:
            return FORBIDDEN, 0.0
        waited, paid = waited + begun - arrived, paid + price + more
        room = min(room, waited + _room(c, begun, data, routes))
        if paid > limit:
            return FORBIDDEN, 0.0
        if q == position:
            asked = begun
        # After work from afar he may be elsewhere than before, whenever it begins.
        if q >= same and data.visit_of[c, REMOTE] == 0:
            if begun > times[LATE, old] + SLACK or paid + times[PAID, n] - times[PAID, old] > limit:
                return FORBIDDEN, 0.0
            if abs(begun - times[START, old]) <= 1e-9:
                joined = old
                break
        at, here = end, there
    if joined >= 0:
        at, paid = times[START, n], paid + times[PAID, n] - times[PAID, joined]
        moved = waited - times[WAITED, joined]
        waited, room = times[WAITED, n - 1] + moved, min(room, times[TAIL, joined + 1] + moved)
    else:
        home = data.engineer_of[e, LAST]
        if home >= 0:
            _, at, price = _go(e, at, here, home, 0.0, data)
            paid += price
        if at >= FORBIDDEN:
            return FORBIDDEN, 0.0
    return paid + duration * (at - left - min(waited, room)) - base, asked


@inner
def short_before(e: int, until: int, extra: int, data: Data, routes: Routes) -> bool:
    """Return whether the first stops of a route, and one more, need what is not in the van."""
    needs = data.visit_of[extra, TOOLS] if extra >= 0 else NOTHING
    for p in range(until):
        needs |= data.visit_of[routes.stops[e, p], TOOLS]
    if (needs & ~data.engineer_of[e, KIT]) != 0:
        return True
    for q in range(data.parts.shape[1]):
        left = data.van[e, q] - (data.parts[extra, q] if extra >= 0 else 0.0)
        for p in range(until):
            left -= data.parts[routes.stops[e, p], q]
        if left < -SLACK:
            return True
    return False


@kernel
def renew(e: int, simple: bool, data: Data, routes: Routes) -> None:
    """Compute a route anew after its stops changed."""
    if simple:
        routes.sums[e, COST] = simple_route(e, routes.stops[e], routes.tally[e, LENGTH], data, routes)
    else:
        routes.sums[e, COST] = any_route(e, data, routes)

"""One route from its first departure to its last return: times and cost, compiled.

`simple_route` serves engineers with one shift, no break, no depot and travel that does not depend on the
hour; it also finds how late each stop may begin. `any_route` serves all others. Both give the same figures
where both may be used.
"""

from __future__ import annotations

from numba import njit

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
    LENGTH,
    MAY_PAUSE,
    OPENED,
    OPENS,
    OVERTIME,
    PARTNER,
    PLACE,
    RATE,
    SERVICE,
    SLACK,
    START,
    TOOLS,
    WEIGHT,
    Data,
    FloatArray,
    IntArray,
    Routes,
)


@njit(cache=True)
def is_simple(data: Data) -> bool:
    """Return whether every route of a problem is simple."""
    if data.travel.shape[0] > 1 or data.parts.shape[1] > 0 or data.shift.shape[1] > 1:
        return False
    for e in range(data.engineer.shape[0]):
        if (
            data.engineer[e, DURATION] > 0.0
            or data.engineer[e, FAIRNESS] > 0.0
            or data.shift[e, 0, BREAK_BEGINS] < FORBIDDEN
        ):
            return False
        if data.shift[e, 0, OPENS] > data.engineer[e, FREE]:
            return False
    for c in range(data.visit.shape[0]):
        if data.visit_of[c, TOOLS] != 0 or data.visit_of[c, PARTNER] >= 0 or data.visit_of[c, MAY_PAUSE] != 0:
            return False
    return True


@njit(cache=True)
def lateness(c: int, at: float, data: Data) -> float:
    """Return what it costs that a visit starts at an instant: every clock that it is late for."""
    cost = 0.0
    for k in range(data.dues.shape[1]):
        if at > data.dues[c, k, DUE]:
            cost += data.dues[c, k, WEIGHT] * (at - data.dues[c, k, DUE])
    return cost


@njit(cache=True)
def first_due(c: int, data: Data) -> float:
    """Return from when on a later start of a visit costs."""
    due = FORBIDDEN
    for k in range(data.dues.shape[1]):
        if data.dues[c, k, WEIGHT] > 0.0:
            due = min(due, data.dues[c, k, DUE])
    return due


@njit(cache=True)
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


@njit(cache=True)
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


@njit(cache=True)
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


@njit(cache=True)
def _slice(at: float, data: Data) -> int:
    """Return which slice of the day an instant lies in."""
    return int(int(at / data.slice_length) % data.travel.shape[0])


@njit(cache=True)
def any_route(
    e: int,
    stops: IntArray,
    n: int,
    extra: int,
    position: int,
    depot: int,
    data: Data,
    routes: Routes,
    start: FloatArray,
    bound: float,
) -> float:
    """Return the cost of a route with one more stop and a visit to the depot, FORBIDDEN if it breaks a rule.

    Parameters
    ----------
    e
        The engineer.
    stops, n
        His stops, of which the first `n` count.
    extra, position
        A visit to put before the stop at a position; -1 for none.
    depot
        Before which stop, the extra one counted, the depot is visited; -1 for never.
    data, routes
        The problem, and the windows of starts at present.
    start
        Filled with the start of each stop, the extra one counted, and the end.
    bound
        What is FORBIDDEN as soon as the cost passes it.
    """
    count = n + (1 if extra >= 0 else 0)
    if count == 0:
        return 0.0
    cost, at, here, load, worked = (
        data.engineer[e, FIXED],
        data.engineer[e, FREE],
        data.engineer_of[e, FIRST],
        0.0,
        0.0,
    )
    departed, waited, room = -1.0, 0.0, FORBIDDEN
    used = data.parts.shape[1]
    stocked = False
    for p in range(count):
        if p == depot:
            hours = data.travel[_slice(at, data), here, data.engineer_of[e, DEPOT]]
            begun, end, over = _leg(e, at, hours + data.engineer[e, DEPOT_HOURS], data, True)
            cost += (
                data.engineer[e, RATE] * data.price[_slice(at, data), here, data.engineer_of[e, DEPOT]]
                + data.engineer[e, OVERTIME] * over
            )
            if departed < 0.0:
                departed = begun
            at, here, stocked = end, data.engineer_of[e, DEPOT], True
        c = extra if p == position else stops[p - 1 if 0 <= position < p else p]
        there, k = data.visit_of[c, PLACE], _slice(at, data)
        if not stocked and (data.visit_of[c, TOOLS] & ~data.engineer_of[e, KIT]) != 0:
            return FORBIDDEN
        begun, arrived, over = _leg(e, at, data.travel[k, here, there], data, True)
        if departed < 0.0:
            departed = begun
        cost += (
            data.engineer[e, RATE] * data.price[k, here, there]
            + data.assign[c, e]
            + data.engineer[e, OVERTIME] * over
        )
        begun, end, over = _leg(
            e,
            max(arrived, routes.windows[c, OPENED]),
            data.visit[c, SERVICE],
            data,
            data.visit_of[c, MAY_PAUSE] != 0,
        )
        if begun > routes.windows[c, CLOSED] + SLACK or end >= FORBIDDEN:
            return FORBIDDEN
        waited += begun - arrived
        room = min(room, waited + max(min(first_due(c, data), routes.windows[c, CLOSED]) - begun, 0.0))
        cost += data.engineer[e, OVERTIME] * over + lateness(c, begun, data)
        if cost > bound:
            return FORBIDDEN
        start[p] = begun
        at, here = end, there
        load += data.visit[c, DEMAND]
        worked += data.visit[c, SERVICE]
    home = data.engineer_of[e, LAST]
    if home >= 0:
        k = _slice(at, data)
        begun, at, over = _leg(e, at, data.travel[k, here, home], data, True)
        cost += data.engineer[e, RATE] * data.price[k, here, home] + data.engineer[e, OVERTIME] * over
    if at >= FORBIDDEN or load > data.engineer[e, CAPACITY] + SLACK:
        return FORBIDDEN
    if used > 0 and _short_of_parts(e, stops, count, extra, position, depot, data):
        return FORBIDDEN
    start[count] = at
    # To leave later by no more than all waiting, and so that no start passes its limit, costs nothing.
    cost += data.engineer[e, DURATION] * (at - departed - min(waited, room))
    return float(cost + data.engineer[e, FAIRNESS] * worked * worked)


@njit(cache=True)
def _short_of_parts(
    e: int, stops: IntArray, count: int, extra: int, position: int, depot: int, data: Data
) -> bool:
    """Return whether the stops before the depot take more parts than the van carries."""
    until = count if depot < 0 else depot
    for q in range(data.parts.shape[1]):
        left = data.van[e, q]
        for p in range(until):
            c = extra if p == position else stops[p - 1 if 0 <= position < p else p]
            left -= data.parts[c, q]
        if left < -SLACK:
            return True
    return False


@njit(cache=True)
def renew(e: int, simple: bool, data: Data, routes: Routes) -> None:
    """Compute a route anew after its stops changed."""
    n = routes.tally[e, LENGTH]
    if simple:
        routes.sums[e, COST] = simple_route(e, routes.stops[e], n, data, routes)
    else:
        routes.sums[e, COST] = any_route(
            e,
            routes.stops[e],
            n,
            -1,
            -1,
            routes.tally[e, DEPOT_AT],
            data,
            routes,
            routes.times[e, START],
            FORBIDDEN,
        )

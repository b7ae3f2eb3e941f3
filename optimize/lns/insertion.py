"""Where a visit costs least, compiled: over the positions of a route, with the depot or without."""

from __future__ import annotations

from numba import njit

from optimize.lns.chance import State, chance
from optimize.lns.data import (
    CAPACITY,
    CLOSED,
    CLOSES,
    COST,
    DEMAND,
    DEPOT,
    DEPOT_AT,
    DURATION,
    EARLIEST,
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
    LOAD,
    OPENED,
    OVERTIME,
    PLACE,
    RATE,
    SERVICE,
    SLACK,
    START,
    TOOLS,
    Data,
    FloatArray,
    Routes,
)
from optimize.lns.walk import any_route, lateness


@njit(cache=True)
def simple_place(
    c: int, e: int, data: Data, routes: Routes, blink: float, state: State, bound: float
) -> tuple[float, int]:
    """Return by how much a visit raises the cost of a simple route, and where; -1 if the bound is passed.

    Parameters
    ----------
    c, e
        The visit and the engineer.
    data, routes
        The problem and the plan.
    blink
        Probability with which a position is not looked at.
    state
        State of the random numbers.
    bound
        What the visit may cost at most.
    """
    travel, price = data.travel[0], data.price[0]
    best, where, base = bound, -1, data.assign[c, e]
    if base >= best or routes.sums[e, LOAD] + data.visit[c, DEMAND] > data.engineer[e, CAPACITY] + SLACK:
        return best, where
    n, here, leaves = routes.tally[e, LENGTH], data.engineer_of[e, FIRST], data.engineer[e, FREE]
    there, home = data.visit_of[c, PLACE], data.engineer_of[e, LAST]
    rate, opens, closes = data.engineer[e, RATE], data.visit[c, EARLIEST], data.visit[c, LATEST] + SLACK
    if n == 0:
        base += data.engineer[e, FIXED]
    for p in range(n + 1):
        if p > 0:
            before = routes.stops[e, p - 1]
            here = data.visit_of[before, PLACE]
            leaves = routes.times[e, START, p - 1] + data.visit[before, SERVICE]
            if leaves > closes:
                break
        if blink > 0.0 and chance(state) < blink:
            continue
        following = data.visit_of[routes.stops[e, p], PLACE] if p < n else home
        extra = price[here, there]
        if following >= 0:
            extra += price[there, following]
            if n > 0:
                extra -= price[here, following]
        cost = base + rate * extra
        if cost >= best:
            continue
        at = max(leaves + travel[here, there], opens)
        if at > closes:
            break
        cost += lateness(c, at, data)
        at += data.visit[c, SERVICE]
        if following >= 0:
            at += travel[there, following]
        limit = routes.times[e, LATE, p] if n > 0 else data.shift[e, 0, HARD]
        if cost >= best or at > limit + SLACK:
            continue
        cost = _pushed(e, p, n, at, cost, best, data, routes)
        if cost < best:
            best, where = cost, p
    return best, where


@njit(cache=True)
def _pushed(
    e: int, p: int, n: int, at: float, cost: float, bound: float, data: Data, routes: Routes
) -> float:
    """Return a cost with the lateness and overtime of the stops from a position on, the first met at `at`."""
    for k in range(p, n):
        c = routes.stops[e, k]
        before = routes.times[e, START, k]
        at = max(at, data.visit[c, EARLIEST])
        if at <= before + SLACK:
            return cost
        cost += lateness(c, at, data) - lateness(c, before, data)
        if cost >= bound:
            return cost
        at += data.visit[c, SERVICE]
        following = data.visit_of[routes.stops[e, k + 1], PLACE] if k + 1 < n else data.engineer_of[e, LAST]
        if following >= 0:
            at += data.travel[0, data.visit_of[c, PLACE], following]
    end = data.shift[e, 0, CLOSES]
    before = max(routes.times[e, START, n], end) if n > 0 else end
    return float(cost + data.engineer[e, OVERTIME] * max(at - before, 0.0))


@njit(cache=True)
def _fits(c: int, e: int, p: int, data: Data, routes: Routes) -> int:
    """Return 1 if a visit may fit before a stop, 0 if it surely does not, -1 if nor does it any later.

    Looks at the stop before and the one after, as they start now; fetching at the depot only takes longer.
    """
    if data.travel.shape[0] > 1:
        return 1
    here, leaves, there = data.engineer_of[e, FIRST], data.engineer[e, FREE], data.visit_of[c, PLACE]
    if p > 0:
        one = routes.stops[e, p - 1]
        here, leaves = data.visit_of[one, PLACE], routes.times[e, START, p - 1] + data.visit[one, SERVICE]
    at = max(leaves + data.travel[0, here, there], routes.windows[c, OPENED])
    if leaves > routes.windows[c, CLOSED] + SLACK:
        return -1
    if at > routes.windows[c, CLOSED] + SLACK:
        return 0
    if p < routes.tally[e, LENGTH]:
        two = routes.stops[e, p]
        at += data.visit[c, SERVICE] + data.travel[0, there, data.visit_of[two, PLACE]]
        if at > routes.windows[two, CLOSED] + SLACK:
            return 0
    return 1


@njit(cache=True)
def _floor(e: int, data: Data, routes: Routes) -> float:
    """Return what a route costs at least: its ways and its work without any wait, lateness or overtime."""
    if data.travel.shape[0] > 1:
        return -FORBIDDEN
    cost, here = data.engineer[e, FIXED], data.engineer_of[e, FIRST]
    for p in range(routes.tally[e, LENGTH]):
        c = routes.stops[e, p]
        there = data.visit_of[c, PLACE]
        cost += (
            data.assign[c, e]
            + data.engineer[e, DURATION] * data.visit[c, SERVICE]
            + _way(e, here, there, data)
        )
        here = there
    home = data.engineer_of[e, LAST]
    return float(cost + (_way(e, here, home, data) if home >= 0 else 0.0))


@njit(cache=True)
def _way(e: int, here: int, there: int, data: Data) -> float:
    """Return what a way costs at least."""
    return float(
        data.engineer[e, RATE] * data.price[0, here, there]
        + data.engineer[e, DURATION] * data.travel[0, here, there]
    )


@njit(cache=True)
def _detour(c: int, e: int, p: int, data: Data, routes: Routes) -> float:
    """Return what the ways of a route cost more with a visit before a stop."""
    here, there = data.engineer_of[e, FIRST], data.visit_of[c, PLACE]
    if p > 0:
        here = data.visit_of[routes.stops[e, p - 1], PLACE]
    following = data.engineer_of[e, LAST]
    if p < routes.tally[e, LENGTH]:
        following = data.visit_of[routes.stops[e, p], PLACE]
    cost = _way(e, here, there, data)
    if following >= 0:
        cost += _way(e, there, following, data) - _way(e, here, following, data)
    return cost


@njit(cache=True)
def _lacks(c: int, e: int, data: Data, routes: Routes) -> bool:
    """Return whether a route that does without the depot would need it with one more visit."""
    if (data.visit_of[c, TOOLS] & ~data.engineer_of[e, KIT]) != 0:
        return True
    for q in range(data.parts.shape[1]):
        left = data.van[e, q] - data.parts[c, q]
        for p in range(routes.tally[e, LENGTH]):
            left -= data.parts[routes.stops[e, p], q]
        if left < -SLACK:
            return True
    return False


@njit(cache=True)
def any_place(
    c: int,
    e: int,
    data: Data,
    routes: Routes,
    blink: float,
    state: State,
    bound: float,
    start: FloatArray,
) -> tuple[float, int, int]:
    """Return by how much a visit raises the cost of any route, its position, and that of the depot.

    The depot stays where it is if the route has it; it is tried before every stop up to the visit if the
    route needs it then.
    """
    if (
        data.assign[c, e] >= bound
        or routes.sums[e, LOAD] + data.visit[c, DEMAND] > data.engineer[e, CAPACITY] + SLACK
    ):
        return bound, -1, -1
    n, stops, present = routes.tally[e, LENGTH], routes.stops[e], routes.tally[e, DEPOT_AT]
    before, best, where, depot = routes.sums[e, COST], bound, -1, -1
    floor = _floor(e, data, routes) + data.assign[c, e] + data.engineer[e, DURATION] * data.visit[c, SERVICE]
    fetches = present < 0 and data.engineer_of[e, DEPOT] >= 0 and _lacks(c, e, data, routes)
    for p in range(n + 1):
        if blink > 0.0 and chance(state) < blink:
            continue
        fits = _fits(c, e, p, data, routes)
        if fits < 0:
            break
        if fits == 0 or floor + _detour(c, e, p, data, routes) - before >= best:
            continue
        low, high = -1, 0
        if present >= 0:
            low, high = present, min(present + 2, n + 1)
        elif fetches:
            low, high = 0, p + 1
        for d in range(low, high):
            cost = any_route(e, stops, n, c, p, d, data, routes, start, before + best) - before
            if cost < best:
                best, where, depot = cost, p, d
    return best, where, depot


@njit(cache=True)
def best_depot(e: int, data: Data, routes: Routes, start: FloatArray) -> tuple[float, int]:
    """Return the least cost of a route as it is, over all places of a visit to the depot and none."""
    n, stops = routes.tally[e, LENGTH], routes.stops[e]
    best, depot = any_route(e, stops, n, -1, -1, -1, data, routes, start, FORBIDDEN), -1
    if best < FORBIDDEN or data.engineer_of[e, DEPOT] < 0:
        return best, depot
    for d in range(n):
        cost = any_route(e, stops, n, -1, -1, d, data, routes, start, FORBIDDEN)
        if cost < best:
            best, depot = cost, d
    return best, depot


@njit(cache=True)
def insert(c: int, e: int, p: int, data: Data, routes: Routes) -> None:
    """Put a visit before the stop at a position."""
    n = routes.tally[e, LENGTH]
    for k in range(n, p, -1):
        routes.stops[e, k] = routes.stops[e, k - 1]
    routes.stops[e, p] = c
    routes.tally[e, LENGTH] = n + 1
    routes.sums[e, LOAD] += data.visit[c, DEMAND]
    routes.route_of[c] = e


@njit(cache=True)
def take_out(e: int, p: int, data: Data, routes: Routes) -> int:
    """Take out the stop at a position and return its visit."""
    c = routes.stops[e, p]
    for k in range(p, routes.tally[e, LENGTH] - 1):
        routes.stops[e, k] = routes.stops[e, k + 1]
    routes.tally[e, LENGTH] -= 1
    routes.sums[e, LOAD] -= data.visit[c, DEMAND]
    routes.route_of[c] = -1
    return int(c)


@njit(cache=True)
def place_in(e: int, c: int, routes: Routes) -> int:
    """Return the position of a visit in its route."""
    p = 0
    while routes.stops[e, p] != c:
        p += 1
    return p

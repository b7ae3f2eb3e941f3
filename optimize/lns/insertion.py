"""Where a visit costs least, compiled: over the positions of a route, with the depot or without."""

from __future__ import annotations

from numba import njit

from optimize.lns.chance import State, chance
from optimize.lns.data import (
    CAPACITY,
    CLOSES,
    COST,
    DEMAND,
    DEPOT,
    DEPOT_AT,
    EARLIEST,
    FIRST,
    FIXED,
    FORBIDDEN,
    FREE,
    HARD,
    LAST,
    LATE,
    LATEST,
    LENGTH,
    LOAD,
    OVERTIME,
    PLACE,
    RATE,
    SERVICE,
    SLACK,
    START,
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

    The depot stays where it is if the route has it; it is tried before every stop if the route needs it.
    """
    if (
        data.assign[c, e] >= bound
        or routes.sums[e, LOAD] + data.visit[c, DEMAND] > data.engineer[e, CAPACITY] + SLACK
    ):
        return bound, -1, -1
    n, stops, before, present = (
        routes.tally[e, LENGTH],
        routes.stops[e],
        routes.sums[e, COST],
        routes.tally[e, DEPOT_AT],
    )
    best, where, depot = bound, -1, -1
    for p in range(n + 1):
        if blink > 0.0 and chance(state) < blink:
            continue
        if present < 0:
            cost = any_route(e, stops, n, c, p, -1, data, routes, start, before + best) - before
            if cost < best:
                best, where, depot = cost, p, -1
                continue
        if data.engineer_of[e, DEPOT] < 0:
            continue
        low, high = (0, n + 1) if present < 0 else (present, present + 2)
        for d in range(low, min(high, n + 1)):
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

"""Where a visit costs least, compiled: over the positions of a route, with the depot or without."""

from __future__ import annotations

from optimize.lns.chance import State, chance
from optimize.lns.data import (
    CAPACITY,
    CLOSED,
    CLOSES,
    COST,
    DEMAND,
    DEPOT,
    DEPOT_AT,
    DEPOT_HOURS,
    DURATION,
    EARLIEST,
    END,
    FIRST,
    FIXED,
    FORBIDDEN,
    FREE,
    HARD,
    LAST,
    LATE,
    LATEST,
    LEAST,
    LENGTH,
    LOAD,
    LONG,
    NONE,
    NOTHING,
    OPENED,
    OVERTIME,
    PLACE,
    RATE,
    REMOTE,
    SERVICE,
    SLACK,
    START,
    TOOLS,
    Data,
    Routes,
)
from optimize.lns.kernel import inlined, inner
from optimize.lns.walk import any_route, changed, lateness, place_before_stop, short_before, slice_of


@inlined
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
    best, where, base = bound, NONE, data.assign[c, e]
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


@inlined
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


@inlined
def _next_place(e: int, p: int, data: Data, routes: Routes) -> int:
    """Return where the stop at a position is, or the first after it to which he goes; -1 for nowhere."""
    for k in range(p, routes.tally[e, LENGTH]):
        c = routes.stops[e, k]
        if data.visit_of[c, REMOTE] == 0:
            return int(data.visit_of[c, PLACE])
    return int(data.engineer_of[e, LAST])


@inlined
def _detour(
    e: int, before: int, there: int, after: int, at: float, hours: float, data: Data
) -> tuple[float, float]:
    """Return hours and price of a stop between two places, `hours` spent there counted; -1 for no place."""
    k = slice_of(at, data)
    price = data.price[k, before, there]
    hours += data.least[before, there]
    if after >= 0:
        hours += data.least[there, after] - data.least[before, after]
        price += data.price[k, there, after] - data.price[k, before, after]
    return hours, price * data.engineer[e, RATE]


@inlined
def leaves(e: int, p: int, data: Data, routes: Routes) -> float:
    """Return when an engineer leaves the stop before a position."""
    return float(routes.times[e, END, p - 1] if p > 0 else data.engineer[e, FREE])


@inlined
def _fits(c: int, e: int, p: int, d: int, data: Data, routes: Routes) -> bool:
    """Return whether a visit may fit before a stop, with the depot before or after it if it lies there.

    Looks at the fewest hours of travel, and how late the stop may begin.
    """
    at, depot = leaves(e, p, data, routes), data.engineer_of[e, DEPOT]
    here, following = place_before_stop(e, p, data, routes), _next_place(e, p, data, routes)
    if d == p:
        at, here = at + data.least[here, depot] + data.engineer[e, DEPOT_HOURS], depot
    there = here if data.visit_of[c, REMOTE] != 0 else data.visit_of[c, PLACE]
    at = max(at + data.least[here, there], routes.windows[c, OPENED])
    if at > routes.windows[c, CLOSED] + SLACK:
        return False
    at, here = at + data.visit[c, SERVICE], there
    if d == p + 1:
        at, here = at + data.least[here, depot] + data.engineer[e, DEPOT_HOURS], depot
    if routes.tally[e, LENGTH] == 0:
        return True
    if following >= 0 and (p == routes.tally[e, LENGTH] or data.visit_of[routes.stops[e, p], REMOTE] == 0):
        at += data.least[here, following]
    return bool(at <= routes.times[e, LATE, p] + SLACK)


@inlined
def _at_least(c: int, e: int, p: int, d: int, present: int, data: Data, routes: Routes) -> float:
    """Return what a visit before a stop costs at least, the depot being before stop `d`, the visit counted.

    Exact for the ways but where travel depends on the hour: there a quarter is let off.
    """
    depot, stay = data.engineer_of[e, DEPOT], data.engineer[e, DEPOT_HOURS]
    here, following = place_before_stop(e, p, data, routes), _next_place(e, p, data, routes)
    there = here if data.visit_of[c, REMOTE] != 0 else data.visit_of[c, PLACE]
    at, hours, price = leaves(e, p, data, routes), 0.0, 0.0
    if present >= 0:
        # What the depot takes where it is now is saved, and comes back below.
        one, two = place_before_stop(e, present, data, routes), _next_place(e, present, data, routes)
        more, paid = _detour(e, one, depot, two, leaves(e, present, data, routes), stay, data)
        hours, price = hours - more, price - paid
    more, paid = _detour(e, here, there, following, at, data.visit[c, SERVICE], data)
    hours, price = hours + more, price + paid
    if d == p:
        following = there
    elif d == p + 1:
        here = there
    elif d >= 0:
        beside = d if d < p else d - 1
        here, following = place_before_stop(e, beside, data, routes), _next_place(e, beside, data, routes)
        at = leaves(e, beside, data, routes)
    if d >= 0:
        more, paid = _detour(e, here, depot, following, at, stay, data)
        hours, price = hours + more, price + paid
    if data.travel.shape[0] > 1:
        price *= 0.75 if price > 0.0 else 1.25
    longer = routes.sums[e, LEAST] + hours - routes.sums[e, LONG]
    price += data.assign[c, e] + data.engineer[e, DURATION] * max(longer, 0.0)
    return float(price + (data.engineer[e, FIXED] if routes.tally[e, LENGTH] == 0 else 0.0))


@inlined
def may_take(c: int, e: int, data: Data, routes: Routes, bound: float) -> int:
    """Return 0 if a route cannot take a visit, 1 if it may, 2 if only after the depot."""
    n, present = routes.tally[e, LENGTH], routes.tally[e, DEPOT_AT]
    if (
        data.assign[c, e] >= bound
        or routes.sums[e, LOAD] + data.visit[c, DEMAND] > data.engineer[e, CAPACITY] + SLACK
        or routes.sums[e, COST] >= FORBIDDEN
        or n >= routes.stops.shape[1] - 1
    ):
        return 0
    if not _needs_stock(c, data) or not short_before(e, n if present < 0 else present, c, data, routes):
        return 1
    return 2 if data.engineer_of[e, DEPOT] >= 0 else 0


@inlined
def _unknown(c: int, e: int, d: int, present: int, data: Data, routes: Routes) -> bool:
    """Return whether ways are known only when they are walked: over a depot, and with work from afar."""
    if d < 0 and present < 0:
        return False
    afar = data.visit_of[c, REMOTE]
    for k in range(routes.tally[e, LENGTH]):
        afar += data.visit_of[routes.stops[e, k], REMOTE]
    return bool(afar > 0)


@inlined
def place_before(
    c: int, e: int, p: int, takes: int, data: Data, routes: Routes, bound: float
) -> tuple[float, int, float]:
    """Return by how much a visit before a stop raises the cost, where the depot is then, and the start.

    The depot stays where it is if the route has it, unless the visit comes before it and needs it; then, and
    where the route needs it only now, it is tried before every stop up to the visit. What costs the bound at
    least is no place.
    """
    best, depot, start, present = bound, NONE, 0.0, routes.tally[e, DEPOT_AT]
    low, high = NONE, NONE
    if takes == 2 and (present < 0 or p <= present):
        low, high = NOTHING, p
    elif present >= 0:
        high = present if p > present else present + 1
        low = p if p == present else high
    for d in range(low, high + 1):
        if not _unknown(c, e, d, present, data, routes) and (
            not _fits(c, e, p, d, data, routes) or _at_least(c, e, p, d, present, data, routes) >= best
        ):
            continue
        cost, begun = changed(e, c, p, d, data, routes, best)
        if cost < best:
            best, depot, start = cost, d, begun
    return best, depot, start


@inlined
def any_place(
    c: int,
    e: int,
    data: Data,
    routes: Routes,
    blink: float,
    state: State,
    bound: float,
) -> tuple[float, int, int]:
    """Return by how much a visit raises the cost of any route, its position, and that of the depot."""
    best, where, depot = bound, NONE, NONE
    takes = may_take(c, e, data, routes, bound)
    if takes == 0:
        return best, where, depot
    closes = routes.windows[c, CLOSED] + SLACK
    for p in range(routes.tally[e, LENGTH] + 1):
        if blink > 0.0 and chance(state) < blink:
            continue
        if leaves(e, p, data, routes) > closes:
            break
        cost, d, _ = place_before(c, e, p, takes, data, routes, best)
        if cost < best:
            best, where, depot = cost, p, d
    return best, where, depot


@inner
def _needs_stock(c: int, data: Data) -> bool:
    """Return whether a visit needs a tool or parts at all."""
    if data.visit_of[c, TOOLS] != 0:
        return True
    units = 0.0
    for q in range(data.parts.shape[1]):
        units += data.parts[c, q]
    return units > 0.0


@inner
def place_depot(e: int, data: Data, routes: Routes) -> None:
    """Compute a route anew, with the depot where it costs least or without it if it is not needed."""
    n = routes.tally[e, LENGTH]
    last, had = NOTHING, routes.tally[e, DEPOT_AT] >= 0
    if had:
        while last < n and not short_before(e, last + 1, NONE, data, routes):
            last += 1
    if not had or last == n:
        routes.tally[e, DEPOT_AT] = NONE
        routes.sums[e, COST] = any_route(e, data, routes)
        return
    for d in range(last, -1, -1):
        routes.tally[e, DEPOT_AT] = d
        routes.sums[e, COST] = any_route(e, data, routes)
        if routes.sums[e, COST] < FORBIDDEN:
            break
    present, best, place = routes.tally[e, DEPOT_AT], -SLACK, NONE
    for d in range(present):
        cost, _ = changed(e, NONE, n + 1, d, data, routes, best)
        if cost < best:
            best, place = cost, d
    if place >= 0:
        routes.tally[e, DEPOT_AT] = place
        routes.sums[e, COST] = any_route(e, data, routes)


@inlined
def insert(c: int, e: int, p: int, data: Data, routes: Routes) -> None:
    """Put a visit before the stop at a position."""
    n = routes.tally[e, LENGTH]
    for k in range(n, p, -1):
        routes.stops[e, k] = routes.stops[e, k - 1]
    routes.stops[e, p] = c
    routes.tally[e, LENGTH] = n + 1
    routes.sums[e, LOAD] += data.visit[c, DEMAND]
    routes.route_of[c] = e


@inner
def take_out(e: int, p: int, data: Data, routes: Routes) -> int:
    """Take out the stop at a position and return its visit."""
    c = routes.stops[e, p]
    for k in range(p, routes.tally[e, LENGTH] - 1):
        routes.stops[e, k] = routes.stops[e, k + 1]
    routes.tally[e, LENGTH] -= 1
    routes.sums[e, LOAD] -= data.visit[c, DEMAND]
    routes.route_of[c] = -1
    return int(c)


@inlined
def place_in(e: int, c: int, routes: Routes) -> int:
    """Return the position of a visit in its route."""
    p = 0
    while routes.stops[e, p] != c:
        p += 1
    return p

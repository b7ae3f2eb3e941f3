"""Visits that depend on each other's start, placed together, compiled.

While they are in the plan, their starts are appointments: other stops go around them, so that every route can
still be judged alone. When one is taken out, so are the others, and all are free again.
"""

from __future__ import annotations

from typing import cast

import numpy as np

from optimize.lns.chance import State, chance
from optimize.lns.data import (
    CLOSED,
    COST,
    DEPOT_AT,
    DROP,
    EARLIEST,
    FORBIDDEN,
    GAP_HIGH,
    GAP_LOW,
    LATEST,
    LEADER,
    LENGTH,
    NOTHING,
    OPENED,
    PARTNER,
    RING,
    SLACK,
    START,
    WAITED,
    Data,
    IntArray,
    Routes,
)
from optimize.lns.insertion import (
    insert,
    leaves,
    may_take,
    place_before,
    place_depot,
    place_in,
    take_out,
)
from optimize.lns.keeping import (
    BEFORE,
    CHEAPEST,
    CHOSEN,
    COUNT,
    MEETING,
    PLACES,
    RING_OF,
    SOONEST,
    SPENT,
    STARTS,
    TURN,
    Kept,
    keep,
)
from optimize.lns.kernel import inner, merged
from optimize.lns.walk import changed, renew

#: Most combinations that are looked at.
_LOOKS = 4000
#: Routes with links are never simple.
PLAIN = cast(bool, np.bool_(False))
#: Columns of a place: what it costs, start; and engineer, position, position of the depot.
_COSTS, _STARTS = range(2)
_WHO, _WHERE, _DEPOT = range(3)


@inner
def place_linked(
    c: int, data: Data, able: IntArray, routes: Routes, kept: Kept, blink: float, state: State
) -> bool:
    """Put linked visits where they cost least together; return False if leaving them out costs less.

    The best places of each are combined, cheapest first; where their starts do not meet, those who could
    begin sooner wait.
    """
    size, limit = _gather(c, data, kept), 0.0
    for i in range(size):
        limit += data.visit[kept.ring[RING_OF, i], DROP]
        free(kept.ring[RING_OF, i], data, routes)
    for i in range(size):
        kept.ring[COUNT, i] = offers(i, data, able, routes, blink, state, limit, kept)
        if kept.ring[COUNT, i] == 0:
            return False
    kept.instants[CHEAPEST, size] = 0.0
    for i in range(size - 1, -1, -1):
        kept.instants[CHEAPEST, i] = kept.instants[CHEAPEST, i + 1] + kept.figures[i, 0, _COSTS]
    if not _combine(size, limit, data, routes, kept):
        return False
    for i in range(size):
        if not _fix(i, data, routes, kept):
            for j in range(size):
                q = kept.ring[RING_OF, j]
                e = routes.route_of[q]
                if e >= 0:
                    take_out(e, place_in(e, q, routes), data, routes)
                    place_depot(e, data, routes)
                free(q, data, routes)
            return False
    return True


@inner
def _gather(c: int, data: Data, kept: Kept) -> int:
    """List the visits that are linked with one, the leader first; return how many they are."""
    size, q = 0, data.visit_of[c, LEADER]
    while size < RING and (size == 0 or q != kept.ring[RING_OF, 0]):
        kept.ring[RING_OF, size] = q
        size += 1
        q = data.visit_of[q, PARTNER]
    return size


@inner
def free(c: int, data: Data, routes: Routes) -> None:
    """Give a visit the whole window of its start."""
    routes.windows[c, OPENED], routes.windows[c, CLOSED] = data.visit[c, EARLIEST], data.visit[c, LATEST]


@inner
def offers(
    i: int,
    data: Data,
    able: IntArray,
    routes: Routes,
    blink: float,
    state: State,
    limit: float,
    kept: Kept,
) -> int:
    """List the places of a linked visit by what they cost if it were alone; return how many."""
    c, count, figures = kept.ring[RING_OF, i], NOTHING, kept.figures[i]
    for j in range(able.shape[1]):
        e = able[c, j]
        if e < 0:
            break
        takes = may_take(c, e, data, routes, limit)
        if takes == 0:
            continue
        for p in range(routes.tally[e, LENGTH] + 1):
            if leaves(e, p, data, routes) > routes.windows[c, CLOSED] + SLACK:
                break
            if blink > 0.0 and chance(state) < blink:
                continue
            bound = limit if count < PLACES else figures[count - 1, _COSTS]
            cost, d, start = place_before(c, e, p, takes, data, routes, bound)
            if cost < bound:
                count = _listed(i, count, cost, start, e, p, d, kept)
    return count


@inner
def _listed(i: int, count: int, cost: float, start: float, e: int, p: int, d: int, kept: Kept) -> int:
    """Put a place into the list of a linked visit, which is sorted by cost; return how many it has."""
    figures, places = kept.figures[i], kept.places[i]
    at = count if count < PLACES else count - 1
    while at > 0 and figures[at - 1, _COSTS] > cost:
        for k in range(2):
            figures[at, k] = figures[at - 1, k]
        for k in range(3):
            places[at, k] = places[at - 1, k]
        at -= 1
    figures[at, _COSTS], figures[at, _STARTS] = cost, start
    places[at, _WHO], places[at, _WHERE], places[at, _DEPOT] = e, p, d
    return min(count + 1, PLACES)


@merged
def _combine(size: int, limit: float, data: Data, routes: Routes, kept: Kept) -> bool:
    """Choose a place for each of some linked visits; return False if none cost less than the limit."""
    turn, spent, cheapest = kept.ring[TURN], kept.instants[SPENT], kept.instants[CHEAPEST]
    best, found, looks, i = limit, False, 0, 0
    turn[0], spent[0] = 0, 0.0
    while i >= 0 and looks < _LOOKS:
        if (
            turn[i] >= kept.ring[COUNT, i]
            or spent[i] + kept.figures[i, turn[i], _COSTS] + cheapest[i + 1] >= best
        ):
            i -= 1
            if i >= 0:
                turn[i] += 1
            continue
        looks += 1
        alone = True
        for j in range(i):
            alone = alone and kept.places[j, turn[j], _WHO] != kept.places[i, turn[i], _WHO]
        if alone:
            spent[i + 1] = spent[i] + kept.figures[i, turn[i], _COSTS]
            if i + 1 < size:
                i += 1
                turn[i] = 0
                continue
            cost = _together(size, best, data, routes, kept)
            if cost < best:
                best, found = cost, True
                for j in range(size):
                    kept.ring[CHOSEN, j], kept.instants[STARTS, j] = turn[j], kept.instants[MEETING, j]
        turn[i] += 1
    return found


@inner
def _together(size: int, bound: float, data: Data, routes: Routes, kept: Kept) -> float:
    """Find when linked visits may start at the places looked at; return what that costs."""
    first, meeting = -FORBIDDEN, kept.instants[MEETING]
    for i in range(size):
        start = kept.figures[i, kept.ring[TURN, i], _STARTS]
        first = max(first, start - data.visit[kept.ring[RING_OF, i], GAP_HIGH])
    total = 0.0
    for i in range(size):
        c, k = kept.ring[RING_OF, i], kept.ring[TURN, i]
        soonest, cost = kept.figures[i, k, _STARTS], kept.figures[i, k, _COSTS]
        meeting[i] = max(soonest, first + data.visit[c, GAP_LOW])
        if meeting[i] > soonest:
            if meeting[i] > data.visit[c, LATEST] + SLACK:
                return FORBIDDEN
            routes.windows[c, OPENED] = meeting[i]
            e, p, d = kept.places[i, k, _WHO], kept.places[i, k, _WHERE], kept.places[i, k, _DEPOT]
            cost, begun = changed(e, c, p, d, data, routes, bound - total)
            free(c, data, routes)
            if begun > meeting[i] + SLACK:
                return FORBIDDEN
        total += cost
        if total >= bound:
            return FORBIDDEN
    return total


@merged
def _fix(i: int, data: Data, routes: Routes, kept: Kept) -> bool:
    """Put a visit where it was to be, with its start as an appointment; return False if it does not fit."""
    c, at, k = kept.ring[RING_OF, i], kept.instants[STARTS, i], kept.ring[CHOSEN, i]
    e = kept.places[i, k, _WHO]
    keep(e, routes, kept)
    routes.windows[c, OPENED], routes.windows[c, CLOSED] = at, at
    insert(c, e, kept.places[i, k, _WHERE], data, routes)
    routes.tally[e, DEPOT_AT] = kept.places[i, k, _DEPOT]
    renew(e, PLAIN, data, routes)
    return bool(routes.sums[e, COST] < FORBIDDEN)


@inner
def meet_sooner(data: Data, routes: Routes, kept: Kept) -> None:
    """Let linked visits of the routes touched begin as soon as all can, where that costs no more."""
    i = 0
    while i < kept.count_touched[0]:
        e, p = kept.listed[i], 0
        while p < routes.tally[e, LENGTH]:
            c = routes.stops[e, p]
            if data.visit_of[c, PARTNER] >= 0:
                _advance(c, data, routes, kept)
            p += 1
        i += 1


@merged
def _advance(c: int, data: Data, routes: Routes, kept: Kept) -> None:
    """Let a visit and those linked to it begin as soon as all can, if that costs no more."""
    size, first, ring = _gather(c, data, kept), -FORBIDDEN, kept.ring[RING_OF]
    before, soonest = kept.instants[BEFORE], kept.instants[SOONEST]
    for i in range(size):
        e = routes.route_of[ring[i]]
        p = place_in(e, ring[i], routes)
        waited = routes.times[e, WAITED, p] - (routes.times[e, WAITED, p - 1] if p > 0 else 0.0)
        before[i] = routes.windows[ring[i], OPENED]
        soonest[i] = max(routes.times[e, START, p] - waited, data.visit[ring[i], EARLIEST])
        first = max(first, soonest[i] - data.visit[ring[i], GAP_HIGH])
    gain, cost, after = 0.0, 0.0, 0.0
    for i in range(size):
        soonest[i] = max(soonest[i], first + data.visit[ring[i], GAP_LOW])
        gain = max(gain, before[i] - soonest[i])
        cost += routes.sums[routes.route_of[ring[i]], COST]
        if soonest[i] > before[i] + SLACK:
            return
    if gain <= SLACK:
        return
    for i in range(size):
        e = routes.route_of[ring[i]]
        keep(e, routes, kept)
        routes.windows[ring[i], OPENED], routes.windows[ring[i], CLOSED] = soonest[i], soonest[i]
        renew(e, PLAIN, data, routes)
        after += routes.sums[e, COST]
    if after > cost + SLACK:
        for i in range(size):
            routes.windows[ring[i], OPENED], routes.windows[ring[i], CLOSED] = before[i], before[i]
            renew(routes.route_of[ring[i]], PLAIN, data, routes)

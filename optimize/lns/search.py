"""Ruin and recreate with annealing, compiled: strings of neighbours are taken out and put back greedily.

References
----------
Christiaens, J. and Vanden Berghe, G.: Slack Induction by String Removals for Vehicle Routing Problems.
Transportation Science 54 (2020).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from optimize.lns.chance import State, chance
from optimize.lns.data import (
    COST,
    DEMAND,
    DEPOT,
    DEPOT_AT,
    DROP,
    LENGTH,
    LOAD,
    NONE,
    NOTHING,
    PARTNER,
    START,
    WORST,
    Data,
    FloatArray,
    IntArray,
    Routes,
)
from optimize.lns.insertion import any_place, insert, place_depot, place_in, simple_place, take_out
from optimize.lns.keeping import Kept, copy_windows, keep, put_back
from optimize.lns.kernel import inlined, inner, kernel
from optimize.lns.linked import free, meet_sooner, place_linked
from optimize.lns.walk import renew

#: Visits taken out in one iteration on average, and the longest string.
_MEAN_REMOVED, _LONGEST_STRING = 10.0, 10.0
#: Probability that a string leaves visits in its middle, that one more is left, of a blink, and that an
#: iteration begins at a visit that nobody has.
_SPLIT, _STOP_SPLIT, _BLINK, _AT_MISSING = 0.5, 0.01, 0.01, 0.3


class Guide(NamedTuple):
    """What directs the search and does not change.

    Parameters
    ----------
    near
        [n, A] -> the visits nearest to each, itself first.
    able
        [n, B] -> engineers that may be tried for each, most likely ones first, -1 after the last.
    order_keys
        [W, n] -> by what visits are sorted before they are put back, in W ways beside at random.
    order_shares
        [W + 1] -> probability of each way, that at random first.
    simple
        Whether all routes are simple.
    """

    near: IntArray
    able: IntArray
    order_keys: FloatArray
    order_shares: FloatArray
    simple: bool


@inlined
def _cut(
    e: int, at: int, longest: float, data: Data, routes: Routes, state: State, out: IntArray, taken: int
) -> int:
    """Take a string that holds the stop at a position out of a route; return how many are out then."""
    n = routes.tally[e, LENGTH]
    size = min(int(chance(state) * min(float(n), longest) + 1.0), n)
    left = 0
    if 1 < size < n and chance(state) < _SPLIT:
        left = 1
        while size + left < n and chance(state) > _STOP_SPLIT:
            left += 1
    span = size + left
    low, high = max(at - span + 1, 0), min(at, n - span)
    begin = low + int(chance(state) * (high - low + 1))
    stay_from = begin + (int(chance(state) * (size + 1)) if left > 0 else span)
    write = begin
    for p in range(begin, n):
        c = routes.stops[e, p]
        if p < begin + span and not stay_from <= p < stay_from + left:
            out[taken] = c
            taken += 1
            routes.route_of[c] = -1
            routes.sums[e, LOAD] -= data.visit[c, DEMAND]
        else:
            routes.stops[e, write] = c
            write += 1
    routes.tally[e, LENGTH] = write
    return taken


@inner
def ruin(data: Data, guide: Guide, routes: Routes, kept: Kept, state: State, out: IntArray) -> int:
    """Take strings of neighbouring visits out of several routes; return how many are out."""
    used, served = 0, 0
    for e in range(routes.tally.shape[0]):
        if routes.tally[e, LENGTH] > 0:
            used += 1
            served += routes.tally[e, LENGTH]
    longest = max(min(_LONGEST_STRING, served / max(used, 1)), 1.0)
    strings = int(chance(state) * (4.0 * _MEAN_REMOVED / (1.0 + longest) - 1.0) + 1.0)
    missing = routes.missing_count[0]
    if missing > 0 and chance(state) < _AT_MISSING:
        seed = routes.missing[int(chance(state) * missing)]
    else:
        seed = int(chance(state) * data.visit.shape[0])
    taken, first = NOTHING, kept.count_touched[0]
    for j in range(guide.near.shape[1]):
        if kept.count_touched[0] - first >= strings:
            break
        c = guide.near[seed, j]
        e = routes.route_of[c]
        if e < 0 or kept.touched[e] == 1:
            continue
        keep(e, routes, kept)
        at = place_in(e, c, routes)
        taken = _cut(e, at, longest, data, routes, state, out, taken)
    return taken


@inner
def _take_partners(data: Data, routes: Routes, kept: Kept, out: IntArray, taken: int) -> int:
    """Take out all that is linked to a visit that is out; they are free of their appointment then."""
    i = 0
    while i < taken:
        q = data.visit_of[out[i], PARTNER]
        if q >= 0:
            free(out[i], data, routes)
            e = routes.route_of[q]
            if e >= 0:
                keep(e, routes, kept)
                out[taken] = take_out(e, place_in(e, q, routes), data, routes)
                taken += 1
        i += 1
    return taken


@inner
def mend(data: Data, guide: Guide, routes: Routes, kept: Kept) -> None:
    """Compute the routes touched anew, with the depot where it costs least, if it is needed still."""
    for i in range(kept.count_touched[0]):
        e = kept.listed[i]
        if guide.simple or data.engineer_of[e, DEPOT] < 0:
            renew(e, guide.simple, data, routes)
        else:
            place_depot(e, data, routes)


@inlined
def _sort(out: IntArray, taken: int, guide: Guide, state: State, key: FloatArray) -> None:
    """Sort what is out in one of the ways, or at random."""
    draw, way = chance(state), 0
    while way < guide.order_shares.shape[0] - 1 and draw > guide.order_shares[way]:
        draw -= guide.order_shares[way]
        way += 1
    for i in range(taken):
        key[i] = chance(state) if way == 0 else guide.order_keys[way - 1, out[i]]
    for i in range(1, taken):
        k, c, j = key[i], out[i], i - 1
        while j >= 0 and key[j] > k:
            key[j + 1], out[j + 1] = key[j], out[j]
            j -= 1
        key[j + 1], out[j + 1] = k, c


@inlined
def place_one(
    c: int,
    data: Data,
    guide: Guide,
    routes: Routes,
    kept: Kept,
    blink: float,
    state: State,
) -> bool:
    """Put a visit where it costs least; return False if leaving it out costs less."""
    best, who, where, depot = data.visit[c, DROP], NONE, NONE, NONE
    for j in range(guide.able.shape[1]):
        e = guide.able[c, j]
        if e < 0:
            break
        if routes.tally[e, LENGTH] >= routes.stops.shape[1] - 1:
            continue
        if guide.simple:
            cost, p = simple_place(c, e, data, routes, blink, state, best)
            d = NONE
        else:
            cost, p, d = any_place(c, e, data, routes, blink, state, best)
        if p >= 0:
            best, who, where, depot = cost, e, p, d
    if who < 0:
        return False
    keep(who, routes, kept)
    insert(c, who, where, data, routes)
    routes.tally[who, DEPOT_AT] = depot
    renew(who, guide.simple, data, routes)
    return True


@kernel
def recreate(
    out: IntArray,
    taken: int,
    data: Data,
    guide: Guide,
    routes: Routes,
    kept: Kept,
    blink: float,
    state: State,
) -> None:
    """Put visits back one after another; those that nobody gets are missing."""
    for i in range(taken):
        c = out[i]
        if routes.route_of[c] >= 0:
            continue
        if data.visit_of[c, PARTNER] >= 0:
            place_linked(c, data, guide.able, routes, kept, blink, state)
        else:
            place_one(c, data, guide, routes, kept, blink, state)
    # What did not fit at its own turn may have come in with a visit that is linked to it.
    missing = 0
    for i in range(taken):
        if routes.route_of[out[i]] < 0:
            routes.missing[missing] = out[i]
            missing += 1
    routes.missing_count[0] = missing


@kernel
def total_cost(data: Data, routes: Routes) -> float:
    """Return the cost of a plan: its routes, its largest lateness, and what is left out."""
    total, worst = 0.0, 0.0
    for e in range(routes.sums.shape[0]):
        total += routes.sums[e, COST]
        worst = max(worst, routes.sums[e, WORST])
    total += data.largest * worst
    for i in range(routes.missing_count[0]):
        total += data.visit[routes.missing[i], DROP]
    return total


@kernel
def iterate(
    iterations: int,
    hot: float,
    cold: float,
    data: Data,
    guide: Guide,
    routes: Routes,
    kept: Kept,
    best: Routes,
    value: FloatArray,
    state: State,
) -> None:
    """Ruin and recreate a plan some times; keep the best plan seen.

    Parameters
    ----------
    iterations
        How often.
    hot, cold
        Temperatures at which the annealing begins and ends.
    data, guide
        The problem and what directs the search.
    routes, kept
        The plan at present, and room to undo an iteration.
    best
        The best plan seen.
    value
        Cost of the plan at present, and of the best one.
    state
        State of the random numbers.
    """
    n = data.visit.shape[0]
    out, key = kept.out, kept.key
    linked = False
    for c in range(n):
        linked = linked or data.visit_of[c, PARTNER] >= 0
    cooling, temperature = (cold / hot) ** (1.0 / max(iterations, 1)), hot
    for _ in range(iterations):
        temperature *= cooling
        kept.count_touched[0], kept.missing_count[0] = 0, routes.missing_count[0]
        for i in range(routes.missing_count[0]):
            kept.missing[i] = routes.missing[i]
        if linked:
            copy_windows(routes.windows, kept.windows)
        taken = ruin(data, guide, routes, kept, state, out)
        if linked:
            taken = _take_partners(data, routes, kept, out, taken)
        mend(data, guide, routes, kept)
        for i in range(kept.missing_count[0]):
            out[taken] = kept.missing[i]
            taken += 1
        _sort(out, taken, guide, state, key)
        recreate(out, taken, data, guide, routes, kept, _BLINK, state)
        if linked:
            meet_sooner(data, routes, kept)
        cost = total_cost(data, routes)
        if cost < value[0] - temperature * np.log(chance(state) + 1e-300):
            value[0] = cost
            if cost < value[1] - 1e-7:
                value[1] = cost
                copy_plan(routes, best)
        else:
            put_back(routes, kept)
            if linked:
                copy_windows(kept.windows, routes.windows)
        for i in range(kept.count_touched[0]):
            kept.touched[kept.listed[i]] = 0


@kernel
def copy_plan(routes: Routes, to: Routes) -> None:
    """Copy what a plan consists of: stops, depots, starts, appointments, and what is missing."""
    for e in range(routes.tally.shape[0]):
        n = routes.tally[e, LENGTH]
        to.tally[e, LENGTH], to.tally[e, DEPOT_AT], to.sums[e, COST] = (
            n,
            routes.tally[e, DEPOT_AT],
            routes.sums[e, COST],
        )
        for p in range(n):
            to.stops[e, p] = routes.stops[e, p]
        for p in range(n + 1):
            to.times[e, START, p] = routes.times[e, START, p]
    to.missing_count[0] = routes.missing_count[0]
    for i in range(routes.missing_count[0]):
        to.missing[i] = routes.missing[i]
    copy_windows(routes.windows, to.windows)

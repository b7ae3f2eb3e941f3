"""The cheapest routes of one group of engineers at given prices of visits, compiled.

Labels (partial routes) are extended in the order of time; of two at the same visit, one that is no better in
cost, time, load and freedom falls away, and so does one that cannot become cheap enough any more. Which
prices are asked, and what becomes of the routes, is decided elsewhere.

References
----------
Baldacci, R., Mingozzi, A. and Roberti, R.: New route relaxation and pricing strategies for the vehicle
routing problem. Operations Research 59 (2011). Jepsen, M., Petersen, B., Spoorendonk, S. and Pisinger, D.:
Subset-row inequalities applied to the vehicle-routing problem with time windows. Operations Research 56
(2008).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from numba import njit

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
WordArray = npt.NDArray[np.uint64]

#: Positions in `Ask.limits`.
BEGIN, CLOSES, HARD, OVERTIME, CAPACITY = range(5)
#: Columns of `Desk.real` and `Desk.whole`.
TIME, COST, LOAD = range(3)
NODE, PARENT, NEXT, QUEUE, DEAD, STOPS = range(6)
_NEVER = 1e300


class Ask(NamedTuple):
    """What is priced: n visits, D clocks, K slices of the hours, words of 64 visits or cuts.

    Parameters
    ----------
    hours, cost
        [n + 1, n + 1] -> of the ways; in the cost, the prices of the visits are taken off.
    windows, service, load, dues, limits
        As in `optimize.bound.relaxation.Group`.
    memory
        [n, W] -> bit mask of the visits that are remembered at each; all of them for routes without a return.
    compared
        [n, W] -> bit mask of the visits that count when labels are compared: fewer make it quick, and some
        routes are missed.
    deadlines
        [n, n] -> until when a visit has to end so that another can follow, at once or later.
    cuts, fines
        [n, C] -> bit mask of the cuts that each visit is in; what the second visit of a cut costs.
    rest, follower
        [n, K, 2] and [n, K] -> least cost after each visit by the slice of its end, and without the follower
        with which it is least; see `completions`.
    """

    hours: FloatArray
    cost: FloatArray
    windows: FloatArray
    service: FloatArray
    load: FloatArray
    dues: FloatArray
    limits: FloatArray
    memory: WordArray
    compared: WordArray
    deadlines: FloatArray
    cuts: WordArray
    fines: FloatArray
    rest: FloatArray
    follower: IntArray


class Desk(NamedTuple):
    """Room for labels, used again and again.

    Parameters
    ----------
    real, whole
        [L, 3], [L, 6] -> figures of each label.
    seen, halves
        [L, W], [L, C] -> visits remembered, and cuts of which one visit has been made.
    """

    real: FloatArray
    whole: IntArray
    seen: WordArray
    halves: WordArray


@njit(cache=True)
def _lateness(j: int, at: float, dues: FloatArray) -> float:
    cost = 0.0
    for k in range(dues.shape[1]):
        if at > dues[j, k, 0]:
            cost += dues[j, k, 1] * (at - dues[j, k, 0])
    return cost


@njit(cache=True)
def _over(now: float, hours: float, limits: FloatArray) -> float:
    """Return what an activity costs for the part of it that lies past the paid hours."""
    if limits[OVERTIME] <= 0.0:
        return 0.0
    return float(limits[OVERTIME] * min(max(now + hours - limits[CLOSES], 0.0), hours))


@njit(cache=True)
def completions(ask: Ask) -> None:
    """Fill in `rest` and `follower`: what a route costs at least after a visit that ends in a slice or later.

    Times are rounded down to slices; of returns, only those to the visit just left are excluded.
    """
    n, slices = ask.follower.shape
    begin, hard = ask.limits[BEGIN], ask.limits[HARD]
    width = (hard - begin) / slices
    for k in range(slices - 1, -1, -1):
        now = begin + k * width
        # What follows a visit that ends in the slice where it began is not known yet: no bound.
        for i in range(n):
            first, second, who = _NEVER, _NEVER, -1
            if now + ask.hours[i, n] <= hard:
                first = ask.cost[i, n] + _over(now, ask.hours[i, n], ask.limits)
                who = n
            for j in range(n):
                if j == i:
                    continue
                at = max(now + ask.hours[i, j], ask.windows[j, 0])
                if at > ask.windows[j, 1]:
                    continue
                end = at + ask.service[j]
                if end + ask.hours[j, n] > hard:
                    continue
                after = min(int((end - begin) / width), slices - 1)
                if after <= k:
                    after = k
                    value = -_NEVER
                else:
                    value = ask.rest[j, after, 1] if ask.follower[j, after] == i else ask.rest[j, after, 0]
                value += ask.cost[i, j] + _lateness(j, at, ask.dues)
                value += _over(now, ask.hours[i, j], ask.limits) + _over(at, ask.service[j], ask.limits)
                if value < first:
                    first, second, who = value, first, j
                elif value < second:
                    second = value
            ask.rest[i, k, 0], ask.rest[i, k, 1], ask.follower[i, k] = first, second, who


@njit(cache=True)
def _beats(a: int, b: int, alike: bool, ask: Ask, desk: Desk) -> bool:
    """Return whether a label with no higher cost makes another one needless."""
    if desk.real[a, TIME] > desk.real[b, TIME] or desk.real[a, LOAD] > desk.real[b, LOAD]:
        return False
    node = desk.whole[a, NODE]
    for w in range(desk.seen.shape[1]):
        if desk.seen[a, w] & ~desk.seen[b, w] & ask.compared[node, w]:
            return False
        if alike and desk.seen[a, w] != desk.seen[b, w]:
            return False
    cost, most = desk.real[a, COST], desk.real[b, COST]
    for w in range(desk.halves.shape[1]):
        extra = desk.halves[a, w] & ~desk.halves[b, w]
        q = 64 * w
        while extra:
            if extra & np.uint64(1):
                cost += ask.fines[q]
                if cost > most:
                    return False
            extra >>= np.uint64(1)
            q += 1
    return bool(cost <= most)


@njit(cache=True)
def _kept(new: int, head: IntArray, spent: IntArray, alike: bool, ask: Ask, desk: Desk) -> bool:
    """Put a label among those of its visit, by cost, unless one beats it; remove those that it beats."""
    node, cost = desk.whole[new, NODE], desk.real[new, COST]
    before, here = -1, head[node]
    while here >= 0 and desk.real[here, COST] <= cost:
        spent[0] += 1
        if _beats(here, new, alike, ask, desk):
            return False
        before, here = here, desk.whole[here, NEXT]
    desk.whole[new, NEXT] = here
    if before < 0:
        head[node] = new
    else:
        desk.whole[before, NEXT] = new
    before = new
    while here >= 0:
        spent[0] += 1
        after = desk.whole[here, NEXT]
        if _beats(new, here, alike, ask, desk):
            desk.whole[here, DEAD] = 1
            desk.whole[before, NEXT] = after
        else:
            before = here
        here = after
    return True


@njit(cache=True)
def _extend(a: int, j: int, new: int, enough: float, ask: Ask, desk: Desk) -> bool:
    """Write the label of a partial route with one more visit; False if that is not allowed or not enough."""
    n = ask.service.shape[0]
    i, now = (n, ask.limits[BEGIN]) if a < 0 else (desk.whole[a, NODE], desk.real[a, TIME])
    at = max(now + ask.hours[i, j], ask.windows[j, 0])
    if at > ask.windows[j, 1]:
        return False
    end = at + ask.service[j]
    if end + ask.hours[j, n] > ask.limits[HARD]:
        return False
    load = ask.load[j] + (0.0 if a < 0 else desk.real[a, LOAD])
    if load > ask.limits[CAPACITY]:
        return False
    cost = ask.cost[i, j] + _lateness(j, at, ask.dues) + (0.0 if a < 0 else desk.real[a, COST])
    cost += _over(now, ask.hours[i, j], ask.limits) + _over(at, ask.service[j], ask.limits)
    if a >= 0:
        for w in range(ask.cuts.shape[1]):
            second = ask.cuts[j, w] & desk.halves[a, w]
            q = 64 * w
            while second:
                if second & np.uint64(1):
                    cost += ask.fines[q]
                second >>= np.uint64(1)
                q += 1
    slices = ask.follower.shape[1]
    k = min(int((end - ask.limits[BEGIN]) / ((ask.limits[HARD] - ask.limits[BEGIN]) / slices)), slices - 1)
    follower = ask.follower[j, k]
    rest = ask.rest[j, k, 0]
    if a >= 0 and 0 <= follower < n:
        remembered = desk.seen[a, follower >> 6] & ask.memory[j, follower >> 6]
        if remembered >> np.uint64(follower & 63) & np.uint64(1):
            rest = ask.rest[j, k, 1]
    if cost + rest >= enough:
        return False
    desk.real[new, TIME], desk.real[new, COST], desk.real[new, LOAD] = end, cost, load
    for w in range(ask.memory.shape[1]):
        desk.seen[new, w] = np.uint64(0) if a < 0 else desk.seen[a, w] & ask.memory[j, w]
    for i in range(n):
        if i == j or end > ask.deadlines[j, i]:
            desk.seen[new, i >> 6] |= np.uint64(1) << np.uint64(i & 63)
    for w in range(ask.cuts.shape[1]):
        desk.halves[new, w] = ask.cuts[j, w] if a < 0 else desk.halves[a, w] ^ ask.cuts[j, w]
    desk.whole[new, NODE], desk.whole[new, PARENT], desk.whole[new, DEAD] = j, a, 0
    desk.whole[new, STOPS] = 1 if a < 0 else desk.whole[a, STOPS] + 1
    return True


@njit(cache=True)
def cheapest(
    enough: float, alike: bool, work: int, ask: Ask, desk: Desk, best: FloatArray, last: IntArray
) -> int:
    """Find the cheapest route by its last visit.

    Parameters
    ----------
    enough
        Routes that cost this or more are of no interest.
    alike
        Whether only partial routes of the same visits are compared, so that of every set of visits the best
        routes are left.
    work
        Comparisons of labels after which it is given up.
    ask, desk
        What is priced, and room for labels.
    best, last
        [n] -> filled with the cost of the cheapest route and its label, -1 where there is none.

    Returns
    -------
    int
        Number of labels, -1 when it was given up or there was no room for all.
    """
    n, slices = ask.follower.shape
    begin = ask.limits[BEGIN]
    width = (ask.limits[HARD] - begin) / slices
    queue, head = np.full(slices, -1), np.full(n, -1)
    best[:], last[:] = _NEVER, -1
    spent = np.zeros(1, np.int64)
    count = 0
    for k in range(-1, slices):
        while k < 0 or queue[k] >= 0:
            a = -1
            if k >= 0:
                a = queue[k]
                queue[k] = desk.whole[a, QUEUE]
                if desk.whole[a, DEAD]:
                    continue
                i = desk.whole[a, NODE]
                home = ask.hours[i, n]
                total = desk.real[a, COST] + ask.cost[i, n] + _over(desk.real[a, TIME], home, ask.limits)
                if total < best[i]:
                    best[i], last[i] = total, a
                if desk.whole[a, STOPS] >= n:
                    continue
            for j in range(n):
                if a >= 0 and desk.seen[a, j >> 6] >> np.uint64(j & 63) & np.uint64(1):
                    continue
                if not _extend(a, j, count, enough, ask, desk):
                    continue
                if not _kept(count, head, spent, alike, ask, desk):
                    continue
                slot = min(max(int((desk.real[count, TIME] - begin) / width), max(k, 0)), slices - 1)
                desk.whole[count, QUEUE] = queue[slot]
                queue[slot] = count
                count += 1
                if count >= desk.real.shape[0] or spent[0] > work:
                    return -1
            if k < 0:
                break
    return count


@njit(cache=True)
def finished(count: int, enough: float, ask: Ask, desk: Desk, found: IntArray) -> int:
    """Write down every route that costs less than enough.

    Parameters
    ----------
    count
        Number of labels.
    enough
        Cost below which a route counts.
    ask, desk
        What was priced, and the labels.
    found
        [R, S] -> filled with the visits of each route, in their order, -1 after the last.

    Returns
    -------
    int
        Number of routes, -1 when there was no room for all.
    """
    n = ask.service.shape[0]
    size = 0
    for label in range(count):
        if desk.whole[label, DEAD]:
            continue
        i = desk.whole[label, NODE]
        home = ask.hours[i, n]
        total = desk.real[label, COST] + ask.cost[i, n] + _over(desk.real[label, TIME], home, ask.limits)
        if total >= enough:
            continue
        if size >= found.shape[0] or desk.whole[label, STOPS] > found.shape[1]:
            return -1
        found[size, :] = -1
        here = label
        for p in range(desk.whole[label, STOPS] - 1, -1, -1):
            found[size, p] = desk.whole[here, NODE]
            here = desk.whole[here, PARENT]
        size += 1
    return size

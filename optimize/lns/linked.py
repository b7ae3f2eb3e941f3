"""Two visits that depend on each other's start, placed together, compiled.

While both are in the plan, their starts are appointments: other stops go around them, so that every route can
still be judged alone. When one is taken out, so is the other, and both are free again.
"""

from __future__ import annotations

from numba import njit

from optimize.lns.chance import State
from optimize.lns.data import (
    CLOSED,
    DEPOT_AT,
    DROP,
    EARLIEST,
    FORBIDDEN,
    GAP_HIGH,
    GAP_LOW,
    LATEST,
    LENGTH,
    OPENED,
    PARTNER,
    Data,
    FloatArray,
    IntArray,
    Routes,
)
from optimize.lns.insertion import any_place, insert, place_in, take_out
from optimize.lns.keeping import Kept, keep
from optimize.lns.walk import any_route, renew


@njit(cache=True)
def place_linked(
    c: int,
    data: Data,
    able: IntArray,
    routes: Routes,
    kept: Kept,
    blink: float,
    state: State,
    start: FloatArray,
) -> bool:
    """Put two linked visits where they cost least together; return False if leaving both out costs less.

    For each engineer of the one, the start that his route allows is fixed and the other is placed within the
    gap from it; then the same with the roles changed, since either may be the one that has to wait.
    """
    q = data.visit_of[c, PARTNER]
    best, limit = FORBIDDEN, data.visit[c, DROP] + data.visit[q, DROP]
    plan_c, plan_q, at_c, at_q = -1, -1, 0.0, 0.0
    for turn in range(2):
        one, other = (c, q) if turn == 0 else (q, c)
        low, high = data.visit[one, GAP_LOW], data.visit[one, GAP_HIGH]
        for j in range(able.shape[1]):
            e = able[one, j]
            if e < 0:
                break
            _free(one, data, routes)
            cost, p, d = any_place(one, e, data, routes, blink, state, min(best, limit), start)
            if p < 0:
                continue
            begun = _start_at(one, e, p, d, data, routes, start)
            routes.windows[other, OPENED] = max(data.visit[other, EARLIEST], begun + low)
            routes.windows[other, CLOSED] = min(data.visit[other, LATEST], begun + high)
            if routes.windows[other, OPENED] > routes.windows[other, CLOSED]:
                continue
            second, who, there, depot = min(best, limit) - cost, -1, -1, -1
            for k in range(able.shape[1]):
                f = able[other, k]
                if f < 0:
                    break
                if f == e:
                    continue
                found, position, stop = any_place(other, f, data, routes, blink, state, second, start)
                if position >= 0:
                    second, who, there, depot = found, f, position, stop
            if who >= 0 and cost + second < best:
                best = cost + second
                plan_c, plan_q = (e, who) if turn == 0 else (who, e)
                there_start = _start_at(other, who, there, depot, data, routes, start)
                at_c, at_q = (begun, there_start) if turn == 0 else (there_start, begun)
    _free(c, data, routes)
    _free(q, data, routes)
    if plan_c < 0 or best >= limit:
        return False
    if not _fix(c, plan_c, at_c, data, routes, kept, state, start):
        return False
    if not _fix(q, plan_q, at_q, data, routes, kept, state, start):
        take_out(plan_c, place_in(plan_c, c, routes), data, routes)
        renew(plan_c, False, data, routes)
        _free(c, data, routes)
        return False
    return True


@njit(cache=True)
def _free(c: int, data: Data, routes: Routes) -> None:
    """Give a visit the whole window of its start."""
    routes.windows[c, OPENED], routes.windows[c, CLOSED] = data.visit[c, EARLIEST], data.visit[c, LATEST]


@njit(cache=True)
def _start_at(c: int, e: int, p: int, d: int, data: Data, routes: Routes, start: FloatArray) -> float:
    """Return the start of a visit if it were put before a stop."""
    any_route(e, routes.stops[e], routes.tally[e, LENGTH], c, p, d, data, routes, start, FORBIDDEN)
    return float(start[p])


@njit(cache=True)
def _fix(
    c: int, e: int, at: float, data: Data, routes: Routes, kept: Kept, state: State, start: FloatArray
) -> bool:
    """Put a visit into a route with its start as an appointment; return False if it does not fit."""
    routes.windows[c, OPENED], routes.windows[c, CLOSED] = at, at
    _, p, d = any_place(c, e, data, routes, 0.0, state, FORBIDDEN * 0.5, start)
    if p < 0:
        _free(c, data, routes)
        return False
    keep(e, routes, kept)
    insert(c, e, p, data, routes)
    routes.tally[e, DEPOT_AT] = d
    renew(e, False, data, routes)
    return True

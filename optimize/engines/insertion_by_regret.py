"""Insertion by regret, compiled: costs are kept, and asked anew where a route changed."""

from __future__ import annotations

import numpy as np
from numba import njit

from optimize.lns.chance import State
from optimize.lns.data import DEPOT_AT, DROP, FORBIDDEN, LENGTH, Data, FloatArray, IntArray, Routes
from optimize.lns.insertion import any_place, insert, simple_place
from optimize.lns.walk import renew


@njit(cache=True)
def insert_by_regret(
    out: IntArray,
    depth: int,
    data: Data,
    able: IntArray,
    simple: bool,
    routes: Routes,
    state: State,
) -> None:
    """Put visits where they cost least, first the one that would lose most by its next best places.

    Parameters
    ----------
    out
        The visits.
    depth
        How many engineers are compared for each.
    data, able
        The problem, and the engineers that may be tried for each visit.
    simple
        Whether all routes are simple.
    routes
        The plan, changed in place.
    state
        A stream that is not drawn from.
    """
    count, least = out.shape[0], np.empty(depth)
    costs = np.full((count, able.shape[1]), FORBIDDEN)
    places = np.full((count, able.shape[1], 2), -1)
    for i in range(count):
        for j in range(able.shape[1]):
            if able[out[i], j] < 0:
                break
            _ask(i, j, out[i], data, able, simple, routes, state, costs, places)
    while True:
        chosen, at, worst, cheapest = -1, -1, -1.0, FORBIDDEN
        for i in range(count):
            if out[i] < 0:
                continue
            j, regret = _regret(costs[i], data.visit[out[i], DROP], least)
            if j >= 0 and (regret > worst or (regret == worst and costs[i, j] < cheapest)):
                chosen, at, worst, cheapest = i, j, regret, costs[i, j]
        if chosen < 0:
            return
        c, e = out[chosen], able[out[chosen], at]
        insert(c, e, places[chosen, at, 0], data, routes)
        routes.tally[e, DEPOT_AT] = places[chosen, at, 1]
        renew(e, simple, data, routes)
        out[chosen] = -1
        for i in range(count):
            if out[i] < 0:
                continue
            for j in range(able.shape[1]):
                if able[out[i], j] == e:
                    _ask(i, j, out[i], data, able, simple, routes, state, costs, places)
                    break


@njit(cache=True)
def _ask(
    i: int,
    j: int,
    c: int,
    data: Data,
    able: IntArray,
    simple: bool,
    routes: Routes,
    state: State,
    costs: FloatArray,
    places: IntArray,
) -> None:
    """Write down what a visit costs with one of its engineers, FORBIDDEN if no less than leaving it out."""
    e, limit = able[c, j], data.visit[c, DROP]
    costs[i, j] = FORBIDDEN
    if routes.tally[e, LENGTH] >= routes.stops.shape[1] - 1:
        return
    if simple:
        cost, p = simple_place(c, e, data, routes, 0.0, state, limit)
        d = -1
    else:
        cost, p, d = any_place(c, e, data, routes, 0.0, state, limit)
    if p >= 0:
        costs[i, j], places[i, j, 0], places[i, j, 1] = cost, p, d


@njit(cache=True)
def _regret(costs: FloatArray, drop: float, least: FloatArray) -> tuple[int, float]:
    """Return the best column of a visit, -1 for none, and by how much its next ones are worse in sum.

    A place that is not there counts as leaving the visit out.
    """
    depth, best = least.shape[0], -1
    least[:] = drop
    for j in range(costs.shape[0]):
        cost = costs[j]
        if cost >= least[depth - 1]:
            continue
        if best < 0 or cost < least[0]:
            best = j
        k = depth - 1
        while k > 0 and least[k - 1] > cost:
            least[k] = least[k - 1]
            k -= 1
        least[k] = cost
    regret = 0.0
    for k in range(1, depth):
        regret += least[k] - least[0]
    return best, regret

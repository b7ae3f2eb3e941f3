"""Insertion by regret, compiled: costs are kept, and asked anew where a route changed."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from optimize.lns.chance import State
from optimize.lns.data import DEPOT_AT, DROP, FORBIDDEN, LENGTH, Data, FloatArray, IntArray, Routes
from optimize.lns.insertion import any_place, insert, simple_place
from optimize.lns.kernel import inner, kernel, merged
from optimize.lns.walk import renew


class Comparison(NamedTuple):
    """What is known of r visits with up to k engineers each.

    Parameters
    ----------
    costs
        [r, k] -> what each visit costs with each of its engineers, FORBIDDEN if no less than leaving it out.
    places
        [r, k, 2] -> at which stop, and before which one the depot is visited then, -1 for never.
    least
        [d] -> room for the lowest costs of one visit.
    """

    costs: FloatArray
    places: IntArray
    least: FloatArray


def comparison(visits: int, engineers: int, depth: int) -> Comparison:
    """Return a comparison of which nothing is known; `depth` engineers are compared for each visit."""
    return Comparison(
        np.full((visits, engineers), FORBIDDEN), np.full((visits, engineers, 2), -1), np.empty(depth)
    )


@kernel
def insert_by_regret(
    out: IntArray,
    known: Comparison,
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
    known
        A comparison of them of which nothing is known.
    data, able
        The problem, and the engineers that may be tried for each visit.
    simple
        Whether all routes are simple.
    routes
        The plan, changed in place.
    state
        A stream that is not drawn from.
    """
    count, costs, places = out.shape[0], known.costs, known.places
    for i in range(count):
        for j in range(able.shape[1]):
            if able[out[i], j] < 0:
                break
            _ask(i, j, out[i], data, able, simple, routes, state, known)
    while True:
        chosen, at, worst, cheapest = -1, -1, -1.0, FORBIDDEN
        for i in range(count):
            if out[i] < 0:
                continue
            j, regret = _regret(costs[i], data.visit[out[i], DROP], known.least)
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
                    _ask(i, j, out[i], data, able, simple, routes, state, known)
                    break


@merged
def _ask(
    i: int,
    j: int,
    c: int,
    data: Data,
    able: IntArray,
    simple: bool,
    routes: Routes,
    state: State,
    known: Comparison,
) -> None:
    """Write down what a visit costs with one of its engineers."""
    e, limit, costs, places = able[c, j], data.visit[c, DROP], known.costs, known.places
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


@inner
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

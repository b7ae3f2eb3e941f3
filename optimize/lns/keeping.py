"""What an iteration touches is kept, so that it can be undone without a copy of the whole plan."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from optimize.lns.data import DEPOT_AT, LENGTH, RING, FloatArray, IntArray, Routes
from optimize.lns.kernel import inner

#: Most places that are looked at for each of some linked visits.
PLACES = 40
#: Rows of `Kept.ring`: the visits that are linked, the place chosen for each, that which is looked at, and
#: how many there are. Of `Kept.instants`: cost of the cheapest places from one on, cost of those looked at
#: before one, start of each at the places chosen and looked at, and before and after it is moved.
RING_OF, CHOSEN, TURN, COUNT = range(4)
CHEAPEST, SPENT, STARTS, MEETING, BEFORE, SOONEST = range(6)


class Kept(NamedTuple):
    """What is put back if an iteration is refused: the routes touched, and what nobody had.

    Beside it room to work in, since compiled functions make no arrays: visits that are out and by what they
    are sorted, and what is looked at to place linked ones.
    """

    touched: npt.NDArray[np.int8]
    listed: IntArray
    count_touched: IntArray
    stops: IntArray
    tally: IntArray
    sums: FloatArray
    times: FloatArray
    missing: IntArray
    missing_count: IntArray
    windows: FloatArray
    out: IntArray
    key: FloatArray
    ring: IntArray
    instants: FloatArray
    figures: FloatArray
    places: IntArray


def room_for(routes: Routes, rows: int | None = None) -> Kept:
    """Return room to keep routes in; of their times the first rows, or all."""
    m, n = len(routes.tally), len(routes.route_of)
    return Kept(
        np.zeros(m, np.int8),
        np.zeros(m, np.int64),
        np.zeros(1, np.int64),
        np.zeros_like(routes.stops),
        np.zeros_like(routes.tally),
        np.zeros_like(routes.sums),
        np.zeros_like(routes.times[:, :rows]),
        np.zeros_like(routes.missing),
        np.zeros(1, np.int64),
        routes.windows.copy(),
        np.zeros(n, np.int64),
        np.zeros(n, np.float64),
        np.zeros((4, RING + 1), np.int64),
        np.zeros((6, RING + 1), np.float64),
        np.zeros((RING, PLACES, 2), np.float64),
        np.zeros((RING, PLACES, 3), np.int64),
    )


@inner
def keep(e: int, routes: Routes, kept: Kept) -> None:
    """Keep a route as it is, unless it has been kept in this iteration."""
    if kept.touched[e] == 1:
        return
    kept.touched[e] = 1
    kept.listed[kept.count_touched[0]] = e
    kept.count_touched[0] += 1
    n = routes.tally[e, LENGTH]
    for p in range(n):
        kept.stops[e, p] = routes.stops[e, p]
    for row in range(kept.times.shape[1]):
        for p in range(n + 1):
            kept.times[e, row, p] = routes.times[e, row, p]
    for column in range(routes.sums.shape[1]):
        kept.sums[e, column] = routes.sums[e, column]
    kept.tally[e, LENGTH], kept.tally[e, DEPOT_AT] = n, routes.tally[e, DEPOT_AT]


@inner
def put_back(routes: Routes, kept: Kept) -> None:
    """Undo an iteration."""
    for i in range(kept.count_touched[0]):
        e = kept.listed[i]
        for p in range(routes.tally[e, LENGTH]):
            routes.route_of[routes.stops[e, p]] = -1
    for i in range(kept.count_touched[0]):
        e = kept.listed[i]
        n = kept.tally[e, LENGTH]
        for p in range(n):
            routes.stops[e, p] = kept.stops[e, p]
            routes.route_of[kept.stops[e, p]] = e
        for row in range(kept.times.shape[1]):
            for p in range(n + 1):
                routes.times[e, row, p] = kept.times[e, row, p]
        for column in range(routes.sums.shape[1]):
            routes.sums[e, column] = kept.sums[e, column]
        routes.tally[e, LENGTH], routes.tally[e, DEPOT_AT] = n, kept.tally[e, DEPOT_AT]
    routes.missing_count[0] = kept.missing_count[0]
    for i in range(kept.missing_count[0]):
        routes.missing[i] = kept.missing[i]


@inner
def copy_windows(windows: FloatArray, to: FloatArray) -> None:
    """Copy the windows of all starts."""
    for c in range(windows.shape[0]):
        to[c, 0], to[c, 1] = windows[c, 0], windows[c, 1]

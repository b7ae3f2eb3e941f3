"""What an iteration touches is kept, so that it can be undone without a copy of the whole plan."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from numba import njit

from optimize.lns.data import (
    COST,
    DEPOT_AT,
    LATE,
    LENGTH,
    LOAD,
    START,
    FloatArray,
    IntArray,
    Routes,
)


class Kept(NamedTuple):
    """What is put back if an iteration is refused: the routes touched, and what nobody had."""

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


def room_for(routes: Routes) -> Kept:
    """Return room to keep routes in."""
    m = len(routes.tally)
    return Kept(
        np.zeros(m, np.int8),
        np.zeros(m, np.int64),
        np.zeros(1, np.int64),
        np.zeros_like(routes.stops),
        np.zeros_like(routes.tally),
        np.zeros_like(routes.sums),
        np.zeros_like(routes.times),
        np.zeros_like(routes.missing),
        np.zeros(1, np.int64),
        routes.windows.copy(),
    )


@njit(cache=True)
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
    for p in range(n + 1):
        kept.times[e, START, p] = routes.times[e, START, p]
        kept.times[e, LATE, p] = routes.times[e, LATE, p]
    kept.tally[e, LENGTH], kept.sums[e, COST], kept.sums[e, LOAD] = (
        n,
        routes.sums[e, COST],
        routes.sums[e, LOAD],
    )
    kept.tally[e, DEPOT_AT] = routes.tally[e, DEPOT_AT]


@njit(cache=True)
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
        for p in range(n + 1):
            routes.times[e, START, p] = kept.times[e, START, p]
            routes.times[e, LATE, p] = kept.times[e, LATE, p]
        routes.tally[e, LENGTH], routes.sums[e, COST], routes.sums[e, LOAD] = (
            n,
            kept.sums[e, COST],
            kept.sums[e, LOAD],
        )
        routes.tally[e, DEPOT_AT] = kept.tally[e, DEPOT_AT]
    routes.missing_count[0] = kept.missing_count[0]
    for i in range(kept.missing_count[0]):
        routes.missing[i] = kept.missing[i]

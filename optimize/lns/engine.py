"""The search as a function: from a problem and a plan to a better plan, within a time or some iterations.

The kernel is called for some milliseconds at a time, so that a clock is kept and a stop is heard. With a
number of iterations, nothing depends on the clock: same seed, same plan.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from optimize.lns.chance import State, stream
from optimize.lns.data import (
    COST,
    DEMAND,
    DROP,
    DUE,
    DURATION,
    EARLIEST,
    ENGINEER,
    ENGINEER_OF,
    FIRST,
    FORBIDDEN,
    LATE,
    LATEST,
    PLACE,
    PRICELESS,
    RATE,
    REMOTE,
    SHIFT,
    VISIT,
    VISIT_OF,
    WEIGHT,
    Data,
    FloatArray,
    IntArray,
    Routes,
    as_data,
    empty_routes,
    is_simple,
)
from optimize.lns.keeping import Kept, room_for
from optimize.lns.search import Guide, copy_plan, iterate, recreate, total_cost
from optimize.lns.walk import renew

#: Temperatures at which annealing begins and ends, in shares of the cost of the first plan's routes. Where
#: the length of routes counts, waits make costs jump, and it ends warmer.
_HOT, _COLD, _COOL = 0.01, 0.0005, 0.001
#: Seconds between two looks at the clock.
_CHUNK = 0.01
#: Visits around each that may be taken out with it, engineers that are tried for each.
_NEIGHBOURS, _ENGINEERS = 150, 60


@dataclass(frozen=True)
class Found:
    """What a search found.

    Parameters
    ----------
    routes
        The best plan.
    cost
        Its cost.
    iterations
        How many were made.
    first_seconds
        When the first plan stood.
    """

    routes: Routes
    cost: float
    iterations: int
    first_seconds: float


def guide_of(data: Data, *, moves: bool = True) -> Guide:
    """Return what directs the search in a problem; without neighbours where nothing will be taken out."""
    travel = data.travel.mean(axis=0)
    return Guide(
        near=_near(data, travel) if moves else np.zeros((len(data.visit), 0), np.int64),
        able=_able(data),
        order_keys=_order_keys(data, travel),
        order_shares=np.array([0.35, 0.2, 0.15, 0.15, 0.15]),
        simple=is_simple(data),
    )


def _near(data: Data, travel: FloatArray) -> IntArray:
    """Return for each visit itself and those around it, the nearest first."""
    place = data.visit_of[:, PLACE]
    near = np.argsort(travel[np.ix_(place, place)], axis=1, kind="stable")[:, :_NEIGHBOURS]
    found = [np.concatenate([[c], row[row != c]])[:_NEIGHBOURS] for c, row in enumerate(near)]
    return np.ascontiguousarray(np.stack(found), np.int64)


def _able(data: Data) -> IntArray:
    """Return for each visit the engineers who may have it, the cheapest by way and assignment first."""
    first, place = data.engineer_of[:, FIRST], data.visit_of[:, PLACE]
    way = data.price[0][first][:, place].T * data.engineer[:, RATE]
    way = np.where(data.visit_of[:, REMOTE, None] != 0, 0.0, way) + data.assign
    order = np.argsort(way, axis=1, kind="stable").astype(np.int64)
    allowed = np.take_along_axis(data.assign, order, axis=1) < FORBIDDEN
    order[~allowed] = -1
    sorted_first = np.argsort(~allowed, axis=1, kind="stable")
    order = np.take_along_axis(order, sorted_first, axis=1)[:, :_ENGINEERS]
    return np.ascontiguousarray(order)


def _order_keys(data: Data, travel: FloatArray) -> FloatArray:
    """Return by what visits are sorted: size or weight, distance, due instant, length of the window."""
    visit = data.visit
    size = visit[:, DEMAND] if visit[:, DEMAND].any() else data.dues[:, :, WEIGHT].sum(axis=1)
    counts = np.where(data.dues[:, :, WEIGHT] > 0.0, data.dues[:, :, DUE], np.inf)
    due = np.minimum(counts.min(axis=1, initial=np.inf), visit[:, LATEST])
    far = travel[data.engineer_of[0, FIRST], data.visit_of[:, PLACE]]
    return np.ascontiguousarray(np.stack([-size, -far, due, due - visit[:, EARLIEST]]), np.float64)


def search(
    data: Data,
    *,
    seed: int = 1,
    seconds: float | None = None,
    iterations: int | None = None,
    start: Routes | None = None,
    numbers: tuple[int, ...] = (),
    stop: Callable[[], bool] | None = None,
) -> Found:
    """Search for a plan of least cost.

    Parameters
    ----------
    data
        The problem.
    seed, numbers
        What its random numbers are keyed by.
    seconds, iterations
        When it ends; one of the two.
    start
        A plan to begin with; never a worse one is returned.
    stop
        Asked between chunks; True ends the search.
    """
    began = time.perf_counter()
    guide, state = guide_of(data, moves=iterations != 0), stream(seed, *numbers)
    routes = empty_routes(data, len(data.visit) + 2) if start is None else start
    kept = room_for(routes, LATE + 1 if guide.simple else None)
    _complete(data, guide, routes, kept, state)
    cost = float(total_cost(data, routes))
    best = empty_routes(data, routes.stops.shape[1])
    copy_plan(routes, best)
    value = np.array([cost, cost])
    first = time.perf_counter() - began
    # What nobody has is no measure: its price may stand for never.
    scale = max(float(routes.sums[:, COST].sum()), 1e-4)
    hot, cold = _HOT * scale, (_COOL if data.engineer[:, DURATION].any() else _COLD) * scale
    done, size = 0, 20
    while True:
        elapsed = time.perf_counter() - began
        if iterations is not None:
            size, part = min(1000, iterations - done), done / max(iterations, 1)
            if size <= 0:
                break
            after = (done + size) / iterations
        else:
            part = elapsed / (seconds or 1.0)
            if part >= 1.0:
                break
            after = part
        if stop is not None and stop():
            break
        temperatures = hot * (cold / hot) ** part, hot * (cold / hot) ** after
        iterate(size, *temperatures, data, guide, routes, kept, best, value, state)
        done += size
        if iterations is None:
            took = max(time.perf_counter() - began - elapsed, 1e-6)
            size = max(1, int(size * _CHUNK / took))
    return Found(best, float(value[1]), done, first)


def missing_visits(data: Data, guide: Guide, routes: Routes) -> IntArray:
    """Return the visits that nobody has: those that must not be left out first, then the most urgent."""
    missing = routes.missing[: int(routes.missing_count[0])]
    may_wait = data.visit[missing, DROP] < PRICELESS
    urgent: IntArray = missing[np.lexsort((guide.order_keys[2][missing], may_wait))]
    return urgent


def smallest(**other: Any) -> Data:
    """Return a problem of four visits and two engineers in which nothing can be done, and what is told."""
    n, m = 4, 2
    values: dict[str, Any] = {name: np.zeros(n) for name in (*VISIT, *VISIT_OF)}
    values |= {name: np.zeros(m) for name in (*ENGINEER, *ENGINEER_OF)}
    values |= {name: np.full((m, 1), FORBIDDEN) for name in SHIFT}
    values |= {"opens": np.zeros((m, 1)), "latest": np.full(n, 9.0), "drop": np.full(n, 9.0)}
    values |= {"capacity": np.ones(m), "depot": np.full(m, -1), "partner": np.full(n, -1)}
    values |= {"leader": np.full(n, -1)}
    values |= {"travel": np.ones((1, 1, 1)), "price": np.ones((1, 1, 1)), "slice_length": 1.0}
    values |= {"assign": np.zeros((n, m)), "dues": np.ones((n, 1, 2))}
    values |= {"parts": np.zeros((n, 0)), "van": np.zeros((m, 0))}
    return as_data(values | other)


def warmup() -> None:
    """Compile everything, or load it from the cache: at once if it has been, else in half a minute."""
    search(smallest(), iterations=2)
    search(smallest(partner=[1, 0, -1, -1], leader=[0, 0, -1, -1], depot=np.zeros(2)), iterations=2)


def _complete(data: Data, guide: Guide, routes: Routes, kept: Kept, state: State) -> None:
    """Compute all routes of a plan and put in what is missing, most urgent first."""
    for e in range(len(routes.tally)):
        renew(e, guide.simple, data, routes)
    out = missing_visits(data, guide, routes)
    recreate(out, len(out), data, guide, routes, kept, 0.0, state)
    kept.count_touched[0] = 0
    kept.touched[:] = 0

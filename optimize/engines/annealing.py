"""The compiled search between two clocks: called for some milliseconds, looked at in between."""

from __future__ import annotations

import time
import weakref
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from optimize.engines.protocol import Stop
from optimize.layout import compiled
from optimize.lns.chance import stream
from optimize.lns.data import COST, Routes, empty_routes
from optimize.lns.engine import guide_of
from optimize.lns.keeping import room_for
from optimize.lns.search import Guide, copy_plan, iterate, total_cost
from optimize.problem import DispatchProblem

#: Temperatures at which annealing begins and ends, in shares of the cost of the routes it begins with.
HOT, COLD = 0.01, 0.0005
#: Seconds, and iterations where they are counted, between two looks at the plan.
_CHUNK_SECONDS, _CHUNK = 0.01, 200


_GUIDES: dict[int, Guide] = {}


def guide_to(problem: DispatchProblem) -> Guide:
    """Return what directs the search in a problem, made once for as long as the problem lives."""
    key = id(problem)
    if key not in _GUIDES:
        guide = guide_of(compiled(problem))
        weakref.finalize(problem, _GUIDES.pop, key, None)
        _GUIDES[key] = guide
    return _GUIDES[key]


@dataclass(frozen=True)
class Span:
    """How long one annealing takes, from the hottest to the coldest.

    Parameters
    ----------
    seconds, iterations
        One of the two.
    """

    seconds: float | None = None
    iterations: int | None = None
    began: float = field(default_factory=time.perf_counter)

    def part(self, done: int) -> float:
        """Return which part of it is over after some iterations, 1 at the end."""
        if self.iterations is not None:
            return min(done / max(self.iterations, 1), 1.0)
        return min((time.perf_counter() - self.began) / max(self.seconds or 0.0, 1e-9), 1.0)


@dataclass(frozen=True)
class Annealed:
    """What came out: the best plan, what it costs in the arrays of the search, and the iterations made."""

    routes: Routes
    cost: float
    iterations: int


def annealed(
    problem: DispatchProblem,
    routes: Routes,
    span: Span,
    numbers: tuple[int, ...],
    *,
    hot: float = HOT,
    scale: float | None = None,
    watch: Callable[[Routes], None] | None = None,
    stop: Stop | None = None,
) -> Annealed:
    """Improve a plan by ruin and recreate under falling temperature.

    Parameters
    ----------
    problem
        Whose plan it is.
    routes
        A complete plan that has been walked; it is changed in place.
    span
        How long.
    numbers
        What the random numbers are keyed by, the seed first.
    hot
        Temperature at the beginning, in shares of the scale.
    scale
        What the differences are measured by; the cost of the routes where absent.
    watch
        Shown the plan at present between chunks.
    stop
        Asked between chunks; True ends it.
    """
    data = compiled(problem)
    guide, state, kept = guide_to(problem), stream(*numbers), room_for(routes)
    best = empty_routes(data, routes.stops.shape[1])
    copy_plan(routes, best)
    value = np.full(2, float(total_cost(data, routes)))
    # What nobody has is no measure: its price may stand for never.
    scale = max(float(routes.sums[:, COST].sum()) if scale is None else scale, 1e-4)
    high, low = hot * scale, min(COLD, hot) * scale
    done, size = 0, 20
    while (part := span.part(done)) < 1.0 and not (stop is not None and stop()):
        after = part
        if span.iterations is not None:
            size = min(_CHUNK, span.iterations - done)
            after = span.part(done + size)
        clock = time.perf_counter()
        temperatures = high * (low / high) ** part, high * (low / high) ** after
        iterate(size, *temperatures, data, guide, routes, kept, best, value, state)
        done += size
        if span.iterations is None:
            took = max(time.perf_counter() - clock, 1e-6)
            size = max(1, min(int(size * _CHUNK_SECONDS / took), 4 * size))
        if watch is not None:
            watch(routes)
    return Annealed(best, float(value[1]), done)

"""The one door to the compiled search: everything that engines ask of `optimize.lns` passes through here."""

from __future__ import annotations

import gc
from collections.abc import Callable

import numpy as np

from optimize.compiled_before import is_compiled
from optimize.engines.annealing import guide_to
from optimize.engines.compiling import compile_by_two
from optimize.engines.insertion_by_regret import comparison, insert_by_regret
from optimize.engines.protocol import Limits, Stop
from optimize.layout import compiled, laid_out, note_missing
from optimize.lns.chance import stream
from optimize.lns.data import PARTNER, IntArray, Routes
from optimize.lns.engine import Found, missing_visits, search
from optimize.lns.engine import warmup as warm_search
from optimize.lns.keeping import room_for
from optimize.lns.search import iterate, recreate
from optimize.problem import DispatchProblem, Engineer, Order, SchedulingPolicy, Shift, Travel
from scenarios.phrases import phrase


def searched(
    problem: DispatchProblem,
    limits: Limits,
    *,
    seed: int,
    start: Routes | None = None,
    numbers: tuple[int, ...] = (),
    stop: Stop | None = None,
) -> Found:
    """Return what the compiled search finds in the time that is left, or in the iterations of the limits."""
    return search(
        compiled(problem),
        seed=seed,
        numbers=numbers,
        seconds=limits.left,
        iterations=limits.iterations,
        start=start,
        stop=stop,
    )


def filled(problem: DispatchProblem, routes: Routes, depth: int) -> Routes:
    """Put what is missing into routes that have been walked, by regret; linked orders first, together.

    Parameters
    ----------
    problem, routes
        The problem and a plan of it, changed in place.
    depth
        How many engineers are compared for each order.
    """
    data, missing = compiled(problem), _missing(problem, routes)
    linked = data.visit_of[missing, PARTNER] >= 0
    _insert(problem, routes, missing[linked])
    guide = guide_to(problem)
    alone = missing[~linked]
    known = comparison(len(alone), guide.able.shape[1], depth)
    insert_by_regret(alone, known, data, guide.able, guide.simple, routes, stream(0))
    note_missing(routes)
    return routes


def filled_in_turn(problem: DispatchProblem, routes: Routes) -> Routes:
    """Put what is missing into routes that have been walked, most urgent first, each where it costs least."""
    _insert(problem, routes, _missing(problem, routes))
    note_missing(routes)
    return routes


def _missing(problem: DispatchProblem, routes: Routes) -> IntArray:
    """Return the visits that nobody has, in the order in which they are put in."""
    return missing_visits(compiled(problem), guide_to(problem), routes)


def _insert(problem: DispatchProblem, routes: Routes, visits: IntArray) -> None:
    """Put visits in one after another."""
    data = compiled(problem)
    recreate(visits, len(visits), data, guide_to(problem), routes, room_for(routes), 0.0, stream(0))


def warmup(announce: Callable[[str], None] | None = None) -> None:
    """Compile everything that a plan needs, or load it from the cache.

    Parameters
    ----------
    announce
        Told in words that it will take long, if it will.
    """
    if announce is not None and not is_cached():
        announce(phrase("compiling the search, once on this machine: 15 to 40 s on most"))
    # The compiler makes millions of objects; to look for garbage among them takes a twentieth of its time.
    collects = gc.isenabled()
    gc.disable()
    try:
        if not is_cached():
            compile_by_two()
        _compile()
    finally:
        if collects:
            gc.enable()


def _compile() -> None:
    warm_search()
    home, shift = (Engineer("a", 0, 0, 0.0, (Shift(0.0, 9.0),)),), Order("b", 0, 1.0, drop_cost=9.0)
    for policy in (SchedulingPolicy(), SchedulingPolicy(duration_hour=1.0)):
        problem = DispatchProblem((shift,), home, Travel.constant(np.zeros((1, 1))), policy)
        filled(problem, laid_out(problem, {}), 2)


def is_cached() -> bool:
    """Return whether the search has been compiled on this machine, so that it is loaded in a moment."""
    return is_compiled(iterate)

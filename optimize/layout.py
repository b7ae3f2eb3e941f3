"""Plans in the arrays of the compiled search, and back; a problem is taken apart once.

Nothing is judged here: what may be and what it costs is found by `optimize.evaluation`.
"""

from __future__ import annotations

import weakref
from collections.abc import Mapping, Sequence

import numpy as np

from optimize.compiling import compile_problem
from optimize.lns.data import (
    CLOSED,
    DEMAND,
    DEPOT_AT,
    LENGTH,
    LOAD,
    OPENED,
    START,
    Data,
    Routes,
    empty_routes,
)
from optimize.problem import DispatchProblem

#: Order ids by engineer id, in their order.
Sequences = Mapping[str, Sequence[str]]

_COMPILED: dict[int, Data] = {}


def compiled(problem: DispatchProblem) -> Data:
    """Return a problem as arrays, made once for as long as the problem lives.

    Raises
    ------
    optimize.problem.ProblemError
        If the problem asks for what the search does not know.
    """
    key = id(problem)
    if key not in _COMPILED:
        data = compile_problem(problem)
        weakref.finalize(problem, _COMPILED.pop, key, None)
        _COMPILED[key] = data
    return _COMPILED[key]


def laid_out(
    problem: DispatchProblem,
    sequences: Sequences,
    depot_before: Mapping[str, int] | None = None,
    appointments: Mapping[str, float] | None = None,
) -> Routes:
    """Return routes as arrays, neither walked nor judged.

    Parameters
    ----------
    problem
        Whose orders they are.
    sequences
        Orders of each engineer.
    depot_before
        Position of the stop before which an engineer goes to the depot.
    appointments
        Starts that are fixed.
    """
    data = compiled(problem)
    routes = empty_routes(data, len(problem.orders) + 2)
    for name, orders in sequences.items():
        e, stops = problem.engineer_position[name], [problem.position[order] for order in orders]
        routes.stops[e, : len(stops)] = stops
        routes.tally[e, LENGTH] = len(stops)
        routes.tally[e, DEPOT_AT] = (depot_before or {}).get(name, -1)
        routes.sums[e, LOAD] = data.visit[stops, DEMAND].sum()
        routes.route_of[stops] = e
    for order, at in (appointments or {}).items():
        routes.windows[problem.position[order], [OPENED, CLOSED]] = at
    note_missing(routes)
    return routes


def note_missing(routes: Routes) -> None:
    """Write down which visits nobody has."""
    missing = np.flatnonzero(routes.route_of < 0)
    routes.missing[: len(missing)] = missing
    routes.missing_count[0] = len(missing)


def sequences_of(problem: DispatchProblem, routes: Routes) -> tuple[dict[str, list[str]], dict[str, int]]:
    """Return the orders of each engineer who has any, and where he goes to the depot."""
    sequences, depots = {}, {}
    for e in np.flatnonzero(routes.tally[:, LENGTH]).tolist():
        name, length = problem.engineers[e].id, int(routes.tally[e, LENGTH])
        sequences[name] = [problem.orders[c].id for c in routes.stops[e, :length].tolist()]
        if routes.tally[e, DEPOT_AT] >= 0:
            depots[name] = int(routes.tally[e, DEPOT_AT])
    return sequences, depots


def starts_of(problem: DispatchProblem, routes: Routes) -> dict[str, float]:
    """Return the start of each order that somebody has."""
    found = {}
    for e in np.flatnonzero(routes.tally[:, LENGTH]).tolist():
        for p in range(int(routes.tally[e, LENGTH])):
            found[problem.orders[int(routes.stops[e, p])].id] = float(routes.times[e, START, p])
    return found


def partners_of(problem: DispatchProblem) -> dict[str, set[str]]:
    """Return the orders that each linked order depends on, directly or by way of others."""
    groups: dict[str, set[str]] = {}
    for order in problem.orders:
        for link in order.links:
            joined = groups.get(order.id, {order.id}) | groups.get(link.order, {link.order})
            for name in joined:
                groups[name] = joined
    return {name: group - {name} for name, group in groups.items()}

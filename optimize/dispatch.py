"""The one function that plans a dispatch: from a problem to the best plan within a limit."""

from __future__ import annotations

from collections.abc import Callable

from optimize.plan import Plan, plan_of
from optimize.problem import DispatchProblem, ProblemError


def plan_dispatch(
    problem: DispatchProblem,
    *,
    seed: int = 1,
    seconds: float | None = None,
    iterations: int | None = None,
    stop: Callable[[], bool] | None = None,
) -> Plan:
    """Return who goes where and when.

    Parameters
    ----------
    problem
        What has to be planned.
    seed
        Seed, 0 or more. With iterations, the same seed gives the same plan on every machine.
    seconds, iterations
        When the search ends; one of the two.
    stop
        Asked every few milliseconds; True ends the search with the best plan so far.

    Raises
    ------
    ProblemError
        If not exactly one of seconds and iterations is given, or the problem contradicts itself.
    """
    if (seconds is None) == (iterations is None):
        raise ProblemError("limit: found seconds and iterations, or neither; allowed: one of the two")
    from optimize.compiling import compile_problem
    from optimize.lns.engine import search

    data = compile_problem(problem)
    found = search(data, seed=seed, seconds=seconds, iterations=iterations, stop=stop)
    return plan_of(problem, found.routes, found.cost)

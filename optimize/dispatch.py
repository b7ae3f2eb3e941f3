"""The one function that plans a dispatch: from a problem to the best plan within a limit."""

from __future__ import annotations

from collections.abc import Callable

from optimize.plan import CostParts, Plan, Route
from optimize.priorities import levels_of
from optimize.problem import DispatchProblem, ProblemError
from scenarios.phrases import phrase


def plan_dispatch(
    problem: DispatchProblem,
    *,
    engine: str = "portfolio",
    seed: int = 1,
    seconds: float | None = None,
    iterations: int | None = None,
    start: Plan | None = None,
    stop: Callable[[], bool] | None = None,
    announce: Callable[[str], None] | None = None,
) -> Plan:
    """Return who goes where and when.

    Parameters
    ----------
    problem
        What has to be planned.
    engine
        How it is searched: greedy, regret, lns, ortools or portfolio.
    seed
        Seed, 0 or more. With iterations, the same seed gives the same plan on every machine.
    seconds, iterations
        When the search ends; one of the two.
    start
        A plan to begin with, of this problem or an earlier state of it. What of it is not allowed any more is
        planned anew; if all of it is allowed, no worse plan is returned.
    stop
        Asked every few milliseconds; True ends the search with the best plan so far.
    announce
        Told in words that the search is compiled first, which happens once; that time is then no part of the
        limit.

    Raises
    ------
    ProblemError
        If not exactly one of seconds and iterations is given, the engine is unknown, or the problem
        contradicts itself.
    """
    if (seconds is None) == (iterations is None):
        raise ProblemError(phrase("limit: found seconds and iterations, or neither; allowed: one of the two"))
    from optimize.engines import engine_named
    from optimize.engines.protocol import Limits

    solver = engine_named(engine)
    if not problem.orders or not problem.engineers:
        return _nothing(problem)
    if announce is not None:
        from optimize.engines.compiled_search import warmup

        warmup(announce)
    return solver.solve(problem, Limits(seconds, iterations), seed, start, stop)


def _nothing(problem: DispatchProblem) -> Plan:
    """Return the one plan there is without orders or without engineers."""
    from optimize.lns.data import PRICELESS

    left = sum(min(order.drop_cost, PRICELESS) for order in problem.orders)
    routes = tuple(Route(engineer.id, (), ()) for engineer in problem.engineers)
    parts = CostParts(left_out=left)
    names = tuple(order.id for order in problem.orders)
    return Plan(routes, names, parts.total, parts, levels_of(problem.policy, parts))

"""The compiled large-neighbourhood search as an engine."""

from __future__ import annotations

from optimize.engines.annealing import Span
from optimize.engines.by_level import annealed_by_level
from optimize.engines.compiled_search import filled, searched
from optimize.engines.protocol import Limits, Stop
from optimize.engines.starting import as_it_stands, better, finished, holding
from optimize.layout import compiled, laid_out
from optimize.plan import Plan
from optimize.problem import DispatchProblem

#: Engineers compared in insertion by regret, with which a search by levels begins.
_DEPTH = 3


class Neighbourhoods:
    """Ruin and recreate, from nothing or from a plan."""

    name = "lns"

    def solve(
        self,
        problem: DispatchProblem,
        limits: Limits,
        seed: int = 1,
        start: Plan | None = None,
        stop: Stop | None = None,
    ) -> Plan:
        """Return the best plan that was found."""
        compiled(problem)
        before = limits.elapsed
        if problem.policy.levels:
            return self._by_level(problem, limits, seed, start, stop)
        routes = None if start is None else holding(problem, start)
        found = searched(problem, limits, seed=seed, start=routes, stop=stop)
        plan = finished(problem, found.routes, before + found.first_seconds, found.iterations)
        return better(plan, as_it_stands(problem, start))

    @staticmethod
    def _by_level(
        problem: DispatchProblem, limits: Limits, seed: int, start: Plan | None, stop: Stop | None
    ) -> Plan:
        """Return the best plan that was found of a problem with levels."""
        routes = filled(problem, laid_out(problem, {}) if start is None else holding(problem, start), _DEPTH)
        stood = limits.elapsed
        span = Span(seconds=limits.left, iterations=limits.iterations)
        found = annealed_by_level(problem, routes, span, (seed,), stop=stop)
        plan = finished(problem, found.routes, stood, found.iterations)
        return better(plan, as_it_stands(problem, start))

"""The compiled large-neighbourhood search as an engine."""

from __future__ import annotations

from optimize.engines.compiled_search import searched
from optimize.engines.protocol import Limits, Stop
from optimize.engines.starting import as_it_stands, better, finished, holding
from optimize.layout import compiled
from optimize.plan import Plan
from optimize.problem import DispatchProblem


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
        routes = None if start is None else holding(problem, start)
        found = searched(problem, limits, seed=seed, start=routes, stop=stop)
        plan = finished(problem, found.routes, before + found.first_seconds, found.iterations)
        return better(plan, as_it_stands(problem, start))

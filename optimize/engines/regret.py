"""Insertion of one order after another, by regret or in turn: a plan in milliseconds.

By regret it starts a search, and puts a new order into a running plan; in turn it is what others are measured
by. No seed changes either.
"""

from __future__ import annotations

from optimize.engines.compiled_search import filled, filled_in_turn
from optimize.engines.protocol import Limits, Stop
from optimize.engines.starting import as_it_stands, better, finished, holding
from optimize.layout import laid_out
from optimize.plan import Plan
from optimize.problem import DispatchProblem


class Regret:
    """Insertion by regret: the order that would suffer most from waiting is put in first.

    Parameters
    ----------
    depth
        How many of its best engineers are compared for each order; 1 is plain greedy insertion.

    References
    ----------
    Potvin, J.-Y. and Rousseau, J.-M.: A parallel route building algorithm for the vehicle routing and
    scheduling problem with time windows. European Journal of Operational Research 66 (1993).
    """

    name = "regret"

    def __init__(self, depth: int = 3) -> None:
        self.depth = depth

    def solve(
        self,
        problem: DispatchProblem,
        limits: Limits,
        seed: int = 1,
        start: Plan | None = None,
        stop: Stop | None = None,
    ) -> Plan:
        """Return the plan of one insertion after another; limits and seed change nothing."""
        routes = laid_out(problem, {}) if start is None else holding(problem, start)
        plan = finished(problem, filled(problem, routes, self.depth), limits.elapsed)
        return better(plan, as_it_stands(problem, start))


class Greedy:
    """Insertion in turn: the most urgent order first, each where it costs least."""

    name = "greedy"

    def solve(
        self,
        problem: DispatchProblem,
        limits: Limits,
        seed: int = 1,
        start: Plan | None = None,
        stop: Stop | None = None,
    ) -> Plan:
        """Return the plan of one insertion after another; limits and seed change nothing."""
        routes = laid_out(problem, {}) if start is None else holding(problem, start)
        plan = finished(problem, filled_in_turn(problem, routes), limits.elapsed)
        return better(plan, as_it_stands(problem, start))

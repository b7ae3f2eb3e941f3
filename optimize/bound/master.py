"""The linear programme that chooses among routes: every visit served or left out, engineers enough.

Solved by GLOP inside OR-Tools, which keeps its basis from one solution to the next. Visits may be served
twice in it, which only lowers its value and keeps their prices from falling below zero.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from optimize.bound.pricing import Prices
from optimize.bound.relaxation import Relaxation, route_cost

FloatArray = npt.NDArray[np.float64]


class Master:
    """Routes, cuts, and the prices that follow.

    Parameters
    ----------
    relaxation
        The problem.

    Attributes
    ----------
    routes, costs : list
        Group and visits of each route, and what it costs.
    triples : list of tuple
        The cuts.
    shares : array
        How much of each route the last solution takes.
    """

    def __init__(self, relaxation: Relaxation) -> None:
        from ortools.linear_solver import pywraplp

        self._solver: Any = pywraplp.Solver.CreateSolver("GLOP")
        self._objective: Any = self._solver.Objective()
        self._objective.SetMinimization()
        infinity = self._solver.infinity()
        self._served = [self._solver.Constraint(1.0, infinity) for _ in relaxation.drop]
        self._engineers = [
            self._solver.Constraint(-infinity, float(len(group.engineers))) for group in relaxation.groups
        ]
        self._cuts: list[Any] = []
        self.triples: list[tuple[int, ...]] = []
        self.relaxation = relaxation
        self.routes: list[tuple[int, tuple[int, ...]]] = []
        self.costs: list[float] = []
        self.shares: FloatArray = np.zeros(0)
        self._variables: list[Any] = []
        self._known: set[tuple[int, tuple[int, ...]]] = set()
        for row, drop in zip(self._served, relaxation.drop.tolist(), strict=True):
            self._variable(drop, [(row, 1.0)])

    def _variable(self, cost: float, rows: Sequence[tuple[Any, float]]) -> Any:
        variable = self._solver.NumVar(0.0, self._solver.infinity(), "")
        self._objective.SetCoefficient(variable, cost)
        for row, value in rows:
            row.SetCoefficient(variable, value)
        return variable

    def add(self, g: int, route: tuple[int, ...]) -> bool:
        """Add a route of a group; False if it is known or not allowed."""
        cost = route_cost(self.relaxation.groups[g], route)
        if (g, route) in self._known or cost == np.inf:
            return False
        self._known.add((g, route))
        counts: dict[int, int] = {}
        for visit in route:
            counts[visit] = counts.get(visit, 0) + 1
        rows = [(self._served[visit], float(count)) for visit, count in counts.items()]
        rows.append((self._engineers[g], 1.0))
        for row, triple in zip(self._cuts, self.triples, strict=True):
            pairs = sum(visit in triple for visit in route) // 2
            if pairs:
                rows.append((row, float(pairs)))
        self._variables.append(self._variable(cost, rows))
        self.routes.append((g, route))
        self.costs.append(cost)
        return True

    def add_cut(self, triple: tuple[int, ...]) -> None:
        """Add that at most one route serves two or more of three visits."""
        row = self._solver.Constraint(-self._solver.infinity(), 1.0)
        for variable, (_, route) in zip(self._variables, self.routes, strict=True):
            pairs = sum(visit in triple for visit in route) // 2
            if pairs:
                row.SetCoefficient(variable, float(pairs))
        self._cuts.append(row)
        self.triples.append(triple)

    def forbid(self, position: int) -> None:
        """Take a route out for good."""
        self._variables[position].SetUb(0.0)

    def solve(self) -> tuple[float, Prices]:
        """Return the value of the best mixture of routes and the prices that go with it.

        Raises
        ------
        RuntimeError
            If the solver fails.
        """
        from ortools.linear_solver import pywraplp

        status = self._solver.Solve()
        if status != self._solver.OPTIMAL:
            # The basis carried over may be a bad one to start from.
            anew = pywraplp.MPSolverParameters()
            anew.SetIntegerParam(anew.INCREMENTALITY, anew.INCREMENTALITY_OFF)
            anew.SetIntegerParam(anew.LP_ALGORITHM, anew.DUAL)
            status = self._solver.Solve(anew)
        if status != self._solver.OPTIMAL:
            raise RuntimeError(f"GLOP: found status {status}; allowed: optimal")
        self.shares = np.array([variable.solution_value() for variable in self._variables])
        visits = np.array([row.dual_value() for row in self._served])
        cuts = np.array([-row.dual_value() for row in self._cuts])
        groups = np.array([-row.dual_value() for row in self._engineers])
        prices = Prices(
            np.clip(visits, 0.0, self.relaxation.drop), np.maximum(cuts, 0.0), np.maximum(groups, 0.0)
        )
        return float(self._objective.Value()), prices

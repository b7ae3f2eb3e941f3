"""Routes that a search has met, and where the best mixtures of them would begin a new search.

The relaxed set-partitioning problem over the pool says which routes belong together, in fractions; routes
drawn by them, with the rest put in by regret, are a start in a region that no single search has seen. Only
for plans whose routes can be judged each for itself, so without linked visits. Engineers who are alike share.

References
----------
Rochat, Y. and Taillard, E. D.: Probabilistic diversification and intensification in local search for vehicle
routing. Journal of Heuristics 1 (1995), for plans drawn from the routes of others.
"""

from __future__ import annotations

import numpy as np

from optimize.layout import compiled
from optimize.lns.data import COST, DEPOT_AT, DROP, LENGTH, PARTNER, FloatArray, Routes
from optimize.problem import DispatchProblem

#: A kind of engineer, the position of the depot, and the stops as bytes.
_Key = tuple[int, int, bytes]
#: Routes from which on none are taken, from which on the dearest are forgotten, and how many stay then.
_FULL, _MANY, _ENOUGH = 10_000, 6_000, 4_000
#: By which factor shares vary when routes are drawn, and which part of a route must be free to be taken.
_SPREAD, _FREE = (0.5, 1.5), 0.6


class RoutePool:
    """Routes by what they are, each with its cost.

    Parameters
    ----------
    problem
        Whose routes they are.
    """

    def __init__(self, problem: DispatchProblem) -> None:
        self.problem, self.data = problem, compiled(problem)
        data = self.data
        kinds: dict[tuple[bytes, ...], int] = {}
        self.kind_of: list[int] = []
        for e in range(len(data.engineer)):
            rows = (data.engineer[e], data.engineer_of[e], data.shift[e], data.assign[:, e], data.van[e])
            self.kind_of.append(kinds.setdefault(tuple(row.tobytes() for row in rows), len(kinds)))
        self.count = np.bincount(self.kind_of, minlength=len(kinds))
        self.routes: dict[_Key, float] = {}
        self.shares: dict[_Key, float] = {}

    def take(self, routes: Routes) -> None:
        """Keep the routes of a plan that are new; none any more if there are too many to be weighed."""
        if len(self.routes) >= _FULL:
            return
        for e in np.flatnonzero(routes.tally[:, LENGTH]).tolist():
            stops = routes.stops[e, : routes.tally[e, LENGTH]].tobytes()
            key = (self.kind_of[e], int(routes.tally[e, DEPOT_AT]), stops)
            self.routes.setdefault(key, float(routes.sums[e, COST]))

    def weigh(self) -> None:
        """Solve the relaxed problem: `shares` of the routes in the best mixture; too many are forgotten."""
        keys = list(self.routes)
        shares, reduced = self._relaxed(keys)
        self.shares = {keys[j]: float(shares[j]) for j in np.flatnonzero(shares > 1e-6).tolist()}
        if len(keys) > _MANY:
            best = np.argsort(reduced, kind="stable")[:_ENOUGH].tolist()
            self.routes = {keys[j]: self.routes[keys[j]] for j in best}

    def drawn(self, random: np.random.Generator) -> tuple[dict[str, list[str]], dict[str, int]]:
        """Return routes that do not overlap, likely ones first, and where engineers go to the depot."""
        keys = list(self.shares)
        likely = np.array([self.shares[key] for key in keys]) * random.uniform(*_SPREAD, len(keys))
        free: dict[int, list[str]] = {}
        for kind, person in zip(self.kind_of, self.problem.engineers, strict=True):
            free.setdefault(kind, []).append(person.id)
        sequences: dict[str, list[str]] = {}
        depots: dict[str, int] = {}
        done: set[int] = set()
        for kind, depot, stops in (keys[j] for j in np.argsort(-likely, kind="stable").tolist()):
            visits = np.frombuffer(stops, np.int64).tolist()
            left = [c for c in visits if c not in done]
            if not free[kind] or len(left) < max(1.0, _FREE * len(visits)):
                continue
            engineer = free[kind].pop(0)
            sequences[engineer] = [self.problem.orders[c].id for c in left]
            if depot >= 0:
                depots[engineer] = min(sum(c not in done for c in visits[:depot]), len(left) - 1)
            done.update(left)
        return sequences, depots

    def _relaxed(self, keys: list[_Key]) -> tuple[FloatArray, FloatArray]:
        """Return the share of each route in the best mixture, and by how much each is too dear for it."""
        from ortools.linear_solver import pywraplp

        model = pywraplp.Solver.CreateSolver("GLOP")
        cover = [model.Constraint(1.0, 1.0) for _ in self.problem.orders]
        use = [model.Constraint(-model.infinity(), float(count)) for count in self.count]
        objective, variables = model.Objective(), []
        objective.SetMinimization()
        for key in keys:
            variable = model.NumVar(0.0, model.infinity(), "")
            objective.SetCoefficient(variable, self.routes[key])
            use[key[0]].SetCoefficient(variable, 1.0)
            for c in np.frombuffer(key[2], np.int64).tolist():
                cover[c].SetCoefficient(variable, 1.0)
            variables.append(variable)
        for c, price in enumerate(self.data.visit[:, DROP].tolist()):
            variable = model.NumVar(0.0, 1.0, "")
            objective.SetCoefficient(variable, price)
            cover[c].SetCoefficient(variable, 1.0)
        if model.Solve() != pywraplp.Solver.OPTIMAL:
            return np.zeros(len(keys)), np.zeros(len(keys))
        return (
            np.array([variable.solution_value() for variable in variables]),
            np.array([variable.reduced_cost() for variable in variables]),
        )


def can_be_split(problem: DispatchProblem) -> bool:
    """Return whether each route of a problem can be judged for itself."""
    data = compiled(problem)
    apart = not bool((data.visit_of[:, PARTNER] >= 0).any())
    # The factors of levels lie too far apart for a linear program.
    return apart and problem.policy.largest_tardiness == 0.0 and not problem.policy.levels

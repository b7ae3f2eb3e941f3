"""The routing library of OR-Tools as an engine: arcs and times as matrices, never a Python function per arc.

What it cannot express is left out of its model and put in by regret afterwards: linked orders, work from
afar, and orders with which a route breaks a rule in the exact evaluation. So its plans are as allowed as any
other's; where there are links, several shifts, breaks or depots they cost more than they could. It goes by
weights alone: where a policy has levels, only the plans it ends with are compared by them.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from optimize.engines.compiled_search import filled
from optimize.engines.protocol import Limits, Stop
from optimize.engines.regret import Regret
from optimize.engines.routing_figures import Figures, figures_of
from optimize.engines.starting import as_it_stands, better, finished, holding, unscored
from optimize.plan import Plan
from optimize.problem import DispatchProblem


class OrtoolsRouting:
    """Guided local search by OR-Tools, from a given plan or from one by regret.

    With iterations it descends without guidance until that many solutions are found, or no move is better.
    """

    name = "ortools"

    def solve(
        self,
        problem: DispatchProblem,
        limits: Limits,
        seed: int = 1,
        start: Plan | None = None,
        stop: Stop | None = None,
    ) -> Plan:
        """Return the best plan that was found; no seed changes it, and stop is asked at each solution."""
        standing = as_it_stands(problem, start)
        first = standing or Regret().solve(problem, limits, seed, start)
        stood = limits.elapsed
        routes = _solved(figures_of(problem.by_weight), problem, limits, first, stop)
        if routes is None:
            return replace(first, first_seconds=stood)
        sequences = {
            engineer.id: [problem.orders[c].id for c in stops]
            for engineer, stops in zip(problem.engineers, routes, strict=True)
        }
        plan = finished(problem, filled(problem, holding(problem, unscored(sequences)), 3), stood)
        return better(plan, replace(first, first_seconds=stood))


def _solved(
    figures: Figures, problem: DispatchProblem, limits: Limits, first: Plan, stop: Stop | None
) -> list[list[int]] | None:
    """Return the visits of each engineer in the best solution; nothing if there is none."""
    from ortools.constraint_solver import pywrapcp

    crew = len(problem.engineers)
    if not crew or not len(figures.visits):
        return None
    manager = pywrapcp.RoutingIndexManager(
        len(figures.time), crew, figures.first.tolist(), figures.last.tolist()
    )
    routing = pywrapcp.RoutingModel(manager)
    _add_costs(routing, figures, crew)
    _add_time(routing, manager, figures, crew)
    for amounts, rooms, name in figures.loads:
        unit = routing.RegisterUnaryTransitVector(amounts.tolist())
        routing.AddDimensionWithVehicleCapacity(unit, 0, rooms.tolist(), True, name)
    for node in range(len(figures.visits)):
        index = manager.NodeToIndex(node)
        routing.AddDisjunction([index], int(figures.drop[node]))
        routing.VehicleVar(index).SetValues([-1, *figures.allowed[node]])
    parameters = _parameters(limits)
    if stop is not None:
        routing.AddAtSolutionCallback(lambda: routing.CancelSearch() if stop() else None)
    routing.CloseModelWithParameters(parameters)
    node_of = {int(visit): node for node, visit in enumerate(figures.visits)}
    nodes = [
        [node_of[c] for c in (problem.position[order] for order in route.orders) if c in node_of]
        for route in first.routes
    ]
    begun = routing.ReadAssignmentFromRoutes([[manager.NodeToIndex(n) for n in row] for row in nodes], True)
    if begun is None:
        solution = routing.SolveWithParameters(parameters)
    else:
        solution = routing.SolveFromAssignmentWithParameters(begun, parameters)
    return None if solution is None else _read(routing, manager, solution, figures, crew)


def _parameters(limits: Limits) -> Any:
    from ortools.constraint_solver import pywrapcp, routing_enums_pb2

    parameters = pywrapcp.DefaultRoutingSearchParameters()
    parameters.first_solution_strategy = routing_enums_pb2.FirstSolutionStrategy.PARALLEL_CHEAPEST_INSERTION
    metaheuristic = routing_enums_pb2.LocalSearchMetaheuristic
    if limits.left is None:
        parameters.local_search_metaheuristic = metaheuristic.GREEDY_DESCENT
        parameters.solution_limit = max(limits.iterations or 1, 1)
    else:
        parameters.local_search_metaheuristic = metaheuristic.GUIDED_LOCAL_SEARCH
        parameters.time_limit.FromMilliseconds(max(int(limits.left * 1000.0), 1))
    return parameters


def _add_costs(routing: Any, figures: Figures, crew: int) -> None:
    """Give every engineer the matrix of his costs; those of the same costs share one."""
    for matrix, people in figures.costs:
        index = routing.RegisterTransitMatrix(matrix.tolist())
        for e in people:
            routing.SetArcCostEvaluatorOfVehicle(index, e)
    for e in range(crew):
        routing.SetFixedCostOfVehicle(int(figures.fixed[e]), e)


def _add_time(routing: Any, manager: Any, figures: Figures, crew: int) -> None:
    """Add windows, clocks, shifts and prices of length and overtime."""
    horizon = int(figures.horizon)
    index = routing.RegisterTransitMatrix(figures.time.tolist())
    routing.AddDimension(index, horizon, horizon, False, "time")
    time = routing.GetDimensionOrDie("time")
    for node in range(len(figures.visits)):
        at = manager.NodeToIndex(node)
        time.CumulVar(at).SetRange(int(figures.earliest[node]), int(figures.latest[node]))
        if figures.weight[node] > 0:
            time.SetCumulVarSoftUpperBound(at, int(figures.due[node]), int(figures.weight[node]))
    for e in range(crew):
        time.CumulVar(routing.Start(e)).SetRange(int(figures.opens[e]), horizon)
        time.CumulVar(routing.End(e)).SetRange(0, int(figures.hard[e]))
        if figures.overtime[e] > 0 and figures.closes[e] < figures.hard[e]:
            time.SetCumulVarSoftUpperBound(routing.End(e), int(figures.closes[e]), int(figures.overtime[e]))
        if figures.duration[e] > 0:
            time.SetSpanCostCoefficientForVehicle(int(figures.duration[e]), e)
            routing.AddVariableMaximizedByFinalizer(time.CumulVar(routing.Start(e)))
        routing.AddVariableMinimizedByFinalizer(time.CumulVar(routing.End(e)))


def _read(routing: Any, manager: Any, solution: Any, figures: Figures, crew: int) -> list[list[int]]:
    routes = []
    for e in range(crew):
        index, stops = solution.Value(routing.NextVar(routing.Start(e))), []
        while not routing.IsEnd(index):
            stops.append(int(figures.visits[manager.IndexToNode(index)]))
            index = solution.Value(routing.NextVar(index))
        routes.append(stops)
    return routes

"""Routing with time windows: a published instance through the product's solver.

    python -m benchmarks.vrptw FILE --seconds S [--seed K]

Prints one JSON object last: vehicles, distance, feasible (checked here), routes (customer numbers).
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from benchmarks.instances import vrptw
from benchmarks.solving import add_limits, solved
from optimize import DispatchProblem, Plan


def checked(problem: DispatchProblem, plan: Plan) -> tuple[float, bool]:
    """Return the distance of a plan, and whether it serves everybody in time and within capacities."""
    orders = {order.id: order for order in problem.orders}
    matrix = problem.travel.hours[0]
    distance, fits = 0.0, not plan.unassigned
    for route in plan.routes:
        at, here, load = 0.0, 0, 0.0
        for order in (orders[name] for name in route.orders):
            distance += float(matrix[here, order.place])
            at = max(at + float(matrix[here, order.place]), order.earliest)
            fits = fits and at <= order.latest + 1e-6
            at, here, load = at + order.duration, order.place, load + order.load
        distance += float(matrix[here, 0])
        vehicle = problem.engineers[0]
        fits = fits and load <= vehicle.capacity + 1e-6
        fits = fits and at + float(matrix[here, 0]) <= vehicle.shifts[0].closes + 1e-6
    return distance, bool(fits)


def main() -> None:
    """Solve one instance and print the result."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    add_limits(parser)
    arguments = parser.parse_args()
    problem = vrptw(Path(arguments.file))
    plan = solved(problem, arguments)
    routes = [[int(name) for name in route.orders] for route in plan.routes if route.orders]
    distance, feasible = checked(problem, plan)
    result = {"vehicles": len(routes), "distance": round(distance, 1), "feasible": feasible, "routes": routes}
    print(json.dumps(result))


if __name__ == "__main__":
    main()

"""Routing with time windows: a published instance through the product's solver.

    python -m benchmarks.vrptw FILE --seconds S [--seed K]

Prints one JSON object last: vehicles, distance, feasible (checked here), routes (customer numbers).
"""

from __future__ import annotations

import argparse
import json
import math
from pathlib import Path

from benchmarks.instances import vrptw
from benchmarks.solving import add_limits, solved


def checked(file: Path, routes: list[list[int]]) -> tuple[float, bool]:
    """Return the distance of routes, and whether they serve everybody in time and within capacities."""
    lines = [line.split() for line in file.read_text(encoding="utf-8").splitlines()]
    vehicles, capacity = next(tuple(map(int, row)) for row in lines if len(row) == 2 and row[0].isdigit())
    rows = {int(row[0]): tuple(map(float, row[1:])) for row in lines if len(row) == 7 and row[0].isdigit()}
    distance = 0.0
    fits = (
        sorted(c for route in routes for c in route) == sorted(rows.keys() - {0}) and len(routes) <= vehicles
    )
    for route in routes:
        at, here = 0.0, 0
        for customer in [*route, 0]:
            way = math.floor(10.0 * math.dist(rows[here][:2], rows[customer][:2]) + 1e-9) / 10.0
            distance, at = distance + way, max(at + way, rows[customer][3])
            fits = fits and at <= rows[customer][4] + 1e-6
            at, here = at + rows[customer][5], customer
        fits = fits and sum(rows[customer][2] for customer in route) <= capacity
    return distance, bool(fits)


def main() -> None:
    """Solve one instance and print the result."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    add_limits(parser)
    arguments = parser.parse_args()
    plan = solved(vrptw(Path(arguments.file)), arguments)
    routes = [[int(name) for name in route.orders] for route in plan.routes if route.orders]
    distance, feasible = checked(Path(arguments.file), routes)
    result = {"vehicles": len(routes), "distance": round(distance, 1), "feasible": feasible, "routes": routes}
    print(json.dumps(result))


if __name__ == "__main__":
    main()

"""Technician routing and scheduling: skills, tools and parts, through the product's solver.

    python -m benchmarks.trsp FILE --seconds S [--seed K]

Prints one JSON object last: cost (sum of the least durations of the routes, computed here), served, feasible
(checked here), routes (node numbers of each technician in turn, 0 for the depot).
"""

from __future__ import annotations

import argparse
import json
import math
from itertools import pairwise
from pathlib import Path
from typing import Any

from benchmarks.instances import trsp
from benchmarks.solving import add_limits, solved
from optimize import Plan


def read(file: Path) -> tuple[list[dict[str, Any]], int]:
    """Return what the file says of each node, and how many technicians there are."""
    lines = [line.replace("[", " [").split() for line in file.read_text(encoding="utf-8").splitlines()]
    crew = next(int(line[0]) for line, head in zip(lines[1:], lines, strict=False) if head[:1] == ["CREW"])
    nodes = []
    for line in lines:
        if len(line) == 9 and line[6].startswith("["):
            skills, tools, parts = (json.loads(field) for field in line[6:])
            x, y, opens, closes, work = map(float, line[1:6])
            nodes.append(
                {"at": (x, y), "opens": opens, "closes": closes, "work": work}
                | {"skills": set(skills), "tools": set(tools), "parts": parts}
            )
    return nodes, crew


def routes_of(plan: Plan) -> list[list[int]]:
    """Return the nodes that each technician visits, the depot as 0."""
    routes = []
    for route in plan.routes:
        nodes = [int(name) for name in route.orders]
        if route.depot_before is not None:
            nodes.insert(route.depot_before, 0)
        routes.append(nodes)
    return routes


def checked(file: Path, routes: list[list[int]]) -> tuple[float, int, bool]:
    """Return the sum of the least durations, how many requests are served, and whether all rules are kept."""
    nodes, crew = read(file)
    served = [node for route in routes for node in route if node]
    fits = sorted(served) == list(range(crew + 1, len(nodes)))
    total = 0.0
    for home, route in enumerate(routes, start=1):
        if route:
            fits = fits and _supplied(nodes, home, route)
            hours = _least_duration(nodes, [home, *route, home])
            fits, total = fits and hours is not None, total + (hours or 0.0)
    return total, len(set(served)), bool(fits)


def _supplied(nodes: list[dict[str, Any]], home: int, route: list[int]) -> bool:
    """Return whether a technician has the skills, tools and parts for each stop."""
    tools, parts = nodes[home]["tools"], list(nodes[home]["parts"])
    for node in route:
        if node == 0:
            tools, parts = {*range(100)}, [math.inf] * len(parts)
            continue
        parts = [have - need for have, need in zip(parts, nodes[node]["parts"], strict=True)]
        if not nodes[node]["skills"] <= nodes[home]["skills"]:
            return False
        if not nodes[node]["tools"] <= tools or min(parts) < 0:
            return False
    return True


def _least_duration(nodes: list[dict[str, Any]], path: list[int]) -> float | None:
    """Return the time from the latest departure to the earliest end; none if a window is missed."""
    legs = [math.dist(nodes[a]["at"], nodes[b]["at"]) for a, b in pairwise(path)]
    at = nodes[path[0]]["opens"]
    for leg, node in zip(legs, path[1:], strict=True):
        at = max(at + leg, nodes[node]["opens"])
        if at > nodes[node]["closes"] + 1e-6:
            return None
        at += nodes[node]["work"]
    leave = end = at
    for leg, node in zip(reversed(legs), reversed(path[1:]), strict=True):
        leave = min(leave - nodes[node]["work"], nodes[node]["closes"]) - leg
    return float(end - leave)


def main() -> None:
    """Solve one instance and print the result."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    add_limits(parser)
    arguments = parser.parse_args()
    routes = routes_of(solved(trsp(Path(arguments.file)), arguments))
    cost, served, feasible = checked(Path(arguments.file), routes)
    print(json.dumps({"cost": round(cost, 4), "served": served, "feasible": feasible, "routes": routes}))


if __name__ == "__main__":
    main()

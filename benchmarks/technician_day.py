"""A technician day: travel, weighted lateness and penalties, through the product's solver.

    python -m benchmarks.technician_day FILE --seconds S [--bound] [--seed K]

Prints one JSON object last: objective (computed here), bound (proven by column generation, if asked for),
bound_complete and bound_note (how far the proof went, what it leaves out), routes (order numbers per
technician), served.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from benchmarks.instances import technician_day
from benchmarks.solving import add_limits, solved
from optimize import Plan


def objective_of(file: Path, plan: Plan) -> float:
    """Return the objective of a plan from the file alone.

    Raises
    ------
    ValueError
        If the plan breaks a rule.
    """
    day = json.loads(file.read_text(encoding="utf-8"))
    total = float(sum(day["drop_penalty"][int(name)] for name in plan.unassigned))
    named = [int(name) for route in plan.routes for name in route.orders] + [*map(int, plan.unassigned)]
    if sorted(named) != list(range(day["orders"])):
        raise ValueError("the plan loses orders")
    for route in plan.routes:
        home = day["home"][int(route.engineer)]
        at, here = 0.0, home
        for i in map(int, route.orders):
            there = day["depots"] + i
            total += day["travel"][here][there]
            at = max(at + day["travel"][here][there], day["earliest"][i])
            if at > day["latest"][i] or int(route.engineer) not in day["qualified"][i]:
                raise ValueError(f"order {i} of technician {route.engineer} breaks a rule")
            total += day["weight"][i] * max(0.0, at - day["due"][i])
            at, here = at + day["service"][i], there
        total += day["travel"][here][home]
        if at + day["travel"][here][home] > day["horizon"]:
            raise ValueError(f"technician {route.engineer} is late home")
    return total


def main() -> None:
    """Solve one day and print the result."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    add_limits(parser)
    parser.add_argument("--bound", action="store_true", help="prove a lower bound, in 15 seconds more")
    arguments = parser.parse_args()
    problem = technician_day(Path(arguments.file))
    plan = solved(problem, arguments)
    bound = None
    if arguments.bound:
        from optimize.bound import lower_bound

        bound = lower_bound(problem, seconds=15.0, start=plan)
    routes = [[int(name) for name in route.orders] for route in plan.routes]
    objective = objective_of(Path(arguments.file), plan)
    result = {
        "objective": objective,
        "bound": None if bound is None else bound.value,
        "bound_complete": None if bound is None else bound.complete,
        "bound_note": None if bound is None else str(bound.note),
        "routes": routes,
        "served": sum(map(len, routes)),
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()

"""An urgent order in a running plan: how soon a first answer stands, how good it gets, and how much moves.

    python -m benchmarks.urgent_order FILE... [--seconds 0.3] [--cold 3] [--orders 5] [--seed K]

Each file is a technician day. Each of its last orders in turn comes in late: the plan of the others, searched
for `--cold` seconds, stands; the order is inserted, then the plan is searched for `--seconds`. A cold search
of `--cold` seconds over all orders is the yardstick. Prints one JSON object a day: medians over the orders,
and the most orders that moved.
"""

from __future__ import annotations

import argparse
import json
import time
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.instances import technician_day
from optimize import DispatchProblem, Plan, plan_dispatch
from optimize.day.replanning import improved, inserted
from optimize.lns.engine import warmup


def moved_orders(before: Plan, after: Plan) -> int:
    """Return how many orders of a plan have another engineer, or nobody, in a later one."""
    now = after.engineer_of
    return sum(now.get(order) != engineer for order, engineer in before.engineer_of.items())


def without_unrest(plan: Plan) -> float:
    """Return what a plan costs apart from the price of unrest."""
    assert plan.parts is not None
    return plan.cost - plan.parts.churn


def measured(problem: DispatchProblem, urgent: int, arguments: argparse.Namespace) -> dict[str, float]:
    """Return the figures of one order that comes in late."""
    others = tuple(order for i, order in enumerate(problem.orders) if i != urgent)
    limits: dict[str, Any] = {"seed": arguments.seed, "seconds": arguments.cold}
    standing = plan_dispatch(replace(problem, orders=others), **limits)
    cold = plan_dispatch(problem, **limits)
    began = time.perf_counter()
    now = replace(problem, previous=standing.engineer_of)
    first = inserted(now, standing)
    answered = time.perf_counter()
    better = improved(now, first, seed=arguments.seed, seconds=arguments.seconds)
    ended = time.perf_counter()
    return {
        "first_ms": 1e3 * (answered - began),
        "first_over_cold_percent": 100.0 * (without_unrest(first) / cold.cost - 1.0),
        "search_s": ended - answered,
        "over_cold_percent": 100.0 * (without_unrest(better) / cold.cost - 1.0),
        "moved": moved_orders(standing, better),
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("file", nargs="+", help="technician days")
    parser.add_argument("--seconds", type=float, default=0.3, help="search after the order came in")
    parser.add_argument("--cold", type=float, default=3.0, help="search of the plans that are compared with")
    parser.add_argument("--orders", type=int, default=5, help="orders of each day that come in late")
    parser.add_argument("--seed", type=int, default=1, help="seed (default 1)")
    arguments = parser.parse_args()
    warmup()
    for file in arguments.file:
        problem = technician_day(Path(file))
        small = plan_dispatch(problem, engine="regret", iterations=1)  # compiled before anything is timed
        inserted(problem, small)
        count = len(problem.orders)
        rows = [measured(problem, count - 1 - i, arguments) for i in range(arguments.orders)]
        figures = {name: round(median(row[name] for row in rows), 2) for name in rows[0]}
        most = max(row["moved"] for row in rows)
        print(json.dumps({"file": Path(file).name, **figures, "most_moved": most}))


if __name__ == "__main__":
    main()

"""A drawn day of any size: the product's solver against OR-Tools that starts from the greedy plan.

    python -m benchmarks.dispatch --orders N --engineers N --seconds S [--seed K]

Prints one JSON object last: objective, first_plan_seconds, unassigned, greedy_objective (the most urgent
order first, each where it costs least), ortools_from_greedy_objective (the same seconds, from the greedy
plan), ratio (objective by that of OR-Tools) and regret_objective (insertion by regret, which takes
milliseconds). Objectives are computed here from the description of the day.
"""

from __future__ import annotations

import argparse
import json

from benchmarks.instances import generated
from benchmarks.solving import warm
from optimize import DispatchProblem, Plan, plan_dispatch


def objective_of(problem: DispatchProblem, plan: Plan) -> float:
    """Return the objective of a plan of a drawn day.

    Raises
    ------
    ValueError
        If the plan breaks a rule.
    """
    orders = {order.id: order for order in problem.orders}
    people = {engineer.id: engineer for engineer in problem.engineers}
    hours = problem.travel.hours[0]
    total, open_orders = 0.0, set(orders)
    for route in plan.routes:
        engineer = people[route.engineer]
        at, here = engineer.free_at, engineer.place
        for order in (orders[name] for name in route.orders):
            open_orders.remove(order.id)
            total += hours[here, order.place]
            at = max(at + hours[here, order.place], order.earliest)
            able = all(engineer.skills.get(skill, -1) >= level for skill, level in order.skills.items())
            if not able or at > order.latest + 1e-6:
                raise ValueError(f"{order.id} at {engineer.id} breaks a rule")
            total += sum(due.weight * max(0.0, at - due.at) for due in order.dues)
            at, here = at + order.duration, order.place
        total += hours[here, engineer.place]
        if at + hours[here, engineer.place] > engineer.shifts[0].closes + 1e-6:
            raise ValueError(f"{engineer.id} is late home")
    if open_orders != set(plan.unassigned):
        raise ValueError("the plan loses orders")
    return float(total + sum(orders[name].drop_cost for name in open_orders))


def main() -> None:
    """Plan one drawn day three ways and print the result."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--orders", type=int, default=1000, help="orders (default 1000)")
    parser.add_argument("--engineers", type=int, default=200, help="engineers (default 200)")
    parser.add_argument("--seconds", type=float, default=10.0, help="time limit of each (default 10)")
    parser.add_argument("--seed", type=int, default=1, help="seed of the day and of the search (default 1)")
    arguments = parser.parse_args()
    problem = generated(arguments.orders, arguments.engineers, arguments.seed)
    warm()
    seconds, seed = arguments.seconds, arguments.seed
    greedy = plan_dispatch(problem, engine="greedy", seed=seed, seconds=seconds)
    regret = plan_dispatch(problem, engine="regret", seed=seed, seconds=seconds)
    plan = plan_dispatch(problem, seed=seed, seconds=seconds)
    rival = plan_dispatch(problem, engine="ortools", seed=seed, seconds=seconds, start=greedy)
    objective, of_rival = objective_of(problem, plan), objective_of(problem, rival)
    result = {
        "objective": round(objective, 4),
        "first_plan_seconds": round(plan.first_seconds, 4),
        "unassigned": len(plan.unassigned),
        "greedy_objective": round(objective_of(problem, greedy), 4),
        "ortools_from_greedy_objective": round(of_rival, 4),
        "ratio": round(objective / of_rival, 4),
        "regret_objective": round(objective_of(problem, regret), 4),
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()

"""What of a plan still holds in a later state of its problem: everybody's orders in their order.

Starts of crews are found anew: those of a day's plan are rounded, and a second too early would part a crew.
"""

from __future__ import annotations

from optimize.plan import Plan
from optimize.problem import DispatchProblem


def carried_over(problem: DispatchProblem, standing: Plan | None) -> Plan:
    """Return a plan, scored, without what the problem does not know or a hard rule now stands against.

    Parameters
    ----------
    problem
        The problem as it is now.
    standing
        The plan that stands, of this problem or an earlier state of it; none is a plan without visits.
    """
    from optimize.evaluation import InfeasibleRoute, evaluate
    from optimize.layout import partners_of

    routes = {r.engineer: r for r in standing.routes} if standing else {}
    known = {name: routes[name] for name in routes if name in problem.engineer_position}
    sequences = {name: [o for o in route.orders if o in problem.position] for name, route in known.items()}
    depots: dict[str, str] = {}
    for name, route in known.items():
        if route.depot_before is not None:
            after = [order for order in route.orders[route.depot_before :] if order in problem.position]
            depots |= {name: after[0]} if after else {}
    partners = partners_of(problem)
    while True:
        before = {name: sequences[name].index(order) for name, order in depots.items()}
        try:
            return evaluate(problem, {name: orders for name, orders in sequences.items() if orders}, before)
        except InfeasibleRoute as refusal:
            if refusal.rule == "depot":
                del depots[refusal.engineer]
                continue
            gone = {refusal.order} | partners.get(refusal.order, set())
            for name, orders in sequences.items():
                if name in depots and depots[name] in gone:
                    later = [o for o in orders[orders.index(depots[name]) :] if o not in gone]
                    del depots[name]
                    depots |= {name: later[0]} if later else {}
                sequences[name] = [order for order in orders if order not in gone]

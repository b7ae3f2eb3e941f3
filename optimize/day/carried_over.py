"""What of a plan still holds in a later state of its problem: everybody's orders in turn, and crews' starts.

Starts of a day's plan are whole seconds, not before those that were meant. A crew therefore starts no earlier
than a second before its appointment, and then as early as all of it can be there.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import inf

from optimize.plan import Plan
from optimize.problem import DispatchProblem, Order

#: Hours by which a start that was meant may lie before the whole second that is told: just short of one, so
#: that it is told as the same second again.
_PLAY = (1.0 - 0.002) / 3600.0


def carried_over(problem: DispatchProblem, standing: Plan | None) -> Plan:
    """Return a plan, scored, without what the problem does not know or a hard rule now stands against.

    Parameters
    ----------
    problem
        The problem as it is now.
    standing
        The plan that stands, of this problem or an earlier state of it; none is a plan without visits.
        Crews start when it says, or later where somebody of them comes later.
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
    held = appointments(problem, standing.start_of if standing else {})
    while True:
        before = {name: sequences[name].index(order) for name, order in depots.items()}
        walked = {name: orders for name, orders in sequences.items() if orders}
        try:
            return evaluate(problem, walked, before, not_before=held)
        except InfeasibleRoute as refusal:
            if refusal.rule == "depot":
                del depots[refusal.engineer]
                continue
            gone = {refusal.order} | partners.get(refusal.order, set())
            if gone & held.keys():  # at another time it may be possible
                held = {order: at for order, at in held.items() if order not in gone}
                continue
            for name, orders in sequences.items():
                if name in depots and depots[name] in gone:
                    later = [o for o in orders[orders.index(depots[name]) :] if o not in gone]
                    del depots[name]
                    depots |= {name: later[0]} if later else {}
                sequences[name] = [order for order in orders if order not in gone]


def appointments(problem: DispatchProblem, starts: Mapping[str, float]) -> dict[str, float]:
    """Return before when the crews of a plan do not start, by order; none for whom it is too late by then.

    Parameters
    ----------
    problem
        The problem as it is now.
    starts
        Starts in whole seconds, by order.
    """
    from optimize.layout import partners_of

    groups = {name: {name, *others} for name, others in partners_of(problem).items() if others}
    latest = {
        name: min(_latest(problem.orders[problem.position[o]]) for o in groups[name]) for name in groups
    }
    meant = {name: starts[name] - _PLAY for name in groups if name in starts}
    return {name: at for name, at in meant.items() if at <= latest[name]}


def _latest(order: Order) -> float:
    pinned = order.pin.start_to if order.pin else None
    return min(order.latest, inf if pinned is None else pinned)

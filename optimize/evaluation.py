"""The one exact evaluation: every plan of every engine is scored by it, and by nothing else.

Times and costs come from the same compiled walk over a route that the search uses; here it is asked for the
whole plan, for the parts of the cost, and for the reason why a plan is not allowed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from optimize.layout import Sequences, compiled, laid_out, partners_of, sequences_of, starts_of
from optimize.lns.data import (
    CLOSED,
    COST,
    DEPOT,
    DEPOT_AT,
    DROP,
    DUE,
    DURATION,
    EARLIEST,
    FAIRNESS,
    FIXED,
    FORBIDDEN,
    LATEST,
    LENGTH,
    OPENED,
    OVERTIME,
    RATE,
    SERVICE,
    SLACK,
    START,
    WEIGHT,
    Data,
    IntArray,
    Routes,
)
from optimize.lns.walk import is_simple, renew
from optimize.plan import CostParts, Plan, Route
from optimize.priorities import levels_of
from optimize.problem import DispatchProblem, Order, ProblemError
from optimize.rules import RULES
from scenarios.phrases import Phrase, phrase

#: How often the starts of linked visits are moved before they count as contradicting each other.
_ROUNDS = 50


class InfeasibleRoute(ValueError):
    """A route that breaks a hard rule.

    Parameters
    ----------
    engineer, order
        Whose route it is, and the first order at which it breaks.
    rule
        Id of the rule: one of `optimize.rules.RULES`, or once, depot, window, shift, link.
    message
        The same in words.
    """

    def __init__(self, engineer: str, order: str, rule: str, message: Phrase) -> None:
        super().__init__(message)
        self.engineer, self.order, self.rule, self.message = engineer, order, rule, message


def evaluate(
    problem: DispatchProblem,
    sequences: Sequences,
    depot_before: Mapping[str, int] | None = None,
    appointments: Mapping[str, float] | None = None,
    not_before: Mapping[str, float] | None = None,
) -> Plan:
    """Return the plan in which every engineer does his orders in the order given, as early as he can.

    Parameters
    ----------
    problem
        What is planned.
    sequences
        Orders of each engineer who has any; all other orders are left out.
    depot_before
        Position of the stop before which an engineer goes to the depot.
    appointments
        Starts of linked orders; without them linked orders start as early as their routes and gaps allow.
    not_before
        Instants before which orders without an appointment do not start; they start as early after them as
        can be.

    Raises
    ------
    InfeasibleRoute
        If a hard rule is broken.
    optimize.problem.ProblemError
        If an order or an engineer is unknown.
    """
    return plan_of(problem, walked(problem, sequences, depot_before, appointments, not_before))


def walked(
    problem: DispatchProblem,
    sequences: Sequences,
    depot_before: Mapping[str, int] | None = None,
    appointments: Mapping[str, float] | None = None,
    not_before: Mapping[str, float] | None = None,
) -> Routes:
    """Return the routes of a plan as arrays, with their times and costs; parameters as in `evaluate`.

    Raises
    ------
    InfeasibleRoute
        If a hard rule is broken.
    """
    _check_names(problem, sequences)
    _check_rules(problem, sequences, depot_before or {})
    _check_appointments(problem, sequences, appointments or {})
    routes = laid_out(problem, sequences, depot_before, appointments)
    for order, at in (not_before or {}).items():
        c = problem.position[order]
        routes.windows[c, OPENED] = max(routes.windows[c, OPENED], at)
    _walk_all(problem, routes)
    if any(order.links for order in problem.orders):
        _keep_appointments(problem, routes)
    return routes


def plan_of(problem: DispatchProblem, routes: Routes) -> Plan:
    """Return routes that have been walked as a plan, with every part of its cost."""
    sequences, depots = sequences_of(problem, routes)
    starts = starts_of(problem, routes)
    found = tuple(
        Route(
            engineer.id,
            tuple(sequences.get(engineer.id, ())),
            tuple(starts[order] for order in sequences.get(engineer.id, ())),
            depots.get(engineer.id),
        )
        for engineer in problem.engineers
    )
    unassigned = tuple(order.id for order in problem.orders if order.id not in starts)
    parts = _parts(problem, routes)
    return Plan(found, unassigned, parts.total, parts, levels_of(problem.policy, parts))


def scored(problem: DispatchProblem, routes: Routes) -> Plan:
    """Return the plan that routes of a search make, with the starts that cost least.

    Linked orders keep the starts that the search gave them, or start as early as they can.
    """
    sequences, depots = sequences_of(problem, routes)
    linked = partners_of(problem)
    if not linked:
        return evaluate(problem, sequences, depots)
    fixed = {order: at for order, at in starts_of(problem, routes).items() if order in linked}
    plan = evaluate(problem, sequences, depots, fixed)
    try:
        early = evaluate(problem, sequences, depots)
    except InfeasibleRoute:  # who leaves earlier may meet the traffic
        return plan
    return min(plan, early, key=lambda one: one.rank)


def _check_names(problem: DispatchProblem, sequences: Sequences) -> None:
    seen: set[str] = set()
    for engineer, orders in sequences.items():
        if engineer not in problem.engineer_position:
            raise ProblemError(
                phrase("engineer {name}: found in a plan; allowed: those of the problem", name=engineer)
            )
        for order in orders:
            if order not in problem.position:
                raise ProblemError(
                    phrase("order {name}: found in a plan; allowed: those of the problem", name=order)
                )
            if order in seen:
                words = phrase("{order} stands in the plan twice", order=order)
                raise InfeasibleRoute(engineer, order, "once", words)
            seen.add(order)


def _check_rules(problem: DispatchProblem, sequences: Sequences, depots: Mapping[str, int]) -> None:
    """Raise if somebody has an order that he must not have, or goes to a depot that he has not."""
    data = compiled(problem)
    for name, orders in sequences.items():
        e = problem.engineer_position[name]
        if orders and name in depots and data.engineer_of[e, DEPOT] < 0:
            words = phrase("{engineer} has no depot to go to", engineer=name)
            raise InfeasibleRoute(name, orders[0], "depot", words)
        for order in orders:
            c = problem.position[order]
            if data.assign[c, e] >= FORBIDDEN:
                engineer = problem.engineers[e]
                rule = next(rule.name for rule in RULES if not rule.passes(problem.orders[c], engineer))
                words = phrase(
                    "{engineer} may not have {order}: rule {rule}", engineer=name, order=order, rule=rule
                )
                raise InfeasibleRoute(name, order, rule, words)


def _check_appointments(
    problem: DispatchProblem, sequences: Sequences, appointments: Mapping[str, float]
) -> None:
    """Raise if an appointment is not in the window of its order, or beside its pin."""
    data = compiled(problem)
    for engineer, orders in sequences.items():
        for order in filter(appointments.__contains__, orders):
            low, high = data.visit[problem.position[order], [EARLIEST, LATEST]]
            if not low - SLACK <= appointments[order] <= high + SLACK:
                words = phrase(
                    "the appointment of {engineer} for {order} is not in its window",
                    engineer=engineer,
                    order=order,
                )
                raise InfeasibleRoute(engineer, order, "window", words)


def _walk_all(problem: DispatchProblem, routes: Routes) -> None:
    simple = is_simple(compiled(problem))
    for e in np.flatnonzero(routes.tally[:, LENGTH]).tolist():
        _walk(problem, routes, e, simple)


def _walk(problem: DispatchProblem, routes: Routes, e: int, simple: bool) -> None:
    renew(e, simple, compiled(problem), routes)
    if routes.sums[e, COST] >= FORBIDDEN:
        raise _reason(problem, routes, e)


def _reason(problem: DispatchProblem, routes: Routes, e: int) -> InfeasibleRoute:
    """Return at which order a route first breaks a rule, and which."""
    data, length = compiled(problem), int(routes.tally[e, LENGTH])
    orders = [problem.orders[c] for c in routes.stops[e, :length].tolist()]
    engineer, depot = problem.engineers[e], int(routes.tally[e, DEPOT_AT])
    stops = routes.stops[e, :length].copy()
    for count in range(1, length + 1):
        if _allowed(data, routes, e, stops[:count], depot):
            continue
        last = orders[count - 1]
        rule = _broken(orders[:count], engineer.capacity, engineer.parts, engineer.tools, depot)
        if rule is None:
            wide = routes._replace(windows=routes.windows.copy())
            wide.windows[stops[count - 1], CLOSED] = FORBIDDEN
            rule = "window" if _allowed(data, wide, e, stops[:count], depot) else "shift"
        return InfeasibleRoute(engineer.id, last.id, rule, _words(rule, engineer.id, last.id))
    return InfeasibleRoute(engineer.id, orders[-1].id, "shift", _words("shift", engineer.id, orders[-1].id))


def _words(rule: str, engineer: str, order: str) -> Phrase:
    """Return in words what a route breaks at an order."""
    if rule == "window":
        return phrase("{engineer} comes too late for {order}", engineer=engineer, order=order)
    if rule == "shift":
        words = phrase("{engineer} cannot do {order} within his shifts", engineer=engineer, order=order)
        return words
    if rule == "load":
        return phrase("{engineer} cannot take the load of {order} as well", engineer=engineer, order=order)
    if rule == "parts":
        return phrase("{engineer} has no parts left for {order}", engineer=engineer, order=order)
    return phrase("{engineer} has no tool for {order}", engineer=engineer, order=order)


def _allowed(data: Data, routes: Routes, e: int, stops: IntArray, depot: int) -> bool:
    """Return whether some stops alone would make an allowed route; only the general walk heeds `windows`."""
    trial = routes._replace(
        stops=routes.stops.copy(),
        tally=routes.tally.copy(),
        sums=routes.sums.copy(),
        times=routes.times.copy(),
    )
    trial.stops[e, : len(stops)] = stops
    trial.tally[e, LENGTH], trial.tally[e, DEPOT_AT] = len(stops), depot if depot < len(stops) else -1
    renew(e, False, data, trial)
    return bool(trial.sums[e, COST] < FORBIDDEN)


def _broken(
    orders: Sequence[Order],
    capacity: float,
    parts: Mapping[str, int],
    tools: frozenset[str],
    depot: int,
) -> str | None:
    """Return which rule beside time the last of some orders breaks; nothing if none."""
    if sum(order.load for order in orders) > capacity + SLACK:
        return "load"
    if depot < 0 or len(orders) <= depot:
        used: dict[str, int] = {}
        for order in orders:
            for part, units in order.parts.items():
                used[part] = used.get(part, 0) + units
        if any(units > parts.get(part, 0) for part, units in used.items()):
            return "parts"
        if not orders[-1].tools <= tools:
            return "tools"
    return None


def _keep_appointments(problem: DispatchProblem, routes: Routes) -> None:
    """Move the starts of linked visits until every gap is kept, as early as possible, and fix them.

    A start only ever moves later, so that what results is the earliest there is.
    """
    links = [
        (problem.position[order.id], problem.position[link.order], link.gap_low, link.gap_high)
        for order in problem.orders
        for link in order.links
    ]
    _check_pairs(problem, routes, [(a, b) for a, b, _, _ in links])
    links = [link for link in links if routes.route_of[link[0]] >= 0]
    for _ in range(_ROUNDS):
        moved = False
        for a, b, low, high in links:
            gap = _start(routes, b) - _start(routes, a)
            if gap < low - SLACK:
                moved = True
                _put_off(problem, routes, b, _start(routes, a) + low)
            elif gap > high + SLACK:
                moved = True
                _put_off(problem, routes, a, _start(routes, b) - high)
        if not moved:
            break
    else:
        raise _unlinked(problem, routes, links[0][0])
    for c in {c for a, b, _, _ in links for c in (a, b)}:
        routes.windows[c] = _start(routes, c)
    _walk_all(problem, routes)


def _check_pairs(problem: DispatchProblem, routes: Routes, pairs: Sequence[tuple[int, int]]) -> None:
    """Raise if of two linked visits one is left out, or both are one person's."""
    for a, b in pairs:
        one, two = int(routes.route_of[a]), int(routes.route_of[b])
        if (one < 0) != (two < 0) or (one == two and one >= 0):
            raise _unlinked(problem, routes, a if one >= 0 else b)


def _unlinked(problem: DispatchProblem, routes: Routes, c: int) -> InfeasibleRoute:
    engineer, order = problem.engineers[int(routes.route_of[c])].id, problem.orders[c].id
    words = phrase("{order} and what is linked to it cannot be kept together", order=order)
    return InfeasibleRoute(engineer, order, "link", words)


def _start(routes: Routes, c: int) -> float:
    e = int(routes.route_of[c])
    return float(routes.times[e, START, int(np.flatnonzero(routes.stops[e] == c)[0])])


def _put_off(problem: DispatchProblem, routes: Routes, c: int, at: float) -> None:
    """Let a linked visit start no earlier than an instant."""
    if at > routes.windows[c, CLOSED] + SLACK:
        raise _unlinked(problem, routes, c)
    routes.windows[c, OPENED] = at
    try:
        _walk(problem, routes, int(routes.route_of[c]), False)
    except InfeasibleRoute:
        raise _unlinked(problem, routes, c) from None


def _parts(problem: DispatchProblem, routes: Routes) -> CostParts:
    """Return what the cost of routes that have been walked consists of."""
    data, policy = compiled(problem.by_weight), problem.policy
    used = np.flatnonzero(routes.tally[:, LENGTH])
    tardiness = waste = churn = unfairness = largest = 0.0
    for e in used.tolist():
        length, engineer = int(routes.tally[e, LENGTH]), problem.engineers[e]
        stops = routes.stops[e, :length]
        late = np.maximum(routes.times[e, START, :length, None] - data.dues[stops, :, DUE], 0.0)
        tardiness += float((late * data.dues[stops, :, WEIGHT]).sum())
        largest = max(largest, float((late * (data.dues[stops, :, WEIGHT] > 0.0)).max()))
        unfairness += float(data.engineer[e, FAIRNESS] * data.visit[stops, SERVICE].sum() ** 2)
        for order in (problem.orders[c] for c in stops.tolist()):
            waste += sum(engineer.skills[skill] - level for skill, level in order.skills.items())
            churn += problem.previous.get(order.id, engineer.id) != engineer.id
    return CostParts(
        travel=_alone(data, routes, RATE),
        tardiness=tardiness,
        overtime=_alone(data, routes, OVERTIME),
        skill_waste=policy.skill_waste * waste,
        unfairness=unfairness,
        churn=policy.churn * churn,
        duration=_alone(data, routes, DURATION) - tardiness if data.engineer[:, DURATION].any() else 0.0,
        use=float(data.engineer[used, FIXED].sum()),
        left_out=float(data.visit[routes.route_of < 0, DROP].sum()),
        largest_tardiness=policy.largest_tardiness * largest,
    )


def _alone(data: Data, routes: Routes, column: int) -> float:
    """Return what all routes cost if one price of the engineers is the only one.

    How much later somebody may leave depends on the clocks, which therefore stay: their cost is known.
    """
    engineer, assign = data.engineer.copy(), np.zeros_like(data.assign)
    for other in {RATE, OVERTIME, DURATION, FIXED, FAIRNESS} - {column}:
        engineer[:, other] = 0.0
    only = data._replace(engineer=engineer, assign=assign)
    if column != DURATION:
        only = only._replace(dues=data.dues * np.array([1.0, 0.0]))
    walk = routes._replace(sums=routes.sums.copy(), times=routes.times.copy())
    total, simple = 0.0, is_simple(data)
    for e in np.flatnonzero(routes.tally[:, LENGTH]).tolist():
        renew(e, simple, only, walk)
        total += float(walk.sums[e, COST])
    return total

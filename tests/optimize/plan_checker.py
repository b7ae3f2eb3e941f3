"""An independent reading of the rules of a dispatch problem: whether a plan is allowed, and what it costs.

Shares no code with the search: it walks each route in plain Python over the descriptions of orders and
engineers.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import replace

from optimize import DispatchProblem, Engineer, Order, Plan, Route

NEVER = math.inf
#: What an order that must not be left out counts in an objective where nobody serves it.
MUST_SERVE = 1e12
_EPS = 1e-6


def violations(problem: DispatchProblem, plan: Plan) -> list[str]:
    """Return every hard rule that a plan breaks, in words."""
    found = []
    served = Counter(order for route in plan.routes for order in route.orders) + Counter(plan.unassigned)
    for order in problem.orders:
        if served[order.id] != 1:
            found.append(f"{order.id} stands {served[order.id]} times")
    orders = {order.id: order for order in problem.orders}
    people = {engineer.id: engineer for engineer in problem.engineers}
    for name, times in Counter(route.engineer for route in plan.routes).items():
        if times > 1:
            found.append(f"{name} has {times} routes")
    starts, having = {}, {order: route.engineer for route in plan.routes for order in route.orders}
    for route in plan.routes:
        for order, start in zip(route.orders, route.starts, strict=True):
            starts[order] = start
            found += _may_have(orders[order], people[route.engineer], start)
        found += _walk(problem, route, orders, people[route.engineer])[0]
    for order in problem.orders:
        for link in order.links:
            if (order.id in starts) != (link.order in starts):
                found.append(f"{order.id} and {link.order}: one of them is left out")
            elif order.id in starts:
                if having[order.id] == having[link.order]:
                    found.append(f"{order.id} and {link.order}: both are {having[order.id]}'s")
                gap = starts[link.order] - starts[order.id]
                if not link.gap_low - _EPS <= gap <= link.gap_high + _EPS:
                    found.append(f"{order.id} and {link.order}: a gap of {gap}")
    return found


def cost_of(problem: DispatchProblem, plan: Plan) -> float:
    """Return the sum of all costs of a plan."""
    return sum(costs_of(problem, plan).values())


def objective_of(problem: DispatchProblem, plan: Plan) -> float:
    """Return the sum of all costs, finite also where an order is left out that must not be."""
    orders = tuple(replace(order, drop_cost=min(order.drop_cost, MUST_SERVE)) for order in problem.orders)
    return cost_of(replace(problem, orders=orders), plan)


def levels_of(problem: DispatchProblem, plan: Plan) -> tuple[float, ...]:
    """Return what each level of a lexicographic policy comes to, what it does not name last."""
    costs = costs_of(problem, plan)
    named = [sum(costs.pop(name, 0.0) for name in level) for level in problem.policy.levels]
    return (*named, sum(costs.values()))


def costs_of(problem: DispatchProblem, plan: Plan) -> dict[str, float]:
    """Return the costs of a plan by their names."""
    orders = {order.id: order for order in problem.orders}
    people = {engineer.id: engineer for engineer in problem.engineers}
    policy = problem.policy
    found = {"left_out": sum(orders[name].drop_cost for name in plan.unassigned)}
    names = ("use", "travel", "overtime", "duration", "unfairness", "skill_waste", "churn", "tardiness")
    found |= dict.fromkeys(names, 0.0)
    largest = 0.0
    for route in plan.routes:
        engineer = people[route.engineer]
        if not route.orders:
            continue
        found["use"] += engineer.cost_of_use
        for name, cost in _walk(problem, route, orders, engineer)[1].items():
            found[name] += cost
        worked = sum(orders[name].duration for name in route.orders)
        found["unfairness"] += policy.unfairness * worked * worked
        for name, start in zip(route.orders, route.starts, strict=True):
            order = orders[name]
            above = sum(engineer.skills[skill] - level for skill, level in order.skills.items())
            found["skill_waste"] += policy.skill_waste * above
            if problem.previous.get(name, engineer.id) != engineer.id:
                found["churn"] += policy.churn
            for due in order.dues:
                stop = start if due.clock == "attend" else start + order.duration
                found["tardiness"] += policy.tardiness * due.weight * max(0.0, stop - due.at)
                largest = max(largest, stop - due.at) if policy.tardiness * due.weight > 0.0 else largest
    return {**found, "largest_tardiness": policy.largest_tardiness * largest}


def _may_have(order: Order, engineer: Engineer, start: float) -> list[str]:
    wrong = []
    if order.allowed is not None and engineer.id not in order.allowed:
        wrong.append("is not on the list")
    for skill, level in order.skills.items():
        if engineer.skills.get(skill, -1) < level:
            wrong.append(f"lacks {skill}")
    if order.languages and not order.languages & engineer.languages:
        wrong.append("speaks no language of it")
    if order.security_pass is not None and order.security_pass not in engineer.passes:
        wrong.append("has no pass")
    if not order.earliest - _EPS <= start <= order.latest + _EPS:
        wrong.append(f"begins at {start}")
    if order.pin is not None:
        if order.pin.engineer not in (None, engineer.id):
            wrong.append("has what is pinned to another")
        if order.pin.start_from is not None and start < order.pin.start_from - _EPS:
            wrong.append("begins before the pin")
        if order.pin.start_to is not None and start > order.pin.start_to + _EPS:
            wrong.append("begins after the pin")
    return [f"{engineer.id} {words} ({order.id})" for words in wrong]


def _walk(
    problem: DispatchProblem, route: Route, orders: dict[str, Order], engineer: Engineer
) -> tuple[list[str], dict[str, float]]:
    """Return what is wrong with a route, and the costs of its ways, its overtime and its length."""
    if not route.orders:
        return [], {}
    wrong: list[str] = []
    here, at, over, price, parts, tools = (
        engineer.place,
        engineer.free_at,
        0.0,
        0.0,
        dict(engineer.parts),
        engineer.tools,
    )
    left_at, stocked, load, waited, room = None, False, 0.0, 0.0, NEVER
    for place, (name, start) in enumerate(zip(route.orders, route.starts, strict=True)):
        order = orders[name]
        if place == route.depot_before:
            if engineer.depot is None:
                return [f"{engineer.id} has no depot to go to"], {}
            hours, paid = _way(problem, here, engineer.depot, at)
            begun, at, extra = activity(engineer, at, hours + engineer.depot_hours, pausing=True)
            here, stocked, over, price = engineer.depot, True, over + extra, price + paid
            left_at = begun if left_at is None else left_at
        if not stocked:
            for part, units in order.parts.items():
                parts[part] = parts.get(part, 0) - units
                if parts[part] < 0:
                    wrong.append(f"{engineer.id} has no {part} for {name}")
            if not order.tools <= tools:
                wrong.append(f"{engineer.id} has no tool for {name}")
        there = order.place if order.on_site else here
        hours, paid = _way(problem, here, there, at)
        begun, at, extra = activity(engineer, at, hours, pausing=True)
        left_at = begun if left_at is None else left_at
        over, price, here, load = over + extra, price + paid, there, load + order.load
        if start < at - _EPS:
            wrong.append(f"{name} begins at {start}, before {engineer.id} is there at {at}")
        waited += start - at
        begun, at, extra = activity(engineer, start, order.duration, pausing=order.may_pause)
        if abs(begun - start) > _EPS:
            wrong.append(f"{name} begins at {start}, outside the shifts of {engineer.id}")
        over += extra
        dues = [d.at - (0.0 if d.clock == "attend" else order.duration) for d in order.dues if d.weight > 0.0]
        latest = (
            order.latest
            if order.pin is None or order.pin.start_to is None
            else min(order.latest, order.pin.start_to)
        )
        linked = order.links or any(link.order == name for o in problem.orders for link in o.links)
        # A start that another's depends on stays where it is.
        room = min(room, waited + (0.0 if linked else max(min([latest, *dues]) - start, 0.0)))
    if engineer.home is not None:
        hours, paid = _way(problem, here, engineer.home, at)
        _, at, extra = activity(engineer, at, hours, pausing=True)
        over, price = over + extra, price + paid
    if at == NEVER:
        wrong.append(f"{engineer.id} is not done within his shifts")
    if load > engineer.capacity + _EPS:
        wrong.append(f"{engineer.id} carries too much")
    policy = problem.policy
    paid = {
        "travel": price,
        "overtime": policy.overtime * engineer.overtime_factor * engineer.cost_per_hour * over,
    }
    assert left_at is not None
    if policy.duration_hour:
        paid["duration"] = policy.duration_hour * (at - left_at - min(waited, room))
    return wrong, paid


def _way(problem: DispatchProblem, here: int, there: int, at: float) -> tuple[float, float]:
    travel = problem.travel
    k = (
        0
        if math.isinf(travel.slice_hours) or at == NEVER
        else int(at // travel.slice_hours) % len(travel.hours)
    )
    hours = float(travel.hours[k, here, there])
    return hours, problem.policy.travel_hour * hours + float(travel.price[k, here, there])


def activity(engineer: Engineer, at: float, hours: float, pausing: bool) -> tuple[float, float, float]:
    """Return begin, end and overtime of something that takes hours and may start at an instant."""
    begun, over = None, 0.0
    for shift in engineer.shifts:
        last = shift.closes + shift.overtime
        if at > last or (at == last and hours > 0.0):
            continue
        now = max(at, shift.opens)
        if shift.pause is not None and shift.pause[0] <= now < shift.pause[1]:
            now = shift.pause[1]
        end = now + hours
        if shift.pause is not None and now < shift.pause[0] < end:
            end += shift.pause[1] - shift.pause[0]
        if end <= last + _EPS:
            return (now if begun is None else begun), end, over + max(0.0, end - max(shift.closes, now))
        if pausing and now < shift.closes:
            done = shift.closes - now
            if shift.pause is not None and now < shift.pause[0] < shift.closes:
                done -= shift.pause[1] - shift.pause[0]
            begun, hours, at = (now if begun is None else begun), hours - done, shift.closes
    return NEVER, NEVER, 0.0

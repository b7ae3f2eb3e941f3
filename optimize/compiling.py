"""From the description of a problem to the arrays that the compiled search works on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from optimize.lns.data import FORBIDDEN, PRICELESS, RING, Data, as_data
from optimize.priorities import factors_of
from optimize.problem import DispatchProblem, ProblemError
from optimize.rules import admitted
from scenarios.phrases import phrase

FloatArray = npt.NDArray[np.float64]


def compile_problem(problem: DispatchProblem) -> Data:
    """Return a problem as arrays.

    Raises
    ------
    optimize.problem.ProblemError
        If more than six orders are linked, or in a chain; or there are more than 62 tools.
    """
    policy, travel, factors = problem.policy, problem.travel, factors_of(problem)
    values: dict[str, Any] = {
        "travel": travel.hours,
        "price": factors["travel"] * (policy.travel_hour * travel.hours + travel.price),
        "slice_length": travel.slice_hours if np.isfinite(travel.slice_hours) else FORBIDDEN,
        "largest": factors["largest_tardiness"] * policy.largest_tardiness,
        "assign": _assign(problem, factors),
        "dues": _dues(problem, factors["tardiness"]),
        **_visits(problem, factors["left_out"]),
        **_engineers(problem, factors),
        **_shifts(problem),
        **_parts_and_tools(problem),
        **_links(problem),
    }
    return as_data(values)


def _visits(problem: DispatchProblem, left_out: float) -> dict[str, Any]:
    """Return the columns of the visits; what is pinned narrows their windows."""
    orders = problem.orders
    earliest, latest = [], []
    for order in orders:
        low, high = order.earliest, order.latest
        if order.pin is not None:
            low = low if order.pin.start_from is None else max(low, order.pin.start_from)
            high = high if order.pin.start_to is None else min(high, order.pin.start_to)
        earliest.append(low)
        latest.append(high)
    return {
        "place": [o.place for o in orders],
        "service": [o.duration for o in orders],
        "earliest": earliest,
        "latest": np.minimum(latest, FORBIDDEN),
        "drop": np.minimum([left_out * o.drop_cost for o in orders], PRICELESS),
        "demand": [o.load for o in orders],
        "may_pause": [int(o.may_pause) for o in orders],
        "remote": [int(not o.on_site) for o in orders],
    }


def _dues(problem: DispatchProblem, factor: float) -> FloatArray:
    """Return the clocks in terms of the start: those that stop at the end of the work fall due earlier."""
    most = max((len(o.dues) for o in problem.orders), default=0)
    dues = np.zeros((len(problem.orders), max(most, 1), 2))
    dues[:, :, 0] = FORBIDDEN
    for row, order in enumerate(problem.orders):
        for k, due in enumerate(order.dues):
            lead = 0.0 if due.clock == "attend" else order.duration
            dues[row, k] = due.at - lead, factor * due.weight * problem.policy.tardiness
    return dues


def _engineers(problem: DispatchProblem, factors: Mapping[str, float]) -> dict[str, Any]:
    policy, people = problem.policy, problem.engineers
    over = factors["overtime"] * policy.overtime
    return {
        "first": [e.place for e in people],
        "last": [-1 if e.home is None else e.home for e in people],
        "depot": [-1 if e.depot is None else e.depot for e in people],
        "depot_hours": [e.depot_hours for e in people],
        "free": [e.free_at for e in people],
        "overtime": [over * e.overtime_factor * e.cost_per_hour for e in people],
        "fixed": [factors["use"] * e.cost_of_use for e in people],
        "rate": np.ones(len(people)),
        "duration": np.full(len(people), factors["duration"] * policy.duration_hour),
        "fairness": np.full(len(people), factors["unfairness"] * policy.unfairness),
        "capacity": np.minimum([e.capacity for e in people], FORBIDDEN),
    }


def _shifts(problem: DispatchProblem) -> dict[str, FloatArray]:
    """Return [engineer, shift] of each column; who has fewer shifts than others has some that never open."""
    most = max((len(e.shifts) for e in problem.engineers), default=0)
    shape = (len(problem.engineers), max(most, 1))
    columns = {name: np.full(shape, FORBIDDEN) for name in ("opens", "break_begins", "break_ends")}
    columns |= {name: np.full(shape, -FORBIDDEN) for name in ("closes", "hard")}
    for row, engineer in enumerate(problem.engineers):
        for k, shift in enumerate(engineer.shifts):
            columns["opens"][row, k] = shift.opens
            columns["closes"][row, k] = min(shift.closes, FORBIDDEN / 2)
            columns["hard"][row, k] = min(shift.closes + shift.overtime, FORBIDDEN / 2)
            if shift.pause is not None:
                columns["break_begins"][row, k], columns["break_ends"][row, k] = shift.pause
    return columns


def _assign(problem: DispatchProblem, factors: Mapping[str, float]) -> FloatArray:
    """Return what it costs to give each order to each engineer beside the way."""
    may = admitted(problem)
    extra = np.zeros(may.shape)
    waste, churn = (factors[name] * getattr(problem.policy, name) for name in ("skill_waste", "churn"))
    above: dict[frozenset[tuple[str, int]], FloatArray] = {}
    for row, order in enumerate(problem.orders):
        asked = frozenset(order.skills.items())
        if asked not in above:
            above[asked] = np.array([_above(asked, engineer.skills) for engineer in problem.engineers], float)
        extra[row] = waste * above[asked]
        before = problem.previous.get(order.id)
        if before is not None:
            extra[row] += churn * np.array([engineer.id != before for engineer in problem.engineers])
    return np.where(may, extra, FORBIDDEN)


def _above(asked: Iterable[tuple[str, int]], skills: Mapping[str, int]) -> int:
    """Return by how many levels skills are above those asked for; what is lacking does not count."""
    return sum(max(skills.get(skill, level) - level, 0) for skill, level in asked)


def _parts_and_tools(problem: DispatchProblem) -> dict[str, Any]:
    parts = sorted({part for o in problem.orders for part in o.parts})
    tools = sorted({tool for o in problem.orders for tool in o.tools})
    if len(tools) > 62:
        raise ProblemError(phrase("orders: tools: found {count} kinds; allowed: up to 62", count=len(tools)))
    bit = {tool: 1 << i for i, tool in enumerate(tools)}

    def mask(names: frozenset[str]) -> int:
        return sum(bit.get(name, 0) for name in names)

    orders, people = problem.orders, problem.engineers
    units = np.array([[o.parts.get(p, 0) for p in parts] for o in orders], float)
    carried = np.array([[e.parts.get(p, 0) for p in parts] for e in people], float)
    return {
        "parts": units.reshape(len(orders), len(parts)),
        "van": carried.reshape(len(people), len(parts)),
        "tools": [mask(o.tools) for o in orders],
        "kit": [mask(e.tools) for e in people],
    }


def _links(problem: DispatchProblem) -> dict[str, Any]:
    """Return the rings of visits that are linked, with the gap from the leader's start to each."""
    count = len(problem.orders)
    partner, leader = np.full(count, -1), np.full(count, -1)
    low, high = np.zeros(count), np.zeros(count)
    for ring in _rings(problem):
        gaps = _gaps(problem, ring)
        for k, row in enumerate(ring):
            partner[row], leader[row] = ring[(k + 1) % len(ring)], ring[0]
            low[row], high[row] = gaps[row]
    return {"partner": partner, "leader": leader, "gap_low": low, "gap_high": high}


def _rings(problem: DispatchProblem) -> list[list[int]]:
    """Return the positions of linked visits by group, the leader first: who has the most links."""
    group: dict[int, list[int]] = {}
    for row, order in enumerate(problem.orders):
        for link in order.links:
            other = problem.position[link.order]
            one, two = group.setdefault(row, [row]), group.setdefault(other, [other])
            if one is not two:
                one += two
                group |= dict.fromkeys(two, one)
    rings = {id(members): members for members in group.values()}
    for members in rings.values():
        if len(members) > RING:
            name = problem.orders[members[0]].id
            raise ProblemError(
                phrase(
                    "order {name}: links: found {count} orders together; allowed: up to {most}",
                    name=name,
                    count=len(members),
                    most=RING,
                )
            )
    return [sorted(members, key=lambda row: -len(problem.orders[row].links)) for members in rings.values()]


def _gaps(problem: DispatchProblem, ring: Sequence[int]) -> dict[int, tuple[float, float]]:
    """Return the gap from the leader's start to each of a ring.

    Raises
    ------
    optimize.problem.ProblemError
        If links do not all begin at the leader and are not all for the same time, or two contradict.
    """
    members = [problem.orders[row] for row in ring]
    links = [(order, link) for order in members for link in order.links]
    together = dict.fromkeys(ring, (0.0, 0.0))
    if all(link.gap_low == link.gap_high == 0.0 for _, link in links):
        return together
    gaps: dict[int, tuple[float, float]] = {}
    for order, link in links:
        row, gap = problem.position[link.order], (link.gap_low, link.gap_high)
        if order is not members[0]:
            row, gap = problem.position[order.id], (-link.gap_high, -link.gap_low)
        chained = order is not members[0] and link.order != members[0].id
        if chained or gaps.setdefault(row, gap) != gap:
            raise ProblemError(
                phrase(
                    "order {name}: links: found a chain; allowed: all from one order, or the same time",
                    name=order.id,
                )
            )
    return together | gaps

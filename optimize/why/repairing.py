"""The smallest change with which an order can be served that no plan serves: proposed, then verified.

For each engineer, what the rules ask of him beyond what he has is listed; hours are found by bisection on a
grid of minutes. Proposals are tried from the smallest on, each by planning the changed problem.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from itertools import product

from optimize.problem import DispatchProblem, Engineer, Order
from optimize.rules import RULES
from optimize.why.asking import Asked
from optimize.why.changes import changed, size_of
from optimize.why.counting import first_rule
from optimize.why.model import Change, Remedy
from optimize.why.nobody import crew_of
from optimize.why.solving import Settled, anew, order_of, pinned, together, way_of, without
from optimize.why.wording import remedy_text

Changes = tuple[Change, ...]
Rank = Callable[[Changes], tuple[float, int, float, str]]

#: Hours between two amounts that are told apart: beside nothing else, and where each needs a search.
_MINUTE, _QUARTER = 1.0 / 60.0, 0.25
#: Most hours by which a window or overtime is made longer.
_LONGEST, _LONGEST_OVERTIME = 72.0, 12.0
#: How many proposals are planned, and how many that work are told.
_TRIES, _TOLD = 10, 3
#: How many people are tried of whom the same is asked, the nearest first.
_ALIKE = 3


def remedies(asked: Asked) -> tuple[Remedy, ...]:
    """Return changes with which a plan serves an order that none serves, the smallest first."""
    problem, base, order_id = asked.problem, asked.base, asked.order

    def solved(changes: Changes) -> Settled | None:
        forced = pinned(changed(problem, order_id, changes), order_id)
        found = anew(forced, base.plan, order_id, asked.effort)
        return found if found is not None and found.lost <= base.lost else None

    only = without(problem, problem.position.keys() - together(problem, order_id))
    rank = _ranking(only, order_of(only, order_id))
    proposed = _kinds({p for e in only.engineers for p in _proposals(only, order_id, e) if p}, rank)
    found = list(_verified(proposed[:_TRIES], solved))
    if len(found) < _TOLD:
        more = set(_for_room(problem, order_id, solved)) - {changes for changes, _ in found}
        found += _verified(_kinds(more, rank), solved)
    told = []
    for changes, settled in sorted(found, key=lambda pair: rank(pair[0]))[:_TOLD]:
        way = way_of(base.plan, base.cost, settled, order_id, crew_of(problem, order_id))
        told.append(Remedy(changes, size_of(problem, changes), way, remedy_text(changes, way)))
    return tuple(told)


def _ranking(problem: DispatchProblem, order: Order) -> Rank:
    """Return by what proposals are sorted: of two of one size, whoever is nearer is asked first."""
    hours = problem.travel.hours[0, :, order.place]
    ways = {engineer.id: float(hours[engineer.place]) for engineer in problem.engineers}

    def rank(changes: Changes) -> tuple[float, int, float, str]:
        away = max((ways[change.engineer] for change in changes if change.engineer is not None), default=0.0)
        return round(size_of(problem, changes), 6), len(changes), away, str(changes)

    return rank


def _kinds(proposed: Collection[Changes], rank: Rank) -> list[list[Changes]]:
    """Return proposals, the smallest first, but none that asks for all that a smaller one does.

    Those that ask for the same of different people, and are of one size, are together.
    """
    kept: dict[frozenset[tuple[str, str | None]], list[Changes]] = {}
    for changes in sorted(proposed, key=rank):
        kinds = frozenset((change.kind, change.what) for change in changes)
        if kinds in kept and rank(kept[kinds][0])[:2] == rank(changes)[:2]:
            kept[kinds].append(changes)
        elif not any(fewer <= kinds for fewer in kept):
            kept[kinds] = [changes]
    return list(kept.values())


def _verified(
    proposed: Sequence[Sequence[Changes]], solved: Callable[[Changes], Settled | None]
) -> Iterator[tuple[Changes, Settled]]:
    """Yield the proposals that a plan makes use of, of those of one size the cheapest, until it is enough."""
    count = 0
    for alike in proposed:
        made = [(changes, solved(changes)) for changes in alike[:_ALIKE]] if count < _TOLD else []
        served = [(changes, settled) for changes, settled in made if settled is not None]
        if served:
            count += 1
            yield min(served, key=lambda pair: (round(pair[1].cost, 6), alike.index(pair[0])))


def _proposals(problem: DispatchProblem, order_id: str, engineer: Engineer) -> Iterator[Changes]:
    """Yield what would let an engineer have an order if it were all he has to do."""
    order = order_of(problem, order_id)
    choices = [
        fixes
        for rule in RULES
        if not rule.passes(order, engineer)
        for fixes in _FIXES[rule.name](order, engineer)
    ]
    for picked in product(*choices):
        changes = tuple(dict.fromkeys(picked))
        yield from _with_hours(problem, order_id, engineer.id, changes)


def _with_hours(
    problem: DispatchProblem, order_id: str, engineer: str, changes: Changes
) -> Iterator[Changes]:
    """Yield changes with the hours, parts and tools that an engineer still lacks after them."""

    def rule_after(more: Changes) -> str | None:
        after = changed(problem, order_id, (*changes, *more))
        person = after.engineers[after.engineer_position[engineer]]
        return first_rule(after, order_of(after, order_id), person)

    order = order_of(problem, order_id)
    base: Changes = ()
    if rule_after(base) == "depot":
        base = _in_the_van(order, problem.engineers[problem.engineer_position[engineer]])
    if rule_after(base) is None:
        yield (*changes, *base)
        return
    for unpinned in ((), (Change("unpin_start"),)) if _start_is_pinned(order) else ((),):
        more = (*base, *unpinned)
        if rule_after(more) is None:
            yield (*changes, *more)
            continue
        if not order.may_pause and rule_after((*more, Change("over_shifts"))) is None:
            yield (*changes, *more, Change("over_shifts"))
        # Who is away is not asked to stay longer.
        longer = () if rule_after(more) == "away" else (Change("overtime", engineer),)
        for change in (Change("later"), Change("earlier"), *longer):

            def enough(hours: float, change: Change = change, more: Changes = more) -> bool:
                return rule_after((*more, replace(change, amount=hours))) is None

            longest = _LONGEST_OVERTIME if change.kind == "overtime" else _LONGEST
            hours = least(enough, longest, _MINUTE)
            if hours is not None:
                yield (*changes, *more, replace(change, amount=hours))


def _start_is_pinned(order: Order) -> bool:
    return order.pin is not None and not (order.pin.start_from is None and order.pin.start_to is None)


def least(enough: Callable[[float], bool], most: float, step: float) -> float | None:
    """Return the least amount on a grid that is enough, by bisection; nothing if the most is not.

    Parameters
    ----------
    enough
        Whether an amount is; more of it never is worse.
    most, step
        The largest amount that is looked at, and the grid.
    """
    low, high = 0, round(most / step)
    if not enough(high * step):
        return None
    while high - low > 1:
        middle = (low + high) // 2
        if enough(middle * step):
            high = middle
        else:
            low = middle
    return high * step


def _for_room(
    problem: DispatchProblem, order_id: str, solved: Callable[[Changes], Settled | None]
) -> list[Changes]:
    """Return what makes room beside orders that must be served: hours, shifts, parts, no pin, a colleague."""
    order = order_of(problem, order_id)
    proposed: list[Changes] = []
    if order.pin is not None and order.pin.engineer is not None:
        proposed.append((_unpin(order),))
    if _start_is_pinned(order):
        proposed.append((Change("unpin_start"),))
    if not order.may_pause:
        proposed.append((Change("over_shifts"),))
    people = [e for e in problem.engineers if first_rule(problem, order, e) is None][:2]
    hours = [Change("later")] if people and math.isfinite(order.latest) else []
    for engineer in people:
        hours.append(Change("overtime", engineer.id))
        proposed += [(Change("part", engineer.id, p, n),) for p, n in sorted(order.parts.items())]
    for change in hours:

        def enough(amount: float, change: Change = change) -> bool:
            return solved((replace(change, amount=amount),)) is not None

        amount = least(enough, 8.0, _QUARTER)
        proposed += [] if amount is None else [(replace(change, amount=amount),)]
    shifts: dict[object, str] = {}
    for engineer in problem.engineers:
        shifts.setdefault((engineer.shifts, engineer.free_at), engineer.id)
    proposed += [(Change("colleague", name),) for name in list(shifts.values())[:4]]
    return proposed


def _in_the_van(order: Order, engineer: Engineer) -> Changes:
    """Return the parts and tools with which no way to the depot is needed for an order."""
    parts = tuple(
        Change("part", engineer.id, part, float(units - engineer.parts.get(part, 0)))
        for part, units in sorted(order.parts.items())
        if units > engineer.parts.get(part, 0)
    )
    return parts + tuple(Change("tool", engineer.id, tool) for tool in sorted(order.tools - engineer.tools))


Choices = list[list[Change]]


def _certificates(order: Order, engineer: Engineer) -> Choices:
    return [
        [Change("certificate", engineer.id, skill, float(level))]
        for skill, level in sorted(order.skills.items())
        if skill not in engineer.skills
    ]


def _levels(order: Order, engineer: Engineer) -> Choices:
    return [
        [
            Change("level", None, skill, float(level - engineer.skills[skill])),
            Change("certificate", engineer.id, skill, float(level)),
        ]
        for skill, level in sorted(order.skills.items())
        if engineer.skills.get(skill, level) < level
    ]


def _pass(order: Order, engineer: Engineer) -> Choices:
    return [[Change("pass", engineer.id, order.security_pass)]]


def _unpin(order: Order) -> Change:
    return Change("unpin_engineer", None, None if order.pin is None else order.pin.engineer)


#: By rule: what has to change, with alternatives.
_FIXES: dict[str, Callable[[Order, Engineer], Choices]] = {
    "allowed": lambda o, e: [[Change("allow", e.id)]],
    "skill": _certificates,
    "level": _levels,
    "language": lambda o, e: [[Change("language", e.id, name) for name in sorted(o.languages)]],
    "security_pass": _pass,
    "tools": lambda o, e: [[Change("tool", e.id, tool)] for tool in sorted(o.tools - e.tools)],
    "parts": lambda o, e: [[c] for c in _in_the_van(o, e) if c.kind == "part"],
    "load": lambda o, e: [[Change("capacity", e.id, None, o.load - e.capacity)]],
    "pin": lambda o, e: [[_unpin(o)]],
}

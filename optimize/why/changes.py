"""The closed list of changes that could let an order be served, how big each is, and what each does.

Every change only allows more than before: no plan of the unchanged problem becomes impossible by it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from optimize.problem import DispatchProblem, Engineer, Order, Pin, Shift
from optimize.why.model import Change
from optimize.why.solving import order_of, together, with_order

#: How big a change is, in hours of a window that is opened wider: first for there being one at all, then for
#: each of its levels, units or hours. A judgement of what is easy to arrange on the day:
#: a pin, a part and a site that is left open over night are, a certificate and one more engineer are not. To
#: reach a higher level in a skill that somebody has (promotion) is less than a skill that is new to him.
SIZE: Mapping[str, tuple[float, float]] = {
    "unpin_start": (0.5, 0.0),
    "unpin_engineer": (0.25, 0.0),
    "later": (0.0, 1.0),
    "earlier": (0.0, 1.0),
    "part": (0.5, 0.5),
    "over_shifts": (1.0, 0.0),
    "overtime": (0.5, 1.5),
    "tool": (2.0, 0.0),
    "allow": (3.0, 0.0),
    "capacity": (3.0, 0.0),
    "level": (0.0, 4.0),
    "pass": (6.0, 0.0),
    "language": (8.0, 0.0),
    "promotion": (8.0, 1.0),
    "certificate": (12.0, 1.0),
    "colleague": (24.0, 0.0),
}


def size_of(problem: DispatchProblem, changes: Sequence[Change]) -> float:
    """Return how big changes of a problem are together."""
    return sum(_size(problem, change) for change in changes)


def _size(problem: DispatchProblem, change: Change) -> float:
    kind, amount = change.kind, change.amount
    if kind == "certificate":
        person = problem.engineers[problem.engineer_position[str(change.engineer)]]
        has = person.skills.get(str(change.what), 0)
        kind, amount = "promotion" if has else kind, amount - has
    return SIZE[kind][0] + SIZE[kind][1] * amount


def changed(problem: DispatchProblem, order_id: str, changes: Sequence[Change]) -> DispatchProblem:
    """Return a problem after changes for one of its orders."""
    for change in changes:
        if change.kind == "colleague":
            problem = _with_colleague(problem, order_id, change)
        elif change.kind == "over_shifts":
            for name in sorted(together(problem, order_id)):
                problem = with_order(problem, replace(order_of(problem, name), may_pause=True))
        elif change.kind in _OF_ORDER or change.kind == "allow":
            problem = with_order(problem, _changed_order(order_of(problem, order_id), change))
        else:
            problem = replace(
                problem,
                engineers=tuple(
                    _changed_engineer(e, change) if e.id == change.engineer else e for e in problem.engineers
                ),
            )
    return problem


def _less_level(order: Order, change: Change) -> Order:
    skill = str(change.what)
    return replace(order, skills={**order.skills, skill: order.skills[skill] - int(change.amount)})


_OF_ORDER: Mapping[str, Callable[[Order, Change], Order]] = {
    "level": _less_level,
    "unpin_engineer": lambda o, c: replace(o, pin=None if o.pin is None else replace(o.pin, engineer=None)),
    "unpin_start": lambda o, c: replace(o, pin=None if o.pin is None else Pin(o.pin.engineer)),
    "later": lambda o, c: replace(o, latest=o.latest + c.amount),
    "earlier": lambda o, c: replace(o, earliest=o.earliest - c.amount),
}


def _changed_order(order: Order, change: Change) -> Order:
    if change.kind == "allow":
        return replace(order, allowed=(order.allowed or frozenset()) | {str(change.engineer)})
    return _OF_ORDER[change.kind](order, change)


def _changed_engineer(engineer: Engineer, change: Change) -> Engineer:
    what, units = str(change.what), change.amount
    effects: Mapping[str, Callable[[], Engineer]] = {
        "certificate": lambda: replace(engineer, skills={**engineer.skills, what: int(units)}),
        "language": lambda: replace(engineer, languages=engineer.languages | {what}),
        "pass": lambda: replace(engineer, passes=engineer.passes | {what}),
        "tool": lambda: replace(engineer, tools=engineer.tools | {what}),
        "part": lambda: replace(
            engineer, parts={**engineer.parts, what: engineer.parts.get(what, 0) + int(units)}
        ),
        "capacity": lambda: replace(engineer, capacity=engineer.capacity + units),
        "overtime": lambda: replace(engineer, shifts=_longer(engineer.shifts, units)),
    }
    return effects[change.kind]()


def _longer(shifts: tuple[Shift, ...], hours: float) -> tuple[Shift, ...]:
    """Return shifts with more overtime, as far as the next one lets."""
    following = [shift.opens for shift in shifts[1:]] + [math.inf] if shifts else []
    return tuple(
        replace(s, overtime=max(s.overtime, min(s.overtime + hours, after - s.closes)))
        for s, after in zip(shifts, following, strict=True)
    )


def colleague_id(problem: DispatchProblem) -> str:
    """Return the id of one engineer more."""
    number = 1
    while f"colleague-{number}" in problem.engineer_position:
        number += 1
    return f"colleague-{number}"


def _with_colleague(problem: DispatchProblem, order_id: str, change: Change) -> DispatchProblem:
    """Return a problem with one engineer more, at the place, who has all that the order needs."""
    like = problem.engineers[problem.engineer_position[str(change.engineer)]]
    others = sorted(together(problem, order_id) - {order_id})
    wanted = [order_of(problem, name) for name in (order_id, *others)]
    colleague = replace(
        like,
        id=colleague_id(problem),
        place=wanted[0].place,
        home=wanted[0].place,
        skills=_most([order.skills for order in wanted]),
        languages=frozenset[str]().union(*(order.languages for order in wanted)),
        passes=frozenset(order.security_pass for order in wanted if order.security_pass is not None),
        capacity=max([like.capacity, *(order.load for order in wanted)]),
        parts=_most([order.parts for order in wanted]),
        tools=frozenset[str]().union(*(order.tools for order in wanted)),
        depot=None,
    )
    problem = replace(problem, engineers=(*problem.engineers, colleague))
    for order in wanted:
        problem = with_order(problem, _open_to(order, colleague.id))
    return problem


def _open_to(order: Order, engineer: str) -> Order:
    """Return an order that one engineer more may have."""
    allowed = None if order.allowed is None else order.allowed | {engineer}
    pin = None if order.pin is None else replace(order.pin, engineer=None)
    return replace(order, allowed=allowed, pin=pin)


def _most(needs: Sequence[Mapping[str, int]]) -> dict[str, int]:
    """Return the most that is needed of each thing."""
    return {what: max(need[what] for need in needs if what in need) for need in needs for what in need}

"""Work rules: who may have an order at all, rule by rule, in the order in which a dispatcher would ask.

Each rule looks at one order and one engineer. What follows from a whole route (shifts, parts on the way,
other appointments) is judged where routes are.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from optimize.problem import DispatchProblem, Engineer, Order

BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Rule:
    """One pass or fail.

    Parameters
    ----------
    name
        Its id: skill, level, language, security_pass, pin, allowed, tools, parts, load.
    passes
        Whether an engineer may have an order as far as it goes.
    """

    name: str
    passes: Callable[[Order, Engineer], bool]


def _skill(order: Order, engineer: Engineer) -> bool:
    return all(skill in engineer.skills for skill in order.skills)


def _level(order: Order, engineer: Engineer) -> bool:
    return all(engineer.skills.get(skill, level) >= level for skill, level in order.skills.items())


def _language(order: Order, engineer: Engineer) -> bool:
    return not order.languages or bool(order.languages & engineer.languages)


def _pass(order: Order, engineer: Engineer) -> bool:
    return order.security_pass is None or order.security_pass in engineer.passes


def _allowed(order: Order, engineer: Engineer) -> bool:
    return order.allowed is None or engineer.id in order.allowed


def _pin(order: Order, engineer: Engineer) -> bool:
    return order.pin is None or order.pin.engineer in (None, engineer.id)


def _tools(order: Order, engineer: Engineer) -> bool:
    return engineer.depot is not None or order.tools <= engineer.tools


def _parts(order: Order, engineer: Engineer) -> bool:
    carried = engineer.parts
    return engineer.depot is not None or all(carried.get(part, 0) >= n for part, n in order.parts.items())


def _load(order: Order, engineer: Engineer) -> bool:
    return order.load <= engineer.capacity


#: In the order in which candidates are removed.
RULES = (
    Rule("allowed", _allowed),
    Rule("skill", _skill),
    Rule("level", _level),
    Rule("language", _language),
    Rule("security_pass", _pass),
    Rule("tools", _tools),
    Rule("parts", _parts),
    Rule("load", _load),
    Rule("pin", _pin),
)


def admitted(problem: DispatchProblem) -> BoolArray:
    """Return [order, engineer] -> whether every rule lets the engineer have the order."""
    table = np.empty((len(problem.orders), len(problem.engineers)), dtype=bool)
    rows: dict[Hashable, BoolArray] = {}
    for row, order in enumerate(problem.orders):
        # A day has hundreds of orders, but few that differ in what the rules look at.
        asked = _asked(order)
        if asked not in rows:
            rows[asked] = np.array([all(r.passes(order, e) for r in RULES) for e in problem.engineers], bool)
        table[row] = rows[asked]
    return table


def _asked(order: Order) -> Hashable:
    """Return all of an order that any rule looks at."""
    return (
        order.allowed,
        frozenset(order.skills.items()),
        order.languages,
        order.security_pass,
        order.tools,
        frozenset(order.parts.items()),
        order.load,
        order.pin and order.pin.engineer,
    )

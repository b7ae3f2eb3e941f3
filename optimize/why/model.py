"""What an explanation consists of: figures, plans and sentences, without how they were found.

Every figure is a difference to the plan that is explained, in the money of its problem; instants are those of
the problem. Orders and engineers stand by their ids: what they are called is for whoever shows them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any

from optimize.plan import Plan


@dataclass(frozen=True)
class RuleStep:
    """Whom one rule removes, of those whom the rules before it left.

    Parameters
    ----------
    rule
        One of `optimize.rules.RULES`, or what follows from a route: away, hours, travel, depot, appointment
        (for one of a crew: crew), and room for who has no room in the plan as it stands.
    removed, left
        Ids of those whom it removes, and of those who are left.
    text
        The same as a sentence.
    """

    rule: str
    removed: tuple[str, ...]
    left: tuple[str, ...]
    text: str


@dataclass(frozen=True)
class Move:
    """An order that another engineer has, or nobody.

    Parameters
    ----------
    order
        Its id.
    before, after
        Ids of the engineers; absent for nobody.
    """

    order: str
    before: str | None
    after: str | None


@dataclass(frozen=True)
class Way:
    """A plan that serves the order.

    Parameters
    ----------
    engineer, start
        Who has it, and when he begins.
    crew
        Everybody who has it, of a crew order several.
    cost, extra
        Objective of the plan, and by how much it is above that of the plan that is explained.
    moves
        Which other orders change hands.
    plan
        The whole of it.
    """

    engineer: str
    start: float
    crew: tuple[str, ...]
    cost: float
    extra: float
    moves: tuple[Move, ...]
    plan: Plan = field(repr=False)


@dataclass(frozen=True)
class Forcing:
    """What it costs to give the order to one engineer.

    Parameters
    ----------
    engineer
        His id.
    rule
        The rule that removes him; absent if he passes all.
    way
        The best plan found in which he has it; absent if there is none.
    searched
        Whether everything else was planned anew for it, or left as it is.
    text
        The same as a sentence.
    """

    engineer: str
    rule: str | None
    way: Way | None
    searched: bool
    text: str


@dataclass(frozen=True)
class Slot:
    """A range of starts to offer.

    Parameters
    ----------
    begins, ends
        The range.
    way
        The best plan found with a start in it.
    text
        The same as a sentence.
    """

    begins: float
    ends: float
    way: Way
    text: str


@dataclass(frozen=True)
class Change:
    """One thing that could be otherwise.

    Parameters
    ----------
    kind
        level, certificate, language, pass, allow, tool, part, capacity, unpin_engineer, unpin_start, later,
        earlier, overtime, over_shifts, colleague.
    engineer
        Whom it is about; absent where it is about the order.
    what
        The skill, language, pass, part or tool; of a pin, to whom.
    amount
        Levels (of certificate: the level to reach), units or hours.
    """

    kind: str
    engineer: str | None = None
    what: str | None = None
    amount: float = 1.0


@dataclass(frozen=True)
class Remedy:
    """Changes with which a plan serves the order.

    Parameters
    ----------
    changes
        All of them are needed.
    size
        How big they are together, on the scale of `optimize.why.changes.SIZE`.
    way
        A plan of the changed problem that serves the order.
    text
        The same as a sentence.
    """

    changes: tuple[Change, ...]
    size: float
    way: Way
    text: str


@dataclass(frozen=True)
class Why:
    """Why an order is where it is in a plan, and what else could be.

    Parameters
    ----------
    order, verdict
        Its id, and one of served; left_out (leaving it costs less than the best way found to serve it);
        better_plan (a cheaper plan serves it); no_engineer (the rules leave nobody); no_plan (somebody could
        have it on an empty day, but no plan was found).
    engineer, start
        How it is served; absent if it is not.
    plan_cost, best_cost
        Cost of the plan, and of the cheapest plan seen while explaining.
    drop_cost
        What leaving it for later costs, and with it a visit that is linked; absent if it may not be left.
    price_in_place, price
        What serving it adds to all other costs: with everything else where it is, and with the rest planned
        anew. Absent where there is no way.
    in_place, way
        The cheapest place with everything else as it is, and with the rest planned anew; how it is served
        stands in the plan itself.
    rules, forcing, slots
        Whom each rule removes, what forcing each engineer costs, and appointments to offer.
    remedies
        If nothing serves it: changes that do, the smallest first.
    texts
        What there is to say, in the order in which to say it.
    """

    order: str
    verdict: str
    engineer: str | None
    start: float | None
    plan_cost: float
    best_cost: float
    drop_cost: float | None
    price_in_place: float | None
    price: float | None
    in_place: Way | None
    way: Way | None
    rules: tuple[RuleStep, ...]
    forcing: tuple[Forcing, ...]
    slots: tuple[Slot, ...]
    remedies: tuple[Remedy, ...]
    texts: tuple[str, ...]

    def as_dict(self) -> Mapping[str, Any]:
        """Return everything but the plans, in types that JSON has; what is infinite is absent."""
        found: Mapping[str, Any] = _plain(self)
        return found


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return {f.name: _plain(getattr(value, f.name)) for f in fields(value) if f.name != "plan"}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, str):
        return str(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value

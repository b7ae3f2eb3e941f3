"""What a bound says: a value no plan can undercut, how it was proven, and the routes met on the way."""

from __future__ import annotations

from dataclasses import dataclass

from scenarios.phrases import Phrase


@dataclass(frozen=True)
class Column:
    """A route that was looked at.

    Parameters
    ----------
    engineers
        Ids of the engineers who may drive it.
    orders
        Ids of the orders, in their order.
    cost
        What it costs at least.
    exact
        Whether it costs exactly that.
    reduced
        The cost less what its orders are worth in the end: by how much a plan with it is above the bound at
        least, up to rounding.
    """

    engineers: tuple[str, ...]
    orders: tuple[str, ...]
    cost: float
    exact: bool
    reduced: float


@dataclass(frozen=True)
class Bound:
    """A value that no plan of a problem can undercut.

    Parameters
    ----------
    value
        The bound, in the currency of the objective.
    complete
        Whether all routes of the relaxed problem were priced to the end; the value is proven in either case.
    seconds
        How long it took.
    columns
        How many routes were looked at.
    routes
        Those of them that are worth trying in a plan, the most promising first.
    note
        How it was proven, and what was left out of account.
    certain, certain_cost
        Orders that no plan serves, and what leaving them costs, in the unit of the value, in which it is, as
        in the cost of every plan.
    """

    value: float
    complete: bool
    seconds: float
    columns: int
    routes: tuple[Column, ...]
    note: Phrase
    certain: tuple[str, ...] = ()
    certain_cost: float = 0.0

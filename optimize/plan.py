"""A plan: who goes where and when, and what it costs, part by part.

How a plan is scored stands in `optimize.evaluation`, how one is found in `optimize.engines`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import cached_property


@dataclass(frozen=True)
class Route:
    """What one engineer does.

    Parameters
    ----------
    engineer
        His id.
    orders
        Ids of his orders, in their order.
    starts
        Start of the work at each.
    depot_before
        Position of the stop before which he goes to the depot; never when absent.
    """

    engineer: str
    orders: tuple[str, ...]
    starts: tuple[float, ...]
    depot_before: int | None = None


@dataclass(frozen=True)
class CostParts:
    """What an objective consists of, in the money of the problem; every part counts with its weight.

    Parameters
    ----------
    travel
        Ways: hours and prices.
    tardiness
        Clocks passed.
    overtime
        Hours past the ends of shifts.
    skill_waste
        Levels above what orders ask for.
    unfairness
        Squares of the hours of work of each engineer.
    churn
        Orders with another engineer than in the previous plan.
    duration
        Hours between departure and return.
    use
        Engineers who do anything.
    left_out
        Orders that nobody has.
    largest_tardiness
        The largest of all lateness.
    """

    travel: float = 0.0
    tardiness: float = 0.0
    overtime: float = 0.0
    skill_waste: float = 0.0
    unfairness: float = 0.0
    churn: float = 0.0
    duration: float = 0.0
    use: float = 0.0
    left_out: float = 0.0
    largest_tardiness: float = 0.0

    @property
    def total(self) -> float:
        """Return the sum of all parts: the objective."""
        return float(sum(getattr(self, part.name) for part in fields(self)))


@dataclass(frozen=True)
class Plan:
    """What everybody does, and what is left for later.

    Parameters
    ----------
    routes
        Of every engineer, also of one who does nothing.
    unassigned
        Orders that nobody has.
    cost
        The sum of its parts.
    parts
        What it consists of; absent where nobody has evaluated it.
    levels
        Under a lexicographic policy what each level comes to, the most important first.
    first_seconds
        Seconds from the question to the first plan; no part of what makes two plans equal.
    iterations
        How many the search made; 0 where nothing was searched.
    """

    routes: tuple[Route, ...]
    unassigned: tuple[str, ...]
    cost: float
    parts: CostParts | None = None
    levels: tuple[float, ...] = ()
    first_seconds: float = field(default=0.0, compare=False)
    iterations: int = field(default=0, compare=False)

    @property
    def rank(self) -> tuple[float, ...]:
        """Return by what plans of one problem are compared: the smaller, the better."""
        return self.levels or (self.cost,)

    @cached_property
    def engineer_of(self) -> Mapping[str, str]:
        """Return the engineer of each order that somebody has."""
        return {order: route.engineer for route in self.routes for order in route.orders}

    @cached_property
    def start_of(self) -> Mapping[str, float]:
        """Return the start of each order that somebody has."""
        return {
            order: start
            for route in self.routes
            for order, start in zip(route.orders, route.starts, strict=True)
        }

"""A plan: who goes where and when, and what it costs, part by part; scored by one exact evaluation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from optimize.lns.data import DEPOT_AT, LENGTH, START, Routes
from optimize.problem import DispatchProblem


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
class Plan:
    """What everybody does, and what is left for later.

    Parameters
    ----------
    routes
        Of every engineer, also of one who does nothing.
    unassigned
        Orders that nobody has.
    cost
        The objective.
    """

    routes: tuple[Route, ...]
    unassigned: tuple[str, ...]
    cost: float

    @property
    def engineer_of(self) -> Mapping[str, str]:
        """Return the engineer of each order that somebody has."""
        return {order: route.engineer for route in self.routes for order in route.orders}


def plan_of(problem: DispatchProblem, routes: Routes, cost: float) -> Plan:
    """Return a plan of arrays in the words of its problem."""
    orders: Sequence[str] = [order.id for order in problem.orders]
    found = []
    for row, engineer in enumerate(problem.engineers):
        length, depot = int(routes.tally[row, LENGTH]), int(routes.tally[row, DEPOT_AT])
        stops = routes.stops[row, :length].tolist()
        starts = tuple(float(at) for at in routes.times[row, START, :length])
        found.append(
            Route(engineer.id, tuple(orders[c] for c in stops), starts, depot if depot >= 0 else None)
        )
    missing = routes.missing[: int(routes.missing_count[0])].tolist()
    return Plan(tuple(found), tuple(orders[c] for c in missing), cost)

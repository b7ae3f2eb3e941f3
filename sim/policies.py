"""Dispatch policies: who gets an order that is ready, and which waiting order an engineer takes next.

A policy is found by name through the entry point group `banyan.dispatch_policies`. It sees orders, free
engineers, expectations and travel hours, never a drawn duration, fix or part demand. One that also has the
method `assign` is shown all that waits together with all who may take it, and decides for several at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import entry_points
from typing import Any, Protocol, TypeGuard, cast

from scenarios.checks import POLICY_GROUP
from scenarios.scheduling import SchedulingPolicy
from scenarios.world import FloatArray
from sim.entities import Engineer, Order
from sim.travel import HoursTo


class DispatchView(Protocol):
    """What a policy may ask about the present."""

    @property
    def now(self) -> float:
        """Return the present instant in hours since the start."""

    def hours_to(self, site: int) -> HoursTo:
        """Return the expected travel hours to a site from each location, leaving now."""

    def soon_free(self, order: Order) -> Iterable[tuple[Engineer, float]]:
        """Return the busy engineers on duty who may serve an order, and when each is expected to be free."""


class DispatchPolicy(Protocol):
    """Decides who serves whom among those that the work rules allow."""

    def order_key(self, order: Order) -> Any:
        """Return a sortable key of a waiting order; the smallest is taken first. It must not change."""

    def choose_engineer(
        self, order: Order, candidates: Iterable[Engineer], view: DispatchView
    ) -> Engineer | None:
        """Return the engineer who gets an order that has just become ready, None to let it wait.

        Parameters
        ----------
        order
            The order.
        candidates
            The free engineers who may serve it, at least one, in groups, longest idle first in each.
        view
            The present.
        """


@dataclass(frozen=True)
class Waiter:
    """An order that waits for one engineer, as a planning policy sees it.

    Parameters
    ----------
    order
        The order.
    respond_due, attend_due
        Instants at which somebody should be booked who is there by then, and at which somebody should be
        there; NaN where there is no such clock or it has stopped. Planned work has the instant at which it is
        due as its `attend_due`.
    restore_due
        Instant by which service should be restored, NaN where nothing says so or it has been.
    attended
        Whether somebody has been there on an earlier visit.
    serving
        Bit mask of the categories of engineers who may serve it.
    """

    order: Order
    respond_due: float
    attend_due: float
    restore_due: float
    attended: bool
    serving: int


@dataclass(frozen=True)
class Available:
    """An engineer who is free, or is expected to be.

    Parameters
    ----------
    engineer
        The engineer.
    free_at
        Instant from which he is expected to be free; the present for those who are.
    is_free
        Whether he can be sent now.
    shifts
        Begin and end of the present shift, if he is on duty, and of the next on the roster, if there is one.
    """

    engineer: Engineer
    free_at: float
    is_free: bool
    shifts: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Situation:
    """What a planning policy decides about, all of it expected or revealed.

    Parameters
    ----------
    now
        The present instant.
    numbers
        Key of the replication's draws and number of the decision: what a policy keys random numbers by.
    waiters
        Orders that wait, those that the decision is about first.
    people
        Engineers who may serve any of them.
    hours
        Expected hours from each of some locations to each of others, [from, to].
    hours_to
        Hours to a location from each other one, leaving now.
    """

    now: float
    numbers: tuple[int, int]
    waiters: Sequence[Waiter]
    people: Sequence[Available]
    hours: Callable[[Sequence[int], Sequence[int]], FloatArray]
    hours_to: Callable[[int], HoursTo]


class PlanningPolicy(DispatchPolicy, Protocol):
    """A policy that decides for several orders and engineers at once.

    What `order_key` and `choose_engineer` say holds for crews, for calls off duty, and for parts in vans.
    """

    def assign(self, situation: Situation) -> Iterable[tuple[Order, Engineer]]:
        """Return who goes where now: pairs of an order and a free engineer who may serve it.

        Every order and every engineer may be in one pair at most. What is in none waits.
        """


def plans(policy: DispatchPolicy) -> TypeGuard[PlanningPolicy]:
    """Return whether a policy decides for several orders at once."""
    return hasattr(policy, "assign")


class FirstCome:
    """Orders in the order in which they became ready; the engineer who has been idle longest."""

    def order_key(self, order: Order) -> float:
        """Return when the order became ready."""
        return order.ready_at

    def choose_engineer(self, order: Order, candidates: Iterable[Engineer], view: DispatchView) -> Engineer:
        """Return the candidate who has been idle longest."""
        return min(candidates, key=_idle_since)


class NearestQualified:
    """Orders by priority, then by report; the qualified engineer with the shortest way."""

    def order_key(self, order: Order) -> tuple[int, float]:
        """Return priority, then the instant of the report."""
        return (order.priority, order.reported_at)

    def choose_engineer(self, order: Order, candidates: Iterable[Engineer], view: DispatchView) -> Engineer:
        """Return the candidate with the shortest way; of equals the first listed."""
        return _nearest(order, candidates, view)


class SlaPriority:
    """Orders by weighted due date; the least qualified engineer who is there in time, else the nearest.

    An order's weighted due date is its report plus the time until it is due, divided by the weight of its
    customer tier and by its urgency (4 for an emergency to 1 for a minor fault). It never changes while the
    order waits, so that the waiting orders stay sorted.
    """

    def order_key(self, order: Order) -> tuple[float, float]:
        """Return the weighted due date; orders that are never due come last."""
        if order.due_at != order.due_at:
            return (float("inf"), order.reported_at)
        target = order.due_at - order.reported_at
        urgency = order.weight * (5 - min(order.priority, 4))
        return (order.reported_at + target / urgency, order.reported_at)

    def choose_engineer(self, order: Order, candidates: Iterable[Engineer], view: DispatchView) -> Engineer:
        """Return the least qualified candidate who arrives by the due time, the nearest of equals."""
        choice = list(candidates)
        if len(choice) == 1:
            return choice[0]
        hours = view.hours_to(order.site)
        slack = order.due_at - view.now
        in_time = [e for e in choice if hours[e.location] <= slack]
        if not in_time:
            return _nearest(order, choice, view)
        return min(in_time, key=lambda e: (e.breadth, hours[e.location]))


class EarliestArrival:
    """Orders by their due time; whoever is there first, also if he is still busy elsewhere.

    An order that a busy engineer is expected to reach earlier than every free one, by a quarter of an hour or
    more, waits for the next who becomes free.
    """

    #: Hours by which somebody busy has to be earlier.
    GAIN = 0.25

    def order_key(self, order: Order) -> tuple[float, float]:
        """Return when the order is due, then the instant of the report; what is never due comes last."""
        due = order.due_at
        return (due if due == due else float("inf"), order.reported_at)

    def choose_engineer(
        self, order: Order, candidates: Iterable[Engineer], view: DispatchView
    ) -> Engineer | None:
        """Return the free engineer who arrives first, None where a busy one is expected to be earlier."""
        hours = view.hours_to(order.site)
        best = min(candidates, key=lambda e: (hours[e.location], e.breadth, e.index))
        way = hours[best.location]
        if way > self.GAIN:
            for engineer, free_at in view.soon_free(order):
                if free_at - view.now + hours[engineer.location] < way - self.GAIN:
                    return None
        return best


def _idle_since(engineer: Engineer) -> float:
    return engineer.idle_since


def _nearest(order: Order, candidates: Iterable[Engineer], view: DispatchView) -> Engineer:
    hours = view.hours_to(order.site)
    best: Engineer | None = None
    shortest = float("inf")
    for engineer in candidates:
        way = hours[engineer.location]
        if way < shortest or best is None:
            best, shortest = engineer, way
    assert best is not None  # there is at least one candidate
    return best


@lru_cache(maxsize=1)
def _installed() -> dict[str, Any]:
    return {entry.name: entry for entry in entry_points(group=POLICY_GROUP)}


def find_policy(name: str, scheduling: SchedulingPolicy | None = None) -> DispatchPolicy:
    """Return a new policy by its name.

    Parameters
    ----------
    name
        Name of its entry point.
    scheduling
        What counts in plans, for a policy that has a method `following` to be made with it.

    Raises
    ------
    LookupError
        If no installed package offers that name.
    """
    known = _installed()
    if name not in known:
        raise LookupError(f"dispatch policy {name!r} is not one of {', '.join(sorted(known))}")
    made = known[name].load()
    if scheduling is not None and hasattr(made, "following"):
        return cast(DispatchPolicy, made.following(scheduling))
    return cast(DispatchPolicy, made())

"""A plan carried out as it stands, many times at once: when each visit begins if ways and work vary.

Nobody is planned anew and no order changes hands. Engineers go on as soon as they can, wait for windows,
shifts, breaks and the others of a crew, and finish what they have begun.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from optimize.problem import DispatchProblem, Engineer, FloatArray, Order

BoolArray = npt.NDArray[np.bool_]

#: Rounds in which the starts of linked visits are made to fit each other; a crew needs two or three.
_ROUNDS = 12
_EPS = 1e-7


@dataclass(frozen=True)
class Drawn:
    """What ways and work take, by draw.

    Parameters
    ----------
    travel
        Factor on the hours of the way to each order.
    work
        Hours of work of each order.
    free
        From when on each engineer is free, where it is not what the problem says.
    draws
        How many there are.
    """

    travel: Mapping[str, FloatArray]
    work: Mapping[str, FloatArray]
    free: Mapping[str, FloatArray]
    draws: int


def starts_when_executed(
    problem: DispatchProblem,
    sequences: Mapping[str, Sequence[str]],
    depot_before: Mapping[str, int],
    drawn: Drawn,
    appointments: Mapping[str, float] | None = None,
) -> dict[str, FloatArray]:
    """Return when the work of each order begins in each draw; infinity where it never does.

    Parameters
    ----------
    problem
        Orders, engineers and ways.
    sequences
        Orders of each engineer in their order.
    depot_before
        Position of the stop before which an engineer goes to the depot.
    drawn
        What varies. An order that is not in it is as expected.
    appointments
        Starts that were agreed upon, by order, before which nobody begins.

    Notes
    -----
    Work that may not go over several shifts begins in the first shift that has room, up to the end of the
    allowed overtime, for the hours that are expected of it; once begun it is finished, however late. Work
    that may, and ways, go on in the next shift. Breaks are pauses. Nobody begins earlier than the window of
    the order, its pin or its appointment; nobody stays away because a window has closed.
    """
    walks = {name: _Walk(problem, name, drawn, depot_before.get(name)) for name in sequences}
    holder = {order: name for name, orders in sequences.items() for order in orders}
    left = {name: list(orders) for name, orders in sequences.items() if orders}
    together = _together(problem, holder)
    starts: dict[str, FloatArray] = {}
    while left:
        ready = next(
            (
                group
                for name in left
                for group in (together[left[name][0]],)
                if all(left[holder[order]][0] == order for order in group)
            ),
            None,
        )
        if ready is None:  # they wait for each other
            starts |= {order: np.full(drawn.draws, np.inf) for orders in left.values() for order in orders}
            break
        crew = {order: walks[holder[order]] for order in ready}
        found = _begin_together(problem, ready, crew, appointments or {})
        for order in ready:
            walks[holder[order]].work(order, found[order])
            left[holder[order]].pop(0)
            if not left[holder[order]]:
                del left[holder[order]]
        starts |= found
    return starts


class _Walk:
    """Where one engineer is, and from when on he can leave, in each draw."""

    def __init__(self, problem: DispatchProblem, name: str, drawn: Drawn, depot: int | None) -> None:
        self._problem, self._drawn = problem, drawn
        self.engineer = problem.engineers[problem.engineer_position[name]]
        self._here, self._stops, self._depot = self.engineer.place, 0, depot
        free = drawn.free.get(name)
        self._at = np.full(drawn.draws, self.engineer.free_at) if free is None else free

    def arrive(self, order: Order) -> FloatArray:
        """Return when he is there, over the depot where he has to fetch something before."""
        factor = self._drawn.travel.get(order.id, np.ones(1))
        if self._stops == self._depot and self.engineer.depot is not None:
            hours = self._hours(self.engineer.depot) * factor + self.engineer.depot_hours
            self._at, self._here = activity(self.engineer, self._at, hours, None)[1], self.engineer.depot
        if order.on_site:
            self._at = activity(self.engineer, self._at, self._hours(order.place) * factor, None)[1]
            self._here = order.place
        return self._at

    def begin(self, order: Order, at: FloatArray) -> FloatArray:
        """Return when he can begin the work from an instant on."""
        expected = None if order.may_pause else order.duration
        return activity(self.engineer, at, self._work(order), expected)[0]

    def work(self, name: str, start: FloatArray) -> None:
        """Let him do the work of an order from a start at which he can begin it."""
        order = self._problem.orders[self._problem.position[name]]
        expected = None if order.may_pause else order.duration
        self._at = activity(self.engineer, start, self._work(order), expected)[1]
        self._stops += 1

    def _work(self, order: Order) -> FloatArray:
        hours = self._drawn.work.get(order.id)
        return np.full(len(self._at), order.duration) if hours is None else hours

    def _hours(self, there: int) -> FloatArray:
        travel = self._problem.travel
        if len(travel.hours) == 1:
            return np.full(len(self._at), travel.hours[0, self._here, there])
        at = np.where(np.isfinite(self._at), self._at, 0.0)
        slices = (at / travel.slice_hours).astype(np.int64) % len(travel.hours)
        return np.asarray(travel.hours[slices, self._here, there])


def activity(
    engineer: Engineer, at: FloatArray, hours: FloatArray, expected: float | None
) -> tuple[FloatArray, FloatArray]:
    """Return begin and end of an activity that may start at given instants; infinity where it never can.

    Parameters
    ----------
    engineer
        Who, with his shifts.
    at, hours
        From when on, and how long it takes.
    expected
        Hours for which a shift must have room, its overtime included; absent for what may go on in the
        following shifts.
    """
    at, left = at.copy(), hours.copy()
    begin, end = np.full(len(at), np.inf), np.full(len(at), np.inf)
    todo = np.isfinite(at)
    for shift in engineer.shifts:
        hard = shift.closes + shift.overtime
        here = todo & ((at < hard) | ((left <= 0.0) & (at <= hard)))
        if not here.any():
            continue
        pause_from, pause_to = shift.pause or (np.inf, np.inf)
        now = np.maximum(at, shift.opens)
        now = np.where((pause_from <= now) & (now < pause_to), pause_to, now)
        until = _until(now, left, pause_from, pause_to)
        planned = until if expected is None else _until(now, expected, pause_from, pause_to)
        done = here & (planned <= hard + _EPS)
        begin = np.where(done & np.isinf(begin), now, begin)
        end = np.where(done, until, end)
        todo = todo & ~done
        if not todo.any():
            break
        if expected is None:
            later = here & ~done & (now < shift.closes)
            broken = (now < pause_from) & (pause_from < shift.closes)
            worked = (
                shift.closes - now - (np.where(broken, pause_to - pause_from, 0.0) if shift.pause else 0.0)
            )
            left = np.where(later, left - worked, left)
            begin = np.where(later & np.isinf(begin), now, begin)
            at = np.where(later, shift.closes, at)
    return np.where(np.isinf(end), np.inf, begin), end


def _until(now: FloatArray, hours: FloatArray | float, pause_from: float, pause_to: float) -> FloatArray:
    """Return when something ends that a break interrupts."""
    end = now + hours
    if np.isinf(pause_from):
        return end
    return np.where((now < pause_from) & (pause_from < end), end + (pause_to - pause_from), end)


def _begin_together(
    problem: DispatchProblem,
    group: Sequence[str],
    walks: Mapping[str, _Walk],
    appointments: Mapping[str, float],
) -> dict[str, FloatArray]:
    """Return the starts of visits that depend on each other: the earliest that suit everybody."""
    orders = {name: problem.orders[problem.position[name]] for name in group}
    starts = {}
    for name, order in orders.items():
        pinned = order.pin.start_from if order.pin and order.pin.start_from is not None else order.earliest
        agreed = max(order.earliest, pinned, appointments.get(name, order.earliest))
        starts[name] = walks[name].begin(order, np.maximum(walks[name].arrive(order), agreed))
    links = [(name, link) for name, order in orders.items() for link in order.links if link.order in orders]
    for _ in range(_ROUNDS if links else 0):
        before = dict(starts)
        for name, link in links:
            one, other = orders[name], orders[link.order]
            low = np.maximum(starts[other.id], starts[name] + link.gap_low)
            starts[other.id] = walks[other.id].begin(other, low)
            high = np.maximum(starts[name], starts[other.id] - link.gap_high)
            starts[name] = walks[name].begin(one, high)
        if all(np.array_equal(before[name], starts[name]) for name in group):
            break
    return starts


def _together(problem: DispatchProblem, holder: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Return for each planned order those that are linked with it, itself among them."""
    group = {order: [order] for order in holder}
    for order in problem.orders:
        for link in order.links:
            one, two = group.get(order.id), group.get(link.order)
            if one is not None and two is not None and one is not two:
                one += two
                for name in two:
                    group[name] = one
    return {order: tuple(names) for order, names in group.items()}

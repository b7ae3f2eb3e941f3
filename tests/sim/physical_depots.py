"""Depots followed event by event: shelves, queues in order of demand, units under way. Slow and plain.

It shares nothing with the product but the meaning of the policies; lead times are constant.
"""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import count


@dataclass(frozen=True)
class Terms:
    """How one depot is replenished.

    Parameters
    ----------
    reorder_point, order_up_to
        It orders up to the one when hand and order, less what is owed, fall to the other.
    lead
        Hours from its source's shelf to its own.
    source
        Number of the depot that replenishes it, -1 for a supplier who always has it.
    """

    reorder_point: int
    order_up_to: int
    lead: float
    source: int = -1


@dataclass
class _Shelf:
    terms: Terms
    on_hand: int
    set_aside: int = 0
    on_order: int = 0
    #: Requests in order: units still owed, and what to do with each when it is handed over.
    queue: deque[tuple[list[int], Callable[[float], None]]] = field(default_factory=deque)

    @property
    def owed(self) -> int:
        return sum(left[0] for left, _ in self.queue)

    @property
    def position(self) -> int:
        return self.on_hand + self.on_order - self.owed


class PhysicalDepots:
    """A network of depots.

    Parameters
    ----------
    terms
        Of each depot.

    Attributes
    ----------
    unit_hours
        Units times hours on each shelf so far, those set aside for an order that waits for more included.
    """

    def __init__(self, terms: Sequence[Terms]) -> None:
        self._shelves = [_Shelf(t, t.order_up_to) for t in terms]
        self._events: list[tuple[float, int, int]] = []
        self._numbers = count()
        self._now = 0.0
        self.unit_hours = [0.0] * len(terms)

    def ask(self, at: float, depot: int, quantity: int) -> list[float]:
        """Ask for units at an instant; the list gets the instant at which all of them are there."""
        self.advance(at)
        ready: list[float] = []
        units = [quantity]
        shelf = self._shelves[depot]

        def hand_over(now: float) -> None:
            units[0] -= 1
            shelf.set_aside += 1
            if units[0] == 0:
                shelf.set_aside -= quantity
                ready.append(now)

        self._request(depot, quantity, hand_over)
        return ready

    def advance(self, until: float) -> None:
        """Let everything happen that happens up to an instant."""
        while self._events and self._events[0][0] <= until:
            at, _, depot = heapq.heappop(self._events)
            self._pass(at)
            shelf = self._shelves[depot]
            shelf.on_hand += 1
            shelf.on_order -= 1
            self._serve(depot)
        self._pass(until)

    def _pass(self, until: float) -> None:
        for number, shelf in enumerate(self._shelves):
            self.unit_hours[number] += (shelf.on_hand + shelf.set_aside) * (until - self._now)
            assert shelf.on_hand >= 0
            assert shelf.on_hand == 0 or not shelf.queue
            assert shelf.terms.reorder_point < shelf.position <= shelf.terms.order_up_to
        self._now = until

    def _request(self, depot: int, quantity: int, hand_over: Callable[[float], None]) -> None:
        shelf = self._shelves[depot]
        shelf.queue.append(([quantity], hand_over))
        if shelf.position <= shelf.terms.reorder_point:
            self._order(depot, shelf.terms.order_up_to - shelf.position)
        self._serve(depot)

    def _order(self, depot: int, quantity: int) -> None:
        shelf = self._shelves[depot]
        shelf.on_order += quantity

        def ship(now: float) -> None:
            heapq.heappush(self._events, (now + shelf.terms.lead, next(self._numbers), depot))

        if shelf.terms.source < 0:
            for _ in range(quantity):
                ship(self._now)
        else:
            self._request(shelf.terms.source, quantity, ship)

    def _serve(self, depot: int) -> None:
        shelf = self._shelves[depot]
        while shelf.queue and shelf.on_hand:
            left, hand_over = shelf.queue[0]
            left[0] -= 1
            shelf.on_hand -= 1
            if left[0] == 0:
                shelf.queue.popleft()
            hand_over(self._now)

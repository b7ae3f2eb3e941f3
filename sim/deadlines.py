"""Waits that may not last longer than so long: what is to be done with an order that still waits then.

SimPy cannot cancel a timer, and most waits end in time. So deadlines are data, and one timer at a time runs
to the next of a wait that still lasts.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable

import simpy

from sim.entities import Order


class Deadlines:
    """Deadlines of waiting orders.

    Parameters
    ----------
    env
        The clock.
    action
        What is done with an order whose wait has lasted until its deadline.
    """

    def __init__(self, env: simpy.Environment, action: Callable[[Order], None]) -> None:
        self._env = env
        self._action = action
        self._entries: list[tuple[float, int, Order, int]] = []
        self._number = 0
        self._next = float("inf")

    def add(self, order: Order, at: float) -> None:
        """Give the present wait of an order a deadline, now or later."""
        self._number += 1
        heapq.heappush(self._entries, (at, self._number, order, order.ticket))
        if at < self._next:
            self._set(at)

    def _set(self, at: float) -> None:
        self._next = at
        self._env.timeout(max(at - self._env.now, 0.0)).callbacks.append(lambda _: self._ring(at))

    def _ring(self, at: float) -> None:
        if at != self._next:
            return  # an earlier timer has taken its place
        self._next = float("inf")
        entries = self._entries
        while entries:
            due, _, order, ticket = entries[0]
            waits = order.ticket == ticket
            if waits and due > at:
                break
            heapq.heappop(entries)
            if waits:
                self._action(order)
        if entries and entries[0][0] < self._next:
            self._set(entries[0][0])

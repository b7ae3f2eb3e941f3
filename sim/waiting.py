"""Who is free and what waits: idle engineers by category, waiting orders in one heap per queue.

What waits is data, not processes. Bit masks tell in one operation which categories have somebody free and
which queues hold an order, so that an empty heap is never looked at.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import Any

from scenarios.world import World
from sim.entities import Engineer, Order
from sim.policies import DispatchPolicy

#: A heap is swept when it holds more withdrawn orders than this and than waiting ones.
_SWEEP_AT = 64


class Waiting:
    """Idle engineers and waiting orders of one replication.

    Parameters
    ----------
    world
        The compiled scenario: its categories and queues.
    policy
        Gives the order of waiting orders.
    """

    __slots__ = (
        "_calls",
        "_heaps",
        "_live",
        "_on_call",
        "_order_key",
        "_pools",
        "_serves",
        "_ticket",
        "callable",
        "called_by",
        "helped_by",
        "idle",
        "joins",
        "of_crews",
        "pending",
        "served_by",
        "takes",
    )

    def __init__(self, world: World, policy: DispatchPolicy) -> None:
        self._heaps: list[list[tuple[Any, int, Order]]] = [[] for _ in world.queues]
        self._live = [0] * len(world.queues)
        self._pools: list[dict[Engineer, None]] = [{} for _ in world.categories]
        self._on_call: list[dict[Engineer, None]] = [{} for _ in world.categories]
        self.served_by = [q.categories for q in world.queues]
        self.helped_by = [q.helpers for q in world.queues]
        self.called_by = [q.on_call for q in world.queues]
        self.of_crews, self._serves, self.joins, self._calls = _serving_masks(world)
        self.takes = [alone | joined for alone, joined in zip(self._serves, self.joins, strict=True)]
        self.callable = 0
        self._order_key = policy.order_key
        self._ticket = 0
        self.idle = 0
        self.pending = 0

    def candidates(self, queue: int) -> Iterable[Engineer] | None:
        """Return the free engineers on duty who may serve a queue, None if there is none."""
        mask = self.idle & self.served_by[queue]
        return _members(self._pools, mask) if mask else None

    def helpers(self, queue: int) -> Iterable[Engineer]:
        """Return the free engineers on duty who may be one of a crew beside the first."""
        return _members(self._pools, self.idle & self.helped_by[queue])

    def free_helpers(self, queue: int) -> int:
        """Return how many `helpers` there are."""
        mask, count = self.idle & self.helped_by[queue], 0
        while mask:
            low = mask & -mask
            count += len(self._pools[low.bit_length() - 1])
            mask ^= low
        return count

    def to_be_called(self, queue: int) -> Iterable[Engineer] | None:
        """Return the free engineers off duty who may be called for a queue, None if there is none."""
        mask = self.callable & self.called_by[queue]
        return _members(self._on_call, mask) if mask else None

    def rest(self, engineer: Engineer) -> None:
        """Put a free engineer with the idle ones."""
        category = engineer.category
        self._pools[category][engineer] = None
        self.idle |= 1 << category

    def rest_on_call(self, engineer: Engineer) -> None:
        """Put a free engineer with those who may be called off duty."""
        category = engineer.category
        self._on_call[category][engineer] = None
        self.callable |= 1 << category

    def engage(self, engineer: Engineer) -> None:
        """Take an engineer from the idle ones, or from those who may be called."""
        category = engineer.category
        pool = self._pools[category]
        if engineer in pool:
            del pool[engineer]
            if not pool:
                self.idle &= ~(1 << category)
            return
        pool = self._on_call[category]
        del pool[engineer]
        if not pool:
            self.callable &= ~(1 << category)

    def disengage(self, engineer: Engineer) -> bool:
        """Take an engineer from the idle ones on duty if he is there; tell whether he was."""
        category = engineer.category
        pool = self._pools[category]
        if engineer not in pool:
            return False
        del pool[engineer]
        if not pool:
            self.idle &= ~(1 << category)
        return True

    def cease_to_be_called(self, engineer: Engineer) -> None:
        """Take an engineer from those who may be called off duty if he is there."""
        category = engineer.category
        pool = self._on_call[category]
        if engineer in pool:
            del pool[engineer]
            if not pool:
                self.callable &= ~(1 << category)

    def is_idle(self, engineer: Engineer) -> bool:
        """Return whether an engineer is with the idle ones on duty."""
        return engineer in self._pools[engineer.category]

    def may_be_called(self, engineer: Engineer) -> bool:
        """Return whether an engineer is with those who may be called off duty."""
        return engineer in self._on_call[engineer.category]

    def push(self, order: Order) -> None:
        """Let an order wait."""
        queue = order.queue
        self._ticket += 1
        order.ticket = self._ticket
        heapq.heappush(self._heaps[queue], (self._order_key(order), self._ticket, order))
        self._live[queue] += 1
        self.pending |= 1 << queue

    def withdraw(self, order: Order) -> None:
        """Take back a waiting order; it stays in its heap, unseen, until it is swept out."""
        order.ticket = 0
        queue = order.queue
        self._live[queue] -= 1
        heap = self._heaps[queue]
        if not self._live[queue]:
            heap.clear()
            self.pending &= ~(1 << queue)
        elif len(heap) > _SWEEP_AT and len(heap) > 2 * self._live[queue]:
            heap[:] = [entry for entry in heap if entry[1] == entry[2].ticket]
            heapq.heapify(heap)

    def first_for(self, engineer: Engineer, called: bool = False) -> Order | None:
        """Return the waiting order that an engineer takes next, None if none is for him; it goes on waiting.

        Parameters
        ----------
        engineer
            Who is free. Orders of crews are left to `first_of_crews`.
        called
            Whether he is off duty and on call.
        """
        serves = self._calls[engineer.category] if called else self._serves[engineer.category]
        mask = self.pending & serves
        if not mask:
            return None
        best: tuple[Any, int, Order] | None = None
        heaps = self._heaps
        while mask:
            low = mask & -mask
            mask ^= low
            entry = heaps[low.bit_length() - 1][0]
            if entry[1] != entry[2].ticket:
                entry = self._first(low.bit_length() - 1)
            if best is None or entry < best:
                best = entry
        assert best is not None  # the mask had a bit
        return best[2]

    def first_that(self, engineer: Engineer, admits: Callable[[Order], bool]) -> Order | None:
        """Return the waiting order that an engineer on duty takes next of those that are admitted, if any."""
        mask = self.pending & self._serves[engineer.category]
        best: tuple[Any, int, Order] | None = None
        while mask:
            low = mask & -mask
            mask ^= low
            for entry in self._heaps[low.bit_length() - 1]:
                if entry[1] == entry[2].ticket and (best is None or entry < best) and admits(entry[2]):
                    best = entry
        return best[2] if best is not None else None

    def take(self, order: Order) -> None:
        """Take an order that is the first of its queue."""
        queue = order.queue
        heapq.heappop(self._heaps[queue])
        order.ticket = 0
        self._live[queue] -= 1
        if not self._live[queue]:
            self._heaps[queue].clear()
            self.pending &= ~(1 << queue)

    def first_of_crews(self, engineer: Engineer) -> list[Order]:
        """Return the first waiting order of each queue of crews that an engineer may join, best first."""
        mask = self.pending & self.joins[engineer.category]
        entries = []
        while mask:
            low = mask & -mask
            mask ^= low
            entries.append(self._first(low.bit_length() - 1))
        return [order for _, _, order in sorted(entries)]

    def comes_before(self, order: Order, other: Order) -> bool:
        """Return whether the policy in force puts one order before another."""
        return bool(self._order_key(order) < self._order_key(other))

    def _first(self, queue: int) -> tuple[Any, int, Order]:
        """Return the first entry of a queue that holds an order."""
        heap = self._heaps[queue]
        while heap[0][1] != heap[0][2].ticket:
            heapq.heappop(heap)
        return heap[0]

    def alone(self, engineer: Engineer) -> int:
        """Return the bit mask of the queues that an engineer on duty serves alone."""
        return self._serves[engineer.category]

    def orders_of(self, queues: Iterable[int]) -> Iterator[Order]:
        """Yield the orders that wait in some queues, in no particular order."""
        for queue in queues:
            yield from (order for _, ticket, order in self._heaps[queue] if ticket == order.ticket)

    def orders(self) -> Iterator[Order]:
        """Yield the waiting orders, in no particular order."""
        for heap in self._heaps:
            yield from (order for _, ticket, order in heap if ticket == order.ticket)

    def follow(self, policy: DispatchPolicy) -> None:
        """Order what waits by another policy."""
        self._order_key = policy.order_key
        for heap in self._heaps:
            heap[:] = [(self._order_key(o), ticket, o) for _, ticket, o in heap if ticket == o.ticket]
            heapq.heapify(heap)


def _members(pools: list[dict[Engineer, None]], mask: int) -> Iterable[Engineer]:
    """Return the engineers of the pools in a bit mask."""
    low = mask & -mask
    if mask == low:
        return pools[low.bit_length() - 1] if mask else ()
    chosen = []
    while mask:
        low = mask & -mask
        chosen.append(pools[low.bit_length() - 1])
        mask ^= low
    return chain.from_iterable(chosen)


def _serving_masks(world: World) -> tuple[int, list[int], list[int], list[int]]:
    """Return the queues of crews, and by category the queues it serves alone, in crews, and on call.

    All are bit masks of queues, found once for each World.
    """
    if "serving_masks" not in world.derived:
        crews = sum(1 << i for i, q in enumerate(world.queues) if q.need.crew > 1)
        alone, joined, called = [], [], []
        for c in range(len(world.categories)):
            serves = sum(1 << i for i, q in enumerate(world.queues) if q.categories >> c & 1)
            helps = sum(1 << i for i, q in enumerate(world.queues) if q.helpers >> c & 1)
            alone.append(serves & ~crews)
            joined.append((serves | helps) & crews)
            called.append(sum(1 << i for i, q in enumerate(world.queues) if q.on_call >> c & 1) & ~crews)
        world.derived["serving_masks"] = crews, alone, joined, called
    masks: tuple[int, list[int], list[int], list[int]] = world.derived["serving_masks"]
    return masks

"""Who is free and what waits: idle engineers by category, waiting orders in one heap per queue.

What waits is data, not processes. Bit masks tell in one operation which categories have somebody free and
which queues hold an order, so that an empty heap is never looked at.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator
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
        "_heaps",
        "_live",
        "_order_key",
        "_pools",
        "_serves",
        "_ticket",
        "idle",
        "pending",
        "served_by",
    )

    def __init__(self, world: World, policy: DispatchPolicy) -> None:
        self._heaps: list[list[tuple[Any, int, Order]]] = [[] for _ in world.queues]
        self._live = [0] * len(world.queues)
        self._pools: list[dict[Engineer, None]] = [{} for _ in world.categories]
        self.served_by = [q.categories for q in world.queues]
        self._serves = [
            sum(1 << i for i, q in enumerate(world.queues) if q.categories >> c & 1)
            for c in range(len(world.categories))
        ]
        self._order_key = policy.order_key
        self._ticket = 0
        self.idle = 0
        self.pending = 0

    def candidates(self, queue: int) -> Iterable[Engineer] | None:
        """Return the free engineers who may serve a queue, None if there is none."""
        mask = self.idle & self.served_by[queue]
        if not mask:
            return None
        low = mask & -mask
        if mask == low:
            return self._pools[low.bit_length() - 1]
        pools = []
        while mask:
            low = mask & -mask
            pools.append(self._pools[low.bit_length() - 1])
            mask ^= low
        return chain.from_iterable(pools)

    def rest(self, engineer: Engineer) -> None:
        """Put a free engineer with the idle ones."""
        category = engineer.category
        self._pools[category][engineer] = None
        self.idle |= 1 << category

    def engage(self, engineer: Engineer) -> None:
        """Take an engineer from the idle ones."""
        category = engineer.category
        pool = self._pools[category]
        del pool[engineer]
        if not pool:
            self.idle &= ~(1 << category)

    def is_idle(self, engineer: Engineer) -> bool:
        """Return whether an engineer is with the idle ones."""
        return engineer in self._pools[engineer.category]

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

    def pop_for(self, engineer: Engineer) -> Order | None:
        """Return the waiting order that an engineer takes next, None if none is for him."""
        mask = self.pending & self._serves[engineer.category]
        if not mask:
            return None
        best: tuple[Any, int, Order] | None = None
        while mask:
            low = mask & -mask
            mask ^= low
            heap = self._heaps[low.bit_length() - 1]
            while heap[0][1] != heap[0][2].ticket:
                heapq.heappop(heap)
            if best is None or heap[0] < best:
                best = heap[0]
        assert best is not None  # the mask had a bit
        order = best[2]
        queue = order.queue
        heapq.heappop(self._heaps[queue])
        order.ticket = 0
        self._live[queue] -= 1
        if not self._live[queue]:
            self._heaps[queue].clear()
            self.pending &= ~(1 << queue)
        return order

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

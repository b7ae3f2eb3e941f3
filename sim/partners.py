"""Orders that a partner outlet takes over: when it arrives and when it is done.

A partner is no resource of the model: what becomes of an order is known when it is handed over, so that it
costs no event.
"""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING, NamedTuple

from scenarios.world import OverflowSpec
from sim import draws
from sim.entities import Order
from sim.quantile_functions import quantile

if TYPE_CHECKING:
    from sim.model import Model


class PartnerVisit(NamedTuple):
    """What an order that a partner took over went through, in hours since the start, and the partner's price."""

    row: int
    queue: int
    ready: float
    handed_over: float
    arrived: float
    restored: float
    price: float


class Partners:
    """The partners of one replication.

    Parameters
    ----------
    model
        The replication that they belong to.

    Attributes
    ----------
    visits
        What each order that was handed over went through.
    """

    def __init__(self, model: Model) -> None:
        self._model = model
        self._busy_until: dict[int, list[float]] = {}
        self.visits: list[PartnerVisit] = []

    def hand_over(self, order: Order, terms: OverflowSpec) -> None:
        """Give an order to a partner.

        Parameters
        ----------
        order
            An order that does not wait any more.
        terms
            On which terms. A partner whose people are all busy begins when the first is free; on his way and
            at work he is within his working hours.
        """
        model = self._model
        now = model.env.now
        _, key = model.secrets(order)
        begin = self._begin(terms, now)
        arrived = _later(terms, begin, quantile(terms.attend_hours, draws.uniform(key, "partner")))
        restored = _later(terms, arrived, model.work[order.row])
        if terms.capacity:
            heapq.heappush(self._busy_until[terms.partner], restored)
        queue = order.queues[order.stage]
        self.visits.append(
            PartnerVisit(order.row, queue, order.ready_at, now, arrived, restored, terms.price)
        )
        model.complete_at(order.row, restored)

    def _begin(self, terms: OverflowSpec, now: float) -> float:
        """Return when somebody at the partner's is free."""
        if not terms.capacity:
            return now
        busy = self._busy_until.setdefault(terms.partner, [])
        while busy and busy[0] <= now:
            heapq.heappop(busy)
        return heapq.heappop(busy) if len(busy) >= terms.capacity else now


def _later(terms: OverflowSpec, instant: float, hours: float) -> float:
    """Return the instant after so many of the partner's working hours."""
    return instant + hours if terms.hours is None else float(terms.hours.add(instant, hours))

"""Orders that a partner outlet takes over: when it arrives and when it is done.

A partner is no resource of the model: what becomes of an order is known when it is handed over, so that it
costs no event.
"""

from __future__ import annotations

import heapq
from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING, NamedTuple

from scenarios.open_hours import TOLERANCE, OpenHours
from scenarios.rule_specs import OverflowSpec
from sim import draws
from sim.entities import Order
from sim.quantile_functions import quantile

if TYPE_CHECKING:
    from sim.model import Model


class PartnerVisit(NamedTuple):
    """What an order that a partner took over went through, in hours since the start, and his price."""

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
        self._clocks: dict[int, _Clock] = {}
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
        begin = self._begin(terms, now)
        arrived = self._later(
            terms, begin, quantile(terms.attend_hours, draws.uniform(model.key_of(order), "partner"))
        )
        restored = self._later(terms, arrived, model.work[order.row])
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

    def _later(self, terms: OverflowSpec, instant: float, hours: float) -> float:
        """Return the instant after so many of the partner's working hours."""
        if terms.hours is None:
            return instant + hours
        if terms.partner not in self._clocks or self._clocks[terms.partner].hours is not terms.hours:
            self._clocks[terms.partner] = _Clock(terms.hours)
        return self._clocks[terms.partner].add(instant, hours)


class _Clock:
    """Working hours, for one instant at a time: `OpenHours.add` without the cost of arrays."""

    def __init__(self, hours: OpenHours) -> None:
        self.hours = hours
        self._opens: list[float] = hours.opens.tolist()
        self._before: list[float] = hours.cumulated.tolist()

    def add(self, instant: float, hours: float) -> float:
        """Return the earliest instant by which so many open hours have passed, infinity if there is none."""
        if hours <= 0.0 or self.hours.always:
            return instant + hours
        opens, before = self._opens, self._before
        window = bisect_right(opens, instant) - 1
        passed = 0.0
        if window >= 0:
            passed = min(before[window] + instant - opens[window], before[window + 1])
        target = passed + hours
        # What is left of a window to within rounding is enough: no order ends the next morning for it.
        window = max(bisect_left(before, target - TOLERANCE) - 1, 0)
        if window >= len(opens):
            return float("inf")
        return max(opens[window] + target - before[window], instant)

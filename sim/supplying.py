"""How an order comes by its part: before the visit, out of a van, or after somebody has seen what is missing.

Which depot has what and when it comes is `parts`; this is when it is asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.entities import Engineer, Order

if TYPE_CHECKING:
    from sim.model import Model


class Supplying:
    """The parts of the orders of one replication.

    Parameters
    ----------
    model
        The replication.

    Attributes
    ----------
    from_van
        Rows of the orders whose part somebody who was free had in his van.
    looks_first
        Whether anybody may go to an order without knowing that its part is there.
    """

    def __init__(self, model: Model) -> None:
        self._model = model
        self._supplied: set[int] = set()
        self.from_van: set[int] = set()
        self._has_vans = any(stock.van for stock in model.world.stocks)
        self.looks_first = self._has_vans or any(p.parts_policy.diagnose for p in model.world.periods)

    def forget(self) -> None:
        """Let go of what is known of orders; nothing can be asked any more."""
        self._supplied.clear()

    def ready_at(self, order: Order) -> float:
        """Return when an order that is released can be given out, its part asked for if that is the rule.

        Parameters
        ----------
        order
            An order whose fault may need a part.
        """
        model = self._model
        now = model.env.now
        part, stock = self._part_of(order)
        if stock < 0 or model.period.parts_policy.diagnose:
            return now
        if self._has_vans and not model.depots.peek(stock, order.kind.part_quantity, now):
            free = model.waiting.candidates(order.queue) or ()
            if any(model.depots.van_has(e.index, part, order.kind.part_quantity, now) for e in free):
                self.from_van.add(order.row)
                return now
        if self.looks_first:
            self._supplied.add(order.row)
        return self._demand(order, stock)

    def choose(self, order: Order, candidates: list[Engineer]) -> list[Engineer]:
        """Return those of some free engineers who have the part of an order in their van; all if none has."""
        model, now = self._model, self._model.env.now
        part, _ = self._part_of(order)
        quantity = order.kind.part_quantity
        return [e for e in candidates if model.depots.van_has(e.index, part, quantity, now)] or candidates

    def share_without(self, order: Order, engineer: Engineer) -> float | None:
        """Return the share of the work that a visit can do, None for all of it: the part is there.

        Parameters
        ----------
        order
            An order on which somebody is about to work on site.
        engineer
            Who he is. He takes the part out of his van, or has picked it up where it was on the shelf.
        """
        model, row = self._model, order.row
        if row in self._supplied or not order.kind.stages[order.stage].on_site:
            return None
        part, stock = self._part_of(order)
        if stock < 0:
            return None
        now, quantity = model.env.now, order.kind.part_quantity
        key = model.key_of(order)
        if model.depots.van_has(engineer.index, part, quantity, now):
            model.depots.take_from_van(row, key, engineer.index, part, quantity, now)
        elif model.depots.peek(stock, quantity, now):
            self._demand(order, stock)
        else:
            return model.period.parts_policy.diagnosis_share
        self._supplied.add(row)
        return None

    def fetch(self, order: Order, work: float) -> None:
        """Ask for the part that a visit has found to be missing; another visit follows once it is there.

        Parameters
        ----------
        order
            The order.
        work
            Hands-on hours that are left.
        """
        model = self._model
        _, stock = self._part_of(order)
        self._supplied.add(order.row)
        order.visit += 1
        model.work[order.row] = work
        ready = self._demand(order, stock)
        model.at(ready, lambda: model.dispatching.offer(order))

    def _part_of(self, order: Order) -> tuple[int, int]:
        """Return the part that an order needs and the stock that has it, -1 for none."""
        if order.kind.part < 0:
            return -1, -1
        part = self._model.part_of(order)
        return part, int(self._model.period.depots[order.site, part]) if part >= 0 else -1

    def _demand(self, order: Order, stock: int) -> float:
        model = self._model
        return model.depots.demand(
            order.row,
            model.key_of(order),
            stock,
            order.kind.part_quantity,
            model.env.now,
            order.kind.severity,
        )

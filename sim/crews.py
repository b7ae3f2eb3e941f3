"""Crews: work that takes two to four people at once.

Nobody is held while a crew forms, so two crews can never wait for each other's people. An order that has
waited for long enough keeps whoever becomes free until its crew is complete; of orders that could want the same
people only one does so at a time, so that each is served in the end.
"""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING

from sim.deadlines import Deadlines
from sim.entities import Engineer, Order

if TYPE_CHECKING:
    from sim.model import Model

Crew = tuple[Engineer, tuple[Engineer, ...]]


class _Reservation:
    """An order for which people are kept, and those who have been found."""

    __slots__ = ("mask", "members", "order")

    def __init__(self, order: Order, mask: int) -> None:
        self.order = order
        self.mask = mask
        self.members: dict[Engineer, None] = {}


class Crews:
    """Forms the crews of one replication.

    Parameters
    ----------
    model
        The replication that they belong to.

    Attributes
    ----------
    active, wanted
        Orders for which people are kept now, and the bit mask of categories that may be of use to them.
    kept_engineer, kept_from, kept_until
        Who was kept for a crew that was not complete yet, and from when to when.
    """

    def __init__(self, model: Model) -> None:
        self._model = model
        self.active: list[_Reservation] = []
        self.wanted = 0
        self._wanting: list[Order] = []
        self._deadlines = Deadlines(model.env, self._want)
        self._since: dict[Engineer, float] = {}
        self.kept_engineer = array("i")
        self.kept_from = array("d")
        self.kept_until = array("d")

    def form(self, order: Order, engineer: Engineer | None = None) -> Crew | None:
        """Return the people for an order, all of them free now; None if there are too few.

        Parameters
        ----------
        order
            An order for more than one.
        engineer
            Somebody who is free although he is not with the idle ones yet; he is one of the crew then.
        """
        queue, waiting = order.queue, self._model.waiting
        # Mostly there are too few, which is told without looking at anybody.
        if waiting.free_helpers(queue) + (engineer is not None) < order.kind.stages[order.stage].crew - 1:
            return None
        bit = 0 if engineer is None else 1 << engineer.category
        if not (waiting.idle | bit) & waiting.served_by[queue]:
            return None
        return self._choose(
            order, list(waiting.candidates(queue) or ()), list(waiting.helpers(queue)), engineer
        )

    def _choose(
        self, order: Order, leads: list[Engineer], helpers: list[Engineer], engineer: Engineer | None
    ) -> Crew | None:
        model, queue = self._model, order.queue
        if engineer is not None:
            bit = 1 << engineer.category
            if model.waiting.served_by[queue] & bit:
                leads.append(engineer)
            if model.waiting.helped_by[queue] & bit:
                helpers.append(engineer)
        size = order.kind.stages[order.stage].crew
        if not leads or len({*leads, *helpers}) < size:
            return None
        lead = model.policy.choose_engineer(order, leads, model) or leads[0]
        hours = model.travel.to(order.site)
        others = sorted({*helpers} - {lead}, key=lambda e: (hours[e.location], e.index))
        if engineer is not None and lead is not engineer and engineer in others:
            others.remove(engineer)
            others.insert(0, engineer)
        if len(others) < size - 1:
            return None
        return lead, tuple(others[: size - 1])

    def wait(self, order: Order) -> None:
        """Note that an order has begun to wait for its crew."""
        patience = order.kind.stages[order.stage].reserve_after_hours
        self._deadlines.add(order, self._model.env.now + patience)

    def keep(self, engineer: Engineer) -> bool:
        """Keep somebody who has become free for the crew that wants him; tell whether one does."""
        for reservation in self.active:
            if reservation.mask >> engineer.category & 1 and self._is_useful(reservation, engineer):
                self._add(reservation, engineer)
                self._start_if_complete(reservation)
                return True
        return False

    def release(self, engineer: Engineer) -> None:
        """Let somebody go who is kept, because his shift ends."""
        for reservation in self.active:
            if engineer in reservation.members:
                del reservation.members[engineer]
                self._end_keeping(engineer)

    def given_out(self, order: Order) -> None:
        """Note that an order does not wait any more; whoever was kept for it is free."""
        for reservation in [r for r in self.active if r.order is order]:
            self._end(reservation)
            for engineer in reservation.members:
                self._end_keeping(engineer)
                if engineer.order is None:
                    self._model.workforce.free(engineer)
            self._activate()

    def _want(self, order: Order) -> None:
        if order not in self._wanting and not any(r.order is order for r in self.active):
            self._wanting.append(order)
            self._activate()

    def _activate(self) -> None:
        """Begin to keep people for orders that want it, where no other order wants the same people."""
        waiting = self._model.waiting
        for order in list(self._wanting):
            if not order.ticket:
                self._wanting.remove(order)
                continue
            mask = waiting.served_by[order.queue] | waiting.helped_by[order.queue]
            if any(mask & other.mask for other in self.active):
                continue
            self._wanting.remove(order)
            reservation = _Reservation(order, mask)
            self.active.append(reservation)
            self.wanted |= mask
            for engineer in [*(waiting.candidates(order.queue) or ()), *waiting.helpers(order.queue)]:
                if not engineer.reserved and self._is_useful(reservation, engineer):
                    waiting.engage(engineer)
                    self._add(reservation, engineer)

    def _is_useful(self, reservation: _Reservation, engineer: Engineer) -> bool:
        """Return whether a crew still lacks somebody like an engineer."""
        order = reservation.order
        served_by = self._model.waiting.served_by[order.queue]
        leads = sum(1 for e in reservation.members if served_by >> e.category & 1)
        missing = order.kind.stages[order.stage].crew - len(reservation.members)
        return missing > (0 if leads or served_by >> engineer.category & 1 else 1)

    def _add(self, reservation: _Reservation, engineer: Engineer) -> None:
        reservation.members[engineer] = None
        engineer.reserved = True
        self._since[engineer] = self._model.env.now

    def _end_keeping(self, engineer: Engineer) -> None:
        engineer.reserved = False
        self.kept_engineer.append(engineer.index)
        self.kept_from.append(self._since.pop(engineer))
        self.kept_until.append(self._model.env.now)

    def _start_if_complete(self, reservation: _Reservation) -> None:
        order = reservation.order
        if len(reservation.members) < order.kind.stages[order.stage].crew:
            return
        crew = self._choose(
            order, [e for e in reservation.members if self._leads(order, e)], [*reservation.members], None
        )
        assert crew is not None  # it is complete, and one of them leads
        self._model.waiting.withdraw(order)
        self._end(reservation)
        for engineer in reservation.members:
            self._end_keeping(engineer)
        self._model.visiting.begin(order, *crew)
        self._activate()

    def _end(self, reservation: _Reservation) -> None:
        self.active.remove(reservation)
        self.wanted = 0
        for other in self.active:
            self.wanted |= other.mask

    def _leads(self, order: Order, engineer: Engineer) -> bool:
        return bool(self._model.waiting.served_by[order.queue] >> engineer.category & 1)

    def still_kept(self) -> list[tuple[int, float]]:
        """Return whoever is kept at the end of the run, and since when."""
        return [(engineer.index, since) for engineer, since in self._since.items()]

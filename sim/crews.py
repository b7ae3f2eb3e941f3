"""Crews: work that takes two to four people at once.

Nobody is held while a crew forms, so two crews can never wait for each other's people. An order that has
waited for long enough keeps whoever becomes free until its crew is complete; of orders that could want the
same people only one does so at a time, so that each is served in the end.
"""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING

import numpy as np

from sim.deadlines import Deadlines
from sim.duty import Spans
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
        size, able = order.kind.stages[order.stage].crew, set(helpers)
        leads = [lead for lead in leads if len(able) - (lead in able) >= size - 1]
        if not leads:
            return None
        lead = model.policy.choose_engineer(order, leads, model) or leads[0]
        hours = model.travel.to(order.site)
        others = sorted(able - {lead}, key=lambda e: (hours[e.location], e.index))
        if engineer is not None and lead is not engineer and engineer in others:
            others.remove(engineer)
            others.insert(0, engineer)
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
        """Return whether a crew is nearer to being complete with an engineer."""
        order, members = reservation.order, [*reservation.members]
        return self._found(order, [*members, engineer]) > self._found(order, members)

    def _found(self, order: Order, people: list[Engineer]) -> int:
        """Return how many places of a crew some people can take: one leads, the others help."""
        waiting, places = self._model.waiting, order.kind.stages[order.stage].crew - 1
        leads, helps = waiting.served_by[order.queue], waiting.helped_by[order.queue]
        able = sum(1 for e in people if helps >> e.category & 1)
        if not any(leads >> e.category & 1 for e in people):
            return min(places, able)
        spare = any(leads >> e.category & 1 and not helps >> e.category & 1 for e in people)
        return 1 + min(places, able if spare else able - 1)

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
        order, members = reservation.order, [*reservation.members]
        if self._found(order, members) < order.kind.stages[order.stage].crew:
            return
        waiting = self._model.waiting
        leads = [e for e in members if waiting.served_by[order.queue] >> e.category & 1]
        helpers = [e for e in members if waiting.helped_by[order.queue] >> e.category & 1]
        crew = self._choose(order, leads, helpers, None)
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

    def kept(self) -> Spans:
        """Return when people were kept for a crew that was not complete yet, up to the horizon."""
        still = [(engineer.index, since) for engineer, since in self._since.items()]
        engineer, begin = (
            [*self.kept_engineer, *(e for e, _ in still)],
            [*self.kept_from, *(t for _, t in still)],
        )
        end = [*self.kept_until, *([self._model.world.horizon] * len(still))]
        return Spans(
            np.array(engineer, dtype=np.int64), np.array(begin, np.float64), np.array(end, np.float64)
        )

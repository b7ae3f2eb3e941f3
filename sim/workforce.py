"""Engineers as time goes by: who is free takes the next order or rests, shifts change, people are called."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

import simpy

from sim.entities import Engineer, Order
from sim.policies import plans

if TYPE_CHECKING:
    from sim.model import Model

_Events = Generator[simpy.Event, Any, None]


class Workforce:
    """Moves the engineers of one replication.

    Parameters
    ----------
    model
        The replication that they belong to.
    """

    def __init__(self, model: Model) -> None:
        self._model = model
        self._env = model.env
        self._waiting = model.waiting
        self._crews = model.crews
        self._roster = model.roster
        self._city = model.travel.city

    def free(self, engineer: Engineer) -> None:
        """Give a free engineer his next order, let him rest, or let him go home."""
        now, waiting, city = self._env.now, self._waiting, self._city
        on_duty = engineer.on_shift and now < engineer.off_at
        away = city[engineer.location] != city[engineer.home]
        if on_duty:
            if engineer.held is not None:  # he was called out, and is free only after his shift has begun
                self._model.visiting.resume(engineer)
                return
            category = engineer.category
            # Whoever is in another city goes back before he is kept for a crew.
            wanted = 0 if away else self._crews.wanted >> category & 1
            if (wanted or waiting.pending & waiting.takes[category]) and self._takes_next(engineer, wanted):
                return
        elif engineer.on_call and waiting.pending and self._is_called(engineer):
            return
        if away and engineer.held is None:
            self._model.visiting.go_back(engineer)
            return
        if on_duty:
            engineer.idle_since = now
            waiting.rest(engineer)
            return
        self.go_off(engineer)

    def _takes_next(self, engineer: Engineer, wanted: int) -> bool:
        """Give a free engineer on duty the next order that is for him; tell whether there was one."""
        waiting, crews = self._waiting, self._crews
        if wanted and crews.keep(engineer):
            return True
        single = first = rival = waiting.first_for(engineer)
        policy = self._model.policy
        if first is not None and plans(policy):
            # Whichever he takes of them, a crew has to come before the first of those that wait for one.
            single = self._model.planning.next_for(policy, engineer)
            rival = None if single is None else first
            first = None
        elif first is not None and not self._model.always_finish:
            single = rival = self._begun_in_time(engineer, first)
        if waiting.pending & waiting.joins[engineer.category]:
            for order in waiting.first_of_crews(engineer):
                if rival is not None and waiting.comes_before(rival, order):
                    break
                crew = crews.form(order, engineer)
                if crew is not None:
                    self._send_crew(order, engineer, crew)
                    return True
        if single is None:
            return False
        if single is first:
            waiting.take(single)
        else:
            waiting.withdraw(single)
        self._model.visiting.begin(single, engineer)
        return True

    def _begun_in_time(self, engineer: Engineer, first: Order) -> Order | None:
        """Return the first order that somebody can begin before his shift ends, None if there is none.

        Parameters
        ----------
        engineer
            Who is free.
        first
            What he would take if there were time for everything.
        """
        may_leave = self._model.dispatching.may_leave
        if may_leave(engineer, first):
            return first
        places: dict[tuple[int, bool], bool] = {}

        def in_time(order: Order) -> bool:
            place = order.site, order.kind.stages[order.stage].on_site
            if place not in places:
                places[place] = may_leave(engineer, order)
            return places[place]

        return self._waiting.first_that(engineer, in_time)

    def _is_called(self, engineer: Engineer) -> bool:
        """Give a free engineer who is on call the next order that he may be called for, if there is one."""
        order = self._waiting.first_for(engineer, called=True)
        if order is None:
            return False
        self._waiting.take(order)
        self._model.visiting.begin(order, engineer)
        return True

    def _send_crew(
        self, order: Order, engineer: Engineer, crew: tuple[Engineer, tuple[Engineer, ...]]
    ) -> None:
        """Send a crew, one of whom is not with the idle ones, to a waiting order."""
        for member in (crew[0], *crew[1]):
            if member is not engineer:
                self._waiting.engage(member)
        self._waiting.withdraw(order)
        self._model.visiting.begin(order, *crew)
        self._crews.given_out(order)
        if engineer is not crew[0] and engineer not in crew[1]:
            self.free(engineer)

    def go_off(self, engineer: Engineer) -> None:
        """Let an engineer go home or to his lodging; whoever he becomes on new terms takes over."""
        if engineer.held is None:
            engineer.location = engineer.home
        if engineer.on_call and not self._waiting.may_be_called(engineer):
            self._waiting.rest_on_call(engineer)
        later = engineer.successor
        while later is not None and not (later.on_shift or later.on_call):
            later = later.successor
        if later is not None:
            self._inherit(later)
            self.free(later)

    def shifts(self) -> _Events:
        """Move everyone's shift, in one tick for each instant at which somebody's changes."""
        env, waiting = self._env, self._waiting
        for change in self._roster.changes():
            if change.instant > env.now:
                yield env.timeout(change.instant - env.now)
            for engineer in change.off:
                self._end_shift(engineer)
            for engineer in change.call_off:
                engineer.on_call = False
                waiting.cease_to_be_called(engineer)
            for engineer in change.call_on:
                engineer.on_call = True
                if not engineer.on_shift and self._is_at_rest(engineer):
                    self.free(engineer)
            for engineer, until in zip(change.on, change.until, strict=True):
                self._begin_shift(engineer, until)

    def _end_shift(self, engineer: Engineer) -> None:
        engineer.on_shift = False
        if engineer.order is not None or engineer.returning:
            return
        if engineer.reserved:
            self._crews.release(engineer)
            self.go_off(engineer)
        elif self._waiting.disengage(engineer):
            self.go_off(engineer)

    def _begin_shift(self, engineer: Engineer, until: float) -> None:
        engineer.on_shift = True
        engineer.off_at = until
        if engineer.on_call:
            self._waiting.cease_to_be_called(engineer)
        if not self._is_at_rest(engineer):
            return
        if self._roster.predecessor:
            self._inherit(engineer)
        if engineer.held is not None:
            self._model.visiting.resume(engineer)
            return
        engineer.location = engineer.home
        self.free(engineer)

    def _inherit(self, engineer: Engineer) -> None:
        """Let a person on new terms go on with what he left on former ones."""
        before = self._roster.predecessor.get(engineer)
        while before is not None:
            if before.held is not None:
                engineer.held, before.held = before.held, None
                engineer.location = before.location
            before = self._roster.predecessor.get(before)

    def _is_at_rest(self, engineer: Engineer) -> bool:
        """Return whether a person is neither on a visit nor on the way back, on former terms either."""
        if engineer.order is not None or engineer.returning:
            return False
        return not (self._roster.predecessor and self._roster.works_on(engineer))

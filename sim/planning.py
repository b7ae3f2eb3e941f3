"""Dispatch by policies that plan: what they are shown of the present, and what becomes of their answer.

Such a policy looks at several orders and engineers at once. What it gives to nobody now waits, and is looked
at again with the next decision, or soon. Crews, calls off duty and what comes with parts in a van are given
out as under any other policy.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from scenarios.world import FloatArray
from sim.deadlines import Deadlines
from sim.duty import duty_as_rostered
from sim.entities import Engineer, Order
from sim.policies import Available, PlanningPolicy, Situation, Waiter, plans

if TYPE_CHECKING:
    from sim.model import Model

_NAN, _NEVER = float("nan"), float("inf")
#: Hours that no rounding of a clock exceeds.
_ROUNDING = 1e-6
#: Hours ahead up to which somebody counts whose shift is yet to begin.
_AHEAD = 14.0
#: Share of the expected hours of a visit that is still to be expected however long it has lasted. Lognormal
#: work of a coefficient of variation of 0.5 that has lasted for its mean lasts for 0.46 means more.
_LEFT = 0.45
#: Least and most hours after which an order that waits beside somebody free is looked at again.
_SOON, _LATER = 0.25, 1.0
#: Most orders and engineers that are shown.
_ORDERS, _PEOPLE = 24, 16
_RESPOND, _ATTEND, _RESTORE, _COMPLETE = range(4)


class Planning:
    """Puts decisions to a policy that plans, in one replication.

    Parameters
    ----------
    model
        The replication.
    key
        Key of its draws.
    """

    def __init__(self, model: Model, key: int) -> None:
        self._model = model
        self._waiting = model.waiting
        self._key = key
        self._number = 0
        self._again = Deadlines(model.env, self._look_again)
        self._next_look: dict[int, float] = {}

    def give(self, policy: PlanningPolicy, order: Order) -> None:
        """Let a policy decide about an order that is ready and that somebody free may serve."""
        gone = False
        situation = self.situation(1 << order.queue, order, None)
        for one, engineer in self._legal(policy.assign(situation), order, None):
            gone = gone or one is order
            self._send(one, engineer)
        if not gone:
            self._waiting.push(order)
            self._model.dispatching.limit_wait(order)
        self._remember(situation)

    def next_for(self, policy: PlanningPolicy, engineer: Engineer) -> Order | None:
        """Return the waiting order that somebody who has become free takes, None for none of them.

        Others who are free may be sent, too.
        """
        situation = self.situation(self._waiting.alone(engineer), None, engineer)
        taken: Order | None = None
        for order, who in self._legal(policy.assign(situation), None, engineer):
            if who is engineer:
                taken = order
            else:
                self._send(order, who)
        self._remember(situation)
        return taken

    def _look_again(self, order: Order) -> None:
        """Decide again about an order that has waited although somebody was free."""
        self._next_look.pop(order.ticket, None)
        policy = self._model.policy
        if not plans(policy) or not self._waiting.idle & self._waiting.served_by[order.queue]:
            return
        situation = self.situation(1 << order.queue, None, None)
        for one, engineer in self._legal(policy.assign(situation), None, None):
            self._send(one, engineer)
        self._remember(situation)

    def _send(self, order: Order, engineer: Engineer) -> None:
        if order.ticket:
            self._waiting.withdraw(order)
        self._waiting.engage(engineer)
        self._model.visiting.begin(order, engineer)

    def _legal(
        self, pairs: Iterable[tuple[Order, Engineer]], ready: Order | None, free: Engineer | None
    ) -> list[tuple[Order, Engineer]]:
        """Return the pairs that can be begun now: each waits, and each is free and may go."""
        waiting, may_leave = self._waiting, self._model.dispatching.may_leave
        return [
            (order, engineer)
            for order, engineer in pairs
            if (order.ticket or order is ready)
            and (engineer is free or waiting.is_idle(engineer))
            and waiting.served_by[order.queue] >> engineer.category & 1
            and may_leave(engineer, order)
        ]

    def _remember(self, situation: Situation) -> None:
        """Look again at what waits although somebody who may serve it is free."""
        idle = self._waiting.idle
        if not idle:
            return
        now = situation.now
        ahead = [p.free_at for p in situation.people if p.free_at > now]
        at = min(max(min(ahead, default=_NEVER), now + _SOON), now + _LATER)
        for waiter in situation.waiters:
            order = waiter.order
            if order.ticket and idle & waiter.serving:
                # Whatever else waits there is looked at together with it.
                if not now < self._next_look.get(order.ticket, -1.0) <= at:
                    self._next_look[order.ticket] = at
                    self._again.add(order, at)
                return

    # What is shown

    def situation(self, queues: int, ready: Order | None, free: Engineer | None) -> Situation:
        """Return what there is to decide about the orders of some queues, and all that it depends on.

        Parameters
        ----------
        queues
            Bit mask of the queues.
        ready
            An order that has become ready and waits nowhere yet.
        free
            An engineer who has become free and is not with the idle ones yet.
        """
        model, served_by = self._model, self._waiting.served_by
        self._number += 1
        orders = self._orders(queues, ready)
        categories = 0
        for order in orders:
            categories |= served_by[order.queue]
        people = list(self._others(categories, free))
        if len(people) > _PEOPLE:
            people = self._soonest(people, orders[0].site if free is None else free.location)
        if free is not None:
            people.insert(0, self._now(free))
        return Situation(
            model.env.now,
            (self._key, self._number),
            tuple(self._waiter(order) for order in orders),
            tuple(people),
            self._hours,
            model.travel.to,
        )

    def _orders(self, queues: int, ready: Order | None) -> list[Order]:
        """Return the orders of some queues and those that want the same people, up to a number."""
        waiting, now = self._waiting, self._model.env.now
        categories = 0
        for queue in _positions(queues):
            categories |= waiting.served_by[queue]
        others = [
            queue
            for queue in _positions(waiting.pending & ~waiting.of_crews & ~queues)
            if waiting.served_by[queue] & categories
        ]
        first = sorted(waiting.orders_of(_positions(waiting.pending & queues)), key=_by_due(now))
        orders = [*([] if ready is None else [ready]), *first]
        if len(orders) < _ORDERS and others:
            orders += sorted(waiting.orders_of(others), key=_by_due(now))
        return orders[:_ORDERS]

    def _waiter(self, order: Order) -> Waiter:
        """Return an order with the clocks that run for it."""
        attended = order.visit > 1 or (order.visit == 1 and order.kind.stages[0].on_site)
        respond, attend, restore = self._clocks(order)
        if attended:
            respond = attend = _NAN
        if self._model.restored[order.row] == self._model.restored[order.row]:
            restore = _NAN
        return Waiter(order, respond, attend, restore, attended, self._waiting.served_by[order.queue])

    def _clocks(self, order: Order) -> tuple[float, float, float]:
        """Return when somebody should be booked and be there, and when service should be restored."""
        model, row = self._model, order.row
        births, known = model.births, len(model.births)
        if row >= known:
            births, row = model.finite.births[row - known], 0
        respond, attend, restore, complete = (float(due[row]) for due in births.due)
        clocks = [due for due in (attend, respond, restore, complete) if due == due]
        if not clocks or clocks[0] != order.due_at:
            return _NAN, order.due_at, _NAN  # planned work, which has no clocks
        return respond, attend, restore if restore == restore else complete

    def _now(self, engineer: Engineer) -> Available:
        now = self._model.env.now
        return Available(engineer, now, True, self._shifts(engineer, now))

    def _others(self, categories: int, free: Engineer | None) -> Iterator[Available]:
        """Yield those of some categories who are free or will be, but for one."""
        waiting, now = self._waiting, self._model.env.now
        for engineer in self._model.roster.of(categories):
            if engineer is free or engineer.reserved:
                continue
            if waiting.is_idle(engineer):
                yield self._now(engineer)
                continue
            free_at = self._expected_free(engineer, now)
            shifts = self._shifts(engineer, now)
            if not engineer.on_shift and (not shifts or shifts[0][0] > now + _AHEAD):
                continue
            if shifts and free_at < shifts[-1][1]:
                yield Available(engineer, free_at, False, shifts)

    def _expected_free(self, engineer: Engineer, now: float) -> float:
        """Return when somebody who is not free is expected to be."""
        log, order = self._model.visits, engineer.order
        if order is not None:
            hours, begins = order.expected_hours, log.start(engineer.visit)
            return max(begins + hours, max(begins, now) + _LEFT * hours)
        if engineer.returning:
            return max(log.ended[engineer.visit] + log.ways_back[engineer.visit], now)
        return now

    def _shifts(self, engineer: Engineer, now: float) -> tuple[tuple[float, float], ...]:
        """Return the present shift of somebody on duty, and his next on the roster."""
        after = max(engineer.off_at, now) if engineer.on_shift else now
        begins, ends = duty_as_rostered(self._model.world).next_window(engineer.index, after - _ROUNDING)
        later = ((begins, ends),) if begins < _NEVER else ()
        return ((now, engineer.off_at), *later) if engineer.on_shift else later

    def _soonest(self, people: list[Available], site: int) -> list[Available]:
        """Return some of many people: first those who can be sent now and are soonest at a site."""
        to = self._model.travel.to(site)
        ranked = sorted(
            people, key=lambda p: (p.free_at + to[p.engineer.location] - 2.0 * p.is_free, p.engineer.index)
        )
        return ranked[:_PEOPLE]

    def _hours(self, origins: Sequence[int], places: Sequence[int]) -> FloatArray:
        """Return the expected hours from some locations to others, as the period's travel has them."""
        return self._model.period.travel_hours[np.ix_(places, origins)].T


def _positions(mask: int) -> Iterator[int]:
    """Yield the positions of the bits of a mask."""
    while mask:
        low = mask & -mask
        mask ^= low
        yield low.bit_length() - 1


def _by_due(now: float) -> Callable[[Order], tuple[bool, float, float]]:
    """Return a key by which what is not late yet comes first, then what is due first."""

    def key(order: Order) -> tuple[bool, float, float]:
        late = not order.due_at >= now
        return late, order.due_at if order.due_at == order.due_at else _NEVER, order.reported_at

    return key

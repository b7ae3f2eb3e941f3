"""Who gets which order: it goes to somebody free, interrupts lesser work, goes to a partner, or waits."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from scenarios.rule_specs import OverflowSpec
from sim.deadlines import Deadlines
from sim.entities import Engineer, Order
from sim.policies import plans

if TYPE_CHECKING:
    from sim.model import Model

#: Hours that no rounding of a clock exceeds.
_ROUNDING = 1e-6


class Dispatching:
    """Gives out the orders of one replication by the policy in force.

    Parameters
    ----------
    model
        The replication that it belongs to.
    """

    def __init__(self, model: Model) -> None:
        self._model = model
        self._env = model.env
        self._waiting = model.waiting
        self._overflowing = Deadlines(model.env, self._overflow)
        self._crossing = Deadlines(model.env, self.cross)

    def offer(self, order: Order) -> None:
        """Give an order to somebody from now on, or let it wait."""
        order.ready_at = self._env.now
        levers = self._model.levers
        if levers is not None and (levers.urged or order.urged):
            levers.apply(order)
        self.give(order)

    def give(self, order: Order) -> None:
        """Give an order to somebody, or let it wait, whenever its wait began."""
        model, waiting = self._model, self._waiting
        if order.kind.stages[order.stage].crew > 1:
            self._give_to_crew(order)
            return
        candidates: Iterable[Engineer] | None = waiting.candidates(order.queue)
        if candidates is not None and not model.always_finish:
            candidates = self._in_time(candidates, order) or None
        if candidates is not None and plans(model.policy) and order.row not in model.supplying.from_van:
            model.planning.give(model.policy, order)
            return
        if candidates is None and waiting.callable:
            candidates = waiting.to_be_called(order.queue)
        if candidates is None:
            self._hold(order)
            return
        if order.row in model.supplying.from_van:
            candidates = model.supplying.choose(order, list(candidates))
        engineer = model.policy.choose_engineer(order, candidates, model)
        if engineer is None:
            waiting.push(order)
            self.limit_wait(order)
            return
        waiting.engage(engineer)
        model.visiting.begin(order, engineer)

    def _give_to_crew(self, order: Order) -> None:
        """Give an order to a crew of people who are all free, or let it wait."""
        crew = self._model.crews.form(order)
        if crew is None:
            self._hold(order)
            return
        for engineer in (crew[0], *crew[1]):
            self._waiting.engage(engineer)
        self._model.visiting.begin(order, *crew)
        self._model.crews.given_out(order)

    def _in_time(self, candidates: Iterable[Engineer], order: Order) -> list[Engineer]:
        """Return those who can begin an order before their shifts end, of people on duty."""
        model, may_leave = self._model, self.may_leave
        on_site = order.kind.stages[order.stage].on_site
        # For nearly everybody nearly always, enough of the shift is left for any trip inside the city.
        enough = self._env.now - model.overtime_hours
        enough += model.travel.longest(model.travel.city[order.site]) if on_site else 0.0
        enough += _ROUNDING
        return [e for e in candidates if e.off_at > enough or may_leave(e, order)]

    def may_leave(self, engineer: Engineer, order: Order) -> bool:
        """Return whether an engineer can begin an order before his shift ends.

        To another city he may leave at any hour of his shift, and begin in the next.
        """
        model = self._model
        if model.always_finish or not engineer.on_shift:
            return True
        left = engineer.off_at + model.overtime_hours - self._env.now
        if not order.kind.stages[order.stage].on_site:
            return left > 0.0
        travel = model.travel
        city = travel.city[order.site]
        if left > travel.longest(city) or travel.city[engineer.location] != city:
            return True
        return travel.to(order.site)[engineer.location] < left

    def _hold(self, order: Order) -> None:
        """Let an order interrupt lesser work, go to a partner, or wait."""
        model, severity = self._model, order.kind.severity
        crew = order.kind.stages[order.stage].crew > 1
        if severity in model.period.preempting and not crew and self._preempt(order):
            return
        if self._may_cross_at_once(order):
            self._widen(order)
            self.give(order)
            return
        overflow = self._overflow_terms(order)
        if overflow is not None and overflow.after_hours <= 0.0:
            if crew:
                model.crews.given_out(order)  # it may have waited before, and people may be kept for it
            model.partners.hand_over(order, overflow)
            return
        self._waiting.push(order)
        self._set_deadlines(order, overflow)

    def limit_wait(self, order: Order) -> None:
        """Set the deadlines of an order that waits."""
        self._set_deadlines(order, self._overflow_terms(order))

    def _set_deadlines(self, order: Order, overflow: OverflowSpec | None) -> None:
        now, crossing = self._env.now, self._model.period.crossing
        if overflow is not None:
            self._overflowing.add(order, max(order.ready_at + overflow.after_hours, now))
        if crossing is not None and not order.crossed and order.kind.severity in crossing.severities:
            self._crossing.add(order, max(order.ready_at + crossing.after_hours, now))
        if order.kind.stages[order.stage].crew > 1:
            self._model.crews.wait(order)

    def _overflow_terms(self, order: Order) -> OverflowSpec | None:
        """Return on which terms an order goes to a partner, None if it does not."""
        model, severity = self._model, order.kind.severity
        overflow = model.period.overflow
        if overflow is not None and severity in overflow.severities:
            return overflow
        if model.levers is not None and model.levers.partners:
            terms = model.levers.partners.get(model.travel.city[order.site])
            if terms is not None and severity in terms.severities:
                return terms
        return None

    def _may_cross_at_once(self, order: Order) -> bool:
        model, crossing = self._model, self._model.period.crossing
        if crossing is None or order.crossed or not order.wide_queues:
            return False
        if model.levers is not None and model.travel.city[order.site] in model.levers.widened:
            return True
        return crossing.after_hours <= 0.0 and order.kind.severity in crossing.severities

    def _widen(self, order: Order) -> None:
        """Give permission to send engineers of other territories to an order that does not wait."""
        order.crossed = True
        order.queue = order.wide_queues[order.stage]

    def cross(self, order: Order) -> None:
        """Give that permission to an order that waits."""
        if self._model.period.crossing is None or not order.wide_queues or order.crossed:
            return
        self._waiting.withdraw(order)
        self._widen(order)
        self.give(order)

    def _overflow(self, order: Order) -> None:
        """Hand an order over that has waited for as long as the overflow rule lets it."""
        overflow = self._overflow_terms(order)
        if overflow is None:
            return
        if order.ready_at + overflow.after_hours > self._env.now:
            self._overflowing.add(order, order.ready_at + overflow.after_hours)
            return
        self._waiting.withdraw(order)
        self._model.crews.given_out(order)
        self._model.partners.hand_over(order, overflow)

    def _preempt(self, order: Order) -> bool:
        """Give an order to an engineer who works on something less urgent; tell whether there was one."""
        model = self._model
        best: Engineer | None = None
        for engineer in model.roster.on_duty(self._waiting.served_by[order.queue]):
            busy = engineer.order
            if (
                busy is not None
                and engineer.activity is not None
                and not engineer.mates
                and busy.priority > order.priority
                and (best is None or best.order is None or busy.priority > best.order.priority)
                and (model.always_finish or self.may_leave(engineer, order))
            ):
                best = engineer
        if best is None or best.activity is None:
            return False
        best.activity.interrupt(order)
        model.visiting.begin(order, best)
        return True

    def offer_again(self, order: Order, engineer: Engineer) -> None:
        """Give on an order that needs another visit; the engineer who leaves it may take it, too."""
        engineer.mates = ()
        if (
            self._waiting.idle & self._waiting.served_by[order.queue]
            or order.kind.stages[order.stage].crew > 1
        ):
            self.offer(order)
            self._model.workforce.free(engineer)
            return
        order.ready_at = self._env.now
        self._waiting.push(order)
        self._model.workforce.free(engineer)
        if order.ticket:
            self._waiting.withdraw(order)
            self.offer(order)

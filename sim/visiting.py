"""Visits: people travel to a site, work there, leave at the end of a shift, and come back from other cities.

A visit is a generator of SimPy events that costs one event where nothing special happens. Who goes is decided
in `dispatching` and `workforce`; what it cost and what it waited for is computed after the run.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

import simpy

from sim.activity import Activity
from sim.entities import Engineer, Order
from sim.fault_draws import work_hours
from sim.visit_log import Outcome, Role

if TYPE_CHECKING:
    from scenarios.fault_specs import StageSpec
    from sim.model import Model

_Events = Generator[simpy.Event, Any, None]
# Members of an enumeration are slow to look up.
_COMPLETED, _FOLLOWED, _PREEMPTED = Outcome.COMPLETED.value, Outcome.FOLLOWED.value, Outcome.PREEMPTED.value
_SUSPENDED, _HANDED_OVER = Outcome.SUSPENDED.value, Outcome.HANDED_OVER.value
#: Hours below which what is left is rounding.
_ROUNDING = 1e-9
_HELPER, _REMOTE_EXPERT = Role.HELPER.value, Role.REMOTE_EXPERT.value


class Visiting:
    """The visits of one replication.

    Parameters
    ----------
    model
        The replication that they belong to.
    """

    def __init__(self, model: Model) -> None:
        self._model = model
        self._env = model.env
        self._log = model.visits
        self._paces = model.roster.duty.paces
        self._prevention = model.prevention

    def begin(self, order: Order, engineer: Engineer, mates: tuple[Engineer, ...] = ()) -> None:
        """Send an engineer to an order, with his mates if it takes a crew."""
        engineer.activity = Activity(self._visit(order, engineer, mates))

    def resume(self, engineer: Engineer) -> None:
        """Let an engineer go on with what he left at the end of his last shift."""
        order = engineer.held
        assert order is not None  # only called where he has left something
        engineer.held = None
        self.begin(order, engineer)
        self._log.resumptions[engineer.visit] = 1

    def _visit(self, order: Order, engineer: Engineer, mates: tuple[Engineer, ...]) -> _Events:
        """Travel to the site of an order and work there."""
        model, env, log = self._model, self._env, self._log
        row, kind, departed = order.row, order.kind, env.now
        stage = kind.stages[order.stage]
        origin = engineer.location
        started = self._depart(order, engineer, stage, departed)
        visit = engineer.visit
        if mates:
            engineer.mates = mates
            started = self._bring(order, mates, stage, visit)
        factor = 1.0
        limited = not model.always_finish and engineer.on_shift
        expert: Engineer | None = None
        missing: float | None = None
        begun = departed
        try:
            if stage.expert is not None:
                yield env.timeout(started - departed)
                begun = env.now
                expert = self._call_expert(order, stage)
                factor = stage.expert.speedup if expert is not None else 1.0
            if engineer.index in self._paces:
                factor *= model.roster.pace(engineer, started)
            if self._prevention is not None and row in self._prevention.inspections:
                model.work[row] += self._prevention.extra_hours(row, started)
            hours = model.work[row] * factor
            if kind.part >= 0 and model.supplying.looks_first:
                missing = model.supplying.share_without(order, engineer)
                if missing is not None:
                    hours *= missing
            end = started + hours
            if kind.outdoor and stage.on_site and model.conditions is not None:
                end = self._outdoors(order, visit, started, hours)
            cut = False
            if limited and end > engineer.off_at + model.overtime_hours:
                limit = self._limit(engineer, started, end)
                cut = end > limit + 1e-9
                end = limit if cut else end
            yield env.timeout(end - begun)
        except simpy.Interrupt:
            self._stop(order, engineer, visit, origin, factor)
            self._let_go(expert, _PREEMPTED)
            return
        now = env.now
        engineer.order = None
        log.ended[visit] = now
        if expert is not None:
            self._let_go(expert, _SUSPENDED if cut else _COMPLETED)
        if cut:
            self._leave(order, engineer, mates, visit, self._done(order, visit, now, hours) / factor)
            return
        if missing is not None:
            self._end_all(visit, mates, _FOLLOWED)
            model.supplying.fetch(order, model.work[row] * (1.0 - missing))
            self._free_all(engineer, mates)
            return
        if stage.restores:
            model.restore(order)
        following = -1
        if stage.following or stage.following_by_level:
            following = self._following(order, engineer, stage)
        if following >= 0:
            self._end_all(visit, mates, _FOLLOWED)
            self._continue(order, following)
            for mate in mates:
                model.workforce.free(mate)
            model.dispatching.offer_again(order, engineer)
            return
        log.outcome[visit] = _COMPLETED
        if mates:
            self._end_all(visit, mates, _COMPLETED)
        model.complete(order, now)
        if mates:
            self._free_all(engineer, mates)
        else:
            model.workforce.free(engineer)

    def _depart(self, order: Order, engineer: Engineer, stage: StageSpec, now: float, role: int = 0) -> float:
        """Send somebody on his way and log it; return when he arrives."""
        model = self._model
        arrived = now
        on_way = stage.on_site and role != _REMOTE_EXPERT
        origin, site = engineer.location, order.site
        fare = lost = 0.0
        if on_way:
            hours, fare, lost = model.travel.trip(origin, site)
            arrived = now + hours
            engineer.location = site
        engineer.order = order
        position = engineer.visit = self._log.begin(
            order.row,
            order.visit,
            order.stage,
            order.queues[order.stage],
            engineer.index,
            role,
            order.ready_at,
            now,
            arrived,
        )
        if fare:
            self._log.fares[position] = fare
        if lost:
            self._log.lost_on_the_way[position] = lost
        return arrived

    def _bring(self, order: Order, mates: tuple[Engineer, ...], stage: StageSpec, visit: int) -> float:
        """Send the mates of a crew on their way; return when everybody is there."""
        log, now = self._log, self._env.now
        for mate in mates:
            mate.activity = None
            self._depart(order, mate, stage, now, _HELPER)
        rows = [visit, *(mate.visit for mate in mates)]
        started = max(log.arrival(row) for row in rows)
        log.starts.update((row, started) for row in rows if log.arrival(row) < started)
        return started

    def _outdoors(self, order: Order, visit: int, started: float, hours: float) -> float:
        """Return when outdoor work ends, and log the hours in which the weather stops it."""
        model = self._model
        assert model.conditions is not None  # only called where there are any
        end = model.conditions.work_end(model.travel.city[order.site], started, hours)
        if end - started - hours > 1e-9:
            self._log.lost_at_work[visit] = end - started - hours
        return end

    def _limit(self, engineer: Engineer, started: float, end: float) -> float:
        """Return when work has to be left because the shift ends, if it would last to a given end.

        Somebody alone who has travelled beyond his shift begins in the next; a crew begins at once. Who is on
        duty again before his overtime is over, or when he arrives, goes on.
        """
        model = self._model
        overtime = model.period.shift_end.overtime_hours
        off_at = engineer.off_at
        while off_at + overtime < end:
            begins, until = model.roster.next_shift(engineer, off_at - _ROUNDING)
            if begins > max(off_at + overtime, started):
                break
            off_at = until
        limit = off_at + overtime
        if started < limit:
            return limit
        return float("inf") if engineer.mates else started

    def _done(self, order: Order, visit: int, until: float, hours: float) -> float:
        """Return the hands-on hours of a visit that is broken off, at most what there was to do.

        Hours in which the weather would have stopped it later are not lost, and are taken out of the log.
        """
        model, log = self._model, self._log
        lasted = max(until - log.start(visit), 0.0)
        if visit not in log.lost_at_work:
            return min(lasted, hours)
        assert model.conditions is not None  # something was lost to the weather
        worked = model.conditions.worked(model.travel.city[order.site], until - lasted, until)
        log.lost_at_work[visit] = lasted - worked
        return min(worked, hours)

    def _following(self, order: Order, engineer: Engineer, stage: StageSpec) -> int:
        """Return the stage that follows a visit, -1 where the order is complete."""
        if self._prevention is not None and order.row in self._prevention.false_alarms:
            return -1
        following = stage.following
        if stage.following_by_level:
            following = stage.following_by_level[engineer.ranks[stage.skill]]
        if following:
            u = self._model.route_of(order)
            for target, chance in following:
                if u < chance:
                    return target
        return -1

    def _continue(self, order: Order, stage: int) -> None:
        """Send an order on to its next stage, or to the same one again."""
        model = self._model
        order.visit += 1
        order.stage = stage
        model.work[order.row] = work_hours(order.kind.stages[stage], model.key_of(order), order.visit)
        order.queue = (order.wide_queues if order.crossed else order.queues)[stage]

    def _leave(
        self, order: Order, engineer: Engineer, mates: tuple[Engineer, ...], visit: int, done: float
    ) -> None:
        """Break work off at the end of a shift, to be resumed by the same engineer or by somebody else."""
        model, log, now = self._model, self._log, self._env.now
        model.work[order.row] = max(model.work[order.row] - done, 0.0)
        rule = model.period.shift_end
        begins, _ = model.roster.next_shift(engineer, now)
        stays = rule.rule != "hand_over" or done <= 0.0
        if stays and not mates and begins - now <= rule.resume_within_hours:
            log.outcome[visit] = _SUSPENDED
            order.ready_at = now
            engineer.held = order
            model.workforce.go_off(engineer)
            return
        self._end_all(visit, mates, _HANDED_OVER)
        self._free_all(engineer, mates)
        model.at(now + rule.hand_over_hours, lambda: model.dispatching.offer(order))

    def _stop(self, order: Order, engineer: Engineer, visit: int, origin: int, factor: float) -> None:
        """Break a visit off for something more urgent: what has been done stays done."""
        now, log, model = self._env.now, self._log, self._model
        if now < log.arrival(visit):
            engineer.location = origin
        else:
            # Interrupted as it ended, the work may miss its end by the last bit of the clock.
            done = self._done(order, visit, now, model.work[order.row] * factor)
            model.work[order.row] = max(model.work[order.row] - done / factor, 0.0)
        log.ended[visit] = now
        log.outcome[visit] = _PREEMPTED
        engineer.order = None
        model.dispatching.offer(order)

    def _call_expert(self, order: Order, stage: StageSpec) -> Engineer | None:
        """Let somebody help remotely, if he is free now."""
        model = self._model
        queue = model.expert_queue(order)
        candidates = model.waiting.candidates(queue) or model.waiting.to_be_called(queue)
        if candidates is None:
            return None
        expert = min(candidates, key=lambda e: (e.breadth, e.idle_since, e.index))
        model.waiting.engage(expert)
        self._depart(order, expert, stage, self._env.now, _REMOTE_EXPERT)
        expert.activity = None
        return expert

    def _let_go(self, expert: Engineer | None, outcome: int) -> None:
        if expert is not None:
            self._end_for(expert, outcome)
            self._model.workforce.free(expert)

    def _end_all(self, visit: int, mates: tuple[Engineer, ...], outcome: int) -> None:
        """Log how a visit has ended for all who were there."""
        self._log.outcome[visit] = outcome
        for mate in mates:
            self._end_for(mate, outcome)

    def _end_for(self, engineer: Engineer, outcome: int) -> None:
        """Log the end of a visit for somebody who did not lead it."""
        self._log.ended[engineer.visit] = self._env.now
        self._log.outcome[engineer.visit] = outcome
        engineer.order = None

    def _free_all(self, engineer: Engineer, mates: tuple[Engineer, ...]) -> None:
        if mates:
            engineer.mates = ()
            for mate in mates:
                self._model.workforce.free(mate)
        self._model.workforce.free(engineer)

    def go_back(self, engineer: Engineer) -> None:
        """Let an engineer travel back from another city."""
        engineer.activity = Activity(self._return(engineer))

    def _return(self, engineer: Engineer) -> _Events:
        """Travel back from another city, where nothing more waits, or where the shift has ended."""
        travel, log = self._model.travel, self._log
        hours = travel.to(engineer.home)[engineer.location]
        fare = travel.fare(engineer.location, engineer.home)
        if fare:
            log.fares[engineer.visit] = log.fares.get(engineer.visit, 0.0) + fare
        log.ways_back[engineer.visit] = hours
        engineer.returning = True
        engineer.location = engineer.home
        yield self._env.timeout(hours)
        engineer.returning = False
        self._model.workforce.free(engineer)

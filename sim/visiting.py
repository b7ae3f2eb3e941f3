"""Visits: people travel to a site, work there, leave at the end of a shift, and come back from other cities.

A visit is a generator of SimPy events that costs one event where nothing special happens. Who goes is decided in
`model`; what it cost and what it waited for is computed after the run.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

import simpy

from sim import draws
from sim.activity import Activity
from sim.entities import Engineer, Order
from sim.fault_draws import work_hours
from sim.visit_log import Outcome, Role

if TYPE_CHECKING:
    from scenarios.world import StageSpec
    from sim.model import Model

_Events = Generator[simpy.Event, Any, None]


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

    def begin(self, order: Order, engineer: Engineer, mates: tuple[Engineer, ...] = ()) -> None:
        """Send an engineer to an order, with his mates if it takes a crew."""
        engineer.activity = Activity(self._visit(order, engineer, mates))

    def resume(self, engineer: Engineer) -> None:
        """Let an engineer go on with what he left at the end of his last shift."""
        order = engineer.held
        assert order is not None  # only called where he has left something
        engineer.held = None
        self._model.held -= 1
        self.begin(order, engineer)
        self._log.resumed[engineer.visit] = 1

    def _visit(self, order: Order, engineer: Engineer, mates: tuple[Engineer, ...]) -> _Events:
        """Travel to the site of an order and work there."""
        model, env, log = self._model, self._env, self._log
        row, kind = order.row, order.kind
        stage = kind.stages[order.stage]
        departed = env.now
        origin = engineer.location
        visit = engineer.visit = self._depart(order, engineer, stage, Role.LEAD)
        started = log.arrived[visit]
        engineer.mates = mates
        if mates:
            started = self._bring(order, mates, stage, visit)
        factor = 1.0
        expert: Engineer | None = None
        try:
            if stage.expert is not None:
                yield env.timeout(started - departed)
                expert = self._call_expert(order, stage)
                factor = stage.expert.speedup if expert is not None else 1.0
            if model.roster.has_pace:
                factor *= model.roster.pace(engineer, started)
            if model.prevention is not None:
                model.work[row] += model.prevention.extra_hours(row, started)
            hours = model.work[row] * factor
            after = model.supplying.share_without(order, engineer) if kind.part >= 0 else None
            if after is not None:
                hours *= after
            end, cut = self._end(order, engineer, started, hours)
            if end - started - hours > 1e-9:
                log.lost_on_site[visit] = end - started - hours
            yield env.timeout(end - env.now)
        except simpy.Interrupt:
            self._stop(order, engineer, visit, origin, factor)
            self._let_go(expert, Outcome.PREEMPTED)
            return
        engineer.order = None
        log.ended[visit] = env.now
        if cut:
            self._leave(order, engineer, mates, visit, self._done(order, started, env.now, hours) / factor)
            self._let_go(expert, Outcome.SUSPENDED)
            return
        self._let_go(expert, Outcome.COMPLETED)
        if after is not None:
            log.outcome[visit] = Outcome.FOLLOWED
            self._end_for(mates, Outcome.FOLLOWED)
            model.supplying.fetch(order, model.work[row] * (1.0 - after))
            self._free_all(engineer, mates)
            return
        if stage.restores:
            model.restore(order)
        following = self._following(order, engineer, stage)
        if following >= 0:
            log.outcome[visit] = Outcome.FOLLOWED
            self._end_for(mates, Outcome.FOLLOWED)
            self._continue(order, following)
            for mate in mates:
                model.workforce.free(mate)
            model.dispatching.offer_again(order, engineer)
            return
        log.outcome[visit] = Outcome.COMPLETED
        self._end_for(mates, Outcome.COMPLETED)
        model.complete(order)
        self._free_all(engineer, mates)

    def _depart(self, order: Order, engineer: Engineer, stage: StageSpec, role: Role) -> int:
        """Send somebody on his way and log it; return the position in the log."""
        model = self._model
        now = self._env.now
        arrived, fare, lost = now, 0.0, 0.0
        if stage.on_site and role is not Role.REMOTE_EXPERT:
            travel, origin = model.travel, engineer.location
            arrived = now + travel.to(order.site)[origin]
            if model.period.network is not None:
                fare = travel.fare(origin, order.site)
            if model.conditions is not None:
                lost = travel.lost_to_weather(origin, order.site)
            engineer.location = order.site
        engineer.order = order
        position = self._log.begin(
            order.row,
            order.visit,
            order.stage,
            order.queues[order.stage],
            engineer.index,
            order.ready_at,
            now,
            arrived,
            fare,
            lost,
            role,
        )
        engineer.visit = position
        return position

    def _bring(self, order: Order, mates: tuple[Engineer, ...], stage: StageSpec, visit: int) -> float:
        """Send the mates of a crew on their way; return when everybody is there."""
        arrived = self._log.arrived
        for mate in mates:
            mate.activity = None
            self._depart(order, mate, stage, Role.HELPER)
        started = max(arrived[visit], *(arrived[mate.visit] for mate in mates))
        for mate in mates:
            self._log.started[mate.visit] = started
        self._log.started[visit] = started
        return started

    def _end(
        self, order: Order, engineer: Engineer, started: float, hours: float
    ) -> tuple[float, bool]:
        """Return when the work ends, and whether it ends because the shift does."""
        model = self._model
        rule = model.period.shift_end
        limit = float("inf")
        if not rule.never and engineer.on_shift:
            limit = engineer.off_at + rule.overtime_hours
            if started >= limit:
                # He has travelled beyond his shift, and begins in the next; a crew begins at once.
                if not engineer.mates:
                    return started, True
                limit = float("inf")
        end = started + hours
        if model.conditions is not None and order.kind.outdoor and order.kind.stages[order.stage].on_site:
            end = model.conditions.work_end(model.travel.city[order.site], started, hours)
        return (limit, True) if end > limit + 1e-9 else (end, False)

    def _done(self, order: Order, started: float, until: float, hours: float) -> float:
        """Return the hands-on hours between two instants, at most what there was to do."""
        model = self._model
        if model.conditions is not None and order.kind.outdoor and order.kind.stages[order.stage].on_site:
            worked = model.conditions.worked(model.travel.city[order.site], started, until)
            return min(worked, hours)
        return min(max(until - started, 0.0), hours)

    def _following(self, order: Order, engineer: Engineer, stage: StageSpec) -> int:
        """Return the stage that follows a visit, -1 where the order is complete."""
        following = stage.following
        if self._model.prevention is not None and self._model.prevention.ends_here(order.row):
            return -1
        if stage.following_by_level:
            following = stage.following_by_level[engineer.ranks[stage.skill]]
        if following:
            _, key = self._model.secrets(order)
            u = draws.uniform(key, "route", order.visit)
            for target, chance in following:
                if u < chance:
                    return target
        return -1

    def _continue(self, order: Order, stage: int) -> None:
        """Send an order on to its next stage, or to the same one again."""
        model = self._model
        _, key = model.secrets(order)
        order.visit += 1
        order.stage = stage
        model.work[order.row] = work_hours(order.kind.stages[stage], key, order.visit)
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
            log.outcome[visit] = Outcome.SUSPENDED
            order.ready_at = now
            engineer.held = order
            model.held += 1
            model.workforce.go_off(engineer)
            return
        log.outcome[visit] = Outcome.HANDED_OVER
        self._end_for(mates, Outcome.HANDED_OVER)
        self._free_all(engineer, mates)
        model.at(now + rule.hand_over_hours, lambda: model.dispatching.offer(order))

    def _stop(self, order: Order, engineer: Engineer, visit: int, origin: int, factor: float) -> None:
        """Break a visit off for something more urgent: what has been done stays done."""
        now, log, model = self._env.now, self._log, self._model
        if now < log.arrived[visit]:
            engineer.location = origin
        else:
            # Interrupted as it ended, the work may miss its end by the last bit of the clock.
            done = self._done(order, log.started[visit], now, model.work[order.row] * factor)
            model.work[order.row] = max(model.work[order.row] - done / factor, 0.0)
        log.ended[visit] = now
        log.outcome[visit] = Outcome.PREEMPTED
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
        self._depart(order, expert, stage, Role.REMOTE_EXPERT)
        expert.activity = None
        return expert

    def _let_go(self, expert: Engineer | None, outcome: Outcome) -> None:
        if expert is not None:
            self._end_for((expert,), outcome)
            self._model.workforce.free(expert)

    def _end_for(self, people: tuple[Engineer, ...], outcome: Outcome) -> None:
        """Log the end of a visit for those who were with it beside the lead."""
        for engineer in people:
            self._log.ended[engineer.visit] = self._env.now
            self._log.outcome[engineer.visit] = outcome
            engineer.order = None

    def _free_all(self, engineer: Engineer, mates: tuple[Engineer, ...]) -> None:
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
        log.fare[engineer.visit] += travel.fare(engineer.location, engineer.home)
        log.back[engineer.visit] = hours
        engineer.returning = True
        engineer.location = engineer.home
        yield self._env.timeout(hours)
        engineer.returning = False
        self._model.workforce.free(engineer)

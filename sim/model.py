"""One replication in SimPy: failures are released, engineers travel, work and become free, shifts change.

Processes are few: one releases orders, one moves everyone's shift, and each visit is an activity of its own.
Timers are set only for what is rare. Everything else that happens is computed before or after.
"""

from __future__ import annotations

from array import array
from collections.abc import Generator, Iterator
from functools import partial
from typing import Any, NamedTuple

import numpy as np
import simpy

from scenarios.world import World
from sim import draws
from sim.activity import Activity
from sim.births import Births, attributes, births_of_infinite, concatenate, inverse
from sim.entities import Engineer, Order
from sim.parts import Depots
from sim.policies import DispatchPolicy, find_policy
from sim.quantile_functions import quantile
from sim.roster import Roster
from sim.travel import HoursTo, TravelTimes
from sim.visit_log import Outcome, VisitLog
from sim.waiting import Waiting

_BLOCK = 4096
_Events = Generator[simpy.Event, Any, None]


class Model:
    """A replication of a World.

    Parameters
    ----------
    world
        The compiled scenario.
    seed
        Seed of the experiment, 0 or more.
    replication
        Number of the replication, from 0.
    births
        The failures; drawn from the seed when absent. A test may change what is not yet revealed.
    policies
        Dispatch policy by period; found by name when absent.

    Attributes
    ----------
    births
        All failures, those of a finite installed base included once the run is over.
    restored
        Instant at which each order was restored and completed, NaN while it is open.
    visits, depots
        Logs.
    partner
        What each order that a partner took over went through.
    """

    def __init__(
        self,
        world: World,
        seed: int,
        replication: int,
        births: Births | None = None,
        policies: list[DispatchPolicy] | None = None,
    ) -> None:
        self.world = world
        self.env = simpy.Environment()
        self._key = draws.replication_key(seed, replication)
        self.births = births_of_infinite(world, self._key) if births is None else births
        self._policies = policies or [find_policy(p.policy) for p in world.periods]
        self._period = world.periods[0]
        self._policy = self._policies[0]
        self.travel = TravelTimes(world, self.env)
        self._work = array("d", self.births.work.tobytes())
        self.restored = array("d", [float("nan")]) * len(self.births)
        self.visits = VisitLog()
        self.depots = Depots(world)
        self.partner: list[PartnerVisit] = []
        self.waiting = Waiting(world, self._policy)
        self.roster = Roster(world)
        self._later_births: list[Births] = []
        self._failed: dict[int, FailedDevice] = {}

    @property
    def now(self) -> float:
        """Return the present instant in hours since the start."""
        return self.env.now

    def hours_to(self, site: int) -> HoursTo:
        """Return the travel hours to a site from each location, leaving now."""
        return self.travel.to(site)

    def run(self) -> None:
        """Run the replication to its horizon; can be called once."""
        self.prepare()
        self.env.run(until=self.world.horizon)
        if self._later_births:
            self.births = concatenate([self.births, *self._later_births])

    def prepare(self) -> None:
        """Start the processes; `run` does it."""
        env = self.env
        env.process(self._shifts())
        env.process(self._releases())
        if len(self.world.periods) > 1:
            env.process(self._periods())
        for stream in range(len(self.world.streams)):
            self._start_finite(stream)

    # Failures

    def _releases(self) -> _Events:
        """Release each order when its triage and the wait for its customer are over."""
        env = self.env
        for at, order in self._orders():
            delay = at - env.now
            if delay > 0.0:
                yield env.timeout(delay)
            self._release(order)

    def _orders(self) -> Iterator[tuple[float, Order]]:
        """Yield the orders in the order of their release, made in blocks."""
        births, world = self.births, self.world
        sequence = np.argsort(births.released_at, kind="stable")
        due = births.due_at
        for begin in range(0, len(sequence), _BLOCK):
            rows = sequence[begin : begin + _BLOCK]
            period, site, fault = births.period[rows], births.site[rows], births.fault[rows]
            weights = np.array([p.weights for p in world.periods])[period, site]
            for at, row, p, s, f, weight, reported, d in zip(
                births.released_at[rows].tolist(),
                rows.tolist(),
                period.tolist(),
                site.tolist(),
                fault.tolist(),
                weights.tolist(),
                births.reported_at[rows].tolist(),
                due[rows].tolist(),
                strict=True,
            ):
                compiled = world.periods[p]
                queue = compiled.queues[s][f][0]
                yield at, Order(row, compiled.faults[f], s, weight, reported, d, queue)

    def _start_finite(self, number: int) -> None:
        """Schedule the first failure of each device of a finite installed base."""
        stream = self.world.streams[number]
        if stream.finite:
            for device in range(stream.devices):
                self._schedule_failure(number, device, 0)

    def _schedule_failure(self, number: int, device: int, failure: int) -> None:
        """Schedule the next failure of a device that works, in its own operating time."""
        stream = self.world.streams[number]
        intensity = self.world.intensities[stream.intensity]
        base = draws.item_key(draws.stream_key(self._key, stream.key), device)
        key = draws.item_key(base, failure)
        spent = stream.factor * float(np.interp(self.env.now, intensity.knots, intensity.cumulated))
        target = spent + draws.unit_exponentials(draws.uniform(key, "gap"))
        at = float(inverse(intensity, stream.factor, np.array([target]))[0])
        if at < self.world.horizon:
            timer = self.env.timeout(max(at - self.env.now, 0.0))
            timer.callbacks.append(lambda _: self._fail(number, device, failure, key))

    def _fail(self, number: int, device: int, failure: int, key: int) -> None:
        """Report the failure of a device of a finite installed base."""
        row = len(self.restored)
        one = attributes(
            self.world,
            np.array([self.env.now]),
            np.array([number], dtype=np.int32),
            np.array([device], dtype=np.int32),
            np.array([key], dtype=np.uint64),
        )
        self._later_births.append(one)
        self._work.append(float(one.work[0]))
        self.restored.append(float("nan"))
        period, site, fault = int(one.period[0]), int(one.site[0]), int(one.fault[0])
        compiled = self.world.periods[period]
        order = Order(
            row,
            compiled.faults[fault],
            site,
            float(compiled.weights[site]),
            self.env.now,
            float(one.due_at[0]),
            compiled.queues[site][fault][0],
        )
        self._failed[row] = FailedDevice(int(one.part[0]), key, number, device, failure)
        self._at(float(one.released_at[0]), lambda: self._release(order))

    def _at(self, instant: float, action: Any) -> None:
        """Do something at an instant, at once if it has come."""
        if instant <= self.env.now:
            action()
            return
        self.env.timeout(instant - self.env.now).callbacks.append(lambda _: action())

    def _secrets(self, order: Order) -> tuple[int, int]:
        """Return the part that an order needs (-1: none) and the key of its draws."""
        if order.row in self._failed:
            return self._failed[order.row][:2]
        return int(self.births.part[order.row]), int(self.births.key[order.row])

    # Orders

    def _release(self, order: Order) -> None:
        """Ask for the part of an order, and offer it once the part is there."""
        if order.kind.part >= 0:
            part, key = self._secrets(order)
            stock = int(self._period.depots[order.site, part]) if part >= 0 else -1
            if stock >= 0:
                now = self.env.now
                ready = self.depots.demand(order.row, key, stock, order.kind.part_quantity, now)
                if ready > now:
                    self._at(ready, lambda: self._offer(order))
                    return
        self._offer(order)

    def _offer(self, order: Order) -> None:
        """Give an order to somebody, or let it wait."""
        order.ready_at = self.env.now
        candidates = self.waiting.candidates(order.queue)
        if candidates is not None:
            engineer = self._policy.choose_engineer(order, candidates, self)
            self.waiting.engage(engineer)
            engineer.activity = Activity(self._visit(order, engineer))
            return
        self._hold(order)

    def _hold(self, order: Order) -> None:
        """Let an order interrupt lesser work, go to a partner, or wait."""
        severity = order.kind.severity
        if severity in self._period.preempting and self._preempt(order):
            return
        overflow = self._period.overflow
        if overflow is not None and severity in overflow.severities:
            if overflow.after_hours <= 0.0:
                self._hand_over(order)
                return
            deadline = self.env.now + overflow.after_hours
            self._at(deadline, lambda: self._expire(order, deadline))
        self.waiting.push(order)

    def _visit(self, order: Order, engineer: Engineer) -> _Events:
        """Travel to the site of an order and work there."""
        env = self.env
        row = order.row
        stage = order.kind.stages[order.stage]
        departed = env.now
        origin = engineer.location
        arrived = departed
        if stage.on_site:
            arrived = departed + self.travel.to(order.site)[origin]
            engineer.location = order.site
        engineer.order = order
        hours = self._work[row]
        fare = (
            self.travel.fare(origin, order.site)
            if self._period.network is not None and stage.on_site
            else 0.0
        )
        visit = self.visits.begin(
            row,
            order.visit,
            order.stage,
            order.queue,
            engineer.index,
            order.ready_at,
            departed,
            arrived,
            fare,
        )
        engineer.visit = visit
        try:
            yield env.timeout(arrived - departed + hours)
        except simpy.Interrupt:
            self._stop(order, engineer, visit, origin)
            return
        engineer.order = None
        self.visits.ended[visit] = env.now
        if stage.following:
            _, key = self._secrets(order)
            u = draws.uniform(key, "route", order.visit)
            for following, chance in stage.following:
                if u < chance:
                    self.visits.outcome[visit] = Outcome.FOLLOWED
                    self._continue(order, following, key)
                    self._offer_again(order, engineer)
                    return
        self.visits.outcome[visit] = Outcome.COMPLETED
        self._complete(order, env.now)
        self._free(engineer)

    def _stop(self, order: Order, engineer: Engineer, visit: int, origin: int) -> None:
        """Break a visit off: what has been done stays done, and the order waits again."""
        now = self.env.now
        visits = self.visits
        arrived = visits.arrived[visit]
        if now < arrived:
            engineer.location = origin
        else:
            # Interrupted as it ended, the work may miss its end by the last bit of the clock.
            self._work[order.row] = max(self._work[order.row] - (now - arrived), 0.0)
        visits.ended[visit] = now
        visits.outcome[visit] = Outcome.PREEMPTED
        engineer.order = None
        self._offer(order)

    def _continue(self, order: Order, stage: int, key: int) -> None:
        """Send an order on to its next stage, or to the same one again."""
        order.visit += 1
        order.stage = stage
        spec = order.kind.stages[stage]
        row = order.row
        self._work[row] = quantile(spec.work_hours, draws.uniform(key, "work", order.visit))
        old = self.world.queues[order.queue]
        if (old.skill, old.level) != (spec.skill, spec.level):
            order.queue = self._queue_of[old.territory, spec.skill, spec.level]

    def _offer_again(self, order: Order, engineer: Engineer) -> None:
        """Give on an order that needs another visit; the engineer who leaves it may take it, too."""
        if self.waiting.idle & self.waiting.served_by[order.queue]:
            self._offer(order)
            self._free(engineer)
            return
        order.ready_at = self.env.now
        self.waiting.push(order)
        self._free(engineer)
        if order.waiting and (self._period.overflow is not None or self._period.preempting):
            self.waiting.withdraw(order)
            self._hold(order)

    def _complete(self, order: Order, at: float) -> None:
        """Close an order; a device of a finite installed base works again."""
        self.restored[order.row] = at
        if order.row in self._failed:
            _, _, number, device, failure = self._failed[order.row]
            self._schedule_failure(number, device, failure + 1)

    @property
    def _queue_of(self) -> dict[tuple[tuple[int, ...], int, int], int]:
        return self.world.queue_positions

    # Engineers

    def _free(self, engineer: Engineer) -> None:
        """Give a free engineer his next order, let him rest, or let him go home."""
        if engineer.on_shift:
            order = self.waiting.pop_for(engineer)
            if order is not None:
                engineer.activity = Activity(self._visit(order, engineer))
                return
        if self.travel.city[engineer.location] != self.travel.city[engineer.home]:
            engineer.activity = Activity(self._return(engineer))
            return
        if engineer.on_shift:
            engineer.idle_since = self.env.now
            self.waiting.rest(engineer)
            return
        engineer.location = engineer.home
        later = engineer.successor
        while later is not None and not later.on_shift:
            later = later.successor
        if later is not None:
            self._free(later)

    def _return(self, engineer: Engineer) -> _Events:
        """Travel back from another city, where nothing more waits, or where the shift has ended."""
        hours = self.travel.to(engineer.home)[engineer.location]
        self.visits.fare[engineer.visit] += self.travel.fare(engineer.location, engineer.home)
        self.visits.back[engineer.visit] = hours
        engineer.returning = True
        engineer.location = engineer.home
        yield self.env.timeout(hours)
        engineer.returning = False
        self._free(engineer)

    def _shifts(self) -> _Events:
        """Move everyone's shift, in one tick for each instant at which somebody's changes."""
        env = self.env
        for instant, ending, starting in self.roster.changes():
            if instant > env.now:
                yield env.timeout(instant - env.now)
            for engineer in ending:
                engineer.on_shift = False
                if self.waiting.is_idle(engineer):
                    self.waiting.engage(engineer)
                    engineer.location = engineer.home
            for engineer in starting:
                engineer.on_shift = True
                if engineer.order is None and not engineer.returning and not self.roster.works_on(engineer):
                    engineer.location = engineer.home
                    self._free(engineer)

    def _preempt(self, order: Order) -> bool:
        """Give an order to an engineer who works on something less urgent; tell whether there was one."""
        mask = self.waiting.served_by[order.queue]
        best: Engineer | None = None
        for engineer in self.roster.on_duty(mask):
            busy = engineer.order
            if (
                busy is not None
                and busy.priority > order.priority
                and (best is None or best.order is None or busy.priority > best.order.priority)
            ):
                best = engineer
        if best is None or best.activity is None:
            return False
        best.activity.interrupt(order)
        best.activity = Activity(self._visit(order, best))
        return True

    # Partners and dated changes

    def _hand_over(self, order: Order) -> None:
        """Give an order to the partner, who has no limit to his capacity."""
        overflow = self._period.overflow
        assert overflow is not None  # only called where the period has one
        now = self.env.now
        _, key = self._secrets(order)
        arrived = now + quantile(overflow.attend_hours, draws.uniform(key, "partner"))
        restored = arrived + self._work[order.row]
        self.partner.append(PartnerVisit(order.row, order.queue, order.ready_at, now, arrived, restored))
        if order.row in self._failed:
            self._at(restored, lambda: self._complete(order, restored))
        elif restored <= self.world.horizon:
            self.restored[order.row] = restored

    def _expire(self, order: Order, deadline: float) -> None:
        """Hand an order over if it has waited for as long as the overflow rule lets it."""
        overflow = self._period.overflow
        if not order.waiting or overflow is None or order.kind.severity not in overflow.severities:
            return
        # The order may have been served and interrupted since: then its wait began anew.
        if order.ready_at + overflow.after_hours <= deadline:
            self.waiting.withdraw(order)
            self._hand_over(order)

    def _periods(self) -> _Events:
        """Put dated changes into force."""
        for number, period in enumerate(self.world.periods[1:], start=1):
            yield self.env.timeout(period.start_hours - self.env.now)
            self._period = period
            self.travel.begin_period(number)
            self.depots.begin_period(number, self.env.now)
            if self._policies[number] is not self._policy:
                self._policy = self._policies[number]
                self.waiting.follow(self._policy)
            self._limit_waits()

    def _limit_waits(self) -> None:
        """Put the overflow rule of a new period into force for what already waits."""
        overflow = self._period.overflow
        if overflow is None:
            return
        for order in list(self.waiting.orders()):
            if order.kind.severity in overflow.severities:
                deadline = max(order.ready_at + overflow.after_hours, self.env.now)
                self._at(deadline, partial(self._expire, order, deadline))


class PartnerVisit(NamedTuple):
    """What an order that a partner took over went through, in hours since the start."""

    row: int
    queue: int
    ready: float
    handed_over: float
    arrived: float
    restored: float


class FailedDevice(NamedTuple):
    """What no policy may see of an order of a device whose next failure waits for its repair.

    Attributes
    ----------
    part, key
        The part it needs, -1 for none, and the key of its draws.
    stream, device, failure
        Its stream, the device in it, and number of the device's failure.
    """

    part: int
    key: int
    stream: int
    device: int
    failure: int

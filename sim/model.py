"""One replication in SimPy: failures are released, engineers travel, work and become free, shifts change.

Processes are few: one releases orders, one moves everyone's shift, and each visit is an activity of its own.
Timers are set only for what is rare. Everything else that happens is computed before or after.
"""

from __future__ import annotations

import gc
from array import array
from collections.abc import Callable, Generator, Iterator
from typing import Any

import numpy as np
import simpy

from scenarios.world import PeriodSpec, World
from sim import draws
from sim.absences import duty_of
from sim.births import Births, births_of_infinite, concatenate
from sim.city_levers import CityLevers
from sim.clock import Clock
from sim.conditions import Conditions
from sim.crews import Crews
from sim.dispatching import Dispatching
from sim.entities import Engineer, Order
from sim.finite import FiniteBases
from sim.partners import Partners, PartnerVisit
from sim.parts import Depots
from sim.planning import Planning
from sim.policies import DispatchPolicy, find_policy
from sim.prevention import prevention_of
from sim.roster import Roster
from sim.supplying import Supplying
from sim.travel import HoursTo, TravelTimes
from sim.visit_log import VisitLog
from sim.visiting import Visiting
from sim.waiting import Waiting
from sim.watch import Watch, is_watched, ticket_outages
from sim.workforce import Workforce

_BLOCK = 4096
_NAN = float("nan")
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
        What is reported; drawn from the seed when absent. A test may change what is not yet revealed.
    policies
        Dispatch policy by period; found by name when absent.

    Attributes
    ----------
    births
        All that is reported, failures of finite installed bases included once the run is over.
    work
        Hands-on hours of each order's present visit.
    restored, completed
        Instants at which each order was restored and completed, NaN while it is not.
    conditions
        Weather and disruptions; None where there are none.
    prevention
        Inspections and predictions; None where there are none.
    levers, watch
        What alerts and suspensions can change, and who looks for them; None where there are none.
    visits, depots, partners, crews
        Logs.
    always_finish, overtime_hours
        Whether work is never left because a shift ends, and hours after its end at which it is, by the rule
        in force.
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
        self.env = Clock()
        self._key = draws.replication_key(seed, replication)
        conditions = Conditions(world, self._key)
        self.conditions = None if conditions.quiet else conditions
        self.births = births_of_infinite(world, self._key, conditions) if births is None else births
        self.prevention = prevention_of(world, self.births)
        self._policies = policies or [find_policy(p.policy, p.scheduling) for p in world.periods]
        self.period = world.periods[0]
        self.policy = self._policies[0]
        self.travel = TravelTimes(world, self.env, self.conditions)
        self._infinite = len(self.births)
        self.work = array("d", self.births.work.tobytes())
        self._keys = self.births.key.data
        self._parts = self.births.part.data
        self._routes = array("d", draws.uniforms(self.births.key, "route").tobytes())
        self._periods_of = self.births.period.data
        self._faults_of = self.births.fault.data
        self.restored = array("d", [_NAN]) * len(self.births)
        self.completed = array("d", [_NAN]) * len(self.births)
        self.visits = VisitLog()
        self.depots = Depots(world, conditions.supplier_outages)
        self.waiting = Waiting(world, self.policy)
        self.roster = Roster(world, duty_of(world, self._key))
        self.finite = FiniteBases(self, self._key)
        self.partners = Partners(self)
        self.crews = Crews(self)
        self.always_finish = self.period.shift_end.never
        self.overtime_hours = self.period.shift_end.overtime_hours
        self.supplying = Supplying(self)
        self.visiting = Visiting(self)
        self.planning = Planning(self, self._key)
        self.dispatching = Dispatching(self)
        self.workforce = Workforce(self)
        self.levers = CityLevers(self) if is_watched(world) else None
        self.watch = Watch(self, self.levers, ticket_outages(conditions)) if self.levers is not None else None

    @property
    def now(self) -> float:
        """Return the present instant in hours since the start."""
        return self.env.now

    @property
    def partner(self) -> list[PartnerVisit]:
        """Return what each order that a partner took over went through."""
        return self.partners.visits

    def hours_to(self, site: int) -> HoursTo:
        """Return the travel hours to a site from each location, leaving now."""
        return self.travel.to(site)

    def soon_free(self, order: Order) -> Iterator[tuple[Engineer, float]]:
        """Yield the busy engineers on duty who may serve an order, and when each is expected to be free."""
        visits, now = self.visits, self.env.now
        for engineer in self.roster.on_duty(self.waiting.served_by[order.queue]):
            busy = engineer.order
            if busy is not None:
                expected = visits.start(engineer.visit) + busy.expected_hours
                if expected < engineer.off_at:
                    yield engineer, max(expected, now)

    def run(self) -> None:
        """Run the replication to its horizon; can be called once."""
        self.prepare()
        collected = gc.isenabled()
        # Orders and visits refer to nothing that refers to them, so nothing is found while the run lasts.
        gc.disable()
        try:
            self.env.run(until=self.world.horizon)
        finally:
            if collected:
                gc.enable()
        if self.finite.births:
            self.births = concatenate([self.births, *self.finite.births])
        self._forget()

    def _forget(self) -> None:
        """Let go of what only a running replication needs: the tables take memory of their own."""
        self._routes = array("d")
        self.supplying.forget()
        self.roster.duty.forget()
        if self.prevention is not None:
            self.prevention.forget()
        if self.watch is not None:
            self.watch.forget()

    def prepare(self) -> None:
        """Start the processes; `run` does it."""
        env = self.env
        env.process(self.workforce.shifts())
        env.process(self._releases())
        if len(self.world.periods) > 1:
            env.process(self._periods())
        if self.watch is not None:
            env.process(self.watch.events())
        self.finite.start()

    def at(self, instant: float, action: Callable[[], None]) -> None:
        """Do something at an instant, at once if it has come."""
        if instant <= self.env.now:
            action()
            return
        self.env.timeout(instant - self.env.now).callbacks.append(lambda _: action())

    # What is reported

    def _releases(self) -> _Events:
        """Release each order when its triage and the wait for its customer are over."""
        env = self.env
        for at, order in self._orders():
            delay = at - env.now
            if delay > 0.0:
                yield env.timeout(delay)
            self.release(order)

    def _orders(self) -> Iterator[tuple[float, Order]]:
        """Yield the orders in the order of their release, made in blocks."""
        births, horizon = self.births, self.world.horizon
        served = np.flatnonzero(births.served_at <= horizon)
        for row, instant in zip(served.tolist(), births.served_at[served].tolist(), strict=True):
            self.restored[row] = self.completed[row] = instant
        sequence = np.argsort(births.released_at, kind="stable")
        sequence = sequence[np.isnan(births.served_at[sequence])]
        for begin in range(0, len(sequence), _BLOCK):
            rows = sequence[begin : begin + _BLOCK]
            yield from zip(births.released_at[rows].tolist(), list(self._made(births, rows)), strict=True)

    def _made(self, births: Births, rows: Any) -> Iterator[Order]:
        """Yield the orders of some rows."""
        world = self.world
        period, site, fault = births.period[rows], births.site[rows], births.fault[rows]
        weights = np.array([p.weights for p in world.periods])[period, site]
        for row, p, s, f, weight, reported, due, stage in zip(
            rows.tolist(),
            period.tolist(),
            site.tolist(),
            fault.tolist(),
            weights.tolist(),
            births.reported_at[rows].tolist(),
            births.due_of(rows).tolist(),
            births.first_stage[rows].tolist(),
            strict=True,
        ):
            compiled = world.periods[p]
            wide = compiled.wide_queues[s][f] if compiled.wide_queues else ()
            kind, queues = compiled.faults[f], compiled.queues[s][f]
            yield Order(row, kind, s, weight, reported, due, queues, wide, stage)

    def order_of(self, births: Births, position: int, row: int) -> Order:
        """Return the order of one report that becomes a given row."""
        order = next(self._made(births, np.array([position])))
        order.row = row
        return order

    def add_row(self, work: float) -> int:
        """Make room for one more order and return its row."""
        self.work.append(work)
        self.restored.append(_NAN)
        self.completed.append(_NAN)
        return len(self.work) - 1

    def key_of(self, order: Order) -> int:
        """Return the key of an order's draws."""
        row = order.row
        return self._keys[row] if row < self._infinite else self.finite.failed[row].key

    def route_of(self, order: Order) -> float:
        """Return the number that decides what follows an order's present visit."""
        if order.visit == 0 and order.row < self._infinite:
            return self._routes[order.row]
        return draws.uniform(self.key_of(order), "route", order.visit)

    def part_of(self, order: Order) -> int:
        """Return the part that an order needs, -1 for none."""
        row = order.row
        return self._parts[row] if row < self._infinite else self.finite.failed[row].part

    # Orders

    def release(self, order: Order) -> None:
        """Ask for the part of an order, and offer it once the part is there."""
        if self.prevention is not None:
            if self.prevention.prevents(order.row):
                return
            if order.row in self.prevention.planned:
                fails_at = self.prevention.begin(order, self.env.now)
                if fails_at is not None:
                    self.at(fails_at, lambda: self._fail(order))
        if order.kind.part >= 0 and self.part_of(order) >= 0:
            ready = self.supplying.ready_at(order)
            if ready > self.env.now:
                self.at(ready, lambda: self.dispatching.offer(order))
                return
        self.dispatching.offer(order)

    def _fail(self, order: Order) -> None:
        """Let planned work that has not restored service in time be the failure it should have prevented."""
        row = order.row
        handed_over = self.completed[row] == self.completed[row]
        if handed_over or self.restored[row] <= self.env.now or self.prevention is None:
            return
        waits = order.ticket
        if waits:
            self.waiting.withdraw(order)
        self.prevention.fail(order)
        order.urged = False
        if self.levers is not None:
            self.levers.apply(order)
        if waits:
            self.dispatching.give(order)

    def restore(self, order: Order) -> None:
        """Note that service is restored, perhaps temporarily."""
        if self.restored[order.row] != self.restored[order.row]:
            self.restored[order.row] = self.env.now

    def complete(self, order: Order, now: float) -> None:
        """Close an order; a device of a finite installed base works again."""
        row = order.row
        if self.restored[row] != self.restored[row]:
            self.restored[row] = now
        self.completed[row] = now
        if row >= self._infinite:
            self.finite.restored(row)
        if self.prevention is not None and row in self.prevention.inspections:
            self.prevention.completed(row, now)

    def complete_without_visit(self, row: int) -> None:
        """Close an order of a finite installed base that nobody had to go for."""
        self._close(row, self.env.now)
        self.finite.restored(row)

    def complete_at(self, row: int, instant: float) -> None:
        """Close an order that a partner will have restored at an instant."""
        if row in self.finite.failed:
            self.at(instant, lambda: self.complete_without_visit(row))
        elif instant <= self.world.horizon:
            self._close(row, instant)

    def _close(self, row: int, instant: float) -> None:
        """Note when an order is closed; service may have been restored before."""
        if self.restored[row] != self.restored[row]:
            self.restored[row] = instant
        self.completed[row] = instant

    def terms_of(self, row: int) -> tuple[int, int]:
        """Return the positions of the period in which an order was reported, and of its fault type."""
        if row >= self._infinite:
            births = self.finite.births[row - self._infinite]
            return int(births.period[0]), int(births.fault[0])
        return self._periods_of[row], self._faults_of[row]

    def expert_queue(self, order: Order) -> int:
        """Return the queue whose engineers may help remotely with an order at its present stage."""
        period, fault = self.terms_of(order.row)
        return self.world.periods[period].expert_queues[order.site][fault][order.stage]

    # Dated changes

    def _periods(self) -> _Events:
        """Put dated changes into force."""
        for number, period in enumerate(self.world.periods[1:], start=1):
            yield self.env.timeout(period.start_hours - self.env.now)
            self._begin_period(number, period)

    def _begin_period(self, number: int, period: PeriodSpec) -> None:
        self.period = period
        self.always_finish = period.shift_end.never
        self.overtime_hours = period.shift_end.overtime_hours
        self.travel.begin_period(number)
        self.depots.begin_period(number, self.env.now)
        if self._policies[number] is not self.policy:
            self.policy = self._policies[number]
            self.waiting.follow(self.policy)
        for order in sorted(self.waiting.orders(), key=lambda o: o.ticket):
            self.dispatching.limit_wait(order)

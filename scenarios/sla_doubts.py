"""Service levels that cannot be kept however the work is given out: the best that could happen to one order.

An order that finds everybody free waits only for its triage, for somebody qualified to come on duty and for
his way, all at their expected lengths. Orders are reported at each hour of a week without holidays; what is
missed even then, no dispatch policy can mend. Queues, parts and waiting for customers are left to simulation.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from scenarios.fault_specs import FaultSpec, StageSpec
from scenarios.loading import LoadedScenario, Period
from scenarios.open_hours import ALWAYS_OPEN, OpenHours
from scenarios.phrases import phrase
from scenarios.problems import Warn
from scenarios.rule_specs import RuleSpec
from scenarios.service import SlaRule
from scenarios.workload import Workload
from scenarios.world import FloatArray, PeriodSpec, World

WEEK_HOURS = 168

#: What an order went through until it is ready: triage, then queue and work of each stage. Orders with the
#: same past are ready at the same instants.
_Past = tuple[float, ...]

_TOLERANCE = 1e-9
#: Clocks of a rule, and whether each stops on arrival or once the work is done.
_ON_ARRIVAL = {"respond": True, "attend": True, "restore": False, "complete": False}


def sla_doubts(loaded: LoadedScenario, world: World) -> list[Warn]:
    """Return a warning for each target that is missed at best, always or in part of the week.

    Parameters
    ----------
    loaded
        The scenario as it was read, with its dated changes.
    world
        The same scenario, compiled.

    Returns
    -------
    list
        W-unreachable-sla where a target is shorter than triage, way and work, W-off-shift-sla where it is
        missed for want of somebody on duty; at most one of a code for each target of a rule.
    """
    found: dict[tuple[str, str], Warn] = {}
    for number, period in enumerate(loaded.periods[: len(world.periods)]):
        for warn in _of_period(period, number, world):
            message = since(warn.message, loaded, number)
            found.setdefault((warn.code, warn.key), Warn(warn.code, warn.key, message))
    return list(found.values())


def since(message: str, loaded: LoadedScenario, period: int) -> str:
    """Return a message with the date from which it holds; that of the first period as it is."""
    if not period:
        return message
    return phrase("{message} from {date} on", message=message, date=loaded.scenario.changes[period - 1].start)


@dataclass(frozen=True)
class _Case:
    """How a target fares for one fault type at one site.

    Parameters
    ----------
    site, fault
        Names.
    missed
        Share of the week in which a report is too late at best.
    hours
        Least hours from report to stop.
    """

    site: str
    fault: str
    missed: float
    hours: float


def _of_period(period: Period, number: int, world: World) -> Iterator[Warn]:
    compiled = world.periods[number]
    later = [p.start_hours for p in world.periods[number + 1 :]]
    week = _typical_week(world, compiled.start_hours, min([world.horizon, *later]))
    best = _BestCase(world, compiled, week + np.arange(float(WEEK_HOURS)))
    cases: dict[tuple[int, str], list[_Case]] = {}
    for site, fault in Workload(period.scenario, world.names).pairs:
        position = int(compiled.rules[site, fault])
        if position >= 0:
            for clock, case in best.cases(site, fault, world.rules[position]):
                cases.setdefault((position, clock), []).append(case)
    rules = {rule.name: (i, rule) for i, rule in enumerate(period.scenario.sla)}
    for (position, clock), found in sorted(cases.items()):
        i, rule = rules[world.rules[position].name]
        target = float(getattr(world.rules[position], clock))
        given = rule.targets.response is not None and period.scenario.response_clock == clock
        key = f"sla.{i}.targets.{'response' if given else clock}"
        yield from _warnings(key, rule, target, found)


def _warnings(key: str, rule: SlaRule, target: float, cases: list[_Case]) -> Iterator[Warn]:
    """Yield what is to be said of one target."""
    sites = len({case.site for case in cases})
    never = [case for case in cases if case.missed == 1.0 and case.hours > target]
    if never:
        worst = max(never, key=lambda case: case.hours)
        yield Warn(
            "W-unreachable-sla",
            key,
            phrase(
                "rule {rule} allows {target:g} h, but expected triage, way and work take longer even with "
                "somebody on duty at {count} of {sites} sites; worst {site} ({fault}): {hours:.3g} h at best",
                rule=rule.name,
                target=target,
                count=len({case.site for case in never}),
                sites=sites,
                site=worst.site,
                fault=worst.fault,
                hours=worst.hours,
            ),
        )
    partly = [case for case in cases if case.missed > 0.0 and case not in never]
    if partly:
        worst = max(partly, key=lambda case: case.missed)
        yield Warn(
            "W-off-shift-sla",
            key,
            phrase(
                "rule {rule} allows {target:g} h, but at {count} of {sites} sites nobody qualified is on "
                "duty in time for the reports of some hours; worst {site} ({fault}): {share:.1%} of a week "
                "without holidays",
                rule=rule.name,
                target=target,
                count=len({case.site for case in partly}),
                sites=sites,
                site=worst.site,
                fault=worst.fault,
                share=worst.missed,
            ),
        )


def _typical_week(world: World, begin: float, end: float) -> float:
    """Return the start of a week without holidays: of all days, the one before the most open hours."""
    last = end - 2 * WEEK_HOURS
    if end >= world.horizon:
        # Calendars are laid out beyond the horizon, so that a short run still finds a week like most.
        last = max(last, begin + 5 * WEEK_HOURS)
    starts = np.arange(begin, max(last, begin) + 1.0, 24.0)
    hours = dict.fromkeys([*(e.shift for e in world.engineers), *world.clocks.values()])
    total = sum((h.between(starts, starts + 2.0 * WEEK_HOURS) for h in hours), np.zeros(len(starts)))
    return float(starts[int(np.argmax(np.round(total, 6)))])


class _BestCase:
    """When orders reported at given instants are attended and restored if everybody is free.

    Parameters
    ----------
    world, compiled
        The compiled scenario and the period that is asked about.
    reports
        Instants of the reports.
    """

    def __init__(self, world: World, compiled: PeriodSpec, reports: FloatArray) -> None:
        self._world = world
        self._compiled = compiled
        self._reports = reports
        self._duty: dict[int, dict[int, list[OpenHours]]] = {}
        self._starts: dict[tuple[int, _Past], tuple[list[int], FloatArray]] = {}
        self._due: dict[tuple[str, int, float], FloatArray] = {}
        self._work: dict[int, list[float]] = {}

    def cases(self, site: int, fault: int, rule: RuleSpec) -> Iterator[tuple[str, _Case]]:
        """Yield each target of a rule with how it fares; nothing if nobody ever comes."""
        spec = self._compiled.faults[fault]
        attended, restored = self._reached(site, fault, spec)
        for clock, on_arrival in _ON_ARRIVAL.items():
            target = float(getattr(rule, clock))
            stop = attended if on_arrival else restored
            if math.isnan(target) or np.isinf(stop).all():
                continue
            missed = stop > self._due_at(rule.calendar, site, target) + _TOLERANCE
            names = self._world.names
            yield (
                clock,
                _Case(
                    names.sites[site],
                    names.fault_types[fault],
                    float(missed.mean()),
                    float((stop - self._reports).min()),
                ),
            )

    def _due_at(self, calendar: str, site: int, target: float) -> FloatArray:
        """Return by when a clock has to stop."""
        city = int(self._world.places.site_city[site])
        key = (calendar, city, target)
        if key not in self._due:
            clock = self._world.clocks[calendar, city] if calendar else ALWAYS_OPEN
            self._due[key] = clock.add(self._reports, target)
        return self._due[key]

    def _reached(self, site: int, fault: int, spec: FaultSpec) -> tuple[FloatArray, FloatArray]:
        """Return when an order is attended and restored, by a partner if that is sooner."""
        triage = spec.triage_hours.expected
        released = self._reports + triage
        attended, restored = self._from_stage(site, fault, 0, released, (triage,), frozenset())
        overflow = self._compiled.overflow
        if overflow is not None and spec.severity in overflow.severities:
            arrived = released + overflow.after_hours + overflow.attend_hours.expected
            attended = np.minimum(attended, arrived)
            restored = np.minimum(restored, arrived + spec.expected_hours)
        return attended, restored

    def _from_stage(
        self,
        site: int,
        fault: int,
        stage: int,
        ready: FloatArray,
        past: _Past,
        seen: frozenset[int],
    ) -> tuple[FloatArray, FloatArray]:
        """Return the same for an order that is ready for a stage, on the shortest way to its end.

        What follows the first arrival is done by whoever has arrived, at once.
        """
        spec = self._compiled.faults[fault].stages[stage]
        queue = self._compiled.queues[site][fault][stage]
        centres, starts = self._free(queue, ready, past)
        never = np.full(len(ready), np.inf)
        if not centres:
            return never, never
        if spec.on_site:
            way = self._compiled.travel_hours[site, [len(self._world.names.sites) + c for c in centres]]
            arrived = np.fmin.reduce(starts + way[:, np.newaxis], axis=0)
            return arrived, arrived + self._remaining(fault)[stage]
        done = starts.min(axis=0) + spec.expected_hours
        ends = done if _may_end(spec) else never
        attended, restored = ends, ends
        for following in _followers(spec):
            if following not in seen:
                then = (*past, queue, spec.expected_hours)
                ways = self._from_stage(site, fault, following, done, then, seen | {stage})
                attended, restored = np.minimum(attended, ways[0]), np.minimum(restored, ways[1])
        return attended, restored

    def _free(self, queue: int, ready: FloatArray, past: _Past) -> tuple[list[int], FloatArray]:
        """Return the centres with somebody who may serve a queue, and from when each can, by order."""
        key = (queue, past)
        if key not in self._starts:
            duty = self._on_duty(queue)
            starts = [
                np.min([shift.next_open(ready) for shift in shifts], axis=0) for shifts in duty.values()
            ]
            self._starts[key] = list(duty), np.array(starts)
        return self._starts[key]

    def _on_duty(self, queue: int) -> dict[int, list[OpenHours]]:
        """Return the shifts of those who may serve a queue, by centre."""
        if queue not in self._duty:
            shifts: dict[int, dict[OpenHours, None]] = {}
            for engineer in self._world.engineers:
                if self._world.queues[queue].categories >> engineer.category & 1:
                    shifts.setdefault(engineer.centre, {})[engineer.shift] = None
                if engineer.on_call and self._world.queues[queue].on_call >> engineer.category & 1:
                    shifts[engineer.centre][engineer.on_call.hours] = None
            self._duty[queue] = {centre: list(distinct) for centre, distinct in shifts.items()}
        return self._duty[queue]

    def _remaining(self, fault: int) -> list[float]:
        """Return for each stage the expected hours of work from it to an end, on the shortest way."""
        if fault not in self._work:
            stages = self._compiled.faults[fault].stages
            left = [math.inf] * len(stages)
            for _ in stages:
                left = [
                    spec.expected_hours
                    + (0.0 if _may_end(spec) else min((left[f] for f in _followers(spec)), default=math.inf))
                    for spec in stages
                ]
            self._work[fault] = left
        return self._work[fault]


def _followers(spec: StageSpec) -> list[int]:
    """Return the stages that may follow one, whoever does it."""
    found: dict[int, None] = {}
    for following in spec.following_by_level or (spec.following,):
        cumulated = 0.0
        for stage, upto in following:
            if upto > cumulated:
                found[stage] = None
            cumulated = upto
    return list(found)


def _may_end(spec: StageSpec) -> bool:
    ways = spec.following_by_level or (spec.following,)
    return any(not following or following[-1][1] < 1.0 - _TOLERANCE for following in ways)

"""Work rules as tables: who is interchangeable, which orders wait together, and who may serve them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from scenarios.absence_terms import AbsenceSpec, OnCallSpec, absences_of, on_call_hours
from scenarios.fields import Severity
from scenarios.loading import Period
from scenarios.open_hours import OpenHours
from scenarios.people_specs import Category, EngineerSpec, Need, Queue
from scenarios.schema import Scenario
from scenarios.service import EngineerGroup, OnCall
from scenarios.shifts import limited, open_hours
from scenarios.world import Names

_SEVERITIES = tuple(Severity)


def on_call_severities(group: EngineerGroup) -> tuple[Severity, ...]:
    """Return the severities for which a group of engineers is on call."""
    return tuple(group.on_call.severities) if group.on_call is not None else ()


class Eligibility:
    """Collects the categories of engineers and the queues of orders that the periods of a scenario need."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self._categories: dict[Category, int] = {}
        self._queues: dict[Need, int] = {}

    def category(self, centre: int, group: EngineerGroup) -> int:
        """Return the position of the category of a group of engineers at a centre."""
        names = self._names
        held = sorted((names.skills.index(name), level.rank) for name, level in group.skills.items())
        category = Category(
            centre,
            tuple(held),
            sum(1 << names.languages.index(n) for n in dict.fromkeys(group.languages)),
            frozenset(names.passes.index(n) for n in group.passes),
            frozenset(_SEVERITIES.index(v) for v in on_call_severities(group)),
        )
        return self._categories.setdefault(category, len(self._categories))

    def queue(self, need: Need) -> int:
        """Return the position of the queue of orders with a need."""
        return self._queues.setdefault(need, len(self._queues))

    def categories(self) -> tuple[Category, ...]:
        """Return all categories, by position."""
        return tuple(self._categories)

    def queues(self) -> tuple[Queue, ...]:
        """Return all queues by position, with the categories that may serve each."""
        return tuple(self._queue(need) for need in self._queues)

    def _queue(self, need: Need) -> Queue:
        serving = {c: i for c, i in self._categories.items() if may_serve(c, need)}
        return Queue(
            need,
            _mask(serving.values()),
            _mask(i for c, i in self._categories.items() if need.crew > 1 and may_help(c, need)),
            _mask(i for c, i in serving.items() if need.severity in c.on_call),
        )


def may_serve(category: Category, need: Need) -> bool:
    """Return whether the work rules let engineers of a category serve an order on duty."""
    held = dict(category.skills).get(need.skill, -1)
    return held >= need.level and _is_admitted(category, need)


def may_help(category: Category, need: Need) -> bool:
    """Return whether engineers of a category may be one of a crew beside the first, whatever their skill."""
    return max(rank for _, rank in category.skills) >= need.helper_level and _admitted_to_site(category, need)


def _is_admitted(category: Category, need: Need) -> bool:
    speaks = not need.languages or bool(category.languages & need.languages)
    return speaks and _admitted_to_site(category, need)


def _admitted_to_site(category: Category, need: Need) -> bool:
    admitted = need.security_pass < 0 or need.security_pass in category.passes
    return admitted and category.centre in need.territory


def _mask(positions: Iterable[int]) -> int:
    return sum(1 << position for position in positions)


@dataclass(frozen=True)
class _Terms:
    """All that makes one spell of an engineer differ from another."""

    name: str
    centre: int
    category: int
    level: int
    shift: OpenHours
    cost_per_hour: float
    overtime_factor: float
    absence: AbsenceSpec
    on_call: OnCallSpec | None


_Calls = tuple[OpenHours, OpenHours, OnCall, int]


def compile_engineers(
    periods: list[Period], names: Names, eligibility: Eligibility, horizon: float
) -> tuple[EngineerSpec, ...]:
    """Return every engineer, once for each spell in which category, shift, price or absence differs."""
    ends = [*(p.start_hours for p in periods[1:]), np.inf]
    spells: dict[_Terms, list[tuple[float, float]]] = {}
    on_call: dict[_Calls, OnCallSpec] = {}
    for period, end in zip(periods, ends, strict=True):
        for terms in _terms(period.scenario, names, eligibility, horizon, on_call):
            known = spells.setdefault(terms, [])
            if known and known[-1][1] == period.start_hours:
                known[-1] = (known[-1][0], end)
            else:
                known.append((period.start_hours, end))
    return tuple(_engineer(terms, spell) for terms, parts in spells.items() for spell in parts)


def _terms(
    s: Scenario,
    names: Names,
    eligibility: Eligibility,
    horizon: float,
    known: dict[_Calls, OnCallSpec],
) -> Iterator[_Terms]:
    """Yield the terms of every engineer of one period; equal on-call hours are one object."""
    for c, centre in enumerate(names.centres):
        if centre not in s.centres:
            continue
        city = s.centres[centre].city
        for key, group in s.centres[centre].engineers.items():
            shift = open_hours(s, s.calendars[group.shift], city, horizon)
            category, absence = eligibility.category(c, group), absences_of(s, group)
            for number in range(group.count):
                called = None
                if group.on_call is not None:
                    hours = open_hours(s, s.calendars[group.on_call.calendar], city, horizon)
                    what = (hours, shift, group.on_call, number % group.on_call.one_week_in)
                    if what not in known:
                        known[what] = on_call_hours(*what, s.start, horizon)
                    called = known[what]
                yield _Terms(
                    name=f"{centre}:{key}:{number + 1}",
                    centre=c,
                    category=category,
                    level=group.level.rank,
                    shift=shift,
                    cost_per_hour=group.cost_per_hour,
                    overtime_factor=group.overtime_factor,
                    absence=absence,
                    on_call=called,
                )


def _engineer(terms: _Terms, spell: tuple[float, float]) -> EngineerSpec:
    shift, on_call = terms.shift, terms.on_call
    begin, end = spell
    if begin > 0.0 or end < np.inf:
        shift = limited(shift, begin, end)
        on_call = on_call and OnCallSpec(limited(on_call.hours, begin, end), on_call.standby_per_hour)
    return EngineerSpec(
        terms.name,
        terms.centre,
        terms.category,
        terms.level,
        shift,
        terms.cost_per_hour,
        terms.overtime_factor,
        terms.absence,
        spell,
        on_call,
    )

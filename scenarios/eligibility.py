"""Work rules as tables: who is interchangeable, which orders wait together, and who may serve them."""

from __future__ import annotations

import numpy as np

from scenarios.fields import Level
from scenarios.loading import Period
from scenarios.open_hours import OpenHours
from scenarios.schema import Scenario
from scenarios.service import EngineerGroup
from scenarios.shifts import limited, open_hours
from scenarios.world import Category, EngineerSpec, Names, Queue


class Eligibility:
    """Collects the categories of engineers and the queues of orders that the periods of a scenario need."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self._categories: dict[Category, int] = {}
        self._queues: dict[tuple[tuple[int, ...], int, int], int] = {}

    def category(self, centre: int, skills: dict[str, Level]) -> int:
        """Return the position of a category: a centre, and the level in each skill domain."""
        held = sorted((self._names.skills.index(name), level.rank) for name, level in skills.items())
        return self._categories.setdefault(Category(centre, tuple(held)), len(self._categories))

    def queue(self, territory: tuple[int, ...], skill: int, level: int) -> int:
        """Return the position of the queue of orders with a territory, skill domain and lowest level."""
        return self._queues.setdefault((territory, skill, level), len(self._queues))

    def categories(self) -> tuple[Category, ...]:
        """Return all categories, by position."""
        return tuple(self._categories)

    def queues(self) -> tuple[Queue, ...]:
        """Return all queues by position, with the categories that may serve each."""
        return tuple(
            Queue(territory, skill, level, self._who_may(territory, skill, level))
            for territory, skill, level in self._queues
        )

    def _who_may(self, territory: tuple[int, ...], skill: int, level: int) -> int:
        mask = 0
        for category, position in self._categories.items():
            held = dict(category.skills).get(skill, -1)
            if category.centre in territory and held >= level:
                mask |= 1 << position
        return mask


def compile_engineers(
    periods: list[Period], names: Names, eligibility: Eligibility, horizon: float
) -> tuple[EngineerSpec, ...]:
    """Return every engineer, once for each spell in which his category, shift or price differs."""
    ends = [*(p.start_hours for p in periods[1:]), np.inf]
    spells: dict[tuple[object, ...], list[tuple[float, float]]] = {}
    for period, end in zip(periods, ends, strict=True):
        for c, centre in enumerate(names.centres):
            for key, group in _groups(period.scenario, centre).items():
                shift = open_hours(
                    period.scenario,
                    period.scenario.calendars[group.shift],
                    period.scenario.centres[centre].city,
                    horizon,
                )
                terms = (
                    c,
                    eligibility.category(c, group.skills),
                    group.level.rank,
                    shift,
                    group.cost_per_hour,
                    group.overtime_factor,
                )
                for number in range(group.count):
                    known = spells.setdefault((f"{centre}:{key}:{number + 1}", *terms), [])
                    if known and known[-1][1] == period.start_hours:
                        known[-1] = (known[-1][0], end)
                    else:
                        known.append((period.start_hours, end))
    return tuple(_engineer(key, spell) for key, parts in spells.items() for spell in parts)


def _groups(s: Scenario, centre: str) -> dict[str, EngineerGroup]:
    return s.centres[centre].engineers if centre in s.centres else {}


def _engineer(key: tuple[object, ...], spell: tuple[float, float]) -> EngineerSpec:
    name, centre, category, level, shift, cost, factor = key
    assert isinstance(shift, OpenHours)
    begin, end = spell
    if begin > 0.0 or end < np.inf:
        shift = limited(shift, begin, end)
    return EngineerSpec(name, centre, category, level, shift, cost, factor)  # type: ignore[arg-type]

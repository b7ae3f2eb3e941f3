"""The weather and the disruptions of one replication: drawn once, from the climate's names and dates alone.

Nothing here decides anything. Travel asks for the weather of the present, visits for the end of outdoor work,
births for what fails (`sim.weather_reports`); no dispatch policy sees any of it ahead of its time.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from scenarios.absence_terms import ShortageSpec
from scenarios.disruptions import Kind
from scenarios.legs import FAIR, Weather
from scenarios.open_hours import OpenHours, from_windows
from scenarios.weather_compiling import CONDITIONS
from scenarios.weather_specs import DisruptionSpec, SpellSpec
from scenarios.world import FloatArray, World
from sim import draws
from sim.quantile_functions import quantile

_POSITIONS = {str(condition): position for position, condition in enumerate(CONDITIONS)}


@dataclass(frozen=True)
class Drawn:
    """The spells of one condition in one city: ordinals of their local dates, keys, begins and ends."""

    spec: SpellSpec
    days: npt.NDArray[np.int64]
    keys: npt.NDArray[np.uint64]
    begins: FloatArray
    ends: FloatArray


class Timeline:
    """What holds from one change to the next; fair weather before the first.

    Parameters
    ----------
    spans
        When each condition holds, by city and condition.
    """

    def __init__(self, spans: Mapping[tuple[int, int], OpenHours]) -> None:
        edges = sorted(
            (at, (city, str(CONDITIONS[condition])), begins)
            for (city, condition), span in spans.items()
            for begins, instants in ((True, span.opens), (False, span.closes))
            for at in instants.tolist()
        )
        self._changes: list[float] = []
        self._states: list[Weather] = []
        held: Weather = FAIR
        for at, one, begins in edges:
            held = held | {one} if begins else held - {one}
            if self._changes and self._changes[-1] == at:
                self._states[-1] = held
            else:
                self._changes.append(at)
                self._states.append(held)

    def at(self, instant: float) -> Weather:
        """Return the weather at an instant."""
        position = bisect_right(self._changes, instant)
        return self._states[position - 1] if position else FAIR

    def after(self, instant: float) -> tuple[tuple[float, Weather], ...]:
        """Return the changes after an instant, each with what holds from then on."""
        position = bisect_right(self._changes, instant)
        return tuple(zip(self._changes[position:], self._states[position:], strict=True))


class Conditions:
    """All weather and all disruptions of one replication.

    Parameters
    ----------
    world
        The compiled scenario.
    replication
        Key of the replication (`draws.replication_key`).

    Attributes
    ----------
    quiet
        Whether nothing at all comes up: no climate and no disruptions.
    drawn, scripted
        Spells that were drawn, and disruptions that come on a date.
    spans
        When each condition holds, by city and condition.
    supplier_outages
        (begin, end) of the times at which suppliers deliver nothing.
    """

    def __init__(self, world: World, replication: int) -> None:
        self._world = world
        spec = world.weather
        self.quiet = spec is None
        self.drawn: tuple[Drawn, ...] = ()
        self.scripted: tuple[DisruptionSpec, ...] = ()
        self.spans: dict[tuple[int, int], OpenHours] = {}
        self._stops: dict[int, tuple[list[float], list[float]]] = {}
        self.supplier_outages: list[tuple[float, float]] = []
        if spec is None:
            return
        self.drawn = tuple(_drawn(spell, replication, world.horizon) for spell in spec.spells)
        self.scripted = spec.disruptions
        spells = self._spells()
        self.spans = {where: from_windows(begins, ends) for where, (begins, ends) in spells.items()}
        self._stops = self._standstill(spells)
        self.supplier_outages = sorted(self._times(Kind.SUPPLIER_OUTAGE))

    @property
    def shortages(self) -> tuple[ShortageSpec, ...]:
        """Return the times when a share of the staff of some centres is away."""
        return self._world.shortages

    @cached_property
    def _timeline(self) -> Timeline:
        return Timeline(self.spans)

    def weather_at(self, instant: float) -> Weather:
        """Return the weather of all cities at an instant."""
        return self._timeline.at(instant)

    def timeline(self, pairs: Collection[tuple[int, int]]) -> Timeline:
        """Return the weather over time of the given cities and conditions alone."""
        return Timeline({where: span for where, span in self.spans.items() if where in pairs})

    def stops(self, city: int) -> bool:
        """Return whether outdoor work ever stands still in a city."""
        return city in self._stops

    def work_end(self, city: int, start: float, hours: float) -> float:
        """Return when outdoor work ends that stands still while the weather stops it.

        Parameters
        ----------
        city
            Position of the city.
        start
            When somebody is there to begin it.
        hours
            Hands-on hours, 0 or more.
        """
        stops = self._stops.get(city)
        if stops is None or hours <= 0.0:
            return start + hours
        begins, ends = stops
        at, left = start, hours
        for number in range(bisect_right(ends, start), len(ends)):
            if begins[number] >= at + left:
                break
            left -= max(begins[number] - at, 0.0)
            at = ends[number]
        return at + left

    def worked(self, city: int, start: float, until: float) -> float:
        """Return the hands-on hours of outdoor work from one instant to another, the standstill left out."""
        begins, ends = self._stops.get(city, ((), ()))
        lost = 0.0
        for number in range(bisect_right(ends, start), len(ends)):
            if begins[number] >= until:
                break
            lost += min(ends[number], until) - max(begins[number], start)
        return until - start - lost

    def _spells(self) -> dict[tuple[int, int], tuple[FloatArray, FloatArray]]:
        """Return begins and ends of all spells, drawn and scripted, by city and condition."""
        found: dict[tuple[int, int], list[tuple[FloatArray, FloatArray]]] = {}
        for drawn in self.drawn:
            where = (drawn.spec.city, drawn.spec.condition)
            found.setdefault(where, []).append((drawn.begins, drawn.ends))
        for one in self.scripted:
            if one.kind in _POSITIONS:
                where = (one.city, _POSITIONS[one.kind])
                found.setdefault(where, []).append((np.array([one.begin]), np.array([one.end])))
        return {
            where: (np.concatenate([b for b, _ in some]), np.concatenate([e for _, e in some]))
            for where, some in found.items()
        }

    def _standstill(
        self, spells: Mapping[tuple[int, int], tuple[FloatArray, FloatArray]]
    ) -> dict[int, tuple[list[float], list[float]]]:
        """Return when outdoor work stands still, by city."""
        assert self._world.weather is not None  # only called where something may come up
        factors = np.array([effects.standstill for effects in self._world.weather.effects])
        by_city: dict[int, list[tuple[FloatArray, FloatArray]]] = {}
        for (city, condition), (begins, ends) in spells.items():
            factor = factors[self._world.period_at(begins), condition]
            if factor.any():
                by_city.setdefault(city, []).append((begins, begins + factor * (ends - begins)))
        merged = {
            city: from_windows(np.concatenate([b for b, _ in some]), np.concatenate([e for _, e in some]))
            for city, some in by_city.items()
        }
        return {city: (hours.opens.tolist(), hours.closes.tolist()) for city, hours in merged.items()}

    def _times(self, kind: Kind) -> set[tuple[float, float]]:
        return {(one.begin, one.end) for one in self.scripted if one.kind == kind}


def _drawn(spec: SpellSpec, replication: int, horizon: float) -> Drawn:
    """Draw the spells of one condition in one city; what began before the start is not seen."""
    keys = _keys_of_days(spec, replication)
    day = np.flatnonzero(draws.uniforms(keys, "weather") < spec.chances)
    keys = keys[day]
    begins = spec.midnights[day] + spec.opens + spec.width * draws.uniforms(keys, "weather_begins")
    lasts = quantile(spec.hours, draws.uniforms(keys, "weather_hours"))
    seen = (begins >= 0.0) & (begins < horizon)
    return Drawn(spec, spec.days[day][seen], keys[seen], begins[seen], (begins + lasts)[seen])


def _keys_of_days(spec: SpellSpec, replication: int) -> npt.NDArray[np.uint64]:
    """Return a key for each date, the same whatever date a scenario starts on."""
    first = int(spec.days[0]) if len(spec.days) else 0
    return draws.item_keys(draws.stream_key(replication, spec.key), first, len(spec.days))

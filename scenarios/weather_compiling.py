"""From climate, effects and disruptions to their form in the World; None where a scenario has neither.

Dates become hours by the clock of the city that is struck, months chances of a day.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np

from scenarios.absence_terms import ShortageSpec
from scenarios.disruptions import ABSENT_SHARE, LOADS, Disruption, Kind, struck_centres, struck_cities
from scenarios.keys import name_key
from scenarios.links import Condition, inside
from scenarios.open_hours import parse_week
from scenarios.schema import Scenario
from scenarios.weather import BatchFailure, Spell, effect_of, weather_factors
from scenarios.weather_specs import (
    BatchSpec,
    DisruptionSpec,
    EffectsSpec,
    FloatArray,
    IntArray,
    SpellSpec,
    WeatherSpec,
)
from scenarios.world import Names

CONDITIONS = tuple(Condition)
_NO_CITY = -1


def compile_weather(scenarios: Sequence[Scenario], names: Names, horizon: float) -> WeatherSpec | None:
    """Return what may come up, None where that is nothing.

    Parameters
    ----------
    scenarios
        The scenario in each period.
    names
        Its names by position.
    horizon
        Length of a replication in hours.
    """
    first = scenarios[0]
    spells = _spells(first, names, horizon)
    if not spells and not first.disruptions:
        return None
    return WeatherSpec(
        spells=spells,
        disruptions=tuple(spec for d in first.disruptions for spec in _disruption(d, first, names)),
        effects=tuple(_effects(s, names) for s in scenarios),
        site_keys=np.array([name_key("site", site) for site in names.sites], dtype=np.uint64),
    )


def compile_shortages(first: Scenario, centres: Sequence[str]) -> tuple[ShortageSpec, ...]:
    """Return the staff shortages among the disruptions; their centres apart where their clocks differ.

    Parameters
    ----------
    first
        The scenario at its start.
    centres
        Keys of the centres by position.
    """
    found = []
    for d in first.disruptions:
        if d.kind is not Kind.STAFF_SHORTAGE:
            continue
        by_begin: dict[float, list[int]] = {}
        for centre in struck_centres(d, first):
            begin = _local(d.start, first.cities[first.centres[centre].city].time_zone, first.start)
            by_begin.setdefault(begin, []).append(centres.index(centre))
        share = ABSENT_SHARE if d.absent_share is None else d.absent_share
        found += [ShortageSpec(b, b + d.length, tuple(mine), share) for b, mine in by_begin.items()]
    return tuple(found)


def span_of(d: Disruption, s: Scenario) -> tuple[float, float]:
    """Return when a disruption first begins and last ends, in hours, over all places that it strikes."""
    if d.kind is Kind.STAFF_SHORTAGE:
        cities = {s.centres[centre].city for centre in struck_centres(d, s)}
    else:
        cities = set(struck_cities(d, s))
    zones = {"UTC"} if d.kind is Kind.SUPPLIER_OUTAGE else {s.cities[city].time_zone for city in cities}
    begins = [_local(d.start, zone, s.start) for zone in zones]
    return min(begins), max(begins) + d.length


def slowed_by(s: Scenario, names: Names) -> tuple[tuple[tuple[str, float], ...], ...]:
    """Return the factor on travel inside each city by weather."""
    return tuple(
        tuple((str(c), factor) for c, factor in inside(s.city_travel, city).slowed_by.items())
        for city in names.cities
    )


# The climate


def _spells(s: Scenario, names: Names, horizon: float) -> tuple[SpellSpec, ...]:
    found = []
    for key, climate in s.climate.cities.items():
        days, midnights = _days(s.cities[key].time_zone, s.start, horizon)
        for position, condition in enumerate(CONDITIONS):
            by_month = getattr(climate, condition)
            if not any(by_month):
                continue
            spell: Spell = getattr(s.climate.spells, condition)
            _, opens, closes = parse_week({"mon": [spell.begins]}).windows[0]
            found.append(
                SpellSpec(
                    city=names.cities.index(key),
                    condition=position,
                    label=f"{key}:{condition}",
                    key=name_key("climate", key, condition),
                    days=days,
                    midnights=midnights,
                    chances=_chances(days, by_month),
                    opens=opens / 60.0,
                    width=(closes - opens) / 60.0,
                    hours=spell.hours,
                )
            )
    return tuple(found)


@lru_cache(maxsize=64)
def _days(zone: str, start: date, horizon: float) -> tuple[IntArray, FloatArray]:
    """Return the local dates of a replication as ordinals, and when they begin."""
    local = datetime(start.year, start.month, start.day, tzinfo=UTC).astimezone(ZoneInfo(zone)).date()
    dates = [local + timedelta(days=d) for d in range(int(horizon // 24) + 2)]
    instants = [(day, _local(day.isoformat(), zone, start)) for day in dates]
    within = [(day, at) for day, at in instants if at < horizon]
    return np.array([d.toordinal() for d, _ in within]), np.array([at for _, at in within])


def _chances(days: IntArray, by_month: Sequence[float]) -> FloatArray:
    """Return the chance of a spell on each date: days a month over days of the month."""
    dates = [date.fromordinal(day) for day in days.tolist()]
    chances = [by_month[d.month - 1] / monthrange(d.year, d.month)[1] for d in dates]
    return np.array(chances)


def _local(text: str, zone: str, start: date) -> float:
    """Return the hours since the start at which clocks in a zone show a date, or date and time."""
    wall = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))
    return (wall - datetime(start.year, start.month, start.day, tzinfo=UTC)).total_seconds() / 3600.0


# What comes on a date


def _disruption(d: Disruption, s: Scenario, names: Names) -> list[DisruptionSpec]:
    """Return a disruption in each city that it strikes."""
    if d.kind is Kind.SUPPLIER_OUTAGE:
        places = [(_NO_CITY, "UTC")]
    elif d.kind is Kind.STAFF_SHORTAGE:
        cities = dict.fromkeys(s.centres[centre].city for centre in struck_centres(d, s))
        places = [(names.cities.index(city), s.cities[city].time_zone) for city in cities]
    else:
        places = [(names.cities.index(city), s.cities[city].time_zone) for city in struck_cities(d, s)]
    load = LOADS.get(d.kind, 1.0) if d.load is None else d.load
    specs = []
    for city, zone in places:
        begin = _local(d.start, zone, s.start)
        seen = max(begin, 0.0)
        specs.append(
            DisruptionSpec(
                name=d.name,
                kind=str(d.kind),
                key=name_key("disruption", d.name),
                city=city,
                begin=seen,
                end=max(begin + d.length, seen),
                load=load,
                manual_hours=np.nan if d.manual_hours is None else d.manual_hours,
                batches=_batches(d.batches, names),
            )
        )
    return specs


# What conditions do


def _effects(s: Scenario, names: Names) -> EffectsSpec:
    factors = np.ones((2 ** len(CONDITIONS), len(names.device_types)))
    sensitivity = np.ones(len(names.device_types))
    for device, key in enumerate(names.device_types):
        if key not in s.device_types:
            continue
        own = list(weather_factors(s.device_types[key].weather, s.effects).values())
        sensitivity[device] = s.device_types[key].load_sensitivity
        for held in range(1, len(factors)):
            factors[held, device] = max(f for bit, f in enumerate(own) if held >> bit & 1)
    of_condition = [effect_of(s.effects, condition) for condition in CONDITIONS]
    return EffectsSpec(
        factors=factors,
        sensitivity=sensitivity,
        standstill=tuple(effect.standstill for effect in of_condition),
        batches=tuple(_batches(effect.batches, names) for effect in of_condition),
        present=_present(s, names),
    )


def _batches(batches: Sequence[BatchFailure], names: Names) -> tuple[BatchSpec, ...]:
    return tuple(
        BatchSpec(
            names.fault_types.index(batch.fault_type),
            -1 if batch.device_type is None else names.device_types.index(batch.device_type),
            batch.probability,
            name_key("batch", batch.fault_type, batch.device_type or ""),
        )
        for batch in batches
    )


def _present(s: Scenario, names: Names) -> np.ndarray:
    """Return [site][device type], and in the last column for any type, whether the site has devices."""
    present = np.zeros((len(names.sites), len(names.device_types) + 1), dtype=bool)
    for site, key in enumerate(names.sites):
        for device, count in s.sites[key].devices.items() if key in s.sites else ():
            present[site, names.device_types.index(device)] = count > 0
    present[:, -1] = present.any(axis=1)
    return present

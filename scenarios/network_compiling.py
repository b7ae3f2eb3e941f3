"""From the links, cities and travel sections of a scenario to its network.

Names become positions, time zones offsets, figures get the quality letter that the scenario's sources state.
What the sections mean together is checked before, in `links`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np

from scenarios.legs import InsideSpec, LegSpec, Letters
from scenarios.links import CityTravel, Link, inside, operating_hours
from scenarios.network import CityNetwork
from scenarios.places import City

#: Quality of a figure about which the scenario's sources say nothing.
UNSTATED = "assumption"


def compile_network(
    cities: Mapping[str, City],
    links: Mapping[str, Link],
    travel: CityTravel,
    start: date,
    horizon_hours: float,
    letters: Mapping[str, str],
) -> CityNetwork:
    """Return the network of a scenario's cities and links.

    Parameters
    ----------
    cities, links, travel
        Sections `cities`, `links` and `city_travel` of the scenario, already checked.
    start, horizon_hours
        The scenario's first day and length: changes of the clocks in it are followed.
    letters
        Quality letter by dotted key, as the scenario's sources state it; a section covers its keys.
    """
    names = tuple(cities)
    position = {name: i for i, name in enumerate(names)}
    zones = tuple(city.time_zone for city in cities.values())
    legs: list[LegSpec] = []
    for name, link in links.items():
        there = _there(name, link, position, letters)
        legs.append(there)
        if link.both_ways:
            legs.append(_back(there))
    changes, offsets = _clocks(zones, start, int(horizon_hours // 24) + 1)
    travels = tuple(_inside(travel, name) for name in names)
    return CityNetwork(names, zones, tuple(legs), travels, start, changes, offsets)


def _there(name: str, link: Link, position: Mapping[str, int], letters: Mapping[str, str]) -> LegSpec:
    figures = ("access_hours", "wait_hours", "ride_hours", "border_hours", "egress_hours", "cost")
    return LegSpec(
        link=name,
        mode=link.mode,
        start=position[link.start],
        to=position[link.to],
        access=link.access_hours,
        wait=link.wait_hours,
        ride=link.ride_hours,
        border=link.border_hours,
        egress=link.egress_hours,
        cost=link.cost,
        windows=operating_hours(link),
        closed_by=frozenset(str(condition) for condition in link.closed_by),
        slowed_by=tuple((str(condition), factor) for condition, factor in link.slowed_by.items()),
        letters=Letters(*(quality_letter(letters, f"links.{name}.{figure}") for figure in figures)),
    )


def _back(leg: LegSpec) -> LegSpec:
    """Return the same link the other way: its terminals exchanged."""
    letters = replace(leg.letters, access=leg.letters.egress, egress=leg.letters.access)
    return replace(leg, start=leg.to, to=leg.start, access=leg.egress, egress=leg.access, letters=letters)


def quality_letter(letters: Mapping[str, str], key: str) -> str:
    """Return the letter of a dotted key, or of the closest section around it that has one."""
    parts = key.split(".")
    around = (".".join(parts[:length]) for length in range(len(parts), 0, -1))
    return next((letters[section] for section in around if section in letters), UNSTATED)


def _inside(travel: CityTravel, city: str) -> InsideSpec:
    figures = inside(travel, city)
    pace = tuple(figures.circuity / figures.speed_kmh * factor for factor in figures.traffic_by_hour)
    return InsideSpec(pace, tuple((str(condition), f) for condition, f in figures.slowed_by.items()))


def _clocks(
    zones: tuple[str, ...], start: date, days: int
) -> tuple[tuple[float, ...], tuple[tuple[float, ...], ...]]:
    """Return the instants at which a clock changes, and hours ahead of UTC by city from each."""
    by_zone = {zone: _clock_changes(zone, start, days) for zone in zones}
    changes = sorted({instant for offsets in by_zone.values() for instant in offsets})
    return tuple(changes), tuple(
        tuple(by_zone[zone][max(i for i in by_zone[zone] if i <= change)] for zone in zones)
        for change in changes
    )


@lru_cache(maxsize=256)
def _clock_changes(zone: str, start: date, days: int) -> dict[float, float]:
    """Return the hours ahead of UTC by the instant from which they hold, the first -infinity."""
    place = ZoneInfo(zone)
    origin = datetime(start.year, start.month, start.day, tzinfo=UTC)

    def offset(minute: int) -> float:
        ahead = (origin + timedelta(minutes=minute)).astimezone(place).utcoffset()
        return ahead.total_seconds() / 3600.0 if ahead else 0.0

    found = {-np.inf: offset(0)}
    for day in range(days):
        low, high = day * 1440, (day + 1) * 1440
        new = offset(high)
        if new == offset(low):
            continue
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if offset(middle) == new else (middle, high)
        found[high / 60.0] = new
    return found

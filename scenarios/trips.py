"""A trip between two places of a scenario, leg by leg, each figure with its quality, as a person looks it up.

Ways between cities are found in `network`; rides inside the cities at either end are added here. Trips that
are simulated are taken in `sim.travel`, without letters.
"""

from __future__ import annotations

import difflib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from scenarios.default_links import weakest
from scenarios.legs import Leg
from scenarios.links import inside
from scenarios.loading import LoadedScenario
from scenarios.network import CityNetwork
from scenarios.network_compiling import quality_letter
from scenarios.schema import Scenario
from scenarios.territories import position
from scenarios.travel import distances
from scenarios.world import PeriodSpec, World

Conditions = Mapping[str, Collection[str]]
SECTIONS = ("cities", "sites", "centres")
#: Hours of a leg in the order in which they pass.
PARTS = ("access", "wait", "shut", "ride", "border", "egress")


class TripError(ValueError):
    """A trip that cannot be; `what`, `found` and `allowed` say why."""

    def __init__(self, what: str, found: str, allowed: str) -> None:
        self.what, self.found, self.allowed = what, found, allowed
        super().__init__(f"{what}: found {found}; allowed: {allowed}")


@dataclass(frozen=True)
class Place:
    """A city, site or centre, and the city that it is in."""

    key: str
    section: str
    city: str


@dataclass(frozen=True)
class Figure:
    """A number with its quality letter: A, B, C, D, R or assumption."""

    value: float
    quality: str


@dataclass(frozen=True)
class Stretch:
    """One part of a trip.

    Parameters
    ----------
    mode
        road, ferry or air for a link; city for a ride inside one; without a network table or distance.
    link
        Name of the link, empty where it is none.
    start, to
        Keys of the places.
    departs, arrives
        In local time of either end.
    hours
        By part, of `PARTS`; those that take no time are left out.
    fare
        Of one person, in the scenario's currency.
    """

    mode: str
    link: str
    start: str
    to: str
    departs: datetime
    arrives: datetime
    hours: Mapping[str, Figure]
    fare: Figure

    @property
    def quality(self) -> str:
        """Return the worst letter among the figures that count."""
        paid = [self.fare.quality] if self.fare.value else []
        return weakest(*paid, *(figure.quality for figure in self.hours.values()))


@dataclass(frozen=True)
class Trip:
    """The way from one place to another; no stretch where they are one."""

    start: Place
    to: Place
    stretches: tuple[Stretch, ...]

    @property
    def hours(self) -> float:
        """Return the hours door to door."""
        return sum(figure.value for stretch in self.stretches for figure in stretch.hours.values())

    @property
    def fare(self) -> float:
        """Return the fares of one person."""
        return sum(stretch.fare.value for stretch in self.stretches)


def find_place(loaded: LoadedScenario, what: str, name: str) -> Place:
    """Return the city, site or centre of a name, as the scenario has it at some time.

    Parameters
    ----------
    loaded
        The scenario.
    what
        What the name is given for, for messages.
    name
        A key; after its section and a dot where several sections have it.

    Raises
    ------
    TripError
        There is none, or more than one.
    """
    known = {
        one: {k: v for p in loaded.periods for k, v in getattr(p.scenario, one).items()} for one in SECTIONS
    }
    sections = [section for section in SECTIONS if name in known[section]]
    section, _, key = name.rpartition(".")
    if section in SECTIONS and key in known[section]:
        sections, name = [section], key
    if len(sections) > 1:
        raise TripError(what, f"{name!r} more than once", " or ".join(f"{one}.{name}" for one in sections))
    if not sections:
        allowed = "; ".join(f"{one}: {_listed(known[one])}" for one in SECTIONS)
        names = [place for one in SECTIONS for place in known[one]]
        close = difflib.get_close_matches(name, names, n=1)
        hint = f" (did you mean {close[0]}?)" if close else ""
        raise TripError(what, repr(name), allowed + hint)
    city = name if sections[0] == "cities" else known[sections[0]][name].city
    return Place(name, sections[0], city)


def _listed(keys: Collection[str]) -> str:
    return ", ".join([*list(keys)[:20], "…"] if len(keys) > 20 else keys)


def departure(loaded: LoadedScenario, start: Place, at: datetime) -> tuple[datetime, Scenario, int]:
    """Return a time of departure with its zone, and what holds then with the number of its period.

    Parameters
    ----------
    loaded
        The scenario.
    start
        Where the trip begins.
    at
        When; without a time zone, in that of the place.

    Raises
    ------
    TripError
        A day outside the scenario.
    """
    first = loaded.scenario
    zone = ZoneInfo(first.cities[start.city].time_zone)
    local = at.replace(tzinfo=zone) if at.tzinfo is None else at.astimezone(zone)
    end = first.start + timedelta(days=first.days)
    if not first.start <= local.date() <= end:
        raise TripError("--at", local.isoformat(" ", "minutes"), f"a day from {first.start} to {end}")
    hour = (local - _midnight(first)).total_seconds() / 3600.0
    number = max([i for i, p in enumerate(loaded.periods) if p.start_hours <= hour], default=0)
    return local, loaded.periods[number].scenario, number


def _midnight(s: Scenario) -> datetime:
    return datetime(s.start.year, s.start.month, s.start.day, tzinfo=UTC)


def describe(
    loaded: LoadedScenario,
    world: World,
    start: Place,
    to: Place,
    at: datetime,
    conditions: Conditions | None = None,
) -> Trip:
    """Return the trip that arrives first, every figure with its quality.

    Parameters
    ----------
    loaded, world
        The scenario, and the same compiled.
    start, to
        Places of it.
    at
        When the first place is left; without a time zone, in that of the place.
    conditions
        Weather by city, which stays as it is; fair where nothing is said.

    Raises
    ------
    TripError
        No way leads there in this weather, or the time or a city is not of the scenario.
    """
    local, s, number = departure(loaded, start, at)
    for what, place in (("FROM", start), ("TO", to)):
        if place.key not in getattr(s, place.section):
            raise TripError(what, f"{place.key!r}, not there on {local.date()}", "a place that is there then")
    for city in conditions or {}:
        if city not in s.cities:
            raise TripError("--weather", repr(city), f"a city: {_listed(s.cities)}")
    if start == to:
        return Trip(start, to, ())
    way = _Way(s, world.periods[number], world, conditions or {})
    if s.travel.method == "network":
        return Trip(start, to, way.over_links(start, to, local))
    return Trip(start, to, (way.without_links(start, to, local),))


class _Way:
    """What a trip is looked up in: a scenario in one of its periods, and the weather."""

    def __init__(self, s: Scenario, period: PeriodSpec, world: World, conditions: Conditions) -> None:
        self._s, self._period, self._world, self._conditions = s, period, world, conditions
        self._letters = {key: source.quality for key, source in s.sources.items()}

    def over_links(self, start: Place, to: Place, local: datetime) -> tuple[Stretch, ...]:
        """Return the stretches over the network: out of the one city, its links, into the other city."""
        assert self._period.network is not None  # compiled for this method of travel
        network = self._period.network.network
        if start.city == to.city:
            return (self._inside(network, start.city, start.key, to.key, self._km(start, to), local),)
        stretches: list[Stretch] = []
        out, into = (self._km(place, Place(place.city, "cities", place.city)) for place in (start, to))
        if out:
            stretches.append(self._inside(network, start.city, start.key, start.city, out, local))
            local = stretches[-1].arrives
        depart = (local - _midnight(self._s)).total_seconds() / 3600.0
        cities = network.cities.index(start.city), network.cities.index(to.city)
        try:
            legs = network.path(*cities, network.weather(self._conditions), depart)
        except ValueError:
            found = f"no way from {start.city} to {to.city} in this weather"
            raise TripError("TO", found, "cities that open links lead to") from None
        stretches += [self._leg(leg) for leg in legs]
        if into:
            arrival = stretches[-1].arrives
            stretches.append(self._inside(network, to.city, to.city, to.key, into, arrival))
        return tuple(stretches)

    def _inside(
        self, network: CityNetwork, city: str, start: str, to: str, km: float, departs: datetime
    ) -> Stretch:
        """Return a ride inside a city."""
        week = 24.0 * departs.weekday() + departs.hour + departs.minute / 60.0 + departs.second / 3600.0
        conditions = self._conditions.get(city, ())
        hours = network.inside_hours(network.cities.index(city), km, week, conditions)
        figures = ["speed_kmh", "circuity", "traffic_by_hour", *(["slowed_by"] if conditions else [])]
        own = self._s.city_travel.cities.get(city)
        keys = [
            f"city_travel.{'default' if own is None or getattr(own, f) is None else f'cities.{city}'}.{f}"
            for f in figures
        ]
        ride = {"ride": Figure(hours, self._letter(keys))}
        return Stretch("city", "", start, to, departs, _later(departs, hours), ride, Figure(0.0, "A"))

    def _leg(self, leg: Leg) -> Stretch:
        letters = {**vars(leg.letters), "shut": self._letter([f"links.{leg.link}.operates"])}
        hours = {
            part: Figure(value, letters[part]) for part in PARTS if (value := getattr(leg, f"{part}_hours"))
        }
        departs, arrives = (self._local(*end) for end in ((leg.start, leg.depart), (leg.to, leg.arrive)))
        fare = Figure(leg.cost, leg.letters.cost)
        return Stretch(leg.mode, leg.link, leg.start, leg.to, departs, arrives, hours, fare)

    def without_links(self, start: Place, to: Place, departs: datetime) -> Stretch:
        """Return the one stretch door to door, by the table or by distance, as the weather has it."""
        s = self._s
        found = self._by_table(start, to) if s.travel.method == "matrix" else self._by_distance(start, to)
        factor = max(self._slowing(start.city), self._slowing(to.city))
        mode = "table" if s.travel.method == "matrix" else "distance"
        hours = {"ride": replace(found, value=found.value * factor)}
        arrives = _later(departs, found.value * factor).astimezone(ZoneInfo(s.cities[to.city].time_zone))
        return Stretch(mode, "", start.key, to.key, departs, arrives, hours, Figure(0.0, "A"))

    def _by_table(self, start: Place, to: Place) -> Figure:
        names, given = self._world.names, self._s.travel.hours
        keys = [*names.sites, *names.centres]
        for what, place in (("FROM", start), ("TO", to)):
            if place.section == "cities":
                allowed = "a site or centre: the hours of travel.hours are between those"
                raise TripError(what, f"the city {place.key!r}", allowed)
        hours = float(self._period.travel_hours[keys.index(to.key), keys.index(start.key)])
        if not np.isfinite(hours):
            raise TripError("TO", f"no hours from {start.key} to {to.key}", "a pair of travel.hours")
        ends = ((start.key, to.key), (to.key, start.key))
        entry = next((f"travel.hours.{a}.{b}" for a, b in ends if b in given.get(a, {})), "travel.hours")
        return Figure(hours, self._letter([entry]))

    def _by_distance(self, start: Place, to: Place) -> Figure:
        prefix = "" if start.city == to.city else "intercity_"
        figures = [f"{prefix}circuity", f"{prefix}speed_kmh"]
        circuity, speed = (getattr(self._s.travel, figure) for figure in figures)
        hours = self._km(start, to) * circuity / speed
        return Figure(hours, self._letter([f"travel.{figure}" for figure in figures]))

    def _slowing(self, city: str) -> float:
        slowed = inside(self._s.city_travel, city).slowed_by
        held = self._conditions.get(city, ())
        return max((factor for condition, factor in slowed.items() if condition in held), default=1.0)

    def _km(self, start: Place, to: Place) -> float:
        return float(distances(np.array([self._position(start), self._position(to)]))[0, 1])

    def _position(self, place: Place) -> tuple[float, float]:
        if place.section == "cities":
            return self._s.cities[place.key].lat, self._s.cities[place.key].lon
        return position(self._s, place.key)

    def _letter(self, keys: Sequence[str]) -> str:
        return weakest(*(quality_letter(self._letters, key) for key in keys))

    def _local(self, city: str, instant: float) -> datetime:
        zone = ZoneInfo(self._s.cities[city].time_zone)
        return _later(_midnight(self._s), instant).astimezone(zone)


def _later(at: datetime, hours: float) -> datetime:
    """Return an instant some hours after another, in the other's zone."""
    return (at.astimezone(UTC) + timedelta(hours=hours)).astimezone(at.tzinfo)

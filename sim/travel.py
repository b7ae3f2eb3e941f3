"""Hours on the way, at the present: from a table, or over the network at the hour of day, in the weather.

Who travels knows the weather of the present; it is taken to stay as it is until he arrives. Where no way is
open he waits for the weather to change.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import NamedTuple, Protocol

import numpy as np
import simpy

from scenarios.legs import FAIR, Weather
from scenarios.network_travel import NetworkTravel
from scenarios.weather_compiling import CONDITIONS
from scenarios.world import FloatArray, World
from sim.conditions import Conditions, Timeline

_NEVER = float("inf")
#: Hours that no rounding of a clock exceeds.
_ROUNDING = 1e-6
#: Until when a factor holds, and the factor, where none has been looked up.
_UNKNOWN = (-1.0, 0.0)


class HoursTo(Protocol):
    """Hours to one place from each location."""

    def __getitem__(self, location: int, /) -> float:
        """Return the hours from a location."""


class TravelTimes:
    """Hours on the way in one replication.

    Parameters
    ----------
    world
        The compiled scenario.
    env
        Its clock.
    conditions
        Weather of the replication; always fair when absent.
    """

    def __init__(self, world: World, env: simpy.Environment, conditions: Conditions | None = None) -> None:
        self._world = world
        self._env = env
        self._conditions = None if conditions is None or conditions.quiet else conditions
        places = world.places
        self.city: list[int] = [*places.site_city.tolist(), *places.centre_city.tolist()]
        self.begin_period(0)

    def begin_period(self, number: int) -> None:
        """Put the travel of a period into force."""
        period = self._world.periods[number]
        self._network = period.network
        self._fair: dict[int, float] = {}
        self._factors: dict[int, tuple[float, float]] = {}
        self._longest: dict[int, float] = {}
        past = self._world.periods[: number + 1][::-1]
        if period.network is None:
            self._rows = _over_centres(_latest([p.travel_hours for p in past]), len(self._world.names.sites))
        else:
            known = [p.network for p in past if p.network is not None]
            self._rows, self._centre_km = _distances(self._world, number, known)
            cities = period.network.network
            self._paces = [inside.pace for inside in cities.inside]
            # Where no clock is ever changed, the hour of the local day needs no search.
            self._ahead = cities.offsets[0] if len(cities.changes) == 1 else None
            self._monday = 24.0 * cities.start.weekday()
        self._between = _minded(self._conditions, period.network)
        self._inside = _slowings(self._conditions, period.slowed_by)

    def trip(self, start: int, place: int) -> tuple[float, float, float]:
        """Return hours, fare of one person, and hours lost to the weather, of a trip that begins now.

        What `to`, `fare` and `lost_to_weather` tell, at once.
        """
        network, city = self._network, self.city[place]
        if network is None:
            return self.to(place)[start], 0.0, self.lost_to_weather(start, place)
        if city != self.city[start]:
            return (
                self.over(network, start, place),
                self.fare(start, place),
                self.lost_to_weather(start, place),
            )
        kilometres, factor = self._rows[place][start], self.factor_now(network, city)
        return kilometres * factor, 0.0, kilometres * (factor - self._fair[city])

    def to(self, place: int) -> HoursTo:
        """Return the hours to a location from each location, leaving now; infinite where no way leads."""
        if self._network is not None:
            return _Way(self, self._network, place)
        return _Slowed(self, place) if self._inside else self._rows[place]

    def fare(self, start: int, place: int) -> float:
        """Return the fares of one person who leaves now; 0 without a network."""
        network, a, b = self._network, self.city[start], self.city[place]
        if network is None or a == b:
            return 0.0
        trip = self._trip(network, a, b, self._out(network, start, True), self._weather())
        out, weather = (0.0, FAIR) if trip is None else (trip.out, trip.weather)
        return float(network.network.reach(a, weather, self._env.now + out).cost[b])

    def lost_to_weather(self, start: int, place: int) -> float:
        """Return the hours by which the weather of the present makes a trip longer, 0 in fair weather."""
        if not self._inside and self._between is None:
            return 0.0
        a, b = self.city[start], self.city[place]
        slowed = self._slowing(a) > 1.0 or self._slowing(b) > 1.0
        if self._network is None:
            return self._rows[place][start] * (self._worst(a, b) - 1.0) if slowed else 0.0
        if not slowed and (a == b or not self._weather()):
            return 0.0
        lost = self.over(self._network, start, place) - self.in_fair_weather(self._network, start, place)
        return max(lost, 0.0) if lost < _NEVER else 0.0

    def table(self, start: int, place: int) -> float:
        """Return the hours of the table, longer by the worse weather of the two cities."""
        return self._rows[place][start] * self._worst(self.city[start], self.city[place])

    def longest(self, city: int) -> float:
        """Return hours that no trip inside a city exceeds, in any traffic and weather."""
        if city not in self._longest:
            here = [i for i, c in enumerate(self.city) if c == city]
            most = max((h for i in here for j in here if (h := self._rows[i][j]) == h), default=0.0)
            if self._network is not None:
                most *= max(self._paces[city])
            steps = self._inside.get(city)
            self._longest[city] = most * (max(steps.factors, default=1.0) if steps else 1.0)
        return self._longest[city]

    def factor_now(self, network: NetworkTravel, city: int) -> float:
        """Return the hours for a kilometre in a city by the traffic and the weather of the present."""
        now = self._env.now
        until, factor = self._factors.get(city, _UNKNOWN)
        if now <= until:
            return factor
        until = now
        if self._ahead is None:
            factor = self._pace_now(network, city)
        else:
            local = now + self._ahead[city]
            factor = self._paces[city][int(local % 24.0)]
            # It holds until the hour is over; close to its end rounding decides, and it is looked up anew.
            until = now + (1.0 - local % 1.0) - _ROUNDING
        self._fair[city] = factor
        steps = self._inside.get(city)
        if steps is not None:
            position = bisect_right(steps.changes, now)
            factor = factor * steps.factors[position - 1] if position else factor
            if position < len(steps.changes):
                until = min(until, steps.changes[position] - _ROUNDING)
        self._factors[city] = until, factor
        return factor

    def row(self, place: int) -> list[float]:
        """Return what the table holds for a location: hours, or kilometres over a network."""
        return self._rows[place]

    def over(self, network: NetworkTravel, start: int, place: int) -> float:
        """Return the hours over the network from one location to another, leaving now."""
        a, b = self.city[start], self.city[place]
        if a == b:
            return self._rows[place][start] * self.factor_now(network, a)
        trip = self._trip(network, a, b, self._out(network, start, True), self._weather())
        if trip is None:
            return _NEVER
        return trip.out + trip.between + self._in(network, place, trip, True)

    def in_fair_weather(self, network: NetworkTravel, start: int, place: int) -> float:
        """Return the hours over the network in fair weather, leaving now."""
        a, b = self.city[start], self.city[place]
        if a == b:
            return self._rows[place][start] * self._pace_now(network, a)
        trip = self._trip(network, a, b, self._out(network, start, False), FAIR)
        if trip is None:
            return _NEVER
        return trip.out + trip.between + self._in(network, place, trip, False)

    def _trip(self, network: NetworkTravel, a: int, b: int, out: float, weather: Weather) -> _Trip | None:
        """Return the trip from city to city; at the first change of weather that opens a way, if none is."""
        now = self._env.now
        hours = network.network.hours(a, b, weather, now + out)
        if hours < _NEVER:
            return _Trip(out, hours, weather)
        for at, later in () if self._between is None else self._between.after(now):
            # He sets out when the way opens, and not before he is at the edge of his city.
            depart = max(at, now + out)
            hours = network.network.hours(a, b, later, depart)
            if hours < _NEVER:
                return _Trip(depart - now, hours, later)
        return None

    def _out(self, network: NetworkTravel, start: int, weathered: bool) -> float:
        city = self.city[start]
        factor = self.factor_now(network, city)
        return self._centre_km[start] * (factor if weathered else self._fair[city])

    def _in(self, network: NetworkTravel, place: int, trip: _Trip, weathered: bool) -> float:
        city, arrives = self.city[place], self._env.now + trip.out + trip.between
        if self._ahead is None:
            local = network.network.local_hour_of_week(city, arrives)
        else:
            local = (self._monday + arrives + self._ahead[city]) % 168.0
        hours = self._centre_km[place] * self._paces[city][int(local) % 24]
        return hours * self._slowing(city) if weathered else hours

    def _pace_now(self, network: NetworkTravel, city: int) -> float:
        """Return the hours for a kilometre in a city by the traffic of the present."""
        cities, now = network.network, self._env.now
        if self._ahead is None:
            return cities.inside[city].pace[int(cities.local_hour_of_week(city, now)) % 24]
        return self._paces[city][int((now + self._ahead[city]) % 24.0)]

    def _weather(self) -> Weather:
        return FAIR if self._between is None else self._between.at(self._env.now)

    def _slowing(self, city: int) -> float:
        """Return the factor on the hours inside a city by the weather of the present."""
        steps = self._inside.get(city)
        return 1.0 if steps is None else steps.at(self._env.now)

    def _worst(self, a: int, b: int) -> float:
        return max(self._slowing(a), self._slowing(b))


class _Trip(NamedTuple):
    """A trip between cities: hours until it leaves the one, and until it is in the other; its weather."""

    out: float
    between: float
    weather: Weather


class _Steps(NamedTuple):
    """A factor from each change on, 1 before the first."""

    changes: list[float]
    factors: list[float]

    def at(self, instant: float) -> float:
        """Return the factor at an instant."""
        position = bisect_right(self.changes, instant)
        return self.factors[position - 1] if position else 1.0


def _minded(conditions: Conditions | None, network: NetworkTravel | None) -> Timeline | None:
    """Return the weather that links mind, over time; None if it is always fair for them."""
    if conditions is None or network is None:
        return None
    cities = network.network.cities
    pairs = {
        (city, condition)
        for city, condition in conditions.spans
        if network.network.weather({cities[city]: [str(CONDITIONS[condition])]})
    }
    return conditions.timeline(pairs) if pairs else None


def _slowings(
    conditions: Conditions | None, slowed_by: tuple[tuple[tuple[str, float], ...], ...]
) -> dict[int, _Steps]:
    """Return the factor on hours inside each city over time; cities in which it is always 1 are left out."""
    found: dict[int, _Steps] = {}
    if conditions is None:
        return found
    for city, factors in enumerate(slowed_by):
        minded = [
            (factor, conditions.spans[city, position])
            for position, condition in enumerate(CONDITIONS)
            for name, factor in factors
            if name == condition and factor > 1.0 and (city, position) in conditions.spans
        ]
        if minded:
            edges = np.unique(np.concatenate([e for _, s in minded for e in (s.opens, s.closes)]))
            worst = np.max([np.where(span.is_open(edges), factor, 1.0) for factor, span in minded], axis=0)
            found[city] = _Steps(edges.tolist(), worst.tolist())
    return found


def _distances(
    world: World, number: int, known: list[NetworkTravel]
) -> tuple[list[list[float]], list[float]]:
    """Return the kilometres between places and to their city's centre in a period; made once for a World."""
    key = f"kilometres {number}"
    if key not in world.derived:
        rows = _latest([n.km for n in known]).tolist()
        world.derived[key] = rows, _latest([n.centre_km for n in known]).tolist()
    made: tuple[list[list[float]], list[float]] = world.derived[key]
    return made


def _latest(figures: list[FloatArray]) -> FloatArray:
    """Return the newest figures; of places that have closed, as they were before."""
    newest = figures[0]
    for earlier in figures[1:]:
        newest = np.where(np.isnan(newest), earlier, newest)
    return newest


def _over_centres(hours: FloatArray, sites: int) -> list[list[float]]:
    """Return hours [to][from] as lists, which answer faster; where none are known, those over a centre."""
    if np.isnan(hours[:sites]).any():
        ways = [hours[:, c, np.newaxis] + hours[c] for c in range(sites, len(hours))]
        hours = np.where(np.isnan(hours), np.fmin.reduce(ways), hours)
    rows: list[list[float]] = hours.tolist()
    return rows


class _Way:
    """Hours to one place over the network, found when they are asked for."""

    __slots__ = ("_city", "_factor", "_network", "_place", "_row", "_times")

    def __init__(self, times: TravelTimes, network: NetworkTravel, place: int) -> None:
        self._times = times
        self._network = network
        self._place = place
        self._row = times.row(place)
        self._city = times.city[place]
        self._factor = -1.0

    def __getitem__(self, location: int, /) -> float:
        """Return the hours from a location."""
        if self._times.city[location] != self._city:
            return self._times.over(self._network, location, self._place)
        if self._factor < 0.0:
            self._factor = self._times.factor_now(self._network, self._city)
        return self._row[location] * self._factor


class _Slowed:
    """Hours to one place by the table, as the weather has them."""

    __slots__ = ("_place", "_times")

    def __init__(self, times: TravelTimes, place: int) -> None:
        self._times = times
        self._place = place

    def __getitem__(self, location: int, /) -> float:
        """Return the hours from a location."""
        return self._times.table(location, self._place)

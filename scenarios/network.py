"""The network of cities: door-to-door hours, fares and routes at a time of departure and in a weather.

Made once from the links of a scenario by `network_compiling`; immutable, and pickled without what it has
looked up. Ways are found in `earliest_arrival`; where sites lie in their cities, and what the weather is,
others know.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, timedelta
from functools import cached_property, lru_cache
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import numpy as np

from scenarios.earliest_arrival import EPSILON, Hop, Reach, Windows, daily_windows, opening, reaches
from scenarios.legs import InsideSpec, Leg, LegSpec, Weather, open_hops, slowing
from scenarios.links import HOURS_OF_DAY
from scenarios.world import FloatArray, IntArray

#: Searches kept: sixteen cities in forty kinds of weather, every hour of the day; about 12 MB.
_KEPT = 16 * 24 * 40
_HOURS_OF_WEEK = 168


class DoorToDoor(NamedTuple):
    """Between all cities at one departure, each [to][from]; where no way leads, infinite and 0 legs.

    Parameters
    ----------
    hours
        From leaving the one city to being in the other.
    cost
        Fares of one person.
    legs
        Number of legs.
    """

    hours: FloatArray
    cost: FloatArray
    legs: IntArray


@dataclass(frozen=True, eq=False)
class CityNetwork:
    """Cities and the legs between them.

    Parameters
    ----------
    cities, time_zones
        Names and IANA time zones by position.
    legs
        Directions of links.
    inside
        Travel inside each city.
    start
        The scenario's start.
    changes, offsets
        Instants from which offsets hold (the first -infinity), and hours ahead of UTC by city from each.
    """

    cities: tuple[str, ...]
    time_zones: tuple[str, ...]
    legs: tuple[LegSpec, ...]
    inside: tuple[InsideSpec, ...]
    start: date
    changes: tuple[float, ...]
    offsets: tuple[tuple[float, ...], ...]

    def __getstate__(self) -> dict[str, Any]:
        """Return the fields alone: what was looked up is found again."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    def weather(self, conditions: Mapping[str, Collection[str]]) -> Weather:
        """Return the weather as lookups take it, without what no link minds.

        Parameters
        ----------
        conditions
            Weather (rain, storm, typhoon, flood) by name of the city; cities left out have fair weather.

        Raises
        ------
        KeyError
            An unknown city.
        """
        known = {name: position for position, name in enumerate(self.cities)}
        given = {(known[city], str(c)) for city, held in conditions.items() for c in held}
        return self._minded & given

    def hours(self, start: int, to: int, weather: Weather, depart_hour: float) -> float:
        """Return the hours from leaving one city to being in another, infinite where no way leads.

        Parameters
        ----------
        start, to
            Positions of the cities.
        weather
            From `weather`; it is taken to stay as it is at departure.
        depart_hour
            When the first city is left, in hours since the scenario's start.
        """
        hour = depart_hour % 24.0
        reach = self._reach(start, weather, hour, depart_hour)
        return max(reach.lead[to], reach.held[to] - hour)

    def reach(self, start: int, weather: Weather, depart_hour: float) -> Reach:
        """Return how every city is reached from one, leaving at an instant.

        Instants in the answer are hours since the last midnight UTC before departure.
        """
        return self._reach(start, weather, depart_hour % 24.0, depart_hour)

    def _reach(self, start: int, weather: Weather, hour: float, depart_hour: float) -> Reach:
        epoch = 0 if len(self.changes) == 1 else self._epoch(depart_hour)
        reaches = self._reaches(weather, epoch, start, int((hour + EPSILON) / self._span))
        if len(reaches) > 1:
            for reach in reaches:
                if hour + EPSILON < reach.until:
                    return reach
        return reaches[-1]

    def door_to_door(self, weather: Weather, depart_hour: float) -> DoorToDoor:
        """Return hours, fares and number of legs between all cities, every trip leaving at one instant."""
        found = [self.reach(start, weather, depart_hour) for start in range(len(self.cities))]
        lead = np.array([reach.lead for reach in found]).T
        held = np.array([reach.held for reach in found]).T
        return DoorToDoor(
            np.maximum(lead, held - depart_hour % 24.0),
            np.array([reach.cost for reach in found]).T,
            np.array([reach.legs for reach in found]).T,
        )

    def path(self, start: int, to: int, weather: Weather, depart_hour: float) -> tuple[Leg, ...]:
        """Return the legs of the way that arrives first, none within one city.

        Raises
        ------
        ValueError
            No way leads there in this weather.
        """
        reach = self.reach(start, weather, depart_hour)
        chain: list[LegSpec] = []
        city = to
        while city != start:
            if reach.last[city] < 0:
                raise ValueError(
                    f"no way leads from {self.cities[start]} to {self.cities[to]} in this weather"
                )
            chain.append(self.legs[reach.last[city]])
            city = chain[-1].start
        offsets = self.offsets[self._epoch(depart_hour)]
        trip: list[Leg] = []
        for spec in reversed(chain):
            windows = daily_windows(spec.windows, offsets[spec.start])
            trip.append(self._leg(spec, windows, weather, trip[-1].arrive if trip else depart_hour))
        return tuple(trip)

    def _leg(self, spec: LegSpec, windows: Windows, weather: Weather, depart: float) -> Leg:
        ready = depart + spec.access + spec.wait
        opens, _ = opening(windows, ready + EPSILON)
        begins = max(ready, opens)
        ride = spec.ride * slowing(spec, weather)
        return Leg(
            link=spec.link,
            mode=spec.mode,
            start=self.cities[spec.start],
            to=self.cities[spec.to],
            depart=depart,
            arrive=begins + ride + spec.border + spec.egress,
            access_hours=spec.access,
            wait_hours=spec.wait,
            shut_hours=begins - ready,
            ride_hours=ride,
            border_hours=spec.border,
            egress_hours=spec.egress,
            cost=spec.cost,
            letters=spec.letters,
        )

    def local_hour_of_week(self, city: int, depart_hour: float) -> float:
        """Return the local time of a city in hours since Monday's midnight, 0 to below 168."""
        offset = self.offsets[self._epoch(depart_hour)][city]
        return (24.0 * self.start.weekday() + depart_hour + offset) % _HOURS_OF_WEEK

    def inside_hours(
        self, city: int, km: float, hour_of_week: float, conditions: Collection[str] = ()
    ) -> float:
        """Return the hours of a ride inside a city: km x circuity / speed x traffic of the hour x weather.

        Parameters
        ----------
        city
            Position of the city.
        km
            Kilometres as the crow flies.
        hour_of_week
            Local time at departure, in hours since Monday's midnight; traffic repeats daily.
        conditions
            Weather in the city.
        """
        spec = self.inside[city]
        factor = max((f for condition, f in spec.slowed_by if condition in conditions), default=1.0)
        return km * spec.pace[int(hour_of_week) % HOURS_OF_DAY] * factor

    def graph(self, weather: Weather) -> Any:
        """Return a networkx MultiDiGraph of the open legs, keyed by link.

        Its edges have mode, hours (as if they always operated), cost and quality.
        """
        import networkx as nx

        graph = nx.MultiDiGraph()
        graph.add_nodes_from(self.cities)
        for hops in open_hops(self.legs, self.offsets[0], weather):
            for hop in hops:
                leg = self.legs[hop.leg]
                graph.add_edge(
                    self.cities[leg.start],
                    self.cities[leg.to],
                    key=leg.link,
                    mode=leg.mode,
                    hours=hop.before + hop.after,
                    cost=leg.cost,
                    quality=leg.letters.ride,
                )
        return graph

    def _epoch(self, instant: float) -> int:
        """Return which offsets of the clocks hold at an instant."""
        return bisect_right(self.changes, instant + EPSILON) - 1

    @cached_property
    def _span(self) -> float:
        """Return the hours of departures that one search covers: all where nothing ever closes."""
        return 1.0 if any(leg.windows for leg in self.legs) else 24.0

    @cached_property
    def _minded(self) -> Weather:
        """Return the weather that closes or slows some link."""
        return frozenset(
            (end, condition)
            for leg in self.legs
            for end in (leg.start, leg.to)
            for condition in (*leg.closed_by, *(c for c, _ in leg.slowed_by))
        )

    @cached_property
    def _reaches(self) -> Callable[[Weather, int, int, int], tuple[Reach, ...]]:
        return _kept_reaches(self.legs, self.offsets, self._span)


def separated(network: CityNetwork, weather: Weather) -> tuple[tuple[str, ...], ...]:
    """Return groups of cities with no way there and back between them, largest first; one if all is well."""
    import networkx as nx

    groups = nx.strongly_connected_components(network.graph(weather))
    return tuple(sorted((tuple(sorted(group)) for group in groups), key=lambda group: (-len(group), group)))


def _kept_reaches(
    legs: tuple[LegSpec, ...], offsets: tuple[tuple[float, ...], ...], span: float
) -> Callable[[Weather, int, int, int], tuple[Reach, ...]]:
    """Return a search by weather, epoch of offsets, city and part of the day, that remembers its answers."""

    @lru_cache(maxsize=256)
    def hops(weather: Weather, epoch: int) -> tuple[tuple[Hop, ...], ...]:
        return open_hops(legs, offsets[epoch], weather)

    @lru_cache(maxsize=_KEPT)
    def search(weather: Weather, epoch: int, start: int, bucket: int) -> tuple[Reach, ...]:
        return reaches(hops(weather, epoch), start, bucket * span, (bucket + 1) * span)

    return search


@dataclass(frozen=True)
class TripRow:
    """One leg of a trip as a table shows it: beside the leg, when it begins and ends in local time."""

    leg: Leg
    departs: datetime
    arrives: datetime


def describe_trip(
    network: CityNetwork,
    start: str,
    to: str,
    at: datetime,
    conditions: Mapping[str, Collection[str]] | None = None,
) -> tuple[TripRow, ...]:
    """Return the legs of the trip that arrives first, as a table shows them.

    Parameters
    ----------
    network
        The network.
    start, to
        Names of the cities.
    at
        When the first city is left; without a time zone, in that city's own.
    conditions
        Weather by name of the city; fair where nothing is said.

    Raises
    ------
    ValueError
        An unknown city, or no way in this weather.
    """
    for city in (start, to, *(conditions or {})):
        if city not in network.cities:
            raise ValueError(f"unknown city {city!r}: allowed are {', '.join(network.cities)}")
    origin, target = network.cities.index(start), network.cities.index(to)
    local = at if at.tzinfo is not None else at.replace(tzinfo=ZoneInfo(network.time_zones[origin]))
    midnight = datetime(network.start.year, network.start.month, network.start.day, tzinfo=UTC)
    depart = (local - midnight).total_seconds() / 3600.0
    legs = network.path(origin, target, network.weather(conditions or {}), depart)
    return tuple(_row(network, leg, midnight) for leg in legs)


def _row(network: CityNetwork, leg: Leg, midnight: datetime) -> TripRow:
    def local(city: str, instant: float) -> datetime:
        zone = network.time_zones[network.cities.index(city)]
        return (midnight + timedelta(seconds=round(instant * 3600.0))).astimezone(ZoneInfo(zone))

    return TripRow(leg, local(leg.start, leg.depart), local(leg.to, leg.arrive))

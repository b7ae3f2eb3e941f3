"""Ways between the places of a day: the file's where it has them, else the scenario's, hour by hour.

Inside a city: distance x circuity / speed x traffic of the local hour; between cities over the network, or as
the crow flies with the scenario's factor. Weather is fair.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime

import numpy as np

from optimize.day.ground import Ground
from optimize.day.model import DayEngineer, DayOrder, DayTravel
from optimize.problem import FloatArray, Travel
from scenarios.legs import FAIR
from scenarios.travel import distances

#: Hours of a way that does not exist: no shift is as long.
NO_WAY = 1e4
#: Entries of a table of ways up to which every hour of the day has its own; larger days have coarser slices.
_ROOM = 6_000_000
_SLICES = (24, 4, 1)

Key = tuple[float, float, int, str, str]


@dataclass
class Places:
    """Places of a day by position, those at one point and of one name together.

    Parameters
    ----------
    ground
        The scenario.
    named
        Names that ways from a file use: places of these are kept apart.
    """

    ground: Ground
    named: frozenset[str] = frozenset()
    positions: dict[Key, int] = field(default_factory=dict)
    #: Places by each name that they have.
    names: dict[str, list[int]] = field(default_factory=dict)

    def add(self, lat: float, lon: float, city: str, *names: str) -> int:
        """Return the position of a place, a new one if need be.

        Parameters
        ----------
        lat, lon
            Degrees.
        city
            Key of its city, empty for the nearest.
        names
            Names by which ways from a file may mean it, at most two.
        """
        own = [name for name in names if name in self.named]
        first, second = (*own, "", "")[:2]
        key = (lat, lon, self.ground.city_of(city, lat, lon), first, second)
        found = self.positions.setdefault(key, len(self.positions))
        for name in own:
            if found not in self.names.setdefault(name, []):
                self.names[name].append(found)
        return found

    def of_order(self, order: DayOrder) -> int:
        """Return the position of an order's place, which ways may mean by its site or by its id."""
        names = dict.fromkeys((order.site or order.id, order.id))
        return self.add(order.lat, order.lon, order.city, *names)

    def of_engineer(self, engineer: DayEngineer) -> int:
        """Return the position of where an engineer is, which ways may mean by his id."""
        return self.add(engineer.lat, engineer.lon, engineer.city, engineer.id)

    def home(self, engineer: DayEngineer) -> int:
        """Return the position of an engineer's home: where he is, unless it is elsewhere."""
        lat, lon = engineer.home_lat, engineer.home_lon
        if lat is None or lon is None or (lat, lon) == (engineer.lat, engineer.lon):
            return self.of_engineer(engineer)
        return self.add(lat, lon, engineer.city)

    def travel(self, start: datetime, given: Iterable[DayTravel] = ()) -> Travel:
        """Return the ways between all places, in slices of the day from an instant on.

        Parameters
        ----------
        start
            Hour 0 of the problem, a full hour.
        given
            Ways from a file; a direction that is missing is the other.
        """
        keys = list(self.positions)
        count = len(keys)
        slices = next((k for k in _SLICES if k * count * count <= _ROOM), 1)
        city = np.array([key[2] for key in keys], np.int64)
        points = np.array([key[:2] for key in keys], float).reshape(count, 2)
        middles = np.array([(c.lat, c.lon) for c in self.ground.scenario.cities.values()], float)
        apart = distances(np.concatenate([points, middles]))
        km, to_middle = apart[:count, :count], apart[np.arange(count), count + city]
        if self.ground.scenario.travel.method == "network":
            hours, price = _over_network(self.ground, start, city, km, to_middle, slices)
        else:
            hours, price = _as_the_crow_flies(self.ground, city, km)
        hours = np.minimum(hours, NO_WAY)
        for way in sorted(given, key=lambda w: (w.origin, w.destination)):
            self._set(hours, price, way)
        return Travel(hours, price, 24.0 / len(hours) if len(hours) > 1 else np.inf)

    def _set(self, hours: FloatArray, price: FloatArray, way: DayTravel) -> None:
        for a in self.names.get(way.origin, ()):
            for b in self.names.get(way.destination, ()):
                hours[:, a, b], price[:, a, b] = way.hours, 0.0


def both_ways(given: Iterable[DayTravel]) -> list[DayTravel]:
    """Return ways with those back that are missing, which take as long."""
    found = {(way.origin, way.destination): way for way in given}
    for (origin, destination), way in list(found.items()):
        back = DayTravel(origin=destination, destination=origin, hours=way.hours, km=way.km)
        found.setdefault((destination, origin), back)
    return list(found.values())


def _as_the_crow_flies(
    ground: Ground, city: np.ndarray[tuple[int], np.dtype[np.int64]], km: FloatArray
) -> tuple[FloatArray, FloatArray]:
    travel = ground.scenario.travel
    factor = np.where(
        city[:, None] == city,
        travel.circuity / travel.speed_kmh,
        travel.intercity_circuity / travel.intercity_speed_kmh,
    )
    hours = (km * factor)[None]
    return hours, np.zeros_like(hours)


def _over_network(
    ground: Ground,
    start: datetime,
    city: np.ndarray[tuple[int], np.dtype[np.int64]],
    km: FloatArray,
    to_middle: FloatArray,
    slices: int,
) -> tuple[FloatArray, FloatArray]:
    """Return [slice, from, to] -> hours and fares."""
    first = start.astimezone(UTC)
    network = ground.network(first.date())
    same, pair = city[:, None] == city, np.ix_(city, city)
    hours, price = np.zeros((slices, *km.shape)), np.zeros((slices, *km.shape))
    for k, times in enumerate(np.array_split(first.hour + np.arange(24.0), slices)):
        pace = np.array(
            [
                np.mean([network.inside_hours(c, 1.0, network.local_hour_of_week(c, at)) for at in times])
                for c in range(len(network.cities))
            ]
        )
        ends = to_middle * pace[city]
        far = fare = np.zeros((len(pace), len(pace)))
        if not same.all():
            ways = [network.door_to_door(FAIR, float(at)) for at in times]
            far = np.mean([np.minimum(way.hours, NO_WAY) for way in ways], axis=0).T
            fare = np.mean([np.where(np.isfinite(way.hours), way.cost, 0.0) for way in ways], axis=0).T
        hours[k] = np.where(same, km * pace[city][:, None], far[pair] + ends[:, None] + ends)
        price[k] = np.where(same, 0.0, fare[pair])
    return hours, price

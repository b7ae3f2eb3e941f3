"""Expected hours on the way, at the present: from a table, or over the network at the hour of day."""

from __future__ import annotations

from typing import Protocol

import numpy as np
import simpy

from scenarios.legs import FAIR
from scenarios.network_travel import NetworkTravel
from scenarios.world import FloatArray, World


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
    """

    def __init__(self, world: World, env: simpy.Environment) -> None:
        self._world = world
        self._env = env
        places = world.places
        self.city: list[int] = [*places.site_city.tolist(), *places.centre_city.tolist()]
        self.begin_period(0)

    def begin_period(self, number: int) -> None:
        """Put the travel of a period into force."""
        period = self._world.periods[number]
        self._network = period.network
        self._hour = -1
        past = self._world.periods[: number + 1][::-1]
        if period.network is None:
            self._rows = _over_centres(_latest([p.travel_hours for p in past]), len(self._world.names.sites))
        else:
            known = [p.network for p in past if p.network is not None]
            self._rows = _latest([n.km for n in known]).tolist()
            self._centre_km: list[float] = _latest([n.centre_km for n in known]).tolist()

    def to(self, place: int) -> HoursTo:
        """Return the hours to a location from each location, leaving now; infinite where no way leads."""
        return self._rows[place] if self._network is None else _Way(self, self._network, place)

    def fare(self, start: int, place: int) -> float:
        """Return the fares of one person who leaves now; 0 without a network."""
        return 0.0 if self._network is None else self._network.fare(start, place, self._env.now)

    def over(self, network: NetworkTravel, start: int, place: int) -> float:
        """Return the hours over the network from one location to another, leaving now."""
        now = self._env.now
        # Traffic changes with the local hour, and offsets from UTC are multiples of half an hour or less.
        if int(now * 4.0) != self._hour:
            self._hour = int(now * 4.0)
            cities = network.network
            self._pace = [
                inside.pace[int(cities.local_hour_of_week(city, now)) % 24]
                for city, inside in enumerate(cities.inside)
            ]
        a, b = self.city[start], self.city[place]
        if a == b:
            return self._rows[place][start] * self._pace[a]
        out = self._centre_km[start] * self._pace[a]
        between = network.network.hours(a, b, FAIR, now + out)
        if between == float("inf"):
            return between
        local = network.network.local_hour_of_week(b, now + out + between)
        return out + between + network.network.inside_hours(b, self._centre_km[place], local)


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

    __slots__ = ("_network", "_place", "_times")

    def __init__(self, times: TravelTimes, network: NetworkTravel, place: int) -> None:
        self._times = times
        self._network = network
        self._place = place

    def __getitem__(self, location: int, /) -> float:
        """Return the hours from a location."""
        return self._times.over(self._network, location, self._place)

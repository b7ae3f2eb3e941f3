"""Travel between the places of a scenario over its network: which city each is in, and how far from it.

Hours at a time of departure are asked of the network; this only says where sites and centres lie. A matrix of
shortest hours in fair weather serves whoever needs a first estimate.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scenarios.legs import FAIR
from scenarios.network import CityNetwork
from scenarios.network_compiling import compile_network
from scenarios.schema import Scenario
from scenarios.territories import position
from scenarios.travel import distances
from scenarios.world import FloatArray, IntArray, Names

#: Departures, in hours of the day, over which the shortest hours are taken.
_DEPARTURES = tuple(range(24))


@dataclass(frozen=True, eq=False)
class NetworkTravel:
    """Where the places of a scenario lie in its network.

    Parameters
    ----------
    network
        The cities and what leads from one to another.
    city
        City of each location, sites first, then centres.
    km
        [to][from] kilometres as the crow flies between locations.
    centre_km
        Kilometres from each location to the middle of its city; NaN for a place that is not there.
    """

    network: CityNetwork
    city: IntArray
    km: FloatArray
    centre_km: FloatArray

    def hours(self, start: int, to: int, depart: float) -> float:
        """Return the hours from one location to another in fair weather, leaving at an instant.

        Infinite where no way leads.
        """
        network = self.network
        a, b = int(self.city[start]), int(self.city[to])
        local = network.local_hour_of_week(a, depart)
        if a == b:
            return network.inside_hours(a, float(self.km[to, start]), local)
        out = network.inside_hours(a, float(self.centre_km[start]), local)
        between = network.hours(a, b, FAIR, depart + out)
        if between == np.inf:
            return np.inf
        arrival = network.local_hour_of_week(b, depart + out + between)
        return out + between + network.inside_hours(b, float(self.centre_km[to]), arrival)

    def fare(self, start: int, to: int, depart: float) -> float:
        """Return the fares of one person from one location to another; 0 inside a city."""
        a, b = int(self.city[start]), int(self.city[to])
        if a == b:
            return 0.0
        out = self.network.inside_hours(
            a, float(self.centre_km[start]), self.network.local_hour_of_week(a, depart)
        )
        return float(self.network.reach(a, FAIR, depart + out).cost[b])


def compile_network_travel(s: Scenario, names: Names) -> NetworkTravel:
    """Return where the places of a scenario lie in its network; places that it does not have lie nowhere."""
    keys = [*names.sites, *names.centres]
    cities = {key: s.cities[key] for key in names.cities}
    letters = {key: source.quality for key, source in s.sources.items()}
    network = compile_network(cities, s.links, s.city_travel, s.start, s.days * 24.0, letters)
    count = len(keys)
    city, km, centre_km = np.zeros(count, np.int64), np.full((count, count), np.nan), np.full(count, np.nan)
    present = [i for i, key in enumerate(keys) if key in s.sites or key in s.centres]
    for i in present:
        city[i] = names.cities.index((s.sites.get(keys[i]) or s.centres[keys[i]]).city)
        middle = s.cities[names.cities[city[i]]]
        ends = np.array([position(s, keys[i]), (middle.lat, middle.lon)])
        centre_km[i] = distances(ends)[0, 1]
    km[np.ix_(present, present)] = distances(np.array([position(s, keys[i]) for i in present]))
    return NetworkTravel(network, city, km, centre_km)


def shortest_hours(travel: NetworkTravel) -> FloatArray:
    """Return hours [to][from] between locations in fair weather at the best time of day to leave."""
    network, city = travel.network, travel.city
    between = np.min([network.door_to_door(FAIR, float(h)).hours for h in _DEPARTURES], axis=0)
    pace = np.array([min(inside.pace) for inside in network.inside])
    ends = travel.centre_km * pace[city]
    apart = between[np.ix_(city, city)] + ends[:, np.newaxis] + ends
    shortest: FloatArray = np.where(city[:, np.newaxis] == city, travel.km * pace[city], apart)
    shortest[np.isnan(travel.km)] = np.nan
    return shortest

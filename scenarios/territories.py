"""Which centres serve a site, and which of them is its home for reports and parts."""

from __future__ import annotations

import math

from scenarios.schema import Scenario

EARTH_RADIUS_KM = 6371.0088
_LEVELS = ("local", "regional", "hq", "partner")


def great_circle_km(lat_a: float, lon_a: float, lat_b: float, lon_b: float) -> float:
    """Return the distance of two points in kilometres (haversine, mean earth radius 6,371.0088 km)."""
    a, b = math.radians(lat_a), math.radians(lat_b)
    half = math.sin((b - a) / 2) ** 2
    half += math.cos(a) * math.cos(b) * math.sin(math.radians(lon_b - lon_a) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * math.asin(min(1.0, math.sqrt(half)))


def position(scenario: Scenario, key: str) -> tuple[float, float]:
    """Return latitude and longitude of a site or centre; its city's where it has none of its own."""
    place = scenario.sites[key] if key in scenario.sites else scenario.centres[key]
    city = scenario.cities[place.city]
    return (
        city.lat if place.lat is None else place.lat,
        city.lon if place.lon is None else place.lon,
    )


def serves(scenario: Scenario, centre: str, site: str) -> bool:
    """Return whether a site lies in a centre's territory."""
    territory = scenario.centres[centre].serves
    city = scenario.sites[site].city
    if territory is None:
        return city == scenario.centres[centre].city
    return (
        site in territory.sites
        or city in territory.cities
        or scenario.cities[city].country in territory.countries
    )


def serving_centres(scenario: Scenario, site: str) -> tuple[str, ...]:
    """Return the centres, partners left out, whose engineers may go to a site, in the scenario's order."""
    return tuple(
        key
        for key, centre in scenario.centres.items()
        if centre.level != "partner" and serves(scenario, key, site)
    )


def home_centre(scenario: Scenario, site: str) -> str:
    """Return a site's home: the one it names, else the nearest of the most local level that serves it."""
    named = scenario.sites[site].centre
    if named is not None:
        return named
    here = position(scenario, site)

    def remoteness(key: str) -> tuple[int, float]:
        return _LEVELS.index(scenario.centres[key].level), great_circle_km(*here, *position(scenario, key))

    return min(serving_centres(scenario, site), key=remoteness)


def depot_centre(scenario: Scenario, site: str, part: str) -> str | None:
    """Return the centre whose depot serves a site with a part: its home's, else the first that has it."""
    candidates = (home_centre(scenario, site), *serving_centres(scenario, site))
    return next((c for c in candidates if part in scenario.centres[c].depot), None)

"""Door-to-door hours between all sites and centres, from distances or from the scenario's own matrix."""

from __future__ import annotations

import numpy as np

from scenarios.schema import Scenario
from scenarios.territories import EARTH_RADIUS_KM, position
from scenarios.world import FloatArray, Names


def travel_hours(s: Scenario, names: Names) -> FloatArray:
    """Return hours [to][from] between locations, sites first, then centres; NaN where none is known."""
    keys = [*names.sites, *names.centres]
    if s.travel.method == "matrix":
        return _given(s, keys, len(names.sites))
    present = [i for i, k in enumerate(keys) if k in s.sites or k in s.centres]
    places = [keys[i] for i in present]
    city = np.array([names.cities.index((s.sites.get(k) or s.centres[k]).city) for k in places])
    inside = city[:, np.newaxis] == city
    factor = np.where(
        inside,
        s.travel.circuity / s.travel.speed_kmh,
        s.travel.intercity_circuity / s.travel.intercity_speed_kmh,
    )
    hours = np.full((len(keys), len(keys)), np.nan)
    hours[np.ix_(present, present)] = distances(np.array([position(s, k) for k in places])) * factor
    return hours


def distances(positions: FloatArray) -> FloatArray:
    """Return great-circle kilometres between all pairs of (lat, lon) in degrees (haversine)."""
    lat, lon = np.radians(positions).T
    half = np.sin((lat[:, np.newaxis] - lat) / 2) ** 2
    half += np.cos(lat[:, np.newaxis]) * np.cos(lat) * np.sin((lon[:, np.newaxis] - lon) / 2) ** 2
    distances: FloatArray = 2 * EARTH_RADIUS_KM * np.arcsin(np.minimum(1.0, np.sqrt(half)))
    return distances


def _given(s: Scenario, keys: list[str], sites: int) -> FloatArray:
    """Return the scenario's matrix; a missing direction is the other, a missing pair goes over a centre."""
    position_of = {key: i for i, key in enumerate(keys)}
    hours = np.full((len(keys), len(keys)), np.nan)
    for origin, row in s.travel.hours.items():
        for target, value in row.items():
            hours[position_of[target], position_of[origin]] = value
    hours = np.where(np.isnan(hours), hours.T, hours)
    np.fill_diagonal(hours, 0.0)
    over_centre = np.full_like(hours, np.nan)
    for c in range(sites, len(keys)):
        over_centre = np.fmin(over_centre, hours[:, c, np.newaxis] + hours[c])
    return np.where(np.isnan(hours), over_centre, hours)

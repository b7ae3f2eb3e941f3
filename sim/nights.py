"""Nights that engineers spend away from home: in another city, between two days of work there."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from scenarios.world import World
from sim.visits import Visits

IntArray = npt.NDArray[np.int64]


def nights_away(world: World, visits: Visits, site: IntArray) -> IntArray:
    """Return for each row the midnights from the arrival in another city until its engineer goes on.

    Parameters
    ----------
    world
        The compiled scenario.
    visits
        The visits of a replication, with a row for each person.
    site
        Position of the site of each row.

    Returns
    -------
    array
        Midnights in the time zone of the engineer's home; 0 in his own city and on the way.
    """
    places = world.places
    home = np.array([places.centre_city[e.centre] for e in world.engineers], dtype=np.int64)[visits.engineer]
    away = visits.on_site & (places.site_city[site] != home) & ~np.isnan(visits.arrived)
    nights = np.zeros(len(visits.row), dtype=np.int64)
    if not away.any():
        return nights
    order = np.lexsort((visits.booked, visits.engineer))
    leaves = np.full(len(order), world.horizon)
    same = visits.engineer[order][1:] == visits.engineer[order][:-1]
    leaves[order[:-1][same]] = visits.booked[order[1:][same]]
    leaves = np.where(visits.back_at > visits.until, visits.until, leaves)
    zone = places.city_time_zone[home]
    for number in np.unique(zone[away]).tolist():
        rows = np.flatnonzero(away & (zone == number))
        midnights = places.midnights[number]
        nights[rows] = np.searchsorted(midnights, leaves[rows]) - np.searchsorted(
            midnights, visits.arrived[rows]
        )
    return np.maximum(nights, 0)

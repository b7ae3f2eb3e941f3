"""Cumulated failure rates: what a stream of failures is inverted through.

A rate varies with the local month, weekday and hour of its site and with dated changes; between knots it is
constant, so its integral is exact. Weather and storms are not part of it.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from scenarios.open_hours import clock_changes
from scenarios.work import Profile
from scenarios.world import FloatArray, Intensity

#: Hours in the year that failure rates refer to.
YEAR_HOURS = 8760.0


@lru_cache(maxsize=64)
def _local_fields(zone: str, start: date, horizon: float) -> tuple[FloatArray, npt.NDArray[np.int64]]:
    """Return where a local hour begins or the clock changes, and month, weekday and hour from there on."""
    tz = ZoneInfo(zone)
    origin = datetime(start.year, start.month, start.day, tzinfo=UTC)
    begins, offsets = clock_changes(zone, start, 0, int(horizon // 24) + 1)
    hours = np.arange(0.0, horizon)
    fulls = [hours + seconds / 3600.0 for seconds in np.unique(-offsets % 3600)]
    knots = np.unique(np.concatenate([[0.0], *fulls, begins[1:] / 3600.0]))
    knots = knots[(knots >= 0.0) & (knots < horizon)]
    local = [(origin + timedelta(hours=float(t))).astimezone(tz) for t in knots]
    fields = np.array([(t.month - 1, t.weekday(), t.hour) for t in local], dtype=np.int64)
    return knots, fields


def multipliers(profile: Profile, zone: str, start: date, horizon: float) -> tuple[FloatArray, FloatArray]:
    """Return the hours at which a profile's multiplier may change, and the multiplier from each on."""
    knots, fields = _local_fields(zone, start, horizon)
    values = (
        np.array(profile.by_month)[fields[:, 0]]
        * np.array(profile.by_weekday)[fields[:, 1]]
        * np.array(profile.by_hour)[fields[:, 2]]
    )
    return knots, values


def cumulate(
    pieces: list[tuple[float, float, Profile | None]], zone: str, start: date, horizon: float
) -> Intensity:
    """Integrate a rate that changes at given instants.

    Parameters
    ----------
    pieces
        (from hour, rate per hour, profile) of each period, the first from hour 0.
    zone
        IANA time zone of the site, for months, weekdays and hours.
    start
        The scenario's first day.
    horizon
        Length of a replication in hours.
    """
    knots_list: list[FloatArray] = []
    rates_list: list[FloatArray] = []
    ends = [*(p[0] for p in pieces[1:]), horizon]
    for (begin, rate, profile), end in zip(pieces, ends, strict=True):
        begin, end = min(begin, horizon), min(end, horizon)
        if end <= begin:
            continue
        if profile is None:
            knots, values = np.array([begin]), np.array([rate])
        else:
            knots, values = multipliers(profile, zone, start, horizon)
            first = int(np.searchsorted(knots, begin, "right")) - 1
            last = int(np.searchsorted(knots, end, "left"))
            knots, values = np.maximum(knots[first:last], begin), rate * values[first:last]
        knots_list.append(knots)
        rates_list.append(values)
    knots = np.append(np.concatenate(knots_list), horizon)
    rates = np.concatenate(rates_list)
    changes = np.flatnonzero(np.append(True, rates[1:] != rates[:-1]))
    knots, rates = np.append(knots[:-1][changes], horizon), rates[changes]
    return Intensity(knots, np.concatenate([[0.0], np.cumsum(rates * np.diff(knots))]))

"""The failure rate of the scenario `seasonal`, written down a second time and laid out on its own.

Months, weekdays and hours are local to Asia/Yangon, six and a half hours ahead of UTC all year; the rate
doubles at a midnight in UTC. Nothing is read from the scenario or computed by the product.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from arrival_formulas import FloatArray, cumulated_rate

START = datetime(2026, 1, 1)
CHANGE = datetime(2027, 10, 15)
AHEAD = timedelta(hours=6, minutes=30)
BEFORE, AFTER = 0.5, 1.0  # failures an hour at multiplier 1
BY_MONTH = (0.7, 0.7, 0.8, 1.0, 1.3, 1.6, 1.7, 1.5, 1.2, 0.9, 0.6, 0.5)
BY_WEEKDAY = (1.3, 1.1, 1.0, 1.0, 1.2, 0.8, 0.6)
BY_HOUR = (
    *(0.4, 0.3, 0.3, 0.3, 0.4, 0.6, 0.9, 1.3, 1.8, 2.0, 1.9, 1.7),
    *(1.4, 1.5, 1.6, 1.5, 1.3, 1.1, 1.0, 0.9, 0.8, 0.7, 0.6, 0.5),
)


@dataclass(frozen=True)
class Windows:
    """Windows of equal length that do not overlap.

    Parameters
    ----------
    starts, ends
        Hours since the start.
    means
        Integral of the rate over each.
    """

    starts: FloatArray
    ends: FloatArray
    means: FloatArray


@lru_cache(maxsize=4)
def pieces(days: float) -> tuple[FloatArray, FloatArray]:
    """Return the edges of the hours at which the rate may change, and the rate between them.

    Parameters
    ----------
    days
        Length of a replication.
    """
    change = (CHANGE - START) / timedelta(hours=1)
    horizon = days * 24.0
    halves = np.arange(0.5, horizon, 1.0)
    edges = np.unique(np.concatenate([[0.0], halves, [min(change, horizon), horizon]]))
    rates = np.empty(len(edges) - 1)
    for number, hours in enumerate(edges[:-1].tolist()):
        local = START + AHEAD + timedelta(hours=hours)
        base = AFTER if hours >= change else BEFORE
        rates[number] = base * BY_MONTH[local.month - 1] * BY_WEEKDAY[local.weekday()] * BY_HOUR[local.hour]
    return edges, rates


def cumulated(instants: npt.ArrayLike, days: float) -> FloatArray:
    """Return the integral of the rate from hour 0 to each instant."""
    edges, rates = pieces(days)
    return cumulated_rate(instants, edges.tolist(), rates.tolist())


def _windows(starts: list[float], hours: float, days: float) -> Windows:
    begin = np.array(starts)
    end = begin + hours
    inside = (begin >= 0.0) & (end <= days * 24.0)
    begin, end = begin[inside], end[inside]
    return Windows(begin, end, cumulated(end, days) - cumulated(begin, days))


def _midnights(days: float) -> list[tuple[datetime, float]]:
    """Return the local midnights as local date and hours since the start."""
    first = START + timedelta(days=1)
    dates = [first + timedelta(days=number) for number in range(int(days))]
    return [(date, (date - AHEAD - START) / timedelta(hours=1)) for date in dates]


@lru_cache(maxsize=4)
def mornings(days: float) -> Windows:
    """Return the windows from 8 to 12 on Mondays to Fridays."""
    return _windows([at + 8.0 for date, at in _midnights(days) if date.weekday() < 5], 4.0, days)


@lru_cache(maxsize=4)
def nights(days: float) -> Windows:
    """Return the windows from midnight to 6."""
    return _windows([at for _, at in _midnights(days)], 6.0, days)


@lru_cache(maxsize=4)
def whole_days(days: float) -> Windows:
    """Return the windows from midnight to midnight."""
    return _windows([at for _, at in _midnights(days)], 24.0, days)


@lru_cache(maxsize=4)
def single_hours(days: float) -> Windows:
    """Return all windows of an hour from half past to half past in UTC, one after the other."""
    return _windows(np.arange(0.5, days * 24.0 - 1.0, 1.0).tolist(), 1.0, days)

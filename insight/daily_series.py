"""Backlog day by day, and attainment week by week and month by month, over replications.

Each series is given for the whole network and for each city. The daily means of the backlog average to the
KPI `backlog_mean`, and the months of attainment are those of the summary.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np

from insight.columns import months, numbers
from insight.intervals import t_intervals
from insight.run_orders import ATTAINMENTS, RunOrders
from insight.tables import Categories, FloatArray, IntArray

#: Under which key the series of the whole network stand; those of a city stand under the city's.
EVERYWHERE = ""

Series = dict[str, list[float | None]]


def daily_backlog(orders: RunOrders, confidence: float) -> dict[str, Any]:
    """Return the mean number of failures that were open on each day.

    Parameters
    ----------
    orders
        The orders of a run; planned work that no failure came of is left out.
    confidence
        Of the interval of each day's mean over replications.

    Returns
    -------
    dict
        `days`: ISO dates in UTC; `series`: city ("" for all) -> mean, low, high by day, None without
        an interval.
    """
    window = orders.window
    down = numbers(orders.table, "down_from")
    completed = orders.clocks["complete"].stop
    edges = _midnights(window.warm_up, window.horizon)
    open_at_all = np.flatnonzero(down <= window.horizon)
    begin = np.clip(down[open_at_all], window.warm_up, None)
    end = np.where(np.isnan(completed), window.horizon, completed)[open_at_all]
    end = np.maximum(np.minimum(end, window.horizon), begin)
    city = orders.names("city")
    group = _by_city(orders, city)[open_at_all]
    groups = orders.replications * (len(city.labels) + 1)
    hours = _elapsed(edges, begin, group, groups) - _elapsed(edges, end, group, groups)
    level = np.diff(hours, axis=1) / np.diff(edges)
    by_replication = level.reshape(orders.replications, len(city.labels) + 1, -1)
    days = [_day(orders.start, hour) for hour in edges[:-1]]
    return {"days": days, "series": _series(by_replication, city.labels, confidence, digits=4)}


def _midnights(warm_up: float, horizon: float) -> FloatArray:
    """Return the limits of the days of a window: the window's own and the midnights between."""
    between = np.arange(np.floor(warm_up / 24.0) + 1.0, np.ceil(horizon / 24.0)) * 24.0
    return np.concatenate([[warm_up], between, [horizon]])


def _elapsed(edges: FloatArray, instants: FloatArray, group: IntArray, groups: int) -> FloatArray:
    """Return, for each group and edge, the hours that have gone by since the group's instants before it."""
    days = len(edges)
    slot = group * days + np.searchsorted(edges, instants, side="right") - 1
    number = np.bincount(slot, minlength=groups * days).reshape(groups, days)
    total = np.bincount(slot, weights=instants, minlength=groups * days).reshape(groups, days)
    result: FloatArray = np.zeros((groups, days))
    result[:, 1:] = edges[1:] * np.cumsum(number, axis=1)[:, :-1] - np.cumsum(total, axis=1)[:, :-1]
    return result


def attainment_over_time(orders: RunOrders, confidence: float) -> dict[str, Any]:
    """Return attainment of the orders that began in each week and in each month.

    Returns
    -------
    dict
        `week` and `month` -> `starts` (ISO dates: the Monday, the first of the month, in UTC) and `series`:
        KPI -> city ("" for all) -> mean, low, high by period. None where no order is decided.
    """
    begun = orders.begun
    window = orders.window
    month = months(begun, orders.start, window.warm_up, window.horizon)
    week = _weeks(begun, orders)
    result: dict[str, Any] = {}
    for name, period, starts in (
        ("week", week, list(week.labels)),
        ("month", month, [f"{label}-01" for label in month.labels]),
    ):
        series = {kpi: _attainment(orders, kpi, period, confidence) for kpi in ATTAINMENTS}
        result[name] = {"starts": starts, "series": series}
    return result


def _weeks(begun: FloatArray, orders: RunOrders) -> Categories:
    """Return the week of each order, named by its Monday."""
    monday = orders.start.weekday()
    first, last = (
        (int(hour // 24) + monday) // 7 for hour in (orders.window.warm_up, orders.window.horizon - 1e-9)
    )
    number = np.floor((np.floor(np.nan_to_num(begun) / 24.0) + monday) / 7.0).astype(np.int64) - first
    codes = np.where((number < 0) | (number > last - first), -1, number).astype(np.int32)
    labels = tuple(
        (orders.start + timedelta(days=7 * week - monday)).isoformat() for week in range(first, last + 1)
    )
    return Categories(codes, labels)


def _attainment(orders: RunOrders, kpi: str, period: Categories, confidence: float) -> dict[str, Series]:
    decided, met = (mask & (period.codes >= 0) for mask in orders.decided_and_met(kpi))
    city = orders.names("city")
    shape = (orders.replications, len(city.labels) + 1, len(period.labels))
    group = _by_city(orders, city) * len(period.labels) + period.codes
    due, good = (
        np.bincount(group[mask], minlength=shape[0] * shape[1] * shape[2]).reshape(shape)
        for mask in (decided, met)
    )
    whole = due[:, :-1].sum(axis=1), good[:, :-1].sum(axis=1)
    due[:, -1] += whole[0]
    good[:, -1] += whole[1]
    share = np.divide(good, due, out=np.full(shape, np.nan), where=due > 0)
    return _series(share, city.labels, confidence, summed=True)


def _by_city(orders: RunOrders, city: Categories) -> IntArray:
    """Return the number of each order's replication and city, without a city one past the last."""
    cities = len(city.labels)
    return orders.replication * (cities + 1) + np.where(city.codes < 0, cities, city.codes)


def _series(
    by_replication: FloatArray,
    cities: tuple[str, ...],
    confidence: float,
    *,
    digits: int | None = None,
    summed: bool = False,
) -> dict[str, Series]:
    """Return means and limits by city, from figures by replication, city and period.

    The last city is that of orders without one; where it does not hold the whole network yet (`summed`),
    the cities are added up.
    """
    whole = by_replication[:, -1] if summed else by_replication.sum(axis=1)
    figures = np.concatenate([whole[:, None], by_replication[:, :-1]], axis=1)
    replications, groups, periods = figures.shape
    found = t_intervals(figures.reshape(replications, groups * periods), confidence)
    columns = {"mean": found.mean, "low": found.ci_low, "high": found.ci_high}
    split = {name: _plain(column, digits) for name, column in columns.items()}
    return {
        city: {name: cells[row * periods : (row + 1) * periods] for name, cells in split.items()}
        for row, city in enumerate((EVERYWHERE, *cities))
    }


def _plain(column: FloatArray, digits: int | None) -> list[float | None]:
    rounded = column if digits is None else np.round(column, digits)
    return [
        cell if known else None for cell, known in zip(rounded.tolist(), np.isfinite(column), strict=True)
    ]


def _day(start: date, hour: float) -> str:
    return (start + timedelta(days=int(hour // 24))).isoformat()

"""Typed access to the columns of a table, and the months of a window as a column of names.

KPIs, clocks and charts read tables through these few functions; nothing here knows what a column means.
"""

from __future__ import annotations

from datetime import date

import numpy as np

from insight.tables import Categories, FloatArray, Table


def numbers(table: Table, column: str) -> FloatArray:
    """Return a column of instants, numbers, counts or flags as floats.

    Raises
    ------
    TypeError
        If the column holds names.
    """
    values = table[column]
    if isinstance(values, Categories):
        raise TypeError(f"{column}: names where numbers are expected")
    return np.asarray(values, dtype=np.float64)


def names(table: Table, column: str) -> Categories:
    """Return a column of repeated names.

    Raises
    ------
    TypeError
        If the column holds numbers.
    """
    values = table[column]
    if not isinstance(values, Categories):
        raise TypeError(f"{column}: numbers where names are expected")
    return values


def happened(table: Table, column: str, horizon: float) -> FloatArray:
    """Return the instants of a column, NaN where they lie beyond the horizon."""
    values = numbers(table, column)
    return np.where(values > horizon, np.nan, values)


def first_of(*columns: FloatArray) -> FloatArray:
    """Return, row by row, the first of the columns that is not NaN."""
    result = columns[0]
    for column in columns[1:]:
        result = np.where(np.isnan(result), column, result)
    return result


def crossed(first: Categories, second: Categories) -> Categories:
    """Return the pairs of two columns as names that read `first|second`, none where either has none."""
    labels = tuple(f"{a}|{b}" for a in first.labels for b in second.labels)
    codes = first.codes.astype(np.int32) * len(second.labels) + second.codes
    return Categories(np.where((first.codes < 0) | (second.codes < 0), -1, codes).astype(np.int32), labels)


def months(hours: FloatArray, start: date, warm_up: float, horizon: float) -> Categories:
    """Return the calendar month in UTC, as `YYYY-MM`, of instants within a window.

    Parameters
    ----------
    hours
        Instants, hours since midnight UTC of `start`.
    start
        First day of the scenario.
    warm_up, horizon
        The window in the same hours, from its first instant to just before its last. Its months are the
        labels; instants outside of them have none.
    """
    midnight = np.datetime64(start, "D")
    ends = (int(warm_up // 24), int(np.ceil(horizon / 24)) - 1)
    first, last = ((midnight + np.timedelta64(day, "D")).astype("M8[M]") for day in ends)
    day = np.arange(first.astype("M8[D]"), (last + 1).astype("M8[D]"))
    first_day = int((day[0] - midnight).astype(np.int64))
    inside = (hours >= first_day * 24.0) & (hours < (first_day + len(day)) * 24.0)
    row = np.where(inside, hours / 24.0 - first_day, len(day)).astype(np.int64)
    month_of_day = np.append((day.astype("M8[M]") - first).astype(np.int32), np.int32(-1))
    return Categories(month_of_day[row], tuple(str(month) for month in np.arange(first, last + 1)))

"""Small tables written by hand, and their figures: rows as dictionaries, columns not named left empty."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np

from insight.figures import network_figures
from insight.kpis import Facts, Values, Window, kpi_values
from insight.tables import COLUMNS, Categories, Column, empty

Row = dict[str, Any]

START = date(2026, 1, 1)
WINDOW = Window(24.0, 124.0)

_MISSING: Mapping[str, Any] = {"instant": np.nan, "number": np.nan, "count": 0, "flag": False, "text": ""}


def table(name: str, rows: Sequence[Mapping[str, Any]]) -> dict[str, Column]:
    """Return the table `name` of the contract with these rows.

    Parameters
    ----------
    name
        One of `insight.tables.TABLE_NAMES`.
    rows
        Column -> value. What is left out is NaN, 0, False or no name; devices are down from the report.

    Raises
    ------
    KeyError
        If a row names a column that the table does not have.
    """
    result = empty(name)
    if name == "work_orders":
        rows = [{"down_from": row.get("reported_at", np.nan), **row} for row in rows]
    for row in rows:
        unknown = row.keys() - COLUMNS[name].keys()
        if unknown:
            raise KeyError(f"{name}: no column {sorted(unknown)}")
    for column, kind in COLUMNS[name].items():
        if kind == "category":
            result[column] = named([row.get(column) for row in rows])
        else:
            cells = [row.get(column, _MISSING[kind]) for row in rows]
            template = result[column]
            assert isinstance(template, np.ndarray)
            result[column] = np.array(cells, dtype=template.dtype)
    return result


def named(values: Sequence[str | None]) -> Categories:
    """Return a column of names whose labels are sorted."""
    labels = sorted({value for value in values if value is not None})
    codes = [-1 if value is None else labels.index(value) for value in values]
    return Categories(np.array(codes, dtype=np.int32), tuple(labels))


def measured(
    orders: Sequence[Row] = (),
    days: Sequence[Row] = (),
    moves: Sequence[Row] = (),
    inspections: Sequence[Row] = (),
    window: Window = WINDOW,
    **facts: Any,
) -> Values:
    """Return the figures of tables given as rows."""
    tables = {
        "work_orders": table("work_orders", orders),
        "engineer_days": table("engineer_days", days),
        "stock_moves": table("stock_moves", moves),
        "inspections": table("inspections", inspections),
    }
    return kpi_values(tables, window, Facts(START, **facts))


def network(*args: Any, **kwargs: Any) -> dict[str, float]:
    """Return the figures of the whole network of tables given as rows."""
    return network_figures(measured(*args, **kwargs))


def order(reported_at: float, **columns: Any) -> Row:
    """Return an order with the hours of what follows given relative to its report."""
    later = {
        name: reported_at + value if name.endswith("_at") and value is not None else value
        for name, value in columns.items()
    }
    known = {name: value for name, value in later.items() if value is not None}
    return {"reported_at": reported_at, **known}

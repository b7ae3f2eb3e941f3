"""Missed orders of each city and severity, and of each city and customer tier, split by cause.

The cells are those of the heat maps: their counts of decided and missed orders make the attainment that the
summary gives, and each missed order is laid to one cause.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from insight.cause_tables import RESTORE_CAUSES
from insight.definitions import CROSSED
from insight.grouping import BoolArray
from insight.intervals import t_intervals
from insight.run_orders import ATTAINMENTS, RunOrders
from insight.tables import Categories, FloatArray, IntArray

#: Missed orders of which no cause is known.
UNKNOWN = "unknown"


def missed_orders(orders: RunOrders, confidence: float) -> dict[str, Any]:
    """Return how many orders were decided and missed in each cell, by cause, in a replication.

    Of attend attainment the cause is the largest wait up to the first arrival; of restore attainment the
    largest up to restoration; of SLA attainment the former, or where only a later clock was missed, the
    latter. Cells of a margin stand under an empty name: `|major` is all cities, `penang|` all severities.

    Returns
    -------
    dict
        KPI -> dimension (`city_severity`, `city_customer_tier`) -> cell `city|label` -> `decided` and
        `missed`, mean orders of a replication; and `causes`: cause -> mean, low, high of its orders, the
        limits None without an interval. Causes without a single order are left out.
    """
    result: dict[str, Any] = {}
    for kpi, clock in ATTAINMENTS.items():
        decided, met = orders.decided_and_met(kpi)
        cause = _causes(orders, clock)
        result[kpi] = {
            dimension: _cells(orders, dimension.removeprefix("city_"), decided, met, cause, confidence)
            for dimension in CROSSED
        }
    return result


def _causes(orders: RunOrders, clock: str) -> IntArray:
    """Return the cause of each order as its place in `RESTORE_CAUSES`, one past the last where unknown."""
    arrival, restoration = (_places(orders.names(column)) for column in ("cause", "restore_cause"))
    first, second = (restoration, arrival) if clock == "restore" else (arrival, restoration)
    return np.where(first < len(RESTORE_CAUSES), first, second)


def _places(column: Categories) -> IntArray:
    known = {cause: place for place, cause in enumerate(RESTORE_CAUSES)}
    places = [known.get(label, len(known)) for label in column.labels]
    return np.array([*places, len(known)], dtype=np.int64)[column.codes]


def _cells(
    orders: RunOrders, column: str, decided: BoolArray, met: BoolArray, cause: IntArray, confidence: float
) -> dict[str, Any]:
    city, other = orders.names("city"), orders.names(column)
    shape = (orders.replications, len(city.labels) + 1, len(other.labels) + 1)
    cell = (orders.replication * shape[1] + city.codes) * shape[2] + other.codes
    known = (city.codes >= 0) & (other.codes >= 0)
    causes = len(RESTORE_CAUSES) + 1
    size = shape[0] * shape[1] * shape[2]
    due = np.bincount(cell[decided & known], minlength=size).reshape(shape).astype(np.float64)
    missed = decided & ~met & known
    split = np.bincount(cell[missed] * causes + cause[missed], minlength=size * causes)
    by_cause = split.reshape(*shape, causes).astype(np.float64)
    for table in (due, by_cause):  # the last of either side is its margin
        table[:, -1] = table[:, :-1].sum(axis=1)
        table[:, :, -1] = table[:, :, :-1].sum(axis=2)
    found = t_intervals(by_cause.reshape(shape[0], -1), confidence)
    fields = [f.reshape(by_cause.shape[1:]) for f in (found.mean, found.ci_low, found.ci_high)]
    labels = (*RESTORE_CAUSES, UNKNOWN)
    return {
        f"{a}|{b}": {
            "decided": float(due[:, i, j].mean()),
            "missed": float(by_cause[:, i, j].sum(axis=1).mean()),
            "causes": _split(labels, *(field[i, j] for field in fields)),
        }
        for i, a in enumerate((*city.labels, ""))
        for j, b in enumerate((*other.labels, ""))
        if due[:, i, j].any()
    }


def _split(
    labels: tuple[str, ...], mean: FloatArray, low: FloatArray, high: FloatArray
) -> dict[str, dict[str, float | None]]:
    cells = zip(labels, mean.tolist(), low.tolist(), high.tolist(), strict=True)
    return {
        label: {"mean": m, "low": lo if np.isfinite(lo) else None, "high": hi if np.isfinite(hi) else None}
        for label, m, lo, hi in cells
        if m > 0
    }

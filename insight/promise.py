"""How long customers waited for somebody, measured by what they were promised.

The ratio is hours from the failure to the attend clock's stop, over hours from the failure to when the clock
was due: at most 1 is exactly what the KPI attend attainment counts as met.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from insight.columns import first_of, numbers
from insight.grouping import BoolArray
from insight.run_orders import RunOrders
from insight.tables import Categories, FloatArray, IntArray

#: Limits of the classes of the ratio; what is above the last, or still open and overdue, is beyond.
EDGES: FloatArray = np.round(np.arange(0.0, 3.0001, 0.05), 2)


def promise_ratios(orders: RunOrders) -> dict[str, Any]:
    """Return the distribution of the time to attend over the time promised.

    Returns
    -------
    dict
        `edges`: limits of the classes; `groups`: dimension ("", `city`, `sla_rule`) -> value -> `orders`
        (decided, mean of a replication), `within` (share at or below 1), `shares` (of each class, the
        lower limit excluded but of the first, the upper included) and `beyond`. Shares are of the orders
        of all replications together; groups without an order are left out.
    """
    begun = first_of(numbers(orders.table, "down_from"), numbers(orders.table, "reported_at"))
    clock = orders.clocks["attend"]
    decided = orders.counted & clock.decided
    allowed = clock.due - begun
    waited = np.maximum(clock.stop - begun, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(allowed > 0, waited / allowed, np.where(clock.met, 0.0, np.inf))
    # Rounding must not carry an order over the line that its clock kept, or back.
    ratio = np.where(clock.met, np.minimum(ratio, 1.0), np.where(ratio <= 1.0, np.nextafter(1.0, 2.0), ratio))
    classes = np.searchsorted(EDGES[1:], np.where(np.isnan(clock.stop), np.inf, ratio), side="left")
    groups: dict[str, Any] = {"": _shares("", None, classes, decided, clock.met, orders.replications)}
    for dimension in ("city", "sla_rule"):
        groups[dimension] = _shares(
            dimension, orders.names(dimension), classes, decided, clock.met, orders.replications
        )
    return {"edges": EDGES.tolist(), "groups": groups}


def _shares(
    dimension: str,
    column: Categories | None,
    classes: IntArray,
    decided: BoolArray,
    met: BoolArray,
    replications: int,
) -> dict[str, Any]:
    labels = ("",) if column is None else column.labels
    codes = np.zeros(len(classes), np.int64) if column is None else column.codes.astype(np.int64)
    mask = decided & (codes >= 0)
    size = len(EDGES)
    counts = np.bincount(codes[mask] * size + classes[mask], minlength=len(labels) * size)
    counts = counts.reshape(len(labels), size)
    kept = np.bincount(codes[mask & met], minlength=len(labels))
    result = {}
    for label, row, good in zip(labels, counts, kept, strict=True):
        total = int(row.sum())
        if total:
            shares = (row / total).tolist()
            result[label] = {
                "orders": total / replications,
                "within": float(good / total),
                "shares": shares[:-1],
                "beyond": shares[-1],
            }
    return result

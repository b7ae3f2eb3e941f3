"""Why customers waited and why clocks were missed, in figures by cause: beside the closed list of KPIs.

Hours by cause add up to the whole delay of an order, so differences of their means between two scenarios add
up to the whole difference of the mean delay, and say what made it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from insight.columns import names, numbers
from insight.figures import Values, Window
from insight.grouping import BoolArray
from insight.intervals import paired_difference
from insight.tables import COLUMNS, Categories, FloatArray, Table

_WAIT = "wait_"
#: Causes of delay, in the order of an order's life.
CAUSES = tuple(c.removeprefix(_WAIT) for c in COLUMNS["work_orders"] if c.startswith(_WAIT))
#: Causes up to restoration: those up to the first arrival, and the work itself.
RESTORE_CAUSES = (*CAUSES, "work")
#: The sum over all causes.
ALL = "all"
#: Under which dimension figures by cause stand among the values of a replication.
DIMENSION = "causes"
#: Mean hours of delay of an order; orders of a thousand that missed their respond or attend clock, and those
#: that missed their restore or complete clock.
HOURS, MISSED, MISSED_RESTORE = KINDS = ("hours", "missed", "missed_restore")

Figures = Mapping[tuple[str, str], float]


def cause_values(orders: Table, window: Window) -> Values:
    """Return the figures by cause of one replication.

    For each cause and for all together: `hours`, the mean over orders of the hours from the report until
    somebody was there (or the horizon) that are laid to it; `missed`, how many of a thousand orders missed
    their respond or attend clock with it as the largest cause; and `missed_restore`, how many missed their
    restore or complete clock with it as the largest cause up to restoration. Work on site is a cause of the
    last alone, and 0 in the others.

    Parameters
    ----------
    orders
        The table `work_orders` of one replication.
    window
        Failures that begin within it count; planned work that no failure came of does not.

    Returns
    -------
    Values
        Rows of the dimension `causes`; none without an order, or where no delay is known.
    """
    down = numbers(orders, "down_from")
    counted = (down >= window.warm_up) & (down <= window.horizon)
    number = int(counted.sum())
    hours = np.array([numbers(orders, _WAIT + cause)[counted].sum() for cause in CAUSES] + [0.0])
    if not number or np.isnan(hours).any():
        return Values((), (), (), np.empty(0))
    missed = 1000.0 * _orders_by_cause(names(orders, "cause"), counted)
    late = 1000.0 * _orders_by_cause(names(orders, "restore_cause"), counted)
    figures = np.array([hours, missed, late])
    places = (*RESTORE_CAUSES, ALL)
    return Values(
        (DIMENSION,) * (len(KINDS) * len(places)),
        places * len(KINDS),
        tuple(kind for kind in KINDS for _ in places),
        np.column_stack([figures, figures.sum(axis=1)]).ravel() / number,
    )


def _orders_by_cause(column: Categories, counted: BoolArray) -> FloatArray:
    """Return how many orders that count have each cause, in the order of `RESTORE_CAUSES`."""
    found = np.bincount(column.codes[counted] + 1, minlength=len(column.labels) + 1)[1:]
    of_label = dict(zip(column.labels, found.tolist(), strict=True))
    return np.array([of_label.get(cause, 0) for cause in RESTORE_CAUSES], dtype=np.float64)


def figures_by_cause(values: Values) -> Figures:
    """Return the figures of a replication by cause and kind of figure; empty if it has none."""
    cells = zip(values.dimension, values.value, values.kpi, values.figure.tolist(), strict=True)
    return {(cause, kind): figure for dimension, cause, kind, figure in cells if dimension == DIMENSION}


def cause_differences(
    baseline: Sequence[tuple[int, Values]],
    other: Sequence[tuple[int, Values]],
    confidence: float,
    comparisons: int,
) -> dict[str, dict[str, dict[str, float | None]]]:
    """Return which causes moved: the paired difference of each figure by cause, over common replications.

    Parameters
    ----------
    baseline, other
        Number and figures of each replication.
    confidence
        Joint confidence of all comparisons of one figure.
    comparisons
        Number of scenarios that are compared with the baseline.

    Returns
    -------
    dict
        Cause -> `hours`, `missed` and `missed_restore` -> difference, limits, p-value and variance ratio.
    """
    left, right = ({number: figures_by_cause(v) for number, v in runs} for runs in (baseline, other))
    numbers_of_both = [n for n in sorted(set(left) & set(right)) if left[n] and right[n]]
    result: dict[str, dict[str, dict[str, float | None]]] = {}
    if not numbers_of_both:
        return result
    for cause in (*RESTORE_CAUSES, ALL):
        result[cause] = {}
        for kind in KINDS:
            a, b = (np.array([of[n][cause, kind] for n in numbers_of_both]) for of in (left, right))
            result[cause][kind] = paired_difference(a, b, confidence, comparisons).as_dict()
    return result

"""Where scenarios differ: paired differences of a few KPIs by city and by centre.

The groups of one dimension are read together, so their limits hold jointly over the groups and over the
scenarios of the comparison. Differences of the whole network are taken in `sim.comparison`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from insight.figures import Values
from insight.intervals import paired_difference

#: Dimensions that are compared, group by group.
DIMENSIONS = ("city", "centre")
#: KPIs that are compared in each group.
KPIS = ("attend_attainment", "restore_attainment", "time_to_attend_mean", "time_to_fix_mean", "utilisation")
#: What is kept of each difference.
FIELDS = ("difference", "ci_low", "ci_high", "p_value", "n")

Cell = tuple[str, str, str]
Row = dict[str, float | None]


def group_differences(
    baseline: Sequence[tuple[int, Values]],
    other: Sequence[tuple[int, Values]],
    confidence: float,
    comparisons: int,
    dimensions: Sequence[str] = DIMENSIONS,
    kpis: Sequence[str] = KPIS,
) -> dict[str, dict[str, dict[str, Row]]]:
    """Return the paired difference of each group's KPIs, over the replications in which both have the figure.

    Parameters
    ----------
    baseline, other
        Number and figures of each replication.
    confidence
        Joint confidence, for one KPI, of all groups of a dimension and all comparisons.
    comparisons
        Number of scenarios that are compared with the baseline.
    dimensions, kpis
        What is compared; heat maps ask for other ones than comparison.json holds.

    Returns
    -------
    dict
        Dimension -> group -> KPI -> difference, limits, p-value and `n`, the replications in which both have
        the figure. A KPI or a group that they never have in the same replication is left out.
    """
    left, right = (_cells(runs, dimensions, kpis) for runs in (baseline, other))
    result: dict[str, dict[str, dict[str, Row]]] = {dimension: {} for dimension in dimensions}
    pairs: dict[Cell, list[tuple[float, float]]] = {}
    for cell, before in left.items():
        after = right.get(cell, {})
        both = [(before[n], after[n]) for n in before if n in after]
        if both:
            pairs[cell] = both
    family = {d: len({value for dimension, value, _ in pairs if dimension == d}) for d in dimensions}
    for (dimension, value, kpi), figures in pairs.items():
        a, b = np.array(figures).T
        found = paired_difference(a, b, confidence, comparisons * family[dimension]).as_dict()
        result[dimension].setdefault(value, {})[kpi] = {field: found[field] for field in FIELDS}
    return result


def _cells(
    runs: Sequence[tuple[int, Values]], dimensions: Sequence[str], kpis: Sequence[str]
) -> Mapping[Cell, dict[int, float]]:
    """Return the figures that are compared, by group and KPI, and in each by replication."""
    found: dict[Cell, dict[int, float]] = {}
    for number, values in runs:
        columns = (values.dimension, values.value, values.kpi, values.figure.tolist())
        for dimension, value, kpi, figure in zip(*columns, strict=True):
            if dimension in dimensions and kpi in kpis and np.isfinite(figure):
                found.setdefault((dimension, value, kpi), {})[number] = figure
    places = {cell: place for place, cell in enumerate(found)}
    order = sorted(found, key=lambda cell: (dimensions.index(cell[0]), kpis.index(cell[2]), places[cell]))
    return {cell: found[cell] for cell in order}

"""Every KPI of the closed list for one replication, over the whole network and by group.

What each KPI means is worded in `insight.definitions`; means and intervals over replications are taken in
`insight.summary`. Serves simulated runs and imported histories alike, since both have the same tables.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from insight.cause_tables import cause_values
from insight.figures import NETWORK, Facts, Part, Values, Window, assemble, joined
from insight.order_kpis import order_kpis
from insight.resource_kpis import centre_kpis, engineer_kpis, site_kpis, stock_kpis
from insight.tables import Categories, Table, Tables, empty

__all__ = ["Facts", "Values", "Window", "kpi_values"]


def kpi_values(tables: Tables, window: Window, facts: Facts) -> Values:
    """Return the figures of one replication, followed by those by cause of delay.

    Parameters
    ----------
    tables
        The tables of one replication; one that is missing counts as empty.
    window
        Orders reported, days begun, parts demanded and inspections due within it count.
    facts
        What the tables do not tell.

    Raises
    ------
    ValueError
        If a table holds more than one replication.
    """
    orders, days, moves, inspections = (
        _one_replication(tables, name)
        for name in ("work_orders", "engineer_days", "stock_moves", "inspections")
    )
    parts = [
        order_kpis(orders, window, facts),
        engineer_kpis(days, window, facts),
        stock_kpis(moves, window, facts),
        centre_kpis(moves, window, facts),
        site_kpis(orders, inspections, window, facts),
    ]
    return joined(assemble([*parts, _total_cost(parts)]), cause_values(orders, window))


def _one_replication(tables: Tables, name: str) -> Table:
    table = tables.get(name)
    if table is None:
        return empty(name)
    replication = table["replication"]
    if not isinstance(replication, Categories) and len(replication) and np.ptp(replication):
        raise ValueError(f"{name}: holds several replications, KPIs are taken of one at a time")
    return table


def _total_cost(parts: Sequence[Part]) -> Part:
    """Return the sum of the costs that are known, of the network and by group."""
    total: dict[tuple[str, str], float] = {}
    for part in parts:
        for kpi, figures in part.figures.items():
            if not kpi.startswith("cost_"):
                continue
            for dimension, value, cost in zip(part.dimension, part.value, figures.tolist(), strict=True):
                if cost == cost:
                    total[dimension, value] = total.get((dimension, value), 0.0) + cost
    network = total.pop(NETWORK, np.nan)
    dimensions, values = zip(NETWORK, *total, strict=True)
    return Part(dimensions, values, {"cost_total": np.array([network, *total.values()])})

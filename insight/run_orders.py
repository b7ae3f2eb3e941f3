"""The orders of a whole run as arrays, for figures that are finer than KPIs: by day, by site, by cell.

Reads the columns that are needed and nothing else; which orders count is decided as `insight.order_kpis`
does, so that such figures add up to the KPIs of the same run.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from insight.clocks import Clock, all_clocks, order_clocks
from insight.columns import first_of, names, numbers
from insight.figures import Window
from insight.grouping import BoolArray
from insight.run_folder import RunFolder
from insight.tables import Categories, FloatArray, IntArray, Table

#: Attainment that pages show, by its KPI, with the clock it is of; SLA attainment is of all clocks together.
ATTAINMENTS: Mapping[str, str] = {
    "attend_attainment": "attend",
    "restore_attainment": "restore",
    "sla_attainment": "",
}
_NAMES = ("site", "city", "severity", "customer_tier", "sla_rule", "served_by", "cause", "restore_cause")
_INSTANTS = (
    "reported_at",
    "down_from",
    "booked_at",
    "planned_arrival_at",
    "arrived_at",
    "restored_at",
    "completed_at",
    "respond_due_at",
    "attend_due_at",
    "restore_due_at",
    "complete_due_at",
)


@dataclass(frozen=True)
class RunOrders:
    """The orders of all replications of a run.

    Parameters
    ----------
    table
        Some columns of `work_orders`, the replications one after another.
    replications
        Number of replications, those without orders among them.
    replication
        Of each order, from 0 without gaps.
    window
        The time that counts.
    start
        First day of the scenario.
    counted
        Which orders begin within the window.
    clocks
        The four clocks of every order.
    """

    table: Table
    replications: int
    replication: IntArray
    window: Window
    start: date
    counted: BoolArray
    clocks: Mapping[str, Clock]

    @property
    def begun(self) -> FloatArray:
        """When each order began: when its devices went down, or where nothing failed, at its report."""
        return first_of(numbers(self.table, "down_from"), numbers(self.table, "reported_at"))

    def names(self, column: str) -> Categories:
        """Return a column of names."""
        return names(self.table, column)

    def decided_and_met(self, kpi: str) -> tuple[BoolArray, BoolArray]:
        """Return which orders a kind of attainment counts, and which of them met it.

        Parameters
        ----------
        kpi
            One of `ATTAINMENTS`.
        """
        clock = ATTAINMENTS[kpi]
        if clock:
            decided, met = self.clocks[clock].decided, self.clocks[clock].met
        else:
            decided, met = all_clocks(self.clocks)
        return self.counted & decided, self.counted & decided & met


def read_orders(folder: RunFolder) -> RunOrders:
    """Return the orders of a run.

    Raises
    ------
    insight.run_folder.RunFolderError
        If the folder holds no finished run.
    """
    folder = folder.as_it_is()
    manifest = folder.manifest()
    window = Window(24.0 * float(manifest["warm_up_days"]), 24.0 * float(manifest["days"]))
    table = folder.table("work_orders", columns=("replication", *_NAMES, *_INSTANTS))
    return orders_of(table, folder.replications(), window, folder.start)


def orders_of(table: Table, numbered: list[int], window: Window, start: date) -> RunOrders:
    """Return the orders of a table of several replications.

    Parameters
    ----------
    table
        `work_orders`, or the columns of it that are used here.
    numbered
        The numbers of the replications, rising.
    window
        The time that counts.
    start
        First day of the scenario.
    """
    replication = np.searchsorted(numbered, np.asarray(table["replication"])).astype(np.int64)
    begun = first_of(numbers(table, "down_from"), numbers(table, "reported_at"))
    counted = (begun >= window.warm_up) & (begun <= window.horizon)
    clocks = order_clocks(table, window.horizon)
    return RunOrders(table, len(numbered), replication, window, start, counted, clocks)

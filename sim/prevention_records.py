"""Planned work in the tables: the table of inspections, and what orders that answer no failure look like.

Whatever lies beyond the horizon has not happened. The rest of the table of work orders is in `order_records`.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from insight.tables import Categories, Column, empty
from sim.births import Births
from sim.labels import engineer_labels
from sim.model import Model
from sim.reports import Origin
from sim.visits import Visits

FloatArray = npt.NDArray[np.float64]

ORIGINS = tuple(o.name.lower() for o in Origin)
_CLOCKS = ("respond_due_at", "attend_due_at", "restore_due_at", "complete_due_at")


def down_from(births: Births, restored: FloatArray, horizon: float) -> FloatArray:
    """Return from when the devices of each order are down; NaN where nothing has failed.

    Parameters
    ----------
    births
        All orders.
    restored
        When each was restored, NaN if it is not by the horizon.
    horizon
        End of the replication.
    """
    begin = births.reported_at.copy()
    begin[(births.origin == Origin.INSPECTION) | (births.origin == Origin.FALSE_ALARM)] = np.nan
    ahead = ~np.isnan(births.fails_at)
    fails = births.fails_at[ahead]
    came = (fails <= horizon) & ~(restored[ahead] <= fails)
    begin[ahead] = np.where(came, fails, np.nan)
    return begin


def planned_columns(
    births: Births, restored: FloatArray, horizon: float, table: Mapping[str, Column]
) -> dict[str, Column]:
    """Return the columns of work orders that differ for planned work, with its origin.

    Parameters
    ----------
    births, restored, horizon
        As for `down_from`.
    table
        The columns as they are for failures.
    """
    begin = down_from(births, restored, horizon)
    columns: dict[str, Column] = {
        "origin": Categories(births.origin.astype(np.int32), ORIGINS),
        "down_from": begin,
    }
    # A predicted failure that has not come has no clocks: nobody has missed anything.
    avoided = np.isnan(begin) & (births.origin == Origin.CONDITION_BASED)
    for name in _CLOCKS:
        columns[name] = np.where(avoided, np.nan, _numbers(table, name))
    columns["due_at"] = np.where(avoided, births.promised_at, _numbers(table, "due_at"))
    columns["devices_down"] = np.where(np.isnan(begin), 0, _numbers(table, "devices_down")).astype(np.int64)
    return columns


def _numbers(table: Mapping[str, Column], name: str) -> npt.NDArray[np.generic]:
    values = table[name]
    assert not isinstance(values, Categories)
    return values


def inspection_table(model: Model, visits: Visits, ids: npt.NDArray[np.object_]) -> dict[str, Column]:
    """Return one row for each inspection that was planned by the horizon.

    Parameters
    ----------
    model
        The model after its run.
    visits, ids
        Its visits, and the ids of its orders.
    """
    world, births = model.world, model.births
    rows = np.flatnonzero(births.origin == Origin.INSPECTION)
    if not len(rows) or model.prevention is None:
        return empty("inspections")
    found = model.prevention.found
    completed = np.array(model.completed)[rows]
    visits = visits.leads()
    names, positions, _ = engineer_labels(world)
    place = {row: i for i, row in enumerate(rows.tolist())}
    started = np.full(len(rows), np.nan)
    engineer = np.full(len(rows), -1, dtype=np.int32)
    of_inspections = np.flatnonzero(births.origin[visits.row] == Origin.INSPECTION)
    for visit in of_inspections.tolist():
        i = place[int(visits.row[visit])]
        engineer[i] = positions[visits.engineer[visit]]
        if not visits.arrived[visit] >= started[i]:
            started[i] = visits.arrived[visit]
    return {
        "id": ids[rows],
        "site": Categories(births.site[rows].astype(np.int32), world.names.sites),
        "engineer": Categories(engineer, names),
        "due_at": births.promised_at[rows],
        "started_at": started,
        "ended_at": np.where(completed <= world.horizon, completed, np.nan),
        "defects_found": np.array([found.get(row, 0) for row in rows.tolist()], dtype=np.int64),
    }

"""Planned work in the tables: the table of inspections, and what orders that answer no failure look like.

Whatever lies beyond the horizon has not happened. The rest of the table of work orders is in `order_records`.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from insight.packing import NumberedNames
from insight.tables import Categories, Table, empty
from sim.births import Births
from sim.labels import engineer_labels
from sim.model import Model
from sim.reports import Origin
from sim.visit_log import Role
from sim.visits import Visits

FloatArray = npt.NDArray[np.float64]

ORIGINS = tuple(o.name.lower() for o in Origin)


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


def avoided(births: Births, down: FloatArray) -> npt.NDArray[np.bool_]:
    """Return which orders are predicted failures that have not come.

    Parameters
    ----------
    births
        All orders.
    down
        What `down_from` tells of them.
    """
    never: npt.NDArray[np.bool_] = np.isnan(down) & (births.origin == Origin.CONDITION_BASED)
    return never


def inspection_table(model: Model, visits: Visits, ids: NumberedNames) -> Table:
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
    names, positions, _ = engineer_labels(world)
    place = np.full(len(births), -1, dtype=np.int32)
    place[rows] = np.arange(len(rows))
    visits = visits.take((place[visits.row] >= 0) & (visits.role == Role.LEAD))
    of_visit = place[visits.row]
    started, engineer = np.full(len(rows), np.inf), np.full(len(rows), -1, dtype=np.int32)
    engineer[of_visit] = positions[visits.engineer]
    np.fmin.at(started, of_visit, visits.arrived)
    return {
        "id": ids.take(rows).strings(),
        "site": Categories(births.site[rows].astype(np.int32), world.names.sites),
        "engineer": Categories(engineer, names),
        "due_at": births.promised_at[rows],
        "started_at": np.where(np.isinf(started), np.nan, started),
        "ended_at": np.where(completed <= world.horizon, completed, np.nan),
        "defects_found": np.array([found.get(row, 0) for row in rows.tolist()], dtype=np.int64),
    }

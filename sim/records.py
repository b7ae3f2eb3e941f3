"""From the logs of a finished replication to the tables that everything else reads.

Whatever lies beyond the horizon has not happened. All work is done in numpy, after the run, so that the run
itself only keeps what it cannot recompute.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from insight.tables import Categories, Column, Tables, empty
from sim.engineer_days import engineer_days, overtime
from sim.labels import engineer_labels, place_columns
from sim.model import Model
from sim.order_records import work_orders
from sim.visit_log import Outcome
from sim.visits import Visits, visits_of

OUTCOMES = tuple(o.name.lower() for o in Outcome)


def tables_of(model: Model, replication: int) -> Tables:
    """Return all tables of a finished replication.

    Parameters
    ----------
    model
        The model after its run.
    replication
        Number of the replication, from 0.
    """
    world = model.world
    visits, pending = visits_of(model)
    ids = _order_ids(model)
    tables: dict[str, Mapping[str, Column]] = {
        "work_orders": work_orders(model, visits, pending, ids),
        "visits": _visit_table(model, visits, ids),
        "engineer_days": engineer_days(world, visits),
        "stock_moves": _stock_table(model, ids),
        "inspections": empty("inspections"),
        "projects": empty("projects"),
        "disruptions": empty("disruptions"),
    }
    return {name: _numbered(table, replication) for name, table in tables.items()}


def _numbered(table: Mapping[str, Column], replication: int) -> dict[str, Column]:
    rows = len(next(c for name, c in table.items() if name != "replication"))
    return {**table, "replication": np.full(rows, replication, dtype=np.int64)}


def _order_ids(model: Model) -> npt.NDArray[np.object_]:
    """Return the id of each order: site, device type, number of the failure; for finite bases the device."""
    world, births = model.world, model.births
    names = world.names
    prefix = [f"{names.sites[s.site]}:{names.device_types[s.device_type]}:" for s in world.streams]
    ids = [f"{prefix[s]}{i + 1}" for s, i in zip(births.stream.tolist(), births.index.tolist(), strict=True)]
    if any(s.finite for s in world.streams):
        seen: dict[str, int] = {}
        for position, stream in enumerate(births.stream.tolist()):
            if world.streams[stream].finite:
                name = ids[position]
                seen[name] = seen.get(name, 0) + 1
                ids[position] = f"{name}.{seen[name]}"
    return np.array(ids, dtype=object) if ids else np.empty(0, dtype=object)


def _visit_table(model: Model, visits: Visits, ids: npt.NDArray[np.object_]) -> dict[str, Column]:
    world = model.world
    names, positions, centres = engineer_labels(world)
    return {
        "work_order": ids[visits.row],
        "visit": visits.number + 1,
        "stage": Categories(visits.stage.astype(np.int32), world.names.stages),
        "engineer": Categories(positions[visits.engineer], names),
        "centre": Categories(centres[visits.engineer], world.names.centres),
        "on_site": visits.on_site,
        "ready_at": visits.ready,
        "booked_at": visits.booked,
        "departed_at": np.where(visits.on_site, visits.booked, np.nan),
        "arrived_at": np.where(visits.on_site, visits.arrived, np.nan),
        "ended_at": visits.ended,
        "work_hours": visits.work_hours,
        "travel_hours": visits.travel_hours,
        "return_hours": visits.return_hours,
        "fares": visits.fare,
        "overtime_hours": overtime(world, visits),
        "wait_off_shift": visits.waits.off_shift,
        "wait_skill": visits.waits.skill,
        "wait_engineer": visits.waits.engineer,
        "outcome": Categories(visits.outcome.astype(np.int32), OUTCOMES),
    }


def _stock_table(model: Model, ids: npt.NDArray[np.object_]) -> dict[str, Column]:
    world, depots = model.world, model.depots
    row = np.array(depots.rows, dtype=np.int64)
    stock = np.array(depots.stocks, dtype=np.int64)
    quantity = np.array(depots.quantities, dtype=np.int64)
    centre = np.array([s.centre for s in world.stocks], dtype=np.int64)[stock]
    part = np.array([s.part for s in world.stocks], dtype=np.int64)[stock]
    demanded, available = np.array(depots.demanded), np.array(depots.available)
    replenished = np.array(depots.replenished)
    horizon = world.horizon
    prices = np.stack([p.unit_costs for p in world.periods])
    return {
        "work_order": ids[row],
        **place_columns(world, centre),
        "part": Categories(part.astype(np.int32), world.names.parts),
        "quantity": quantity,
        "demanded_at": demanded,
        "available_at": np.where(available <= horizon, available, np.nan),
        "replenished_at": np.where(replenished <= horizon, replenished, np.nan),
        "on_shelf": available <= demanded,
        "cost_parts": quantity * prices[world.period_at(demanded), part],
    }

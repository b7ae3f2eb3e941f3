"""From the logs of a finished replication to the tables that everything else reads.

Whatever lies beyond the horizon has not happened. All work is done in numpy, after the run, so that the run
itself only keeps what it cannot recompute.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from insight.penalties import order_penalties, with_bonus
from insight.tables import Categories, Column, Tables, empty, select
from sim.disruption_records import disruptions
from sim.engineer_days import engineer_days, overtime
from sim.labels import engineer_labels
from sim.model import Model
from sim.nights import nights_away
from sim.order_records import work_orders
from sim.prevention_records import inspection_table
from sim.reports import Origin
from sim.stock_records import stock_moves
from sim.visit_log import Outcome, Role
from sim.visits import Visits, visits_of
from sim.watch import with_alerts

#: What stands in the id of an order in place of the device type, by origin.
_ORIGINS = {
    o.value: o.name.lower().replace("_", "-")
    for o in Origin
    if o not in (Origin.FAILURE, Origin.CONDITION_BASED)
}
OUTCOMES = tuple(o.name.lower() for o in Outcome)
ROLES = tuple(role.name.lower() for role in Role)


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
    nights = nights_away(world, visits, model.births.site[visits.row].astype(np.int64))
    prices = np.array([p.travel_cost_per_night for p in world.periods])
    lodging = nights * prices[world.period_at(visits.booked)]
    ids = _order_ids(model)
    orders = work_orders(model, visits, pending, ids)
    if model.prevention is not None:
        orders = select(orders, model.prevention.happened(len(ids)))
    orders["cost_penalties"] = order_penalties(
        orders, world.rules, world.penalties, world.start, world.horizon
    )
    tables: dict[str, Mapping[str, Column]] = {
        "work_orders": orders,
        "visits": _visit_table(model, visits, nights, ids),
        "engineer_days": with_bonus(
            engineer_days(world, model.roster.duty, visits, lodging),
            orders,
            world.penalties.bonus,
            world.start,
            world.horizon,
        ),
        "stock_moves": stock_moves(world, model.depots, ids),
        "inspections": inspection_table(model, visits, ids),
        "projects": empty("projects"),
        "disruptions": with_alerts(
            disruptions(world, model.conditions), world, [] if model.watch is None else model.watch.log
        ),
    }
    return {name: _numbered(table, replication) for name, table in tables.items()}


def _numbered(table: Mapping[str, Column], replication: int) -> dict[str, Column]:
    rows = len(next(c for name, c in table.items() if name != "replication"))
    return {**table, "replication": np.full(rows, replication, dtype=np.int64)}


def _order_ids(model: Model) -> npt.NDArray[np.object_]:
    """Return the id of each order: site, device type, number of the failure; for finite bases the device."""
    world, births = model.world, model.births
    names = world.names
    sites, devices = names.sites, (*names.device_types, "")
    ids = [
        f"{sites[s]}:{':'.join(filter(None, (_ORIGINS.get(o), devices[d])))}:{i + 1}"
        for s, d, o, i in zip(
            births.site.tolist(),
            births.device.tolist(),
            births.origin.tolist(),
            births.index.tolist(),
            strict=True,
        )
    ]
    if any(s.finite for s in world.streams):
        seen: dict[str, int] = {}
        for position, stream in enumerate(births.stream.tolist()):
            if stream >= 0 and world.streams[stream].finite:
                name = ids[position]
                seen[name] = seen.get(name, 0) + 1
                ids[position] = f"{name}.{seen[name]}"
    return np.array(ids, dtype=object) if ids else np.empty(0, dtype=object)


def _visit_table(
    model: Model, visits: Visits, nights: npt.NDArray[np.int64], ids: npt.NDArray[np.object_]
) -> dict[str, Column]:
    world = model.world
    names, positions, centres = engineer_labels(world)
    return {
        "work_order": ids[visits.row],
        "visit": visits.number + 1,
        "stage": Categories(visits.stage.astype(np.int32), world.names.stages),
        "engineer": Categories(positions[visits.engineer], names),
        "role": Categories(visits.role.astype(np.int32), ROLES),
        "centre": Categories(centres[visits.engineer], world.names.centres),
        "on_site": visits.on_site,
        "ready_at": visits.ready,
        "booked_at": visits.booked,
        "departed_at": np.where(visits.on_site, visits.booked, np.nan),
        "arrived_at": np.where(visits.on_site, visits.arrived, np.nan),
        "started_at": np.where(visits.started <= visits.until, visits.started, np.nan),
        "ended_at": visits.ended,
        "work_hours": visits.work_hours,
        "travel_hours": visits.travel_hours,
        "return_hours": visits.return_hours,
        "fares": visits.fare,
        "nights": nights,
        "weather_hours": visits.lost_on_way + visits.lost_on_site,
        "overtime_hours": overtime(world, model.roster.duty, visits),
        "wait_off_shift": visits.waits.off_shift,
        "wait_skill": visits.waits.skill,
        "wait_crew": visits.waits.crew,
        "wait_engineer": visits.waits.engineer,
        "outcome": Categories(visits.outcome.astype(np.int32), OUTCOMES),
    }

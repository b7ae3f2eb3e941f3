"""From the logs of a finished replication to the tables that everything else reads.

Whatever lies beyond the horizon has not happened. All work is done in numpy, after the run, so that the run
itself only keeps what it cannot recompute.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from insight.tables import Categories, Column, Tables, empty
from scenarios.world import World
from sim.causes import Busy, Waits, split_waits
from sim.engineer_days import engineer_days, overtime
from sim.model import Model
from sim.order_records import OrderParts, work_orders
from sim.visit_log import Outcome

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

OUTCOMES = tuple(o.name.lower() for o in Outcome)


@dataclass(frozen=True)
class Visits:
    """The visits of a replication as arrays, cut at the horizon.

    Parameters
    ----------
    row, number, stage, engineer, outcome
        As in the log; `stage` by label.
    ready, booked
        Instants as in the log.
    planned
        Arrival as it was expected at the booking.
    arrived, ended
        Instants, NaN where they did not come about by the horizon.
    on_site
        Whether somebody travels for it.
    until
        The end, or the horizon.
    waits
        How the wait from `ready` to `booked` splits.
    """

    row: IntArray
    number: IntArray
    stage: IntArray
    engineer: IntArray
    outcome: IntArray
    ready: FloatArray
    booked: FloatArray
    planned: FloatArray
    arrived: FloatArray
    ended: FloatArray
    on_site: npt.NDArray[np.bool_]
    until: FloatArray
    waits: Waits

    @property
    def travel_hours(self) -> FloatArray:
        """Return hours on the way, up to the horizon or to where the visit was broken off."""
        return np.minimum(self.planned, self.until) - self.booked

    @property
    def work_hours(self) -> FloatArray:
        """Return hands-on hours, up to the horizon."""
        return np.maximum(self.until - np.maximum(self.planned, self.booked), 0.0)


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
    busy, log = _busy(model)
    waits, pending = _waits(model, busy, log)
    visits = _visits(model, log, waits)
    ids = _order_ids(model)
    tables: dict[str, Mapping[str, Column]] = {
        "work_orders": work_orders(model, OrderParts(visits, pending), ids),
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


def _busy(model: Model) -> tuple[Busy, dict[str, npt.NDArray[np.generic]]]:
    log = {name: np.array(getattr(model.visits, name)) for name in model.visits.__slots__}
    ended = log["ended"]
    until = np.where(np.isnan(ended), model.world.horizon, ended)
    return Busy(log["engineer"].astype(np.int64), log["booked"], until), log


def _waits(
    model: Model, busy: Busy, log: Mapping[str, npt.NDArray[np.generic]]
) -> tuple[Waits, tuple[IntArray, FloatArray, FloatArray, Waits]]:
    """Split the waits of visits, and of orders that wait at the end or went to a partner."""
    horizon = model.world.horizon
    others = [(o.row, o.queue, o.ready_at, horizon) for o in model.waiting.orders()]
    others += [(p.row, p.queue, p.ready, p.handed_over) for p in model.partner]
    row, queue, begin, end = (np.array(c) for c in zip(*others, strict=True)) if others else [np.empty(0)] * 4
    count = len(log["row"])
    whole = split_waits(
        model.world,
        np.concatenate([log["queue"], queue]).astype(np.int64),
        np.concatenate([log["ready"], begin]),
        np.concatenate([log["booked"], end]),
        busy,
    )
    mine = Waits(whole.off_shift[:count], whole.skill[:count], whole.engineer[:count])
    rest = Waits(whole.off_shift[count:], whole.skill[count:], whole.engineer[count:])
    return mine, (row.astype(np.int64), begin.astype(float), end.astype(float), rest)


def _visits(model: Model, log: Mapping[str, npt.NDArray[np.generic]], waits: Waits) -> Visits:
    horizon = model.world.horizon
    row = log["row"].astype(np.int64)
    label, on_site = _stage_tables(model.world)
    where = (model.births.period[row], model.births.fault[row], log["stage"])
    planned, ended = log["arrived"], log["ended"]
    until = np.where(np.isnan(ended), horizon, ended)
    return Visits(
        row=row,
        number=log["number"].astype(np.int64),
        stage=label[where],
        engineer=log["engineer"].astype(np.int64),
        outcome=log["outcome"].astype(np.int64),
        ready=log["ready"],
        booked=log["booked"],
        planned=planned,
        arrived=np.where(planned <= until, planned, np.nan),
        ended=ended,
        on_site=on_site[where],
        until=until,
        waits=waits,
    )


def _stage_tables(world: World) -> tuple[IntArray, npt.NDArray[np.bool_]]:
    """Return [period, fault type, stage] -> label of the stage, and whether it is on site."""
    most = max(len(f.stages) for p in world.periods for f in p.faults)
    shape = (len(world.periods), len(world.names.fault_types), most)
    label, on_site = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=bool)
    for p, period in enumerate(world.periods):
        for f, fault in enumerate(period.faults):
            for s, stage in enumerate(fault.stages):
                label[p, f, s] = world.names.stages.index(stage.name)
                on_site[p, f, s] = stage.on_site
    return label, on_site


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
        "overtime_hours": overtime(world, visits),
        "wait_off_shift": visits.waits.off_shift,
        "wait_skill": visits.waits.skill,
        "wait_engineer": visits.waits.engineer,
        "outcome": Categories(visits.outcome.astype(np.int32), OUTCOMES),
    }


def engineer_labels(
    world: World,
) -> tuple[tuple[str, ...], npt.NDArray[np.int32], npt.NDArray[np.int32]]:
    """Return the engineers' names, and the name and centre of each of the World's engineers by position."""
    names = tuple(dict.fromkeys(e.name for e in world.engineers))
    position = {name: i for i, name in enumerate(names)}
    return (
        names,
        np.array([position[e.name] for e in world.engineers], dtype=np.int32),
        np.array([e.centre for e in world.engineers], dtype=np.int32),
    )


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
    return {
        "work_order": ids[row],
        **place_columns(world, centre),
        "part": Categories(part.astype(np.int32), world.names.parts),
        "quantity": quantity,
        "demanded_at": demanded,
        "available_at": np.where(available <= horizon, available, np.nan),
        "replenished_at": np.where(replenished <= horizon, replenished, np.nan),
        "on_shelf": available <= demanded,
        "cost_parts": quantity * world.unit_costs[part] if len(part) else np.empty(0),
    }


def place_columns(world: World, centre: npt.NDArray[np.integer]) -> dict[str, Column]:
    """Return centre, city, country and zone of rows by the position of their centre."""
    places, names = world.places, world.names
    city = places.centre_city[centre]
    country = places.city_country[city]
    return {
        "centre": Categories(centre.astype(np.int32), names.centres),
        "city": Categories(city.astype(np.int32), names.cities),
        "country": Categories(country.astype(np.int32), names.countries),
        "zone": Categories(places.country_zone[country].astype(np.int32), names.zones),
    }

"""From the logs of a finished replication to the tables that everything else reads.

Whatever lies beyond the horizon has not happened. All work is done in numpy, after the run, so that the run
itself only keeps what it cannot recompute.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import numpy.typing as npt

from insight.packing import LookUp, Made, NumberedNames, Packed, Picked, constant
from insight.penalties import order_penalties, with_bonus
from insight.tables import Categories, Table, Tables, empty
from sim.disruption_records import disruptions
from sim.engineer_days import engineer_days, overtime
from sim.ids import order_ids
from sim.labels import engineer_labels
from sim.model import Model
from sim.nights import nights_away
from sim.order_records import work_orders
from sim.prevention_records import inspection_table
from sim.stock_records import stock_moves
from sim.visit_log import Outcome, Role
from sim.visits import Visits, visits_of
from sim.watch import with_alerts

#: Columns of the table that are those of the visits, by their names there.
_AS_THEY_ARE = {
    "on_site": "on_site",
    "ready_at": "ready",
    "booked_at": "booked",
    "ended_at": "ended",
    "fares": "fare",
    **{f"wait_{cause}": f"wait_{cause}" for cause in ("off_shift", "skill", "crew", "engineer")},
}
#: Columns that follow from those of the visits.
_AS_THEY_FOLLOW: dict[str, Callable[[Visits], npt.NDArray[np.float64]]] = {
    "departed_at": lambda v: np.where(v.on_site, v.booked, np.nan),
    "arrived_at": lambda v: np.where(v.on_site, v.arrived, np.nan),
    "started_at": lambda v: np.where(v.started <= v.until, v.started, np.nan),
    "work_hours": lambda v: v.work_hours,
    "travel_hours": lambda v: v.travel_hours,
    "return_hours": lambda v: v.return_hours,
    "weather_hours": lambda v: v.lost_on_way + v.lost_on_site,
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
    ids = order_ids(world, model.births)
    days = engineer_days(world, model.roster.duty, visits, model.crews.kept(), lodging)
    del lodging
    of_visits = _visit_table(model, visits, nights, ids)
    inspections = inspection_table(model, visits, ids)
    del nights
    visits = visits.leads()
    orders = work_orders(model, visits, pending, ids)
    orders.put(
        "cost_penalties",
        order_penalties(orders, world.rules, world.penalties, world.start, world.horizon),
    )
    spells = disruptions(world, model.conditions)
    tables: dict[str, Table] = {
        "work_orders": orders,
        "visits": of_visits,
        "engineer_days": with_bonus(days, orders, world.penalties.bonus, world.start, world.horizon),
        "stock_moves": stock_moves(world, model.depots, ids),
        "inspections": inspections,
        "projects": empty("projects"),
        "disruptions": with_alerts(spells, world, [] if model.watch is None else model.watch.log),
    }
    return {name: _numbered(table, replication) for name, table in tables.items()}


def _numbered(table: Table, replication: int) -> Packed:
    """Return a table with the number of the replication as its first column."""
    packed = (
        table
        if isinstance(table, Packed)
        else Packed({name: column for name, column in table.items() if name != "replication"})
    )
    numbered = Packed({"replication": constant(packed.rows, np.int64(replication))})
    for name in packed:
        numbered.share(name, packed)
    return numbered


def _visit_table(model: Model, visits: Visits, nights: npt.NDArray[np.int64], ids: NumberedNames) -> Packed:
    world, held = model.world, visits.columns
    names, positions, centres = engineer_labels(world)
    of_engineers = {
        "engineer": Categories(positions, names),
        "centre": Categories(centres, world.names.centres),
    }
    engineer = held.narrow("engineer")
    table = Packed({name: LookUp(column, engineer) for name, column in of_engineers.items()})
    table.put("work_order", Picked(ids, held.narrow("row")))
    table.put("visit", visits.number + 1)
    table.put("stage", Categories(visits.stage.astype(np.int32), world.names.stages))
    table.put("role", Categories(visits.role.astype(np.int32), ROLES))
    table.put("outcome", Categories(visits.outcome.astype(np.int32), OUTCOMES))
    for name, column in _AS_THEY_ARE.items():
        table.share(name, held, column)
    for name, make in _AS_THEY_FOLLOW.items():
        table.put(name, Made(len(visits), partial(make, visits)))
    table.put("nights", nights)
    table.put("overtime_hours", overtime(world, model.roster.duty, visits))
    return table

"""The table of work orders: what became of each order, when, and what it waited for."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from insight.clocks import order_clocks
from insight.columns import first_of, numbers
from insight.packing import LookUp, Made, NumberedNames, Packed, Picked
from insight.satisfaction import order_satisfaction
from insight.tables import Categories
from scenarios.compiling import SEVERITIES
from scenarios.fields import Level
from scenarios.world import World
from sim import fault_draws
from sim.aftercare import Experience, complained_at, complaints_closed, follow_ups, verified_at
from sim.births import Births
from sim.due import CLOCKS
from sim.hours_by_cause import (
    CAUSES,
    PASSED_OVER,
    RESTORE_CAUSES,
    at_visits,
    by_horizon,
    first_visits,
    hours_to_attend,
    hours_to_restore,
    largest,
)
from sim.model import Model
from sim.prevention_records import ORIGINS, avoided, down_from
from sim.states import STATES, State
from sim.visit_log import Outcome
from sim.visits import Pending, Visits

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
#: Rows of orders that came to be: all, or the positions of some.
Rows = slice | npt.NDArray[np.int32]

_STATES = tuple(state.value for state in STATES)
_SERVED_BY = ("engineer", "partner", "remote", "self_help")


def work_orders(model: Model, visits: Visits, pending: Pending, ids: NumberedNames) -> Packed:
    """Return the table of work orders of a finished replication.

    Parameters
    ----------
    model
        The model after its run.
    visits
        Its visits, a row for each.
    pending
        Its waits that no visit ended.
    ids
        Ids of all orders, those that never came to be among them.
    """
    world, births, rows = model.world, model.births, _came_to_be(model)
    horizon = world.horizon
    restored, ended = (by_horizon(instants, horizon) for instants in (model.restored, model.completed))
    completed = by_horizon(verified_at(world, births, ended), horizon)
    table = Packed({"id": ids if isinstance(rows, slice) else Picked(ids, rows)})
    _put_described(table, world, births, rows)
    seen = _put_actuals(table, model, visits, rows, ended, completed)
    table.put("restored_at", _of(restored, rows))
    table.put("completed_at", completed[rows], like="restored_at")
    _put_planned(table, births, restored, horizon, rows)
    paused = np.minimum(births.released_at, horizon) - np.minimum(births.escalated_at, horizon)
    table.put("paused_hours", np.maximum(paused, 0.0)[rows])
    table.put("cost_partners", _partner_costs(model)[rows])
    _put_after_care(table, world, births, replace(seen, restored=restored), completed, rows)
    del restored, ended, completed, seen, paused
    _put_causes(table, model, visits, pending, rows)
    asked = fault_draws.of_customers(births.origin)[rows]
    complained = ~np.isnan(numbers(table, "complained_at"))
    table.put("csat", order_satisfaction(table, world.satisfaction, horizon, complained, asked))
    return table


def _came_to_be(model: Model) -> Rows:
    """Return the rows of the orders that came to be: not those that were prevented."""
    if model.prevention is None:
        return slice(None)
    happened = model.prevention.happened(len(model.births))
    return slice(None) if happened.all() else np.flatnonzero(happened).astype(np.int32)


def _of(column: FloatArray, rows: Rows) -> FloatArray | LookUp:
    """Return the rows of a column that is held anyway."""
    return column if isinstance(rows, slice) else LookUp(column, rows)


def _put_described(table: Packed, world: World, births: Births, rows: Rows) -> None:
    """Put in what was known of each order at its birth."""
    names, horizon = world.names, world.horizon
    period, site, fault = births.period[rows], births.site[rows], births.fault[rows]
    # Most columns follow from the site or from the fault type, in the period of the report.
    place = _within(period, site, len(names.sites))
    kind = _within(period, fault, len(names.fault_types))
    for name, values in {**_of_sites(world), "site": _tiled(world, names.sites)}.items():
        table.put(name, LookUp(values, place))
    for name, column in {**_of_faults(world), "work_type": _tiled(world, names.fault_types)}.items():
        table.put(name, LookUp(column, kind))
    table.put("device_type", Categories(births.device[rows], names.device_types))
    table.put("sla_rule", Categories(births.rule[rows], names.rules))
    table.put("parts", Categories(births.part[rows], names.parts))
    table.put("reported_at", _of(births.reported_at, rows))
    acknowledged = births.acknowledged_at
    count = len(births.period[rows])
    table.put("acknowledged_at", Made(count, lambda: by_horizon(acknowledged[rows], horizon)))


def _within(period: npt.NDArray[Any], code: npt.NDArray[Any], count: int) -> npt.NDArray[Any]:
    """Return positions among codes from 0 to count - 1, those of the first period first."""
    if not period.any():
        return code
    return period.astype(np.int32) * np.int32(count) + code.astype(np.int32)


def _tiled(world: World, labels: tuple[str, ...]) -> Categories:
    return Categories(np.tile(np.arange(len(labels), dtype=np.int32), len(world.periods)), labels)


def _of_sites(world: World) -> dict[str, Categories]:
    """Return the columns that follow from the site, [period and site]."""
    names, places = world.names, world.places
    city = np.tile(places.site_city, len(world.periods))
    country = places.city_country[city]

    def by_site(attribute: str) -> npt.NDArray[np.int32]:
        return np.concatenate([getattr(p, attribute) for p in world.periods]).astype(np.int32)

    codes: dict[str, tuple[npt.NDArray[Any], tuple[str, ...]]] = {
        "customer": (by_site("customers"), names.customers),
        "customer_tier": (by_site("tiers"), names.tiers),
        "city": (city, names.cities),
        "country": (country, names.countries),
        "zone": (places.country_zone[country], names.zones),
        "centre": (by_site("homes"), names.centres),
        "time_zone": (places.city_time_zone[city], names.time_zones),
    }
    return {name: Categories(of.astype(np.int32), labels) for name, (of, labels) in codes.items()}


def _of_faults(world: World) -> dict[str, Categories | npt.NDArray[Any]]:
    """Return the columns that follow from the fault type and its first stage, [period and fault type]."""
    faults = [fault for period in world.periods for fault in period.faults]
    first = [fault.stages[0] for fault in faults]

    def category(codes: list[int], labels: tuple[str, ...]) -> Categories:
        return Categories(np.array(codes, dtype=np.int32), labels)

    return {
        "severity": category([f.severity for f in faults], tuple(s.value for s in SEVERITIES)),
        "skill": category([stage.skill for stage in first], world.names.skills),
        "level": category([stage.level for stage in first], tuple(level.value for level in Level)),
        "priority": np.array([f.priority for f in faults], dtype=np.int64),
        "crew_size": np.array([stage.crew for stage in first], dtype=np.int64),
        "devices_down": np.array([f.devices_down for f in faults], dtype=np.int64),
        "duration_h": np.array([stage.expected_hours for stage in first], dtype=np.float64),
    }


def _put_actuals(
    table: Packed, model: Model, visits: Visits, rows: Rows, ended: FloatArray, completed: FloatArray
) -> Experience:
    """Put in what happened to each order and where it stands; return what its customer has seen of visits."""
    births, horizon, count = model.births, model.world.horizon, len(model.births)
    row, on_site = visits.row, visits.on_site
    first = first_visits(row, np.ones(len(row), dtype=bool), count)
    first_on_site = first_visits(row, on_site, count)
    reached = on_site & ~np.isnan(visits.arrived)
    booked = at_visits(visits.booked, first)
    arrived = at_visits(visits.arrived, first_visits(row, reached, count))
    departed, planned = at_visits(visits.booked, first_on_site), at_visits(visits.planned, first_on_site)
    number = _visits_on_site(visits, reached, count)
    served = np.where(number > 0, 0, np.where(~np.isnan(ended), 2, -1)).astype(np.int8)
    helped_himself = births.served_by == fault_draws.SERVED_BY.index("self_help")
    served[helped_himself & ~np.isnan(ended)] = _SERVED_BY.index("self_help")
    for p in model.partner:
        served[p.row] = 1
        # What an own engineer did before the hand-over stays: the partner's is then a further visit.
        if first[p.row] < 0:
            booked[p.row] = p.handed_over
        if first_on_site[p.row] < 0:
            planned[p.row] = p.arrived
        if p.arrived <= horizon:
            number[p.row] += 1
            arrived[p.row] = p.arrived if np.isnan(arrived[p.row]) else arrived[p.row]
    table.put("visits", number[rows])
    table.put("booked_at", booked[rows])
    table.put("departed_at", departed[rows], like="booked_at")
    table.put("planned_arrival_at", planned[rows])
    table.put("arrived_at", arrived[rows], like="planned_arrival_at")
    table.put("status", Categories(_status(model, visits, ended, completed)[rows], _STATES))
    table.put("served_by", Categories(served[rows].astype(np.int32), _SERVED_BY))
    return Experience(arrived, arrived, number)


def _visits_on_site(visits: Visits, reached: BoolArray, count: int) -> npt.NDArray[np.int64]:
    """Return how many visits of each order reached the site."""
    # Work that was interrupted and resumed has several rows of one number and is one visit.
    number = visits.number[reached]
    most = int(number.max(initial=0)) + 1
    distinct = np.unique(visits.row[reached] * most + number) // most
    return np.bincount(distinct, minlength=count)


def _status(model: Model, visits: Visits, ended: FloatArray, completed: FloatArray) -> npt.NDArray[np.int32]:
    """Return the position of the state of each order at the horizon."""
    births, horizon = model.births, model.world.horizon
    state = np.full(len(births), STATES.index(State.REPORTED), dtype=np.int8)
    state[births.acknowledged_at <= horizon] = STATES.index(State.REMOTE_HELP)
    state[births.escalated_at <= horizon] = STATES.index(State.WAITING_CUSTOMER)
    state[births.released_at <= horizon] = STATES.index(State.WAITING_PART)
    for order in model.waiting.orders():
        state[order.row] = STATES.index(State.WAITING_ENGINEER)
    row, outcome = visits.row, visits.outcome
    left = np.isin(outcome, (Outcome.SUSPENDED, Outcome.HANDED_OVER))
    state[row[left]] = STATES.index(State.WAITING_ENGINEER)
    going = outcome == Outcome.OPEN
    travelling = going & (visits.planned > horizon)
    state[row[going]] = STATES.index(State.WORKING)
    state[row[travelling]] = STATES.index(State.TRAVELLING)
    for p in model.partner:
        state[p.row] = STATES.index(State.WITH_PARTNER)
    state[~np.isnan(ended)] = STATES.index(State.VERIFYING)
    state[~np.isnan(completed)] = STATES.index(State.COMPLETED)
    return state.astype(np.int32)


def _partner_costs(model: Model) -> FloatArray:
    costs = np.zeros(len(model.births))
    for visit in model.partner:
        costs[visit.row] = visit.price
    return costs


def _put_planned(table: Packed, births: Births, restored: FloatArray, horizon: float, rows: Rows) -> None:
    """Put in what differs for planned work: its origin, from when devices are down, and when it is due."""
    down = down_from(births, restored, horizon)
    # A predicted failure that has not come has no clocks: nobody has missed anything.
    never = np.flatnonzero(avoided(births, down)[rows])
    down = down[rows]
    table.put("origin", Categories(births.origin[rows].astype(np.int32), ORIGINS))
    table.put("down_from", down, like="reported_at")
    for clock, due in zip(CLOCKS, births.due, strict=True):
        table.put(f"{clock}_due_at", Made(len(down), partial(_but, due, rows, never)))
    planned = Packed({"promised_at": births.promised_at[rows]})

    def due_at() -> FloatArray:
        order = ("attend", "respond", "restore", "complete")
        return first_of(*(table.array(f"{clock}_due_at") for clock in order), planned.array("promised_at"))

    table.put("due_at", Made(len(down), due_at))
    table.put("devices_down", np.where(np.isnan(down), 0, numbers(table, "devices_down")).astype(np.int64))


def _but(column: FloatArray, rows: Rows, never: npt.NDArray[np.int64]) -> FloatArray:
    """Return the rows of a column, NaN at some of them."""
    some = column[rows].copy()
    some[never] = np.nan
    return some


def _put_after_care(
    table: Packed, world: World, births: Births, seen: Experience, completed: FloatArray, rows: Rows
) -> None:
    """Put in the calls after completion and the complaints, up to the horizon."""
    horizon = world.horizon
    due, called = follow_ups(world, births, completed)
    table.put("follow_up_due_at", due[rows])
    table.put("followed_up_at", by_horizon(called, horizon)[rows])
    complained = by_horizon(complained_at(world, births, np.arange(len(births)), seen), horizon)
    closed, missed = complaints_closed(world, births, complained)
    table.put("complained_at", complained[rows])
    table.put("complaint_closed_at", by_horizon(closed, horizon)[rows])
    table.put("complaint_misses", missed[rows])


def _put_causes(table: Packed, model: Model, visits: Visits, pending: Pending, rows: Rows) -> None:
    """Put in the hours by cause, and the largest cause of each missed clock."""
    clocks = order_clocks(table, model.world.horizon)
    missed = {name: clock.decided & ~clock.met for name, clock in clocks.items()}
    del clocks
    to_attend = hours_to_attend(model, visits, pending)
    hours = {name: to_attend.pop(name)[rows] for name in (*CAUSES, PASSED_OVER)}
    table.put("cause", largest(hours, CAUSES, missed["attend"] | missed["respond"]))
    for name in CAUSES:
        table.put(f"wait_{name}", hours.pop(name))
    late = missed["restore"] | missed["complete"]
    of_late = np.zeros(len(model.births), dtype=bool)
    of_late[np.arange(len(of_late))[rows][late]] = True
    some = visits.take(of_late[visits.row])
    to_restore = hours_to_restore(model, some, pending)
    hours = {name: to_restore.pop(name)[rows] for name in (*RESTORE_CAUSES, PASSED_OVER)}
    table.put("restore_cause", largest(hours, RESTORE_CAUSES, late))

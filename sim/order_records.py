"""The table of work orders: what became of each order, when, and what it waited for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from insight.clocks import order_clocks
from insight.columns import numbers
from insight.satisfaction import order_satisfaction
from insight.tables import Categories, Column
from scenarios.compiling import SEVERITIES
from scenarios.fields import Level
from scenarios.world import World
from sim import fault_draws
from sim.aftercare import Experience, complained_at, complaints_closed, follow_ups, verified_at
from sim.births import Births
from sim.model import Model
from sim.prevention_records import planned_columns
from sim.states import STATES, State
from sim.stock_records import part_waits
from sim.visit_log import Outcome
from sim.visits import Pending, Visits

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

#: Causes of delay, in the order of an order's life.
CAUSES = ("hand_over", "part", "off_shift", "skill", "crew", "engineer", "weather", "travel")
_RESTORE_CAUSES = (*CAUSES, "work")
_SERVED_BY = ("engineer", "partner", "remote", "self_help")


def work_orders(
    model: Model, visits: Visits, pending: Pending, ids: npt.NDArray[np.object_]
) -> dict[str, Column]:
    """Return the table of work orders of a finished replication."""
    world, births = model.world, model.births
    horizon = world.horizon
    visits = visits.leads()
    restored, ended = (_happened(instants, horizon) for instants in (model.restored, model.completed))
    completed = _happened(verified_at(world, births, ended), horizon)
    actuals = _actuals(model, visits, ended, completed)
    table: dict[str, Column] = {
        "id": ids,
        **_described(world, births),
        **actuals,
        "restored_at": restored,
        "completed_at": completed,
        "paused_hours": np.maximum(
            np.minimum(births.released_at, horizon) - np.minimum(births.escalated_at, horizon), 0.0
        ),
        "cost_partners": _partner_costs(model),
    }
    table |= _after_care(world, births, table)
    table |= planned_columns(births, restored, horizon, table)
    hours_to_attend, hours_to_restore = hours_by_cause(model, visits, pending)
    for name in CAUSES:
        table[f"wait_{name}"] = hours_to_attend[name]
    return _judged(world, births, table, hours_to_attend, hours_to_restore)


def _happened(instants: Sequence[float] | FloatArray, horizon: float) -> FloatArray:
    """Return instants by the horizon, NaN for later ones."""
    at = np.array(instants, dtype=np.float64)
    return np.where(at <= horizon, at, np.nan)


def _after_care(world: World, births: Births, table: Mapping[str, Column]) -> dict[str, Column]:
    """Return the calls after completion and the complaints, up to the horizon."""
    horizon = world.horizon
    seen = Experience(
        numbers(table, "arrived_at"), numbers(table, "restored_at"), numbers(table, "visits").astype(np.int64)
    )
    due, called = follow_ups(world, births, numbers(table, "completed_at"))
    everything = np.arange(len(births))
    complained = _happened(complained_at(world, births, everything, seen), horizon)
    closed, missed = complaints_closed(world, births, complained)
    return {
        "follow_up_due_at": due,
        "followed_up_at": _happened(called, horizon),
        "complained_at": complained,
        "complaint_closed_at": _happened(closed, horizon),
        "complaint_misses": missed,
    }


def _described(world: World, births: Births) -> dict[str, Column]:
    """Return what was known of each order at its birth."""
    names, places = world.names, world.places
    site, period, fault = births.site, births.period, births.fault
    city = places.site_city[site]
    country = places.city_country[city]
    respond, attend, restore, complete = births.due
    spec = _spec_tables(world)

    def of_fault(name: str) -> npt.NDArray[np.generic]:
        return spec[name][period, fault]

    def category(codes: npt.NDArray[np.generic], labels: tuple[str, ...]) -> Categories:
        return Categories(codes.astype(np.int32), labels)

    def by_site(name: str) -> npt.NDArray[np.generic]:
        values: npt.NDArray[np.generic] = np.array([getattr(p, name) for p in world.periods])[period, site]
        return values

    return {
        "customer": category(by_site("customers"), names.customers),
        "customer_tier": category(by_site("tiers"), names.tiers),
        "site": category(site, names.sites),
        "device_type": category(births.device, names.device_types),
        "city": category(city, names.cities),
        "country": category(country, names.countries),
        "zone": category(places.country_zone[country], names.zones),
        "centre": category(by_site("homes"), names.centres),
        "time_zone": category(places.city_time_zone[city], names.time_zones),
        "severity": category(of_fault("severity"), tuple(s.value for s in SEVERITIES)),
        "priority": of_fault("priority").astype(np.int64),
        "work_type": category(fault, names.fault_types),
        "skill": category(of_fault("skill"), names.skills),
        "level": category(of_fault("level"), tuple(level.value for level in Level)),
        "sla_rule": category(births.rule, names.rules),
        "parts": category(births.part, names.parts),
        "crew_size": of_fault("crew").astype(np.int64),
        "reported_at": births.reported_at,
        "acknowledged_at": np.where(births.acknowledged_at <= world.horizon, births.acknowledged_at, np.nan),
        "respond_due_at": respond,
        "attend_due_at": attend,
        "restore_due_at": restore,
        "complete_due_at": complete,
        "due_at": births.due_at,
        "duration_h": of_fault("expected").astype(np.float64),
        "devices_down": of_fault("devices_down").astype(np.int64),
    }


def _spec_tables(world: World) -> dict[str, npt.NDArray[np.generic]]:
    """Return [period, fault type] -> figures of the fault type and its first stage."""
    grid = [[(f, f.stages[0]) for f in p.faults] for p in world.periods]
    return {
        "severity": np.array([[f.severity for f, _ in row] for row in grid]),
        "priority": np.array([[f.priority for f, _ in row] for row in grid]),
        "skill": np.array([[st.skill for _, st in row] for row in grid]),
        "level": np.array([[st.level for _, st in row] for row in grid]),
        "expected": np.array([[st.expected_hours for _, st in row] for row in grid]),
        "crew": np.array([[st.crew for _, st in row] for row in grid]),
        "devices_down": np.array([[f.devices_down for f, _ in row] for row in grid]),
    }


def _first(rows: IntArray, mask: npt.NDArray[np.bool_], count: int) -> IntArray:
    """Return, for each order, the position of its first visit that a mask admits, -1 for none."""
    positions = np.flatnonzero(mask)[::-1]
    first = np.full(count, -1, dtype=np.int64)
    first[rows[positions]] = positions
    return first


def _at(values: FloatArray, positions: IntArray) -> FloatArray:
    """Return values at positions, NaN where a position is -1."""
    return np.append(values, np.nan)[positions]


def _actuals(model: Model, visits: Visits, ended: FloatArray, completed: FloatArray) -> dict[str, Column]:
    """Return what happened to each order and where it stands at the horizon."""
    births, horizon = model.births, model.world.horizon
    count = len(births)
    everything = np.ones(len(visits.row), dtype=bool)
    first, first_on_site = _first(visits.row, everything, count), _first(visits.row, visits.on_site, count)
    reached = visits.on_site & ~np.isnan(visits.arrived)
    first_reached = _first(visits.row, reached, count)
    booked, arrived = _at(visits.booked, first), _at(visits.arrived, first_reached)
    departed, planned = _at(visits.booked, first_on_site), _at(visits.planned, first_on_site)
    # Work that was interrupted and resumed has several rows of one number and is one visit.
    most = int(visits.number.max(initial=0)) + 1
    distinct = np.unique(visits.row[reached] * most + visits.number[reached]) // most
    number = np.bincount(distinct, minlength=count)
    served = np.where(number > 0, 0, np.where(~np.isnan(ended), 2, -1))
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
    return {
        "visits": number.astype(np.int64),
        "booked_at": booked,
        "planned_arrival_at": planned,
        "departed_at": departed,
        "arrived_at": arrived,
        "status": _status(model, visits, ended, completed),
        "served_by": Categories(served.astype(np.int32), _SERVED_BY),
    }


def _status(model: Model, visits: Visits, ended: FloatArray, completed: FloatArray) -> Categories:
    """Return the state of each order at the horizon."""
    births, horizon = model.births, model.world.horizon
    state = np.full(len(births), STATES.index(State.REPORTED), dtype=np.int32)
    state[births.acknowledged_at <= horizon] = STATES.index(State.REMOTE_HELP)
    state[births.escalated_at <= horizon] = STATES.index(State.WAITING_CUSTOMER)
    state[births.released_at <= horizon] = STATES.index(State.WAITING_PART)
    for order in model.waiting.orders():
        state[order.row] = STATES.index(State.WAITING_ENGINEER)
    left = np.isin(visits.outcome, (Outcome.SUSPENDED, Outcome.HANDED_OVER))
    state[visits.row[left]] = STATES.index(State.WAITING_ENGINEER)
    going = visits.outcome == Outcome.OPEN
    travelling = going & (visits.planned > horizon)
    state[visits.row[going]] = STATES.index(State.WORKING)
    state[visits.row[travelling]] = STATES.index(State.TRAVELLING)
    for p in model.partner:
        state[p.row] = STATES.index(State.WITH_PARTNER)
    state[~np.isnan(ended)] = STATES.index(State.VERIFYING)
    state[~np.isnan(completed)] = STATES.index(State.COMPLETED)
    return Categories(state, tuple(s.value for s in STATES))


def _partner_costs(model: Model) -> FloatArray:
    costs = np.zeros(len(model.births))
    for visit in model.partner:
        costs[visit.row] = visit.price
    return costs


def hours_by_cause(
    model: Model, visits: Visits, pending: Pending
) -> tuple[dict[str, FloatArray], dict[str, FloatArray]]:
    """Return the hours of each order by cause, to its attendance and to its restoration, or to the horizon.

    Either adds up to the whole delay since the report, without the wait for the customer. Service that is
    restored for a time is restored; what follows is no delay.
    """
    return _hours_to_attend(model, visits, pending), _hours_to_restore(model, visits, pending)


def _hours_to_attend(model: Model, visits: Visits, pending: Pending) -> dict[str, FloatArray]:
    """Return hours by cause from the report to the first arrival, or to the horizon.

    An order that nobody had to go for is attended when it is restored. Hands-on hours away from the site are
    part of the hand-over.
    """
    count, position = len(model.births), np.arange(len(visits.row))
    reached = _first(visits.row, visits.on_site & ~np.isnan(visits.arrived), count)
    last = np.where(reached >= 0, reached, len(visits.row))
    remotely = (reached < 0) & ~np.isnan(_happened(model.completed, model.world.horizon))
    remotely[[p.row for p in model.partner]] = False
    restored = np.where(remotely, np.array(model.restored), np.inf)
    considered = (position <= last[visits.row]) & (visits.until <= restored[visits.row])
    until = np.where(reached >= 0, _at(visits.arrived, reached), restored)
    hours = _hours(model, visits, pending, until, considered, reached[pending.row] < 0)
    aside = considered & ~visits.on_site
    hours["hand_over"] += np.bincount(visits.row[aside], visits.work_hours[aside], count)
    before = considered & (position < last[visits.row])
    over = _handing_over(model.world, visits)
    hours["hand_over"] += np.bincount(visits.row[before], over[before], count)
    for p in model.partner:
        if reached[p.row] < 0:
            hours["hand_over"][p.row] += min(p.arrived, model.world.horizon) - p.handed_over
    return hours


def _hours_to_restore(model: Model, visits: Visits, pending: Pending) -> dict[str, FloatArray]:
    """Return hours by cause from the report to the restoration, or to the horizon; `work` is hands-on."""
    count, horizon = len(model.births), model.world.horizon
    restored = _happened(model.restored, horizon)
    until = np.where(np.isnan(restored), np.inf, restored)
    considered = visits.until <= until[visits.row]
    hours = _hours(model, visits, pending, until, considered, pending.begin < until[pending.row])
    row = visits.row[considered]

    def add(cause: str, of_visits: FloatArray) -> None:
        hours[cause] += np.bincount(row, of_visits[considered], count)

    add("hand_over", _handing_over(model.world, visits))
    add("work", visits.work_hours - visits.lost_on_site)
    add("weather", visits.lost_on_site)
    add("crew", visits.waiting_hours)
    for p in model.partner:
        if p.handed_over < until[p.row]:
            arrived = min(p.arrived, horizon)
            hours["hand_over"][p.row] += arrived - p.handed_over
            hours["work"][p.row] += min(p.restored, horizon) - arrived
    return hours


def _hours(
    model: Model,
    visits: Visits,
    pending: Pending,
    until: FloatArray,
    considered: npt.NDArray[np.bool_],
    still_open: npt.NDArray[np.bool_],
) -> dict[str, FloatArray]:
    """Return triage, waits and travel by cause, of the visits and of the unended waits that masks admit.

    Parts are awaited that were asked for before an instant of each order.
    """
    births, count = model.births, len(model.births)
    hours = {name: np.zeros(count) for name in _RESTORE_CAUSES}
    hours["hand_over"] = np.minimum(births.escalated_at, model.world.horizon) - births.reported_at
    hours["part"] = part_waits(model.depots, count, model.world.horizon, np.nextafter(until, -np.inf))
    row, unended = visits.row[considered], pending.row[still_open]
    on_way = (visits.travel_hours - visits.lost_on_way)[considered]
    hours["travel"] = np.bincount(row, on_way, count).astype(np.float64)
    hours["weather"] = np.bincount(row, visits.lost_on_way[considered], count).astype(np.float64)
    for name in ("off_shift", "skill", "crew", "engineer"):
        ended = np.bincount(row, getattr(visits.waits, name)[considered], count)
        open_still = np.bincount(unended, getattr(pending.waits, name)[still_open], count)
        hours[name] = np.add(ended, open_still, dtype=np.float64)
    return hours


def _handing_over(world: World, visits: Visits) -> FloatArray:
    """Return the hours from each visit's hand-over until the order was offered again, or to the horizon."""
    hours = np.zeros(len(visits.row))
    over = np.flatnonzero(visits.outcome == Outcome.HANDED_OVER)
    if len(over):
        order = np.argsort(visits.row, kind="stable")
        following = np.full(len(visits.row), -1, dtype=np.int64)
        same = visits.row[order][1:] == visits.row[order][:-1]
        following[order[:-1][same]] = order[1:][same]
        ready = np.append(visits.ready, np.nan)[following[over]]
        rules = np.array([p.shift_end.hand_over_hours for p in world.periods])
        expected = np.minimum(rules[world.period_at(visits.until[over])], world.horizon - visits.until[over])
        hours[over] = np.where(np.isnan(ready), expected, ready - visits.until[over])
    return hours


def _judged(
    world: World,
    births: Births,
    table: dict[str, Column],
    to_attend: dict[str, FloatArray],
    to_restore: dict[str, FloatArray],
) -> dict[str, Column]:
    """Add the cause of each missed clock, and the satisfaction."""
    clocks = order_clocks(table, world.horizon)
    missed = {name: clock.decided & ~clock.met for name, clock in clocks.items()}
    table["cause"] = _largest(to_attend, CAUSES, missed["attend"] | missed["respond"])
    table["restore_cause"] = _largest(to_restore, _RESTORE_CAUSES, missed["restore"] | missed["complete"])
    complained = ~np.isnan(numbers(table, "complained_at"))
    asked = fault_draws.of_customers(births.origin)
    table["csat"] = order_satisfaction(table, world.satisfaction, world.horizon, complained, asked)
    return table


def _largest(hours: dict[str, FloatArray], names: tuple[str, ...], mask: npt.NDArray[np.bool_]) -> Categories:
    """Return the largest cause of each order that a mask admits."""
    stacked = np.stack([hours[name] for name in names])
    codes = np.argmax(stacked, axis=0) if stacked.shape[1] else np.empty(0, dtype=np.int64)
    return Categories(np.where(mask, codes, -1).astype(np.int32), names)

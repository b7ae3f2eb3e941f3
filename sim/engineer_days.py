"""The days of engineers: roster, travel, work, idle and overtime hours of each, by local day."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from insight.tables import Categories, Column
from scenarios.open_hours import OpenHours
from scenarios.world import World
from sim.causes import Busy, on_present_terms, shift_groups
from sim.labels import engineer_labels, place_columns
from sim.visits import Visits

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


def overtime(world: World, visits: Visits) -> FloatArray:
    """Return the hours of each visit, the way back included, that lie outside its engineer's shifts."""
    visit, busy = on_present_terms(world, Busy(visits.engineer, visits.booked, visits.back_at))
    outside = np.zeros(len(visit))
    for shift, members in shift_groups(world):
        mine = np.flatnonzero(_membership(world, members)[busy.engineer])
        whole = busy.end[mine] - busy.begin[mine]
        outside[mine] = np.maximum(whole - shift.between(busy.begin[mine], busy.end[mine]), 0.0)
    total = np.bincount(visit, outside, len(visits.row))
    return np.where(total < 1e-9, 0.0, total)


def _membership(world: World, members: IntArray) -> npt.NDArray[np.bool_]:
    is_member = np.zeros(len(world.engineers), dtype=bool)
    is_member[members] = True
    return is_member


def engineer_days(world: World, visits: Visits) -> dict[str, Column]:
    """Return one row for each engineer and local day on which he was on the roster or worked."""
    columns: dict[str, list[npt.NDArray[Any]]] = {}
    travel_end = np.minimum(np.maximum(visits.planned, visits.booked), visits.until)
    spans = (
        on_present_terms(world, Busy(visits.engineer, visits.booked, travel_end))[1],
        on_present_terms(world, Busy(visits.engineer, visits.until, visits.back_at))[1],
        on_present_terms(world, Busy(visits.engineer, travel_end, visits.until))[1],
    )
    fares = Busy(visits.engineer, visits.booked, visits.booked), visits.fare
    for shift, members in shift_groups(world):
        zones = np.array([_zone(world, int(m)) for m in members])
        for zone in np.unique(zones):
            group = _group_days(world, spans, fares, shift, members[zones == zone], int(zone))
            for name, values in group.items():
                columns.setdefault(name, []).append(values)
    joined = {name: np.concatenate(parts) for name, parts in columns.items()}
    order = np.lexsort((joined["day"], joined["engineer"]))
    joined = {name: values[order] for name, values in joined.items()}
    names, positions, centres = engineer_labels(world)
    engineer = joined["engineer"].astype(np.int64)
    pay = np.array([e.cost_per_hour for e in world.engineers])[engineer]
    factor = np.array([e.overtime_factor for e in world.engineers])[engineer]
    period = world.period_at(joined["day"])
    per_hour = np.array([p.travel_cost_per_hour for p in world.periods])[period]
    return {
        "engineer": Categories(positions[engineer], names),
        **place_columns(world, centres[engineer]),
        "day": joined["day"],
        "roster_hours": joined["roster"],
        "work_hours": joined["work"],
        "travel_hours": joined["travel"],
        "idle_hours": joined["idle"],
        "overtime_hours": joined["overtime"],
        "cost_labour": joined["roster"] * pay,
        "cost_overtime": joined["overtime"] * pay * factor,
        "cost_travel": joined["travel"] * per_hour + joined["fares"],
    }


def _zone(world: World, engineer: int) -> int:
    """Return the position of the time zone in which an engineer's days are counted."""
    return int(world.places.city_time_zone[world.places.centre_city[world.engineers[engineer].centre]])


def _group_days(
    world: World,
    spans: tuple[Busy, Busy, Busy],
    fares: tuple[Busy, FloatArray],
    shift: OpenHours,
    members: IntArray,
    zone: int,
) -> dict[str, npt.NDArray[Any]]:
    """Return the days of engineers who share shift and time zone.

    Spans are ways there, ways back, and work; fares count on the day of departure.
    """
    midnights = world.places.midnights[zone]
    edges = np.clip(midnights, 0.0, world.horizon)
    days = int(np.searchsorted(midnights, world.horizon, "left"))
    place = np.full(len(world.engineers), -1, dtype=np.int64)
    place[members] = np.arange(len(members))
    cells = len(members) * days
    totals: list[FloatArray] = []
    inside = np.zeros(cells)
    for busy in spans:
        mine = np.flatnonzero(place[busy.engineer] >= 0)
        cell, a, b = _by_day(midnights, place[busy.engineer[mine]], busy.begin[mine], busy.end[mine], days)
        totals.append(np.bincount(cell, b - a, cells).astype(np.float64))
        inside += np.bincount(cell, shift.between(a, b), cells)
    roster = np.tile(shift.between(edges[:days], edges[1 : days + 1]), len(members))
    there, back, work = totals
    travel = there + back
    departure, fare = fares
    mine = np.flatnonzero((place[departure.engineer] >= 0) & (fare > 0.0))
    cell, _, _ = _by_day(
        midnights, place[departure.engineer[mine]], departure.begin[mine], departure.end[mine], days
    )
    paid = np.bincount(cell, fare[mine], cells)
    roster = np.maximum(roster, inside)
    extra = np.maximum(travel + work - inside, 0.0)
    extra[extra < 1e-9] = 0.0
    kept = np.flatnonzero((roster > 0.0) | (travel + work > 0.0))
    return {
        "engineer": np.repeat(members, days)[kept],
        "day": np.tile(np.maximum(midnights[:days], 0.0), len(members))[kept],
        "roster": roster[kept],
        "work": work[kept],
        "travel": travel[kept],
        "fares": paid[kept],
        "idle": (roster - inside)[kept],
        "overtime": extra[kept],
    }


def _by_day(
    midnights: FloatArray, member: IntArray, begin: FloatArray, end: FloatArray, days: int
) -> tuple[IntArray, FloatArray, FloatArray]:
    """Cut spans of time at local midnights; return the cell (member x days + day) and both ends of each."""
    first = np.searchsorted(midnights, begin, "right") - 1
    last = np.maximum(np.searchsorted(midnights, end, "left") - 1, first)
    count = last - first + 1
    span = np.repeat(np.arange(len(begin)), count)
    day = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count) + np.repeat(first, count)
    cell = member[span] * days + np.minimum(day, days - 1)
    a = np.maximum(begin[span], midnights[day])
    b = np.minimum(end[span], midnights[np.minimum(day + 1, len(midnights) - 1)])
    return cell, a, np.maximum(a, b)

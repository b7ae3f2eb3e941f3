"""The days of engineers: what became of the hours on the roster, and overtime, of each by local day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from insight.packing import LookUp, Packed
from insight.tables import Categories
from scenarios.world import World
from sim.causes import on_present_terms
from sim.duty import Duty, Spans, Timelines, joined
from sim.labels import engineer_labels, place_columns
from sim.visits import Visits

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

#: Hours below which what is left is rounding.
_ROUNDING = 1e-9


def overtime(world: World, duty: Duty, visits: Visits) -> FloatArray:
    """Return the hours of each visit, the way back included, in which its engineer was not on duty."""
    visit, busy = on_present_terms(world, Spans(visits.engineer, visits.booked, visits.back_at))
    whole = busy.end - busy.begin
    outside = np.maximum(whole - duty.between(busy.engineer, busy.begin, busy.end), 0.0)
    total = np.bincount(visit, outside, len(visits.row))
    return np.where(total < _ROUNDING, 0.0, total)


def engineer_days(world: World, duty: Duty, visits: Visits, kept: Spans, lodging: FloatArray) -> Packed:
    """Return one row for each engineer and local day on which he was on the roster, on call or at work.

    Parameters
    ----------
    world
        The compiled scenario.
    duty
        When its engineers were on duty in the replication.
    visits
        The visits, with a row for each person.
    kept
        When people were kept for a crew that was not complete yet.
    lodging
        Cost of the nights away that follow each row's arrival; it counts on the day of departure.
    """
    days = _days(world)
    busy = _Busy.of(world, duty, days, visits, kept)
    on_duty = np.maximum(days.hours(duty.windows), busy.inside)
    idle = on_duty - busy.inside
    training, absent = days.hours(duty.training), days.hours(duty.absent)
    roster = on_duty + training + absent
    standby = days.hours(duty.on_call)
    whole = busy.travel + busy.work + busy.waiting
    extra = np.maximum(whole - busy.inside, 0.0)
    extra[extra < _ROUNDING] = 0.0
    expenses = np.bincount(days.at(visits.engineer, visits.booked), visits.fare + lodging, days.count)
    there = np.flatnonzero((roster > 0.0) | (whole > 0.0) | (standby > 0.0)).astype(np.int32)
    hours = {
        "roster": roster,
        "work": busy.work,
        "travel": busy.travel,
        "waiting": busy.waiting,
        "idle": idle,
        "training": training,
        "absent": absent,
        "overtime": extra,
    }
    table = _of_engineers(world, days, there)
    for name, of_cells in hours.items():
        table.put(f"{name}_hours", of_cells[there])
    _put_costs(table, world, days.engineer[there], standby[there], expenses[there])
    return table


def _of_engineers(world: World, days: _Days, cells: npt.NDArray[np.int32]) -> Packed:
    """Return engineer, places and day of some cells."""
    names, positions, centres = engineer_labels(world)
    engineer = days.engineer[cells].astype(np.int32)
    columns = {"engineer": Categories(positions, names), **place_columns(world, centres)}
    table = Packed({name: LookUp(column, engineer) for name, column in columns.items()})
    table.put("day", LookUp(days.begin, cells))
    return table


def _put_costs(
    table: Packed, world: World, engineer: IntArray, standby: FloatArray, expenses: npt.NDArray[Any]
) -> None:
    """Put in what days cost, of hours on call and expenses on the way."""
    pay = np.array([e.cost_per_hour for e in world.engineers])[engineer]
    factor = np.array([e.overtime_factor for e in world.engineers])[engineer]
    call = np.array([e.on_call.standby_per_hour if e.on_call else 0.0 for e in world.engineers])[engineer]
    per_hour = np.array([p.travel_cost_per_hour for p in world.periods])
    rate = per_hour[world.period_at(table.array("day"))]
    table.put("cost_labour", table.array("roster_hours") * pay)
    table.put("cost_overtime", table.array("overtime_hours") * pay * factor + standby * call)
    table.put("cost_travel", table.array("travel_hours") * rate + expenses)


@dataclass(frozen=True, eq=False)
class _Days:
    """Cells of engineers and local days: all days of the first engineer, then those of the next.

    Parameters
    ----------
    horizon
        Length of the replication.
    zone
        Time zone of each engineer.
    midnights, first_midnight
        Local midnights, zone after zone, and the position of each zone's first.
    first_cell
        Position of each engineer's first cell.
    engineer, begin
        Of each cell, when it begins not before hour 0.
    """

    horizon: float
    zone: IntArray
    midnights: FloatArray
    first_midnight: IntArray
    timeline: Timelines
    first_cell: IntArray
    engineer: IntArray
    begin: FloatArray

    @property
    def count(self) -> int:
        """Return how many cells there are."""
        return len(self.engineer)

    def at(self, engineer: IntArray, instant: FloatArray) -> IntArray:
        """Return the cell in which an instant lies."""
        zone = self.zone[engineer]
        day = self.timeline.count(zone, instant) - 1 - self.first_midnight[zone]
        return self.first_cell[engineer] + day

    def cut(self, spans: Spans) -> tuple[IntArray, Spans]:
        """Cut spans at local midnights; return the cell of each part, and the parts."""
        zone = self.zone[spans.engineer]
        first = self.timeline.count(zone, spans.begin) - 1
        last = np.maximum(self.timeline.count(zone, spans.end, "left") - 1, first)
        count = last - first + 1
        if (count == 1).all():
            return self.first_cell[spans.engineer] + first - self.first_midnight[zone], spans
        span = np.repeat(np.arange(len(spans)), count)
        day = np.arange(len(span)) + np.repeat(first - np.cumsum(count) + count, count)
        engineer = spans.engineer[span]
        cell = self.first_cell[engineer] + day - self.first_midnight[self.zone[engineer]]
        begin = np.maximum(spans.begin[span], self.midnights[day])
        end = np.minimum(spans.end[span], self.midnights[day + 1])
        return cell, Spans(engineer, begin, end)

    def hours(self, spans: Spans) -> FloatArray:
        """Return the hours of spans, up to the horizon, in each cell."""
        cell, parts = self.cut(Spans(spans.engineer, spans.begin, np.minimum(spans.end, self.horizon)))
        return np.bincount(cell, parts.end - parts.begin, self.count).astype(np.float64)


def _days(world: World) -> _Days:
    """Return the cells of a World; made once for each."""
    if "days" not in world.derived:
        places, horizon = world.places, world.horizon
        centre = np.array([e.centre for e in world.engineers], dtype=np.int64)
        zone = places.city_time_zone[places.centre_city[centre]]
        size = np.array([len(m) for m in places.midnights])
        days = np.array([np.searchsorted(m, horizon, "left") for m in places.midnights], dtype=np.int64)
        first_midnight = np.cumsum(size) - size
        count = days[zone]
        first_cell = np.cumsum(count) - count
        engineer = np.repeat(np.arange(len(zone)), count)
        midnights = np.concatenate(places.midnights)
        day = np.arange(len(engineer)) - first_cell[engineer] + first_midnight[zone[engineer]]
        world.derived["days"] = _Days(
            horizon=horizon,
            zone=zone,
            midnights=midnights,
            first_midnight=first_midnight,
            timeline=Timelines(np.repeat(np.arange(len(size)), size), midnights),
            first_cell=first_cell,
            engineer=engineer,
            begin=np.maximum(midnights[day], 0.0),
        )
    made: _Days = world.derived["days"]
    return made


@dataclass(frozen=True, eq=False)
class _Busy:
    """Hours on the way, at work, and of waiting at the site in each cell, and those of them on duty."""

    travel: FloatArray
    work: FloatArray
    waiting: FloatArray
    inside: FloatArray

    @classmethod
    def of(cls, world: World, duty: Duty, days: _Days, visits: Visits, kept: Spans) -> _Busy:
        """Return the hours of visits, and of people who are kept for a crew."""

        def parts(spans: Spans) -> tuple[IntArray, Spans]:
            return days.cut(on_present_terms(world, spans.take(spans.end > spans.begin))[1])

        def hours(spans: Spans) -> FloatArray:
            cell, cut = parts(spans)
            return np.bincount(cell, cut.end - cut.begin, days.count).astype(np.float64)

        engineer, booked, until, back = visits.engineer, visits.booked, visits.until, visits.back_at
        on_the_way = np.minimum(np.maximum(visits.planned, booked), until)
        begun = np.clip(visits.started, on_the_way, until)
        cell, cut = parts(joined(Spans(engineer, booked, back), kept))
        inside = duty.between(cut.engineer, cut.begin, cut.end)
        return cls(
            travel=hours(Spans(engineer, booked, on_the_way)) + hours(Spans(engineer, until, back)),
            work=hours(Spans(engineer, begun, until)),
            waiting=hours(joined(Spans(engineer, on_the_way, begun), kept)),
            inside=np.bincount(cell, inside, days.count).astype(np.float64),
        )

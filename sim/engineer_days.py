"""The days of engineers: what became of the hours on the roster, and overtime, of each by local day."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from insight.tables import Categories, Column
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


def engineer_days(
    world: World, duty: Duty, visits: Visits, kept: Spans, lodging: FloatArray
) -> dict[str, Column]:
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
    on_the_way = np.minimum(np.maximum(visits.planned, visits.booked), visits.until)
    begun = np.clip(visits.started, on_the_way, visits.until)
    there = _Cells.of(world, duty, days, Spans(visits.engineer, visits.booked, on_the_way))
    waiting = _Cells.of(world, duty, days, joined(Spans(visits.engineer, on_the_way, begun), kept))
    work = _Cells.of(world, duty, days, Spans(visits.engineer, begun, visits.until))
    back = _Cells.of(world, duty, days, Spans(visits.engineer, visits.until, visits.back_at))
    travel = there.hours + back.hours
    busy = travel + work.hours + waiting.hours
    inside = there.inside + back.inside + work.inside + waiting.inside
    on_duty = np.maximum(days.hours(duty.windows), inside)
    training, absent = days.hours(duty.training), days.hours(duty.absent)
    roster = on_duty + training + absent
    standby = days.hours(duty.on_call)
    extra = np.maximum(busy - inside, 0.0)
    extra[extra < _ROUNDING] = 0.0
    expenses = np.bincount(days.at(visits.engineer, visits.booked), visits.fare + lodging, days.count)
    shown = np.flatnonzero((roster > 0.0) | (busy > 0.0) | (standby > 0.0))
    engineer, day = days.engineer[shown], days.begin[shown]
    names, positions, centres = engineer_labels(world)
    pay = np.array([e.cost_per_hour for e in world.engineers])[engineer]
    factor = np.array([e.overtime_factor for e in world.engineers])[engineer]
    call = np.array([e.on_call.standby_per_hour if e.on_call else 0.0 for e in world.engineers])[engineer]
    per_hour = np.array([p.travel_cost_per_hour for p in world.periods])[world.period_at(day)]
    return {
        "engineer": Categories(positions[engineer], names),
        **place_columns(world, centres[engineer]),
        "day": day,
        "roster_hours": roster[shown],
        "work_hours": work.hours[shown],
        "travel_hours": travel[shown],
        "waiting_hours": waiting.hours[shown],
        "idle_hours": (on_duty - inside)[shown],
        "training_hours": training[shown],
        "absent_hours": absent[shown],
        "overtime_hours": extra[shown],
        "cost_labour": roster[shown] * pay,
        "cost_overtime": extra[shown] * pay * factor + standby[shown] * call,
        "cost_travel": travel[shown] * per_hour + expenses[shown],
    }


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
class _Cells:
    """Hours of some activity in each cell, and those of them on duty."""

    hours: FloatArray
    inside: FloatArray

    @classmethod
    def of(cls, world: World, duty: Duty, days: _Days, spans: Spans) -> _Cells:
        """Return the hours of spans."""
        present = on_present_terms(world, spans.take(spans.end > spans.begin))[1]
        cell, parts = days.cut(present)
        inside = duty.between(parts.engineer, parts.begin, parts.end)
        return cls(
            np.bincount(cell, parts.end - parts.begin, days.count).astype(np.float64),
            np.bincount(cell, inside, days.count).astype(np.float64),
        )

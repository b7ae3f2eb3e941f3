"""The visits of a finished replication as arrays, cut at the horizon, with what each wait was for.

There is a row for each person of a visit; what an order waited for is told by those of whoever led it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from insight.packing import Packed
from scenarios.world import World
from sim.causes import split_waits
from sim.duty import Spans
from sim.model import Model
from sim.visit_log import Role

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

#: Columns of the log that are those of the visits.
_AS_LOGGED = (
    *("row", "number", "engineer", "role", "outcome"),
    *("ready", "booked", "arrived", "started", "ended", "fare", "back"),
)
_WAITS = ("off_shift", "skill", "crew", "engineer")
#: Beside them: the part of the off-shift hours that followed hours on duty.
_SPLIT = (*_WAITS, "passed_over")


@dataclass(frozen=True)
class Waits:
    """Waits of orders and how each splits, in hours.

    Parameters
    ----------
    off_shift, skill, crew, engineer
        Parts; they add up to the whole wait.
    passed_over
        Off-shift hours after the first instant at which somebody who may serve it was on duty.
    """

    off_shift: FloatArray
    skill: FloatArray
    crew: FloatArray
    engineer: FloatArray
    passed_over: FloatArray

    def take(self, rows: Any) -> Waits:
        """Return those of some rows."""
        return Waits(*(getattr(self, name)[rows] for name in _SPLIT))


@dataclass(frozen=True)
class Visits:
    """The visits of a replication, cut at the horizon; its columns are made anew when asked for.

    Parameters
    ----------
    horizon
        Length of the replication in hours.
    columns
        Those of the log by their names there, `stage` by label, `arrived` as it was expected; `on_site`,
        whether somebody travels for it; hours lost to the weather up to the end or the horizon; and how the
        wait from `ready` to `booked` splits, which is nothing for those who did not lead.
    """

    horizon: float
    columns: Packed

    row = property(lambda self: self._whole("row"), doc="Rows of the orders.")
    number = property(lambda self: self._whole("number"), doc="Which visit of its order each is, from 0.")
    stage = property(lambda self: self._whole("stage"), doc="Labels of the stages.")
    engineer = property(lambda self: self._whole("engineer"), doc="Positions of the engineers.")
    role = property(lambda self: self._whole("role"), doc="Codes of roles.")
    outcome = property(lambda self: self._whole("outcome"), doc="Codes of outcomes.")
    on_site = property(lambda self: self.columns.array("on_site"), doc="Whether somebody travels for it.")
    ready = property(lambda self: self.columns.array("ready"), doc="Since when each could be given out.")
    booked = property(lambda self: self.columns.array("booked"), doc="When each was given out.")
    planned = property(lambda self: self.columns.array("arrived"), doc="Arrivals as expected at the booking.")
    started = property(lambda self: self.columns.array("started"), doc="Begins of the work as expected.")
    ended = property(
        lambda self: self.columns.array("ended"), doc="Ends; NaN where none came by the horizon."
    )
    fare = property(lambda self: self.columns.array("fare"), doc="Fares, both ways.")
    lost_on_way = property(
        lambda self: self.columns.array("lost_on_way"), doc="Hours lost to weather on the way."
    )
    lost_on_site = property(
        lambda self: self.columns.array("lost_on_site"), doc="Hours lost to weather at work."
    )

    def __len__(self) -> int:
        """Return the number of rows."""
        return self.columns.rows

    def leads(self) -> Visits:
        """Return one row per visit, of whoever led it."""
        mine = self.role == Role.LEAD
        return self if mine.all() else self.take(mine)

    def take(self, rows: npt.NDArray[Any]) -> Visits:
        """Return the rows at some positions, or those that a mask admits."""
        return Visits(self.horizon, self.columns.take(rows))

    def wait(self, cause: str) -> FloatArray:
        """Return the hours of the wait before each that are laid to a cause."""
        return self.columns.array(f"wait_{cause}")

    @property
    def waits(self) -> Waits:
        """Return how the waits before each split."""
        return Waits(*(self.wait(name) for name in _SPLIT))

    @property
    def until(self) -> FloatArray:
        """Return the end of each, or the horizon."""
        return np.where(np.isnan(self.ended), self.horizon, self.ended)

    @property
    def arrived(self) -> FloatArray:
        """Return arrivals, NaN where somebody has not come there by the end or the horizon."""
        return np.where(self.planned <= self.until, self.planned, np.nan)

    @property
    def back_at(self) -> FloatArray:
        """Return until when engineers were busy: the end, being back from another city, or the horizon."""
        back_at: FloatArray = np.minimum(self.until + self.columns.array("back"), self.horizon)
        return back_at

    @property
    def return_hours(self) -> FloatArray:
        """Return hours on the way back from another city, up to the horizon."""
        return self.back_at - self.until

    @property
    def travel_hours(self) -> FloatArray:
        """Return hours on the way there, up to the horizon or to where the visit was broken off."""
        hours: FloatArray = np.minimum(self.planned, self.until) - self.booked
        return hours

    @property
    def waiting_hours(self) -> FloatArray:
        """Return hours between arrival and the begin of the work, spent waiting for the others of a crew."""
        hours: FloatArray = np.minimum(self.started, self.until) - np.maximum(self.planned, self.booked)
        return np.maximum(hours, 0.0)

    @property
    def work_hours(self) -> FloatArray:
        """Return hours at work, those in which the weather stops it included, up to the horizon."""
        hours: FloatArray = np.maximum(self.until - np.maximum(self.started, self.booked), 0.0)
        return hours

    def _whole(self, name: str) -> IntArray:
        return self.columns.array(name).astype(np.int64, copy=False)


@dataclass(frozen=True)
class Pending:
    """Waits that no visit ended: of orders that wait at the horizon, or that a partner took over.

    Parameters
    ----------
    row
        Rows of the orders.
    begin
        Instant at which each begins.
    waits
        How each wait splits.
    """

    row: IntArray
    begin: FloatArray
    waits: Waits


def visits_of(model: Model) -> tuple[Visits, Pending]:
    """Return the visits of a finished replication, and the waits that no visit ended."""
    log, births = model.visits.columns(), model.births
    columns = Packed()
    for name in _AS_LOGGED:
        columns.share(name, log)
    visits = Visits(model.world.horizon, columns)
    label, on_site = _stage_tables(model.world)
    row = visits.row
    where = (births.period[row], births.fault[row], log.array("stage"))
    columns.put("stage", label[where])
    columns.put("on_site", on_site[where] & (visits.role != Role.REMOTE_EXPERT))
    columns.put("lost_on_way", np.minimum(log.array("lost_on_way"), visits.travel_hours))
    columns.put("lost_on_site", _lost_on_site(model, visits, log.array("lost_on_site")))
    del row, where
    return visits, _split(model, visits, log)


def _lost_on_site(model: Model, visits: Visits, planned: FloatArray) -> FloatArray:
    """Return the hours at work lost to the weather, those of work that goes on up to the horizon."""
    lost: FloatArray = np.minimum(planned, np.maximum(visits.until - visits.started, 0.0))
    for visit in np.flatnonzero((planned > 0.0) & np.isnan(visits.ended)).tolist():
        assert model.conditions is not None  # something was lost to the weather
        begin = min(float(visits.started[visit]), visits.horizon)
        city = model.travel.city[int(model.births.site[visits.row[visit]])]
        lost[visit] = visits.horizon - begin - model.conditions.worked(city, begin, visits.horizon)
    return lost


def _split(model: Model, visits: Visits, log: Packed) -> Pending:
    """Add how the waits of visits split; return those of orders that wait at the end or went to a partner."""
    horizon = model.world.horizon
    others = [(o.row, o.queues[o.stage], o.ready_at, horizon) for o in model.waiting.orders()]
    others += [(p.row, p.queue, p.ready, p.handed_over) for p in model.partner]
    left = [
        (h.row, h.queues[h.stage], h.ready_at, horizon)
        for e in model.roster.engineers
        if (h := e.held) is not None
    ]
    rows = [*others, *left]
    row, queue, begin, end = (np.array(c) for c in zip(*rows, strict=True)) if rows else [np.empty(0)] * 4
    count = len(visits)
    queues = np.concatenate([log.array("queue"), queue]).astype(np.int64)
    # What somebody left at the end of his shift waits for him, whoever else is there.
    kept = np.concatenate([log.array("resumed") > 0, np.zeros(len(others), bool), np.ones(len(left), bool)])
    whole = split_waits(
        model.world,
        model.roster.duty,
        queues,
        np.concatenate([visits.ready, begin]),
        np.concatenate([np.where(visits.role == Role.LEAD, visits.booked, visits.ready), end]),
        Spans(visits.engineer, visits.booked, visits.back_at),
    )
    of_crew = np.array([q.need.crew > 1 for q in model.world.queues], dtype=bool)[queues] & ~kept
    waits = {
        "off_shift": np.where(kept, whole.off_shift + whole.skill + whole.engineer, whole.off_shift),
        "skill": np.where(kept | of_crew, 0.0, whole.skill),
        "crew": np.where(of_crew, whole.skill, 0.0),
        "engineer": np.where(kept, 0.0, whole.engineer),
        "passed_over": np.where(kept, 0.0, whole.passed_over),
    }
    for name in _SPLIT:
        visits.columns.put(f"wait_{name}", waits[name][:count])
    return Pending(row.astype(np.int64), begin, Waits(*(waits[name][count:] for name in _SPLIT)))


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

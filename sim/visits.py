"""The visits of a finished replication as arrays, cut at the horizon, with what each wait was for.

There is a row for each person of a visit; what an order waited for is told by those of whoever led it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import numpy.typing as npt

from scenarios.world import World
from sim.causes import split_waits
from sim.duty import Spans
from sim.model import Model
from sim.visit_log import Role

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Waits:
    """Waits of orders and how each splits, in hours.

    Parameters
    ----------
    off_shift, skill, crew, engineer
        Parts; they add up to the whole wait.
    """

    off_shift: FloatArray
    skill: FloatArray
    crew: FloatArray
    engineer: FloatArray

    def take(self, rows: Any) -> Waits:
        """Return those of some rows."""
        return Waits(self.off_shift[rows], self.skill[rows], self.crew[rows], self.engineer[rows])


@dataclass(frozen=True)
class Visits:
    """The visits of a replication as arrays, cut at the horizon.

    Parameters
    ----------
    row, number, stage, engineer, role, outcome, resumed
        As in the log; `stage` by label.
    ready, booked
        Instants as in the log.
    planned
        Arrival as it was expected at the booking.
    arrived, ended
        Instants, NaN where they did not come about by the horizon.
    started
        When the work begins, as it was expected on arrival.
    on_site
        Whether somebody travels for it.
    until
        The end, or the horizon.
    back_at
        Until when its engineer was busy: `until`, or his being back from another city, or the horizon.
    fare
        Fares, both ways.
    lost_on_way, lost_on_site
        Hours lost to the weather, up to the end or the horizon.
    waits
        How the wait from `ready` to `booked` splits; nothing for those who did not lead.
    """

    row: IntArray
    number: IntArray
    stage: IntArray
    engineer: IntArray
    role: IntArray
    outcome: IntArray
    resumed: IntArray
    ready: FloatArray
    booked: FloatArray
    planned: FloatArray
    arrived: FloatArray
    started: FloatArray
    ended: FloatArray
    on_site: npt.NDArray[np.bool_]
    until: FloatArray
    back_at: FloatArray
    fare: FloatArray
    lost_on_way: FloatArray
    lost_on_site: FloatArray
    waits: Waits

    def leads(self) -> Visits:
        """Return one row per visit, of whoever led it."""
        mine = self.role == Role.LEAD
        if mine.all():
            return self
        columns: dict[str, Any] = {f.name: getattr(self, f.name) for f in fields(Visits)}
        waits = columns.pop("waits").take(mine)
        return Visits(**{name: column[mine] for name, column in columns.items()}, waits=waits)

    @property
    def return_hours(self) -> FloatArray:
        """Return hours on the way back from another city, up to the horizon."""
        return self.back_at - self.until

    @property
    def travel_hours(self) -> FloatArray:
        """Return hours on the way there, up to the horizon or to where the visit was broken off."""
        return np.minimum(self.planned, self.until) - self.booked

    @property
    def waiting_hours(self) -> FloatArray:
        """Return hours between arrival and the begin of the work, spent waiting for the others of a crew."""
        hours: FloatArray = np.minimum(self.started, self.until) - np.maximum(self.planned, self.booked)
        return np.maximum(hours, 0.0)

    @property
    def work_hours(self) -> FloatArray:
        """Return hours at work, those in which the weather stops it included, up to the horizon."""
        return np.maximum(self.until - np.maximum(self.started, self.booked), 0.0)


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
    log = model.visits.columns()
    until = np.where(np.isnan(log["ended"]), model.world.horizon, log["ended"])
    back_at = np.minimum(until + log["back"], model.world.horizon)
    busy = Spans(log["engineer"].astype(np.int64), log["booked"], back_at)
    waits, pending = _waits(model, busy, log)
    return _visits(model, log, until, back_at, waits), pending


def _waits(model: Model, busy: Spans, log: Mapping[str, npt.NDArray[Any]]) -> tuple[Waits, Pending]:
    """Split the waits of visits, and of orders that wait at the end or went to a partner."""
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
    lead = log["role"] == Role.LEAD
    count = len(log["row"])
    queues = np.concatenate([log["queue"], queue]).astype(np.int64)
    whole = split_waits(
        model.world,
        model.roster.duty,
        queues,
        np.concatenate([log["ready"], begin]),
        np.concatenate([np.where(lead, log["booked"], log["ready"]), end]),
        busy,
    )
    # What somebody left at the end of his shift waits for him, whoever else is there.
    kept = np.concatenate([log["resumed"] > 0, np.zeros(len(others), bool), np.ones(len(left), bool)])
    all_hours = whole.off_shift + whole.skill + whole.engineer
    of_crew = np.array([q.need.crew > 1 for q in model.world.queues], dtype=bool)[queues] & ~kept
    waits = Waits(
        np.where(kept, all_hours, whole.off_shift),
        np.where(kept | of_crew, 0.0, whole.skill),
        np.where(of_crew, whole.skill, 0.0),
        np.where(kept, 0.0, whole.engineer),
    )
    mine, rest = np.arange(count), np.arange(count, len(queues))
    return waits.take(mine), Pending(row.astype(np.int64), begin, waits.take(rest))


def _visits(
    model: Model, log: Mapping[str, npt.NDArray[Any]], until: FloatArray, back_at: FloatArray, waits: Waits
) -> Visits:
    row = log["row"].astype(np.int64)
    label, on_site = _stage_tables(model.world)
    where = (model.births.period[row], model.births.fault[row], log["stage"])
    planned = log["arrived"]
    return Visits(
        row=row,
        number=log["number"].astype(np.int64),
        stage=label[where],
        engineer=log["engineer"].astype(np.int64),
        role=log["role"].astype(np.int64),
        resumed=log["resumed"].astype(np.int64),
        outcome=log["outcome"].astype(np.int64),
        ready=log["ready"],
        booked=log["booked"],
        planned=planned,
        arrived=np.where(planned <= until, planned, np.nan),
        started=log["started"],
        ended=log["ended"],
        on_site=on_site[where] & (log["role"] != Role.REMOTE_EXPERT),
        until=until,
        back_at=back_at,
        fare=log["fare"],
        lost_on_way=np.minimum(log["lost_on_way"], np.minimum(planned, until) - log["booked"]),
        lost_on_site=np.minimum(log["lost_on_site"], np.maximum(until - log["started"], 0.0)),
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

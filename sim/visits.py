"""The visits of a finished replication as arrays, cut at the horizon, with what each wait was for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from scenarios.world import World
from sim.causes import Busy, Waits, split_waits
from sim.model import Model

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


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
    back_at
        Until when its engineer was busy: `until`, or his being back from another city, or the horizon.
    fare
        Fares, both ways.
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
    back_at: FloatArray
    fare: FloatArray
    waits: Waits

    @property
    def return_hours(self) -> FloatArray:
        """Return hours on the way back from another city, up to the horizon."""
        return self.back_at - self.until

    @property
    def travel_hours(self) -> FloatArray:
        """Return hours on the way there, up to the horizon or to where the visit was broken off."""
        return np.minimum(self.planned, self.until) - self.booked

    @property
    def work_hours(self) -> FloatArray:
        """Return hands-on hours, up to the horizon."""
        return np.maximum(self.until - np.maximum(self.planned, self.booked), 0.0)


@dataclass(frozen=True)
class Pending:
    """Waits that no visit ended: of orders that wait at the horizon, or that a partner took over.

    Parameters
    ----------
    row
        Rows of the orders.
    waits
        How each wait splits.
    """

    row: IntArray
    waits: Waits


def visits_of(model: Model) -> tuple[Visits, Pending]:
    """Return the visits of a finished replication, and the waits that no visit ended."""
    log = {name: np.array(getattr(model.visits, name)) for name in model.visits.__slots__}
    until = np.where(np.isnan(log["ended"]), model.world.horizon, log["ended"])
    back_at = np.minimum(until + log["back"], model.world.horizon)
    busy = Busy(log["engineer"].astype(np.int64), log["booked"], back_at)
    waits, pending = _waits(model, busy, log)
    return _visits(model, log, until, back_at, waits), pending


def _waits(model: Model, busy: Busy, log: Mapping[str, npt.NDArray[Any]]) -> tuple[Waits, Pending]:
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
    return mine, Pending(row.astype(np.int64), rest)


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
        outcome=log["outcome"].astype(np.int64),
        ready=log["ready"],
        booked=log["booked"],
        planned=planned,
        arrived=np.where(planned <= until, planned, np.nan),
        ended=log["ended"],
        on_site=on_site[where],
        until=until,
        back_at=back_at,
        fare=log["fare"],
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

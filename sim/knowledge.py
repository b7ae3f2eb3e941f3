"""What is known of orders at an instant of a run, for those who judge it while it goes on.

The figures are those that the tables give at the end of a run, taken over a few orders at a time; nothing
that is drawn but has not happened is among them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from insight.clocks import CLOCKS
from insight.penalties import attained
from insight.satisfaction import satisfaction
from insight.tables import Categories, Column
from sim.aftercare import Experience, complained_at, verified_at
from sim.births import Births, concatenate
from sim.fault_draws import of_customers
from sim.reports import Origin
from sim.visit_tally import VisitTally

if TYPE_CHECKING:
    from sim.model import Model

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

_SERVED_BY = ("engineer", "remote")


@dataclass(frozen=True)
class Day:
    """What there is to see at an instant.

    Parameters
    ----------
    now
        The instant.
    open_orders
        Failures on which there is still work, by city.
    city, fault
        City and fault type of the orders on which work was completed since the last look.
    satisfaction
        With these orders, NaN where nobody has an opinion.
    complained_at
        When their customers complain, NaN where they do not; it may lie ahead.
    """

    now: float
    open_orders: IntArray
    city: IntArray
    fault: IntArray
    satisfaction: FloatArray
    complained_at: FloatArray


class Knowledge:
    """What is known of the orders of one replication.

    Parameters
    ----------
    model
        The replication.
    opinions
        Whether satisfaction and complaints are of interest.
    """

    def __init__(self, model: Model, opinions: bool = True) -> None:
        self._model = model
        self._asks = opinions
        self._births = model.births
        self._sequence = np.argsort(model.births.reported_at, kind="stable")
        self._instants = model.births.reported_at[self._sequence]
        self._infinite, self._seen = len(model.births), 0
        self._open = np.empty(0, np.int64)
        self._tally = VisitTally(model, stages_on_site(model))

    def look(self, now: float) -> Day:
        """Return what there is to see, and which orders were completed since the last look."""
        model = self._model
        births = self._all_births()
        seen = int(np.searchsorted(self._instants, now, "right"))
        new = [self._sequence[self._seen : seen]]
        if len(births) > self._infinite:
            new.append(np.arange(self._infinite, len(births)))
            self._infinite = len(births)
        self._seen = seen
        rows = np.concatenate([self._open, *new])
        rows = rows[self._came(rows)]
        done = np.frombuffer(model.completed)[rows] <= now
        closed, self._open = rows[done], rows[~done]
        cities = model.world.places.site_city
        return Day(
            now=now,
            open_orders=np.bincount(
                cities[births.site[self._open[self._failed(births, self._open, now)]]],
                minlength=len(model.world.names.cities),
            ),
            city=cities[births.site[closed]],
            fault=births.fault[closed].astype(np.int64),
            **self._opinions(births, closed, now),
        )

    def _opinions(self, births: Births, rows: IntArray, now: float) -> dict[str, FloatArray]:
        """Return satisfaction with orders that are closed, and complaints about them."""
        nothing = np.full(len(rows), np.nan)
        if not self._asks or not len(rows):
            return {"satisfaction": nothing, "complained_at": nothing}
        world = self._model.world
        actuals = self._actuals(rows, now)
        restored = np.frombuffer(self._model.restored)[rows]
        reported, arrived = births.reported_at[rows], actuals["arrived_at"]
        seen = Experience(arrived, restored, actuals["visits"].astype(np.int64))
        complaints = complained_at(world, births, rows, seen)
        if world.satisfaction is None:
            return {"satisfaction": nothing, "complained_at": complaints}
        points = satisfaction(
            np.where(np.isnan(arrived), restored, arrived) - reported,
            restored - reported,
            actuals["visits"] > 1,
            complaints <= now,
            world.satisfaction,
        )
        asked = of_customers(births.origin[rows])
        return {"satisfaction": np.where(asked, points, np.nan), "complained_at": complaints}

    def kept(self, begin: float, end: float, now: float, clock: str) -> tuple[IntArray, BoolArray, BoolArray]:
        """Return, of the orders reported in a span, home centre, and where a clock is decided and was met.

        Parameters
        ----------
        begin, end
            The span, its end excluded.
        now
            The present.
        clock
            Name of a clock, or `all`.
        """
        births, model = self._all_births(), self._model
        rows = np.flatnonzero((births.reported_at >= begin) & (births.reported_at < end))
        rows = rows[self._came(rows)]
        actuals = self._actuals(rows, now)
        table: dict[str, Column] = {**actuals}
        mine = births.take(rows)
        restored, ended = (np.frombuffer(log)[rows] for log in (model.restored, model.completed))
        restored = np.where(restored <= now, restored, np.nan)
        table["restored_at"] = restored
        table["completed_at"] = verified_at(model.world, mine, ended)
        # What was predicted and has not failed has no clocks.
        avoided = (mine.origin == Origin.CONDITION_BASED) & ~(
            (mine.fails_at <= now) & ~(restored <= mine.fails_at)
        )
        for name, due in zip(CLOCKS, mine.due, strict=True):
            table[f"{name}_due_at"] = np.where(avoided, np.nan, due)
        remote = np.isnan(actuals["arrived_at"]) & (ended <= now)
        table["served_by"] = Categories(remote.astype(np.int32), _SERVED_BY)
        decided, met = attained(table, clock, now)
        homes = np.stack([p.homes for p in model.world.periods])[births.period[rows], births.site[rows]]
        return homes, decided, met

    def _actuals(self, rows: IntArray, now: float) -> dict[str, FloatArray]:
        """Return booking, expected and real first arrival, and visits on site so far, of some rows."""
        self._tally.update(now)
        return self._tally.of(rows)

    def _failed(self, births: Births, rows: IntArray, now: float) -> BoolArray:
        """Return which open orders answer a failure: planned work does not until it has failed after all."""
        origin = births.origin[rows]
        planned = (origin == Origin.INSPECTION) | (origin == Origin.FALSE_ALARM)
        return np.where(origin == Origin.CONDITION_BASED, births.fails_at[rows] <= now, ~planned)

    def _came(self, rows: IntArray) -> BoolArray:
        """Return which rows are orders that came to be, their cause not having been found before."""
        prevention = self._model.prevention
        if prevention is None:
            return np.ones(len(rows), np.bool_)
        return prevention.happened(len(self._births))[rows]

    def _all_births(self) -> Births:
        """Return all that is reported, failures of finite installed bases as far as they have come."""
        missing = len(self._model.completed) - len(self._births)
        if missing:
            self._births = concatenate([self._births, *self._model.finite.births[-missing:]])
        return self._births


def stages_on_site(model: Model) -> BoolArray:
    """Return [period, fault type, stage] -> whether somebody travels for it."""
    periods = model.world.periods
    most = max(len(f.stages) for p in periods for f in p.faults)
    on_site = np.zeros((len(periods), len(model.world.names.fault_types), most), dtype=bool)
    for p, period in enumerate(periods):
        for f, fault in enumerate(period.faults):
            on_site[p, f, : len(fault.stages)] = [stage.on_site for stage in fault.stages]
    return on_site

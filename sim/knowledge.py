"""What is known of orders at an instant of a run, for those who judge it while it goes on.

The figures are those that the tables give at the end of a run, taken over a few orders at a time; nothing that
is drawn but has not happened is among them.
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
from sim.fault_draws import REPORTED_BY_CUSTOMERS
from sim.visit_log import Role

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
        Orders reported on which there is still work, by city.
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
        self._on_site = stages_on_site(model)

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
            open_orders=np.bincount(cities[births.site[self._open]], minlength=len(model.world.names.cities)),
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
        actuals = self._actuals(births, rows, now)
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
        asked = np.isin(births.origin[rows], REPORTED_BY_CUSTOMERS)
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
        actuals = self._actuals(births, rows, now)
        table: dict[str, Column] = {**actuals}
        table["restored_at"] = np.frombuffer(model.restored)[rows]
        table["completed_at"] = verified_at(model.world, births.take(rows), np.frombuffer(model.completed)[rows])
        for name, due in zip(CLOCKS, births.due, strict=True):
            table[f"{name}_due_at"] = due[rows]
        remote = np.isnan(actuals["arrived_at"]) & (np.frombuffer(model.completed)[rows] <= now)
        table["served_by"] = Categories(remote.astype(np.int32), _SERVED_BY)
        decided, met = attained(table, clock, now)
        homes = np.stack([p.homes for p in model.world.periods])[births.period[rows], births.site[rows]]
        return homes, decided, met

    def _actuals(self, births: Births, rows: IntArray, now: float) -> dict[str, FloatArray]:
        """Return booking, expected and real first arrival, and visits on site so far, of some rows."""
        log, count = self._model.visits, len(rows)
        place = np.full(len(births), -1)
        place[rows] = np.arange(count)
        at = place[np.frombuffer(log.row, np.int32)]
        visit = np.flatnonzero((at >= 0) & (np.frombuffer(log.role, np.int8) == Role.LEAD))
        # The first of the log is to win, so the last is written first.
        visit, at = visit[::-1], at[visit][::-1]
        row = rows[at]
        arrives, ended = np.frombuffer(log.arrived)[visit], np.frombuffer(log.ended)[visit]
        stage = np.frombuffer(log.stage, np.int8)[visit]
        on_site = self._on_site[births.period[row], births.fault[row], stage]
        reached = on_site & (arrives <= np.where(np.isnan(ended), now, ended))
        booked, planned, arrived = np.full(count, np.nan), np.full(count, np.nan), np.full(count, np.nan)
        booked[at] = np.frombuffer(log.booked)[visit]
        planned[at[on_site]] = arrives[on_site]
        arrived[at[reached]] = arrives[reached]
        number = np.frombuffer(log.number, np.int16)[visit]
        distinct = np.unique(at[reached] * 32768 + number[reached]) // 32768
        visits = np.bincount(distinct, minlength=count)
        self._add_partners(place, now, booked, planned, arrived, visits)
        return {
            "booked_at": booked,
            "planned_arrival_at": planned,
            "arrived_at": arrived,
            "visits": visits.astype(np.float64),
        }

    def _add_partners(self, place: IntArray, now: float, *columns: npt.NDArray[np.generic]) -> None:
        """Add the visits of partners, who come after what own engineers did."""
        booked, planned, arrived, visits = columns
        for visit in self._model.partner:
            at = int(place[visit.row])
            if at < 0:
                continue
            booked[at] = visit.handed_over if np.isnan(booked[at]) else booked[at]
            planned[at] = visit.arrived if np.isnan(planned[at]) else planned[at]
            if visit.arrived <= now:
                arrived[at] = visit.arrived if np.isnan(arrived[at]) else arrived[at]
                visits[at] += 1

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

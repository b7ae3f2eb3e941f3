"""What is known of orders at an instant of a run, for those who judge it while it goes on.

The figures are those that the tables give at the end of a run, taken over a few orders at a time; nothing
that is drawn but has not happened is among them.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from insight.clocks import CLOCKS
from insight.penalties import attained
from insight.satisfaction import satisfaction
from insight.tables import Categories, Column
from sim.aftercare import Experience, complained_at, verified_at
from sim.births import Births, concatenate
from sim.fault_draws import REPORTED_BY_CUSTOMERS
from sim.reports import Origin
from sim.visit_tally import VisitTally

if TYPE_CHECKING:
    from sim.model import Model

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

_SERVED_BY = ("engineer", "remote")
_ANNOUNCED = Origin.CONDITION_BASED.value
#: What is no failure, or not yet; and what a customer has an opinion on.
_PLANNED = frozenset((Origin.INSPECTION.value, Origin.FALSE_ALARM.value, _ANNOUNCED))
_ASKED = frozenset(origin.value for origin in REPORTED_BY_CUSTOMERS)
_NOBODY = np.zeros(1, dtype=np.bool_)


@dataclass(frozen=True)
class Day:
    """What there is to see at an instant.

    Parameters
    ----------
    now
        The instant.
    open_orders
        Failures on which there is still work, by city.
    closed
        City of each order of a customer on which work was completed since the last look, and the customer's
        satisfaction with it; complaints come later.
    """

    now: float
    open_orders: list[int]
    closed: list[tuple[int, float]]


class Complaint(NamedTuple):
    """A complaint about a closed order: when it is made, where, and about what type of fault."""

    at: float
    city: int
    fault: int


class Knowledge:
    """What is known of the orders of one replication.

    Parameters
    ----------
    model
        The replication.
    asks
        Whether satisfaction is of interest.
    """

    def __init__(self, model: Model, asks: bool = True) -> None:
        self._model = model
        self._terms = model.world.satisfaction if asks else None
        self._births = model.births
        self._sequence = np.argsort(model.births.reported_at, kind="stable")
        self._instants = model.births.reported_at[self._sequence]
        self._seen = 0
        self._origins, self._cities = bytearray(), array("h")
        self._extend(model.births)
        self._open: list[int] = []
        self._unheard: list[int] = []
        self._tally = VisitTally(model, stages_on_site(model))

    def forget(self) -> None:
        """Let go of all that is known; nothing can be asked any more."""
        self.__dict__.clear()

    def look(self, now: float) -> Day:
        """Return what there is to see, and what customers think of orders closed since the last look."""
        births, completed, restored = self._all_births(), self._model.completed, self._model.restored
        prevented = b"" if self._model.prevention is None else self._model.prevention.prevented
        count = [0] * len(self._model.world.names.cities)
        origins, cities, known = self._origins, self._cities, len(prevented)
        still, closed = [], []
        for row in self._open + self._new(now):
            if completed[row] <= now:
                closed.append(row)
            elif row >= known or not prevented[row]:
                still.append(row)
                origin = origins[row]
                if origin not in _PLANNED or (
                    origin == _ANNOUNCED
                    and births.fails_at[row] <= now
                    and not restored[row] <= births.fails_at[row]
                ):
                    count[cities[row]] += 1
        self._open = still
        self._unheard += closed
        return Day(now, count, self._opinions(births, closed, now))

    def _new(self, now: float) -> list[int]:
        """Return the rows of what has been reported since the last look."""
        seen = int(np.searchsorted(self._instants, now, "right"))
        rows: list[int] = self._sequence[self._seen : seen].tolist()
        self._seen = seen
        rows += range(len(self._origins), len(self._births))
        if len(self._births) > len(self._origins):
            self._extend(self._births.take(np.arange(len(self._origins), len(self._births))))
        return rows

    def _extend(self, births: Births) -> None:
        self._origins += births.origin.astype(np.uint8).tobytes()
        self._cities.extend(self._model.world.places.site_city[births.site].tolist())

    def _opinions(self, births: Births, closed: list[int], now: float) -> list[tuple[int, float]]:
        """Return city and satisfaction of closed orders of customers."""
        terms = self._terms
        mine = [row for row in closed if self._origins[row] in _ASKED]
        if terms is None or not mine:
            return []
        rows = np.array(mine)
        self._tally.update(now)
        arrived, visits = self._tally.arrivals(rows)
        restored, reported = np.frombuffer(self._model.restored)[rows], births.reported_at[rows]
        points = satisfaction(
            np.where(np.isnan(arrived), restored, arrived) - reported,
            restored - reported,
            visits > 1,
            _NOBODY,
            terms,
        )
        return [(self._cities[row], figure) for row, figure in zip(mine, points.tolist(), strict=True)]

    def complaints(self, now: float) -> list[Complaint]:
        """Return the complaints, made or to come, about orders closed since this was last asked."""
        births = self._all_births()
        rows, self._unheard = np.array(self._unheard, dtype=np.int64), []
        actuals = self._actuals(rows, now)
        restored = np.frombuffer(self._model.restored)[rows]
        seen = Experience(actuals["arrived_at"], restored, actuals["visits"].astype(np.int64))
        instants = complained_at(self._model.world, births, rows, seen)
        made = np.flatnonzero(~np.isnan(instants))
        return [
            Complaint(float(instants[k]), self._cities[int(rows[k])], int(births.fault[rows[k]]))
            for k in made
        ]

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

"""What inspections and predictions do during a replication: defects found in time, failures that come.

Who is sent is for dispatch; this tells the model which orders never happen, how many defects an inspection
finds, and when planned work becomes a failure.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from scenarios.fault_specs import FaultSpec
from scenarios.world import World
from sim import draws
from sim.births import Births
from sim.entities import Order
from sim.inspections import inspection_specs
from sim.reports import Origin

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True)
class _Defects:
    """Defects of one site in order of the failures they lead to.

    Parameters
    ----------
    rows, defect_at, reported_at, keys
        Position of the order of each failure, when the defect arises, when the failure is reported or
        predicted, and the key of its draws.
    longest
        Longest time from a defect to its report.
    """

    rows: IntArray
    defect_at: FloatArray
    reported_at: FloatArray
    keys: npt.NDArray[np.uint64]
    longest: float

    def present(self, instant: float) -> npt.NDArray[np.int64]:
        """Return the positions of the defects that are there at an instant and have not shown."""
        first = int(np.searchsorted(self.reported_at, instant, "right"))
        last = int(np.searchsorted(self.reported_at, instant + self.longest, "right"))
        return first + np.flatnonzero(self.defect_at[first:last] < instant)


class Prevention:
    """Inspections and predictions of one replication.

    Parameters
    ----------
    world
        The compiled scenario.
    births
        All that is reported whatever the service does. Orders of finite installed bases, which come later,
        have higher rows and are never prevented or predicted.

    Attributes
    ----------
    prevented
        For each of its rows, 1 if the order never happens because an inspection found the defect.
    inspections, false_alarms
        Rows of inspections and of false alarms.
    planned
        Rows of predicted failures and false alarms, with what they are at first.
    found
        Number of defects that each inspection found and mended, by the row of its order.
    """

    def __init__(self, world: World, births: Births) -> None:
        self.prevented = bytearray(len(births))
        self.found: dict[int, int] = {}
        self._specs = inspection_specs(world)
        self._births = births
        self._defects = _defects_by_site(births) if any(spec is not None for spec in self._specs) else {}
        self._seen: dict[int, IntArray] = {}
        self._granted: dict[int, float] = {}
        self.inspections = _rows_of(births, Origin.INSPECTION)
        self.false_alarms = _rows_of(births, Origin.FALSE_ALARM)
        self.planned = _planned_rows(world, births)

    def forget(self) -> None:
        """Let go of the defects that are there; no inspection finds any more."""
        self._defects.clear()

    # Inspections

    def happened(self, count: int) -> npt.NDArray[np.bool_]:
        """Return which of a number of rows are orders that came to be."""
        came: npt.NDArray[np.bool_] = np.ones(count, dtype=np.bool_)
        came[: len(self.prevented)] = np.frombuffer(self.prevented, dtype=np.int8) == 0
        return came

    def prevents(self, row: int) -> bool:
        """Return whether the order of a row never happens; asked when it would be released."""
        return row < len(self.prevented) and self.prevented[row] == 1

    def extra_hours(self, row: int, start: float) -> float:
        """Return the hours by which the defects that an inspection finds lengthen it.

        Parameters
        ----------
        row
            Row of the order that is about to be worked on; 0 h for all that is not an inspection.
        start
            Instant at which work on site begins. Work that was broken off and begins again looks anew; hours
            that were added before are not added again.
        """
        if row not in self.inspections:
            return 0.0
        spec = self._specs[self._births.period[row]]
        defects = self._defects.get(int(self._births.site[row]))
        if spec is None or defects is None:
            return 0.0
        present = defects.present(start)
        number = int(self._births.index[row])
        u = draws.uniforms(defects.keys[present], "detection", number)
        seen = defects.rows[present[u < spec.detection]]
        self._seen[row] = np.array([r for r in seen.tolist() if not self.prevented[r]], dtype=np.int64)
        hours = float(spec.hours_per_defect * len(self._seen[row]))
        granted = self._granted.get(row, 0.0)
        self._granted[row] = max(hours, granted)
        return max(hours - granted, 0.0)

    def completed(self, row: int, now: float) -> None:
        """Mend the defects that an inspection found, now that it is completed.

        What failed or was predicted while it lasted is not prevented.

        Parameters
        ----------
        row
            Row of the order that is completed, whatever it is.
        now
            The present instant.
        """
        count = 0
        for found in self._seen.pop(row, _NOTHING).tolist():
            if self._births.reported_at[found] > now and not self.prevented[found]:
                self.prevented[found] = 1
                count += 1
        if count:
            self.found[row] = count

    # Predictions

    def begin(self, order: Order, now: float) -> float | None:
        """Let an order of a predicted failure, or a false alarm, be planned work at first.

        Parameters
        ----------
        order
            An order that is about to be released.
        now
            The present instant.

        Returns
        -------
        float or None
            Instant at which the device fails, for `fail`; None where nothing more is to come.
        """
        planned = self.planned.get(order.row)
        if planned is None or planned.fails_at <= now:
            return None
        order.kind = planned.before
        order.priority = planned.before.priority
        order.due_at = planned.promised_at
        return planned.fails_at if planned.fails_at < np.inf else None

    def fail(self, order: Order) -> None:
        """Let planned work that is not completed be the failure that it should have prevented.

        An order that waits must be withdrawn before and let wait again after, since its place changes.
        """
        planned = self.planned[order.row]
        order.kind = planned.after
        order.priority = planned.after.priority
        order.due_at = planned.due_at

    def ends_here(self, row: int) -> bool:
        """Return whether nothing follows the visit to an order because the alarm is false."""
        return row in self.false_alarms


def prevention_of(world: World, births: Births) -> Prevention | None:
    """Return the inspections and predictions of a replication; None where the scenario has neither."""
    planned = any(p.inspections is not None or p.prediction is not None for p in world.periods)
    return Prevention(world, births) if planned else None


_NOTHING: IntArray = np.empty(0, dtype=np.int64)


def _rows_of(births: Births, origin: Origin) -> frozenset[int]:
    return frozenset(np.flatnonzero(births.origin == origin).tolist())


def _defects_by_site(births: Births) -> dict[int, _Defects]:
    """Return the defects of each site that has any."""
    rows = np.flatnonzero(~np.isnan(births.defect_at))
    if not len(rows):
        return {}
    rows = rows[np.argsort(births.site[rows], kind="stable")]
    site = births.site[rows]
    edges = [0, *(np.flatnonzero(np.diff(site)) + 1).tolist(), len(rows)]
    found = {}
    for begin, end in pairwise(edges):
        mine = rows[begin:end]
        reported, arose = births.reported_at[mine], births.defect_at[mine]
        longest = float((reported - arose).max())
        found[int(site[begin])] = _Defects(mine, arose, reported, births.key[mine], longest)
    return found


@dataclass(frozen=True)
class _Planned:
    """What planned work is before it fails, and after.

    Parameters
    ----------
    fails_at
        When the device fails, infinite for a false alarm.
    promised_at, due_at
        What dispatch works towards before the failure, and after.
    before, after
        Its fault type as planned work, and as the failure.
    """

    fails_at: float
    promised_at: float
    due_at: float
    before: FaultSpec
    after: FaultSpec


def _planned_rows(world: World, births: Births) -> dict[int, _Planned]:
    """Return predicted failures and false alarms by row."""
    rows = np.flatnonzero((births.origin == Origin.CONDITION_BASED) | (births.origin == Origin.FALSE_ALARM))
    if not len(rows):
        return {}
    due = births.due_at
    planned = {}
    kinds: dict[tuple[int, int], FaultSpec] = {}
    for row in rows.tolist():
        number, fault = int(births.period[row]), int(births.fault[row])
        period = world.periods[number]
        spec = period.prediction
        assert spec is not None  # there are such rows only where failures are predicted
        if (number, fault) not in kinds:
            kinds[number, fault] = replace(
                period.faults[fault], severity=spec.severity, priority=spec.priority
            )
        fails = float(births.fails_at[row])
        planned[row] = _Planned(
            np.inf if np.isnan(fails) else fails,
            float(births.promised_at[row]),
            float(due[row]),
            kinds[number, fault],
            period.faults[fault],
        )
    return planned

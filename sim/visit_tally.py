"""What has come of the visits to each order by an instant of a run, kept up to date from look to look.

The log of visits only grows, so each look takes in what is new in it, and what was still to come before.
"""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from sim.model import Model
    from sim.visit_log import VisitLog

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

_NAN = float("nan")
#: Position in the log, row of the order, number of the visit, and expected arrival.
_Visit = tuple[int, int, int, float]


class VisitTally:
    """Booking, expected and real first arrival, and number of visits of every order so far.

    Parameters
    ----------
    model
        The replication.
    on_site
        [period, fault type, stage] -> whether somebody travels for it.
    """

    def __init__(self, model: Model, on_site: npt.NDArray[np.bool_]) -> None:
        self._model = model
        self._on_site: list[list[list[bool]]] = on_site.tolist()
        self._seen, self._handed_over = 0, 0
        self._coming: list[_Visit] = []
        self._partners_coming: list[int] = []
        count = len(model.births)
        self._booked, self._planned, self._arrived = (array("d", [_NAN]) * count for _ in range(3))
        self._visits, self._number = array("q", [0]) * count, array("h", [-1]) * count

    def update(self, now: float) -> None:
        """Take in what has happened up to an instant, which never comes before an earlier one."""
        self._make_room()
        log = self._model.visits
        self._coming = self._settle(self._coming + self._new(log), log.ended, now)
        partners = self._model.partner
        for number in range(self._handed_over, len(partners)):
            visit = partners[number]
            self._note(self._booked, visit.row, visit.handed_over)
            self._note(self._planned, visit.row, visit.arrived)
        waiting = [*self._partners_coming, *range(self._handed_over, len(partners))]
        self._partners_coming = [number for number in waiting if not self._partner_settles(number, now)]
        self._handed_over = len(partners)

    def of(self, rows: IntArray) -> dict[str, FloatArray]:
        """Return booking, expected and real first arrival, and visits on site so far, of some rows."""
        arrived, visits = self.arrivals(rows)
        return {
            "booked_at": np.frombuffer(self._booked)[rows],
            "planned_arrival_at": np.frombuffer(self._planned)[rows],
            "arrived_at": arrived,
            "visits": visits.astype(np.float64),
        }

    def arrivals(self, rows: IntArray) -> tuple[FloatArray, IntArray]:
        """Return the real first arrival, and the number of visits on site so far, of some rows."""
        return np.frombuffer(self._arrived)[rows], np.frombuffer(self._visits, np.int64)[rows]

    def _make_room(self) -> None:
        more = len(self._model.work) - len(self._booked)
        if more > 0:
            for column in (self._booked, self._planned, self._arrived):
                column.extend([_NAN] * more)
            self._visits.extend([0] * more)
            self._number.extend([-1] * more)

    def _note(self, column: array[float], row: int, instant: float) -> None:
        """Note the first instant of a kind."""
        if column[row] != column[row]:
            column[row] = instant

    def _new(self, log: VisitLog) -> list[_Visit]:
        """Note what is new in the log; return the visits on site among it."""
        booked, planned, terms_of, on_site = self._booked, self._planned, self._model.terms_of, self._on_site
        found = []
        visit, self._seen = self._seen, len(log)
        for row, number, stage, role, at, arrives in log.rows_from(visit):
            if not role:  # only who leads a visit tells of it
                if booked[row] != booked[row]:
                    booked[row] = at
                period, fault = terms_of(row)
                if on_site[period][fault][stage]:
                    if planned[row] != planned[row]:
                        planned[row] = arrives
                    found.append((visit, row, number, arrives))
            visit += 1
        return found

    def _settle(self, coming: list[_Visit], ended: array[float], now: float) -> list[_Visit]:
        """Take in the visits that have reached their site; return those of which that is not decided."""
        arrived, visits, numbers = self._arrived, self._visits, self._number
        undecided = []
        for one in coming:
            visit, row, number, arrives = one
            until = ended[visit]
            if until != until:
                if arrives > now:
                    undecided.append(one)
                    continue
                until = now
            if arrives <= until:
                if arrived[row] != arrived[row]:
                    arrived[row] = arrives
                if number > numbers[row]:
                    numbers[row] = number
                    visits[row] += 1
        return undecided

    def _partner_settles(self, number: int, now: float) -> bool:
        visit = self._model.partner[number]
        if visit.arrived > now:
            return False
        self._note(self._arrived, visit.row, visit.arrived)
        self._visits[visit.row] += 1
        return True

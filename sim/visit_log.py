"""The log of visits of one replication, in columns, and what became of each visit."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from enum import IntEnum
from typing import Any

import numpy as np
import numpy.typing as npt

_NAN = float("nan")


class Outcome(IntEnum):
    """How a visit ended."""

    OPEN = 0
    COMPLETED = 1
    FOLLOWED = 2
    PREEMPTED = 3
    SUSPENDED = 4
    HANDED_OVER = 5


class Role(IntEnum):
    """What somebody does on a visit."""

    LEAD = 0
    HELPER = 1
    REMOTE_EXPERT = 2


class VisitLog:
    """Columns with one row per engineer and visit, in the order in which visits were given out.

    What is known at the booking is held row by row in one array, so that logging a visit is one call; what is
    rare is held by row where there is any. As columns, all are numpy arrays that are made when asked for.

    Attributes
    ----------
    ended
        Instant of the end, NaN while it is still going on.
    outcome
        Code of an `Outcome`.
    fares, ways_back, lost_on_the_way, lost_at_work, starts
        By row, where there is one: fares of one person, both ways; hours of the way back from another city
        that follows; hours lost to the weather on the way and at work; and begin of the work where that is not at
        the arrival, because others of a crew come later.
    resumptions
        Rows on which an engineer goes on with what he left at the end of his last shift.
    """

    __slots__ = (
        "_booked",
        "ended",
        "fares",
        "lost_at_work",
        "lost_on_the_way",
        "outcome",
        "resumptions",
        "starts",
        "ways_back",
    )

    def __init__(self) -> None:
        self._booked = array("d")
        self.ended = array("d")
        self.outcome = array("b")
        self.fares: dict[int, float] = {}
        self.ways_back: dict[int, float] = {}
        self.lost_on_the_way: dict[int, float] = {}
        self.lost_at_work: dict[int, float] = {}
        self.starts: dict[int, float] = {}
        self.resumptions: dict[int, int] = {}

    def begin(
        self,
        row: int,
        number: int,
        stage: int,
        queue: int,
        engineer: int,
        role: int,
        ready: float,
        booked: float,
        arrived: float,
    ) -> int:
        """Log a visit that is given out now and return its position.

        Parameters
        ----------
        row
            Row of the order.
        number
            Which visit of the order it is, from 0; work that is resumed keeps its number.
        stage
            Position of the stage in the order's fault type.
        queue, engineer, role
            Position of the queue of its own territory, of the engineer, and code of his `Role`.
        ready, booked, arrived
            Instants: since when it could be given out; when it was, which is also the departure; and of the
            arrival as it is expected (beyond its end or the horizon it does not come about).
        """
        self._booked.extend((row, number, stage, queue, engineer, role, ready, booked, arrived))
        self.ended.append(_NAN)
        self.outcome.append(0)
        return len(self.outcome) - 1

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.outcome)

    def arrival(self, visit: int) -> float:
        """Return the expected arrival of a row."""
        return self._booked[visit * _WIDTH + _ARRIVED]

    def start(self, visit: int) -> float:
        """Return when the work of a row begins."""
        return self.starts.get(visit, self._booked[visit * _WIDTH + _ARRIVED])

    def rows_from(self, first: int) -> Iterator[tuple[int, int, int, int, float, float]]:
        """Yield row of the order, number, stage, role, booking and expected arrival, from one row on."""
        values = iter(self._booked[first * _WIDTH :])
        for row, number, stage, _, _, role, _, booked, arrived in zip(*[values] * _WIDTH, strict=True):
            yield int(row), int(number), int(stage), int(role), booked, arrived

    def columns(self) -> dict[str, npt.NDArray[Any]]:
        """Return all columns by name."""
        return {name: getattr(self, name) for name in (*_BOOKED, *_RARE, "started")} | {
            "ended": np.array(self.ended),
            "outcome": np.array(self.outcome),
        }

    def _column(self, position: int, dtype: Any) -> npt.NDArray[Any]:
        return np.array(self._booked).reshape(-1, _WIDTH)[:, position].astype(dtype)

    def _sparse(
        self, values: dict[int, float] | dict[int, int], column: npt.NDArray[Any]
    ) -> npt.NDArray[Any]:
        if values:
            column[list(values)] = list(values.values())
        return column

    row = property(lambda self: self._column(0, np.int32), doc="Rows of the orders.")
    number = property(lambda self: self._column(1, np.int16), doc="Which visit of its order each is, from 0.")
    stage = property(lambda self: self._column(2, np.int8), doc="Positions of the stages.")
    queue = property(lambda self: self._column(3, np.int32), doc="Positions of the queues.")
    engineer = property(lambda self: self._column(4, np.int32), doc="Positions of the engineers.")
    role = property(lambda self: self._column(5, np.int8), doc="Codes of roles.")
    ready = property(lambda self: self._column(6, np.float64), doc="Since when each could be given out.")
    booked = property(lambda self: self._column(7, np.float64), doc="When each was given out.")
    arrived = property(lambda self: self._column(8, np.float64), doc="Expected arrivals.")
    started = property(lambda self: self._sparse(self.starts, self.arrived), doc="Begins of the work.")
    fare = property(lambda self: self._sparse(self.fares, np.zeros(len(self))), doc="Fares, both ways.")
    back = property(
        lambda self: self._sparse(self.ways_back, np.zeros(len(self))), doc="Hours on the way back."
    )
    resumed = property(
        lambda self: self._sparse(self.resumptions, np.zeros(len(self), np.int8)), doc="1 for work resumed."
    )
    lost_on_way = property(
        lambda self: self._sparse(self.lost_on_the_way, np.zeros(len(self))),
        doc="Hours lost to the weather on the way.",
    )
    lost_on_site = property(
        lambda self: self._sparse(self.lost_at_work, np.zeros(len(self))),
        doc="Hours lost to the weather at work.",
    )


_BOOKED = ("row", "number", "stage", "queue", "engineer", "role", "ready", "booked", "arrived")
_RARE = ("fare", "back", "resumed", "lost_on_way", "lost_on_site")
_WIDTH, _ARRIVED = len(_BOOKED), len(_BOOKED) - 1

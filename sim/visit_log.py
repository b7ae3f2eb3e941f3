"""The log of visits of one replication, in columns, and what became of each visit."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from enum import IntEnum
from struct import Struct
from typing import Any

import numpy as np
import numpy.typing as npt

from insight.packing import Different, Packed

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
        that follows; hours lost to the weather on the way and at work; and begin of the work where that is
        not at the arrival, because others of a crew come later.
    resumptions
        Rows on which an engineer goes on with what he left at the end of his last shift.
    """

    __slots__ = (
        "_booked",
        "_closed",
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
        self._closed: Packed | None = None
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
        # Packed first, nine numbers are taken in twice as fast.
        self._booked.frombytes(_as_bytes(row, number, stage, queue, engineer, role, ready, booked, arrived))
        self.ended.append(_NAN)
        outcome = self.outcome
        outcome.append(0)
        return len(outcome) - 1

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
        """Return row of the order, number, stage, role, booking and expected arrival, from one row on."""
        new = self._booked[first * _WIDTH :]
        wanted = (
            list(_BOOKED).index(name) for name in ("row", "number", "stage", "role", "booked", "arrived")
        )
        row, number, stage, role, booked, arrived = (new[position::_WIDTH] for position in wanted)
        whole = (map(int, column) for column in (row, number, stage, role))
        return zip(*whole, booked, arrived, strict=True)

    def columns(self) -> Packed:
        """Return all columns by name, in little memory; nothing can be logged any more."""
        if self._closed is None:
            held = Packed({name: self._column(name) for name in (*_BOOKED, "outcome")})
            held.put("ended", _array(self.ended, np.float64))
            for name, (values, dtype) in self._rare().items():
                base = held.array("arrived") if name == "started" else dtype(0)
                held.put(name, Different(len(self), base, *_items(values, dtype)))
            self._closed = held
            self._booked = array("d")
            for values, _ in self._rare().values():
                values.clear()
        return self._closed

    def _rare(self) -> dict[str, tuple[dict[int, Any], Any]]:
        """Return what is held by row, by the name of its column, and its type."""
        return {
            "fare": (self.fares, np.float64),
            "back": (self.ways_back, np.float64),
            "resumed": (self.resumptions, np.int8),
            "lost_on_way": (self.lost_on_the_way, np.float64),
            "lost_on_site": (self.lost_at_work, np.float64),
            "started": (self.starts, np.float64),
        }

    def _column(self, name: str) -> npt.NDArray[Any]:
        if self._closed is not None:
            return self._closed.array(name)
        if name in _BOOKED:
            rows = _array(self._booked, np.float64).reshape(-1, _WIDTH)
            return rows[:, list(_BOOKED).index(name)].astype(_BOOKED[name])
        if name == "outcome":
            return _array(self.outcome, np.int8).copy()
        values, dtype = self._rare()[name]
        column = self._column("arrived") if name == "started" else np.zeros(len(self), dtype)
        positions, held = _items(values, dtype)
        column[positions] = held
        return column

    row = property(lambda self: self._column("row"), doc="Rows of the orders.")
    number = property(lambda self: self._column("number"), doc="Which visit of its order each is, from 0.")
    stage = property(lambda self: self._column("stage"), doc="Positions of the stages.")
    queue = property(lambda self: self._column("queue"), doc="Positions of the queues.")
    engineer = property(lambda self: self._column("engineer"), doc="Positions of the engineers.")
    role = property(lambda self: self._column("role"), doc="Codes of roles.")
    ready = property(lambda self: self._column("ready"), doc="Since when each could be given out.")
    booked = property(lambda self: self._column("booked"), doc="When each was given out.")
    arrived = property(lambda self: self._column("arrived"), doc="Expected arrivals.")
    started = property(lambda self: self._column("started"), doc="Begins of the work.")
    fare = property(lambda self: self._column("fare"), doc="Fares, both ways.")
    back = property(lambda self: self._column("back"), doc="Hours on the way back.")
    resumed = property(lambda self: self._column("resumed"), doc="1 for work resumed.")
    lost_on_way = property(lambda self: self._column("lost_on_way"), doc="Hours lost to weather on the way.")
    lost_on_site = property(lambda self: self._column("lost_on_site"), doc="Hours lost to weather at work.")


def _array(values: array[Any], dtype: Any) -> npt.NDArray[Any]:
    """Return an array that shares the memory of another, which cannot grow as long as it lives."""
    return np.frombuffer(values, dtype) if values else np.empty(0, dtype)


def _items(values: dict[int, Any], dtype: Any) -> tuple[npt.NDArray[np.int32], npt.NDArray[Any]]:
    """Return the positions and the values of what is held by row."""
    count = len(values)
    return np.fromiter(values, np.int32, count), np.fromiter(values.values(), dtype, count)


#: What is known at the booking, and the type in which it is held once nothing is logged any more.
_BOOKED = {
    "row": np.int32,
    "number": np.int16,
    "stage": np.int8,
    "queue": np.int32,
    "engineer": np.int32,
    "role": np.int8,
    "ready": np.float64,
    "booked": np.float64,
    "arrived": np.float64,
}
_WIDTH, _ARRIVED = len(_BOOKED), len(_BOOKED) - 1
_as_bytes = Struct(f"={_WIDTH}d").pack

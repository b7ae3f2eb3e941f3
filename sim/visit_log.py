"""The log of visits of one replication, in columns, and what became of each visit."""

from __future__ import annotations

from array import array
from enum import IntEnum

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

    Attributes
    ----------
    row
        Row of the order.
    number
        Which visit of the order it is, from 0; work that is resumed keeps its number.
    stage
        Position of the stage in the order's fault type.
    queue, engineer, role
        Position of the queue of its own territory, of the engineer, and code of his `Role`.
    ready, booked, arrived, started, ended
        Instants: since when it could be given out; when it was, which is also the departure; of the arrival
        as it was expected then (beyond `ended` or the horizon it did not come about); of the begin of the work
        once everybody is there; and of the end (NaN: still going on).
    outcome
        Code of an `Outcome`.
    resumed
        Whether the engineer goes on with what he left at the end of his last shift.
    fare, back
        Fares of one person, both ways; and hours of the way back from another city that follows, if one does.
    lost_on_way, lost_on_site
        Hours lost to the weather.
    """

    __slots__ = (
        "arrived",
        "back",
        "booked",
        "ended",
        "engineer",
        "fare",
        "lost_on_site",
        "lost_on_way",
        "number",
        "outcome",
        "queue",
        "ready",
        "resumed",
        "role",
        "row",
        "stage",
        "started",
    )

    def __init__(self) -> None:
        self.row = array("i")
        self.number = array("h")
        self.stage = array("b")
        self.queue = array("i")
        self.engineer = array("i")
        self.role = array("b")
        self.ready = array("d")
        self.booked = array("d")
        self.arrived = array("d")
        self.started = array("d")
        self.ended = array("d")
        self.outcome = array("b")
        self.resumed = array("b")
        self.fare = array("d")
        self.back = array("d")
        self.lost_on_way = array("d")
        self.lost_on_site = array("d")

    def begin(
        self,
        row: int,
        number: int,
        stage: int,
        queue: int,
        engineer: int,
        ready: float,
        booked: float,
        arrived: float,
        fare: float,
        lost_on_way: float = 0.0,
        role: int = 0,
    ) -> int:
        """Log a visit that is given out now and return its position."""
        position = len(self.row)
        self.row.append(row)
        self.number.append(number)
        self.stage.append(stage)
        self.queue.append(queue)
        self.engineer.append(engineer)
        self.role.append(role)
        self.ready.append(ready)
        self.booked.append(booked)
        self.arrived.append(arrived)
        self.started.append(arrived)
        self.ended.append(_NAN)
        self.outcome.append(0)
        self.resumed.append(0)
        self.fare.append(fare)
        self.back.append(0.0)
        self.lost_on_way.append(lost_on_way)
        self.lost_on_site.append(0.0)
        return position

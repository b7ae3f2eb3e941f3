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


class VisitLog:
    """Columns with one row per visit, in the order in which visits were given out.

    Attributes
    ----------
    row
        Row of the order.
    number
        Which visit of the order it is, from 0; work that is resumed keeps its number.
    stage
        Position of the stage in the order's fault type.
    queue, engineer
        Position of the queue it waited in, and of the engineer.
    ready, booked, arrived, ended
        Instants: since when it could be given out; when it was, which is also the departure; of the arrival
        as it was expected then (beyond `ended` or the horizon it did not come about); and of the end (NaN:
        still going on).
    outcome
        Code of an `Outcome`.
    fare, back
        Fares of one person, both ways; and hours of the way back from another city that follows, if one does.
    """

    __slots__ = (
        "arrived",
        "back",
        "booked",
        "ended",
        "engineer",
        "fare",
        "number",
        "outcome",
        "queue",
        "ready",
        "row",
        "stage",
    )

    def __init__(self) -> None:
        self.row = array("i")
        self.number = array("h")
        self.stage = array("b")
        self.queue = array("i")
        self.engineer = array("i")
        self.ready = array("d")
        self.booked = array("d")
        self.arrived = array("d")
        self.ended = array("d")
        self.outcome = array("b")
        self.fare = array("d")
        self.back = array("d")

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
    ) -> int:
        """Log a visit that is given out now and return its position."""
        position = len(self.row)
        self.row.append(row)
        self.number.append(number)
        self.stage.append(stage)
        self.queue.append(queue)
        self.engineer.append(engineer)
        self.ready.append(ready)
        self.booked.append(booked)
        self.arrived.append(arrived)
        self.ended.append(_NAN)
        self.outcome.append(0)
        self.fare.append(fare)
        self.back.append(0.0)
        return position

"""The life of each order of a finished replication, pieced together from the rows of its tables.

Hours of help from afar and of the wait for the customer are taken from the births; all else is as the tables
tell it, so that a gap or an overlap between two states is a contradiction between tables.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
from by_hand import rows

from sim.aftercare import verified_at
from sim.model import Model
from sim.partners import PartnerVisit
from sim.records import tables_of
from sim.states import State

Row = Mapping[str, Any]
Life = list[tuple[State, float, float]]
#: Moves of parts that an order waits for.
_ASKED = ("depot", "transfer", "second_supplier", "refurbished", "rush", "van")
#: States that an order goes through also where they take no time.
_AT_LEAST_FOR_AN_INSTANT = (State.REPORTED, State.TRAVELLING, State.WORKING, State.WITH_PARTNER)


def came_to_be(model: Model) -> npt.NDArray[np.bool_]:
    """Return which rows are orders: all but those that an inspection prevented."""
    count = len(model.births)
    return np.ones(count, np.bool_) if model.prevention is None else model.prevention.happened(count)


def lives(model: Model) -> list[tuple[Row, Life]]:
    """Return each order of a finished replication, with its row, and its states with begin and end."""
    tables = tables_of(model, 0)
    visits: dict[str, list[Row]] = {}
    for visit in rows(tables["visits"]):
        if visit["role"] == "lead":
            visits.setdefault(visit["work_order"], []).append(visit)
    moves: dict[str, list[Row]] = {}
    for move in rows(tables["stock_moves"]):
        if move["kind"] in _ASKED:
            moves.setdefault(move["work_order"], []).append(move)
    handed = {visit.row: visit for visit in model.partner}
    order_rows = np.flatnonzero(came_to_be(model)).tolist()
    found = []
    for row, order in zip(order_rows, rows(tables["work_orders"]), strict=True):
        name = order["id"]
        told = _Told(model, row, visits.get(name, []), moves.get(name, []), handed.get(row))
        found.append(({**order, "row": row}, told.life()))
    return found


class _Told:
    """What the tables tell of one order."""

    def __init__(
        self, model: Model, row: int, visits: list[Row], moves: list[Row], handed: PartnerVisit | None
    ) -> None:
        self._model, self._row, self._visits, self._moves = model, row, visits, moves
        self._handed = handed
        self._horizon = model.world.horizon
        self._life: Life = []

    def life(self) -> Life:
        """Return its states in order of time, up to the horizon."""
        births, row = self._model.births, self._row
        self._lasts(State.REPORTED, births.reported_at[row], births.acknowledged_at[row])
        self._lasts(State.REMOTE_HELP, births.acknowledged_at[row], births.escalated_at[row])
        if births.served_by[row] == 0:
            self._lasts(State.WAITING_CUSTOMER, births.escalated_at[row], births.released_at[row])
            self._serve()
        self._end()
        return self._life

    def _lasts(self, state: State, begin: float, end: float) -> None:
        """Add a state that lasts for a time, if it begins before the horizon; NaN is no end."""
        end = self._horizon if math.isnan(end) else min(float(end), self._horizon)
        if begin < end or (state in _AT_LEAST_FOR_AN_INSTANT and begin <= self._horizon):
            self._life.append((state, float(begin), end))

    def _serve(self) -> None:
        """Add the waits for parts and people, the visits, and the partner."""
        ready = float(self._model.births.released_at[self._row])
        for visit in self._visits:
            self._await_part(ready, visit["ready_at"])
            self._await(visit["ready_at"], visit["booked_at"], ready)
            self._travel_and_work(visit)
            ready = visit["ended_at"]
        if math.isnan(ready) or ready > self._horizon:
            return
        if self._visits and self._visits[-1]["outcome"] == "completed":
            return
        self._await_part(ready, math.nan if self._handed is None else self._handed.ready)
        if self._handed is not None:
            self._await(self._handed.ready, self._handed.handed_over, ready)
            self._lasts(State.WITH_PARTNER, self._handed.handed_over, self._handed.restored)
            return
        reached = self._life[-1][2]
        if reached < self._horizon:
            self._lasts(State.WAITING_ENGINEER, reached, self._horizon)

    def _await(self, ready: float, until: float, left_at: float) -> None:
        """Add a wait for an engineer; what is handed over waits from when it was left."""
        handed_over = [v for v in self._visits if v["outcome"] == "handed_over" and v["ended_at"] == left_at]
        self._lasts(State.WAITING_ENGINEER, left_at if handed_over else ready, until)

    def _await_part(self, asked: float, ready: float) -> None:
        """Add the wait for a part that was asked for at an instant, if it ended as the order was ready."""
        for move in self._moves:
            if move["demanded_at"] == asked and (math.isnan(ready) or move["available_at"] == ready):
                self._lasts(State.WAITING_PART, asked, move["available_at"])

    def _travel_and_work(self, visit: Row) -> None:
        end = visit["ended_at"]
        arrived = visit["booked_at"]
        if visit["on_site"]:
            arrived = visit["arrived_at"]
            self._lasts(State.TRAVELLING, visit["booked_at"], end if math.isnan(arrived) else arrived)
        if not math.isnan(arrived):
            self._lasts(State.WORKING, arrived, end)

    def _end(self) -> None:
        """Add the verification by the customer, and what comes after it."""
        ended = self._model.completed[self._row]
        if ended <= self._horizon:
            births = self._model.births
            everything = verified_at(self._model.world, births, np.array(self._model.completed))
            completed = float(everything[self._row])
            if completed > ended:
                self._life.append((State.VERIFYING, ended, min(completed, self._horizon)))
            if completed <= self._horizon:
                self._life.append((State.COMPLETED, completed, self._horizon))

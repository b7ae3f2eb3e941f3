"""The log of a replication's moves of parts: who asked whom for what, when, and when it was there.

What it means in money and as rows of a table is found after the run, in `stock_records`.
"""

from __future__ import annotations

from array import array
from enum import IntEnum
from struct import Struct
from typing import Any

import numpy as np
import numpy.typing as npt


class Kind(IntEnum):
    """How a demand for parts was met, or what else a row of the table tells."""

    DEPOT = 0
    VAN = 1
    TRANSFER = 2
    SECOND_SUPPLIER = 3
    REFURBISHED = 4
    RUSH = 5
    REPLENISHMENT = 6
    HOLDING = 7


class StockLog:
    """Columns with one entry for each move, in order of time.

    The moves are held one after the other, so that to log one is one call; columns are made when asked for.

    Attributes
    ----------
    rows, stocks, quantities
        Row of the order that caused it, position of the stock that is asked on its behalf or has to be
        filled, and units.
    kinds, sources
        Code of its `Kind`, and position of the stock that the units come from, -1 for a supplier's.
    demanded, available, replenished
        Instants of the demand, at which all units are there, and at which those that are ordered in their
        place reach the shelf that they came from; NaN where none are.
    extra
        Price beside that of the units at the price of the part.
    """

    def __init__(self) -> None:
        self._moves = array("d")

    def __len__(self) -> int:
        """Return the number of moves."""
        return len(self._moves) // _WIDTH

    def add(
        self,
        row: int,
        stock: int,
        quantity: int,
        kind: int,
        source: int,
        demanded: float,
        available: float,
        replenished: float,
        extra: float = 0.0,
    ) -> None:
        """Add one move; the arguments are the columns."""
        self._moves.frombytes(
            _as_bytes(row, stock, quantity, kind, source, demanded, available, replenished, extra)
        )

    def columns(self) -> dict[str, npt.NDArray[Any]]:
        """Return all columns by name."""
        return {name: getattr(self, name) for name in _NAMES}

    def _column(self, position: int, dtype: Any) -> npt.NDArray[Any]:
        moves = np.frombuffer(self._moves) if self._moves else np.empty(0)
        return moves.reshape(-1, _WIDTH)[:, position].astype(dtype)

    rows = property(lambda self: self._column(0, np.int64), doc="Rows of the orders.")
    stocks = property(lambda self: self._column(1, np.int64), doc="Positions of the stocks.")
    quantities = property(lambda self: self._column(2, np.int64), doc="Units.")
    kinds = property(lambda self: self._column(3, np.int8), doc="Codes of kinds.")
    sources = property(lambda self: self._column(4, np.int64), doc="Where units come from.")
    demanded = property(lambda self: self._column(5, np.float64), doc="Instants of demands.")
    available = property(lambda self: self._column(6, np.float64), doc="When all units are there.")
    replenished = property(lambda self: self._column(7, np.float64), doc="When others take their place.")
    extra = property(lambda self: self._column(8, np.float64), doc="Price beside that of the units.")


_NAMES = (
    "rows",
    "stocks",
    "quantities",
    "kinds",
    "sources",
    "demanded",
    "available",
    "replenished",
    "extra",
)
_WIDTH = len(_NAMES)
_as_bytes = Struct(f"={_WIDTH}d").pack


class Spells:
    """When each unit that has left a shelf had been on it, kept where holding it costs money.

    Attributes
    ----------
    stocks, begins, ends
        Position of the stock, and instants between which a unit lay there.
    """

    def __init__(self) -> None:
        self.stocks = array("q")
        self.begins = array("d")
        self.ends = array("d")

    def add(self, stock: int, begin: float, end: float) -> None:
        """Add the time of one unit on a shelf."""
        if end > begin:
            self.stocks.append(stock)
            self.begins.append(begin)
            self.ends.append(end)

"""The log of a replication's moves of parts: who asked whom for what, when, and when it was there.

What it means in money and as rows of a table is found after the run, in `stock_records`.
"""

from __future__ import annotations

from array import array
from enum import IntEnum


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
        self.rows = array("q")
        self.stocks = array("q")
        self.quantities = array("q")
        self.kinds = array("b")
        self.sources = array("q")
        self.demanded = array("d")
        self.available = array("d")
        self.replenished = array("d")
        self.extra = array("d")

    def add(
        self,
        row: int,
        stock: int,
        quantity: int,
        kind: Kind,
        source: int,
        demanded: float,
        available: float,
        replenished: float,
        extra: float = 0.0,
    ) -> None:
        """Add one move; the arguments are the columns."""
        self.rows.append(row)
        self.stocks.append(stock)
        self.quantities.append(quantity)
        self.kinds.append(kind)
        self.sources.append(source)
        self.demanded.append(demanded)
        self.available.append(available)
        self.replenished.append(replenished)
        self.extra.append(extra)


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

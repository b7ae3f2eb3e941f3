"""Depots under base stock: when a demanded unit is on the shelf.

Each unit used is ordered again at once, so a unit of stock is fully described by when it is next on the
shelf; no event is needed for a replenishment that nobody waits for. A demand is promised the units that are
next on the shelf at its time, and keeps them.
"""

from __future__ import annotations

import heapq
from array import array

from scenarios.world import World
from sim import draws
from sim.quantile_functions import quantile


class Depots:
    """All stocks of one replication, and the log of their moves.

    Parameters
    ----------
    world
        The compiled scenario.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self._units: list[list[float]] = [[0.0] * s.base_stock[0] for s in world.stocks]
        self._owed: list[int] = [0] * len(world.stocks)
        self._shelf_hours: list[float] = [0.0] * len(world.stocks)
        self._period = 0
        self.rows = array("q")
        self.stocks = array("q")
        self.quantities = array("q")
        self.demanded = array("d")
        self.available = array("d")
        self.replenished = array("d")

    def demand(self, row: int, key: int, stock: int, quantity: int, now: float) -> float:
        """Take units for an order and return the instant at which all of them are there.

        Parameters
        ----------
        row, key
            Row and key of the order.
        stock
            Position of the stock.
        quantity
            Units needed, 1 or more.
        now
            The instant of the demand; a demand never comes before an earlier one.

        Returns
        -------
        float
            `now` if the shelf holds them, later if they are awaited; with a base stock of 0 each demand
            waits for its own order.
        """
        lead = quantile(self._world.stocks[stock].lead_hours[self._period], draws.uniform(key, "lead"))
        units = self._units[stock]
        arrival = now + lead
        ordered = 0
        taken = []
        for _ in range(quantity):
            if self._owed[stock] > 0:
                # The base stock was lowered: this unit's successor is not ordered.
                self._owed[stock] -= 1
            else:
                heapq.heappush(units, arrival)
                ordered += 1
            taken.append(heapq.heappop(units))
        ready = max(now, *taken)
        until = min(ready, self._world.horizon)
        self._shelf_hours[stock] += sum(until - unit for unit in taken if unit < until)
        self.rows.append(row)
        self.stocks.append(stock)
        self.quantities.append(quantity)
        self.demanded.append(now)
        self.available.append(ready)
        self.replenished.append(arrival if ordered else float("nan"))
        return ready

    def begin_period(self, period: int, now: float) -> None:
        """Bring base stocks to what a period asks for: new units are there at once, surplus is used up."""
        for stock, spec in enumerate(self._world.stocks):
            more = spec.base_stock[period] - spec.base_stock[self._period]
            for _ in range(more):
                if self._owed[stock] > 0:
                    self._owed[stock] -= 1
                else:
                    heapq.heappush(self._units[stock], now)
            self._owed[stock] += max(0, -more)
        self._period = period

    def mean_on_shelf(self) -> list[float]:
        """Return the mean number of units on each shelf up to the horizon, those set aside included."""
        horizon = self._world.horizon
        left = [sum(horizon - unit for unit in units if unit < horizon) for units in self._units]
        return [(taken + rest) / horizon for taken, rest in zip(self._shelf_hours, left, strict=True)]

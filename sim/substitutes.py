"""Ways out of a stock-out: a transfer within the pool, a second supplier, a refurbished part, a rush order.

Only which way is taken is decided here; units are moved by `parts`. All units of an order come the same way.
Delivery dates are promises that are kept, so the ways and the wait can be compared at the demand.
"""

from __future__ import annotations

from typing import NamedTuple

from scenarios.world import World
from sim import draws
from sim.quantile_functions import quantile
from sim.replenishment import Shelves
from sim.stock_log import Kind

_KINDS = {
    "second_supplier": Kind.SECOND_SUPPLIER,
    "refurbished": Kind.REFURBISHED,
    "rush": Kind.RUSH,
}


class Shortage(NamedTuple):
    """A demand that the shelf cannot meet.

    Attributes
    ----------
    key
        Key of the order.
    stock, quantity
        Position of the stock, and units.
    severity
        Severity of the order.
    now
        The instant.
    """

    key: int
    stock: int
    quantity: int
    severity: int
    now: float


class Way(NamedTuple):
    """A way to get the units without waiting for the shelf.

    Attributes
    ----------
    kind
        What it is.
    ready
        When all units are there.
    source
        Position of the stock that gives them, -1 if they come from outside.
    extra
        Price beside that of the units at the price of the part.
    """

    kind: Kind
    ready: float
    source: int
    extra: float


def find_way(world: World, shelves: Shelves, period: int, shortage: Shortage) -> Way | None:
    """Return the first way that can be had and is sooner than waiting; None to wait.

    Parameters
    ----------
    world
        The compiled scenario.
    shelves
        What there is.
    period
        Position of the present period, whose policy holds.
    shortage
        The demand.
    """
    policy = world.periods[period].parts_policy
    waiting = max(shelves.quote(shortage.key, shortage.stock, shortage.quantity, shortage.now))
    for option in policy.on_stock_out:
        if option == "transfer":
            way = _transfer(world, shelves, period, shortage)
        else:
            way = _outside(world, period, option, shortage)
        if way is not None and way.ready < waiting:
            return way
    return None


def _transfer(world: World, shelves: Shelves, period: int, shortage: Shortage) -> Way | None:
    """Return a transfer from the depot of the pool that has most on its shelf, the first of several."""
    policy = world.periods[period].parts_policy
    counts = [(shelves.on_shelf(stock, shortage.now), stock) for stock in policy.siblings[shortage.stock]]
    most, source = max(counts, key=lambda count: count[0], default=(0, -1))
    if most < shortage.quantity:
        return None
    hours = quantile(policy.transfer_hours, draws.uniform(shortage.key, "transfer"))
    return Way(Kind.TRANSFER, shortage.now + float(hours), source, policy.cost_per_transfer)


def _outside(world: World, period: int, option: str, shortage: Shortage) -> Way | None:
    """Return units from outside, if the part and the severity admit it and they can be had."""
    compiled = world.periods[period]
    terms = compiled.parts_policy.outside[option]
    part = world.stocks[shortage.stock].part
    if part not in terms.parts or (terms.severities and shortage.severity not in terms.severities):
        return None
    if terms.share < 1.0 and draws.uniform(shortage.key, "availability") >= terms.share:
        return None
    hours = float(quantile(terms.hours, draws.uniform(shortage.key, option)))
    price = float(compiled.unit_costs[part])
    extra = (terms.price_factor - 1.0) * shortage.quantity * price + terms.fee
    return Way(_KINDS[option], shortage.now + hours, -1, extra)

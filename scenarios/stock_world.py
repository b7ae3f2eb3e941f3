"""Spare parts in the compiled scenario: stocks with their levels and sources, and what helps a stock-out.

Names have become positions. `World` holds the stocks, each period its policy; both are made in
`stock_compiling`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from scenarios.fields import Distribution


@dataclass(frozen=True)
class StockSpec:
    """The stock of a part at a centre's depot or in a van, by period.

    Parameters
    ----------
    centre, part
        Positions; of a van, the centre of its engineer.
    base_stock
        Units on hand plus on order, less those owed, after an order.
    lead_hours
        From order to shelf, or from its source's shelf to its own.
    reorder_point
        Units on hand plus on order, less those owed, at which it orders: one less than `base_stock` where
        each unit used is ordered again at once.
    source
        Position of the stock that replenishes it, -1 for the first supplier.
    van
        Name of the engineer in whose van it is, empty for a depot.
    """

    centre: int
    part: int
    base_stock: tuple[int, ...]
    lead_hours: tuple[Distribution, ...]
    reorder_point: tuple[int, ...]
    source: tuple[int, ...]
    van: str = ""


@dataclass(frozen=True)
class OutsideSpec:
    """Units that come from outside other than from the first supplier in the ordinary way.

    Parameters
    ----------
    hours
        From order to depot.
    price_factor, fee
        Price over the part's own, and price of each order beside it.
    share
        Chance that it can be had.
    parts
        Positions of the parts for which it can.
    severities
        Positions of the severities for which it can; empty for all.
    """

    hours: Distribution
    price_factor: float
    fee: float
    share: float
    parts: frozenset[int]
    severities: frozenset[int]


@dataclass(frozen=True)
class PartsPolicySpec:
    """How spare parts are managed in one period.

    Parameters
    ----------
    diagnose
        Whether somebody goes before the part is there.
    diagnosis_share
        Share of the work that is done without the part then.
    on_stock_out
        What is tried when a shelf is empty, in order: `transfer` and keys of `outside`.
    siblings
        By stock, the positions of the depots' stocks of the same part in its pools.
    transfer_hours, cost_per_transfer
        Of a transfer within a pool.
    outside
        Second supplier, refurbished parts and rush orders, those that there are.
    holding_share
        Cost of holding a unit for a year over its price.
    """

    diagnose: bool
    diagnosis_share: float
    on_stock_out: tuple[str, ...]
    siblings: tuple[tuple[int, ...], ...]
    transfer_hours: Distribution
    cost_per_transfer: float
    outside: Mapping[str, OutsideSpec]
    holding_share: float

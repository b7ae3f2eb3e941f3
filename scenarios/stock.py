"""Schema sections for spare parts: what a depot holds, who replenishes it, and what helps when it is out.

What the sections mean together is checked in `stock_checks`; how units move is left to the simulation.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from scenarios.fields import Distribution, Duration, Money, Name, Names, Section, Severities, money, quantity

#: What may be tried when a shelf is empty, in the order in which it is by default.
StockOutOption = Literal["transfer", "second_supplier", "refurbished", "rush", "wait"]
STOCK_OUT_OPTIONS: tuple[StockOutOption, ...] = (
    "transfer",
    "second_supplier",
    "refurbished",
    "rush",
    "wait",
)


class Stock(Section):
    """What a depot holds of one part, under exactly one policy.

    `base_stock` orders each unit used again at once. `reorder_point` and `order_up_to` order all that is
    missing once no more than the reorder point is on hand and on order. `target_fill_rate` is base stock of
    the size that the expected demand asks for.
    """

    base_stock: int | None = Field(
        None, strict=True, description="Units on hand plus on order", ge=0, le=100_000
    )
    reorder_point: int | None = Field(
        None, strict=True, description="Units on hand plus on order at which it orders", ge=0, le=100_000
    )
    order_up_to: int | None = Field(
        None, strict=True, description="Units on hand plus on order after an order", ge=1, le=100_000
    )
    target_fill_rate: float | None = quantity(
        None,
        unit="1",
        description="Share of demands to be met from the shelf; the base stock follows from the demand that "
        "the first period leads to expect",
        gt=0,
        lt=1,
    )
    source: Name | None = Field(
        None,
        alias="from",
        description="Centre whose depot replenishes it; the first supplier, who always has it, when absent",
    )
    lead_hours: Duration = Field(
        description="From order to shelf; with `from`, transport from that depot once it has the unit"
    )


class SecondSupplier(Section):
    """Another supplier of parts, for orders that find the shelf empty and while the first is out."""

    lead_hours: Duration = Field(description="From order to depot")
    price_factor: float = quantity(unit="1", description="Its price over the part's own", ge=0, le=100)
    parts: Names = Field((), description="Only these parts; all when absent")


class Refurbished(Section):
    """Used parts, made good, that may stand in for new ones when the shelf is empty."""

    hours: Duration = Field(description="Until it is at the depot")
    price_factor: float = quantity(unit="1", description="Its price over the part's own", ge=0, le=100)
    share_available: float = quantity(
        1.0, unit="1", description="Chance that one can be had when asked for", ge=0, le=1
    )
    parts: Names = Field((), description="Only these parts; all when absent")


class RushOrder(Section):
    """An order at the first supplier's for which a higher price buys speed."""

    lead_hours: Duration = Field(description="From order to depot")
    price_per_order: Money = money(description="Price beside that of the part", unit="currency/order")
    severities: Severities = Field((), description="Only for these severities; for all when absent")
    parts: Names = Field((), description="Only these parts; all when absent")


class PartsPolicy(Section):
    """How spare parts are managed all over the network."""

    before_visit: Literal["wait", "diagnose"] = Field(
        "wait",
        description="wait: an order that needs a part is given out once the part is there; diagnose: "
        "somebody goes first, takes the part from his van if it is there, and comes again with it if not",
    )
    diagnosis_share: float = quantity(
        0.3,
        unit="1",
        description="For diagnose: share of the work that a visit does which finds that the part is missing",
        ge=0,
        lt=1,
    )
    on_stock_out: tuple[StockOutOption, ...] = Field(
        STOCK_OUT_OPTIONS,
        description="What is tried when the shelf is empty: the first that is there earlier than by waiting",
    )
    pools: dict[Name, Names] = Field(
        default_factory=dict, description="Groups of centres whose depots help each other out"
    )
    transfer_hours: Duration = Field(
        default_factory=lambda: Distribution(distribution="constant", mean=48.0),
        description="From one depot of a pool to another",
    )
    cost_per_transfer: Money = money(description="Price of a transfer", unit="currency/transfer")
    second_supplier: SecondSupplier | None = Field(None, description="Second supplier; none when absent")
    refurbished: Refurbished | None = Field(None, description="Refurbished parts; none when absent")
    rush: RushOrder | None = Field(None, description="Rush orders; none when absent")
    restock_hours: Duration = Field(
        default_factory=lambda: Distribution(distribution="constant", mean=24.0),
        description="From the depot to a van, once the depot has the unit",
    )
    holding_share_per_year: float = quantity(
        0.0, unit="1/year", description="Cost of holding a unit for a year over its price", ge=0, le=10
    )

"""Flips of spare parts: depots and vans, ways out of a stock-out, prices."""

from __future__ import annotations

from typing import Any

from flips import flips
from stocked_worlds import depots_document
from worlds import Document

_BOARD = "centres.a.depot.board"


def depots() -> Document:
    """Return two depots that are asked often."""
    stock = {"base_stock": 1, "lead_hours": 300}
    document = depots_document({"a": stock, "b": {**stock, "base_stock": 3}}, {}, days=80.0)
    document["parts"]["lens"] = {"unit_cost": 1.0}
    document["device_types"]["fault"]["failures_per_year"] = 80
    return document


def vans() -> Document:
    """Return one engineer who is often sent, and carries a board."""
    document = depots_document({"a": {"base_stock": 1, "lead_hours": 200}}, {}, days=60.0)
    document["device_types"]["fault"]["failures_per_year"] = 150
    document["fault_types"]["fault"]["work_hours"] = 2.0
    document["centres"]["a"]["engineers"]["crew"] |= {"count": 1, "van": {"board": 1}}
    return document


def _of_way(name: str, terms: dict[str, Any], *rows: tuple[str, Any, str]) -> list[Any]:
    """Return the flips of one way out of a stock-out, which is in use."""
    key = f"parts_policy.{name}"
    keyed = [(f"{key}.{last}", value, f"stock_moves.{shown}") for last, value, shown in rows]
    return flips(depots, *keyed, given={key: terms})


PARTS = [
    *flips(
        depots,
        (f"{_BOARD}.base_stock", 0, "stock_moves.available_at"),
        (f"{_BOARD}.lead_hours", 500, "stock_moves.available_at"),
        (f"{_BOARD}.from", "b", "stock_moves.replenished_at"),
        ("parts_policy.pools.all", ["a", "b"], "stock_moves.source"),
        ("parts_policy.holding_share_per_year", 0.2, "stock_moves.cost_parts"),
        ("parts.board.unit_cost", 20.0, "stock_moves.cost_parts"),
        ("fault_types.fault.part.part", "lens", "work_orders.parts"),
        ("fault_types.fault.part.probability", 0.5, "work_orders.parts"),
        ("fault_types.fault.part.quantity", 2, "stock_moves.quantity"),
        ("sites.at-a.centre", "b", "stock_moves.centre"),
        given={
            "centres.b.depot.lens": {"base_stock": 9, "lead_hours": 9},
            "centres.b.serves.sites": ["at-a", "at-b"],
            "centres.a.depot.lens": {"base_stock": 9, "lead_hours": 9},
        },
    ),
    *flips(
        depots,
        (f"{_BOARD}.target_fill_rate", 0.999, "stock_moves.on_shelf"),
        given={_BOARD: {"target_fill_rate": 0.2, "lead_hours": 300}},
    ),
    *flips(
        depots,
        (f"{_BOARD}.reorder_point", 1, "stock_moves.replenished_at"),
        (f"{_BOARD}.order_up_to", 5, "stock_moves.replenished_at"),
        given={_BOARD: {"reorder_point": 0, "order_up_to": 2, "lead_hours": 300}},
    ),
    *flips(
        depots,
        ("parts_policy.on_stock_out", ["wait"], "stock_moves.kind"),
        ("parts_policy.transfer_hours", 11, "stock_moves.available_at"),
        ("parts_policy.cost_per_transfer", 11, "stock_moves.cost_parts"),
        given={"parts_policy.pools.all": ["a", "b"]},
    ),
    *_of_way(
        "second_supplier",
        {"lead_hours": 2, "price_factor": 1.5},
        ("lead_hours", 3, "available_at"),
        ("price_factor", 2, "cost_parts"),
        ("parts", ["lens"], "kind"),
    ),
    *_of_way(
        "refurbished",
        {"hours": 20, "price_factor": 0.5},
        ("hours", 21, "available_at"),
        ("price_factor", 0.7, "cost_parts"),
        ("share_available", 0.3, "kind"),
        ("parts", ["lens"], "kind"),
    ),
    *_of_way(
        "rush",
        {"lead_hours": 10, "price_per_order": 50},
        ("lead_hours", 1, "available_at"),
        ("price_per_order", 90, "cost_parts"),
        ("parts", ["lens"], "kind"),
        ("severities", ["minor"], "kind"),
    ),
    *flips(
        vans,
        ("centres.a.engineers.crew.van.board", 5, "stock_moves.kind"),
        ("parts_policy.restock_hours", 2, "stock_moves.replenished_at"),
        ("parts_policy.before_visit", "diagnose", "stock_moves.demanded_at"),
    ),
    *flips(
        vans,
        ("parts_policy.diagnosis_share", 0.9, "visits.work_hours"),
        given={"parts_policy.before_visit": "diagnose"},
    ),
]

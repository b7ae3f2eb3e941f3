"""The table of stock moves of the ways that parts take, and the figures that are made of it, by hand."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest
from by_hand import rows
from hypothesis import given
from hypothesis import strategies as st
from stocked_worlds import Asked, depots_document
from worlds import Document, run

from insight.figures import Window, group_figures, network_figures
from insight.kpis import kpi_values
from sim.model import Model
from sim.records import tables_of
from sim.replicate import _mean_stock, facts_of
from sim.stock_records import part_waits


def figures(model: Model, warm_up: float = 0.0) -> Any:
    """Return the KPIs of a finished replication."""
    window = Window(warm_up, model.world.horizon)
    facts = facts_of(model.world, window, _mean_stock(model.world, model))
    return kpi_values(tables_of(model, 0), window, facts)


def chain() -> Document:
    """Return a local depot that a region replenishes, with failures at the local one's site alone."""
    document = depots_document(
        {
            "local": {"base_stock": 1, "lead_hours": 10, "from": "region"},
            "region": {"base_stock": 2, "lead_hours": 100},
        }
    )
    document["centres"]["region"].pop("serves")
    document["sites"].pop("at-region")
    return document


def test_replenishments_count_neither_as_demands_nor_as_costs() -> None:
    """Fill rate, cost and turns are those of what orders asked for, whoever replenished the shelf."""
    model = run(chain(), (1.0, "at-local", "fault"), (2.0, "at-local", "fault"))
    kinds = [row["kind"] for row in rows(tables_of(model, 0)["stock_moves"])]
    assert kinds == ["depot", "depot", "replenishment", "replenishment"]
    found = network_figures(figures(model))
    assert found["fill_rate"] == 0.5
    assert found["cost_parts"] == 20.0
    # Each shelf holds its level but for the hours that its units are under way.
    local, region = 1.0 - 11.0 / 2400, 2.0 - 200.0 / 2400
    assert found["inventory_turns"] == pytest.approx(2 * 8760 / 2400 / (local + region))


def test_moves_name_who_asks_and_who_gives() -> None:
    """A replenishment stands at the depot that is filled, under the order that caused it."""
    model = run(chain(), (1.0, "at-local", "fault"))
    demand, refill = rows(tables_of(model, 0)["stock_moves"])
    assert demand["work_order"] == refill["work_order"]
    assert (demand["centre"], demand["source"]) == ("local", "local")
    assert (refill["centre"], refill["source"]) == ("local", "region")
    assert demand["replenished_at"] == refill["available_at"] == 11.0
    assert refill["replenished_at"] == 101.0


def held(share: float = 0.365, **sections: Any) -> Document:
    """Return a depot of one unit worth 1000, held for a share of its price a year, 60 days from 5 January."""
    policy = {"holding_share_per_year": share}
    return depots_document(
        {"a": {"base_stock": 1, "lead_hours": 24}}, policy, price=1000.0, days=60.0, **sections
    )


def holding(model: Model) -> list[tuple[float, float]]:
    """Return (day, cost) of each row of holding."""
    table = rows(tables_of(model, 0)["stock_moves"])
    return [
        (row["demanded_at"] / 24.0, pytest.approx(row["cost_parts"]))
        for row in table
        if row["kind"] == "holding"
    ]


def test_holding_costs_by_month() -> None:
    """A unit costs 1 a day of 1000 x 0.365 / 365, a month at a time, less the day that it was away."""
    model = run(held(), (240.0, "at-a", "fault"))
    assert holding(model) == [(0.0, 26.0), (27.0, 28.0), (55.0, 5.0)]
    rest = [r for r in rows(tables_of(model, 0)["stock_moves"]) if r["kind"] == "holding"]
    assert {(r["work_order"], r["quantity"], r["on_shelf"], r["part"]) for r in rest} == {
        (None, 0, False, "board")
    }


def test_holding_is_cut_at_changes_and_at_the_end_of_the_warm_up() -> None:
    """A price holds from its date on, and what is held before the warm-up ends is left out of the figures."""
    changes = [{"from": date(2026, 1, 15), "set": {"parts.board.unit_cost": 2000.0}}]
    model = run(held(changes=changes, warm_up={"method": "fixed", "days": 2}))
    assert holding(model) == [(0.0, 2.0), (2.0, 8.0), (10.0, 34.0), (27.0, 56.0), (55.0, 10.0)]
    found = figures(model, warm_up=48.0)
    assert network_figures(found)["cost_parts"] == pytest.approx(108.0)
    assert group_figures(found, "month", "2026-01")["cost_parts"] == pytest.approx(42.0)
    assert group_figures(found, "centre", "a")["cost_parts"] == pytest.approx(108.0)


def test_without_a_price_of_holding_there_are_no_rows_of_it() -> None:
    """By default holding costs nothing, and the table has one row for each demand."""
    model = run(held(0.0), (240.0, "at-a", "fault"))
    assert [row["kind"] for row in rows(tables_of(model, 0)["stock_moves"])] == ["depot"]


@given(
    asked=st.lists(st.tuples(st.floats(0.0, 30.0), st.integers(1, 3)), max_size=15), up_to=st.integers(1, 5)
)
def test_what_is_held_adds_up_to_the_mean_on_the_shelf(asked: list[tuple[float, int]], up_to: int) -> None:
    """The cost of holding over all rows is that of the mean stock over the whole replication."""
    stock = {"reorder_point": 0, "order_up_to": up_to, "lead_hours": 33.0}
    document = depots_document({"a": stock}, {"holding_share_per_year": 0.25}, price=8.0, days=60.0)
    fast, now = Asked(document), 0.0
    for gap, quantity in asked:
        now += gap
        fast.ask(now, "a", quantity)
    cost = sum(move["cost_parts"] for move in fast.moves() if move["kind"] == "holding")
    (mean,) = fast.depots.mean_on_shelf()
    assert cost == pytest.approx(mean * 8.0 * 0.25 * 60.0 / 365.0)


def test_the_columns_are_numbers_of_the_run() -> None:
    """Without any demand the table is empty and keeps its columns."""
    table = tables_of(run(chain()), 0)["stock_moves"]
    assert len(np.asarray(table["quantity"])) == 0
    assert {"kind", "source"} <= table.keys()


def test_waits_for_parts_add_up_by_order() -> None:
    """An order that asks twice waits for both; what is asked for after a given instant may be left out."""
    fast = Asked(depots_document({"a": {"base_stock": 1, "lead_hours": 10}}, days=2.0))
    stock = fast.stock("a")
    for row, now in ((0, 1.0), (1, 2.0), (0, 20.0), (0, 21.0), (2, 45.0), (2, 46.0)):
        fast.depots.demand(row, row, stock, 1, now)
    assert part_waits(fast.depots, 4, 48.0).tolist() == [9.0, 9.0, 2.0, 0.0]
    before = np.array([20.0, 2.0, 0.0, 0.0])
    assert part_waits(fast.depots, 4, 48.0, before).tolist() == [0.0, 9.0, 0.0, 0.0]

"""Base stock and (s, S), from suppliers and from other depots, against shelves followed event by event."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from physical_depots import PhysicalDepots, Terms
from stocked_worlds import Asked, depots_document
from worlds import simulate

LEADS = (0.0, 1.0, 3.5, 24.0)


@st.composite
def networks(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Draw up to five depots, each replenished by a supplier or by one drawn before it."""
    found: list[dict[str, Any]] = []
    for number in range(draw(st.integers(1, 5))):
        stock: dict[str, Any] = {"lead_hours": draw(st.sampled_from(LEADS))}
        if draw(st.booleans()):
            stock["base_stock"] = draw(st.integers(0, 4))
        else:
            stock["reorder_point"] = draw(st.integers(0, 3))
            stock["order_up_to"] = stock["reorder_point"] + draw(st.integers(1, 4))
        if number and draw(st.integers(0, 3)):
            stock["from"] = f"c{draw(st.integers(0, number - 1))}"
        found.append(stock)
    return found


def terms(stock: dict[str, Any]) -> Terms:
    """Return the policy of a stock as the slow depots take it."""
    level = stock.get("order_up_to", stock.get("base_stock", 0))
    source = int(stock["from"][1:]) if "from" in stock else -1
    return Terms(stock.get("reorder_point", level - 1), level, stock["lead_hours"], source)


demands = st.lists(
    st.tuples(st.sampled_from((0.0, 0.25, 1.0, 5.0)), st.integers(0, 4), st.integers(1, 4)), max_size=25
)


@given(stocks=networks(), asked=demands)
def test_depots_do_as_shelves_with_queues_do(
    stocks: list[dict[str, Any]], asked: list[tuple[float, int, int]]
) -> None:
    """Whatever the policies and sources, units come and lie on shelves as in a plain simulation.

    That simulation holds at every event that stock on hand and on order, less what is owed, lies above the
    reorder point and not above the level, and that nobody waits while a unit is on hand.
    """
    slow = PhysicalDepots([terms(stock) for stock in stocks])
    fast = Asked(depots_document({f"c{i}": stock for i, stock in enumerate(stocks)}))
    at, expected, found = 0.0, [], []
    for gap, depot, quantity in asked:
        at += gap
        expected.append(slow.ask(at, depot % len(stocks), quantity))
        found.append(fast.ask(at, f"c{depot % len(stocks)}", quantity))
    horizon = fast.world.horizon
    slow.advance(horizon)
    assert found == pytest.approx([ready for (ready,) in expected])
    mean = [hours / horizon for hours in slow.unit_hours]
    assert fast.depots.mean_on_shelf() == pytest.approx(mean)


@given(stocks=networks(), asked=demands, spread=st.sampled_from((0.5, 1.5)))
def test_no_unit_is_lost_or_made_whatever_the_lead_times(
    stocks: list[dict[str, Any]], asked: list[tuple[float, int, int]], spread: float
) -> None:
    """With random lead times, too, units not promised stay above the reorder point and within the level."""
    for stock in stocks:
        stock["lead_hours"] = {"distribution": "gamma", "mean": stock["lead_hours"] + 1.0, "cv": spread}
    fast = Asked(depots_document({f"c{i}": stock for i, stock in enumerate(stocks)}))
    shelves = fast.depots._shelves
    at = 0.0
    for gap, depot, quantity in asked:
        at += gap
        before = fast.depots.peek(fast.stock(f"c{depot % len(stocks)}"), quantity, at)
        ready = fast.ask(at, f"c{depot % len(stocks)}", quantity)
        assert (ready == at) >= before
        for spec, units in zip(fast.world.stocks, shelves.units, strict=True):
            assert spec.reorder_point[0] < len(units) <= spec.base_stock[0]


def test_an_order_is_placed_when_the_position_falls_to_the_reorder_point() -> None:
    """With (1, 3) nothing is ordered at 2; at 1 two are, and a third demand takes the last on the shelf."""
    fast = Asked(depots_document({"a": {"reorder_point": 1, "order_up_to": 3, "lead_hours": 10}}))
    assert [fast.ask(at, "a") for at in (0.0, 1.0, 2.0, 3.0, 4.0, 20.0)] == [0.0, 1.0, 2.0, 11.0, 11.0, 20.0]
    replenished = [move["replenished_at"] for move in fast.moves()]
    np.testing.assert_array_equal(replenished, [np.nan, 11.0, np.nan, 13.0, np.nan, 30.0])


def test_one_less_than_the_level_is_base_stock() -> None:
    """(S - 1, S) orders each unit again at once: the same instants as base stock S."""
    pair = {"reorder_point": 1, "order_up_to": 2, "lead_hours": 7}
    fast = Asked(depots_document({"a": pair, "b": {"base_stock": 2, "lead_hours": 7}}))
    for at in (0.0, 1.0, 1.5, 9.0, 30.0):
        assert fast.ask(at, "a") == fast.ask(at, "b")


def test_a_local_depot_is_replenished_by_its_regional_one() -> None:
    """A unit used is sent from the region at once, or when it is there; then transport follows."""
    stocks = {
        "region": {"base_stock": 1, "lead_hours": 20},
        "local": {"base_stock": 1, "lead_hours": 3, "from": "region"},
    }
    fast = Asked(depots_document(stocks))
    # The region's only unit leaves at 1; the next is there at 21, then at 22, and so on.
    assert [fast.ask(at, "local") for at in (1.0, 2.0, 3.0)] == [1.0, 4.0, 24.0]
    assert fast.ask(4.0, "region") == 23.0
    refills = [move for move in fast.moves() if move["kind"] == "replenishment"]
    assert [(m["centre"], m["source"], m["available_at"], m["on_shelf"]) for m in refills] == [
        ("local", "region", 4.0, False),
        ("local", "region", 24.0, False),
        ("local", "region", 25.0, False),
    ]
    assert [m["replenished_at"] for m in refills] == [21.0, 22.0, 23.0]
    assert {m["cost_parts"] for m in refills} == {0.0}


def test_depots_are_served_in_order_of_demand() -> None:
    """Two local depots and the region's own orders share its units first come, first served."""
    stocks = {
        "region": {"base_stock": 1, "lead_hours": 10},
        "near": {"base_stock": 0, "lead_hours": 1, "from": "region"},
        "far": {"base_stock": 0, "lead_hours": 5, "from": "region"},
    }
    fast = Asked(depots_document(stocks))
    found = [fast.ask(0.0, "far"), fast.ask(1.0, "near"), fast.ask(2.0, "region"), fast.ask(3.0, "near")]
    assert found == [5.0, 11.0, 11.0, 13.0]


def test_an_outage_holds_orders_at_the_supplier_until_it_ends() -> None:
    """What is ordered in an outage leaves at its end; before and after, lead times are as ever."""
    stock = {"base_stock": 0, "lead_hours": 4}
    fast = Asked(depots_document({"a": stock}), [(30.0, 40.0), (10.0, 20.0), (20.0, 25.0)])
    asked = (9.0, 10.0, 24.0, 25.0, 39.5, 40.0)
    assert [fast.ask(at, "a") for at in asked] == [13.0, 29.0, 29.0, 29.0, 44.0, 44.0]


def test_an_outage_reaches_depots_only_through_their_sources() -> None:
    """A region that has the part sends it in an outage, too; its own orders are what is late."""
    stocks = {
        "region": {"base_stock": 1, "lead_hours": 4},
        "local": {"base_stock": 0, "lead_hours": 1, "from": "region"},
    }
    fast = Asked(depots_document(stocks), [(0.0, 100.0)])
    assert [fast.ask(at, "local") for at in (1.0, 2.0)] == [2.0, 105.0]


def test_a_second_supplier_replenishes_while_the_first_is_out() -> None:
    """In an outage the second supplier is asked if he is sooner, at his price; otherwise the first is."""
    second = {"lead_hours": 30, "price_factor": 1.5}
    policy = {"second_supplier": second, "on_stock_out": ["wait"]}
    stock = {"base_stock": 0, "lead_hours": 4}
    fast = Asked(depots_document({"a": stock}, policy), [(10.0, 100.0)])
    assert [fast.ask(at, "a", 2) for at in (5.0, 20.0, 90.0)] == [9.0, 50.0, 104.0]
    assert [move["cost_parts"] for move in fast.moves()] == [20.0, 30.0, 20.0]


def test_lead_times_of_a_chain_are_drawn_apart() -> None:
    """Transport to the local depot and the region's own lead time are different draws of one order."""
    lead = {"distribution": "uniform", "low": 0, "high": 100}
    stocks = {
        "region": {"base_stock": 0, "lead_hours": lead},
        "local": {"base_stock": 0, "lead_hours": lead, "from": "region"},
    }
    chain, alone = Asked(depots_document(stocks)), Asked(depots_document(stocks))
    first = alone.ask(0.0, "region", key=77)
    both = chain.ask(0.0, "local", key=77)
    assert both != pytest.approx(2 * first)
    assert 0.0 < both < 200.0


def test_a_level_that_rises_is_filled_at_once_and_one_that_falls_used_up() -> None:
    """A dated change of (s, S) acts from its hour: more units are there, a surplus is not ordered again."""
    document = depots_document(
        {"a": {"reorder_point": 0, "order_up_to": 1, "lead_hours": 50}},
        changes=[
            {"from": date(2026, 1, 6), "set": {"centres.a.depot.board.order_up_to": 3}},
            {"from": date(2026, 1, 7), "set": {"centres.a.depot.board.order_up_to": 1}},
        ],
    )
    fast = Asked(document)
    assert fast.ask(1.0, "a") == 1.0
    fast.depots.begin_period(1, 24.0)
    assert fast.ask(25.0, "a") == 25.0
    fast.depots.begin_period(2, 48.0)
    assert [fast.ask(at, "a") for at in (49.0, 52.0, 60.0)] == [49.0, 52.0, 102.0]
    replenished = [move["replenished_at"] for move in fast.moves()]
    np.testing.assert_array_equal(replenished, [51.0, np.nan, np.nan, 102.0, 110.0])


def test_a_shelf_of_its_own_shortens_the_wait_for_parts() -> None:
    """Under common random numbers, a regional depot behind a local one halves the mean wait for a part."""
    far = {"distribution": "gamma", "mean": 200, "cv": 0.5}
    alone = depots_document({"local": {"base_stock": 1, "lead_hours": far}}, days=60.0)
    backed = depots_document(
        {
            "local": {"base_stock": 1, "lead_hours": 10, "from": "region"},
            "region": {"base_stock": 6, "lead_hours": far},
        },
        days=60.0,
    )
    for document in (alone, backed):
        document["device_types"]["fault"]["failures_per_year"] = 200
    backed["sites"].pop("at-region")
    backed["centres"]["region"].pop("serves")
    waits = []
    for document in (alone, backed):
        model = simulate(document)
        waits.append(np.mean(np.array(model.depots.available) - np.array(model.depots.demanded)))
        asked = list(model.depots.demanded)
    assert len(asked) > 10
    assert waits[1] < waits[0] / 2

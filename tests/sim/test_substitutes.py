"""Ways out of a stock-out: which is taken, when the part is there, what it costs, and what is left behind."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from stocked_worlds import Asked, depots_document
from worlds import simulate

from scenarios.stock import STOCK_OUT_OPTIONS

EMPTY = {"base_stock": 0, "lead_hours": 100}
SECOND = {"lead_hours": 40, "price_factor": 1.2}
USED = {"hours": 30, "price_factor": 0.5}
RUSH = {"lead_hours": 20, "price_per_order": 25.0}
POOL = {"pools": {"south": ["a", "b", "c"]}, "transfer_hours": 12, "cost_per_transfer": 7.0}
PAIR = {**POOL, "pools": {"south": ["a", "b"]}}
Row = dict[str, Any]


def met(fast: Asked) -> list[tuple[str, float, float]]:
    """Return (kind, hours until all units are there, cost) of each demand of an order."""
    return [
        (move["kind"], move["available_at"] - move["demanded_at"], move["cost_parts"])
        for move in fast.moves()
        if move["kind"] not in ("replenishment", "holding")
    ]


def one(policy: Row, severity: int = 1, depots: Row | None = None, quantity: int = 1) -> Any:
    """Return how a demand at the empty depot `a` is met at hour 5."""
    fast = Asked(depots_document(depots or {"a": EMPTY}, policy))
    fast.ask(5.0, "a", quantity, severity)
    return met(fast)[0]


def test_without_other_ways_an_order_waits() -> None:
    """By default nothing helps: a stock-out waits for the supplier."""
    assert one({}) == ("depot", 100.0, 10.0)


@pytest.mark.parametrize(
    ("policy", "kind", "hours", "cost"),
    [
        ({"second_supplier": SECOND}, "second_supplier", 40.0, 24.0),
        ({"refurbished": USED}, "refurbished", 30.0, 10.0),
        ({"rush": RUSH}, "rush", 20.0, 45.0),
    ],
)
def test_each_way_from_outside_has_its_hours_and_price(
    policy: Row, kind: str, hours: float, cost: float
) -> None:
    """Two units come after the hours of the way, at its factor on the price and its price of an order."""
    assert one(policy, quantity=2) == (kind, hours, cost)


def test_a_transfer_takes_its_hours_and_its_price() -> None:
    """A sibling that has the units sends them, once for the price of a transfer."""
    depots = {"a": EMPTY, "b": {"base_stock": 2, "lead_hours": 5}}
    assert one(PAIR, depots=depots, quantity=2) == ("transfer", 12.0, 27.0)


@given(order=st.permutations(STOCK_OUT_OPTIONS))
def test_the_first_of_the_list_that_can_be_had_wins(order: list[str]) -> None:
    """Whatever the order of the list, its first option is taken, and nothing that stands behind wait is."""
    policy = {**PAIR, "second_supplier": SECOND, "refurbished": USED, "rush": RUSH, "on_stock_out": order}
    depots = {"a": EMPTY, "b": {"base_stock": 2, "lead_hours": 5}}
    kind, hours, _ = one(policy, depots=depots)
    assert kind == ("depot" if order[0] == "wait" else order[0])
    assert hours == {"depot": 100, "transfer": 12, "second_supplier": 40, "refurbished": 30, "rush": 20}[kind]


def test_a_way_that_is_no_sooner_than_waiting_is_passed_over() -> None:
    """If the shelf is filled before the way is through, the next option is looked at, and else one waits."""
    depots = {"a": {"base_stock": 1, "lead_hours": 35}}
    policy = {"second_supplier": SECOND, "refurbished": USED}
    fast = Asked(depots_document(depots, policy))
    assert [fast.ask(at, "a") for at in (0.0, 1.0, 20.0)] == [0.0, 31.0, 35.0]
    assert [kind for kind, _, _ in met(fast)] == ["depot", "refurbished", "depot"]


def test_what_is_on_the_shelf_is_taken_before_all_else() -> None:
    """Nothing else is tried while the shelf has the units, however soon it would come."""
    policy = {**PAIR, "transfer_hours": 0, "rush": {"lead_hours": 0}}
    depots = {"a": {"base_stock": 1, "lead_hours": 9}, "b": {"base_stock": 1, "lead_hours": 9}}
    assert one(policy, depots=depots) == ("depot", 0.0, 10.0)


def test_a_part_from_elsewhere_is_not_from_the_shelf() -> None:
    """A transfer that takes no time is there at once, and still not counted as met from the shelf."""
    depots = {"a": EMPTY, "b": {"base_stock": 1, "lead_hours": 9}}
    fast = Asked(depots_document(depots, {**PAIR, "transfer_hours": 0}))
    assert fast.ask(3.0, "a") == 3.0
    (move,) = fast.moves()
    assert (move["kind"], move["centre"], move["source"], move["on_shelf"]) == ("transfer", "a", "b", False)


def test_siblings_give_only_what_is_on_their_shelf_now() -> None:
    """The fullest shelf gives, the first of equals; what is under way to a sibling is no help."""
    depots = {
        "a": EMPTY,
        "b": {"base_stock": 1, "lead_hours": 50},
        "c": {"base_stock": 2, "lead_hours": 50},
        "d": {"base_stock": 9, "lead_hours": 50},
    }
    fast = Asked(depots_document(depots, POOL))
    found = [fast.ask(at, "a") for at in (0.0, 1.0, 2.0, 3.0)]
    assert [move["source"] for move in fast.moves()] == ["c", "b", "c", "a"]
    assert found == [12.0, 13.0, 14.0, 103.0]
    # From hour 50 on the siblings have been replenished, one for one.
    assert fast.ask(50.0, "a") == 62.0
    assert fast.moves()[-1]["replenished_at"] == 100.0


def test_units_from_elsewhere_leave_the_depot_as_it_was() -> None:
    """A demand that is met from outside orders nothing at the depot, and takes nothing that is under way."""
    policy = {"rush": {**RUSH, "severities": ["emergency"]}}
    depots = {"a": {"base_stock": 1, "lead_hours": 60}}
    fast, calm = (Asked(depots_document(depots, policy)) for _ in range(2))
    for at, severity in ((0.0, 1), (5.0, 3), (6.0, 1)):
        fast.ask(at, "a", severity=severity, key=int(at))
        if severity == 1:
            calm.ask(at, "a", severity=severity, key=int(at))
    assert [m for m in fast.depots.available if m not in calm.depots.available] == [25.0]
    assert np.isnan(fast.moves()[1]["replenished_at"])


def test_rush_orders_are_for_the_severities_named() -> None:
    """Only an emergency is worth the price; a normal fault waits."""
    policy = {"rush": {**RUSH, "severities": ["emergency", "major"]}}
    assert [one(policy, severity)[0] for severity in range(4)] == ["depot", "depot", "rush", "rush"]


@pytest.mark.parametrize("section", ["second_supplier", "refurbished", "rush"])
def test_ways_may_be_for_some_parts_only(section: str) -> None:
    """A way that is for another part is no way for this one."""
    terms = {"second_supplier": SECOND, "refurbished": USED, "rush": RUSH}[section]
    document = depots_document({"a": EMPTY}, {section: {**terms, "parts": "lens"}})
    document["parts"]["lens"] = {"unit_cost": 1.0}
    fast = Asked(document)
    fast.ask(5.0, "a")
    assert met(fast)[0][0] == "depot"


def test_refurbished_parts_can_be_had_in_their_share_of_cases() -> None:
    """A share of 0.3 is met in about 3 of 10 stock-outs, for the same orders whatever else happens."""
    policy = {"refurbished": {**USED, "share_available": 0.3}}
    fast, other = (Asked(depots_document({"a": EMPTY}, policy)) for _ in range(2))
    for number in range(1000):
        fast.ask(float(number), "a", key=number * 7919)
    kinds = [kind for kind, _, _ in met(fast)]
    assert kinds.count("refurbished") == pytest.approx(300, abs=60)
    for number in (500, 900):
        other.ask(float(number), "a", key=number * 7919)
        assert met(other)[-1][0] == kinds[number]


def test_an_option_that_is_off_moves_no_draw() -> None:
    """Under common random numbers a pool whose siblings are empty leaves every instant as it was."""
    lead = {"distribution": "gamma", "mean": 30, "cv": 0.8}
    depots = {"a": {"base_stock": 1, "lead_hours": lead}, "b": {"base_stock": 0, "lead_hours": lead}}
    alone, pooled = (Asked(depots_document(depots, policy)) for policy in ({}, PAIR))
    at = [1.0, 2.0, 4.0, 30.0, 31.0, 80.0]
    assert [alone.ask(t, "a") for t in at] == [pooled.ask(t, "a") for t in at]


def test_sharing_stock_shortens_the_wait_and_costs_transfers() -> None:
    """Under common random numbers a pool lowers the mean wait for parts; dispatch in 12 h beats 48 h."""
    depots = {name: {"base_stock": 1, "lead_hours": 168} for name in ("a", "b", "c")}
    waits, costs = [], []
    for policy in ({}, {**POOL, "transfer_hours": 48}, POOL):
        document = depots_document(depots, policy, days=200.0)
        document["device_types"]["fault"]["failures_per_year"] = 50
        model = simulate(document)
        waits.append(np.mean(np.array(model.depots.available) - np.array(model.depots.demanded)))
        costs.append(sum(model.depots.demands.extra))
    assert waits[0] > waits[1] > waits[2]
    assert costs[0] == 0.0
    assert costs[2] > 0.0

"""Parts that engineers carry: what is in whose van, and how depots fill it again."""

from __future__ import annotations

import math
from datetime import date
from typing import Any

import pytest
from by_hand import rows
from hypothesis import given
from hypothesis import strategies as st
from stocked_worlds import Asked, depots_document
from worlds import simulate

from sim.records import tables_of


def carried(van: dict[str, int], base_stock: int = 2, **sections: Any) -> Asked:
    """Return a centre with two engineers who carry parts and one who does not, and 24 h to fill a van."""
    document = depots_document({"a": {"base_stock": base_stock, "lead_hours": 100}}, **sections)
    crew = document["centres"]["a"]["engineers"]["crew"]
    crew["count"] = 1
    document["centres"]["a"]["engineers"]["mobile"] = {**crew, "count": 2, "van": van}
    return Asked(document)


def engineer(asked: Asked, name: str) -> int:
    """Return the position of an engineer, in his first spell."""
    return next(i for i, e in enumerate(asked.world.engineers) if e.name == f"a:{name}")


def use(asked: Asked, now: float, name: str = "mobile:1", quantity: int = 1) -> None:
    """Take units from a van for a new order."""
    row = asked._next
    asked._next += 1
    asked.depots.take_from_van(row, 1000 + row, engineer(asked, name), 0, quantity, now)


def test_each_engineer_has_what_his_group_carries() -> None:
    """Of two alike each has his own units; others have none, and none has more than his own."""
    asked = carried({"board": 2})
    one, two, none = (engineer(asked, name) for name in ("mobile:1", "mobile:2", "crew:1"))
    use(asked, 1.0, quantity=2)
    assert not asked.depots.van_has(one, 0, 1, 1.0)
    assert asked.depots.van_has(two, 0, 2, 1.0)
    assert not asked.depots.van_has(two, 0, 3, 1.0)
    assert not asked.depots.van_has(none, 0, 1, 1.0)


def test_without_vans_nobody_has_anything() -> None:
    """Where no group carries parts, every van is empty."""
    asked = Asked(depots_document({"a": {"base_stock": 2, "lead_hours": 1}}))
    assert not asked.depots.van_has(0, 0, 1, 0.0)
    with pytest.raises(ValueError, match="van"):
        asked.depots.take_from_van(0, 1, 0, 0, 1, 0.0)


def test_a_unit_used_is_sent_by_the_depot() -> None:
    """The depot sends a unit at once if it has one, later if not; the way to the van takes its hours."""
    asked = carried({"board": 1}, base_stock=1)
    use(asked, 1.0)
    use(asked, 2.0, "mobile:2")
    one, two = engineer(asked, "mobile:1"), engineer(asked, "mobile:2")
    assert [asked.depots.van_has(one, 0, 1, at) for at in (24.9, 25.0)] == [False, True]
    # The depot's own next unit, ordered at 1, is there at 101.
    assert [asked.depots.van_has(two, 0, 1, at) for at in (124.9, 125.0)] == [False, True]
    assert not asked.depots.peek(asked.stock("a"), 1, 101.0)
    assert asked.depots.peek(asked.stock("a"), 1, 102.0)


def test_a_part_from_the_van_is_a_demand_met_at_once() -> None:
    """Its row says so, and at what price; the row beside it tells what the depot sends."""
    asked = carried({"board": 1}, base_stock=1)
    use(asked, 1.0)
    met, sent = asked.moves()
    assert (met["kind"], met["on_shelf"], met["available_at"], met["cost_parts"]) == ("van", True, 1.0, 10.0)
    assert (met["centre"], met["source"], met["replenished_at"]) == ("a", "a", 25.0)
    assert (sent["kind"], sent["work_order"], sent["cost_parts"]) == ("replenishment", "order:0", 0.0)
    assert (sent["available_at"], sent["replenished_at"]) == (25.0, 101.0)


def test_peek_tells_what_a_demand_would_find() -> None:
    """Units on the shelf are seen before anybody asks, and asking for them waits for nothing."""
    asked = carried({"board": 1}, base_stock=2)
    stock = asked.stock("a")
    assert [asked.depots.peek(stock, quantity, 5.0) for quantity in (1, 2, 3)] == [True, True, False]
    assert asked.ask(5.0, "a", 2) == 5.0
    assert not asked.depots.peek(stock, 1, 5.0)


@given(at=st.lists(st.tuples(st.sampled_from((0.5, 3.0, 30.0)), st.integers(1, 3)), max_size=20))
def test_vans_and_depot_hold_what_they_should(at: list[tuple[float, int]]) -> None:
    """What is in a van or on its way there is what its engineer should carry, whatever has been used."""
    asked = carried({"board": 3}, base_stock=4)
    position = engineer(asked, "mobile:1")
    now = 0.0
    for gap, quantity in at:
        now += gap
        if asked.depots.van_has(position, 0, quantity, now):
            use(asked, now, quantity=quantity)
        else:
            asked.ask(now, "a", quantity)
        for spec, units in zip(asked.world.stocks, asked.depots._shelves.units, strict=True):
            assert len(units) == spec.base_stock[0]


def test_a_van_comes_with_its_engineer_and_goes_back_to_the_depot() -> None:
    """Who is hired has a full van from that hour on; when he leaves, its units are the depot's surplus."""
    key = "centres.a.engineers.mobile.count"
    changes = [
        {"from": date(2026, 1, 6), "set": {key: 3}},
        {"from": date(2026, 1, 7), "set": {key: 1}},
    ]
    asked = carried({"board": 2}, base_stock=1, changes=changes)
    third = engineer(asked, "mobile:3")
    assert not asked.depots.van_has(third, 0, 1, 10.0)
    asked.depots.begin_period(1, 24.0)
    assert asked.depots.van_has(third, 0, 2, 24.0)
    use(asked, 30.0, "mobile:3")
    asked.depots.begin_period(2, 48.0)
    assert not asked.depots.van_has(third, 0, 1, 48.0)
    # Two come from the second van and one from the third; its other unit is under way to it until 54.
    stock = asked.stock("a")
    assert asked.depots.peek(stock, 3, 48.0)
    assert not asked.depots.peek(stock, 4, 48.0)
    assert asked.depots.peek(stock, 4, 54.0)
    assert asked.ask(60.0, "a", 3) == 60.0
    assert math.isnan(asked.moves()[1]["replenished_at"]), "the surplus is not ordered again"


def test_a_van_s_units_count_as_its_centre_s_stock() -> None:
    """The mean on the shelf of a van is given beside those of depots, under its engineer's centre."""
    asked = carried({"board": 3})
    assert [(spec.van, spec.centre) for spec in asked.world.stocks] == [
        ("", 0),
        ("a:mobile:1", 0),
        ("a:mobile:2", 0),
    ]
    assert asked.depots.mean_on_shelf() == [2.0, 3.0, 3.0]


def test_vans_shorten_the_wait_for_parts() -> None:
    """Under common random numbers, orders wait less for parts where engineers carry some."""
    waits = []
    for van in ({}, {"board": 2}):
        document = depots_document({"a": {"base_stock": 1, "lead_hours": 200}}, days=60.0)
        document["device_types"]["fault"]["failures_per_year"] = 150
        document["centres"]["a"]["engineers"]["crew"] |= {"count": 2, "van": van}
        orders = rows(tables_of(simulate(document), 0)["work_orders"])
        waits.append(sum(order["wait_part"] for order in orders))
    assert waits[1] < 0.9 * waits[0]

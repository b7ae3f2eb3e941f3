"""Base stocks for a target fill rate, from the demand that a scenario leads to expect."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich_document import rich

from scenarios import from_document
from scenarios.compiling import compile_world
from scenarios.stock_levels import fill_rate, on_order, owed_units, smallest_stock
from scenarios.stock_world import StockSpec


def network(
    depots: dict[str, dict[str, Any]], failures_per_year: float = 8760.0, **sections: Any
) -> dict[str, Any]:
    """Return a site with one device for each depot, every failure of which takes a unit of one part."""
    base = rich()
    document = {key: base[key] for key in ("name", "start", "skills", "countries", "cities", "calendars")}
    engineers = {"crew": {"count": 1, "level": "junior", "skills": ["camera"], "shift": "always"}}
    return {
        **document,
        "days": 60,
        "customer_tiers": {"all": {}},
        "customers": {"owner": {"name": "Owner", "tier": "all"}},
        "parts": {"lens": {}},
        "fault_types": {
            "fault": {"severity": "normal", "skill": "camera", "work_hours": 1, "part": {"part": "lens"}}
        },
        "device_types": {"unit": {"failures_per_year": failures_per_year, "faults": {"fault": 1}}},
        "sites": {
            f"at-{key}": {"city": "penang", "customer": "owner", "devices": {"unit": 1}, "centre": key}
            for key in depots
        },
        "centres": {
            key: {
                "level": "local",
                "city": "penang",
                "serves": {"sites": [f"at-{key}"]},
                "engineers": engineers,
                "depot": {"lens": stock},
            }
            for key, stock in depots.items()
        },
        **sections,
    }


def stocks(document: dict[str, Any]) -> list[StockSpec]:
    """Return the stocks of a document, in order of its centres."""
    return list(compile_world(from_document(document)).stocks)


@given(target=st.sampled_from((0.2, 0.5, 0.9, 0.95, 0.999)), lead=st.floats(0.1, 30.0))
def test_it_is_the_smallest_that_reaches_the_target(target: float, lead: float) -> None:
    """At a depot of its own, one unit less would miss the target by Palm's theorem."""
    (stock,) = stocks(network({"a": {"target_fill_rate": target, "lead_hours": lead}}))
    ordered = on_order(1.0, lead)
    assert fill_rate(ordered, stock.base_stock[0]) >= target > fill_rate(ordered, stock.base_stock[0] - 1)
    assert stock.reorder_point[0] == stock.base_stock[0] - 1


def test_demand_counts_chance_quantity_mix_and_devices() -> None:
    """Three devices, a quarter of whose failures take two units in a tenth of cases, take 0.15 an hour."""
    document = network({"a": {"target_fill_rate": 0.9, "lead_hours": 100}})
    fault = document["fault_types"]["fault"]
    document["fault_types"]["other"] = {**fault, "part": None}
    fault["part"] = {"part": "lens", "probability": 0.1, "quantity": 2}
    document["device_types"]["unit"]["faults"] = {"fault": 0.25, "other": 0.75}
    document["sites"]["at-a"]["devices"]["unit"] = 3
    assert stocks(document)[0].base_stock == (smallest_stock(on_order(0.15, 100.0), 0.9),)
    document["device_types"]["unit"]["population"] = "finite"
    assert stocks(document)[0].base_stock == (smallest_stock(on_order(0.15, 100.0), 0.9),)


def test_a_region_s_demand_is_that_of_all_it_replenishes() -> None:
    """Region first, then the depots beneath it, by what the region owes each of them."""
    local = {"target_fill_rate": 0.9, "lead_hours": 2, "from": "region"}
    document = network({"a": local, "region": {"target_fill_rate": 0.3, "lead_hours": 10}, "b": local})
    first, region, second = stocks(document)
    ordered = on_order(3.0, 10.0)
    level = smallest_stock(ordered, 0.3)
    assert region.base_stock == (level,)
    beneath = on_order(1.0, 2.0, owed_units(ordered, level), 1.0 / 3.0)
    assert first.base_stock == second.base_stock == (smallest_stock(beneath, 0.9),)
    assert first.base_stock[0] > smallest_stock(on_order(1.0, 2.0), 0.9)


def test_it_stays_until_the_target_changes() -> None:
    """The first period's demand decides; a price or a rate that changes later leaves the stock as it is."""
    start = date(2026, 1, 1)
    key = "centres.a.depot.lens.target_fill_rate"
    changes = [
        {"from": start + timedelta(days=10), "set": {"device_types.unit.failures_per_year": 80_000}},
        {"from": start + timedelta(days=20), "set": {key: 0.91}},
    ]
    document = network({"a": {"target_fill_rate": 0.9, "lead_hours": 10}}, changes=changes)
    rate = 80_000 / 8760.0
    levels = (smallest_stock(on_order(1.0, 10.0), 0.9), smallest_stock(on_order(rate, 10.0), 0.91))
    assert stocks(document)[0].base_stock == (levels[0], levels[0], levels[1])


def test_a_depot_that_nobody_asks_holds_nothing() -> None:
    """Without failures there is no demand, and the smallest stock is none."""
    (stock,) = stocks(network({"a": {"target_fill_rate": 0.99, "lead_hours": 10}}, failures_per_year=0.0))
    assert stock.base_stock == (0,)


def test_stock_that_is_stated_is_left_alone() -> None:
    """Only where a target stands is anything computed."""
    depots = {
        "a": {"base_stock": 7, "lead_hours": 1, "from": "b"},
        "b": {"reorder_point": 2, "order_up_to": 6, "lead_hours": 3},
        "c": {"target_fill_rate": 0.5, "lead_hours": 2, "from": "b"},
    }
    found = stocks(network(depots))
    assert [(s.base_stock, s.reorder_point) for s in found[:2]] == [((7,), (6,)), ((6,), (2,))]
    ordered = on_order(3.0, 3.0)
    beneath = on_order(1.0, 2.0, owed_units(ordered, 4), 1.0 / 3.0)
    assert found[2].base_stock == (smallest_stock(beneath, 0.5),)


def test_seasons_count_with_their_mean_over_the_first_period() -> None:
    """A profile that doubles the rate in January doubles the demand of a January."""
    document = network({"a": {"target_fill_rate": 0.9, "lead_hours": 10}}, start=date(2026, 1, 1), days=31)
    document["profiles"] = {"peak": {"by_month": [2.0] + [0.0] * 11}}
    document["device_types"]["unit"]["profile"] = "peak"
    expected = smallest_stock(on_order(2.0 * (31 * 24 - 8) / (31 * 24), 10.0), 0.9)
    assert stocks(document)[0].base_stock == (pytest.approx(expected, abs=1),)

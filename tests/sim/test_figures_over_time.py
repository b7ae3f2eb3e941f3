"""Prices, fixed costs and numbers of devices that change on a date, in the figures of a replication."""

from __future__ import annotations

import pytest

from insight.columns import numbers
from insight.figures import Window, group_figures, network_figures
from scenarios import from_document
from scenarios.compiling import compile_world
from scenarios.loading import load
from scenarios.world import World
from sim.replicate import facts_of, replicate


def changed() -> World:
    """Return 20 days of M/M/3 with a part in every order; from day 10 prices and devices double."""
    document = load("mmc", ["days=20", "warm_up={method: none}"]).scenario.model_dump(
        mode="json", by_alias=True
    )
    document["parts"] = {"board": {"unit_cost": 5}}
    document["fault_types"]["fault"]["part"] = {"part": "board"}
    document["centres"]["depot"] |= {
        "depot": {"board": {"base_stock": 9, "lead_hours": 1}},
        "fixed_cost_per_day": 100,
    }
    document["changes"] = [
        {
            "from": "2026-01-11",
            "set": {
                "parts.board.unit_cost": 10,
                "centres.depot.fixed_cost_per_day": 200,
                "sites.site.devices.unit": 2,
            },
        }
    ]
    return compile_world(from_document(document))


def test_a_part_costs_what_it_costs_when_it_is_asked_for() -> None:
    """Units asked for before the change have the old price, later ones the new."""
    tables, _ = replicate(changed(), 1, 0, Window(0.0, 480.0))
    moves = tables["stock_moves"]
    expected = [5.0 if at < 240.0 else 10.0 for at in numbers(moves, "demanded_at")]
    assert numbers(moves, "cost_parts").tolist() == expected
    assert {5.0, 10.0} <= set(expected)


@pytest.mark.parametrize(("warm_up", "per_day"), [(0.0, 150.0), (120.0, (100 * 5 + 200 * 10) / 15)])
def test_fixed_costs_are_those_of_each_day_of_the_window(warm_up: float, per_day: float) -> None:
    """The network's cost of centres is the fixed cost summed over the days that count."""
    window = Window(warm_up, 480.0)
    _, values = replicate(changed(), 1, 0, window)
    assert network_figures(values)["cost_centres"] == pytest.approx(per_day * window.hours / 24.0)


def test_availability_counts_the_devices_in_service() -> None:
    """The mean number of devices over the window is the denominator of availability."""
    world, window = changed(), Window(0.0, 480.0)
    assert facts_of(world, window, {}).devices == {"site": 1.5}
    tables, values = replicate(world, 1, 0, window)
    orders = tables["work_orders"]
    ends = [480.0 if end != end else end for end in numbers(orders, "restored_at")]
    down = sum(end - begin for end, begin in zip(ends, numbers(orders, "reported_at"), strict=True))
    expected = max(0.0, 1.0 - down / (1.5 * 480.0))
    assert group_figures(values, "city", "town")["availability"] == pytest.approx(expected)

"""Depots, vans and the policy of parts in a scenario: what is refused, and what they are compiled to."""

from __future__ import annotations

from typing import Any

import pytest
from rich_document import changed, loaded, problems_with, rich

from scenarios import from_document
from scenarios.compiling import compile_world
from scenarios.documents import parse
from scenarios.world import World

LENS = "centres.hq.depot.lens"


def stocked(values: dict[str, Any]) -> World:
    """Compile the rich network, its changes and its policy of parts left out, with further values."""
    return compile_world(
        loaded({"changes": [], "parts_policy": None, "centres.hq.engineers.experts.van": None, **values})
    )


def positions(world: World) -> dict[tuple[str, str, str], int]:
    """Return the position of each stock by centre, part and engineer."""
    names = world.names
    return {(names.centres[s.centre], names.parts[s.part], s.van): i for i, s in enumerate(world.stocks)}


@pytest.mark.parametrize(
    ("stock", "key", "found"),
    [
        ({}, "base_stock", "nothing"),
        ({"base_stock": 3, "reorder_point": 1, "order_up_to": 3}, "base_stock", "3"),
        ({"base_stock": 3, "order_up_to": 4}, "base_stock", "3"),
        ({"base_stock": 3, "target_fill_rate": 0.9}, "target_fill_rate", "0.9"),
        ({"reorder_point": 1, "order_up_to": 3, "target_fill_rate": 0.9}, "target_fill_rate", "0.9"),
        ({"reorder_point": 1}, "order_up_to", "nothing"),
        ({"order_up_to": 1}, "reorder_point", "nothing"),
        ({"reorder_point": 3, "order_up_to": 3}, "reorder_point", "3"),
        ({"target_fill_rate": 1.0}, "target_fill_rate", "1.0"),
        ({"target_fill_rate": 0.0}, "target_fill_rate", "0.0"),
        ({"base_stock": 1, "from": "nobody"}, "from", "'nobody'"),
        ({"base_stock": 1, "from": "outlet"}, "from", "'outlet'"),
        ({"base_stock": 1, "from": "hq"}, "from", "a circle: hq from hq"),
    ],
)
def test_a_stock_has_one_whole_policy_and_a_source(stock: dict[str, Any], key: str, found: str) -> None:
    """No policy, two or half of one, and a source that does not hold the part, are refused by their key."""
    problem = problems_with({LENS: {**stock, "lead_hours": 5}})[f"{LENS}.{key}"]
    assert problem.found == found
    assert problem.allowed


def test_a_circle_of_sources_is_named_once() -> None:
    """Two depots that would replenish each other are refused, with the way that leads back."""
    found = problems_with({f"{LENS}.from": "station", "centres.station.depot.lens.from": "hq"})
    assert {key: p.found for key, p in found.items()} == {f"{LENS}.from": "a circle: hq from station from hq"}


def test_a_chain_that_ends_in_a_circle_names_the_circle() -> None:
    """A depot beneath a circle is not blamed for it."""
    outlet = {"level": "local", "city": "yangon", "depot": {"lens": {"base_stock": 1, "lead_hours": 1}}}
    outlet["depot"]["lens"]["from"] = "hq"
    values = {f"{LENS}.from": "station", "centres.station.depot.lens.from": "hq", "centres.shop": outlet}
    assert set(problems_with(values)) == {f"{LENS}.from"}


@pytest.mark.parametrize(
    ("key", "value", "named"),
    [
        ("parts_policy.pools", {"south": ["hq", "nobody"]}, "parts_policy.pools.south.1"),
        ("parts_policy.pools", {"south": ["hq", "hq"]}, "parts_policy.pools.south.1"),
        ("parts_policy.on_stock_out", ["wait", "wait"], "parts_policy.on_stock_out.1"),
        ("parts_policy.on_stock_out", ["pray"], "parts_policy.on_stock_out.0"),
        (
            "parts_policy.second_supplier",
            {"lead_hours": 1, "price_factor": 1, "parts": "bulb"},
            "parts_policy.second_supplier.parts.0",
        ),
        (
            "parts_policy.refurbished",
            {"hours": 1, "price_factor": 1, "parts": ["lens", "bulb"]},
            "parts_policy.refurbished.parts.1",
        ),
        ("parts_policy.rush", {"lead_hours": 1, "parts": "bulb"}, "parts_policy.rush.parts.0"),
        ("parts_policy.rush", {"lead_hours": -1}, "parts_policy.rush.lead_hours.mean"),
        ("parts_policy.refurbished", {"hours": 1}, "parts_policy.refurbished.price_factor"),
        ("parts_policy.holding_share_per_year", -0.1, "parts_policy.holding_share_per_year"),
        ("parts_policy.transfer_hours", {"distribution": "gamma"}, "parts_policy.transfer_hours.mean"),
        ("centres.station.engineers.crew.van", {"bulb": 1}, "centres.station.engineers.crew.van.bulb"),
        ("centres.station.engineers.crew.van", {"lens": 0}, "centres.station.engineers.crew.van.lens"),
        ("centres.hq.depot.bulb", {"base_stock": 1, "lead_hours": 1}, "centres.hq.depot.bulb"),
    ],
)
def test_what_cannot_be_is_refused_by_its_key(key: str, value: Any, named: str) -> None:
    """References that dangle, repetitions and figures out of range are named with what is allowed."""
    problem = problems_with({key: value})[named]
    assert problem.found
    assert problem.allowed


def test_a_van_s_part_has_to_be_in_its_depot() -> None:
    """What an engineer carries is replenished by his own centre's depot, which has to hold it."""
    values = {"centres.station.depot.psu": None, "centres.station.engineers.crew.van": {"psu": 1}}
    assert "centres.station.engineers.crew.van.psu" in problems_with(values)


def test_a_change_may_set_the_policy_of_parts() -> None:
    """Policies, sources and options are those of their date on."""
    world = changed(
        (
            "2026-02-01",
            {
                "parts_policy.before_visit": "wait",
                "parts_policy.transfer_hours": 48,
                "parts_policy.on_stock_out": ["rush", "wait", "transfer"],
                "centres.station.depot.lens": {
                    "reorder_point": 1,
                    "order_up_to": 5,
                    "lead_hours": 6,
                    "from": "hq",
                },
            },
        )
    )
    before, after = (period.parts_policy for period in world.periods)
    hq, station = (positions(world)[centre, "lens", ""] for centre in ("hq", "station"))
    assert before.on_stock_out == ("transfer", "second_supplier", "refurbished", "rush")
    assert after.on_stock_out == ("rush",)
    assert (before.diagnose, after.diagnose) == (True, False)
    assert before.siblings[hq] == after.siblings[hq] == (station,)
    assert (before.transfer_hours.expected, after.transfer_hours.expected) == (12.0, 48.0)
    lens = world.stocks[station]
    assert (lens.base_stock, lens.reorder_point, lens.source) == ((2, 5), (1, 1), (-1, hq))


def test_options_stand_in_their_order_up_to_wait() -> None:
    """Only what the scenario has is tried, in the order of its list, and nothing behind wait."""
    ways = {
        "second_supplier": {"lead_hours": 1, "price_factor": 1},
        "refurbished": {"hours": 1, "price_factor": 0.5},
        "rush": {"lead_hours": 1, "price_per_order": "8 CNY", "severities": "major"},
    }
    every = {f"parts_policy.{name}": terms for name, terms in ways.items()}
    policy = stocked(every).periods[0].parts_policy
    assert policy.on_stock_out == ("second_supplier", "refurbished", "rush")
    assert (policy.outside["rush"].fee, policy.outside["rush"].severities) == (1.0, frozenset({2}))
    listed = {"parts_policy.on_stock_out": ["rush", "refurbished", "wait", "transfer", "second_supplier"]}
    assert stocked(every | listed).periods[0].parts_policy.on_stock_out == ("rush", "refurbished")


def test_vans_stand_behind_depots_and_belong_to_engineers() -> None:
    """Each engineer of a group has a stock of his own, which his depot replenishes; depots stay first."""
    world = stocked({"centres.station.engineers.crew.van": {"lens": 2}})
    where = positions(world)
    vans = {key: i for key, i in where.items() if key[2]}
    assert list(vans) == [("station", "lens", f"station:crew:{number}") for number in (1, 2, 3)]
    assert min(vans.values()) == 4
    van = world.stocks[vans["station", "lens", "station:crew:2"]]
    assert (van.base_stock, van.reorder_point, van.source) == ((2,), (1,), (where["station", "lens", ""],))
    assert van.lead_hours[0].expected == 24.0
    assert {e.name for e in world.engineers} >= {key[2] for key in vans}
    assert int(world.periods[0].depots.max()) < 4


def test_the_resolved_text_loads_as_the_same_scenario() -> None:
    """Sources and policies survive being written out, the key `from` included."""
    values = {"centres.station.depot.lens.from": "hq", "parts_policy.pools": {"all": ["hq", "station"]}}
    scenario = from_document(rich(values))
    assert from_document(parse(scenario.text, "text")).text == scenario.text
    assert "from: hq" in scenario.text

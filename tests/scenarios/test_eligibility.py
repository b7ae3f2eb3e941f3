"""Who may serve what, where a site belongs, and which rule an order has: tables against their words."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from rich_document import loaded
from small_networks import networks

from scenarios import LoadedScenario
from scenarios.compiling import compile_world
from scenarios.fields import Level
from scenarios.schema import Scenario
from scenarios.territories import great_circle_km
from scenarios.world import World

unhurried = settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)


def serves(s: Scenario, centre_key: str, site_key: str) -> bool:
    """Tell whether a site lies in a centre's territory, by the words of the schema."""
    centre, city = s.centres[centre_key], s.sites[site_key].city
    if centre.serves is None:
        return centre.city == city
    country = s.cities[city].country
    return (
        site_key in centre.serves.sites or city in centre.serves.cities or country in centre.serves.countries
    )


def may_serve(s: Scenario, engineer: str, site: str, fault: str) -> bool:
    """Tell whether an engineer may be sent to a site for a fault: territory, skill domain, level."""
    centre, group, _ = engineer.split(":")
    held = s.centres[centre].engineers[group].skills.get(s.fault_types[fault].skill or "")
    if s.centres[centre].level == "partner" or not serves(s, centre, site) or held is None:
        return False
    order = list(Level)
    return order.index(held) >= order.index(s.fault_types[fault].level)


# Properties


@unhurried
@given(networks())
def test_queues_admit_who_may_serve(network: LoadedScenario) -> None:
    """For every site and fault, the categories of its queue hold just those whom the work rules allow."""
    world, s = compile_world(network), network.scenario
    queues = world.periods[0].queues
    for i, site in enumerate(world.names.sites):
        for j, fault in enumerate(world.names.fault_types):
            queue = world.queues[queues[i][j][0]]
            admitted = {e.name for e in world.engineers if queue.categories >> e.category & 1}
            assert admitted == {e.name for e in world.engineers if may_serve(s, e.name, site, fault)}
            assert queue.territory == tuple(
                c
                for c, key in enumerate(s.centres)
                if s.centres[key].level != "partner" and serves(s, key, site)
            )


@unhurried
@given(networks())
def test_engineers_of_a_category_are_interchangeable(network: LoadedScenario) -> None:
    """Two engineers are in one category just if they share centre and level in each skill domain."""
    world, s = compile_world(network), network.scenario

    def terms(name: str) -> Any:
        centre, group, _ = name.split(":")
        return centre, s.centres[centre].engineers[group].skills

    for one in world.engineers:
        for other in world.engineers:
            assert (one.category == other.category) == (terms(one.name) == terms(other.name))
    counts = {
        f"{c}:{g}": group.count for c, centre in s.centres.items() for g, group in centre.engineers.items()
    }
    assert len(world.engineers) == sum(counts.values()) == len({e.name for e in world.engineers})


@unhurried
@given(networks())
def test_queues_are_distinct(network: LoadedScenario) -> None:
    """No two queues have the same need, so that alike orders wait together."""
    world = compile_world(network)
    assert len({queue.need for queue in world.queues}) == len(world.queues)


@unhurried
@given(networks())
def test_homes_are_the_nearest_of_the_most_local_level(network: LoadedScenario) -> None:
    """A site's home is the centre it names, else of those that serve it the most local, then the nearest."""
    world, s = compile_world(network), network.scenario
    for i, (key, site) in enumerate(s.sites.items()):
        home = world.names.centres[world.periods[0].homes[i]]
        if site.centre is not None:
            assert home == site.centre
            continue
        candidates = [c for c in s.centres if s.centres[c].level != "partner" and serves(s, c, key)]
        assert home in candidates
        for other in candidates:
            assert _rank(s, home, key) <= _rank(s, other, key)


def _rank(s: Scenario, centre_key: str, site_key: str) -> tuple[int, float]:
    def position(place: Any) -> tuple[float, float]:
        city = s.cities[place.city]
        return (
            place.lat if place.lat is not None else city.lat,
            place.lon if place.lon is not None else city.lon,
        )

    centre = s.centres[centre_key]
    km = great_circle_km(*position(s.sites[site_key]), *position(centre))
    return {"local": 0, "regional": 1, "hq": 2}[centre.level], km


@unhurried
@given(networks())
def test_the_first_rule_that_matches_is_the_rule(network: LoadedScenario) -> None:
    """For every site and fault the rule is the first whose lists are empty or name what the order has."""
    world, s = compile_world(network), network.scenario
    for i, (site_key, site) in enumerate(s.sites.items()):
        city = s.cities[site.city]
        for j, (fault_key, fault) in enumerate(s.fault_types.items()):
            expected = -1
            for number, rule in reversed(list(enumerate(s.sla))):
                m = rule.match
                admits = [
                    not m.zone or s.countries[city.country].zone in m.zone,
                    not m.country or city.country in m.country,
                    not m.city or site.city in m.city,
                    not m.city_tier or city.tier in m.city_tier,
                    not m.site or site_key in m.site,
                    not m.customer_tier or s.customers[site.customer].tier in m.customer_tier,
                    not m.severity or fault.severity in m.severity,
                    not m.fault_type or fault_key in m.fault_type,
                ]
                expected = number if all(admits) else expected
            assert world.periods[0].rules[i, j] == expected


# Examples


@pytest.fixture(scope="module")
def world() -> World:
    """Return the compiled rich network."""
    return compile_world(loaded())


def names_of(world: World, mask: int) -> set[str]:
    """Return the groups whose category a mask admits."""
    return {e.name.rsplit(":", 1)[0] for e in world.engineers if mask >> e.category & 1}


@pytest.mark.parametrize(
    ("site", "fault", "stage", "admitted"),
    [
        ("esplanade", "offline", 0, {"hq:experts", "station:crew"}),
        ("gurney", "offline", 0, {"station:crew"}),
        ("siam", "offline", 0, {"hq:experts"}),
        ("esplanade", "outage", 0, {"hq:experts", "hq:nights", "station:care"}),
        ("esplanade", "outage", 1, {"hq:experts", "hq:nights", "station:crew"}),
        ("sule", "outage", 1, {"hq:experts", "hq:nights"}),
        ("gurney", "outage", 0, {"station:care"}),
    ],
)
def test_who_may_serve_in_the_rich_network(
    world: World, site: str, fault: str, stage: int, admitted: set[str]
) -> None:
    """Each stage of each fault at each site waits for those whom its domain, level and territory admit."""
    i, j = world.names.sites.index(site), world.names.fault_types.index(fault)
    queue = world.queues[world.periods[0].queues[i][j][stage]]
    assert names_of(world, queue.categories) == admitted


@pytest.mark.parametrize(
    ("site", "fault", "rule"),
    [
        ("esplanade", "offline", "strategic"),
        ("sule", "outage", "far-emergency"),
        ("sule", "flicker", "strategic"),
        ("gurney", "flicker", "rest"),
        ("siam", "flicker", "flicker"),
        ("siam", "offline", "rest"),
    ],
)
def test_rules_of_the_rich_network(world: World, site: str, fault: str, rule: str) -> None:
    """The order of the rules decides: a far emergency is no strategic order, a flicker in Penang the rest."""
    i, j = world.names.sites.index(site), world.names.fault_types.index(fault)
    assert world.rules[world.periods[0].rules[i, j]].name == rule


def test_without_rules_no_order_has_one() -> None:
    """Where there is no rule, every order is outside the agreement."""
    assert (compile_world(loaded({"sla": [], "changes": [], "sources": {}})).periods[0].rules == -1).all()


@pytest.mark.parametrize(("clock", "respond", "attend"), [("respond", 12.0, None), ("attend", None, 12.0)])
def test_the_switch_puts_response_targets_on_its_clock(
    clock: str, respond: float | None, attend: float | None
) -> None:
    """`response` stands on booking or on first arrival as `response_clock` says; other targets stay."""
    world = compile_world(loaded({"response_clock": clock}))
    rules = {rule.name: rule for rule in world.rules}
    rest, strategic = rules["rest"], rules["strategic"]
    found = [None if value != value else value for value in (rest.respond, rest.attend)]
    assert found == [respond, attend]
    assert (strategic.respond, strategic.restore, strategic.complete) == (1.0, 24.0, 72.0)
    assert strategic.attend in (8.0, 6.0)
    assert (strategic.calendar, strategic.pauses, strategic.penalty) == ("office", False, 100.0)


def test_a_dated_switch_of_the_clock_holds_for_later_orders() -> None:
    """After the switch the same rule has its target on the other clock, before on the first."""
    change = {"from": "2026-02-01", "set": {"response_clock": "attend"}}
    world = compile_world(loaded({"changes": [change]}))
    gurney, offline = world.names.sites.index("gurney"), world.names.fault_types.index("offline")
    before, after = (world.rules[period.rules[gurney, offline]] for period in world.periods)
    assert (before.name, before.respond) == (after.name, after.attend) == ("rest", 12.0)
    assert before.attend != before.attend
    assert after.respond != after.respond

"""Travel in bad weather: closed flights and ferries, slower roads, waits for the way to open, hours lost."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
import simpy
from test_travel_over_a_network import DEGREE_KM
from test_travel_over_a_network import document as by_air

from scenarios import from_document
from scenarios.compiling import compile_world
from sim import draws
from sim.conditions import Conditions
from sim.travel import TravelTimes

#: Site and depot in the order of locations.
SITE, DEPOT = 0, 1
FERRY = {
    "from": "home",
    "to": "away",
    "mode": "ferry",
    "access_hours": 1,
    "ride_hours": 8,
    "cost": 30,
    "closed_by": ["storm", "typhoon"],
}


def one(kind: str, at: str, hours: float, **keys: Any) -> dict[str, Any]:
    """Return weather from a local time of the city away (UTC+7)."""
    return {"name": kind, "kind": kind, "from": at, "hours": hours, "cities": ["away"], **keys}


def network(*weather: dict[str, Any], ferry: bool = True) -> dict[str, Any]:
    """Return two towns, a flight (2 h and an hour on either side, always) and a ferry (9 h) apart."""
    found = by_air()
    flight = {
        **found["links"]["flight"],
        "operates": [],
        "closed_by": ["typhoon"],
        "slowed_by": {"storm": 1.5},
    }
    found["links"] = {"flight": flight, "ferry": FERRY} if ferry else {"flight": flight}
    found["city_travel"] = {
        "default": {"speed_kmh": 20, "circuity": 1, "slowed_by": {"rain": 1.2, "flood": 3}}
    }
    return {**found, "disruptions": list(weather)}


def travel(document: dict[str, Any], at: float) -> TravelTimes:
    """Return travel of a scenario at an instant."""
    world = compile_world(from_document(document))
    return TravelTimes(world, simpy.Environment(at), Conditions(world, draws.replication_key(1, 0)))


def hours(document: dict[str, Any], at: float) -> float:
    """Return the hours from the depot to the site, leaving at an instant."""
    return travel(document, at).to(SITE)[DEPOT]


@pytest.fixture
def morning() -> str:
    """Return the local time at which weather begins, 07:00 (00:00 UTC) of the second day: hour 24."""
    return f"{date.fromisoformat(str(network()['start'])) + timedelta(days=1)}T07:00"


def test_in_fair_weather_the_flight_is_taken() -> None:
    """Two hours, an hour on either side, half an hour to the site: four hours and a half, nothing lost."""
    calm = travel(network(), 30.0)
    assert calm.to(SITE)[DEPOT] == pytest.approx(4.5)
    assert calm.lost_to_weather(DEPOT, SITE) == 0.0
    assert calm.fare(DEPOT, SITE) == 90.0


def test_a_storm_slows_the_flight_and_closes_the_ferry(morning: str) -> None:
    """The ride of 2 h takes 3 h from the first minute of the storm to its last, and then 2 h again."""
    stormy = network(one("storm", morning, 10))
    assert [hours(stormy, at) for at in (23.99, 24.0, 33.99, 34.0)] == pytest.approx([4.5, 5.5, 5.5, 4.5])
    assert travel(stormy, 24.0).lost_to_weather(DEPOT, SITE) == pytest.approx(1.0)


def test_a_typhoon_closes_flight_and_ferry_until_it_ends(morning: str) -> None:
    """Who would leave 90 minutes into a typhoon of 10 h waits 8.5 h for its end, then travels 4.5 h."""
    closed = network(one("typhoon", morning, 10))
    assert hours(closed, 25.5) == pytest.approx(8.5 + 4.5)
    assert travel(closed, 25.5).lost_to_weather(DEPOT, SITE) == pytest.approx(8.5)
    assert travel(closed, 25.5).fare(DEPOT, SITE) == 90.0
    assert hours(closed, 34.0) == pytest.approx(4.5)


def test_a_storm_after_the_typhoon_opens_the_flight_alone(morning: str) -> None:
    """The way opens with the first weather that leaves one open: after the typhoon the storm slows it."""
    both = network(one("typhoon", morning, 10), one("storm", morning, 20))
    assert hours(both, 24.0) == pytest.approx(10.0 + 5.5)


def test_where_the_ferry_is_open_it_is_taken(morning: str) -> None:
    """With a ferry that no typhoon closes nobody waits: 9 h, half an hour to the site, and its fare."""
    closed = network(one("typhoon", morning, 10))
    closed["links"]["ferry"] = {**FERRY, "closed_by": []}
    assert hours(closed, 25.5) == pytest.approx(9.5)
    assert travel(closed, 25.5).lost_to_weather(DEPOT, SITE) == pytest.approx(5.0)
    assert travel(closed, 25.5).fare(DEPOT, SITE) == 30.0


def test_a_flood_slows_the_city_of_the_flood_alone(morning: str) -> None:
    """Half an hour inside the flooded city takes an hour and a half; of two conditions the worse counts."""
    flooded = network(one("flood", morning, 10), one("rain", morning, 5))
    assert hours(flooded, 25.0) == pytest.approx(4.0 + 1.5)
    assert hours(flooded, 34.5) == pytest.approx(4.5)
    assert travel(flooded, 25.0).lost_to_weather(DEPOT, SITE) == pytest.approx(1.0)
    rainy = network(one("rain", morning, 5))
    assert hours(rainy, 25.0) == pytest.approx(4.0 + 0.6)
    assert travel(rainy, 25.0).to(SITE)[SITE] == 0.0


def test_after_the_weather_all_hours_are_as_before(morning: str) -> None:
    """From the end of the last spell on every trip takes what it takes without any weather."""
    stormy = network(one("typhoon", morning, 10), one("storm", morning, 30), one("flood", morning, 40))
    for at in (64.0, 70.3, 99.9):
        assert hours(stormy, at) == hours(network(), at)
        assert travel(stormy, at).lost_to_weather(DEPOT, SITE) == 0.0


@pytest.mark.parametrize("method", ["matrix", "great_circle"])
def test_a_table_is_longer_by_the_worse_of_both_cities(method: str, morning: str) -> None:
    """Without a network the hours of the table take the factor of the worse city, while its weather lasts."""
    table = network(one("flood", morning, 10), ferry=False)
    table["links"] = {}
    table["travel"] = {"method": "matrix", "hours": {"depot": {"site": 2.0}}}
    if method == "great_circle":
        table["travel"] = {"method": "great_circle", "intercity_circuity": 1, "intercity_speed_kmh": 5}
        table["sites"]["site"] |= {"lat": 10 / DEGREE_KM, "lon": 0}
    assert [hours(table, at) for at in (23.9, 24.0, 33.9, 34.0)] == pytest.approx([2.0, 6.0, 6.0, 2.0])
    assert travel(table, 24.0).lost_to_weather(DEPOT, SITE) == pytest.approx(4.0)
    assert travel(table, 34.0).lost_to_weather(DEPOT, SITE) == 0.0

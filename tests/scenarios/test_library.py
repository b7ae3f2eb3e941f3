"""The scenarios of the library hold together, hide no doubt, and say where each figure comes from."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from scenarios import library, load
from scenarios.compiling import compile_world
from scenarios.documents import read
from scenarios.doubts import doubts
from scenarios.loading import LIBRARY

CITIES = Path(LIBRARY).parent / "data" / "cities.csv"
#: Networks; the rest of the library are models of theory, in which every figure is a matter of definition.
NETWORKS = [name for name, file in library().items() if file.parent == LIBRARY]
#: Warnings that are meant: what a scenario is there to show.
MEANT = {
    "asean15": {("W-off-shift-sla", "sla.0.targets.response"), ("W-off-shift-sla", "sla.2.targets.response")},
}
#: Figures of the experiment and of no place, which need no source.
OF_THE_EXPERIMENT = {"days", "warm_up", "replications", "seed", "confidence"}


@pytest.mark.parametrize("name", library())
def test_every_scenario_has_only_the_warnings_that_are_meant(name: str) -> None:
    """A scenario of the library loads, compiles under its own name and contradicts itself nowhere else."""
    loaded = load(name)
    world = compile_world(loaded)
    assert world.name == name
    assert {(warn.code, warn.key) for warn in doubts(loaded, world)} == MEANT.get(name, set())


def figures(value: Any, key: str) -> Iterator[str]:
    """Yield the dotted key of every number and every time of day in a document."""
    if isinstance(value, dict):
        for name, item in value.items():
            yield from figures(item, f"{key}.{name}" if key else name)
    elif isinstance(value, list):
        for number, item in enumerate(value):
            named = item.get("name", number) if isinstance(item, dict) else number
            yield from figures(item, f"{key}.{named}")
    elif (isinstance(value, int | float) and not isinstance(value, bool)) or key.startswith("calendars."):
        yield key


@pytest.mark.parametrize("name", NETWORKS)
def test_every_figure_has_a_source(name: str) -> None:
    """Each number of a network is covered by a source or by an assumption that gives its reason."""
    document = read(library()[name])
    sources = document["sources"]
    keys = [key for key in figures(document, "") if key.split(".")[0] not in OF_THE_EXPERIMENT]
    assert len(keys) > 100
    assert [key for key in keys if not any(f"{key}.".startswith(f"{source}.") for source in sources)] == []


@pytest.mark.parametrize("name", NETWORKS)
def test_positions_that_were_placed_by_us_say_so(name: str) -> None:
    """Sites and centres stand where we put them, and are marked as an assumption."""
    sources = load(name).scenario.sources
    assert sources["sites"].quality == sources["centres"].quality == "assumption"


def rows() -> dict[str, dict[str, str]]:
    """Return the table of cities by key."""
    with CITIES.open(encoding="utf-8", newline="") as file:
        return {row["key"]: row for row in csv.DictReader(file)}


@pytest.mark.parametrize("name", NETWORKS)
def test_cities_are_those_of_the_table(name: str) -> None:
    """Name, position, time zone, country and state of a city are those of its source."""
    scenario = load(name).scenario
    table = rows()
    for key, city in scenario.cities.items():
        row = table[key]
        assert (city.name, city.time_zone) == (row["name"], row["time_zone"])
        assert (city.lat, city.lon) == (float(row["lat"]), float(row["lon"]))
        assert (city.subdivision or "") == row["subdivision"]
        assert scenario.countries[city.country].holidays == row["country"]


def test_no_city_of_the_table_is_left_over() -> None:
    """The table holds the cities of the library and no more."""
    assert set(rows()) == {key for name in NETWORKS for key in load(name).scenario.cities}


def test_the_small_network_is_the_one_that_was_asked_for() -> None:
    """Penang has three stations and twelve sites, served within 12 h, major faults restored within 72 h."""
    scenario = load("one-city").scenario
    assert (len(scenario.cities), len(scenario.centres), len(scenario.sites)) == (1, 3, 12)
    assert {rule.targets.response for rule in scenario.sla} == {12.0}
    assert {rule.name: rule.targets.restore for rule in scenario.sla}["major"] == 72.0


def test_the_draft_covers_fifteen_cities_near_and_far() -> None:
    """Sites lie in fifteen cities of six countries, each with a station of its own; near 12 h, far 24 h."""
    scenario = load("asean15").scenario
    cities = {site.city for site in scenario.sites.values()}
    assert len(cities) == 15
    assert len({scenario.cities[city].country for city in cities}) == 6
    assert {centre.city for centre in scenario.centres.values() if centre.level == "local"} == cities
    for rule in scenario.sla:
        assert rule.targets.response == {"near": 12.0, "far": 24.0}[rule.match.zone[0]]

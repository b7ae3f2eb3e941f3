"""What the data files say about links, and what is made of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from asean_network import asean, cities, links

from scenarios.default_links import (
    LETTERS,
    TRAFFIC_BY_HOUR,
    default_city_travel,
    default_links,
    ferry_links,
    road_links,
    rows,
    weakest,
)
from scenarios.legs import FAIR
from scenarios.links import CityTravel, Link, check_links
from scenarios.network import describe_trip, separated
from scenarios.schema import Source
from scenarios.territories import great_circle_km

#: Places in the data files that only lead on, or have no site.
ELSEWHERE = {
    *("singapore", "siem-reap", "nanning", "guangzhou", "davao", "kota-kinabalu"),
    *("langkawi", "batam", "butterworth"),
}


def mutable(value: Any) -> Iterator[int]:
    """Yield the identity of each list and mapping in a value."""
    if isinstance(value, dict | list):
        yield id(value)
        for item in value.values() if isinstance(value, dict) else value:
            yield from mutable(item)


# The files


@pytest.mark.parametrize("name", ["flights.csv", "flights_manual.csv", "road_links.csv", "ferry_links.csv"])
def test_files_name_cities_that_exist(name: str) -> None:
    """Both ends of each route are cities of the product, or places that lead on."""
    named = {row[end] for row in rows(name) for end in ("from", "to")}
    assert named <= set(cities()) | ELSEWHERE


@pytest.mark.parametrize(
    ("name", "letter"),
    [
        ("airports.csv", "quality"),
        ("flights_manual.csv", "quality"),
        ("road_links.csv", "quality"),
        ("ferry_links.csv", "quality"),
        ("city_traffic.csv", "quality"),
        ("road_country.csv", "speed_quality"),
        ("road_country.csv", "circuity_quality"),
    ],
)
def test_rows_have_a_letter_and_a_source(name: str, letter: str) -> None:
    """Each figure has a letter of the list, and says where it comes from."""
    for row in rows(name):
        assert row[letter] in LETTERS, row
        assert row[letter.replace("quality", "source")], row


def test_every_city_has_an_airport_near_it() -> None:
    """The distance of each airport is that of the two positions."""
    airport = {row["city"]: row for row in rows("airports.csv")}
    for name, city in cities().items():
        at = airport[name]
        km = great_circle_km(city.lat, city.lon, float(at["lat"]), float(at["lon"]))
        assert float(at["city_km"]) == pytest.approx(km, abs=0.2), name
        assert km < 60.0


def test_flights_agree_with_the_positions_of_airports() -> None:
    """Great circles are those of the airports (some cities have two), and block times follow from them."""
    airport = {row["city"]: (float(row["lat"]), float(row["lon"])) for row in rows("airports.csv")}
    for row in rows("flights.csv"):
        km = float(row["great_circle_km"])
        assert great_circle_km(*airport[row["from"]], *airport[row["to"]]) == pytest.approx(km, abs=45.0), row
        assert float(row["block_h_est"]) == pytest.approx(0.5 + km / 750.0, abs=0.006), row


def test_flights_that_were_looked_up_are_not_in_the_other_file() -> None:
    """A route stands in one of the two files only."""
    old = {frozenset((row["from"], row["to"])) for row in rows("flights.csv")}
    looked_up = [frozenset((row["from"], row["to"])) for row in rows("flights_manual.csv")]
    assert not old & set(looked_up)
    assert len(set(looked_up)) == len(looked_up)


def test_roads_are_longer_than_the_great_circle() -> None:
    """A road between two cities of the product is 1 to 2 times as long as the straight line."""
    for row in rows("road_links.csv"):
        if row["road_km"] and {row["from"], row["to"]} <= set(cities()):
            a, b = (cities()[row[end]] for end in ("from", "to"))
            assert 1.0 < float(row["road_km"]) / great_circle_km(a.lat, a.lon, b.lat, b.lon) < 2.0, row


def test_roads_lead_through_countries_with_a_speed() -> None:
    """Each country of a road has its speed and circuity, and the ends lie in its first and last."""
    known = {row["country"] for row in rows("road_country.csv")}
    for row in rows("road_links.csv"):
        countries = row["countries"].split()
        assert set(countries) <= known
        for end in ("from", "to"):
            assert row[end] in ELSEWHERE or cities()[row[end]].country in countries


# The links


def test_links_are_sound() -> None:
    """Every default link passes the schema and the checks of a scenario."""
    written = {name: Link.model_validate(values) for name, values in links().values.items()}
    travel = CityTravel.model_validate(default_city_travel(tuple(cities())).values)
    assert list(check_links(written, travel, cities())) == []
    assert {link.mode for link in written.values()} == {"air", "road", "ferry"}


def test_every_figure_has_a_source() -> None:
    """The ride of every link has a letter and a note of its own, all else the stated assumptions."""
    for name in links().values:
        assert f"links.{name}.ride_hours" in links().sources
    sources = {**links().sources, **default_city_travel(tuple(cities())).sources}
    read = {key: Source.model_validate(source) for key, source in sources.items()}
    assert read["links"].quality == read["city_travel"].quality == "assumption"
    for key in read:
        parts = key.split(".")
        assert parts[0] in ("links", "city_travel")
        if parts[0] == "links" and parts[1:]:
            assert parts[2] in links().values[parts[1]]


def test_letters_reach_the_legs() -> None:
    """A recalled road is R, an estimated flight D, and what surrounds them an assumption."""
    rides = {leg.link: leg.letters for leg in asean().legs}
    assert rides["road-penang-kuala-lumpur"].ride == "R"
    assert rides["air-kuala-lumpur-bangkok"].ride == "D"
    assert rides["air-jakarta-medan"].ride == "R"
    assert rides["air-kuala-lumpur-bangkok"].wait == "assumption"
    assert (rides["ferry-manila-cebu"].ride, rides["ferry-manila-cebu"].egress) == ("B", "assumption")


def test_values_share_nothing() -> None:
    """No list or mapping appears twice, so that a document is written without anchors."""
    found = list(mutable(links().values))
    assert len(set(found)) == len(found)


def test_all_cities_are_connected_in_fair_weather() -> None:
    """From each of the sixteen cities a way leads to every other, within two days, at any hour."""
    assert len(cities()) == 16
    assert separated(asean(), FAIR) == (tuple(sorted(cities())),)
    for depart in range(24):
        between = asean().door_to_door(FAIR, float(depart))
        assert between.hours.max() < 48.0
        assert between.legs.max() <= 4


def test_a_typhoon_cuts_off_an_island_and_no_city_on_the_mainland() -> None:
    """A typhoon over Manila cuts it off; one over Hanoi leaves the road to Da Nang."""
    island = separated(asean(), asean().weather({"manila": ["typhoon"]}))
    assert [len(group) for group in island] == [15, 1]
    assert island[1] == ("manila",)
    assert len(separated(asean(), asean().weather({"hanoi": ["typhoon"]}))) == 1


@pytest.mark.parametrize(
    ("start", "to", "mode", "least", "most"),
    [
        ("kuala-lumpur", "bangkok", "air", 5.0, 7.0),
        ("bangkok", "kuala-lumpur", "air", 5.0, 7.0),
        ("kuala-lumpur", "johor-bahru", "road", 3.5, 5.5),
        ("ho-chi-minh-city", "phnom-penh", "air", 4.0, 7.0),
        ("manila", "cebu", "air", 3.5, 6.0),
        ("jakarta", "surabaya", "air", 3.5, 6.0),
        ("shenzhen", "bangkok", "air", 6.5, 10.0),
    ],
)
def test_hours_are_plausible(start: str, to: str, mode: str, least: float, most: float) -> None:
    """Leaving at 8 in the morning, well-known trips take about what they take, in one leg."""
    (row,) = describe_trip(asean(), start, to, datetime(2026, 1, 5, 8))
    assert row.leg.mode == mode
    assert least <= row.leg.arrive - row.leg.depart <= most


# What is made of part of the cities


def test_links_of_some_cities_are_those_of_all() -> None:
    """Two cities have the same direct links whichever others are there."""
    pair = ("hanoi", "da-nang")
    of_all = {n: link for n, link in links().values.items() if {link["from"], link["to"]} == set(pair)}
    assert default_links(pair).values == of_all
    assert set(of_all) == {"air-hanoi-da-nang", "road-hanoi-da-nang"}


def test_roads_lead_through_cities_that_are_left_out() -> None:
    """Without Da Nang the road from Hanoi to Ho Chi Minh City is as long as its two parts, and says so."""
    parts = road_links(("hanoi", "da-nang", "ho-chi-minh-city"))
    whole = road_links(("hanoi", "ho-chi-minh-city"))
    assert set(parts.values) == {"road-hanoi-da-nang", "road-da-nang-ho-chi-minh-city"}
    (name, road), *others = whole.values.items()
    assert (name, others) == ("road-hanoi-ho-chi-minh-city", [])
    assert road["ride_hours"] == pytest.approx(sum(p["ride_hours"] for p in parts.values.values()), abs=0.02)
    assert "over da-nang" in whole.sources[f"links.{name}.ride_hours"]["note"]


def test_a_land_border_takes_time_and_closes_at_night() -> None:
    """The road from Ho Chi Minh City to Phnom Penh has border hours, that to Da Nang has none."""
    found = road_links(tuple(cities())).values
    across, within = found["road-ho-chi-minh-city-phnom-penh"], found["road-da-nang-ho-chi-minh-city"]
    assert across["border_hours"] > 0.0
    assert across["operates"]
    assert not {"border_hours", "operates"} & set(within)


def test_ferries_that_have_closed_are_left_out() -> None:
    """The ferry from Penang to Medan is in the file as closed, and no link."""
    assert any({row["from"], row["to"]} == {"penang", "medan"} for row in rows("ferry_links.csv"))
    assert ferry_links(("penang", "medan")).values == {}


def test_an_unknown_city_is_refused() -> None:
    """A city without data is named, with those that have data."""
    for made in (default_links, default_city_travel):
        with pytest.raises(
            ValueError, match=r"no data on the city 'dumai': there is on penang, kuala-lumpur"
        ):
            made(("penang", "dumai"))


# Inside cities


def test_traffic_has_a_mean_of_one() -> None:
    """The day of traffic slows some hours as much as it speeds others: the speed is the day's mean."""
    assert np.mean(TRAFFIC_BY_HOUR) == pytest.approx(1.0)
    assert len(TRAFFIC_BY_HOUR) == 24


def test_the_newest_published_speed_counts() -> None:
    """Manila has the speed of 2024, not of 2023; a city without a figure has the default."""
    own = default_city_travel(tuple(cities())).values["cities"]
    assert own["manila"] == {"speed_kmh": 18.7}
    assert "hanoi" not in own


def test_the_weakest_letter_counts() -> None:
    """Of several letters the worst is kept, A the best and assumption the worst."""
    assert [weakest(a, b) for a, b in combinations(LETTERS, 2)] == [b for _, b in combinations(LETTERS, 2)]

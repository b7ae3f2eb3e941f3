"""Trips as people look them up: the hours are those that are simulated, each figure has its letter."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenarios import LoadedScenario, from_document, load
from scenarios.compiling import compile_world
from scenarios.default_links import weakest
from scenarios.paths import set_value
from scenarios.trips import Trip, TripError, describe, find_place
from scenarios.world import World


@lru_cache
def compiled(name: str) -> tuple[LoadedScenario, World]:
    """Return a scenario of the library, loaded and compiled."""
    loaded = load(name)
    return loaded, compile_world(loaded)


def document() -> dict[str, Any]:
    """Return two towns a ferry apart, each with a place 30 km from its middle, every figure with a source."""
    town = {"country": "here", "lat": 0.0, "time_zone": "Asia/Kuala_Lumpur"}
    far = 30.0 / 111.195
    return {
        "name": "sound",
        "start": "2026-01-05",
        "days": 30,
        "skills": ["field"],
        "countries": {"here": {"name": "Here", "zone": "near"}},
        "cities": {
            "east": {**town, "name": "East", "lon": 101.0},
            "west": {**town, "name": "West", "lon": 100.0, "time_zone": "Asia/Bangkok"},
        },
        "calendars": {"always": {"hours": "24x7"}},
        "customer_tiers": {"all": {}},
        "customers": {"owner": {"name": "Owner", "tier": "all"}},
        "fault_types": {"fault": {"severity": "normal", "skill": "field", "work_hours": 1}},
        "device_types": {"device": {"failures_per_year": 1, "faults": {"fault": 1}}},
        "sites": {
            "pier": {"city": "west", "customer": "owner", "lat": far, "lon": 100.0, "devices": {"device": 1}}
        },
        "centres": {
            "depot": {
                "level": "local",
                "city": "east",
                "lat": far,
                "lon": 101.0,
                "serves": {"cities": ["west"]},
                "engineers": {"a": {"count": 1, "level": "junior", "skills": ["field"], "shift": "always"}},
            }
        },
        "travel": {"method": "network"},
        "links": {
            "boat": {
                "from": "east",
                "to": "west",
                "mode": "ferry",
                "access_hours": 0.25,
                "wait_hours": 0.5,
                "ride_hours": 2,
                "border_hours": 0.75,
                "egress_hours": 0.125,
                "cost": 12,
                "operates": ["10:00-18:00"],
                "closed_by": ["typhoon"],
                "slowed_by": {"rain": 1.5},
            }
        },
        "city_travel": {
            "default": {"speed_kmh": 30, "circuity": 1, "slowed_by": {"rain": 2}},
            "cities": {"west": {"speed_kmh": 60}},
        },
        "sources": {
            key: {"quality": letter, "note": "from a book"}
            for key, letter in {
                "links.boat": "C",
                "links.boat.ride_hours": "A",
                "links.boat.operates": "B",
                "links.boat.cost": "R",
                "city_travel": "D",
                "city_travel.cities.west.speed_kmh": "A",
            }.items()
        },
    }


def trip(
    start: str,
    to: str,
    at: str,
    changed: Mapping[str, Any] | None = None,
    weather: Mapping[str, list[str]] | None = None,
) -> Trip:
    """Return a trip in the two towns, keys of the document changed first."""
    found = document()
    for key, value in (changed or {}).items():
        set_value(found, key, value)
    loaded = from_document(found)
    ends = find_place(loaded, "FROM", start), find_place(loaded, "TO", to)
    return describe(loaded, compile_world(loaded), *ends, datetime.fromisoformat(at), weather)


# The trips that are simulated


@given(st.data())
def test_hours_and_fares_are_those_that_are_simulated(data: st.DataObject) -> None:
    """Between any two places, at any time, a trip has the hours and the fare of the network."""
    loaded, world = compiled("asean15")
    network = world.periods[0].network
    assert network is not None
    names = [*world.names.sites, *world.names.centres]
    a, b = data.draw(st.lists(st.integers(0, len(names) - 1), min_size=2, max_size=2, unique=True))
    hour = data.draw(st.integers(24, 24 * 300 - 1)) + data.draw(st.sampled_from((0.0, 0.25, 0.5)))
    at = datetime.fromisoformat(f"{world.start}T00:00+00:00") + timedelta(hours=hour)
    ends = find_place(loaded, "FROM", names[a]), find_place(loaded, "TO", names[b])
    found = describe(loaded, world, *ends, at)
    assert found.hours == pytest.approx(network.hours(a, b, hour), abs=1e-4)
    assert found.fare == pytest.approx(network.fare(a, b, hour))


@pytest.mark.parametrize("name", ["one-city", "emergency-30-minutes"])
def test_without_a_network_hours_are_those_of_the_table(name: str) -> None:
    """By a matrix or by distance, the one stretch of a trip takes the hours that are simulated."""
    loaded, world = compiled(name)
    keys = [*world.names.sites, *world.names.centres]
    at = datetime.fromisoformat(f"{world.start}T08:00")
    for a, b in ((0, len(keys) - 1), (len(keys) - 1, 1), (1, 0)):
        ends = find_place(loaded, "FROM", keys[a]), find_place(loaded, "TO", keys[b])
        assert describe(loaded, world, *ends, at).hours == pytest.approx(
            float(world.periods[0].travel_hours[b, a])
        )


# By hand


def test_every_stretch_and_every_part_has_its_hours() -> None:
    """From 30 km out by a ferry that opens at ten to a place 30 km out: every hour of it is told."""
    found = trip("depot", "pier", "2026-01-06T07:30")
    assert [(s.mode, s.link, s.start, s.to) for s in found.stretches] == [
        ("city", "", "depot", "east"),
        ("ferry", "boat", "east", "west"),
        ("city", "", "west", "pier"),
    ]
    out, boat, into = found.stretches
    assert out.hours["ride"].value == pytest.approx(1.0, rel=1e-3)
    parts = {part: round(figure.value, 3) for part, figure in boat.hours.items()}
    # 07:30, an hour out of the city, a quarter to the pier, half an hour there: 09:15, open from ten.
    assert parts == {"access": 0.25, "wait": 0.5, "shut": 0.75, "ride": 2, "border": 0.75, "egress": 0.125}
    assert into.hours["ride"].value == pytest.approx(0.5, rel=1e-3)
    # Ten o'clock plus 2.875 h, an hour less by the clock of the other town, plus half an hour.
    assert f"{into.arrives:%H:%M %z}" == "12:22 +0700"
    assert found.hours == pytest.approx(5.875, abs=2e-3)
    assert found.fare == 12.0


def test_each_figure_has_the_letter_of_its_own_source() -> None:
    """A figure has the letter of its key, or of the section around it; what is composed has the worst."""
    out, boat, into = trip("depot", "pier", "2026-01-06T07:30").stretches
    letters = {part: figure.quality for part, figure in boat.hours.items()}
    assert letters == {"access": "C", "wait": "C", "shut": "B", "ride": "A", "border": "C", "egress": "C"}
    assert boat.fare.quality == "R" == boat.quality
    # The speed of the west is good, its circuity and traffic are those of the default.
    assert (out.quality, into.quality) == ("D", "D")


def test_weather_is_that_of_its_city() -> None:
    """Rain in the west slows the ride there and the ferry, not the ride in the east."""
    fair, wet = (
        trip("depot", "pier", "2026-01-06T10:00", weather=weather) for weather in ({}, {"west": ["rain"]})
    )
    ratio = [
        b.hours["ride"].value / a.hours["ride"].value
        for a, b in zip(fair.stretches, wet.stretches, strict=True)
    ]
    assert ratio == pytest.approx([1.0, 1.5, 2.0])


def test_cities_have_no_way_inside() -> None:
    """From city to city there is nothing but the link; within a city one ride; to where one is, nothing."""
    assert [s.mode for s in trip("east", "west", "2026-01-06T10:00").stretches] == ["ferry"]
    (inside,) = trip("west", "pier", "2026-01-06T10:00").stretches
    assert inside.hours["ride"].value == pytest.approx(0.5, rel=1e-3)
    assert trip("pier", "pier", "2026-01-06T10:00").stretches == ()


def test_a_dated_change_holds_from_its_date_on() -> None:
    """A faster ferry from the tenth on takes its hours then, and not the day before."""
    change = {"changes": [{"from": "2026-01-10", "set": {"links.boat.ride_hours": 1}}]}
    before, after = (trip("east", "west", f"2026-01-{day}T12:00", change) for day in ("09", "11"))
    assert before.hours - after.hours == pytest.approx(1.0)


def test_a_matrix_has_the_letter_of_its_entry() -> None:
    """Hours that are given have the letter of the pair in the direction in which it is given."""
    changed: dict[str, Any] = {
        "travel": {"method": "matrix", "hours": {"depot": {"pier": 3}}},
        "links": {},
        "sources": {
            "travel": {"quality": "C", "note": "from a book"},
            "travel.hours.depot.pier": {"quality": "A", "note": "measured"},
        },
    }
    (back,) = trip("pier", "depot", "2026-01-06T10:00", changed).stretches
    assert (back.mode, back.hours["ride"].value, back.quality) == ("table", 3.0, "A")


@pytest.mark.parametrize(
    ("start", "to", "at", "weather", "what", "found"),
    [
        ("nowhere", "west", "2026-01-06T10:00", {}, "FROM", "'nowhere'"),
        ("east", "nowhere", "2026-01-06T10:00", {}, "TO", "'nowhere'"),
        ("east", "west", "2025-12-31T10:00", {}, "--at", "2025-12-31 10:00"),
        ("east", "west", "2026-03-06T10:00", {}, "--at", "2026-03-06 10:00"),
        ("east", "west", "2026-01-06T10:00", {"east": ["typhoon"]}, "TO", "no way from east to west"),
        ("east", "west", "2026-01-06T10:00", {"north": ["rain"]}, "--weather", "'north'"),
    ],
)
def test_a_trip_that_cannot_be_is_refused(
    start: str, to: str, at: str, weather: dict[str, list[str]], what: str, found: str
) -> None:
    """The refusal names what was given and what is allowed."""
    with pytest.raises(TripError) as caught:
        trip(start, to, at, weather=weather)
    assert caught.value.what == what and found in caught.value.found and caught.value.allowed


def test_a_name_that_two_sections_have_is_asked_for_by_its_section() -> None:
    """A site named as a city is refused by its bare name and found by the dotted one."""
    site = document()["sites"]["pier"]
    changed = {"sites": {"east": site}, "centres.depot.serves": {"sites": ["east"]}}
    with pytest.raises(TripError, match=r"cities\.east or sites\.east"):
        trip("east", "west", "2026-01-06T10:00", changed)
    (inside,) = trip("cities.west", "sites.east", "2026-01-06T10:00", changed).stretches
    assert inside.mode == "city"


def test_letters_are_ordered() -> None:
    """The worst letter of a stretch is the last in the order of the sources."""
    assert weakest("A", "C", "B") == "C" and weakest("R", "assumption") == "assumption"

"""What a scenario may write about links and about travel inside cities."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from scenarios.links import (
    CityTravel,
    InsideCity,
    Link,
    OwnInsideCity,
    check_links,
    inside,
    operating_hours,
)

CITIES = ("penang", "medan")


def link(**given: Any) -> Link:
    """Return a ferry from Penang to Medan with what a test gives it."""
    return Link.model_validate({"from": "penang", "to": "medan", "mode": "ferry", "ride_hours": 6.0, **given})


def problems(of: Link, travel: CityTravel | None = None) -> list[tuple[str, str]]:
    """Return key and allowed values of each problem of one link."""
    found = check_links({"boat": of}, travel or CityTravel(), CITIES)
    return [(problem.key, problem.allowed) for problem in found]


# Properties


@given(st.sampled_from(tuple(OwnInsideCity.model_fields)), st.data())
def test_a_city_differs_from_the_default_in_what_it_says_alone(figure: str, data: st.DataObject) -> None:
    """A figure of a city replaces the default's; all others stay the default's."""
    values: dict[str, Any] = {
        "speed_kmh": data.draw(st.floats(1.0, 199.0)),
        "circuity": data.draw(st.floats(1.0, 5.0)),
        "traffic_by_hour": data.draw(st.lists(st.floats(0.1, 20.0), min_size=24, max_size=24)),
        "slowed_by": data.draw(st.dictionaries(st.sampled_from(["rain", "flood"]), st.floats(1.0, 50.0))),
    }
    default = InsideCity(speed_kmh=41.0, circuity=1.7, traffic_by_hour=(1.5,) * 24)
    own = OwnInsideCity.model_validate({figure: values[figure]})
    found = inside(CityTravel(default=default, cities={"medan": own}), "medan").model_dump()
    expected = {**default.model_dump(), figure: own.model_dump()[figure]}
    assert found == expected


@given(st.lists(st.integers(0, 1439), min_size=2, max_size=6, unique=True))
def test_daily_windows_keep_their_hours(minutes: list[int]) -> None:
    """Opening and closing come back in hours, in order, also over midnight."""
    edges = sorted(minutes)[: len(minutes) // 2 * 2]
    edges = [*edges[1:], edges[0] + 1440]
    pairs = list(zip(edges[::2], edges[1::2], strict=True))
    written = [f"{a // 60:02}:{a % 60:02}-{b % 1440 // 60:02}:{b % 60:02}" for a, b in reversed(pairs)]
    assert operating_hours(link(operates=written)) == tuple((a / 60, b / 60) for a, b in pairs)


# Examples


@pytest.mark.parametrize("written", [[], ["00:00-24:00"], ["06:00-06:00"], ["06:00-18:00", "18:00-06:00"]])
def test_a_link_that_never_closes_has_no_windows(written: list[str]) -> None:
    """No window and windows that fill the day both mean always."""
    assert operating_hours(link(operates=written)) == ()


@pytest.mark.parametrize(
    ("given", "key"),
    [
        ({"ride_hours": 0.0}, "ride_hours"),
        ({"wait_hours": -1.0}, "wait_hours"),
        ({"slowed_by": {"storm": 0.9}}, "slowed_by"),
        ({"slowed_by": {"thunder": 2.0}}, "slowed_by"),
        ({"closed_by": ["tyfoon"]}, "closed_by"),
        ({"operates": ["6-22"]}, "operates"),
        ({"mode": "rail"}, "mode"),
        ({"both_ways": "yes"}, "both_ways"),
        ({"hours": 3.0}, "hours"),
        ({"cost": -1.0}, "cost"),
    ],
)
def test_a_wrong_value_is_refused_at_its_key(given: dict[str, Any], key: str) -> None:
    """A value out of range, an unknown word and an unknown key are refused where they stand."""
    with pytest.raises(ValidationError) as refused:
        link(**given)
    assert refused.value.errors()[0]["loc"][0] == key


def test_a_day_of_traffic_has_24_hours() -> None:
    """Traffic with an hour missing is refused."""
    with pytest.raises(ValidationError):
        InsideCity(traffic_by_hour=(1.0,) * 23)


@pytest.mark.parametrize(
    ("given", "key"),
    [
        ({"to": "dumai"}, "links.boat.to"),
        ({"from": "dumai"}, "links.boat.from"),
        ({"to": "penang"}, "links.boat.to"),
        ({"closed_by": ["storm"], "slowed_by": {"storm": 2.0}}, "links.boat.slowed_by.storm"),
        ({"operates": ["06:00-12:00", "11:00-13:00"]}, "links.boat.operates"),
        ({"operates": ["22:00-04:00", "03:00-05:00"]}, "links.boat.operates"),
    ],
)
def test_contradictions_are_named_by_their_key(given: dict[str, Any], key: str) -> None:
    """What each value allows and all together forbid is one problem at the dotted key."""
    assert [found for found, _ in problems(link(**given))] == [key]


def test_a_sound_link_has_no_problem() -> None:
    """A link between two cities that closes at night and in storms is in order."""
    assert problems(link(operates=["06:00-22:00"], closed_by=["storm"], slowed_by={"rain": 1.2})) == []


def test_travel_inside_an_unknown_city_is_a_problem() -> None:
    """Figures for a city that the scenario does not have are named, with the cities it has."""
    travel = CityTravel(cities={"dumai": OwnInsideCity(speed_kmh=20.0)})
    assert problems(link(), travel) == [("city_travel.cities.dumai", "a key of cities (medan, penang)")]

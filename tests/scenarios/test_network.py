"""Routes between cities at a time of departure and in a weather, and hours inside a city."""

from __future__ import annotations

import math
import pickle
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenarios.legs import FAIR
from scenarios.links import CityTravel, InsideCity, Link, OwnInsideCity
from scenarios.network import CityNetwork, describe_trip, separated
from scenarios.network_compiling import compile_network
from scenarios.places import City

ZONES = {
    "kuala-lumpur": "Asia/Kuala_Lumpur",
    "bangkok": "Asia/Bangkok",
    "jakarta": "Asia/Jakarta",
    "new-york": "America/New_York",
}
KUL, BKK, JKT, NYC = range(4)
WEATHERS = ("rain", "storm", "typhoon", "flood")

#: A slow machine is no counterexample.
untimed = settings(deadline=None)


def network(
    links: Mapping[str, Mapping[str, Any]],
    travel: CityTravel | None = None,
    start: date = date(2026, 1, 1),
    letters: Mapping[str, str] | None = None,
) -> CityNetwork:
    """Return four cities with links; what a link leaves out is a ride of an hour on a road."""
    cities = {
        name: City(name=name, country="somewhere", lat=0.0, lon=0.0, time_zone=zone)
        for name, zone in ZONES.items()
    }
    plain = {"from": "kuala-lumpur", "to": "bangkok", "mode": "road", "ride_hours": 1.0}
    written = {name: Link.model_validate({**plain, **values}) for name, values in links.items()}
    return compile_network(cities, written, travel or CityTravel(), start, 8760.0, letters or {})


def instant(*local: int, zone: str) -> float:
    """Return a local time of 2026 (month, day, hour, minute) in hours since the start of that year in UTC."""
    month, day, hour, minute = local
    ahead = {"KUL": 8, "BKK": 7, "EST": -5, "EDT": -4}[zone]
    return (datetime(2026, month, day, hour, minute) - datetime(2026, 1, 1)).total_seconds() / 3600.0 - ahead


@st.composite
def some_links(draw: st.DrawFn) -> dict[str, dict[str, Any]]:
    """Return links between the four cities, with every figure and every weather they may have."""
    hours = st.integers(0, 12).map(lambda n: n / 4.0)
    written: dict[str, dict[str, Any]] = {}
    for number in range(draw(st.integers(1, 8))):
        start, to = draw(st.permutations(list(ZONES)))[:2]
        closed = draw(st.lists(st.sampled_from(WEATHERS), max_size=2, unique=True))
        slowing = [weather for weather in WEATHERS if weather not in closed]
        written[f"link-{number}"] = {
            "from": start,
            "to": to,
            "mode": draw(st.sampled_from(["road", "ferry", "air"])),
            "ride_hours": draw(hours) + 0.25,
            "access_hours": draw(hours),
            "egress_hours": draw(hours),
            "wait_hours": draw(hours),
            "border_hours": draw(hours),
            "cost": float(draw(st.integers(0, 200))),
            "both_ways": draw(st.booleans()),
            "operates": draw(st.sampled_from([[], ["06:00-22:00"], ["20:30-03:15"]])),
            "closed_by": closed,
            "slowed_by": draw(st.dictionaries(st.sampled_from(slowing), st.floats(1.0, 4.0), max_size=2)),
        }
    return written


some_weather = st.dictionaries(
    st.sampled_from(list(ZONES)), st.lists(st.sampled_from(WEATHERS), max_size=2), max_size=4
)
some_departure = st.integers(0, 8760 * 12).map(lambda n: n / 12.0)


# Theory


@untimed
@given(some_links(), some_weather)
def test_where_nothing_closes_hours_are_shortest_paths(
    links: dict[str, dict[str, Any]], conditions: dict[str, list[str]]
) -> None:
    """Without operating hours, hours are those of Dijkstra's shortest paths in networkx, at any departure."""
    found = network({name: {**link, "operates": []} for name, link in links.items()})
    weather = found.weather(conditions)
    expected = np.full((4, 4), math.inf)
    for start, lengths in nx.all_pairs_dijkstra_path_length(found.graph(weather), weight="hours"):
        for to, hours in lengths.items():
            expected[found.cities.index(to), found.cities.index(start)] = hours
    for depart in (0.0, 13.7):
        assert found.door_to_door(weather, depart).hours == pytest.approx(expected)


# Properties


@untimed
@given(some_links(), some_weather, some_departure)
def test_matrix_single_hours_and_path_agree(
    links: dict[str, dict[str, Any]], conditions: dict[str, list[str]], depart: float
) -> None:
    """Between any two cities the legs of the path follow on each other and add up to the matrix."""
    found = network(links)
    weather = found.weather(conditions)
    between = found.door_to_door(weather, depart)
    for start, to in np.ndindex(4, 4):
        hours = between.hours[to, start]
        assert found.hours(start, to, weather, depart) == pytest.approx(hours)
        if math.isinf(hours):
            assert (float(between.cost[to, start]), int(between.legs[to, start])) == (math.inf, 0)
            with pytest.raises(ValueError, match="no way leads"):
                found.path(start, to, weather, depart)
            continue
        legs = found.path(start, to, weather, depart)
        ends = [found.cities[start], *(leg.to for leg in legs)]
        assert [leg.start for leg in legs] == ends[:-1]
        assert ends[-1] == found.cities[to]
        assert [leg.depart for leg in legs] == [depart, *(leg.arrive for leg in legs)][: len(legs)]
        assert sum(leg.cost for leg in legs) == between.cost[to, start]
        assert len(legs) == between.legs[to, start]
        spent = sum(
            leg.access_hours
            + leg.wait_hours
            + leg.shut_hours
            + leg.ride_hours
            + leg.border_hours
            + leg.egress_hours
            for leg in legs
        )
        assert spent == pytest.approx(hours, abs=1e-6)


@untimed
@given(some_links(), some_weather, some_departure, st.floats(0.0, 48.0))
def test_leaving_later_never_arrives_earlier(
    links: dict[str, dict[str, Any]], conditions: dict[str, list[str]], depart: float, later: float
) -> None:
    """Arrivals do not fall with the departure, in one weather and with the clocks as they are."""
    found = network({name: link for name, link in links.items() if "new-york" not in link.values()})
    weather = found.weather(conditions)
    soon = found.door_to_door(weather, depart).hours
    late = found.door_to_door(weather, depart + later).hours + later
    assert np.all((soon <= late + 1e-6) | np.isinf(late))


@untimed
@given(some_links(), some_weather, some_departure)
def test_weather_never_speeds_a_trip(
    links: dict[str, dict[str, Any]], conditions: dict[str, list[str]], depart: float
) -> None:
    """No weather makes any trip shorter than in fair weather."""
    found = network(links)
    fair = found.door_to_door(FAIR, depart).hours
    bad = found.door_to_door(found.weather(conditions), depart).hours
    assert np.all((bad >= fair - 1e-9) | np.isinf(bad))


@untimed
@given(some_links(), some_weather, st.lists(some_departure, min_size=1, max_size=6))
def test_answers_do_not_depend_on_what_was_asked_before(
    links: dict[str, dict[str, Any]], conditions: dict[str, list[str]], departures: list[float]
) -> None:
    """A copy that has looked nothing up, as a worker gets it, answers the same bits in any order."""
    found = network(links)
    weather = found.weather(conditions)
    first = [found.door_to_door(weather, depart) for depart in departures]
    copy = pickle.loads(pickle.dumps(found))
    again = [copy.door_to_door(copy.weather(conditions), depart) for depart in reversed(departures)]
    for one, other in zip(first, reversed(again), strict=True):
        assert all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))


# Examples: time zones and nights


@pytest.mark.parametrize(
    ("start", "to", "depart", "arrive"),
    [
        # From Kuala Lumpur rides begin from 22:00 UTC: 6:00 there, 5:00 in Bangkok.
        (KUL, BKK, (1, 5, 3, 59, "KUL"), (1, 5, 7, 30, "BKK")),
        (KUL, BKK, (1, 5, 4, 0, "KUL"), (1, 5, 7, 30, "BKK")),
        (KUL, BKK, (1, 5, 4, 1, "KUL"), (1, 5, 7, 31, "BKK")),
        (KUL, BKK, (1, 5, 19, 59, "KUL"), (1, 5, 23, 29, "BKK")),
        (KUL, BKK, (1, 5, 20, 0, "KUL"), (1, 6, 7, 30, "BKK")),
        # From Bangkok an hour later, by its own clock, with the terminals' hours exchanged.
        (BKK, KUL, (1, 5, 4, 29, "BKK"), (1, 5, 10, 0, "KUL")),
        (BKK, KUL, (1, 5, 4, 31, "BKK"), (1, 5, 10, 1, "KUL")),
        (BKK, KUL, (1, 5, 20, 29, "BKK"), (1, 6, 1, 59, "KUL")),
        (BKK, KUL, (1, 5, 20, 30, "BKK"), (1, 6, 10, 0, "KUL")),
    ],
)
def test_a_link_operates_by_the_clock_of_the_city_it_leaves(
    start: int, to: int, depart: tuple[int, int, int, int, str], arrive: tuple[int, int, int, int, str]
) -> None:
    """Kuala Lumpur (+8) to Bangkok (+7) and back, rides from 6 to 22 local: right to the minute."""
    flight = {
        "access_hours": 1.0,
        "wait_hours": 1.0,
        "ride_hours": 1.5,
        "border_hours": 0.5,
        "egress_hours": 0.5,
        "operates": ["06:00-22:00"],
    }
    found = network({"flight": flight})
    left, reached = (instant(*when[:4], zone=when[4]) for when in (depart, arrive))
    assert left + found.hours(start, to, FAIR, left) == pytest.approx(reached, abs=1e-6)


@pytest.mark.parametrize("minutes", range(1, 120, 7))
def test_rounding_does_not_decide_who_is_in_time(minutes: int) -> None:
    """Who is ready at 6:00 rides at once, and who is ready at 22:00 is late, whatever the hours before."""
    before = minutes / 60.0
    boat = {"access_hours": before / 3.0, "wait_hours": before * 2.0 / 3.0, "operates": ["06:00-22:00"]}
    found = network({"boat": boat})
    for day in (1, 100, 300):
        first, late = (24.0 * day + local - 8.0 - before for local in (6.0, 22.0))
        assert found.hours(KUL, BKK, FAIR, first) == pytest.approx(before + 1.0, abs=1e-6)
        assert found.hours(KUL, BKK, FAIR, late) == pytest.approx(before + 8.0 + 1.0, abs=1e-6)
        assert found.path(KUL, BKK, FAIR, first)[0].shut_hours == pytest.approx(0.0, abs=1e-6)
        assert found.path(KUL, BKK, FAIR, late)[0].shut_hours == pytest.approx(8.0, abs=1e-6)


def test_rounding_does_not_decide_in_which_hour_a_trip_begins() -> None:
    """Who leaves at 21:00 for a boat until 22:00, an hour away, is late, also a rounding error earlier."""
    found = network({"boat": {"access_hours": 1.0, "operates": ["06:00-22:00"]}})
    late = instant(1, 5, 21, 0, zone="KUL")
    for depart in (late, math.nextafter(late, 0.0), math.nextafter(late, math.inf)):
        assert found.hours(KUL, BKK, FAIR, depart) == pytest.approx(10.0, abs=1e-6)


def test_a_window_over_midnight_is_open_on_both_days() -> None:
    """A night boat leaves at 23:30 and at 1:59, and at 2:00 no longer: then at 22:00."""
    found = network({"boat": {"operates": ["22:00-02:00"], "ride_hours": 3.0}})
    asked = [(1, 5, 23, 30), (1, 6, 1, 59), (1, 6, 2, 0), (1, 6, 21, 0)]
    hours = [found.hours(KUL, BKK, FAIR, instant(*when, zone="KUL")) for when in asked]
    assert hours == pytest.approx([3.0, 3.0, 23.0, 4.0])


def test_opening_hours_follow_the_clocks_when_they_change() -> None:
    """What opens at 6:00 in New York opens an hour earlier in UTC once summer time has begun."""
    found = network({"flight": {"from": "new-york", "operates": ["06:00-22:00"]}})
    before = instant(3, 8, 1, 0, zone="EST")
    after = instant(3, 8, 3, 0, zone="EDT")
    assert found.hours(NYC, BKK, FAIR, instant(3, 7, 5, 0, zone="EST")) == pytest.approx(2.0)
    assert found.hours(NYC, BKK, FAIR, instant(7, 7, 5, 0, zone="EDT")) == pytest.approx(2.0)
    assert found.local_hour_of_week(NYC, before) % 24 == pytest.approx(1.0)
    assert found.local_hour_of_week(NYC, after) % 24 == pytest.approx(3.0)
    assert after - before == pytest.approx(1.0)


# Examples: weather and direction


@pytest.mark.parametrize("city", ["kuala-lumpur", "bangkok"])
def test_weather_at_either_end_closes_a_link(city: str) -> None:
    """A typhoon at one end of the only link cuts the other city off; one elsewhere does not."""
    found = network({"flight": {"closed_by": ["typhoon"]}})
    assert found.hours(KUL, BKK, found.weather({city: ["typhoon"]}), 0.0) == math.inf
    assert found.hours(KUL, BKK, found.weather({"jakarta": ["typhoon"]}), 0.0) == 1.0
    assert separated(found, FAIR) == (("bangkok", "kuala-lumpur"), ("jakarta",), ("new-york",))
    assert len(separated(found, found.weather({city: ["typhoon"]}))) == 4


def test_the_worst_weather_slows_the_ride_and_only_the_ride() -> None:
    """Of rain at one end and a flood at the other the flood counts, on the hours of the ride."""
    found = network({"road": {"access_hours": 0.5, "slowed_by": {"rain": 1.5, "flood": 3.0}}})
    weather = found.weather({"kuala-lumpur": ["rain"], "bangkok": ["flood"]})
    (leg,) = found.path(KUL, BKK, weather, 0.0)
    assert (leg.ride_hours, leg.arrive - leg.depart) == (3.0, 3.5)


def test_a_closed_flight_leaves_the_road() -> None:
    """When a typhoon closes the flight, the trip goes by road although it is longer."""
    found = network({"flight": {"mode": "air", "closed_by": ["typhoon"]}, "road": {"ride_hours": 9.0}})
    weather = found.weather({"bangkok": ["typhoon"]})
    modes = [found.path(KUL, BKK, given, 0.0)[0].mode for given in (FAIR, weather)]
    assert modes == ["air", "road"]


def test_weather_that_no_link_minds_is_fair_weather() -> None:
    """Rain where only typhoons matter is the same weather as none, so that nothing is searched anew."""
    found = network({"flight": {"closed_by": ["typhoon"]}})
    assert found.weather({"kuala-lumpur": ["rain"], "jakarta": ["typhoon"], "bangkok": []}) == FAIR
    assert found.weather({"bangkok": ["rain", "typhoon"]}) == {(BKK, "typhoon")}


def test_one_way_links_lead_one_way() -> None:
    """A link that does not lead back leaves the way back to others."""
    found = network({"there": {"both_ways": False}, "back": {"ride_hours": 4.0}})
    assert (found.hours(KUL, BKK, FAIR, 0.0), found.hours(BKK, KUL, FAIR, 0.0)) == (1.0, 4.0)


def test_the_way_back_exchanges_the_terminals() -> None:
    """Access and egress, and their letters, change places on the way back; all else stays."""
    found = network(
        {"flight": {"access_hours": 1.0, "egress_hours": 0.25, "cost": 80.0}},
        letters={"links": "C", "links.flight.access_hours": "A"},
    )
    (there,), (back,) = found.path(KUL, BKK, FAIR, 0.0), found.path(BKK, KUL, FAIR, 0.0)
    assert (there.access_hours, there.egress_hours, back.access_hours, back.egress_hours) == (
        1,
        0.25,
        0.25,
        1,
    )
    assert (there.letters.access, there.letters.egress) == ("A", "C")
    assert (back.letters.access, back.letters.egress) == ("C", "A")
    assert there.cost == back.cost == 80.0


def test_the_nearest_source_gives_the_letter() -> None:
    """A figure has its own letter, else its link's, else that of all links, else it is an assumption."""
    letters = {"links.one.ride_hours": "A", "links.one": "B", "links": "R"}
    one = {"one": {}, "two": {"to": "jakarta"}}
    (first,) = network(one, letters=letters).path(KUL, BKK, FAIR, 0.0)
    (second,) = network(one, letters=letters).path(KUL, JKT, FAIR, 0.0)
    (silent,) = network(one).path(KUL, BKK, FAIR, 0.0)
    assert (first.quality, first.letters.cost, second.quality, silent.quality) == (
        "A",
        "B",
        "R",
        "assumption",
    )


# Examples: what is kept


def test_a_search_is_done_once_for_an_hour_of_the_day() -> None:
    """Departures in one hour of any day, after the same openings, share one search; another hour does not."""
    found = network({"flight": {"operates": ["06:00-22:00"]}})
    kept = found.reach(KUL, FAIR, 30.25)
    assert found.reach(KUL, FAIR, 30.75) is kept
    assert found.reach(KUL, FAIR, 54.5) is kept
    assert found.reach(KUL, FAIR, 31.25) is not kept


def test_what_never_closes_is_searched_once() -> None:
    """Without operating hours one search serves all departures until a clock changes."""
    found = network({"road": {}})
    assert found.reach(KUL, FAIR, 3.0) is found.reach(KUL, FAIR, 1017.9)


# Examples: inside a city


def test_hours_inside_a_city_are_the_product_of_their_figures() -> None:
    """10 km x 1.5 / 20 km/h is 0.75 h; at 8 o'clock traffic doubles it, a flood trebles it."""
    traffic = tuple(2.0 if hour == 8 else 1.0 for hour in range(24))
    travel = CityTravel(
        default=InsideCity.model_validate(
            {
                "speed_kmh": 20.0,
                "circuity": 1.5,
                "traffic_by_hour": traffic,
                "slowed_by": {"flood": 3, "rain": 2},
            }
        ),
        cities={"bangkok": OwnInsideCity(speed_kmh=10.0)},
    )
    found = network({}, travel)
    assert found.inside_hours(KUL, 10.0, 7.99) == 0.75
    assert found.inside_hours(KUL, 10.0, 24.0 * 6 + 8.5) == 1.5
    assert found.inside_hours(BKK, 10.0, 9.0) == 1.5
    assert found.inside_hours(KUL, 10.0, 8.0, ("rain", "flood")) == 4.5
    assert found.inside_hours(KUL, 10.0, 9.0, ("storm",)) == 0.75


def test_the_hour_of_the_week_is_local_and_begins_on_monday() -> None:
    """Midnight UTC of Thursday, 1 January 2026, is 8:00 in Kuala Lumpur, 19:00 on Wednesday in New York."""
    found = network({})
    assert found.local_hour_of_week(KUL, 0.0) == 3 * 24 + 8
    assert found.local_hour_of_week(NYC, 0.0) == 2 * 24 + 19
    assert found.local_hour_of_week(KUL, 88.0) == 0.0


# Examples: a trip as it is shown


def test_a_trip_is_shown_in_local_times() -> None:
    """A trip over two zones leaves by the clock of the one city and arrives by that of the other."""
    found = network(
        {"flight": {"mode": "air"}, "road": {"from": "bangkok", "to": "jakarta", "ride_hours": 2.5}}
    )
    rows = describe_trip(found, "kuala-lumpur", "jakarta", datetime(2026, 1, 5, 8))
    assert [(row.leg.link, row.leg.mode) for row in rows] == [("flight", "air"), ("road", "road")]
    assert [f"{row.departs:%d %H:%M}-{row.arrives:%H:%M %z}" for row in rows] == [
        "05 08:00-08:00 +0700",
        "05 08:00-10:30 +0700",
    ]
    assert rows == describe_trip(found, "kuala-lumpur", "jakarta", datetime(2026, 1, 5, 0, tzinfo=UTC))
    assert describe_trip(found, "jakarta", "jakarta", datetime(2026, 1, 5, 8)) == ()


@pytest.mark.parametrize(
    ("start", "to", "conditions", "message"),
    [
        ("kuala-lumpur", "dumai", {}, "unknown city 'dumai': allowed are kuala-lumpur, bangkok"),
        ("kuala-lumpur", "bangkok", {"dumai": ["rain"]}, "unknown city 'dumai'"),
        ("kuala-lumpur", "jakarta", {}, "no way leads from kuala-lumpur to jakarta"),
        ("kuala-lumpur", "bangkok", {"bangkok": ["storm"]}, "no way leads from kuala-lumpur to bangkok"),
    ],
)
def test_a_trip_that_cannot_be_is_refused(
    start: str, to: str, conditions: dict[str, list[str]], message: str
) -> None:
    """An unknown city and a way that is closed are named."""
    found = network({"flight": {"closed_by": ["storm"]}})
    with pytest.raises(ValueError, match=message):
        describe_trip(found, start, to, datetime(2026, 1, 5, 8), conditions)

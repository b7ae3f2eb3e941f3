"""Earliest arrivals against all ways tried out one by one, and in what must hold of any of them."""

from __future__ import annotations

import math
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenarios.earliest_arrival import EPSILON, Hop, Reach, Windows, daily_windows, opening, reaches

Hops = tuple[tuple[Hop, ...], ...]

#: A slow machine is no counterexample.
untimed = settings(deadline=None)

#: Quarters of an hour, so that ways meet openings and each other on the same instant.
quarters = st.integers(1, 40).map(lambda n: n / 4.0)
departures = st.integers(0, 24 * 12 - 1).map(lambda n: n / 12.0)


@st.composite
def daily(draw: st.DrawFn) -> tuple[tuple[float, float], ...]:
    """Return up to two windows of a local day, perhaps over midnight, or none for always."""
    over_midnight = draw(st.booleans())
    edges = sorted(draw(st.lists(st.integers(0, 95), min_size=0, max_size=4, unique=True)))
    edges = edges[: len(edges) // 2 * 2]
    if edges and over_midnight:
        edges = [*edges[1:], edges[0] + 96]
    return tuple((a / 4.0, b / 4.0) for a, b in zip(edges[::2], edges[1::2], strict=True))


@st.composite
def networks(draw: st.DrawFn) -> Hops:
    """Return a few cities with legs in any direction, also parallel ones; some cities may be cut off."""
    size = draw(st.integers(1, 5))
    cities = st.integers(0, size - 1)
    leaving: list[list[Hop]] = [[] for _ in range(size)]
    for leg in range(draw(st.integers(0, 10))):
        start, to = draw(cities), draw(cities)
        if start == to:
            continue
        windows = daily_windows(draw(daily()), draw(st.sampled_from([0.0, 5.5, 7.0, 8.0, -5.0])))
        before, after, cost = draw(quarters) - 0.25, draw(quarters), float(draw(st.integers(0, 9)))
        leaving[start].append(Hop(leg, to, before, after, cost, windows))
    return tuple(tuple(hops) for hops in leaving)


def ride_begins(windows: Windows, ready: float) -> float:
    """Return when a ride begins, walking from minute to minute until a window of any day is open."""
    today = {(begin % 24.0, end - begin) for begin, end in windows}
    minute = 0
    while windows:
        now = ready + minute / 60.0 + EPSILON
        if any((now - begin) % 24.0 < length for begin, length in today):
            break
        minute += 1
    return ready + minute / 60.0


def every_arrival(hops: Hops, origin: int, to: int, depart: float) -> Iterator[float]:
    """Yield the arrival of each way that visits no city twice."""

    def onward(city: int, t: float, seen: frozenset[int]) -> Iterator[float]:
        if city == to:
            yield t
            return
        for hop in hops[city]:
            if hop.to not in seen:
                yield from onward(
                    hop.to, ride_begins(hop.windows, t + hop.before) + hop.after, seen | {hop.to}
                )

    yield from onward(origin, depart, frozenset({origin}))


def arrival(found: tuple[Reach, ...], to: int, depart: float) -> float:
    """Return the arrival that holds for a departure."""
    reach = next(r for r in found if depart + EPSILON < r.until)
    return max(depart + reach.lead[to], reach.held[to])


# Theory


@settings(deadline=None, max_examples=200)
@given(networks(), departures)
def test_no_way_arrives_earlier(hops: Hops, depart: float) -> None:
    """The earliest arrival is the least over all ways, each followed leg by leg."""
    found = reaches(hops, 0, 0.0, 24.0)
    for to in range(len(hops)):
        best = min(every_arrival(hops, 0, to, depart), default=math.inf)
        assert arrival(found, to, depart) == pytest.approx(best, abs=1e-6)


# Properties


@untimed
@given(networks(), st.floats(0.0, 23.999), st.floats(0.0, 23.999))
def test_leaving_later_never_arrives_earlier(hops: Hops, one: float, other: float) -> None:
    """Arrivals do not fall with the departure."""
    found = reaches(hops, 0, 0.0, 24.0)
    early, late = sorted((one, other))
    for to in range(len(hops)):
        assert arrival(found, to, early) <= arrival(found, to, late) + 1e-6


@untimed
@given(networks(), st.integers(0, 23), st.floats(0.0, 0.999))
def test_an_hour_of_departures_agrees_with_the_whole_day(hops: Hops, hour: int, part: float) -> None:
    """Searching a day hour by hour gives the arrivals of searching it at once, and of the next day."""
    depart = hour + part
    day = reaches(hops, 0, 0.0, 24.0)
    alone = reaches(hops, 0, float(hour), hour + 1.0)
    tomorrow = reaches(hops, 0, hour + 24.0, hour + 25.0)
    for to in range(len(hops)):
        expected = arrival(day, to, depart)
        assert arrival(alone, to, depart) == pytest.approx(expected, abs=1e-6)
        assert arrival(tomorrow, to, depart + 24.0) == pytest.approx(expected + 24.0, abs=1e-6)


@untimed
@given(networks(), departures)
def test_a_way_can_be_followed_back(hops: Hops, depart: float) -> None:
    """The last legs lead from every city that is reached back to the origin, with their number and fares."""
    reach = next(r for r in reaches(hops, 0, 0.0, 24.0) if depart + EPSILON < r.until)
    legs = {hop.leg: (start, hop) for start, leaving in enumerate(hops) for hop in leaving}
    for to in range(len(hops)):
        city, count, cost = to, 0, 0.0
        while reach.last[city] >= 0:
            start, hop = legs[reach.last[city]]
            assert hop.to == city
            city, count, cost = start, count + 1, cost + hop.cost
        if math.isfinite(reach.lead[to]):
            assert (city, count, cost) == (0, reach.legs[to], reach.cost[to])
        else:
            assert (city, count, reach.cost[to]) == (to, 0, math.inf)


@given(daily(), st.sampled_from([0.0, 5.5, 8.0, -9.5]), st.integers(-400_000, 400_000))
def test_the_next_opening_is_that_of_the_local_day(
    local: tuple[tuple[float, float], ...], offset: float, ticks: int
) -> None:
    """What is found is open exactly if the local time lies in a window, and closes after the instant."""
    t = ticks / 4096.0  # no rounding in adding an offset to it
    opens, closes = opening(daily_windows(local, offset), t)
    inside = any((t + offset - begin) % 24.0 < end - begin for begin, end in local)
    assert t < closes
    assert (opens <= t) == (inside or not local)


# Examples


def test_a_way_that_just_misses_the_last_boat_waits_for_the_first() -> None:
    """A link whose rides begin from 6 to 22 takes who is ready at 21:59, and not who is ready at 22:00."""
    boat = Hop(0, 1, 0.5, 2.0, 0.0, daily_windows(((6.0, 22.0),), 0.0))
    found = reaches(((boat,), ()), 0, 0.0, 24.0)
    ready = {minute: arrival(found, 1, 21.0 + minute / 60.0) for minute in (29, 30)}
    assert ready == {29: pytest.approx(21.0 + 29 / 60.0 + 2.5), 30: pytest.approx(24.0 + 6.0 + 2.0)}


def test_the_road_is_taken_as_long_as_it_beats_waiting() -> None:
    """Ten hours by road beat a flight of one hour that opens at 6 until 21:00, not after."""
    road = Hop(0, 1, 0.0, 10.0, 5.0, ())
    flight = Hop(1, 1, 0.0, 1.0, 90.0, daily_windows(((6.0, 18.0),), 0.0))
    found = reaches(((road, flight), ()), 0, 18.0, 24.0)
    assert found[0].until == pytest.approx(20.0 + 1.0)
    assert (found[0].last[1], found[-1].last[1]) == (0, 1)


def test_of_equal_ways_the_cheaper_is_taken() -> None:
    """Where two ways take the same hours, fares decide."""
    hops = tuple(Hop(leg, 1, 0.0, 3.0, cost, ()) for leg, cost in enumerate((7.0, 4.0, 9.0)))
    assert reaches((hops, ()), 0, 0.0, 24.0)[0].last[1] == 1

"""Opening hours against arithmetic, against a reference that walks minute by minute, and to the minute."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenarios.open_hours import (
    DAYS,
    OpenHours,
    compile_open_hours,
    intersection,
    parse_week,
    union,
)

MARGIN_DAYS = 4
DAYS_COMPARED = 8
ZONES = (
    "Asia/Kuala_Lumpur",
    "Asia/Kolkata",
    "Asia/Bangkok",
    "America/New_York",
    "Australia/Lord_Howe",
    "Pacific/Apia",
)
#: Beside an ordinary week: the changes of New York and Lord Howe (by half an hour), and the day Apia skipped.
STARTS = (
    date(2026, 1, 1),
    date(2026, 3, 5),
    date(2026, 4, 2),
    date(2026, 9, 30),
    date(2026, 10, 28),
    date(2011, 12, 27),
)
#: A slow machine is no counterexample.
untimed = settings(deadline=None)


def window_text(begin: int, end: int) -> str:
    """Write a window given in minutes of the week."""
    closing = "24:00" if end == (begin // 1440 + 1) * 1440 else f"{end // 60 % 24:02}:{end % 60:02}"
    return f"{begin // 60 % 24:02}:{begin % 60:02}-{closing}"


@st.composite
def written_weeks(draw: st.DrawFn) -> dict[str, list[str]]:
    """Draw a valid week as a scenario writes it: disjoint windows up to a day long, also around the week."""
    cuts = sorted(draw(st.sets(st.integers(0, 10079 // 5), min_size=2, max_size=16)))
    turn = draw(st.integers(0, 10079))
    week: dict[str, list[str]] = {}
    for begin, end in zip(cuts[::2], cuts[1::2], strict=False):
        opens = (begin * 5 + turn) % 10080
        closes = opens + min(end * 5 - begin * 5, 1440)
        week.setdefault(DAYS[opens // 1440], []).append(window_text(opens, closes))
    return week


@st.composite
def some_open_hours(draw: st.DrawFn) -> OpenHours:
    """Draw a compiled week in some zone, with some closed dates."""
    start = draw(st.sampled_from(STARTS))
    closed = {start + timedelta(days=n) for n in draw(st.sets(st.integers(-1, 9), max_size=3))}
    week = parse_week(draw(written_weeks()))
    return compile_open_hours(week, draw(st.sampled_from(ZONES)), start, 240.0, closed, after=240.0)


def grid(hours: OpenHours, seed: int) -> npt.NDArray[np.float64]:
    """Return sorted instants in and around the range: at random, and at every edge."""
    anywhere = np.random.default_rng(seed).uniform(-30.0, 520.0, 60)
    return np.sort(np.concatenate([anywhere, hours.opens, hours.closes]))


@lru_cache(maxsize=64)
def local_minutes(zone: str, start: date) -> npt.NDArray[np.int64]:
    """Return what the local clock shows, in minutes since the local start date, at every minute of UTC."""
    first = datetime(start.year, start.month, start.day, tzinfo=UTC) - timedelta(days=MARGIN_DAYS)
    place, origin = ZoneInfo(zone), datetime(start.year, start.month, start.day)
    shown = (
        (first + timedelta(minutes=n)).astimezone(place).replace(tzinfo=None) - origin
        for n in range((DAYS_COMPARED + 2 * MARGIN_DAYS) * 1440)
    )
    return np.array([clock.days * 1440 + clock.seconds // 60 for clock in shown])


def open_by_minute(
    week: Mapping[str, Sequence[str]], zone: str, start: date, closed: Collection[date]
) -> npt.NDArray[np.bool_]:
    """Walk through the calendar minute by minute: a window runs from when the clock first shows its edges."""
    latest_shown = np.maximum.accumulate(local_minutes(zone, start))
    opened = np.zeros(len(latest_shown), dtype=bool)
    for number in range(-MARGIN_DAYS, DAYS_COMPARED + MARGIN_DAYS):
        day = start + timedelta(days=number)
        for text in week.get(DAYS[day.weekday()], ()) if day not in closed else ():
            begin, end = (int(part[:2]) * 60 + int(part[3:]) for part in text.split("-"))
            end += 1440 if end <= begin else 0
            first, last = np.searchsorted(latest_shown, [number * 1440 + begin, number * 1440 + end])
            opened[first:last] = True
    return opened[MARGIN_DAYS * 1440 : (MARGIN_DAYS + DAYS_COMPARED) * 1440]


# Theory


@untimed
@given(
    st.floats(-1e6, 1e6, allow_subnormal=False),
    st.floats(0.0, 1e6, allow_subnormal=False),
)
def test_always_open_is_plain_arithmetic(t: float, hours: float) -> None:
    """Where nothing ever closes, open hours are hours, to the last bit and without a horizon."""
    always = compile_open_hours(parse_week("24x7"), "Asia/Manila", date(2026, 1, 1), 24.0)
    assert always.add(t, hours) == t + hours
    assert always.between(t, hours) == hours - t
    assert always.elapsed(t) == t
    assert always.next_open(t) == t
    assert always.is_open(t)
    assert np.array_equal(always.add(np.array([t, t]), hours), np.array([t + hours, t + hours]))


@untimed
@given(
    week=written_weeks(),
    zone=st.sampled_from(ZONES),
    start=st.sampled_from(STARTS),
    closed_days=st.sets(st.integers(-2, DAYS_COMPARED), max_size=4),
)
def test_windows_are_those_of_a_walk_by_minutes(
    week: dict[str, list[str]], zone: str, start: date, closed_days: set[int]
) -> None:
    """Compiled hours agree with a walk through the local calendar at every minute, clock changes included."""
    closed = {start + timedelta(days=number) for number in closed_days}
    compiled = compile_open_hours(parse_week(week), zone, start, DAYS_COMPARED * 24.0, closed, after=0.0)
    minutes = np.arange(DAYS_COMPARED * 1440) / 60.0 + 1.0 / 120.0
    assert np.array_equal(compiled.is_open(minutes), open_by_minute(week, zone, start, closed))


# Properties


@untimed
@given(some_open_hours())
def test_windows_are_sorted_and_apart(hours: OpenHours) -> None:
    """Windows come in order and leave a gap before the next; open hours are the sum of their lengths."""
    assert np.all(hours.opens < hours.closes)
    assert np.all(hours.closes[:-1] < hours.opens[1:])
    assert np.allclose(np.diff(hours.cumulated), hours.closes - hours.opens)
    assert hours.between(-1e5, 1e5) == pytest.approx(np.sum(hours.closes - hours.opens))


@untimed
@given(some_open_hours(), st.integers(0, 1000))
def test_elapsed_rises_with_slope_one_or_none(hours: OpenHours, seed: int) -> None:
    """While it is open, open hours pass like hours; while it is closed they stand still."""
    instants = grid(hours, seed)
    passed = np.diff(hours.elapsed(instants))
    assert np.all(passed >= 0.0)
    assert np.allclose(passed, np.where(hours.is_open(instants[:-1]), np.diff(instants), 0.0), atol=1e-9)


@untimed
@given(some_open_hours(), st.integers(0, 1000), st.floats(0.0, 60.0))
def test_adding_hours_lets_exactly_these_hours_pass(hours: OpenHours, seed: int, added: float) -> None:
    """Between t and add(t, h) lie h open hours, and infinity stands only where fewer than h are left."""
    instants = grid(hours, seed)
    reached = hours.add(instants, added)
    finite = np.isfinite(reached)
    assert np.all(reached >= instants)
    assert np.allclose(hours.between(instants, reached)[finite], added, atol=1e-8)
    assert np.all(hours.between(instants, 1e5)[~finite] < added)


@untimed
@given(some_open_hours(), st.integers(0, 1000), st.floats(0.001, 60.0))
def test_added_hours_end_as_early_as_possible(hours: OpenHours, seed: int, added: float) -> None:
    """Any earlier than add(t, h), fewer than h open hours have passed: never the opening after a closing."""
    reached = hours.add(grid(hours, seed), added)
    reached = reached[np.isfinite(reached)]
    assert np.all(hours.between(reached - 1e-6, reached) > 5e-7)


@untimed
@given(some_open_hours(), st.integers(0, 1000), st.floats(0.0, 30.0), st.floats(0.0, 30.0))
def test_adding_is_monotone(hours: OpenHours, seed: int, one: float, more: float) -> None:
    """A later start or more hours never end earlier."""
    instants = grid(hours, seed)
    reached = hours.add(instants, one)
    assert np.all(reached[1:] >= reached[:-1])
    assert np.all(hours.add(instants, one + more) >= reached)


@untimed
@given(some_open_hours(), st.floats(0.0, 0.999))
def test_the_rest_of_a_window_ends_at_its_closing(hours: OpenHours, part: float) -> None:
    """Adding what is left of a window, as `between` counts it, gives its closing to the last bit."""
    instants = hours.opens + part * (hours.closes - hours.opens)
    assert np.array_equal(hours.add(instants, hours.between(instants, hours.closes)), hours.closes)


@untimed
@given(some_open_hours(), st.integers(0, 1000))
def test_next_open_is_the_first_open_instant(hours: OpenHours, seed: int) -> None:
    """At the next opening it is open, and no open time lies before it; without one it is infinity."""
    instants = grid(hours, seed)
    following = hours.next_open(instants)
    finite = np.isfinite(following)
    assert np.all(hours.is_open(following[finite]))
    assert np.array_equal(following == instants, hours.is_open(instants))
    assert np.all(hours.between(instants[finite], following[finite]) == 0.0)
    assert np.all(hours.between(instants, 1e5)[~finite] == 0.0)


@untimed
@given(st.lists(some_open_hours(), min_size=1, max_size=4), st.integers(0, 1000))
def test_union_and_intersection_are_any_and_all(members: list[OpenHours], seed: int) -> None:
    """The union is open where any member is, the intersection where all are, also at every edge."""
    instants = np.concatenate([grid(member, seed) for member in members])
    opened = np.array([member.is_open(instants) for member in members])
    assert np.array_equal(union(members).is_open(instants), opened.any(axis=0))
    assert np.array_equal(intersection(members).is_open(instants), opened.all(axis=0))


@untimed
@given(some_open_hours(), some_open_hours(), st.floats(-30.0, 240.0), st.floats(0.0, 240.0))
def test_union_and_intersection_share_out_the_hours_of_two(
    one: OpenHours, other: OpenHours, begin: float, length: float
) -> None:
    """Hours of union and intersection add up to those of both members; the union has no fewer than either."""
    end = begin + length
    of_union = union([one, other]).between(begin, end)
    each = [member.between(begin, end) for member in (one, other)]
    assert of_union + intersection([one, other]).between(begin, end) == pytest.approx(sum(each), abs=1e-9)
    assert of_union >= max(each) - 1e-9


@untimed
@given(some_open_hours(), st.integers(0, 1000), st.floats(0.0, 60.0))
def test_scalars_and_arrays_agree(hours: OpenHours, seed: int, added: float) -> None:
    """One instant gives the same number alone as in an array."""
    instants = grid(hours, seed)[:8]
    alone = [
        (hours.is_open(t), hours.elapsed(t), hours.add(t, added), hours.next_open(t))
        for t in instants.tolist()
    ]
    together = (
        hours.is_open(instants),
        hours.elapsed(instants),
        hours.add(instants, added),
        hours.next_open(instants),
    )
    assert np.array_equal(np.array(alone, dtype=float).T, np.array(together, dtype=float))


@untimed
@given(written_weeks())
def test_a_written_week_keeps_its_hours(week: dict[str, list[str]]) -> None:
    """Reading a week keeps every window, its day and its length."""
    windows = parse_week(week).windows
    assert sorted(windows) == list(windows)
    assert sorted((DAYS[day], window_text(begin, end)) for day, begin, end in windows) == sorted(
        (day, text) for day, texts in week.items() for text in texts
    )

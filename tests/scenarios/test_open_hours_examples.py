"""Opening hours to the minute: weeks that are read or refused, clock changes, closed dates, odd requests."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest

from scenarios.open_hours import (
    ALWAYS_OPEN,
    DAYS,
    WeeklyHours,
    compile_open_hours,
    intersection,
    parse_week,
    union,
)

OFFICE = parse_week({day: ["08:00-12:00", "13:00-17:00"] for day in DAYS[:5]})


# Reading a week


@pytest.mark.parametrize(
    ("hours", "windows"),
    [
        ({"mon": ["08:00-17:00"]}, ((0, 480, 1020),)),
        ({"sun": ["22:00-06:00"], "wed": []}, ((6, 1320, 1800),)),
        ({"fri": ["13:00-24:00", "08:00-12:00"]}, ((4, 480, 720), (4, 780, 1440))),
        ({"sat": ["20:00-20:00"]}, ((5, 1200, 2640),)),
        ({"tue": ["18:00-00:00"], "wed": ["00:00-06:00"]}, ((1, 1080, 1440), (2, 0, 360))),
    ],
)
def test_weeks_are_read(hours: Any, windows: tuple[tuple[int, int, int], ...]) -> None:
    """A window closes on its own day unless its end is not after its beginning; windows may touch."""
    assert parse_week(hours) == WeeklyHours(windows)


@pytest.mark.parametrize(
    ("hours", "message"),
    [
        ({"monday": ["08:00-17:00"]}, "unknown day 'monday' .* mon, tue, wed, thu, fri, sat, sun"),
        ({"mon": ["8:00-17:00"]}, "mon: cannot read the window '8:00-17:00': write HH:MM-HH:MM"),
        ({"mon": ["08:00-25:00"]}, "mon: cannot read the window '08:00-25:00'"),
        ({"mon": ["08:60-17:00"]}, "mon: cannot read the window '08:60-17:00'"),
        ({"mon": ["24:00-06:00"]}, "mon: cannot read the window '24:00-06:00'"),
        ({"mon": ["08:00-24:01"]}, "mon: cannot read the window '08:00-24:01'"),
        ({"mon": ["08:00-17:00\n"]}, "mon: cannot read the window"),
        ({"mon": [480]}, "mon: cannot read the window 480"),
        ({"tue": "08:00-17:00"}, "tue: expected a list of windows .*'08:00-17:00'"),
        ({"tue": None}, "tue: expected a list of windows .*None"),
        ("9to5", "'24x7' or a mapping .*'9to5'"),
        ({}, "no window on any day"),
        ({"mon": [], "tue": []}, "no window on any day"),
        ({"mon": ["08:00-12:00", "11:00-17:00"]}, "mon 08:00-12:00 runs into mon 11:00-17:00"),
        ({"mon": ["08:00-12:00", "08:00-12:00"]}, "mon 08:00-12:00 runs into mon 08:00-12:00"),
        ({"mon": ["08:00-17:00", "09:00-10:00"]}, "mon 08:00-17:00 runs into mon 09:00-10:00"),
        ({"tue": ["05:00-09:00"], "mon": ["22:00-06:00"]}, "mon 22:00-06:00 runs into tue 05:00-09:00"),
        ({"mon": ["05:00-09:00"], "sun": ["22:00-06:00"]}, "sun 22:00-06:00 runs into mon 05:00-09:00"),
    ],
)
def test_weeks_that_cannot_be_are_refused(hours: Any, message: str) -> None:
    """What cannot be read, or overlaps, is named with its day, and what is allowed is said."""
    with pytest.raises(ValueError, match=message):
        parse_week(hours)


# A week laid over a calendar


@pytest.mark.parametrize(
    ("zone", "opening"),
    [("Asia/Kuala_Lumpur", 0.0), ("Asia/Bangkok", 1.0), ("Asia/Kolkata", 2.5), ("UTC", 8.0)],
)
def test_local_hours_become_hours_since_midnight_utc(zone: str, opening: float) -> None:
    """Eight o'clock of Monday 5 January 2026 is so many hours after midnight UTC, in each zone."""
    compiled = compile_open_hours(OFFICE, zone, date(2026, 1, 5), 20.0, after=0.0)
    assert compiled.opens.tolist() == [opening, opening + 5.0]
    assert compiled.closes.tolist() == [opening + 4.0, opening + 9.0]


def test_business_hours_skip_nights_weekends_and_holidays() -> None:
    """Twelve hours from Friday 16:00 in Penang end on Tuesday 17:00 plus three when Monday is closed."""
    compiled = compile_open_hours(OFFICE, "Asia/Kuala_Lumpur", date(2026, 1, 2), 500.0, {date(2026, 1, 5)})
    friday_four = 8.0
    assert compiled.add(friday_four, 1.0) == 9.0
    assert compiled.add(friday_four, 9.0) == 4 * 24.0 + 9.0
    assert compiled.add(friday_four, 12.0) == 5 * 24.0 + 3.0
    assert compiled.next_open(9.0) == 4 * 24.0
    assert compiled.between(friday_four, 5 * 24.0 + 3.0) == 12.0


def test_a_closing_is_closed_and_an_opening_is_open() -> None:
    """It is open from the opening on and no longer at the closing, when the next opening counts."""
    compiled = compile_open_hours(OFFICE, "UTC", date(2026, 1, 5), 24.0)
    assert compiled.is_open(np.array([8.0, 11.999, 13.0, 16.999])).all()
    assert not compiled.is_open(np.array([7.999, 12.0, 12.999, 17.0])).any()
    assert compiled.next_open(12.0) == 13.0
    assert compiled.add(12.0, 0.0) == 12.0


def test_a_night_shift_runs_into_a_holiday_but_does_not_start_on_one() -> None:
    """With Tuesday closed, Monday's night shift ends on Tuesday morning and the next starts on Wednesday."""
    nights = parse_week({day: ["22:00-06:00"] for day in DAYS})
    compiled = compile_open_hours(nights, "UTC", date(2026, 1, 5), 72.0, {date(2026, 1, 6)}, after=0.0)
    assert compiled.opens.tolist() == [-2.0, 22.0, 70.0]
    assert compiled.closes.tolist() == [6.0, 30.0, 78.0]


@pytest.mark.parametrize(
    ("start", "length"), [(date(2026, 3, 7), 7.0), (date(2026, 10, 31), 9.0), (date(2026, 6, 6), 8.0)]
)
def test_a_night_is_shorter_or_longer_when_the_clock_changes(start: date, length: float) -> None:
    """The same night shift in New York has an hour less when summer time begins and one more when it ends."""
    nights = parse_week({"sat": ["22:00-06:00"]})
    compiled = compile_open_hours(nights, "America/New_York", start, 48.0, after=0.0)
    assert (compiled.closes - compiled.opens).tolist() == [length]


def test_a_time_that_the_clock_skips_is_the_change_itself() -> None:
    """New York skips 02:00-03:00 on 8 March 2026 (07:00 UTC): what lies in it is gone, 02:30-03:30 halved."""
    gap = parse_week({"sun": ["01:00-01:30", "02:30-03:30"]})
    compiled = compile_open_hours(gap, "America/New_York", date(2026, 3, 8), 24.0, after=0.0)
    assert compiled.opens.tolist() == [6.0, 7.0]
    assert compiled.closes.tolist() == [6.5, 7.5]
    within = parse_week({"sun": ["02:15-02:30", "04:00-05:00"]})
    assert compile_open_hours(within, "America/New_York", date(2026, 3, 8), 24.0, after=0.0).opens == [8.0]


def test_of_a_time_that_the_clock_shows_twice_the_first_counts() -> None:
    """New York repeats 01:00-02:00 on 1 November 2026 (from 05:00 UTC): 01:30 is the first one."""
    fold = parse_week({"sun": ["01:00-01:30", "02:00-03:00"]})
    compiled = compile_open_hours(fold, "America/New_York", date(2026, 11, 1), 24.0, after=0.0)
    assert compiled.opens.tolist() == [5.0, 7.0]
    assert compiled.closes.tolist() == [5.5, 8.0]


def test_windows_that_touch_become_one() -> None:
    """Hours that go on past midnight under another day's name are one window."""
    week = parse_week({"mon": ["18:00-24:00"], "tue": ["00:00-06:00", "06:00-08:00"]})
    compiled = compile_open_hours(week, "UTC", date(2026, 1, 5), 48.0, after=0.0)
    assert compiled.opens.tolist() == [18.0]
    assert compiled.closes.tolist() == [32.0]


def test_a_round_the_clock_week_closes_on_a_closed_date() -> None:
    """24x7 with a closed date is closed for exactly that local day."""
    compiled = compile_open_hours(
        parse_week("24x7"), "Asia/Bangkok", date(2026, 1, 5), 72.0, {date(2026, 1, 6)}
    )
    assert not compiled.always
    assert compiled.closes[0] == 17.0
    assert compiled.opens[1] == 41.0


@pytest.mark.parametrize("zone", ["Asia/Bangkok", "Pacific/Kiritimati", "Pacific/Pago_Pago"])
def test_the_range_is_covered_before_the_start_and_after_the_horizon(zone: str) -> None:
    """Hours in the range that was asked for do not depend on how much more is compiled."""
    short = compile_open_hours(OFFICE, zone, date(2026, 1, 1), 100.0, before=50.0, after=65.0)
    long = compile_open_hours(OFFICE, zone, date(2026, 1, 1), 1000.0, before=500.0)
    minutes = np.arange(-50.0, 165.0, 1.0 / 60.0)
    assert np.array_equal(short.is_open(minutes), long.is_open(minutes))


def test_hours_beyond_the_range_are_never_reached() -> None:
    """Adding more hours than the range holds gives infinity, and so does the opening after the last."""
    compiled = compile_open_hours(OFFICE, "UTC", date(2026, 1, 5), 24.0, after=0.0)
    assert compiled.add(0.0, 8.0) == 17.0
    assert compiled.add(0.0, 8.1) == np.inf
    assert compiled.next_open(17.0) == np.inf


def test_what_has_not_happened_stays_unknown() -> None:
    """NaN in gives NaN out, and it is not open then."""
    never, compiled = union([]), compile_open_hours(OFFICE, "UTC", date(2026, 1, 5), 24.0)
    for hours in (compiled, never, ALWAYS_OPEN):
        nan = np.array([np.nan])
        assert not hours.is_open(nan)[0]
        for result in (
            hours.elapsed(nan),
            hours.add(nan, 1.0),
            hours.add(nan, 0.0),
            hours.next_open(nan),
            hours.between(1.0, nan),
        ):
            assert np.isnan(result[0])


def test_nothing_is_open_where_every_date_is_closed() -> None:
    """Hours without a window are never open, and no hour of them ever passes."""
    closed = {date(2026, 1, 5) + timedelta(days=number) for number in range(-5, 10)}
    compiled = compile_open_hours(OFFICE, "UTC", date(2026, 1, 5), 24.0, closed, after=24.0)
    assert not compiled.is_open(9.0)
    assert compiled.between(0.0, 48.0) == 0.0
    assert compiled.add(0.0, 1.0) == np.inf
    assert compiled.add(5.0, 0.0) == 5.0
    assert compiled.next_open(0.0) == np.inf


def test_negative_hours_are_refused() -> None:
    """Hours cannot be taken away, also where it is always open."""
    for hours in (compile_open_hours(OFFICE, "UTC", date(2026, 1, 5), 24.0), ALWAYS_OPEN):
        with pytest.raises(ValueError, match=r"0 or more .* not -1\.0"):
            hours.add(np.array([1.0, 2.0]), np.array([3.0, -1.0]))


def test_equal_arguments_share_one_object_that_nobody_can_write_to() -> None:
    """Compiling the same hours again gives the same object, and its arrays cannot be written to."""
    closed = [date(2026, 1, 5), date(2026, 1, 6)]
    one = compile_open_hours(OFFICE, "UTC", date(2026, 1, 1), 24.0, closed)
    assert compile_open_hours(OFFICE, "UTC", date(2026, 1, 1), 24, closed[::-1]) is one
    with pytest.raises(ValueError, match="read-only"):
        one.opens[0] = 0.0


@pytest.mark.parametrize("zone", ["Asia/Hanoi", "", "Asia", "../etc", "Mars/Olympus"])
@pytest.mark.parametrize("week", [OFFICE, parse_week("24x7")])
def test_unknown_zones_are_refused(zone: str, week: WeeklyHours) -> None:
    """A zone that is not in the IANA list is named, also where the hours would not depend on it."""
    with pytest.raises(ValueError, match=f"unknown time zone '{zone}'.*IANA"):
        compile_open_hours(week, zone, date(2026, 1, 1), 24.0)


@pytest.mark.parametrize("ranges", [(-1.0, 0.0, 0.0), (1.0, -1.0, 0.0), (1.0, 0.0, np.inf), (np.nan, 0, 0)])
def test_impossible_ranges_are_refused(ranges: tuple[float, float, float]) -> None:
    """A range of hours that is negative or endless is refused."""
    horizon, before, after = ranges
    with pytest.raises(ValueError, match="finite and 0 hours or more"):
        compile_open_hours(OFFICE, "UTC", date(2026, 1, 1), horizon, before=before, after=after)


# Several together


def test_staggered_shifts_cover_the_day_together() -> None:
    """Twenty-four shifts of one hour that follow each other make one window, and no two of them overlap."""
    shifts = [
        compile_open_hours(
            parse_week({day: [f"{hour:02}:00-{hour + 1:02}:00"] for day in DAYS}),
            "Asia/Manila",
            date(2026, 1, 1),
            240.0,
        )
        for hour in range(24)
    ]
    assert union(shifts).between(0.0, 240.0) == 240.0
    assert len(union(shifts).opens) == 1
    assert intersection(shifts[:2]).between(-1e5, 1e5) == 0.0


def test_always_and_never_are_the_bounds_of_unions_and_intersections() -> None:
    """Who is always there makes a union always open and leaves an intersection as it is."""
    office = compile_open_hours(OFFICE, "UTC", date(2026, 1, 5), 24.0)
    assert union([office, ALWAYS_OPEN]).always
    assert np.array_equal(intersection([office, ALWAYS_OPEN]).opens, office.opens)
    assert intersection([ALWAYS_OPEN, ALWAYS_OPEN]).always
    assert intersection([]).always
    assert not len(union([]).opens)

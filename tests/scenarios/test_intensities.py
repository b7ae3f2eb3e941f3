"""Cumulated failure rates against a walk through local time, quarter of an hour by quarter of an hour."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich_document import loaded

from scenarios.compiling import compile_world
from scenarios.intensities import YEAR_HOURS, cumulate
from scenarios.work import Profile

#: Whole hours, half hours and quarters off UTC, with and without summer time, by half an hour in Lord Howe.
ZONES = (
    "UTC",
    "Asia/Bangkok",
    "Asia/Yangon",
    "Asia/Kathmandu",
    "America/St_Johns",
    "America/New_York",
    "Pacific/Chatham",
    "Australia/Lord_Howe",
)
#: An ordinary winter, and weeks in which clocks change somewhere.
STARTS = (date(2026, 1, 1), date(2026, 3, 5), date(2026, 4, 2), date(2026, 9, 20), date(2026, 10, 28))
STEP = 0.25

Pieces = list[tuple[float, float, Profile | None]]
multipliers = st.sampled_from([0.0, 0.5, 1.0, 1.5, 3.0])
profiles = st.builds(
    lambda months, days, hours: Profile(by_month=months, by_weekday=days, by_hour=hours),
    st.tuples(*[multipliers] * 12),
    st.tuples(*[multipliers] * 7),
    st.tuples(*[multipliers] * 24),
)


@st.composite
def periods(draw: st.DrawFn) -> Pieces:
    """Draw a rate in each period of a replication, with a profile or without."""
    days = sorted(draw(st.sets(st.integers(1, 40), max_size=3)))
    begins = [0.0, *(24.0 * day for day in days)]
    rates = st.floats(0, 100, allow_subnormal=False)
    return [(begin, draw(rates), draw(st.none() | profiles)) for begin in begins]


def walked(pieces: Pieces, zone: str, start: date, steps: int) -> npt.NDArray[np.float64]:
    """Return the integral of the rate up to each quarter of an hour, summed step by step."""
    origin, place = datetime(start.year, start.month, start.day, tzinfo=UTC), ZoneInfo(zone)
    total, sums = 0.0, [0.0]
    for step in range(steps):
        hour = step * STEP
        rate, profile = [(r, p) for begin, r, p in pieces if begin <= hour][-1]
        local = (origin + timedelta(hours=hour)).astimezone(place)
        if profile is not None:
            rate *= profile.by_month[local.month - 1] * profile.by_weekday[local.weekday()]
            rate *= profile.by_hour[local.hour]
        total += rate * STEP
        sums.append(total)
    return np.array(sums)


# Theory


@settings(deadline=None)
@given(st.floats(0, 1e6), st.integers(1, 3660), st.sampled_from(ZONES))
def test_a_constant_rate_is_a_straight_line(rate: float, days: int, zone: str) -> None:
    """Without a profile the integral is rate times hours, on two knots, in any zone and for any horizon."""
    found = cumulate([(0.0, rate, None)], zone, date(2026, 1, 1), days * 24.0)
    assert found.knots.tolist() == [0.0, days * 24.0]
    assert found.cumulated.tolist() == [0.0, rate * (days * 24.0)]


@pytest.mark.parametrize("zone", ZONES)
def test_a_year_has_the_mean_of_its_multipliers(zone: str) -> None:
    """Over whole weeks without a change of clocks, hours and weekdays weigh as their plain means."""
    by_hour = tuple(float(h) for h in range(24))
    by_weekday = (1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0)
    profile = Profile(by_hour=by_hour, by_weekday=by_weekday)
    found = cumulate([(0.0, 2.0, profile)], zone, date(2026, 6, 1), 24.0 * 7 * 4)
    assert found.cumulated[-1] == pytest.approx(2.0 * 11.5 * 4.0 * 24 * 7 * 4, rel=1e-12)


# Properties


@settings(deadline=None, max_examples=80)
@given(
    periods(),
    st.sampled_from(ZONES),
    st.sampled_from(STARTS),
    st.integers(1, 45),
    st.sampled_from([0.0, 7.25]),
)
def test_the_integral_is_that_of_a_walk(
    pieces: Pieces, zone: str, start: date, days: int, more: float
) -> None:
    """At every quarter of an hour the cumulated rate is the sum of all that was passed, in local time."""
    horizon = days * 24.0 + more
    found = cumulate(pieces, zone, start, horizon)
    expected = walked(pieces, zone, start, int(horizon / STEP))
    instants = np.arange(len(expected)) * STEP
    np.testing.assert_allclose(
        np.interp(instants, found.knots, found.cumulated), expected, rtol=1e-9, atol=1e-9
    )


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("start", STARTS)
def test_the_integral_is_that_of_a_walk_where_clocks_change(zone: str, start: date) -> None:
    """With a rate that differs by the hour, the integral is exact also in the night the clock changes."""
    profile = Profile(by_hour=tuple(float((7 * hour) % 24) for hour in range(24)))
    found = cumulate([(0.0, 1.0, profile)], zone, start, 24.0 * 14)
    expected = walked([(0.0, 1.0, profile)], zone, start, 24 * 14 * 4)
    instants = np.arange(len(expected)) * STEP
    np.testing.assert_allclose(np.interp(instants, found.knots, found.cumulated), expected, rtol=1e-12)


@settings(deadline=None, max_examples=80)
@given(periods(), st.sampled_from(ZONES), st.sampled_from(STARTS), st.floats(0.001, 45 * 24.0))
def test_knots_rise_from_zero_to_the_horizon(pieces: Pieces, zone: str, start: date, horizon: float) -> None:
    """Knots begin at 0, rise strictly and end at the horizon; the cumulated rate begins at 0, never falls."""
    found = cumulate(pieces, zone, start, horizon)
    assert (found.knots[0], found.knots[-1], found.cumulated[0]) == (0.0, horizon, 0.0)
    assert (np.diff(found.knots) > 0).all()
    assert (np.diff(found.cumulated) >= 0).all()
    slopes = np.diff(found.cumulated) / np.diff(found.knots)
    assert (
        len(slopes) < 2
        or not np.isclose(slopes[1:], slopes[:-1], rtol=1e-12, atol=0).all()
        or not slopes.any()
    )


@settings(deadline=None, max_examples=40)
@given(periods(), st.sampled_from(ZONES), st.floats(0.1, 50))
def test_rates_and_integrals_are_proportional(pieces: Pieces, zone: str, factor: float) -> None:
    """Twice the rate in every period is twice the integral, so that streams can share one and a factor."""
    start, horizon = date(2026, 3, 5), 480.0
    one = cumulate(pieces, zone, start, horizon)
    many = cumulate([(b, r * factor, p) for b, r, p in pieces], zone, start, horizon)
    instants = np.linspace(0.0, horizon, 200)
    expected = factor * np.interp(instants, one.knots, one.cumulated)
    np.testing.assert_allclose(
        np.interp(instants, many.knots, many.cumulated), expected, rtol=1e-9, atol=1e-9
    )


# Examples


def rate_at(profile: Profile, zone: str, start: date, hour: float) -> float:
    """Return the rate just after an instant of a stream of base rate 1."""
    found = cumulate([(0.0, 1.0, profile)], zone, start, 24.0 * 60)
    first, second = np.interp([hour, hour + 1e-3], found.knots, found.cumulated)
    return round(float(second - first) / 1e-3, 6)


@pytest.mark.parametrize(
    ("zone", "opens"),
    [
        ("UTC", 8.0),
        ("Asia/Bangkok", 1.0),
        ("Asia/Yangon", 1.5),
        ("Asia/Kathmandu", 2.25),
        ("America/St_Johns", 11.5),
    ],
)
def test_hours_are_local(zone: str, opens: float) -> None:
    """What begins at 8 begins at 8 o'clock local time, also where that is not on a full hour of UTC."""
    profile = Profile(by_hour=(0.0,) * 8 + (1.0,) * 16)
    start = date(2026, 1, 14)
    assert rate_at(profile, zone, start, opens - 0.01) == 0.0
    assert rate_at(profile, zone, start, opens) == 1.0


def test_weekdays_and_months_are_local() -> None:
    """In Bangkok it is Monday, and it is February, seven hours before it is in UTC."""
    monday = Profile(by_weekday=(5.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0))
    # 2026-02-01 is a Sunday.
    assert rate_at(monday, "Asia/Bangkok", date(2026, 2, 1), 16.9) == 1.0
    assert rate_at(monday, "Asia/Bangkok", date(2026, 2, 1), 17.0) == 5.0
    february = Profile(by_month=(1.0, 4.0) + (1.0,) * 10)
    assert rate_at(february, "Asia/Bangkok", date(2026, 1, 31), 16.9) == 1.0
    assert rate_at(february, "Asia/Bangkok", date(2026, 1, 31), 17.0) == 4.0


def expected_orders(values: dict[str, Any]) -> float:
    """Return the expected orders of the rich network with these values and without its changes."""
    return compile_world(loaded({"changes": [], **values})).expected_orders


def test_rates_are_per_device_and_year_of_8760_hours() -> None:
    """Devices x failures a year x days x 24 / 8760, whether a device down may fail again or not."""
    values = {
        "days": 73,
        "device_types.camera.profile": None,
        "device_types.camera.failures_per_year": 5,
        "device_types.gateway.failures_per_year": 0.5,
    }
    assert YEAR_HOURS == 8760.0
    assert expected_orders(values) == pytest.approx((117 * 5 + 5 * 0.5) * 73 * 24 / 8760, rel=1e-12)


def test_a_dated_change_of_rate_and_devices_counts_from_its_date() -> None:
    """A quarter of the time at one device and the rest at three of twice the rate is 1/4 + 6 x 3/4."""
    values = {
        "days": 100,
        "device_types.camera": {"failures_per_year": 36.5, "faults": {"flicker": 1}},
        "sites.esplanade.devices": {},
        "sites.siam.devices": {},
        "sites.sule.devices": {},
        "sites.gurney.devices": {"camera": 1},
        "sources": {},
        "changes": [
            {
                "from": "2026-01-26",
                "set": {"device_types.camera.failures_per_year": 73, "sites.gurney.devices.camera": 3},
            }
        ],
    }
    assert expected_orders(values) == pytest.approx(10 * (0.25 + 0.75 * 6), rel=1e-12)


def test_a_site_has_failures_only_while_it_is_there() -> None:
    """A site that opens after 30 days and closes after 60 has a third of the failures of 90 days."""
    values = {
        "days": 90,
        "device_types.gateway": {"failures_per_year": 36.5, "faults": {"flicker": 1}, "population": "finite"},
        **{f"sites.{site}.devices": {} for site in ("esplanade", "siam", "sule", "gurney")},
        "sources": {},
        "changes": [
            {
                "from": "2026-01-31",
                "set": {
                    "sites.new": {"city": "penang", "customer": "mall", "devices": {"gateway": 2}},
                    "travel.hours.station.new": 1,
                },
            },
            {"from": "2026-03-02", "set": {"sites.new": None, "travel.hours.station.new": None}},
        ],
    }
    assert expected_orders(values) == pytest.approx(2 * 3.0, rel=1e-12)

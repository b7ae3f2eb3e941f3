"""Numbers, intervals, money, dates and instants as both languages write them."""

from __future__ import annotations

import math
from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.language import language

EN, ZH = language("en"), language("zh")

finite = st.floats(-1e9, 1e9)


@given(finite, st.integers(0, 4))
def test_a_number_can_be_read_back(value: float, digits: int) -> None:
    """A number is shown rounded to its digits, with separators alone added; a zero has no sign."""
    for say in (EN, ZH):
        text = say.number(value, digits)
        read = float(text.replace(",", "").replace("−", "-"))
        assert math.isclose(read, value, abs_tol=0.5000001 * 10**-digits, rel_tol=1e-12)
        assert read != 0.0 or not text.startswith("−")


@given(st.floats(0.0, 1.0), st.floats(1e-4, 0.5))
def test_an_interval_shows_what_it_supports(mean: float, half: float) -> None:
    """The mean has as many decimals as the half-width, which is within a tenth of what it was."""
    shown = EN.interval(mean, mean - half, mean + half, "share").removesuffix(" %")
    figure, width = shown.split(" ± ")
    assert len(figure.partition(".")[2]) == len(width.partition(".")[2])
    assert math.isclose(float(width), 100 * half, rel_tol=0.18, abs_tol=5e-4)


def test_intervals() -> None:
    """Shares are in percent, differences of shares in percentage points, both with the half-width."""
    assert EN.interval(0.752, 0.744, 0.76, "share") == "75.2 ± 0.8 %"
    assert ZH.interval(26.4, 21.3, 31.5, "hours") == "26 ± 5 小时"
    assert EN.difference(0.0213, 0.0171, 0.0255, "share") == "+2.1 ± 0.4 pp"
    assert ZH.difference(-0.0213, -0.0255, -0.0171, "share") == "−2.1 ± 0.4 百分点"
    assert EN.difference(-1234.6, -1334.6, -1134.6, "currency", "USD") == "−1,235 ± 100 USD"
    assert EN.difference(0.0, 0.0, 0.0, "hours") == "0 ± 0 h"


def test_figures_of_a_summary_read_like_intervals() -> None:
    """A figure of summary.json and its limits give the same text."""
    figure = {"mean": 0.752, "half_width": 0.008, "ci_low": 0.744, "ci_high": 0.76, "n": 20.0}
    assert EN.figure(figure, "share") == EN.interval(0.752, 0.744, 0.76, "share")


def test_without_an_interval() -> None:
    """One replication has no interval, which is said in words; what is not known is a dash."""
    assert EN.interval(0.752, None, None, "share") == "75.2 % (no interval)"
    assert ZH.interval(0.752, None, None, "share") == "75.2 %（没有区间）"
    assert EN.interval(None, None, None, "share") == EN.percent(None) == EN.money(None, "USD") == "–"
    assert EN.number(math.nan) == "–"


def test_a_tiny_half_width_is_not_none() -> None:
    """A half-width that the digits cannot show is shown as less than their step."""
    assert EN.interval(5.0, 4.99999, 5.00001, "hours") == "5.000 ± <0.001 h"


def test_units_and_money() -> None:
    """Units stand behind the number in the reader's language, money with the code of its currency."""
    assert (EN.hours(8.5), ZH.hours(8.5)) == ("8.5 h", "8.5 小时")
    assert EN.money(1234567.4, "USD") == "1,234,567 USD"
    assert EN.money(12.5, "USD") == "12.50 USD"
    assert (EN.unit("currency/h", "CNY"), ZH.unit("currency/h", "CNY")) == ("CNY/h", "CNY/小时")
    assert EN.unit("1") == ""
    assert EN.quantity(3, "1") == "3"
    assert (EN.percent(0.1234), EN.percent(0.1234, 0)) == ("12.3 %", "12 %")


def test_dates() -> None:
    """Dates follow the language."""
    day = date(2026, 11, 22)
    assert (EN.date(day), ZH.date(day)) == ("22 Nov 2026", "2026年11月22日")
    assert (EN.short_date(day), ZH.short_date(day)) == ("22 Nov", "11月22日")
    assert (EN.month(day), ZH.month(day)) == ("Nov 2026", "2026年11月")


def test_instants_are_local() -> None:
    """An instant is shown on the clock of a zone with its distance from UTC, also across midnight."""
    instant = datetime(2026, 11, 22, 20, 30)
    assert EN.instant(instant, "Asia/Manila") == "23 Nov 2026, 04:30 UTC+8"
    assert ZH.instant(instant, "Asia/Manila") == "2026年11月23日 04:30 UTC+8"
    assert EN.instant(instant) == "22 Nov 2026, 20:30 UTC"
    assert EN.instant(instant, "Asia/Kolkata") == "23 Nov 2026, 02:00 UTC+5:30"
    east = instant.replace(tzinfo=timezone(timedelta(hours=7)))
    assert EN.clock(east, "Asia/Bangkok") == "20:30"


@pytest.mark.parametrize(
    ("seconds", "english", "chinese"),
    [(42.4, "42 s", "42 秒"), (200, "3 min 20 s", "3 分 20 秒"), (3700, "1 h 2 min", "1 小时 2 分钟")],
)
def test_durations(seconds: float, english: str, chinese: str) -> None:
    """A duration is told in its two largest units."""
    assert (EN.duration(seconds), ZH.duration(seconds)) == (english, chinese)

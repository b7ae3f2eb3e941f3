"""Figures as text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli import numbers


def figure(mean: float | None, half_width: float | None, n: int = 5) -> dict[str, float | None]:
    """Return a figure as a summary has it."""
    return {"mean": mean, "half_width": half_width, "n": n}


@given(st.floats(-1e9, 1e9), st.floats(1e-4, 1e9))
def test_mean_is_rounded_within_its_interval(mean: float, half_width: float) -> None:
    """The mean as shown lies well within the interval, and so does the half-width as shown."""
    shown = figure(mean, half_width)
    assert abs(float(numbers.mean_text(shown, "hours").replace(",", "")) - mean) <= half_width / 1.9 + 5e-4
    width = numbers.half_width_text(shown, "hours").removeprefix("± ").replace(",", "")
    if not width.startswith("<"):
        assert abs(float(width) - half_width) <= 0.051 * half_width + 5e-4


@pytest.mark.parametrize(
    ("shown", "unit", "text"),
    [
        (figure(0.97312, 0.0041), "share", "97.31 ± 0.41"),
        (figure(0.9, 0.05), "share", "90.0 ± 5.0"),
        (figure(12345.6, 789.0), "currency", "12,346 ± 789"),
        (figure(4.31, 0.46), "hours", "4.31 ± 0.46"),
        (figure(0.99999, 1e-7), "share", "99.999 ± <0.001"),
        (figure(1.0, 0.0), "share", "100.0 ± 0"),
        (figure(3.14159, None, 1), "hours", "3.142 (n=1)"),
        (figure(None, None, 0), "hours", "–"),
        (figure(0.0, 0.0), "hours", "0 ± 0"),
        (figure(2.5, 0.5, 3), "hours", "2.50 ± 0.50 (n=3)"),
    ],
)
def test_figures(shown: dict[str, float | None], unit: str, text: str) -> None:
    """A figure has two digits of its half-width, and its number of replications where some lack it."""
    assert numbers.interval_text(shown, unit, 5) == text


def test_single_replication() -> None:
    """Without a half-width the text says that there is no interval."""
    assert numbers.half_width_text(figure(1.0, None, 1), "hours") == "no interval"
    assert numbers.half_width_text(figure(None, None, 0), "hours") == ""


@pytest.mark.parametrize(
    ("difference", "low", "high", "text", "spans"),
    [
        (0.012, 0.008, 0.016, "+1.20 ± 0.40", False),
        (-0.012, -0.028, 0.004, "-1.2 ± 1.6", True),
        (0.0, 0.0, 0.0, "0 ± 0", True),
        (0.5, None, None, "+50.00 no interval", True),
        (None, None, None, "–", True),
    ],
)
def test_differences(
    difference: float | None, low: float | None, high: float | None, text: str, spans: bool
) -> None:
    """A difference has its sign and the half-width of its interval; without one it may be none at all."""
    row = {"difference": difference, "ci_low": low, "ci_high": high}
    assert numbers.difference_text(row, "share") == text
    assert numbers.spans_zero(row) is spans


@pytest.mark.parametrize(("value", "text"), [(None, "–"), (0.0, "<0.001"), (0.0412, "0.041"), (1.0, "1.000")])
def test_p_values(value: float | None, text: str) -> None:
    """A p-value is never shown as none."""
    assert numbers.p_value_text(value) == text


@pytest.mark.parametrize(("value", "text"), [(None, "–"), (9.87, "9.9"), (12345.6, "12,346")])
def test_ratios(value: float | None, text: str) -> None:
    """A variance ratio has no more digits than it deserves."""
    assert numbers.ratio_text(value) == text

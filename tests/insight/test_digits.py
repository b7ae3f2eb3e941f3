"""A figure gets the digits that its interval supports."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from insight.digits import decimals, least_shown


@given(st.floats(0.01, 1e6), st.sampled_from(["hours", "share", "orders"]))
def test_a_half_width_is_never_shown_as_nothing(half_width: float, unit: str) -> None:
    """With the decimals that it asks for, a half-width above their step does not vanish."""
    places = decimals(1.0, half_width, unit)
    assert least_shown(half_width, places, unit) is None


def test_digits_follow_the_half_width() -> None:
    """Decimals show as many digits of the half-width as are asked for, within 0 to 3."""
    assert decimals(75.2, 0.8, "hours", digits=1) == 1
    assert decimals(75.2, 0.8, "hours", digits=2) == 2
    assert decimals(75.2, 0.008, "share", digits=1) == 1
    assert decimals(5000.0, 300.0, "orders") == 0
    assert decimals(5.0, 1e-9, "hours") == 3


def test_a_half_width_below_the_last_step() -> None:
    """Of a half-width that would be shown as 0 the step is told, of none at all it is not."""
    assert least_shown(1e-9, 3, "hours") == 0.001
    assert least_shown(0.0, 3, "hours") is None

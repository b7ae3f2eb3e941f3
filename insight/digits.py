"""How many digits of a figure its interval supports: what tables on the terminal and pages show alike."""

from __future__ import annotations

import math

_MOST = 3


def scale(unit: str) -> float:
    """Return by what a figure of a unit of `insight.definitions` is multiplied to be shown: shares by 100."""
    return 100.0 if unit == "share" else 1.0


def decimals(value: float, half_width: float | None, unit: str, digits: int = 2) -> int:
    """Return the decimals, 0 to 3, with which a figure is shown.

    Parameters
    ----------
    value
        The figure, not yet scaled.
    half_width
        Half-width of its interval; without one (or of 0) four digits of the value are shown.
    unit
        Unit of `insight.definitions`.
    digits
        Digits of the half-width to show.
    """
    if half_width:
        return _clamped(digits - 1 - math.floor(math.log10(half_width * scale(unit))))
    return _clamped(3 - math.floor(math.log10(abs(value * scale(unit)))) if value else 0)


def least_shown(half_width: float, places: int, unit: str) -> float | None:
    """Return the step of the last decimal if a half-width is above 0 yet would be shown as 0, else None."""
    step: float = 10.0**-places
    return step if 0.0 < half_width * scale(unit) < step / 2 else None


def _clamped(places: int) -> int:
    return min(max(places, 0), _MOST)

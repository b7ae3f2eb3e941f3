"""Numbers as text by locale: digits as the interval supports, shares as percentages, units in words."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING

from insight.digits import decimals, least_shown, scale

if TYPE_CHECKING:
    from babel import Locale

NOTHING = "–"


@lru_cache(maxsize=256)
def _pattern(places: int, signed: bool) -> str:
    plain = "#,##0" + ("." + "0" * places if places else "")
    return f"+{plain};-{plain}" if signed else plain


def number_text(value: float, places: int, locale: Locale, signed: bool = False) -> str:
    """Return a number with separators of thousands; a true minus, only where digits other than 0 are shown.

    Parameters
    ----------
    value
        The number.
    places
        Decimals, 0 or more.
    locale
        Whose separators are used.
    signed
        Whether a plus stands before numbers above 0.
    """
    from babel.numbers import format_decimal

    if math.isnan(value):
        return NOTHING
    rounded = round(value, places) + 0.0
    text = format_decimal(
        rounded, _pattern(places, signed and rounded > 0.0), locale=locale, decimal_quantization=True
    )
    return str(text).replace("-", "\N{MINUS SIGN}")


def free_places(value: float) -> int:
    """Return decimals, two at most, that show three digits of a number without zeros at its end."""
    most = 0 if abs(value) >= 100.0 or math.isnan(value) else 1 if abs(value) >= 10.0 else 2
    for places in range(most):
        if round(value, places) == round(value, most):
            return places
    return most


def share_places(value: float, half_width: float | None, unit: str) -> int:
    """Return decimals that show one digit of a half-width, two where it begins with 1 or 2.

    References
    ----------
    Particle Data Group: Review of Particle Physics, introduction, section 5.3 (rounding), simplified.
    """
    if not half_width:
        return min(decimals(value, None, unit), 1 if unit in ("share", "hours", "points") else 2)
    size = half_width * scale(unit)
    leading = size / 10.0 ** math.floor(math.log10(size))
    return decimals(value, half_width, unit, digits=2 if leading < 2.95 else 1)


def width_text(half_width: float, places: int, unit: str, locale: Locale) -> str:
    """Return a half-width; one that is too small to show is not shown as none."""
    least = least_shown(half_width, places, unit)
    if least is not None:
        return "<" + number_text(least, places, locale)
    return number_text(half_width * scale(unit), places if half_width else 0, locale)

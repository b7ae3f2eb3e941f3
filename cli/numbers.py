"""Figures as text: as many digits as their interval supports, shares as percentages."""

from __future__ import annotations

from collections.abc import Mapping

from insight.digits import decimals, least_shown, scale

Figure = Mapping[str, float | None]

NOTHING = "–"
_UNITS = {"share": "%", "hours": "h", "turns": "/year"}


def unit_text(unit: str, currency: str) -> str:
    """Return a unit of `insight.definitions` as tables show it."""
    return currency if unit == "currency" else _UNITS.get(unit, unit)


def mean_text(figure: Figure, unit: str) -> str:
    """Return the mean of a figure, `NOTHING` where it has none."""
    mean = figure["mean"]
    if mean is None:
        return NOTHING
    return _number(mean * scale(unit), decimals(mean, figure["half_width"], unit))


def half_width_text(figure: Figure, unit: str) -> str:
    """Return what stands beside a mean: its half-width, or that there is none."""
    if figure["mean"] is None:
        return ""
    if figure["half_width"] is None:
        return "no interval"
    return "± " + _width(figure["half_width"], decimals(figure["mean"], figure["half_width"], unit), unit)


def interval_text(figure: Figure, unit: str, replications: int) -> str:
    """Return mean and half-width in one cell, with the number of replications if some lack the figure."""
    if figure["mean"] is None:
        return NOTHING
    parts = [mean_text(figure, unit)]
    if figure["half_width"] is not None:
        parts.append(half_width_text(figure, unit))
    if figure["n"] != replications:
        parts.append(f"(n={figure['n']:g})")
    return " ".join(parts)


def difference_text(row: Figure, unit: str) -> str:
    """Return a paired difference with the half-width of its interval."""
    difference, low, high = row["difference"], row["ci_low"], row["ci_high"]
    if difference is None:
        return NOTHING
    half = None if low is None or high is None else (high - low) / 2
    places = decimals(difference, half, unit)
    text = _number(difference * scale(unit), places)
    sign = "" if text.startswith("-") or difference == 0.0 else "+"
    return f"{sign}{text} " + ("no interval" if half is None else "± " + _width(half, places, unit))


def p_value_text(p_value: float | None) -> str:
    """Return a p-value to three decimals."""
    if p_value is None:
        return NOTHING
    return "<0.001" if p_value < 0.0005 else f"{p_value:.3f}"


def ratio_text(ratio: float | None) -> str:
    """Return a variance ratio to three digits, as far as it is finite."""
    return NOTHING if ratio is None else f"{ratio:,.1f}" if ratio < 1000 else f"{ratio:,.0f}"


def spans_zero(row: Figure) -> bool:
    """Return whether a difference may be none at all; so may one without an interval."""
    low, high = row["ci_low"], row["ci_high"]
    return low is None or high is None or low <= 0.0 <= high


def _number(value: float, places: int) -> str:
    return f"{value:,.{places}f}"


def _width(half_width: float, places: int, unit: str) -> str:
    """Return a half-width; one that is too small to show is not shown as none."""
    if half_width == 0.0:
        return "0"
    least = least_shown(half_width, places, unit)
    return _number(half_width * scale(unit), places) if least is None else f"<{least:g}"

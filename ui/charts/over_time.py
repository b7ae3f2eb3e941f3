"""Backlog and attainment over time by scenario, with disruptions shaded and a part of the time to choose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import altair as alt

from ui.charts import palette
from ui.charts.figure import (
    Figure,
    line_legend,
    rows_of,
    scenario_dashes,
    scenario_scale,
    significant,
    styled,
)

if TYPE_CHECKING:
    from ui.language import Language


#: With fewer replications an interval is too wide to be drawn; with more scenarios bands hide each other.
LEAST_REPLICATIONS, MOST_BANDS = 5, 2
#: Heights at which numbers of disruptions stand in turn.
_LANES = 4
#: Share of the time by which disruptions begin apart that are marked by their names.
_APART = 0.05


@dataclass(frozen=True)
class Line:
    """A series of one scenario.

    Parameters
    ----------
    scenario
        What the scenario is called.
    starts
        Where each period begins, ISO dates.
    mean, low, high
        Mean over replications and its limits by period; None where unknown.
    banded
        Whether the limits are drawn; tables have them in any case.
    """

    scenario: str
    starts: Sequence[str]
    mean: Sequence[float | None]
    low: Sequence[float | None]
    high: Sequence[float | None]
    banded: bool = True


@dataclass(frozen=True)
class Shade:
    """A stretch of time to be shaded: what it is called, and its ISO instants."""

    label: str
    begin: str
    end: str


def over_time(
    lines: Sequence[Line],
    shades: Sequence[Shade],
    title: str,
    unit: str,
    caption: str,
    say: Language,
    *,
    scale: float = 1.0,
    top: float | None = None,
) -> Figure:
    """Return lines with bands for their intervals, over a strip on which a part of the time can be chosen.

    Parameters
    ----------
    lines
        One a scenario, the baseline first.
    shades
        Disruptions.
    title, unit, caption
        Words of the figure.
    say
        The language.
    scale
        By what figures are multiplied to be in the unit.
    top
        The largest figure that can be, in the unit, where there is one.
    """
    names = [line.scenario for line in lines]
    rows = [row for line in lines for row in _rows(line, scale, say)]
    marked = _marked(shades, lines)
    brush = alt.selection_interval(name="time", encodings=["x"])
    zoomed = alt.Scale(type="utc", domain=brush)
    upper = alt.layer(
        *_shading(marked, zoomed, say, labelled=True),
        *_lines(rows, names, zoomed, unit, top, say),
    ).properties(height=250)
    whole = alt.Scale(type="utc")
    strip = (
        alt.layer(*_shading(marked, whole, say, labelled=False), _strip(rows, names, whole, unit, say))
        .properties(height=44)
        .add_params(brush)
    )
    chart = alt.vconcat(upper, strip, spacing=8).resolve_scale(color="shared", strokeDash="shared")
    words = f"{caption} {_key(marked, say)}".strip()
    return Figure(title, unit, styled(chart, say), _table(lines, unit, scale, say), words)


def _rows(line: Line, scale: float, say: Language) -> list[dict[str, Any]]:
    places = 1 if scale != 1.0 else None
    return [
        {
            "start": start,
            "day": _day(start, say),
            "scenario": line.scenario,
            "mean": mean * scale,
            "low": low * scale if line.banded and low is not None else None,
            "high": high * scale if line.banded and high is not None else None,
            "words": say.number(mean * scale, places),
        }
        for start, mean, low, high in zip(line.starts, line.mean, line.low, line.high, strict=True)
        if mean is not None
    ]


@lru_cache(maxsize=4096)
def _day(start: str, say: Language) -> str:
    return say.date(date.fromisoformat(start))


def _time(scale: alt.Scale, say: Language, **axis: Any) -> alt.X:
    pattern = "%-m月%-d日" if say.code == "zh" else "%-d %b"
    return alt.X(
        "start:T",
        scale=scale,
        axis=alt.Axis(title=None, format=pattern, grid=False, labelOverlap=True, tickCount=8, **axis),
    )


def _height(rows: Sequence[Mapping[str, Any]], top: float | None) -> alt.Scale:
    """Return a scale that shows every mean, and intervals as far as they do not press the means flat."""
    means = [row["mean"] for row in rows] or [0.0]
    lows = [row["mean"] if row["low"] is None else row["low"] for row in rows] or [0.0]
    highs = [row["mean"] if row["high"] is None else row["high"] for row in rows] or [1.0]
    room = 0.5 * (max(means) - min(means)) or 1.0
    high = min(max(highs), max(means) + room)
    low = max(0.0, max(min(lows), min(means) - room)) if top is not None else 0.0
    return alt.Scale(domain=[low, high if top is None else min(high, top)], zero=False, nice=True)


def _lines(
    rows: Sequence[dict[str, Any]],
    names: Sequence[str],
    scale: alt.Scale,
    unit: str,
    top: float | None,
    say: Language,
) -> list[Any]:
    y = alt.Y("mean:Q", title=unit, scale=_height(rows, top), axis=alt.Axis(tickCount=5, domain=False))
    colour = alt.Color("scenario:N", scale=scenario_scale(names), legend=line_legend(names))
    dash = alt.StrokeDash("scenario:N", scale=scenario_dashes(names), legend=line_legend(names))
    base = alt.Chart(rows_of(rows)).encode(x=_time(scale, say), color=colour)
    faint = alt.FillOpacityValue(0.16)
    band = (
        base.transform_filter("isValid(datum.low)")
        .mark_area(clip=True)
        .encode(y=alt.Y("low:Q", title=unit), y2="high:Q", fillOpacity=faint)
    )
    line = base.mark_line(strokeWidth=1.8, clip=True).encode(y=y, strokeDash=dash)
    hint = [
        alt.Tooltip("day:N", title=say("Date")),
        alt.Tooltip("scenario:N", title=say("Scenario")),
        alt.Tooltip("words:N", title=unit),
    ]
    point = base.mark_point(size=60, opacity=0.0, clip=True).encode(y=y, tooltip=hint)
    banded = any(row["low"] is not None for row in rows)
    return [band, line, point] if banded else [line, point]


def _strip(
    rows: Sequence[dict[str, Any]], names: Sequence[str], scale: alt.Scale, unit: str, say: Language
) -> Any:
    return (
        alt.Chart(rows_of(rows))
        .mark_line(strokeWidth=1.0)
        .encode(
            x=_time(scale, say),
            y=alt.Y("mean:Q", axis=None, scale=alt.Scale(zero=False)),
            color=alt.Color("scenario:N", scale=scenario_scale(names), legend=line_legend(names)),
        )
    )


def _shading(
    marked: Sequence[dict[str, Any]], scale: alt.Scale, say: Language, *, labelled: bool
) -> list[Any]:
    if not marked:
        return []
    base = alt.Chart(rows_of(marked)).encode(
        x=_time(scale, say), tooltip=[alt.Tooltip("label:N", title=say("Disruption"))]
    )
    marks = [
        base.mark_rect(color=palette.SHADE, opacity=0.22, clip=True).encode(x2="end:T"),
        base.mark_rule(color=palette.SHADE, strokeWidth=1.0, opacity=0.6, clip=True),
    ]
    if not labelled:
        return marks
    if marked[0]["number"] is not None:
        number: dict[str, Any] = {
            "align": "left",
            "baseline": "top",
            "dx": 3,
            "fontSize": 12,
            "fontWeight": "bold",
        }
        return marks + [
            base.transform_filter(f"datum.lane == {lane}")
            .mark_text(**number, color=palette.INK, clip=True)
            .encode(y=alt.value(1 + 13 * lane), text="number:N")
            for lane in range(min(_LANES, len(marked)))
        ]
    name: dict[str, Any] = {
        "align": "left",
        "baseline": "top",
        "angle": 90,
        "dx": 4,
        "dy": -11,
        "fontSize": 11,
        "limit": 240,
    }
    text = base.mark_text(**name, color=palette.FAINT, clip=True)
    return [*marks, text.encode(y=alt.value(0), text="label:N")]


def _marked(shades: Sequence[Shade], lines: Sequence[Line]) -> list[dict[str, Any]]:
    """Return disruptions by their beginning, with numbers where their names would lie on each other."""
    starts = [datetime.fromisoformat(start) for line in lines for start in line.starts]
    apart = _APART * (max(starts) - min(starts)) if starts else timedelta()
    ordered = sorted(shades, key=lambda shade: shade.begin)
    begins = [datetime.fromisoformat(shade.begin).replace(tzinfo=None) for shade in ordered]
    crowded = any(after - before < apart for before, after in pairwise(begins))
    return [
        {
            "start": shade.begin,
            "end": shade.end,
            "label": shade.label,
            "number": number if crowded else None,
            "lane": (number - 1) % _LANES,
        }
        for number, shade in enumerate(ordered, 1)
    ]


def _key(marked: Sequence[Mapping[str, Any]], say: Language) -> str:
    """Return which disruption is meant by each number, where they have numbers."""
    named = [f"{shade['number']} {shade['label']}" for shade in marked if shade["number"] is not None]
    return say("Disruptions: {named}.", named="; ".join(named)) if named else ""


def _table(lines: Sequence[Line], unit: str, scale: float, say: Language) -> list[dict[str, Any]]:
    return [
        {
            say("Date"): start,
            say("Scenario"): line.scenario,
            unit: significant(None if mean is None else mean * scale),
            say("Lower limit"): significant(None if low is None else low * scale),
            say("Upper limit"): significant(None if high is None else high * scale),
        }
        for line in lines
        for start, mean, low, high in zip(line.starts, line.mean, line.low, line.high, strict=True)
        if mean is not None
    ]

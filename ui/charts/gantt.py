"""The visits of a day by engineer: who is on the way and at work when, and how each stands with its due time.

Instants are given on the clock that they are to be shown on, row by row, so that a chart may show every
engineer or every site in its own time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import altair as alt

from ui.charts import palette
from ui.charts.figure import Figure, rows_of, styled
from ui.charts.statuses import COLOURS, SIGNS, STATUSES, status_names

if TYPE_CHECKING:
    from ui.language import Language

#: Name of the selection of an order.
PICKED = "picked"
_ROW = 24
#: Pixels that a chart is taken to be wide, and those of a letter, when names are cut to their bars.
_WIDE, _LETTER = 340.0, 6.2


@dataclass(frozen=True)
class Visit:
    """A visit.

    Parameters
    ----------
    order, engineer
        Id of the order, and the name of the row.
    depart, reach, start, end
        When he leaves and gets there, and when the work begins and ends; wall clock.
    status
        One of `ui.charts.statuses.STATUSES`.
    pinned, chosen
        Whether something of it is fixed, and whether it is the order that the page is about.
    words
        What a pointer on it shows, by heading.
    """

    order: str
    engineer: str
    depart: datetime
    reach: datetime
    start: datetime
    end: datetime
    status: str
    pinned: bool
    chosen: bool
    words: Mapping[str, str]


@dataclass(frozen=True)
class Row:
    """An engineer.

    Parameters
    ----------
    name
        What he is called; every row once.
    now, freeze
        The present, and until when the plan is not changed; wall clock.
    shifts
        When he works; wall clock.
    """

    name: str
    now: datetime
    freeze: datetime | None
    shifts: Sequence[tuple[datetime, datetime]]


def gantt(
    rows: Sequence[Row],
    visits: Sequence[Visit],
    span: tuple[datetime, datetime],
    title: str,
    unit: str,
    caption: str,
    say: Language,
) -> Figure:
    """Return visits by engineer over time, of which one can be picked by a click.

    Parameters
    ----------
    rows
        The engineers, in their order.
    visits
        Their visits.
    span
        What is shown; wall clock.
    title, unit, caption
        Words of the figure.
    say
        The language.
    """
    names = [row.name for row in rows]
    y = alt.Y(
        "engineer:N",
        sort=names,
        scale=alt.Scale(domain=names, paddingInner=0.12, paddingOuter=0.06),
        axis=alt.Axis(title=None, ticks=False, domain=False, labelLimit=150),
    )
    x = _time_axis(span)
    layers = [*_ground(rows, span, x, y), *_bars(visits, span, x, y, say)]
    now = _instants([{"engineer": row.name, "now": row.now} for row in rows if _within(row.now, span)])
    layers.append(
        alt.Chart(rows_of(now))
        .mark_tick(color=palette.INK, thickness=2, size=_ROW, orient="vertical")
        .encode(x=alt.X("now:T", scale=_scale(span)), y=y)
    )
    chart = styled(alt.layer(*layers).properties(height=max(96, _ROW * len(rows))), say)
    return Figure(title, unit, chart, _table(visits, say), caption)


def _scale(span: tuple[datetime, datetime]) -> alt.Scale:
    return alt.Scale(type="utc", domain=[_number(at) for at in span], nice=False, clamp=True)


def _time_axis(span: tuple[datetime, datetime]) -> alt.X:
    hours = (span[1] - span[0]).total_seconds() / 3600.0
    words = "%H:%M" if hours <= 30 else "%m-%d %H:%M"
    axis = alt.Axis(format=words, title=None, tickCount=7, orient="top", labelOverlap=True)
    return alt.X("start:T", scale=_scale(span), axis=axis)


def _ground(rows: Sequence[Row], span: tuple[datetime, datetime], x: alt.X, y: alt.Y) -> list[Any]:
    """Return what lies below the visits: working hours, and the time that is frozen."""
    shifts = [
        {"engineer": row.name, "start": max(begin, span[0]), "end": min(end, span[1])}
        for row in rows
        for begin, end in row.shifts
        if begin < span[1] and end > span[0]
    ]
    frozen = [
        {"engineer": row.name, "start": max(row.now, span[0]), "end": min(row.freeze, span[1])}
        for row in rows
        if row.freeze is not None and row.freeze > row.now
    ]
    found: list[Any] = [
        alt.Chart(rows_of(_instants(shifts)))
        .mark_bar(color="#eef3f0", height=alt.RelativeBandSize(1.0))
        .encode(x=x, x2="end:T", y=y)
    ]
    if frozen:
        found.append(
            alt.Chart(rows_of(_instants(frozen)))
            .mark_bar(color="#b9c3cc", opacity=0.45, height=alt.RelativeBandSize(1.1))
            .encode(x=x, x2="end:T", y=y)
        )
    return found


def _bars(
    visits: Sequence[Visit], span: tuple[datetime, datetime], x: alt.X, y: alt.Y, say: Language
) -> list[Any]:
    """Return ways as lines and work as bars with a sign and a name."""
    legend = status_names(say)
    data = [_row(visit, span, legend) for visit in visits if visit.end > span[0] and visit.depart < span[1]]
    headings = [*dict.fromkeys(heading for visit in visits for heading in visit.words)]
    hint = [alt.Tooltip(f"hint{number}:N", title=heading) for number, heading in enumerate(headings)]
    for row, visit in zip(data, (v for v in visits if v.end > span[0] and v.depart < span[1]), strict=True):
        row |= {f"hint{number}": visit.words.get(heading, "") for number, heading in enumerate(headings)}
    base = alt.Chart(rows_of(_instants(data))).encode(y=y, tooltip=hint)
    colour = alt.Color(
        "status:N",
        scale=alt.Scale(domain=[*legend.values()], range=[COLOURS[status] for status in STATUSES]),
        legend=alt.Legend(title=None, orient="bottom", columns=4, symbolType="square", labelLimit=150),
    )
    picked = alt.selection_point(name=PICKED, fields=["order"], on="click", empty=False)
    way = base.mark_rule(strokeWidth=2.5, color=palette.FAINT, strokeDash=[3, 2]).encode(
        x=alt.X("depart:T", scale=_scale(span)), x2="reach:T"
    )
    seen = base.transform_filter("datum.end > datum.start")
    work = (
        seen.mark_bar(cornerRadius=3, cursor="pointer", height=alt.RelativeBandSize(0.82))
        .encode(
            x=x,
            x2="end:T",
            color=colour,
            stroke=alt.Stroke("edge:N", scale=None),
            strokeWidth=alt.StrokeWidth("width:Q", scale=None),
        )
        .add_params(picked)
    )
    text = seen.mark_text(align="left", dx=4, fontSize=11, color="#ffffff", cursor="pointer").encode(
        x=alt.X("start:T", scale=_scale(span)), text="label:N"
    )
    return [way, work, text]


def _row(visit: Visit, span: tuple[datetime, datetime], legend: Mapping[str, str]) -> dict[str, Any]:
    start, end = min(max(visit.start, span[0]), span[1]), min(visit.end, span[1])
    share = max(0.0, (end - start) / (span[1] - span[0]))
    room = int((share * _WIDE - 8.0) / _LETTER)
    label = f"{SIGNS[visit.status]} {visit.order}"
    if len(label) > room:
        label = f"{label[: room - 1]}…" if room > 4 else label[:1] if room > 0 else ""
    return {
        "order": visit.order,
        "engineer": visit.engineer,
        "depart": min(max(visit.depart, span[0]), span[1]),
        "reach": min(max(visit.reach, span[0]), span[1]),
        "start": start,
        "end": end,
        "status": legend[visit.status],
        "label": label,
        "edge": "#f2b705" if visit.chosen else palette.INK if visit.pinned else "#ffffff",
        "width": 3.0 if visit.chosen else 2.2 if visit.pinned else 0.6,
    }


def _within(at: datetime, span: tuple[datetime, datetime]) -> bool:
    return span[0] <= at <= span[1]


def _number(at: datetime) -> float:
    """Return a wall clock as Vega's milliseconds, which are shown as if they were in UTC."""
    return at.replace(tzinfo=UTC).timestamp() * 1000.0


def _instants(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {name: _number(cell) if isinstance(cell, datetime) else cell for name, cell in row.items()}
        for row in rows
    ]


def _table(visits: Sequence[Visit], say: Language) -> list[dict[str, Any]]:
    legend = status_names(say)
    return [
        {
            say("Engineer"): visit.engineer,
            say("Work order"): visit.order,
            say("Departs"): f"{visit.depart:%Y-%m-%d %H:%M}",
            say("Starts"): f"{visit.start:%Y-%m-%d %H:%M}",
            say("Ends"): f"{visit.end:%Y-%m-%d %H:%M}",
            say("Status"): legend[visit.status],
            say("Pinned"): say("yes") if visit.pinned else "",
        }
        for visit in visits
    ]

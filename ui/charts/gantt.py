"""The visits of a day by engineer: who is on the way and at work when, and how each stands with its due time.

Instants are given on the clock that they are to be shown on, row by row, so that a chart may show every
engineer or every site in its own time.
"""

from __future__ import annotations

import json
from collections import Counter
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
    shifts, breaks
        When he works, and when he rests in between; wall clock.
    label
        What stands beside the row; its name where empty.
    away
        Whether he cannot be sent.
    """

    name: str
    now: datetime
    freeze: datetime | None
    shifts: Sequence[tuple[datetime, datetime]]
    breaks: Sequence[tuple[datetime, datetime]] = ()
    label: str = ""
    away: bool = False


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
    labels = {row.name: row.label or row.name for row in rows}
    y = alt.Y(
        "engineer:N",
        sort=names,
        scale=alt.Scale(domain=names, paddingInner=0.12, paddingOuter=0.06),
        axis=alt.Axis(
            title=None,
            ticks=False,
            domain=False,
            labelLimit=190,
            labelExpr=f"({json.dumps(labels)})[datum.value]",
        ),
    )
    x = _time_axis(span)
    layers = [*_ground(rows, span, x, y), *_bars(visits, span, x, y, say), *_beyond(visits, span, y)]
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
    axis = alt.Axis(
        format=words, title=None, tickCount=7, orient="top", labelOverlap=True, labelSeparation=10
    )
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
    found += _rests(rows, span, x, y)
    if frozen:
        found.append(
            alt.Chart(rows_of(_instants(frozen)))
            .mark_bar(color="#b9c3cc", opacity=0.45, height=alt.RelativeBandSize(1.1))
            .encode(x=x, x2="end:T", y=y)
        )
    return found


def _rests(rows: Sequence[Row], span: tuple[datetime, datetime], x: alt.X, y: alt.Y) -> list[Any]:
    """Return breaks as light hatches, and rows of those who cannot be sent as a darker ground."""
    step = (span[1] - span[0]) / 160
    hatches = []
    for row in rows:
        for begin, end in row.breaks:
            at = max(begin, span[0])
            while at < min(end, span[1]):
                hatches.append({"engineer": row.name, "start": at, "end": min(at + step / 2, end, span[1])})
                at += step
    away = [{"engineer": row.name, "start": span[0], "end": span[1]} for row in rows if row.away]
    return [
        alt.Chart(rows_of(_instants(data)))
        .mark_bar(color=colour, opacity=opacity, height=alt.RelativeBandSize(1.0))
        .encode(x=x, x2="end:T", y=y)
        for data, colour, opacity in ((away, palette.WORSE, 0.16), (hatches, "#8fa396", 0.75))
        if data
    ]


def _beyond(visits: Sequence[Visit], span: tuple[datetime, datetime], y: alt.Y) -> list[Any]:
    """Return how many visits of each row begin later than what is shown."""
    counts = Counter(visit.engineer for visit in visits if visit.start >= span[1])
    data = [{"engineer": name, "start": span[1], "text": f"{n} ›"} for name, n in counts.items()]
    if not data:
        return []
    mark = alt.Chart(rows_of(_instants(data))).mark_text(
        align="right", dx=-3, fontSize=12, fontWeight="bold", color=palette.INK
    )
    return [mark.encode(x=alt.X("start:T", scale=_scale(span)), y=y, text="text:N")]


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
        legend=alt.Legend(title=None, orient="bottom", columns=2, symbolType="square", labelLimit=150),
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
    begins = alt.X("start:T", scale=_scale(span))
    fits: dict[str, Any] = {"align": "left", "fontSize": 11, "color": "#ffffff", "cursor": "pointer"}
    room = "(scale('x', datum.end) - scale('x', datum.start))"
    sign = seen.mark_text(dx=4, opacity=alt.ExprRef(f"{room} > 13 ? 1 : 0"), **fits).encode(
        x=begins, text="sign:N"
    )
    # From right to left, so that the beginning is cut away: the end of an id tells orders apart.
    name = seen.mark_text(
        dx=14,
        dir="rtl",
        limit=alt.ExprRef(f"max(1, {room} - 19)"),
        opacity=alt.ExprRef(f"{room} > 40 ? 1 : 0"),
        **fits,
    ).encode(x=begins, text="order:N")
    return [way, work, sign, name]


def _row(visit: Visit, span: tuple[datetime, datetime], legend: Mapping[str, str]) -> dict[str, Any]:
    start, end = min(max(visit.start, span[0]), span[1]), min(visit.end, span[1])
    return {
        "order": visit.order,
        "engineer": visit.engineer,
        "depart": min(max(visit.depart, span[0]), span[1]),
        "reach": min(max(visit.reach, span[0]), span[1]),
        "start": start,
        "end": end,
        "status": legend[visit.status],
        "sign": SIGNS[visit.status],
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

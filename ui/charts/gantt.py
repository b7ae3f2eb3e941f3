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
from ui.charts.labels import cut_names, width_of
from ui.charts.statuses import COLOURS, SIGNS, STATUSES, status_names
from ui.language.moments import AXIS_DATES

if TYPE_CHECKING:
    from ui.language import Language

#: Name of the selection of an order.
PICKED = "picked"
_ROW = 24
#: Letters of names beside the rows, by the width in pixels that the chart has at least.
_LETTERS = ((1100, 60), (700, 44), (480, 28), (0, 15))
_LETTER = 6.6
#: Room in pixels behind the last hour, where some visits are later than what is shown.
_BEYOND = 26


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
    words
        What is said of him: working hours, breaks, an absence.
    """

    name: str
    now: datetime
    freeze: datetime | None
    shifts: Sequence[tuple[datetime, datetime]]
    breaks: Sequence[tuple[datetime, datetime]] = ()
    label: str = ""
    away: bool = False
    words: str = ""


@dataclass(frozen=True)
class _Axes:
    """What all layers of the chart share: the hours, their scale, and the rows."""

    x: alt.X
    scale: alt.Scale
    y: alt.Y


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
    # Later visits are told behind the last hour, not over visits that are shown.
    room = _BEYOND if any(visit.start >= span[1] for visit in visits) else 0
    scale = _scale(span, room)
    axes = _Axes(_time_axis(span, scale, unit, say), scale, _names_axis(rows, say))
    layers = [*_ground(rows, span, axes, say), *_bars(visits, span, axes, say), *_beyond(visits, span, axes)]
    now = _instants([{"engineer": row.name, "now": row.now} for row in rows if _within(row.now, span)])
    layers.append(
        alt.Chart(rows_of(now))
        .mark_tick(color=palette.INK, thickness=2, size=_ROW, orient="vertical", aria=False)
        .encode(x=alt.X("now:T", scale=scale), y=axes.y)
    )
    chart = styled(alt.layer(*layers).properties(height=max(96, _ROW * len(rows))), say)
    return Figure(title, unit, chart, _table(visits, say), caption)


def _names_axis(rows: Sequence[Row], say: Language) -> alt.Y:
    """Return the rows with as much of their names as the width of the chart allows."""
    names = [row.name for row in rows]
    whole = [row.label or row.name for row in rows]
    cut = [dict(zip(names, cut_names(whole, most), strict=True)) for _, most in _LETTERS]
    number = f"{len(_LETTERS) - 1}"
    for place, (least, _) in reversed([*enumerate(_LETTERS[:-1])]):
        # A picture without a page has no container, and is wide.
        number = f"((containerSize()[0] || 900) >= {least} ? {place} : {number})"
    limit = _LETTER * max((width_of(name) for names in cut for name in names.values()), default=0) + 12
    return alt.Y(
        "engineer:N",
        sort=names,
        scale=alt.Scale(domain=names, paddingInner=0.12, paddingOuter=0.06),
        axis=alt.Axis(
            title=None,
            ticks=False,
            domain=False,
            labelLimit=limit,
            labelPadding=6,
            description=say("Engineer"),
            labelExpr=f"({json.dumps(cut, ensure_ascii=False)})[{number}][datum.value]",
        ),
    )


def _scale(span: tuple[datetime, datetime], room: int) -> alt.Scale:
    ends: Any = [0, alt.ExprRef(f"width - {room}")] if room else alt.Undefined
    return alt.Scale(type="utc", domain=[_number(at) for at in span], range=ends, nice=False, clamp=True)


def _time_axis(span: tuple[datetime, datetime], scale: alt.Scale, unit: str, say: Language) -> alt.X:
    """Return the hours, at midnight with the date; over several days all with their dates."""
    hours = (span[1] - span[0]).total_seconds() / 3600.0
    date = AXIS_DATES[say.code]
    pattern = f"utchours(datum.value) == 0 ? '{date}' : '%H:%M'" if hours <= 30 else f"'{date} %H:%M'"
    axis = alt.Axis(
        labelExpr=f"utcFormat(datum.value, {pattern})",
        title=None,
        tickCount=7,
        orient="top",
        labelOverlap=True,
        labelSeparation=10,
        description=unit,
    )
    return alt.X("start:T", scale=scale, axis=axis)


def _ground(rows: Sequence[Row], span: tuple[datetime, datetime], axes: _Axes, say: Language) -> list[Any]:
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
    found = [_strip(shifts, "#eef3f0", 1.0, axes), *_rests(rows, span, axes)]
    if frozen:
        found.append(_strip(frozen, "#b9c3cc", 0.45, axes))
    # Over them all, unseen: what there is to say of each engineer, with his whole name.
    said = [
        {"engineer": row.name, "start": span[0], "end": span[1], "words": row.words or row.name}
        for row in rows
    ]
    found.append(
        alt.Chart(rows_of(_instants(said)))
        .mark_bar(opacity=0.0, height=alt.RelativeBandSize(1.0))
        .encode(
            x=axes.x,
            x2="end:T",
            y=axes.y,
            tooltip=alt.Tooltip("words:N", title=say("Engineer")),
            description=alt.Description("words:N"),
        )
    )
    return found


def _strip(data: Sequence[dict[str, Any]], colour: str, opacity: float, axes: _Axes) -> Any:
    """Return grounds of rows; a reader of the screen is told of them row by row instead."""
    return (
        alt.Chart(rows_of(_instants(data)))
        .mark_bar(color=colour, opacity=opacity, height=alt.RelativeBandSize(1.0), aria=False)
        .encode(x=axes.x, x2="end:T", y=axes.y)
    )


def _rests(rows: Sequence[Row], span: tuple[datetime, datetime], axes: _Axes) -> list[Any]:
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
    grounds = ((away, palette.WORSE, 0.16), (hatches, "#8fa396", 0.75))
    return [_strip(data, colour, opacity, axes) for data, colour, opacity in grounds if data]


def _beyond(visits: Sequence[Visit], span: tuple[datetime, datetime], axes: _Axes) -> list[Any]:
    """Return how many visits of each row begin later than what is shown."""
    counts = Counter(visit.engineer for visit in visits if visit.start >= span[1])
    data = [{"engineer": name, "text": f"{n} ›"} for name, n in counts.items()]
    if not data:
        return []
    mark = alt.Chart(rows_of(data)).mark_text(
        align="right", dx=-1, fontSize=12, fontWeight="bold", color=palette.INK
    )
    return [mark.encode(x=alt.value("width"), y=axes.y, text="text:N")]


def _bars(visits: Sequence[Visit], span: tuple[datetime, datetime], axes: _Axes, say: Language) -> list[Any]:
    """Return ways as lines and work as bars with a sign and a name."""
    legend = status_names(say)
    shown = [visit for visit in visits if visit.end > span[0] and visit.depart < span[1]]
    data = [_row(visit, span, legend) for visit in shown]
    headings = [*dict.fromkeys(heading for visit in visits for heading in visit.words)]
    hint = [alt.Tooltip(f"hint{number}:N", title=heading) for number, heading in enumerate(headings)]
    for row, visit in zip(data, shown, strict=True):
        row |= {f"hint{number}": visit.words.get(heading, "") for number, heading in enumerate(headings)}
        told = [say("{name}: {value}", name=name, value=value) for name, value in visit.words.items()]
        row["told"] = "; ".join((*told, legend[visit.status]))
    base = alt.Chart(rows_of(_instants(data))).encode(y=axes.y, tooltip=hint)
    picked = alt.selection_point(name=PICKED, fields=["order"], on="click", empty=False)
    way = base.mark_rule(strokeWidth=2.5, color=palette.FAINT, strokeDash=[3, 2], aria=False).encode(
        x=alt.X("depart:T", scale=axes.scale), x2="reach:T"
    )
    seen = base.transform_filter("datum.end > datum.start")
    work = (
        seen.mark_bar(cornerRadius=3, cursor="pointer", height=alt.RelativeBandSize(0.82))
        .encode(
            x=axes.x,
            x2="end:T",
            color=_colour(legend, say),
            stroke=alt.Stroke("edge:N", scale=None),
            strokeWidth=alt.StrokeWidth("width:Q", scale=None),
            description=alt.Description("told:N"),
        )
        .add_params(picked)
    )
    return [way, work, *_names(seen, axes)]


def _colour(legend: Mapping[str, str], say: Language) -> alt.Color:
    # As wide as the names need, one below the other where the chart is narrow.
    columns = alt.ExprRef(f"(containerSize()[0] || 900) < 480 ? 1 : {len(legend)}")
    return alt.Color(
        "status:N",
        scale=alt.Scale(domain=[*legend.values()], range=[COLOURS[status] for status in STATUSES]),
        legend=alt.Legend(
            title=None,
            orient="bottom",
            columns=columns,
            symbolType="square",
            labelLimit=220,
            description=say("Status"),
        ),
    )


def _names(seen: Any, axes: _Axes) -> list[Any]:
    """Return the sign and the name of each visit, as far as they fit into its bar."""
    begins = alt.X("start:T", scale=axes.scale)
    fits: dict[str, Any] = {
        "align": "left",
        "fontSize": 11,
        "color": "#ffffff",
        "cursor": "pointer",
        "aria": False,
    }
    room = "(scale('x', datum.end) - scale('x', datum.start))"
    sign = seen.mark_text(dx=4, opacity=alt.ExprRef(f"{room} > 13 ? 1 : 0"), **fits).encode(
        x=begins, text="sign:N"
    )
    # From right to left, so that the beginning is cut away: the end of an id tells orders apart.
    name = seen.mark_text(
        dx=14,
        dir="rtl",
        limit=alt.ExprRef(f"max(1, {room} - 16)"),
        opacity=alt.ExprRef(f"{room} > 34 ? 1 : 0"),
        **fits,
    ).encode(x=begins, text="order:N")
    return [sign, name]


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

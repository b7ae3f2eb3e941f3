"""What a dispatcher fixes of an order: who has it, and when it begins, as planned or as he says.

Fields show what is fixed, else what is planned, and are made anew when either changes.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import streamlit as st

from optimize.day.model import DayOrder, DayPin
from ui.board import actions
from ui.board.desk import Desk
from ui.board.pictures import wall
from ui.board.standing import Standing
from ui.board.toolbar import attempt

#: First and last start; the same twice for a fixed one.
Range = tuple[datetime, datetime]


def pins(desk: Desk, order: DayOrder, standing: Standing | None) -> None:
    """Draw what may be fixed of an order that nobody has left for yet."""
    if order.status not in ("new", "planned"):
        return
    say, held = desk.say, order.pin or DayPin()
    visit = standing.visits[0] if standing and standing.visits else None
    planned = visit.start if visit else None
    key = f"{order.id}-{visit.engineer if visit else ''}-{planned}-{held.model_dump_json(exclude_none=True)}"
    names = list(desk.day.engineer)
    default = held.engineer or (visit.engineer if visit else None)
    who = st.selectbox(
        say("Engineer"),
        names,
        index=names.index(default) if default in names else None,
        format_func=partial(actions.engineer_name, desk.day),
        placeholder=say("Choose an engineer"),
        key=f"board-pin-who-{key}",
    )
    _buttons(desk, order, who, _range(desk, order, held, planned, key))


def _range(desk: Desk, order: DayOrder, held: DayPin, planned: datetime | None, key: str) -> Range | None:
    """Draw the fields of a start, or of a range of starts; return it, None where it is not filled in."""
    say, zone = desk.say, order.time_zone
    first = held.start_from or planned
    last = held.start_to if held.start_to != held.start_from else None
    there = wall(first or desk.day.now, zone)
    day = st.date_input(say("Starts on"), there.date(), key=f"board-pin-day-{key}")
    # Side by side on a phone too, where three would not find room.
    from_at, to_at = st.columns(2, wrap=False, vertical_alignment="bottom")
    begin = from_at.time_input(
        say("From"), _clock(there) if first else None, key=f"board-pin-from-{key}", step=timedelta(minutes=1)
    )
    end = to_at.time_input(
        say("Until"),
        _clock(wall(last, zone)) if last else None,
        key=f"board-pin-to-{key}",
        step=timedelta(minutes=1),
        help=say("Of a range of starts, on the clock of the site; empty for a start at one time."),
    )
    return range_of(day, begin, end, zone, first)


def _clock(at: datetime) -> time:
    return at.time().replace(second=0, microsecond=0)


def range_of(
    day: date | None, begin: time | None, end: time | None, zone: str, planned: datetime | None
) -> Range | None:
    """Return the range of starts that fields say; None where day or begin is empty.

    Parameters
    ----------
    day, begin, end
        On the clock of the site; an end before the begin is on the next day, without one it is the begin.
    zone
        The site's.
    planned
        The start that the fields showed at first, to the minute; what still shows it means it to the second.
    """
    if day is None or begin is None:
        return None
    first = datetime.combine(day, begin, ZoneInfo(zone))
    last = first if end is None else datetime.combine(day, end, ZoneInfo(zone))
    if last < first:
        last += timedelta(days=1)
    if planned is not None and timedelta() <= planned - first < timedelta(minutes=1):
        first = planned
    return first, max(first, last)


def _buttons(desk: Desk, order: DayOrder, who: str | None, times: Range | None) -> None:
    """Draw what fixes the order, and what lets it go."""
    say, barred = desk.say, desk.access.why_not(desk.say)
    no_one = say("Choose an engineer first.") if who is None else None
    no_time = say("Fill in when it starts first.") if times is None else None
    first, last = times or (None, None)
    kinds: tuple[tuple[actions.PinKind, str, str | None], ...] = (
        ("engineer", say("Pin engineer"), no_one),
        ("time", say("Pin time"), no_time),
        ("both", say("Pin both"), no_one or no_time),
    )
    with st.container(horizontal=True, key="board-pins"):
        for kind, label, lacking in kinds:
            st.button(
                label,
                key=f"board-pin-{kind}",
                disabled=desk.barred or bool(lacking),
                help=barred or lacking,
                on_click=attempt,
                args=(desk, actions.pinned, order.id, kind, who, first, last),
            )
        if order.pin is not None:
            st.button(
                say("Unpin"),
                key="board-unpin",
                disabled=desk.barred,
                help=barred,
                on_click=attempt,
                args=(desk, actions.unpinned, order.id),
            )

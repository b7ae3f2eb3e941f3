"""The order that the dispatcher picked: what is known of it, pins, how far it is, and why it is there."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import streamlit as st

from optimize.day.model import DayOrder
from optimize.day.pins import past
from ui.board import actions
from ui.board.conflict import pin_words
from ui.board.course import visits_as_they_go
from ui.board.desk import Desk
from ui.board.pictures import time_left, wall
from ui.board.pins import pins
from ui.board.standing import Standing
from ui.board.toolbar import attempt
from ui.board.why import why_panel
from ui.board.words import plain, status_word
from ui.charts.statuses import status_names

#: What may be told of an order in each of its states.
_NEXT = {
    "new": ("cancelled",),
    "planned": ("departed", "arrived", "cancelled"),
    "departed": ("arrived", "cancelled"),
    "arrived": ("finished", "cancelled"),
}
#: A time of day that is still to come today is one of yesterday if that is no longer ago.
_LAST_NIGHT = timedelta(hours=12)
#: Names of the actions of the panel, of which a refusal is told in it.
_ACTS = ("pinned", "unpinned", "told", "delayed")


def order_panel(desk: Desk, found: dict[str, Standing]) -> None:
    """Draw the choice of an order, and all about the one chosen."""
    say, day = desk.say, desk.day
    names = sorted(day.order)
    if "board-order" not in st.session_state:
        st.session_state["board-order"] = st.query_params.get("order")
    if st.session_state["board-order"] not in names:
        st.session_state["board-order"] = None
    st.selectbox(
        say("Work order"),
        names,
        index=None,
        key="board-order",
        placeholder=say("Pick a visit in the chart, or an order here"),
    )
    order = day.order.get(desk.picked)
    if order is None:
        st.query_params.pop("order", None)
        return
    st.query_params["order"] = order.id
    with st.container(border=True, key="board-panel"):
        left, right = st.columns(2, gap="medium")
        with left:
            _facts(desk, order, found.get(order.id))
        if order.status in _NEXT:
            with right:
                _refusal(desk)
                pins(desk, order, found.get(order.id))
                _progress(desk, order)
        why_panel(desk, order)


def _refusal(desk: Desk) -> None:
    """Draw what was refused of the buttons below, and that something waits for him to decide."""
    told = desk.refusal(*_ACTS)
    if told:
        st.warning(plain(told))
    if desk.pending() is not None:
        st.warning(desk.say("Your change is not saved yet: decide at the top of the page."))


def _facts(desk: Desk, order: DayOrder, standing: Standing | None) -> None:
    """Draw what is known of an order."""
    say, zone = desk.say, order.time_zone
    place = " · ".join(filter(None, (order.site, order.customer, say.name("cities", order.city))))
    st.markdown(f"**{plain(order.id)}**  \n{plain(place)}")
    skill = say.name("skills", order.skill) if order.skill else say("any")
    level = ("junior", "intermediate", "senior", "expert")[order.level - 1]
    facts = [
        (say("Progress"), status_word(order.status, say)),
        (say("Severity"), say.term("severity", order.severity)),
        (say("Skill"), say("{skill}, {level}", skill=skill, level=say.term("level", level))),
        (say("Work"), f"{say.hours(order.duration_h)} × {order.crew_size}"),
    ]
    if standing is not None and standing.due is not None:
        left = time_left(standing.hours_left, say)
        due = say("{instant} ({left})", instant=say.instant(standing.due, zone), left=left)
        facts.append((say("Due"), due))
        facts.append((say("P(breach)"), say.percent(standing.probability, 0)))
    if standing is not None:
        facts.append((say("Status"), status_names(say)[standing.status]))
    for visit in visits_as_they_go(desk.day) if standing else ():
        if visit.order != order.id:
            continue
        who = actions.engineer_name(desk.day, visit.engineer)
        start = say.instant(visit.start, zone)
        facts.append((say("Visit"), say("{engineer}, {start}", engineer=who, start=start)))
    away = actions.pinned_to_away(desk.day, order)
    if order.pin is not None:
        facts.append((say("Pinned"), pin_words(desk.day, order.pin, zone, say)))
    st.markdown("  \n".join(say("{name}: {value}", name=name, value=plain(value)) for name, value in facts))
    if away:
        words = say("It is pinned to {name}, who is away: unpin it, or nobody can have it.", name=plain(away))
        st.warning(words)
    over = past(desk.day, order)
    if over is not None:
        time = say.instant(over, zone)
        st.warning(say("It is pinned to {time}, which is past: unpin it, or nobody can have it.", time=time))


def _progress(desk: Desk, order: DayOrder) -> None:
    """Draw how far an order may have come, and that it takes longer."""
    say = desk.say
    words = {
        "departed": say("Departed"),
        "arrived": say("Arrived"),
        "finished": say("Finished"),
        "cancelled": say("Cancel order"),
    }
    at = _when(desk, order) if order.status != "new" else None
    with st.container(horizontal=True, key="board-states", vertical_alignment="bottom"):
        for status in _NEXT[order.status]:
            st.button(
                words[status],
                key=f"board-told-{status}",
                disabled=desk.barred,
                help=desk.access.why_not(say),
                on_click=attempt,
                args=(desk, actions.told, order.id, status, None if status == "cancelled" else at),
            )
        if order.status in ("departed", "arrived", "planned"):
            st.button(
                say("Half an hour later"),
                key="board-delayed",
                disabled=desk.barred,
                help=desk.access.why_not(say),
                on_click=attempt,
                args=(desk, actions.delayed, order.id, 0.5),
            )


def _when(desk: Desk, order: DayOrder) -> datetime | None:
    """Draw the field of when somebody left, came or was done; None for the present."""
    say, zone, now = desk.say, order.time_zone, desk.day.now
    there = wall(now, zone).time().replace(second=0, microsecond=0)
    clock = st.time_input(
        say("When it was, on the clock of the site"),
        there,
        # Another field once time goes on or the order has come on: the present again.
        key=f"board-told-at-{order.id}-{order.status}-{now.isoformat()}",
        step=timedelta(minutes=1),
        help=say("Of departed, arrived and finished: until now, and not before what came before it."),
        disabled=desk.barred,
        width=240,
    )
    return None if clock is None or clock == there else moment_of(clock, now, zone)


def moment_of(clock: time, now: datetime, zone: str) -> datetime:
    """Return the moment that somebody means by a time of day: of today, or of the night that has just been.

    Parameters
    ----------
    clock
        The time of day.
    now
        The present.
    zone
        Whose clock it is.
    """
    today = datetime.combine(now.astimezone(ZoneInfo(zone)).date(), clock, ZoneInfo(zone))
    before = today - timedelta(days=1)
    if today > now and now - before <= _LAST_NIGHT:
        return before.astimezone(UTC)
    return today.astimezone(UTC)

"""Above the charts of a board: what it is, back and forward, and what is done to the day as a whole."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import streamlit as st

from optimize.day.events import EventError
from optimize.day.model import Day
from scenarios.phrases import message_of
from ui.board import actions
from ui.board.actions import Done
from ui.board.clocks import home_zone, told_in_zone
from ui.board.desk import Desk
from ui.board.export import export_buttons
from ui.board.standing import Standing, Totals
from ui.board.words import plain, spaced, with_names


def attempt(
    desk: Desk, act: Callable[..., Done], *arguments: Any, then: Callable[[], None] | None = None
) -> None:
    """Do something to the day that the dispatcher saw, and save it; what cannot be is told.

    Parameters
    ----------
    desk
        The dispatcher's.
    act
        One of `ui.board.actions`, with its further arguments.
    then
        What follows once it is saved, and not where it is refused or waits for a decision.
    """
    base = desk.seen()
    try:
        day, what = act(base.day, *arguments)
    except EventError as refusal:
        message = with_names(message_of(refusal), base.day, desk.say)
        words = told_in_zone(message, _zone_of(message, base.day), desk.say)
        desk.news(spaced(words, desk.say), act.__name__)
        return
    saved = desk.commit(day, what, base)
    desk.end_round()
    if saved and then is not None:
        then()


def _zone_of(message: str, day: Day) -> str:
    """Return whose clock a message is told in: that of the order it is about, else the board's."""
    order = day.order.get(str(getattr(message, "values", {}).get("order")))
    return order.time_zone if order else home_zone(day)


def header(desk: Desk, found: dict[str, Standing]) -> None:
    """Draw the title, the version, undo and redo, files, and the way to other boards."""
    say, board = desk.say, desk.board
    st.markdown(f"### {plain(board.title) or say('Dispatch Board')}")
    _caption(desk)
    with st.container(horizontal=True, vertical_alignment="center", key="board-header"):
        st.button(
            say("Undo"),
            key="board-undo",
            disabled=desk.barred or board.parent is None,
            help=plain(told_in_zone(board.what, home_zone(board.day), say)),
            on_click=desk.undo,
        )
        st.button(
            say("Redo"), key="board-redo", disabled=desk.barred or board.redo is None, on_click=desk.redo
        )
        with st.popover(say("History"), key="board-history"):
            history(desk)
        export_buttons(desk, found)
        st.button(say("Other boards"), key="board-others", on_click=leave)


def _caption(desk: Desk) -> None:
    """Draw when it is on the board, and which version of it this is."""
    say, board, day = desk.say, desk.board, desk.day
    who = board.who or say("somebody")
    st.caption(
        say(
            "Now: {now} · version {version}: {what}, by {who}",
            now=say.instant(day.now, home_zone(day)),
            version=board.version,
            what=plain(told_in_zone(board.what, home_zone(day), say)),
            who=plain(who),
        )
    )


def leave() -> None:
    """Go back to the list of boards."""
    for name in ("board", "order", "proposal"):
        st.query_params.pop(name, None)


def history(desk: Desk) -> None:
    """Draw the versions of a board."""
    say = desk.say
    for one in desk.store.history(desk.board.id, 20):
        when = say.instant(one.at, st.context.timezone or "UTC")
        what = plain(told_in_zone(one.what, home_zone(desk.day), say))
        who = plain(one.who or say("somebody"))
        st.markdown(f"**{one.version}** {what}  \n{when} · {who}")


def cards(desk: Desk, found: Totals) -> None:
    """Draw how the day stands in numbers."""
    say = desk.say
    figures = (
        (say("Open orders"), say.number(found.open, 0)),
        (say("Nobody has"), say.number(found.unassigned, 0)),
        (say("Late as planned"), say.number(found.late, 0)),
        (say("In jeopardy, not late"), say.number(found.risk, 0)),
        (say("On the way"), say.hours(found.travel_h, 1)),
    )
    cells = "".join(
        f'<div class="board-card"><span>{name}</span><b>{value}</b></div>' for name, value in figures
    )
    st.html(f'<div class="board-cards" data-testid="board-cards">{cells}</div>')


def doings(desk: Desk) -> None:
    """Draw what may happen to the day: urgent orders, sick engineers, the clock, the freeze window."""
    say, barred = desk.say, desk.barred
    reason = desk.access.why_not(say)
    # Here, since that module does to a day what this one offers.
    from ui.board.urgent import urgent_form

    forms = {
        "urgent": (say("Urgent order"), urgent_form),
        "sick": (say("Sick engineer"), _sick),
        "clock": (say("Clock and freeze"), _clock),
    }
    for key, (label, form) in forms.items():
        # Another popover after each change of one's own, so that it is shut again.
        with st.popover(label, disabled=barred, help=reason, key=f"board-{key}-{desk.rounds}"):
            if not barred:
                form(desk)


def _sick(desk: Desk) -> None:
    """Draw who is away, and who may be sent home."""
    say, day = desk.say, desk.day
    away = {person.id: actions.is_away(day, person.id) for person in day.engineers}
    name = st.selectbox(
        say("Engineer"),
        list(away),
        format_func=lambda key: _called(desk, key, away[key]),
        key="board-sick-who",
        index=None,
        placeholder=say("Choose an engineer"),
    )
    hours = st.number_input(
        say("Hours until he is back; empty until further notice"), 0.5, 240.0, None, key="board-sick-hours"
    )
    if name and away.get(name):
        if st.button(say("Is back"), key="board-back", type="primary"):
            attempt(desk, actions.back, name)
            st.rerun()
    elif st.button(say("Send home"), key="board-sick-send", type="primary", disabled=not name):
        until = day.now + timedelta(hours=hours) if hours else None
        attempt(desk, actions.sick, name, until)
        st.rerun()


def _called(desk: Desk, key: str, away: bool) -> str:
    name = actions.engineer_name(desk.day, key)
    return desk.say("{name} (away)", name=name) if away else name


def _clock(desk: Desk) -> None:
    """Draw how the present is moved on, and how long from now the plan is frozen."""
    say, day = desk.say, desk.day
    minutes = st.number_input(say("Minutes to move on"), 1, 1440, 15, 15, key="board-minutes")
    if st.button(say("Move the clock"), key="board-later"):
        attempt(desk, actions.later, day.now + timedelta(minutes=minutes))
        st.rerun()
    hours = st.number_input(
        say("Freeze window in hours"), 0.0, 24.0, float(day.freeze_h), 0.5, key=f"board-freeze-{day.freeze_h}"
    )
    if st.button(say("Set the freeze window"), key="board-freeze-set", disabled=hours == day.freeze_h):
        attempt(desk, actions.frozen, hours)
        st.rerun()

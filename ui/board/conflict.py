"""Two dispatchers changed the same: both versions side by side, and a choice for each."""

from __future__ import annotations

from typing import Any

import streamlit as st

from optimize.day.model import Day, DayPin
from ui.board import actions
from ui.board.clocks import home_zone, start_words, told_in_zone
from ui.board.desk import Desk, Pending
from ui.board.words import joined, plain, status_word
from ui.boards import Clash
from ui.boards.merging import Side, Unit
from ui.language import Language


def conflict_panel(desk: Desk) -> None:
    """Draw what could not be saved, and what each side says."""
    if desk.barred:
        return
    say, pending = desk.say, desk.pending()
    if pending is None:
        _undecided(desk)
        return
    clashes = desk.clashes(pending)
    with st.container(border=True, key="board-conflict"):
        st.markdown(f"#### {say('Somebody else changed the same')}")
        who, zone = plain(desk.others(desk.board.who)), home_zone(desk.day)
        # Wherever on the page he is, and at every drawing, for as long as it waits.
        st.toast(
            say("Not saved yet: {who} changed the same meanwhile. Decide at the top of the page.", who=who),
            duration="infinite",
        )
        st.markdown(
            say(
                "Yours: {mine}. Saved meanwhile by {who}: {theirs}. Nothing of yours is lost until you "
                "decide.",
                mine=plain(told_in_zone(pending.what, zone, say)),
                who=who,
                theirs=plain(told_in_zone(desk.board.what, zone, say)),
            )
        )
        chosen = {
            clash.units[0]: _choice(desk, pending, clash, number) for number, clash in enumerate(clashes)
        }
        with st.container(horizontal=True):
            st.button(
                say("Save as chosen"),
                type="primary",
                key="board-settle",
                on_click=_settle,
                args=(desk, pending, chosen),
            )
            st.button(say("Drop my change"), key="board-forget", on_click=desk.forget)


def _undecided(desk: Desk) -> None:
    """Draw what he has not decided yet in a window that is shut, or is open beside this one."""
    say = desk.say
    for one in desk.undecided():
        with st.container(horizontal=True, vertical_alignment="center"):
            what = plain(told_in_zone(one.what, home_zone(desk.day), say))
            st.caption(say("Not saved, since somebody else changed the same: {what}", what=what))
            st.button(say("Decide"), key=f"board-take-up-{one.id}", on_click=desk.take_up, args=(one.id,))


def _settle(desk: Desk, pending: Pending, chosen: dict[Unit, Side]) -> None:
    desk.settle(pending, chosen)


def _choice(desk: Desk, pending: Pending, clash: Clash, number: int) -> Side:
    """Draw one clash and return the side chosen."""
    say = desk.say
    names = {"mine": say("Mine"), "theirs": say("Theirs")}
    rows = [_row(pending.mine, desk.day, unit, say) for unit in clash.units]
    st.dataframe(rows, hide_index=True, width="stretch")
    side = st.segmented_control(
        say("Which stands"),
        list(names),
        format_func=names.__getitem__,
        default="theirs",
        required=True,
        key=f"board-clash-{number}",
        label_visibility="collapsed",
    )
    return "mine" if side == "mine" else "theirs"


def _row(mine: Day, theirs: Day, unit: Unit, say: Language) -> dict[str, Any]:
    kinds = {"order": say("Work order"), "engineer": say("Engineer"), "day": say("Day")}
    kind, name = unit
    shown = actions.engineer_name(theirs, name) if kind == "engineer" else name
    return {
        say("What"): f"{kinds[kind]} {shown}",
        say("Mine"): told(mine, unit, say),
        say("Theirs"): told(theirs, unit, say),
    }


def told(day: Day, unit: Unit, say: Language) -> str:
    """Return what a day says of an order, an engineer or a field of its own, in words."""
    kind, name = unit
    if kind == "order":
        return _order(day, name, say)
    if kind == "engineer":
        if name not in day.engineer:
            return say("not there")
        orders = [v.order for v in (day.plan.visits if day.plan else ()) if v.engineer == name]
        away = say("away") if actions.is_away(day, name) else ""
        return " · ".join(filter(None, (away, say.many("{n} visit", "{n} visits", len(orders)))))
    return str(getattr(day, name))


def _order(day: Day, name: str, say: Language) -> str:
    order = day.order.get(name)
    if order is None:
        return say("not there")
    parts = [status_word(order.status, say)]
    for visit in day.plan.crew_of.get(name, ()) if day.plan else ():
        start = say.short_instant(visit.start, order.time_zone)
        parts.append(f"{actions.engineer_name(day, visit.engineer)} {start}")
    if order.pin is not None:
        parts.append(say("pinned: {what}", what=pin_words(day, order.pin, order.time_zone, say)))
    return " · ".join(parts)


def pin_words(day: Day, pin: DayPin, zone: str, say: Language) -> str:
    """Return what is fixed of an order."""
    found = []
    if pin.engineer is not None:
        found.append(actions.engineer_name(day, pin.engineer))
    if pin.start_from is not None:
        found.append(start_words(pin.start_from, pin.start_to or pin.start_from, zone, say))
    return joined(found, say) or "–"

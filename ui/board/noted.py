"""What was assumed or left out of the files of a board, listed on it until somebody dismisses it."""

from __future__ import annotations

import streamlit as st

from ui.board.clocks import home_zone, told_in_zone
from ui.board.desk import Desk
from ui.board.words import plain
from ui.boards import notes


def notes_panel(desk: Desk) -> None:
    """Draw the notes of the board's files, open until the board is changed first."""
    say, zone = desk.say, home_zone(desk.day)
    found = notes.notes_of(desk.store.engine, desk.board.id)
    if not found:
        return
    title = say.many(
        "{n} note on the files of this board", "{n} notes on the files of this board", len(found)
    )
    with st.expander(title, expanded=desk.board.version == 1, key="board-notes"):
        st.markdown("\n".join(f"- {plain(told_in_zone(one, zone, say))}" for one in found))
        st.button(
            say("Dismiss"),
            key="board-notes-dismiss",
            disabled=desk.barred,
            help=desk.access.why_not(say),
            on_click=_dismiss,
            args=(desk,),
        )


def _dismiss(desk: Desk) -> None:
    desk.access.require_editor()
    notes.dismiss(desk.store.engine, desk.board.id)

"""The Dispatch Board as tests see it: its page in AppTest, what is written on it, a planned day."""

from __future__ import annotations

from pathlib import Path

from board_days import day
from streamlit.testing.v1 import AppTest

from optimize.day.event_kinds import changed
from optimize.day.model import Day
from ui.language import language

SAY = language("en")


def board_page(folder: str, board: str, code: str, role: str, picked: str) -> None:
    """Draw the page for somebody who has picked an order."""
    import streamlit as st

    from ui.access import Access
    from ui.jobs import JobStore
    from ui.language import language
    from ui.pages import board as page

    if board and "board" not in st.query_params:
        st.query_params["board"] = board
    if picked and "order" not in st.query_params:
        st.query_params["order"] = picked
    page.page(language(code), JobStore(folder), Access(role, role.title()))


def shown(
    folder: Path, board: str, code: str = "en", role: str = "editor", picked: str = "", conflict: str = ""
) -> AppTest:
    """Return the page as somebody sees it."""
    args = (str(folder), board, code, role, picked)
    app = AppTest.from_function(board_page, args=args, default_timeout=60)
    if conflict:
        app.query_params["conflict"] = conflict
    app.run()
    assert not app.exception, app.exception
    return app


def said(app: AppTest) -> str:
    """Return all that is written on a page."""
    parts = (*app.markdown, *app.caption, *app.info, *app.error, *app.warning)
    return "\n".join(str(part.value) for part in parts)


def planned() -> Day:
    """Return the day with all orders planned."""
    orders = tuple(one.model_copy(update={"status": "planned"}) for one in day().orders)
    found: Day = changed(day(), orders=orders)
    return found

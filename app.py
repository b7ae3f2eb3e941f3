"""The application: which pages there are, who may see them and in which language; nothing else."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from ui import garbage, shell
from ui.access import Access, PermittedJobs
from ui.language import Language
from ui.pages import lab, runs


def main() -> None:
    """Show the page that the address asks for, or the sign-in screen in its place."""
    say, access = shell.chosen_language(), shell.access_now()
    shown: dict[str, Callable[[], None]] = dict.fromkeys(
        ("lab", "board", "runs"), partial(shell.sign_in_page, say)
    )
    if access.may_view:
        store = PermittedJobs(shell.opened().folder, access)
        shown = {
            "lab": partial(lab.page, say, store, access),
            "board": partial(_board, say, store, access),
            "runs": partial(runs.page, say, store, access),
        }
    pages = {
        "lab": st.Page(shown["lab"], title=say("Scenario Lab"), default=True),
        "board": st.Page(shown["board"], title=say("Dispatch Board"), url_path="board"),
        "runs": st.Page(shown["runs"], title=say("Runs"), url_path="runs"),
    }
    page = st.navigation([*pages.values()], position="hidden")
    shell.dress(page.title)
    shell.restore_address(page.url_path)
    with st.sidebar:
        shell.language_switch(say)
        if access.may_view:
            shell.page_links(pages)
            shell.account(say, access)
    try:
        page.run()
    finally:
        shell.remember_address()
        garbage.set_aside()


def _board(say: Language, store: PermittedJobs, access: Access) -> None:
    """Show the Dispatch Board, whose imports the first page does not wait for."""
    from ui.pages import board

    board.page(say, store, access)


main()

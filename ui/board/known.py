"""The boards that are there: opened, given another title, or deleted after a second question."""

from __future__ import annotations

import streamlit as st

from ui.access import Access
from ui.board.words import plain
from ui.boards import BoardStore, Conflict, NoBoard, PermittedBoards, Summary
from ui.language import Language

#: How many boards are listed at first, and with each click more.
_LISTED = 30
_NEWS, _MORE, _ROUND = "board-list-news", "board-list-more", "board-list-round"


def known_boards(say: Language, boards: BoardStore, access: Access) -> None:
    """Draw the boards, those changed last first, and what may be done to them.

    Parameters
    ----------
    say
        The language.
    boards
        The boards.
    access
        What the person may do.
    """
    news = st.session_state.pop(_NEWS, "")
    if news:
        st.info(plain(news))
    known = boards.boards()
    if not known:
        return
    st.markdown(f"#### {say('Boards')}")
    shown = _LISTED * (1 + int(st.session_state.get(_MORE, 0)))
    with st.container(key="board-list"):
        for one in known[:shown]:
            label = f"{plain(one.title) or one.id} · {_version(one, say)}"
            st.button(label, key=f"board-open-{one.id}", on_click=show, args=(one.id,), width="stretch")
    rest = len(known) - shown
    if rest > 0:
        label = say.many("{n} more board", "{n} more boards", rest)
        st.button(label, key=_MORE + "-button", on_click=_more, type="tertiary")
    if access.may_edit:
        with st.expander(say("Rename or delete a board")):
            _changes(say, PermittedBoards(boards, access), known)


def show(board: str) -> None:
    """Show a board, which is in the address from now on."""
    st.query_params["board"] = board


def _more() -> None:
    st.session_state[_MORE] = int(st.session_state.get(_MORE, 0)) + 1


def _version(one: Summary, say: Language) -> str:
    when = say.instant(one.at, st.context.timezone or "UTC")
    return say("version {version}, {when}", version=one.version, when=when)


def _changes(say: Language, boards: PermittedBoards, known: list[Summary]) -> None:
    """Draw the choice of a board with its new title, and the question before it is deleted."""
    by_id = {one.id: one for one in known}
    made = int(st.session_state.get(_ROUND, 0))
    chosen = st.selectbox(
        say("Board"),
        list(by_id),
        index=None,
        placeholder=say("Choose a board"),
        format_func=lambda key: f"{by_id[key].title or key} · {_version(by_id[key], say)}",
        key=f"board-list-which-{made}",
    )
    if chosen is None:
        return
    one = by_id[str(chosen)]
    title = st.text_input(
        say("Title"), one.title, max_chars=120, key=f"board-list-title-{one.id}-{made}"
    ).strip()
    st.button(
        say("Rename"),
        key="board-list-rename",
        disabled=not title or title == one.title,
        on_click=_rename,
        args=(say, boards, one, title),
    )
    sure = st.checkbox(
        say("Delete it for everybody, with all its versions; there is no way back"),
        key=f"board-list-sure-{one.id}-{made}",
    )
    st.button(
        say("Delete the board"),
        key="board-list-delete",
        disabled=not sure,
        on_click=_delete,
        args=(say, boards, one),
    )


def _rename(say: Language, boards: PermittedBoards, one: Summary, title: str) -> None:
    try:
        boards.rename(one.id, boards.head(one.id), title)
        _tell(say("Renamed: {title}", title=title))
    except Conflict:
        _tell(say("Somebody has changed the board at the same moment: try again."))
    except NoBoard:
        _tell(say("Somebody has deleted this board already."))


def _delete(say: Language, boards: PermittedBoards, one: Summary) -> None:
    try:
        boards.delete(one.id)
        _tell(say("Deleted: {title}", title=one.title or one.id))
    except NoBoard:
        _tell(say("Somebody has deleted this board already."))


def _tell(text: str) -> None:
    """Note what is to be told next, and let the fields be empty again."""
    st.session_state[_NEWS] = text
    st.session_state[_ROUND] = int(st.session_state.get(_ROUND, 0)) + 1

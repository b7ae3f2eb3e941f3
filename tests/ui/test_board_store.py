"""Boards are kept: every version, what undo brings back, and who came second is told so."""

from __future__ import annotations

import multiprocessing
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from board_databases import KINDS, board_database
from board_days import day, with_order

from optimize.day.model import Day
from scenarios.phrases import Phrase, phrase
from ui.access import Access, NotPermittedError
from ui.boards import BoardStore, Conflict, NoBoard, PermittedBoards, merge, notes, waiting
from ui.boards.tables import database_url, open_database


@pytest.fixture(params=KINDS)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Return the address of an empty database of either kind."""
    with board_database(request.param, tmp_path) as found:
        yield found


def opened(url: str) -> BoardStore:
    """Return the boards of a database."""
    return BoardStore(open_database(database_url(url, Path())))


def renamed(before: Day, title: str) -> Day:
    """Return a day under another title."""
    return before.model_copy(update={"title": title})


def test_a_board_is_as_it_was(url: str) -> None:
    """What was written is read again whole by another process's connection, every version of it."""
    store = opened(url)
    first = store.create(day(), "Ann")
    what = phrase("{order} to {engineer}", order="A1", engineer="Bea")
    second = store.commit(first.id, 1, with_order(day(), "A1", priority=1), what, "Ben")
    store.engine.dispose()
    again = opened(url)
    assert again.board(first.id) == second and again.board(first.id, 1) == first
    read = again.board(first.id).what
    assert isinstance(read, Phrase) and read.template == what.template and read.values == what.values
    assert [(one.version, one.who) for one in again.history(first.id)] == [(2, "Ben"), (1, "Ann")]
    assert [one.version for one in again.boards()] == [2] and again.head(first.id) == 2
    again.engine.dispose()


def test_what_is_beside_the_versions_is_as_it_was(url: str) -> None:
    """A change that waits and notes are read again whole until they are done with, and go with the board."""
    store, what = opened(url), phrase("{order} unpinned", order="A1")
    one, two = store.create(day()), store.create(day())
    mine = with_order(day(), "A1", priority=1)
    first, second = (waiting.keep(store.engine, board.id, 1, mine, what, "Ann") for board in (one, two))
    for board in (one, two):
        notes.note(store.engine, board.id, [what, "as it stands"])
    store.engine.dispose()
    again = opened(url)
    assert waiting.kept(again.engine, first.id) == (first, mine)
    assert waiting.waiting(again.engine, one.id, "Ann") == [first]
    assert waiting.waiting(again.engine, one.id, "Ben") == []
    read, plain = notes.notes_of(again.engine, one.id)
    assert isinstance(read, Phrase) and read.values == what.values and plain == "as it stands"
    waiting.drop(again.engine, first.id)
    notes.dismiss(again.engine, one.id)
    again.delete(two.id)
    assert [waiting.kept(again.engine, name) for name in (first.id, second.id)] == [None, None]
    assert [notes.notes_of(again.engine, board.id) for board in (one, two)] == [[], []]
    again.engine.dispose()


def test_undo_and_redo_walk_through_what_was(url: str) -> None:
    """Undo goes back change by change, redo forward again, and a change in between ends what redo had."""
    store = opened(url)
    board = store.create(renamed(day(), "a"))
    for title in "bc":
        board = store.commit(board.id, board.version, renamed(board.day, title), title)
    seen = []
    for step in (store.undo, store.undo, store.redo, store.redo, store.undo):
        board = step(board.id, board.version)
        seen.append((board.title, str(board.what)))
    assert [title for title, _ in seen] == ["b", "a", "b", "c", "b"] and board.version == 8
    said = ["Undone: c", "Undone: b", "Done again: b", "Done again: c", "Undone: c"]
    assert [what for _, what in seen] == said
    board = store.commit(board.id, 8, renamed(board.day, "d"), "d")
    with pytest.raises(NoBoard):
        store.redo(board.id, 9)
    board = store.undo(board.id, 9)
    board = store.undo(board.id, 10)
    assert board.title == "a"
    with pytest.raises(NoBoard):
        store.undo(board.id, 11)
    store.engine.dispose()


def test_who_comes_second_is_told(url: str) -> None:
    """A change, an undo and a redo made from an older version write nothing and show what stands."""
    store = opened(url)
    board = store.create(day())
    theirs = store.commit(board.id, 1, renamed(day(), "theirs"), "x")
    for attempt in (
        lambda: store.commit(board.id, 1, renamed(day(), "mine"), "y"),
        lambda: store.commit(board.id, 1, theirs.day, "the same"),
    ):
        with pytest.raises(Conflict) as told:
            attempt()
        assert told.value.theirs == theirs
    board = store.commit(board.id, 2, renamed(day(), "third"), "z")
    with pytest.raises(Conflict):
        store.undo(board.id, 2)
    assert store.head(board.id) == 3
    for unknown in (
        lambda: store.head("none"),
        lambda: store.board("none"),
        lambda: store.board(board.id, 9),
    ):
        with pytest.raises(NoBoard):
            unknown()
    with pytest.raises(NoBoard):
        store.commit(board.id, 9, day(), "from a version that is still to come")
    store.engine.dispose()


def test_a_board_is_renamed_and_deleted(url: str) -> None:
    """A new title is a version that undo takes back; a deleted board is gone whole, others stay."""
    store = opened(url)
    board, kept = store.create(renamed(day(), "a")), store.create(day())
    assert store.rename(board.id, 1, "b", "Ann").day == renamed(day(), "b")
    with pytest.raises(Conflict):
        store.rename(board.id, 1, "c")
    assert store.undo(board.id, 2).title == "a"
    store.delete(board.id)
    assert [one.id for one in store.boards()] == [kept.id]
    for gone in (
        lambda: store.board(board.id),
        lambda: store.delete(board.id),
        lambda: store.commit(board.id, 3, day(), "what was begun before"),
        lambda: store.rename(board.id, 3, "d"),
    ):
        with pytest.raises(NoBoard):
            gone()
    assert store.board(kept.id) == kept
    store.engine.dispose()


def test_a_deleted_board_does_not_come_back(url: str) -> None:
    """Whoever writes versions as fast as he can while a board is deleted leaves nothing of it."""
    store = opened(url)
    board = store.create(day()).id

    def write() -> None:
        version = 1
        try:
            while True:
                version = store.commit(board, version, day(), "x").version
        except NoBoard:
            return

    writer = threading.Thread(target=write)
    writer.start()
    while store.head(board) < 5:
        pass
    store.delete(board)
    writer.join(30.0)
    assert not writer.is_alive() and store.boards() == []
    store.engine.dispose()


def change_all(url: str, board: str, orders: tuple[str, ...], priority: int) -> None:
    """Change orders of a board one by one, each change on what stands by then."""
    store = opened(url)
    for name in orders:
        base = store.board(board)
        mine, expected = with_order(base.day, name, priority=priority), base.version
        while True:
            try:
                store.commit(board, expected, mine, name, str(priority))
                break
            except Conflict as conflict:
                found = merge(base.day, mine, conflict.theirs.day)
                assert not found.clashes
                base, mine, expected = conflict.theirs, found.day, conflict.theirs.version
    store.engine.dispose()


@pytest.mark.parametrize("kind", ["threads", "processes"])
def test_no_change_is_lost(url: str, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two that change different orders of one board at once both find all their changes in it."""
    # A page that was tested before stands as the main module, which new processes would run.
    monkeypatch.setitem(sys.modules, "__main__", ModuleType("__main__"))
    store = opened(url)
    board = store.create(day()).id
    work = [(url, board, ("A1", "A2"), 1), (url, board, ("B1", "B2"), 2)]
    if kind == "threads":
        threads = [threading.Thread(target=change_all, args=args) for args in work]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    else:
        context = multiprocessing.get_context("spawn")
        processes = [context.Process(target=change_all, args=args) for args in work]
        for process in processes:
            process.start()
        for process in processes:
            process.join()
        assert [process.exitcode for process in processes] == [0, 0]
    found = store.board(board)
    assert found.version == 5
    assert [found.day.order[name].priority for name in ("A1", "A2", "B1", "B2")] == [1, 1, 2, 2]
    assert sorted(one.what for one in store.history(board))[:4] == ["A1", "A2", "B1", "B2"]
    store.engine.dispose()


def test_a_viewer_changes_nothing(tmp_path: Path) -> None:
    """Whoever may only look is refused whatever he calls, and an editor's name stands with his changes."""
    store = opened(f"sqlite:///{tmp_path / 'boards.sqlite'}")
    editor = PermittedBoards(store, Access("editor", "Ed"))
    viewer = PermittedBoards(store, Access("viewer", "Vi"))
    board = editor.create(day())
    editor.commit(board.id, 1, renamed(day(), "b"), "b")
    for attempt in (
        lambda: viewer.create(day()),
        lambda: viewer.commit(board.id, 2, day(), "x"),
        lambda: viewer.undo(board.id, 2),
        lambda: viewer.rename(board.id, 2, "x"),
        lambda: viewer.delete(board.id),
    ):
        with pytest.raises(NotPermittedError):
            attempt()
    assert viewer.board(board.id).version == 2 and viewer.board(board.id).who == "Ed"


@pytest.mark.parametrize("text", ["mysql://h/d", "not an address", "postgresql+nothing://"])
def test_addresses_that_are_none(text: str, tmp_path: Path) -> None:
    """What is no address of SQLite or PostgreSQL is refused, before anything is connected."""
    if text.startswith("postgresql"):
        assert database_url("postgresql://u:p@h/d", tmp_path).drivername == "postgresql+psycopg"
        return
    with pytest.raises(ValueError):
        database_url(text, tmp_path)

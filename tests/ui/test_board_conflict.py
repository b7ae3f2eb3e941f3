"""Two dispatchers on one board: changes that go together, and those of which one has to be chosen."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from board_days import with_order
from board_shown import SAY, planned, said, shown

from optimize.day.model import Day, DayPin
from scenarios.phrases import phrase
from ui.boards import BoardStore, waiting


def other(boards: BoardStore, board: str, change: Callable[[Day], Day]) -> None:
    """Change a board as somebody else does."""
    now = boards.board(board)
    boards.commit(board, now.version, change(now.day), phrase("Unpinned"), "Bob")


def test_changes_of_two_go_together(boards: BoardStore, tmp_path: Path) -> None:
    """A change made from an older version is saved with the other one where they are about other orders."""
    board = boards.create(planned())
    app = shown(tmp_path, board.id, picked="A1")
    other(boards, board.id, lambda now: with_order(now, "B1", pin=DayPin(engineer="bea")))
    app.button(key="board-pin-engineer").click().run()
    found = boards.board(board.id)
    assert found.version == 3
    assert [found.day.order[name].pin for name in ("A1", "B1")] == [
        DayPin(engineer="ali"),
        DayPin(engineer="bea"),
    ]
    assert "Bob" in "".join(str(part.value) for part in app.info)


@pytest.mark.parametrize("side", ["mine", "theirs"])
def test_a_conflict_is_decided(boards: BoardStore, tmp_path: Path, side: str) -> None:
    """Where two changed one order nothing is saved until the second has chosen, and then what he chose."""
    board = boards.create(planned())
    app = shown(tmp_path, board.id, picked="A1")
    theirs = DayPin(engineer="bea")
    other(boards, board.id, lambda now: with_order(now, "A1", pin=theirs))
    app.button(key="board-pin-engineer").click().run()
    assert boards.head(board.id) == 2 and SAY("Somebody else changed the same") in said(app)
    assert "Bob" in "".join(part.value for part in app.toast)
    assert SAY("Your change is not saved yet: decide at the top of the page.") in said(app)
    choice = next(group for group in app.get("button_group") if "board-clash" in str(group.key))
    choice.set_value(side).run()
    app.button(key="board-settle").click().run()
    assert not app.exception
    wanted = DayPin(engineer="ali") if side == "mine" else theirs
    assert boards.board(board.id).day.order["A1"].pin == wanted
    assert "board-settle" not in {str(button.key) for button in app.button}


@pytest.mark.parametrize("way", ["reload", "another window"])
def test_a_conflict_outlives_its_page(boards: BoardStore, tmp_path: Path, way: str) -> None:
    """After a reload the choice is there again, in another window a way to it; what is chosen is saved."""
    board = boards.create(planned())
    app = shown(tmp_path, board.id, picked="A1")
    other(boards, board.id, lambda now: with_order(now, "A1", pin=DayPin(engineer="bea")))
    app.button(key="board-pin-engineer").click().run()
    name = app.query_params["conflict"]
    if way == "reload":
        again = shown(tmp_path, board.id, conflict=str(name[0] if isinstance(name, list) else name))
    else:
        again = shown(tmp_path, board.id)
        assert "board-settle" not in {str(button.key) for button in again.button}
        next(b for b in again.button if str(b.key).startswith("board-take-up")).click().run()
    assert SAY("Somebody else changed the same") in said(again)
    choice = next(group for group in again.get("button_group") if "board-clash" in str(group.key))
    choice.set_value("mine").run()
    again.button(key="board-settle").click().run()
    assert boards.board(board.id).day.order["A1"].pin == DayPin(engineer="ali")
    assert "conflict" not in again.query_params
    last = shown(tmp_path, board.id)
    assert not [b for b in last.button if str(b.key).startswith(("board-take-up", "board-settle"))]


def test_a_conflict_is_its_authors(boards: BoardStore, tmp_path: Path) -> None:
    """An address that is handed on shows the board, and not what somebody else has to decide."""
    board = boards.create(planned())
    app = shown(tmp_path, board.id, picked="A1")
    other(boards, board.id, lambda now: with_order(now, "A1", pin=DayPin(engineer="bea")))
    app.button(key="board-pin-engineer").click().run()
    (mine,) = waiting.waiting(boards.engine, board.id, "Editor")
    theirs = shown(tmp_path, board.id, role="viewer", conflict=mine.id)
    assert SAY("Somebody else changed the same") not in said(theirs)
    boards.delete(board.id)
    assert waiting.kept(boards.engine, mine.id) is None


def test_a_conflict_is_decided_while_the_page_is_drawn(boards: BoardStore, tmp_path: Path) -> None:
    """What is chosen holds against the version that the choice shows, noted as seen or not yet."""
    board = boards.create(planned())
    app = shown(tmp_path, board.id, picked="A1")
    seen = app.session_state["board-seen"]
    theirs = DayPin(engineer="bea")
    other(boards, board.id, lambda now: with_order(now, "A1", pin=theirs))
    app.button(key="board-pin-engineer").click().run()
    app.session_state["board-seen"] = seen
    app.button(key="board-settle").click().run()
    assert boards.head(board.id) == 3 and boards.board(board.id).day.order["A1"].pin == theirs
    assert "board-settle" not in {str(button.key) for button in app.button}

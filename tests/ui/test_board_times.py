"""When somebody left, came and was done, as a dispatcher hears of it afterwards."""

from __future__ import annotations

from datetime import datetime, time
from pathlib import Path
from typing import Any

import pytest
from board_days import hours, with_order
from board_shown import planned, said, shown

from ui.board import actions
from ui.board.course import visits_as_they_go
from ui.board.panel import moment_of
from ui.boards import BoardStore

ZONE = "Asia/Kuala_Lumpur"


def tell(app: Any, status: str, at: time) -> None:
    """Tell of the order that is picked that it came so far at a time of the site's clock."""
    (field,) = [one for one in app.time_input if str(one.key).startswith("board-told-at")]
    field.set_value(at).run()
    app.button(key=f"board-told-{status}").click().run()
    assert not app.exception, app.exception


def test_what_was_at_another_time_is_told_afterwards(boards: BoardStore, tmp_path: Path) -> None:
    """At half past ten it is told that somebody came at 9:15: his work is reckoned from then."""
    day, _ = actions.later(with_order(planned(), "A1", duration_h=2.0), hours(1.5))
    board = boards.create(day)
    app = shown(tmp_path, board.id, picked="A1")
    tell(app, "departed", time(9))
    tell(app, "arrived", time(9, 15))
    found = boards.board(board.id)
    order = found.day.order["A1"]
    assert (order.departed_at, order.arrived_at) == (hours(0), hours(0.25)) and found.day.now == hours(1.5)
    (visit,) = [one for one in visits_as_they_go(found.day) if one.order == "A1"]
    assert (visit.start, visit.end) == (hours(0.25), hours(2.25))
    assert "A1\\: arrived, at 23 Nov 2026, 09\\:15" in said(app)
    app.button(key="board-told-finished").click().run()
    assert boards.board(board.id).day.order["A1"].completed_at == hours(1.5)


@pytest.mark.parametrize(
    ("at", "limit"), [(time(10, 45), "until now, 23 Nov 2026, 10\\:30"), (time(8, 30), "09\\:00 UTC\\+8 or")]
)
def test_a_time_that_cannot_be_is_refused(boards: BoardStore, tmp_path: Path, at: time, limit: str) -> None:
    """Nobody arrives after now, nor before he left; what is allowed is told on the clock of the site."""
    day, _ = actions.later(planned(), hours(1.5))
    day = with_order(day, "A1", status="departed", departed_at=hours(0))
    board = boards.create(day)
    app = shown(tmp_path, board.id, picked="A1")
    tell(app, "arrived", at)
    assert boards.head(board.id) == 1 and limit in "".join(str(one.value) for one in app.warning)


def test_nobody_leaves_before_the_report(boards: BoardStore, tmp_path: Path) -> None:
    """Departed before the order was reported is refused."""
    board = boards.create(planned())
    app = shown(tmp_path, board.id, picked="A1")
    tell(app, "departed", time(7))
    assert boards.head(board.id) == 1 and "08\\:00" in "".join(str(one.value) for one in app.warning)


@pytest.mark.parametrize(
    ("now", "clock", "meant"),
    [
        (hours(1.5), time(9, 15), hours(0.25)),
        (hours(1.5), time(10, 45), hours(1.75)),
        (hours(-8.5), time(23, 50), hours(-9 - 1 / 6)),
    ],
)
def test_shortly_after_midnight_an_evening_is_that_of_yesterday(
    now: datetime, clock: time, meant: datetime
) -> None:
    """A time is one of today, but after midnight one of the evening before is of yesterday."""
    assert moment_of(clock, now, ZONE) == meant

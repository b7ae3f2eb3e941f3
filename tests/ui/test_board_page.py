"""The Dispatch Board: what it shows of a day, what its buttons do to it, and to whom."""

from __future__ import annotations

import re
from datetime import time, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from board_days import day, engineer, hours, order, with_order
from board_shown import SAY, planned, said, shown

from insight.imports.reading import Source
from optimize.day.event_kinds import changed
from optimize.day.model import Day, DayPin
from optimize.day.plan_reading import read_plan
from optimize.day.writing import Told, Wording, plan_as
from ui.access import Access
from ui.board import actions, solving
from ui.board.desk import Desk
from ui.board.export import _Reasons, worded
from ui.board.pictures import queue_figure
from ui.board.pins import range_of
from ui.board.proposal import _accept_some
from ui.board.standing import standings
from ui.boards import BoardStore
from ui.language import LANGUAGES, language


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_day_is_shown(boards: BoardStore, tmp_path: Path, code: str) -> None:
    """The page shows the order that is picked with its visit, and charts of visits, routes and queue."""
    board = boards.create(planned())
    app, say = shown(tmp_path, board.id, code, picked="A1"), language(code)
    assert "A1" in said(app) and say("Visits by engineer") in "".join(str(h.value) for h in app.get("html"))
    assert say("planned") in said(app) and say.percent(0.0, 0) in said(app)
    assert {len(app.get("vega_lite_chart")), len(app.get("deck_gl_json_chart"))} <= {1, 2}


def test_a_change_of_a_deleted_board_is_told(boards: BoardStore, tmp_path: Path) -> None:
    """Whoever changes a board that somebody has just deleted is led to the list, and the board stays gone."""
    board = boards.create(planned())
    app = shown(tmp_path, board.id, picked="A1")
    boards.delete(board.id)
    app.button(key="board-pin-engineer").click().run()
    assert not app.exception and boards.boards() == []
    assert SAY("There is no board {id} here.", id=board.id) in said(app)


def test_all_engineers_are_shown_until_somebody_has_a_visit(boards: BoardStore, tmp_path: Path) -> None:
    """On a board of many engineers without a plan the chart has them all; with one those who have visits."""
    staff = (*day().engineers, *(engineer(f"e{number}") for number in range(15)))
    empty = changed(day(), engineers=staff, plan=None)
    app = shown(tmp_path, boards.create(empty).id)
    (toggle,) = [one for one in app.toggle if str(one.key).startswith("board-busy")]
    assert not toggle.value
    toggle.set_value(True).run()
    assert SAY("No engineer is shown: choose another city, or switch “Only with visits” off.") in said(app)
    app = shown(tmp_path, boards.create(changed(planned(), engineers=staff)).id)
    assert [one.value for one in app.toggle if str(one.key).startswith("board-busy")] == [True]


def test_pin_undo_redo(boards: BoardStore, tmp_path: Path) -> None:
    """A pin is a version of the board; undo takes it back and redo brings it again."""
    board = boards.create(planned())
    app = shown(tmp_path, board.id, picked="A1")
    app.button(key="board-pin-both").click().run()
    found = boards.board(board.id)
    assert found.version == 2 and found.who == "Editor"
    assert found.day.order["A1"].pin == DayPin(engineer="ali", start_from=hours(1), start_to=hours(1))
    app.button(key="board-undo").click().run()
    assert boards.board(board.id).day == planned()
    app.button(key="board-redo").click().run()
    assert boards.board(board.id).day == found.day and boards.head(board.id) == 4


def test_the_engineer_shown_is_who_is_pinned(boards: BoardStore, tmp_path: Path) -> None:
    """After undo of a pin the box shows again whom the plan has, not whom the pin had."""
    board = boards.create(planned())
    app = shown(tmp_path, board.id, picked="A1")

    def box() -> Any:
        return next(box for box in app.selectbox if str(box.key).startswith("board-pin-who"))

    box().set_value("bea").run()
    app.button(key="board-pin-engineer").click().run()
    assert box().value == "bea"
    app.button(key="board-undo").click().run()
    assert box().value == "ali"


def test_a_range_can_be_pinned(boards: BoardStore, tmp_path: Path) -> None:
    """An order that nobody has is pinned to a range that is typed in; before, the button says what lacks."""
    board = boards.create(changed(planned(), orders=(*planned().orders, order("N1"))))
    app = shown(tmp_path, board.id, picked="N1")
    button = app.button(key="board-pin-time")
    assert button.disabled and button.help == SAY("Fill in when it starts first.")
    app.time_input[0].set_value(time(11)).run()
    app.time_input[1].set_value(time(13, 30)).run()
    app.button(key="board-pin-time").click().run()
    pin = boards.board(board.id).day.order["N1"].pin
    assert pin == DayPin(start_from=hours(2), start_to=hours(4.5)) and "11\\:00 – 13\\:30" in said(app)


def test_the_clock_of_a_pin() -> None:
    """A start that is left as planned is meant to the second; a range may go past midnight."""
    zone, start = "Asia/Kuala_Lumpur", hours(1) + timedelta(seconds=20)
    day = start.date()
    assert range_of(day, time(10), None, zone, start) == (start, start)
    assert range_of(day, time(10), time(10), zone, start) == (start, start)
    assert range_of(day, time(10, 1), None, zone, start) == (hours(1) + timedelta(minutes=1),) * 2
    assert range_of(day, time(23), time(1), zone, None) == (hours(14), hours(16))
    assert range_of(day, None, time(1), zone, None) is None


def test_why_of_a_plan_that_a_pin_has_passed(boards: BoardStore, tmp_path: Path) -> None:
    """Where a pin speaks against the plan that stands, Why says that it is to be optimised first."""
    board = boards.create(with_order(planned(), "A1", pin=DayPin(engineer="bea")))
    app = shown(tmp_path, board.id, picked="B1")
    app.button(key="board-why-ask").click().run()
    assert not app.exception and "optimise first" in said(app) and "Ali" in said(app)


def beyond_all() -> Day:
    """Return a day with an order that asks for a level that nobody has."""
    staff = tuple(one.model_copy(update={"skills": {"software": 1}}) for one in planned().engineers)
    orders = (*planned().orders, order("N1", skill="software", level=4))
    found: Day = changed(planned(), engineers=staff, orders=orders)
    return found


def test_a_chinese_answer_is_chinese(boards: BoardStore, tmp_path: Path) -> None:
    """Why and what is refused of a pin name skills, levels and statuses in Chinese, and Latin names apart."""
    board = boards.create(beyond_all())
    app = shown(tmp_path, board.id, "zh", picked="N1")
    app.button(key="board-why-ask").click().run()
    who = next(box for box in app.selectbox if str(box.key).startswith("board-pin-who"))
    who.set_value("ali").run()
    answer = said(app)
    app.button(key="board-pin-engineer").click().run()
    (refused, _) = [part.value for part in app.warning]
    for text in (answer, refused):
        assert "软件" in text and "专家" in text and "Ali" in text
        assert "software" not in text and "expert" not in text
        assert not re.search("[\u4e00-\u9fff]Ali|Ali[\u4e00-\u9fff]|:[0-9][0-9][\u4e00-\u9fff]", text)


def test_why_says_nothing_twice(boards: BoardStore, tmp_path: Path) -> None:
    """What would make an order possible stands in the answer once."""
    app = shown(tmp_path, boards.create(beyond_all()).id, picked="N1")
    app.button(key="board-why-ask").click().run()
    lines = [line.lstrip("- ") for line in said(app).splitlines() if "can begin it at" in line]
    assert lines and len(lines) == len(set(lines))


def test_an_offered_appointment_is_taken(boards: BoardStore, tmp_path: Path) -> None:
    """A click on an appointment that is offered pins the order to its range of starts."""
    board = boards.create(changed(planned(), orders=(*planned().orders, order("N1"))))
    app = shown(tmp_path, board.id, picked="N1")
    app.button(key="board-why-ask").click().run()
    app.button(key="board-slot-0").click().run()
    assert not app.exception
    pin = boards.board(board.id).day.order["N1"].pin
    assert pin and pin.engineer is None and pin.start_from and pin.start_to
    assert hours(0) <= pin.start_from <= pin.start_to


def test_an_order_goes_its_way(boards: BoardStore, tmp_path: Path) -> None:
    """An order that has departed and arrived may be finished and not be pinned any more."""
    board = boards.create(planned())
    app = shown(tmp_path, board.id, picked="A1")
    for status in ("departed", "arrived", "finished"):
        app.button(key=f"board-told-{status}").click().run()
        assert not app.exception and boards.board(board.id).day.order["A1"].status == status
    assert "board-pin-both" not in {str(button.key) for button in app.button}


def test_what_cannot_be_is_told(boards: BoardStore, tmp_path: Path) -> None:
    """Nobody leaves for an order while he is on his way to another: said at the top, floating, and beside it.

    What is said has names that people know, and letters of an id that Markdown would read stay letters.
    """
    before = with_order(planned(), "A2", status="departed", id="x:camera:3")
    assert before.plan
    visits = [
        v.model_copy(update={"order": "x:camera:3"}) if v.order == "A2" else v for v in before.plan.visits
    ]
    board = boards.create(changed(before, plan=changed(before.plan, visits=tuple(visits))))
    app = shown(tmp_path, board.id, picked="A1")
    app.button(key="board-told-departed").click().run()
    told = [part.value for part in (*app.warning, *app.toast)]
    assert boards.head(board.id) == 1 and len(told) == 3 and len(set(told)) == 1
    assert "x\\:camera\\:3" in told[0] and "Ali" in told[0]
    app.run()
    assert not app.warning


def test_a_part_that_fails_leaves_the_rest(
    boards: BoardStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where reasons cannot be found for whatever cause, that is told, and map and queue are still there."""

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("out of order")

    board = boards.create(planned())
    app = shown(tmp_path, board.id, picked="A1")
    charts = len(app.get("vega_lite_chart")), len(app.get("deck_gl_json_chart"))
    monkeypatch.setattr("optimize.why.explain", broken)
    app.button(key="board-why-ask").click().run()
    assert [part.message for part in app.exception] == ["out of order"]
    assert SAY("This part of the page has failed; the rest of it can be used.") in said(app)
    assert (len(app.get("vega_lite_chart")), len(app.get("deck_gl_json_chart"))) == charts


def test_proposals_are_each_dispatchers_own(boards: BoardStore, tmp_path: Path) -> None:
    """Another's search leaves one's proposal alone; each is told of the other, and a reload has its own."""
    board = boards.create(changed(planned(), orders=(*planned().orders, order("N1"), order("N2"))))
    one = shown(tmp_path, board.id)
    one.button(key="board-place").click().run()
    own = one.query_params["proposal"]
    first = solving.current(board.id, own)
    assert first is not None and first.wait(120.0)
    two = shown(tmp_path, board.id)
    assert SAY("What the new plan changes") not in said(two)
    assert "Another proposal for this board is open: another window" in said(two)
    two.button(key="board-place").click().run()
    second = solving.current(board.id, two.query_params["proposal"])
    assert second is not None and second is not first and second.wait(120.0)
    two.run().button(key="board-drop").click().run()
    one.run()
    assert SAY("What the new plan changes") in said(one) and one.query_params["proposal"] == own
    assert solving.current(board.id, own) is first
    one.button(key="board-drop").click().run()
    assert solving.current(board.id, own) is None and "proposal" not in one.query_params


def test_an_urgent_order_and_a_sick_engineer(boards: BoardStore, tmp_path: Path) -> None:
    """What has come in is an order that nobody has; what a sick engineer had is nobody's."""
    board = boards.create(planned())
    app = shown(tmp_path, board.id)
    app.text_input(key="board-urgent-0-id").set_value("U1")
    app.button(key="board-urgent-add").click().run()
    found = boards.board(board.id).day
    assert found.order["U1"].status == "new" and found.plan and "U1" in found.plan.unassigned
    app.selectbox(key="board-sick-who").set_value("ali").run()
    app.button(key="board-sick-send").click().run()
    found = boards.board(board.id).day
    assert found.plan and {visit.engineer for visit in found.plan.visits} == {"bea"}
    assert {"A1", "A2", "U1"} <= set(found.plan.unassigned)


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_scheduling_policy_is_chosen(boards: BoardStore, tmp_path: Path, code: str) -> None:
    """Another policy of the scenario is a version of the board, shown to all; undo takes it back."""
    board = boards.create(changed(planned(), scenario="asean15"))
    app = shown(tmp_path, board.id, code)
    box = app.selectbox(key="board-policy-balanced")
    assert box.options == [language(code).term("scheduling", n) for n in ("balanced", "punctual", "thrifty")]
    box.select("punctual").run()
    assert not app.exception and boards.board(board.id).day.scheduling_policy == "punctual"
    other = shown(tmp_path, board.id, code)
    assert other.selectbox(key="board-policy-punctual").value == "punctual"
    other.button(key="board-undo").click().run()
    assert boards.board(board.id).day.scheduling_policy == ""
    assert other.selectbox(key="board-policy-balanced").value == "balanced"


@pytest.mark.parametrize("status", ["departed", "arrived", "finished"])
def test_what_has_begun_is_not_explained(boards: BoardStore, tmp_path: Path, status: str) -> None:
    """Of an order that has begun or is over the page says so, and offers no reasons."""
    board = boards.create(with_order(planned(), "A1", status=status))
    app = shown(tmp_path, board.id, picked="A1")
    assert not app.exception and "board-why-ask" not in {str(button.key) for button in app.button}
    assert ("finished" if status == "finished" else "Ali is") in said(app)


def test_what_is_not_accepted_stays_proposed(boards: BoardStore, tmp_path: Path) -> None:
    """After some changes are accepted the others are still proposed, against the new version."""
    before = changed(planned(), orders=(*planned().orders, order("N1"), order("N2")))
    board = boards.create(before)
    found = solving.begin(board, 1.0, solving.first_places)
    assert found.wait(120.0) and found.found is not None and found.changes is not None
    desk = Desk(SAY, boards, Access("editor"), board)
    _accept_some(desk, found, found.found, ("N1",), len(found.changes.orders))
    (rest,) = solving.others(board.id, found.id)
    assert solving.current(board.id, found.id) is None and rest.wait(60.0) and rest.base.version == 2
    assert rest.changes is not None and "N1" not in rest.changes.orders and "N2" in rest.changes.orders
    solving.drop(rest.id)


def test_a_chinese_plan_is_read_back(boards: BoardStore) -> None:
    """The plan of the Chinese page has Chinese headings and words, and gives its visits back."""
    say, before = language("zh"), planned()
    before = changed(
        before, plan=changed(before.plan, unassigned=("N1",)), orders=(*before.orders, order("N1"))
    )
    words, told = Wording("zh", partial(worded, say, before)), Told(before.plan, {}, _Reasons(before))
    for ending in (".csv", ".xlsx"):
        content = plan_as(ending, before, told, words)
        back = read_plan(Source(f"plan{ending}", content))
        assert before.plan and (back.visits, back.unassigned) == (before.plan.visits, ("N1",))
    text = plan_as(".csv", before, told, words).decode("utf-8-sig")
    heading, *rows = text.splitlines()
    assert not re.search("[a-z]", heading.replace("IANA", "")) and "工程师" in heading
    assert "已计划" in text and say.term("plan_change", "same") in text
    assert re.findall("[a-z]{4,}", re.sub("Asia/Kuala_Lumpur|penang", "", "".join(rows))) == []


def test_a_pin_that_the_clock_has_passed_is_told(boards: BoardStore, tmp_path: Path) -> None:
    """The panel and the queue say that an order is pinned to a time that is over; before, they do not."""
    pinned = with_order(planned(), "A1", pin=DayPin(start_from=hours(1), start_to=hours(1)))
    pinned, _ = actions.later(pinned, hours(0.9))
    over, _ = actions.later(changed(pinned, plan=changed(planned().plan, visits=())), hours(2))
    for found, told in ((pinned, False), (over, True)):
        app = shown(tmp_path, boards.create(found).id, picked="A1")
        assert any("which is past" in str(one.value) for one in app.warning) == told
        assert ("which is past" in str(queue_figure(found, standings(found), "", 9, "", SAY))) == told


def test_a_file_says_that_somebody_away_is_pinned(boards: BoardStore) -> None:
    """The reason of an order that is pinned to somebody sick is that."""
    sick_day, _ = actions.sick(with_order(planned(), "A1", pin=DayPin(engineer="ali")), "ali", None)
    assert actions.pinned_to_away(sick_day, sick_day.order["A1"]) == "Ali"
    assert "Ali" in _Reasons(sick_day)["A1"]

"""The Dispatch Board: what it shows of a day, what its buttons do to it, and to whom."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from board_days import day, engineer, hours, order, with_order
from finished_job import finished_job
from streamlit.testing.v1 import AppTest

from insight.imports.reading import Source
from optimize.day.event_kinds import changed
from optimize.day.model import Day, DayPin
from optimize.day.plan_reading import read_plan
from optimize.day.writing import Told, Wording, plan_as
from scenarios.phrases import phrase
from ui.access import Access
from ui.board import actions, solving
from ui.board.clocks import home_zone
from ui.board.desk import Desk
from ui.board.export import _Reasons, worded
from ui.board.pictures import queue_figure
from ui.board.pins import range_of
from ui.board.proposal import _accept_some
from ui.board.sample import sample_day
from ui.board.standing import standings
from ui.board.urgent import places_of, urgent_order
from ui.boards import BoardStore, boards_opened
from ui.language import LANGUAGES, language

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


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> BoardStore:
    """Return the boards of a folder."""
    monkeypatch.delenv("BANYAN_BOARD_URL", raising=False)
    return boards_opened(tmp_path)


def shown(folder: Path, board: str, code: str = "en", role: str = "editor", picked: str = "") -> AppTest:
    """Return the page as somebody sees it."""
    args = (str(folder), board, code, role, picked)
    app = AppTest.from_function(board_page, args=args, default_timeout=60).run()
    assert not app.exception
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


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_day_is_shown(store: BoardStore, tmp_path: Path, code: str) -> None:
    """The page shows the order that is picked with its visit, and charts of visits, routes and queue."""
    board = store.create(planned())
    app, say = shown(tmp_path, board.id, code, picked="A1"), language(code)
    assert "A1" in said(app) and say("Visits by engineer") in "".join(str(h.value) for h in app.get("html"))
    assert say("planned") in said(app) and say.percent(0.0, 0) in said(app)
    assert {len(app.get("vega_lite_chart")), len(app.get("deck_gl_json_chart"))} <= {1, 2}


def test_boards_are_renamed_and_deleted(store: BoardStore, tmp_path: Path) -> None:
    """A board gets another title, and is deleted after a second question; a viewer is offered neither."""
    one, two = store.create(planned()), store.create(planned())
    app = shown(tmp_path, "")
    app.selectbox(key="board-list-which-0").set_value(one.id).run()
    app.text_input(key=f"board-list-title-{one.id}-0").set_value("Tuesday").run()
    app.button(key="board-list-rename").click().run()
    assert store.board(one.id).title == store.board(one.id).day.title == "Tuesday" and "Tuesday" in said(app)
    app.selectbox(key="board-list-which-1").set_value(one.id).run()
    assert app.button(key="board-list-delete").disabled
    app.checkbox(key=f"board-list-sure-{one.id}-1").check().run()
    app.button(key="board-list-delete").click().run()
    assert not app.exception and [left.id for left in store.boards()] == [two.id]
    assert "board-list-which-0" not in {str(box.key) for box in shown(tmp_path, "", role="viewer").selectbox}


def test_a_change_of_a_deleted_board_is_told(store: BoardStore, tmp_path: Path) -> None:
    """Whoever changes a board that somebody has just deleted is led to the list, and the board stays gone."""
    board = store.create(planned())
    app = shown(tmp_path, board.id, picked="A1")
    store.delete(board.id)
    app.button(key="board-pin-engineer").click().run()
    assert not app.exception and store.boards() == []
    assert SAY("There is no board {id} here.", id=board.id) in said(app)


def test_many_boards_are_listed_by_clicks(store: BoardStore, tmp_path: Path) -> None:
    """What is not listed at first is counted, and comes with a click."""
    for _ in range(31):
        store.create(day())
    app = shown(tmp_path, "")
    assert sum(str(b.key).startswith("board-open-") for b in app.button) == 30
    app.button(key="board-list-more-button").click().run()
    assert sum(str(b.key).startswith("board-open-") for b in app.button) == 31


def test_all_engineers_are_shown_until_somebody_has_a_visit(store: BoardStore, tmp_path: Path) -> None:
    """On a board of many engineers without a plan the chart has them all; with one those who have visits."""
    staff = (*day().engineers, *(engineer(f"e{number}") for number in range(15)))
    empty = changed(day(), engineers=staff, plan=None)
    app = shown(tmp_path, store.create(empty).id)
    (toggle,) = [one for one in app.toggle if str(one.key).startswith("board-busy")]
    assert not toggle.value
    toggle.set_value(True).run()
    assert SAY("No engineer is shown: choose another city, or switch “Only with visits” off.") in said(app)
    app = shown(tmp_path, store.create(changed(planned(), engineers=staff)).id)
    assert [one.value for one in app.toggle if str(one.key).startswith("board-busy")] == [True]


def test_an_unknown_board(store: BoardStore, tmp_path: Path) -> None:
    """An address of no board leads to the list of boards, with a word about it."""
    app = shown(tmp_path, "nonsense")
    assert SAY("There is no board {id} here.", id="nonsense") in said(app)
    assert "board-sample" in {str(button.key) for button in app.button}


def test_pin_undo_redo(store: BoardStore, tmp_path: Path) -> None:
    """A pin is a version of the board; undo takes it back and redo brings it again."""
    board = store.create(planned())
    app = shown(tmp_path, board.id, picked="A1")
    app.button(key="board-pin-both").click().run()
    found = store.board(board.id)
    assert found.version == 2 and found.who == "Editor"
    assert found.day.order["A1"].pin == DayPin(engineer="ali", start_from=hours(1), start_to=hours(1))
    app.button(key="board-undo").click().run()
    assert store.board(board.id).day == planned()
    app.button(key="board-redo").click().run()
    assert store.board(board.id).day == found.day and store.head(board.id) == 4


def test_the_engineer_shown_is_who_is_pinned(store: BoardStore, tmp_path: Path) -> None:
    """After undo of a pin the box shows again whom the plan has, not whom the pin had."""
    board = store.create(planned())
    app = shown(tmp_path, board.id, picked="A1")

    def box() -> Any:
        return next(box for box in app.selectbox if str(box.key).startswith("board-pin-who"))

    box().set_value("bea").run()
    app.button(key="board-pin-engineer").click().run()
    assert box().value == "bea"
    app.button(key="board-undo").click().run()
    assert box().value == "ali"


def test_a_range_can_be_pinned(store: BoardStore, tmp_path: Path) -> None:
    """An order that nobody has is pinned to a range that is typed in; before, the button says what lacks."""
    board = store.create(changed(planned(), orders=(*planned().orders, order("N1"))))
    app = shown(tmp_path, board.id, picked="N1")
    button = app.button(key="board-pin-time")
    assert button.disabled and button.help == SAY("Fill in when it starts first.")
    app.time_input[0].set_value(time(11)).run()
    app.time_input[1].set_value(time(13, 30)).run()
    app.button(key="board-pin-time").click().run()
    pin = store.board(board.id).day.order["N1"].pin
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


def test_why_of_a_plan_that_a_pin_has_passed(store: BoardStore, tmp_path: Path) -> None:
    """Where a pin speaks against the plan that stands, Why says that it is to be optimised first."""
    board = store.create(with_order(planned(), "A1", pin=DayPin(engineer="bea")))
    app = shown(tmp_path, board.id, picked="B1")
    app.button(key="board-why-ask").click().run()
    assert not app.exception and "optimise first" in said(app) and "Ali" in said(app)


def test_an_offered_appointment_is_taken(store: BoardStore, tmp_path: Path) -> None:
    """A click on an appointment that is offered pins the order to its range of starts."""
    board = store.create(changed(planned(), orders=(*planned().orders, order("N1"))))
    app = shown(tmp_path, board.id, picked="N1")
    app.button(key="board-why-ask").click().run()
    app.button(key="board-slot-0").click().run()
    assert not app.exception
    pin = store.board(board.id).day.order["N1"].pin
    assert pin and pin.engineer is None and pin.start_from and pin.start_to
    assert hours(0) <= pin.start_from <= pin.start_to


def test_an_order_goes_its_way(store: BoardStore, tmp_path: Path) -> None:
    """An order that has departed and arrived may be finished and not be pinned any more."""
    board = store.create(planned())
    app = shown(tmp_path, board.id, picked="A1")
    for status in ("departed", "arrived", "finished"):
        app.button(key=f"board-told-{status}").click().run()
        assert not app.exception and store.board(board.id).day.order["A1"].status == status
    assert "board-pin-both" not in {str(button.key) for button in app.button}


def test_what_cannot_be_is_told(store: BoardStore, tmp_path: Path) -> None:
    """Nobody leaves for an order while he is on his way to another: said at the top, floating, and beside it.

    What is said has names that people know, and letters of an id that Markdown would read stay letters.
    """
    before = with_order(planned(), "A2", status="departed", id="x:camera:3")
    assert before.plan
    visits = [
        v.model_copy(update={"order": "x:camera:3"}) if v.order == "A2" else v for v in before.plan.visits
    ]
    board = store.create(changed(before, plan=changed(before.plan, visits=tuple(visits))))
    app = shown(tmp_path, board.id, picked="A1")
    app.button(key="board-told-departed").click().run()
    told = [part.value for part in (*app.warning, *app.toast)]
    assert store.head(board.id) == 1 and len(told) == 3 and len(set(told)) == 1
    assert "x\\:camera\\:3" in told[0] and "Ali" in told[0]
    app.run()
    assert not app.warning


def test_an_id_that_is_taken_is_refused(store: BoardStore, tmp_path: Path) -> None:
    """An urgent order under the id of another is not said to be added; the form says why it is refused."""
    board = store.create(planned())
    app = shown(tmp_path, board.id)
    app.text_input(key="board-urgent-0-id").set_value("A1")
    app.button(key="board-urgent-add").click().run()
    assert store.head(board.id) == 1 and "Added" not in said(app)
    assert [("A1" in part.value, "twice" in part.value) for part in app.error] == [(True, True)]
    assert app.text_input(key="board-urgent-0-id").value == "A1"


def test_a_part_that_fails_leaves_the_rest(
    store: BoardStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where reasons cannot be found for whatever cause, that is told, and map and queue are still there."""

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("out of order")

    board = store.create(planned())
    app = shown(tmp_path, board.id, picked="A1")
    charts = len(app.get("vega_lite_chart")), len(app.get("deck_gl_json_chart"))
    monkeypatch.setattr("optimize.why.explain", broken)
    app.button(key="board-why-ask").click().run()
    assert [part.message for part in app.exception] == ["out of order"]
    assert SAY("This part of the page has failed; the rest of it can be used.") in said(app)
    assert (len(app.get("vega_lite_chart")), len(app.get("deck_gl_json_chart"))) == charts


def test_proposals_are_each_dispatchers_own(store: BoardStore, tmp_path: Path) -> None:
    """Another's search leaves one's proposal alone; each is told of the other, and a reload has its own."""
    board = store.create(changed(planned(), orders=(*planned().orders, order("N1"), order("N2"))))
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


@pytest.mark.parametrize(
    ("hours", "said", "over"), [(30.0, None, True), (30.0, False, False), (1.0, None, False)]
)
def test_an_urgent_order_longer_than_any_shift_goes_over_several(
    hours: float, said: bool | None, over: bool
) -> None:
    """Nobody has to say so of work that no shift holds, and who says no is believed."""
    now = planned()
    (place, *_) = places_of(now).values()
    values = {"duration_h": hours, "may_pause": said}
    assert urgent_order(now, "U1", place, 4.0, values).may_pause == over


def test_an_urgent_order_and_a_sick_engineer(store: BoardStore, tmp_path: Path) -> None:
    """What has come in is an order that nobody has; what a sick engineer had is nobody's."""
    board = store.create(planned())
    app = shown(tmp_path, board.id)
    app.text_input(key="board-urgent-0-id").set_value("U1")
    app.button(key="board-urgent-add").click().run()
    found = store.board(board.id).day
    assert found.order["U1"].status == "new" and found.plan and "U1" in found.plan.unassigned
    app.selectbox(key="board-sick-who").set_value("ali").run()
    app.button(key="board-sick-send").click().run()
    found = store.board(board.id).day
    assert found.plan and {visit.engineer for visit in found.plan.visits} == {"bea"}
    assert {"A1", "A2", "U1"} <= set(found.plan.unassigned)


def other(store: BoardStore, board: str, change: Callable[[Day], Day]) -> None:
    """Change a board as somebody else does."""
    now = store.board(board)
    store.commit(board, now.version, change(now.day), phrase("Unpinned"), "Bob")


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_scheduling_policy_is_chosen(store: BoardStore, tmp_path: Path, code: str) -> None:
    """Another policy of the scenario is a version of the board, shown to all; undo takes it back."""
    board = store.create(changed(planned(), scenario="asean15"))
    app = shown(tmp_path, board.id, code)
    box = app.selectbox(key="board-policy-balanced")
    assert box.options == [language(code).term("scheduling", n) for n in ("balanced", "punctual", "thrifty")]
    box.select("punctual").run()
    assert not app.exception and store.board(board.id).day.scheduling_policy == "punctual"
    other = shown(tmp_path, board.id, code)
    assert other.selectbox(key="board-policy-punctual").value == "punctual"
    other.button(key="board-undo").click().run()
    assert store.board(board.id).day.scheduling_policy == ""
    assert other.selectbox(key="board-policy-balanced").value == "balanced"


def test_changes_of_two_go_together(store: BoardStore, tmp_path: Path) -> None:
    """A change made from an older version is saved with the other one where they are about other orders."""
    board = store.create(planned())
    app = shown(tmp_path, board.id, picked="A1")
    other(store, board.id, lambda now: with_order(now, "B1", pin=DayPin(engineer="bea")))
    app.button(key="board-pin-engineer").click().run()
    found = store.board(board.id)
    assert found.version == 3
    assert [found.day.order[name].pin for name in ("A1", "B1")] == [
        DayPin(engineer="ali"),
        DayPin(engineer="bea"),
    ]
    assert "Bob" in "".join(str(part.value) for part in app.info)


@pytest.mark.parametrize("side", ["mine", "theirs"])
def test_a_conflict_is_decided(store: BoardStore, tmp_path: Path, side: str) -> None:
    """Where two changed one order nothing is saved until the second has chosen, and then what he chose."""
    board = store.create(planned())
    app = shown(tmp_path, board.id, picked="A1")
    theirs = DayPin(engineer="bea")
    other(store, board.id, lambda now: with_order(now, "A1", pin=theirs))
    app.button(key="board-pin-engineer").click().run()
    assert store.head(board.id) == 2 and SAY("Somebody else changed the same") in said(app)
    assert "Bob" in "".join(part.value for part in app.toast)
    assert SAY("Your change is not saved yet: decide at the top of the page.") in said(app)
    choice = next(group for group in app.get("button_group") if "board-clash" in str(group.key))
    choice.set_value(side).run()
    app.button(key="board-settle").click().run()
    assert not app.exception
    wanted = DayPin(engineer="ali") if side == "mine" else theirs
    assert store.board(board.id).day.order["A1"].pin == wanted
    assert "board-settle" not in {str(button.key) for button in app.button}


def test_a_viewer_only_looks(store: BoardStore, tmp_path: Path) -> None:
    """To a viewer every button that changes something is disabled, and the way to a new board closed."""
    board = store.create(planned())
    app = shown(tmp_path, board.id, role="viewer", picked="A1")
    reading = {"board-others", "board-why-ask"}
    changing = {b.key: b.disabled for b in app.button if str(b.key) not in reading}
    assert changing and all(changing.values())
    assert "board-sample" not in {str(button.key) for button in shown(tmp_path, "", role="viewer").button}


def test_files_with_faults_make_no_board(store: BoardStore, tmp_path: Path) -> None:
    """Of files with bad rows every fault is listed, and no board is made."""
    app = shown(tmp_path, "")
    way = next(group for group in app.get("button_group") if group.key == "board-new-way")
    way.set_value("files").run()
    orders = "id,lat,lon,reported_at,duration_h,time_zone\nO1,99,100.3,2026-11-23 08:00,1,Asia/Kuala_Lumpur\n"
    staff = "id,lat,lon,time_zone\nE1,5.4,100.3,Nowhere/Town\n"
    for uploader, (name, text) in zip(
        app.get("file_uploader")[:2], (("o.csv", orders), ("e.csv", staff)), strict=True
    ):
        uploader.upload(name, text.encode(), "text/csv")
    app.run()
    app.button(key="board-file-make").click().run()
    assert not app.exception and app.error and store.boards() == []
    assert len(app.dataframe[0].value) >= 2


def test_the_sample_can_be_planned(tmp_path: Path) -> None:
    """The sample is the same each time, some of it is under way, and most of it can be planned."""
    found = sample_day(tmp_path)
    assert found == sample_day(tmp_path)
    assert {one.status for one in found.orders} >= {"new", "arrived"}
    assert found.plan and found.plan.unassigned and found.plan.visits
    assert all(visit.start <= visit.end for visit in found.plan.visits)
    assert all(one.reported_at <= found.now for one in found.orders)


def test_files_make_a_board(store: BoardStore, tmp_path: Path) -> None:
    """Of files without a fault a board is made, with their orders and engineers, as of the last report."""
    app = shown(tmp_path, "")
    way = next(group for group in app.get("button_group") if group.key == "board-new-way")
    way.set_value("files").run()
    orders = (
        "id,lat,lon,reported_at,duration_h,time_zone\nO1,5.4,100.3,2026-11-20 08:00,1,Asia/Kuala_Lumpur\n"
    )
    staff = "id,lat,lon,skills,time_zone\nE1,5.4,100.3,video:junior,Asia/Kuala_Lumpur\n"
    for uploader, (name, text) in zip(
        app.get("file_uploader")[:2], (("o.csv", orders), ("e.csv", staff)), strict=True
    ):
        uploader.upload(name, text.encode(), "text/csv")
    app.run()
    app.button(key="board-file-make").click().run()
    assert not app.exception, app.exception
    (made,) = store.boards()
    assert [*store.board(made.id).day.order] == ["O1"] and made.who == "Editor"
    assert store.board(made.id).day.now == datetime(2026, 11, 20, 0, 0, tzinfo=UTC)
    assert "board-optimise" in {str(button.key) for button in app.button}


def test_a_moment_of_a_run_makes_a_board(store: BoardStore, tmp_path: Path) -> None:
    """A run of the Lab gives a board of the moment that is chosen, with the people of its scenario."""
    finished_job(tmp_path)
    app = shown(tmp_path, "")
    way = next(group for group in app.get("button_group") if group.key == "board-new-way")
    way.set_value("run").run()
    app.button(key="board-run-make").click().run()
    assert not app.exception, app.exception
    (made,) = store.boards()
    found = store.board(made.id).day
    assert len(found.engineers) == 10 and found.now.day == 5 and found.plan is not None
    assert SAY.instant(found.now, home_zone(found)) in made.title


def test_half_a_place_and_a_far_one_are_refused(store: BoardStore, tmp_path: Path) -> None:
    """An urgent order with a latitude alone, or far from its place, is not added; one that is near is."""
    board = store.create(planned())
    app = shown(tmp_path, board.id)
    for label, value, told in (
        ("Latitude", 5.5, "needs"),
        ("Longitude", 10.4, "km"),
        ("Longitude", 100.4, ""),
    ):
        next(field for field in app.number_input if field.label == SAY(label)).set_value(value)
        app.button(key="board-urgent-add").click().run()
        assert bool(app.error) == bool(told) and told in "".join(e.value for e in app.error)
        assert (store.head(board.id) == 1) == bool(told)
    found = store.board(board.id).day.order["U-1"]
    assert (found.lat, found.lon) == (5.5, 100.4) and "U\\-1" in said(app)


@pytest.mark.parametrize("status", ["departed", "arrived", "finished"])
def test_what_has_begun_is_not_explained(store: BoardStore, tmp_path: Path, status: str) -> None:
    """Of an order that has begun or is over the page says so, and offers no reasons."""
    board = store.create(with_order(planned(), "A1", status=status))
    app = shown(tmp_path, board.id, picked="A1")
    assert not app.exception and "board-why-ask" not in {str(button.key) for button in app.button}
    assert ("finished" if status == "finished" else "Ali is") in said(app)


def test_what_is_not_accepted_stays_proposed(store: BoardStore, tmp_path: Path) -> None:
    """After some changes are accepted the others are still proposed, against the new version."""
    before = changed(planned(), orders=(*planned().orders, order("N1"), order("N2")))
    board = store.create(before)
    found = solving.begin(board, 1.0, solving.first_places)
    assert found.wait(120.0) and found.found is not None and found.changes is not None
    desk = Desk(SAY, store, Access("editor"), board)
    _accept_some(desk, found, found.found, ("N1",), len(found.changes.orders))
    (rest,) = solving.others(board.id, found.id)
    assert solving.current(board.id, found.id) is None and rest.wait(60.0) and rest.base.version == 2
    assert rest.changes is not None and "N1" not in rest.changes.orders and "N2" in rest.changes.orders
    solving.drop(rest.id)


def test_a_chinese_plan_is_read_back(store: BoardStore) -> None:
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


def test_a_pin_that_the_clock_has_passed_is_told(store: BoardStore, tmp_path: Path) -> None:
    """The panel and the queue say that an order is pinned to a time that is over; before, they do not."""
    pinned = with_order(planned(), "A1", pin=DayPin(start_from=hours(1), start_to=hours(1)))
    pinned, _ = actions.later(pinned, hours(0.9))
    over, _ = actions.later(changed(pinned, plan=changed(planned().plan, visits=())), hours(2))
    for found, told in ((pinned, False), (over, True)):
        app = shown(tmp_path, store.create(found).id, picked="A1")
        assert any("which is past" in str(one.value) for one in app.warning) == told
        assert ("which is past" in str(queue_figure(found, standings(found), "", 9, "", SAY))) == told


def test_a_file_says_that_somebody_away_is_pinned(store: BoardStore) -> None:
    """The reason of an order that is pinned to somebody sick is that."""
    sick_day, _ = actions.sick(with_order(planned(), "A1", pin=DayPin(engineer="ali")), "ali", None)
    assert actions.pinned_to_away(sick_day, sick_day.order["A1"]) == "Ali"
    assert "Ali" in _Reasons(sick_day)["A1"]

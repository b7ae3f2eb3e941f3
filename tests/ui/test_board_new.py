"""New boards and new orders on them: from files, the sample and runs; their list; who may only look."""

from __future__ import annotations

from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

import pytest
from board_days import day, engineer, order
from board_shown import SAY, planned, said, shown
from finished_job import finished_job

from insight.imports.reading import Source
from optimize.day.event_kinds import changed
from optimize.day.reading import DayFiles, DayTerms, read_day
from ui.board.clocks import home_zone
from ui.board.sample import sample_day
from ui.board.urgent import places_of, urgent_order
from ui.board.words import plain
from ui.boards import BoardStore
from ui.language import LANGUAGES, language


def test_boards_are_renamed_and_deleted(boards: BoardStore, tmp_path: Path) -> None:
    """A board gets another title, and is deleted after a second question; a viewer is offered neither."""
    one, two = boards.create(planned()), boards.create(planned())
    app = shown(tmp_path, "")
    app.selectbox(key="board-list-which-0").set_value(one.id).run()
    app.text_input(key=f"board-list-title-{one.id}-0").set_value("Tuesday").run()
    app.button(key="board-list-rename").click().run()
    assert boards.board(one.id).title == boards.board(one.id).day.title == "Tuesday" and "Tuesday" in said(
        app
    )
    app.selectbox(key="board-list-which-1").set_value(one.id).run()
    assert app.button(key="board-list-delete").disabled
    app.checkbox(key=f"board-list-sure-{one.id}-1").check().run()
    app.button(key="board-list-delete").click().run()
    assert not app.exception and [left.id for left in boards.boards()] == [two.id]
    assert "board-list-which-0" not in {str(box.key) for box in shown(tmp_path, "", role="viewer").selectbox}


def test_many_boards_are_listed_by_clicks(boards: BoardStore, tmp_path: Path) -> None:
    """What is not listed at first is counted, and comes with a click."""
    for _ in range(31):
        boards.create(day())
    app = shown(tmp_path, "")
    assert sum(str(b.key).startswith("board-open-") for b in app.button) == 30
    app.button(key="board-list-more-button").click().run()
    assert sum(str(b.key).startswith("board-open-") for b in app.button) == 31


def test_an_unknown_board(boards: BoardStore, tmp_path: Path) -> None:
    """An address of no board leads to the list of boards, with a word about it."""
    app = shown(tmp_path, "nonsense")
    assert SAY("There is no board {id} here.", id="nonsense") in said(app)
    assert "board-sample" in {str(button.key) for button in app.button}


def test_an_id_that_is_taken_is_refused(boards: BoardStore, tmp_path: Path) -> None:
    """An urgent order under the id of another is not said to be added; the form says why it is refused."""
    board = boards.create(planned())
    app = shown(tmp_path, board.id)
    app.text_input(key="board-urgent-0-id").set_value("A1")
    app.button(key="board-urgent-add").click().run()
    assert boards.head(board.id) == 1 and "Added" not in said(app)
    assert [("A1" in part.value, "twice" in part.value) for part in app.error] == [(True, True)]
    assert app.text_input(key="board-urgent-0-id").value == "A1"


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


def test_an_urgent_order_may_be_where_others_are(boards: BoardStore, tmp_path: Path) -> None:
    """Places are sites, customers and cities of the board's orders, and where engineers begin."""
    orders = (
        order("A1", site="penang-mall", customer="Mall"),
        order("A2", customer="Harbour", customer_tier="gold"),
        order("A3", city="kuala-lumpur", lat=3.1, lon=101.6),
    )
    staff = (engineer("ali", centre="north-station", city="penang"),)
    found = changed(planned(), orders=orders, engineers=staff, plan=None, scenario="asean15")
    names = ("Harbour", "kuala-lumpur", "north-station", "penang", "penang-mall")
    assert tuple(places_of(found)) == names
    app = shown(tmp_path, boards.create(found).id)
    box = app.selectbox(key="board-urgent-0-place")
    assert "penang-mall · Mall · Penang" in box.options and "Kuala Lumpur" in box.options
    box.set_value("kuala-lumpur")
    app.button(key="board-urgent-add").click().run()
    assert not app.exception
    (board,) = boards.boards()
    (*_, made) = boards.board(board.id).day.orders
    assert (made.city, made.site) == ("kuala-lumpur", "") and abs(made.lat - 3.1) < 0.2


def test_a_viewer_only_looks(boards: BoardStore, tmp_path: Path) -> None:
    """To a viewer every button that changes something is disabled, and the way to a new board closed."""
    board = boards.create(planned())
    app = shown(tmp_path, board.id, role="viewer", picked="A1")
    reading = {"board-others", "board-why-ask"}
    changing = {b.key: b.disabled for b in app.button if str(b.key) not in reading}
    assert changing and all(changing.values())
    assert "board-sample" not in {str(button.key) for button in shown(tmp_path, "", role="viewer").button}


def test_files_with_faults_make_no_board(boards: BoardStore, tmp_path: Path) -> None:
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
    assert not app.exception and app.error and boards.boards() == []
    assert len(app.dataframe[0].value) >= 2


def test_the_sample_can_be_planned(tmp_path: Path) -> None:
    """The sample is the same each time, some of it is under way, and most of it can be planned."""
    found = sample_day(tmp_path)
    assert found == sample_day(tmp_path)
    assert {one.status for one in found.orders} >= {"new", "arrived"}
    assert found.plan and found.plan.unassigned and found.plan.visits
    assert all(visit.start <= visit.end for visit in found.plan.visits)
    assert all(one.reported_at <= found.now for one in found.orders)


def test_files_make_a_board(boards: BoardStore, tmp_path: Path) -> None:
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
    (made,) = boards.boards()
    assert [*boards.board(made.id).day.order] == ["O1"] and made.who == "Editor"
    assert boards.board(made.id).day.now == datetime(2026, 11, 20, 0, 0, tzinfo=UTC)
    assert "board-optimise" in {str(button.key) for button in app.button}


ORDERS = "id,{place},reported_at,duration_h\nO1,{at},2026-11-20 08:00,1\nO2,{at},2026-11-20 07:55,1\n"
STAFF = "id,city,lat,lon,skills\nE1,penang,5.4,100.3,video:junior\n"
SITES = "id,lat,lon,city,time_zone\nS1,5.4,100.3,,Asia/Kuala_Lumpur\n"


def uploaded(folder: Path, *files: tuple[str, str]) -> Any:
    """Return the form of a new board with files of orders, engineers and sites."""
    app = shown(folder, "")
    next(one for one in app.get("button_group") if one.key == "board-new-way").set_value("files").run()
    for uploader, (name, text) in zip(app.get("file_uploader"), files, strict=False):
        uploader.upload(name, text.encode(), "text/csv")
    return app.run()


@pytest.mark.parametrize("place", ["city", "site"])
def test_the_present_of_files_is_on_the_clock_of_their_orders(
    boards: BoardStore, tmp_path: Path, place: str
) -> None:
    """The last report is proposed with the zone of its city or site; another zone shows the same moment."""
    orders = ORDERS.format(place=place, at="penang" if place == "city" else "S1")
    app = uploaded(tmp_path, ("o.csv", orders), ("e.csv", STAFF), ("s.csv", SITES))
    (zone,) = [box for box in app.selectbox if box.label == SAY("Time zone")]
    (clock,) = [one for one in app.time_input if one.label == SAY("Now: time")]
    assert (zone.value, clock.value) == ("Asia/Kuala_Lumpur", time(8))
    zone.set_value("Asia/Bangkok").run()
    assert [one.value for one in app.time_input] == [time(7)]
    app.button(key="board-file-make").click().run()
    assert not app.exception and not app.error, app.error
    (made,) = boards.boards()
    assert boards.board(made.id).day.now == datetime(2026, 11, 20, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize("code", LANGUAGES)
def test_notes_on_files_stay_until_they_are_dismissed(boards: BoardStore, tmp_path: Path, code: str) -> None:
    """What the command tells of files the board lists, after a reload too, until an editor dismisses it."""
    orders = "id,city,reported_at,duration_h,Notes\nO1,penang,2026-11-20 08:00,1,ring twice\n"
    files = DayFiles(Source("o.csv", orders.encode()), Source("e.csv", STAFF.encode()))
    told = read_day(files, DayTerms(datetime(2026, 11, 20, 1, tzinfo=UTC))).notes
    assert any("Notes" in one for one in told)
    app = uploaded(tmp_path, ("o.csv", orders), ("e.csv", STAFF))
    app.button(key="board-file-make").click().run()
    (made,) = boards.boards()
    say = language(code)
    again = shown(tmp_path, made.id, code)
    assert all(plain(say.message(one)) in said(again) for one in told)
    again.button(key="board-notes-dismiss").click().run()
    assert not again.exception and plain(say.message(told[0])) not in said(again)
    assert "board-notes-dismiss" not in {str(b.key) for b in shown(tmp_path, made.id).button}


def test_a_moment_of_a_run_makes_a_board(boards: BoardStore, tmp_path: Path) -> None:
    """A run of the Lab gives a board of the moment that is chosen, with the people of its scenario."""
    finished_job(tmp_path)
    app = shown(tmp_path, "")
    way = next(group for group in app.get("button_group") if group.key == "board-new-way")
    way.set_value("run").run()
    app.button(key="board-run-make").click().run()
    assert not app.exception, app.exception
    (made,) = boards.boards()
    found = boards.board(made.id).day
    assert len(found.engineers) == 10 and found.now.day == 5 and found.plan is not None
    assert SAY.instant(found.now, home_zone(found)) in made.title


def test_half_a_place_and_a_far_one_are_refused(boards: BoardStore, tmp_path: Path) -> None:
    """An urgent order with a latitude alone, or far from its place, is not added; one that is near is."""
    board = boards.create(planned())
    app = shown(tmp_path, board.id)
    for label, value, told in (
        ("Latitude", 5.5, "needs"),
        ("Longitude", 10.4, "km"),
        ("Longitude", 100.4, ""),
    ):
        next(field for field in app.number_input if field.label == SAY(label)).set_value(value)
        app.button(key="board-urgent-add").click().run()
        assert bool(app.error) == bool(told) and told in "".join(e.value for e in app.error)
        assert (boards.head(board.id) == 1) == bool(told)
    found = boards.board(board.id).day.order["U-1"]
    assert (found.lat, found.lon) == (5.5, 100.4) and "U\\-1" in said(app)

"""The Dispatch Board in Chromium: a dispatcher's story, two dispatchers on one board, and a restart."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from board_databases import KINDS, board_database
from board_days import day
from page_checks import check_width, english_sentences, faint_texts
from planner import LONG, Planner
from playwright.sync_api import FilePayload, Locator, Page, Route, expect
from serving import AppServer, AppServers, Pages, start_app

from optimize.day.event_kinds import changed
from optimize.day.model import Day, DayPin
from ui.boards import BoardStore
from ui.boards.tables import database_url, open_database
from ui.language import language

SAY = language("en")


def planned() -> Day:
    """Return the day with all orders planned."""
    orders = tuple(one.model_copy(update={"status": "planned"}) for one in day().orders)
    found: Day = changed(day(), orders=orders)
    return found


def opened(url: str) -> BoardStore:
    """Return the boards of a database."""
    return BoardStore(open_database(database_url(url, Path())))


def at_board(page: Page, app: AppServer, board: str, order: str = "", code: str = "en") -> Planner:
    """Open a board in a page, with an order picked, and wait until it may be used."""
    picked = f"&order={order}" if order else ""
    page.goto(f"{app.url}/board?lang={code}&board={board}{picked}")
    dispatcher = Planner(page, language(code), app, f"board-{code}")
    expect(key(page, "board-optimise")).to_be_enabled()
    dispatcher.settle()
    return dispatcher


def key(page: Page, name: str) -> Locator:
    """Return the button of a key."""
    return page.locator(f".st-key-{name} button").first


_MAP_MODULE = "**/static/js/DeckGlJsonChart.*.js"


def without_maps(page: Page) -> Page:
    """Leave maps out of a page, unless for pictures: without a graphics card, drawing one takes seconds."""
    if not os.environ.get("BANYAN_SCREENSHOTS"):
        page.route(_MAP_MODULE, _without_map)
    return page


def expect_map(page: Page) -> None:
    """Expect a page to draw its map."""
    expect(page.get_by_test_id("stDeckGlJsonChart").locator("canvas").first).to_be_visible()


def _without_map(route: Route) -> None:
    """Answer with a module that has the names of the one that draws maps, and draws nothing."""
    exported = route.fetch().text().rpartition("export{")[2].partition("}")[0]
    names = ",".join(f"none as {name.split()[-1]}" for name in exported.split(","))
    body = f"const none = () => null; none.default = none; export {{{names}}};"
    route.fulfill(content_type="text/javascript", body=body)


def expect_version(page: Page, number: int) -> None:
    """Expect a page to show a version of its board."""
    expect(page.get_by_text(f"version {number}:")).to_be_visible()


@pytest.mark.parametrize("kind", KINDS)
def test_two_browsers_on_one_board(app_server: AppServers, page_of: Pages, tmp_path: Path, kind: str) -> None:
    """Of what two dispatchers do to one board nothing is lost, and a killed server has it all again."""
    with board_database(kind, tmp_path) as url:
        app = app_server(env={"BANYAN_BOARD_URL": url})
        store = opened(url)
        board = store.create(day()).id
        one, two = (
            at_board(without_maps(page_of(420, height=480)), app, board, order).page for order in ("A1", "B1")
        )
        _pin_at_once(one, two, store, board)
        _clash(one, two, store, board)
        before = store.board(board)
        for page in (one, two):
            page.goto("about:blank")
        app.kill()
        again = app_server(folder=app.folder, port=app.port, env={"BANYAN_BOARD_URL": url})
        assert store.board(board) == before
        at_board(one, again, board, "A1")
        expect_version(one, before.version)
        expect(key(one, "board-unpin")).to_be_visible()
        store.engine.dispose()


def _pin_at_once(one: Page, two: Page, store: BoardStore, board: str) -> None:
    """Pin one order each at the same moment: both pins are on the board, and both pages show it."""
    for page in (one, two):
        key(page, "board-pin-engineer").evaluate("button => button.click()")
    for page in (one, two):
        expect_version(page, 3)
    found = store.board(board).day
    assert [found.order[name].pin for name in ("A1", "B1")] == [
        DayPin(engineer="ali"),
        DayPin(engineer="bea"),
    ]


def _clash(one: Page, two: Page, store: BoardStore, board: str) -> None:
    """Accept a plan of an older version, which clashes with what the other did, and choose the latter."""
    # The first search of a server may have to be compiled.
    key(two, "board-optimise").click()
    expect(two.locator(".st-key-board-proposal")).to_be_visible(timeout=LONG)
    key(one, "board-unpin").click()
    expect_version(one, 4)
    expect_version(two, 4)
    accept = key(two, "board-accept")
    expect(accept).to_be_enabled()
    accept.click()
    conflict = two.locator(".st-key-board-conflict")
    expect(conflict).to_be_visible()
    assert store.head(board) == 4
    conflict.get_by_role("radio", name=SAY("Theirs")).first.click()
    key(two, "board-settle").click()
    expect(conflict).to_have_count(0)
    expect_version(one, 5)
    found = store.board(board).day
    assert found.order["A1"].pin is None and found.order["B1"].status == "planned"
    key(one, "board-pin-engineer").click()
    expect_version(one, 6)


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AppServer]:
    """Return the application with boards in SQLite."""
    home = tmp_path_factory.mktemp("board")
    server = start_app(home, home / "app", {"BANYAN_BOARD_URL": ""})
    yield server
    server.kill()


def test_a_dispatchers_story(app: AppServer, page_of: Pages, tmp_path: Path) -> None:
    """From the sample to a plan: difference first, a visit picked by a click, pinned, asked why, exported."""
    page = without_maps(page_of(1280, accept_downloads=True))
    page.goto(f"{app.url}/board?lang=en")
    key(page, "board-sample").click()
    expect(key(page, "board-optimise")).to_be_enabled()
    dispatcher = Planner(page, SAY, app, "board-en")
    dispatcher.settle()
    dispatcher.picture("1-sample")
    key(page, "board-optimise").click()
    expect(page.locator(".st-key-board-proposal")).to_be_visible(timeout=LONG)
    dispatcher.settle()
    assert not faint_texts(page)
    dispatcher.picture("2-difference")
    key(page, "board-accept").click()
    expect_version(page, 2)
    dispatcher.settle()
    order = _pick(dispatcher)
    key(page, "board-pin-both").click()
    expect_version(page, 3)
    key(page, "board-why-ask").click()
    expect(page.locator(".st-key-board-why-answer")).to_be_visible(timeout=LONG)
    dispatcher.settle()
    check_width(page)
    assert not faint_texts(page)
    dispatcher.picture("3-picked")
    page.locator(".st-key-board-export button").first.click()
    with page.expect_download() as download:
        key(page, "board-export-json").click()
    target = tmp_path / "plan.json"
    download.value.save_as(target)
    assert order in {row["order"] for row in json.loads(target.read_text(encoding="utf-8"))["plan"]}
    page.unroute(_MAP_MODULE)
    page.reload()
    expect_map(page)
    dispatcher.settle()


def _pick(dispatcher: Planner) -> str:
    """Click a visit that nobody has left for yet, and return its order."""
    page = dispatcher.page
    bar = page.locator(".st-key-board-gantt-chart .mark-rect path[aria-label*='Progress: planned']").first
    words = bar.get_attribute("aria-label") or ""
    order = words.partition("Work order: ")[2].partition(";")[0]
    bar.scroll_into_view_if_needed()
    bar.click(force=True)
    expect(page.locator(".st-key-board-panel").get_by_text(order).first).to_be_visible()
    dispatcher.settle()
    return order


#: Files of a day: orders at sites of an own file, and how long ways take; the second site is wrong at first.
FILES = {
    "orders": "id,site,reported_at,duration_h\nO1,north,2026-11-23 07:00,1\nO2,south,2026-11-23 07:00,1\n",
    "engineers": "id,lat,lon,time_zone,skills\nE1,5.4,100.3,Asia/Kuala_Lumpur,video:junior\n",
    "sites": "id,lat,lon,time_zone\nnorth,5.5,100.3,Asia/Kuala_Lumpur\nsouth,{lat},100.4,Asia/Kuala_Lumpur\n",
    "travel": "from,to,hours\nE1,north,0.5\nE1,south,0.25\nnorth,south,2\n",
}


def test_a_board_of_four_files(app: AppServer, page_of: Pages) -> None:
    """Files of sites and travel are taken in; a fault in them is told, and the file mended may follow it."""
    page = page_of(1280)
    page.goto(f"{app.url}/board?lang=en")
    page.locator(".st-key-board-new-way").get_by_text(SAY("Files"), exact=True).click()
    page.get_by_text(SAY("Sites and travel, if there are files of them")).click()
    dispatcher = Planner(page, SAY, app, "board-files")
    for name in FILES:
        _upload(page, name, FILES[name].format(lat=99))
    dispatcher.settle()
    key(page, "board-file-make").click()
    expect(page.get_by_text(SAY.many("Nothing was read: {n} fault.", "", 1))).to_be_visible()
    dispatcher.settle()
    dispatcher.picture("1-fault")
    _upload(page, "sites", FILES["sites"].format(lat=5.3))
    dispatcher.settle()
    key(page, "board-file-make").click()
    expect(key(page, "board-optimise")).to_be_enabled()
    store = opened(f"sqlite:///{app.folder / 'boards.sqlite'}")
    found = next(store.board(board.id).day for board in store.boards() if board.title == "orders")
    assert {name: one.lat for name, one in found.order.items()} == {"O1": 5.5, "O2": 5.3}
    assert sorted(way.hours for way in found.travel) == [0.25, 0.5, 2.0]
    store.engine.dispose()


def _upload(page: Page, name: str, text: str) -> None:
    """Put a file into the box of its kind, in place of what is there."""
    box = page.locator(f".st-key-board-file-{name}")
    file = FilePayload(name=f"{name}.csv", mimeType="text/csv", buffer=text.encode())
    box.locator("input[type=file]").set_input_files(file)
    expect(box.get_by_text(f"{name}.csv")).to_be_visible()


def test_the_board_in_chinese_on_a_phone(app: AppServer, page_of: Pages) -> None:
    """On a phone in Chinese nothing sticks out, nothing is English, and text has contrast."""
    store = opened(f"sqlite:///{app.folder / 'boards.sqlite'}")
    board = store.create(changed(planned(), title="槟城")).id
    page = page_of(390, locale="zh-CN")
    dispatcher = at_board(page, app, board, "A1", "zh")
    expect(page.locator(".st-key-board-panel")).to_be_visible()
    expect_map(page)
    key(page, "board-pin-engineer").click()
    expect(key(page, "board-unpin")).to_be_visible()
    dispatcher.settle()
    check_width(page)
    assert not english_sentences(page) and not faint_texts(page)
    dispatcher.picture("phone")
    store.engine.dispose()

"""The Dispatch Board: a day's orders and engineers, the plan, what may go wrong, and what to do about it.

The page only puts the parts together; they are in `ui.board`, and boards are kept by `ui.boards`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from optimize.day.model import DayEngineer
from ui.access import Access
from ui.board.chooser import chooser
from ui.board.conflict import conflict_panel
from ui.board.desk import Desk
from ui.board.noted import notes_panel
from ui.board.panel import order_panel
from ui.board.pictures import (
    CLOCKS,
    clock_names,
    gantt_figure,
    map_cities,
    map_figure,
    queue_figure,
    shown_engineers,
)
from ui.board.proposal import optimise_button, proposal_panel
from ui.board.standing import Standing, in_jeopardy, standings_of, totals
from ui.board.toolbar import cards, doings, header, leave
from ui.board.words import joined, plain
from ui.boards import BoardStore, NoBoard, boards_opened
from ui.charts import Figure
from ui.charts.gantt import PICKED
from ui.jobs import JobStore
from ui.language import Language
from ui.results.drawing import files, heading, table

_LOG = logging.getLogger(__name__)
#: How often the page looks whether somebody else has changed the board, in seconds.
_SECONDS = 2.0
_MOST_BARS = 14
#: From how many engineers on those without visits are left out at first.
_MANY = 15
#: Orders that a hint names.
_MOST_NAMED = 5
_STYLE = """<style>
.board-cards { display: flex; flex-wrap: wrap; gap: 8px; }
.board-card {
    flex: 1 1 120px; border: 1px solid #e4e7eb; border-radius: 8px; padding: 6px 12px; display: flex;
    flex-direction: column; background: #ffffff; color: #1f2933;
}
.board-card span { color: #52606d; font-size: 0.82rem; }
.board-card b { font-size: 1.1rem; font-variant-numeric: tabular-nums; overflow-wrap: normal; }
.board-card b.change { font-size: 0.98rem; white-space: nowrap; }
.board-card i { color: #52606d; font-size: 0.85rem; font-style: normal; }
.st-key-board-header h3 { padding: 0; }
@media (max-width: 640px) { .board-card { flex-basis: 40%; } }
</style>"""


def page(say: Language, store: JobStore, access: Access) -> None:
    """Draw the page.

    Parameters
    ----------
    say
        The language.
    store
        The jobs; boards are kept beside them unless an address names a database.
    access
        What the person may do.
    """
    st.html(_STYLE)
    boards = _opened(say, store)
    if boards is None:
        return
    asked = st.query_params.get("board", "")
    try:
        board = boards.board(asked) if asked else None
    except NoBoard:
        st.warning(say("There is no board {id} here.", id=asked))
        board = None
    if board is None:
        st.markdown(f"### {say('Dispatch Board')}")
        chooser(say, boards, store, access)
        return
    desk = Desk(say, boards, access, board)
    _news(desk)
    found = standings_of(board.id, board.version, board.day)
    header(desk, found)
    conflict_panel(desk)
    notes_panel(desk)
    cards(desk, totals(board.day, found))
    with st.container(horizontal=True, vertical_alignment="center", key="board-toolbar"):
        optimise_button(desk)
        doings(desk)
    _guarded(desk.say, proposal_panel, desk)
    _day(desk, found)
    desk.note_seen()
    _watch(boards, board.id, board.version)


def _opened(say: Language, store: JobStore) -> BoardStore | None:
    """Return the boards; say so where their database cannot be reached."""
    from sqlalchemy.exc import SQLAlchemyError

    try:
        return boards_opened(store.folder)
    except (SQLAlchemyError, ValueError, ImportError):
        st.error(say("The database of the boards cannot be reached."))
        return None


def _news(desk: Desk) -> None:
    """Draw what is to be told of the last click."""
    text = plain(desk.news())
    if not text:
        return
    # A box stays but may be out of sight of the button; what floats is seen wherever one is.
    (st.warning if desk.refused else st.info)(text)
    st.toast(text, duration="long" if desk.refused else "short")


def _day(desk: Desk, found: dict[str, Standing]) -> None:
    """Draw the visits, below them the order that is picked, then the map beside the queue."""
    people, clock, hours = _view(desk)
    _hints(desk, people, found)
    gantt = gantt_figure(desk.day, found, people, clock, hours, desk.picked, desk.say)
    draw(gantt, "board-gantt", desk.say)
    _guarded(desk.say, order_panel, desk, found)
    left, right = st.columns([5, 4], gap="medium")
    with left:
        city = _map_city(desk)
        near = [person for person in desk.day.engineers if person.city == city] if city else people
        draw(map_figure(desk.day, found, near, desk.picked, desk.say), f"board-map-{city}", desk.say)
    with right:
        city = str(st.session_state.get("board-city") or "")
        most = len(found) if st.session_state.get("board-queue-all") else _MOST_BARS
        draw(queue_figure(desk.day, found, city, most, desk.picked, desk.say), "board-queue", desk.say)
        if len(in_jeopardy(found)) > _MOST_BARS:
            st.toggle(desk.say("All orders of the queue"), key="board-queue-all")


def _guarded(say: Language, drawn: Callable[..., None], *arguments: Any) -> None:
    """Draw a part of the page; where it fails that is told in its place, and the rest is drawn."""
    try:
        drawn(*arguments)
    except Exception as error:  # whatever it is, the day below must be seen
        _LOG.exception("a part of the board failed")
        st.error(say("This part of the page has failed; the rest of it can be used."))
        st.exception(error)


def _hints(desk: Desk, people: Sequence[DayEngineer], found: dict[str, Standing]) -> None:
    """Draw why the chart is empty, and which visits should have begun as nobody says that they have."""
    say = desk.say
    if not people:
        st.info(say("No engineer is shown: choose another city, or switch “Only with visits” off."))
    waiting = [one.order.id for one in found.values() if one.status == "unstarted"]
    if waiting:
        listed = joined([*waiting[:_MOST_NAMED], *(["…"] if len(waiting) > _MOST_NAMED else [])], say)
        words = say.many(
            "{n} order whose visit should have begun has no status ({ids}). It is planned again as if nobody "
            "had left: give its status (departed, arrived, finished).",
            "{n} orders whose visits should have begun have no status ({ids}). They are planned again as if "
            "nobody had left: give their status (departed, arrived, finished).",
            len(waiting),
            ids=plain(listed),
        )
        st.warning(words)


def _map_city(desk: Desk) -> str:
    """Draw which city the map shows, at first the one with most orders; return it, empty for all shown."""
    say, chosen = desk.say, str(st.session_state.get("board-city") or "")
    cities = map_cities(desk.day)
    if chosen or len(cities) < 2:
        return chosen
    picked = desk.day.order.get(desk.picked)
    first = picked.city if picked and picked.city in cities else cities[0]
    found = st.selectbox(
        say("City of the map"),
        [*cities, ""],
        index=cities.index(first),
        format_func=lambda key: say.name("cities", key) if key else say("All cities"),
        key=f"board-map-city-{first}",
        label_visibility="collapsed",
    )
    return str(found or "")


def _view(desk: Desk) -> tuple[Any, str, float]:
    """Draw what is chosen of the view: clock, hours, city, and whether the idle are shown."""
    say, day = desk.say, desk.day
    names = clock_names(say)
    with st.container(horizontal=True, vertical_alignment="center", key="board-view"):
        clock = st.segmented_control(
            say("Clock"),
            CLOCKS,
            default="site",
            required=True,
            format_func=names.__getitem__,
            key="board-clock-shown",
            label_visibility="collapsed",
        )
        hours = st.selectbox(
            say("Hours shown"),
            (12, 24, 48, 72),
            index=0,
            format_func=lambda n: say("{hours} h", hours=n),
            key="board-hours",
            label_visibility="collapsed",
            width=95,
        )
        cities = sorted({person.city for person in day.engineers if person.city})
        city = st.selectbox(
            say("City"),
            ["", *cities],
            format_func=lambda key: say.name("cities", key) if key else say("All cities"),
            key="board-city",
            label_visibility="collapsed",
            width=170,
        )
        # Under another name once there are visits: what is best at first then is another thing.
        many = len(day.engineers) > _MANY and day.plan is not None and bool(day.plan.visits)
        busy = st.toggle(say("Only with visits"), value=many, key=f"board-busy-{many}")
    return shown_engineers(day, str(city or ""), busy), str(clock), float(hours)


def draw(figure: Figure, key: str, say: Language) -> None:
    """Draw a figure; a click on one of its orders picks it."""
    with st.container(border=True):
        heading(figure.title, figure.unit)
        if hasattr(figure.chart, "to_dict"):
            chart = f"{key}-chart"
            st.altair_chart(
                figure.chart,
                width="stretch",
                theme=None,
                key=chart,
                on_select=lambda: _picked(chart),
                selection_mode=PICKED,
                alt=figure.title,
            )
        else:
            st.pydeck_chart(figure.chart, height=430, key=f"{key}-chart", alt=figure.title)
        st.caption(figure.caption)
        with st.expander(say("Table and files")):
            table(figure.table)
            files(figure, key, say)


def _picked(chart: str) -> None:
    """Pick the order of the mark that was clicked."""
    state: Any = st.session_state.get(chart)
    marks = state.selection.get(PICKED) if state else None
    if marks and marks[0].get("order"):
        Desk.pick(str(marks[0]["order"]))


@st.fragment(run_every=_SECONDS)
def _watch(boards: BoardStore, board: str, version: int) -> None:
    """Draw the page anew as soon as somebody else has changed the board."""
    try:
        if boards.head(board) != version:
            st.rerun()
    except NoBoard:
        leave()
        st.rerun()

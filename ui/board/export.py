"""The plan of a board as files to take away: table, workbook, JSON, calendars, map."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property, partial

import streamlit as st

from optimize.day.model import Day
from optimize.day.writing import PLAIN, Told, Wording, plan_as
from scenarios.phrases import phrase
from ui.board.actions import pinned_to_away
from ui.board.desk import Desk
from ui.board.standing import Standing
from ui.board.words import status_word, with_names
from ui.exports import XLSX_TYPE
from ui.language import Language


def export_buttons(desk: Desk, found: Mapping[str, Standing]) -> None:
    """Draw a button for each file; each is made when it is asked for."""
    say, day = desk.say, desk.day
    if day.plan is None:
        return
    chances = {name: one.probability for name, one in found.items() if one.probability is not None}
    told = Told(chances=chances, reasons=_Reasons(day))
    words = PLAIN if say.code == "en" else Wording(say.code, partial(worded, say, day))
    kinds: tuple[tuple[str, str, str, Callable[[], bytes]], ...] = (
        (say("Plan (XLSX)"), "xlsx", XLSX_TYPE, partial(plan_as, ".xlsx", day, told, words)),
        (say("Plan (CSV)"), "csv", "text/csv", partial(plan_as, ".csv", day, told, words)),
        (say("Plan (JSON)"), "json", "application/json", partial(plan_as, ".json", day, told)),
        (say("Calendars (ICS in a ZIP)"), "zip", "application/zip", partial(calendars, day)),
        (say("Map (GeoJSON)"), "geojson", "application/geo+json", partial(_map, day, told)),
    )
    with st.popover(say("Export"), key="board-export"):
        for label, ending, kind, make in kinds:
            st.download_button(
                label,
                make,
                f"{file_stem(desk)}.{ending}",
                kind,
                key=f"board-export-{ending}",
                on_click="ignore",
            )


def worded(say: Language, day: Day, column: str, text: str) -> str:
    """Return the words for a text of a column of a plan's table."""
    if column == "status":
        return status_word(text, say)
    if column == "changed":
        return say.term("plan_change", text)
    return say.message(with_names(text, day, say))


def reasons_of(day: Day) -> Mapping[str, str]:
    """Return why nobody has an order, for each that nobody has; found when it is asked."""
    return _Reasons(day)


class _Reasons(Mapping[str, str]):
    """Why nobody has an order, found when a file that tells it is made."""

    def __init__(self, day: Day) -> None:
        self._day = day

    @cached_property
    def _found(self) -> dict[str, str]:
        from optimize.day.problem import previous_plan, problem_of
        from optimize.day.reasons import reasons

        made = problem_of(self._day)
        plan = previous_plan(self._day, made)
        found = {} if plan is None else reasons(self._day, made, plan)
        for order in self._day.orders:
            away = pinned_to_away(self._day, order)
            if away:
                found[order.id] = phrase("pinned to {name}, who is away", name=away)
        return found

    def __getitem__(self, order: str) -> str:
        return self._found[order]

    def __iter__(self) -> Iterator[str]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)


def file_stem(desk: Desk) -> str:
    """Return a name for files, safe on every system."""
    words = re.sub(r"[^\w-]+", "-", desk.board.title).strip("-_")[:60]
    return f"{words or 'board'}-{desk.board.version}"


def calendars(day: Day) -> bytes:
    """Return a ZIP with the calendar of each engineer who has a visit."""
    from optimize.day.calendars import calendars_of

    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in calendars_of(day).items():
            archive.writestr(name, content)
    return target.getvalue()


def _map(day: Day, told: Told) -> bytes:
    from optimize.day.mapping import map_of

    return map_of(day, told)

"""Which board: those that are there, or a new one from files, from the sample, or from a simulated day."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, time, timedelta
from functools import lru_cache, partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import streamlit as st

from insight.imports.faults import Fault, RefusedFile
from insight.imports.reading import Source
from insight.imports.templates import template_as
from optimize.day.event_kinds import changed
from optimize.day.from_run import NoSuchMoment, day_of_run
from optimize.day.model import Day
from optimize.day.reading import DayFiles, DayTerms, last_report, read_day
from scenarios import ScenarioError, from_document, library, load
from scenarios.phrases import message_of
from ui.access import Access
from ui.board.clocks import home_zone, told_in_zone
from ui.board.known import known_boards, show
from ui.board.sample import sample_day
from ui.boards import BoardStore, PermittedBoards, notes
from ui.exports import XLSX_TYPE
from ui.job_states import job_title
from ui.jobs import Job, JobStore
from ui.language import Language, msgid

_TYPES = ["csv", "xlsx", "json"]
_DEFAULT = "asean15"


def chooser(say: Language, boards: BoardStore, jobs: JobStore, access: Access) -> None:
    """Draw the boards that are there, and how a new one is made.

    Parameters
    ----------
    say
        The language.
    boards
        The boards.
    jobs
        Runs from which a moment may be taken.
    access
        What the person may do.
    """
    known_boards(say, boards, access)
    st.markdown(f"#### {say('A new board')}")
    reason = access.why_not(say)
    if reason:
        st.caption(reason)
        return
    ways: dict[str, tuple[str, Callable[[], None]]] = {
        "sample": (msgid("The sample"), lambda: _sample(say, boards, jobs, access)),
        "files": (msgid("Files"), lambda: _files(say, boards, access)),
        "run": (msgid("A moment of a simulated day"), lambda: _run(say, boards, jobs, access)),
    }
    way = st.segmented_control(
        say("From what"),
        list(ways),
        default="sample",
        required=True,
        format_func=lambda key: say.described(ways[key][0]),
        key="board-new-way",
        label_visibility="collapsed",
        wrap=True,
    )
    ways[str(way)][1]()


def _make(boards: BoardStore, access: Access, day: Day, noted: Sequence[str] = ()) -> None:
    made = PermittedBoards(boards, access).create(day)
    notes.note(boards.engine, made.id, noted)
    show(made.id)
    st.rerun()


def _sample(say: Language, boards: BoardStore, jobs: JobStore, access: Access) -> None:
    """Draw the way to the sample."""
    st.caption(
        say(
            "A Tuesday morning in eight cities, simulated on this machine: some orders are under way, "
            "nobody has the others yet."
        )
    )
    if st.button(say("Make a board of the sample"), type="primary", key="board-sample"):
        with st.spinner(say("Simulating")):
            day = sample_day(Path(jobs.folder))
        _make(boards, access, changed(day, title=say("Sample: {title}", title=say.described(day.title))))


def _files(say: Language, boards: BoardStore, access: Access) -> None:
    """Draw the way from files of orders and engineers, and what is wrong with them."""
    orders = st.file_uploader(say("Work orders"), _TYPES, key="board-file-orders")
    engineers = st.file_uploader(say("Engineers"), _TYPES, key="board-file-engineers")
    with st.expander(say("Sites and travel, if there are files of them")):
        sites = st.file_uploader(say("Sites"), _TYPES, key="board-file-sites")
        travel = st.file_uploader(say("Travel"), _TYPES, key="board-file-travel")
    with st.container(horizontal=True):
        for name, label in (
            ("orders", say("Template of orders (XLSX)")),
            ("engineers", say("Template of engineers (XLSX)")),
        ):
            st.download_button(
                label,
                partial(template_as, ".xlsx", name, say.code),
                f"{name}.xlsx",
                XLSX_TYPE,
                key=f"board-template-{name}",
                on_click="ignore",
            )
    left, right = st.columns(2)
    title = left.text_input(say("Title"), key="board-file-title", max_chars=120)
    names = sorted(library())
    scenario = right.selectbox(
        say("Scenario whose SLA rules and travel hold"),
        names,
        index=names.index(_DEFAULT) if _DEFAULT in names else 0,
        key="board-file-scenario",
    )
    work, places = _source(orders), _source(sites)
    last = _last_report(work, places, scenario) if work else None
    # Fields of another name where a file proposes what they show; else what was typed in would stay.
    now = _instant(
        say,
        f"board-file-{last[0]}-{last[1]}" if last else "board-file",
        *(last or (datetime.now(UTC), _zone(scenario))),
    )
    if not st.button(
        say("Make the board"), type="primary", key="board-file-make", disabled=not (orders and engineers)
    ):
        return
    staff = _source(engineers)
    assert work is not None and staff is not None  # the button is disabled without them
    files = DayFiles(work, staff, places, _source(travel))
    try:
        reading = read_day(files, DayTerms(now, scenario, title=title or Path(work.name).stem))
    except RefusedFile as refused:
        _faults(say, refused.faults)
        return
    except ScenarioError as error:
        st.error(say.message(message_of(error)))
        return
    _make(boards, access, reading.day, reading.notes)


def _source(file: Any) -> Source | None:
    return None if file is None else Source(file.name, file.getvalue())


@lru_cache(maxsize=8)
def _last_report(orders: Source, sites: Source | None, scenario: str) -> tuple[datetime, str] | None:
    """Return when the last order of a file was reported, to the next minute, and its zone.

    None where no row can be read; what is wrong with them is told when the board is made.
    """
    try:
        found = last_report(orders, sites, scenario)
    except (RefusedFile, ScenarioError):
        return None
    if found is None:
        return None
    at, own = found
    whole = at.astimezone(UTC).replace(second=0, microsecond=0)
    return (whole if whole == at else whole + timedelta(minutes=1)), own


def _faults(say: Language, faults: tuple[Fault, ...]) -> None:
    """Draw what is wrong, row by row."""
    st.error(
        say.many("Nothing was read: {n} fault.", "Nothing was read: {n} faults.", len(faults)),
    )
    rows = [
        {
            say("File"): fault.file,
            say("Row"): fault.row,
            say("Column"): fault.column,
            say("Found"): say.message(fault.found),
            say("Allowed"): say.message(fault.allowed),
        }
        for fault in faults
    ]
    st.dataframe(rows, hide_index=True, width="stretch")


def _run(say: Language, boards: BoardStore, jobs: JobStore, access: Access) -> None:
    """Draw the way from a moment of a run."""
    job = _job(say, jobs)
    if job is None:
        st.caption(say("There are no runs yet. Start one in the Scenario Lab."))
        return
    left, right = st.columns(2)
    name = left.selectbox(say("Scenario"), job.spec.names, key=f"board-run-scenario-{job.id}")
    replication = right.number_input(
        say("Replication"), 0, max(0, job.completed - 1), 0, key=f"board-run-replication-{job.id}"
    )
    folder = job.results / str(name)
    first = _first_moment(folder)
    if first is None:
        st.caption(say("The figures are being written; they appear in a moment."))
        return
    cities = _cities(job, str(name))
    chosen = st.multiselect(
        say("Cities"),
        cities,
        format_func=lambda key: say.name("cities", key),
        key=f"board-run-cities-{job.id}",
        placeholder=say("All cities"),
    )
    document = next((d for d in job.spec.scenarios if d["name"] == name), {})
    zone = _zone(json.dumps(document, default=str), tuple(chosen))
    at = _instant(say, f"board-run-{job.id}-{name}", first + timedelta(days=4, hours=2), zone)
    if st.button(say("Make the board"), type="primary", key="board-run-make"):
        try:
            day = day_of_run(folder, int(replication), at, chosen)
        except (NoSuchMoment, ValueError) as error:
            st.error(told_in_zone(message_of(error), zone, say))
            return
        words = f"{say.described(day.title)} · {say.instant(at, home_zone(day))}"
        _make(boards, access, changed(day, title=words))


def _job(say: Language, jobs: JobStore) -> Job | None:
    """Draw the choice of a run, and return it; None where there is none with figures."""
    by_id = {job.id: job for job in jobs.jobs() if job.ready}
    if not by_id:
        return None
    chosen = st.selectbox(
        say("Run"), list(by_id), format_func=lambda key: job_title(by_id[key], say), key="board-run-job"
    )
    return by_id[str(chosen)]


def _first_moment(folder: Path) -> datetime | None:
    from insight.run_folder import RunFolder, RunFolderError

    try:
        first = RunFolder(folder).start
    except (RunFolderError, KeyError):
        return None
    return datetime.combine(first, time(), UTC)


def _cities(job: Job, name: str) -> list[str]:
    document: Any = next((d for d in job.spec.scenarios if d["name"] == name), {})
    return sorted(document.get("cities", ()))


def _zone(document: str, chosen: tuple[str, ...] = ()) -> str:
    """Return the zone of the first of some cities, or of all, of a scenario: a library name or a document."""
    zones = _zones(document)
    return next((zones[city] for city in chosen if city in zones), next(iter(zones.values()), "UTC"))


@lru_cache(maxsize=32)
def _zones(document: str) -> dict[str, str]:
    try:
        found = load(document) if document in library() else from_document(json.loads(document))
    except (ScenarioError, ValueError):
        return {}
    return {name: city.time_zone for name, city in sorted(found.scenario.cities.items())}


def _instant(say: Language, key: str, value: datetime, own: str) -> datetime:
    """Draw the choice of a moment with its zone, at first that of a site, and return it."""
    zones = [*sorted(zone for zone in available_timezones() if zone.startswith("Asia/")), "UTC"]
    date_at, time_at, zone_at = st.columns([2, 2, 3])
    zone = zone_at.selectbox(
        say("Time zone"), zones, index=zones.index(own if own in zones else "UTC"), key=f"{key}-zone-{own}"
    )
    there = value.astimezone(ZoneInfo(zone)).replace(second=0, microsecond=0)
    proposed = {f"{key}-date": there.date(), f"{key}-time": there.time()}
    filled = f"{key}-filled"
    held = {name: st.session_state.get(name) for name in proposed}
    # What nobody has typed over is the same moment on the clock of another zone.
    if None in held.values() or held == st.session_state.get(filled):
        st.session_state.update(proposed)
        st.session_state[filled] = proposed
    date = date_at.date_input(say("Now: date"), key=f"{key}-date")
    clock = time_at.time_input(say("Now: time"), key=f"{key}-time")
    return datetime.combine(date, clock, ZoneInfo(zone)).astimezone(UTC)

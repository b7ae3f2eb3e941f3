"""The page with all runs: what they are doing, and to open, end, resume, take away or remove them.

The list is read from disk every few seconds, so that it shows what other tabs and other people started. What
a run found is shown by the Scenario Lab, which each one links to.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial

import streamlit as st

from ui.access import Access, NotPermittedError
from ui.exports import XLSX_TYPE, as_csv, file_name, run_folders, scenario_yaml, workbook
from ui.job_states import UNDER_WAY, job_title, replications_done, state_name, title_in_words
from ui.jobs import Job, JobStore
from ui.language import Language
from ui.sheets import sheets
from ui.shell import link_to_job

#: Seconds between two looks at the disk, while a run is under way and otherwise.
_OFTEN, _SELDOM = 1.0, 10.0
_FEW = 20
_COLOURS = {"queued": "gray", "running": "blue", "finished": "green", "cancelled": "orange", "failed": "red"}


def page(say: Language, store: JobStore, access: Access) -> None:
    """Show the runs.

    Parameters
    ----------
    say
        Language of the page.
    store
        The jobs, as far as the person may use them.
    access
        What the person may do.
    """
    st.title(say("Runs"))
    reason = access.why_not(say)
    if reason:
        st.info(reason)
    busy = any(job.state in UNDER_WAY for job in store.jobs())
    st.fragment(run_every=_OFTEN if busy else _SELDOM)(_list)(say, store, access, busy)


def _list(say: Language, store: JobStore, access: Access, was_busy: bool) -> None:
    """Draw the list; a change of pace needs the whole page."""
    jobs = store.jobs()
    if any(job.state in UNDER_WAY for job in jobs) != was_busy:
        st.rerun()
    if not jobs:
        st.markdown(say("There are no runs yet. Start one in the Scenario Lab."))
        return
    shown = jobs if st.session_state.get("all_runs") else jobs[:_FEW]
    with st.container(key="runs_list"):
        for job in shown:
            with st.container(border=True, key=f"job_{job.id}"):
                _row(job, say, store, access)
    if len(jobs) > _FEW:
        st.toggle(say("Show all {n} runs", n=len(jobs)), key="all_runs")


def _row(job: Job, say: Language, store: JobStore, access: Access) -> None:
    """Draw one run: what it is, how far it is, what can be done with it."""
    what, how_far = st.columns([3, 2], vertical_alignment="center")
    with what:
        st.markdown(f"**{_plain(job_title(job, say))}**")
        st.caption(" · ".join((_when(job, say), _scenarios(job, say))))
    with how_far:
        badge = f":{_COLOURS.get(job.state, 'gray')}-badge[{state_name(job.state, say)}]"
        st.markdown(f"{badge} {_progress_words(job, say)}")
        if job.state in UNDER_WAY:
            st.progress(min(1.0, job.done / job.planned) if job.planned else 0.0)
        if job.message:
            st.caption(_plain(say.message(job.message)))
    with st.container(horizontal=True, vertical_alignment="center"):
        link_to_job(job.id, say("Open"))
        _actions(job, say, store, access)


def _plain(text: str) -> str:
    """Return text that people gave, with nothing in it that Markdown would read."""
    return "".join(f"\\{c}" if c in "\\`*_{}[]()<>#+-.!|~$:&" else " " if c in "\r\n" else c for c in text)


def _when(job: Job, say: Language) -> str:
    instant = datetime.fromisoformat(job.started or job.created)
    return say.instant(instant, st.context.timezone or "UTC")


def _scenarios(job: Job, say: Language) -> str:
    titles = [_plain(title_in_words(str(d.get("title") or d["name"]), say)) for d in job.spec.scenarios]
    return " / ".join(titles)


def _progress_words(job: Job, say: Language) -> str:
    words = replications_done(job, say)
    if job.state == "running" and job.seconds_left is not None:
        words = f"{words} · " + say("{time} left", time=say.duration(job.seconds_left))
    return words


def _actions(job: Job, say: Language, store: JobStore, access: Access) -> None:
    """Draw what can be done with a run in its state."""
    reason, barred = access.why_not(say), not access.may_edit
    if job.state in UNDER_WAY:
        st.button(
            say("Cancel"),
            key=f"cancel_{job.id}",
            disabled=barred,
            help=reason,
            on_click=_attempt,
            args=(say, store.cancel, job.id),
        )
    elif job.state in ("cancelled", "failed"):
        st.button(
            say("Resume"),
            key=f"resume_{job.id}",
            disabled=barred,
            help=reason,
            on_click=_attempt,
            args=(say, store.resume, job.id),
        )
    if job.ready:
        with st.popover(say("Export"), key=f"export_{job.id}"):
            export_buttons(job, say)
    if job.state not in UNDER_WAY:
        with st.popover(say("Remove"), key=f"ask_{job.id}", disabled=barred, help=reason):
            st.markdown(say("The run and its figures are deleted for good."))
            st.button(
                say("Remove this run"),
                key=f"remove_{job.id}",
                type="primary",
                disabled=barred,
                on_click=_attempt,
                args=(say, store.remove, job.id),
            )


def _attempt(say: Language, act: Callable[[str], object], identity: str) -> None:
    """Do something with a run, and say so if it is not there any more or may not be done."""
    try:
        act(identity)
    except KeyError:
        st.toast(say("This run is not there any more."))
    except NotPermittedError:
        st.toast(say("Your account may look at results but not start or change runs."))


def export_buttons(job: Job, say: Language) -> None:
    """Draw a button for each file to take away; each is made when it is asked for.

    Parameters
    ----------
    job
        A job with figures.
    say
        Language of buttons and files.
    """
    st.download_button(
        say("Workbook (XLSX)"),
        lambda: workbook(job, say),
        file_name(job, ".xlsx"),
        XLSX_TYPE,
        key=f"xlsx_{job.id}",
        on_click="ignore",
    )
    st.download_button(
        say("Summary (CSV)"),
        lambda: as_csv(sheets(job, say)[1]),
        file_name(job, ".csv"),
        "text/csv",
        key=f"csv_{job.id}",
        on_click="ignore",
    )
    for number, document in enumerate(job.spec.scenarios):
        name = str(document["name"])
        st.download_button(
            say("Scenario {name} (YAML)", name=name),
            partial(scenario_yaml, job, name),
            f"{name}.yaml",
            "application/yaml",
            key=f"yaml_{job.id}_{number}",
            on_click="ignore",
        )
    st.download_button(
        say("Run folder (ZIP)"),
        lambda: run_folders(job),
        file_name(job, ".zip"),
        "application/zip",
        key=f"zip_{job.id}",
        on_click="ignore",
    )

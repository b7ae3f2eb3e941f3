"""Running a study: the button, the progress of a job with time left and cancel, and more replications.

Jobs are processes outside the page; here they are only asked for and looked at.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import streamlit as st

from insight.definitions import DEFINITIONS
from insight.digits import scale
from ui.job_states import replications_done
from ui.jobs import Job, JobError, JobSpec
from ui.lab.desk import Desk
from ui.lab.numbers import BROKEN, Range, number_field
from ui.lab.study import study_to_text
from ui.results import show_cards

#: Seconds between two looks at a run; looking more often takes the time from the run itself.
_SECONDS = 0.25
_MOST = 200
_SEEN = "lab-seen"


def run_panel(desk: Desk) -> None:
    """Draw the button that runs the study, and what keeps it from being run."""
    say = desk.say
    precision, most = _precision(desk)
    broken = [n for n, found in enumerate(desk.problems()) if found]
    if broken:
        titles = say(", ").join(desk.study.variants[n].title for n in broken)
        st.error(say("Nothing can be run until the problems in {titles} are mended.", titles=titles))
    if desk.refused:
        st.error(say("Nothing can be run while a field holds a number that is not allowed."))
    reason = desk.access.why_not(say)
    count = len(desk.study.variants) + 1
    label = say.many("Run {n} replication", "Run {n} replications", desk.study.replications)
    clicked = st.button(
        label,
        type="primary",
        disabled=bool(broken or desk.refused) or not desk.access.may_edit,
        help=reason or say.many("of {n} scenario", "of each of {n} scenarios", count),
        width="stretch",
        key="lab-run",
    )
    if reason:
        st.caption(reason)
    if clicked and not desk.refused:
        _submit(desk, precision, most)
    job = desk.job()
    if job is not None:
        progress_panel(desk, job)


def _precision(desk: Desk) -> tuple[dict[str, float], int | None]:
    """Draw what is asked of the width of intervals, and return it."""
    say = desk.say
    if not st.toggle(say("More until an interval is narrow"), key="lab-precise"):
        return {}, None
    with st.container(horizontal=True, vertical_alignment="bottom"):
        kpi, width = _half_width(desk, "run")
        most = number_field(
            say,
            say("At most"),
            Range(desk.study.replications, 10_000),
            value=max(_MOST, desk.study.replications),
            step=10,
            key=f"lab-most-{desk.study.replications}",
            width=120,
        )
    if BROKEN in (most, width):
        desk.refused.append("precision")
        return {}, None
    return {kpi: width}, int(most)


def _half_width(desk: Desk, name: str) -> tuple[str, Any]:
    """Draw a KPI and a half-width for it, which is `BROKEN` where it may not be."""
    say = desk.say
    kpis = list(DEFINITIONS)
    kpi = st.selectbox(
        say("KPI"),
        kpis,
        index=kpis.index("attend_attainment"),
        format_func=lambda k: say.term("kpi", k),
        key=f"lab-kpi-{name}",
        width=240,
    )
    unit = DEFINITIONS[str(kpi)].unit
    words = say.unit(unit, str(desk.value("currency.code") or ""))
    factor = scale(unit)
    entered = number_field(
        say,
        say("Half-width ({unit})", unit=words) if words else say("Half-width"),
        Range(0.0, open_low=True),
        value=1.0 if factor != 1.0 else 0.5,
        step=0.1,
        format="%.10g",
        key=f"lab-width-{name}-{kpi}",
        width=150,
    )
    return str(kpi), BROKEN if entered is BROKEN else float(entered) / factor


def _submit(desk: Desk, precision: dict[str, float], most: int | None) -> None:
    """Ask for a job and show it."""
    study = desk.study
    spec = JobSpec(
        title=title_of_run(desk),
        scenarios=study.documents(desk.baseline.document),
        replications=study.replications,
        seed=study.seed,
        days=study.days,
        precision=precision,
        most_replications=most,
        origin={"page": "lab", "study": study_to_text(study)},
    )
    try:
        job = desk.store.submit(spec)
    except (JobError, PermissionError) as error:
        st.error(desk.say.message(str(error)))
        return
    # What is drawn above says nothing of jobs, so that the page goes on instead of being drawn anew.
    desk.show_job(job.id)


def title_of_run(desk: Desk) -> str:
    """Return what a run is called in lists: its baseline and its what-ifs."""
    titles: Sequence[str] = [variant.title for variant in desk.study.variants]
    return f"{desk.baseline.name}: {desk.say(', ').join(titles)}"


def progress_panel(desk: Desk, job: Job) -> None:
    """Draw how far a job is; while it is under way the panel looks again and again."""
    under_way = job.state in ("queued", "running")
    st.session_state[_SEEN] = (job.id, job.completed, job.state)
    st.fragment(_progress, run_every=_SECONDS if under_way else None)(desk, job.id)


def _progress(desk: Desk, identity: str) -> None:
    try:
        job = desk.store.job(identity)
    except KeyError:
        say = desk.say
        st.caption(say("This run was removed."))
        return
    seen = st.session_state.get(_SEEN)
    is_news = seen and seen[0] == job.id and seen != (job.id, job.completed, job.state)
    # First cards come first; the whole page, which takes longer, follows them.
    if is_news and not (desk.awaits_cards and job.ready):
        st.rerun(scope="app")
    _state(desk, job)


def awaited_cards(desk: Desk, job: Job) -> None:
    """Draw the first cards of a job as soon as there are any; until then the panel looks again and again."""
    desk.awaits_cards = True
    st.fragment(_first_cards, run_every=_SECONDS)(desk, job.id)


def _first_cards(desk: Desk, identity: str) -> None:
    say = desk.say
    try:
        job = desk.store.job(identity)
    except KeyError:
        return
    if job.ready:
        desk.awaits_cards = False
        show_cards(say, job)
    else:
        st.caption(say("First figures come as soon as each scenario has two replications."))


def _state(desk: Desk, job: Job) -> None:
    """Draw the state of a job, and what can be done about it."""
    say = desk.say
    if job.state in ("queued", "running"):
        st.progress(min(1.0, job.done / job.planned) if job.planned else 0.0, text=progress_text(desk, job))
        # By a callback, which runs before the panel may draw the whole page anew and forget the click.
        st.button(
            say("Cancel"),
            disabled=not desk.access.may_edit,
            help=desk.access.why_not(say),
            on_click=_cancel,
            args=(desk, job.id),
            key="lab-cancel",
        )
        return
    if job.state == "failed":
        st.error(say("The run failed: {reason}", reason=say.message(job.message)))
    elif job.state == "cancelled":
        st.warning(
            say("Cancelled after {done} of {planned} replications.", done=job.done, planned=job.planned)
        )
    else:
        each = say.many(
            "{n} replication of each scenario.", "{n} replications of each scenario.", job.completed
        )
        st.caption(say("Finished: {what}", what=each))
    if job.state != "finished":
        if st.button(
            say("Go on"), disabled=not desk.access.may_edit, help=desk.access.why_not(say), key="lab-resume"
        ):
            desk.store.resume(job.id)
            st.rerun(scope="app")
    elif desk.access.may_edit:
        with st.popover(say("More replications")):
            _more(desk, job)


def _cancel(desk: Desk, identity: str) -> None:
    """End a job, unless it was removed meanwhile."""
    with suppress(KeyError):
        desk.store.cancel(identity)


def progress_text(desk: Desk, job: Job) -> str:
    """Return how far a job is, and how long it will take still."""
    say = desk.say
    if job.state == "queued":
        return say("Waiting for its turn")
    text = replications_done(job, say)
    if job.seconds_left is None or job.done >= job.planned:
        return text
    return say("{progress}, about {time} left", progress=text, time=say.duration(job.seconds_left))


def _more(desk: Desk, job: Job) -> None:
    """Draw what asks more of a finished job."""
    say = desk.say
    with st.container(horizontal=True, vertical_alignment="bottom"):
        label = say("How many more")
        more = number_field(say, label, Range(1, 10_000), value=10, step=10, key="lab-more", width=120)
        if st.button(say("Add replications"), disabled=more is BROKEN, key="lab-extend"):
            _extend(desk, job, job.completed + int(more), None)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        kpi, width = _half_width(desk, "more")
        if st.button(
            say("Until the half-width is reached"), disabled=width is BROKEN, key="lab-extend-width"
        ):
            _extend(desk, job, None, {kpi: width})


def _extend(desk: Desk, job: Job, replications: int | None, precision: dict[str, float] | None) -> None:
    try:
        desk.store.extend(job.id, replications, precision)
    except (JobError, PermissionError) as error:
        st.error(desk.say.message(str(error)))
        return
    st.rerun(scope="app")

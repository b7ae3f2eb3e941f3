"""The Scenario Lab: compose what-ifs of a baseline, run them, see what comes out.

The page only puts the parts together; forms are in `ui.lab`, figures in `ui.results`.
"""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from ui.access import Access
from ui.job_states import job_title
from ui.jobs import Job, JobStore
from ui.lab.desk import SAMPLE, Desk
from ui.lab.forms.disruptions import disruptions_form
from ui.lab.forms.keys import any_key_form, dated_form
from ui.lab.forms.parts import parts_form
from ui.lab.forms.people import people_form
from ui.lab.forms.rules import dispatch_form, sla_form
from ui.lab.header import study_row, variant_row
from ui.lab.keeping import keeping_row
from ui.lab.panel import differences_panel
from ui.lab.running import awaited_cards, run_panel
from ui.language import Language, msgid
from ui.results import show

#: The forms by name, in their order.
_FORMS: dict[str, Callable[[Desk], None]] = {
    msgid("People"): people_form,
    msgid("Disruptions"): disruptions_form,
    msgid("SLA rules"): sla_form,
    msgid("Dispatch"): dispatch_form,
    msgid("Parts"): parts_form,
    msgid("Dated changes"): dated_form,
    msgid("Any setting"): any_key_form,
}

#: The choice of a form as a grid of equal fields, long titles of what-ifs on lines of their own.
_STYLE = """<style>
.st-key-lab-form [role="radiogroup"] {
    display: grid; grid-template-columns: repeat(4, minmax(0, 1fr)); gap: 4px; width: 100%;
}
.st-key-lab-form [role="radiogroup"] button {
    border-radius: 0.5rem; margin: 0; border-width: 1px; width: 100%; padding: 0.25rem 0.375rem;
}
.st-key-lab-variant-row [role="radiogroup"] { flex-wrap: wrap; gap: 4px; max-width: 100%; }
.st-key-lab-variant-row [role="radiogroup"] button {
    border-radius: 0.5rem; margin: 0; border-width: 1px; height: auto; max-width: 100%; white-space: normal;
}
.st-key-lab-variant-row [role="radiogroup"] button p { white-space: normal; overflow: visible; }
.st-key-lab-undo { overflow: visible; flex-shrink: 0; }
.st-key-lab-to-results { display: none; }
@media (max-width: 640px) {
    .st-key-lab-form [role="radiogroup"] { grid-template-columns: repeat(2, minmax(0, 1fr)); }
    .st-key-lab-to-results { display: block; }
}
</style>"""


def page(say: Language, store: JobStore, access: Access) -> None:
    """Draw the page.

    Parameters
    ----------
    say
        The language.
    store
        The jobs.
    access
        What the person may do.
    """
    desk = Desk(say, store, access)
    st.html(_STYLE)
    st.markdown(f"### {say('Scenario Lab')}")
    message = desk.notice()
    if message:
        st.warning(message)
    news = desk.tell()
    if news:
        st.success(news)
    study_row(desk)
    variant_row(desk)
    left, right = st.columns([3, 2], gap="large")
    with left:
        _forms(desk)
    with right:
        doubts = differences_panel(desk)
        run_panel(desk)
        job = desk.job()
        if job is not None and job.ready:
            with st.container(key="lab-to-results"):
                st.markdown(f"[{say('To the results')}](#results)")
        keeping_row(desk)
    if job is not None:
        _results(desk, job)
    doubts()


def _forms(desk: Desk) -> None:
    """Draw the choice of a form, and the form."""
    say = desk.say
    chosen = st.segmented_control(
        say("What to change"),
        list(_FORMS),
        default=next(iter(_FORMS)),
        required=True,
        format_func=say.described,
        key="lab-form",
        label_visibility="collapsed",
        wrap=True,
        width="stretch",
        persist_state="session",
    )
    _FORMS[str(chosen)](desk)


def _results(desk: Desk, job: Job) -> None:
    """Draw what came out of a job, as far as it is."""
    say = desk.say
    st.html('<div id="results"></div>')
    st.divider()
    if desk.job_id == SAMPLE and desk.is_changed():
        with st.container(horizontal=True, vertical_alignment="center", key="lab-sample"):
            st.info(say("These are the results of the sample run {title}.", title=job_title(job, say)))
            if st.button(say("Show its what-ifs"), key="lab-sample-study"):
                desk.show_sample_study()
                st.rerun()
    elif desk.is_changed():
        st.info(
            say(
                "These are the results of {title}; the what-ifs above have been changed since.",
                title=job_title(job, say),
            )
        )
    if not job.ready:
        if job.state in ("queued", "running"):
            awaited_cards(desk, job)
        return
    show(say, job)

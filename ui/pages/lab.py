"""The Scenario Lab: compose what-ifs of a baseline, run them, see what comes out.

The page only puts the parts together; forms are in `ui.lab`, figures in `ui.results`.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable

import streamlit as st

from ui.access import Access
from ui.jobs import Job, JobStore
from ui.lab.desk import Desk
from ui.lab.forms.disruptions import disruptions_form
from ui.lab.forms.keys import any_key_form, dated_form
from ui.lab.forms.parts import parts_form
from ui.lab.forms.people import people_form
from ui.lab.forms.rules import dispatch_form, sla_form
from ui.lab.header import study_row, variant_row
from ui.lab.keeping import keeping_row
from ui.lab.panel import differences_panel
from ui.lab.running import run_panel
from ui.language import Language, msgid

#: The forms by name, in their order.
_FORMS: dict[str, Callable[[Desk], None]] = {
    msgid("People"): people_form,
    msgid("Disruptions"): disruptions_form,
    msgid("SLA rules"): sla_form,
    msgid("Dispatch"): dispatch_form,
    msgid("Parts"): parts_form,
    msgid("Dated changes"): dated_form,
    msgid("Any key"): any_key_form,
}


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
    st.markdown(f"### {say('Scenario Lab')}")
    message = desk.notice()
    if message:
        st.warning(message)
    study_row(desk)
    variant_row(desk)
    left, right = st.columns([3, 2], gap="large")
    with left:
        _forms(desk)
    with right:
        doubts = differences_panel(desk)
        run_panel(desk)
        keeping_row(desk)
    job = desk.job()
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
    )
    _FORMS[str(chosen)](desk)


def _results(desk: Desk, job: Job) -> None:
    """Draw what came out of a job, as far as it is."""
    say = desk.say
    st.divider()
    if desk.is_changed():
        st.info(
            say(
                "These are the results of {title}; the what-ifs above have been changed since.",
                title=job.spec.title,
            )
        )
    if not job.ready:
        if job.state in ("queued", "running"):
            st.caption(say("First figures come as soon as each scenario has two replications."))
        return
    show = _shower()
    if show is not None:
        show(say, job)


def _shower() -> Callable[[Language, Job], None] | None:
    """Return what draws results."""
    found: Callable[[Language, Job], None] | None = getattr(
        importlib.import_module("ui.results"), "show", None
    )
    return found

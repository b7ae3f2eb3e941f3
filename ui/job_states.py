"""What the states of a job are called on pages and in files."""

from __future__ import annotations

import re

from ui.jobs import Job
from ui.language import Language

#: Titles that what-ifs get by themselves, in any language.
_UNTITLED = re.compile(r"(?:What-if|假设方案) (\d+)")
#: States in which a job may still change by itself.
UNDER_WAY = ("queued", "running")


def state_name(state: str, say: Language) -> str:
    """Return what a state is called.

    Parameters
    ----------
    state
        State of a job.
    say
        Language.
    """
    words = {
        "queued": say("Queued"),
        "running": say("Running"),
        "finished": say("Finished"),
        "cancelled": say("Cancelled"),
        "failed": say("Failed"),
    }
    return words.get(state, state)


def replications_done(job: Job, say: Language) -> str:
    """Return how many replications of a job are done, and of how many.

    Parameters
    ----------
    job
        The job. With a precision, how many it takes is not known before its end.
    say
        Language.
    """
    done, planned = say.number(job.done), say.number(job.planned)
    if job.spec.precision and job.state in UNDER_WAY:
        return say("{done} replications, of at least {planned}", done=done, planned=planned)
    return say("{done} of {planned} replications", done=done, planned=planned)


def title_in_words(title: str, say: Language) -> str:
    """Return the title of a scenario; one that came with the application is in the language of the page.

    Parameters
    ----------
    title
        The title, in whatever language it was made.
    say
        Language.
    """
    if found := _UNTITLED.fullmatch(title):
        return say("What-if {number}", number=found[1])
    return say.described(title)


def job_title(job: Job, say: Language) -> str:
    """Return what a job is called, with its what-ifs by their titles in the language of the page."""
    title = job.spec.title
    for document in job.spec.scenarios[1:]:
        own = str(document.get("title") or "")
        if own:
            title = title.replace(own, title_in_words(own, say))
    return say.described(title)

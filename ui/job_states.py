"""What the states of a job are called on pages and in files."""

from __future__ import annotations

from ui.language import Language

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

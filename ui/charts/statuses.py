"""How visits stand with their due time: colours that are read on white, with a sign beside each.

A status is never told by colour alone; the sign stands in charts, and its words in every table and hint.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ui.charts import palette

if TYPE_CHECKING:
    from ui.language import Language

#: In the order of legends. Late: past due as planned; unstarted: by the plan somebody should have left, and
#: nobody says that he has; risk: may well become late; none: nothing is due.
STATUSES = ("late", "unstarted", "risk", "in_time", "none")
COLOURS = {
    "late": palette.WORSE,
    "unstarted": "#7a3e9d",
    "risk": "#8a6100",
    "in_time": palette.BETTER,
    "none": palette.UNDECIDED,
}
#: Latin-1, so that every font has them.
SIGNS = {"late": "×", "unstarted": "?", "risk": "!", "in_time": "·", "none": "–"}


def status_names(say: Language) -> dict[str, str]:
    """Return what each status is called, behind its sign."""
    names = {
        "late": say("late"),
        "unstarted": say("should have begun"),
        "risk": say("in jeopardy"),
        "in_time": say("in time"),
        "none": say("nothing due"),
    }
    return {status: f"{SIGNS[status]} {names[status]}" for status in STATUSES}

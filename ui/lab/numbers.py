"""Fields for numbers that refuse what is out of range in words.

A browser that checks the range itself keeps an earlier number in place of a refused one, so none is told the
range here: what was entered arrives as it is, and whoever asked gets `BROKEN` where it may not be.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from ui.language import Language

#: Returned where what stands in an editor is no value.
BROKEN: Any = object()


@dataclass(frozen=True)
class Range:
    """What a number may be.

    Parameters
    ----------
    low, high
        Its ends, None where it is open.
    open_low, open_high
        Whether the ends are not allowed themselves.
    """

    low: float | None = None
    high: float | None = None
    open_low: bool = False
    open_high: bool = False

    def allows(self, value: float) -> bool:
        """Return whether a number is in the range."""
        above = self.low is None or (value > self.low if self.open_low else value >= self.low)
        below = self.high is None or (value < self.high if self.open_high else value <= self.high)
        return above and below

    def words(self, say: Language) -> str:
        """Return the range in words."""
        parts = []
        if self.low is not None:
            low = _plain(self.low, say)
            parts.append(say("more than {low}", low=low) if self.open_low else say("at least {low}", low=low))
        if self.high is not None:
            high = _plain(self.high, say)
            parts.append(
                say("less than {high}", high=high) if self.open_high else say("at most {high}", high=high)
            )
        return say(", ").join(parts)


def _plain(value: float, say: Language) -> str:
    text = f"{value:.10g}"
    return text if "e" in text else say.number(value, len(text.partition(".")[2]))


def number_field(
    say: Language,
    label: str,
    allowed: Range,
    below: DeltaGenerator | None = None,
    **settings: Any,
) -> Any:
    """Draw a field for a number and return what stands in it, `BROKEN` with a message where it may not be.

    Parameters
    ----------
    say
        The language.
    label
        The label.
    allowed
        The range.
    below
        Where the message goes; behind the field where it is None.
    **settings
        As `st.number_input` takes them, without a range.
    """
    value = st.number_input(label, **settings)
    if value is None or allowed.allows(value):
        return value
    text = say(
        "{label}: {value} is not allowed, but {range}.",
        label=label,
        value=_plain(value, say),
        range=allowed.words(say),
    )
    (below or st).error(text)
    return BROKEN

"""Reasons in a dispatcher's words: starts in hours of a problem become times of the order's own clock."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from scenarios.phrases import Phrase

#: How templates write instants of a problem, by the name of their value.
_INSTANTS = ("start", "begins", "ends")


def in_local_time(text: str, clock: Callable[[float], str]) -> str:
    """Return a reason with its instants as times of a clock.

    Parameters
    ----------
    text
        A phrase, perhaps of phrases.
    clock
        What a clock shows at an hour of the problem.
    """
    if not isinstance(text, Phrase):
        return str(text)
    template, values = text.template, {name: _within(value, clock) for name, value in text.values.items()}
    for name in _INSTANTS:
        written = f"{{{name}:.2f}} h"
        if written in template:
            template = template.replace(written, f"{{{name}}}")
            values[name] = clock(float(text.values[name]))
    return template.format_map(values)


def _within(value: Any, clock: Callable[[float], str]) -> Any:
    return in_local_time(value, clock) if isinstance(value, Phrase) else value

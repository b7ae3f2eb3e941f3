"""Messages that can be translated: an English text that remembers how it was put together.

A phrase is a text like any other to whoever prints, compares or stores it. A page in another language takes
its template and its values apart; which languages there are, and how they write figures, is for others.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any


class Phrase(str):
    """An English text with the template and the values that it is made of.

    Parameters
    ----------
    template
        The text with {named} placeholders, which may carry format specifications, as {hours:g}; a brace
        that stands for itself is doubled.
    values
        What the placeholders stand for: values, names, or phrases again.

    Attributes
    ----------
    template : str
        As above; what is looked up in a catalogue.
    values : Mapping
        As above; it cannot be written to.
    """

    template: str
    values: Mapping[str, Any]

    def __new__(cls, template: str, values: Mapping[str, Any]) -> Phrase:
        """Return the phrase, its text formatted."""
        made = super().__new__(cls, template.format_map(values))
        made.template = str(template)
        made.values = MappingProxyType(dict(values))
        return made

    def __reduce__(self) -> tuple[type[Phrase], tuple[str, dict[str, Any]]]:
        """Return how a copy is made, in this process or another."""
        return Phrase, (self.template, dict(self.values))


def phrase(template: str, /, **values: Any) -> Phrase:
    """Return a text that can be translated.

    Parameters
    ----------
    template
        The English text as a literal, so that catalogues can be made from the source: never an f-string or a
        variable. What varies stands as {named} placeholders.
    values
        What the placeholders stand for. A part of a sentence is a phrase of its own; names, keys, figures
        and dates are not.

    Raises
    ------
    KeyError
        If a placeholder has no value.
    """
    return Phrase(template, values)


def message_of(error: BaseException) -> str:
    """Return what an exception says: the phrase that it was raised with, or its plain text."""
    first = error.args[0] if error.args else None
    return first if isinstance(first, Phrase) else str(error)

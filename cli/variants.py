"""Variants of a scenario on the command line: NAME=BASE:KEY=VALUE,KEY=VALUE."""

from __future__ import annotations

import re
from dataclasses import dataclass

from cli.failures import BadInputError

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
_NEXT_KEY = re.compile(r"\s*[A-Za-z0-9_][A-Za-z0-9_.-]*\s*=")
_OPENING, _CLOSING, _BEFORE_QUOTE = "[{", "]}", "=,:[{ "


@dataclass(frozen=True)
class Variant:
    """A scenario made from another.

    Parameters
    ----------
    name
        Its name.
    base
        Library name or YAML file of the scenario that it is made from.
    overrides
        KEY=VALUE, as --set takes them.
    """

    name: str
    base: str
    overrides: tuple[str, ...]


def parse_variant(text: str) -> Variant:
    """Return the variant that a --variant option describes.

    Parameters
    ----------
    text
        NAME=BASE:KEY=VALUE,... ; a comma parts two values only where KEY= follows it, outside of brackets
        and quotes.

    Raises
    ------
    BadInputError
        If it is not of this form.
    """
    name, equals, rest = text.partition("=")
    base, colon, values = rest.partition(":")
    overrides = tuple(_parted(values)) if values else ()
    if not (equals and base and colon and overrides and all(_NEXT_KEY.match(o) for o in overrides)):
        raise BadInputError("--variant", repr(text), "NAME=BASE:KEY=VALUE,...")
    if not _NAME.fullmatch(name):
        allowed = "a name of up to 64 letters, digits, _ and -, as more=one-city:seed=2"
        raise BadInputError("--variant", repr(name), allowed)
    return Variant(name, base, overrides)


def _parted(text: str) -> list[str]:
    """Part a text at each comma that ends a value."""
    parts, start, depth, quote = [], 0, 0, ""
    for position, letter in enumerate(text):
        if quote:
            escaped = quote == '"' and text[position - 1] == "\\"
            quote = "" if letter == quote and not escaped else quote
        elif letter in "'\"" and position and text[position - 1] in _BEFORE_QUOTE:
            quote = letter
        elif letter in _OPENING:
            depth += 1
        elif letter in _CLOSING:
            depth = max(depth - 1, 0)
        elif letter == "," and depth == 0 and _NEXT_KEY.match(text, position + 1):
            parts.append(text[start:position])
            start = position + 1
    return [*parts, text[start:]]

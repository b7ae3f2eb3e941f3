"""From pydantic's errors to problems in the words of a scenario: dotted key, what was found, what is allowed.

Every phrase that a reader of a message meets for a value of the wrong kind or range is here; what sections
mean together is phrased in `checks`.
"""

from __future__ import annotations

import difflib
import types
import typing
from collections.abc import Callable, Mapping
from typing import Any

from pydantic import ValidationError

from scenarios.disruptions import LocalTime
from scenarios.fields import Name, Section
from scenarios.phrases import Phrase, phrase
from scenarios.places import TimeWindow
from scenarios.problems import Problem, shown
from scenarios.schema import Scenario

#: What is allowed, by type of pydantic error.
_ALLOWED = {
    "bool_parsing": phrase("true or false"),
    "bool_type": phrase("true or false"),
    "by_level": phrase("a number, or a mapping of levels"),
    "day": phrase("a date, as 2026-07-01"),
    "day_that_exists": phrase("a date that exists"),
    "dict_type": phrase("a mapping of keys"),
    "finite_number": phrase("a finite number"),
    "float_type": phrase("a number"),
    "int_from_float": phrase("a whole number"),
    "int_parsing_size": phrase("a whole number"),
    "int_type": phrase("a whole number"),
    "model_type": phrase("a mapping of keys"),
    "skills": phrase("a list of skill domains, or a level for each domain"),
    "string_type": phrase("a text"),
    "string_unicode": phrase("a text"),
    "tuple_type": phrase("a list"),
}
#: The same where it depends on the error's context.
_LIMITS: dict[str, Callable[[Mapping[str, Any]], Phrase]] = {
    "greater_than": lambda c: phrase("more than {limit}", limit=_figure(c["gt"])),
    "greater_than_equal": lambda c: phrase("{limit} or more", limit=_figure(c["ge"])),
    "less_than": lambda c: phrase("less than {limit}", limit=_figure(c["lt"])),
    "less_than_equal": lambda c: phrase("{limit} or less", limit=_figure(c["le"])),
    "money": lambda c: phrase("a number, or an amount with a currency code ({codes})", codes=c["allowed"]),
    "string_too_long": lambda c: phrase("at most {count} characters", count=c["max_length"]),
    "string_too_short": lambda c: _at_least_characters(c["min_length"]),
    "too_long": lambda c: phrase("at most {count} items", count=c["max_length"]),
    "too_short": lambda c: _at_least_items(c["min_length"]),
}
#: What patterns ask for, as the descriptions of fields have it.
_PATTERNS = {
    str(words): words
    for words in (
        phrase("a name of up to 64 letters, digits, _ and -"),
        phrase("local time from-to, as 08:00-17:00; an end before the start is on the next day"),
        phrase("ISO 3166 code whose public holidays apply; none when absent"),
        phrase("ISO 4217 code"),
        phrase("a date, or date and time, as 2026-07-01T08:00"),
    )
}


def problems_of(error: ValidationError, prefix: str = "") -> list[Problem]:
    """Return the problems that keep a document from being a scenario.

    Parameters
    ----------
    error
        What `Scenario.model_validate` raised.
    prefix
        What their dotted keys begin with, for values that a dated change sets.
    """
    errors = error.errors(include_url=False)
    # A list with a wrong item is also "too short" to pydantic, which counts the right ones.
    inside = {e["loc"][:depth] for e in errors for depth in range(len(e["loc"]))}
    return [
        _problem(dict(e), prefix) for e in errors if not (e["type"] == "too_short" and e["loc"] in inside)
    ]


def _problem(error: Mapping[str, Any], prefix: str) -> Problem:
    location: tuple[str | int, ...] = error["loc"]
    if location[-1:] == ("[key]",) and error["type"] != "extra_forbidden":  # a key that is no name
        location = location[:-1]
    key = prefix + ".".join(str(part) for part in location)
    if error["type"] == "missing":
        return Problem(key, phrase("nothing"), phrase("a value: the key is required"))
    if error["type"] == "extra_forbidden":
        return Problem(key, phrase("an unknown key"), _known_keys(location))
    return Problem(key, shown(error["input"]), _allowed(error, location))


def _known_keys(location: tuple[str | int, ...]) -> str:
    """Return the keys of the section in which an unknown key stands, and the one that it may mean."""
    section = _kind_at(location[:-1])
    fields = section.model_fields if isinstance(section, type) and issubclass(section, Section) else {}
    names = [field.alias or name for name, field in fields.items()]
    close = difflib.get_close_matches(str(location[-1]), names, n=1)
    listed = ", ".join(sorted(names))
    return phrase("{keys} (did you mean {close}?)", keys=listed, close=close[0]) if close else listed


def _allowed(error: Mapping[str, Any], location: tuple[str | int, ...]) -> str:
    context = error.get("ctx", {})
    kind = error["type"]
    if kind in ("literal_error", "enum"):
        return _one_of(str(context["expected"]).replace("'", ""))
    if kind == "string_pattern_mismatch":
        return _described(context["pattern"], location)
    if context.get("class_name") == "Distribution":
        return phrase("a number of hours, or a mapping of keys")
    if kind in _LIMITS:
        return _LIMITS[kind](context)
    return _ALLOWED.get(kind) or str(error["msg"]).removeprefix("Input should be ")


def _one_of(expected: str) -> str:
    """Return the words of which one has to stand: "a, b or c"."""
    others, either, last = expected.rpartition(" or ")
    return phrase("{words} or {last}", words=others, last=last) if either else last


def _figure(value: Any) -> str:
    """Return a limit as a message shows it: 1,000,000 rather than 1000000.0."""
    return format(value, ",.10g") if isinstance(value, float) else str(value)


def _at_least_characters(count: int) -> Phrase:
    return (
        phrase("at least {count} character", count=1)
        if count == 1
        else phrase("at least {count} characters", count=count)
    )


def _at_least_items(count: int) -> Phrase:
    return (
        phrase("at least {count} item", count=1)
        if count == 1
        else phrase("at least {count} items", count=count)
    )


def _described(pattern: str, location: tuple[str | int, ...]) -> str:
    """Return in words what a pattern asks for."""
    for kind in (Name, TimeWindow, LocalTime):
        field = typing.get_args(kind)[-1]
        if any(getattr(rule, "pattern", None) == pattern for rule in field.metadata):
            return _worded(field.description)
    section = _kind_at(location[:-1])
    fields = section.model_fields if isinstance(section, type) and issubclass(section, Section) else {}
    field = fields.get(str(location[-1]))
    if field and field.description:
        return _worded(field.description)
    return phrase("a text like {pattern}", pattern=pattern)


def _worded(text: str) -> str:
    """Return a description without its capital, unless it begins with an abbreviation."""
    words = text if text[1:2].isupper() else text[:1].lower() + text[1:]
    return _PATTERNS.get(words, words)


def _kind_at(location: tuple[str | int, ...]) -> Any:
    """Return the type of what stands at a location in a scenario; None where the schema has nothing."""
    kind: Any = Scenario
    for part in location:
        if isinstance(kind, type) and issubclass(kind, Section):
            fields = {field.alias or name: field for name, field in kind.model_fields.items()}
            kind = fields[str(part)].annotation if str(part) in fields else None
        else:
            arguments = typing.get_args(kind)
            kind = arguments[1 if typing.get_origin(kind) is dict else 0] if arguments else None
        kind = _unwrapped(kind)
    return kind


def _unwrapped(kind: Any) -> Any:
    """Return what an Annotated or an optional type is about."""
    if typing.get_origin(kind) is typing.Annotated:
        return _unwrapped(typing.get_args(kind)[0])
    if typing.get_origin(kind) in (typing.Union, types.UnionType):
        return _unwrapped(next(a for a in typing.get_args(kind) if a is not type(None)))
    return kind

"""From pydantic's errors to problems in the words of a scenario: dotted key, what was found, what is allowed.

Every phrase that a reader of a message meets for a value of the wrong kind or range is here; what sections
mean together is phrased in `checks`.
"""

from __future__ import annotations

import difflib
import types
import typing
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from scenarios.fields import Name, Section
from scenarios.places import TimeWindow
from scenarios.problems import Problem, shown
from scenarios.schema import Scenario

#: What is allowed, by type of pydantic error; figures in braces come from the error's context.
_ALLOWED = {
    "bool_parsing": "true or false",
    "bool_type": "true or false",
    "dict_type": "a mapping of keys",
    "finite_number": "a finite number",
    "float_type": "a number",
    "greater_than": "more than {gt}",
    "greater_than_equal": "{ge} or more",
    "int_from_float": "a whole number",
    "int_parsing_size": "a whole number",
    "int_type": "a whole number",
    "less_than": "less than {lt}",
    "less_than_equal": "{le} or less",
    "model_type": "a mapping of keys",
    "string_too_long": "at most {max_length} characters",
    "string_too_short": "at least {min_length} characters",
    "string_type": "a text",
    "string_unicode": "a text",
    "too_long": "at most {max_length} items",
    "too_short": "at least {min_length} items",
    "tuple_type": "a list",
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
        return Problem(key, "nothing", "a value: the key is required")
    if error["type"] == "extra_forbidden":
        return Problem(key, "an unknown key", _known_keys(location))
    return Problem(key, shown(error["input"]), _allowed(error, location))


def _known_keys(location: tuple[str | int, ...]) -> str:
    """Return the keys of the section in which an unknown key stands, and the one that it may mean."""
    section = _kind_at(location[:-1])
    fields = section.model_fields if isinstance(section, type) and issubclass(section, Section) else {}
    names = [field.alias or name for name, field in fields.items()]
    close = difflib.get_close_matches(str(location[-1]), names, n=1)
    return ", ".join(sorted(names)) + (f" (did you mean {close[0]}?)" if close else "")


def _allowed(error: Mapping[str, Any], location: tuple[str | int, ...]) -> str:
    context = error.get("ctx", {})
    if error["type"] in ("literal_error", "enum"):
        return str(context["expected"]).replace("'", "")
    if error["type"] == "string_pattern_mismatch":
        return _described(context["pattern"], location)
    if context.get("class_name") == "Distribution":
        return "a number of hours, or a mapping of keys"
    if error["type"] in _ALLOWED:
        text = _ALLOWED[error["type"]].format_map({k: _figure(v) for k, v in context.items()})
        return text.replace(" 1 items", " 1 item").replace(" 1 characters", " 1 character")
    return str(error["msg"]).removeprefix("Input should be ").removeprefix("Value error, ")


def _figure(value: Any) -> str:
    """Return a limit as a message shows it: 1,000,000 rather than 1000000.0."""
    return format(value, ",.10g") if isinstance(value, float) else str(value)


def _described(pattern: str, location: tuple[str | int, ...]) -> str:
    """Return in words what a pattern asks for."""
    for kind in (Name, TimeWindow):
        (field,) = typing.get_args(kind)[1:]
        if any(getattr(rule, "pattern", None) == pattern for rule in field.metadata):
            return _lowered(field.description)
    section = _kind_at(location[:-1])
    fields = section.model_fields if isinstance(section, type) and issubclass(section, Section) else {}
    field = fields.get(str(location[-1]))
    return _lowered(field.description) if field and field.description else f"a text like {pattern}"


def _lowered(text: str) -> str:
    """Return a description without its capital, unless it begins with an abbreviation."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


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

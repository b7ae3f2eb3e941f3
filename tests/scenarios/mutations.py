"""Documents with exactly one thing wrong, known by construction: what every reader of scenarios must refuse.

Each mutation takes a document that loads, and the JSON Schema to tell what may stand where; it returns the
document and the dotted key that the refusal has to name. Nothing here looks at how scenarios are checked.
"""

from __future__ import annotations

import copy
import fnmatch
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from hypothesis import strategies as st
from references import REFERENCES, REFERRING_KEYS, SKILLS, TIMES
from rich_document import ISLANDS, MECHANISMS, rich

from scenarios import library
from scenarios.documents import read
from scenarios.loading import CHANGEABLE
from scenarios.paths import stack
from scenarios.schema import Scenario

SCHEMA = Scenario.model_json_schema(by_alias=True)
NOBODY = ("nobody", "no-such-thing", "x9")

DATES = (
    "2026-13-01",
    "2026-02-30",
    "tomorrow",
    "01.07.2026",
    "2026-7-1",
    "2026-07-01T08:00:00",
    "",
    20260701,
)
WINDOWS = ("8-17", "08:00", "24:00-08:00", "08:00-25:00", "08:60-09:00", "08:00 - 17:00", "08:00–17:00", "")
ZONES = ("Mars/Olympus", "Asia/Bangkok2", "GMT+25", "", "../UTC", " UTC", "Asia")


@dataclass(frozen=True)
class Spot:
    """A place in a document, and what the JSON Schema says of it.

    Parameters
    ----------
    parts
        The keys and positions that lead to it.
    value
        What stands there.
    options
        The schema nodes of which one has to hold.
    required
        Whether its section cannot do without it.
    """

    parts: tuple[str | int, ...]
    value: Any
    options: tuple[dict[str, Any], ...]
    required: bool = False

    @property
    def key(self) -> str:
        """Return the dotted key."""
        return ".".join(map(str, self.parts))

    def matches(self, patterns: tuple[str, ...]) -> bool:
        """Return whether its key is one of these, a star standing for one part."""
        return any(
            pattern.count(".") == self.key.count(".") and fnmatch.fnmatchcase(self.key, pattern)
            for pattern in patterns
        )

    def kinds(self) -> set[str]:
        """Return the JSON types that are allowed."""
        return {option.get("type", "any") for option in self.options}


@dataclass(frozen=True)
class Mutation:
    """One change to a document.

    Parameters
    ----------
    parts
        Where.
    action
        set (to one of `values`), remove, rename or add (to one of `values`, which are keys).
    values
        What to choose from.
    """

    parts: tuple[str | int, ...]
    action: str
    values: tuple[Any, ...] = (None,)


def options_of(node: dict[str, Any]) -> tuple[dict[str, Any], ...]:
    """Return the alternatives of a schema node, references followed."""
    if "$ref" in node:
        return options_of(SCHEMA["$defs"][node["$ref"].rsplit("/", 1)[1]])
    if "anyOf" in node:
        return tuple(option for inner in node["anyOf"] for option in options_of(inner))
    return (node,)


def spots(
    value: Any, node: dict[str, Any], parts: tuple[str | int, ...] = (), required: bool = False
) -> Iterator[Spot]:
    """Yield every place of a document that a JSON Schema node describes."""
    options = options_of(node)
    yield Spot(parts, value, options, required)
    wanted = "object" if isinstance(value, dict) else "array" if isinstance(value, list) else ""
    inside = next((option for option in options if option.get("type") == wanted), {})
    if isinstance(value, dict):
        known, entries = inside.get("properties", {}), _entries(inside)
        for key, item in value.items():
            if key in known or entries:
                yield from spots(
                    item, known.get(key, entries), (*parts, key), key in inside.get("required", [])
                )
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from spots(item, inside.get("items", {}), (*parts, number))


def _entries(node: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of the entries of a mapping by names, nothing for a section."""
    patterns: dict[str, Any] = node.get("patternProperties", {})
    rest = node.get("additionalProperties")
    return next(iter(patterns.values()), rest if isinstance(rest, dict) else {})


# The kinds of mutation, each a list of what it can do to a spot


def unknown_key(spot: Spot) -> Iterator[Mutation]:
    """Add a key that no section knows, or misspell one that it knows."""
    for option in spot.options:
        if isinstance(spot.value, dict) and option.get("additionalProperties") is False:
            yield Mutation(spot.parts, "add", ("unknown", "x", "_", "extend"))
            for key in spot.value:
                yield Mutation((*spot.parts, key), "rename", (f"{key}s_", f"{key}x", key.upper()))


def missing_key(spot: Spot) -> Iterator[Mutation]:
    """Take a required key away."""
    if spot.required:
        yield Mutation(spot.parts, "remove")


def wrong_type(spot: Spot) -> Iterator[Mutation]:
    """Put a value of a type that may not stand there: text for a number, a list for a section."""
    wrong = {
        "string": ("words without meaning",),
        "number": (1.5,),
        "boolean": (True,),
        "array": ([], [[]]),
        "object": ({}, {"x": 1}),
    }
    allowed = spot.kinds()
    if "any" in allowed or not spot.parts:
        return
    for kind, values in wrong.items():
        # 1, 0, yes and no may stand for true and false.
        lenient = "boolean" in allowed and kind in ("number", "string")
        if kind not in allowed and not lenient:
            yield Mutation(spot.parts, "set", values)


def not_finite(spot: Spot) -> Iterator[Mutation]:
    """Put NaN or infinity for a number."""
    if spot.kinds() & {"number", "integer"}:
        yield Mutation(spot.parts, "set", (float("nan"), float("inf"), float("-inf")))


def out_of_range(spot: Spot) -> Iterator[Mutation]:
    """Put a number just or far outside its limits."""
    for option in spot.options:
        if option.get("type") in ("number", "integer"):
            outside = _outside(option)
            if outside:
                yield Mutation(spot.parts, "set", outside)


def _outside(option: dict[str, Any]) -> tuple[Any, ...]:
    values: list[Any] = []
    if "minimum" in option:
        values += [option["minimum"] - 1, option["minimum"] - 1000]
    if "exclusiveMinimum" in option:
        values += [option["exclusiveMinimum"], option["exclusiveMinimum"] - 1]
    if "maximum" in option:
        values += [option["maximum"] + 1, option["maximum"] * 2 + 1]
    if "exclusiveMaximum" in option:
        values += [option["exclusiveMaximum"]]
    return tuple(values)


def dangling(spot: Spot) -> Iterator[Mutation]:
    """Name something that the document does not have."""
    lists = tuple(f"{pattern}.*" for pattern in REFERENCES)
    if spot.matches((*REFERENCES, *lists)) and isinstance(spot.value, str):
        yield Mutation(spot.parts, "set", NOBODY)
    if spot.matches(REFERRING_KEYS) and isinstance(spot.value, dict):
        for key in spot.value:
            yield Mutation((*spot.parts, key), "rename", NOBODY)
    if spot.matches(SKILLS):
        yield Mutation(spot.parts, "set" if isinstance(spot.parts[-1], int) else "rename", NOBODY)


def bad_choice(spot: Spot) -> Iterator[Mutation]:
    """Put a word that is none of the words allowed."""
    if any("enum" in option or "const" in option for option in spot.options):
        yield Mutation(spot.parts, "set", ("none-of-these", "", "OTHER"))


def bad_name(spot: Spot) -> Iterator[Mutation]:
    """Put a text that breaks the pattern of a name or a code."""
    names = ("two words", "", "-x", "ä", "x" * 65, "a.b")
    if "string" in spot.kinds() and any("pattern" in option for option in spot.options):
        yield Mutation(spot.parts, "set", names)
    if isinstance(spot.value, dict) and any("patternProperties" in option for option in spot.options):
        for key in spot.value:
            yield Mutation((*spot.parts, key), "rename", ("two words", "ä", "x" * 65))


def bad_date(spot: Spot) -> Iterator[Mutation]:
    """Put what is no date."""
    if any(option.get("format") == "date" for option in spot.options) or spot.matches(TIMES):
        yield Mutation(spot.parts, "set", DATES)


def bad_window(spot: Spot) -> Iterator[Mutation]:
    """Put what is no window of time, a day that does not exist, or windows that overlap."""
    if spot.matches(("calendars.*.hours.*.*",)):
        yield Mutation(spot.parts, "set", WINDOWS)
    if spot.matches(("calendars.*.hours",)) and isinstance(spot.value, dict):
        yield Mutation(spot.parts, "set", ({}, {"mon": ["08:00-12:00", "11:00-13:00"]}, {"monday": []}))


def bad_zone(spot: Spot) -> Iterator[Mutation]:
    """Put what is no time zone."""
    if spot.matches(("cities.*.time_zone",)):
        yield Mutation(spot.parts, "set", ZONES)


def wrong_sum(spot: Spot) -> Iterator[Mutation]:
    """Let shares that have to add up to 1, or chances that may not exceed it, do otherwise."""
    if spot.matches(("device_types.*.faults",)):
        largest = max(spot.value, key=spot.value.__getitem__)
        halved = {**spot.value, largest: spot.value[largest] / 2}
        yield Mutation(
            spot.parts, "set", (halved, dict.fromkeys(spot.value, 0), {**spot.value, largest: 0.999})
        )
    if spot.matches(("fault_types.*.stages.*.next",)) and len(spot.value) > 1:
        yield Mutation(spot.parts, "set", (dict.fromkeys(spot.value, 0.75),))


def null(spot: Spot) -> Iterator[Mutation]:
    """Put null where something has to be."""
    if spot.parts and not spot.kinds() & {"null", "any"}:
        yield Mutation(spot.parts, "set")


def empty(spot: Spot) -> Iterator[Mutation]:
    """Empty a section or list that needs something in it."""
    for option in spot.options:
        if option.get("minProperties") and isinstance(spot.value, dict):
            yield Mutation(spot.parts, "set", ({},))
        if option.get("minItems") and isinstance(spot.value, list):
            yield Mutation(spot.parts, "set", ([],))


def bad_change(spot: Spot) -> Iterator[Mutation]:
    """Let a dated change set a value that is out of range, or a key that cannot change."""
    if any(isinstance(part, int) for part in spot.parts) or not spot.parts or "sources" in spot.parts:
        return
    if spot.parts[0] in CHANGEABLE:
        for mutation in out_of_range(spot):
            yield Mutation(spot.parts, "change", mutation.values)
    elif spot.parts[0] not in ("changes", "currency"):
        yield Mutation(spot.parts, "change", (spot.value,))


KINDS = (
    unknown_key,
    missing_key,
    wrong_type,
    not_finite,
    out_of_range,
    dangling,
    bad_choice,
    bad_name,
    bad_date,
    bad_window,
    bad_zone,
    wrong_sum,
    null,
    empty,
    bad_change,
)


@lru_cache(maxsize=1)
def bases() -> tuple[dict[str, Any], ...]:
    """Return the documents that are mutated: two that use nearly every key, and one of the library."""
    return stack(rich(), read(MECHANISMS)), read(ISLANDS), read(library()["one-city"])


@lru_cache(maxsize=8)
def mutations(base: int) -> dict[str, tuple[Mutation, ...]]:
    """Return all that can be done to a base document, by kind."""
    places = list(spots(bases()[base], SCHEMA))
    return {kind.__name__: tuple(m for spot in places for m in kind(spot)) for kind in KINDS}


def applied(document: dict[str, Any], mutation: Mutation, value: Any) -> tuple[dict[str, Any], str]:
    """Return a mutated copy of a document, and the dotted key that its refusal has to name."""
    document, value = copy.deepcopy(document), copy.deepcopy(value)
    parts = mutation.parts
    section: Any = document
    for part in parts[:-1]:
        section = section[part]
    if mutation.action == "set":
        section[parts[-1]] = value
    elif mutation.action == "remove":
        del section[parts[-1]]
    elif mutation.action == "add":
        (section[parts[-1]] if parts else section)[value] = 1
        parts = (*parts, value)
    elif mutation.action == "rename":
        entries = {value if key == parts[-1] else key: item for key, item in section.items()}
        section.clear()
        section.update(entries)
        parts = (*parts[:-1], value)
    elif mutation.action == "change":
        changes = document.setdefault("changes", [])
        key = ".".join(map(str, parts))
        changes.append({"from": "2190-01-01", "set": {key: value}})
        parts = ("changes", len(changes) - 1, "set", *parts)
    # In a list of skill domains each stands for a key, so that positions are not named.
    listed = Spot(parts, None, ()).matches(SKILLS) and isinstance(parts[-1], int)
    return document, ".".join(map(str, parts[:-1] if listed else parts))


@st.composite
def mutated(draw: st.DrawFn) -> tuple[dict[str, Any], str]:
    """Draw a document with one thing wrong, and the dotted key that its refusal has to name."""
    base = draw(st.integers(0, len(bases()) - 1))
    possible = {kind: found for kind, found in mutations(base).items() if found}
    mutation = draw(st.sampled_from(possible[draw(st.sampled_from(sorted(possible)))]))
    return applied(bases()[base], mutation, draw(st.sampled_from(mutation.values)))

"""Every key of a scenario with its meaning, unit, range and kind, read from the schema.

Forms make their editors from what is found here, and the list of differences its labels; nothing about a
single key is written a second time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal, get_args

from scenarios.fields import Name
from scenarios.schema import Scenario
from ui.lab.study import position_in

Kind = Literal["number", "integer", "switch", "choice", "text", "date", "list", "section"]
Schema = Mapping[str, Any]

#: What the schema says of every name, whatever it is a name of.
_ANY_NAME = next(str(part.description) for part in get_args(Name) if hasattr(part, "description"))
#: Sections whose keys may stand at a key of this name.
_REFERENCES = {
    "calendar": "calendars",
    "centre": "centres",
    "city": "cities",
    "country": "countries",
    "customer": "customers",
    "device_type": "device_types",
    "fault_type": "fault_types",
    "opens": "calendars",
    "part": "parts",
    "partner": "centres",
    "profile": "profiles",
    "scheduling_policy": "scheduling_policies",
    "shift": "calendars",
    "skill": "skills",
    "source": "centres",
    "tier": "customer_tiers",
    "training_sites": "sites",
    "centres": "centres",
    "cities": "cities",
    "countries": "countries",
    "sites": "sites",
    "parts": "parts",
    "device_types": "device_types",
    "customer_tiers": "customer_tiers",
    "customer_tier": "customer_tiers",
    "site": "sites",
}


@dataclass(frozen=True)
class Field:
    """A key of a scenario, and what may stand there.

    Parameters
    ----------
    key
        Dotted key; items of lists that have a name go by it.
    kind
        What it holds; section: keys of its own, or a list of such.
    description
        What it means, as the schema has it; empty where only the section around it is described.
    unit
        Unit of a figure; empty for none.
    low, high
        Range of a number, None where it is open.
    open_low, open_high
        Whether the ends of the range are not allowed themselves.
    choices
        What is allowed, where that is a closed list.
    optional
        Whether it may be absent.
    default
        What holds when it is absent.
    value
        What stands there.
    free
        Whether what is not among the choices may stand there, too.
    figures
        Whether it is a list of numbers.
    """

    key: str
    kind: Kind
    description: str = ""
    unit: str = ""
    low: float | None = None
    high: float | None = None
    open_low: bool = False
    open_high: bool = False
    choices: tuple[Any, ...] = ()
    optional: bool = False
    default: Any = None
    value: Any = None
    free: bool = True
    figures: bool = False

    @property
    def name(self) -> str:
        """Return the last part of the key."""
        return self.key.rpartition(".")[2]


@lru_cache(maxsize=1)
def schema() -> Schema:
    """Return the JSON Schema of a scenario."""
    return Scenario.model_json_schema(by_alias=True)


def _meant(found: Schema) -> Schema:
    """Return a schema with its reference followed; what stands beside the reference goes first."""
    merged = dict(found)
    while "$ref" in merged:
        name = merged.pop("$ref").rpartition("/")[2]
        merged = {**schema()["$defs"][name], **merged}
    return merged


def _branches(found: Schema) -> list[Schema]:
    """Return what a value may be, one schema for each possibility, with what is said about all of them."""
    found = _meant(found)
    options = found.get("anyOf") or found.get("oneOf")
    if not options:
        return [found]
    said = {k: v for k, v in found.items() if k not in ("anyOf", "oneOf", "title")}
    return [{**inner, **said} for option in options for inner in _branches(option)]


def _holds(branch: Schema, value: Any) -> bool:
    """Return whether a value can be of a branch, by its kind alone."""
    kind = branch.get("type")
    if isinstance(value, bool):
        return kind == "boolean"
    if isinstance(value, int | float):
        return kind in ("number", "integer")
    if isinstance(value, str):
        return kind == "string"
    if isinstance(value, list | tuple):
        return kind == "array"
    if isinstance(value, Mapping):
        return kind == "object"
    return kind == "null"


def _chosen(found: Schema, value: Any) -> tuple[Schema, bool]:
    """Return the branch that a value is of, else the first, and if null is allowed."""
    branches = _branches(found)
    real = [b for b in branches if b.get("type") != "null"] or branches
    fitting = [b for b in real if _holds(b, value)]
    return (fitting or real)[0], len(real) < len(branches)


def field_at(document: Mapping[str, Any], key: str) -> Field | None:
    """Return the field of a dotted key, which need not be in the document yet; None if no key is like it.

    Parameters
    ----------
    document
        The resolved document of a scenario.
    key
        Dotted key.
    """
    node: Any = document
    found: Schema | None = schema()
    around: Schema = {}
    for part in key.split("."):
        branch, _ = _chosen(found or {}, node)
        around = _around(around, branch)
        if branch.get("type") == "array":
            items = node if isinstance(node, list) else []
            position = position_in(items, part)
            node = None if position is None else items[position]
            found = branch.get("items", {})
        else:
            node = node.get(part) if isinstance(node, Mapping) else None
            found = _below(branch, part)
        if found is None:
            return None
    return _field(key, found or {}, node, document, around)


def _around(before: Schema, branch: Schema) -> Schema:
    """Return the meaning and unit that a section gives to keys of it that say nothing themselves."""
    if branch.get("properties"):
        return {}
    told = {k: branch[k] for k in ("description", "unit") if branch.get(k)}
    return {**before, **told}


def _below(branch: Schema, part: str) -> Schema | None:
    """Return the schema of a key of a section, None if it has no such key."""
    if part in branch.get("properties", {}):
        return dict(branch["properties"][part])
    patterns = branch.get("patternProperties")
    if patterns:
        return dict(next(iter(patterns.values())))
    more = branch.get("additionalProperties", False)
    return {} if more is True else (dict(more) if more else None)


def _kind(branch: Schema) -> Kind:
    """Return what a branch of the schema holds."""
    if "enum" in branch or "const" in branch:
        return "choice"
    if branch.get("format") == "date":
        return "date"
    if branch.get("type") == "array":
        kinds = [item.get("type") for item in _branches(branch.get("items", {}))]
        return "section" if kinds[:1] == ["object"] or "array" in kinds else "list"
    names: dict[Any, Kind] = {
        "integer": "integer",
        "number": "number",
        "boolean": "switch",
        "string": "text",
    }
    return names.get(branch.get("type"), "section")


def _field(key: str, found: Schema, value: Any, document: Mapping[str, Any], around: Schema) -> Field:
    """Return the field of a key from its schema and value, and from what is said of the section around it."""
    branch, optional = _chosen(found, value)
    kind = _kind(branch)
    items = _chosen(branch.get("items", {}), None)[0] if kind == "list" else branch
    choices = tuple(items.get("enum", ())) or ((items["const"],) if "const" in items else ())
    closed = bool(choices)
    if not choices and kind in ("text", "list"):
        choices = _references(key, document)
    low, high = branch.get("minimum", branch.get("ge")), branch.get("maximum", branch.get("le"))
    return Field(
        key=key,
        kind=kind,
        description=_description(found, branch, around),
        unit=str(found.get("unit") or branch.get("unit") or around.get("unit") or ""),
        low=branch.get("exclusiveMinimum", low),
        high=branch.get("exclusiveMaximum", high),
        open_low="exclusiveMinimum" in branch,
        open_high="exclusiveMaximum" in branch,
        choices=choices,
        optional=optional,
        default=found.get("default"),
        value=value,
        free=not closed,
        figures=kind == "list" and items.get("type") in ("number", "integer"),
    )


def _description(found: Schema, branch: Schema, around: Schema) -> str:
    """Return what a key means; what a kind of name looks like is no meaning."""
    own, inner = (str(part.get("description", "")).removeprefix(_ANY_NAME) for part in (found, branch))
    return own or str(around.get("description", "")) or inner or (_ANY_NAME if "pattern" in branch else "")


def _references(key: str, document: Mapping[str, Any]) -> tuple[Any, ...]:
    """Return the names that a key may hold, where it is one that names things of a section."""
    parts = key.split(".")
    if parts[-1] == "tier" and parts[0] == "cities":
        return ()
    if parts[-1] == "from" and "depot" in parts:
        return tuple(document.get("centres", ()))
    return tuple(document.get(_REFERENCES.get(parts[-1], ""), ()))


def fields_of(document: Mapping[str, Any]) -> tuple[Field, ...]:
    """Return every key of a document: sections before what is in them, and optional ones that are absent."""
    return tuple(_walk("", schema(), document, document, {}))


def _walk(
    key: str, found: Schema, value: Any, document: Mapping[str, Any], around: Schema
) -> Iterator[Field]:
    """Yield the fields of a section, itself first unless it is the whole."""
    branch, _ = _chosen(found, value)
    if key:
        yield _field(key, found, value, document, around)
    around = _around(around, branch)
    prefix = f"{key}." if key else ""
    if branch.get("type") == "array" and isinstance(value, list) and _kind(branch) == "section":
        for number, item in enumerate(value):
            name = item.get("name") if isinstance(item, Mapping) else None
            yield from _walk(f"{prefix}{name or number}", branch["items"], item, document, around)
    elif branch.get("type") == "object" and isinstance(value, Mapping):
        own = branch.get("properties", {})
        for name in dict.fromkeys([*own, *value]):
            below = _below(branch, str(name))
            if below is not None and "." not in str(name):
                yield from _walk(f"{prefix}{name}", below, value.get(name), document, around)


@dataclass(frozen=True)
class Step:
    """One part of a dotted key on the way through a document.

    Parameters
    ----------
    part
        The part as it is written.
    section
        The part before it that things are listed under, where this is the name of such a thing; else empty.
    value
        What stands there.
    """

    part: str
    section: str
    value: Any


def steps(document: Mapping[str, Any], key: str) -> list[Step]:
    """Return the parts of a dotted key, each with what it is the name of."""
    node: Any = document
    found: Schema = schema()
    way: list[Step] = []
    for part in key.split("."):
        branch, _ = _chosen(found, node)
        before = way[-1].part if way else ""
        if branch.get("type") == "array":
            items = node if isinstance(node, list) else []
            position = position_in(items, part)
            node = None if position is None else items[position]
            found, thing = branch.get("items", {}), True
        else:
            node = node.get(part) if isinstance(node, Mapping) else None
            thing = not branch.get("properties")
            found = _below(branch, part) or {}
        way.append(Step(part, before if thing else "", node))
    return way

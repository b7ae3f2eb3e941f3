"""The schema as others read it: JSON Schema with descriptions and units, true to what the loader takes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import BaseModel
from rich_document import rich

from scenarios import from_document, library, load
from scenarios.documents import parse, read
from scenarios.schema import Scenario

SCHEMA = Scenario.model_json_schema(by_alias=True)
_TYPES: dict[str, Any] = {
    "object": dict,
    "array": list,
    "string": str,
    "boolean": bool,
    "integer": int,
    "number": (int, float),
    "null": type(None),
}


def properties() -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every property of every section of the schema with its dotted name."""
    for section, definition in [("Scenario", SCHEMA), *SCHEMA["$defs"].items()]:
        for name, node in definition.get("properties", {}).items():
            yield f"{section}.{name}", node


def parts_of(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield a schema node and all that it says about values inside, other sections left out."""
    yield node
    for inner in [*node.get("anyOf", []), *node.get("prefixItems", [])]:
        yield from parts_of(inner)
    for inside in [node.get("items"), node.get("additionalProperties"), *_entries(node)]:
        if isinstance(inside, dict):
            yield from parts_of(inside)


def _entries(node: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what the entries of a mapping by names may be."""
    return list(node.get("patternProperties", {}).values())


def complaints(value: Any, node: dict[str, Any], key: str = "") -> list[str]:
    """Return what a value breaks of a JSON Schema node: the keywords that pydantic writes, and no others."""
    if "$ref" in node:
        return complaints(value, SCHEMA["$defs"][node["$ref"].rsplit("/", 1)[1]], key)
    if "anyOf" in node:
        found = [complaints(value, option, key) for option in node["anyOf"]]
        return [] if [] in found else max(found, key=lambda lines: lines[0].count("."))
    kind = node.get("type")
    if kind and (not isinstance(value, _TYPES[kind]) or isinstance(value, bool) != (kind == "boolean")):
        return [f"{key}: {value!r} is no {kind}"]
    if "const" in node and value != node["const"]:
        return [f"{key}: {value!r} is not {node['const']!r}"]
    if "enum" in node and value not in node["enum"]:
        return [f"{key}: {value!r} is none of {node['enum']}"]
    if isinstance(value, str):
        return [] if re.search(node.get("pattern", ""), value) else [f"{key}: pattern"]
    if isinstance(value, list):
        return [
            c for i, item in enumerate(value) for c in complaints(item, node.get("items", {}), f"{key}.{i}")
        ]
    if isinstance(value, dict):
        return _complaints_of_mapping(value, node, key)
    if isinstance(value, int | float) and not isinstance(value, bool):
        allowed = (
            node.get("minimum", value) <= value <= node.get("maximum", value)
            and value > node.get("exclusiveMinimum", value - 1)
            and value < node.get("exclusiveMaximum", value + 1)
        )
        return [] if allowed else [f"{key}: {value!r} is out of range"]
    return []


def _complaints_of_mapping(value: dict[str, Any], node: dict[str, Any], key: str) -> list[str]:
    known = node.get("properties", {})
    rest = next(iter(_entries(node)), node.get("additionalProperties", True))
    found = [f"{key}: too few"] if len(value) < node.get("minProperties", 0) else []
    found += [f"{key}: lacks {name}" for name in node.get("required", []) if name not in value]
    for name, item in value.items():
        here = f"{key}.{name}"
        found += complaints(name, node.get("propertyNames", {}), here)
        if name in known or isinstance(rest, dict):
            found += complaints(item, known.get(name, rest), here)
        elif rest is False:
            found.append(f"{here}: unknown")
    return found


def test_every_field_is_described() -> None:
    """Each property of each section says in words what it means."""
    assert [name for name, node in properties() if len(node.get("description", "")) < 3] == []


def test_every_figure_has_its_unit() -> None:
    """Each property that is or holds a number that is no count names its unit."""
    for name, node in properties():
        inside = list(parts_of(node))
        if any(part.get("type") == "number" for part in inside):
            assert any("unit" in part for part in inside), name


@pytest.mark.parametrize(
    ("name", "unit"),
    [
        ("City.lat", "degree"),
        ("Scenario.days", "day"),
        ("DeviceType.failures_per_year", "1/year"),
        ("DeviceType.faults", "1"),
        ("Travel.speed_kmh", "km/h"),
        ("Travel.hours", "h"),
        ("Part.unit_cost", "currency"),
        ("EngineerGroup.cost_per_hour", "currency/h"),
        ("Budget.shares", "%"),
    ],
)
def test_units_are_those_of_the_fields(name: str, unit: str) -> None:
    """The unit that the schema shows is the field's own."""
    node = dict(properties())[name]
    assert {part["unit"] for part in parts_of(node) if "unit" in part} == {unit}


def test_every_number_has_a_range() -> None:
    """No figure is without limits, so that no figure can make hours or money overflow."""
    lowest, highest = {"minimum", "exclusiveMinimum"}, {"maximum", "exclusiveMaximum"}
    for name, node in properties():
        for part in parts_of(node):
            if part.get("type") in ("number", "integer") and "string" not in json.dumps(node):
                assert lowest & part.keys() and highest & part.keys(), name


def test_no_section_takes_unknown_keys() -> None:
    """Every section refuses keys that it does not know, and the schema says so."""
    sections = [SCHEMA, *(d for d in SCHEMA["$defs"].values() if d.get("type") == "object")]
    assert all(section["additionalProperties"] is False for section in sections)
    assert len(sections) > 25


def test_sections_cannot_be_altered() -> None:
    """Every section of the schema is immutable and refuses NaN."""
    for name in SCHEMA["$defs"]:
        section = _sections().get(name)
        if section is not None:
            assert section.model_config["frozen"] is True
            assert section.model_config["allow_inf_nan"] is False
    assert _sections().keys() >= {"Site", "Centre", "SlaRule", "Distribution"}


def _sections() -> dict[str, type[BaseModel]]:
    from scenarios.fields import Section

    return {kind.__name__: kind for kind in Section.__subclasses__()}


def test_the_schema_takes_what_the_loader_takes() -> None:
    """An editor that checks against the JSON Schema has nothing to say about a document that loads."""
    whole = [document for document in map(read, library().values()) if "extends" not in document]
    assert whole
    for document in [rich(), *whole]:
        assert complaints(document, SCHEMA) == []


@pytest.mark.parametrize("name", library())
def test_the_schema_takes_resolved_texts(name: str) -> None:
    """The resolved text of a scenario, every default written out, keeps to the JSON Schema."""
    assert complaints(parse(load(name).text, name), SCHEMA) == []


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("days", -1),
        ("days", "ten"),
        ("sites.gurney.devices.camera", -1),
        ("fault_types.flicker.work_hours", -1),
        ("fault_types.flicker.work_hours", {"mean": 1}),
        ("sla.0.match.zone", 5),
        ("calendars.always.hours", "24/7"),
        ("calendars.office.hours.mon", ["8-17"]),
        ("centres.hq.engineers.experts.skills", {"camera": "master"}),
        ("dyas", 5),
    ],
)
def test_the_schema_refuses_what_the_loader_refuses(key: str, value: Any) -> None:
    """The JSON Schema is no weaker than it can be: what is wrong in itself breaks it at its key."""
    found = complaints(rich({key: value}), SCHEMA)
    assert found
    assert all(line.startswith(f".{key}") for line in found)


def test_what_presets_fill_is_not_required() -> None:
    """Of a spell the schema lets everything be left out, as the loader does."""
    for spell in ({}, {"begins": "22:00-02:00"}, {"hours": 4}):
        document = rich({"climate.spells": {"rain": spell}})
        assert complaints(document, SCHEMA) == []
        assert from_document(document).scenario.climate.spells.rain.hours.expected > 0.0

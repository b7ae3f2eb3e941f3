"""The keys of a scenario as tables, from the JSON Schema that `banyan schema` prints.

Type, unit, range, default and meaning all come from the schema's own fields; how to use them is for the
text around the tables.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from scenarios.fields import PARAMETERS, Distribution, Name, Section
from scenarios.loading import CHANGEABLE
from scenarios.places import TimeWindow
from scenarios.schema import Scenario

Node = Mapping[str, Any]

_COMPARED = {"minimum": "≥ {}", "exclusiveMinimum": "> {}", "maximum": "≤ {}", "exclusiveMaximum": "< {}"}
_COUNTED = {"minItems": "at least {}", "maxItems": "at most {}", "minProperties": "at least {}"}
_PLAIN = {"number": "number", "integer": "whole number", "boolean": "true or false", "string": "text"}
#: Types that are worded rather than shown as what they are made of.
_DURATION, _MONEY = "[duration](#distribution-keys)", "amount"


def key_reference() -> str:
    """Return a table of keys for each section of a scenario, the root first."""
    schema = Scenario.model_json_schema()
    sections = {name: node for name, node in schema["$defs"].items() if "properties" in node}
    parts = [_section("Scenario", schema)]
    parts += [_section(name, sections[name]) for name in _in_order(schema, sections)]
    return "\n\n".join(parts)


def changeable_sections() -> str:
    """Return the sections that a dated change may set, as a sentence's end."""
    return ", ".join(f"`{name}`" for name in CHANGEABLE)


def distribution_table() -> str:
    """Return the families of durations with the parameters of each."""
    lines = ["| family | needs |", "| --- | --- |"]
    lines += [f"| `{name}` | {', '.join(f'`{p}`' for p in needed)} |" for name, needed in PARAMETERS.items()]
    return "\n".join(lines)


def _in_order(schema: Node, sections: Mapping[str, Node]) -> list[str]:
    """Return the names of the sections in the order in which a reader of the root meets them."""
    found: list[str] = []

    def visit(node: Any) -> None:
        if isinstance(node, Mapping):
            name = str(node.get("$ref", "")).rpartition("/")[2]
            if name in sections and name not in found:
                found.append(name)
                visit(sections[name])
            for value in node.values():
                visit(value)
        elif isinstance(node, list):
            for value in node:
                visit(value)

    visit(schema["properties"])
    return found


def _section(name: str, node: Node) -> str:
    """Return the heading, the meaning and the keys of one section."""
    kind = _classes()[name]
    lines = [f"### {name} keys", "", " ".join(node["description"].split()), ""]
    lines += ["| key | type | unit | range | default | meaning |", "| --- | --- | --- | --- | --- | --- |"]
    for key, value in node["properties"].items():
        required = key in node.get("required", ())
        default = "required" if required else _default(kind, key)
        cells = (
            f"`{key}`",
            _type(value),
            _unit(value),
            _range(value),
            default,
            value.get("description", ""),
        )
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines)


def _classes() -> dict[str, type[Section]]:
    found, kinds = {}, Section.__subclasses__()
    while kinds:
        kind = kinds.pop()
        found[kind.__name__] = kind
        kinds += kind.__subclasses__()
    return found


def _default(kind: type[Section], key: str) -> str:
    """Return the value that a key has when the scenario is silent."""
    field = next(f for name, f in kind.model_fields.items() if (f.alias or name) == key)
    if field.is_required():  # what is required of a section as a whole, a preset fills
        return "that of its condition"
    value = field.get_default(call_default_factory=True)
    if isinstance(value, Distribution):
        return f"{value.expected:g}"
    if isinstance(value, tuple) and value:
        return ", ".join(map(str, value)) if isinstance(value[0], str) else f"all {value[0]:g}"
    if isinstance(value, Section):
        return "its defaults"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, dict) and len(value) == 1:  # a number that stands for a mapping
        (value,) = value.values()
        return f"{value:g}"
    return "" if value is None or value in ("", (), {}) else str(value)


def _type(node: Node) -> str:
    """Return in words what may stand at a key; a list or mapping is told with what it holds."""
    if "$ref" in node:
        return _named(node["$ref"].rpartition("/")[2])
    if "anyOf" in node:
        return _either([n for n in node["anyOf"] if n.get("type") != "null"])
    if "const" in node:
        return f'"{node["const"]}"'
    if "enum" in node:
        return ", ".join(f"`{value}`" for value in node["enum"])
    if node["type"] == "array":
        return f"list of {_plural(_type(node['items']))}"
    if node["type"] == "object":
        return _mapping(node)
    if node.get("format") == "date":
        return "date"
    return "name" if node.get("pattern") == _pattern(Name) else _window_or(node)


def _window_or(node: Node) -> str:
    return "time window" if node.get("pattern") == _pattern(TimeWindow) else _PLAIN[node["type"]]


def _pattern(annotated: Any) -> str | None:
    """Return the pattern of a kind of text."""
    found: str | None = annotated.__metadata__[0].metadata[0].pattern
    return found


def _named(name: str) -> str:
    """Return a section as a link to its table, and an enumeration as its values."""
    if name in _classes():
        return _DURATION if name == "Distribution" else f"[{name}](#{name.lower()}-keys)"
    values = Scenario.model_json_schema()["$defs"][name]["enum"]
    return ", ".join(f"`{value}`" for value in values)


def _either(nodes: list[Node]) -> str:
    """Return alternatives in words; a number for a duration and a text for an amount go without saying."""
    if {n.get("type") for n in nodes} == {"number", "string"}:
        return _MONEY
    words = [_type(n) for n in nodes]
    if _DURATION in words:
        return _DURATION
    if len(words) == 2 and words[1] == f"list of {_plural(words[0])}":
        return f"{words[0]}, or a list"
    return " or ".join(words)


def _mapping(node: Node) -> str:
    held = [*node.get("patternProperties", {}).values(), node.get("additionalProperties")]
    value = next((n for n in held if isinstance(n, Mapping)), None)
    keys = node.get("propertyNames", {})
    by = keys["$ref"].rpartition("/")[2].lower() if "$ref" in keys else "name"
    return f"by {by}: {_type(value)}" if value else "any values by dotted key"


def _plural(words: str) -> str:
    return (
        f"{words}s" if words in ("name", "number", "whole number", "time window", "text", "date") else words
    )


def _unit(node: Node) -> str:
    return next((n["unit"] for n in _inside(node) if n.get("unit")), "")


def _range(node: Node) -> str:
    """Return the limits of a figure, of a text's length or of the number of items."""
    limits: list[str] = []
    for n in _inside(node):
        limits += [words.format(_figure(n[k])) for k, words in _COMPARED.items() if k in n]
        if "ge" in n:  # an amount: its limits stand beside the alternatives
            limits += [f"≥ {_figure(n['ge'])}", f"≤ {_figure(n['le'])}"]
        if n.get("minItems") and n.get("minItems") == n.get("maxItems"):
            limits.append(f"{n['minItems']} items")
        else:
            limits += [words.format(n[k]) for k, words in _COUNTED.items() if n.get(k)]
        if "maxLength" in n:
            limits.append(f"up to {n['maxLength']} characters")
    return ", ".join(dict.fromkeys(limits))


def _inside(node: Node) -> Iterator[Node]:
    """Yield a node and those inside it that describe its values."""
    yield node
    inner = [*node.get("anyOf", ()), node.get("items"), node.get("additionalProperties")]
    for value in [*inner, *node.get("patternProperties", {}).values()]:
        if isinstance(value, Mapping) and "$ref" not in value:
            yield from _inside(value)


def _figure(value: float) -> str:
    return f"{value:,.0f}" if isinstance(value, int) or value.is_integer() else f"{value:g}"

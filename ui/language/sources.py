"""Where the texts come from that people read: calls in the source, the schema, registries, the library.

Only gathers; `ui.language.catalogue` writes and checks.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ui.language.terms import TERMS, readable, titled

ROOT = Path(__file__).resolve().parents[2]
_CALLED = {"say": 1, "self": 1, "phrase": 1, "msgid": 1, "many": 2}
_PACKAGES = ("ui", "cli", "optimize", "insight", "scenarios")


@dataclass(frozen=True)
class Text:
    """A text that needs a translation.

    Parameters
    ----------
    msgid
        English.
    where
        Where it comes from, as a file or registry.
    plural
        English plural, of counted texts.
    context
        Kind of a term, `name` of a name; none for texts.
    """

    msgid: str
    where: str
    plural: str = ""
    context: str = ""


class NotLiteral(ValueError):
    """A call that should carry a literal carries something else."""


def texts() -> list[Text]:
    """Return every text that is to be translated, in a stable order and with duplicates."""
    found = [text for file in source_files() for text in from_source(file.read_text(), _relative(file))]
    found += [*_from_terms(), *_from_definitions(), *_from_columns(), *_from_schema(), *_from_library()]
    return [text for text in found if text.msgid]


def source_files() -> list[Path]:
    """Return the Python files with calls that carry texts."""
    files = [ROOT / "app.py"]
    for package in _PACKAGES:
        files += sorted((ROOT / package).rglob("*.py"))
    return [file for file in files if file.exists()]


def _relative(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


def from_source(source: str, where: str) -> Iterator[Text]:
    """Yield the texts of `say("...")`, `say.many("...", "...")`, `phrase("...")` and `msgid("...")`.

    Whoever has a language says so too: `desk.say("...")`, `self.say.many("...", "...")`.

    Parameters
    ----------
    source
        Python source.
    where
        Its name.

    Raises
    ------
    NotLiteral
        If such a call carries an f-string or a variable.
    """
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        called = _called(node.func)
        if called not in _CALLED or len(node.args) < _CALLED[called]:
            continue
        arguments = [_literals(argument, where) for argument in node.args[: _CALLED[called]]]
        if called == "many":
            yield Text(arguments[0][0], where, arguments[1][0])
        else:
            yield from (Text(literal, where) for literal in arguments[0])


def _called(function: ast.expr) -> str:
    """Return which of `_CALLED` a call is: a name, or `many` and `say` of whatever has them; else nothing."""
    if isinstance(function, ast.Name) and function.id != "many":
        return function.id
    if not isinstance(function, ast.Attribute):
        return ""
    if function.attr == "say":
        return "say"
    return "many" if function.attr == "many" else ""


def _literals(argument: ast.expr, where: str) -> list[str]:
    """Return the literals of an argument: one, or both of a choice between two."""
    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
        return [argument.value]
    if isinstance(argument, ast.IfExp):
        return [*_literals(argument.body, where), *_literals(argument.orelse, where)]
    raise NotLiteral(f"{where}, line {argument.lineno}: only a literal can be translated")


def _from_terms() -> Iterator[Text]:
    for kind, terms in TERMS.items():
        yield from (Text(english, f"terms/{kind}", context=kind) for english in terms.values())


def _from_definitions() -> Iterator[Text]:
    from insight.definitions import DEFINITIONS

    for kpi in DEFINITIONS.values():
        yield Text(kpi.numerator, f"kpi/{kpi.id}")
        yield Text(kpi.denominator, f"kpi/{kpi.id}")


def _from_columns() -> Iterator[Text]:
    from insight.column_meanings import MEANINGS, ROWS

    for table, rows in ROWS.items():
        yield Text(rows, f"table/{table}")
    for table, meanings in MEANINGS.items():
        for column, meaning in meanings.items():
            where = f"column/{table}.{column}"
            yield Text(TERMS["column"].get(column, readable(column)), where, context="column")
            yield Text(meaning.text, where)
            yield Text(meaning.empty, where)
            if meaning.unit:
                yield Text(TERMS["unit"].get(meaning.unit, readable(meaning.unit)), where, context="unit")


def _from_schema() -> Iterator[Text]:
    from scenarios.schema import Scenario

    schema = Scenario.model_json_schema()
    sections = {"Scenario": schema, **schema.pop("$defs")}
    for section, content in sections.items():
        for part in _parts(content):
            if isinstance(part.get("description"), str):
                yield Text(part["description"], f"schema/{section}")
            for key in part.get("properties", {}):
                yield Text(TERMS["field"].get(key, readable(key)), f"schema/{section}", context="field")
            if "unit" in part:
                unit = TERMS["unit"].get(part["unit"], readable(part["unit"]))
                yield Text(unit, f"schema/{section}", context="unit")
            for value in [*part.get("enum", ()), *([part["const"]] if "const" in part else [])]:
                choice = TERMS["choice"].get(str(value), readable(str(value)))
                yield Text(choice, f"schema/{section}", context="choice")


def _parts(schema: Any) -> Iterator[dict[str, Any]]:
    """Yield every object of a JSON schema, itself first."""
    if isinstance(schema, dict):
        yield schema
        for name, value in schema.items():
            if name == "properties":
                for field in value.values():
                    yield from _parts(field)
            elif name not in ("default", "examples"):
                yield from _parts(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from _parts(value)


def _from_library() -> Iterator[Text]:
    from scenarios import load
    from scenarios.loading import LIBRARY, library
    from scenarios.shown_names import shown_names

    for name, file in library().items():
        scenario = load(name).scenario
        yield Text(scenario.title, f"library/{name}")
        yield Text(scenario.description, f"library/{name}")
        if file.parent != LIBRARY:
            continue
        where = f"library/{name}"
        for names in shown_names(scenario).values():
            yield from (Text(shown, where, context="name") for shown in names.values())
        keys = [*scenario.customer_tiers, *scenario.skills, *scenario.calendars, *scenario.profiles]
        keys += [group for centre in scenario.centres.values() for group in centre.engineers]
        keys += [country.zone for country in scenario.countries.values()]
        keys += [rule.name for rule in scenario.sla]
        keys += [event.name for event in scenario.disruptions]
        keys += [alert.name for alert in scenario.alerts]
        yield from (Text(readable(key), where, context="name") for key in keys)
        yield from (Text(titled(key), where, context="name") for key in scenario.cities)

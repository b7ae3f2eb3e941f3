"""Reading and writing YAML documents strictly: no repeated keys, no surprises of YAML 1.1, no alias bombs.

Values are made from the parser's events rather than by PyYAML's constructors, so that no tag can name code,
no depth can exhaust the stack, and every refusal has its line. What they mean is left to the schema.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

from scenarios.phrases import Phrase, phrase
from scenarios.problems import Problem, ScenarioError, shown
from scenarios.yaml_faults import syntax_fault, unreadable_character

_LARGEST_BYTES = 20_000_000
_DEEPEST = 64
_MOST_DIGITS = 300
_INT = re.compile(r"[-+]?[0-9]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_SPECIAL_FLOATS = {
    **dict.fromkeys([".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"], float("inf")),
    **dict.fromkeys(["-.inf", "-.Inf", "-.INF"], float("-inf")),
    **dict.fromkeys([".nan", ".NaN", ".NAN"], float("nan")),
}
_WORDS: dict[str, Any] = {
    **dict.fromkeys(["", "~", "null", "Null", "NULL"]),
    **dict.fromkeys(["true", "True", "TRUE"], True),
    **dict.fromkeys(["false", "False", "FALSE"], False),
    **_SPECIAL_FLOATS,
}
#: What the system says of files that cannot be read, as phrases.
_OF_THE_SYSTEM = {
    str(words): words
    for words in (
        phrase("No such file or directory"),
        phrase("Permission denied"),
        phrase("Is a directory"),
        phrase("Not a directory"),
        phrase("File name too long"),
    )
}
_ParserBase: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_BaseDumper: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


def parse(text: str, file: str) -> Any:
    """Return the value that a YAML text holds, its plain scalars read as YAML 1.2 has them.

    NO is a country, 08:30 and 2026-01-01 are texts, 1e3 is a number, and a key is always the text that is
    written.

    Parameters
    ----------
    text
        The YAML; nothing in it stands for null.
    file
        Name for messages.

    Raises
    ------
    ScenarioError
        If it is not one YAML document, repeats a key, nests too deeply, or uses tags or aliases.
    """
    try:
        return _built(yaml.parse(text, Loader=_ParserBase))
    except yaml.reader.ReaderError as error:
        found = unreadable_character(error, text)
    except _Refused as error:
        found = error.found
    except yaml.MarkedYAMLError as error:
        found = syntax_fault(error, text)
    except UnicodeEncodeError:
        found = phrase("characters that are not Unicode")
    raise ScenarioError([Problem("", found, phrase("a YAML document"), file)])


class _Refused(ValueError):
    """YAML that a scenario has no use for; `found` says where and why."""

    def __init__(self, found: Phrase) -> None:
        self.found = found
        super().__init__(found)


def _fault(reason: Phrase, event: Any) -> _Refused:
    mark = event.start_mark
    found = phrase(
        "line {line}, column {column}: {reason}", line=mark.line + 1, column=mark.column + 1, reason=reason
    )
    return _Refused(found)


def _built(events: Iterable[Any]) -> Any:
    """Return the value that a stream of parser events describes."""
    root: list[Any] = []
    open_nodes: list[Any] = [root]
    keys: list[str | None] = [None]
    for event in events:
        if isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            open_nodes.pop()
            keys.pop()
        elif isinstance(event, yaml.DocumentStartEvent) and root:
            raise _fault(phrase("a second document"), event)
        elif isinstance(event, yaml.NodeEvent):
            _refuse(event, len(open_nodes))
            parent = open_nodes[-1]
            if isinstance(parent, dict) and keys[-1] is None:
                keys[-1] = _key(event, parent)
                continue
            value = _value(event)
            if isinstance(parent, dict):
                parent[keys[-1]] = value
                keys[-1] = None
            else:
                parent.append(value)
            if isinstance(event, yaml.CollectionStartEvent):
                open_nodes.append(value)
                keys.append(None)
    return root[0] if root else None


def _refuse(event: Any, depth: int) -> None:
    """Refuse what a scenario has no use for and a trap has."""
    if isinstance(event, yaml.AliasEvent):
        raise _fault(phrase("aliases (*name) are not allowed; use extends"), event)
    if event.tag is not None:
        raise _fault(phrase("tags (!...) are not allowed, found {tag}", tag=shown(event.tag)), event)
    if depth > _DEEPEST:
        raise _fault(phrase("more than {most} levels, one inside the other", most=_DEEPEST), event)


def _key(event: Any, siblings: dict[str, Any]) -> str:
    """Return the text of a key; a second one like it in the same mapping is refused."""
    if not isinstance(event, yaml.ScalarEvent) or not event.value or not event.value.isprintable():
        raise _fault(phrase("a key has to be a word"), event)
    key: str = event.value
    if key in siblings:
        raise _fault(phrase("the key {key} stands twice", key=shown(key)), event)
    return key


def _value(event: Any) -> Any:
    """Return the value of a scalar, or the empty value of a collection that is about to be filled."""
    if isinstance(event, yaml.MappingStartEvent):
        return {}
    if isinstance(event, yaml.SequenceStartEvent):
        return []
    text: str = event.value
    if not event.implicit[0]:  # quoted, or a block
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _INT.fullmatch(text):
        if len(text) > _MOST_DIGITS:
            raise _fault(phrase("a number of {digits} digits", digits=len(text)), event)
        return int(text)
    return float(text) if _FLOAT.fullmatch(text) else text


def read(path: Path) -> dict[str, Any]:
    """Return the mapping that a YAML file holds.

    Raises
    ------
    ScenarioError
        If the file is absent, unreadable, too large, not UTF-8, not YAML, or not a mapping.
    """
    file = str(path)
    try:
        with path.open("rb") as stream:
            content = stream.read(_LARGEST_BYTES + 1)
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        found = phrase("line {line}: bytes that are not UTF-8", line=line)
        raise ScenarioError([Problem("", found, phrase("a YAML text"), file)]) from None
    except (OSError, ValueError) as error:
        words = getattr(error, "strerror", None) or str(error)
        reason = _OF_THE_SYSTEM.get(words, words)
        raise ScenarioError(
            [Problem("", reason, phrase("a library name or a readable YAML file"), file)]
        ) from None
    if len(content) > _LARGEST_BYTES:
        found = phrase("more than {most:,} bytes", most=_LARGEST_BYTES)
        allowed = phrase("at most {most:,} bytes", most=_LARGEST_BYTES)
        raise ScenarioError([Problem("", found, allowed, file)])
    value = parse(text, file)
    if not isinstance(value, dict):
        holds = phrase("an empty document") if value is None else shown(value)
        raise ScenarioError([Problem("", holds, phrase("a mapping of keys"), file)])
    return value


class _Dumper(_BaseDumper):  # type: ignore[misc]
    """Quotes what YAML 1.1 or 1.2 would take for something other than text, and never writes aliases."""

    def ignore_aliases(self, data: Any) -> bool:
        """Return that equal objects are written out each time: `parse` refuses aliases."""
        return True


for _tag, _pattern, _first in (("int", _INT, "-+0123456789"), ("float", _FLOAT, "-+.0123456789")):
    _Dumper.add_implicit_resolver(
        f"tag:yaml.org,2002:{_tag}", re.compile(f"^(?:{_pattern.pattern})$"), list(_first)
    )


def dump(value: Any) -> str:
    """Return a plain value as YAML text, keys in their own order."""
    text: str = yaml.dump(
        value, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=110, default_flow_style=None
    )
    return text

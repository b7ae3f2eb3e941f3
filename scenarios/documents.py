"""Reading and writing YAML documents strictly: no repeated keys, no surprises of YAML 1.1, no alias bombs."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

from scenarios.problems import Problem, ScenarioError, shown

_LARGEST_BYTES = 20_000_000
_FLOAT = re.compile(
    r"^[-+]?(?:[0-9][0-9_]*)(?:\.[0-9_]*)?(?:[eE][-+]?[0-9]+)?$|^[-+]?\.[0-9]+(?:[eE][-+]?[0-9]+)?$"
)
_SPECIAL_FLOAT = re.compile(r"^(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$")
_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_BaseDumper: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


class _Loader(_Base):  # type: ignore[misc]
    """YAML with the scalars of version 1.2: NO is a country, 08:30 a string, 1e3 a number."""

    def construct_mapping(self, node: Any, deep: bool = False) -> Any:
        seen: set[Any] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if not isinstance(key, str | int | float):
                raise yaml.constructor.ConstructorError(
                    None, None, f"a key has to be a word, found {shown(key)}", key_node.start_mark
                )
            if key in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key {shown(key)} stands twice", key_node.start_mark
                )
            seen.add(key)
        return {str(key): value for key, value in super().construct_mapping(node, deep=deep).items()}

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            event = self.peek_event()
            raise yaml.composer.ComposerError(
                None, None, "aliases (*name) are not allowed; use extends", event.start_mark
            )
        return super().compose_node(parent, index)


_Loader.yaml_implicit_resolvers = {}
for _tag, _pattern, _first in (
    ("bool", re.compile(r"^(?:true|True|TRUE|false|False|FALSE)$"), "tTfF"),
    ("null", re.compile(r"^(?:~|null|Null|NULL|)$"), ["~", "n", "N", ""]),
    ("int", re.compile(r"^[-+]?[0-9]+$"), "-+0123456789"),
    ("float", _FLOAT, "-+0123456789."),
    ("float", _SPECIAL_FLOAT, "-+."),
    ("timestamp", re.compile(r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"), "0123456789"),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", _pattern, list(_first))


def _number(loader: Any, node: Any) -> float:
    text = loader.construct_scalar(node).replace("_", "").lower()
    return float(text.replace(".inf", "inf").replace(".nan", "nan"))


_Loader.add_constructor("tag:yaml.org,2002:int", lambda loader, node: int(loader.construct_scalar(node)))
_Loader.add_constructor("tag:yaml.org,2002:float", _number)


def parse(text: str, file: str) -> Any:
    """Return the value that a YAML text holds.

    Parameters
    ----------
    text
        The YAML.
    file
        Name for messages.

    Raises
    ------
    ScenarioError
        If it is not YAML, repeats a key, or uses tags or aliases.
    """
    try:
        return yaml.load(text, Loader=_Loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
        reason = getattr(error, "problem", None) or "not readable as YAML"
        raise ScenarioError([Problem("", f"{place}{reason}", "a YAML document", file)]) from None
    except (ValueError, RecursionError) as error:
        raise ScenarioError([Problem("", shown(str(error)), "a YAML document", file)]) from None


def read(path: Path) -> dict[str, Any]:
    """Return the mapping that a YAML file holds.

    Raises
    ------
    ScenarioError
        If the file is absent, unreadable, too large, not UTF-8, not YAML, or not a mapping.
    """
    file = str(path)
    try:
        if path.stat().st_size > _LARGEST_BYTES:
            raise ScenarioError(
                [Problem("", f"{path.stat().st_size} bytes", f"at most {_LARGEST_BYTES}", file)]
            )
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise ScenarioError([Problem("", "bytes that are not UTF-8", "a YAML text", file)]) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ScenarioError([Problem("", reason, "a library name or a readable YAML file", file)]) from None
    value = parse(text, file)
    if not isinstance(value, dict):
        raise ScenarioError([Problem("", shown(value), "a mapping of keys", file)])
    return value


def dump(value: Any) -> str:
    """Return a plain value as YAML text, keys in their own order."""
    text: str = yaml.dump(
        value, Dumper=_BaseDumper, sort_keys=False, allow_unicode=True, width=110, default_flow_style=None
    )
    return text

"""Dotted keys: reading and setting a value in a nested document, and stacking one document on another."""

from __future__ import annotations

import copy
from typing import Any


class KeyPathError(LookupError):
    """A dotted key that leads nowhere; `found` and `allowed` say why."""

    def __init__(self, key: str, found: str, allowed: str) -> None:
        self.key, self.found, self.allowed = key, found, allowed
        super().__init__(f"{key}: found {found}; allowed: {allowed}")


def _position(items: list[Any], part: str, key: str) -> int:
    """Return the position in a list that a number or an item's name points to."""
    if part.isdigit() and int(part) < len(items):
        return int(part)
    names = [item.get("name") for item in items if isinstance(item, dict)]
    if part in names:
        return next(i for i, item in enumerate(items) if isinstance(item, dict) and item.get("name") == part)
    known = [str(n) for n in names if n] or [
        f"0 to {len(items) - 1}" if items else "nothing: the list is empty"
    ]
    raise KeyPathError(key, repr(part), ", ".join(known))


def set_value(document: dict[str, Any], key: str, value: Any) -> None:
    """Set a dotted key in place; sections on the way are made, list items are named or numbered from 0.

    Raises
    ------
    KeyPathError
        If the key has an empty part or runs through something that holds no keys.
    """
    parts = key.split(".")
    if not all(parts):
        raise KeyPathError(key, "an empty part", "a dotted key, as sites.penang-01.devices.camera")
    node: Any = document
    for depth, part in enumerate(parts[:-1], start=1):
        if isinstance(node, list):
            node = node[_position(node, part, key)]
        elif isinstance(node, dict):
            node = node.setdefault(part, {})
        if not isinstance(node, dict | list):
            raise KeyPathError(key, f"{'.'.join(parts[:depth])} = {node!r}", "a key of a section")
    if isinstance(node, list):
        node[_position(node, parts[-1], key)] = value
    else:
        node[parts[-1]] = value


def holds(document: Any, parts: tuple[str, ...]) -> int:
    """Return how many leading parts of a key a document holds."""
    node = document
    for depth, part in enumerate(parts):
        if isinstance(node, dict) and part in node:
            node = node[part]
        elif isinstance(node, list) and part.isdigit() and int(part) < len(node):
            node = node[int(part)]
        else:
            return depth
    return len(parts)


def stack(parent: dict[str, Any], child: dict[str, Any]) -> dict[str, Any]:
    """Return `child` laid over `parent`: sections merge, all else replaces, null removes an inherited key."""
    merged = copy.copy(parent)
    for key, value in child.items():
        inherited = merged.get(key)
        if value is None and key in merged:
            del merged[key]
        elif isinstance(value, dict) and isinstance(inherited, dict):
            merged[key] = stack(inherited, value)
        else:
            merged[key] = value
    return merged

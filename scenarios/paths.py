"""Dotted keys: reading and setting a value in a nested document, and stacking one document on another."""

from __future__ import annotations

import copy
from typing import Any

from scenarios.phrases import phrase
from scenarios.problems import shown

_LONGEST = 32


class KeyPathError(LookupError):
    """A dotted key that leads nowhere; `found` and `allowed` say why."""

    def __init__(self, key: str, found: str, allowed: str) -> None:
        self.key, self.found, self.allowed = key, found, allowed
        super().__init__(f"{key}: found {found}; allowed: {allowed}")


def is_position(part: str) -> bool:
    """Return whether a part of a key can number an item of a list."""
    return part.isascii() and part.isdigit() and len(part) < 10


def _position(items: list[Any], part: str, key: str) -> int:
    """Return the position in a list that a number or an item's name points to."""
    if is_position(part) and int(part) < len(items):
        return int(part)
    names = [item.get("name") if isinstance(item, dict) else None for item in items]
    if part in names:
        return names.index(part)
    raise KeyPathError(key, shown(part), _places_in(items, [str(name) for name in names if name]))


def _places_in(items: list[Any], names: list[str]) -> str:
    """Return what may follow the key of a list: the names of its items, else their numbers."""
    if names:
        return ", ".join(names)
    if items:
        return phrase("0 to {last}", last=len(items) - 1)
    return phrase("nothing: the list is empty")


def set_value(document: dict[str, Any], key: str, value: Any) -> tuple[str, ...]:
    """Set a dotted key in place; sections on the way are made, list items are named or numbered from 0.

    As in a document that extends another, null removes a key that is there.

    Parameters
    ----------
    document
        The nested document.
    key
        The dotted key.
    value
        What it is set to.

    Returns
    -------
    tuple
        The parts of the key, items of lists by their numbers.

    Raises
    ------
    KeyPathError
        If the key has an empty part, too many parts, or runs through something that holds no keys.
    """
    parts = key.split(".")
    if not all(parts):
        raise KeyPathError(
            key, phrase("an empty part"), phrase("a dotted key, as sites.penang-01.devices.camera")
        )
    if len(parts) > _LONGEST:
        raise KeyPathError(
            shown(key),
            phrase("{count} parts", count=len(parts)),
            phrase("at most {most}", most=_LONGEST),
        )
    node: Any = document
    numbered: list[str] = []
    for part in parts:
        if not isinstance(node, dict | list):
            raise KeyPathError(
                key,
                phrase("{key} = {value}", key=".".join(numbered), value=shown(node)),
                phrase("a key of a section"),
            )
        place: Any = _position(node, part, key) if isinstance(node, list) else part
        numbered.append(str(place))
        if len(numbered) == len(parts):
            _put(node, place, value)
            break
        if isinstance(node, dict) and node.get(place) is None:
            node[place] = {}
        node = node[place]
    return tuple(numbered)


def _put(node: Any, place: Any, value: Any) -> None:
    if value is None and isinstance(node, dict) and place in node:
        del node[place]
    else:
        node[place] = value


def holds(document: Any, parts: tuple[str, ...]) -> tuple[int, bool]:
    """Return how many leading parts of a key a document holds, and whether it settles what stands there.

    A document settles a key if it has a list or a plain value on the way: whatever is below it, in a document
    that it extends, is replaced.
    """
    node, settled = document, False
    for depth, part in enumerate(parts):
        if isinstance(node, dict) and part in node:
            node = node[part]
        elif isinstance(node, list) and is_position(part) and int(part) < len(node):
            node = node[int(part)]
        else:
            return depth, settled
        settled = settled or not isinstance(node, dict)
    return len(parts), settled


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

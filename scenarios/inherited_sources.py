"""Sources of figures that a document inherits: they go with what they are about.

Who replaces a list or drops a key of the scenario that he extends has no use for what was said about it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scenarios.paths import is_position


def without_orphans(
    stacked: dict[str, Any], before: Mapping[str, Any], own: Mapping[str, Any]
) -> dict[str, Any]:
    """Return a document without inherited sources of what it does not have any more.

    Parameters
    ----------
    stacked
        The document.
    before
        What it extends: only sources of what was there can be left over.
    own
        What it says itself: its own sources stay, and are refused later if they are about nothing.
    """
    sources, mine = stacked.get("sources"), own.get("sources")
    if not isinstance(sources, Mapping):
        return stacked
    said = mine if isinstance(mine, Mapping) else {}
    kept = {
        key: source
        for key, source in sources.items()
        if key in said or _is_there(stacked, str(key)) or not _is_there(before, str(key))
    }
    return {**stacked, "sources": kept} if len(kept) < len(sources) else stacked


def _is_there(document: Mapping[str, Any], key: str) -> bool:
    """Return whether a document says anything at a dotted key; items of lists go by position or name."""
    node: Any = document
    for part in key.split("."):
        if isinstance(node, Mapping) and part in node:
            node = node[part]
        elif isinstance(node, list) and is_position(part) and int(part) < len(node):
            node = node[int(part)]
        elif isinstance(node, list):
            named = [i for i in node if isinstance(i, Mapping) and i.get("name") == part]
            if not named:
                return False
            node = named[0]
        else:
            return False
    return True

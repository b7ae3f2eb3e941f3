"""Text that people gave, as it may stand in Markdown."""

from __future__ import annotations

_MEANT = "\\`*_{}[]()<>#+-.!|~$:&"


def plain(text: str) -> str:
    """Return text with nothing in it that Markdown would read."""
    return "".join(f"\\{c}" if c in _MEANT else " " if c in "\r\n" else c for c in text)

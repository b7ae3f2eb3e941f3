"""The examples in docs/scenarios.md: its fenced blocks, and the messages for slips that people make.

A block whose fence reads `yaml scenario` is a whole document, `yaml child FILE` one that extends it, and
plain `yaml` a fragment that is merged with the whole one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scenarios import ScenarioError, from_document
from scenarios.documents import parse
from scenarios.paths import stack

_FENCE = re.compile(r"^```(\w+)([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)

#: Slips in fragments on the first scenario of the page.
SLIPS = (
    "sites: {old-town: {device: {camera: 3}}}",
    "sites: {old-town: {devices: {camera: many}}}",
    "sites: {old-town: {devices: {sensor: 3}}}",
    "sites: {harbour: {city: rayong, customer: council, devices: {camera: 5}}}",
    "countries: {thailand: {zone: null}}",
    "cities: {bangkok: {time_zone: Bangkok}}",
    "start: 1 July 2026",
    'calendars: {week: {hours: {mon: ["8:00-18:00"]}}}',
    'calendars: {week: {hours: {mon: ["08:00-18:00", "17:00-20:00"]}}}',
    "fault_types: {no-picture: {work_hours: -1}}",
    "fault_types: {no-picture: {work_hours: {distribution: lognormal, mean: 2}}}",
    "fault_types: {no-picture: {skill: audio}}",
    "device_types: {camera: {faults: {no-picture: 0.9}}}",
    "centres: {station: {serves: {sites: [old-town]}}}",
    "parts: {sensor: {unit_cost: 200 CNY}}",
    "sla: [{name: standard, targets: {response: 12, attend: 12}}]",
    "travel: {method: matrix, hours: {station: {old-town: 0.4}}}",
    "changes: [{from: 2026-08-01, set: {days: 30}}]",
)


@dataclass(frozen=True)
class Block:
    """A fenced block of a page.

    Parameters
    ----------
    language
        First word of its fence.
    role
        The rest of the fence.
    text
        What is in it.
    """

    language: str
    role: str
    text: str


def blocks(page: Path) -> list[Block]:
    """Return the fenced blocks of a page, in order."""
    found = _FENCE.findall(page.read_text(encoding="utf-8"))
    return [Block(language, role.strip(), text) for language, role, text in found]


def first_scenario(page: Path) -> dict[str, Any]:
    """Return the whole scenario of a page."""
    text = next(b.text for b in blocks(page) if b.role == "scenario")
    document: dict[str, Any] = parse(text, page.name)
    return document


def merged(base: dict[str, Any], fragment: str) -> dict[str, Any]:
    """Return a scenario with a fragment of YAML laid over it."""
    return stack(base, parse(fragment, "fragment"))


def common_errors(page: Path) -> str:
    """Return a table of slips and of what Banyan says to each.

    Parameters
    ----------
    page
        The page whose scenario the slips are made in.

    Raises
    ------
    ValueError
        If a slip is no error.
    """
    base = first_scenario(page)
    lines = ["| you write | Banyan says |", "| --- | --- |"]
    for slip in SLIPS:
        said = "<br>".join(f"`{message}`" for message in _messages(merged(base, slip)))
        if not said:
            raise ValueError(f"this is no error: {slip}")
        lines.append(f"| `{slip}` | {said} |")
    return "\n".join(lines)


def _messages(document: dict[str, Any]) -> list[str]:
    """Return what is said about a document, without the name of its file."""
    try:
        from_document(document, "")
    except ScenarioError as error:
        return [str(problem).replace("`", "'") for problem in error.problems]
    return []

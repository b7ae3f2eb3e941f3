"""What the things of a scenario are called when they are shown to people.

Tables carry keys; whoever shows a figure looks its name up here, or in `summary.json`.
"""

from __future__ import annotations

from scenarios.schema import Scenario

_SECTIONS = (
    "countries",
    "cities",
    "customers",
    "sites",
    "centres",
    "device_types",
    "fault_types",
    "parts",
)


def shown_names(s: Scenario) -> dict[str, dict[str, str]]:
    """Return the names by section and key; what has none is called by its key and left out."""
    return {
        section: {key: thing.name for key, thing in getattr(s, section).items() if thing.name}
        for section in _SECTIONS
    }

"""Keys without effect beside what stands at another key: speeds where the network is used, and the like.

Only what compiling a scenario leaves unread is told here; what is refused outright is found by loading.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ui.lab.study import value_at

#: Beginnings of keys, the key that decides on them, and its values with which they are read.
_READ_WITH = (
    ("travel.speed_kmh", "travel.method", ("great_circle",)),
    ("travel.circuity", "travel.method", ("great_circle",)),
    ("travel.intercity_speed_kmh", "travel.method", ("great_circle",)),
    ("travel.intercity_circuity", "travel.method", ("great_circle",)),
    ("travel.hours", "travel.method", ("matrix",)),
    ("links", "travel.method", ("network",)),
    ("city_travel", "travel.method", ("network",)),
    ("warm_up.days", "warm_up.method", ("fixed",)),
)


def without_effect(document: Mapping[str, Any], key: str) -> str:
    """Return the key because of whose value another key has no effect; empty where it has one.

    Parameters
    ----------
    document
        The resolved document of a scenario.
    key
        Dotted key.
    """
    for beginning, other, values in _READ_WITH:
        if (key + ".").startswith(beginning + ".") and value_at(document, other) not in values:
            return other
    return ""

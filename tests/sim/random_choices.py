"""What the parts of a random scenario choose from, and how."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from random import Random
from typing import Any, TypeVar

Document = dict[str, Any]
_T = TypeVar("_T")

SKILLS = ("field", "desk", "power")
LEVELS = ("junior", "intermediate", "senior", "expert")
SEVERITIES = ("minor", "normal", "major", "emergency")
DURATIONS: tuple[float | Document, ...] = (
    0.25,
    0.5,
    1.0,
    3.0,
    {"distribution": "exponential", "mean": 0.4},
    {"distribution": "exponential", "mean": 3.0},
    {"distribution": "gamma", "mean": 1.5, "cv": 0.7},
    {"distribution": "lognormal", "mean": 2.0, "cv": 1.2},
    {"distribution": "uniform", "low": 0.5, "high": 2.0},
    {"distribution": "triangular", "low": 0.0, "mode": 0.5, "high": 3.0},
    {"distribution": "hyperexponential", "mean": 1.0, "cv": 2.0},
)


def some(random: Random, values: Sequence[_T], fewest: int, most: int) -> list[_T]:
    """Return some of the values, from `fewest` to `most` of them."""
    return random.sample(values, random.randint(fewest, most))


def now_and_then(random: Random, items: Iterable[_T], chance: float = 0.6) -> Iterator[_T]:
    """Yield each of the items with a chance."""
    return (item for item in list(items) if random.random() < chance)


def groups(document: Document) -> list[Document]:
    """Return all groups of engineers."""
    return [g for centre in document["centres"].values() for g in centre.get("engineers", {}).values()]


def stocks(document: Document) -> list[Document]:
    """Return the stocks of all depots."""
    return [s for centre in document["centres"].values() for s in centre.get("depot", {}).values()]


def on_site_stages(fault: Document) -> list[Document]:
    """Return the stages of a fault type on site; the fault type itself where it has no stages."""
    return [stage for stage in fault.get("stages", {"visit": fault}).values() if stage.get("on_site", True)]

"""Disruptions as a planner starts from them: how long each kind lasts, where it can strike, what it takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from scenarios.disruptions import ABSENT_SHARE, LOADS, Kind
from ui.lab.study import free_name


@dataclass(frozen=True)
class Preset:
    """What a kind of disruption starts from.

    Parameters
    ----------
    kind
        The kind.
    length
        How long it lasts at first, in its unit; None for what happens at once.
    unit
        days or hours.
    own
        Keys of its own with the value that they start from.
    places
        Sections whose things it can strike.
    """

    kind: str
    length: float | None
    unit: str
    own: Mapping[str, float]
    places: tuple[str, ...] = ("countries", "cities")


#: The kinds in the order in which they are offered.
PRESETS: Mapping[str, Preset] = {
    preset.kind: preset
    for preset in (
        Preset("rain", 7, "days", {}),
        Preset("storm", 2, "days", {}),
        Preset("typhoon", 2, "days", {}),
        Preset("flood", 4, "days", {}),
        Preset("heat", 7, "days", {}),
        Preset("tourist_peak", 20, "days", {"load": LOADS[Kind.TOURIST_PEAK]}),
        Preset("holiday", 3, "days", {"load": LOADS[Kind.HOLIDAY]}),
        Preset("demand", 14, "days", {"load": LOADS[Kind.DEMAND]}),
        Preset("ticket_outage", 4, "hours", {"manual_hours": 0.5}),
        Preset("supplier_outage", 21, "days", {}, ()),
        Preset(
            "staff_shortage", 10, "days", {"absent_share": ABSENT_SHARE}, ("countries", "cities", "centres")
        ),
        Preset("batch_failure", None, "", {"probability": 0.5}),
    )
}


def first_day(document: Mapping[str, Any]) -> date:
    """Return the day that a disruption starts on at first: a month in, or a third of a short run."""
    start = date.fromisoformat(str(document["start"])[:10])
    return start + timedelta(days=int(min(30.0, float(document["days"]) / 3.0)))


def disruption(
    preset: Preset,
    places: Mapping[str, list[str]],
    begin: date,
    length: float | None,
    own: Mapping[str, Any],
    taken: set[str],
) -> dict[str, Any]:
    """Return a disruption as a document has it, under a name that none has.

    Parameters
    ----------
    preset
        Its kind.
    places
        What it strikes, by section; everywhere when empty.
    begin
        Its first day.
    length
        How long it lasts, in the unit of the preset.
    own
        Values of its own keys.
    taken
        Names of other disruptions.
    """
    struck = [name for names in places.values() for name in names]
    wish = "-".join([preset.kind.replace("_", "-"), *struck[:2], begin.isoformat()])
    item: dict[str, Any] = {"name": free_name(wish, taken), "kind": preset.kind, "from": begin.isoformat()}
    if length is not None and preset.unit:
        item[preset.unit] = length
    return {**item, **{k: v for k, v in places.items() if v}, **own}

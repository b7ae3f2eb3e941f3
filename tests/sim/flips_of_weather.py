"""Flips of climate, effects and disruptions, and of what the weather does to devices and work outdoors."""

from __future__ import annotations

from typing import Any

from flips import Flip, flips
from worlds import Document, tiny

CONDITIONS = ("rain", "storm", "typhoon", "flood", "heat")
GROUP = {"count": 2, "level": "junior", "skills": ["field"], "shift": "always"}


def document() -> Document:
    """Return two towns, a climate with all conditions in one, and one disruption of each kind."""
    town = {"country": "here", "lat": 0.0, "lon": 0.0, "time_zone": "UTC"}
    days = {"rain": 20.0, "storm": 4.0, "typhoon": 2.0, "flood": 3.0, "heat": 6.0}
    sites = {
        f"{city}-site": {"city": city, "customer": "owner", "devices": {"fault": 1, kind: 1}}
        for city, kind in (("town", "burst"), ("port", "other"))
    }
    found = tiny(
        {"fault": {"outdoor": True}, "burst": {}, "other": {}},
        {},
        sites=sites,
        days=30.0,
        cities={
            "town": {"name": "Town", **town},
            "port": {"name": "Port", **town, "lat": 1.0, "country": "far"},
        },
        countries={"here": {"name": "Here", "zone": "near"}, "far": {"name": "Far", "zone": "far"}},
        centres={
            city: {"level": "local", "city": city, "engineers": {"a": GROUP}} for city in ("town", "port")
        },
        city_travel={"default": {"slowed_by": {"rain": 1.5}}},
        climate={"cities": {"town": {name: [count] * 12 for name, count in days.items()}}},
        disruptions=[
            {"name": "wet", "kind": "rain", "from": "2026-01-06", "days": 2, "cities": ["port"]},
            {"name": "peak", "kind": "tourist_peak", "from": "2026-01-10", "days": 2, "load": 4.0},
            {"name": "party", "kind": "holiday", "from": "2026-01-13", "days": 2, "load": 4.0},
            {"name": "more", "kind": "demand", "from": "2026-01-16", "days": 2, "load": 4.0},
            {"name": "down", "kind": "ticket_outage", "from": "2026-01-19", "hours": 20},
            {
                "name": "batch",
                "kind": "batch_failure",
                "from": "2026-01-21",
                "batches": [{"fault_type": "burst", "probability": 0.7}],
            },
            {"name": "few", "kind": "staff_shortage", "from": "2026-01-22", "days": 4, "centres": ["town"]},
        ],
    )
    found["device_types"]["fault"]["failures_per_year"] = 365.0 * 4.0
    found["device_types"]["burst"]["failures_per_year"] = 365.0 * 0.5
    found["sites"]["town-site"] |= {"lat": 0.1}
    found["sites"]["town-too"] = {**found["sites"]["town-site"], "lat": -0.1}
    return found


_BURST = {"fault_type": "burst", "device_type": "burst", "probability": 0.7}
_WORK, _REPORTED, _SPELL = "work_orders.work_type", "work_orders.reported_at", "disruptions.kind"


def _batches(section: str) -> list[Flip]:
    """Return the flips of a section's failures in a batch."""
    key = f"{section}.batches"
    rows: tuple[tuple[str, Any, str], ...] = (
        (f"{key}.0.fault_type", "other", _WORK),
        (f"{key}.0.device_type", "other", _WORK),
        (f"{key}.0.probability", 0.0, _WORK),
    )
    return flips(document, *rows, given={key: [_BURST]}, seed=4)


def _of_condition(name: str) -> list[Flip]:
    """Return the flips of the sections of one condition."""
    return flips(
        document,
        (f"effects.{name}.failures", 9.0, _REPORTED),
        (f"effects.{name}.standstill", 5.0, "work_orders.restored_at"),
        (f"climate.cities.town.{name}", [10.0] * 12, _SPELL),
        (f"climate.spells.{name}.hours", 0.5, "disruptions.ended_at"),
        (f"climate.spells.{name}.begins", "03:00-04:00", "disruptions.started_at"),
        (f"{_TYPE}.weather.{name}", 9.0, _REPORTED),
        seed=4,
    )


_TYPE = "device_types.fault"
WEATHER = [
    *(flip for name in CONDITIONS for flip in (*_of_condition(name), *_batches(f"effects.{name}"))),
    *_batches("disruptions.5"),
    *flips(
        document,
        ("disruptions.0.name", "damp", "disruptions.id"),
        ("disruptions.0.kind", "flood", _SPELL),
        ("disruptions.0.from", "2026-01-07T06:30", "disruptions.started_at"),
        ("disruptions.0.days", 3.0, "disruptions.ended_at"),
        ("disruptions.0.cities", ["town", "port"], "disruptions.city"),
        ("disruptions.1.countries", ["far"], "disruptions.city"),
        *((f"disruptions.{number}.load", 1.0, _REPORTED) for number in (1, 2, 3)),
        ("disruptions.4.hours", 2.0, "work_orders.acknowledged_at"),
        ("disruptions.4.manual_hours", 0.5, "work_orders.acknowledged_at"),
        ("disruptions.6.centres", ["port"], "disruptions.city"),
        ("disruptions.6.absent_share", 1.0, "engineer_days.absent_hours"),
        (f"{_TYPE}.load_sensitivity", 0.0, _REPORTED),
        ("fault_types.fault.outdoor", False, "work_orders.restored_at"),
        ("city_travel.default.slowed_by.rain", 4.0, "work_orders.wait_weather"),
        seed=4,
    ),
]

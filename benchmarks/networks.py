"""Service networks of any size for speed tests: generated scenario documents in the ordinary schema."""

from __future__ import annotations

import math
import random
from typing import Any

#: Engineers of a station: certification, count and skill domains.
_STATION = (("junior", 3), ("intermediate", 2), ("senior", 1))
_SKILLS = ("video", "network", "parking", "traffic")
_DEVICES_PER_SITE = 250


def network(orders_per_day: float, engineers: int, days: float) -> dict[str, Any]:
    """Return a scenario document with everything that the model has switched on.

    Parameters
    ----------
    orders_per_day
        Expected work orders a day, above 0.
    engineers
        Engineers in all, at least 6; stations have six each.
    days
        Length of a replication in days.
    """
    draw = random.Random(20261122)
    stations = max(1, round(engineers / sum(n for _, n in _STATION)))
    cities = max(1, math.ceil(stations / 4))
    sites = {f"site-{i:04d}": _site(i % cities, draw) for i in range(4 * stations)}
    failures = orders_per_day * 365.0 / (len(sites) * _DEVICES_PER_SITE)
    return {
        "name": f"network-{orders_per_day:g}-{engineers}",
        "start": "2026-01-01",
        "days": days,
        "replications": 5,
        "skills": list(_SKILLS),
        "countries": {"MY": {"name": "Malaysia", "zone": "near", "holidays": "MY"}},
        "cities": {f"city-{c:03d}": _city(c, draw) for c in range(cities)},
        "calendars": {
            "day": {"hours": {d: ["08:00-20:00"] for d in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}},
            "night": {
                "hours": {d: ["20:00-08:00"] for d in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
            },
            "office": {"hours": {d: ["08:00-18:00"] for d in ("mon", "tue", "wed", "thu", "fri")}},
        },
        "customer_tiers": {"strategic": {"weight": 4}, "key": {"weight": 2}, "ordinary": {"weight": 1}},
        "customers": {t: {"name": t, "tier": t} for t in ("strategic", "key", "ordinary")},
        "profiles": {"busy-hours": {"by_hour": [0.5] * 8 + [1.5] * 12 + [0.5] * 4}},
        "parts": {"board": {"unit_cost": 120}, "lens": {"unit_cost": 60}},
        "fault_types": _fault_types(),
        "device_types": {
            f"{skill}-unit": {
                "failures_per_year": failures,
                "profile": "busy-hours",
                "faults": {f"{skill}-minor": 0.45, f"{skill}-normal": 0.45, f"{skill}-major": 0.1},
            }
            for skill in _SKILLS
        },
        "sites": sites,
        "centres": _centres(stations, cities),
        "sla": [
            {"name": "major", "match": {"severity": "major"}, "targets": {"response": 12, "restore": 72}},
            {
                "name": "office",
                "match": {"customer_tier": "ordinary"},
                "targets": {"response": 12},
                "calendar": "office",
            },
            {"name": "near", "targets": {"response": 12, "restore": 96}},
        ],
        "dispatch": {"policy": "nearest_qualified", "preempting": ["emergency"]},
    }


def _city(number: int, draw: random.Random) -> dict[str, Any]:
    state = ("PNG", "KUL", "JHR")[number % 3]
    position = {"lat": round(draw.uniform(1.5, 6.5), 4), "lon": round(draw.uniform(100.2, 103.8), 4)}
    return {
        "name": f"City {number}",
        "country": "MY",
        "time_zone": "Asia/Kuala_Lumpur",
        "subdivision": state,
        **position,
    }


def _site(city: int, draw: random.Random) -> dict[str, Any]:
    return {
        "city": f"city-{city:03d}",
        "customer": draw.choice(("strategic", "key", "ordinary")),
        "devices": {f"{skill}-unit": _DEVICES_PER_SITE // len(_SKILLS) for skill in _SKILLS},
    }


def _fault_types() -> dict[str, Any]:
    kinds: dict[str, Any] = {}
    for skill in _SKILLS:
        for severity, level, hours in (
            ("minor", "junior", 1.5),
            ("normal", "intermediate", 2.5),
            ("major", "senior", 4.0),
        ):
            kinds[f"{skill}-{severity}"] = {
                "severity": severity,
                "skill": skill,
                "level": level,
                "work_hours": {"distribution": "lognormal", "mean": hours, "cv": 0.6},
                "first_time_fix": 0.88,
                "triage_hours": {"distribution": "exponential", "mean": 0.3},
                "pause": {"probability": 0.1, "hours": {"distribution": "exponential", "mean": 3}},
                "part": {"part": "board" if severity != "minor" else "lens", "probability": 0.3},
            }
    return kinds


def _centres(stations: int, cities: int) -> dict[str, Any]:
    centres: dict[str, Any] = {}
    for number in range(stations):
        groups = {
            f"{level}-{shift}": {
                "count": count // 2 + (count % 2 if shift == "day" else 0),
                "level": level,
                "skills": list(_SKILLS),
                "shift": shift,
                "cost_per_hour": 9,
            }
            for level, count in _STATION
            for shift in ("day", "night")
        }
        stock = {"base_stock": 4, "lead_hours": 96}
        centres[f"station-{number:03d}"] = {
            "level": "local",
            "city": f"city-{number % cities:03d}",
            "engineers": groups,
            "depot": {"board": stock, "lens": stock},
        }
    return centres

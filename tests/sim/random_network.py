"""The plain part of a random scenario: places, customers, faults of one visit, centres with engineers."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from random_choices import DURATIONS, LEVELS, SEVERITIES, SKILLS, Document, some
from worlds import CALENDARS, CITIES, POLICIES, START


def network(random: Random, orders: float) -> Document:
    """Return a scenario in which nothing special happens, with about so many orders at most."""
    cities = some(random, tuple(CITIES), 1, 3)
    days = random.choice((3, 4, 5, 6, 8))
    faults = {f"f{i}": _fault(random) for i in range(random.randint(1, 3))}
    yearly = orders * random.choice((0.1, 0.3, 0.6)) * 365.0 / days / 3
    devices = {f"d{i}": _device(random, faults, yearly) for i in range(random.randint(1, 2))}
    start = random.choice((START, START, date(2026, 1, 29)))
    return {
        "name": "random",
        "start": start,
        "days": float(days),
        "skills": list(SKILLS),
        "countries": {
            CITIES[c]["country"]: {
                "name": c,
                "zone": ("near", "far")[i % 2],
                "extra_holidays": [start + timedelta(days=2)] if random.random() < 0.3 else [],
            }
            for i, c in enumerate(cities)
        },
        "cities": {c: {"name": c, **CITIES[c]} for c in cities},
        "calendars": dict(CALENDARS),
        "customer_tiers": {"gold": {"weight": 3.0}, "plain": {}},
        "customers": {"g": {"name": "G", "tier": "gold"}, "p": {"name": "P", "tier": "plain"}},
        "profiles": {"rush": {"by_hour": [0.0] * 6 + [1.0] * 6 + [2.0] * 6 + [0.5] * 6}},
        "parts": {"board": {"unit_cost": 10.0}, "lens": {"unit_cost": 3.0}},
        "fault_types": faults,
        "device_types": devices,
        "sites": _sites(random, cities, devices),
        "centres": _centres(random, cities),
        "travel": {"speed_kmh": 40.0, "intercity_speed_kmh": 600.0, "cost_per_hour": 2.0},
        "sla": [],
        "dispatch": {"policy": random.choice(POLICIES)},
        "changes": [],
    }


def _fault(random: Random) -> Document:
    return {
        "severity": random.choice(SEVERITIES),
        "devices_down": random.randint(0, 4),
        "skill": random.choice(SKILLS),
        "level": random.choice(LEVELS[:3]),
        "work_hours": random.choice(DURATIONS),
    }


def _device(random: Random, faults: Document, yearly: float) -> Document:
    device: Document = {
        "failures_per_year": yearly,
        "population": "infinite",
        "faults": dict.fromkeys(faults, 1.0 / len(faults)),
    }
    return device | ({"profile": "rush"} if random.random() < 0.4 else {})


def _sites(random: Random, cities: list[str], devices: Document) -> Document:
    sites = {}
    for number in range(random.randint(1, 4)):
        city = random.choice(cities)
        sites[f"s{number}"] = {
            "city": city,
            "customer": random.choice(("g", "p")),
            "lat": CITIES[city]["lat"] + 0.05 * number,
            "devices": {name: random.randint(1, 2) for name in devices},
        }
    return sites


def _centres(random: Random, cities: list[str]) -> Document:
    """Return a headquarters that serves and stocks everything, further centres, and a partner."""
    centres: Document = {
        "hq": {
            "level": "hq",
            "city": cities[0],
            "serves": {"countries": [CITIES[c]["country"] for c in cities]},
            "engineers": {"crew": _group(random, 2)},
            "depot": {"board": _stock(random), "lens": _stock(random)},
        }
    }
    for number in range(random.randint(0, 3)):
        city = random.choice(cities)
        centre: Document = {
            "level": random.choice(("local", "regional")),
            "city": city,
            "lat": CITIES[city]["lat"] + random.choice((0.0, 0.1, -0.2)),
            "engineers": {name: _group(random, 1) for name in some(random, "ab", 1, 2)},
            "depot": {"board": _stock(random)} if random.random() < 0.6 else {},
        }
        if random.random() < 0.5:
            centre["serves"] = {"cities": sorted({city, random.choice(cities)})}
        centres[f"c{number}"] = centre
    terms = {"attend_hours": random.choice(DURATIONS), "price_per_order": 80.0}
    return {**centres, "partner": {"level": "partner", "city": cities[0], "partner": terms}}


def _group(random: Random, fewest: int) -> Document:
    return {
        "count": random.randint(min(fewest, 1), 3),
        "level": random.choice(LEVELS),
        "skills": {skill: random.choice(LEVELS) for skill in some(random, SKILLS, fewest, 3)},
        "shift": "always",
        "cost_per_hour": random.choice((0.0, 12.5)),
    }


def _stock(random: Random) -> Document:
    return {"base_stock": random.randint(0, 5), "lead_hours": random.choice(DURATIONS)}

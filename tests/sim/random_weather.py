"""What may be added to the outside of a random scenario: ways between cities, weather, disruptions."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from itertools import combinations
from random import Random

from random_choices import DURATIONS, Document, now_and_then, some

CONDITIONS = ("rain", "storm", "typhoon", "flood", "heat")
KINDS = (
    *CONDITIONS,
    "tourist_peak",
    "holiday",
    "demand",
    "ticket_outage",
    "supplier_outage",
    "staff_shortage",
    "batch_failure",
)


def ways(document: Document, random: Random) -> None:
    """Let people travel over links between the cities, which operate in daily windows."""
    document["travel"] = {"method": "network", "cost_per_hour": 2.0, "cost_per_night": 20.0}
    document["links"] = {}
    for a, b in combinations(document["cities"], 2):
        link: Document = {"from": a, "to": b, "mode": random.choice(("road", "ferry", "air"))}
        link |= {
            "ride_hours": 1.5,
            "access_hours": 0.3,
            "wait_hours": random.choice((0.0, 1.0)),
            "cost": 40.0,
        }
        if random.random() < 0.4:
            link["operates"] = ["06:00-22:00"]
        document["links"][f"{a}-{b}"] = link
    document["city_travel"] = {
        "default": {"speed_kmh": 25.0, "traffic_by_hour": [1.0] * 7 + [1.6] * 3 + [1.0] * 14},
    }


def climate(document: Document, random: Random) -> None:
    """Let there be weather that slows and closes travel, and adds and takes away failures."""
    document["climate"] = {
        "cities": {
            city: {c: [random.choice((5.0, 20.0))] * 12 for c in some(random, CONDITIONS, 1, 3)}
            for city in document["cities"]
        }
    }
    document["effects"] = {
        "rain": {"failures": random.choice((0.5, 1.5)), "standstill": random.choice((0.0, 1.43))},
        "heat": {"failures": random.choice((0.7, 1.2))},
    }
    if random.random() < 0.5:
        fault = random.choice([f for f in document["fault_types"] if f != "visit"])
        document["effects"]["typhoon"] = {"batches": [{"fault_type": fault, "probability": 0.5}]}
    for link in document.get("links", {}).values():
        link["slowed_by"] = {"rain": 1.5, "heat": 1.2}
        link["closed_by"] = ["typhoon", "storm"]
    travel = document.setdefault("city_travel", {}).setdefault("default", {})
    travel["slowed_by"] = {"rain": 1.4, "storm": 2.0}
    for device in now_and_then(random, document["device_types"].values(), 0.4):
        device["weather"] = {"storm": 0.0, "heat": 2.0}


def disruptions(document: Document, random: Random) -> None:
    """Let several things happen on a date."""
    begin = datetime.combine(document["start"], time())
    found = []
    for number, kind in enumerate(some(random, KINDS, 2, 5)):
        at = begin + timedelta(hours=6 * random.randint(0, int(4 * document["days"]) - 2))
        one: Document = {"name": f"e{number}", "kind": kind, "from": at.isoformat(timespec="minutes")}
        if kind != "batch_failure":
            one["hours"] = random.choice((5.0, 30.0))
        else:
            faults = [f for f in document["fault_types"] if f != "visit"]
            one["batches"] = [{"fault_type": random.choice(faults), "probability": 0.7}]
        if kind in ("tourist_peak", "holiday", "demand"):
            one["load"] = random.choice((0.5, 2.5))
        if kind == "ticket_outage" and random.random() < 0.5:
            one["manual_hours"] = 2.0
        if kind == "staff_shortage":
            one["absent_share"] = 0.5
        if kind != "supplier_outage" and random.random() < 0.4:
            one["cities"] = [random.choice(list(document["cities"]))]
        found.append(one)
    document["disruptions"] = found
    for device in now_and_then(random, document["device_types"].values(), 0.4):
        device["load_sensitivity"] = 0.5


def complaints(document: Document, random: Random) -> None:
    """Let customers be called and complain, and let it be known what they think."""
    desk = {f"{step}_hours": random.choice(DURATIONS) for step in ("answer", "solution", "confirmation")}
    document["aftercare"] = {
        "follow_up": {"share": 0.7, "hours": random.choice(DURATIONS), "opens": "office"},
        "complaints": {"share": 0.5, "delay_hours": random.choice(DURATIONS), **desk},
    }
    document["satisfaction"] = {}

"""What may be added to the rules of a random scenario: dispatch, SLA, alerts, and changes on a date."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from random import Random
from typing import Any

from random_choices import SEVERITIES, Document, some
from worlds import POLICIES


def sla(document: Document, random: Random) -> None:
    """Let there be one to three rules."""
    document["sla"] = [_rule(number, random) for number in range(random.randint(1, 3))]


def _rule(number: int, random: Random) -> Document:
    clocks = some(random, ("respond", "attend", "restore", "complete"), 1, 3)
    rule: Document = {
        "name": f"rule-{number}",
        "targets": {clock: random.choice((0.5, 4.0, 12.0, 30.0)) for clock in clocks},
        "pauses": random.choice((True, False)),
        "penalty_per_breach": 100.0,
    }
    if random.random() < 0.6:
        rule["calendar"] = random.choice(("office", "night"))
    if random.random() < 0.6:
        rule["match"] = random.choice(({"severity": random.choice(SEVERITIES)}, {"customer_tier": "gold"}))
    return rule


def earliest_arrival(document: Document, random: Random) -> None:
    """Let the policy be the one that waits for somebody busy."""
    if random.random() < 0.5:
        document["dispatch"]["policy"] = "earliest_arrival"


def preempting(document: Document, random: Random) -> None:
    """Let some severities interrupt lesser work."""
    document["dispatch"]["preempting"] = some(random, SEVERITIES, 1, 3)


def overflow(document: Document, random: Random) -> None:
    """Let orders go to the partner."""
    if random.random() < 0.6:
        document["dispatch"]["overflow"] = _overflow(random)


def _overflow(random: Random) -> Document:
    rule: Document = {"partner": "partner", "after_hours": random.choice((0.0, 1.0, 5.0))}
    if random.random() < 0.7:
        rule["severities"] = some(random, SEVERITIES, 1, 2)
    return rule


def partner_hours(document: Document, random: Random) -> None:
    """Let the partner have few people, who work by a calendar."""
    terms = document["centres"]["partner"]["partner"]
    terms["capacity"] = random.choice((1, 2))
    if random.random() < 0.6:
        terms["calendar"] = random.choice(("office", "night"))


def crossing(document: Document, random: Random) -> None:
    """Let engineers of other territories help."""
    rule: Document = {
        "after_hours": random.choice((0.0, 0.0, 0.5, 3.0)),
        "within": random.choice(("country", "zone", "network")),
    }
    if random.random() < 0.5:
        rule["severities"] = some(random, SEVERITIES, 1, 3)
    if random.random() < 0.3:
        own = [key for key, centre in document["centres"].items() if centre["level"] != "partner"]
        rule["centres"] = some(random, own, 1, len(own))
    document["dispatch"]["crossing"] = rule


def shift_end(document: Document, random: Random) -> None:
    """Let work be left at the end of a shift."""
    rule: Document = {"rule": random.choice(("finish", "hand_over", "resume"))}
    if rule["rule"] == "finish" or random.random() < 0.5:
        rule["overtime_hours"] = random.choice((0.0, 0.5, 2.0))
    rule["hand_over_hours"] = random.choice((0.0, 0.5))
    rule["resume_within_hours"] = random.choice((10.0, 72.0))
    document["dispatch"]["shift_end"] = rule


def alerts(document: Document, random: Random) -> None:
    """Let several things be watched, each with triggers of its own."""
    thresholds = {"backlog": (0.0, 3.0), "csat": (60.0, 97.0), "complaints": (0.0,), "outage": (1.0,)}
    document.setdefault("satisfaction", {})
    document["alerts"] = [
        {
            "name": f"a{number}",
            "kind": kind,
            "scope": random.choice(("city", "country", "network")),
            "threshold": random.choice(thresholds[kind]),
            **({} if kind == "outage" else {"days": 1}),
            "least": 1,
            "triggers": _triggers(document, random),
        }
        for number, kind in enumerate(some(random, tuple(thresholds), 1, 3))
    ]


def suspension(document: Document, random: Random) -> None:
    """Let a centre be suspended after a bad month."""
    document["penalties"] = {
        "suspension": {
            "clock": random.choice(("attend", "all")),
            "target": 1.0,
            "months": 1,
            "triggers": _triggers(document, random),
        }
    }


def _triggers(document: Document, random: Random) -> Document:
    """Return what an alert sets off; help from other centres only where it is said whose."""
    helped = random.random() < 0.7 and "crossing" in document["dispatch"]
    found: Document = {"mutual_aid": helped, "reprioritise": random.random() < 0.6}
    return found | ({"overflow": _overflow(random)} if random.random() < 0.5 else {})


#: What belongs to the section `dispatch`, which a change on a date writes anew.
DISPATCH = {
    "earliest_arrival": earliest_arrival,
    "preempting": preempting,
    "overflow": overflow,
    "crossing": crossing,
    "shift_end": shift_end,
}


def changes(document: Document, random: Random, features: Collection[str]) -> None:
    """Let head counts, prices, shifts, dispatch, rates, stock or travel change on up to three dates.

    Parameters
    ----------
    document
        The scenario.
    random
        Draws them.
    features
        What the scenario may have: nothing else comes with a change.
    """
    days = range(1, int(document["days"]))
    document["changes"] = [
        {"from": document["start"] + timedelta(days=day), "set": _set(document, random, features)}
        for day in sorted(some(random, days, 1, min(3, len(days))))
    ]


def _set(document: Document, random: Random, features: Collection[str]) -> dict[str, Any]:
    """Return what a change sets."""
    centres = document["centres"]
    groups = [f"centres.{c}.engineers.{g}" for c, b in centres.items() for g in b.get("engineers", {})]
    lost = {
        f"centres.{loss['centre']}.engineers.{loss['group']}"
        for loss in document.get("absences", {}).get("key_person_loss", ())
    }
    counted = random.choice(groups)
    device = random.choice(list(document["device_types"]))
    new: dict[str, Any] = {
        f"{counted}.count": random.randint(int(counted in lost), 4),
        f"{random.choice(groups)}.cost_per_hour": random.choice((7.0, 12.5)),
        f"{random.choice(groups)}.shift": random.choice(("always", "day", "night")),
        "dispatch": _dispatch(document, random, features),
        f"device_types.{device}.failures_per_year": random.choice((0.0, 900.0)),
        "travel.speed_kmh": 20.0,
    }
    if "base_stock" in centres["hq"]["depot"]["board"]:
        new["centres.hq.depot.board.base_stock"] = random.randint(0, 4)
    if "diagnose" in features:
        new["parts_policy.before_visit"] = random.choice(("wait", "diagnose"))
    return {key: new[key] for key in some(random, list(new), 1, 4)}


def _dispatch(document: Document, random: Random, features: Collection[str]) -> Document:
    """Return a new section on dispatch."""
    changed: Document = {"centres": document["centres"], "dispatch": {"policy": random.choice(POLICIES)}}
    for name, add in DISPATCH.items():
        if name in features and (random.random() < 0.6 or name == "crossing"):
            add(changed, random)
    written: Document = changed["dispatch"]
    return written

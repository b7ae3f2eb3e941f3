"""What may be added to the engineers of a random scenario, and to who may meet them."""

from __future__ import annotations

from datetime import timedelta
from random import Random

from random_choices import LEVELS, SEVERITIES, Document, groups, now_and_then, some

LANGUAGES = ("thai", "malay")


def shifts(document: Document, random: Random) -> None:
    """Let most groups work in shifts."""
    for group in now_and_then(random, groups(document), 0.8):
        group["shift"] = random.choice(("always", "day", "split", "night"))


def on_call(document: Document, random: Random) -> None:
    """Let some groups be called beside their shift."""
    for group in now_and_then(random, groups(document)):
        group["on_call"] = {
            "calendar": random.choice(("always", "night", "office")),
            "severities": some(random, SEVERITIES, 1, 4),
            "one_week_in": random.choice((1, 1, 2)),
            "standby_per_hour": 3.0,
        }


def languages(document: Document, random: Random) -> None:
    """Let some sites ask for a language, and some for a pass."""
    for site in now_and_then(random, document["sites"].values(), 0.5):
        site["languages"] = some(random, LANGUAGES, 1, 2)
    for site in now_and_then(random, document["sites"].values(), 0.3):
        site["security_pass"] = "port"
    for group in now_and_then(random, groups(document), 0.7):
        group["languages"] = some(random, LANGUAGES, 1, 2)
        group["passes"] = ["port"] if random.random() < 0.7 else []


def absences(document: Document, random: Random) -> None:
    """Let people be away often, some of them on terms of their own."""
    document.setdefault("absences", {}).update(_terms(random))
    for group in now_and_then(random, groups(document), 0.3):
        group["absences"] = _terms(random)


def _terms(random: Random) -> Document:
    day = {"distribution": "exponential", "mean": 1.0}
    terms: Document = {
        "annual_leave_days": 60.0,
        "leave_block_days": random.randint(1, 2),
        "sick_spells_per_year": 40.0,
        "sick_days": day,
        "training_hours_per_year": 700.0,
        "training_blocks_per_year": random.choice((12, 52)),
        "attrition_per_year": dict.fromkeys(LEVELS, 5.0),
        "replacement_days": day,
        "ramp_up_days": 2.0,
        "ramp_up_factor": random.choice((1.0, 1.5)),
    }
    chosen = some(random, ("annual_leave_days", "sick_spells_per_year", "training_hours_per_year"), 0, 3)
    kept = {*chosen, *(name for name in terms if "_per_year" not in name and name != "annual_leave_days")}
    kept |= {"attrition_per_year"} if random.random() < 0.4 else set()
    return {name: value for name, value in terms.items() if name in kept}


def losses(document: Document, random: Random) -> None:
    """Let the first engineer of a group leave on a date, and the others be slower for it."""
    held = [
        (key, name)
        for key, centre in document["centres"].items()
        for name, group in centre.get("engineers", {}).items()
        if group["count"] > 0
    ]
    centre, group = random.choice(held)
    loss = {
        "from": document["start"] + timedelta(days=random.randint(0, 2)),
        "centre": centre,
        "group": group,
        "replacement_days": random.choice((0.5, 2.0)),
        "effect_days": 2.0,
        "effect_factor": random.choice((1.0, 1.3)),
    }
    document.setdefault("absences", {})["key_person_loss"] = [loss]

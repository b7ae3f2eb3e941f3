"""What may be added to the fault types of a random scenario, and to what fails how."""

from __future__ import annotations

from random import Random

from random_choices import (
    DURATIONS,
    LEVELS,
    SKILLS,
    Document,
    now_and_then,
    on_site_stages,
    some,
)


def stages(document: Document, random: Random) -> None:
    """Let some faults go through stages, away from the site and on it."""
    for fault in now_and_then(random, document["fault_types"].values(), 0.5):
        for name in ("skill", "level", "work_hours"):
            del fault[name]
        fault["stages"] = {
            "remote": {**_stage(random), "on_site": False, "next": {"visit": 0.6, "expert": 0.2}},
            "visit": {**_stage(random), "next": {"visit": 0.2, "expert": 0.3}},
            "expert": {**_stage(random), "next": {"remote": 0.3}},
        }


def _stage(random: Random) -> Document:
    return {
        "skill": random.choice(SKILLS),
        "level": random.choice(LEVELS[:3]),
        "work_hours": random.choice(DURATIONS),
    }


def repeats(document: Document, random: Random) -> None:
    """Let some visits have to be repeated."""
    for fault in now_and_then(random, document["fault_types"].values()):
        if "stages" not in fault:
            fault["first_time_fix"] = 0.6


def levels(document: Document, random: Random) -> None:
    """Let what follows a visit depend on the level of who did it."""
    for fault in now_and_then(random, document["fault_types"].values()):
        if "stages" in fault:
            by_level = {"junior": {"visit": 0.5, "expert": 0.3}, "senior": {}}
            fault["stages"]["visit"]["next_by_level"] = by_level
        else:
            fault["first_time_fix"] = {"junior": 0.4, "senior": 0.9}


def restores(document: Document, random: Random) -> None:
    """Let some stages restore service although another one may follow."""
    for fault in document["fault_types"].values():
        for stage in now_and_then(random, fault.get("stages", {}).values(), 0.4):
            stage["restores"] = True


def triage(document: Document, random: Random) -> None:
    """Let some orders be triaged first."""
    for fault in now_and_then(random, document["fault_types"].values()):
        fault["triage_hours"] = random.choice(DURATIONS)


def pauses(document: Document, random: Random) -> None:
    """Let some orders wait for their customer."""
    for fault in now_and_then(random, document["fault_types"].values()):
        fault["pause"] = {"probability": random.choice((0.3, 1.0)), "hours": random.choice(DURATIONS)}


def self_help(document: Document, random: Random) -> None:
    """Let customers help themselves."""
    for fault in now_and_then(random, document["fault_types"].values()):
        fault["self_help"] = {"use": 0.5, "success": 0.5, "hours": random.choice(DURATIONS)}


def remote(document: Document, random: Random) -> None:
    """Let the contact desk try from afar, in its opening hours."""
    for fault in now_and_then(random, document["fault_types"].values()):
        fault["remote"] = {"use": 0.5, "success": 0.5, "hours": random.choice(DURATIONS)}
        if random.random() < 0.5:
            fault["remote"]["opens"] = random.choice(("office", "night"))


def diagnosis(document: Document, random: Random) -> None:
    """Let visits begin with a diagnosis."""
    for fault in now_and_then(random, document["fault_types"].values()):
        fault["diagnosis_hours"] = random.choice(DURATIONS)


def misdiagnosis(document: Document, random: Random) -> None:
    """Let some diagnoses be wrong, and ask for the wrong people."""
    for fault in now_and_then(random, document["fault_types"].values()):
        fault["misdiagnosis"] = {"probability": 0.4, "work_share": random.choice((0.0, 0.5))}
        if random.random() < 0.5:
            fault["misdiagnosis"] |= {"skill": random.choice(SKILLS), "level": random.choice(LEVELS[:3])}


def ar(document: Document, random: Random) -> None:
    """Let some orders be guided."""
    for fault in now_and_then(random, document["fault_types"].values()):
        random.choice(on_site_stages(fault))["ar"] = {"use": 0.5, "factor": random.choice((0.5, 1.5))}


def crews(document: Document, random: Random) -> None:
    """Let some visits take a crew."""
    for fault in now_and_then(random, document["fault_types"].values()):
        holder = random.choice((fault, *on_site_stages(fault)))
        holder["crew"] = {
            "size": random.randint(1, 3),
            "level": random.choice(LEVELS[:2]),
            "reserve_after_hours": random.choice((0.0, 1.0, 5.0, 1000.0)),
        }


def experts(document: Document, random: Random) -> None:
    """Let an expert join some visits from afar."""
    for fault in now_and_then(random, document["fault_types"].values()):
        fault["remote_expert"] = {"level": random.choice(LEVELS), "speedup": random.choice((0.5, 1.0))}
        if random.random() < 0.5:
            fault["remote_expert"]["skill"] = random.choice(SKILLS)


def verification(document: Document, random: Random) -> None:
    """Let customers verify what was restored."""
    for fault in now_and_then(random, document["fault_types"].values()):
        fault["verification_hours"] = random.choice(DURATIONS)


def outdoor(document: Document, random: Random) -> None:
    """Let the weather stop some work."""
    for fault in now_and_then(random, document["fault_types"].values()):
        fault["outdoor"] = True


def finite(document: Document, random: Random) -> None:
    """Let some devices have to work before they fail again."""
    for device in now_and_then(random, document["device_types"].values(), 0.4):
        device["population"] = "finite"


def inspections(document: Document, random: Random) -> None:
    """Let sites be inspected, and faults of infinite bases have defects that may be found."""
    finite_kinds = [k for k in document["device_types"].values() if k["population"] == "finite"]
    undelayed = {fault for kind in finite_kinds for fault in kind["faults"]}
    delayed = [fault for name, fault in document["fault_types"].items() if name not in undelayed]
    for fault in now_and_then(random, delayed):
        fault["delay_hours"] = random.choice((*DURATIONS, 24.0, 60.0))
    visit = {"skill": random.choice(SKILLS), "work_hours": random.choice(DURATIONS)}
    document["fault_types"]["visit"] = {"severity": "minor", **visit}
    document["inspections"] = {
        "fault_type": "visit",
        "every_days": random.choice((0.7, 1.5)),
        "calendar": random.choice((None, "office")),
        "hours_per_defect": random.choice((0.0, 0.3)),
        "detection": random.choice((0.4, 1.0)),
    }


def prediction(document: Document, random: Random) -> None:
    """Let some failures of infinite bases be announced, and some that never come."""
    kinds = [name for name, kind in document["device_types"].items() if kind["population"] == "infinite"]
    if kinds:
        document["prediction"] = {
            "recall": random.choice((0.5, 1.0)),
            "precision": random.choice((0.4, 0.9)),
            "lead_hours": random.choice((6.0, 30.0)),
            "check_hours": random.choice(DURATIONS),
            "device_types": some(random, kinds, 1, len(kinds)),
        }

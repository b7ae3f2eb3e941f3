"""Flips of engineers: who they are, what they cost, when they may be called, and why they are not there."""

from __future__ import annotations

from typing import Any

from flips import Flip, flips
from worlds import Document, tiny

_GROUP = "centres.base.engineers.a"
_DAYS = "engineer_days"
_LOSS = "absences.key_person_loss.0"
#: Every reason to be away at once.
_AWAY: Document = {
    "annual_leave_days": 30.0,
    "sick_spells_per_year": 10.0,
    "sick_days": 3.0,
    "training_hours_per_year": 120.0,
    "attrition_per_year": {"senior": 5.0},
    "replacement_days": 5.0,
    "ramp_up_factor": 1.6,
}


def team() -> Document:
    """Return two sites, two groups of engineers at one centre, and a group elsewhere."""
    office = {"skills": {"field": "senior"}, "cost_per_hour": 10.0}
    document = tiny(
        {
            "fault": {
                "work_hours": {"distribution": "exponential", "mean": 2.0},
                "first_time_fix": {"junior": 0.4, "senior": 0.9},
            }
        },
        {
            "a": {"count": 2, "level": "senior", "shift": "day", "languages": ["en"], **office},
            "b": {"count": 1, "shift": "day", "languages": ["en"], "passes": ["gate"]},
        },
        sites=["site", "plant"],
        hours={"base": {"site": 0.5, "plant": 0.5}},
        days=100.0,
    )
    document["centres"]["other"] = {
        "level": "local",
        "city": "town",
        "serves": {"sites": ["plant"]},
        "engineers": {"a": {"count": 2, "level": "junior", "skills": ["field"], "shift": "day"}},
    }
    document["travel"]["hours"]["other"] = {"site": 0.5, "plant": 0.5}
    document["device_types"]["fault"]["failures_per_year"] = 300.0
    return document


def _of_absences(section: str) -> list[Flip]:
    """Return the flips of a section of terms of absence."""
    return flips(
        team,
        (f"{section}.annual_leave_days", 60.0, f"{_DAYS}.absent_hours"),
        (f"{section}.leave_block_days", 2, f"{_DAYS}.absent_hours"),
        (f"{section}.sick_spells_per_year", 20.0, f"{_DAYS}.absent_hours"),
        (f"{section}.sick_days", 6.0, f"{_DAYS}.absent_hours"),
        (f"{section}.training_hours_per_year", 240.0, f"{_DAYS}.training_hours"),
        (f"{section}.training_blocks_per_year", 30, f"{_DAYS}.training_hours"),
        (f"{section}.attrition_per_year.senior", 0.0, f"{_DAYS}.roster_hours"),
        (f"{section}.replacement_days", 30.0, f"{_DAYS}.roster_hours"),
        (f"{section}.ramp_up_days", 2.0, "visits.work_hours"),
        (f"{section}.ramp_up_factor", 3.0, "visits.work_hours"),
        given={section: dict(_AWAY)},
    )


#: Monday to Friday; on call in the evening.
_EVENING: Document = {
    "calendar": "evening",
    "severities": ["normal"],
    "one_week_in": 1,
    "standby_per_hour": 2.0,
}
_CALENDARS: dict[str, Any] = {
    "calendars.evening.hours": {d: ["16:00-22:00"] for d in ("mon", "tue", "wed", "thu", "fri", "sat")},
    "calendars.early.hours": {d: ["04:00-08:00"] for d in ("mon", "tue", "wed", "thu", "fri", "sat")},
}
PEOPLE = [
    *flips(
        team,
        (f"{_GROUP}.count", 3, f"{_DAYS}.engineer"),
        (f"{_GROUP}.level", "expert", f"{_DAYS}.roster_hours"),
        (f"{_GROUP}.skills.field", "junior", "visits.outcome"),
        (f"{_GROUP}.shift", "night", f"{_DAYS}.roster_hours"),
        (f"{_GROUP}.cost_per_hour", 20.0, f"{_DAYS}.cost_labour"),
        (f"{_GROUP}.overtime_factor", 3.0, f"{_DAYS}.cost_overtime"),
        given={"absences": {"attrition_per_year": {"senior": 5.0}}},
    ),
    *flips(
        team,
        ("sites.plant.languages", ["vi"], "visits.engineer"),
        (f"{_GROUP}.languages", ["vi"], "visits.engineer"),
        given={
            "sites.plant.languages": ["vi", "en"],
            "centres.base.engineers.b.languages": ["vi"],
            "sites.site.languages": ["en"],
        },
    ),
    *flips(
        team,
        ("sites.plant.security_pass", "gate", "visits.engineer"),
    ),
    *flips(
        team,
        (f"{_GROUP}.passes", ["gate"], "visits.engineer"),
        given={"sites.plant.security_pass": "gate"},
    ),
    *flips(
        team,
        (f"{_GROUP}.on_call.calendar", "early", f"{_DAYS}.cost_overtime"),
        (f"{_GROUP}.on_call.severities", ["major"], "visits.booked_at"),
        (f"{_GROUP}.on_call.one_week_in", 2, "visits.engineer"),
        (f"{_GROUP}.on_call.standby_per_hour", 3.0, f"{_DAYS}.cost_overtime"),
        given={**_CALENDARS, f"{_GROUP}.on_call": _EVENING},
    ),
    *_of_absences("absences"),
    *_of_absences(f"{_GROUP}.absences"),
    *flips(
        team,
        (f"{_LOSS}.from", "2026-01-28", f"{_DAYS}.day"),
        (f"{_LOSS}.centre", "other", f"{_DAYS}.roster_hours"),
        (f"{_LOSS}.group", "b", f"{_DAYS}.roster_hours"),
        (f"{_LOSS}.count", 2, f"{_DAYS}.roster_hours"),
        (f"{_LOSS}.replacement_days", 7.0, f"{_DAYS}.roster_hours"),
        (f"{_LOSS}.effect_days", 5.0, "visits.work_hours"),
        (f"{_LOSS}.effect_factor", 1.1, "visits.work_hours"),
        given={
            "absences.key_person_loss": [
                {"from": "2026-01-12", "centre": "base", "group": "a", "effect_factor": 2.0}
            ]
        },
    ),
]

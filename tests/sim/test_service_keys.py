"""Every key of an order's service life is alive: changing it changes a named column of a table, or a stage.

All runs meet the same failures, so whatever differs comes from the key.
"""

from __future__ import annotations

import copy
from functools import lru_cache
from typing import Any

import numpy as np
import pytest
from worlds import Document, tiny, world_of

from insight.tables import Categories, Tables
from scenarios.paths import set_value
from sim.model import Model
from sim.records import tables_of


def document() -> Document:
    """Return a small network in which every mechanism is in use."""
    work = {"distribution": "exponential", "mean": 2.0}
    field = {"skill": "field", "work_hours": work}
    plain: Document = {
        "severity": "normal",
        **field,
        "first_time_fix": {"junior": 0.5, "senior": 0.8},
        "self_help": {"use": 0.4, "success": 0.5, "hours": 0.5},
        "remote": {"use": 0.4, "success": 0.5, "hours": 0.5, "opens": "day"},
        "diagnosis_hours": 1.0,
        "misdiagnosis": {"probability": 0.3, "work_share": 0.2, "skill": "desk", "level": "junior"},
        "ar": {"use": 0.5, "factor": 0.5},
        "verification_hours": 2.0,
    }
    major: Document = {
        "severity": "major",
        "crew": {"size": 4, "level": "junior", "reserve_after_hours": 0.0},
        "remote_expert": {"skill": "desk", "level": "senior", "speedup": 0.5},
        "stages": {
            "bridge": {
                **field,
                "restores": True,
                "next_by_level": {"junior": {"mend": 0.9}, "senior": {"mend": 0.2}},
            },
            "mend": {
                **field,
                "crew": {"size": 3, "level": "junior", "reserve_after_hours": 0.0},
                "ar": {"use": 0.5, "factor": 0.5},
            },
        },
    }
    made = tiny(
        {"plain": plain, "major": major},
        {
            "low": {"count": 2},
            "high": {"count": 2, "level": "senior"},
            "desk": {"count": 1, "skills": ["desk"]},
            "expert": {"count": 1, "level": "senior", "skills": ["desk"]},
        },
        device_types={
            "plain": {"failures_per_year": 3000.0, "faults": {"plain": 1.0}},
            "major": {"failures_per_year": 600.0, "faults": {"major": 1.0}},
        },
        hours={"base": {"site": 0.5}},
        sla=[{"name": "all", "targets": {"attend": 4.0, "restore": 8.0}}],
        days=20.0,
    )
    made["aftercare"] = {
        "follow_up": {"share": 0.5, "hours": 2.0, "due_hours": 24.0, "opens": "day"},
        "complaints": {
            "share": 0.2,
            "late_factor": 1.5,
            "repeat_factor": 1.5,
            "slow_after_hours": 12.0,
            "slow_factor": 1.5,
            "delay_hours": 3.0,
            "answer_hours": 0.7,
            "solution_hours": 2.0,
            "confirmation_hours": 20.0,
            "answer_within": 1.0,
            "solution_within": 4.0,
            "confirmation_within": 48.0,
            "opens": "day",
        },
    }
    return made


#: Dotted key, another value, and the column (of `work_orders` where no table is named) that must differ.
FLIPS: list[tuple[str, Any, str]] = [
    ("fault_types.plain.self_help.use", 0.8, "served_by"),
    ("fault_types.plain.self_help.success", 0.9, "served_by"),
    ("fault_types.plain.self_help.hours", 2.0, "wait_hand_over"),
    ("fault_types.plain.self_help", None, "served_by"),
    ("fault_types.plain.remote.use", 0.8, "served_by"),
    ("fault_types.plain.remote.success", 0.9, "served_by"),
    ("fault_types.plain.remote.hours", 2.0, "wait_hand_over"),
    ("fault_types.plain.remote.opens", "always", "wait_hand_over"),
    ("fault_types.plain.remote", None, "served_by"),
    ("fault_types.plain.first_time_fix", 1.0, "visits.outcome"),
    ("fault_types.plain.first_time_fix.senior", 1.0, "visits.outcome"),
    ("fault_types.plain.diagnosis_hours", 2.0, "visits.work_hours"),
    ("fault_types.plain.misdiagnosis.probability", 0.0, "visits.stage"),
    ("fault_types.plain.misdiagnosis.work_share", 0.9, "visits.work_hours"),
    ("fault_types.plain.misdiagnosis.skill", "field", "visits.engineer"),
    ("fault_types.plain.misdiagnosis.level", "senior", "visits.engineer"),
    ("fault_types.plain.ar.use", 0.9, "visits.work_hours"),
    ("fault_types.plain.ar.factor", 0.1, "visits.work_hours"),
    ("fault_types.plain.verification_hours", 5.0, "completed_at"),
    ("fault_types.major.crew.size", 1, "crew_size"),
    ("fault_types.major.crew.level", "senior", "visits.engineer"),
    ("fault_types.major.crew.reserve_after_hours", 100.0, "visits.booked_at"),
    ("fault_types.major.remote_expert.skill", "field", "visits.engineer"),
    ("fault_types.major.remote_expert.level", "junior", "visits.engineer"),
    ("fault_types.major.remote_expert.speedup", 1.0, "visits.work_hours"),
    ("fault_types.major.stages.bridge.restores", False, "restored_at"),
    ("fault_types.major.stages.bridge.next_by_level.senior.mend", 0.9, "visits.stage"),
    ("fault_types.major.stages.mend.crew.size", 1, "visits.engineer"),
    ("fault_types.major.stages.mend.ar.factor", 0.1, "visits.work_hours"),
    ("aftercare.follow_up.share", 1.0, "followed_up_at"),
    ("aftercare.follow_up.hours", 5.0, "followed_up_at"),
    ("aftercare.follow_up.due_hours", 48.0, "follow_up_due_at"),
    ("aftercare.follow_up.opens", "always", "followed_up_at"),
    ("aftercare.complaints.share", 0.4, "complained_at"),
    ("aftercare.complaints.late_factor", 3.0, "complained_at"),
    ("aftercare.complaints.repeat_factor", 3.0, "complained_at"),
    ("aftercare.complaints.slow_after_hours", 1.0, "complained_at"),
    ("aftercare.complaints.slow_factor", 3.0, "complained_at"),
    ("aftercare.complaints.delay_hours", 9.0, "complained_at"),
    ("aftercare.complaints.answer_hours", 2.0, "complaint_misses"),
    ("aftercare.complaints.solution_hours", 9.0, "complaint_closed_at"),
    ("aftercare.complaints.confirmation_hours", 40.0, "complaint_closed_at"),
    ("aftercare.complaints.answer_within", 9.0, "complaint_misses"),
    ("aftercare.complaints.solution_within", 9.0, "complaint_misses"),
    ("aftercare.complaints.confirmation_within", 9.0, "complaint_misses"),
    ("aftercare.complaints.opens", "always", "complaint_closed_at"),
]


def tables(given: Document) -> Tables:
    """Return the tables of a run of a document."""
    model = Model(world_of(given), 1, 0)
    model.run()
    return tables_of(model, 0)


@lru_cache(maxsize=1)
def before() -> Tables:
    """Return the tables of the document as it is."""
    return tables(document())


def values(given: Tables, column: str) -> list[Any]:
    """Return the values of a column, NaN as None."""
    table, _, name = column.rpartition(".")
    found = given[table or "work_orders"][name]
    listed = found.strings().tolist() if isinstance(found, Categories) else np.asarray(found).tolist()
    return [None if value != value else value for value in listed]


@pytest.mark.parametrize(("key", "value", "column"), FLIPS, ids=[flip[0] for flip in FLIPS])
def test_a_key_changes_its_column(key: str, value: Any, column: str) -> None:
    """Another value of the key gives another column."""
    changed = copy.deepcopy(document())
    set_value(changed, key, value)
    assert values(tables(changed), column) != values(before(), column)


def test_a_key_changes_what_happens_from_its_date_on() -> None:
    """After-care that is set on a date holds for what is reported from then on."""
    changed = copy.deepcopy(document())
    changed["changes"] = [{"from": "2026-01-15", "set": {"aftercare.follow_up": None}}]
    due = values(tables(changed), "follow_up_due_at")
    reported = values(before(), "reported_at")
    told = values(before(), "follow_up_due_at")
    assert any(d is not None for d in due)
    for at, old, new in zip(reported, told, due, strict=True):
        assert new == (old if at < 240.0 else None)

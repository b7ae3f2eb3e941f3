"""Flips of what fails and of an order's service life: devices, faults, stages, crews, and what follows."""

from __future__ import annotations

from flips import flips
from worlds import Document, tiny


def service() -> Document:
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


SERVICE = [
    *flips(
        service,
        ("fault_types.plain.self_help.use", 0.8, "work_orders.served_by"),
        ("fault_types.plain.self_help.success", 0.9, "work_orders.served_by"),
        ("fault_types.plain.self_help.hours", 2.0, "work_orders.wait_hand_over"),
        ("fault_types.plain.remote.use", 0.8, "work_orders.served_by"),
        ("fault_types.plain.remote.success", 0.9, "work_orders.served_by"),
        ("fault_types.plain.remote.hours", 2.0, "work_orders.wait_hand_over"),
        ("fault_types.plain.remote.opens", "always", "work_orders.wait_hand_over"),
        ("fault_types.plain.first_time_fix.senior", 1.0, "visits.outcome"),
        ("fault_types.plain.diagnosis_hours", 2.0, "visits.work_hours"),
        ("fault_types.plain.misdiagnosis.probability", 0.0, "visits.stage"),
        ("fault_types.plain.misdiagnosis.work_share", 0.9, "visits.work_hours"),
        ("fault_types.plain.misdiagnosis.skill", "field", "visits.engineer"),
        ("fault_types.plain.misdiagnosis.level", "senior", "visits.engineer"),
        ("fault_types.plain.ar.use", 0.9, "visits.work_hours"),
        ("fault_types.plain.ar.factor", 0.1, "visits.work_hours"),
        ("fault_types.plain.verification_hours", 5.0, "work_orders.completed_at"),
        ("fault_types.major.crew.size", 1, "work_orders.crew_size"),
        ("fault_types.major.crew.level", "senior", "visits.engineer"),
        ("fault_types.major.crew.reserve_after_hours", 100.0, "visits.booked_at"),
        ("fault_types.major.remote_expert.skill", "field", "visits.engineer"),
        ("fault_types.major.remote_expert.level", "junior", "visits.engineer"),
        ("fault_types.major.remote_expert.speedup", 1.0, "visits.work_hours"),
        ("fault_types.major.stages.bridge.restores", False, "work_orders.restored_at"),
        ("fault_types.major.stages.bridge.next_by_level.senior.mend", 0.9, "visits.stage"),
        ("fault_types.major.stages.mend.crew.size", 1, "visits.engineer"),
        ("fault_types.major.stages.mend.ar.factor", 0.1, "visits.work_hours"),
        ("aftercare.follow_up.share", 1.0, "work_orders.followed_up_at"),
        ("aftercare.follow_up.hours", 5.0, "work_orders.followed_up_at"),
        ("aftercare.follow_up.due_hours", 48.0, "work_orders.follow_up_due_at"),
        ("aftercare.follow_up.opens", "always", "work_orders.followed_up_at"),
        ("aftercare.complaints.share", 0.4, "work_orders.complained_at"),
        ("aftercare.complaints.late_factor", 3.0, "work_orders.complained_at"),
        ("aftercare.complaints.repeat_factor", 3.0, "work_orders.complained_at"),
        ("aftercare.complaints.slow_after_hours", 1.0, "work_orders.complained_at"),
        ("aftercare.complaints.slow_factor", 3.0, "work_orders.complained_at"),
        ("aftercare.complaints.delay_hours", 9.0, "work_orders.complained_at"),
        ("aftercare.complaints.answer_hours", 2.0, "work_orders.complaint_misses"),
        ("aftercare.complaints.solution_hours", 9.0, "work_orders.complaint_closed_at"),
        ("aftercare.complaints.confirmation_hours", 40.0, "work_orders.complaint_closed_at"),
        ("aftercare.complaints.answer_within", 9.0, "work_orders.complaint_misses"),
        ("aftercare.complaints.solution_within", 9.0, "work_orders.complaint_misses"),
        ("aftercare.complaints.confirmation_within", 9.0, "work_orders.complaint_misses"),
        ("aftercare.complaints.opens", "always", "work_orders.complaint_closed_at"),
    ),
    *flips(
        service,
        ("fault_types.plain.severity", "emergency", "work_orders.severity"),
        ("fault_types.plain.priority", 1, "work_orders.priority"),
        ("fault_types.plain.skill", "desk", "work_orders.skill"),
        ("fault_types.plain.level", "senior", "work_orders.level"),
        ("fault_types.plain.work_hours", 1.0, "visits.work_hours"),
        ("fault_types.plain.triage_hours", 1.0, "work_orders.acknowledged_at"),
        ("fault_types.plain.devices_down", 3, "work_orders.devices_down"),
        ("fault_types.major.stages.bridge.skill", "desk", "visits.engineer"),
        ("fault_types.major.stages.bridge.level", "senior", "visits.engineer"),
        ("fault_types.major.stages.bridge.work_hours", 1.0, "visits.work_hours"),
        ("fault_types.major.stages.bridge.on_site", False, "visits.on_site"),
        ("fault_types.major.stages.mend.crew.level", "senior", "visits.engineer"),
        ("fault_types.major.stages.mend.crew.reserve_after_hours", 100.0, "visits.booked_at"),
        ("fault_types.major.stages.mend.ar.use", 1.0, "visits.work_hours"),
        ("device_types.plain.failures_per_year", 2000.0, "work_orders.reported_at"),
        ("device_types.plain.population", "finite", "work_orders.reported_at"),
        ("sites.site.devices.major", 2, "work_orders.reported_at"),
    ),
    *flips(
        service,
        ("fault_types.major.stages.mend.next.bridge", 0.6, "visits.stage"),
        given={"fault_types.major.stages.mend.next": {"bridge": 0.2}},
    ),
    *flips(
        service,
        ("fault_types.plain.pause.probability", 0.9, "work_orders.paused_hours"),
        ("fault_types.plain.pause.hours", 1.0, "work_orders.paused_hours"),
        given={"fault_types.plain.pause": {"probability": 0.5, "hours": 5.0}},
    ),
    *flips(
        service,
        ("device_types.plain.faults.plain", 0.5, "work_orders.work_type"),
        given={"device_types.plain.faults": {"plain": 0.8, "major": 0.2}},
        together={"device_types.plain.faults.major": 0.5},
    ),
    *flips(
        service,
        ("profiles.busy.by_month", [2.0] + [1.0] * 11, "work_orders.reported_at"),
        ("profiles.busy.by_weekday", [2.0] + [1.0] * 6, "work_orders.reported_at"),
        ("profiles.busy.by_hour", [0.0] * 8 + [1.0] * 16, "work_orders.reported_at"),
        ("device_types.plain.profile", None, "work_orders.reported_at"),
        given={"profiles.busy.by_hour": [2.0] * 12 + [0.0] * 12, "device_types.plain.profile": "busy"},
    ),
]

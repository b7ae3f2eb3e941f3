"""Flips of inspections, of the time from a defect to its failure, and of prediction."""

from __future__ import annotations

from flips import flips
from worlds import Document, tiny

UNIFORM: Document = {"distribution": "uniform", "low": 0.0, "high": 240.0}


def everything() -> Document:
    """Return a scenario with inspections, delay times and prediction, and too few people for all of it."""
    document = tiny(
        {"fault": {"delay_hours": UNIFORM, "work_hours": 9.0}, "other": {"work_hours": 9.0}},
        {"a": {}},
        sites={
            "here": {"city": "town", "customer": "owner", "devices": {"fault": 2, "other": 1}},
            "there": {"city": "town", "customer": "rich", "devices": {"fault": 1, "other": 1}},
        },
        days=60.0,
        customer_tiers={"all": {}, "gold": {}},
        customers={"owner": {"name": "Owner", "tier": "all"}, "rich": {"name": "Rich", "tier": "gold"}},
        dispatch={"policy": "nearest_qualified"},
    )
    for kind in document["device_types"].values():
        kind["failures_per_year"] = 120.0
    for name in ("visit", "look"):
        document["fault_types"][name] = {"severity": "minor", "skill": "field", "work_hours": 1.0}
    document["inspections"] = {"fault_type": "visit", "every_days": 10.0, "training_hours": 0.25}
    document["prediction"] = {"recall": 0.8, "precision": 0.8, "lead_hours": 72.0, "check_hours": 0.5}
    return document


PREVENTION = [
    *flips(
        everything,
        ("inspections.fault_type", "look", "work_orders.work_type"),
        ("inspections.every_days", 15.0, "inspections.due_at"),
        ("inspections.customer_tiers.gold", 4.0, "inspections.due_at"),
        ("inspections.sites.there", 4.0, "inspections.due_at"),
        ("inspections.within_days", 2.0, "inspections.due_at"),
        ("inspections.first", "start", "work_orders.reported_at"),
        ("inspections.calendar", "office", "work_orders.reported_at"),
        ("inspections.hours_per_device", 0.5, "visits.work_hours"),
        ("inspections.report_hours", 0.5, "visits.work_hours"),
        ("inspections.training_hours", 3.0, "visits.work_hours"),
        ("inspections.training_sites", ["there"], "visits.work_hours"),
        ("inspections.hours_per_defect", 0.5, "visits.work_hours"),
        ("inspections.detection", 0.5, "inspections.defects_found"),
        ("prediction.recall", 0.2, "work_orders.origin"),
        ("prediction.precision", 0.4, "work_orders.origin"),
        ("prediction.lead_hours", 12.0, "work_orders.reported_at"),
        ("prediction.coverage", 0.3, "work_orders.origin"),
        ("prediction.device_types", ["fault"], "work_orders.origin"),
        ("prediction.customer_tiers", ["gold"], "work_orders.origin"),
        ("prediction.severity", "emergency", "visits.booked_at"),
        ("prediction.priority", 1, "visits.booked_at"),
        ("prediction.check_hours", 2.0, "visits.work_hours"),
        ("fault_types.fault.delay_hours", 1.0, "inspections.defects_found"),
        ("prediction.cost_per_site_year", 365.0, "kpis.cost_centres"),
    ),
]

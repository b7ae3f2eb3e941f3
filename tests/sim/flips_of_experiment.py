"""Flips of what steers an experiment, of what a plan states of itself, and of what things are called."""

from __future__ import annotations

from flips import flips
from worlds import Document, tiny


def trial() -> Document:
    """Return a short experiment of two replications with something of every kind."""
    return tiny(
        {"fault": {"work_hours": 5.0, "part": {"part": "lens"}}},
        {"a": {"shift": "day", "cost_per_hour": "80 CNY"}},
        days=30.0,
        title="A trial",
        description="What it is for.",
        warm_up={"method": "none"},
        replications=3,
        seed=7,
        confidence=0.9,
        currency={"code": "USD", "rates": {"CNY": 0.125}},
        device_types={"fault": {"failures_per_year": 300.0, "faults": {"fault": 1.0}, "name": "Fault"}},
        parts={"lens": {"name": "Lens", "unit_cost": 10.0}},
        sla=[{"name": "soon", "targets": {"response": 4.0}}],
        stated={"headcount": 2, "backbone_share": 0.5},
        budget={"amount": 1000.0, "shares": {"staff": 60.0, "parts": 45.0}},
        changes=[{"from": "2026-01-20", "set": {"response_clock": "respond"}}],
        sources={"days": {"quality": "assumption", "note": "A month."}},
        centres={
            "base": {
                "level": "local",
                "city": "town",
                "engineers": {
                    "a": {
                        "count": 1,
                        "level": "junior",
                        "skills": {"field": "junior"},
                        "shift": "day",
                        "cost_per_hour": "80 CNY",
                    }
                },
                "depot": {"lens": {"base_stock": 9, "lead_hours": 24}},
            }
        },
    )


#: What things are called when they are shown to people, and what a plan says of itself; it changes no table.
TOLD = [
    *flips(
        trial,
        ("title", "Another", "summary.title"),
        ("description", "Something else.", "text"),
        ("sources.days.note", "A month, so that it is quick.", "text"),
        ("countries.here.name", "There", "summary.names"),
        ("cities.town.name", "Village", "summary.names"),
        ("customers.owner.name", "Lender", "summary.names"),
        ("sites.site.name", "Plant", "summary.names"),
        ("centres.base.name", "Workshop", "summary.names"),
        ("device_types.fault.name", "Camera", "summary.names"),
        ("fault_types.fault.name", "Dark", "summary.names"),
        ("parts.lens.name", "Glass", "summary.names"),
    ),
    *flips(
        trial,
        ("stated.headcount", 1, "warnings.W-headcount"),
        ("stated.backbone_share", 0.9, "warnings.W-backbone"),
        ("budget.amount", 2000.0, "warnings.W-budget"),
        ("budget.shares.staff", 55.0, "warnings.W-budget"),
    ),
]
EXPERIMENT = [
    *TOLD,
    *flips(
        trial,
        ("name", "second", "summary.scenario"),
        ("start", "2026-01-06", "engineer_days.day"),
        ("days", 20.0, "engineer_days.day"),
        ("replications", 2, "summary.replications"),
        ("seed", 8, "summary.kpis"),
        ("confidence", 0.99, "summary.interval"),
        ("currency.code", "SGD", "summary.currency"),
        ("changes.0.from", "2026-01-15", "work_orders.respond_due_at"),
        ("changes.0.set.response_clock", "attend", "work_orders.respond_due_at"),
    ),
    *flips(
        trial,
        ("warm_up.method", "fixed", "summary.warm_up_days"),
        together={"warm_up.days": 2.0},
    ),
    *flips(
        trial,
        ("currency.rates.CNY", 0.25, "engineer_days.cost_labour"),
        together={"centres.base.engineers.a.cost_per_hour": "80 CNY"},  # another amount for it
    ),
    *flips(
        trial,
        ("warm_up.days", 20.0, "kpis.cost_labour"),
        given={"warm_up": {"method": "fixed", "days": 2.0}},
    ),
    *flips(
        trial,
        ("skills", ["repair", "desk"], "work_orders.skill"),
        together={
            "fault_types.fault.skill": "repair",
            "centres.base.engineers.a.skills.repair": "junior",
            "centres.base.engineers.a.skills.field": None,
        },
    ),
]

"""Flips of scheduling policies: in the simulation under `optimized`, and in the plan of a day."""

from __future__ import annotations

from flips import flips
from worlds import Document, tiny

_ENGINEER, _BOOKED, _DAY = "visits.engineer", "visits.booked_at", "day.engineer"
_POLICY = "scheduling_policies.own"


def town() -> Document:
    """Return sites near and far from a few engineers of whom some know more than is asked for."""
    document = tiny(
        {"plain": {"work_hours": {"distribution": "exponential", "mean": 2.0}}, "desk": {"skill": "desk"}},
        {"a": {"count": 2}, "b": {"level": "expert", "skills": ["field", "desk"]}},
        sites={
            f"s{i}": {
                "city": "town",
                "customer": "owner" if i % 2 else "other",
                "devices": {"plain": 1, "desk": 1},
                "lat": 0.11 * i,
                "lon": 0.07 * (i * i % 5),
            }
            for i in range(5)
        },
        days=20.0,
        customer_tiers={"all": {}, "best": {"weight": 3.0}},
        customers={"owner": {"name": "Owner", "tier": "all"}, "other": {"name": "Other", "tier": "best"}},
        travel={"method": "great_circle", "speed_kmh": 15.0},
        sla=[{"name": "soon", "targets": {"attend": 3.0}}],
        scheduling_policies={"own": {}, "else": {"weights": {"travel": 20.0}}},
        dispatch={"policy": "optimized", "scheduling_policy": "own"},
    )
    for device, rate in {"plain": 350.0, "desk": 60.0}.items():
        document["device_types"][device]["failures_per_year"] = rate
    return document


_ORDERED = {_POLICY: {"objective": "lexicographic", "priorities": ["left_for_later", "tardiness"]}}
SCHEDULING = [
    *flips(
        town,
        ("dispatch.scheduling_policy", "else", _ENGINEER),
        (f"{_POLICY}.weights.tardiness", 0.01, _ENGINEER),
        (f"{_POLICY}.weights.travel", 20.0, _ENGINEER),
        (f"{_POLICY}.weights.skill_waste", 10.0, _ENGINEER),
        (f"{_POLICY}.weights.overtime", 0.0, _DAY),
        (f"{_POLICY}.weights.unfairness", 5.0, _DAY),
        (f"{_POLICY}.weights.churn", 100.0, _DAY),
    ),
    # What it costs to miss a target is held against the waiting of others, where there are many.
    *flips(
        town,
        (f"{_POLICY}.weights.left_for_later", 100.0, _ENGINEER),
        given={"device_types.plain.failures_per_year": 1400.0},
    ),
    *flips(
        town,
        (f"{_POLICY}.priorities", ["left_for_later", "travel"], _ENGINEER),
        given=_ORDERED,
    ),
    *flips(
        town,
        (f"{_POLICY}.objective", "weighted", _ENGINEER),
        given={**_ORDERED, f"{_POLICY}.weights": {"travel": 20.0}},
        together={f"{_POLICY}.priorities": []},
    ),
]

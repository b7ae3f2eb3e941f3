"""Each part of an order's service life, switched on for the same failures, moves its KPI in its direction."""

from __future__ import annotations

from typing import Any

import pytest
from worlds import Document, tiny, world_of

from insight.figures import Window, network_figures
from sim.replicate import replicate

OFTEN: Document = {"use": 0.4, "success": 0.9, "hours": 0.25}


def figures(**fault: Any) -> dict[str, float]:
    """Return the KPIs of some four hundred failures for six engineers of two levels, who are busy."""
    work = {"distribution": "exponential", "mean": 2.5}
    kind = {"failures_per_year": 4867.0, "faults": {"fault": 1.0}}
    document = tiny(
        {"fault": {"work_hours": work, "first_time_fix": 0.7, **fault}},
        {"low": {"count": 1}, "high": {"count": 2, "level": "senior"}},
        device_types={"fault": kind},
        hours={"base": {"site": 0.2}},
        sla=[{"name": "all", "targets": {"attend": 4.0, "restore": 12.0}}],
        days=30.0,
    )
    world = world_of(document)
    return network_figures(replicate(world, 3, 0, Window(0.0, world.horizon))[1])


@pytest.mark.parametrize(
    ("switched_on", "kpi", "sign"),
    [
        ({"self_help": OFTEN}, "remote_resolution_rate", 1),
        ({"remote": OFTEN}, "remote_resolution_rate", 1),
        ({"remote": OFTEN}, "time_to_attend_mean", -1),
        ({"remote": OFTEN}, "utilisation", -1),
        ({"remote": OFTEN}, "sla_attainment", 1),
        ({"ar": {"use": 1.0, "factor": 0.4}}, "time_to_fix_mean", -1),
        ({"ar": {"use": 1.0, "factor": 0.4}}, "wrench_time", -1),
        ({"diagnosis_hours": 1.0}, "time_to_fix_mean", 1),
        ({"misdiagnosis": {"probability": 0.25}}, "first_time_fix_rate", -1),
        ({"misdiagnosis": {"probability": 0.25}}, "repeat_visit_rate", 1),
        ({"first_time_fix": {"junior": 0.7, "senior": 0.95}}, "first_time_fix_rate", 1),
        ({"first_time_fix": {"junior": 0.7, "senior": 0.95}}, "time_to_fix_mean", -1),
        ({"verification_hours": 4.0}, "time_to_complete_mean", 1),
        ({"verification_hours": 4.0}, "backlog_mean", 1),
    ],
)
def test_what_is_switched_on_moves_its_kpi(switched_on: Document, kpi: str, sign: int) -> None:
    """The figure with it lies on the right side of the figure without it, for the same failures."""
    difference = figures(**switched_on)[kpi] - figures()[kpi]
    assert difference * sign > 0.0


def test_verification_leaves_restoration_alone() -> None:
    """Who has still to verify has his service back: only completion is later."""
    before, after = figures(), figures(verification_hours=4.0)
    for kpi in ("time_to_fix_mean", "restore_attainment", "utilisation", "availability"):
        assert after[kpi] == before[kpi]

"""Stages whose outcome depends on who did them, and service that is restored before the order is over."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from by_hand import rows
from worlds import Document, run, simulate, tiny

from sim.model import Model
from sim.records import tables_of

FIXED = {"junior": 0.5, "senior": 0.85}


def table(model: Model, name: str) -> list[dict[str, Any]]:
    """Return a table, row by row."""
    return rows(tables_of(model, 0)[name])


def many(fault: Document, **engineers: Document) -> Document:
    """Return about two thousand failures in ten days, and enough engineers of each group."""
    kind = {"failures_per_year": 73_000.0, "faults": {"fault": 1.0}}
    groups = {name: {"count": 200, **group} for name, group in engineers.items()}
    return tiny({"fault": {"work_hours": 0.5, **fault}}, groups, device_types={"fault": kind})


@pytest.mark.parametrize(
    ("level", "fixed"), [("junior", 0.5), ("intermediate", 0.5), ("senior", 0.85), ("expert", 0.85)]
)
def test_visits_until_fixed_are_geometric_by_level(level: str, fixed: float) -> None:
    """If everybody has one level, the mean number of visits is 1/p of that level, or of the nearest lower."""
    document = many({"first_time_fix": FIXED}, all={"level": level})
    visits = np.array(
        [o["visits"] for o in table(simulate(document), "work_orders") if o["status"] == "completed"]
    )
    deviation = np.sqrt(1.0 - fixed) / fixed / np.sqrt(len(visits))
    assert len(visits) > 1500
    assert visits.mean() == pytest.approx(1.0 / fixed, abs=4.0 * deviation)


def test_one_number_is_the_chance_of_every_level() -> None:
    """A chance without levels gives every level exactly the visits that it gives each of them listed."""
    mixed = {"first": {}, "second": {"level": "senior"}}
    logs = []
    for chance in (0.7, {"junior": 0.7, "expert": 0.7}):
        visits = table(simulate(many({"first_time_fix": chance}, **mixed)), "visits")
        logs.append([(v["work_order"], v["engineer"], v["booked_at"], v["outcome"]) for v in visits])
    assert logs[0] == logs[1]


def test_whoever_did_the_visit_counts() -> None:
    """In a mixed team the share of visits that fix is that of the level of each engineer."""
    document = many({"first_time_fix": FIXED}, low={"count": 20}, high={"count": 20, "level": "senior"})
    visits = [v for v in table(simulate(document), "visits") if v["outcome"] in ("completed", "followed")]
    for group, fixed in (("low", 0.5), ("high", 0.85)):
        mine = [v["outcome"] == "completed" for v in visits if f":{group}:" in v["engineer"]]
        assert len(mine) > 300
        assert np.mean(mine) == pytest.approx(fixed, abs=4.0 * np.sqrt(fixed * (1.0 - fixed) / len(mine)))


def test_the_level_is_that_in_the_skill_of_the_visit() -> None:
    """A senior who is a junior in the skill asked for fixes as a junior."""
    stages = {
        "visit": {
            "skill": "field",
            "work_hours": 1.0,
            "next_by_level": {"junior": {"again": 1.0}, "senior": {}},
        },
        "again": {"skill": "field", "work_hours": 1.0},
    }
    engineer = {"level": "senior", "skills": {"field": "junior", "desk": "senior"}}
    fault = {"severity": "normal", "stages": stages}
    model = run(tiny({"fault": fault}, {"a": engineer}), (1.0, "site", "fault"))
    assert [v["stage"] for v in table(model, "visits")] == ["visit", "again"]
    model = run(tiny({"fault": fault}, {"a": {"level": "senior"}}), (1.0, "site", "fault"))
    assert [v["stage"] for v in table(model, "visits")] == ["visit"]


def test_a_stage_may_restore_service_before_the_order_is_over() -> None:
    """The restore clock stops at the end of a temporary repair, the complete clock at the end of the last."""
    stages = {
        "bridge": {"skill": "field", "work_hours": 1.0, "restores": True, "next": {"mend": 1.0}},
        "mend": {"skill": "field", "work_hours": 5.0},
    }
    rule = {"name": "all", "targets": {"restore": 2.0, "complete": 3.0}, "penalty_per_breach": 1.0}
    document = tiny({"fault": {"severity": "major", "stages": stages}}, {"a": {}}, sla=[rule])
    (order,) = table(run(document, (1.0, "site", "fault")), "work_orders")
    assert (order["restored_at"], order["completed_at"], order["cost_penalties"]) == (2.0, 7.0, 1.0)
    stages["bridge"]["restores"] = False
    (order,) = table(run(document, (1.0, "site", "fault")), "work_orders")
    assert (order["restored_at"], order["completed_at"], order["cost_penalties"]) == (7.0, 7.0, 2.0)


def test_an_order_that_is_restored_for_a_time_is_still_open() -> None:
    """After a temporary repair the order waits for whoever is to mend it, and has no completion."""
    stages = {
        "bridge": {"skill": "field", "work_hours": 1.0, "restores": True, "next": {"mend": 1.0}},
        "mend": {"skill": "desk", "work_hours": 5.0},
    }
    document = tiny({"fault": {"severity": "major", "stages": stages}}, {"a": {}})
    (order,) = table(run(document, (1.0, "site", "fault")), "work_orders")
    assert (order["restored_at"], order["status"]) == (2.0, "waiting_engineer")
    assert np.isnan(order["completed_at"])


def test_a_partner_leaves_service_restored_as_it_was() -> None:
    """What was restored for a time stays restored from then on when a partner does the rest."""
    stages = {
        "bridge": {
            "skill": "desk",
            "work_hours": 1.0,
            "on_site": False,
            "restores": True,
            "next": {"mend": 1.0},
        },
        "mend": {"skill": "field", "work_hours": 2.0},
    }
    overflow = {"partner": "outlet", "after_hours": 0.0}
    document = tiny(
        {"fault": {"severity": "normal", "stages": stages}},
        {"a": {"skills": ["desk"]}},
        dispatch={"policy": "first_come", "overflow": overflow},
    )
    terms = {"attend_hours": 4.0, "price_per_order": 80.0}
    document["centres"]["outlet"] = {"level": "partner", "city": "town", "partner": terms}
    (order,) = table(run(document, (3.0, "site", "fault")), "work_orders")
    assert (order["restored_at"], order["completed_at"]) == (4.0, 10.0)

"""Inspections, delay times and prediction in a scenario: what is refused, and what becomes of names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from rich_document import problems, rich

from scenarios import Problem, from_document
from scenarios.compiling import compile_world
from scenarios.doubts import doubts
from scenarios.problems import Warn
from scenarios.world import PeriodSpec

RICH = rich()
VISIT = {"severity": "minor", "skill": "video", "work_hours": 2.0}
INSPECTIONS: dict[str, Any] = {"fault_type": "quarterly", "every_days": 91.0}
PREDICTION: dict[str, Any] = {"recall": 0.85, "precision": 0.85, "lead_hours": 72.0, "check_hours": 0.5}


def document(**sections: Any) -> dict[str, Any]:
    """Return the rich document with a fault type for inspections, and these sections."""
    changed = rich({"changes": None})
    changed["fault_types"]["quarterly"] = {**VISIT, "skill": changed["skills"][0]}
    return {**changed, **sections}


def inspected(**values: Any) -> dict[str, Any]:
    """Return the rich document with inspections."""
    return document(inspections={**INSPECTIONS, **values})


def predicted(**values: Any) -> dict[str, Any]:
    """Return the rich document with prediction of its infinite device types."""
    infinite = [k for k, d in RICH["device_types"].items() if d.get("population") != "finite"]
    return document(prediction={**PREDICTION, "device_types": infinite, **values})


def first(written: Mapping[str, Any]) -> PeriodSpec:
    """Return the first period of a document, compiled."""
    return compile_world(from_document(written)).periods[0]


def refused(written: Mapping[str, Any]) -> dict[str, Problem]:
    """Return the problems of a document by dotted key."""
    return problems(written)


@pytest.mark.parametrize(
    ("written", "key"),
    [
        (inspected(fault_type="nothing"), "inspections.fault_type"),
        (inspected(every_days=None), "inspections.every_days"),
        (inspected(customer_tiers={"nobody": 30.0}), "inspections.customer_tiers.nobody"),
        (inspected(sites={"nowhere": 30.0}), "inspections.sites.nowhere"),
        (inspected(training_sites=["nowhere"]), "inspections.training_sites.0"),
        (inspected(calendar="never"), "inspections.calendar"),
        (predicted(device_types=["nothing"]), "prediction.device_types.0"),
        (predicted(customer_tiers=["nobody"]), "prediction.customer_tiers.0"),
    ],
)
def test_dangling_references_are_refused(written: dict[str, Any], key: str) -> None:
    """A name that stands for nothing is refused under its own key."""
    assert key in refused(written)


def test_a_fault_of_a_device_is_no_inspection() -> None:
    """What a device type has among its faults cannot also describe inspections."""
    fault = next(iter(next(iter(RICH["device_types"].values()))["faults"]))
    assert "inspections.fault_type" in refused(inspected(fault_type=fault))


def test_an_inspection_needs_no_part() -> None:
    """A fault type that asks for a part cannot describe inspections."""
    written = inspected()
    written["fault_types"]["quarterly"]["part"] = {"part": next(iter(RICH["parts"]))}
    assert "fault_types.quarterly.part" in refused(written)


def test_finite_populations_have_no_delay_and_no_prediction() -> None:
    """Defects of finite populations are not followed, and the refusal names what would be in vain."""
    written = predicted()
    device = written["prediction"]["device_types"][0]
    written["device_types"][device]["population"] = "finite"
    fault = next(iter(written["device_types"][device]["faults"]))
    written["fault_types"][fault]["delay_hours"] = 24.0
    assert {"prediction.device_types", f"fault_types.{fault}.delay_hours"} <= set(refused(written))


def test_the_narrowest_interval_counts() -> None:
    """A site's own interval comes before that of its customer's tier, and that before the general one."""
    sites = list(RICH["sites"])
    tier_of = {s: RICH["customers"][RICH["sites"][s]["customer"]]["tier"] for s in sites}
    tier = tier_of[sites[0]]
    spec = first(inspected(customer_tiers={tier: 182.5}, sites={sites[-1]: 10.0})).inspections
    assert spec is not None
    expected = [10.0 if s == sites[-1] else 182.5 if tier_of[s] == tier else 91.0 for s in sites]
    assert (1.0 / spec.rate / 24.0).tolist() == pytest.approx(expected)


def test_hours_of_a_visit_add_up() -> None:
    """Report, training and devices lengthen the inspection of a site by their hours."""
    sites = list(RICH["sites"])
    added = {"report_hours": 1.0, "training_hours": 2.0, "hours_per_device": 0.25}
    spec = first(inspected(**added, training_sites=[sites[0]])).inspections
    assert spec is not None
    devices = [sum(RICH["sites"][s]["devices"].values()) for s in sites]
    assert spec.extra_hours.tolist() == pytest.approx(
        [1.0 + 2.0 * (s == sites[0]) + 0.25 * n for s, n in zip(sites, devices, strict=True)]
    )


def test_terms_for_failures_are_not_for_inspections() -> None:
    """An SLA rule applies to inspections only if it names their fault type."""
    for match, position in (({}, -1), ({"fault_type": "quarterly"}, 0)):
        rule = {"name": "rule", "match": match, "targets": {"attend": 4.0}}
        world = compile_world(from_document({**inspected(), "sla": [rule], "sources": {}}))
        fault = world.names.fault_types.index("quarterly")
        assert set(world.periods[0].rules[:, fault].tolist()) == {position}


def test_sensors_are_paid_for_by_the_day() -> None:
    """Sensors cost the home centre of each covered site a 365th of their yearly price, times the coverage."""
    dear = first(predicted(cost_per_site_year=7300.0, coverage=0.5))
    cheap = first(predicted())
    assert (dear.fixed_costs - cheap.fixed_costs).sum() == pytest.approx(10.0 * len(RICH["sites"]))


def test_only_what_has_sensors_is_covered() -> None:
    """Coverage is 0 for device types and customer tiers that are not listed."""
    written = predicted(coverage=0.5)
    listed = written["prediction"]["device_types"] = written["prediction"]["device_types"][:1]
    world = compile_world(from_document(written))
    spec = world.periods[0].prediction
    assert spec is not None
    expected = [0.5 if name in listed else 0.0 for name in world.names.device_types]
    np.testing.assert_array_equal(spec.covered, [expected] * len(world.names.sites))


def test_an_inspection_is_a_use() -> None:
    """Fault type and calendar of inspections are not reported as unused; without inspections both are."""

    def unused(written: dict[str, Any]) -> set[str]:
        written["calendars"] = {**written["calendars"], "planned": {"hours": "24x7"}}
        given = from_document(written)
        found: list[Warn] = doubts(given, compile_world(given))
        return {warn.key for warn in found if warn.code == "W-unused"}

    keys = {"fault_types.quarterly", "calendars.planned"}
    assert keys <= unused(document())
    assert not keys & unused(inspected(calendar="planned"))

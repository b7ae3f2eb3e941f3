"""Every mechanism, switched on for the same failures, moves its KPI in its direction: service and parts.

`test_mechanisms` says where the others are.
"""

from __future__ import annotations

from typing import Any

import pytest
from mechanism_worlds import Case, check

CABLE = "fault_types.cable"
TAKEN = {"use": 0.5, "success": 0.8, "hours": 0.25}
#: A long repair, which a first visit may make good for the time being.
TWO_VISITS = {
    "severity": "normal",
    "stages": {
        "patch": {"skill": "field", "work_hours": 1.0, "next": {"mend": 1.0}},
        "mend": {"skill": "field", "work_hours": 2.5},
    },
}
EXPERTS = {
    "centres.home": {
        "level": "hq",
        "city": "harbour",
        "serves": {"sites": []},
        "engineers": {"experts": {"count": 2, "level": "expert", "skills": ["radio"], "shift": "always"}},
    }
}
COMPLAINTS = {
    "share": 0.2,
    "repeat_factor": 2.0,
    "answer_hours": 0.5,
    "solution_hours": 2.0,
    "confirmation_hours": 12.0,
}
SERVICE = (
    Case(
        "self-help",
        {f"{CABLE}.self_help": TAKEN},
        {"remote_resolution_rate": 1, "utilisation": -1, "travel_hours": -1},
    ),
    Case(
        "remote session",
        {f"{CABLE}.remote": {**TAKEN, "opens": "day"}},
        {"remote_resolution_rate": 1, "time_to_attend_mean": -1, "travel_hours": -1},
    ),
    Case("guidance (AR)", {f"{CABLE}.ar": {"factor": 0.5}}, {"time_to_fix_mean": -1, "wrench_time": -1}),
    Case("diagnosis", {f"{CABLE}.diagnosis_hours": 1.0}, {"time_to_fix_mean": 1, "wrench_time": 1}),
    Case(
        "misdiagnosis",
        {f"{CABLE}.misdiagnosis": {"probability": 0.2, "work_share": 0.3}},
        {"repeat_visit_rate": 1, "first_time_fix_rate": -1, "time_to_fix_mean": 1},
    ),
    Case(
        "first-time fix by level",
        {f"{CABLE}.first_time_fix": {"junior": 0.7, "senior": 0.95}},
        {"first_time_fix_rate": 1, "repeat_visit_rate": -1},
        {f"{CABLE}.first_time_fix": 0.7},
    ),
    Case(
        "temporary restoration",
        {f"{CABLE}.stages.patch.restores": True},
        {"time_to_fix_mean": -1, "availability": 1, "time_to_complete_mean": 0, "utilisation": 0},
        {CABLE: TWO_VISITS},
    ),
    Case(
        "remote experts (emergency plan)",
        {"fault_types.board.remote_expert": {"skill": "radio", "speedup": 0.4}},
        {"time_to_fix_mean": -1},
        EXPERTS,
    ),
    Case(
        "verification",
        {f"{CABLE}.verification_hours": 6.0},
        {"time_to_complete_mean": 1, "backlog_mean": 1, "time_to_fix_mean": 0, "availability": 0},
    ),
    Case(
        "complaints",
        {"aftercare.complaints": COMPLAINTS},
        {"csat": -1, "repurchase_rate": -1, "time_to_fix_mean": 0},
        {"satisfaction": {}},
    ),
    Case(
        "triage and waits for the customer",
        {f"{CABLE}.triage_hours": 0.5, f"{CABLE}.pause": {"probability": 0.5, "hours": 3.0}},
        {"time_to_attend_mean": 1, "wait_hand_over": 1},
    ),
)

SHORT = {f"centres.{centre}.depot.board": {"base_stock": 1, "lead_hours": 96} for centre in ("port", "pier")}
POOL = {"parts_policy.pools.all": ["port", "pier"], "parts_policy.transfer_hours": 12.0}
OUT: dict[str, int] = {"wait_part": -1, "time_to_attend_mean": -1}
VANS = {
    "centres.port.engineers.juniors.van": {"board": 1},
    "centres.port.engineers.lead.van": {"board": 1},
    "centres.pier.engineers.juniors.van": {"board": 1},
}
CENTRAL = {
    "centres.home": {
        "level": "hq",
        "city": "harbour",
        "serves": {"sites": []},
        "engineers": {},
        "depot": {"board": {"base_stock": 12, "lead_hours": 90}},
    }
}
PARTS = (
    Case("base stock", {"centres.port.depot.board.base_stock": 4}, {"fill_rate": 1, **OUT}, SHORT),
    Case("lead times", {"centres.port.depot.board.lead_hours": 24}, {"fill_rate": 1, **OUT}, SHORT),
    Case(
        "stock for a target fill rate",
        {"centres.port.depot.board": {"target_fill_rate": 0.95, "lead_hours": 96}},
        {"fill_rate": 1, **OUT},
        SHORT,
    ),
    Case(
        "orders in batches, (s, S)",
        {"centres.port.depot.board": {"reorder_point": 1, "order_up_to": 6, "lead_hours": 96}},
        {"fill_rate": -1, "wait_part": 1},
        {**SHORT, "centres.port.depot.board.base_stock": 6},
    ),
    Case("vans", VANS, {"fill_rate": 1, **OUT}, SHORT),
    Case(
        "visits before the part is there",
        {"parts_policy.before_visit": "diagnose"},
        {"time_to_attend_mean": -1, "repeat_visit_rate": 1, "first_time_fix_rate": -1},
        SHORT,
    ),
    Case("pools", POOL, {**OUT, "time_to_fix_mean": -1}, {**SHORT, "centres.pier.depot.board.base_stock": 6}),
    Case(
        "quick transfers",
        {"parts_policy.transfer_hours": 12.0},
        OUT,
        {**SHORT, **POOL, "parts_policy.transfer_hours": 48.0, "centres.pier.depot.board.base_stock": 6},
    ),
    Case(
        "second supplier",
        {"parts_policy.second_supplier": {"lead_hours": 24, "price_factor": 1.5}},
        {**OUT, "cost_parts": 1},
        SHORT,
    ),
    Case(
        "refurbished parts",
        {"parts_policy.refurbished": {"hours": 8, "price_factor": 0.6, "share_available": 0.5}},
        {**OUT, "cost_parts": -1},
        SHORT,
    ),
    Case(
        "rush orders",
        {"parts_policy.rush": {"lead_hours": 12, "price_per_order": 70}},
        {**OUT, "cost_parts": 1},
        SHORT,
    ),
    Case(
        "a central depot (echelons)",
        {
            f"centres.{centre}.depot.board": {"base_stock": 1, "lead_hours": 6, "from": "home"}
            for centre in ("port", "pier")
        },
        {"fill_rate": 1, **OUT},
        {**SHORT, **CENTRAL},
    ),
    Case("holding stock", {"parts_policy.holding_share_per_year": 0.2}, {"cost_parts": 1, "fill_rate": 0}),
)


@pytest.mark.parametrize("case", SERVICE + PARTS, ids=lambda case: case.name)
def test_what_is_switched_on_moves_its_kpi(case: Case) -> None:
    """The interval of the paired difference lies on the right side of zero."""
    check(case)


def test_guidance_is_for_those_whom_it_reaches() -> None:
    """Guidance of no order at all moves nothing."""
    none: dict[str, Any] = {f"{CABLE}.ar": {"use": 0.0, "factor": 0.5}}
    check(
        Case("guidance of nobody", none, dict.fromkeys(("time_to_fix_mean", "utilisation", "cost_total"), 0))
    )

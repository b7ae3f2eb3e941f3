"""Working hours and terms of absence that several tests use."""

from __future__ import annotations

from worlds import Document

WEEK = {"week": {"hours": {d: ["08:00-16:00"] for d in ("mon", "tue", "wed", "thu", "fri")}}}

#: Much of everything, so that it shows in a short run.
TERMS: Document = {
    "annual_leave_days": 90.0,
    "leave_block_days": 1,
    "sick_spells_per_year": 40.0,
    "sick_days": {"distribution": "exponential", "mean": 1.0},
    "training_hours_per_year": 700.0,
    "training_blocks_per_year": 52,
    "attrition_per_year": {level: 5.0 for level in ("junior", "intermediate", "senior", "expert")},
    "replacement_days": {"distribution": "exponential", "mean": 1.0},
}

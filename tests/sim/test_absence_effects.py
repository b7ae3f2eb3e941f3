"""Terms of absence switched on and off under common random numbers: each moves what it is about."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from absence_cases import TERMS, WEEK
from hypothesis import settings
from worlds import Document, simulate, tiny

from insight.columns import numbers
from insight.figures import Window, network_figures
from insight.kpis import kpi_values
from insight.tables import Table
from sim.records import tables_of
from sim.replicate import facts_of

some = settings(max_examples=50, deadline=None)


def busy(**absences: Any) -> Document:
    """Return a town with three engineers who are 60 % busy, and terms of absence."""
    document = tiny(
        {"f": {"work_hours": {"distribution": "exponential", "mean": 2.0}}},
        {"a": {"count": 3, "level": "senior", "shift": "week", "cost_per_hour": 10.0}},
        days=120.0,
        calendars=WEEK,
    )
    document["device_types"]["f"]["failures_per_year"] = 1800.0
    return {**document, "absences": absences}


def figures(document: Document) -> tuple[Mapping[str, float], Table]:
    """Return the network's figures of one replication, and its days of engineers."""
    model = simulate(document)
    tables, window = tables_of(model, 0), Window(0.0, model.world.horizon)
    return network_figures(kpi_values(tables, window, facts_of(model.world, window, {}))), tables[
        "engineer_days"
    ]


LEAVERS = {"attrition_per_year": {"senior": 4.0}, "ramp_up_factor": 1.0}
NEWCOMERS = {**LEAVERS, "replacement_days": 5.0}
SPELLS = {"sick_spells_per_year": 10.0}


@pytest.mark.parametrize(
    ("before", "after", "column", "up"),
    [
        ({}, {"annual_leave_days": 30.0}, "absent_hours", True),
        ({"annual_leave_days": 30.0}, {"annual_leave_days": 30.0, "leave_block_days": 1}, "idle_hours", None),
        ({}, SPELLS, "absent_hours", True),
        (SPELLS, {**SPELLS, "sick_days": 6.0}, "absent_hours", True),
        ({}, {"training_hours_per_year": 120.0}, "training_hours", True),
        (
            {"training_hours_per_year": 120.0},
            {"training_hours_per_year": 120.0, "training_blocks_per_year": 4},
            "idle_hours",
            None,
        ),
        ({}, LEAVERS, "roster_hours", False),
        (LEAVERS, {**LEAVERS, "replacement_days": 5.0}, "roster_hours", True),
        (NEWCOMERS, {**NEWCOMERS, "ramp_up_factor": 1.6}, "work_hours", True),
        (
            {**NEWCOMERS, "ramp_up_factor": 1.6},
            {**NEWCOMERS, "ramp_up_factor": 1.6, "ramp_up_days": 1.0},
            "work_hours",
            False,
        ),
    ],
)
def test_every_term_moves_its_column(before: Document, after: Document, column: str, up: bool | None) -> None:
    """Each key of the terms changes the column it is about, in the right direction."""
    off, on = (numbers(figures(busy(**terms))[1], column) for terms in (before, after))
    if up is None:
        assert off.tolist() != on.tolist()
    else:
        assert bool(on.sum() > off.sum()) is up


LOSS = {"from": "2026-01-12", "centre": "base", "group": "a"}


@pytest.mark.parametrize(
    ("before", "after", "column", "up"),
    [
        ({}, {"from": "2026-02-12"}, "roster_hours", None),
        ({}, {"count": 2}, "roster_hours", False),
        ({}, {"replacement_days": 7.0}, "roster_hours", True),
        ({}, {"effect_factor": 1.4}, "work_hours", True),
        ({"effect_factor": 1.4}, {"effect_factor": 1.4, "effect_days": 5.0}, "work_hours", False),
    ],
)
def test_every_key_of_a_loss_moves_its_column(
    before: Document, after: Document, column: str, up: bool | None
) -> None:
    """Each key of the loss of key engineers changes the column it is about, in the right direction."""
    off, on = (numbers(figures(busy(key_person_loss=[{**LOSS, **c}]))[1], column) for c in (before, after))
    if up is None:
        assert off.tolist() != on.tolist()
    else:
        assert bool(on.sum() > off.sum()) is up


def test_absences_make_customers_wait() -> None:
    """With people away the same orders wait longer, and those who are there are busier."""
    (without, _), (with_them, _) = figures(busy()), figures(busy(**{**TERMS, "annual_leave_days": 25.0}))
    assert with_them["time_to_attend_mean"] > without["time_to_attend_mean"]
    assert with_them["utilisation"] > without["utilisation"]


def test_utilisation_is_of_the_hours_for_which_people_are_there() -> None:
    """Leave and training lower neither the numerator nor leave the denominator as it was."""
    found, days = figures(busy(annual_leave_days=30.0, training_hours_per_year=120.0))
    column = {n: numbers(days, f"{n}_hours").sum() for n in ("roster", "idle", "absent", "training")}
    there = column["roster"] - column["absent"] - column["training"]
    assert column["absent"] > 0.0 < column["training"]
    assert found["utilisation"] == pytest.approx(1.0 - column["idle"] / there)
    assert found["cost_labour"] == pytest.approx(column["roster"] * 10.0)  # leave and training are paid

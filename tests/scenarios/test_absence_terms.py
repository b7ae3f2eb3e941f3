"""Terms of absence and on-call: what is refused, whose terms hold, and when people may be called."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich_document import loaded

from scenarios.compiling import compile_world
from scenarios.open_hours import OpenHours
from scenarios.people_specs import EngineerSpec
from scenarios.problems import ScenarioError
from scenarios.service import OnCall
from scenarios.shifts import without
from scenarios.world import World

CREW = "centres.station.engineers.crew"
LOSS = {"from": "2026-02-02", "centre": "station", "group": "crew"}


def refused(overrides: dict[str, Any]) -> str:
    """Return the key that a refusal names."""
    with pytest.raises(ScenarioError) as error:
        loaded(overrides)
    assert len(error.value.problems) == 1, error.value
    return error.value.problems[0].key


def crew(world: World) -> list[EngineerSpec]:
    """Return the engineers of the group that the tests change."""
    return [e for e in world.engineers if e.name.startswith("station:crew:")]


@pytest.mark.parametrize(
    ("overrides", "key"),
    [
        (
            {"absences": {"key_person_loss": [{**LOSS, "centre": "moon"}]}},
            "absences.key_person_loss.0.centre",
        ),
        ({"absences": {"key_person_loss": [{**LOSS, "group": "moon"}]}}, "absences.key_person_loss.0.group"),
        ({"absences": {"key_person_loss": [{**LOSS, "count": 99}]}}, "absences.key_person_loss.0.count"),
        ({"absences": {"annual_leave_days": -1.0}}, "absences.annual_leave_days"),
        ({"absences": {"sick_days": {"distribution": "gamma", "mean": 3.0}}}, "absences.sick_days.cv"),
        ({"absences": {"attrition_per_year": {"chief": 0.1}}}, "absences.attrition_per_year.chief"),
        ({f"{CREW}.absences": {"training_hours": 1.0}}, f"{CREW}.absences.training_hours"),
        ({f"{CREW}.on_call": {"calendar": "moon", "severities": "major"}}, f"{CREW}.on_call.calendar"),
        ({f"{CREW}.on_call": {"calendar": "office", "severities": []}}, f"{CREW}.on_call.severities"),
    ],
)
def test_what_cannot_be_is_refused_under_its_key(overrides: dict[str, Any], key: str) -> None:
    """A dangling reference, too many leavers or a value out of range is refused, and named."""
    assert refused(overrides) == key


def test_everything_is_off_by_default() -> None:
    """A scenario that says nothing of absences has none."""
    world = compile_world(loaded())
    assert all(e.absence.never and e.on_call is None for e in world.engineers)
    assert world.losses == world.shortages == ()


def test_attrition_goes_by_level_and_terms_by_group() -> None:
    """Each engineer has the rate of his level; a group with own terms has nothing of the scenario's."""
    terms = {"annual_leave_days": 14.0, "attrition_per_year": {"expert": 0.15}}
    world = compile_world(loaded({"absences": terms, f"{CREW}.absences": {"sick_spells_per_year": 2.0}}))
    for engineer in world.engineers:
        if engineer in crew(world):
            assert (engineer.absence.leave_days, engineer.absence.sick_spells) == (0.0, 2.0)
        else:
            assert engineer.absence.leave_days == 14.0
            assert engineer.absence.attrition == (0.15 if engineer.level == 3 else 0.0)


@pytest.mark.parametrize(("day", "count"), [("2026-01-30", 3), ("2026-02-03", 5)])
def test_a_loss_names_the_first_of_the_group(day: str, count: int) -> None:
    """The first ones leave, the others of the group as it is on that day are those who are slower."""
    world = compile_world(loaded({"absences": {"key_person_loss": [{**LOSS, "from": day, "count": 2}]}}))
    names = tuple(f"station:crew:{number + 1}" for number in range(count))
    (loss,) = world.losses
    assert (loss.names, loss.others) == (names[:2], names[2:])
    assert loss.at == (np.datetime64(day) - np.datetime64(world.start)) / np.timedelta64(1, "h")


def spans(hours: OpenHours) -> list[tuple[float, float]]:
    """Return when something is open."""
    return list(zip(hours.opens.tolist(), hours.closes.tolist(), strict=True))


edges = st.lists(st.integers(0, 60), max_size=8, unique=True).map(sorted)


@given(edges, edges)
def test_hours_without_others_are_open_where_those_are_closed(one: list[int], other: list[int]) -> None:
    """At every instant, one calendar without another is open just if the first is and the second is not."""
    first, second = (
        OpenHours(
            *(np.array(e[i : len(e) // 2 * 2 : 2], dtype=float) for i in (0, 1)), np.zeros(len(e) // 2 + 1)
        )
        for e in (one, other)
    )
    left = without(first, second)
    for instant in np.arange(0.5, 60.0):
        assert bool(left.is_open(instant)) == (bool(first.is_open(instant)) and not second.is_open(instant))


def test_on_call_is_the_calendar_without_the_shift_in_his_weeks() -> None:
    """Round the clock without the shift is the rest of the time; every third week it is somebody's turn."""
    from scenarios.absence_terms import on_call_hours
    from scenarios.open_hours import ALWAYS_OPEN

    shift = OpenHours(np.array([8.0, 200.0]), np.array([16.0, 210.0]), np.array([0.0, 8.0, 18.0]))
    horizon = 24.0 * 28
    start = np.datetime64("2026-01-05").item()  # a Monday
    always = OnCall(calendar="any", severities=("major",))
    assert spans(on_call_hours(ALWAYS_OPEN, shift, always, 0, start, horizon).hours) == [
        (0.0, 8.0),
        (16.0, 200.0),
        (210.0, horizon),
    ]
    turns = OnCall(calendar="any", severities=("major",), one_week_in=3)
    assert spans(on_call_hours(ALWAYS_OPEN, shift, turns, 0, start, horizon).hours) == [
        (0.0, 8.0),
        (16.0, 168.0),
        (504.0, horizon),
    ]
    assert spans(on_call_hours(ALWAYS_OPEN, shift, turns, 4, start, horizon).hours) == [
        (168.0, 200.0),
        (210.0, 336.0),
    ]


def test_terms_that_change_begin_a_new_spell() -> None:
    """An engineer whose terms of absence change on a date is the same person on other terms from then on."""
    change = {"from": "2026-02-02", "set": {"absences.annual_leave_days": 10.0}}
    world = compile_world(loaded({"changes": [change]}))
    mine = [e for e in crew(world) if e.name == "station:crew:1"]
    assert [e.absence.leave_days for e in mine] == [0.0, 10.0]
    assert mine[0].spell[1] == mine[1].spell[0]

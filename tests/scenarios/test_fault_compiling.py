"""Fault types as the World has them: levels, crews, experts, and the stages that a diagnosis adds."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from rich_document import rich

from scenarios import from_document
from scenarios.compiling import compile_world
from scenarios.fault_specs import FaultSpec
from scenarios.problems import ScenarioError
from scenarios.world import World

VISIT: dict[str, Any] = {"severity": "normal", "skill": "camera", "work_hours": 2}
STAGES: dict[str, Any] = {
    "call": {"skill": "network", "work_hours": 1, "on_site": False, "next": {"visit": 0.5}},
    "visit": {"skill": "camera", "work_hours": 2, "next": {"visit": 0.2, "call": 0.1}},
}


def world(fault: dict[str, Any], **sections: Any) -> World:
    """Return the World of the rich document with one of its fault types replaced."""
    document = copy.deepcopy(rich())
    document["fault_types"]["flicker"] = fault
    return compile_world(from_document({**document, **sections}))


def compiled(fault: dict[str, Any]) -> FaultSpec:
    """Return a fault type as the World has it."""
    made = world(fault)
    return made.periods[0].faults[made.names.fault_types.index("flicker")]


def staged(**more: Any) -> dict[str, Any]:
    """Return a fault type that starts with a call."""
    return {"severity": "normal", "stages": copy.deepcopy(STAGES), **more}


def ways(fault: FaultSpec) -> list[list[tuple[int, float]]]:
    """Return what follows each stage, rounded."""
    return [[(target, round(upto, 9)) for target, upto in stage.following] for stage in fault.stages]


def test_one_chance_compiles_to_one_way() -> None:
    """A plain number leaves no table by level, so that the model has nothing to look up."""
    (stage,) = compiled({**VISIT, "first_time_fix": 0.75}).stages
    assert (stage.following, stage.following_by_level) == (((0, 0.25),), ())


def test_chances_by_level_compile_to_a_way_by_rank() -> None:
    """Each rank has the chance listed for it, or for the nearest lower one."""
    (stage,) = compiled({**VISIT, "first_time_fix": {"junior": 0.5, "senior": 0.75, "expert": 1}}).stages
    assert stage.following_by_level == (((0, 0.5),), ((0, 0.5),), ((0, 0.25),), ())
    assert stage.following == ((0, 0.5),)


def test_what_follows_by_level_stands_in_for_next() -> None:
    """A stage may lead elsewhere by the level of who did it; below the lowest level listed `next` holds."""
    fault = staged()
    fault["stages"]["visit"]["next_by_level"] = {"senior": {"call": 0.4}}
    visit = compiled(fault).stages[1]
    assert [dict(way) for way in visit.following_by_level] == [
        {1: pytest.approx(0.2), 0: pytest.approx(0.3)},
        {1: pytest.approx(0.2), 0: pytest.approx(0.3)},
        {0: 0.4},
        {0: 0.4},
    ]


def test_a_crew_is_that_of_the_stage_or_of_the_fault_type() -> None:
    """A stage's own crew and guidance come before those of the fault type; work from afar has neither."""
    fault = staged(crew={"size": 3, "level": "senior"}, ar={"factor": 0.4})
    call, visit = compiled(fault).stages
    assert (call.crew, call.guidance, visit.crew, visit.helper_level) == (1, None, 3, 2)
    assert visit.guidance is not None and (visit.guidance.use, visit.guidance.factor) == (1.0, 0.4)
    assert visit.reserve_after_hours == 2.0
    fault["stages"]["visit"] |= {
        "crew": {"size": 2, "reserve_after_hours": 5},
        "ar": {"use": 0.5, "factor": 0.6},
    }
    visit = compiled(fault).stages[1]
    assert (visit.crew, visit.helper_level, visit.reserve_after_hours) == (2, 0, 5.0)
    assert visit.guidance is not None and visit.guidance.mean == pytest.approx(0.8)


def test_an_expert_helps_on_site_in_the_skill_of_the_visit() -> None:
    """Without a skill of his own the expert has that of the visit; calls need none."""
    call, visit = compiled(staged(remote_expert={"speedup": 0.7})).stages
    assert call.expert is None
    assert visit.expert is not None and (visit.expert.skill, visit.expert.level) == (visit.skill, 3)
    given = {"skill": "power", "level": "senior", "speedup": 0.7}
    expert = compiled({**VISIT, "remote_expert": given}).stages[0].expert
    assert expert is not None and (expert.skill, expert.level, expert.speedup) == (2, 2, 0.7)


def test_a_diagnosis_splits_a_visit_that_may_be_repeated() -> None:
    """The visit after a call diagnoses, the one after a visit does not; both are called the same."""
    fault = compiled(staged(diagnosis_hours=3))
    assert [stage.name for stage in fault.stages] == ["call", "visit", "visit"]
    assert [stage.diagnosis is not None for stage in fault.stages] == [False, True, False]
    assert [stage.expected_hours for stage in fault.stages] == [1.0, 5.0, 2.0]
    assert ways(fault) == [[(1, 0.5)], [(2, 0.2), (0, 0.3)], [(2, 0.2), (0, 0.3)]]


def test_a_wrong_diagnosis_is_a_stage_of_its_own() -> None:
    """It comes in place of the first visit on site, and leads to it for certain."""
    fault = compiled({**VISIT, "misdiagnosis": {"probability": 0.25, "skill": "power", "level": "senior"}})
    visit, mistaken = fault.stages
    assert (fault.misdiagnosis, fault.misdiagnosed_stage) == (0.25, 1)
    assert (mistaken.skill, mistaken.level, mistaken.following) == (2, 2, ((0, 1.0),))
    assert (mistaken.work_share, mistaken.expected_hours) == (0.0, visit.expected_hours)


def test_after_a_call_the_wrong_diagnosis_takes_its_share_of_the_way() -> None:
    """An order that starts with a call may be misdiagnosed on its way from there, and only there."""
    fault = compiled(staged(misdiagnosis={"probability": 0.25}))
    assert (fault.misdiagnosed_stage, [stage.name for stage in fault.stages]) == (
        -1,
        ["call", "visit", "misdiagnosed"],
    )
    assert ways(fault) == [[(1, 0.375), (2, 0.5)], [(1, 0.2), (0, 0.3)], [(1, 1.0)]]


def test_the_visit_of_a_wrong_diagnosis_has_a_name() -> None:
    """Tables know the name where there may be such visits, and have no use for it elsewhere."""
    assert "misdiagnosed" in world({**VISIT, "misdiagnosis": {"probability": 0.25}}).names.stages
    assert "misdiagnosed" not in world(VISIT).names.stages


def test_calendars_of_desks_are_laid_out_where_sites_are() -> None:
    """The World has the hours of each desk in every city with sites."""
    fault = {**VISIT, "remote": {"use": 1, "success": 1, "hours": 1, "opens": "office"}}
    care = {"follow_up": {"hours": 1, "opens": "night"}}
    made = world(fault, aftercare=care, sla=[], sources={}, changes=[])
    cities = {made.names.cities.index(city) for city in ("penang", "bangkok", "yangon")}
    assert {key for key in made.clocks} == {(name, city) for name in ("office", "night") for city in cities}


WRONG: list[tuple[dict[str, Any], str, str, str]] = [
    ({**VISIT, "first_time_fix": {"senior": 0.5}}, "first_time_fix", "senior", "a chance for junior"),
    ({**VISIT, "first_time_fix": 0}, "first_time_fix.junior", "0", "more than 0"),
    ({**VISIT, "first_time_fix": "often"}, "first_time_fix", "'often'", "a number, or a mapping of levels"),
    ({**VISIT, "first_time_fix": {"master": 0.5}}, "first_time_fix.master", "'master'", "junior"),
    ({**VISIT, "first_time_fix": {}}, "first_time_fix", "{}", "at least 1 item"),
    (
        {**VISIT, "remote": {"use": 1, "success": 1, "hours": 1, "opens": "dawn"}},
        "remote.opens",
        "'dawn'",
        "always, night, office",
    ),
    (
        {**VISIT, "misdiagnosis": {"probability": 0.1, "skill": "magic"}},
        "misdiagnosis.skill",
        "'magic'",
        "camera",
    ),
    (
        {**VISIT, "remote_expert": {"speedup": 0.5, "skill": "magic"}},
        "remote_expert.skill",
        "'magic'",
        "camera",
    ),
    ({**VISIT, "crew": {"size": 5}}, "crew.size", "5", "4 or less"),
    (staged(first_time_fix={"junior": 0.5}), "first_time_fix", "0.5", "use `next`"),
]


@pytest.mark.parametrize(("fault", "key", "found", "allowed"), WRONG, ids=[w[1] for w in WRONG])
def test_a_wrong_fault_type_is_refused(fault: dict[str, Any], key: str, found: str, allowed: str) -> None:
    """The refusal names the key, what was found and what is allowed."""
    with pytest.raises(ScenarioError) as caught:
        world(fault)
    (problem,) = (p for p in caught.value.problems if p.key == f"fault_types.flicker.{key}")
    assert found in problem.found
    assert allowed in problem.allowed


def refused(fault: dict[str, Any]) -> dict[str, str]:
    """Return what is allowed by key of a fault type that is refused."""
    with pytest.raises(ScenarioError) as caught:
        world(fault)
    return {p.key.removeprefix("fault_types.flicker."): p.allowed for p in caught.value.problems}


def test_what_is_done_on_site_needs_a_stage_on_site() -> None:
    """Where nobody ever goes there is no diagnosis, guidance, crew or expert beside the people on site."""
    fault = staged(
        diagnosis_hours=1,
        misdiagnosis={"probability": 0.1},
        ar={"factor": 0.5},
        crew={"size": 2},
        remote_expert={"speedup": 0.5},
    )
    fault["stages"] = {"call": {"skill": "network", "work_hours": 1, "on_site": False}}
    keys = ("diagnosis_hours", "misdiagnosis", "ar", "crew", "remote_expert")
    assert refused(fault) == {key: "nothing: no stage is on site" for key in keys}
    fault = staged()
    fault["stages"]["call"] |= {"crew": {"size": 2}, "ar": {"factor": 0.5}}
    allowed = "nothing: the stage is not on site"
    assert refused(fault) == {"stages.call.ar": allowed, "stages.call.crew": allowed}


def test_a_stage_cannot_be_called_what_a_wrong_diagnosis_is_called() -> None:
    """Otherwise a table could not tell them apart."""
    fault = staged(misdiagnosis={"probability": 0.1})
    fault["stages"]["misdiagnosed"] = {"skill": "camera", "work_hours": 1}
    assert list(refused(fault)) == ["stages.misdiagnosed"]


def test_what_follows_by_level_is_checked_like_next() -> None:
    """Unknown stages, chances that exceed 1 and ways without an end are refused for each level."""
    fault = staged()
    visit = fault["stages"]["visit"]
    visit["next_by_level"] = {"senior": {"gone": 0.5}}
    assert "stages.visit.next_by_level.senior.gone" in refused(fault)
    visit["next_by_level"] = {"senior": {"call": 0.7, "visit": 0.7}}
    assert "stages.visit.next_by_level.senior" in refused(fault)
    visit["next_by_level"] = {"senior": {"visit": 1}}
    assert "stages.visit.next" in refused(fault)


@pytest.mark.parametrize("field", ["follow_up", "complaints"])
def test_a_desk_needs_a_known_calendar(field: str) -> None:
    """The refusal names the calendars that there are."""
    steps = {"answer_hours": 1, "solution_hours": 1, "confirmation_hours": 1, "share": 0.1}
    care = {field: {"opens": "dawn", **({"hours": 1} if field == "follow_up" else steps)}}
    with pytest.raises(ScenarioError) as caught:
        world(VISIT, aftercare=care)
    (problem,) = caught.value.problems
    assert (problem.key, problem.found) == (f"aftercare.{field}.opens", "'dawn'")
    assert "office" in problem.allowed

"""Slips in names: one message that asks for the name that was meant, in place of all that is missing."""

from __future__ import annotations

import pytest
from rich_document import problems_with

from scenarios import load
from scenarios.problems import Problem, ScenarioError
from scenarios.slips import with_meant_names


def test_a_slip_in_a_centre_s_name_is_one_message() -> None:
    """`centres.medan` for `centres.medan-station` says what the new section lacks and which name there is."""
    with pytest.raises(ScenarioError) as refused:
        load("asean15", ["centres.medan.engineers.systems.count=4"])
    (problem,) = refused.value.problems
    assert problem.key == "centres.medan"
    assert problem.found.startswith("a new section without level, city, engineers.systems.level")
    assert "did you mean medan-station?" in problem.allowed
    assert problem.file == "--set"


def test_a_new_thing_unlike_any_other_is_asked_for_its_keys() -> None:
    """Where no name is alike, every key that is missing is named."""
    with pytest.raises(ScenarioError) as refused:
        load("one-city", ["centres.zzz.level=local"])
    assert [p.key for p in refused.value.problems] == ["centres.zzz.city"]


def test_other_problems_stay_as_they_are() -> None:
    """What is wrong with a value is told beside the slip."""
    problems = [
        Problem("centres.medn.city", "nothing", "a value: the key is required"),
        Problem("days", "-1", "a number above 0"),
        Problem("name", "nothing", "a value: the key is required"),
    ]
    told = with_meant_names(problems, {"centres": {"medan": {}, "medn": {}}})
    assert [p.key for p in told] == ["centres.medn", "days", "name"]


@pytest.mark.parametrize(
    ("key", "slip", "meant"),
    [
        ("sites.gurney.city", "pennang", "penang"),
        ("sites.gurney.centre", "stations", "station"),
        ("centres.hq.serves.sites", "gurny", "gurney"),
        ("fault_types.flicker.skill", "cameras", "camera"),
        ("sla.0.match.customer_tier", "strategc", "strategic"),
    ],
)
def test_a_slip_in_a_reference_asks_for_the_name_that_was_meant(key: str, slip: str, meant: str) -> None:
    """Who misspells a city, a site, a centre or another thing is asked whether he meant the one alike."""
    refused = [p for k, p in problems_with({key: slip}).items() if k.startswith(key)]
    assert [p.found for p in refused] == [repr(slip)]
    assert refused[0].allowed.endswith(f"; did you mean {meant}?)")


def test_a_name_unlike_any_other_is_answered_with_what_there_is() -> None:
    """Where no name is alike, only what there is is told."""
    (problem,) = problems_with({"sites.gurney.city": "xyz"}).values()
    assert "did you mean" not in problem.allowed
    assert problem.allowed.startswith("a key of cities (")

"""Problems and doubts of a study stand beside the edit that causes them."""

from __future__ import annotations

import pytest

from scenarios import load
from scenarios.problems import Problem, Warn
from ui.lab.checking import cause_of, problems_of, warnings_of
from ui.lab.people import added_group
from ui.lab.study import Edit, Study, Variant, value_at


@pytest.fixture(scope="module")
def asean() -> dict:  # type: ignore[type-arg]
    """Return the resolved document of asean15."""
    return load("asean15").scenario.model_dump(mode="json", by_alias=True)


def _study(*edits: Edit, **settings: object) -> Study:
    return Study("asean15", (Variant("a", "A", edits),), **settings)  # type: ignore[arg-type]


_HARMLESS = Edit("travel.cost_per_hour", 14.0)


@pytest.mark.parametrize(
    "edit",
    [
        Edit("centres.medan-station.engineers.systems.count", -1),
        Edit("dispatch.policy", "by_horoscope"),
        Edit("sla.near.targets.attend", 6.0),  # beside `response`, which stands on the same clock
        Edit("disruptions", {"name": "x", "kind": "rain", "from": "2026-03-02"}, "add"),  # no length
        Edit("changes", {"from": "2026-06-01", "set": {"seed": 3}}, "add"),  # may not change on a date
        Edit("dispatch.crossing", None),  # which alerts ask for
        Edit("nowhere.at.all", 1),
        Edit("sla.nobody.pauses", True),
    ],
)
def test_a_problem_stands_beside_its_edit(asean: dict, edit: Edit) -> None:  # type: ignore[type-arg]
    """What cannot be is found before a run, and is put to the edit that brought it."""
    for edits, position in (((edit, _HARMLESS), 0), ((_HARMLESS, edit), 1)):
        found = problems_of(_study(*edits), 0, asean)
        assert found and all(f.grave and isinstance(f.what, Problem) for f in found)
        assert {f.edit for f in found} == {position}


def test_a_problem_of_no_edit_stands_alone(asean: dict) -> None:  # type: ignore[type-arg]
    """A start after the baseline's disruptions is no edit's fault."""
    found = problems_of(_study(_HARMLESS, start="2026-12-01"), 0, asean)
    assert found and {f.edit for f in found} == {None}


def test_a_doubt_stands_beside_its_cause(asean: dict) -> None:  # type: ignore[type-arg]
    """More people than the plan states are doubtful beside the people, who have another key."""
    like = value_at(asean, "centres.medan-station.engineers.systems")
    people = Edit("centres.medan-station.engineers.seniors", added_group(like, "senior", 2, 9.0))
    found = warnings_of(_study(_HARMLESS, people, _HARMLESS), 0, asean)
    (warn,) = [f for f in found if isinstance(f.what, Warn) and f.what.code == "W-headcount"]
    assert warn.edit == 1 and not warn.grave


def test_doubts_of_the_baseline_are_not_told_again(asean: dict) -> None:  # type: ignore[type-arg]
    """What was doubtful before somebody changed anything is not laid to him."""
    assert warnings_of(_study(), 0, asean) == []


def test_a_disruption_after_the_run_is_doubted_beside_it(asean: dict) -> None:  # type: ignore[type-arg]
    """A disruption that no replication reaches is a doubt of that disruption."""
    late = Edit("disruptions", {"name": "late", "kind": "rain", "from": "2026-09-02", "days": 7}, "add")
    quiet = tuple(Edit(f"disruptions.{d['name']}", how="drop") for d in asean["disruptions"])
    found = warnings_of(_study(*quiet, late, days=30.0), 0, asean)
    assert [f.edit for f in found if isinstance(f.what, Warn) and f.what.code == "W-date"] == [len(quiet)]


def test_the_nearest_edit_is_the_cause() -> None:
    """Of several edits the one whose key goes furthest along with the finding's is taken."""
    edits = [Edit("centres.a.engineers.x.count", 1), Edit("centres.a", {}), Edit("centres.b.level", "local")]
    assert cause_of("centres.a.engineers.x.shift", edits) == 0
    assert cause_of("centres.b.city", edits) == 2
    assert cause_of("travel.method", edits) is None
    dated = [
        Edit("changes", {"from": "2026-06-01", "set": {"seed": 1}}, "add"),
        Edit("disruptions", {}, "add"),
    ]
    assert cause_of("changes", dated, "W-date") == 0


def test_disruptions_of_the_baseline_after_the_run_are_not_laid_to_new_ones(asean: dict) -> None:  # type: ignore[type-arg]
    """A run that ends before the baseline's disruptions is no doubt of the one that somebody adds."""
    rain = Edit("disruptions", {"name": "r", "kind": "rain", "from": "2026-01-09", "days": 7}, "add")
    found = warnings_of(_study(rain, days=30.0), 0, asean)
    assert not [f for f in found if isinstance(f.what, Warn) and f.what.code == "W-date"]


def test_a_doubt_of_the_baseline_is_not_laid_to_a_dated_change(asean: dict) -> None:  # type: ignore[type-arg]
    """A doubt that a dated change only repeats from its date on is the baseline's, no edit's."""
    like = value_at(asean, "centres.medan-station.engineers.systems")
    people = Edit("centres.medan-station.engineers.seniors", added_group(like, "senior", 2, 9.0))
    dated = Edit("changes", {"from": "2026-01-31", "set": {"travel.cost_per_hour": 14.0}}, "add")
    found = warnings_of(_study(people, dated), 0, asean)
    assert [(f.what.code, f.edit) for f in found if isinstance(f.what, Warn)] == [("W-headcount", 0)]

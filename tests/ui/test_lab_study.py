"""Studies: their documents, their text for an address, how edits join, what is written of a saved one."""

from __future__ import annotations

import base64
import json
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenarios import ScenarioError, from_document, load
from scenarios.paths import stack
from ui.lab.people import added_group
from ui.lab.study import (
    Edit,
    Study,
    Variant,
    difference,
    edited,
    free_name,
    new_study,
    study_from_text,
    study_to_text,
    value_at,
    with_edit,
)

_NAMES = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_-]{0,12}", fullmatch=True)
_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
_EDITS = st.builds(Edit, st.text(min_size=1), _VALUES, st.sampled_from(["set", "add", "drop"]))
_VARIANTS = st.lists(
    st.builds(Variant, _NAMES, st.text(), st.lists(_EDITS, max_size=4).map(tuple)),
    min_size=1,
    max_size=4,
    unique_by=lambda v: v.name,
).map(tuple)
_STUDIES = st.builds(
    Study,
    _NAMES,
    _VARIANTS,
    st.integers(1, 10_000),
    st.none() | st.integers(0, 2**63),
    st.none() | st.floats(1, 3660),
    st.none() | st.dates().map(str),
    st.dictionaries(_NAMES, st.floats(0, 10), max_size=2),
)
#: A document of sections, lists and values like those of a scenario.
_DOCUMENTS = st.recursive(
    st.dictionaries(_NAMES, st.integers() | st.text() | st.lists(st.integers(), max_size=2), max_size=4),
    lambda inner: st.dictionaries(_NAMES, inner | st.integers(), max_size=4),
    max_leaves=12,
)


@pytest.fixture(scope="module")
def asean() -> dict[str, object]:
    """Return the resolved document of the scenario that everybody starts from."""
    return load("asean15").scenario.model_dump(mode="json", by_alias=True)


@given(_STUDIES)
def test_a_study_comes_back_from_its_text(study: Study) -> None:
    """Every study is the same after a way through the address, and its text needs no escaping there."""
    text = study_to_text(study)
    assert study_from_text(text) == study
    assert text.isascii() and text.replace("-", "").replace("_", "").isalnum()


@given(st.text())
def test_a_text_that_is_no_study_is_refused(text: str) -> None:
    """What somebody typed into the address is refused with a ValueError and nothing else."""
    with pytest.raises(ValueError):
        study_from_text(text)


@settings(max_examples=60)
@given(_STUDIES, st.data())
def test_a_damaged_text_never_fails_otherwise(study: Study, data: st.DataObject) -> None:
    """A text that was cut off or changed gives a study or a ValueError."""
    text = study_to_text(study)
    cut = data.draw(st.integers(0, len(text)))
    for damaged in (text[:cut], text[:cut] + "x" + text[cut + 1 :]):
        try:
            assert isinstance(study_from_text(damaged), Study)
        except ValueError:
            continue


@pytest.mark.parametrize(
    "content",
    [
        [],
        {"b": "x"},
        {"b": 1, "v": [["a", "A", []]], "r": 2, "s": None, "d": None, "f": None, "p": {}},
        {"b": "x", "v": [], "r": 2, "s": None, "d": None, "f": None, "p": {}},
        {"b": "x", "v": [["../a", "A", []]], "r": 2, "s": None, "d": None, "f": None, "p": {}},
        {"b": "x", "v": [["a", "A", [["k", 1, "run"]]]], "r": 2, "s": None, "d": None, "f": None, "p": {}},
        {"b": "x", "v": [["a", "A", []]], "r": True, "s": None, "d": None, "f": None, "p": {}},
        {"b": "x", "v": [["a", "A", []], ["a", "B", []]], "r": 2, "s": None, "d": None, "f": None, "p": {}},
    ],
)
def test_a_text_with_wrong_content_is_refused(content: object) -> None:
    """A well-packed text whose JSON is no study is refused."""
    packed = zlib.compress(json.dumps(content).encode())
    with pytest.raises(ValueError):
        study_from_text("1" + base64.urlsafe_b64encode(packed).decode().rstrip("="))


def test_a_text_that_grows_without_end_is_refused() -> None:
    """A small text that unpacks to hundreds of megabytes is refused without unpacking them."""
    packed = zlib.compress(b" " * 50_000_000, 9)
    with pytest.raises(ValueError):
        study_from_text("1" + base64.urlsafe_b64encode(packed).decode().rstrip("="))


@given(_DOCUMENTS, _DOCUMENTS)
def test_a_difference_laid_over_the_parent_is_the_child(parent: dict, child: dict) -> None:  # type: ignore[type-arg]
    """What a saved what-if says, stacked on its baseline, is the what-if again."""
    stacked = stack(parent, difference(parent, child, parent))
    assert {k: v for k, v in stacked.items() if v is not None} == child


def test_the_ten_minute_story_becomes_the_right_scenario(asean: dict) -> None:  # type: ignore[type-arg]
    """Two more seniors in Medan and a week of rain in Penang are in the scenario that is simulated."""
    like = value_at(asean, "centres.medan-station.engineers.systems")
    rain = {"name": "rain", "kind": "rain", "from": "2026-03-02", "days": 7, "cities": ["penang"]}
    edits = (
        Edit("centres.medan-station.engineers.seniors", added_group(like, "senior", 2, 9.0)),
        Edit("disruptions", rain, "add"),
    )
    study = Study("asean15", (Variant("medan", "Medan", edits),), 4, 7, 30.0, "2026-02-01")
    baseline, what_if = (from_document(d).scenario for d in study.documents(asean))
    assert (baseline.name, what_if.name) == ("asean15", "medan")
    assert (what_if.days, what_if.seed, str(what_if.start)) == (30.0, 7, "2026-02-01")

    def seniors(scenario) -> int:  # type: ignore[no-untyped-def]
        groups = scenario.centres["medan-station"].engineers.values()
        return sum(g.count for g in groups if g.level == "senior")

    assert seniors(what_if) - seniors(baseline) == 2
    (added,) = set(d.name for d in what_if.disruptions) - {d.name for d in baseline.disruptions}
    struck = next(d for d in what_if.disruptions if d.name == added)
    assert (struck.kind, struck.cities, struck.length) == ("rain", ("penang",), 7 * 24.0)


def test_the_baseline_is_left_as_it_is(asean: dict) -> None:  # type: ignore[type-arg]
    """Edits of a what-if never reach the baseline's document."""
    before = json.dumps(asean)
    edits = (Edit("dispatch.policy", "first_come"), Edit("disruptions.songkran", how="drop"))
    changed = edited(asean, edits)
    assert json.dumps(asean) == before
    assert changed["dispatch"]["policy"] == "first_come"
    assert len(changed["disruptions"]) == len(asean["disruptions"]) - 1


def test_dated_changes_come_in_order_of_dates(asean: dict) -> None:  # type: ignore[type-arg]
    """Changes that were added in any order are simulated in order, those of one day together."""
    changes = [
        Edit("changes", {"from": day, "set": {key: value}}, "add")
        for day, key, value in (
            ("2026-06-01", "dispatch.policy", "first_come"),
            ("2026-03-01", "dispatch.policy", "sla_priority"),
            ("2026-06-01", "travel.cost_per_hour", 14.0),
        )
    ]
    loaded = from_document(edited(asean, changes))
    assert [p.scenario.dispatch.policy for p in loaded.periods] == [
        "nearest_qualified",
        "sla_priority",
        "first_come",
    ]
    assert loaded.periods[-1].scenario.travel.cost_per_hour == 14.0


def test_an_edit_back_to_the_baseline_is_no_difference(asean: dict) -> None:  # type: ignore[type-arg]
    """Turning a head count up and down again leaves no edit behind."""
    key = "centres.medan-station.engineers.systems.count"
    up = with_edit(Variant("a", "A"), Edit(key, 3), asean)
    assert up.edits == (Edit(key, 3),)
    assert with_edit(up, Edit(key, 4), asean).edits == (Edit(key, 4),)
    assert with_edit(up, Edit(key, 1), asean).edits == ()


def test_an_edit_inside_of_what_was_added_changes_the_addition(asean: dict) -> None:  # type: ignore[type-arg]
    """A head count of an added group is kept with the group, so that both go together."""
    like = value_at(asean, "centres.medan-station.engineers.systems")
    group = "centres.medan-station.engineers.seniors"
    variant = with_edit(Variant("a", "A"), Edit(group, added_group(like, "senior", 2, 9.0)), asean)
    variant = with_edit(variant, Edit(f"{group}.count", 3), asean)
    assert [e.key for e in variant.edits] == [group]
    assert variant.edits[0].value["count"] == 3


@pytest.mark.parametrize(
    "edit", [Edit("a..b", 1), Edit("disruptions.nowhere", how="drop"), Edit("name", 1, "add")]
)
def test_an_edit_that_leads_nowhere_is_named(edit: Edit) -> None:
    """A key that cannot be reached is refused under its own name."""
    with pytest.raises(ScenarioError) as caught:
        edited({"name": "x", "disruptions": []}, [edit])
    assert caught.value.problems[0].key == edit.key


@given(st.text(max_size=80), st.sets(_NAMES, max_size=3))
def test_a_free_name_is_a_name_and_free(wish: str, taken: set[str]) -> None:
    """Whatever is wished for, the name is one that a scenario may have and that is not taken."""
    name = free_name(wish, taken)
    assert name not in taken
    assert study_from_text(study_to_text(Study("b", (Variant(name, ""),)))).variants[0].name == name


def test_a_new_study_has_one_empty_what_if() -> None:
    """What somebody begins with is the baseline, twice."""
    study = new_study("one-city", "What-if 1")
    assert [v.edits for v in study.variants] == [()]

"""The page of the Scenario Lab: the ten-minute story, warnings beside causes, what never reaches a run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from scenarios import from_document, load
from ui.jobs import JobSpec, JobStore
from ui.lab.study import Edit, Study, Variant, study_from_text, study_to_text

_FORMS = ["People", "Disruptions", "SLA rules", "Dispatch", "Parts", "Dated changes", "Any setting"]
_WAIT = 120


def _script(folder: str, role: str, code: str) -> None:
    from ui.access import Access, PermittedJobs
    from ui.language import language
    from ui.pages.lab import page

    access = Access(role, "somebody")
    page(language(code), PermittedJobs(folder, access), access)


def _open(folder: Path, role: str = "editor", code: str = "en", **address: str) -> AppTest:
    at = AppTest.from_function(_script, args=(str(folder), role, code), default_timeout=_WAIT)
    for key, value in address.items():
        at.query_params[key] = value
    return _clean(at.run())


def _clean(at: AppTest) -> AppTest:
    """Return a page after a look that nothing failed on it."""
    assert not at.exception, [e.message for e in at.exception]
    return at


def _widget(at: AppTest, kind: str, end: str) -> Any:
    """Return the widget whose key ends in these words; its beginning changes with each change elsewhere."""
    return next(w for w in getattr(at, kind) if w.key and w.key.endswith(end))


def _form(at: AppTest, name: str) -> AppTest:
    return _clean(at.segmented_control(key="lab-form").set_value(name).run())


def _texts(at: AppTest) -> str:
    return "\n".join(m.value for m in at.markdown).replace("\\", "")


def _study(at: AppTest) -> Study:
    study: Study = at.session_state["lab"]["study"]
    return study


def _address(at: AppTest, key: str) -> str:
    value = at.query_params[key]
    return value if isinstance(value, str) else value[-1]


def _add_seniors(at: AppTest) -> None:
    """Give Medan two more seniors, as a planner does."""
    _clean(at.selectbox(key="lab-city-asean15").set_value("medan").run())
    _clean(_widget(at, "number_input", "add-n-medan").set_value(2).run())
    _clean(_widget(at, "button", "add-medan").click().run())


def _add_rain(at: AppTest) -> None:
    """Let it rain in Penang for seven days, as a planner does."""
    _form(at, "Disruptions")
    where = _widget(at, "multiselect", "where-rain")
    _clean(
        where.set_value([next(n for n, o in enumerate(where.options) if "Penang" in o or "槟城" in o)]).run()
    )
    _clean(_widget(at, "button", "add-disruption").click().run())


@pytest.fixture
def story(tmp_path: Path) -> AppTest:
    """Return the page with the story on it."""
    at = _open(tmp_path)
    _add_seniors(at)
    _add_rain(at)
    return at


def test_the_ten_minute_story_reaches_the_jobs(story: AppTest, tmp_path: Path) -> None:
    """Clicks on the forms become a job whose scenarios have seniors and rain, and nothing else new."""
    _clean(_widget(story, "number_input", "replications").set_value(3).run())
    _clean(story.button(key="lab-run").click().run())
    (job,) = JobStore(tmp_path).jobs()
    assert _address(story, "job") == job.id and "study" not in story.query_params
    assert job.spec.replications == 3 and job.spec.names == ("asean15", "what-if-1")
    baseline, what_if = (from_document(d).scenario for d in job.spec.scenarios)
    before, after = (
        [g for g in s.centres["medan-station"].engineers.values() if g.level == "senior"]
        for s in (baseline, what_if)
    )
    assert sum(g.count for g in after) - sum(g.count for g in before) == 2
    new = [d for d in what_if.disruptions if d not in baseline.disruptions]
    assert [(d.kind, d.cities, d.days) for d in new] == [("rain", ("penang",), 7)]
    assert baseline == load("asean15").scenario.model_copy(update={"replications": 3})


def test_differences_are_listed_and_taken_back(story: AppTest) -> None:
    """Each change is a line in words; its button takes it back, undo brings it again."""
    assert "**Medan station**  \n2 × Senior added" in _texts(story)
    assert "Rain" in _texts(story) and "7 days" in _texts(story)
    _clean(_widget(story, "button", "take-back-0").click().run())
    assert [e.key for e in _study(story).variants[0].edits] == ["disruptions"]
    assert "2 × Senior added" not in _texts(story)
    _clean(story.button(key="lab-undo").click().run())
    assert "2 × Senior" in _texts(story)


def test_a_warning_stands_beside_its_cause(story: AppTest) -> None:
    """The doubt about the head count is told where the seniors are, not elsewhere."""
    beside = {key: [w.value for w in story.container(key).warning] for key in ("lab-found-0", "lab-found-1")}
    assert ["W-headcount" in text for text in beside["lab-found-0"]] == [True]
    assert beside["lab-found-1"] == []


def test_a_study_in_the_address_is_on_the_page(story: AppTest, tmp_path: Path) -> None:
    """Whoever opens the address of a study has it before him, in the other language, too."""
    text = _address(story, "study")
    assert study_from_text(text) == _study(story)
    again = _open(tmp_path, code="zh", study=text)
    assert _study(again) == _study(story)
    assert "槟城" in _texts(again)


def test_a_study_too_long_for_an_address_is_kept_as_a_draft(tmp_path: Path) -> None:
    """A long study is in the address by name, and comes back after a reload."""
    words = "x".join(str(n**7) for n in range(400))
    study = Study("one-city", (Variant("a", "A", (Edit("description", words),)),), 4)
    at = _open(tmp_path, study=study_to_text(study))
    _clean(_widget(at, "number_input", "replications").set_value(5).run())
    text = _address(at, "study")
    assert text.startswith("draft-")
    assert _study(_open(tmp_path, study=text)).variants == study.variants


@pytest.mark.parametrize("text", ["nonsense", "draft-000000000000000000000000", "draft-../../x"])
def test_a_damaged_address_is_said_to_be_so(tmp_path: Path, text: str) -> None:
    """A link that was cut off opens the ordinary page with a message."""
    at = _open(tmp_path, study=text)
    assert any("cannot be read" in w.value for w in at.warning)
    assert _study(at).baseline == "asean15"


def test_a_broken_value_is_told_and_never_run(tmp_path: Path) -> None:
    """A target that contradicts the rule is refused beside the change, and the button to run is dead."""
    at = _open(tmp_path)
    _form(at, "Any setting")
    _clean(at.text_input(key="lab-search-any").set_value("sla.near-major.targets.attend").run())
    _clean(_widget(at, "number_input", "sla.near-major.targets.attend").set_value(6.0).run())
    assert any("response" in e.value for e in at.error)
    assert at.button(key="lab-run").disabled
    assert JobStore(tmp_path).jobs() == []


def test_yaml_that_is_none_changes_nothing(tmp_path: Path) -> None:
    """A section edited by hand into something that is no YAML is told, and stays as it was."""
    at = _open(tmp_path)
    _form(at, "Any setting")
    _clean(at.text_input(key="lab-search-any").set_value("dispatch.overflow").run())
    area = next(a for a in at.text_area if a.key.endswith("dispatch.overflow"))
    _clean(area.set_value("a: [1").run())
    assert any("not YAML" in e.value for e in at.error)
    assert _study(at).variants[0].edits == ()


@pytest.mark.parametrize("code", ["en", "zh"])
@pytest.mark.parametrize("baseline", ["one-city", "three-level-1200"])
def test_every_form_is_drawn_and_changes_nothing(tmp_path: Path, baseline: str, code: str) -> None:
    """Looking at the forms of any scenario, in either language, is no edit."""
    study = Study(baseline, (Variant("a", "A"),), 20)
    at = _open(tmp_path, code=code, study=study_to_text(study))
    for name in _FORMS:
        _form(at, name)
        assert _study(at) == study, name


@pytest.mark.parametrize(
    "words", ["engineers", "hours", "sites", "calendar", "skills", "first day", "pauses", "by_hour"]
)
def test_keys_of_every_kind_have_an_editor_that_changes_nothing(tmp_path: Path, words: str) -> None:
    """Whatever the search finds, its editor shows what stands there."""
    study = Study("one-city", (Variant("a", "A"),), 20)
    at = _open(tmp_path, study=study_to_text(study))
    _form(at, "Any setting")
    _clean(at.text_input(key="lab-search-any").set_value(words).run())
    picked = _widget(at, "selectbox", f"lab-picked-any-{words}")
    for number in range(0, len(picked.options), 7):
        _clean(_widget(at, "selectbox", f"lab-picked-any-{words}").select_index(number).run())
    assert _study(at) == study


def test_a_key_that_was_found_is_changed(tmp_path: Path) -> None:
    """Any key can be found by words and given a value."""
    at = _open(tmp_path)
    _form(at, "Any setting")
    _clean(at.text_input(key="lab-search-any").set_value("dispatch overtime hours").run())
    _clean(_widget(at, "number_input", "dispatch.shift_end.overtime_hours").set_value(4.0).run())
    assert _study(at).variants[0].edits == (Edit("dispatch.shift_end.overtime_hours", 4.0),)


def test_a_dated_change_is_added(tmp_path: Path) -> None:
    """A value from a date on becomes a dated change of the what-if."""
    at = _open(tmp_path)
    _form(at, "Dated changes")
    _clean(at.text_input(key="lab-search-dated").set_value("medan systems count").run())
    _clean(
        _widget(at, "number_input", "dated:centres.medan-station.engineers.systems.count").set_value(3).run()
    )
    _clean(_widget(at, "button", "add-change").click().run())
    (edit,) = _study(at).variants[0].edits
    assert edit.how == "add" and edit.value["set"] == {"centres.medan-station.engineers.systems.count": 3}
    assert not at.error


def test_what_ifs_stand_side_by_side(story: AppTest) -> None:
    """A copy has the same edits, may have a fourth of its kind but no fifth, and goes again."""
    for count in (2, 3, 4):
        _clean(story.button(key="lab-duplicate").click().run())
        assert len(_study(story).variants) == count
    assert len({v.name for v in _study(story).variants}) == 4
    assert len({v.edits == _study(story).variants[0].edits for v in _study(story).variants}) == 1
    assert story.button(key="lab-duplicate").disabled
    _clean(story.button(key="lab-remove-variant").click().run())
    assert len(_study(story).variants) == 3


def test_a_viewer_composes_but_does_not_run(tmp_path: Path) -> None:
    """Who may only look has the forms, and dead buttons with the reason."""
    at = _open(tmp_path, role="viewer")
    _add_seniors(at)
    assert at.button(key="lab-run").disabled and at.button(key="lab-save").disabled
    assert any("may look" in c.value for c in at.caption)
    assert JobStore(tmp_path).jobs() == []


def test_a_job_in_the_address_shows_its_study(story: AppTest, tmp_path: Path) -> None:
    """The link of a run has its what-ifs in the forms, and its state beside them."""
    study = _study(story)
    job = JobStore(tmp_path).submit(
        JobSpec("A run", study.documents(_base()), 2, origin={"study": study_to_text(study)})
    )
    at = _open(tmp_path, job=job.id)
    assert _study(at) == study and "study" not in at.query_params
    assert not at.info
    _clean(_widget(at, "number_input", "replications").set_value(7).run())
    assert any("changed since" in i.value for i in at.info)


def test_a_job_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    """The link of a run that was removed opens the ordinary page with a message."""
    at = _open(tmp_path, job="gone")
    assert any("no run gone" in w.value for w in at.warning)


def test_the_sample_is_what_one_sees_first(tmp_path: Path) -> None:
    """An address without parameters shows the sample's results, an empty what-if, and offers its own."""
    study = Study("asean15", (Variant("sample-what-if", "The sample"),), 2)
    spec = JobSpec("Sample", study.documents(_base()), 2, origin={"study": study_to_text(study)})
    JobStore(tmp_path).add("sample", spec)
    at = _open(tmp_path)
    assert at.session_state["lab"]["job"] == "sample" and _study(at).variants[0].edits == ()
    _clean(at.button(key="lab-sample-study").click().run())
    assert _study(at) == study


@pytest.mark.parametrize("number", [0, 99_999, -5])
def test_a_length_out_of_range_is_never_run(tmp_path: Path, number: int) -> None:
    """A length that may not be is told and keeps the run from being started, until it is mended."""
    at = _open(tmp_path)
    _clean(_widget(at, "number_input", "-days").set_value(float(number)).run())
    assert any("is not allowed" in e.value for e in at.error) and at.button(key="lab-run").disabled
    _clean(_widget(at, "number_input", "-days").set_value(30.0).run())
    assert not at.error and not at.button(key="lab-run").disabled
    assert _study(at).days == 30.0


def test_people_out_of_range_are_never_added(tmp_path: Path) -> None:
    """After a proper number a refused one is told, and the button is dead: none is added."""
    at = _open(tmp_path)
    _clean(at.selectbox(key="lab-city-asean15").set_value("medan").run())
    for number, refused in ((3, False), (-4, True)):
        _clean(_widget(at, "number_input", "add-n-medan").set_value(number).run())
        assert _widget(at, "button", "add-medan").disabled is refused
        assert any("is not allowed" in e.value for e in at.error) is refused


def test_a_city_is_kept_while_another_form_is_open(tmp_path: Path) -> None:
    """Whoever comes back to a form finds there what he chose."""
    at = _open(tmp_path)
    _clean(at.selectbox(key="lab-city-asean15").set_value("medan").run())
    _form(at, "SLA rules")
    _form(at, "People")
    assert at.selectbox(key="lab-city-asean15").value == "medan"


def test_changes_that_a_baseline_has_no_place_for_are_dropped(story: AppTest) -> None:
    """Under another baseline the places that it lacks are named, and one button drops their changes."""
    _clean(_widget(story, "selectbox", "-baseline").set_value("one-city").run())
    assert any("does not exist in this baseline" in e.value for e in story.error)
    _clean(story.button(key="lab-drop-missing").click().run())
    (left,) = _study(story).variants[0].edits
    assert left.key == "disruptions" and not story.error


def test_a_new_question_is_empty_and_can_be_undone(story: AppTest) -> None:
    """A button clears all what-ifs, and one undo brings them back."""
    before = _study(story)
    _clean(story.button(key="lab-new-question").click().run())
    assert [v.edits for v in _study(story).variants] == [()]
    _clean(story.button(key="lab-undo").click().run())
    assert _study(story) == before


def test_a_key_without_effect_is_said_so(tmp_path: Path) -> None:
    """A speed that the network of ways does not read is offered with a note."""
    at = _open(tmp_path)
    _form(at, "Any setting")
    _clean(at.text_input(key="lab-search-any").set_value("travel.speed_kmh").run())
    assert any("no effect while" in w.value for w in at.warning)


def test_the_sum_of_the_groups_can_be_stated(story: AppTest) -> None:
    """The doubt about the head count is mended by a button."""
    _clean(story.button(key="lab-state-sum").click().run())
    assert Edit("stated.headcount", 64) in _study(story).variants[0].edits


def test_a_run_is_cancelled_from_the_page(story: AppTest, tmp_path: Path) -> None:
    """The progress of a run has a button that ends it, and then one that goes on with it."""
    _clean(story.button(key="lab-run").click().run())
    _clean(story.button(key="lab-cancel").click().run())
    (job,) = JobStore(tmp_path).jobs()
    assert job.state == "cancelled"
    _clean(story.run())
    _clean(story.button(key="lab-resume").click().run())
    assert JobStore(tmp_path).job(job.id).state == "queued"


def test_a_what_if_is_saved_and_started_from(story: AppTest, tmp_path: Path) -> None:
    """A what-if under a name can be a baseline, and is overwritten only when one says so."""
    _clean(_widget(story, "text_input", "save-name-what-if-1-What-if 1").set_value("rainy").run())
    _clean(story.button(key="lab-save").click().run())
    assert (
        load(tmp_path / "scenarios" / "rainy.yaml")
        .scenario.centres["medan-station"]
        .engineers["seniors"]
        .count
        == 2
    )
    _clean(story.run())
    assert story.button(key="lab-save").disabled
    _clean(story.button(key="lab-open").click().run())
    assert _study(story).baseline == "rainy"


def _base() -> dict[str, Any]:
    return load("asean15").scenario.model_dump(mode="json", by_alias=True)

"""Saved scenarios: written, read back, brought in, and refused where they are no business of others."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenarios import ScenarioError, documents, from_document, library, load
from ui.lab.baselines import (
    LARGEST_UPLOAD,
    child_document,
    delete,
    library_names,
    open_baseline,
    problem_with_name,
    save,
    saved_names,
    take_in,
    title_of,
)
from ui.lab.people import added_group
from ui.lab.study import Edit, edited, value_at


def _changed(name: str = "one-city", folder: Path = Path("nowhere")) -> tuple:  # type: ignore[type-arg]
    """Return a baseline, and a what-if of it with edits of every kind."""
    baseline = open_baseline(name, folder)
    document = baseline.document
    centre = next(k for k, c in document["centres"].items() if c["engineers"])
    group = next(iter(document["centres"][centre]["engineers"]))
    like = value_at(document, f"centres.{centre}.engineers.{group}")
    edits = [
        Edit(f"centres.{centre}.engineers.seniors", added_group(like, "senior", 2, 9.0)),
        Edit(f"centres.{centre}.engineers.{group}.skills", dict.fromkeys(like["skills"], "expert")),
        Edit("disruptions", {"name": "wet", "kind": "rain", "from": document["start"], "days": 7}, "add"),
        Edit("prediction", None),
        Edit("travel.cost_per_hour", 14.0),
    ]
    return baseline, from_document(edited(document, edits))


@pytest.mark.parametrize("name", ["asean15", "one-city", "regional-centres"])
def test_a_saved_what_if_is_the_what_if(tmp_path: Path, name: str) -> None:
    """A file that says only what differs is read back as the same scenario, by the command as well."""
    baseline, loaded = _changed(name)
    save(child_document(baseline, loaded, "mine"), "mine", tmp_path)
    again = load(tmp_path / "mine.yaml").scenario
    assert again.name == "mine"
    expected = loaded.scenario.model_dump(exclude={"name", "sources"})
    assert again.model_dump(exclude={"name", "sources"}) == expected
    written = (tmp_path / "mine.yaml").read_text("utf-8")
    assert written.startswith(f"extends: {name}\n") and "calendars" not in written


def test_a_saved_what_if_is_a_baseline(tmp_path: Path) -> None:
    """What was saved is listed with its title, and a what-if of it extends it."""
    baseline, loaded = _changed()
    save(child_document(baseline, loaded, "mine"), "mine", tmp_path)
    assert saved_names(tmp_path) == ["mine"] and title_of("mine", tmp_path) == title_of("one-city", tmp_path)
    mine = open_baseline("mine", tmp_path)
    further = from_document(edited(mine.document, [Edit("travel.cost_per_hour", 20.0)]))
    save(child_document(mine, further, "further"), "further", tmp_path)
    assert load(tmp_path / "further.yaml").scenario.travel.cost_per_hour == 20.0
    assert (tmp_path / "further.yaml").read_text("utf-8").startswith("extends: mine.yaml\n")
    delete("further", tmp_path)
    assert saved_names(tmp_path) == ["mine"]


def test_what_cannot_be_read_back_is_not_kept(tmp_path: Path) -> None:
    """A document with a fault leaves neither a file nor a trace of one, and what was there before stays."""
    baseline, loaded = _changed()
    good = child_document(baseline, loaded, "mine")
    save(good, "mine", tmp_path)
    with pytest.raises(ScenarioError):
        save({**good, "days": -1}, "mine", tmp_path)
    assert [f.name for f in tmp_path.iterdir()] == ["mine.yaml"]
    assert load(tmp_path / "mine.yaml").scenario.days > 0


@given(st.text(max_size=80))
def test_no_name_leads_out_of_the_folder(name: str) -> None:
    """A name that is not just letters, digits, _ and - is refused, as are those of the library."""
    if problem_with_name(name, Path("nowhere")) == "":
        assert Path(name).name == name and name.isascii() and name not in library()
    else:
        with pytest.raises(ValueError):
            save({}, name, Path("nowhere"))


@pytest.mark.parametrize("name", ["../secret", "nowhere", "", "a/b", "mine.yaml"])
def test_a_baseline_that_is_not_there_is_refused(tmp_path: Path, name: str) -> None:
    """An address can ask for scenarios of the library and saved ones, and for no other file."""
    with pytest.raises(ScenarioError):
        open_baseline(name, tmp_path)


def test_a_scenario_file_is_taken_in(tmp_path: Path) -> None:
    """A file that extends a scenario of the library is saved under the name that it gives itself."""
    name = take_in(b"extends: one-city\nname: brought\ndays: 10\n", tmp_path)
    assert name == "brought" and open_baseline("brought", tmp_path).document["days"] == 10


@pytest.mark.parametrize(
    ("content", "key"),
    [
        (b"extends: ../../etc/passwd\nname: brought\n", "extends"),
        (b"extends: other.yaml\nname: brought\n", "extends"),
        (b"extends: one-city\nname: ../brought\n", "name"),
        (b"extends: one-city\nname: one-city\n", "name"),
        (b"extends: one-city\nname: brought\ndays: -3\n", "days"),
        (b"just a text", ""),
        (b"\xff\xfe", ""),
        (b"a: &a [1]\nb: *a\n", ""),
        (b"#" * (LARGEST_UPLOAD + 1), ""),
    ],
)
def test_a_file_that_is_no_scenario_is_refused(tmp_path: Path, content: bytes, key: str) -> None:
    """What is too large, no scenario, or reaches for other files is refused by key, and nothing is kept."""
    with pytest.raises(ScenarioError) as caught:
        take_in(content, tmp_path)
    assert key in [p.key for p in caught.value.problems]
    assert list(tmp_path.glob("*")) == []


def test_the_library_is_offered_without_what_only_validates() -> None:
    """The list of baselines has the scenarios that people start from."""
    assert "asean15" in library_names()
    assert all(library()[name].parent.name != "validation" for name in library_names())


def test_documents_are_written_as_they_are_read(tmp_path: Path) -> None:
    """The YAML of a saved scenario can be read by its strict parser."""
    baseline, loaded = _changed()
    child = child_document(baseline, loaded, "mine")
    assert documents.parse(documents.dump(child), "") == child

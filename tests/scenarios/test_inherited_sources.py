"""Sources that a document inherits go with what they are about; its own stay and are checked."""

from __future__ import annotations

from pathlib import Path

import pytest

from scenarios import load
from scenarios.problems import ScenarioError


def written(folder: Path, text: str) -> Path:
    """Return a file with a text."""
    path = folder / "mine.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_replaced_list_takes_its_sources_along(tmp_path: Path) -> None:
    """Rules of one's own in place of the library's need not say anything about the library's."""
    mine = "extends: asean15\nname: mine\nsla: [{name: all, targets: {response: 8}}]\n"
    scenario = load(written(tmp_path, mine)).scenario
    assert [rule.name for rule in scenario.sla] == ["all"]
    assert not any(key.startswith("sla.near") for key in scenario.sources)
    assert any(key.startswith("cities") for key in scenario.sources)


def test_a_dropped_key_takes_its_source_along() -> None:
    """The same goes for a key that is taken away on the command line."""
    kept = load("asean15", ["absences.attrition_per_year=null"]).scenario
    assert not any(key.startswith("absences.attrition_per_year") for key in kept.sources)


def test_a_source_of_one_s_own_about_nothing_is_refused(tmp_path: Path) -> None:
    """Who says where a figure is from that is not there is told so."""
    mine = "extends: asean15\nname: mine\nsources: {sla.nowhere: {quality: A, note: a paper}}\n"
    with pytest.raises(ScenarioError, match=r"sources\.sla\.nowhere"):
        load(written(tmp_path, mine))

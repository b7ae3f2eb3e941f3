"""`compare`: paired differences, their table, and variants."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command_line import Banyan, same_rows

OPTIONS = ("--days", "10", "--replications", "4")
VARIANT = ("--variant", "fifo=one-city:dispatch.policy=first_come")


def compared(banyan: Banyan, *words: str) -> dict[str, object]:
    """Return what `compare --json` prints."""
    result = banyan("compare", *words, *OPTIONS, "--json")
    assert result.exit_code == 0, result.stderr
    found: dict[str, object] = json.loads(result.stdout)
    return found


def test_json_is_the_comparison(banyan: Banyan) -> None:
    """`--json` prints the comparison that is written, with places and warnings."""
    found = compared(banyan, "one-city", *VARIANT)
    content = json.loads(Path("runs/compare-one-city-fifo/comparison.json").read_text())
    assert {key: found[key] for key in content} == content
    assert content["baseline"] == "one-city" and list(content["scenarios"]) == ["fifo"]
    assert found["folder"] == "runs/compare-one-city-fifo"
    row = content["scenarios"]["fifo"]["time_to_attend_mean"]
    assert {"difference", "ci_low", "ci_high", "p_value", "variance_ratio"} <= row.keys()


def test_difference_is_paired(banyan: Banyan) -> None:
    """The difference of means is the mean difference, and each scenario has a whole run folder."""
    found = compared(banyan, "one-city", *VARIANT, "--out", "both")
    means = [
        json.loads(Path("both", name, "summary.json").read_text())["kpis"]["time_to_attend_mean"]["mean"]
        for name in ("one-city", "fifo")
    ]
    row = found["scenarios"]["fifo"]["time_to_attend_mean"]  # type: ignore[index]
    assert row["difference"] == pytest.approx(means[1] - means[0])
    assert row["ci_low"] < row["difference"] < row["ci_high"]


def test_a_scenario_does_not_differ_from_itself(banyan: Banyan) -> None:
    """A variant that changes nothing differs in nothing: all scenarios meet the same faults."""
    found = compared(banyan, "one-city", "--variant", "same=one-city:replications=3", "--out", "both")
    differences = {row["difference"] for row in found["scenarios"]["same"].values()}  # type: ignore[index]
    assert differences == {0.0}
    assert same_rows(Path("both/one-city"), Path("both/same"))


def test_run_of_a_comparison_is_that_of_run(banyan: Banyan) -> None:
    """The baseline of a comparison has the rows of `run` with the same options."""
    compared(banyan, "one-city", *VARIANT, "--out", "both")
    banyan("run", "one-city", *OPTIONS, "--out", "alone")
    assert same_rows(Path("both/one-city"), Path("alone"))


def test_three_scenarios(banyan: Banyan, tmp_path: Path) -> None:
    """Files and variants stand in the order given, each against the first, jointly."""
    (tmp_path / "quiet.yaml").write_text("extends: one-city\nname: quiet\nseed: 5\n")
    found = compared(banyan, "one-city", "quiet.yaml", *VARIANT, "--set", "seed=4")
    assert list(found["scenarios"]) == ["quiet", "fifo"]  # type: ignore[call-overload]
    assert found["comparisons"] == 2
    assert found["folder"] == "runs/compare-one-city-quiet-fifo"


def test_table(banyan: Banyan) -> None:
    """The table has a value, a difference with interval, p and variance ratio; open questions have a dot."""
    result = banyan("compare", "one-city", *VARIANT, "--variant", "same=one-city:seed=1", *OPTIONS)
    assert result.exit_code == 0, result.stderr
    blocks = result.stdout.split(" against one-city")
    assert len(blocks) == 3
    same = next(line for line in blocks[2].splitlines() if "Time to attend, mean" in line)
    assert " 0 ± 0 " in same and " · " in same and " 1.000 " in same
    assert "Bonferroni" in result.stdout


def test_resume_of_a_comparison(banyan: Banyan) -> None:
    """A comparison that ended between two scenarios is completed to the same differences."""
    found = compared(banyan, "one-city", *VARIANT, "--out", "both")
    Path("both/comparison.json").unlink()
    for file in sorted(Path("both/fifo").rglob("*"), reverse=True):
        file.rmdir() if file.is_dir() else file.unlink()
    Path("both/fifo").rmdir()
    refused = banyan("compare", "one-city", *VARIANT, *OPTIONS, "--out", "both")
    assert refused.exit_code == 2 and "both: found a comparison" in refused.stderr
    result = banyan("compare", "one-city", *VARIANT, "--out", "both", "--resume", "--json")
    assert result.exit_code == 0, result.stderr
    assert json.loads(result.stdout)["scenarios"] == found["scenarios"]


def test_the_comparison_tells_which_causes_moved(banyan: Banyan) -> None:
    """Table and JSON have the difference by cause; hours add up to the whole difference of the delay."""
    result = banyan("compare", "one-city", *VARIANT, *OPTIONS, "--out", "both")
    assert "what moved in fifo" in result.stdout
    assert "engineers busy" in result.stdout
    causes = json.loads(Path("both/comparison.json").read_text())["causes"]["fifo"]
    hours = {cause: rows["hours"]["difference"] for cause, rows in causes.items()}
    assert hours.pop("all") == pytest.approx(sum(hours.values()))
    assert any(difference != 0.0 for difference in hours.values())
    assert causes["work"]["hours"]["difference"] == 0.0
    late = {cause: rows["missed_restore"]["difference"] for cause, rows in causes.items()}
    assert late.pop("all") == pytest.approx(sum(late.values()), abs=1e-9)


def test_json_has_differences_by_city_and_centre(banyan: Banyan) -> None:
    """Under `by` each city and centre has paired differences; those of the only city are the network's."""
    found = compared(banyan, "one-city", *VARIANT)
    by, whole = found["by"]["fifo"], found["scenarios"]["fifo"]  # type: ignore[index]
    assert list(by) == ["city", "centre"]
    (city,) = by["city"].values()
    for limit in ("difference", "ci_low", "ci_high", "p_value"):
        assert city["time_to_attend_mean"][limit] == pytest.approx(whole["time_to_attend_mean"][limit])
    assert city["time_to_attend_mean"].keys() == {"difference", "ci_low", "ci_high", "p_value", "n"}
    assert city["time_to_attend_mean"]["n"] == 4


def test_the_comparison_tells_that_nothing_moved_anywhere(banyan: Banyan) -> None:
    """A variant that changes nothing has one line in place of a table of cities."""
    result = banyan("compare", "one-city", "--variant", "same=one-city:seed=1", *OPTIONS)
    assert "where it moved in same: in no city" in result.stdout

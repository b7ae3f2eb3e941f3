"""`scenarios`, `show`, `validate` and `schema`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from command_line import Banyan

from scenarios import library, load
from scenarios.compiling import compile_world
from scenarios.loading import LIBRARY


def test_list_names_the_library(banyan: Banyan) -> None:
    """The list has the scenarios of the library in its order; with --all also those held to theory."""
    short = [row["name"] for row in json.loads(banyan("scenarios", "--json").stdout)["scenarios"]]
    assert short == [name for name, file in library().items() if file.parent == LIBRARY]
    long = [row["name"] for row in json.loads(banyan("scenarios", "--all", "--json").stdout)["scenarios"]]
    assert long == list(library())


def test_list_has_titles(banyan: Banyan) -> None:
    """Each line of the list is a name and the title that the scenario has when it is loaded."""
    lines = banyan("scenarios", "--all").stdout.splitlines()
    assert len(lines) == len(library())
    for line, name in zip(lines, library(), strict=True):
        assert line.split(maxsplit=1) == [name, load(name).scenario.title]


@pytest.mark.parametrize("name", ["one-city", "asean15", "jackson"])
def test_show_can_be_run(name: str, banyan: Banyan, tmp_path: Path) -> None:
    """What `show` prints is a scenario that resolves to itself."""
    text = banyan("show", name, "--set", "days=40").stdout
    (tmp_path / "shown.yaml").write_text(text, encoding="utf-8")
    assert load(tmp_path / "shown.yaml").text == text == load(name, ["days=40"]).text
    assert "sources:" in text


def test_show_as_json(banyan: Banyan) -> None:
    """`show --json` is the same document as `show`."""
    shown = banyan("show", "one-city").stdout
    assert json.loads(banyan("show", "one-city", "--json").stdout) == yaml.safe_load(shown)


def test_validate_counts(banyan: Banyan) -> None:
    """`validate` counts what is in a scenario."""
    words = ("validate", "mmc", "--set", "days=100", "--json")
    found = json.loads(banyan(*words).stdout)
    assert found["valid"] is True and found["name"] == "mmc" and found["warnings"] == []
    assert [found[key] for key in ("cities", "sites", "devices", "centres", "engineers")] == [1, 1, 1, 1, 3]
    # A device that fails 43,800 times in a year of 8,760 hours.
    assert found["expected_orders_a_day"] == pytest.approx(120.0)


def test_validate_agrees_with_the_world(banyan: Banyan) -> None:
    """Expected orders a day are those of the compiled scenario over its whole length."""
    world = compile_world(load("one-city"))
    found = json.loads(banyan("validate", "one-city", "--json").stdout)
    assert found["expected_orders_a_day"] == pytest.approx(world.expected_orders / 365, abs=1e-3)
    assert found["devices"] == world.periods[0].devices.sum()


def test_validate_prints_what_it_found(banyan: Banyan) -> None:
    """On the terminal `validate` says that a scenario is valid; doubts go to stderr with their codes."""
    result = banyan("validate", "one-city", "--set", "stated.headcount=3")
    assert result.exit_code == 0
    assert result.stdout.startswith("one-city: valid\n") and "engineers" in result.stdout
    assert "W-headcount stated.headcount" in result.stderr


def test_schema_is_that_of_a_scenario(banyan: Banyan) -> None:
    """The schema knows every section, refuses unknown keys and carries units."""
    schema = json.loads(banyan("schema").stdout)
    assert schema == json.loads(banyan("schema", "--json").stdout)
    assert schema["additionalProperties"] is False
    assert schema["properties"]["days"]["unit"] == "day"
    assert {"extends", "sites", "sla", "centres"} <= schema["properties"].keys()
    assert {"required": ["extends"]} in schema["anyOf"]

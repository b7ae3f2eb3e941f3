"""Bad input: exit code 2, one message, nothing written; anything else: exit code 1, no traceback."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest
from command_line import Banyan, finish, invoke, start, written
from hypothesis import HealthCheck, given, settings
from mutations import mutated

from scenarios.documents import dump

BAD_INPUT = {
    "rnu": "'rnu'",
    "run": "SCENARIO",
    "run nosuch": "'nosuch'",
    "run nosuch.yaml": "nosuch.yaml",
    "run one-citi": "did you mean one-city",
    "run one-city more": "more",
    "run one-city --nosuch": "--nosuch",
    "run one-city --seed": "--seed",
    "run one-city --seed -1": "--seed: found '-1'; allowed: a whole number, 0 or more",
    "run one-city --seed 1.5": "--seed: found '1.5'",
    "run one-city --replications 0": "--replications: found '0'; allowed: a whole number, 1 or more",
    "run one-city --workers 0": "--workers: found '0'",
    "run one-city --days 0": "--days: found '0'; allowed: a number above 0",
    "run one-city --days nan": "--days: found 'nan'",
    "run one-city --days 4000": "--days: days: found 4000.0",
    "run one-city --set days": "--set: found 'days'; allowed: KEY=VALUE",
    "run one-city --set days=no": "--set: days: found 'no'",
    "run one-city --set nosuch.key=1": "--set: nosuch",
    "run one-city --precision csat": "--precision: found 'csat'; allowed: KPI=HALFWIDTH",
    "run one-city --precision csat=0": "--precision: found 'csat=0'",
    "run one-city --precision nosuch=1": "--precision nosuch: found an unknown KPI; allowed: response_att",
    "run one-city --max-replications 5": "--max-replications: found 5; allowed: only with --precision",
    "run one-city --precision csat=1 --max-replications 5": "found 5; allowed: 20 or more",
    "run one-city --workers 2 --cluster a:1": "--cluster: found also --workers 2",
    "run one-city --cluster nosuch://a": "--cluster: found 'nosuch://a'; allowed: the address",
    "run one-city --resume": "--resume: found no unfinished run",
    "run one-city --days 2 --set warm_up.method=mser5": "warm_up.method: found mser5",
    "compare one-city": "found only 'one-city'; allowed: two scenarios or more",
    "compare one-city one-city": "two scenarios named one-city; allowed: names that differ",
    "compare one-city --variant one-city=one-city:seed=1": "two scenarios named one-city",
    "compare one-city --variant b": "--variant: found 'b'; allowed: NAME=BASE:KEY=VALUE",
    "compare one-city --variant ../b=one-city:seed=1": "--variant: found '../b'",
    "compare one-city --variant b=one-city:seed=-1": "--variant b: seed: found -1",
    "compare one-city --variant b=nosuch:seed=1": "'nosuch'",
    "show nosuch": "'nosuch'",
    "validate nosuch.yaml": "nosuch.yaml",
    "validate one-city --set stated.headcount=3 --strict": "stated.headcount: found W-headcount",
    "run one-city --set stated.headcount=3 --strict": "stated.headcount: found W-headcount",
    "compare one-city mmc --set stated.headcount=9 --strict": "stated.headcount: found W-headcount",
    "scenarios more": "more",
}


@pytest.mark.parametrize("line", BAD_INPUT)
@pytest.mark.parametrize("json_too", ["", " --json"], ids=["table", "json"])
def test_bad_input(line: str, json_too: str, banyan: Banyan, tmp_path: Path) -> None:
    """Bad input ends with code 2, one message that names it, no output and nothing written."""
    result = banyan(*(line + json_too).split())
    assert result.exit_code == 2
    assert result.stdout == ""
    assert BAD_INPUT[line] in result.stderr
    assert result.stderr.count("banyan: ") == 1 and "Traceback" not in result.stderr
    assert written(tmp_path) == []


def leading_to(key: str) -> list[str]:
    """Return how a message may begin that names a key: with the key, one below it, or one above it."""
    parts = key.split(".")
    above = [".".join(parts[:count]) + ": found " for count in range(1, len(parts) + 1)]
    return [*above, f"{key}."]


@settings(max_examples=30, derandomize=True, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(mutated())
def test_mutated_scenarios(wrong: tuple[dict[str, Any], str]) -> None:
    """A scenario that is wrong by construction is refused with the dotted key of what is wrong in it."""
    document, key = wrong
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        Path("wrong.yaml").write_text(dump(document), encoding="utf-8")
        result = invoke("run", "wrong.yaml", "--replications", "1")
        assert result.exit_code == 2, result.stderr
        assert any(f"wrong.yaml: {leading}" in result.stderr for leading in leading_to(key)), result.stderr
        assert "Traceback" not in result.stderr and "internal error" not in result.stderr
        assert result.stdout == "" and written(Path()) == ["wrong.yaml"]


def test_bad_input_of_a_real_process(tmp_path: Path) -> None:
    """A process of its own ends like the command in this one."""
    code, out, err = finish(start(tmp_path, "run", "one-city", "--set", "sites.nosuch.city=penang"))
    assert (code, out) == (2, "")
    assert "--set: sites.nosuch.customer: found nothing" in err and "Traceback" not in err
    assert written(tmp_path) == []


def test_folder_that_holds_something_else(banyan: Banyan, tmp_path: Path) -> None:
    """A folder with other things in it, or a file, is refused and left as it is."""
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "scenario.yaml").write_text("name: mine\n")
    for out in ("mine", "mine/scenario.yaml", "mine/scenario.yaml/below"):
        for resume in ([], ["--resume"]):
            for words in (["run", "one-city"], ["compare", "one-city", "mmc"]):
                result = banyan(*words, "--out", out, *resume)
                assert result.exit_code == 2
                assert "mine" in result.stderr and "allowed: " in result.stderr
    assert written(tmp_path) == ["mine", "mine/scenario.yaml"]
    assert (tmp_path / "mine" / "scenario.yaml").read_text() == "name: mine\n"


def test_folder_that_may_not_be_written_to(banyan: Banyan, monkeypatch: pytest.MonkeyPatch) -> None:
    """A place that may not be written to is found out before anything is simulated."""
    monkeypatch.setattr("os.access", lambda *_: False)
    result = banyan("run", "one-city")
    assert result.exit_code == 2 and "a folder that may not be written to" in result.stderr


def test_our_own_error_is_one_line(banyan: Banyan, monkeypatch: pytest.MonkeyPatch) -> None:
    """An error that is ours ends with code 1 and one line; the traceback is for those who ask for it."""

    def fail() -> None:
        raise ZeroDivisionError("of ours")

    monkeypatch.setattr("scenarios.loading.library", fail)
    result = banyan("scenarios")
    assert result.exit_code == 1 and result.stdout == ""
    assert result.stderr.startswith("banyan: internal error: ZeroDivisionError: of ours (BANYAN_TRACEBACK=1")
    assert result.stderr.count("\n") == 1
    monkeypatch.setenv("BANYAN_TRACEBACK", "1")
    assert "Traceback" in banyan("scenarios").stderr


def test_cluster_without_its_package(banyan: Banyan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the package that speaks to a cluster, the message says how to install it."""
    monkeypatch.setitem(sys.modules, "distributed", None)
    result = banyan("run", "one-city", "--cluster", "127.0.0.1:8786")
    assert result.exit_code == 2
    assert "pip install 'banyan[dask]'" in result.stderr
    assert written(tmp_path) == []


def test_reader_that_goes_away(tmp_path: Path) -> None:
    """A reader that closes the pipe early is no error to speak of."""
    process = subprocess.Popen(
        [sys.executable, "-m", "cli.main", "schema"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None and process.stderr is not None
    process.stdout.close()
    assert process.stderr.read() == b""
    assert process.wait(60) in (0, 1)


def test_errors_of_a_file_name_it(banyan: Banyan, tmp_path: Path) -> None:
    """A mistake in a parent is named with the parent's file, one in the child with the child's."""
    (tmp_path / "parent.yaml").write_text("extends: one-city\ndays: -1\n")
    (tmp_path / "child.yaml").write_text("extends: parent.yaml\nseed: -1\n")
    result = banyan("validate", "child.yaml")
    assert result.exit_code == 2
    lines = result.stderr.splitlines()
    assert any("parent.yaml: days: found -1" in line for line in lines)
    assert any("child.yaml: seed: found -1" in line for line in lines)


def test_json_goes_to_stdout_alone(banyan: Banyan) -> None:
    """With warnings and --json, stdout holds one JSON object and stderr the warnings."""
    result = banyan("validate", "one-city", "--set", "stated.headcount=3", "--json")
    assert result.exit_code == 0
    assert "W-headcount" in {row["code"] for row in json.loads(result.stdout)["warnings"]}
    assert "banyan: warning: W-headcount stated.headcount: " in result.stderr

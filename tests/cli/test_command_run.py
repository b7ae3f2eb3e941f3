"""`run`: what it prints, what it writes, and what its options do."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from command_line import Banyan, finish, same_rows, start

from insight.definitions import DEFINITIONS
from insight.run_folder import RunFolder

QUICK = ("run", "one-city", "--days", "10", "--replications", "3")


def test_json_is_the_summary(banyan: Banyan) -> None:
    """`--json` prints the summary of the run folder with its places and warnings, and nothing else."""
    result = banyan(*QUICK, "--json")
    assert result.exit_code == 0
    found = json.loads(result.stdout)
    summary = json.loads(Path("runs/one-city/summary.json").read_text())
    assert found == {
        **summary,
        "folder": "runs/one-city",
        "picture": "runs/one-city/attainment.png",
        "warnings": found["warnings"],
    }
    assert {"scenario", "seed", "replications", "days", "orders_per_replication", "seconds"} <= found.keys()
    assert list(found["kpis"]) == list(DEFINITIONS)


def test_run_folder_is_complete(banyan: Banyan) -> None:
    """A run leaves manifest, scenario, figures, picture and every table."""
    banyan(*QUICK)
    folder = Path("runs/one-city")
    for name in ("manifest.json", "scenario.yaml", "summary.json", "kpis.csv", "attainment.png"):
        assert (folder / name).stat().st_size > 0
    assert (folder / "attainment.png").read_bytes().startswith(b"\x89PNG")
    assert RunFolder(folder).manifest()["finished"] is not None
    assert not list(folder.rglob("*.part"))


def test_tables_carry_intervals(banyan: Banyan) -> None:
    """Every figure of the tables stands beside its interval, shares as percentages, with the city by name."""
    result = banyan(*QUICK)
    summary = json.loads(Path("runs/one-city/summary.json").read_text())
    attended = summary["kpis"]["attend_attainment"]
    line = next(line for line in result.stdout.splitlines() if "Attend attainment" in line)
    assert "±" in line and line.rstrip().endswith("%")
    shown = float(line.split()[2])
    assert shown == pytest.approx(100 * attended["mean"], abs=max(1.0, 20 * attended["half_width"]))
    called = summary["names"]["cities"]["penang"]
    city = next(line for line in result.stdout.splitlines() if line.startswith(f" {called}"))
    assert city.count("±") >= 3
    assert "Run folder: runs/one-city\n" in result.stdout
    assert result.stderr == "" or result.stderr.startswith("banyan: warning: W-")


def test_one_replication_has_no_interval(banyan: Banyan) -> None:
    """With one replication the table says that there is no interval."""
    result = banyan("run", "one-city", "--days", "10", "--replications", "1")
    line = next(line for line in result.stdout.splitlines() if "Time to attend, mean" in line)
    assert "no interval" in line and "±" not in line


def test_all_kpis(banyan: Banyan) -> None:
    """`--all` shows every KPI of the closed list, also those without a figure."""
    text = banyan(*QUICK, "--all").stdout
    assert all(definition.term in text for definition in DEFINITIONS.values())


def test_no_picture_without_targets(banyan: Banyan) -> None:
    """Where no order has an attend target, there is no picture, and the run says so."""
    result = banyan(*QUICK, "--set", "sla=[]", "--set", "sources={}")
    assert result.exit_code == 0, result.stderr
    assert "No picture" in result.stdout and not Path("runs/one-city/attainment.png").exists()


def test_folders_are_numbered(banyan: Banyan) -> None:
    """Without --out each run goes to the first folder that is free."""
    for taken in ("one-city", "one-city-2", "one-city-4"):
        Path("runs", taken).mkdir(parents=True)
    assert json.loads(banyan(*QUICK, "--json").stdout)["folder"] == "runs/one-city-3"


def test_folder_with_a_run_is_kept(banyan: Banyan) -> None:
    """A folder that holds a run is refused without --resume and not touched."""
    banyan(*QUICK, "--out", "kept")
    before = Path("kept/summary.json").read_bytes()
    result = banyan(*QUICK, "--seed", "5", "--out", "kept")
    assert result.exit_code == 2 and "kept: found a run; allowed: " in result.stderr
    assert Path("kept/summary.json").read_bytes() == before


def test_resume_of_another_run_is_refused(banyan: Banyan) -> None:
    """What was begun with one seed or scenario is not completed with another."""
    banyan(*QUICK, "--out", "kept")
    before = Path("kept/summary.json").read_bytes()
    for words in (["--seed", "5"], ["--days", "11"], ["--set", "dispatch.policy=first_come"]):
        result = banyan(*QUICK, *words, "--out", "kept", "--resume")
        assert result.exit_code == 2 and "kept/manifest.json: " in result.stderr
    assert Path("kept/summary.json").read_bytes() == before


def test_resume_remembers(banyan: Banyan) -> None:
    """A run is completed with the replications, seed and days that it was begun with."""
    first = json.loads(banyan(*QUICK, "--seed", "9", "--out", "kept", "--json").stdout)
    again = json.loads(banyan("run", "one-city", "--out", "kept", "--resume", "--json").stdout)
    assert again["kpis"] == first["kpis"]
    assert (again["seed"], again["days"], again["replications"]) == (9, 10.0, 3)


def test_resume_finds_the_unfinished_run(banyan: Banyan) -> None:
    """Without --out, `--resume` completes the newest run of that name which is not finished."""
    banyan(*QUICK)
    for other in ("one-city-2", "one-city-3"):
        shutil.copytree("runs/one-city", f"runs/{other}")
    second = RunFolder(Path("runs/one-city-2"))
    second.write_json("manifest.json", {**second.manifest(), "finished": None})
    found = json.loads(banyan(*QUICK, "--resume", "--json").stdout)
    assert found["folder"] == "runs/one-city-2"
    assert second.manifest()["finished"] is not None
    assert banyan(*QUICK, "--resume").exit_code == 2


def test_resume_of_a_run_that_had_not_begun(banyan: Banyan) -> None:
    """A run that was killed before it had a manifest is completed by beginning it."""
    Path("early").mkdir()
    Path("early/manifest.json.part").write_text("{")
    assert banyan(*QUICK, "--out", "early", "--resume").exit_code == 0
    assert RunFolder(Path("early")).summary()["replications"] == 3


def test_resume_adds_replications(banyan: Banyan) -> None:
    """With more replications a finished run goes on to the rows of a run that had them from the start."""
    banyan(*QUICK, "--out", "short")
    banyan(*QUICK[:-1], "5", "--out", "short", "--resume")
    banyan(*QUICK[:-1], "5", "--out", "long")
    assert same_rows(Path("short"), Path("long"))


def test_set_and_seed_change_the_run(banyan: Banyan) -> None:
    """`--set` and `--seed` reach the simulation; the same options give the same figures again."""

    def kpis(*words: str) -> object:
        return json.loads(banyan(*QUICK, *words, "--json").stdout)["kpis"]

    plain = kpis()
    assert kpis("--set", "days=10") == plain
    assert kpis("--seed", "2") != plain
    assert kpis("--set", "dispatch.policy=first_come") != plain


def test_strict_lets_a_scenario_without_doubts_run(banyan: Banyan) -> None:
    """`--strict` changes nothing where there is nothing to doubt."""
    words = ("run", "mmc", "--days", "2", "--set", "warm_up={method: none, days: 0}", "--replications", "2")
    assert banyan(*words, "--strict").exit_code == 0


def test_precision_extends_the_run(tmp_path: Path) -> None:
    """A precision-driven run goes on until its interval is narrow; two workers find the rows of one."""
    words = ("run", "mmc", "--days", "40", "--set", "warm_up.days=2", "--replications", "4")
    wanted = ("--precision", "time_to_attend_mean=0.07", "--json")
    processes = [start(tmp_path, *words, *wanted, "--workers", n, "--out", n) for n in ("1", "2")]
    found = []
    for process in processes:
        code, out, err = finish(process)
        assert code == 0, err
        found.append(json.loads(out))
    assert found[0]["kpis"] == found[1]["kpis"]
    assert found[0]["replications"] > 4
    assert found[0]["kpis"]["time_to_attend_mean"]["half_width"] <= 0.07
    assert same_rows(tmp_path / "1", tmp_path / "2")


def test_precision_that_is_not_reached(banyan: Banyan) -> None:
    """A run that gives up before it is precise enough says so with a code."""
    words = ("--precision", "time_to_attend_mean=0.001", "--max-replications", "4", "--json")
    found = json.loads(banyan(*QUICK, *words).stdout)
    assert found["replications"] == 4
    assert "W-precision" in {row["code"] for row in found["warnings"]}


def test_precision_of_a_kpi_without_figures(banyan: Banyan) -> None:
    """A KPI that no replication has a figure for is not waited for."""
    found = json.loads(banyan(*QUICK, "--precision", "csat=1", "--json").stdout)
    assert found["replications"] == 3
    assert "W-precision" in {row["code"] for row in found["warnings"]}


def test_cluster_gives_the_same_rows(banyan: Banyan) -> None:
    """A Dask cluster finds the rows that this process finds."""
    distributed = pytest.importorskip("distributed")
    banyan(*QUICK, "--out", "here")
    options = {"n_workers": 1, "threads_per_worker": 1, "dashboard_address": None}
    with distributed.LocalCluster(**options) as cluster:
        result = banyan(*QUICK, "--cluster", cluster.scheduler_address, "--out", "there")
    assert result.exit_code == 0, result.stderr
    assert same_rows(Path("here"), Path("there"))


def test_a_run_tells_why_orders_were_missed(banyan: Banyan) -> None:
    """Below the cities stands by cause what was missed, with the shares that it has of the whole."""
    result = banyan(*QUICK, "--set", "centres.george-town.engineers.technicians.count=0")
    assert "missed because of" in result.stdout
    assert "100 %" in result.stdout


def test_a_run_tells_why_orders_were_restored_late(banyan: Banyan) -> None:
    """Where clocks of restoration were missed a second table has their causes, work on site among them."""
    late = banyan(*QUICK, "--set", "sla.standard.targets.restore=3")
    assert late.exit_code == 0, late.stderr
    assert "work on site" in late.stdout.split("late because of")[1]


def test_assumptions_are_marked(banyan: Banyan) -> None:
    """Satisfaction is marked where it is shown, and not shown where the scenario states no curve."""
    result = banyan(*QUICK, "--set", "satisfaction={}", "--out", "with")
    assert "Customer satisfaction †" in result.stdout
    assert "†: an assumption" in result.stdout
    assert "†" not in banyan(*QUICK, "--set", "satisfaction=null", "--out", "without").stdout

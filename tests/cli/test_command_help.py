"""Help, and how little it takes to print it."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys

import pytest
from command_line import Banyan, invoke

from cli.main import COMMANDS

HEAVY = (
    "numpy",
    "pydantic",
    "pyarrow",
    "scipy",
    "pandas",
    "matplotlib",
    "simpy",
    "yaml",
    "rich",
    "sim",
    "streamlit",
    "ui",
)

CALL = """
from cli.main import banyan
try:
    banyan.main({words})
except SystemExit:
    pass
"""
LOADED_BY = """
import json, sys
{statement}
print(json.dumps(sorted(sys.modules)), file=sys.stderr)
"""


def loaded_by(statement: str) -> set[str]:
    """Return the modules that a statement loads in a fresh process."""
    code = LOADED_BY.format(statement=statement)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(json.loads(done.stderr.splitlines()[-1]))


def test_help_loads_nothing_heavy() -> None:
    """`banyan --help` imports no command and nothing that is slow to import."""
    loaded = loaded_by(CALL.format(words=["--help"]))
    assert loaded.isdisjoint(HEAVY)
    assert not {f"cli.{name}_command" for name in COMMANDS} & loaded


@pytest.mark.parametrize("name", COMMANDS)
def test_help_of_a_command_loads_nothing_heavy(name: str) -> None:
    """The help of a command imports no floor below."""
    loaded = loaded_by(CALL.format(words=[name, "--help"]))
    assert loaded.isdisjoint(set(HEAVY) | {"scenarios", "insight"})


def test_import_of_sim_is_light() -> None:
    """`import sim` loads no solver, no data frames and no page."""
    assert loaded_by("import sim; sim.run, sim.compare").isdisjoint(
        {"ortools", "pandas", "streamlit", "matplotlib", "distributed"}
    )


def test_a_module_of_sim_loads_no_model() -> None:
    """Whoever needs quantiles alone loads neither model nor comparison, and `sim` has its names."""
    loaded = loaded_by("import sim, sim.quantile_functions; assert {*sim.__all__} <= {*dir(sim)}")
    assert loaded.isdisjoint({"simpy", "sim.experiment", "sim.comparison", "sim.options", "pyarrow"})
    assert loaded_by("from sim import *; run, compare, Comparison, Options, RunResult") >= {"sim.comparison"}


def test_help_lists_every_command() -> None:
    """The list of commands in `banyan --help` is the whole list, with the line that each command has."""
    text = invoke("--help").stdout
    for name, line in COMMANDS.items():
        assert f"  {name} " in text and line in text


@pytest.mark.parametrize("name", [name for name in COMMANDS if name != "app"])
def test_every_example_runs(name: str, banyan: Banyan) -> None:
    """Every example in the help of a command can be typed in as it stands; see test_command_app for one."""
    text = banyan(name, "--help").stdout
    examples = [line.strip() for line in text.partition("Example:")[2].splitlines() if line.strip()]
    assert examples and all(example.startswith(f"banyan {name}") for example in examples)
    for example in examples:
        result = banyan(*shlex.split(example)[1:])
        assert result.exit_code == 0, result.stderr
        assert result.stdout


def test_example_of_the_group_runs(banyan: Banyan) -> None:
    """The example in `banyan --help` can be typed in as it stands."""
    example = banyan("--help").stdout.partition("Example:")[2].strip()
    assert banyan(*shlex.split(example)[1:]).exit_code == 0


def test_no_command_prints_help_and_fails() -> None:
    """`banyan` alone is bad input; what it says is the help, on stderr."""
    result = invoke()
    assert result.exit_code == 2
    assert result.stdout == "" and "Commands:" in result.stderr


def test_version() -> None:
    """`banyan --version` names the version that is installed."""
    from importlib.metadata import version

    assert invoke("--version").stdout.split()[-1] == version("banyan")

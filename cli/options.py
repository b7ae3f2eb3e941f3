"""What the commands can be asked: options that several of them share, each checked as it is read.

Whether a scenario or a KPI exists is not known here; nothing heavier than click is imported.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])
Check = Callable[[click.Context, click.Parameter, Any], Any]


@dataclass(frozen=True)
class Asked:
    """What `run` and `compare` were asked.

    Parameters
    ----------
    replications, seed, days
        As in the scenario when absent.
    workers
        Processes; as many as there are cores and work for when absent.
    cluster
        Address of a Dask scheduler, in place of workers.
    overrides
        KEY=VALUE.
    precision
        KPI -> half-width at which the run may stop, in the KPI's unit.
    most_replications
        Replications after which a run with a precision gives up.
    out
        Run folder; chosen below `runs` when absent.
    resume
        Whether to complete a run that the folder holds.
    strict
        Whether doubts about a scenario are errors.
    all_kpis
        Whether tables show every KPI.
    as_json
        Whether to print one JSON object in place of tables.
    """

    replications: int | None
    seed: int | None
    days: float | None
    workers: int | None
    cluster: str | None
    overrides: tuple[str, ...]
    precision: dict[str, float]
    most_replications: int | None
    out: Path | None
    resume: bool
    strict: bool
    all_kpis: bool
    as_json: bool


def whole_number(least: int) -> Check:
    """Return a check that reads a whole number from a least one on."""

    def read(_ctx: click.Context, _param: click.Parameter, value: str | None) -> int | None:
        if value is None:
            return None
        try:
            number = int(value)
        except ValueError:
            number = least - 1
        if not least <= number < 2**63:
            raise click.BadParameter(f"found {value!r}; allowed: a whole number, {least} or more")
        return number

    return read


def _positive(_ctx: click.Context, _param: click.Parameter, value: str | None) -> float | None:
    if value is None:
        return None
    number = _number(value)
    if not number > 0.0:
        raise click.BadParameter(f"found {value!r}; allowed: a number above 0")
    return number


def _precision(_ctx: click.Context, _param: click.Parameter, values: tuple[str, ...]) -> dict[str, float]:
    wanted: dict[str, float] = {}
    for value in values:
        kpi, equals, half_width = value.partition("=")
        if not (equals and kpi and _number(half_width) > 0.0):
            allowed = "KPI=HALFWIDTH with a number above 0, as time_to_attend_mean=0.25"
            raise click.BadParameter(f"found {value!r}; allowed: {allowed}")
        wanted[kpi.strip()] = _number(half_width)
    return wanted


def _number(text: str) -> float:
    """Return a finite number, or NaN for anything else."""
    try:
        number = float(text)
    except ValueError:
        return math.nan
    return number if math.isfinite(number) else math.nan


def _stacked(*decorators: Callable[[F], F]) -> Callable[[F], F]:
    """Return one decorator for several options, listed in the help as they are given."""

    def decorate(command: F) -> F:
        for decorator in reversed(decorators):
            command = decorator(command)
        return command

    return decorate


json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
strict_option = click.option("--strict", is_flag=True, help="Treat warnings about the scenario as errors.")
set_option = click.option(
    "--set",
    "overrides",
    metavar="KEY=VALUE",
    multiple=True,
    help="Set a value of the scenario by its dotted key; may be repeated.",
)
scenario_argument = click.argument("scenario", metavar="SCENARIO")

experiment_options = _stacked(
    click.option(
        "--replications",
        metavar="N",
        callback=whole_number(1),
        help="Replications. [default: the scenario's]",
    ),
    click.option(
        "--seed", metavar="S", callback=whole_number(0), help="Seed, 0 or more. [default: the scenario's]"
    ),
    click.option(
        "--days",
        metavar="D",
        callback=_positive,
        help="Days of each replication. [default: the scenario's]",
    ),
    click.option(
        "--workers",
        metavar="W",
        callback=whole_number(1),
        help="Processes. [default: one a core, if there is work for them]",
    ),
    click.option("--cluster", metavar="ADDRESS", help="Dask scheduler to run on, in place of --workers."),
    set_option,
    click.option(
        "--precision",
        metavar="KPI=HALFWIDTH",
        multiple=True,
        callback=_precision,
        help="Go on until the KPI's interval is this narrow, in the KPI's own unit; may be repeated.",
    ),
    click.option(
        "--max-replications",
        "most_replications",
        metavar="N",
        callback=whole_number(1),
        help="Replications after which --precision gives up. [default: 1000]",
    ),
    click.option(
        "--out",
        metavar="DIR",
        type=click.Path(path_type=Path),
        help="Run folder. [default: the first of runs/NAME, runs/NAME-2, ... that is free]",
    ),
    click.option("--resume", is_flag=True, help="Complete a run that was interrupted."),
    strict_option,
    click.option("--all", "all_kpis", is_flag=True, help="Show every KPI."),
    json_option,
)

"""`banyan dispatch`: files of orders and engineers in, the plan with its reasons out."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from cli.failures import BadInputError
from cli.options import json_option, whole_number

_EXAMPLE = """\b
Example:
  banyan dispatch --orders sample --engineers sample --now 2026-03-02T08:00+08:00 --iterations 999 --out p.csv
"""
ENGINES = ("portfolio", "lns", "ortools", "regret")
#: Seconds of search where nothing is said, and seconds that are spent on a bound.
_SECONDS, _BOUND_SECONDS = 5.0, 15.0


@dataclass(frozen=True)
class Wanted:
    """What the command was asked.

    Parameters
    ----------
    orders, engineers, sites, travel, plan
        Files.
    scenario, scheduling_policy, now, horizon, freeze
        What the files do not say.
    mapping, skip_bad_rows
        How files are read.
    seed, iterations, time_limit, engine
        How it is searched.
    bound, why, dry_run
        What else is wanted.
    out, ics, geojson, as_json
        Where the answer goes.
    """

    orders: str
    engineers: str
    sites: str | None
    travel: str | None
    plan: str | None
    scenario: str
    scheduling_policy: str | None
    now: datetime | None
    horizon: float
    freeze: float
    mapping: tuple[str, ...]
    skip_bad_rows: bool
    seed: int
    iterations: int | None
    time_limit: float | None
    engine: str
    bound: bool
    why: tuple[str, ...]
    dry_run: bool
    out: Path | None
    ics: Path | None
    geojson: Path | None
    as_json: bool


def _hours(
    least: float, strict: bool
) -> Callable[[click.Context, click.Parameter, str | None], float | None]:
    def read(_ctx: click.Context, _param: click.Parameter, value: str | None) -> float | None:
        if value is None:
            return None
        try:
            number = float(value)
        except ValueError:
            number = math.nan
        if not math.isfinite(number) or number < least or (strict and number <= least):
            words = "a number above" if strict else "a number of at least"
            raise click.BadParameter(f"found {value!r}; allowed: {words} {least:g}")
        return number

    return read


def _instant(_ctx: click.Context, _param: click.Parameter, value: str | None) -> datetime | None:
    if value is None:
        return None
    try:
        at = datetime.fromisoformat(value.strip())
    except ValueError:
        at = None
    if at is None or at.tzinfo is None or not 1970 <= at.year < 2200:
        allowed = "a time with its offset, as 2026-03-02T08:00+08:00"
        raise click.BadParameter(f"found {value!r}; allowed: {allowed}")
    return at.astimezone(UTC)


def _engine(_ctx: click.Context, _param: click.Parameter, value: str) -> str:
    if value not in ENGINES:
        raise click.BadParameter(f"found {value!r}; allowed: {', '.join(ENGINES)}")
    return value


@click.command("dispatch", epilog=_EXAMPLE)
@click.option("--orders", metavar="FILE", required=True, help="Work orders: CSV, XLSX (FILE#SHEET) or JSON.")
@click.option("--engineers", metavar="FILE", required=True, help="Engineers, the same way.")
@click.option("--sites", metavar="FILE", help="Sites that orders name, with their positions.")
@click.option("--travel", metavar="FILE", help="Hours between places: from, to, hours; others are computed.")
@click.option(
    "--scenario",
    metavar="S",
    default="asean15",
    help="SLA rules, travel and cities: a library name or a YAML file. [default: asean15]",
)
@click.option(
    "--scheduling-policy",
    metavar="NAME",
    help="What counts in the plan: a policy of the scenario, or balanced. [default: the scenario's]",
)
@click.option(
    "--now", metavar="T", callback=_instant, help="The present with its offset. [default: the clock's]"
)
@click.option(
    "--horizon",
    metavar="H",
    default="48",
    callback=_hours(0.0, True),
    help="Hours from now in which visits may begin, up to 744. [default: 48]",
)
@click.option("--plan", metavar="PREVIOUS", help="The plan that stands, as this command wrote it.")
@click.option(
    "--freeze",
    metavar="H",
    default="0",
    callback=_hours(0.0, False),
    help="Hours from now in which the plan that stands is kept. [default: 0]",
)
@click.option(
    "--map",
    "mapping",
    metavar="HEADING=COLUMN",
    multiple=True,
    help="What a heading of a file means; may be repeated.",
)
@click.option(
    "--skip-bad-rows", is_flag=True, help="Leave rows with faults out in place of refusing the file."
)
@click.option(
    "--seed", metavar="S", default="1", callback=whole_number(0), help="Seed, 0 or more. [default: 1]"
)
@click.option(
    "--iterations",
    metavar="N",
    callback=whole_number(1),
    help="Length of the search: same seed and number, same plan. Not with --time-limit.",
)
@click.option(
    "--time-limit",
    metavar="S",
    callback=_hours(0.0, True),
    help=f"Seconds of search. [default: {_SECONDS:g}]",
)
@click.option(
    "--engine",
    metavar="NAME",
    default="portfolio",
    callback=_engine,
    help=f"How it is searched: {', '.join(ENGINES)}. [default: portfolio]",
)
@click.option(
    "--bound", is_flag=True, help=f"Prove a lower bound, and try its routes: up to {_BOUND_SECONDS:g} s more."
)
@click.option(
    "--why", metavar="ORDER", multiple=True, help="Explain why an order is where it is; may be repeated."
)
@click.option("--dry-run", is_flag=True, help="Only check the files and say what is in them.")
@click.option(
    "--out",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The plan: .csv, .xlsx or .json. Needed unless another option says where the answer goes.",
)
@click.option("--ics", metavar="DIR", type=click.Path(path_type=Path), help="A calendar for each engineer.")
@click.option("--geojson", metavar="FILE", type=click.Path(path_type=Path), help="Routes and stops as a map.")
@json_option
def command(**given: Any) -> None:
    """Plan who goes where and when.

    Orders and engineers come from files with headings in English or Chinese. `banyan template` writes files
    to fill in, and `sample` stands for files that come with the product. A file with a bad row is refused
    with every bad row named. The plan says who goes, when he leaves and begins, whether the SLA is met, how
    likely it is not, and why an order is left.
    """
    from cli.dispatch_telling import tell_dry_run, tell_plan
    from cli.dispatching import check_calendars, check_targets, explained, read_files, solve, write_files

    wanted = Wanted(**given)
    if wanted.iterations is not None and wanted.time_limit is not None:
        raise BadInputError("--iterations", "--time-limit as well", "one of the two")
    if not any((wanted.out, wanted.ics, wanted.geojson, wanted.why, wanted.as_json, wanted.dry_run)):
        allowed = "a file that ends in .csv, .xlsx or .json, or --ics, --geojson, --why, --json or --dry-run"
        raise BadInputError("--out", "nothing", allowed)
    check_targets(wanted)
    reading = read_files(wanted)
    check_calendars(reading.day, wanted)
    if wanted.dry_run:
        tell_dry_run(reading, wanted)
        return
    seconds = wanted.time_limit or (None if wanted.iterations is not None else _SECONDS)
    answer = solve(reading.day, wanted, seconds, _BOUND_SECONDS)
    whys = explained(answer, wanted)
    write_files(answer, wanted)
    tell_plan(answer, reading, whys, wanted)

"""What `banyan dispatch` does, step by step: read, plan, explain, write; `dispatch_telling` tells of it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.failures import BadInputError
from cli.files import check_file, check_folder, write_all
from insight.imports.columns import TABLES
from insight.imports.faults import Fault, RefusedFile, one_of
from insight.imports.headings import known_columns, parse_mapping
from insight.imports.reading import Source, source_of
from optimize.day.freeze import broken_freeze
from optimize.day.ground import ground_of
from optimize.day.model import Day
from optimize.day.plan_reading import read_plan
from optimize.day.problem import DayProblem, plan_to_day, previous_plan, problem_of, solved
from optimize.day.reading import DayFiles, DayReading, DayTerms, read_day
from optimize.day.samples import SAMPLE, SAMPLES, sample
from optimize.day.writing import ENDINGS, Told, plan_as
from scenarios.scheduling import names_of

if TYPE_CHECKING:
    from cli.dispatch_command import Wanted
    from optimize.bound import Bound
    from optimize.plan import Plan
    from optimize.problem import DispatchProblem
    from optimize.why import Why

#: Share of the time for a bound in which it is proven; in the rest its routes are put together to a plan.
_PROVING = 0.8
#: Share of the bound that counts as no gap.
_CLOSED = 1e-9


@dataclass(frozen=True)
class Answer:
    """A plan with what is known of it.

    Parameters
    ----------
    day
        The day with its plan.
    made, plan
        Its problem and solution.
    told
        What else is known.
    bound
        What no plan undercuts and how that was proven, if it was asked for.
    saved
        By how much the plan that the proof's routes made is cheaper; None where they made no better one.
    notes
        What of the plan that stood could not be kept.
    """

    day: Day
    made: DayProblem
    plan: Plan
    told: Told
    bound: Bound | None = None
    saved: float | None = None
    notes: tuple[str, ...] = ()


def check_targets(wanted: Wanted) -> None:
    """Refuse files to write to that cannot be, before anything is read or planned.

    Raises
    ------
    BadInputError
        Naming the first of them.
    """
    if wanted.out is not None:
        check_file("--out", wanted.out, ENDINGS)
    if wanted.geojson is not None:
        check_file("--geojson", wanted.geojson, (".geojson", ".json"))
    if wanted.ics is not None:
        check_folder("--ics", wanted.ics)
    taken = {
        Path(name).resolve()
        for name in (wanted.orders, wanted.engineers, wanted.sites, wanted.travel)
        if name
    }
    for option, path in (("--out", wanted.out), ("--geojson", wanted.geojson)):
        if path is not None and path.resolve() in taken:
            raise BadInputError(option, f"{path}, which is read", "another file")
    if (
        wanted.out is not None
        and wanted.geojson is not None
        and wanted.out.resolve() == wanted.geojson.resolve()
    ):
        raise BadInputError("--geojson", f"{wanted.geojson}, which is --out", "another file")


def read_files(wanted: Wanted) -> DayReading:
    """Return the day that the files describe; notes and rows left out go to stderr.

    Raises
    ------
    RefusedFile, BadInputError, scenarios.ScenarioError
        If anything cannot be used.
    """
    try:
        mapping = parse_mapping(wanted.mapping)
        known_columns(mapping, [TABLES[name] for name in ("orders", "engineers", "sites", "travel")])
    except ValueError as error:
        raise BadInputError("--map", *_halves(str(error))) from None
    if wanted.horizon > 744.0:
        raise BadInputError("--horizon", f"{wanted.horizon:g}", "up to 744 hours")
    files = DayFiles(*_sources(wanted), mapping)
    _check_policy(wanted)
    terms = DayTerms(
        now=wanted.now or datetime.now(UTC).replace(microsecond=0),
        scenario=wanted.scenario,
        horizon_h=wanted.horizon,
        freeze_h=wanted.freeze,
        scheduling_policy=wanted.scheduling_policy or "",
        previous=None if wanted.plan is None else read_plan(source_of(wanted.plan)),
        skip_bad_rows=wanted.skip_bad_rows,
    )
    reading = read_day(files, terms)
    for name in wanted.why:
        if name not in reading.day.order:
            raise BadInputError("--why", repr(name), one_of(list(reading.day.order), name))
    for fault in reading.skipped:
        click.echo(f"banyan: left out: {fault}", err=True)
    for note in reading.notes:
        click.echo(f"banyan: note: {note}", err=True)
    return reading


def _check_policy(wanted: Wanted) -> None:
    """Refuse a scheduling policy that the scenario does not have on the day."""
    if wanted.scheduling_policy is None:
        return
    empty = Day(now=wanted.now or datetime.now(UTC), scenario=wanted.scenario, orders=(), engineers=())
    names = names_of(ground_of(empty).scenario)
    if wanted.scheduling_policy not in names:
        allowed = one_of(names, wanted.scheduling_policy)
        raise BadInputError("--scheduling-policy", repr(wanted.scheduling_policy), allowed)


def _halves(message: str) -> tuple[str, str]:
    found, _, allowed = (
        message.partition("; allowed: ") if "; allowed: " in message else message.partition(": allowed: ")
    )
    return found, allowed


def _sources(wanted: Wanted) -> tuple[Source, Source, Source | None, Source | None]:
    """Return the files with what they hold; all that cannot be read are named at once."""
    found: list[Source | None] = []
    faults: list[Fault] = []
    names = {"orders": wanted.orders, "engineers": wanted.engineers}
    for what, name in (names | {"sites": wanted.sites, "travel": wanted.travel}).items():
        try:
            found.append(None if name is None else _source(what, name))
        except RefusedFile as refused:
            faults += refused.faults
    if faults:
        raise RefusedFile(faults)
    orders, engineers, sites, travel = found
    assert orders is not None and engineers is not None  # the command asks for both
    return orders, engineers, sites, travel


def _source(what: str, name: str) -> Source:
    """Return a file with what it holds; `sample` is the product's own, unless a file is called so."""
    if name == SAMPLE and what in SAMPLES and not Path(name).exists():
        return Source(f"{SAMPLE} {what}.csv", sample(what))
    return source_of(name)


@contextmanager
def _at_work(what: str) -> Iterator[None]:
    """Say on a terminal what is being done while the context lasts."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console

    with Console(stderr=True).status(what):
        yield


def _announce(text: str) -> None:
    click.echo(f"banyan: {text}", err=True)


def solve(day: Day, wanted: Wanted, seconds: float | None, bound_seconds: float) -> Answer:
    """Return the plan of a day with what is asked about it.

    Parameters
    ----------
    day
        The day.
    wanted
        What was asked.
    seconds
        Of search; None where iterations end it.
    bound_seconds
        Most seconds that a bound may take, with the search for a plan among its routes.
    """
    made = _priced(day, problem_of(day))
    limits = {"seconds": seconds, "iterations": wanted.iterations}
    with _at_work("planning"):
        plan = solved(day, made, seed=wanted.seed, engine=wanted.engine, announce=_announce, **limits)
    bound = saved = None
    if wanted.bound:
        with _at_work("proving a bound"):
            bound, better = _bounded(made.problem, plan, bound_seconds)
        if better is not None:
            plan, saved = better, plan.cost - better.cost
    found = day.model_copy(update={"plan": plan_to_day(day, made, plan)})
    with _at_work("looking for reasons"):
        value, certain = (None, 0.0) if bound is None else (float(bound.value), bound.certain_cost)
        told = Told(day.plan, _chances(found, wanted.seed), _reasons(day, made, plan), value, certain)
    assert found.plan is not None  # it has just been made
    notes = tuple(broken_freeze(day, made, found.plan))
    for note in notes:
        _announce(f"note: {note}")
    return Answer(found, made, plan, told, bound, saved, notes)


def _bounded(problem: DispatchProblem, plan: Plan, seconds: float) -> tuple[Bound, Plan | None]:
    """Return a bound, and the best plan made of the routes that the proof met if it is better than a plan."""
    from optimize.bound import improve, lower_bound

    bound = lower_bound(problem, seconds=_PROVING * seconds, start=plan, announce=_announce)
    left = seconds - bound.seconds
    if left <= 0.0 or plan.cost <= bound.value * (1.0 + _CLOSED):
        return bound, None
    better = improve(problem, plan, bound.routes, left)
    if better is plan:
        return bound, None
    return bound, replace(better, first_seconds=plan.first_seconds, iterations=plan.iterations)


def _priced(day: Day, made: DayProblem) -> DayProblem:
    """Return a problem in which a change of the plan that stands costs enough to be worth it."""
    standing = previous_plan(day, made)
    if standing is None:
        return made
    from optimize.day.replanning import churn_weight

    policy = replace(made.problem.policy, churn=churn_weight(made.problem, standing))
    return replace(made, problem=replace(made.problem, policy=policy))


def _chances(day: Day, seed: int) -> dict[str, float]:
    from optimize.day.breach import breach_probabilities

    return breach_probabilities(day, seed=seed)


def _reasons(day: Day, made: DayProblem, plan: Plan) -> dict[str, str]:
    from optimize.day.reasons import reasons

    return reasons(day, made, plan)


def explained(answer: Answer, wanted: Wanted) -> list[Why]:
    """Return why each order that was asked about is where it is; those that are not planned are told."""
    found = []
    for name in dict.fromkeys(wanted.why):
        if name not in answer.made.problem.position:
            status = answer.day.order[name].status
            click.echo(f"banyan: note: {name} is {status}: there is nothing to plan about it", err=True)
            continue
        from optimize.why import explain

        with _at_work("looking for reasons"):
            found.append(explain(answer.made.problem, answer.plan, name, seed=wanted.seed))
    return found


def check_calendars(day: Day, wanted: Wanted) -> list[Path]:
    """Return the calendars of a day's engineers that an earlier run has left in the folder.

    Raises
    ------
    BadInputError
        If something else has the name of one of them.
    """
    from optimize.day.calendars import calendar_names, is_own_calendar

    if wanted.ics is None:
        return []
    there = [path for name in calendar_names(day.engineer).values() if (path := wanted.ics / name).exists()]
    for path in there:
        if not path.is_file() or not is_own_calendar(path.read_bytes()):
            raise BadInputError("--ics", f"{path}, which no run has written", "a folder without it")
    return there


def write_files(answer: Answer, wanted: Wanted) -> None:
    """Write the plan, the calendars and the map: all of them, or nothing where one cannot be made."""
    contents: dict[Path, bytes] = {}
    before = check_calendars(answer.day, wanted)
    if wanted.out is not None:
        contents[wanted.out] = plan_as(wanted.out.suffix.lower(), answer.day, answer.told)
    if wanted.geojson is not None:
        from optimize.day.mapping import map_of

        contents[wanted.geojson] = map_of(answer.day, answer.told)
    if wanted.ics is not None:
        from optimize.day.calendars import calendars_of

        contents |= {wanted.ics / name: content for name, content in calendars_of(answer.day).items()}
    write_all(contents, [path for path in before if path not in contents])

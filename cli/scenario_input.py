"""A scenario as a command takes it: loaded, compiled, and with what is doubtful about it.

What makes it unusable is found by `scenarios`; here it is only named in the words of the command line.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import click

from scenarios import LoadedScenario, ScenarioError, Warn, load
from scenarios.compiling import compile_world
from scenarios.doubts import doubts
from scenarios.problems import Problem
from scenarios.world import World


@dataclass(frozen=True)
class ScenarioInput:
    """A scenario that can be run.

    Parameters
    ----------
    loaded
        Its documents, checked.
    world
        The same, compiled.
    warnings
        What is doubtful about it.
    """

    loaded: LoadedScenario
    world: World
    warnings: tuple[Warn, ...]


def read_scenario(
    source: str, overrides: Sequence[str] = (), days: float | None = None, option: str = "--set"
) -> LoadedScenario:
    """Load a scenario with the values that the command line sets.

    Parameters
    ----------
    source
        A library name or a YAML file.
    overrides
        KEY=VALUE, as --set takes them.
    days
        Length of a replication, as --days takes it.
    option
        What the overrides came from, for messages.

    Raises
    ------
    scenarios.ScenarioError
        If it cannot be; the error names files, options and dotted keys.
    """
    length = [] if days is None else [f"days={days!r}"]
    try:
        return load(source, [*overrides, *length])
    except ScenarioError as error:
        raise ScenarioError([_by_option(p, bool(length), option) for p in error.problems]) from None


def _by_option(problem: Problem, days_given: bool, option: str) -> Problem:
    """Name the option that a value came from."""
    if problem.file != "--set":
        return problem
    return replace(problem, file="--days" if days_given and problem.key == "days" else option)


def prepared(loaded: LoadedScenario) -> ScenarioInput:
    """Compile a scenario and look for what is doubtful about it."""
    world = compile_world(loaded)
    return ScenarioInput(loaded, world, tuple(doubts(loaded, world)))


def refuse_doubts(scenario: ScenarioInput) -> None:
    """Raise an error for a scenario with warnings, as --strict asks.

    Raises
    ------
    scenarios.ScenarioError
        If there are any; the error names each.
    """
    if scenario.warnings:
        raise ScenarioError(
            [
                Problem(w.key, f"{w.code} ({w.message})", "no warning with --strict", scenario.loaded.file)
                for w in scenario.warnings
            ]
        )


def tell_warnings(warnings: Sequence[Warn], name: str = "") -> None:
    """Write warnings to stderr, one a line."""
    of = f"{name}: " if name else ""
    for warning in warnings:
        click.echo(f"banyan: warning: {of}{warning}", err=True)


def warning_rows(warnings: Sequence[Warn]) -> list[dict[str, str]]:
    """Return warnings as JSON has them."""
    return [{"code": w.code, "key": w.key, "message": w.message} for w in warnings]

"""`banyan run`: one scenario simulated into a run folder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli.options import Asked, experiment_options, scenario_argument

if TYPE_CHECKING:
    from scenarios import Warn

_EXAMPLE = """\b
Example:
  banyan run one-city --days 30 --replications 4
  banyan run one-city --days 30 --replications 4 --precision attend_attainment=0.05
"""


@click.command("run", epilog=_EXAMPLE)
@scenario_argument
@experiment_options
def command(scenario: str, **given: Any) -> None:
    """Simulate SCENARIO and print its KPIs with intervals.

    SCENARIO is a library name (`banyan scenarios` lists them) or a YAML file. Tables, figures and a picture
    of attainment go to a run folder. The same seed gives the same rows on any number of workers.
    """
    from cli.experiments import (
        as_begun,
        check_cluster,
        completable,
        doubts_of_run,
        options_for,
        write_picture,
    )
    from cli.folders import RUN, destination
    from cli.progress import progress
    from cli.scenario_input import prepared, read_scenario, refuse_doubts, tell_warnings
    from sim.experiment import run_loaded

    asked = Asked(**given)
    loaded = read_scenario(scenario, asked.overrides, asked.days)
    folder = destination(RUN, loaded.scenario.name, asked.out, asked.resume)
    begun = as_begun(asked, folder)
    if begun.days != asked.days:
        loaded = read_scenario(scenario, begun.overrides, begun.days)
    asked, chosen = begun, prepared(loaded)
    if asked.strict:
        refuse_doubts(chosen)
    options = options_for(asked, [chosen.world])
    check_cluster(asked.cluster)
    with progress(loaded.scenario.name) as bar, completable(asked, folder):
        result = run_loaded(chosen.loaded, replace(options, folder=folder, progress=bar), chosen.world)
        picture = write_picture(result, folder)
    warnings = [*chosen.warnings, *doubts_of_run(result.summary, folder, asked.precision)]
    tell_warnings(warnings)
    _tell(result.summary, warnings, folder, picture, asked)


def _tell(
    summary: dict[str, Any], warnings: Sequence[Warn], folder: Path, picture: Path | None, asked: Asked
) -> None:
    """Print what was found and where it is."""
    from cli.printing import print_json
    from cli.scenario_input import warning_rows
    from cli.tables import print_run

    if asked.as_json:
        places = {"folder": str(folder), "picture": None if picture is None else str(picture)}
        print_json({**summary, **places, "warnings": warning_rows(warnings)})
        return
    print_run(summary, asked.all_kpis)
    click.echo(f"Run folder: {folder}")
    click.echo(f"Picture: {picture}" if picture else "No picture: no order has an attend target.")

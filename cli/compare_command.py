"""`banyan compare`: scenarios side by side under common random numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli.options import Asked, experiment_options

if TYPE_CHECKING:
    from cli.scenario_input import ScenarioInput
    from scenarios import LoadedScenario
    from sim import Comparison

_EXAMPLE = """\b
Example:
  banyan compare one-city --variant fifo=one-city:dispatch.policy=first_come --days 30 --replications 8
"""


@click.command("compare", epilog=_EXAMPLE)
@click.argument("scenarios", metavar="A [B]...", nargs=-1, required=True)
@click.option(
    "--variant",
    "variants",
    metavar="NAME=BASE:KEY=VALUE,...",
    multiple=True,
    help="Also compare a scenario made from BASE with other values; may be repeated.",
)
@experiment_options
def command(scenarios: tuple[str, ...], variants: tuple[str, ...], **given: Any) -> None:
    """Simulate scenarios with the same seed and print how each differs from A.

    Scenarios are library names or YAML files. Replication n of each meets the same faults, so differences are
    paired; their intervals hold jointly. Each scenario gets a run folder, and differences go to
    comparison.json beside them.
    """
    from cli.experiments import as_begun, check_cluster, completable, options_for
    from cli.folders import COMPARISON, destination
    from cli.progress import progress
    from cli.scenario_input import prepared, refuse_doubts
    from sim.comparison import compare

    asked = Asked(**given)
    named = _named(scenarios, variants, asked)
    folder = destination(COMPARISON, "-".join(["compare", *named]), asked.out, asked.resume)
    begun = as_begun(asked, folder / next(iter(named)))
    if begun.days != asked.days:
        named = _named(scenarios, variants, begun)
    asked, chosen = begun, {name: prepared(loaded) for name, loaded in named.items()}
    if asked.strict:
        for scenario in chosen.values():
            refuse_doubts(scenario)
    options = options_for(asked, [scenario.world for scenario in chosen.values()])
    check_cluster(asked.cluster)
    with progress("compare") as bar, completable(asked, folder):
        arguments = vars(replace(options, folder=folder, progress=bar))
        loaded = {name: scenario.loaded for name, scenario in chosen.items()}
        worlds = {name: scenario.world for name, scenario in chosen.items()}
        found = compare(loaded, worlds, **arguments)
    _tell(found, chosen, folder, asked)


def _named(scenarios: Sequence[str], variants: Sequence[str], asked: Asked) -> dict[str, LoadedScenario]:
    """Return the scenarios by name, the baseline first."""
    from cli.failures import BadInputError
    from cli.scenario_input import read_scenario
    from cli.variants import parse_variant

    loaded = [read_scenario(source, asked.overrides, asked.days) for source in scenarios]
    for variant in map(parse_variant, variants):
        overrides = [*asked.overrides, *variant.overrides, f'name="{variant.name}"']
        loaded.append(read_scenario(variant.base, overrides, asked.days, f"--variant {variant.name}"))
    named: dict[str, LoadedScenario] = {}
    for one in loaded:
        if one.scenario.name in named:
            allowed = "names that differ (--variant gives a scenario another)"
            raise BadInputError("compare", f"two scenarios named {one.scenario.name}", allowed)
        named[one.scenario.name] = one
    if len(named) < 2:
        raise BadInputError("compare", f"only {scenarios[0]!r}", "two scenarios or more, or a --variant")
    return named


def _tell(found: Comparison, chosen: dict[str, ScenarioInput], folder: Path, asked: Asked) -> None:
    """Print what was found and where it is, and draw the picture of each run."""
    from cli.experiments import doubts_of_run, write_picture
    from cli.printing import print_json
    from cli.scenario_input import tell_warnings, warning_rows
    from cli.tables import print_comparison

    rows: list[dict[str, str]] = []
    for name, result in found.runs.items():
        write_picture(result, folder / name)
        warnings = [*chosen[name].warnings, *doubts_of_run(result.summary, folder / name, asked.precision)]
        tell_warnings(warnings, name)
        rows += [{"scenario": name, **row} for row in warning_rows(warnings)]
    if asked.as_json:
        folders = {name: str(folder / name) for name in found.runs}
        print_json({**found.content, "folder": str(folder), "runs": folders, "warnings": rows})
        return
    print_comparison(found.content, found.runs[found.baseline].summary, asked.all_kpis)
    click.echo(f"Comparison: {folder / 'comparison.json'}, with a run folder for each scenario beside it")

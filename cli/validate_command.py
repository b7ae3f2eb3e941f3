"""`banyan validate`: whether a scenario can be run, what is in it, and what is doubtful about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cli.options import json_option, set_option, strict_option
from cli.printing import print_json, print_pairs

if TYPE_CHECKING:
    from cli.scenario_input import ScenarioInput

_EXAMPLE = """\b
Example:
  banyan validate one-city --strict
"""


@click.command("validate", epilog=_EXAMPLE)
@click.argument("file", metavar="FILE")
@set_option
@strict_option
@json_option
def command(file: str, overrides: tuple[str, ...], strict: bool, as_json: bool) -> None:
    """Check the scenario in FILE and say what is in it.

    FILE is a YAML file or a library name. Every mistake is named with its file, dotted key, what was found
    and what is allowed; what is only doubtful is a warning with a code.
    """
    from cli.scenario_input import prepared, read_scenario, refuse_doubts, tell_warnings, warning_rows

    scenario = prepared(read_scenario(file, overrides))
    if strict:
        refuse_doubts(scenario)
    tell_warnings(scenario.warnings)
    contents = _contents(scenario)
    if as_json:
        name = scenario.world.name
        print_json(
            {"valid": True, "name": name, **contents, "warnings": warning_rows(scenario.warnings)},
        )
        return
    click.echo(f"{file}: valid")
    print_pairs([(key.replace("_", " "), f"{n:,.6g}") for key, n in contents.items()])


def _contents(scenario: ScenarioInput) -> dict[str, float]:
    """Return how much of everything there is at the scenario's start."""
    world, first = scenario.world, scenario.loaded.scenario
    groups = [group for centre in first.centres.values() for group in centre.engineers.values()]
    return {
        "cities": len(first.cities),
        "sites": len(first.sites),
        "devices": sum(sum(site.devices.values()) for site in first.sites.values()),
        "centres": len(first.centres),
        "engineers": sum(group.count for group in groups),
        "sla_rules": len(first.sla),
        "changes": len(first.changes),
        "days": first.days,
        "expected_orders_a_day": round(world.expected_orders / first.days, 3),
    }

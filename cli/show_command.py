"""`banyan show`: a scenario with its parents, overrides and defaults written out."""

from __future__ import annotations

import click

from cli.options import json_option, scenario_argument, set_option
from cli.printing import print_json

_EXAMPLE = """\b
Example:
  banyan show one-city --set days=90 --set dispatch.policy=first_come
"""


@click.command("show", epilog=_EXAMPLE)
@scenario_argument
@set_option
@json_option
def command(scenario: str, overrides: tuple[str, ...], as_json: bool) -> None:
    """Print SCENARIO with everything resolved, as YAML that can be run.

    SCENARIO is a library name or a YAML file. Parents, overrides and defaults are written out, and sources
    stand at the end.
    """
    from cli.scenario_input import read_scenario

    loaded = read_scenario(scenario, overrides)
    if as_json:
        print_json(loaded.scenario.model_dump(mode="json", by_alias=True))
    else:
        click.echo(loaded.text, nl=False)

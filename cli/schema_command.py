"""`banyan schema`: the JSON Schema of a scenario, for editors and forms."""

from __future__ import annotations

import click

from cli.printing import print_json

_EXAMPLE = """\b
Example:
  banyan schema
"""


@click.command("schema", epilog=_EXAMPLE)
@click.option("--json", "_as_json", is_flag=True, help="Changes nothing: a schema is JSON.")
def command(_as_json: bool) -> None:
    """Print the JSON Schema of a scenario.

    Each field carries its meaning, unit and range. An editor that is given the schema completes keys and
    marks mistakes; what sections mean together only `banyan validate` checks.
    """
    from scenarios.schema import Scenario

    schema = Scenario.model_json_schema(by_alias=True)
    extends = {"type": "string", "description": "Library name or YAML file of the scenario this is laid over"}
    schema["properties"] = {"extends": extends, **schema["properties"]}
    # What a document leaves out may stand in the one that it extends.
    schema["anyOf"] = [{"required": ["extends"]}, {"required": schema.pop("required")}]
    print_json({"$schema": "https://json-schema.org/draft/2020-12/schema", **schema})

"""`banyan scenarios`: the library with its titles, read without checking or compiling anything."""

from __future__ import annotations

from pathlib import Path

import click

from cli.options import json_option
from cli.printing import print_json, print_pairs

_EXAMPLE = """\b
Example:
  banyan scenarios --all
"""


@click.command("scenarios", epilog=_EXAMPLE)
@click.option("--all", "with_validation", is_flag=True, help="Also those that are held to theory.")
@json_option
def command(with_validation: bool, as_json: bool) -> None:
    """List the scenarios that come with Banyan.

    Each name can be given to the other commands as SCENARIO, and a YAML file may extend it.
    """
    from scenarios.loading import LIBRARY, library

    listed = [
        {"name": name, "title": _title(name, file)}
        for name, file in library().items()
        if with_validation or file.parent == LIBRARY
    ]
    if as_json:
        print_json({"scenarios": listed})
    else:
        print_pairs([(row["name"], row["title"]) for row in listed])


def _title(name: str, file: Path) -> str:
    """Return a scenario's title; one that it inherits is found by loading it."""
    from scenarios import load
    from scenarios.documents import read

    document = read(file)
    if "title" in document or "extends" not in document:
        return str(document.get("title", ""))
    return load(name).scenario.title

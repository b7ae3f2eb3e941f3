"""`banyan template`: an empty file with headings, units and an example row."""

from __future__ import annotations

from pathlib import Path

import click

_EXAMPLE = """\b
Example:
  banyan template orders --out orders.xlsx
  banyan template engineers --out engineers.csv --language zh
"""


@click.command("template", epilog=_EXAMPLE)
@click.argument("table", metavar="TABLE")
@click.option(
    "--out",
    metavar="FILE",
    required=True,
    type=click.Path(path_type=Path),
    help="The file: .csv or .xlsx. It must not be there yet.",
)
@click.option(
    "--language", metavar="LANGUAGE", default="en", help="Of headings and units: en or zh. [default: en]"
)
def command(table: str, out: Path, language: str) -> None:
    """Write a file to fill in for TABLE: orders, engineers, sites, travel or history.

    The example row is left out when the file is read, and so it may stay.
    """
    from cli.failures import BadInputError
    from cli.files import check_file, write_all
    from insight.imports.templates import ENDINGS, LANGUAGES, NAMES, template_as

    if table not in NAMES:
        raise BadInputError("TABLE", repr(table), ", ".join(NAMES))
    if language not in LANGUAGES:
        raise BadInputError("--language", repr(language), ", ".join(LANGUAGES))
    check_file("--out", out, ENDINGS)
    if out.exists():
        raise BadInputError("--out", f"{out}, which is there", "a new file")
    write_all({out: template_as(out.suffix.lower(), table, language)})
    click.echo(f"Written: {out}")

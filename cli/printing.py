"""What commands write on stdout: one JSON object, or tables as wide as they need to be."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from rich.console import Console

#: Columns of output that is not a terminal's: nothing is cut or folded for a file or a pipe.
_UNLIMITED = 500


def print_json(value: Mapping[str, Any]) -> None:
    """Print one JSON object.

    Raises
    ------
    ValueError
        If it holds NaN or infinity, which JSON does not know.
    """
    click.echo(json.dumps(value, indent=1, allow_nan=False))


def console() -> Console:
    """Return a console on stdout that takes texts as they are."""
    from rich.console import Console

    width = None if sys.stdout.isatty() else _UNLIMITED
    return Console(file=sys.stdout, width=width, markup=False, highlight=False, emoji=False, soft_wrap=False)


def print_pairs(rows: Sequence[tuple[str, str]]) -> None:
    """Print names with what belongs to them, one a line; figures stand to the right."""
    names = max((len(name) for name, _ in rows), default=0)
    figures = all(text[:1].isdigit() for _, text in rows)
    texts = max((len(text) for _, text in rows), default=0) if figures else 0
    for name, text in rows:
        click.echo(f"{name:<{names}}  {text:>{texts}}".rstrip())

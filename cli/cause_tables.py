"""Why clocks were missed, and which causes moved between two scenarios, as tables on the terminal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.table import Table

from cli.numbers import difference_text, interval_text, spans_zero

_TERMS = {
    "hand_over": "hand-over",
    "part": "part",
    "off_shift": "nobody on duty",
    "skill": "skill",
    "crew": "crew",
    "engineer": "engineers busy",
    "weather": "weather",
    "travel": "travel",
    "all": "all",
}
_HOURS, _MISSED = "hours", "missed"


def missed_because(summary: Mapping[str, Any], table: Table) -> Table | None:
    """Fill a table of the causes of delay and of missed clocks; None if nothing was late or is known.

    Parameters
    ----------
    summary
        The content of summary.json.
    table
        An empty table with its first column.
    """
    causes = summary.get("causes", {})
    whole = causes.get("all", {}).get(_MISSED, {}).get("mean")
    if not whole:
        return None
    for heading in ("share of\nmissed orders", "missed of\n1,000 orders", "hours of delay\nof an order"):
        table.add_column(heading, justify="right")
    for cause, figures in _moving(causes, causes).items():
        table.add_row(
            _TERMS.get(cause, cause),
            f"{100.0 * figures[_MISSED]['mean'] / whole:.0f} %",
            *(interval_text(figures[kind], "", summary["replications"]) for kind in (_MISSED, _HOURS)),
            style="bold" if cause == "all" else None,
        )
    return table


def causes_that_moved(
    differences: Mapping[str, Any], baseline: Mapping[str, Any], table: Table
) -> Table | None:
    """Fill a table of the differences by cause, which add up to the whole; None if there are none.

    Parameters
    ----------
    differences
        Those of one scenario in comparison.json, by cause.
    baseline
        The content of the baseline's summary.json.
    table
        An empty table with its first column.
    """
    if not differences:
        return None
    for heading in ("hours of\nan order", "difference\n", "missed of\n1,000", "difference\n"):
        table.add_column(heading, justify="right")
    causes = baseline["causes"]
    for cause, rows in _moving(differences, causes).items():
        cells = []
        for kind in (_HOURS, _MISSED):
            cells.append(interval_text(causes[cause][kind], "", baseline["replications"]))
            cells.append(difference_text(rows[kind], "") + ("  ·" if spans_zero(rows[kind]) else ""))
        still = all(spans_zero(rows[kind]) for kind in (_HOURS, _MISSED))
        style = "bold" if cause == "all" else "dim" if still else None
        table.add_row(_TERMS.get(cause, cause), *cells, style=style)
    return table


def _moving(rows: Mapping[str, Any], causes: Mapping[str, Any]) -> dict[str, Any]:
    """Return the rows of causes that there are: without those that nobody waited for, here or there."""

    def nothing(cause: str) -> bool:
        figures = [*rows[cause].values(), *causes.get(cause, {}).values()]
        return all(not figure.get("mean") and not figure.get("difference") for figure in figures)

    return {cause: row for cause, row in rows.items() if not nothing(cause)}

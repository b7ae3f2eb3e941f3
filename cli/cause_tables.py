"""Why clocks were missed, and which causes moved between two scenarios, as tables on the terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
    "work": "work on site",
    "all": "all",
}
_HOURS, _MISSED, _MISSED_RESTORE = "hours", "missed", "missed_restore"


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
    return _with_shares(summary, table, (_MISSED, _HOURS))


def late_because(summary: Mapping[str, Any], table: Table) -> Table | None:
    """Fill a table of the causes of missed restore and complete clocks; None if none was missed or is known.

    Parameters
    ----------
    summary
        The content of summary.json.
    table
        An empty table with its first column.
    """
    if not summary.get("causes", {}).get("all", {}).get(_MISSED_RESTORE, {}).get("mean"):
        return None
    for heading in ("share of\nlate orders", "late of\n1,000 orders"):
        table.add_column(heading, justify="right")
    return _with_shares(summary, table, (_MISSED_RESTORE,))


def _with_shares(summary: Mapping[str, Any], table: Table, kinds: Sequence[str]) -> Table:
    """Add a row for each cause: its share of the first kind of figure, and each figure."""
    causes, first = summary["causes"], kinds[0]
    whole = causes["all"][first]["mean"]
    for cause, figures in _moving(causes, causes, kinds).items():
        table.add_row(
            _TERMS.get(cause, cause),
            f"{100.0 * figures[first]['mean'] / whole:.0f} %",
            *(interval_text(figures[kind], "", summary["replications"]) for kind in kinds),
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
    return _with_differences(differences, baseline, table, (_HOURS, _MISSED))


def causes_of_late_that_moved(
    differences: Mapping[str, Any], baseline: Mapping[str, Any], table: Table
) -> Table | None:
    """Fill a table of the differences of late restoration by cause; None if no order was late here or there.

    Parameters
    ----------
    differences
        Those of one scenario in comparison.json, by cause.
    baseline
        The content of the baseline's summary.json.
    table
        An empty table with its first column.
    """
    if "all" not in _moving(differences, baseline["causes"], (_MISSED_RESTORE,)):
        return None
    for heading in ("late of\n1,000", "difference\n"):
        table.add_column(heading, justify="right")
    return _with_differences(differences, baseline, table, (_MISSED_RESTORE,))


def _with_differences(
    differences: Mapping[str, Any], baseline: Mapping[str, Any], table: Table, kinds: Sequence[str]
) -> Table:
    """Add a row for each cause: of each kind the baseline's figure and the difference."""
    causes = baseline["causes"]
    for cause, rows in _moving(differences, causes, kinds).items():
        cells = []
        for kind in kinds:
            cells.append(interval_text(causes[cause][kind], "", baseline["replications"]))
            cells.append(difference_text(rows[kind], "") + ("  ·" if spans_zero(rows[kind]) else ""))
        still = all(spans_zero(rows[kind]) for kind in kinds)
        style = "bold" if cause == "all" else "dim" if still else None
        table.add_row(_TERMS.get(cause, cause), *cells, style=style)
    return table


def _moving(rows: Mapping[str, Any], causes: Mapping[str, Any], kinds: Sequence[str]) -> dict[str, Any]:
    """Return the rows of causes that there are: without those whose figures are 0, here and there."""

    def nothing(cause: str) -> bool:
        figures = [of[kind] for of in (rows[cause], causes.get(cause, {})) for kind in kinds if kind in of]
        return all(not figure.get("mean") and not figure.get("difference") for figure in figures)

    return {cause: row for cause, row in rows.items() if not nothing(cause)}

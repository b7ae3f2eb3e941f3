"""The cities in which a scenario differs from the baseline, as a table on the terminal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.table import Table
from rich.text import Text

from cli.numbers import difference_text, interval_text, spans_zero, unit_text
from insight.definitions import DEFINITIONS

#: The KPIs by which a city has moved or not, and their headings.
_MOVED_BY = {"attend_attainment": "attended", "time_to_attend_mean": "to attend"}
#: How many cities are shown at most.
MOST_ROWS = 12
_NO_FIGURE = {"mean": None}
_NO_DIFFERENCE = {"difference": None, "ci_low": None, "ci_high": None}


def moved_cities(differences: Mapping[str, Any]) -> list[str]:
    """Return the cities of which one interval or the other leaves out zero, the most certain first.

    Parameters
    ----------
    differences
        Those of one scenario in comparison.json, by city.
    """
    doubt = {
        city: min(rows[kpi]["p_value"] for kpi in _MOVED_BY if kpi in rows and not spans_zero(rows[kpi]))
        for city, rows in differences.items()
        if any(kpi in rows and not spans_zero(rows[kpi]) for kpi in _MOVED_BY)
    }
    return sorted(doubt, key=lambda city: doubt[city])


def where_it_moved(
    differences: Mapping[str, Any], baseline: Mapping[str, Any], table: Table
) -> tuple[Table | None, str]:
    """Fill a table of the cities that moved, and say how many are not in it.

    Parameters
    ----------
    differences
        Those of one scenario in comparison.json, by city.
    baseline
        The content of the baseline's summary.json.
    table
        An empty table with its first column.

    Returns
    -------
    tuple
        The table, None if no city moved; and a line to print below or in place of it, empty if there is
        nothing to add.
    """
    moved = moved_cities(differences)
    if not moved:
        number = len(differences)
        return None, "in no city" if number == 1 else f"in none of {number} cities"
    for kpi, heading in _MOVED_BY.items():
        table.add_column(f"{heading}\n{unit_text(DEFINITIONS[kpi].unit, '')}", justify="right")
        table.add_column("difference\n", justify="right")
    called = baseline.get("names", {}).get("cities", {})
    for city in moved[:MOST_ROWS]:
        table.add_row(called.get(city, city), *_cells(city, differences[city], baseline))
    rest = len(moved) - MOST_ROWS
    return table, f"{rest} more moved less certainly; comparison.json has every city." if rest > 0 else ""


def _cells(city: str, rows: Mapping[str, Any], baseline: Mapping[str, Any]) -> list[str | Text]:
    """Return baseline and difference of each KPI of a city, with a grey dot where there may be none."""
    before = baseline["by"].get("city", {}).get(city, {})
    cells: list[str | Text] = []
    for kpi in _MOVED_BY:
        unit, row = DEFINITIONS[kpi].unit, rows.get(kpi, _NO_DIFFERENCE)
        cells.append(interval_text(before.get(kpi, _NO_FIGURE), unit, baseline["replications"]))
        text = difference_text(row, unit)
        if kpi in rows and row["n"] != baseline["replications"]:
            text += f" (n={row['n']:g})"
        cells.append(Text(f"{text}  ·", style="dim") if spans_zero(row) else text)
    return cells

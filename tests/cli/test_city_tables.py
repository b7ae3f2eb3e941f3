"""The table of the cities that moved: which are in it, in which order, and how many at most."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.table import Table

from cli.city_tables import MOST_ROWS, moved_cities, where_it_moved

ATTENDED, TO_ATTEND = "attend_attainment", "time_to_attend_mean"
Rows = dict[str, dict[str, Any]]


def row(difference: float, half: float, p_value: float, n: int = 8) -> dict[str, Any]:
    """Return a difference as comparison.json has it."""
    low, high = difference - half, difference + half
    return {"difference": difference, "ci_low": low, "ci_high": high, "p_value": p_value, "n": n}


def moved(p_value: float) -> Rows:
    """Return a city whose attainment rose and whose wait may be the same."""
    return {ATTENDED: row(0.05, 0.01, p_value), TO_ATTEND: row(-0.5, 0.9, 1.0)}


STILL: Rows = {ATTENDED: row(0.01, 0.02, 1.0), TO_ATTEND: row(-0.1, 0.9, 1.0)}


def printed(cities: dict[str, Rows]) -> tuple[list[str], str]:
    """Return the lines of the table, none if there is none, and what is said beside it."""
    figure = {"mean": 0.9, "ci_low": 0.88, "ci_high": 0.92, "half_width": 0.02, "n": 8}
    by = {"city": {city: {ATTENDED: figure, TO_ATTEND: figure} for city in cities}}
    baseline = {"by": by, "replications": 8, "names": {"cities": {"medan": "Medan"}}}
    empty = Table()
    empty.add_column("where")
    table, note = where_it_moved(cities, baseline, empty)
    console = Console(width=200)
    with console.capture() as capture:
        if table is not None:
            console.print(table)
    return capture.get().splitlines(), note


def test_only_cities_that_moved_are_shown() -> None:
    """A city stands in the table if either interval leaves out zero; where there may be none is a dot."""
    lines, note = printed({"medan": moved(0.01), "still": STILL})
    (line,) = [line for line in lines if "Medan" in line]
    assert "+5.0 ± 1.0" in line and "-0.50 ± 0.90  ·" in line and note == ""
    assert not [line for line in lines if "still" in line]


def test_one_line_says_that_none_moved() -> None:
    """Without a city that moved there is no table but a line."""
    assert printed({"a": STILL, "b": STILL}) == ([], "in none of 2 cities")


def test_no_more_rows_than_fit() -> None:
    """Of many cities the most certain are shown, first the surest, and the others are counted."""
    cities = {f"city{n:02d}": moved(0.04 - 0.001 * n) for n in range(MOST_ROWS + 3)}
    assert moved_cities(cities) == sorted(cities, reverse=True)
    lines, note = printed(cities)
    shown = [line for line in lines if "city" in line]
    assert len(shown) == MOST_ROWS and note.startswith("3 more moved")
    assert "city14" in shown[0] and "city03" in shown[-1]


def test_a_figure_that_a_city_lacks_is_a_dash() -> None:
    """A city without one of the figures has a dash for it, and moved by the other; fewer pairs are told."""
    lines, _ = printed({"medan": {ATTENDED: row(0.05, 0.01, 0.01, n=5)}})
    (line,) = [line for line in lines if "Medan" in line]
    assert "–" in line and "+5.0 ± 1.0 (n=5)" in line


def test_without_an_interval_nothing_has_moved() -> None:
    """One pair of replications has no limits: it does not show that a city moved."""
    one = {ATTENDED: {"difference": 0.5, "ci_low": None, "ci_high": None, "p_value": None, "n": 1}}
    assert moved_cities({"medan": one}) == []

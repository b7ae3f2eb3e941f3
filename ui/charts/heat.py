"""Heat maps of attainment by city and severity or customer tier, and of its differences.

Each cell shows its number, so that nothing has to be read off a colour; cells without an order are grey.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import altair as alt

from ui.charts import palette
from ui.charts.figure import Figure, in_unit, percent_digits, rows_of, styled

if TYPE_CHECKING:
    from ui.language import Language

#: Name of the selection that a click on a cell makes; it carries `row` and `column`.
CELL = "cell"
_ROW_HEIGHT = 25  # pixels, of every row whatever their number


@dataclass(frozen=True)
class Grid:
    """What a heat map shows.

    Parameters
    ----------
    rows, columns
        Key -> what it is called, in order; an empty key is the margin over all.
    cells
        Row and column -> mean, low, high (None: no interval) and n of a share, 0 to 1.
    row_heading, column_heading
        What rows and columns are.
    """

    rows: Mapping[str, str]
    columns: Mapping[str, str]
    cells: Mapping[tuple[str, str], Mapping[str, float | None]]
    row_heading: str
    column_heading: str


def attainment_heat(grid: Grid, title: str, n: int, say: Language) -> Figure:
    """Return attainment cell by cell, the lowest darkest.

    Parameters
    ----------
    grid
        The cells.
    title
        Which attainment of which scenario.
    n
        Replications.
    say
        The language.
    """
    known = [cell["mean"] for cell in grid.cells.values() if cell["mean"] is not None]
    least = min([0.5, *known])

    def colour(value: float) -> str:
        return palette.blend(palette.LOW_TO_HIGH, (value - least) / (1.0 - least) if least < 1.0 else 1.0)

    def words(cell: Mapping[str, float | None]) -> str:
        return say.interval(cell["mean"], cell["low"], cell["high"], "share")

    rows = [
        _row(grid, key, cell, colour, say.number(100.0 * (cell["mean"] or 0.0), 1), words(cell))
        for key, cell in grid.cells.items()
        if cell["mean"] is not None
    ]
    caption = say(
        "Share of orders within target, in percent. Mean of {n} replications; a pointer on a cell shows its "
        "95 % interval. Grey: no order.",
        n=n,
    )
    chart = _chart(grid, rows, say)
    unit = say.unit("share")
    return Figure(title, unit, chart, _table(grid, say("Attainment"), unit, say), caption)


def difference_heat(grid: Grid, title: str, n: int, say: Language) -> Figure:
    """Return differences of attainment cell by cell; those that may be none are pale and stand in brackets.

    Parameters
    ----------
    grid
        Cells whose mean is the paired difference, and whose limits hold jointly.
    title
        Which attainment of which scenarios.
    n
        Replications in which both scenarios ran.
    say
        The language.
    """
    known = [abs(cell["mean"]) for cell in grid.cells.values() if cell["mean"] is not None]
    most = max([0.01, *known])

    def colour(value: float) -> str:
        return palette.blend(palette.WORSE_TO_BETTER, 0.5 + 0.5 * value / most)

    rows = []
    for key, cell in grid.cells.items():
        mean = cell["mean"]
        if mean is None:
            continue
        text = say.number(100.0 * mean, 1, signed=True)
        words = say.difference(mean, cell["low"], cell["high"], "share")
        if _may_be_none(cell):
            row = _row(grid, key, cell, lambda _: palette.BACKGROUND, f"({text})", words)
            rows.append({**row, "ink": palette.UNDECIDED})
        else:
            rows.append(_row(grid, key, cell, colour, text, words))
    caption = say(
        "Paired difference in percentage points over {n} replications. In brackets and grey: its 95 % "
        "interval spans zero, no clear difference. Intervals hold jointly for all cells. Grey field: no "
        "order.",
        n=n,
    )
    chart = _chart(grid, rows, say)
    unit = say("percentage points")
    return Figure(title, unit, chart, _table(grid, say("Difference"), unit, say), caption)


def _may_be_none(cell: Mapping[str, float | None]) -> bool:
    low, high = cell["low"], cell["high"]
    return low is None or high is None or low <= 0.0 <= high


def _row(
    grid: Grid,
    key: tuple[str, str],
    cell: Mapping[str, float | None],
    colour: Any,
    text: str,
    words: str,
) -> dict[str, Any]:
    fill = colour(cell["mean"])
    return {
        "row": key[0],
        "column": key[1],
        "row_name": grid.rows[key[0]],
        "column_name": grid.columns[key[1]],
        "fill": fill,
        "ink": palette.ink_on(fill),
        "text": text,
        "words": words,
    }


def _chart(grid: Grid, rows: Sequence[Mapping[str, Any]], say: Language) -> Any:
    filled = {(row["row"], row["column"]) for row in rows}
    empty = [
        {"row_name": row_name, "column_name": column_name, "text": "–", "words": say("no order")}
        for row, row_name in grid.rows.items()
        for column, column_name in grid.columns.items()
        if (row, column) not in filled
    ]
    x = alt.X(
        "column_name:N",
        sort=[*grid.columns.values()],
        scale=alt.Scale(domain=[*grid.columns.values()]),
        axis=alt.Axis(
            orient="top",
            title=None,
            labelAngle=0,
            labelFontSize=11,
            domain=False,
            ticks=False,
            labelLimit=90,
        ),
    )
    y = alt.Y(
        "row_name:N",
        sort=[*grid.rows.values()],
        scale=alt.Scale(domain=[*grid.rows.values()]),
        axis=alt.Axis(title=None, domain=False, ticks=False, labelLimit=130),
    )
    hint = [
        alt.Tooltip("row_name:N", title=grid.row_heading),
        alt.Tooltip("column_name:N", title=grid.column_heading),
        alt.Tooltip("words:N", title=say("Figure")),
    ]
    chosen = alt.selection_point(name=CELL, fields=["row", "column"], on="click", empty=False)
    field: dict[str, Any] = {"stroke": palette.BACKGROUND, "strokeWidth": 2, "cornerRadius": 3}
    data = rows_of([dict(row) for row in rows])
    fields = (
        alt.Chart(data)
        .mark_rect(**field, cursor="pointer")
        .encode(
            x=x,
            y=y,
            tooltip=hint,
            color=alt.Color("fill:N", scale=None),
        )
        .add_params(chosen)
    )
    blank = alt.Chart(rows_of(empty)).mark_rect(**field, color=palette.NO_DATA).encode(x=x, y=y, tooltip=hint)
    dash = alt.Chart(rows_of(empty)).mark_text(color=palette.UNDECIDED).encode(x=x, y=y, text="text:N")
    text = (
        alt.Chart(data)
        .mark_text(fontSize=12, cursor="pointer")
        .encode(x=x, y=y, text="text:N", color=alt.Color("ink:N", scale=None), tooltip=hint)
    )
    frame = (
        alt.Chart(data)
        .transform_filter(chosen)
        .mark_rect(filled=False, stroke=palette.INK, strokeWidth=2.5, cornerRadius=3)
        .encode(x=x, y=y)
    )
    layers = (blank, dash, fields, text, frame)
    return styled(alt.layer(*layers).properties(height=_ROW_HEIGHT * len(grid.rows)), say)


def _table(grid: Grid, heading: str, unit: str, say: Language) -> list[dict[str, Any]]:
    return [
        {
            grid.row_heading: grid.rows[row],
            grid.column_heading: grid.columns[column],
            in_unit(heading, unit, say): percent_digits(cell["mean"]),
            in_unit(say("Lower limit"), unit, say): percent_digits(cell["low"]),
            in_unit(say("Upper limit"), unit, say): percent_digits(cell["high"]),
            say("Replications"): cell["n"],
        }
        for (row, column), cell in grid.cells.items()
        if cell["mean"] is not None
    ]

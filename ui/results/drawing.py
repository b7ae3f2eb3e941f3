"""How a figure stands on a page: heading, unit, chart, caption, its table, and the files to take away."""

from __future__ import annotations

import csv
import html
import io
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import streamlit as st

from ui.charts import Figure, palette, png
from ui.exports import neutral

if TYPE_CHECKING:
    from ui.language import Language


def draw(
    figure: Figure, key: str, say: Language, *, selectable: str = "", height: int = 460, lines: int = 1
) -> Any:
    """Draw a figure and return what is selected on it.

    Parameters
    ----------
    figure
        The figure.
    key
        Unique on the page; also the name of its files.
    say
        The language.
    selectable
        Name of a selection of the chart to react to; none when empty.
    height
        Of a map, in pixels.
    lines
        Lines that the heading takes at least: as many as that of the chart beside it, so that both align.
    """
    heading(figure.title, figure.unit, lines)
    chosen: Any = None
    if not hasattr(figure.chart, "to_dict"):
        st.pydeck_chart(figure.chart, height=height, key=f"{key}_map", alt=figure.title)
    elif selectable:
        chosen = st.altair_chart(
            figure.chart,
            width="stretch",
            theme=None,
            key=f"{key}_chart",
            on_select="rerun",
            selection_mode=selectable,
            alt=figure.title,
        )
    else:
        st.altair_chart(figure.chart, width="stretch", theme=None, key=f"{key}_chart", alt=figure.title)
    if figure.caption:
        st.caption(figure.caption)
    with st.expander(say("Table and files")):
        table(figure.table)
        files(figure, key, say)
    return chosen


def heading(title: str, unit: str = "", lines: int = 1) -> None:
    """Write the heading of a figure, its unit behind it in grey."""
    behind = (
        f' <span style="font-weight:400;color:{palette.FAINT}">{html.escape(unit)}</span>' if unit else ""
    )
    st.html(
        f'<h4 style="margin:0;padding:0;font-size:1.02rem;line-height:1.35;font-weight:600;'
        f'min-height:{1.35 * lines:.2f}em;color:{palette.INK}">{html.escape(title)}{behind}</h4>'
    )


def table(rows: Sequence[dict[str, Any]], height: int | None = None) -> None:
    """Show rows as a table, numbers with as many digits as their column needs."""
    columns = {column: [row.get(column) for row in rows] for column in (rows[0] if rows else {})}
    settings = {
        column: st.column_config.NumberColumn(format=f"%.{_places(cells)}f")
        for column, cells in columns.items()
        if any(isinstance(cell, float) for cell in cells)
    }
    options: dict[str, Any] = {"height": height} if height else {}
    st.dataframe(list(rows), hide_index=True, width="stretch", column_config=settings, **options)


def _places(cells: Sequence[Any]) -> int:
    size = max((abs(cell) for cell in cells if isinstance(cell, (int, float))), default=0.0)
    return 4 if size <= 2.0 else 2 if size < 1000.0 else 0


def files(figure: Figure, key: str, say: Language) -> None:
    """Offer the table as CSV and the chart as PNG; either is made when it is asked for."""
    with st.container(horizontal=True):
        st.download_button(
            say("CSV"),
            partial(csv_bytes, figure.table),
            file_name=f"{key}.csv",
            mime="text/csv",
            on_click="ignore",
            key=f"{key}_csv",
        )
        if hasattr(figure.chart, "to_dict") or figure.picture:
            st.download_button(
                say("PNG"),
                partial(png, figure, say),
                file_name=f"{key}.png",
                mime="image/png",
                on_click="ignore",
                key=f"{key}_png",
            )


def csv_bytes(rows: Sequence[dict[str, Any]]) -> bytes:
    """Return rows as CSV that spreadsheets read as UTF-8, with formulas made harmless."""
    file = io.StringIO()
    if rows:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\r\n")
        writer.writerow({column: neutral(column) for column in rows[0]})
        writer.writerows({column: neutral(cell) for column, cell in row.items()} for row in rows)
    return b"\xef\xbb\xbf" + file.getvalue().encode()

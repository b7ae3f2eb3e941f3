"""What a chart function returns, and the look that all charts share.

A figure carries its own words, so that a page, a picture and a table say the same.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

import altair as alt

from ui.charts import palette

if TYPE_CHECKING:
    from ui.language import Language

FONT = '"Source Sans", "Source Sans Pro", "Noto Sans CJK SC", "Microsoft YaHei", "PingFang SC", sans-serif'


@dataclass(frozen=True)
class Figure:
    """A chart with its words and numbers.

    Parameters
    ----------
    title
        What is shown.
    unit
        Unit of what is shown, in the reader's language.
    chart
        An Altair chart, or a pydeck map.
    table
        The numbers shown, one row a mark, under translated headings.
    caption
        What n and the interval are, and how to read it.
    picture
        Makes the chart that pictures show where `chart` itself cannot be drawn without a browser (a map).
    """

    title: str
    unit: str
    chart: Any
    table: list[dict[str, Any]] = field(default_factory=list)
    caption: str = ""
    picture: Callable[[], Any] | None = None


def rows_of(rows: Sequence[dict[str, Any]]) -> Any:
    """Return rows as the data of a chart.

    As an Arrow table, which Altair hands on as it is: rows in the chart itself are copied and checked one by
    one, again at every layer.
    """
    import pyarrow as pa

    return pa.Table.from_pylist(list(rows)) if rows else alt.InlineData(values=[])


def scenario_scale(names: Sequence[str]) -> alt.Scale:
    """Return the colours of scenarios, the baseline first."""
    return alt.Scale(domain=list(names), range=[*palette.SCENARIOS[: len(names)]])


#: Letters of a name from which on legends have one name a line.
_LONG_NAME = 18
#: Width in pixels below which legends below a chart have one name a line.
_NARROW = 330


def scenario_dashes(names: Sequence[str]) -> alt.Scale:
    """Return the dashes of scenarios, so that lines differ in more than colour."""
    return alt.Scale(domain=list(names), range=[*palette.DASHES[: len(names)]])


def legend(names: Sequence[str]) -> alt.Legend | None:
    """Return a legend above the chart, in two columns where there are many, in one where names are long."""
    if len(names) < 2:
        return None
    columns = 1 if max(map(len, names)) > _LONG_NAME else 0 if len(names) < 4 else 2
    return alt.Legend(title=None, orient="top", columns=columns, labelLimit=220, symbolOpacity=1.0)


def legend_below(names: Sequence[str]) -> alt.Legend | None:
    """Return a legend below a chart that stands beside another, one name a line where the chart is narrow."""
    if len(names) < 2:
        return None
    columns = alt.ExprRef(f"width < {_NARROW} ? 1 : {1 if max(map(len, names)) > _LONG_NAME else len(names)}")
    # Half of the width, since a legend of shapes may stand beside that of colours.
    limit = alt.ExprRef("max(100, width / 2 - 20)")
    return alt.Legend(title=None, orient="bottom", columns=columns, labelLimit=limit, symbolOpacity=1.0)


def line_legend(names: Sequence[str]) -> alt.Legend | None:
    """Return a legend like `legend` that shows strokes, as lines have them."""
    found = legend(names)
    if found is not None:
        found.symbolType = "stroke"
        found.symbolSize = 400
    return found


def styled(chart: Any, say: Language) -> Any:
    """Return a chart with the look and the formats of numbers and dates that all charts share.

    Its height is that of the marks alone: axes and legends come on top, and cannot press rows flat.
    """
    chart.autosize = alt.AutoSizeParams(type="fit-x", contains="padding")
    axis = alt.AxisConfig(
        labelColor=palette.FAINT,
        titleColor=palette.FAINT,
        labelFontSize=12,
        titleFontSize=12,
        titleFontWeight="normal",
        gridColor=palette.GRID,
        domainColor=palette.GRID,
        tickColor=palette.GRID,
        labelLimit=170,
    )
    key = alt.LegendConfig(labelColor=palette.INK, labelFontSize=12, symbolSize=120, symbolStrokeWidth=2)
    # Set rather than configured, since every `configure_...` copies the chart with all that is in it.
    chart.config = alt.Config(
        background=palette.BACKGROUND,
        font=FONT,
        locale=_locale(say.code),
        view=alt.ViewConfig(stroke=None),
        axis=axis,
        legend=key,
    )
    return chart


@cache
def _locale(code: str) -> alt.Locale:
    """Return names of months and weekdays as Vega takes them."""
    from babel import Locale

    locale = Locale.parse("zh_Hans_CN" if code == "zh" else "en_GB")
    days = locale.days["format"]
    months = locale.months["format"]
    order = (6, 0, 1, 2, 3, 4, 5)
    time = alt.TimeLocale(
        dateTime="%x %X",
        date="%Y-%m-%d",
        time="%H:%M",
        periods=["AM", "PM"],
        days=[days["wide"][day] for day in order],
        shortDays=[days["abbreviated"][day] for day in order],
        months=[months["wide"][month] for month in range(1, 13)],
        shortMonths=[months["abbreviated"][month] for month in range(1, 13)],
    )
    number = alt.NumberLocale(decimal=".", thousands=",", grouping=[3], currency=["", ""])
    return alt.Locale(number=number, time=time)


def in_unit(what: str, unit: str, say: Language) -> str:
    """Return a heading of a table with its unit."""
    return say("{what} ({unit})", what=what, unit=unit)


def percent_digits(share: float | None) -> float | None:
    """Return a share in percent for a table, without the digits that no interval supports."""
    return None if share is None else round(100.0 * share, 4)


def significant(value: float | None, digits: int = 6) -> float | None:
    """Return a number for a table to so many significant digits."""
    return None if value is None else float(f"{value:.{digits}g}")

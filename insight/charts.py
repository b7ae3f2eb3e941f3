"""Pictures of a summary, as PNG files.

Reads `summary.json` as `insight.summary` shapes it and computes nothing but the layout; matplotlib is used
without its global state, so that pictures can be drawn in any thread.
"""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from insight.fonts import matplotlib_families
from insight.tables import FloatArray
from scenarios.phrases import phrase

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.colors import Colormap, Normalize

_KPI = "attend_attainment"
_SEVERITIES = ("minor", "normal", "complex", "major", "emergency")
_ALL_CITIES, _ALL_ORDERS = "All cities", "All orders"

_INK, _FAINT, _NO_DATA, _HATCH = "#1b1f24", "#5c6570", "#eceef0", "#b4bac1"

# Measures in inches.
_MARGIN, _HEAD, _FOOT, _SCALE, _LEAST_WIDTH = 0.3, 1.28, 0.56, 1.0, 6.4
_CELL_WIDTH, _CELL_HEIGHT, _GAP, _SEAM = 1.12, 0.44, 0.14, 0.02
_LETTER, _TITLE_LETTER, _TITLE_LINE, _DROP = 0.096, 0.138, 0.27, 0.05


@dataclass(frozen=True)
class Grid:
    """Attainment by city and severity, ready to be drawn.

    Parameters
    ----------
    rows
        All cities first, then the cities from worst to best.
    columns
        All orders first, then the severities from light to grave.
    share
        Mean over replications of the share attended within target, 0 to 1; NaN without an order.
    half_width
        Half-width of its interval; NaN with fewer than two replications.
    """

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    share: FloatArray
    half_width: FloatArray


def attainment_grid(summary: Mapping[str, Any]) -> Grid:
    """Return attend attainment by city and severity, worst city first.

    Parameters
    ----------
    summary
        `summary.json`, with `by` city, severity and city_severity.

    Raises
    ------
    ValueError
        If no city has an order with an attend target.
    """
    groups: dict[tuple[str, str], Mapping[str, Any]] = {(_ALL_CITIES, _ALL_ORDERS): summary["kpis"]}
    by = summary["by"]
    groups |= {(city, _ALL_ORDERS): kpis for city, kpis in by.get("city", {}).items()}
    groups |= {(_ALL_CITIES, severity): kpis for severity, kpis in by.get("severity", {}).items()}
    for pair, kpis in by.get("city_severity", {}).items():
        city, _, severity = pair.rpartition("|")
        groups[city, severity] = kpis
    known = {key: kpis[_KPI] for key, kpis in groups.items() if kpis.get(_KPI, {}).get("mean") is not None}
    cities = {city: known.get((city, _ALL_ORDERS), {}).get("mean", 1.0) for city, _ in known}
    cities.pop(_ALL_CITIES, None)
    if not cities:
        raise ValueError("the summary holds no attend attainment by city: no order has an attend target")
    severities = sorted({severity for _, severity in known if severity != _ALL_ORDERS}, key=_gravity)
    rows = (_ALL_CITIES, *sorted(cities, key=lambda city: (cities[city], city)))
    columns = (_ALL_ORDERS, *severities)
    share, half_width = (
        np.array([[_number(known.get((r, c), {}).get(field)) for c in columns] for r in rows])
        for field in ("mean", "half_width")
    )
    return Grid(rows, columns, share, half_width)


def label(name: str) -> str:
    """Return an identifier in words: `kuala_lumpur` as Kuala Lumpur; other names as they are."""
    words = name.replace("_", " ").replace("-", " ")
    return words.title() if words.islower() else words


def attainment_picture(
    summary: Mapping[str, Any],
    path: Path,
    title: str,
    words: Callable[[str], str] = str,
    names: Callable[[str], str] = label,
) -> None:
    """Draw attend attainment by city and severity as a heat map.

    Parameters
    ----------
    summary
        `summary.json` as read or as `insight.summary.summarise` returns it; `replications` and `days` go
        into the subtitle if they are there.
    path
        The PNG file; it appears whole or not at all.
    title
        What stands above the picture, such as the scenario's name.
    words
        From a phrase to what it is in the language of the picture; English without it.
    names
        From the key of a city or a severity to its name.

    Raises
    ------
    ValueError
        If no city has an order with an attend target.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.colors import Normalize
    from matplotlib.figure import Figure

    grid = attainment_grid(summary)
    texts = _texts(summary, grid, words, names)
    sheet = _sheet(texts, title)
    figure = Figure(figsize=(sheet.width, sheet.height), facecolor="white")
    FigureCanvasAgg(figure)
    # One pair of axes over the whole sheet, in inches from its upper left corner.
    axes = figure.add_axes((0, 0, 1, 1), xlim=(0, sheet.width), ylim=(sheet.height, 0))
    axes.set_axis_off()
    colours, scale = _palette(), Normalize(_lowest(grid.share), 1.0)
    _draw_words(axes, sheet, texts)
    _draw_headings(axes, sheet, texts)
    _draw_cells(axes, sheet, grid, colours, scale)
    _draw_scale(axes, sheet, colours, scale, texts.scale)
    for text in axes.texts:
        if _letters(text.get_text()) > len(text.get_text()):
            # The typeface for Chinese has one weight.
            text.set(fontfamily=matplotlib_families(), fontweight="normal")
    unfinished = path.with_name(f"{path.name}.part")
    figure.savefig(unfinished, dpi=160, format="png", metadata={"Software": None})
    unfinished.replace(path)


@dataclass(frozen=True)
class _Texts:
    """What is written beside the shares, in the language of the picture.

    Parameters
    ----------
    rows, columns
        Names of the cities and severities, the whole first.
    subtitle, foot, scale
        What was simulated, what the cells mean, and what stands above the scale.
    """

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    subtitle: str
    foot: str
    scale: str


def _texts(
    summary: Mapping[str, Any], grid: Grid, words: Callable[[str], str], names: Callable[[str], str]
) -> _Texts:
    foot = words(phrase("% of orders attended within target, of those attended or due"))
    if np.isnan(grid.share).any():
        foot = words(phrase("{meaning}; hatched: no such orders", meaning=foot))
    rows = (words(phrase("All cities")), *map(names, grid.rows[1:]))
    columns = (words(phrase("All orders")), *map(names, grid.columns[1:]))
    return _Texts(rows, columns, _subtitle(summary, words), foot, words(phrase("On time")))


@dataclass(frozen=True)
class _Sheet:
    """Where things stand, in inches from the upper left corner.

    Parameters
    ----------
    title
        The title in lines that fit.
    x, y
        Left edge of each column and upper edge of each row of cells, and the end of the last one.
    cell_width
        Width of a cell.
    width, height
        Size of the sheet.
    """

    title: tuple[str, ...]
    x: tuple[float, ...]
    y: tuple[float, ...]
    cell_width: float
    width: float
    height: float


def _letters(text: str) -> int:
    """Return how many Latin letters wide a text is; a Chinese character counts for two."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def _sheet(texts: _Texts, title: str) -> _Sheet:
    """Return the layout: wide enough for the words, as high as there are rows."""
    left = _MARGIN + 0.1 + _LETTER * max(_letters(row) for row in texts.rows)
    number = len(texts.columns)
    cell_width = max(_CELL_WIDTH, (_LEAST_WIDTH - left - _GAP - _SCALE) / number)
    width = left + number * cell_width + _GAP + _SCALE
    fitting = (width - 2 * _MARGIN) / _TITLE_LETTER * len(title) / max(_letters(title), 1)
    lines = textwrap.wrap(title, int(fitting)) if title else [""]
    top = _HEAD + (len(lines) - 1) * _TITLE_LINE
    x = [left + column * cell_width + (_GAP if column else 0.0) for column in range(number + 1)]
    y = [top + row * _CELL_HEIGHT + (_GAP if row else 0.0) for row in range(len(texts.rows) + 1)]
    return _Sheet(tuple(lines), tuple(x), tuple(y), cell_width, width, y[-1] + _FOOT)


def _palette() -> Colormap:
    """Return blue (bad) to pale yellow (good): one direction of lightness, safe for the colour-blind.

    The ends, nearly black and nearly white, are left out, so that hatched cells and the sheet stay apart.

    References
    ----------
    Brewer, C. A.: ColorBrewer 2.0, scheme YlGnBu.
    """
    from matplotlib import colormaps
    from matplotlib.colors import ListedColormap

    return ListedColormap(colormaps["YlGnBu_r"](np.linspace(0.06, 0.93, 256)))


def _draw_words(axes: Axes, sheet: _Sheet, texts: _Texts) -> None:
    """Write title and subtitle at the top, and at the foot what the cells mean."""
    for row, line in enumerate(sheet.title):
        at = 0.44 + row * _TITLE_LINE
        axes.text(_MARGIN, at, line, fontsize=15, fontweight="bold", color=_INK, va="baseline")
    below = 0.44 + len(sheet.title) * _TITLE_LINE
    axes.text(_MARGIN, below, texts.subtitle, fontsize=9.5, color=_FAINT, va="baseline")
    axes.text(_MARGIN, sheet.height - 0.2, texts.foot, fontsize=8.5, color=_FAINT, va="baseline")


def _draw_headings(axes: Axes, sheet: _Sheet, texts: _Texts) -> None:
    for row, name in enumerate(texts.rows):
        at = (sheet.x[0] - 0.1, sheet.y[row] + _CELL_HEIGHT / 2 + _DROP)
        weight = "normal" if row else "bold"
        axes.text(*at, name, ha="right", va="baseline", fontsize=10, color=_INK, fontweight=weight)
    for column, name in enumerate(texts.columns):
        at = (sheet.x[column] + sheet.cell_width / 2, sheet.y[0] - 0.1)
        weight = "normal" if column else "bold"
        axes.text(*at, name, ha="center", va="baseline", fontsize=10, color=_INK, fontweight=weight)


def _draw_cells(axes: Axes, sheet: _Sheet, grid: Grid, colours: Colormap, scale: Normalize) -> None:
    from matplotlib.colors import to_rgb
    from matplotlib.patches import Rectangle

    size = (sheet.cell_width - 2 * _SEAM, _CELL_HEIGHT - 2 * _SEAM)
    for (row, column), share in np.ndenumerate(grid.share):
        corner = (sheet.x[column] + _SEAM, sheet.y[row] + _SEAM)
        if np.isnan(share):
            axes.add_patch(
                Rectangle(corner, *size, linewidth=0, facecolor=_NO_DATA, edgecolor=_HATCH, hatch="////")
            )
            continue
        colour = to_rgb(colours(scale(share)))
        axes.add_patch(Rectangle(corner, *size, linewidth=0, facecolor=colour))
        middle = (corner[0] + size[0] / 2, corner[1] + size[1] / 2)
        _write_share(axes, middle, share, float(grid.half_width[row, column]), _ink_on(colour))


def _write_share(axes: Axes, middle: tuple[float, float], share: float, half_width: float, ink: str) -> None:
    """Write a percentage in the middle of a cell, with its half-width, smaller, to the right."""
    x, y = middle[0], middle[1] + _DROP
    figure = f"{100 * share:.1f}"
    if np.isnan(half_width):
        axes.text(x, y, figure, ha="center", fontsize=10.5, color=ink)
        return
    axes.text(x + 0.06, y, figure, ha="right", fontsize=10.5, color=ink)
    axes.text(x + 0.1, y, f"± {100 * half_width:.1f}", ha="left", fontsize=8, color=ink)


def _draw_scale(axes: Axes, sheet: _Sheet, colours: Colormap, scale: Normalize, heading: str) -> None:
    """Draw the colours with their shares, as finely marked as the height allows, 100 % at the top."""
    low, high = float(scale.vmin or 0.0), 1.0
    left, right, top, bottom = sheet.x[-1] + 0.2, sheet.x[-1] + 0.36, sheet.y[0] + _SEAM, sheet.y[-1] - _SEAM
    strip = np.linspace(high, low, 256)[:, None]
    axes.imshow(strip, cmap=colours, norm=scale, extent=(left, right, bottom, top), aspect="auto")
    axes.set(xlim=(0, sheet.width), ylim=(sheet.height, 0))
    most = max(1.0, min(6.0, (bottom - top) / 0.3))
    step = next(step for step in (0.05, 0.1, 0.2, 0.25, 0.5, 1.0) if (high - low) / step <= most + 1e-9)
    for share in np.arange(high, low - 1e-9, -step):
        at = top + (high - share) / (high - low) * (bottom - top)
        mark = min(max(at, top + 0.06), bottom - 0.06) + 0.8 * _DROP
        axes.text(right + 0.06, mark, f"{100 * share:.0f}%", va="baseline", fontsize=8.5, color=_FAINT)
    axes.text(left, sheet.y[0] - 0.1, heading, va="baseline", fontsize=8.5, color=_FAINT)


def _subtitle(summary: Mapping[str, Any], words: Callable[[str], str]) -> str:
    """Return how much was simulated and what the interval is."""
    parts: list[str] = []
    number, days = summary.get("replications"), summary.get("days")
    if number and days:
        parts.append(
            phrase("{n} replication of {days:g} days", n=number, days=days)
            if number == 1
            else phrase("{n} replications of {days:g} days", n=number, days=days)
        )
    if number == 1:
        parts.append(phrase("no interval from one replication"))
    else:
        level = 100 * summary.get("confidence", 0.95)
        parts.append(phrase("±: {level:g}% interval over replications", level=level))
    parts.append(phrase("worst city first"))
    return "  ·  ".join(map(words, parts))


def _gravity(severity: str) -> tuple[int, str]:
    """Return what sorts severities from light to grave, with unknown ones last by name."""
    known = _SEVERITIES.index(severity) if severity in _SEVERITIES else len(_SEVERITIES)
    return known, severity


def _number(figure: float | None) -> float:
    return np.nan if figure is None else float(figure)


def _lowest(share: FloatArray) -> float:
    """Return where the colours begin: a round share below all others, so that 80 % is never the darkest."""
    return min(0.8, float(np.floor(np.nanmin(share) * 10) / 10))


def _ink_on(colour: Sequence[float]) -> str:
    """Return white or black, whichever has the better contrast on a colour.

    References
    ----------
    W3C, Web Content Accessibility Guidelines 2.2, relative luminance and contrast ratio.
    """
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour[:3])
    return "white" if 0.2126 * red + 0.7152 * green + 0.0722 * blue < 0.179 else "black"

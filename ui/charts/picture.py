"""Charts as PNG pictures with their title, unit and caption, Chinese glyphs included.

Drawn by vl-convert without a browser and without a request; the font is the one that the package ships.
"""

from __future__ import annotations

import textwrap
from functools import cache
from typing import TYPE_CHECKING, Any

import altair as alt

from ui.charts import palette
from ui.charts.figure import Figure
from ui.charts.land import LAND, outlines_for_vega

if TYPE_CHECKING:
    from ui.language import Language

_WIDTH = 860
_LINE = {"en": 125, "zh": 66}


def png(figure: Figure, say: Language) -> bytes:
    """Return a figure as a PNG picture.

    Parameters
    ----------
    figure
        A figure whose chart, or stand-in picture, is an Altair chart.
    say
        The language of its words.

    Raises
    ------
    ValueError
        If there is nothing that can be drawn.
    """
    import vl_convert

    chart = figure.chart if figure.picture is None else figure.picture()
    if not hasattr(chart, "to_dict"):
        raise ValueError(f"{figure.title}: found a map without a picture; allowed: an Altair chart")
    font = _font()
    with alt.data_transformers.enable("default", max_rows=None):
        spec = chart.to_dict(validate=False)
    if figure.picture is not None:
        spec.setdefault("datasets", {})[LAND] = outlines_for_vega()
    _widen(spec)
    spec["title"] = {
        "text": figure.title,
        "subtitle": [figure.unit, *_lines(figure.caption, say)],
        "anchor": "start",
        "font": font,
        "fontSize": 17,
        "color": palette.INK,
        "subtitleFont": font,
        "subtitleColor": palette.FAINT,
        "subtitleFontSize": 12,
        "offset": 14,
    }
    spec.setdefault("config", {})["font"] = font
    spec["padding"] = 18
    return bytes(vl_convert.vegalite_to_png(spec, scale=2))


def _lines(text: str, say: Language) -> list[str]:
    width = _LINE[say.code]
    if say.code == "zh":
        return [text[start : start + width] for start in range(0, len(text), width)]
    return textwrap.wrap(text, width)


def _widen(spec: dict[str, Any]) -> None:
    """Give charts that would fill their container a width of their own."""
    parts = spec.get("vconcat")
    for part in parts if parts else [spec]:
        if part.get("width") in (None, "container"):
            part["width"] = _WIDTH


@cache
def _font() -> str:
    """Make the shipped font known to the renderer, and return its name."""
    import vl_convert

    from ui.language import FONT_FAMILY, font_folder

    vl_convert.register_font_directory(str(font_folder()))
    return FONT_FAMILY

"""Pictures in Chinese need no font of the machine: the typeface that comes with Banyan has all characters."""

from __future__ import annotations

import logging
import warnings
from pathlib import Path
from typing import Any

import matplotlib.image
import numpy as np
import pytest

from insight.charts import attainment_picture
from insight.fonts import FONT_FILE, matplotlib_families
from ui.language import FONT_FAMILY, font_folder, language
from ui.language.catalogue import entries, read, words_of

# A character of another script, which the typeface lacks and which is drawn as an empty box.
_UNKNOWN = "\ua000"


def _glyphs() -> set[int]:
    from fontTools.ttLib import TTFont

    with TTFont(font_folder() / FONT_FILE) as font:
        return set(font.getBestCmap())


def test_every_character_of_the_catalogue_has_a_glyph() -> None:
    """No character of a translation or of an English text would be drawn as an empty box."""
    used = {sign for message in entries(read()) for sign in "".join(words_of(message)) if sign != "\n"}
    glyphs = _glyphs()
    assert {sign for sign in used if ord(sign) not in glyphs} == set()


def test_it_comes_with_its_licence_and_is_small() -> None:
    """The licence lies beside the typeface, which is under 5 MB."""
    assert "SIL OPEN FONT LICENSE Version 1.1" in (font_folder() / "OFL.txt").read_text()
    assert (font_folder() / FONT_FILE).stat().st_size < 5_000_000


def _drawn(text: str) -> np.ndarray[Any, Any]:
    """Return the picture that matplotlib makes of a text."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(2, 1))
    canvas: Any = FigureCanvasAgg(figure)
    figure.text(0.1, 0.4, text, fontsize=30, fontfamily=matplotlib_families())
    canvas.draw()
    return np.asarray(canvas.buffer_rgba()).copy()


def test_matplotlib_draws_chinese() -> None:
    """Characters are drawn apart from each other, without a warning of missing glyphs."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        first, second = _drawn("工单"), _drawn("槟城")
    assert not np.array_equal(first, second)


def test_vega_draws_chinese(tmp_path: Path) -> None:
    """Vega's renderer finds the family in the folder, and draws characters apart from each other."""
    import vl_convert

    vl_convert.register_font_directory(str(font_folder()))

    def drawn(text: str, family: str = FONT_FAMILY) -> np.ndarray[Any, Any]:
        spec = {
            "data": {"values": [{}]},
            "mark": {"type": "text", "text": text, "font": family, "fontSize": 40},
            "width": 120,
            "height": 60,
        }
        file = tmp_path / "a.png"
        file.write_bytes(vl_convert.vegalite_to_png(spec))
        return matplotlib.image.imread(file)

    pictures = [drawn("工"), drawn("单"), drawn(_UNKNOWN)]
    assert all(
        not np.array_equal(one, other) for i, one in enumerate(pictures) for other in pictures[i + 1 :]
    )
    assert not np.array_equal(drawn("Ra"), drawn("Ra", "a family that nobody has"))


def test_the_picture_of_a_run_in_chinese(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Attainment by city is drawn in Chinese without a complaint about glyphs or weights."""
    figure = {"attend_attainment": {"mean": 0.8, "half_width": 0.02}}
    summary = {
        "kpis": figure,
        "by": {"city": {"penang": figure}, "severity": {"minor": figure}, "city_severity": {}},
        "replications": 2,
        "days": 30,
    }
    say = language("zh")
    with warnings.catch_warnings(), caplog.at_level(logging.WARNING):
        warnings.simplefilter("error")
        for name, words, names in (
            ("en.png", str, str),
            ("zh.png", say.message, lambda key: say.name("cities", key)),
        ):
            attainment_picture(summary, tmp_path / name, "槟城", words, names)
    assert caplog.records == []
    assert (tmp_path / "en.png").read_bytes() != (tmp_path / "zh.png").read_bytes()

"""Colours: contrast by computation, for readers with ordinary and with colour-blind eyes."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.charts import palette

#: Machado, Oliveira, Fernandes (2009): a physiologically-based model for simulation of colour vision
#: deficiency, severity 1.0, on linear RGB.
DEFICIENCIES = {
    "protanopia": [[0.152, 1.053, -0.205], [0.115, 0.786, 0.099], [-0.004, -0.048, 1.052]],
    "deuteranopia": [[0.367, 0.861, -0.228], [0.280, 0.673, 0.047], [-0.012, 0.043, 0.969]],
    "tritanopia": [[1.256, -0.077, -0.179], [-0.078, 0.931, 0.148], [0.005, 0.691, 0.304]],
}


def lab(colour: str, deficiency: str | None = None) -> np.ndarray:
    """Return a colour in CIELAB (D65), as an eye with a deficiency sees it."""
    channels = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    if deficiency:
        linear = np.clip(np.array(DEFICIENCIES[deficiency]) @ linear, 0.0, 1.0)
    to_xyz = [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    x, y, z = np.cbrt((np.array(to_xyz) @ linear) / [0.9505, 1.0, 1.089])
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def test_black_on_white_is_21_to_1() -> None:
    """The two ends of the scale of WCAG."""
    assert palette.contrast("#000000", "#ffffff") == pytest.approx(21.0)
    assert palette.contrast("#777777", "#777777") == 1.0


@pytest.mark.parametrize(
    "colour", [palette.INK, palette.FAINT, palette.ACCENT, palette.UNDECIDED, palette.BETTER, palette.WORSE]
)
def test_text_is_read_on_white(colour: str) -> None:
    """Every colour of text has AA contrast, 4.5, on the background."""
    assert palette.contrast(colour, palette.BACKGROUND) >= 4.5


@pytest.mark.parametrize("colour", palette.SCENARIOS)
def test_lines_are_seen_on_white(colour: str) -> None:
    """Every colour of lines and bars has the contrast of graphics, 3."""
    assert palette.contrast(colour, palette.BACKGROUND) >= 3.0


@given(st.sampled_from([palette.LOW_TO_HIGH, palette.WORSE_TO_BETTER]), st.floats(-0.5, 1.5))
def test_numbers_are_read_on_every_field_of_a_heat_map(scale: tuple[str, ...], place: float) -> None:
    """The ink that is chosen for a field has AA contrast on it, wherever on the scale it is."""
    field = palette.blend(scale, place)
    assert palette.contrast(palette.ink_on(field), field) >= 4.5


@pytest.mark.parametrize("deficiency", [None, *DEFICIENCIES])
def test_better_and_worse_look_different(deficiency: str | None) -> None:
    """Better, worse and undecided are far apart (CIE76 above 20) for every kind of eye."""
    verdicts = (palette.BETTER, palette.WORSE, palette.UNDECIDED)
    for first, second in combinations(verdicts, 2):
        assert np.linalg.norm(lab(first, deficiency) - lab(second, deficiency)) > 20.0


@pytest.mark.parametrize("deficiency", [None, *DEFICIENCIES])
def test_scenarios_look_different(deficiency: str | None) -> None:
    """Any two scenarios are told apart by colour (CIE76 above 10), and always by their dashes."""
    for first, second in combinations(palette.SCENARIOS, 2):
        assert np.linalg.norm(lab(first, deficiency) - lab(second, deficiency)) > 10.0
    assert len({tuple(dash) for dash in palette.DASHES}) == len(palette.SCENARIOS) == 5


@pytest.mark.parametrize("deficiency", [None, *DEFICIENCIES])
@pytest.mark.parametrize("colour", palette.SCENARIOS[1:])
def test_no_scenario_looks_like_a_verdict(colour: str, deficiency: str | None) -> None:
    """No what-if is taken for better or worse (CIE76 above 35; above 10 for eyes that see fewer colours)."""
    least = 10.0 if deficiency else 35.0
    for verdict in (palette.BETTER, palette.WORSE):
        assert np.linalg.norm(lab(colour, deficiency) - lab(verdict, deficiency)) > least


@given(st.floats(0.0, 1.0))
def test_higher_attainment_is_lighter(place: float) -> None:
    """Of two fields the one with the lower attainment is never the lighter one."""
    here, beyond = (palette.blend(palette.LOW_TO_HIGH, p) for p in (place, min(1.0, place + 0.1)))
    assert palette.luminance(beyond) >= palette.luminance(here) - 1e-3

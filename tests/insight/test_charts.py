"""The picture of attainment shows the summary's figures, worst city first, and says what is missing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib import image

from insight.charts import attainment_grid, attainment_picture

untimed = settings(deadline=None)

Cells = dict[tuple[str, str], float]


def figure(mean: float | None, half_width: float | None = 0.01) -> dict[str, Any]:
    """Return the entry of a group in a summary."""
    interval = {"ci_low": None, "ci_high": None, "half_width": half_width, "n": 20}
    return {"attend_attainment": {"mean": mean, **interval}, "csat": {"mean": None, **interval}}


def summary(cities: dict[str, float], cells: Cells, half_width: float | None = 0.01) -> dict[str, Any]:
    """Return a summary with attainment by city, by severity and by both."""
    severities = {severity: figure(0.9, half_width) for _, severity in cells}
    return {
        "replications": 20,
        "days": 365,
        "kpis": figure(0.85, half_width),
        "by": {
            "city": {city: figure(mean, half_width) for city, mean in cities.items()},
            "severity": severities,
            "city_severity": {f"{c}|{s}": figure(mean, half_width) for (c, s), mean in cells.items()},
        },
    }


share = st.floats(0, 1)


@untimed
@given(st.dictionaries(st.sampled_from(["hue", "ipoh", "a|b", "x_y"]), share, min_size=1), st.data())
def test_the_grid_holds_every_figure_once(cities: dict[str, float], data: st.DataObject) -> None:
    """Each cell is the summary's figure, cells without one are NaN, and cities go from worst to best."""
    keys = st.tuples(st.sampled_from(sorted(cities)), st.sampled_from(["emergency", "minor", "odd"]))
    cells: Cells = data.draw(st.dictionaries(keys, share))
    grid = attainment_grid(summary(cities, cells))
    assert [cities[city] for city in grid.rows[1:]] == sorted(cities.values())
    severities = {severity for _, severity in cells}
    assert list(grid.columns[1:]) == [s for s in ("minor", "emergency", "odd") if s in severities]
    for row, city in enumerate(grid.rows[1:], start=1):
        assert grid.share[row, 0] == cities[city]
        expected = [cells.get((city, severity), np.nan) for severity in grid.columns[1:]]
        np.testing.assert_array_equal(grid.share[row, 1:], expected)
    assert grid.share[0, 0] == 0.85


def test_a_summary_without_attend_targets_has_no_picture(tmp_path: Path) -> None:
    """Where no order has an attend target there is an error that says so, and no file."""
    nothing = {"kpis": figure(None), "by": {"city": {"hue": figure(None)}}}
    with pytest.raises(ValueError, match="attend target"):
        attainment_picture(nothing, tmp_path / "a.png", "nothing")
    assert not list(tmp_path.iterdir())


def test_the_picture_grows_with_its_rows(tmp_path: Path) -> None:
    """More cities make a higher picture of the same width; it is a PNG and the only file left."""
    shapes = []
    for number in (2, 12):
        cities = {f"city {i:02d}": 0.5 + i / 40 for i in range(number)}
        cells = {(city, "major"): mean for city, mean in cities.items()}
        attainment_picture(summary(cities, cells), tmp_path / "a.png", "A title")
        shapes.append(image.imread(tmp_path / "a.png").shape)
    assert [path.name for path in tmp_path.iterdir()] == ["a.png"]
    assert shapes[1][0] > shapes[0][0] + 500
    assert shapes[1][1] == shapes[0][1]


def test_a_worse_city_is_darker(tmp_path: Path) -> None:
    """Cells get darker from good to bad, so that the picture can be read without telling hues apart."""
    cities = {f"city {i}": mean for i, mean in enumerate((0.05, 0.3, 0.55, 0.8, 0.99))}
    attainment_picture(summary(cities, {}), tmp_path / "a.png", "Shades")
    pixels = image.imread(tmp_path / "a.png")[..., :3]
    # A column of pixels near the left edge of the first cells, away from text.
    light = (pixels @ [0.2126, 0.7152, 0.0722])[:, left_of_cells(pixels)]
    runs = [
        run.mean()
        for run in np.split(light, np.flatnonzero(np.abs(np.diff(light)) > 0.005) + 1)
        if len(run) > 40
    ]
    shades = [shade for shade in runs if shade < 0.99][1:]
    assert len(shades) == 5
    assert shades == sorted(shades)


def left_of_cells(pixels: np.ndarray[Any, Any]) -> int:
    """Return a column of pixels just inside the cells: the first that is coloured for most of its height."""
    colourful = np.ptp(pixels, axis=2) > 0.05
    return int(np.flatnonzero(colourful.mean(axis=0) > 0.4)[0]) + 3


@pytest.mark.parametrize("half_width", [None, 0.02])
def test_holes_and_missing_intervals_are_drawn(tmp_path: Path, half_width: float | None) -> None:
    """A city without a severity, a single replication and a long title do not stop the picture."""
    cells = {("hue", "major"): 1.0, ("ipoh", "minor"): 0.0}
    of = summary({"hue": 1.0, "ipoh": 0.0}, cells, half_width)
    attainment_picture(of, tmp_path / "a.png", "a very long title " * 12)
    pixels = image.imread(tmp_path / "a.png")[..., :3]
    grey = np.all(np.abs(pixels - np.array([0xEC, 0xEE, 0xF0]) / 255) < 0.004, axis=2)
    assert grey.mean() > 0.01

"""Charts: valid, with title and unit, and tables that say what went in."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ui.charts import Figure, png
from ui.charts.bars import Bar, bars, differences, verdict
from ui.charts.heat import CELL, Grid, attainment_heat, difference_heat
from ui.charts.land import outlines
from ui.charts.maps import EMPTY_STYLE, Network, Spot, Way, network_map
from ui.charts.over_time import Line, Shade, over_time
from ui.charts.waits import Waits, attended_by, wait_classes
from ui.language import LANGUAGES, Language, language

SPEAKERS = [language(code) for code in LANGUAGES]
say = language("en")

CELLS: dict[tuple[str, str], dict[str, float | None]] = {
    ("", ""): {"mean": 0.8, "low": 0.7, "high": 0.9, "n": 4},
    ("hue", "major"): {"mean": 0.25, "low": 0.2, "high": 0.3, "n": 3},
}
DIFFERENCES: dict[tuple[str, str], dict[str, float | None]] = {
    ("", ""): {"mean": 0.02, "low": -0.01, "high": 0.05, "n": 4},
    ("hue", "major"): {"mean": -0.1, "low": -0.15, "high": -0.05, "n": 4},
}
BARS = [
    Bar("Travel", "Baseline", 3.0, 2.5, 3.5, "3.0 ± 0.5 h"),
    Bar("Travel", "Two more", 2.0, None, None, "2.0 h"),
    Bar("Weather", "Baseline", None, None, None, "–"),
]
SITE = Spot("site", "<b>Mall</b>", 16.4, 107.6, 30.0, 0.75, ("30 devices",))
ONE_WAY = Way("Hanoi → Hue", (105.8, 21.0), (107.6, 16.4), 12.5, ("12.5 trips",))


def grid(cells: dict[tuple[str, str], dict[str, float | None]]) -> Grid:
    """Return a grid of two cities and two severities."""
    return Grid(
        {"": "All cities", "hue": "Hue"}, {"": "All orders", "major": "Major"}, cells, "City", "Severity"
    )


def every_figure(say: Language) -> dict[str, Figure]:
    """Return one figure of each kind, in a language."""
    days = ["2026-01-01", "2026-01-02", "2026-01-03"]
    lines = [
        Line("Baseline", days, [0.5, None, 0.7], [0.4, None, 0.6], [0.6, None, 0.8]),
        Line("Two more", days, [0.6, 0.6, 0.6], [None] * 3, [None] * 3),
    ]
    shades = [Shade("Storm", "2026-01-01T08:00:00+00:00", "2026-01-02T08:00:00+00:00")]
    waits = [Waits("Baseline", 40.0, 0.6, [0.0, 0.5, 1.0, 1.5, 2.0], [0.4, 0.2, 0.1, 0.1], 0.2)]
    network = Network([SITE], [SITE], [SITE], [ONE_WAY])
    names = ["Baseline", "Two more"]
    return {
        "heat": attainment_heat(grid(CELLS), "Attained", 4, say),
        "difference heat": difference_heat(grid(DIFFERENCES), "Difference", 4, say),
        "bars": bars(BARS, names, "Hours", "h", "Cause", "n = 4", say),
        "differences": differences(BARS, names, "lower", "Hours", "h", "Cause", "n = 4", say),
        "over time": over_time(lines, shades, "Backlog", "orders", "n = 4", say),
        "attended by": attended_by(waits, "Waits", 4, say),
        "classes": wait_classes(waits, "Waits", 4, say),
        "map": network_map(network, "Network", "n = 4", say),
    }


@pytest.mark.parametrize("say", SPEAKERS, ids=lambda say: say.code)
def test_every_chart_is_valid_and_has_its_words(say: Language) -> None:
    """Each figure has title, unit, caption and a table, and its chart is valid Vega-Lite."""
    for name, figure in every_figure(say).items():
        assert figure.title and figure.unit and figure.caption and figure.table, name
        chart = figure.chart if figure.picture is None else figure.picture()
        assert chart.to_dict(validate=True)["config"]["locale"]["time"]["months"][0] in ("January", "一月")


@pytest.mark.parametrize("say", SPEAKERS, ids=lambda say: say.code)
@pytest.mark.parametrize("name", ["heat", "over time", "map"])
def test_every_chart_can_be_drawn_without_a_browser(say: Language, name: str) -> None:
    """Pictures are PNG files of some size, maps too."""
    picture = png(every_figure(say)[name], say)
    assert picture.startswith(b"\x89PNG") and len(picture) > 5_000


def drawn(figure: Figure) -> list[dict[str, Any]]:
    """Return all rows that a chart draws."""
    return [row for rows in figure.chart.to_dict()["datasets"].values() for row in rows]


def test_fields_of_a_heat_map_say_their_numbers() -> None:
    """A cell shows its percentage, and one without an order a dash; the table is in percent and says so."""
    figure = attainment_heat(grid(CELLS), "Attained", 4, say)
    texts = {(row["row_name"], row["column_name"]): row["text"] for row in drawn(figure)}
    assert texts == {
        ("All cities", "All orders"): "80.0",
        ("Hue", "Major"): "25.0",
        ("All cities", "Major"): "–",
        ("Hue", "All orders"): "–",
    }
    assert figure.table[1] == {
        "City": "Hue",
        "Severity": "Major",
        "Attainment (%)": 25.0,
        "Lower limit (%)": 20.0,
        "Upper limit (%)": 30.0,
        "Replications": 3,
    }


def test_a_click_tells_the_keys_of_its_cell() -> None:
    """The selection of a heat map carries row and column by key, not by what they are called."""
    (param,) = attainment_heat(grid(CELLS), "Attained", 4, say).chart.to_dict()["params"]
    assert param["name"] == CELL and param["select"]["fields"] == ["row", "column"]


def test_differences_that_may_be_none_stand_in_brackets() -> None:
    """A cell whose interval spans zero is white and in brackets, one that leaves it out is coloured."""
    rows = {
        row["row"]: row for row in drawn(difference_heat(grid(DIFFERENCES), "D", 4, say)) if "fill" in row
    }
    assert (rows[""]["text"], rows[""]["fill"]) == ("(+2.0)", "#ffffff")
    assert rows["hue"]["text"].strip("()") == rows["hue"]["text"] and rows["hue"]["fill"] != "#ffffff"


@pytest.mark.parametrize(
    ("limits", "better", "expected"),
    [
        ((0.2, 0.1, 0.3), "higher", "better"),
        ((0.2, 0.1, 0.3), "lower", "worse"),
        ((-0.2, -0.3, -0.1), "lower", "better"),
        ((0.2, -0.1, 0.3), "higher", "none"),
        ((0.2, 0.0, 0.4), "higher", "none"),
        ((0.2, None, None), "higher", "none"),
        ((0.2, 0.1, 0.3), None, "none"),
    ],
)
def test_a_difference_is_judged_by_its_interval(
    limits: tuple[float, float | None, float | None], better: str | None, expected: str
) -> None:
    """Only an interval that leaves out zero makes a difference better or worse, by the KPI's direction."""
    assert verdict(*limits, better) == expected


def test_tables_hold_what_went_in() -> None:
    """Bars and lines list every figure with its limits, those without a figure among the bars as empty."""
    found = every_figure(say)
    assert [row["Figure"] for row in found["bars"].table] == [3.0, 2.0, None]
    series = [(row["Date"], row["orders"], row["Upper limit"]) for row in found["over time"].table]
    assert series[:2] == [("2026-01-01", 0.5, 0.6), ("2026-01-03", 0.7, 0.8)] and len(series) == 5
    assert sum(row["Share of orders (%)"] for row in found["classes"].table) == pytest.approx(100.0)


def test_the_share_attended_rises_to_what_is_not_beyond() -> None:
    """The line ends at one less what is beyond the last class."""
    shares = [row["share"] for row in drawn(every_figure(say)["attended by"]) if "share" in row]
    assert shares == sorted(shares) and shares[-1] == pytest.approx(80.0)


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_map_has_the_names_of_cities(code: str) -> None:
    """Names stand on the map and on its picture, in letters that the browser finds by itself."""
    network = Network([SITE], [], [], [], [("槟城", 100.33, 5.41)])
    figure = network_map(network, "Network", "", language(code))
    layer = json.loads(figure.chart.to_json())["layers"][-1]
    assert (layer["@@type"], layer["characterSet"]) == ("TextLayer", "auto")
    assert [row["text"] for row in layer["data"]] == ["槟城"]
    assert figure.picture is not None and "槟城" in json.dumps(figure.picture().to_dict(), ensure_ascii=False)


@pytest.mark.parametrize(("second", "numbers"), [("2026-03-01", [1, 2]), ("2026-09-01", [None, None])])
def test_disruptions_whose_names_would_lie_on_each_other_are_numbered(
    second: str, numbers: list[int | None]
) -> None:
    """Close together they bear numbers, of which the caption has the key; else their names."""
    line = Line("Baseline", ["2026-01-01", "2026-12-31"], [1.0, 2.0], [None] * 2, [None] * 2)
    shades = [
        Shade("Storm", second, f"{second[:-2]}09"),
        Shade("Flood", "2026-02-27T00:00:00+00:00", "2026-03-04T00:00:00+00:00"),
    ]
    figure = over_time([line], shades, "Backlog", "orders", "n = 4", say)
    rows = {row["label"]: row["number"] for row in drawn(figure) if "label" in row}
    assert [rows["Flood"], rows["Storm"]] == numbers
    assert ("1 Flood; 2 Storm" in figure.caption) is (numbers == [1, 2])


@pytest.mark.parametrize("cities", [1, 3])
def test_rows_of_a_heat_map_keep_their_height(cities: int) -> None:
    """However few rows there are, axes and legends take nothing of their height."""
    rows = {f"c{number}": f"City {number}" for number in range(cities)}
    cells = {(city, ""): CELLS["", ""] for city in rows}
    chart = attainment_heat(Grid(rows, {"": "All orders"}, cells, "City", "Severity"), "A", 4, say).chart
    drawn_as = chart.to_dict()
    assert drawn_as["height"] / cities >= 20 and drawn_as["autosize"]["type"] == "fit-x"


def test_bars_and_their_differences_are_as_high_as_each_other() -> None:
    """Side by side the same causes stand on the same lines."""
    beside = bars(BARS, ["Baseline", "Two more"], "Hours", "h", "Cause", "", say).chart.to_dict()
    change = differences(BARS, ["Two more"], "lower", "Hours", "h", "Cause", "", say).chart.to_dict()
    assert beside["height"] == change["height"]


def test_a_map_asks_nobody_for_anything() -> None:
    """It has no provider and a style without sources; land is in it; names on it are escaped."""
    deck = every_figure(say)["map"].chart
    assert deck.map_provider is None and EMPTY_STYLE.startswith("data:")
    assert "http" not in deck.to_json()
    assert "<b>&lt;b&gt;Mall&lt;/b&gt;</b><br>30 devices" in deck.to_json()
    assert len(outlines()["features"]) > 10


def test_bands_are_left_out_where_asked() -> None:
    """Limits of a line without a band are in the table, and not in the chart."""
    line = Line("Baseline", ["2026-01-01"], [1.0], [0.0], [9.0], banded=False)
    figure = over_time([line], [], "Backlog", "orders", "", say)
    assert {row["high"] for row in drawn(figure)} == {None}
    assert figure.table[0]["Upper limit"] == 9.0

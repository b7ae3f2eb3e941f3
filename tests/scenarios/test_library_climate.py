"""The climate of the library's cities: its days of rain and its storms are those of the data files."""

from __future__ import annotations

from typing import Any

import pytest

from scenarios.default_links import LETTERS, rows
from scenarios.documents import read
from scenarios.loading import LIBRARY
from scenarios.weather import Climate

FRAGMENT = read(LIBRARY / "networks" / "asean-climate.yaml")
CITIES: dict[str, Any] = FRAGMENT["climate"]["cities"]
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
WET = {
    row["city"]: [float(row[m]) for m in MONTHS]
    for row in rows("climate_city_month.csv")
    if row["measure"] == "wet_days"
}
TRACKS = {row["city"]: [float(row[m]) for m in MONTHS] for row in rows("typhoon_city_month.csv")}


def test_every_city_of_the_network_has_a_climate() -> None:
    """The fragment has every city of the network, in the form of the schema."""
    assert set(CITIES) == set(read(LIBRARY / "networks" / "asean-cities.yaml")["cities"])
    assert Climate.model_validate(FRAGMENT["climate"])


@pytest.mark.parametrize("city", sorted(set(CITIES) & set(WET)))
def test_days_of_rain_are_those_of_the_file(city: str) -> None:
    """Where the file has days of rain for a city, they are what its climate says."""
    assert CITIES[city]["rain"] == WET[city]


@pytest.mark.parametrize("city", CITIES)
def test_storms_and_typhoons_are_the_cyclones_of_the_file(city: str) -> None:
    """Each tropical cyclone that passed a city is a storm or a typhoon, in its month."""
    none = [0.0] * 12
    storm, typhoon = (CITIES[city].get(name, none) for name in ("storm", "typhoon"))
    found = [a + b for a, b in zip(storm, typhoon, strict=True)]
    assert found == pytest.approx(TRACKS[city], abs=0.002)


@pytest.mark.parametrize("name", ["climate_city_month.csv", "typhoon_city_month.csv"])
def test_rows_say_where_they_come_from(name: str) -> None:
    """Each row has a letter and a source."""
    assert all(row["quality"] in LETTERS and row["source"] for row in rows(name))

"""The network that the data files make of the cities they know, for tests of it."""

from __future__ import annotations

from datetime import date
from functools import cache

from scenarios.default_links import Defaults, default_city_travel, default_links, rows
from scenarios.links import CityTravel, Link
from scenarios.network import CityNetwork
from scenarios.network_compiling import compile_network
from scenarios.places import City


@cache
def cities() -> dict[str, City]:
    """Return the cities of the data files."""
    return {
        row["key"]: City(
            name=row["name"],
            country=row["country"],
            lat=float(row["lat"]),
            lon=float(row["lon"]),
            time_zone=row["time_zone"],
        )
        for row in rows("cities.csv")
    }


@cache
def links() -> Defaults:
    """Return the default links between all of them."""
    return default_links(tuple(cities()))


@cache
def asean() -> CityNetwork:
    """Return their network over the year 2026."""
    travel = default_city_travel(tuple(cities()))
    return compile_network(
        cities(),
        {name: Link.model_validate(values) for name, values in links().values.items()},
        CityTravel.model_validate(travel.values),
        date(2026, 1, 1),
        8760.0,
        {key: source["quality"] for key, source in {**links().sources, **travel.sources}.items()},
    )

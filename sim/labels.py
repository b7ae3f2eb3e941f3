"""Names of engineers and places as table columns."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from insight.tables import Categories, Column
from scenarios.world import World


def engineer_labels(
    world: World,
) -> tuple[tuple[str, ...], npt.NDArray[np.int32], npt.NDArray[np.int32]]:
    """Return the engineers' names, and the name and centre of each of the World's engineers by position."""
    names = tuple(dict.fromkeys(e.name for e in world.engineers))
    position = {name: i for i, name in enumerate(names)}
    return (
        names,
        np.array([position[e.name] for e in world.engineers], dtype=np.int32),
        np.array([e.centre for e in world.engineers], dtype=np.int32),
    )


def place_columns(world: World, centre: npt.NDArray[np.integer]) -> dict[str, Column]:
    """Return centre, city, country and zone of rows by the position of their centre."""
    places, names = world.places, world.names
    city = places.centre_city[centre]
    country = places.city_country[city]
    return {
        "centre": Categories(centre.astype(np.int32), names.centres),
        "city": Categories(city.astype(np.int32), names.cities),
        "country": Categories(country.astype(np.int32), names.countries),
        "zone": Categories(places.country_zone[country].astype(np.int32), names.zones),
    }

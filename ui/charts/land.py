"""Outlines of land, shipped with the package, so that maps ask nobody for tiles.

Source and licence are in NOTICE; the outlines show where places are and take no position on borders.
"""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from typing import Any

#: Name under which pictures find the outlines among their data sets.
LAND = "land"


@cache
def outlines() -> dict[str, Any]:
    """Return the land as GeoJSON with outer rings counter-clockwise, as RFC 7946 asks."""
    text = resources.files("ui.charts").joinpath("data/land.geojson").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


@cache
def outlines_for_vega() -> list[dict[str, Any]]:
    """Return the features with rings the other way round: else Vega would fill the rest of the globe."""
    return [
        {**feature, "geometry": {**feature["geometry"], "coordinates": _turned(feature["geometry"])}}
        for feature in outlines()["features"]
    ]


def _turned(geometry: dict[str, Any]) -> list[Any]:
    if geometry["type"] == "Polygon":
        return [ring[::-1] for ring in geometry["coordinates"]]
    return [[ring[::-1] for ring in polygon] for polygon in geometry["coordinates"]]

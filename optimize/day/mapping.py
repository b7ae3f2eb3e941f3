"""A plan as a map: routes as lines and stops as points, GeoJSON by RFC 7946 (longitude first, WGS 84).

References
----------
RFC 7946, The GeoJSON Format.
"""

from __future__ import annotations

import json
from typing import Any

from optimize.day.ground import ground_of
from optimize.day.homeward import ways_home
from optimize.day.model import Day, DayVisit
from optimize.day.writing import Told, rows_of

#: Decimals of degrees: a tenth of a metre.
_DECIMALS = 6
_OF_STOPS = (
    *("order", "engineer", "sequence", "depart", "start", "end", "due_at", "sla_status", "p_breach"),
    *("changed", "site", "city", "status", "reason"),
)


def map_of(day: Day, told: Told) -> bytes:
    """Return a plan as GeoJSON: a line for each engineer with visits, a point for each visit and order left.

    Parameters
    ----------
    day
        The day with its plan.
    told
        What is known beside.
    """
    assert day.plan is not None  # whoever writes a plan has made one
    visits: dict[str, list[DayVisit]] = {}
    for visit in day.plan.visits:
        visits.setdefault(visit.engineer, []).append(visit)
    home = ways_home(day, ground_of(day))
    features = [_route(day, engineer, own, home[engineer]) for engineer, own in visits.items()]
    for row in rows_of(day, told):
        order = day.order[row["order"]]
        known = {name: row[name] for name in _OF_STOPS if row[name] not in (None, "")}
        features.append(_feature("Point", _position(order.lat, order.lon), {"kind": "stop", **known}))
    document = {"type": "FeatureCollection", "features": features}
    return (json.dumps(document, ensure_ascii=False, allow_nan=False) + "\n").encode()


def _route(day: Day, engineer: str, visits: list[DayVisit], home_h: float) -> dict[str, Any]:
    who = day.engineer[engineer]
    stops = [day.order[visit.order] for visit in visits]
    line = [_position(who.lat, who.lon), *(_position(order.lat, order.lon) for order in stops)]
    about = {
        "kind": "route",
        "engineer": engineer,
        "name": who.name,
        "stops": len(stops),
        "travel_h": round(sum(visit.travel_h for visit in visits), 4),
        "home_h": round(home_h, 4),
    }
    return _feature("LineString", line, about)


def _position(lat: float, lon: float) -> list[float]:
    return [round(lon, _DECIMALS), round(lat, _DECIMALS)]


def _feature(kind: str, coordinates: Any, properties: dict[str, Any]) -> dict[str, Any]:
    geometry = {"type": kind, "coordinates": coordinates}
    return {"type": "Feature", "geometry": geometry, "properties": properties}

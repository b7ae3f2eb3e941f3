"""A plan as a map: routes as lines and stops as points, GeoJSON by RFC 7946 (longitude first, WGS 84).

References
----------
RFC 7946, The GeoJSON Format.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from optimize.day.ground import Ground, ground_of
from optimize.day.homeward import ways_home
from optimize.day.model import Day, DayEngineer, DayVisit
from optimize.day.writing import Told, rows_of

#: Decimals of degrees: a tenth of a metre.
_DECIMALS = 6
_OF_STOPS = (
    *("order", "engineer", "sequence", "depart", "start", "end", "due_at", "sla_status", "p_breach"),
    *("fetches_parts", "changed", "site", "city", "status", "reason"),
)


def map_of(day: Day, told: Told) -> bytes:
    """Return a plan as GeoJSON: a line for each engineer with visits, a point for each visit and order left.

    A line goes from where the engineer is over his visits to his home, by the store of his centre before a
    visit for which he fetches parts.

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
    ground = ground_of(day)
    home = ways_home(day, ground)
    features = [_route(day, name, own, home[name], ground) for name, own in visits.items()]
    for row in rows_of(day, told):
        order = day.order[row["order"]]
        known = {name: row[name] for name in _OF_STOPS if row[name] not in (None, "")}
        features.append(_feature("Point", _position(order.lat, order.lon), {"kind": "stop", **known}))
    document = {"type": "FeatureCollection", "features": features}
    return (json.dumps(document, ensure_ascii=False, allow_nan=False) + "\n").encode()


def _route(day: Day, name: str, visits: list[DayVisit], home_h: float, ground: Ground) -> dict[str, Any]:
    who = day.engineer[name]
    about = {
        "kind": "route",
        "engineer": name,
        "name": who.name,
        "stops": len(visits),
        "travel_h": round(sum(visit.travel_h for visit in visits), 4),
        "home_h": round(home_h, 4),
    }
    return _feature("LineString", list(_line(day, who, visits, ground)), about)


def _line(day: Day, who: DayEngineer, visits: list[DayVisit], ground: Ground) -> Iterator[list[float]]:
    """Yield the positions that an engineer passes."""
    store = ground.store(who)
    yield _position(who.lat, who.lon)
    for visit in visits:
        if visit.fetches_parts and store is not None:
            yield _position(*store[:2])
        order = day.order[visit.order]
        yield _position(order.lat, order.lon)
    if who.home_lat is None or who.home_lon is None:
        yield _position(who.lat, who.lon)
    else:
        yield _position(who.home_lat, who.home_lon)


def _position(lat: float, lon: float) -> list[float]:
    return [round(lon, _DECIMALS), round(lat, _DECIMALS)]


def _feature(kind: str, coordinates: Any, properties: dict[str, Any]) -> dict[str, Any]:
    geometry = {"type": kind, "coordinates": coordinates}
    return {"type": "Feature", "geometry": geometry, "properties": properties}

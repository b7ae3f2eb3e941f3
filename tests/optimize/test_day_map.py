"""Plans as GeoJSON: what RFC 7946 asks for, by a reading of its own, and lines where the plan goes."""

from __future__ import annotations

import json
from typing import Any

import pytest
from test_day_problem import NOW, random_day, written_day

from optimize.day.event_kinds import changed
from optimize.day.mapping import map_of
from optimize.day.model import Day, DayEngineer, DayVisit
from optimize.day.problem import plan_day
from optimize.day.writing import Told
from scenarios import load

Json = dict[str, Any]
KINDS = ("route", "stop")
#: Members that RFC 7946 gives a meaning in an object of another type, and must not stand here (section 7.1).
FOREIGN = {"coordinates", "geometries", "geometry", "properties", "features"}


def geojson_faults(document: Any) -> list[str]:
    """Return what RFC 7946 does not allow in a collection of points and lines."""
    if set(document) & (FOREIGN - {"features"}) or "crs" in document:
        return ["members of another type"]
    if document["type"] != "FeatureCollection" or not isinstance(document["features"], list):
        return ["no collection"]
    found = []
    for feature in document["features"]:
        if feature["type"] != "Feature" or set(feature) & (FOREIGN - {"geometry", "properties"}):
            found.append("no feature")
        if not isinstance(feature["properties"], dict | None):
            found.append("properties are no object")
        shape = feature["geometry"]
        if set(shape) - {"bbox"} != {"type", "coordinates"}:
            found.append(f"members of a geometry: {sorted(shape)}")
        if shape["type"] == "Point":
            found += position_faults(shape["coordinates"])
        elif shape["type"] == "LineString":
            found += [fault for place in shape["coordinates"] for fault in position_faults(place)]
            found += ["a line of fewer than two positions"] * (len(shape["coordinates"]) < 2)
        else:
            found.append(f"a geometry {shape['type']}")
    return found


def position_faults(place: Any) -> list[str]:
    """Return what is wrong with a position: two or three numbers, longitude first, in their ranges."""
    if not isinstance(place, list) or len(place) not in (2, 3):
        return [f"position {place}"]
    if not all(type(number) in (int, float) for number in place):
        return [f"no numbers: {place}"]
    return [] if abs(place[0]) <= 180.0 and abs(place[1]) <= 90.0 else [f"out of range: {place}"]


def mapped(day: Day) -> Json:
    """Return the map of a day's plan, read strictly."""

    def refuse(constant: str) -> None:
        raise AssertionError(constant)

    document: Json = json.loads(map_of(day, Told()).decode("utf-8"), parse_constant=refuse)
    return document


def at(lat: float | None, lon: float | None) -> Any:
    """Return a position of a map to a tenth of a metre."""
    assert lat is not None and lon is not None
    return pytest.approx([lon, lat], abs=1e-6)


def way_of(day: Day, who: DayEngineer, visits: list[DayVisit]) -> list[Any]:
    """Return the places that an engineer passes by his plan."""
    scenario, way = load(day.scenario).scenario, [at(who.lat, who.lon)]
    for visit in visits:
        if visit.fetches_parts and who.centre:
            centre = scenario.centres[who.centre]
            middle = scenario.cities[centre.city]
            way.append(at(middle.lat if centre.lat is None else centre.lat, centre.lon or middle.lon))
        way.append(at(day.order[visit.order].lat, day.order[visit.order].lon))
    home = (who.lat, who.lon) if who.home_lat is None else (who.home_lat, who.home_lon)
    return [*way, at(*home)]


def check_map(day: Day) -> list[DayVisit]:
    """Let the map of a day be sound and hold all of its plan, and nothing else; return the visits."""
    assert day.plan is not None
    document = mapped(day)
    assert geojson_faults(document) == []
    features = {kind: [f for f in document["features"] if f["properties"]["kind"] == kind] for kind in KINDS}
    assert sum(map(len, features.values())) == len(document["features"])
    stops = [f["properties"] for f in features["stop"]]
    planned = [(v.order, v.engineer, v.start.isoformat()) for v in day.plan.visits]
    left = [(name, None, None) for name in day.plan.unassigned]
    utc = [(s["order"], s.get("engineer"), in_utc(s.get("start"))) for s in stops]
    assert sorted(utc, key=str) == sorted([*planned, *left], key=str)
    for feature in features["stop"]:
        order = day.order[feature["properties"]["order"]]
        assert feature["geometry"] == {"type": "Point", "coordinates": at(order.lat, order.lon)}
    lines = {f["properties"]["engineer"]: f for f in features["route"]}
    assert len(lines) == len(features["route"]) == len({visit.engineer for visit in day.plan.visits})
    for name, line in lines.items():
        visits = sorted((v for v in day.plan.visits if v.engineer == name), key=lambda v: v.start)
        assert line["properties"]["stops"] == len(visits)
        way = way_of(day, day.engineer[name], visits)
        assert line["geometry"] == {"type": "LineString", "coordinates": way}
    return list(day.plan.visits)


def in_utc(at: str | None) -> str | None:
    """Return an instant as a plan has it."""
    return None if at is None else NOW.fromisoformat(at).astimezone(NOW.tzinfo).isoformat()


def test_a_map_has_all_of_a_plan_whose_names_are_hard() -> None:
    """Each visit is there once, whatever its order is called; a line has three positions or more."""
    day = written_day()
    check_map(day)
    lines = [f for f in mapped(day)["features"] if f["properties"]["kind"] == "route"]
    assert all(len(line["geometry"]["coordinates"]) >= 3 for line in lines)


def test_lines_go_where_the_plan_goes() -> None:
    """From where an engineer is over his stops in their order to his home, by the store for parts."""
    visits = []
    for seed in range(3):
        day = random_day(seed)
        empty = {"parts": {"card": 1}, "centre": "kuala-lumpur-station"}
        homes = ({"home_lat": 3.3, "home_lon": 101.5}, {})
        people = [e.model_copy(update=empty | homes[i % 2]) for i, e in enumerate(day.engineers)]
        visits += check_map(plan_day(changed(day, engineers=tuple(people)), iterations=60))
    assert sum(visit.fetches_parts for visit in visits) > 1


def test_faults_of_a_map_are_seen() -> None:
    """The reading of RFC 7946 finds positions out of range or turned round, and lines that are too short."""
    good = mapped(written_day())
    for spoil in (
        lambda feature: feature["geometry"].update(coordinates=[3.1, 101.6]),
        lambda feature: feature["geometry"].update(coordinates=[101.6]),
        lambda feature: feature["geometry"].update(coordinates=["101.6", 3.1]),
        lambda feature: feature["geometry"].update(type="Polygon"),
        lambda feature: feature["geometry"].update(type="LineString", coordinates=[[101.6, 3.1]]),
        lambda feature: feature.update(properties=[]),
        lambda feature: feature.update(coordinates=[101.6, 3.1]),
    ):
        document = json.loads(json.dumps(good))
        spoil(document["features"][-1])
        assert geojson_faults(document), document["features"][-1]

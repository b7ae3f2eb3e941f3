"""Default links between cities, and travel inside them, from the data files: what a scenario starts from.

Each function returns plain values to be written into a scenario's document, with the source and the quality
letter of the figures beside them; nothing here is read when a scenario is compiled. Air links are made from a
database under the ODbL: a document that contains them is offered under the same licence.
"""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from importlib.resources import files
from itertools import combinations, pairwise
from typing import Any

from scenarios.territories import great_circle_km

#: Quality letters, the best first.
LETTERS = ("A", "B", "C", "D", "R", "assumption")

#: Assumptions, each named in the note that goes into the scenario.
AIRPORT_END_HOURS = 0.25
AIRPORT_CIRCUITY = 1.3
AIRPORT_ROAD_KMH = 55.0
CHECK_IN_HOURS = {"domestic": 1.0, "international": 1.5}
AIRPORT_BORDER_HOURS = 0.5
FLIGHTS_PER_CARRIER_WEEK = 14
FLYING_HOURS_OF_WEEK = 112
FLYING_WINDOW = "06:00-23:00"
ROAD_END_HOURS = 0.25
ROAD_BORDER_HOURS = 1.0
ROAD_BORDER_WINDOW = "06:00-20:00"
FERRY_END_HOURS = 0.5
FERRY_WAIT_HOURS = 1.0
AIR_FARE, AIR_FARE_KM = 40.0, 0.06
ROAD_COST_KM, ROAD_BORDER_COST = 0.25, 10.0
FERRY_FARE = 30.0

#: No rain: it would give every day another weather between cities, and what it costs there is small.
WEATHER: dict[str, dict[str, Any]] = {
    "air": {"closed_by": ["typhoon"], "slowed_by": {"storm": 1.5}},
    "road": {"slowed_by": {"storm": 1.3, "flood": 2.0, "typhoon": 2.0}},
    "ferry": {"closed_by": ["storm", "typhoon"]},
}
INSIDE_WEATHER = {"rain": 1.2, "storm": 1.5, "flood": 2.5, "typhoon": 3.0}
INSIDE_SPEED_KMH = 25.0
INSIDE_CIRCUITY = 1.4
#: A weekday with two peaks; its mean is 1.
TRAFFIC_BY_HOUR = (
    *(0.70, 0.70, 0.70, 0.70, 0.70, 0.80, 1.00, 1.30, 1.40, 1.15, 1.05, 1.00),
    *(1.00, 1.00, 1.00, 1.00, 1.20, 1.45, 1.45, 1.25, 1.00, 0.90, 0.80, 0.75),
)


@dataclass(frozen=True)
class Defaults:
    """Values for a section of a scenario, and entries for its `sources` by dotted key."""

    values: dict[str, Any]
    sources: dict[str, dict[str, str]]


def default_links(cities: Sequence[str]) -> Defaults:
    """Return air, road and ferry links between cities of the data files.

    Parameters
    ----------
    cities
        Keys of cities; links are named in their order. Roads lead through cities that are left out.

    Returns
    -------
    Defaults
        Values for the section `links`, costs in US dollars.

    Raises
    ------
    ValueError
        A city that the data files do not have.
    """
    parts = (air_links(cities), road_links(cities), ferry_links(cities))
    return Defaults(
        {name: link for part in parts for name, link in part.values.items()},
        {key: source for part in parts for key, source in part.sources.items()},
    )


@dataclass(frozen=True)
class _Route:
    """A route by air: ends, great circle, block hours, flights a week, and where they come from."""

    start: str
    to: str
    both_ways: bool
    km: float
    hours: float
    weekly: float
    letter: str
    note: str


def air_links(cities: Sequence[str]) -> Defaults:
    """Return air links: routes and carriers of OpenFlights, and routes that were looked up one by one."""
    country = _countries(cities)
    airport = {row["city"]: row for row in rows("airports.csv")}
    values: dict[str, Any] = {}
    sources = {"links": _assumptions()}
    for route in _routes(cities, airport):
        kind = "domestic" if country[route.start] == country[route.to] else "international"
        link = {
            "from": route.start,
            "to": route.to,
            "mode": "air",
            "access_hours": _airport_hours(airport[route.start]),
            "wait_hours": round(CHECK_IN_HOURS[kind] + FLYING_HOURS_OF_WEEK / route.weekly / 2, 2),
            "ride_hours": route.hours,
            "egress_hours": _airport_hours(airport[route.to]),
            "cost": round(AIR_FARE + AIR_FARE_KM * route.km),
            "operates": [FLYING_WINDOW],
            **deepcopy(WEATHER["air"]),
        }
        if kind == "international":
            link["border_hours"] = AIRPORT_BORDER_HOURS
        if not route.both_ways:
            link["both_ways"] = False
        name = f"air-{route.start}-{route.to}"
        values[name] = link
        note = f"0.5 h + {route.km:.0f} km great circle / 750 km/h; route: {route.note}"
        sources[f"links.{name}.ride_hours"] = _source(weakest("D", route.letter), note)
    return Defaults(values, sources)


def _routes(cities: Sequence[str], airport: dict[str, dict[str, str]]) -> Iterator[_Route]:
    """Yield the routes between cities, those of OpenFlights before those that were looked up."""
    old = {(row["from"], row["to"]): row for row in rows("flights.csv")}
    looked_up = {frozenset((row["from"], row["to"])): row for row in rows("flights_manual.csv")}
    for pair in combinations(cities, 2):
        found = [old[way] for way in (pair, pair[::-1]) if way in old]
        if found:
            row = min(found, key=lambda row: int(row["airlines"]))
            yield _Route(
                start=row["from"],
                to=row["to"],
                both_ways=len(found) == 2,
                km=float(row["great_circle_km"]),
                hours=float(row["block_h_est"]),
                weekly=int(row["airlines"]) * FLIGHTS_PER_CARRIER_WEEK,
                letter="B",
                note=f"OpenFlights of June 2014 (ODbL); carriers: {row['airlines']}",
            )
        elif frozenset(pair) in looked_up:
            row = looked_up[frozenset(pair)]
            a, b = (airport[city] for city in pair)
            km = great_circle_km(float(a["lat"]), float(a["lon"]), float(b["lat"]), float(b["lon"]))
            hours, weekly = round(0.5 + km / 750.0, 2), float(row["flights_per_week"])
            yield _Route(*pair, True, km, hours, weekly, row["quality"], row["source"])


def _airport_hours(airport: dict[str, str]) -> float:
    km = float(airport["city_km"]) * AIRPORT_CIRCUITY
    return round(AIRPORT_END_HOURS + km / AIRPORT_ROAD_KMH, 2)


def road_links(cities: Sequence[str]) -> Defaults:
    """Return road links, also through cities that are left out: length over the countries' mean speeds."""
    import networkx as nx

    _countries(cities)
    roads = nx.Graph()
    for row in rows("road_links.csv"):
        roads.add_edge(row["from"], row["to"], **_road(row))
    values: dict[str, Any] = {}
    sources = {"links": _assumptions()}
    for a, b in combinations([city for city in cities if city in roads], 2):
        through = roads.subgraph({a, b, *(city for city in roads if city not in cities)})
        if not nx.has_path(through, a, b):
            continue
        way = nx.dijkstra_path(through, a, b, weight="hours")
        parts = [through.edges[ends] for ends in pairwise(way)]
        name = f"road-{a}-{b}"
        values[name] = _road_link(a, b, parts)
        letter = weakest(*(part["letter"] for part in parts))
        over = f"; over {', '.join(way[1:-1])}" if way[2:] else ""
        note = "; ".join(part["note"] for part in parts) + over
        sources[f"links.{name}.ride_hours"] = _source(letter, note)
    return Defaults(values, sources)


def _road_link(a: str, b: str, parts: Sequence[dict[str, Any]]) -> dict[str, Any]:
    km, borders = (sum(part[figure] for part in parts) for figure in ("km", "borders"))
    link = {
        "from": a,
        "to": b,
        "mode": "road",
        "access_hours": ROAD_END_HOURS,
        "ride_hours": round(sum(part["hours"] for part in parts), 2),
        "egress_hours": ROAD_END_HOURS,
        "cost": round(ROAD_COST_KM * km + ROAD_BORDER_COST * borders),
        **deepcopy(WEATHER["road"]),
    }
    if borders:
        link |= {"border_hours": ROAD_BORDER_HOURS * borders, "operates": [ROAD_BORDER_WINDOW]}
    return link


def _road(row: dict[str, str]) -> dict[str, Any]:
    """Return length, hours and borders of a road; its countries share its length equally."""
    by_country = {line["country"]: line for line in rows("road_country.csv")}
    countries = [by_country[code] for code in row["countries"].split()]
    circuity = sum(float(line["circuity"]) for line in countries) / len(countries)
    km = float(row["road_km"]) if row["road_km"] else round(_apart(row["from"], row["to"]) * circuity)
    letters = [row["quality"], *(line["speed_quality"] for line in countries)]
    if not row["road_km"]:
        letters += [line["circuity_quality"] for line in countries]
    speeds = " and ".join(f"{line['speed_kmh']} km/h ({line['speed_quality']})" for line in countries)
    return {
        "km": km,
        "hours": sum(km / len(countries) / float(line["speed_kmh"]) for line in countries),
        "borders": len(countries) - 1,
        "letter": weakest(*letters),
        "note": f"{km:.0f} km ({row['source']}) at {speeds}",
    }


def _apart(a: str, b: str) -> float:
    place = {row["key"]: (float(row["lat"]), float(row["lon"])) for row in rows("cities.csv")}
    return great_circle_km(*place[a], *place[b])


def ferry_links(cities: Sequence[str]) -> Defaults:
    """Return ferry links, without those that have closed."""
    _countries(cities)
    values: dict[str, Any] = {}
    sources = {"links": _assumptions()}
    for row in rows("ferry_links.csv"):
        a, b = row["from"], row["to"]
        if a not in cities or b not in cities or row["hours"] == "closed":
            continue
        values[f"ferry-{a}-{b}"] = {
            "from": a,
            "to": b,
            "mode": "ferry",
            "access_hours": FERRY_END_HOURS,
            "wait_hours": float(row["wait_hours"] or FERRY_WAIT_HOURS),
            "ride_hours": float(row["hours"]),
            "egress_hours": FERRY_END_HOURS,
            "cost": float(row["fare_usd"] or FERRY_FARE),
            **deepcopy(WEATHER["ferry"]),
        }
        looked_up = {"ride_hours": row["hours"], "wait_hours": row["wait_hours"], "cost": row["fare_usd"]}
        for figure in (name for name, given in looked_up.items() if given):
            sources[f"links.ferry-{a}-{b}.{figure}"] = _source(row["quality"], row["source"])
    return Defaults(values, sources)


def default_city_travel(cities: Sequence[str]) -> Defaults:
    """Return travel inside cities: one assumed day of traffic, and mean speeds where one was published.

    Parameters
    ----------
    cities
        Keys of cities of the data files.

    Returns
    -------
    Defaults
        Values for the section `city_travel`.

    Raises
    ------
    ValueError
        A city that the data files do not have.
    """
    _countries(cities)
    measured = [row for row in rows("city_traffic.csv") if row["city"] in cities and row["kmh"]]
    latest = {row["city"]: row for row in sorted(measured, key=lambda row: row["year"])}
    default = {
        "speed_kmh": INSIDE_SPEED_KMH,
        "circuity": INSIDE_CIRCUITY,
        "traffic_by_hour": list(TRAFFIC_BY_HOUR),
        "slowed_by": dict(INSIDE_WEATHER),
    }
    own = {city: {"speed_kmh": float(row["kmh"])} for city, row in latest.items()}
    sources = {
        "city_travel": _source(
            "assumption",
            f"{INSIDE_SPEED_KMH:g} km/h over the day where no speed was published, circuity "
            f"{INSIDE_CIRCUITY:g}, a day of traffic with two peaks, and the factors of rain, storm, flood "
            "and typhoon",
        )
    }
    for city, row in latest.items():
        note = f"{row['source']}, {row['year']}, city centre"
        sources[f"city_travel.cities.{city}.speed_kmh"] = _source(row["quality"], note)
    return Defaults({"default": default, "cities": own}, sources)


def _assumptions() -> dict[str, str]:
    """Return the source of all figures of links that have no source of their own."""
    return _source(
        "assumption",
        f"To an airport: {AIRPORT_END_HOURS:g} h + great circle x {AIRPORT_CIRCUITY:g} at "
        f"{AIRPORT_ROAD_KMH:g} km/h; check-in "
        f"{CHECK_IN_HOURS['domestic']:g} h (abroad {CHECK_IN_HOURS['international']:g} h) and half the time "
        f"between flights, a carrier flying twice a day; passports {AIRPORT_BORDER_HOURS:g} h, a land border "
        f"{ROAD_BORDER_HOURS:g} h. Flights {FLYING_WINDOW}, land borders {ROAD_BORDER_WINDOW}. US dollars: "
        f"flight {AIR_FARE:g} + {AIR_FARE_KM:g} per km, car {ROAD_COST_KM:g} per km + {ROAD_BORDER_COST:g} a "
        "border. "
        "Typhoons close airports and ferries, storms ferries; factors on rides are ours",
    )


def _source(quality: str, note: str) -> dict[str, str]:
    return {"quality": quality, "note": note}


def weakest(*letters: str) -> str:
    """Return the worst of several quality letters."""
    return max(letters, key=LETTERS.index)


def rows(name: str) -> list[dict[str, str]]:
    """Return the rows of a data file of the package."""
    text = (files("scenarios") / "data" / name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def _countries(cities: Collection[str]) -> dict[str, str]:
    """Return the country code of each city, all of them known."""
    country = {row["key"]: row["country"] for row in rows("cities.csv")}
    for city in cities:
        if city not in country:
            raise ValueError(f"no data on the city {city!r}: there is on {', '.join(country)}")
    return country

"""Where things are and what happened there: sites, centres, ways between cities, disruptions.

Positions, devices and people come from the scenario that a run folder keeps; attainment, trips and
disruptions from its tables.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

import numpy as np

from insight.intervals import t_intervals
from insight.run_folder import RunFolder
from insight.run_orders import RunOrders
from insight.tables import FloatArray

_WAYS = """
SELECT home.city AS origin, orders.city AS destination, count(*) AS trips, sum(visits.travel_hours) AS hours
FROM visits
JOIN work_orders AS orders
  ON orders.replication = visits.replication AND orders.id = visits.work_order
JOIN (SELECT DISTINCT centre, city FROM engineer_days) AS home ON home.centre = visits.centre
WHERE visits.on_site AND visits.arrived_at >= TIMESTAMPTZ '{begin}'
GROUP BY ALL ORDER BY ALL
"""
#: Kinds that follow from how the service does, rather than from outside.
_OF_THE_SERVICE = ("alert_",)


def scenario_sections(folder: RunFolder) -> dict[str, Any]:
    """Return the scenario of a run as a plain document; empty if the folder keeps none."""
    import yaml

    file = folder.path / "scenario.yaml"
    if not file.is_file():
        return {}
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    document = yaml.load(file.read_text(encoding="utf-8"), Loader=loader)
    return document if isinstance(document, dict) else {}


def places(scenario: Mapping[str, Any], orders: RunOrders, confidence: float) -> dict[str, Any]:
    """Return cities, sites and centres with their positions in degrees.

    Parameters
    ----------
    scenario
        The scenario as a plain document.
    orders
        The orders of its run.
    confidence
        Of the interval of each site's attainment.

    Returns
    -------
    dict
        `cities`: key -> lat, lon; `sites`: key -> city, lat, lon, devices, orders (of a replication) and
        attend attainment as mean, low, high; `centres`: key -> city, lat, lon, people.
    """
    cities = {
        key: {"lat": city["lat"], "lon": city["lon"]} for key, city in scenario.get("cities", {}).items()
    }
    found = dict(_site_figures(orders, confidence))
    sites = {
        key: {
            "city": site["city"],
            **_position(site, cities),
            "devices": sum(site.get("devices", {}).values()),
            **found.get(key, {"orders": 0.0, "mean": None, "low": None, "high": None}),
        }
        for key, site in scenario.get("sites", {}).items()
    }
    centres = {
        key: {
            "city": centre["city"],
            **_position(centre, cities),
            "people": sum(group.get("count", 0) for group in centre.get("engineers", {}).values()),
        }
        for key, centre in scenario.get("centres", {}).items()
    }
    return {"cities": cities, "sites": sites, "centres": centres}


def _position(thing: Mapping[str, Any], cities: Mapping[str, Mapping[str, float]]) -> dict[str, float]:
    if thing.get("lat") is not None and thing.get("lon") is not None:
        return {"lat": thing["lat"], "lon": thing["lon"]}
    return dict(cities[thing["city"]])


def _site_figures(orders: RunOrders, confidence: float) -> Iterator[tuple[str, dict[str, float | None]]]:
    site = orders.names("site")
    size, shape = orders.replications * len(site.labels), (orders.replications, len(site.labels))
    place = orders.replication * len(site.labels) + site.codes
    decided, met = orders.decided_and_met("attend_attainment")
    begun, due, good = (
        np.bincount(place[mask & (site.codes >= 0)], minlength=size).reshape(shape)
        for mask in (orders.counted, decided, met)
    )
    share: FloatArray = np.divide(good, due, out=np.full(shape, np.nan), where=due > 0)
    intervals = t_intervals(share, confidence)
    for row, label in enumerate(site.labels):
        limits = {
            name: float(column[row]) if np.isfinite(column[row]) else None
            for name, column in (
                ("mean", intervals.mean),
                ("low", intervals.ci_low),
                ("high", intervals.ci_high),
            )
        }
        yield label, {"orders": float(begun[:, row].mean()), **limits}


def ways(folder: RunFolder, orders: RunOrders) -> list[dict[str, Any]]:
    """Return how often engineers of each city arrived on site in each city, in a replication.

    Returns
    -------
    list
        `origin` and `destination` (cities), `trips` and `hours` of travel to the sites, means of a
        replication; trips before the end of the warm-up are left out. Trips within a city have it twice.
    """
    begin = f"{orders.start + timedelta(hours=orders.window.warm_up)} 00:00:00+00"
    found: Any = folder.query(_WAYS.format(begin=begin))
    return [
        {
            "origin": row.origin,
            "destination": row.destination,
            "trips": row.trips / orders.replications,
            "hours": row.hours / orders.replications,
        }
        for row in found.itertuples()
    ]


def disruptions(folder: RunFolder, scenario: Mapping[str, Any], orders: RunOrders) -> dict[str, Any]:
    """Return the disruptions that the scenario states, and how often others struck each city on each day.

    Returns
    -------
    dict
        `stated`: list of name, kind, cities (empty: everywhere), begin and end (ISO instants, UTC), once
        for all replications; `drawn`: city -> kind -> days (ISO date -> share of the replications in which
        it struck on that day, 0 to 1). Alerts follow from the service itself and are left out.
    """
    names = [item["name"] for item in scenario.get("disruptions") or []]
    horizon = orders.start + timedelta(hours=orders.window.horizon)
    rows: Any = folder.query(
        "SELECT replication, id, kind, city, started_at, "
        f"coalesce(ended_at, TIMESTAMPTZ '{horizon} 00:00:00+00') AS ended_at FROM disruptions ORDER BY ALL"
    )
    stated: dict[str, dict[str, Any]] = {}
    drawn: dict[str, dict[str, dict[str, set[int]]]] = {}
    for row in rows.itertuples():
        city = row.city if isinstance(row.city, str) else None
        name = row.id.removesuffix(f":{city}")
        if row.kind.startswith(_OF_THE_SERVICE):
            continue
        if name in names:
            _state(stated, name, row.kind, city, row.started_at, row.ended_at)
        elif city is not None:
            days = drawn.setdefault(city, {}).setdefault(row.kind, {})
            for day in _days(row.started_at, row.ended_at):
                days.setdefault(day, set()).add(int(row.replication))
    shares = {
        city: {
            kind: {day: len(hit) / orders.replications for day, hit in sorted(days.items())}
            for kind, days in kinds.items()
        }
        for city, kinds in drawn.items()
    }
    return {"stated": [stated[name] for name in names if name in stated], "drawn": shares}


def _state(
    stated: dict[str, dict[str, Any]], name: str, kind: str, city: str | None, begin: Any, end: Any
) -> None:
    first, last = begin.isoformat(), end.isoformat()
    entry = stated.setdefault(name, {"name": name, "kind": kind, "cities": [], "begin": first, "end": last})
    entry["begin"], entry["end"] = min(entry["begin"], first), max(entry["end"], last)
    if city is not None and city not in entry["cities"]:
        entry["cities"].append(city)


def _days(begin: Any, end: Any) -> Iterator[str]:
    day = begin.date()
    while day <= end.date():
        yield day.isoformat()
        day += timedelta(days=1)

"""Service networks of any size for speed tests: generated scenario documents with everything switched on.

Places, people and failure rates are made here, the same for the same size; what does not depend on the size
is in network.yaml, and the cities with their links and their climate are those of the library.
"""

from __future__ import annotations

import math
import random
from bisect import bisect_right
from pathlib import Path
from typing import Any

from scenarios.documents import read
from scenarios.paths import stack

_TERMS = Path(__file__).with_name("network.yaml")
#: Cities in the order in which they are filled, the largest and nearest first.
_CITIES = (
    *("kuala-lumpur", "penang", "bangkok", "ho-chi-minh-city", "jakarta", "manila", "johor-bahru", "hanoi"),
    *("surabaya", "da-nang", "medan", "cebu", "chiang-mai", "phuket", "phnom-penh"),
)
_LANGUAGES = {
    "malaysia": "ms",
    "thailand": "th",
    "vietnam": "vi",
    "indonesia": "id",
    "philippines": "tl",
    "cambodia": "km",
}
_NIGHTS = {"early": "week-nights", "late": "week-nights", "weekend": "weekend-nights"}
_ALARMS = ("major", "emergency")

#: Engineers of a station by group: how many, level, shift, skill domains, and units of each part in the van.
_TECHNICIAN = ("video", "sensing", "terminals")
_SYSTEMS = (*_TECHNICIAN, "signals", "network")
_STATION = {
    "technicians": (2, "junior", "early", _TECHNICIAN),
    "weekend-technicians": (1, "junior", "weekend", _TECHNICIAN),
    "systems": (1, "intermediate", "early", _SYSTEMS),
    "late": (1, "intermediate", "late", _SYSTEMS),
    "weekend": (1, "intermediate", "weekend", _SYSTEMS),
}
_OF_STATION = sum(group[0] for group in _STATION.values())
#: Engineers of the whole network, in as many copies as it takes: where, level, shift, skill domains.
_CENTRAL = {
    "desk": ("centre", "intermediate", "early", ("software",)),
    "late-desk": ("centre", "senior", "late", ("software", "recovery")),
    "weekend-desk": ("centre", "senior", "weekend", ("software", "recovery")),
    "travelling": ("centre", "senior", "early", ("recovery", "network", "signals")),
    "experts": ("headquarters", "expert", "early", ("recovery",)),
    "weekend-experts": ("headquarters", "expert", "weekend", ("recovery",)),
}
#: One copy of the central groups for so many engineers.
_OF_CENTRE = 90

#: Devices of a site by customer.
_DEVICES = {
    "council": {"camera": 190, "sensor": 80, "junction": 16, "gateway": 14},
    "malls": {"camera": 50, "sensor": 300, "kiosk": 40, "gateway": 7},
    "parks": {"camera": 90, "sensor": 90, "kiosk": 10, "gateway": 11, "platform": 1},
    "estates": {"camera": 80, "sensor": 60, "kiosk": 8, "gateway": 6, "platform": 1},
}
_INSPECTIONS_PER_YEAR = 4
#: Degrees by which sites are away from their station at most, times the root of the number of engineers: the
#: fewer stations there are, the farther away their sites.
_SPREAD = 2.0
#: By how much weather and disruptions raise failures above their rates.
_WEATHER = 1.02

#: Engineers of a network and, for so many, the factor on hands-on hours with which the orders of the target
#: table (30, 200 and 1,000 a day) keep them some 60 % busy. The more engineers, the more orders each does.
_HOURS = ((90, 5.5), (300, 2.7), (1200, 2.0))


def network(orders_per_day: float, engineers: int, days: float) -> dict[str, Any]:
    """Return a scenario document with everything that the model has switched on.

    Parameters
    ----------
    orders_per_day
        Work orders a day to expect, inspections among them, above 0.
    engineers
        Engineers in all, at least 12. For a given number, how busy they are follows from the orders.
    days
        Length of a replication in days.
    """
    draw = random.Random(20261122)
    document = _terms()
    copies = max(1, round(engineers / _OF_CENTRE))
    stations = max(1, round((engineers - copies * len(_CENTRAL)) / _OF_STATION))
    cities = [_CITIES[number % len(_CITIES)] for number in range(stations)]
    districts = _districts(cities)
    sites = _sites(document, cities, _SPREAD / math.sqrt(engineers), draw)
    document |= {
        "name": f"network-{orders_per_day:g}-{engineers}",
        "days": days,
        "sites": sites,
        "centres": _stations(document, cities, districts) | _central(copies, engineers),
    }
    document["parts_policy"]["pools"] = {
        f"district-{number:02d}": [_station(s) for s in members]
        for number, members in enumerate(dict.fromkeys(districts))
    }
    _scale_failures(document, orders_per_day)
    _scale_hours(document, _hours_factor(engineers))
    return document


def _terms() -> dict[str, Any]:
    """Return what does not depend on the size of the network."""
    path, document = _TERMS, dict[str, Any]()
    while True:
        layer = read(path)
        parent = layer.pop("extends", None)
        document = stack(layer, document)
        if parent is None:
            return document
        path = path.parent / parent


def _station(number: int) -> str:
    return f"station-{number:03d}"


def _districts(cities: list[str]) -> list[tuple[int, ...]]:
    """Return the district of each station: up to four of one city, who serve each other's sites."""
    found: dict[int, tuple[int, ...]] = {}
    for city in dict.fromkeys(cities):
        mine = [number for number, other in enumerate(cities) if other == city]
        for begin in range(0, len(mine), 4):
            found |= dict.fromkeys(mine[begin : begin + 4], tuple(mine[begin : begin + 4]))
    return [found[number] for number in range(len(cities))]


def _site(station: int, customer: str) -> str:
    return f"site-{station:03d}-{customer}"


def _sites(document: dict[str, Any], cities: list[str], spread: float, draw: random.Random) -> dict[str, Any]:
    """Return a site of each customer around every station, so many degrees away at most in each direction.

    A city's second station and those that follow, which share its centre, look after sites around it.
    """
    sites: dict[str, Any] = {}
    for number, city in enumerate(cities):
        place = document["cities"][city]
        away = 0.13 * (number >= len(_CITIES))
        lat, lon = (place[axis] + draw.uniform(-away, away) for axis in ("lat", "lon"))
        for customer, devices in _DEVICES.items():
            sites[_site(number, customer)] = {
                "city": city,
                "customer": customer,
                "centre": _station(number),
                "lat": round(lat + draw.uniform(-spread, spread), 4),
                "lon": round(lon + draw.uniform(-spread, spread), 4),
                "devices": dict(devices),
                "security_pass": "guarded-zone" if customer == "parks" else "site-work",
                "languages": [_LANGUAGES[place["country"]]] if customer == "estates" else [],
            }
    return sites


def _stations(
    document: dict[str, Any], cities: list[str], districts: list[tuple[int, ...]]
) -> dict[str, Any]:
    """Return the local stations, each with its depot, which is replenished by the regional one."""
    near = {number for number, city in enumerate(cities) if city in _CITIES[:2]}
    depot = {
        "camera": {"target_fill_rate": 0.9, "lead_hours": 72, "from": "centre"},
        "sensor": {"target_fill_rate": 0.9, "lead_hours": 72, "from": "centre"},
        "printer": {"base_stock": 4, "lead_hours": 72},
        "gateway": {"reorder_point": 1, "order_up_to": 4, "lead_hours": 72},
    }
    van = {"camera": 2, "sensor": 3, "printer": 1}
    centres: dict[str, Any] = {}
    for number, city in enumerate(cities):
        language = _LANGUAGES[document["cities"][city]["country"]]
        groups: dict[str, Any] = {}
        for name, (count, level, shift, skills) in _STATION.items():
            groups[name] = _group(count, level, shift, skills) | {"languages": [language], "van": dict(van)}
            if level == "junior":
                del groups[name]["on_call"]
        centres[_station(number)] = {
            "level": "local",
            "city": city,
            "serves": {"sites": [_site(s, c) for s in districts[number] for c in _DEVICES]},
            "fixed_cost_per_day": 45 if number in near else 35,
            "engineers": groups,
            "depot": dict(depot),
        }
    return centres


def _group(count: int, level: str, shift: str, skills: tuple[str, ...]) -> dict[str, Any]:
    return {
        "count": count,
        "level": level,
        "skills": list(skills),
        "passes": ["site-work", "guarded-zone"],
        "shift": shift,
        "cost_per_hour": 9,
        "on_call": {"calendar": _NIGHTS[shift], "severities": list(_ALARMS), "standby_per_hour": 1.6},
    }


def _central(copies: int, engineers: int) -> dict[str, Any]:
    """Return the regional centre with its desk and its depot, headquarters, and the partners."""
    everywhere = {"countries": [*_LANGUAGES]}
    stock = {"reorder_point": 20 * copies, "order_up_to": 60 * copies, "lead_hours": 336}
    return {
        place: {
            "level": level,
            "city": city,
            "serves": everywhere,
            "engineers": {
                name: _group(copies, rank, shift, skills) | {"languages": [*_LANGUAGES.values()]}
                for name, (where, rank, shift, skills) in _CENTRAL.items()
                if where == place
            },
        }
        | ({"depot": {"camera": dict(stock), "sensor": dict(stock)}} if place == "centre" else {})
        for place, level, city in (("centre", "regional", "bangkok"), ("headquarters", "hq", "shenzhen"))
    } | {
        "partners": {
            "level": "partner",
            "city": "bangkok",
            "partner": {
                "attend_hours": {"distribution": "gamma", "mean": 12, "cv": 0.5},
                "capacity": max(2, engineers // 6),
                "calendar": "support",
                "price_per_order": 220,
            },
        }
    }


def _scale_failures(document: dict[str, Any], orders_per_day: float) -> None:
    """Set the failure rates so that failures, with inspections, make the orders that are to be expected."""
    kinds = document["device_types"]
    a_year = sum(
        devices * kinds[kind]["failures_per_year"]
        for site in document["sites"].values()
        for kind, devices in site["devices"].items()
    )
    wanted = max(orders_per_day * 365.0 - _INSPECTIONS_PER_YEAR * len(document["sites"]), orders_per_day)
    for kind in kinds.values():
        kind["failures_per_year"] *= wanted / a_year / _WEATHER


def _scale_hours(document: dict[str, Any], factor: float) -> None:
    """Multiply the hands-on hours of every fault type."""
    for fault in document["fault_types"].values():
        for stage in fault.get("stages", {"": fault}).values():
            stage["work_hours"]["mean"] *= factor


def _hours_factor(engineers: int) -> float:
    """Return the factor on hands-on hours of a network of so many engineers."""
    sizes, factors = zip(*_HOURS, strict=True)
    place = min(max(bisect_right(sizes, engineers), 1), len(sizes) - 1)
    share = (engineers - sizes[place - 1]) / (sizes[place] - sizes[place - 1])
    share = min(max(share, 0.0), 1.0)
    factor: float = factors[place - 1] + share * (factors[place] - factors[place - 1])
    return factor

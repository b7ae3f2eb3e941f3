"""Flips of ways between cities and inside them, and of the quality that stands beside their figures."""

from __future__ import annotations

from flips import flips
from worlds import Document, tiny

_HOURS, _FARES, _BACK = "visits.travel_hours", "visits.fares", "visits.return_hours"
_WHEN = "visits.arrived_at"


def islands() -> Document:
    """Return people in one city and sites in two others: a flight to one, a ferry from there to the next."""
    flight: Document = {
        "from": "home",
        "to": "away",
        "mode": "air",
        "ride_hours": 2.0,
        "access_hours": 0.5,
        "wait_hours": 0.25,
        "egress_hours": 1.0,
        "border_hours": 0.25,
        "cost": 90,
        "operates": ["06:00-22:00"],
        "slowed_by": {"rain": 2.0},
        "closed_by": ["storm"],
    }
    ferry = {"from": "away", "to": "isle", "mode": "ferry", "ride_hours": 3.0}
    bus = {"from": "away", "to": "home", "mode": "road", "ride_hours": 30.0, "both_ways": True}
    boat = {"from": "home", "to": "isle", "mode": "ferry", "ride_hours": 40.0}
    place = {"country": "here", "lat": 0.0, "lon": 0.0}
    document = tiny(
        {"fault": {"work_hours": 3.0}},
        {"a": {"count": 2}},
        sites={
            "club": {"city": "away", "customer": "owner", "devices": {"fault": 1}, "lat": 0.1, "lon": 0.0},
            "reef": {"city": "isle", "customer": "owner", "devices": {"fault": 1}, "lat": 0.1, "lon": 0.0},
        },
        days=40.0,
        cities={
            "town": {"name": "Town", **place, "time_zone": "UTC"},
            "home": {"name": "Home", **place, "time_zone": "Asia/Kuala_Lumpur"},
            "away": {"name": "Away", **place, "time_zone": "Asia/Bangkok"},
            "isle": {"name": "Isle", **place, "time_zone": "Asia/Bangkok"},
        },
        links={"flight": flight, "ferry": ferry, "bus": bus, "boat": boat},
        city_travel={
            "default": {"speed_kmh": 20, "circuity": 1.0, "traffic_by_hour": [1.0] * 8 + [2.0] + [1.0] * 15},
            "cities": {"isle": {"speed_kmh": 10.0, "circuity": 1.2, "slowed_by": {"rain": 1.5}}},
        },
        travel={"method": "network"},
        disruptions=[
            {"name": "wet", "kind": "rain", "from": "2026-01-06", "days": 20, "cities": ["home", "isle"]},
            {"name": "gale", "kind": "storm", "from": "2026-01-27", "hours": 40, "cities": ["home"]},
        ],
        sources={"links": {"quality": "B", "note": "A timetable."}},
    )
    document["centres"]["base"] |= {
        "city": "home",
        "lat": 0.05,
        "lon": 0.0,
        "serves": {"cities": ["away", "isle"]},
    }
    document["device_types"]["fault"]["failures_per_year"] = 150.0
    return document


#: What is only told beside a way.
TOLD_OF_WAYS = flips(
    islands,
    ("links.flight.mode", "ferry", "trip.mode"),
    ("sources.links.quality", "D", "trip.quality"),
)
WAYS = [
    *TOLD_OF_WAYS,
    *flips(
        islands,
        ("links.ferry.from", "home", _HOURS),
        ("links.ferry.to", "home", _HOURS),
        ("links.flight.ride_hours", 1.0, _HOURS),
        ("links.flight.access_hours", 1.0, _HOURS),
        ("links.flight.egress_hours", 2.0, _HOURS),
        ("links.flight.wait_hours", 1.0, _HOURS),
        ("links.flight.border_hours", 1.0, _HOURS),
        ("links.flight.cost", 50, _FARES),
        ("links.flight.both_ways", False, _BACK),
        ("links.flight.operates", ["10:00-14:00"], _WHEN),
        ("links.flight.closed_by", ["heat"], _WHEN),
        ("links.flight.slowed_by.rain", 3.0, _HOURS),
        ("city_travel.default.speed_kmh", 40, _HOURS),
        ("city_travel.default.circuity", 2.0, _HOURS),
        ("city_travel.default.traffic_by_hour", [1.0] * 24, _HOURS),
        ("city_travel.default.slowed_by.rain", 4.0, _HOURS),
        ("city_travel.cities.isle.speed_kmh", 40.0, _HOURS),
        ("city_travel.cities.isle.circuity", 2.0, _HOURS),
        ("city_travel.cities.isle.traffic_by_hour", [3.0] * 24, _HOURS),
        ("city_travel.cities.isle.slowed_by.rain", 4.0, _HOURS),
    ),
]

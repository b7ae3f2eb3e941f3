"""Flips of places and terms: countries, cities, calendars, customers, sites, centres, travel, SLA rules."""

from __future__ import annotations

from typing import Any

from flips import Flip, flips
from worlds import Document, tiny

_ROSTER, _TRAVEL, _RULE = "engineer_days.roster_hours", "visits.travel_hours", "work_orders.sla_rule"
_REST: Document = {"name": "rest", "targets": {"complete": 90.0}}


def region() -> Document:
    """Return sites in two cities of two countries, a station in one and a headquarters for both."""
    group = {"count": 1, "level": "junior", "skills": ["field"], "shift": "day", "cost_per_hour": 10.0}
    document = tiny(
        {
            "fault": {
                "work_hours": {"distribution": "exponential", "mean": 3.0},
                "pause": {"probability": 0.5, "hours": 5.0},
            },
            "dark": {"severity": "major", "work_hours": 2.0},
        },
        {"a": group},
        sites={
            "site": {"city": "town", "customer": "owner", "devices": {"fault": 1, "dark": 1}},
            "mall": {"city": "town", "customer": "owner", "lat": 3.2, "lon": 101.8, "devices": {"fault": 1}},
            "pier": {"city": "port", "customer": "harbour", "devices": {"fault": 1}},
        },
        days=50.0,
        countries={
            "here": {"name": "Here", "zone": "near", "holidays": "MY"},
            "there": {"name": "There", "zone": "far"},
        },
        cities={
            "town": {
                "name": "Town",
                "country": "here",
                "subdivision": "PNG",
                "lat": 3.14,
                "lon": 101.69,
                "time_zone": "Asia/Kuala_Lumpur",
            },
            "port": {
                "name": "Port",
                "country": "there",
                "lat": 4.0,
                "lon": 102.0,
                "time_zone": "Asia/Bangkok",
                "tier": 2,
            },
        },
        customer_tiers={"all": {}, "gold": {"weight": 3.0}},
        customers={
            "owner": {"name": "Owner", "tier": "all"},
            "harbour": {"name": "Harbour", "tier": "gold"},
        },
        sla=[{"name": "first", "match": {}, "targets": {"attend": 4.0, "restore": 30.0}}, _REST],
        dispatch={"policy": "sla_priority"},
    )
    document["centres"]["hq"] = {
        "level": "hq",
        "city": "port",
        "serves": {"countries": ["here", "there"]},
        "engineers": {"b": dict(group)},
    }
    for kind in document["device_types"].values():
        kind["failures_per_year"] = 150.0
    return document


def _of_rule(*rows: tuple[str, Any, str]) -> list[Flip]:
    """Return flips of what the first rule is for; orders that it leaves meet the second."""
    return flips(region, *((f"sla.0.{key}", value, shows) for key, value, shows in rows))


PLACES = [
    *flips(
        region,
        ("countries.here.zone", "far", "work_orders.zone"),
        ("countries.here.extra_holidays", ["2026-01-14"], _ROSTER),
        ("countries.here.working_holidays", ["2026-02-17"], _ROSTER),
        ("countries.there.holidays", "TH", _ROSTER),
        ("cities.town.lat", 3.5, _TRAVEL),
        ("cities.town.lon", 101.0, _TRAVEL),
        ("cities.town.time_zone", "Asia/Bangkok", "work_orders.time_zone"),
        ("cities.town.subdivision", "NSN", _ROSTER),
        ("calendars.day.hours.mon", ["10:00-12:00"], _ROSTER),
        ("calendars.day.holidays", "open", _ROSTER),
        ("customer_tiers.gold.weight", 30.0, "visits.booked_at"),
        ("customers.harbour.tier", "all", "work_orders.customer_tier"),
        ("sites.mall.city", "port", "work_orders.city"),
        ("sites.mall.customer", "harbour", "work_orders.customer"),
        ("sites.mall.lat", 3.4, _TRAVEL),
        ("sites.mall.lon", 101.0, _TRAVEL),
        ("sites.mall.devices.fault", 2, "work_orders.reported_at"),
        ("sites.mall.centre", "hq", "work_orders.centre"),
        ("centres.hq.city", "town", "engineer_days.city"),
        ("centres.base.lat", 3.3, _TRAVEL),
        ("centres.base.lon", 101.5, _TRAVEL),
        ("centres.base.fixed_cost_per_day", 100.0, "kpis.cost_centres"),
        given={"centres.base.lat": 3.15, "centres.base.lon": 101.7},
    ),
    *flips(
        region,
        ("cities.port.country", "here", "work_orders.country"),
        given={"countries.here.holidays": None, "cities.town.subdivision": None},
    ),
    *flips(
        region,
        ("centres.base.serves.countries", ["here", "there"], "visits.engineer"),
        ("centres.base.serves.cities", ["port"], "visits.engineer"),
        ("centres.base.serves.sites", ["pier"], "visits.engineer"),
        given={"centres.base.serves": {"countries": ["here"]}},
    ),
    *flips(
        region,
        ("centres.base.level", "hq", "work_orders.centre"),
        given={"centres.base.serves": {"countries": ["here", "there"]}},
    ),
    *flips(
        region,
        ("cities.port.tier", 1, _RULE),
        given={"sla.0.match.city_tier": [2]},
    ),
    *flips(
        region,
        ("travel.speed_kmh", 20.0, _TRAVEL),
        ("travel.circuity", 2.0, _TRAVEL),
        ("travel.intercity_speed_kmh", 40.0, _TRAVEL),
        ("travel.intercity_circuity", 2.0, _TRAVEL),
        ("travel.cost_per_hour", 5.0, "engineer_days.cost_travel"),
    ),
    *flips(
        region,
        ("travel.method", "matrix", _TRAVEL),
        together={f"travel.hours.{c}.{s}": 1.0 for c in ("base", "hq") for s in ("site", "mall", "pier")},
    ),
    *flips(
        region,
        ("travel.hours.base.site", 0.5, _TRAVEL),
        ("travel.cost_per_night", 60.0, "engineer_days.cost_travel"),
        given={
            "travel": {
                "method": "matrix",
                "hours": {c: {"site": 1.0, "mall": 2.0, "pier": 9.0} for c in ("base", "hq")},
            },
            "centres.base.serves": {"cities": ["town", "port"]},
            "dispatch.shift_end": {"rule": "resume"},
        },
    ),
    *_of_rule(
        ("name", "other", _RULE),
        ("match.zone", ["far"], _RULE),
        ("match.country", ["there"], _RULE),
        ("match.city", ["port"], _RULE),
        ("match.city_tier", [2], _RULE),
        ("match.site", ["pier"], _RULE),
        ("match.customer_tier", ["gold"], _RULE),
        ("match.severity", ["major"], _RULE),
        ("match.fault_type", ["dark"], _RULE),
        ("targets.respond", 1.0, "work_orders.respond_due_at"),
        ("targets.attend", 2.0, "work_orders.attend_due_at"),
        ("targets.restore", 20.0, "work_orders.restore_due_at"),
        ("targets.complete", 40.0, "work_orders.complete_due_at"),
        ("calendar", "day", "work_orders.restore_due_at"),
        ("pauses", False, "work_orders.restore_due_at"),
    ),
    *flips(
        region,
        ("sla.0.targets.response", 2.0, "work_orders.attend_due_at"),
        ("response_clock", "respond", "work_orders.respond_due_at"),
        given={"sla.0.targets": {"response": 4.0}},
    ),
]

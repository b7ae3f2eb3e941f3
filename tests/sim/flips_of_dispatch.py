"""Flips of how work is given out: policy, shift ends, crossing, partners, alerts, suspension."""

from __future__ import annotations

from typing import Any

from flips import Flip, flips
from worlds import Document, tiny

_ENGINEER, _BOOKED, _SERVED = "visits.engineer", "visits.booked_at", "work_orders.served_by"
_SOON = [{"name": "soon", "targets": {"attend": 1.0}}]
_WIDE: Document = {"after_hours": 1.0, "severities": ["normal"], "within": "network"}
_HANDED: Document = {"partner": "outlet", "after_hours": 2.0, "severities": ["normal"]}


def network() -> Document:
    """Return one busy engineer for two cities, other centres in three countries, and two partners."""
    group = {"count": 1, "level": "junior", "skills": ["field"], "shift": "day"}
    place = {"lat": 0.0, "lon": 0.0, "time_zone": "UTC"}
    homes = {"second": "village", "abroad": "port", "remote": "isle"}
    document = tiny(
        {
            "fault": {"work_hours": {"distribution": "exponential", "mean": 3.0}},
            "dark": {"severity": "emergency", "work_hours": 2.0},
        },
        {"a": {"shift": "day"}},
        sites={
            "site": {"city": "town", "customer": "owner", "devices": {"fault": 1, "dark": 1}},
            "hut": {"city": "village", "customer": "owner", "devices": {"fault": 1, "dark": 1}},
        },
        days=40.0,
        start="2026-01-01",
        countries={
            "here": {"name": "Here", "zone": "near"},
            "there": {"name": "There", "zone": "near"},
            "yonder": {"name": "Yonder", "zone": "far"},
        },
        cities={
            name: {"name": name, "country": country, **place}
            for name, country in {
                "town": "here",
                "village": "here",
                "port": "there",
                "isle": "yonder",
            }.items()
        },
        dispatch={"policy": "nearest_qualified"},
        sla=_SOON,
    )
    document["centres"]["base"]["serves"] = {"cities": ["town", "village"]}
    for name, city in homes.items():
        document["centres"][name] = {
            "level": "local",
            "city": city,
            "serves": {"sites": []},
            "engineers": {"b": dict(group)},
        }
    for name, price in {"outlet": 70.0, "rival": 90.0}.items():
        terms = {"attend_hours": 1.0, "price_per_order": price}
        document["centres"][name] = {"level": "partner", "city": "town", "partner": terms}
    for name, rate in {"fault": 300.0, "dark": 60.0}.items():
        document["device_types"][name]["failures_per_year"] = rate
    return document


def _of_overflow(section: str, given: Document) -> list[Flip]:
    """Return the flips of a rule by which orders go to a partner."""
    return flips(
        network,
        (f"{section}.partner", "rival", "work_orders.cost_partners"),
        (f"{section}.after_hours", 30.0, _SERVED),
        (f"{section}.severities", ["emergency"], _SERVED),
        given={**given, section: _HANDED},
    )


def _of_triggers(section: str, given: Document) -> list[Flip]:
    """Return the flips of what is set off when something goes wrong."""
    measures = flips(
        network,
        (f"{section}.mutual_aid", True, _ENGINEER),
        (f"{section}.reprioritise", True, _BOOKED),
        given={**given, f"{section}.mutual_aid": False},
    )
    return [*measures, *_of_overflow(f"{section}.overflow", {**given, f"{section}.mutual_aid": False})]


def _shift_end(rule: str, *rows: tuple[str, Any, str]) -> list[Flip]:
    """Return the flips of what happens at the end of a shift by a rule."""
    keyed = [(f"dispatch.shift_end.{key}", value, shows) for key, value, shows in rows]
    return flips(network, *keyed, given={"dispatch.shift_end": {"rule": rule, "overtime_hours": 0.5}})


_LENT = {"dispatch.crossing": {**_WIDE, "after_hours": 10_000.0}}
_BACKLOG = {"name": "crowd", "kind": "backlog", "threshold": 2}
_RISE = {"name": "angry", "kind": "complaints", "threshold": 0.05, "least": 1}
_DESK = {"share": 1.0, "answer_hours": 1.0, "solution_hours": 1.0, "confirmation_hours": 1.0}
#: The centre of the town is suspended, which is home to one of the two cities that it serves.
_SUSPENDED = {
    **_LENT,
    "penalties.suspension": {"months": 1, "target": 0.9},
    "days": 50.0,
    "centres.second.serves.sites": ["hut"],
    "sites.hut.centre": "second",
    "sla.0.match.city": ["town"],
}
_PARTNER = "centres.outlet.partner"
DISPATCH = [
    *flips(
        network,
        ("dispatch.policy", "first_come", _BOOKED),
        ("dispatch.preempting", ["emergency"], "visits.outcome"),
    ),
    *_shift_end(
        "finish", ("rule", "hand_over", "visits.outcome"), ("overtime_hours", 3.0, "visits.ended_at")
    ),
    *_shift_end("hand_over", ("hand_over_hours", 20.0, "visits.ready_at")),
    *_shift_end("resume", ("resume_within_hours", 1.0, "visits.outcome")),
    *flips(
        network,
        ("dispatch.crossing.after_hours", 6.0, _ENGINEER),
        ("dispatch.crossing.severities", ["emergency"], _ENGINEER),
        ("dispatch.crossing.within", "country", _ENGINEER),
        ("dispatch.crossing.within", "zone", _ENGINEER),
        ("dispatch.crossing.centres", ["remote"], _ENGINEER),
        given={"dispatch.crossing": _WIDE},
    ),
    *_of_overflow("dispatch.overflow", {}),
    *flips(
        network,
        (f"{_PARTNER}.attend_hours", 3.0, "work_orders.arrived_at"),
        (f"{_PARTNER}.capacity", 1, "work_orders.arrived_at"),
        (f"{_PARTNER}.calendar", "day", "work_orders.arrived_at"),
        (f"{_PARTNER}.price_per_order", 80.0, "work_orders.cost_partners"),
        given={"dispatch.overflow": {**_HANDED, "after_hours": 0.0}},
    ),
    *flips(
        network,
        ("alerts.0.name", "else", "disruptions.id"),
        ("alerts.0.kind", "csat", "disruptions.started_at"),
        ("alerts.0.scope", "network", "disruptions.started_at"),
        ("alerts.0.threshold", 4, "disruptions.started_at"),
        ("alerts.0.days", 2, "disruptions.started_at"),
        ("alerts.0.clear_at", 0, "disruptions.ended_at"),
        ("alerts.0.clear_days", 2, "disruptions.ended_at"),
        ("alerts.0.level", "red", "disruptions.kind"),
        given={"alerts": [_BACKLOG], "satisfaction": {}},
    ),
    *flips(
        network,
        ("alerts.0.least", 30, "disruptions.started_at"),
        given={"alerts": [_RISE], "aftercare.complaints": _DESK, "days": 60.0},
    ),
    *_of_triggers("alerts.0.triggers", {**_LENT, "alerts": [_BACKLOG]}),
    *_of_triggers("penalties.suspension.triggers", _SUSPENDED),
]

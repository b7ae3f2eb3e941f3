"""No dead key: each key of climate, effects and disruptions is flipped, and a column of a table moves."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest
from worlds import Document, simulate, tiny

from insight.tables import Categories
from scenarios.paths import set_value
from sim.records import tables_of

GROUP = {"count": 2, "level": "junior", "skills": ["field"], "shift": "always"}


def document() -> Document:
    """Return two towns, a climate with all conditions in one, and one disruption of each kind."""
    town = {"country": "here", "lat": 0.0, "lon": 0.0, "time_zone": "UTC"}
    days = {"rain": 20.0, "storm": 4.0, "typhoon": 2.0, "flood": 3.0, "heat": 6.0}
    sites = {
        f"{city}-site": {"city": city, "customer": "owner", "devices": {"fault": 1, kind: 1}}
        for city, kind in (("town", "burst"), ("port", "other"))
    }
    found = tiny(
        {"fault": {"outdoor": True}, "burst": {}, "other": {}},
        {},
        sites=sites,
        days=30.0,
        cities={
            "town": {"name": "Town", **town},
            "port": {"name": "Port", **town, "lat": 1.0, "country": "far"},
        },
        countries={"here": {"name": "Here", "zone": "near"}, "far": {"name": "Far", "zone": "far"}},
        centres={
            city: {"level": "local", "city": city, "engineers": {"a": GROUP}} for city in ("town", "port")
        },
        city_travel={"default": {"slowed_by": {"rain": 1.5}}},
        climate={"cities": {"town": {name: [count] * 12 for name, count in days.items()}}},
        disruptions=[
            {"name": "wet", "kind": "rain", "from": "2026-01-06", "days": 2, "cities": ["port"]},
            {"name": "peak", "kind": "tourist_peak", "from": "2026-01-10", "days": 2, "load": 4.0},
            {"name": "party", "kind": "holiday", "from": "2026-01-13", "days": 2, "load": 4.0},
            {"name": "more", "kind": "demand", "from": "2026-01-16", "days": 2, "load": 4.0},
            {"name": "down", "kind": "ticket_outage", "from": "2026-01-19", "hours": 20},
            {
                "name": "batch",
                "kind": "batch_failure",
                "from": "2026-01-21",
                "batches": [{"fault_type": "burst", "probability": 0.7}],
            },
            {"name": "few", "kind": "staff_shortage", "from": "2026-01-22", "days": 4, "centres": ["town"]},
        ],
    )
    found["device_types"]["fault"]["failures_per_year"] = 365.0 * 4.0
    found["device_types"]["burst"]["failures_per_year"] = 365.0 * 0.5
    found["sites"]["town-site"] |= {"lat": 0.1}
    found["sites"]["town-too"] = {**found["sites"]["town-site"], "lat": -0.1}
    return found


def column(given: Document, table: str, name: str) -> list[Any]:
    """Return a column of a table of a run, absent instants as None."""
    values = tables_of(simulate(given, seed=4), 0)[table][name]
    if isinstance(values, Categories):
        return list(values.strings())
    return [None if isinstance(v, float) and np.isnan(v) else v for v in np.asarray(values).tolist()]


_ORDERS, _SPELLS = "work_orders", "disruptions"
_TYPES = "device_types.fault"
_EFFECTS = [
    (f"effects.{condition}.{key}", value, _ORDERS, moved)
    for condition in ("rain", "storm", "typhoon", "flood", "heat")
    for key, value, moved in (
        ("failures", 9.0, "reported_at"),
        ("standstill", 5.0, "restored_at"),
        ("batches", [{"fault_type": "burst"}], "work_type"),
    )
]
_CLIMATE = [
    (f"climate.{key}", value, _SPELLS, moved)
    for condition in ("rain", "storm", "typhoon", "flood", "heat")
    for key, value, moved in (
        (f"cities.town.{condition}", [10.0] * 12, "kind"),
        (f"spells.{condition}.hours", 0.5, "ended_at"),
        (f"spells.{condition}.begins", "03:00-04:00", "started_at"),
    )
]
_DISRUPTIONS = [
    ("disruptions.0.name", "damp", _SPELLS, "id"),
    ("disruptions.0.kind", "flood", _SPELLS, "kind"),
    ("disruptions.0.from", "2026-01-07T06:30", _SPELLS, "started_at"),
    ("disruptions.0.days", 3.0, _SPELLS, "ended_at"),
    ("disruptions.0.cities", ["town", "port"], _SPELLS, "city"),
    ("disruptions.1.countries", ["far"], _SPELLS, "city"),
    ("disruptions.1.load", 1.0, _ORDERS, "reported_at"),
    ("disruptions.2.load", 1.0, _ORDERS, "reported_at"),
    ("disruptions.3.load", 1.0, _ORDERS, "reported_at"),
    ("disruptions.4.hours", 2.0, _ORDERS, "acknowledged_at"),
    ("disruptions.4.manual_hours", 0.5, _ORDERS, "acknowledged_at"),
    ("disruptions.5.batches", [{"fault_type": "other"}], _ORDERS, "work_type"),
    ("disruptions.5.batches", [{"fault_type": "burst", "probability": 0.0}], _ORDERS, "work_type"),
    ("disruptions.5.batches", [{"fault_type": "burst", "device_type": "other"}], _ORDERS, "site"),
    ("disruptions.6.centres", ["port"], _SPELLS, "city"),
]
_OTHERS = [
    (f"{_TYPES}.weather", {"storm": 9.0}, _ORDERS, "reported_at"),
    (f"{_TYPES}.load_sensitivity", 0.0, _ORDERS, "reported_at"),
    ("fault_types.fault.outdoor", False, _ORDERS, "restored_at"),
    ("city_travel.default.slowed_by", {"rain": 4.0}, _ORDERS, "wait_weather"),
]


@pytest.fixture(scope="module")
def before() -> dict[tuple[str, str], list[Any]]:
    """Return the columns of the document as it is, found when they are first asked for."""
    return {}


@pytest.mark.parametrize(("key", "value", "table", "moved"), [*_EFFECTS, *_CLIMATE, *_DISRUPTIONS, *_OTHERS])
def test_a_key_moves_a_column(
    key: str, value: Any, table: str, moved: str, before: dict[tuple[str, str], list[Any]]
) -> None:
    """With another value of the key, and the same seed, the named column is another."""
    base = document()
    if (table, moved) not in before:
        before[table, moved] = column(base, table, moved)
    changed = copy.deepcopy(base)
    set_value(changed, key, value)
    assert column(changed, table, moved) != before[table, moved]


def test_the_share_of_a_shortage_moves_who_works() -> None:
    """The whole of a centre away leaves its engineers without a working hour while it lasts."""
    base = document()
    all_away = copy.deepcopy(base)
    set_value(all_away, "disruptions.6.absent_share", 1.0)
    hours = [column(d, "engineer_days", "work_hours") for d in (base, all_away)]
    assert hours[0] != hours[1]

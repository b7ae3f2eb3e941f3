"""Scenario documents for tests that can be followed by hand, and what a run of them did, as plain lists.

Documents are plain dictionaries in the ordinary schema; random ones are in `random_worlds`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np

from scenarios import from_document
from scenarios.compiling import compile_world
from scenarios.world import World
from sim import draws
from sim.births import Births, attributes
from sim.model import Model
from sim.reports import of_streams
from sim.visit_log import Outcome

Document = dict[str, Any]

POLICIES = ("first_come", "nearest_qualified", "sla_priority")
START = date(2026, 1, 5)

CITIES: Mapping[str, Document] = {
    "kuala-lumpur": {"lat": 3.14, "lon": 101.69, "time_zone": "Asia/Kuala_Lumpur", "country": "MY"},
    "bangkok": {"lat": 13.75, "lon": 100.5, "time_zone": "Asia/Bangkok", "country": "TH"},
    "yangon": {"lat": 16.8, "lon": 96.15, "time_zone": "Asia/Yangon", "country": "MM"},
}
CALENDARS: Mapping[str, Document] = {
    "always": {"hours": "24x7"},
    "day": {"hours": {d: ["08:00-17:00"] for d in ("mon", "tue", "wed", "thu", "fri", "sat")}},
    "split": {"hours": {d: ["07:30-11:15", "12:00-16:45"] for d in ("mon", "wed", "fri", "sun")}},
    "night": {
        "hours": {d: ["22:00-06:00"] for d in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")},
        "holidays": "open",
    },
    "office": {"hours": {d: ["09:00-12:00", "13:00-18:00"] for d in ("mon", "tue", "wed", "thu", "fri")}},
}


def tiny(
    faults: Mapping[str, Document],
    engineers: Mapping[str, Document],
    *,
    sites: Sequence[str] | Mapping[str, Document] = ("site",),
    hours: Mapping[str, Mapping[str, float]] | None = None,
    days: float = 10.0,
    **sections: Any,
) -> Document:
    """Return one centre `base` in a town in UTC, and a device type of the same name for each fault type.

    Parameters
    ----------
    faults
        Fault types by name; skill `field` and severity normal where absent.
    engineers
        Groups of engineers; one junior in `field` round the clock where a key is absent.
    sites
        Names of the sites, each with one device of every type; or the section itself.
    hours
        Travel hours by from and to; none anywhere when absent.
    days
        Length of a replication in days.
    **sections
        Further sections of the document, or others in place of these.
    """
    group = {"count": 1, "level": "junior", "skills": ["field"], "shift": "always"}
    document: Document = {
        "name": "tiny",
        "start": START,
        "days": days,
        "skills": ["field", "desk"],
        "countries": {"here": {"name": "Here", "zone": "near"}},
        "cities": {"town": {"name": "Town", "country": "here", "lat": 0.0, "lon": 0.0, "time_zone": "UTC"}},
        "calendars": dict(CALENDARS),
        "customer_tiers": {"all": {}},
        "customers": {"owner": {"name": "Owner", "tier": "all"}},
        "fault_types": {
            name: fault
            if "stages" in fault
            else {"severity": "normal", "skill": "field", "work_hours": 1.0, **fault}
            for name, fault in faults.items()
        },
        "device_types": {name: {"failures_per_year": 1.0, "faults": {name: 1.0}} for name in faults},
        "sites": dict(sites)
        if isinstance(sites, Mapping)
        else {
            name: {"city": "town", "customer": "owner", "devices": dict.fromkeys(faults, 1)} for name in sites
        },
        "centres": {
            "base": {
                "level": "local",
                "city": "town",
                "engineers": {name: {**group, **given} for name, given in engineers.items()},
            }
        },
        "dispatch": {"policy": "first_come"},
    }
    if hours is not None:
        document["travel"] = {"method": "matrix", "hours": {k: dict(v) for k, v in hours.items()}}
    return {**document, **sections}


def world_of(document: Mapping[str, Any]) -> World:
    """Return the World of a document."""
    return compile_world(from_document(document))


def reports(world: World, *given: tuple[float, str, str]) -> Births:
    """Return failures at (hour, site, device type), in order of time, drawn as the model draws them."""
    streams = {
        (world.names.sites[s.site], world.names.device_types[s.device_type]): i
        for i, s in enumerate(world.streams)
    }
    stream = np.array([streams[site, device] for _, site, device in given], dtype=np.int32)
    index = np.array(
        [sum(g[1:] == other[1:] for other in given[:i]) for i, g in enumerate(given)], dtype=np.int32
    )
    key = np.array(
        [draws.item_key(world.streams[s].key, int(i)) for s, i in zip(stream, index, strict=True)], np.uint64
    )
    return attributes(world, of_streams(world, np.array([at for at, _, _ in given]), stream, index, key))


def run(document: Mapping[str, Any], *given: tuple[float, str, str]) -> Model:
    """Run a document with failures at (hour, site, device type) and return the model after its end."""
    world = world_of(document)
    model = Model(world, 1, 0, births=reports(world, *given))
    model.run()
    return model


def simulate(document: Mapping[str, Any], seed: int = 1, replication: int = 0) -> Model:
    """Run a document with its own random failures and return the model after its end."""
    model = Model(world_of(document), seed, replication)
    model.run()
    return model


def order_names(model: Model) -> list[str]:
    """Return what each order is called in a log: its device type, numbered where there are several."""
    world, births = model.world, model.births
    kinds = [world.names.device_types[world.streams[s].device_type] for s in births.stream]
    return [
        f"{kind}-{kinds[: row + 1].count(kind)}" if kinds.count(kind) > 1 else kind
        for row, kind in enumerate(kinds)
    ]


def visit_log(model: Model) -> list[tuple[str, str, float, float, float, str]]:
    """Return (order, engineer, booked, arrived, ended, outcome) of each visit, in order of their bookings."""
    names, visits = order_names(model), model.visits
    return [
        (
            names[row],
            model.world.engineers[engineer].name.removeprefix("base:"),
            round(booked, 9),
            round(arrived, 9),
            round(ended, 9),
            Outcome(outcome).name.lower(),
        )
        for row, engineer, booked, arrived, ended, outcome in zip(
            visits.row,
            visits.engineer,
            visits.booked,
            visits.arrived,
            visits.ended,
            visits.outcome,
            strict=True,
        )
    ]

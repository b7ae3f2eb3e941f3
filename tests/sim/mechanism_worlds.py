"""A small coast with an island on which every mechanism can be switched on, and comparisons with and without.

Two cities are a ferry and a detour by road apart. What a mechanism needs beside itself is set in both
scenarios of a comparison.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from insight.cause_tables import HOURS
from insight.figures import Values
from insight.intervals import paired_difference
from scenarios import LoadedScenario, from_document
from scenarios.paths import set_value
from sim.comparison import Comparison, compare

Document = dict[str, Any]
DAYS = 60
REPLICATIONS = 5
WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def coast() -> Document:
    """Return three sites with about eleven failures a day, and four engineers of two centres for them."""
    work = {"distribution": "gamma", "mean": 2.0, "cv": 0.7}
    junior = {"count": 2, "level": "junior", "skills": ["field"], "shift": "day", "cost_per_hour": 10}
    return {
        "name": "without",
        "start": "2026-01-05",
        "days": DAYS,
        "seed": 7,
        "skills": ["field", "radio"],
        "countries": {
            "coast": {"name": "Coast", "zone": "near"},
            "island": {"name": "Island", "zone": "far"},
        },
        "cities": {
            "harbour": {
                "name": "Harbour",
                "country": "coast",
                "lat": 3.0,
                "lon": 101.0,
                "time_zone": "Asia/Kuala_Lumpur",
            },
            "beach": {
                "name": "Beach",
                "country": "island",
                "lat": 3.0,
                "lon": 100.0,
                "time_zone": "Asia/Bangkok",
            },
        },
        "calendars": {
            "day": {"hours": {day: ["08:00-18:00"] for day in WEEK}},
            "always": {"hours": "24x7"},
            "nights": {"hours": {day: ["18:00-08:00"] for day in WEEK}},
        },
        "customer_tiers": {"all": {}},
        "customers": {"port": {"name": "Port", "tier": "all"}, "resort": {"name": "Resort", "tier": "all"}},
        "parts": {"board": {"unit_cost": 100}},
        "fault_types": {
            "cable": {"severity": "normal", "skill": "field", "work_hours": work},
            "board": {
                "severity": "major",
                "skill": "field",
                "work_hours": work,
                "part": {"part": "board", "probability": 0.5},
            },
            "dark": {"severity": "emergency", "skill": "field", "work_hours": work},
        },
        "device_types": {
            "unit": {"failures_per_year": 1.5, "faults": {"cable": 0.6, "board": 0.25, "dark": 0.15}},
        },
        "sites": {
            "quay": {
                "city": "harbour",
                "customer": "port",
                "lat": 3.05,
                "lon": 101.0,
                "devices": {"unit": 1300},
            },
            "mall": {
                "city": "harbour",
                "customer": "port",
                "lat": 3.0,
                "lon": 101.06,
                "devices": {"unit": 700},
            },
            "hotel": {
                "city": "beach",
                "customer": "resort",
                "lat": 3.0,
                "lon": 100.04,
                "devices": {"unit": 700},
            },
        },
        "centres": {
            "port": {
                "level": "local",
                "city": "harbour",
                "serves": {"cities": ["harbour"]},
                "engineers": {"juniors": dict(junior), "lead": {**junior, "count": 1, "level": "senior"}},
                "depot": {"board": {"base_stock": 20, "lead_hours": 48}},
            },
            "pier": {
                "level": "local",
                "city": "beach",
                "serves": {"cities": ["beach"]},
                "engineers": {"juniors": {**junior, "count": 1}},
                "depot": {"board": {"base_stock": 20, "lead_hours": 48}},
            },
        },
        "links": {
            "ferry": {
                "from": "harbour",
                "to": "beach",
                "mode": "ferry",
                "wait_hours": 0.5,
                "ride_hours": 1.5,
            },
            "road": {"from": "harbour", "to": "beach", "mode": "road", "ride_hours": 5.0},
        },
        "city_travel": {"default": {"speed_kmh": 20}},
        "travel": {"method": "network", "cost_per_hour": 5},
        "sla": [{"name": "all", "targets": {"attend": 8.0, "restore": 24.0}}],
        "dispatch": {"policy": "nearest_qualified"},
    }


@dataclass(frozen=True)
class Case:
    """One mechanism, switched on.

    Parameters
    ----------
    name
        What it is called in the table of mechanisms.
    on
        Keys that switch it on, dotted, with their values.
    moves
        KPI, or `wait_` and a cause -> +1 if it must rise, -1 if it must fall, 0 if it must not move at all.
        After a colon a city in which it is looked at, in place of everywhere.
    given
        Keys that are set with and without it.
    """

    name: str
    on: Mapping[str, Any]
    moves: Mapping[str, int]
    given: Mapping[str, Any] = field(default_factory=dict)


def scenario(name: str, *layers: Mapping[str, Any]) -> LoadedScenario:
    """Return the coast with keys set, layer on layer."""
    document = coast()
    for layer in ({"name": name}, *layers):
        for key, value in layer.items():
            set_value(document, key, deepcopy(value))
    return from_document(document)


def comparison(case: Case, replications: int = REPLICATIONS) -> Comparison:
    """Run the coast without and with a mechanism for the same failures."""
    pair = {"without": scenario("without", case.given), "with": scenario("with", case.given, case.on)}
    return compare(pair, replications=replications)


def interval(found: Comparison, what: str) -> tuple[float, float]:
    """Return the limits of the paired difference of a figure, as `Case.moves` words it."""
    kpi, _, city = what.partition(":")
    cause = kpi.removeprefix("wait_")
    if not city and cause == kpi:
        row = found.difference("with", kpi)
        assert row["ci_low"] is not None and row["ci_high"] is not None
        return row["ci_low"], row["ci_high"]
    cell = ("city", city, kpi) if city else ("causes", cause, HOURS)
    without, with_it = (
        np.array([_figure(values, cell) for _, values in found.runs[name].values])
        for name in ("without", "with")
    )
    difference = paired_difference(without, with_it)
    return difference.ci_low, difference.ci_high


def _figure(values: Values, cell: tuple[str, str, str]) -> float:
    cells = list(zip(values.dimension, values.value, values.kpi, strict=True))
    return float(values.figure[cells.index(cell)])


def check(case: Case, replications: int = REPLICATIONS) -> None:
    """Hold each figure that a mechanism moves to its direction, with an interval that leaves out zero."""
    found = comparison(case, replications)
    for what, sign in case.moves.items():
        low, high = interval(found, what)
        said = f"{case.name}: {what} moved by {low:.4g} to {high:.4g}"
        assert (low == high == 0.0) if sign == 0 else min(sign * low, sign * high) > 0.0, said

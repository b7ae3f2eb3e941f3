"""Random scenarios, small but rich: several time zones, overlapping territories, all that may happen.

What a run of them must satisfy is in the tests.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from random import Random
from typing import Any

from hypothesis import strategies as st
from worlds import CALENDARS, CITIES, POLICIES, START, Document

#: What a random scenario may have beside engineers who go where something failed.
FEATURES = (
    "changes",
    "finite",
    "inspections",
    "overflow",
    "parts",
    "pauses",
    "prediction",
    "preempting",
    "repeats",
    "shifts",
    "sla",
    "stages",
    "triage",
)
_SKILLS = ("field", "desk", "power")
_LEVELS = ("junior", "intermediate", "senior", "expert")
_SEVERITIES = ("minor", "normal", "major", "emergency")
_DURATIONS: tuple[float | Document, ...] = (
    0.25,
    0.5,
    1.0,
    3.0,
    {"distribution": "exponential", "mean": 0.4},
    {"distribution": "exponential", "mean": 3.0},
    {"distribution": "gamma", "mean": 1.5, "cv": 0.7},
    {"distribution": "lognormal", "mean": 2.0, "cv": 1.2},
    {"distribution": "uniform", "low": 0.5, "high": 2.0},
    {"distribution": "triangular", "low": 0.0, "mode": 0.5, "high": 3.0},
    {"distribution": "hyperexponential", "mean": 1.0, "cv": 2.0},
)


class _Author:
    """Writes the sections of one random scenario.

    Parameters
    ----------
    seed
        Of everything it chooses.
    features
        Those of `FEATURES` that it may use.
    """

    def __init__(self, seed: int, features: frozenset[str]) -> None:
        self.random = Random(seed)
        self.features = features
        self.cities = self.some(tuple(CITIES), 1, 3)
        self.days = self.random.randint(3, 6)

    def one(self, values: Sequence[Any]) -> Any:
        return self.random.choice(values)

    def some(self, values: Sequence[Any], fewest: int, most: int) -> list[Any]:
        return self.random.sample(values, self.random.randint(fewest, most))

    def may(self, feature: str, chance: float = 0.6) -> bool:
        return self.random.random() < chance and feature in self.features

    def stage(self, following: Mapping[str, float], on_site: bool = True) -> Document:
        return {
            "skill": self.one(_SKILLS),
            "level": self.one(_LEVELS[:3]),
            "work_hours": self.one(_DURATIONS),
            "on_site": on_site,
            "next": dict(following),
        }

    def fault(self) -> Document:
        fault: Document = {"severity": self.one(_SEVERITIES), "devices_down": self.random.randint(0, 4)}
        if self.may("stages", 0.5):
            fault["stages"] = {
                "remote": self.stage({"visit": 0.6, "expert": 0.2}, on_site=False),
                "visit": self.stage({"visit": 0.2, "expert": 0.3}),
                "expert": self.stage({"remote": 0.3}),
            }
        else:
            once = self.stage({})
            fault |= {name: once[name] for name in ("skill", "level", "work_hours")}
            fault["first_time_fix"] = 0.6 if self.may("repeats") else 1.0
        if self.may("triage"):
            fault["triage_hours"] = self.one(_DURATIONS)
        if self.may("pauses"):
            fault["pause"] = {"probability": self.one((0.3, 1.0)), "hours": self.one(_DURATIONS)}
        if self.may("parts"):
            quantity, chance = self.random.randint(1, 3), self.one((0.5, 1.0))
            fault["part"] = {"part": self.one(("board", "lens")), "quantity": quantity, "probability": chance}
        return fault

    def group(self, fewest: int) -> Document:
        held = {skill: self.one(_LEVELS) for skill in self.some(_SKILLS, fewest, 3)}
        return {
            "count": self.random.randint(min(fewest, 1), 3),
            "level": self.one(_LEVELS),
            "skills": held,
            "shift": self.one(("always", "day", "split", "night")) if self.may("shifts", 0.8) else "always",
            "cost_per_hour": self.one((0.0, 12.5)),
        }

    def stock(self) -> Document:
        return {"base_stock": self.random.randint(0, 5), "lead_hours": self.one(_DURATIONS)}

    def centres(self) -> Document:
        """Return a headquarters that serves and stocks everything, further centres, and a partner."""
        centres: Document = {
            "hq": {
                "level": "hq",
                "city": self.cities[0],
                "serves": {"countries": [CITIES[c]["country"] for c in self.cities]},
                "engineers": {"crew": self.group(2)},
                "depot": {"board": self.stock(), "lens": self.stock()},
            }
        }
        for number in range(self.random.randint(0, 3)):
            city = self.one(self.cities)
            centre = {
                "level": self.one(("local", "regional")),
                "city": city,
                "lat": CITIES[city]["lat"] + self.one((0.0, 0.1, -0.2)),
                "engineers": {name: self.group(1) for name in self.some("ab", 1, 2)},
                "depot": {"board": self.stock()} if self.may("parts") else {},
            }
            if self.random.random() < 0.5:
                centre["serves"] = {"cities": sorted({city, self.one(self.cities)})}
            centres[f"c{number}"] = centre
        terms = {"attend_hours": self.one(_DURATIONS), "price_per_order": 80.0}
        return {**centres, "partner": {"level": "partner", "city": self.cities[0], "partner": terms}}

    def rule(self, number: int) -> Document:
        clocks = self.some(("respond", "attend", "restore", "complete"), 1, 3)
        rule: Document = {
            "name": f"rule-{number}",
            "targets": {clock: self.one((0.5, 4.0, 12.0, 30.0)) for clock in clocks},
            "pauses": self.one((True, False)),
            "penalty_per_breach": 100.0,
        }
        if self.random.random() < 0.6:
            rule["calendar"] = self.one(("office", "night"))
        if self.random.random() < 0.6:
            rule["match"] = self.one(({"severity": self.one(_SEVERITIES)}, {"customer_tier": "gold"}))
        return rule

    def dispatch(self) -> Document:
        dispatch: Document = {"policy": self.one(POLICIES)}
        if self.may("preempting", 0.8):
            dispatch["preempting"] = self.some(_SEVERITIES, 1, 3)
        if self.may("overflow", 0.4):
            after = self.one((0.0, 1.0, 5.0))
            dispatch["overflow"] = {"partner": "partner", "after_hours": after}
            if self.random.random() < 0.7:
                dispatch["overflow"]["severities"] = self.some(_SEVERITIES, 1, 2)
        return dispatch

    def changes(self, centres: Document, devices: Document) -> list[Document]:
        """Return up to three dates on which head counts, prices, shifts, policy, rates or stock change."""
        groups = [f"centres.{c}.engineers.{g}" for c, b in centres.items() for g in b.get("engineers", {})]
        dates = (
            sorted(self.some(range(1, self.days), 1, min(3, self.days - 1))) if self.may("changes") else []
        )
        changes = []
        for day in dates:
            new: dict[str, Any] = {
                f"{self.one(groups)}.count": self.random.randint(0, 4),
                f"{self.one(groups)}.cost_per_hour": self.one((7.0, 12.5)),
                f"{self.one(groups)}.shift": self.one(("always", "day", "night")),
                "dispatch": self.dispatch(),
                f"device_types.{self.one(list(devices))}.failures_per_year": self.one((0.0, 900.0)),
                "centres.hq.depot.board.base_stock": self.random.randint(0, 4),
                "travel.speed_kmh": 20.0,
            }
            chosen = self.some(list(new), 1, 4)
            changes.append({"from": START + timedelta(days=day), "set": {key: new[key] for key in chosen}})
        return changes

    def sites(self, devices: Document) -> Document:
        sites = {}
        for number in range(self.random.randint(1, 4)):
            city = self.one(self.cities)
            sites[f"s{number}"] = {
                "city": city,
                "customer": self.one(("g", "p")),
                "lat": CITIES[city]["lat"] + 0.05 * number,
                "devices": {name: self.random.randint(1, 2) for name in devices},
            }
        return sites

    def devices(self, faults: Document, yearly: float) -> Document:
        share = 1.0 / len(faults)
        return {
            f"d{number}": {
                "failures_per_year": yearly,
                "population": "finite" if self.may("finite", 0.4) else "infinite",
                "faults": dict.fromkeys(faults, share),
                **({"profile": "rush"} if self.random.random() < 0.4 else {}),
            }
            for number in range(self.random.randint(1, 2))
        }

    def document(self, orders: float) -> Document:
        """Return the whole scenario, with about so many orders at most."""
        faults = {f"f{i}": self.fault() for i in range(self.random.randint(1, 3))}
        devices = self.devices(faults, orders * self.one((0.1, 0.3, 0.6)) * 365.0 / self.days / 3)
        centres = self.centres()
        written = {
            "name": "random",
            "start": START,
            "days": float(self.days),
            "skills": list(_SKILLS),
            "countries": {
                CITIES[c]["country"]: {
                    "name": c,
                    "zone": ("near", "far")[i % 2],
                    "extra_holidays": [START + timedelta(days=2)] if self.random.random() < 0.3 else [],
                }
                for i, c in enumerate(self.cities)
            },
            "cities": {c: {"name": c, **CITIES[c]} for c in self.cities},
            "calendars": dict(CALENDARS),
            "customer_tiers": {"gold": {"weight": 3.0}, "plain": {}},
            "customers": {"g": {"name": "G", "tier": "gold"}, "p": {"name": "P", "tier": "plain"}},
            "profiles": {"rush": {"by_hour": [0.0] * 6 + [1.0] * 6 + [2.0] * 6 + [0.5] * 6}},
            "parts": {"board": {"unit_cost": 10.0}, "lens": {"unit_cost": 3.0}},
            "fault_types": faults,
            "device_types": devices,
            "sites": self.sites(devices),
            "centres": centres,
            "travel": {"speed_kmh": 40.0, "intercity_speed_kmh": 600.0, "cost_per_hour": 2.0},
            "sla": [self.rule(i) for i in range(self.random.randint(1, 3))] if self.may("sla", 1.0) else [],
            "dispatch": self.dispatch(),
            "changes": self.changes(centres, devices),
        }
        return {**written, **self.prevention(faults, devices)}

    def prevention(self, faults: Document, devices: Document) -> Document:
        """Return inspections and prediction, with delay times of faults that no finite device has."""
        sections: Document = {}
        infinite = [name for name, kind in devices.items() if kind["population"] == "infinite"]
        finite = {f for name, kind in devices.items() if name not in infinite for f in kind["faults"]}
        for name in [f for f in faults if f not in finite]:
            if self.may("inspections"):
                faults[name]["delay_hours"] = self.one((*_DURATIONS, 24.0, 60.0))
        if self.may("inspections"):
            faults["visit"] = {"severity": "minor", **{k: self.stage({})[k] for k in ("skill", "work_hours")}}
            sections["inspections"] = {
                "fault_type": "visit",
                "every_days": self.one((0.7, 1.5)),
                "calendar": self.one((None, "office")),
                "hours_per_defect": self.one((0.0, 0.3)),
                "detection": self.one((0.4, 1.0)),
            }
        if self.may("prediction") and infinite:
            sections["prediction"] = {
                "recall": self.one((0.5, 1.0)),
                "precision": self.one((0.4, 0.9)),
                "lead_hours": self.one((6.0, 30.0)),
                "check_hours": self.one(_DURATIONS),
                "device_types": infinite,
            }
        return sections


def random_document(
    seed: int, features: Collection[str] = FEATURES, *, without: Collection[str] = (), orders: float = 100.0
) -> Document:
    """Return a small but rich scenario.

    Parameters
    ----------
    seed
        Of everything in it; another seed is another scenario.
    features
        What it may have, of `FEATURES`.
    without
        What it may not have all the same.
    orders
        About how many orders to expect at most, if repairs took no time.
    """
    return _Author(seed, frozenset(features) - frozenset(without)).document(orders)


def scenarios_strategy(**options: Any) -> st.SearchStrategy[Document]:
    """Draw a small but rich scenario; options as in `random_document`. Failures shrink to few features."""
    features = st.frozensets(st.sampled_from(FEATURES), min_size=len(FEATURES) // 2)
    return st.builds(lambda f, s: random_document(s, f, **options), features, st.integers(0, 2**32))

"""Random networks of a few centres, sites and rules, to hold the tables of work rules to their words."""

from __future__ import annotations

from typing import Any

from hypothesis import assume
from hypothesis import strategies as st

from scenarios import LoadedScenario, ScenarioError, from_document

LEVELS = ("junior", "intermediate", "senior", "expert")
SEVERITIES = ("minor", "normal", "major", "emergency")
CITIES = {"a": "x", "b": "x", "c": "y"}
SITES = ("s1", "s2", "s3")
CENTRES = ("c1", "c2", "c3", "c4")
SKILLS = ("wire", "code", "lens")
FAULTS = ("f1", "f2", "f3")
TIERS = ("gold", "plain")

positions: st.SearchStrategy[dict[str, float]] = st.fixed_dictionaries(
    {"lat": st.floats(-60, 60), "lon": st.floats(-170, 170)}
) | st.just({})
skill_levels = st.dictionaries(st.sampled_from(SKILLS), st.sampled_from(LEVELS), min_size=1)


def some(names: tuple[str, ...] | list[str]) -> st.SearchStrategy[list[str]]:
    """Return a strategy for sublists, often empty."""
    return st.just([]) | st.lists(st.sampled_from(names), unique=True)


@st.composite
def _centre(draw: st.DrawFn) -> dict[str, Any]:
    centre: dict[str, Any] = {"level": draw(st.sampled_from(["hq", "regional", "local", "partner"]))}
    centre |= {"city": draw(st.sampled_from(list(CITIES))), **draw(positions)}
    if draw(st.booleans()):
        territory = {"countries": some(["x", "y"]), "cities": some(list(CITIES)), "sites": some(SITES)}
        centre["serves"] = draw(st.fixed_dictionaries(territory))
    if centre["level"] == "partner":
        centre["partner"] = {"attend_hours": 1}
        return centre
    group = st.fixed_dictionaries(
        {
            "count": st.integers(0, 3),
            "level": st.sampled_from(LEVELS),
            "skills": skill_levels | st.lists(st.sampled_from(SKILLS), min_size=1),
            "shift": st.just("always"),
        }
    )
    centre["engineers"] = draw(st.dictionaries(st.sampled_from(["g1", "g2"]), group))
    return centre


@st.composite
def _rules(draw: st.DrawFn) -> list[dict[str, Any]]:
    match = st.fixed_dictionaries(
        {
            "zone": some(["near", "far"]),
            "country": some(["x", "y"]),
            "city": some(list(CITIES)),
            "city_tier": st.just([]) | st.lists(st.integers(1, 3), unique=True),
            "site": some(SITES),
            "customer_tier": some(TIERS),
            "severity": some(SEVERITIES),
            "fault_type": some(FAULTS),
        }
    )
    rules = draw(st.lists(match, max_size=5))
    return [{"name": f"r{n}", "match": m, "targets": {"complete": n + 1}} for n, m in enumerate(rules)]


@st.composite
def networks(draw: st.DrawFn) -> LoadedScenario:
    """Draw a network in which every site has a centre that serves it; partners among the centres."""
    site = {
        "city": st.sampled_from(list(CITIES)),
        "customer": st.sampled_from(TIERS),
        "devices": st.just({"d": 1}),
    }
    fault = {
        "severity": st.sampled_from(SEVERITIES),
        "skill": st.sampled_from(SKILLS),
        "level": st.sampled_from(LEVELS),
        "work_hours": st.just(1),
    }
    sites = {name: draw(st.fixed_dictionaries(site)) | draw(positions) for name in SITES}
    if draw(st.booleans()):
        sites["s1"]["centre"] = draw(st.sampled_from(CENTRES))
    document = {
        "name": "random",
        "start": "2026-01-01",
        "days": 1,
        "skills": list(SKILLS),
        "countries": {"x": {"name": "X", "zone": "near"}, "y": {"name": "Y", "zone": "far"}},
        "cities": {
            name: {
                "name": name,
                "country": of,
                "lat": 10 * n,
                "lon": 20 * n,
                "time_zone": "UTC",
                "tier": n + 1,
            }
            for n, (name, of) in enumerate(CITIES.items())
        },
        "calendars": {"always": {"hours": "24x7"}},
        "customer_tiers": {tier: {} for tier in TIERS},
        "customers": {tier: {"name": tier, "tier": tier} for tier in TIERS},
        "fault_types": {name: draw(st.fixed_dictionaries(fault)) for name in FAULTS},
        "device_types": {"d": {"failures_per_year": 1, "faults": {"f1": 0.5, "f2": 0.5, "f3": 0}}},
        "sites": sites,
        "centres": {name: draw(_centre()) for name in CENTRES},
        "sla": draw(_rules()),
    }
    try:
        return from_document(document)
    except ScenarioError as error:
        assume(not all("no centre serves" in problem.found for problem in error.problems))
        raise

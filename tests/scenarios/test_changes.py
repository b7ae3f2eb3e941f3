"""Dated changes: what holds from which hour on, what may not change, and the key that a refusal names."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich_document import RICH, loaded, problems, rich

from scenarios import LoadedScenario, Problem, ScenarioError, load
from scenarios.loading import CHANGEABLE
from scenarios.schema import Scenario

NEW_SITE = {"city": "penang", "customer": "mall", "devices": {"camera": 3}}
NEW_CENTRE = {"level": "local", "city": "penang", "engineers": {}}


def changing(*changes: tuple[str, dict[str, Any]], **values: Any) -> LoadedScenario:
    """Load the rich document with these changes, each from a date, in place of its own."""
    return loaded({"changes": [{"from": day, "set": new} for day, new in changes], **values})


def refused(*changes: tuple[str, dict[str, Any]]) -> dict[str, Problem]:
    """Return the problems of these changes by dotted key."""
    return problems(rich({"changes": [{"from": day, "set": new} for day, new in changes]}))


# Properties


@settings(deadline=None, max_examples=40)
@given(
    st.lists(
        st.tuples(st.integers(1, 400), st.integers(0, 50)), min_size=1, max_size=4, unique_by=lambda c: c[0]
    )
)
def test_a_change_holds_until_the_next(changes: list[tuple[int, int]]) -> None:
    """The head count at any day is the one of the last change before it, as a plain walk says."""
    ordered = sorted(changes)
    start = date(2026, 1, 1)
    key = "centres.station.engineers.crew.count"
    scenario = changing(*((str(start + timedelta(days=n)), {key: count}) for n, count in ordered))
    for day in range(0, 402, 3):
        expected = 3
        for number, count in ordered:
            expected = count if number <= day else expected
        period = [p for p in scenario.periods if p.start_hours <= day * 24.0][-1]
        assert period.scenario.centres["station"].engineers["crew"].count == expected


@settings(deadline=None, max_examples=30)
@given(st.lists(st.integers(0, 3), min_size=2, max_size=5))
def test_dates_come_in_order(days: list[int]) -> None:
    """Dates that do not rise from one change to the next are refused at the first that does not."""
    dates = [f"2026-03-{day + 1:02}" for day in days]
    changes = [(day, {"dispatch.policy": "first_come"}) for day in dates]
    falls = [n for n in range(1, len(days)) if days[n] <= max(days[:n])]
    if not falls:
        assert len(changing(*changes).periods) == len(days) + 1
        return
    found = refused(*changes)
    assert list(found) == [f"changes.{n}.from" for n in falls]
    assert found[f"changes.{falls[0]}.from"].allowed == f"a date after {max(dates[: falls[0]])}"


# What may change


def at(path: str, scenario: Scenario) -> Any:
    """Return what stands at a dotted key of a scenario."""
    node: Any = scenario
    for part in path.split("."):
        if isinstance(node, tuple):
            node = node[int(part)]
        else:
            node = node[part] if isinstance(node, dict) else getattr(node, part)
    return node


@pytest.mark.parametrize(
    ("key", "value", "where", "before", "after"),
    [
        ("device_types.camera.failures_per_year", 9, None, 0.5, 9.0),
        ("profiles.monsoon.by_weekday", [2] * 7, "profiles.monsoon.by_weekday.6", 0.25, 2.0),
        ("centres.hq.engineers.experts.count", 0, None, 2, 0),
        ("centres.hq.engineers.nights.skills.power", "senior", None, "junior", "senior"),
        ("centres.hq.engineers.nights.shift", "always", None, "night", "always"),
        ("centres.hq.engineers.nights.cost_per_hour", "8 MYR", None, 12.5, 2.0),
        ("calendars.office.hours.sat", ["09:00-12:00"], "calendars.office.holidays", "closed", "closed"),
        ("calendars.office.holidays", "open", None, "closed", "open"),
        ("sla.strategic.targets.attend", 2, "sla.1.targets.attend", 8.0, 2.0),
        ("sla.3.targets.response", 1, None, 12.0, 1.0),
        ("response_clock", "attend", None, "respond", "attend"),
        ("dispatch.policy", "first_come", None, "sla_priority", "first_come"),
        ("dispatch.overflow", None, None, True, None),
        ("centres.hq.depot.lens.base_stock", 40, None, 4, 40),
        ("centres.hq.depot.lens.lead_hours", 12, "centres.hq.depot.lens.lead_hours.mean", 48.0, 12.0),
        ("parts.lens.unit_cost", "8 CNY", None, 25.0, 1.0),
        ("customer_tiers.standard.weight", 7, None, 1.0, 7.0),
        ("customers.mall.tier", "strategic", None, "standard", "strategic"),
        ("travel.cost_per_hour", 9, None, 3.0, 9.0),
        ("travel.hours.hq.siam", 0.25, None, 0.5, 0.25),
        ("fault_types.flicker.work_hours", 2, "fault_types.flicker.work_hours.mean", 0.5, 2.0),
        ("fault_types.flicker.severity", "major", None, "minor", "major"),
        ("sites.gurney.devices.camera", 100, None, 12, 100),
        ("skills", ["camera", "network", "power", "water"], "skills.0", "camera", "camera"),
    ],
)
def test_a_change_sets_its_key_and_nothing_else(
    key: str, value: Any, where: str | None, before: Any, after: Any
) -> None:
    """From its date on the key has its new value; before, and everywhere else, all is as it was."""
    scenario = changing(("2026-02-11", {key: value}))
    first, second = scenario.periods
    assert (first.start_hours, second.start_hours) == (0.0, 41 * 24.0)
    if before is not True:
        assert at(where or key, first.scenario) == before
    assert at(where or key, second.scenario) == after
    assert first.scenario != second.scenario
    root = key.split(".")[0]
    for field in Scenario.model_fields:
        if field != root:
            assert getattr(first.scenario, field) == getattr(second.scenario, field)


def test_changes_add_up() -> None:
    """A later change builds on the earlier ones; several keys of one change hold together."""
    key = "centres.station.engineers.crew"
    scenario = changing(
        ("2026-02-01", {f"{key}.count": 5, f"{key}.cost_per_hour": 20}),
        ("2026-03-01", {f"{key}.cost_per_hour": 30}),
    )
    crews = [p.scenario.centres["station"].engineers["crew"] for p in scenario.periods]
    assert [(crew.count, crew.cost_per_hour) for crew in crews] == [(3, 12), (5, 20), (5, 30)]


def test_sites_and_centres_open_and_close() -> None:
    """A change may add a site with its centre, and null closes one."""
    scenario = changing(
        ("2026-02-01", {"sites.new": NEW_SITE, "travel.hours.station.new": 0.2}),
        (
            "2026-03-01",
            {
                "sites.gurney": None,
                "travel.hours.station.gurney": None,
                "travel.hours.esplanade.gurney": None,
            },
        ),
    )
    assert [sorted(p.scenario.sites) for p in scenario.periods] == [
        ["esplanade", "gurney", "siam", "sule"],
        ["esplanade", "gurney", "new", "siam", "sule"],
        ["esplanade", "new", "siam", "sule"],
    ]


def test_a_change_after_the_end_is_checked_all_the_same() -> None:
    """A change beyond the horizon does no harm, and is not let through unread."""
    assert len(changing(("2030-01-01", {"dispatch.policy": "first_come"})).periods) == 2
    assert list(refused(("2030-01-01", {"dispatch.policy": "oracle"}))) == ["changes.0.set.dispatch.policy"]


def test_a_value_set_twice_is_two_values() -> None:
    """A mapping that stands in two places of a document, as one object, is changed in one of them only."""
    stock = {"base_stock": 1, "lead_hours": 5}
    opened = {"centres.station.depot.lens": stock, "centres.hq.depot.lens": stock}
    scenario = changing(
        ("2026-02-01", opened | {"centres.hq.depot.lens.base_stock": 9}),
        ("2026-03-01", {"centres.hq.depot.lens.base_stock": 2}),
    )
    held = [p.scenario.centres["station"].depot["lens"].base_stock for p in scenario.periods]
    assert held == [2, 1, 1]
    assert stock["base_stock"] == 1


# What may not


@pytest.mark.parametrize("root", sorted({*Scenario.model_fields, "extends", "typo"} - set(CHANGEABLE)))
def test_the_experiment_itself_does_not_change(root: str) -> None:
    """Only the network changes on a date: start, seed, cities and the like are refused with what may."""
    found = refused(("2026-02-01", {f"{root}.x": 1}))
    assert list(found) == [f"changes.0.set.{root}.x"]
    assert found[f"changes.0.set.{root}.x"].allowed == "keys of " + ", ".join(CHANGEABLE)


def test_every_other_section_may_change() -> None:
    """What is not refused as such is a field of the scenario."""
    assert set(CHANGEABLE) <= set(Scenario.model_fields)


@pytest.mark.parametrize(
    ("values", "key"),
    [
        ({"device_types.camera.failures_per_year": -1}, "device_types.camera.failures_per_year"),
        ({"centres.hq.engineers.experts.count": 1.5}, "centres.hq.engineers.experts.count"),
        ({"centres.hq.engineers.experts.cuont": 1}, "centres.hq.engineers.experts.cuont"),
        ({"centres.hq.engineers.experts.shift": "day"}, "centres.hq.engineers.experts.shift"),
        ({"sla.strategic.targets.attend": 0}, "sla.1.targets.attend"),
        ({"sla.strategic.calendar": "day"}, "sla.1.calendar"),
        ({"sla.nobody.pauses": True}, "sla.nobody.pauses"),
        ({"sla.9.pauses": True}, "sla.9.pauses"),
        ({"device_types.camera.faults.offline": 0.5}, "device_types.camera.faults"),
        ({"sites.siam": None}, "travel.hours.hq.siam"),
        ({"sites.new": NEW_SITE}, "travel.hours.station.new"),
        ({"dispatch.policy": "oracle"}, "dispatch.policy"),
        ({"dispatch.policy.name": "oracle"}, "dispatch.policy.name"),
        ({"sites..x": 1}, "sites..x"),
        (
            {"centres.hq.depot.lens": None, "centres.station.depot.lens": None},
            "fault_types.offline.part.part",
        ),
        ({"sites.gurney": 5}, "sites.gurney"),
        ({"response_clock": "attend", "sla.rest.targets.attend": 5}, "sla.3.targets.attend"),
    ],
)
def test_a_changed_scenario_is_checked_like_the_first(values: dict[str, Any], key: str) -> None:
    """What would be refused from the start is refused from a date on, under the change that makes it."""
    harmless = ("2026-02-01", {"dispatch.policy": "first_come"})
    found = refused(harmless, ("2026-03-01", values))
    assert list(found) == [f"changes.1.set.{key}"]
    assert found[f"changes.1.set.{key}"].file == "scenario"


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"set": {"dispatch.policy": "first_come"}}, "changes.0.from"),
        ({"from": "soon", "set": {"dispatch.policy": "first_come"}}, "changes.0.from"),
        ({"from": "2026-02-30", "set": {"dispatch.policy": "first_come"}}, "changes.0.from"),
        ({"from": 20260201, "set": {"dispatch.policy": "first_come"}}, "changes.0.from"),
        ({"from": "2026-01-01", "set": {"dispatch.policy": "first_come"}}, "changes.0.from"),
        ({"from": "2025-01-01", "set": {"dispatch.policy": "first_come"}}, "changes.0.from"),
        ({"from": "2026-02-01"}, "changes.0.set"),
        ({"from": "2026-02-01", "set": {}}, "changes.0.set"),
        ({"from": "2026-02-01", "set": ["dispatch.policy"]}, "changes.0.set"),
        ({"from": "2026-02-01", "set": {"dispatch.policy": "first_come"}, "until": 1}, "changes.0.until"),
        ({"start": "2026-02-01", "set": {"dispatch.policy": "first_come"}}, "changes.0.from"),
    ],
)
def test_a_change_has_a_date_and_values(change: dict[str, Any], key: str) -> None:
    """A change without a date after the start, or without values, is refused."""
    assert key in problems(rich({"changes": [change]}))


def test_the_file_with_the_change_is_named(tmp_path: Path) -> None:
    """A change that goes wrong is reported in the document that lists the changes."""
    child = tmp_path / "child.yaml"
    child.write_text(f"extends: {RICH}\nchanges: [{{from: 2026-02-01, set: {{sla.rest.calendar: day}}}}]\n")
    with pytest.raises(ScenarioError) as caught:
        load(child)
    (problem,) = caught.value.problems
    assert (problem.key, problem.file) == ("changes.0.set.sla.3.calendar", str(child))


# What two periods rule out together


@pytest.mark.parametrize(
    ("values", "key", "allowed"),
    [
        (
            {"sites.gurney.city": "bangkok", "travel.hours.hq.gurney": 1},
            "sites.gurney.city",
            "'penang', as before",
        ),
        ({"sites.esplanade.lat": 5.5}, "sites.esplanade.lat", "5.4214, as before"),
        ({"sites.esplanade.lat": None}, "sites.esplanade.lat", "5.4214, as before"),
        ({"sites.gurney.lon": 100.25}, "sites.gurney.lon", "100.3288, as before"),
        ({"centres.outlet.city": "bangkok"}, "centres.outlet.city", "'yangon', as before"),
        ({"centres.hq.lat": 13.75}, "centres.hq.lat", "13.7, as before"),
        ({"centres.station.lon": 0}, "centres.station.lon", "100.3288, as before"),
        (
            {"device_types.gateway.population": "infinite"},
            "device_types.gateway.population",
            "'finite', as before",
        ),
        (
            {"device_types.camera.population": "finite"},
            "device_types.camera.population",
            "'infinite', as before",
        ),
        ({"sites.siam.devices.gateway": 4}, "sites.siam.devices.gateway", "3, as before"),
        ({"sites.siam.devices.gateway": None}, "sites.siam.devices.gateway", "3, as before"),
        ({"sites.sule.devices.gateway": 1}, "sites.sule.devices.gateway", "0, as before"),
    ],
)
def test_places_and_finite_populations_stay(values: dict[str, Any], key: str, allowed: str) -> None:
    """A site or centre does not move; a finite population neither grows nor shrinks nor becomes another."""
    found = refused(("2026-02-01", values))
    assert list(found) == [f"changes.0.set.{key}"]
    assert found[f"changes.0.set.{key}"].allowed.startswith(allowed)


def test_each_period_is_held_to_the_first_that_has_the_place() -> None:
    """A site that a change opens cannot be moved by the next, nor by closing it and opening it again."""
    opened = {"sites.new": NEW_SITE, "travel.hours.station.new": 0.2}
    moved = refused(("2026-02-01", opened), ("2026-03-01", {"sites.new.lat": 5.25}))
    assert list(moved) == ["changes.1.set.sites.new.lat"]
    closed = {"sites.new": None, "travel.hours.station.new": None}
    again = opened | {"sites.new": NEW_SITE | {"lat": 5.25}}
    reopened = refused(("2026-02-01", opened), ("2026-03-01", closed), ("2026-03-05", again))
    assert list(reopened) == ["changes.2.set.sites.new.lat"]


@pytest.mark.parametrize(
    "values",
    [
        {"sites.gurney.lat": 5.4141, "sites.gurney.lon": 100.3288},
        {"sites.gurney.devices.camera": 0},
        {"sites.new": NEW_SITE | {"devices": {"gateway": 9}}, "travel.hours.station.new": 0.2},
        {"sites.sule": None, "travel.hours.hq.sule": None, "sla.strategic.match.site": ["esplanade"]},
        {"device_types.gateway.failures_per_year": 50},
        {"centres.new": NEW_CENTRE, "travel.hours.new": {"esplanade": 1, "gurney": 1}},
    ],
)
def test_what_can_change_is_not_taken_for_a_move(values: dict[str, Any]) -> None:
    """The same place written otherwise, new places, closed places and new rates are no contradiction."""
    assert len(changing(("2026-02-01", values)).periods) == 2

"""What is possible but doubtful is warned of, by code and exact key, and what is sound is not."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich_document import rich

from scenarios import Warn, from_document
from scenarios.compiling import compile_world
from scenarios.documents import parse
from scenarios.doubts import doubts
from scenarios.paths import set_value

untimed = settings(deadline=None)

#: One town on the equator: an hour from the station to the site, somebody always on duty.
SOUND: dict[str, Any] = parse(
    """
name: sound
start: 2026-01-05
days: 60
skills: [field]
countries: {model: {name: Model, zone: near}}
cities: {town: {name: Town, country: model, lat: 0, lon: 0, time_zone: UTC}}
calendars: {always: {hours: 24x7}}
customer_tiers: {all: {}}
customers: {owner: {name: Owner, tier: all}}
parts: {spare: {}}
fault_types:
  fault: {severity: normal, skill: field, work_hours: 2, triage_hours: 0.5, part: {part: spare}}
device_types: {unit: {failures_per_year: 12, faults: {fault: 1}}}
sites: {site: {city: town, customer: owner, devices: {unit: 1}}}
centres:
  station:
    level: local
    city: town
    engineers: {crew: {count: 3, level: junior, skills: [field], shift: always}}
    depot: {spare: {base_stock: 1, lead_hours: 24}}
travel: {method: matrix, hours: {station: {site: 1}}}
sla: [{name: rule, targets: {attend: 4, restore: 8}}]
""",
    "sound",
)
OFFICE = {day: ["08:00-18:00"] for day in ("mon", "tue", "wed", "thu", "fri")}


def found(document: Mapping[str, Any], values: Mapping[str, Any] | None = None) -> list[Warn]:
    """Return the warnings of a document with further values by dotted key."""
    changed = copy.deepcopy(dict(document))
    for key, value in (values or {}).items():
        set_value(changed, key, copy.deepcopy(value))
    loaded = from_document(changed)
    return doubts(loaded, compile_world(loaded))


def warned(values: Mapping[str, Any]) -> dict[tuple[str, str], str]:
    """Return the messages of the sound scenario with further values, by code and key."""
    return {(warn.code, warn.key): warn.message for warn in found(SOUND, values)}


def test_a_sound_scenario_has_no_warning() -> None:
    """Nothing is warned of where everything fits together."""
    assert found(SOUND) == []


# Figures that a plan states about itself


def three_levels(local: int, stated: int) -> dict[str, Any]:
    """Return a plan of 50 experts, 8 centres of 30 and 200 stations."""
    crew = {"level": "junior", "skills": ["field"], "shift": "always"}
    levels = [("hq", 1, 50), ("regional", 8, 30), ("local", 200, local)]
    centres = {
        f"{level}-{number}": {"level": level, "city": "town", "engineers": {"crew": {"count": count, **crew}}}
        for level, centres, count in levels
        for number in range(centres)
    }
    depot = SOUND["centres"]["station"]["depot"]
    centres["hq-0"]["depot"] = depot
    return {"centres": centres, "stated": {"headcount": stated}, "travel": {}}


def test_headcounts_that_contradict_each_other_come_with_what_would_fit() -> None:
    """1,200 heads against 50 + 8 x 30 + 200 x 5 = 1,290: 4.55 a station, 182 stations or 1,290 heads."""
    message = warned(three_levels(5, 1200))["W-headcount", "stated.headcount"]
    for figure in (
        "1,200",
        "1,290 (50 hq, 240 regional, 1000 local)",
        "4.55 at each of the 200 local",
        "182 local",
    ):
        assert figure in message
    assert message.endswith("or a head count of 1,290")


def test_a_headcount_that_adds_up_is_not_warned_of() -> None:
    """The stated figure may be reached at the start or by a dated change."""
    key = ("W-headcount", "stated.headcount")
    assert key not in warned(three_levels(5, 1290))
    hiring = {"changes": [{"from": "2026-02-01", "set": {"centres.station.engineers.crew.count": 5}}]}
    assert key not in warned({"stated.headcount": 5, **hiring})
    assert key in warned({"stated.headcount": 4, **hiring})


@untimed
@given(st.integers(0, 40), st.integers(0, 40), st.integers(0, 40))
def test_headcount_is_warned_of_exactly_where_it_differs(one: int, two: int, stated: int) -> None:
    """Whatever the groups, the warning is there if and only if their sum is not what the plan states."""
    more = {"count": two, "level": "senior", "skills": ["field"], "shift": "always"}
    values = {"centres.station.engineers.crew.count": one, "centres.station.engineers.more": more}
    codes = {code for code, _ in warned({**values, "stated.headcount": stated})}
    assert ("W-headcount" in codes) == (one + two != stated)


@pytest.mark.parametrize(("seniors", "doubtful"), [(2, False), (1, True)])
def test_backbone(seniors: int, doubtful: bool) -> None:
    """The share of engineers above junior must reach 40 %: 2 of 5 do, 1 of 4 does not."""
    more = {"count": seniors, "level": "senior", "skills": ["field"], "shift": "always"}
    values = {"stated.backbone_share": 0.4, "centres.station.engineers.more": more}
    assert (("W-backbone", "stated.backbone_share") in warned(values)) == doubtful


@pytest.mark.parametrize(("shares", "doubtful"), [((45, 25, 20, 10, 5), True), ((45, 25, 20, 10), False)])
def test_budget_shares_add_up(shares: tuple[int, ...], doubtful: bool) -> None:
    """Shares of 105 % are warned of, with what they would be if scaled to 100 %."""
    budget = {"amount": 100, "shares": {f"purpose-{i}": share for i, share in enumerate(shares)}}
    warnings = warned({"budget": budget})
    assert (("W-budget", "budget.shares") in warnings) == doubtful
    if doubtful:
        assert "105 %" in warnings["W-budget", "budget.shares"]
        assert "purpose-0 42.86" in warnings["W-budget", "budget.shares"]


# Service levels that cannot be kept


@pytest.mark.parametrize(
    ("clock", "least"), [("respond", 1.5), ("attend", 1.5), ("restore", 3.5), ("complete", 3.5)]
)
def test_a_target_below_triage_way_and_work_is_unreachable(clock: str, least: float) -> None:
    """Half an hour of triage, an hour of travel, two of work: this can be met, and nothing shorter."""
    key = ("W-unreachable-sla", f"sla.0.targets.{clock}")
    assert found(SOUND, {"sla": [{"name": "rule", "targets": {clock: least}}]}) == []
    message = warned({"sla": [{"name": "rule", "targets": {clock: least - 0.01}}]})[key]
    assert f"1 of 1 sites; worst site (fault): {least:g} h at best" in message


def test_the_key_is_the_one_that_the_author_wrote() -> None:
    """A response target is named as such, whichever clock it stands on; the rule by its place."""
    first = {"name": "other", "match": {"severity": "major"}, "targets": {"attend": 1}}
    rule = {"name": "rule", "targets": {"response": 1}}
    for clock in ("attend", "respond"):
        keys = set(warned({"sla": [first, rule], "response_clock": clock}))
        assert keys == {("W-unused", "sla.0"), ("W-unreachable-sla", "sla.1.targets.response")}


def test_one_warning_counts_the_sites_and_names_the_worst() -> None:
    """Of three sites two are too far; the farther is named."""
    values = {
        "sites.near": {"city": "town", "customer": "owner", "devices": {"unit": 1}},
        "sites.far": {"city": "town", "customer": "owner", "devices": {"unit": 1}},
        "travel.hours.station": {"site": 4, "near": 0.2, "far": 6.25},
    }
    message = warned({**values, "sla": [{"name": "rule", "targets": {"attend": 4}}]})[
        "W-unreachable-sla", "sla.0.targets.attend"
    ]
    assert "2 of 3 sites; worst far (fault): 6.75 h at best" in message


def test_a_remote_fix_stops_the_clock_of_attendance() -> None:
    """An order that may end without a visit is attended once it is restored from afar: 0.5 h and 0.3 h."""
    stages = {
        "remote": {"skill": "field", "work_hours": 0.3, "on_site": False, "next": {"visit": 0.5}},
        "visit": {"skill": "field", "work_hours": 2},
    }
    fault = {**SOUND["fault_types"]["fault"], "skill": None, "work_hours": None, "stages": stages}
    fault = {key: value for key, value in fault.items() if value is not None}
    rule = {"name": "rule", "targets": {"attend": 0.8}}
    assert found(SOUND, {"fault_types.fault": fault, "sla": [rule]}) == []
    rule["targets"] = {"attend": 0.79}
    stages["remote"]["next"] = {"visit": 1}
    message = warned({"fault_types.fault": fault, "sla": [rule]})["W-unreachable-sla", "sla.0.targets.attend"]
    assert "1.8 h at best" in message


def test_a_partner_may_keep_what_own_people_cannot() -> None:
    """An outlet that attends within an hour meets a target of 1.5 h that lies below the own way."""
    outlet = {"level": "partner", "city": "town", "partner": {"attend_hours": 1, "price_per_order": 9}}
    values = {
        "travel.hours.station.site": 3,
        "centres.outlet": outlet,
        "sla": [{"name": "rule", "targets": {"attend": 1.5}}],
    }
    assert ("W-unreachable-sla", "sla.0.targets.attend") in warned(values)
    assert warned({**values, "dispatch.overflow": {"partner": "outlet"}}) == {}


def test_targets_that_no_one_on_duty_can_meet_come_with_their_share_of_the_week() -> None:
    """On duty on workdays from 8 to 18, who arrives at 9 is too late for a report before 5 of that day.

    Of reports on the hour these are 18:00 to 4:00, 11 in each of four nights, and 59 from Friday to Monday.
    """
    message = warned({"calendars.always.hours": OFFICE, "sla": [{"name": "rule", "targets": {"attend": 4}}]})[
        "W-off-shift-sla", "sla.0.targets.attend"
    ]
    assert f"{(11 * 4 + 59) / 168:.1%} of a week" in message


def test_a_clock_that_stands_still_off_duty_is_kept() -> None:
    """The same people keep the same hours if the rule's clock runs only while they are on duty."""
    values = {
        "calendars.always.hours": OFFICE,
        "sla": [{"name": "rule", "targets": {"attend": 4}, "calendar": "always"}],
    }
    assert found(SOUND, values) == []


def test_a_holiday_is_no_reason_to_warn() -> None:
    """A closed week at the start does not count against a rule that is kept in other weeks."""
    closed = [f"2026-01-{day:02}" for day in range(5, 12)]
    values = {
        "countries.model.extra_holidays": closed,
        "calendars.always": {
            "hours": {day: ["00:00-23:00"] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
        },
    }
    assert found(SOUND, values) == []


def test_a_change_is_dated_in_the_message() -> None:
    """What goes wrong only after a dated change is warned of with the date."""
    change = {"from": "2026-02-01", "set": {"travel.hours.station.site": 5}}
    message = warned({"changes": [change]})["W-unreachable-sla", "sla.0.targets.attend"]
    assert message.endswith("from 2026-02-01 on")


# Work that nobody can do


@pytest.mark.parametrize(
    ("values", "key"),
    [
        ({"fault_types.fault.level": "senior"}, "fault_types.fault"),
        ({"centres.station.engineers.crew.count": 0}, "fault_types.fault"),
        (
            {
                "fault_types.fault": {
                    "severity": "normal",
                    "part": {"part": "spare"},
                    "stages": {
                        "look": {"skill": "field", "work_hours": 1, "next": {"mend": 1}},
                        "mend": {"skill": "field", "level": "expert", "work_hours": 1},
                    },
                }
            },
            "fault_types.fault.stages.mend",
        ),
    ],
)
def test_work_that_no_engineer_may_do(values: dict[str, Any], key: str) -> None:
    """A level that nobody has, or a group without people, leaves orders unserved for ever."""
    assert "at site no engineer" in warned(values)["W-no-engineer", key]


def test_crews_for_which_there_are_too_few_people() -> None:
    """Three people make no crew of four; of helpers who are too low in level there is none."""
    key = ("W-crew", "fault_types.fault")
    assert key not in warned({"fault_types.fault.crew": {"size": 3}})
    assert "at site fewer people may go" in warned({"fault_types.fault.crew": {"size": 4}})[key]
    lead = {"count": 1, "level": "senior", "skills": ["field"], "shift": "always"}
    crew = {"size": 2, "level": "senior"}
    seniors = {"fault_types.fault.crew": crew, "centres.station.engineers.lead": lead}
    assert key in warned({**seniors, "fault_types.fault.level": "senior"})
    assert key not in warned({**seniors, "fault_types.fault.level": "junior"})


def test_a_partner_serves_where_no_engineer_may() -> None:
    """Orders that go to a partner are not without anybody."""
    outlet = {"level": "partner", "city": "town", "partner": {"attend_hours": 1, "price_per_order": 9}}
    values = {"fault_types.fault.level": "senior", "centres.outlet": outlet}
    assert ("W-no-engineer", "fault_types.fault") in warned(values)
    assert warned({**values, "dispatch.overflow": {"partner": "outlet", "severities": "normal"}}) == {}


def test_people_who_are_never_on_duty() -> None:
    """A weekend shift in a scenario of five workdays serves nothing; in a longer one it is sound."""
    weekend = {"calendars.always.hours": {"sat": ["08:00-20:00"]}}
    keys = set(warned({**weekend, "days": 5}))
    assert keys >= {
        ("W-no-shift", "centres.station.engineers.crew.shift"),
        ("W-no-engineer", "fault_types.fault"),
    }
    assert not {code for code, _ in warned(weekend)} & {"W-no-shift", "W-no-engineer"}


# What nothing uses


@pytest.mark.parametrize(
    ("values", "key"),
    [
        ({"skills": ["field", "other"]}, "skills.1"),
        ({"countries.other": {"name": "Other", "zone": "far"}}, "countries.other"),
        ({"cities.other": {**SOUND["cities"]["town"], "name": "Other"}}, "cities.other"),
        ({"calendars.other": {"hours": "24x7"}}, "calendars.other"),
        ({"customer_tiers.other": {}}, "customer_tiers.other"),
        ({"customers.other": {"name": "Other", "tier": "all"}}, "customers.other"),
        ({"profiles.other": {}}, "profiles.other"),
        ({"parts.other": {}}, "parts.other"),
        (
            {"fault_types.other": {"severity": "minor", "skill": "field", "work_hours": 1}},
            "fault_types.other",
        ),
        ({"device_types.other": SOUND["device_types"]["unit"]}, "device_types.other"),
        ({"sla": [*SOUND["sla"], {"name": "late", "targets": {"attend": 9}}]}, "sla.1"),
    ],
)
def test_what_nothing_uses(values: dict[str, Any], key: str) -> None:
    """A thing that is defined and used nowhere is warned of, and nothing else is."""
    assert set(warned(values)) == {("W-unused", key)}


def test_what_a_dated_change_uses_is_used() -> None:
    """A device type that comes to a site later is not left over."""
    values = {
        "device_types.other": SOUND["device_types"]["unit"],
        "changes": [{"from": "2026-02-01", "set": {"sites.site.devices.other": 3}}],
    }
    assert found(SOUND, values) == []


def test_every_warning_names_a_key_of_the_scenario_once() -> None:
    """In a scenario with every section, codes and keys come once, and each key leads to a value."""
    document = rich({"stated.headcount": 9, "skills": ["camera", "network", "power", "spare"]})
    warnings = found(document)
    assert len({(warn.code, warn.key) for warn in warnings}) == len(warnings) > 3
    for warn in warnings:
        node: Any = document
        for part in warn.key.split("."):
            node = node[int(part)] if isinstance(node, list) else node[part]
        assert node is not None


def test_what_comes_after_the_run_is_told() -> None:
    """Changes and disruptions that come when the run has ended are counted and named, once for each kind."""
    late = {"from": "2027-01-01", "set": {"customer_tiers.all.weight": 2.0}}
    rain = {
        "name": "rain",
        "kind": "rain",
        "cities": [next(iter(SOUND["cities"]))],
        "from": "2027-02-01",
        "days": 1,
    }
    values = {"days": 30.0, "changes": [late], "disruptions": [rain]}
    warnings = [warn for warn in found(SOUND, values) if warn.code == "W-date"]
    assert [(warn.key, warn.message[:10]) for warn in warnings] == [
        ("changes", "1 of 1 com"),
        ("disruptions", "1 of 1 com"),
    ]
    assert not [warn for warn in found(SOUND, {**values, "days": 800.0}) if warn.code == "W-date"]


@pytest.mark.parametrize("kind", ["rain", "staff_shortage"])
def test_what_the_end_of_the_run_cuts_off_is_told(kind: str) -> None:
    """A disruption that begins within the run and ends after it is named, one that comes after it counted."""
    start = date.fromisoformat(str(SOUND["start"]))
    one = {"name": "one", "kind": kind, "from": str(start + timedelta(days=28)), "days": 7}
    values = {
        "days": 30.0,
        "disruptions": [one, {**one, "name": "two", "from": str(start + timedelta(days=40))}],
    }
    warnings = {w.key: w.message for w in found(SOUND, values) if w.code == "W-date"}
    assert set(warnings) == {"disruptions", "disruptions.0"}
    assert warnings["disruptions"].startswith("1 of 2 come after")
    assert "after one began, which lasts 168 h" in warnings["disruptions.0"]

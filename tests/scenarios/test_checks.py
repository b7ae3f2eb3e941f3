"""What sections mean together: each contradiction is refused at its exact dotted key, and only there."""

from __future__ import annotations

from typing import Any

import pytest
from rich_document import loaded, problems, problems_with, rich

from scenarios import from_document

VISIT = {"skill": "power", "work_hours": 1}
#: Values by dotted key; the one key that is refused for it; a part of what is found, and of what is allowed.
REFUSED: list[tuple[dict[str, Any], str, str, str]] = [
    # The experiment
    ({"warm_up.days": 120}, "warm_up.days", "120", "less than days (120)"),
    ({"warm_up.method": "mser5"}, "warm_up.days", "10", "0 unless warm_up.method is fixed"),
    ({"skills": ["camera", "network", "power", "camera"]}, "skills.3", "'camera'", "once"),
    ({"currency.rates.yuan": 1}, "currency.rates.yuan", "'yuan'", "three capitals"),
    ({"currency.rates.cny": 1}, "currency.rates.cny", "'cny'", "three capitals"),
    # Places
    ({"countries.th.holidays": "XX"}, "countries.th.holidays", "'XX'", "TH"),
    (
        {"countries.my.working_holidays": ["2026-01-05"]},
        "countries.my.working_holidays.0",
        "2026-01-05",
        "no extra holiday",
    ),
    ({"cities.yangon.country": "burma"}, "cities.yangon.country", "'burma'", "mm, my, th"),
    ({"cities.yangon.time_zone": "Asia/Rangoon2"}, "cities.yangon.time_zone", "Rangoon2", "IANA"),
    ({"cities.yangon.time_zone": "../etc/passwd"}, "cities.yangon.time_zone", "passwd", "IANA"),
    ({"cities.yangon.time_zone": "Asia"}, "cities.yangon.time_zone", "'Asia'", "IANA"),
    ({"cities.yangon.time_zone": ""}, "cities.yangon.time_zone", "''", "IANA"),
    ({"cities.yangon.time_zone": "A\0"}, "cities.yangon.time_zone", "A", "IANA"),
    ({"cities.yangon.time_zone": "A" * 5000}, "cities.yangon.time_zone", "AAA", "IANA"),
    ({"cities.yangon.subdivision": "12"}, "cities.yangon.subdivision", "'12'", "states no holidays"),
    ({"cities.penang.subdivision": None}, "cities.penang.subdivision", "nothing", "differ by state"),
    ({"cities.penang.subdivision": "Pinang"}, "cities.penang.subdivision", "'Pinang'", "PNG"),
    ({"start": "2100-12-01", "changes": []}, "start", "2100-12-01", "known from"),
    ({"start": "2100-08-01", "changes": []}, "start", "2100-08-01", "known from"),
    # Calendars
    (
        {"calendars.office.hours.mon": ["08:00-12:00", "11:00-17:00"]},
        "calendars.office.hours",
        "cannot be",
        "mon 08:00-12:00 runs into mon 11:00-17:00",
    ),
    ({"calendars.office.hours": {}}, "calendars.office.hours", "cannot be", "no window"),
    ({"calendars.office.hours": {"mon": []}}, "calendars.office.hours", "cannot be", "no window"),
    # Sites
    ({"customers.mall.tier": "gold"}, "customers.mall.tier", "'gold'", "standard, strategic"),
    ({"sites.gurney.city": "ipoh"}, "sites.gurney.city", "'ipoh'", "bangkok, penang, yangon"),
    ({"sites.gurney.customer": "me"}, "sites.gurney.customer", "'me'", "council, mall"),
    ({"sites.gurney.devices.kiosk": 1}, "sites.gurney.devices.kiosk", "'kiosk'", "camera, gateway"),
    ({"sites.gurney.devices.kiosk": 0}, "sites.gurney.devices.kiosk", "'kiosk'", "camera, gateway"),
    ({"sites.gurney.centre": "shop"}, "sites.gurney.centre", "'shop'", "hq, outlet, station"),
    (
        {"centres.hq.serves.cities": [], "centres.hq.serves.countries": ["th"]},
        "sites.sule",
        "no centre serves",
        "serves",
    ),
    # Device types
    ({"device_types.camera.profile": "dry"}, "device_types.camera.profile", "'dry'", "monsoon"),
    (
        {"device_types.gateway.faults": {"outage": 0.5, "fire": 0.5}},
        "device_types.gateway.faults.fire",
        "'fire'",
        "flicker, offline, outage",
    ),
    (
        {"device_types.gateway.faults.outage": 0.6},
        "device_types.gateway.faults",
        "add up to 1.1",
        "add up to 1",
    ),
    (
        {"device_types.gateway.faults.outage": 0.4999},
        "device_types.gateway.faults",
        "0.9999",
        "add up to 1",
    ),
    # Fault types
    ({"fault_types.flicker.part": {"part": "bulb"}}, "fault_types.flicker.part.part", "'bulb'", "lens, psu"),
    (
        {"centres.station.depot.lens": None, "centres.hq.serves.sites": []},
        "fault_types.offline.part.part",
        "'lens'",
        "a depot holds for esplanade",
    ),
    ({"fault_types.flicker.skill": None}, "fault_types.flicker.skill", "nothing", "or `stages`"),
    ({"fault_types.flicker.work_hours": None}, "fault_types.flicker.work_hours", "nothing", "or `stages`"),
    (
        {"fault_types.flicker.skill": "magic"},
        "fault_types.flicker.skill",
        "'magic'",
        "camera, network, power",
    ),
    ({"fault_types.outage.skill": "power"}, "fault_types.outage.skill", "a value", "nothing beside"),
    ({"fault_types.outage.work_hours": 1}, "fault_types.outage.work_hours", "a value", "nothing beside"),
    ({"fault_types.outage.first_time_fix": 0.5}, "fault_types.outage.first_time_fix", "0.5", "use `next`"),
    (
        {"fault_types.outage.stages.visit.skill": "magic"},
        "fault_types.outage.stages.visit.skill",
        "'magic'",
        "camera, network, power",
    ),
    (
        {"fault_types.outage.stages.visit.next.end": 0.1},
        "fault_types.outage.stages.visit.next.end",
        "'end'",
        "remote, visit",
    ),
    (
        {"fault_types.outage.stages.remote.next": {"visit": 0.7, "remote": 0.4}},
        "fault_types.outage.stages.remote.next",
        "exceed 1",
        "at most 1",
    ),
    (
        {"fault_types.outage.stages.loop": VISIT | {"next": {"loop": 1}}},
        "fault_types.outage.stages.loop.next",
        "no order ever ends",
        "a way to an end",
    ),
    (
        {"fault_types.outage.stages.loop": VISIT | {"next": {"loop": 1, "visit": 0}}},
        "fault_types.outage.stages.loop.next",
        "no order ever ends",
        "a way to an end",
    ),
    # Centres
    ({"centres.hq.city": "ipoh"}, "centres.hq.city", "'ipoh'", "bangkok, penang, yangon"),
    (
        {"centres.hq.serves.countries": ["th", "mm", "vn"]},
        "centres.hq.serves.countries.2",
        "'vn'",
        "mm, my, th",
    ),
    ({"centres.hq.serves.cities": ["hue"]}, "centres.hq.serves.cities.0", "'hue'", "yangon"),
    ({"centres.outlet.serves.cities": "hue"}, "centres.outlet.serves.cities.0", "'hue'", "yangon"),
    ({"centres.hq.serves.sites": ["siam", "sim"]}, "centres.hq.serves.sites.1", "'sim'", "siam, sule"),
    (
        {"centres.station.engineers.crew.shift": "day"},
        "centres.station.engineers.crew.shift",
        "'day'",
        "always, night, office",
    ),
    (
        {"centres.station.engineers.crew.skills": ["camera", "magic"]},
        "centres.station.engineers.crew.skills.magic",
        "'magic'",
        "camera, network, power",
    ),
    (
        {"centres.station.depot.bulb": {"base_stock": 1, "lead_hours": 1}},
        "centres.station.depot.bulb",
        "'bulb'",
        "lens, psu",
    ),
    ({"centres.outlet.partner": None}, "centres.outlet.partner", "nothing", "terms"),
    (
        {"centres.hq.partner": {"attend_hours": 1}},
        "centres.hq.partner",
        "terms",
        "nothing unless level is partner",
    ),
    (
        {
            "centres.outlet.engineers.crew": {
                "count": 1,
                "level": "junior",
                "skills": ["camera"],
                "shift": "office",
            }
        },
        "centres.outlet.engineers",
        "engineers",
        "not ours",
    ),
    # SLA rules
    ({"sla.3.name": "flicker"}, "sla.3.name", "'flicker'", "no earlier rule"),
    ({"sla.rest.calendar": "day"}, "sla.3.calendar", "'day'", "always, night, office"),
    ({"sla.rest.match.zone": "middle"}, "sla.3.match.zone.0", "'middle'", "far, near"),
    ({"sla.rest.match.country": ["th", "vn"]}, "sla.3.match.country.1", "'vn'", "mm, my, th"),
    ({"sla.rest.match.city": "hue"}, "sla.3.match.city.0", "'hue'", "bangkok, penang, yangon"),
    ({"sla.rest.match.site": "sim"}, "sla.3.match.site.0", "'sim'", "esplanade, gurney, siam, sule"),
    ({"sla.rest.match.customer_tier": "gold"}, "sla.3.match.customer_tier.0", "'gold'", "standard"),
    ({"sla.rest.match.fault_type": "fire"}, "sla.3.match.fault_type.0", "'fire'", "flicker"),
    ({"sla.rest.targets": {}}, "sla.3.targets", "no target", "at least one clock"),
    ({"sla.rest.targets.respond": 9}, "sla.3.targets.respond", "9", "nothing beside `response`"),
    (
        {"response_clock": "attend", "sla.rest.targets.attend": 9},
        "sla.3.targets.attend",
        "9",
        "nothing beside `response`",
    ),
    # Dispatch
    (
        {"dispatch.policy": "oracle"},
        "dispatch.policy",
        "'oracle'",
        "first_come, nearest_qualified, optimized, sla_priority",
    ),
    (
        {"dispatch.scheduling_policy": "punctul"},
        "dispatch.scheduling_policy",
        "'punctul'",
        "a key of scheduling_policies (frugal, punctual; did you mean punctual?)",
    ),
    (
        {"scheduling_policies.frugal.priorities": ["left_for_later"]},
        "scheduling_policies.frugal.priorities",
        "an order of objectives",
        "nothing unless objective is lexicographic",
    ),
    (
        {"scheduling_policies.frugal.objective": "lexicographic"},
        "scheduling_policies.frugal.priorities",
        "nothing",
        "at least one objective",
    ),
    (
        {"scheduling_policies.punctual.priorities": ["left_for_later", []]},
        "scheduling_policies.punctual.priorities.1",
        "nothing",
        "at least one objective",
    ),
    (
        {"scheduling_policies.punctual.priorities": ["left_for_later", ["travel", "left_for_later"]]},
        "scheduling_policies.punctual.priorities.1",
        "'left_for_later'",
        "each objective once",
    ),
    (
        {"scheduling_policies.punctual.priorities": ["left_for_later", "unfairness"]},
        "scheduling_policies.punctual.priorities.1",
        "'unfairness'",
        "an objective whose weight is above 0",
    ),
    (
        {"scheduling_policies.punctual.priorities": ["tardiness", "left_for_later"]},
        "scheduling_policies.punctual.priorities.0",
        "['tardiness']",
        "left_for_later among them",
    ),
    ({"dispatch.overflow.partner": "shop"}, "dispatch.overflow.partner", "'shop'", "(outlet)"),
    ({"dispatch.overflow.partner": "hq"}, "dispatch.overflow.partner", "'hq'", "(outlet)"),
    # Travel
    ({"travel.method": "great_circle"}, "travel.hours", "hours", "nothing unless travel.method is matrix"),
    ({"travel.hours.nowhere": {}}, "travel.hours.nowhere", "'nowhere'", "sites and centres"),
    ({"travel.hours.hq.nowhere": 1}, "travel.hours.hq.nowhere", "'nowhere'", "sites and centres"),
    ({"travel.hours.hq.siam": None}, "travel.hours.hq.siam", "nothing", "the centre serves the site"),
    (
        {"centres.gurney": {"level": "local", "city": "penang"}, "travel.hours.gurney": {"esplanade": 0.2}},
        "centres.gurney",
        "'gurney'",
        "a key that no site has",
    ),
    # Durations
    (
        {"fault_types.flicker.work_hours": {"distribution": "constant"}},
        "fault_types.flicker.work_hours.mean",
        "nothing",
        "constant needs it",
    ),
    (
        {"fault_types.offline.work_hours.cv": None},
        "fault_types.offline.work_hours.cv",
        "nothing",
        "lognormal needs it",
    ),
    (
        {"fault_types.offline.triage_hours.cv": 1},
        "fault_types.offline.triage_hours.cv",
        "1.0",
        "exponential has no cv",
    ),
    (
        {"fault_types.offline.pause.hours.low": 4},
        "fault_types.offline.pause.hours.low",
        "4",
        "at most high (3)",
    ),
    (
        {"fault_types.outage.stages.visit.work_hours.mode": 0.25},
        "fault_types.outage.stages.visit.work_hours.mode",
        "0.25",
        "from low (0.5) to high (3)",
    ),
    (
        {"fault_types.outage.stages.visit.work_hours.high": None},
        "fault_types.outage.stages.visit.work_hours.high",
        "nothing",
        "triangular needs it",
    ),
    (
        {"fault_types.outage.triage_hours.cv": 0.9},
        "fault_types.outage.triage_hours.cv",
        "0.9",
        "at least 1",
    ),
    (
        {"centres.hq.depot.psu.lead_hours.cv": None},
        "centres.hq.depot.psu.lead_hours.cv",
        "nothing",
        "gamma needs it",
    ),
    (
        {"centres.outlet.partner.attend_hours.mean": None},
        "centres.outlet.partner.attend_hours.mean",
        "nothing",
        "exponential needs it",
    ),
]


@pytest.mark.parametrize(("values", "key", "found", "allowed"), REFUSED, ids=[row[1] for row in REFUSED])
def test_each_contradiction_is_refused_at_its_key(
    values: dict[str, Any], key: str, found: str, allowed: str
) -> None:
    """One contradiction makes one problem, with its key, what was found and what is allowed."""
    refused = problems_with(values)
    assert list(refused) == [key]
    assert found in refused[key].found
    assert allowed in refused[key].allowed
    assert refused[key].file == "scenario"


@pytest.mark.parametrize(
    "key",
    [
        "typo",
        "sites.nowhere",
        "sla.nobody",
        "sla.4",
        "sla.strategic.targets.typo",
        "sites.gurney.name.x",
        "days.x",
    ],
)
def test_a_source_is_of_a_key_that_exists(key: str) -> None:
    """A source for a key that leads nowhere is refused under that key."""
    document = rich()
    document["sources"][key] = {"quality": "A", "note": "Somewhere."}
    assert list(problems(document)) == [f"sources.{key}"]


@pytest.mark.parametrize(
    "key",
    [
        "days",
        "sites",
        "sites.gurney.devices",
        "sla.strategic.targets",
        "sla.1.targets.attend",
        "travel.hours.hq.siam",
    ],
)
def test_a_source_may_be_of_any_key_or_section(key: str) -> None:
    """Values, sections, and items of lists by name and by number may have a source."""
    document = rich()
    document["sources"] = {key: {"quality": "A", "note": "Somewhere."}}
    assert list(from_document(document).scenario.sources) == [key]


def test_all_problems_are_reported_at_once() -> None:
    """Several contradictions in different sections come back together, each once."""
    values = {
        "cities.penang.country": "burma",
        "sites.gurney.city": "ipoh",
        "centres.hq.city": "hue",
        "sites.siam.centre": "shop",
        "fault_types.flicker.part": {"part": "bulb"},
        "dispatch.policy": "oracle",
    }
    expected = {*values, "fault_types.flicker.part.part"} - {"fault_types.flicker.part"}
    assert problems_with(values).keys() == expected


def test_one_cause_is_reported_once() -> None:
    """Years without known holidays are one problem, however many cities have holidays."""
    values = {"start": "2100-12-01", "changes": [], "cities.kulim": rich()["cities"]["penang"]}
    with pytest.raises(ValueError, match="start") as caught:
        loaded(values)
    assert str(caught.value).count("2100-12-01; allowed: holidays of MY") == 1


@pytest.mark.parametrize(
    "values",
    [
        {"device_types.gateway.faults": {"outage": 1 / 3, "flicker": 1 / 3, "offline": 1 / 3}},
        {"fault_types.outage.stages.visit.next": {"remote": 0.5, "visit": 0.5}},
        {"warm_up": {"method": "mser5"}},
        {"warm_up.days": 119.5},
        {"fault_types.flicker.work_hours": 0},
        {"fault_types.offline.pause.hours": {"distribution": "uniform", "low": 2, "high": 2}},
        {"sites.gurney.devices": {}},
        {"travel.hours.hq.siam": None, "travel.hours.siam": {"hq": 0.5}},
        {
            "centres.station.depot.lens": None,
            "centres.hq.serves.cities": ["penang"],
            "travel.hours.hq.gurney": 7,
        },
        {"calendars.office.hours.mon": ["08:00-12:00", "12:00-17:00"]},
        {"start": "2026-01-02"},
    ],
)
def test_what_is_possible_is_not_refused(values: dict[str, Any]) -> None:
    """The edges of what is allowed load: shares up to rounding, touching windows, hours one way."""
    assert loaded(values).scenario.name == "rich"

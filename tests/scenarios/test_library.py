"""The scenarios of the library hold together, hide no doubt, and say where each figure comes from."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from scenarios import library, load
from scenarios.compiling import compile_world
from scenarios.doubts import doubts
from scenarios.loading import LIBRARY, LoadedScenario
from scenarios.world import World

CITIES = Path(LIBRARY).parent / "data" / "cities.csv"
#: Networks; the rest of the library are models of theory, in which every figure is a matter of definition.
NETWORKS = [name for name, file in library().items() if file.parent == LIBRARY]
#: On call at night is for major faults and emergencies only: others of the late evening wait too long.
EVENINGS = {("W-off-shift-sla", "sla.2.targets.response")}
#: Warnings that are meant: what a scenario is there to show.
MEANT = {
    "asean15": EVENINGS,
    "eight-cities": EVENINGS,
    "regional-centres": EVENINGS,
    "city-1-2-4-hours": {
        ("W-unreachable-sla", "sla.0.targets.response"),
        ("W-off-shift-sla", "sla.0.targets.response"),
        ("W-unreachable-sla", "sla.1.targets.response"),
        ("W-off-shift-sla", "sla.1.targets.response"),
        ("W-off-shift-sla", "sla.2.targets.response"),
    },
    "emergency-30-minutes": {("W-unreachable-sla", "sla.0.targets.attend")},
    "brand-28-centres": {("W-off-shift-sla", "sla.0.targets.restore")},
    "three-level-1200": {
        ("W-backbone", "stated.backbone_share"),
        ("W-budget", "budget.shares"),
        *(
            ("W-off-shift-sla", f"sla.{rule}.targets.{clock}")
            for rule in (1, 2)
            for clock in ("respond", "attend")
        ),
        ("W-off-shift-sla", "sla.0.targets.respond"),
    },
}
#: Figures of the experiment and of no place, which need no source.
OF_THE_EXPERIMENT = {"days", "warm_up", "replications", "seed", "confidence"}


@cache
def loaded(name: str) -> LoadedScenario:
    """Return a scenario of the library."""
    return load(name)


@cache
def compiled(name: str) -> World:
    """Return the same, compiled."""
    return compile_world(loaded(name))


@pytest.mark.parametrize("name", library())
def test_every_scenario_has_only_the_warnings_that_are_meant(name: str) -> None:
    """A scenario of the library loads, compiles under its own name and contradicts itself nowhere else."""
    world = compiled(name)
    assert world.name == name
    assert {(warn.code, warn.key) for warn in doubts(loaded(name), world)} == MEANT.get(name, set())


def figures(value: Any, key: str) -> Iterator[str]:
    """Yield the dotted key of every number and every time of day in a document."""
    if isinstance(value, dict):
        for name, item in value.items():
            yield from figures(item, f"{key}.{name}" if key else str(name))
    elif isinstance(value, list | tuple):
        for number, item in enumerate(value):
            named = item.get("name", number) if isinstance(item, dict) else number
            yield from figures(item, f"{key}.{named}")
    elif (isinstance(value, int | float) and not isinstance(value, bool)) or key.startswith("calendars."):
        yield key


@pytest.mark.parametrize("name", NETWORKS)
def test_every_figure_has_a_source(name: str) -> None:
    """Each number that a network states or inherits is covered by a source or by a reasoned assumption."""
    document = loaded(name).scenario.model_dump(exclude_unset=True, by_alias=True)
    sources = document["sources"]
    keys = [key for key in figures(document, "") if key.split(".")[0] not in OF_THE_EXPERIMENT]
    assert len(keys) > 100
    assert [key for key in keys if not any(f"{key}.".startswith(f"{source}.") for source in sources)] == []


@pytest.mark.parametrize("name", NETWORKS)
def test_positions_that_were_placed_by_us_say_so(name: str) -> None:
    """Sites stand where we put them, and are marked as an assumption; so do centres."""
    sources = loaded(name).scenario.sources
    assert sources["sites"].quality == "assumption"
    assert sources["centres"].quality in ("assumption", "C")


@cache
def rows() -> dict[str, dict[str, str]]:
    """Return the table of cities by key."""
    with CITIES.open(encoding="utf-8", newline="") as file:
        return {row["key"]: row for row in csv.DictReader(file)}


@pytest.mark.parametrize("name", NETWORKS)
def test_cities_are_those_of_the_table(name: str) -> None:
    """Name, position, time zone, country and state of a city are those of its source."""
    scenario = loaded(name).scenario
    table = rows()
    for key, city in scenario.cities.items():
        row = table[key]
        assert (city.name, city.time_zone) == (row["name"], row["time_zone"])
        assert (city.lat, city.lon) == (float(row["lat"]), float(row["lon"]))
        assert (city.subdivision or "") == row["subdivision"]
        assert scenario.countries[city.country].holidays == row["country"]


def test_no_city_of_the_table_is_left_over() -> None:
    """The table holds the cities of the library and no more."""
    assert set(rows()) == {key for name in NETWORKS for key in loaded(name).scenario.cities}


def orders_a_day(name: str) -> float:
    """Return the failures a day that a scenario's devices are expected to have at first."""
    scenario = loaded(name).scenario
    rates = {key: kind.failures_per_year for key, kind in scenario.device_types.items()}
    devices = [item for site in scenario.sites.values() for item in site.devices.items()]
    return sum(rates[kind] * count for kind, count in devices) / 365.0


def heads(name: str) -> Counter[str]:
    """Return the engineers of a scenario by level of their centre."""
    counted: Counter[str] = Counter()
    for centre in loaded(name).scenario.centres.values():
        counted[centre.level] += sum(group.count for group in centre.engineers.values())
    return counted


def test_the_small_network_is_the_one_that_was_asked_for() -> None:
    """Penang has three stations and twelve sites, served within 12 h, major faults restored within 72 h."""
    scenario = loaded("one-city").scenario
    assert (len(scenario.cities), len(scenario.centres), len(scenario.sites)) == (1, 3, 12)
    assert {rule.targets.response for rule in scenario.sla} == {12.0}
    assert {rule.name: rule.targets.restore for rule in scenario.sla}["major"] == 72.0


def test_asean15_covers_fifteen_cities_near_and_far() -> None:
    """Sixty sites, fifteen cities, six countries, a station in each city; near 12 h, far 24 h, major 72 h."""
    scenario = loaded("asean15").scenario
    cities = {site.city for site in scenario.sites.values()}
    assert (len(cities), len(scenario.sites)) == (15, 60)
    assert len({scenario.cities[city].country for city in cities}) == 6
    assert {centre.city for centre in scenario.centres.values() if centre.level == "local"} == cities
    for rule in scenario.sla:
        assert rule.targets.response == {"near": 12.0, "far": 24.0}[rule.match.zone[0]]
        assert rule.targets.restore == (72.0 if rule.match.severity else None)


def test_asean15_has_the_size_of_the_default() -> None:
    """Some 17,000 devices fail 30 times a day and are looked after by sixty engineers."""
    scenario = loaded("asean15").scenario
    assert 16_500 < sum(sum(site.devices.values()) for site in scenario.sites.values()) < 17_500
    assert 28.0 < orders_a_day("asean15") < 33.0
    assert 57 <= heads("asean15").total() <= 63
    assert str(scenario.start) == "2026-01-01"


def test_asean15_has_every_mechanism_switched_on() -> None:
    """The default scenario leaves no mechanism at rest that a scenario can switch on."""
    scenario = loaded("asean15").scenario
    faults = scenario.fault_types.values()
    stages = [stage for fault in faults for stage in fault.stages.values()]
    centres = scenario.centres.values()
    groups = [group for centre in centres for group in centre.engineers.values()]
    stocks = [stock for centre in centres for stock in centre.depot.values()]
    for key in ("self_help", "remote", "pause", "part", "delay_hours", "misdiagnosis", "ar", "remote_expert"):
        assert any(getattr(fault, key) for fault in faults), key
    assert any(fault.crew for fault in faults) and any(stage.crew for stage in stages)
    assert any(fault.outdoor for fault in faults) and any(stage.restores for stage in stages)
    assert any(fault.diagnosis_hours.expected and fault.verification_hours.expected for fault in faults)
    assert all(
        any(getattr(group, key) for group in groups) for key in ("languages", "passes", "van", "on_call")
    )
    for key in ("base_stock", "reorder_point", "target_fill_rate", "source"):
        assert any(getattr(stock, key) for stock in stocks), key
    policy = scenario.parts_policy
    assert policy.pools and policy.second_supplier and policy.refurbished and policy.rush
    absences = scenario.absences
    assert absences.annual_leave_days and absences.sick_spells_per_year and absences.training_hours_per_year
    assert absences.attrition_per_year and absences.key_person_loss
    assert scenario.dispatch.overflow and scenario.dispatch.crossing and scenario.dispatch.preempting
    assert any(centre.partner and centre.partner.capacity for centre in centres)
    assert set(scenario.climate.cities) == set(scenario.cities)
    assert scenario.inspections is not None and scenario.inspections.every_days == 91.0
    assert scenario.prediction is not None and scenario.satisfaction is not None
    assert scenario.aftercare.follow_up and scenario.aftercare.complaints
    assert {alert.kind for alert in scenario.alerts} == {"backlog", "csat", "complaints", "outage"}
    penalties = scenario.penalties
    assert penalties.bonus and penalties.suspension and penalties.service_credit and penalties.recurrence


def test_each_kind_of_shock_strikes_asean15_once() -> None:
    """Shocks that the climate does not bring have a date, and what lasts ends within the year."""
    shocks = loaded("asean15").scenario.disruptions
    kinds = {"holiday", "ticket_outage", "supplier_outage", "staff_shortage", "batch_failure", "tourist_peak"}
    assert Counter(shock.kind for shock in shocks) == {**dict.fromkeys(kinds, 1), "rain": 1}
    assert all(shock.length < 31 * 24 for shock in shocks)


def test_orders_grew_by_120_percent_from_eight_cities_to_fifteen() -> None:
    """Before the growth there are eight cities, and asean15 has 2.2 times their orders."""
    assert len({site.city for site in loaded("eight-cities").scenario.sites.values()}) == 8
    assert orders_a_day("asean15") / orders_a_day("eight-cities") == pytest.approx(2.2, rel=0.01)


def test_eight_regional_centres_serve_the_sites_of_asean15() -> None:
    """Sites and head count are those of asean15, eight centres hold intermediates only."""
    network = loaded("regional-centres").scenario
    assert network.sites == loaded("asean15").scenario.sites
    assert heads("regional-centres").total() == heads("asean15").total()
    regions = [centre for key, centre in network.centres.items() if key.endswith("-region")]
    assert len(regions) == 8
    assert {group.level for centre in regions for group in centre.engineers.values()} == {"intermediate"}


def test_city_tiers_are_promised_one_two_and_four_hours() -> None:
    """The first tier has 1 h, the second 2 h, all others 4 h, in the network of asean15."""
    scenario = loaded("city-1-2-4-hours").scenario
    assert [(rule.match.city_tier, rule.targets.response) for rule in scenario.sla] == [
        ((1,), 1.0),
        ((2,), 2.0),
        ((3, 4), 4.0),
    ]
    assert scenario.centres == loaded("asean15").scenario.centres


def test_half_an_hour_is_out_of_reach_in_one_city_only() -> None:
    """The doubt about the emergency promise is about Chiang Mai, though Johor Bahru has emergencies, too."""
    name = "emergency-30-minutes"
    message = next(w.message for w in doubts(loaded(name), compiled(name)) if w.code == "W-unreachable-sla")
    assert "at 2 of 7 sites" in message
    assert "chiang-mai" in message
    scenario = loaded(name).scenario
    assert {site.city for site in scenario.sites.values() if site.devices.get("junction")} == {
        "johor-bahru",
        "chiang-mai",
    }
    rules = {rule.name: rule.targets for rule in scenario.sla}
    assert (rules["emergency"].attend, rules["routine"].attend, rules["complex"].restore) == (0.5, 2.0, 24.0)


def test_the_brand_has_28_centres_200_outlets_and_500_engineers() -> None:
    """Counts are those of the plan, and each tier of customers has its own hours."""
    scenario = loaded("brand-28-centres").scenario
    levels = Counter(centre.level for centre in scenario.centres.values())
    assert levels == {"regional": 28, "local": 200}
    assert heads("brand-28-centres").total() == 500
    assert {rule.name: rule.targets.response or rule.targets.restore for rule in scenario.sla} == {
        "diamond": 2.0,
        "gold": 4.0,
        "silver": 6.0,
    }


def test_three_levels_add_up_to_exactly_1200() -> None:
    """Fifty experts, eight centres of thirty, 110 stations of five and 90 of four; 1,000 orders a day."""
    name = "three-level-1200"
    assert heads(name) == {"hq": 50, "regional": 240, "local": 910}
    centres = loaded(name).scenario.centres.values()
    sizes = Counter(
        sum(group.count for group in centre.engineers.values())
        for centre in centres
        if centre.level == "local"
    )
    assert sizes == {5: 110, 4: 90}
    assert orders_a_day(name) == pytest.approx(1000.0, rel=0.02)


def test_orders_of_the_large_network_wait_in_few_queues() -> None:
    """Stations share region and headquarters, so that queues grow with stations, not with their pairs."""
    world = compiled("three-level-1200")
    assert len(world.queues) <= 4 * 200
    assert len(world.categories) <= 200 + 8 + 1


def test_the_table_of_the_library_is_true() -> None:
    """The guide lists every network with its sites, engineers and orders a day."""
    page = (LIBRARY.parent.parent / "docs" / "scenarios.md").read_text(encoding="utf-8")
    cells = [line.strip("| ").split(" | ") for line in page.splitlines() if line.startswith("| `")]
    rows = {row[0].strip("`"): row for row in cells if row[0].strip("`") in NETWORKS}
    assert set(rows) == set(NETWORKS)
    for name, (_, sites, engineers, orders, _) in rows.items():
        assert int(sites) == len(loaded(name).scenario.sites)
        assert int(engineers.replace(",", "")) == heads(name).total()
        assert float(orders.replace(",", "")) == pytest.approx(orders_a_day(name), rel=0.05)

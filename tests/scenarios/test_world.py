"""The compiled World against the document: positions for names, streams, stocks, one currency."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich_document import changed, loaded

from scenarios.compiling import SEVERITIES, compile_world
from scenarios.fault_specs import FaultSpec
from scenarios.keys import name_key
from scenarios.world import Stream, World


@pytest.fixture(scope="module")
def world() -> World:
    """Return the compiled rich network."""
    return compile_world(loaded())


def fault(world: World, name: str, period: int = 0) -> FaultSpec:
    """Return a fault type in a period."""
    return world.periods[period].faults[world.names.fault_types.index(name)]


def streams(world: World) -> dict[tuple[str, str], Stream]:
    """Return the streams by site and device type."""
    return {(world.names.sites[s.site], world.names.device_types[s.device_type]): s for s in world.streams}


# Names, places and the experiment


def test_the_experiment_is_that_of_the_document(world: World) -> None:
    """Days become hours, all else is as written."""
    assert (world.name, world.start, world.horizon) == ("rich", date(2026, 1, 1), 2880.0)
    assert (world.seed, world.replications, world.confidence) == (7, 3, 0.9)
    assert (world.currency, world.warm_up_method, world.warm_up) == ("USD", "fixed", 240.0)


def test_names_keep_the_order_of_the_document(world: World) -> None:
    """Positions follow the document, so that tables read like it."""
    assert world.names.sites == ("esplanade", "gurney", "siam", "sule")
    assert world.names.centres == ("hq", "station", "outlet")
    assert world.names.zones == ("near", "far")
    assert world.names.stages == ("visit", "remote")
    assert world.names.partners == ("outlet",)
    assert world.names.skills == ("camera", "network", "power")


def test_places_point_from_site_to_zone(world: World) -> None:
    """From a site over its city and country to its response zone, all by position."""
    places, names = world.places, world.names
    city = places.site_city[names.sites.index("sule")]
    assert names.cities[city] == "yangon"
    assert names.zones[places.country_zone[places.city_country[city]]] == "far"
    assert names.time_zones[places.city_time_zone[city]] == "Asia/Yangon"
    assert [names.cities[c] for c in places.centre_city] == ["bangkok", "penang", "yangon"]


@settings(deadline=None, max_examples=25)
@given(
    st.sampled_from(
        ["Asia/Yangon", "America/New_York", "Pacific/Apia", "Pacific/Niue", "Australia/Lord_Howe", "UTC"]
    ),
    st.dates(date(2010, 1, 1), date(2030, 1, 1)),
    st.integers(1, 40),
)
def test_local_midnights_begin_every_local_day(zone: str, start: date, days: int) -> None:
    """From the last midnight at or before the start on, the midnights are those that a local clock shows."""
    values = {"start": str(start), "days": days, "warm_up": None, "countries.my.holidays": None}
    values |= {
        "countries.th.holidays": None,
        "cities.penang.subdivision": None,
        "cities.yangon.time_zone": zone,
    }
    world = compile_world(loaded({**values, "changes": []}))
    midnights = world.places.midnights[world.names.time_zones.index(zone)]
    origin, place = datetime(start.year, start.month, start.day, tzinfo=UTC), ZoneInfo(zone)
    assert midnights[0] <= 0.0 < midnights[1]
    assert midnights[-1] >= world.horizon
    for instant in midnights[midnights <= world.horizon + 24]:
        local = (origin + timedelta(hours=float(instant))).astimezone(place)
        before = (origin + timedelta(hours=float(instant), seconds=-1)).astimezone(place)
        assert local.date() > before.date()
    assert (np.diff(midnights) >= 23.0).all()


# Faults, stages, mixes


def test_severity_and_priority(world: World) -> None:
    """Priority comes from the severity, unless the fault states its own."""
    assert fault(world, "offline").severity == SEVERITIES.index("normal")
    assert (fault(world, "offline").priority, fault(world, "flicker").priority) == (2, 4)
    assert fault(world, "outage").priority == 1


def test_one_visit_that_may_have_to_be_repeated(world: World) -> None:
    """A first-time-fix rate of 0.8 is a visit that follows itself with chance 0.2; 1 has no follower."""
    (visit,) = fault(world, "offline").stages
    assert (visit.name, visit.skill, visit.level, visit.on_site) == ("visit", 0, 1, True)
    assert dict(visit.following) == {0: pytest.approx(0.2)}
    assert fault(world, "flicker").stages[0].following == ()


def test_stages_and_the_cumulated_chance_of_their_followers(world: World) -> None:
    """Stages keep their order, and what may follow has its chances cumulated."""
    remote, visit = fault(world, "outage").stages
    assert (remote.name, remote.skill, remote.level, remote.on_site) == ("remote", 1, 2, False)
    assert remote.following == ((1, 0.5),)
    assert dict(visit.following) == {0: pytest.approx(0.1), 1: pytest.approx(0.3)}
    assert visit.work_hours.expected == pytest.approx(1.5)
    assert fault(world, "outage").expected_hours == 0.5


def test_parts_pauses_and_devices_down(world: World) -> None:
    """What a fault may need and bring with it is in its table; absent means never."""
    offline, flicker, outage = (fault(world, name) for name in ("offline", "flicker", "outage"))
    assert (offline.part, offline.part_probability, offline.part_quantity) == (0, 0.3, 2)
    assert (flicker.part, flicker.part_probability, flicker.part_quantity) == (-1, 0.0, 0)
    assert (outage.part, outage.part_probability, outage.part_quantity) == (1, 1.0, 1)
    assert (offline.pause_probability, flicker.pause_probability) == (0.1, 0.0)
    assert offline.pause_hours is not None and offline.pause_hours.expected == 2.0
    assert flicker.pause_hours is None
    assert (outage.devices_down, flicker.devices_down) == (4, 1)


def test_mixes_are_cumulated_to_one(world: World) -> None:
    """The shares of a device type's faults are cumulated in its order, and end at exactly 1."""
    positions, shares = world.periods[0].mixes[world.names.device_types.index("camera")]
    assert [world.names.fault_types[p] for p in positions] == ["offline", "flicker"]
    assert shares.tolist() == [0.25, 1.0]
    thirds = {"outage": 0.3333333, "flicker": 0.3333333, "offline": 0.3333333}
    uneven = compile_world(loaded({"device_types.gateway.faults": thirds}))
    assert uneven.periods[0].mixes[1][1][-1] == 1.0


# Streams


def test_streams_are_keyed_by_names_alone(world: World) -> None:
    """The key of a stream depends on its site and device type only, whatever else the network has."""
    more = {
        "sites.aaa": {"city": "penang", "customer": "mall", "devices": {"camera": 1}},
        "travel.hours.station.aaa": 1,
    }
    other = streams(compile_world(loaded(more)))
    for names, stream in streams(world).items():
        assert stream.key == other[names].key == name_key("failures", *names)
    assert len({stream.key for stream in other.values()}) == len(other) == len(streams(world)) + 1


def test_finite_streams_are_per_device(world: World) -> None:
    """A finite population has the rate of one device, an infinite one of all together."""
    gateway, camera = streams(world)["siam", "gateway"], streams(world)["siam", "camera"]
    assert (gateway.devices, gateway.finite) == (3, True)
    assert gateway.factor == pytest.approx(2 / 8760)
    assert (camera.devices, camera.finite) == (60, False)
    assert camera.factor == pytest.approx(0.75 * 60 / 8760)


def test_proportional_streams_share_their_integral(world: World) -> None:
    """Cameras of one time zone have one cumulated rate, whatever their numbers; zones have their own."""
    by_site = {site: s.intensity for (site, device), s in streams(world).items() if device == "camera"}
    assert by_site["esplanade"] == by_site["gurney"]
    assert len({by_site[site] for site in ("gurney", "siam", "sule")}) == 3
    assert streams(world)["siam", "gateway"].intensity != by_site["siam"]


def test_nothing_fails_where_nothing_is(world: World) -> None:
    """No stream for a device type that a site does not have, nor for one that never fails."""
    assert streams(world).keys() == {
        *((site, "camera") for site in world.names.sites),
        *((site, "gateway") for site in ("esplanade", "siam")),
    }
    never = compile_world(loaded({"device_types.gateway.failures_per_year": 0}))
    assert {device for _, device in streams(never)} == {"camera"}


# Money


@given(st.floats(1e-6, 1e6), st.floats(0, 1e6))
@settings(deadline=None, max_examples=25)
def test_amounts_in_other_currencies_are_turned_into_one(rate: float, amount: float) -> None:
    """An amount with a code is amount x rate wherever money may stand; a plain number is what it is."""
    text = f"{amount!r} XAU"
    values = {
        "currency.rates.XAU": rate,
        "parts.lens.unit_cost": text,
        "centres.hq.engineers.experts.cost_per_hour": text,
        "centres.hq.fixed_cost_per_day": text,
        "centres.outlet.partner.price_per_order": text,
        "sla.rest.penalty_per_breach": text,
        "budget.amount": text,
    }
    scenario = loaded({**values, "changes": []})
    world = compile_world(scenario)
    overflow = world.periods[0].overflow
    assert overflow is not None
    assert scenario.scenario.budget is not None
    found = {
        float(world.periods[0].unit_costs[0]),
        next(e.cost_per_hour for e in world.engineers if e.name == "hq:experts:1"),
        float(world.periods[0].fixed_costs[world.names.centres.index("hq")]),
        overflow.price,
        world.rules[3].penalty,
        scenario.scenario.budget.amount,
    }
    assert found == {amount * rate}
    assert world.periods[0].unit_costs[1] == 12.5


# Stocks and depots


def test_stocks_by_centre_and_part(world: World) -> None:
    """Every depot and part with a stock has it once, with its base stock in each period."""
    depots = [s for s in world.stocks if not s.van]
    held = {(world.names.centres[s.centre], world.names.parts[s.part]): s for s in depots}
    assert {key: s.base_stock for key, s in held.items()} == {
        ("hq", "lens"): (4, 4, 4),
        ("hq", "psu"): (2, 2, 2),
        ("station", "lens"): (2, 2, 2),
        ("station", "psu"): (1, 1, 1),
    }
    assert held["hq", "psu"].lead_hours[0].expected == 72.0


def test_sites_draw_parts_from_their_home_s_depot(world: World) -> None:
    """A site's parts come from its home, else from the first centre that serves it and has them."""
    names = world.names

    def depot(compiled: World, site: str, part: str, period: int = 0) -> str:
        position = int(compiled.periods[period].depots[names.sites.index(site), names.parts.index(part)])
        return names.centres[compiled.stocks[position].centre]

    assert [depot(world, site, "psu") for site in names.sites] == ["station", "station", "hq", "hq"]
    pooled = changed(("2026-02-01", {"centres.station.depot.psu": None, "sites.gurney.devices": {}}))
    assert [depot(pooled, "esplanade", "psu", n) for n in (0, 1)] == ["station", "hq"]
    (psu,) = (
        s for s in pooled.stocks if (names.centres[s.centre], names.parts[s.part]) == ("station", "psu")
    )
    assert psu.base_stock == (1, 0)


def test_base_stock_and_lead_time_change_on_a_date() -> None:
    """A stock has its size and lead time by period."""
    world = changed(
        ("2026-02-01", {"centres.hq.depot.lens.base_stock": 9}),
        ("2026-03-01", {"centres.hq.depot.lens.lead_hours": 5}),
    )
    lens = world.stocks[0]
    assert lens.base_stock == (4, 9, 9)
    assert [lead.expected for lead in lens.lead_hours] == [48.0, 48.0, 5.0]

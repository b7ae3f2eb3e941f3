"""Hours between places: distances against geometry, the scenario's own matrix against its words."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich_document import loaded
from small_networks import networks

from scenarios import LoadedScenario
from scenarios.compiling import compile_world
from scenarios.territories import EARTH_RADIUS_KM, great_circle_km, position
from scenarios.world import World

latitudes, longitudes = st.floats(-90, 90), st.floats(-180, 180)
points = st.tuples(latitudes, longitudes)
QUARTER = math.pi / 2 * EARTH_RADIUS_KM


def spherical_km(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Return the distance by the angle between two unit vectors, a formula without haversines."""

    def vector(lat: float, lon: float) -> Any:
        lat, lon = math.radians(lat), math.radians(lon)
        return np.array([math.cos(lat) * math.cos(lon), math.cos(lat) * math.sin(lon), math.sin(lat)])

    one, other = vector(*a), vector(*b)
    return EARTH_RADIUS_KM * math.atan2(float(np.linalg.norm(np.cross(one, other))), float(one @ other))


# Theory


@pytest.mark.parametrize(
    ("a", "b", "km"),
    [
        ((0.0, 0.0), (0.0, 90.0), QUARTER),
        ((0.0, 0.0), (90.0, 123.0), QUARTER),
        ((0.0, 0.0), (0.0, 180.0), 2 * QUARTER),
        ((90.0, 0.0), (-90.0, 77.0), 2 * QUARTER),
        ((12.5, 99.0), (12.5, 99.0), 0.0),
        ((0.0, 179.5), (0.0, -179.5), QUARTER / 90),
        ((10.0, 20.0), (11.0, 20.0), QUARTER / 90),
    ],
)
def test_distances_that_geometry_knows(a: tuple[float, float], b: tuple[float, float], km: float) -> None:
    """A quarter and half of the circumference, a degree along a meridian and across the date line."""
    assert great_circle_km(*a, *b) == pytest.approx(km, abs=1e-6)


@pytest.mark.parametrize(
    ("a", "b", "km"),
    [
        # London - New York and Singapore - Bangkok by city centres, Kuala Lumpur - Jakarta, as published.
        ((51.5074, -0.1278), (40.7128, -74.0060), 5570),
        ((1.3521, 103.8198), (13.7563, 100.5018), 1427),
        ((3.1390, 101.6869), (-6.2088, 106.8456), 1185),
    ],
)
def test_distances_between_cities(a: tuple[float, float], b: tuple[float, float], km: float) -> None:
    """Published great-circle distances between cities are met to half a per cent."""
    assert great_circle_km(*a, *b) == pytest.approx(km, rel=0.005)


@given(points, points)
def test_haversine_agrees_with_the_angle_of_vectors(a: tuple[float, float], b: tuple[float, float]) -> None:
    """Two formulas for one distance agree to a centimetre, for neighbours as for antipodes."""
    assert great_circle_km(*a, *b) == pytest.approx(spherical_km(a, b), rel=1e-7, abs=1e-3)


# Properties


@given(points, points, points)
def test_distance_is_a_metric(a: tuple[float, float], b: tuple[float, float], c: tuple[float, float]) -> None:
    """Distances are symmetric, nothing from a place to itself, and never longer than a detour."""
    ab, bc, ac = great_circle_km(*a, *b), great_circle_km(*b, *c), great_circle_km(*a, *c)
    assert ab == pytest.approx(great_circle_km(*b, *a), rel=1e-12)
    assert great_circle_km(*a, *a) == 0.0
    assert ac <= ab + bc + 1e-3


@settings(deadline=None, max_examples=40)
@given(networks())
def test_hours_are_distance_times_circuity_over_speed(network: LoadedScenario) -> None:
    """Between any two places the hours follow from their distance, within a city or between two."""
    world, s = compile_world(network), network.scenario
    keys = [*world.names.sites, *world.names.centres]
    for a, one in enumerate(keys):
        for b, other in enumerate(keys):
            km = great_circle_km(*position(s, one), *position(s, other))
            inside = city_of(network, one) == city_of(network, other)
            hours = km * 1.35 / 30 if inside else km * 1.3 / 60
            assert world.periods[0].travel_hours[a, b] == pytest.approx(hours, rel=1e-9, abs=1e-9)


def city_of(network: LoadedScenario, key: str) -> str:
    """Return the city of a site or centre."""
    s = network.scenario
    return s.sites[key].city if key in s.sites else s.centres[key].city


# The scenario's own matrix


@pytest.fixture(scope="module")
def world() -> World:
    """Return the compiled rich network, whose hours are given."""
    return compile_world(loaded())


def hours(world: World, origin: str, target: str, period: int = 0) -> float:
    """Return the hours from one place to another."""
    keys = [*world.names.sites, *world.names.centres]
    return float(world.periods[period].travel_hours[keys.index(target), keys.index(origin)])


@pytest.mark.parametrize(
    ("origin", "target", "expected"),
    [
        ("hq", "siam", 0.5),
        ("siam", "hq", 0.5),
        ("hq", "esplanade", 7.0),
        ("esplanade", "hq", 7.5),
        ("esplanade", "gurney", 0.2),
        ("gurney", "esplanade", 0.2),
        ("station", "hq", 6.5),
        ("siam", "siam", 0.0),
        # Not given: over the centre that makes it shortest.
        ("siam", "sule", 9.5),
        ("siam", "gurney", math.nan),
        ("gurney", "hq", 6.8),
        ("station", "siam", 7.0),
    ],
)
def test_given_hours_their_reverse_and_ways_over_a_centre(
    world: World, origin: str, target: str, expected: float
) -> None:
    """Given hours are taken as they are, a missing way back as the way there, a missing pair by a centre."""
    assert hours(world, origin, target) == pytest.approx(expected, rel=1e-12, nan_ok=True)


def test_every_centre_reaches_the_sites_it_serves(world: World) -> None:
    """No engineer is ever asked for unknown hours: from his centre and between the sites of his territory."""
    for period in world.periods:
        for queue in {queue for site in period.queues for fault in site for queue in fault}:
            for centre in world.queues[queue].territory:
                place = len(world.names.sites) + centre
                served = [i for i, site in enumerate(period.queues) if any(queue in fault for fault in site)]
                assert not np.isnan(period.travel_hours[np.ix_([place, *served], [place, *served])]).any()


def test_the_matrix_may_change_on_a_date() -> None:
    """From its date on a changed hour counts, in both directions where only one is given."""
    world = compile_world(
        loaded({"changes": [{"from": "2026-02-01", "set": {"travel.hours.hq.siam": 0.75}}]})
    )
    assert [hours(world, "siam", "hq", period) for period in (0, 1)] == [0.5, 0.75]


def test_places_that_are_not_there_have_no_hours() -> None:
    """Before a site opens nobody knows the way to it, afterwards all do; with distances as with a matrix."""
    new = {"city": "penang", "customer": "mall", "devices": {}}
    by_distance = {"travel.method": "great_circle", "travel.hours": None}
    for values, change in [
        ({}, {"sites.new": new, "travel.hours.station.new": 1.25}),
        (by_distance, {"sites.new": new, "centres.hq.fixed_cost_per_day": 1}),
    ]:
        world = compile_world(loaded({**values, "changes": [{"from": "2026-02-01", "set": change}]}))
        assert math.isnan(hours(world, "station", "new", 0))
        assert hours(world, "station", "new", 1) == (0.0 if values else 1.25)


def test_distances_are_between_the_places_own_positions() -> None:
    """A place without a position of its own stands at its city's, one with a position there."""
    world = compile_world(loaded({"travel.method": "great_circle", "travel.hours": None}))
    assert hours(world, "station", "gurney") == 0.0
    km = great_circle_km(5.4141, 100.3288, 5.4214, 100.3436)
    assert hours(world, "station", "esplanade") == pytest.approx(km * 1.4 / 25, rel=1e-12)
    km = great_circle_km(13.7, 100.55, 16.8409, 96.1735)
    assert hours(world, "hq", "sule") == pytest.approx(km * 1.2 / 80, rel=1e-12)

"""Travel over a network in a run: hours at the time of departure, fares, and the way back."""

from __future__ import annotations

from typing import Any

import pytest

from scenarios import from_document
from scenarios.compiling import compile_world
from scenarios.loading import load
from scenarios.problems import ScenarioError
from scenarios.world import World
from sim.model import Model
from sim.records import tables_of

TRAFFIC = [1.0] * 8 + [2.0] + [1.0] * 15
DEGREE_KM = 111.19508372419141


def document(**changes: Any) -> dict[str, Any]:
    """Return two towns a flight apart: the people live in one, a fault comes up in the other.

    The flight takes 2 h with an hour on either side, and leaves from 06:00 to 22:00 local time (UTC+8 at
    home, UTC+7 away). The site lies 10 km from the middle of its town, where people drive 20 km/h, and half
    as fast from 08:00 to 09:00.
    """
    base = load("mmc", ["warm_up={method: none}", "days=30"]).scenario.model_dump(mode="json", by_alias=True)
    north = {"name": "Town", "country": "model", "lat": 0, "lon": 0}
    base |= {
        "name": "flight",
        "cities": {
            "home": {**north, "time_zone": "Asia/Kuala_Lumpur"},
            "away": {**north, "time_zone": "Asia/Bangkok"},
        },
        "sites": {
            "site": {
                "city": "away",
                "customer": "owner",
                "devices": {"unit": 1},
                "lat": 10 / DEGREE_KM,
                "lon": 0,
            }
        },
        "device_types": {"unit": {"failures_per_year": 40, "faults": {"fault": 1}}},
        "fault_types": {"fault": {"severity": "normal", "skill": "field", "work_hours": 3}},
        "centres": {
            "depot": {
                "level": "local",
                "city": "home",
                "serves": {"cities": ["away"]},
                "engineers": {
                    "crew": {
                        "count": 1,
                        "level": "junior",
                        "skills": ["field"],
                        "shift": "always",
                        "cost_per_hour": 1,
                    }
                },
            }
        },
        "links": {
            "flight": {
                "from": "home",
                "to": "away",
                "mode": "air",
                "access_hours": 0.5,
                "wait_hours": 0.5,
                "ride_hours": 2,
                "egress_hours": 1,
                "cost": 90,
                "operates": ["06:00-22:00"],
            }
        },
        "city_travel": {"default": {"speed_kmh": 20, "circuity": 1, "traffic_by_hour": TRAFFIC}},
        "travel": {"method": "network", "cost_per_hour": 10},
        "sla": [],
    }
    return {**base, **changes}


def world(**changes: Any) -> World:
    """Return the compiled document."""
    return compile_world(from_document(document(**changes)))


def model_at(hour: float) -> Model:
    """Return a model whose clock stands at an hour (UTC) of the first day."""
    model = Model(world(), 1, 0)
    model.env.run(until=hour)
    return model


@pytest.mark.parametrize(
    ("hour", "expected"),
    [
        # 10:00 at home: flies at once; arrives at 13:00 in the other town, then 10 km.
        (2.0, 4.0 + 0.5),
        # 03:00 at home: waits at the airport until 06:00; also into the morning traffic.
        (19.0, 3.0 + 2.0 + 1.0 + 1.0),
        # 05:00 at home: flies at 06:00, arrives at 09:00, which is 08:00 there: twice the time for 10 km.
        (21.0, 4.0 + 1.0),
    ],
)
def test_hours_are_those_of_the_departure(hour: float, expected: float) -> None:
    """The way takes what legs, opening hours and traffic take at the time of leaving, in local times."""
    model = model_at(hour)
    assert model.hours_to(0)[1] == pytest.approx(expected)


def test_engineers_come_back_and_fares_are_paid() -> None:
    """Each trip has a way back unless more work waits there; hours and fares are in the tables."""
    model = Model(world(), 1, 0)
    model.run()
    tables = tables_of(model, 0)
    visits, days = tables["visits"], tables["engineer_days"]
    booked, ended = visits["booked_at"], visits["ended_at"]
    back = visits["return_hours"]
    assert (back > 0.0).sum() >= 1
    for number in range(len(booked) - 1):
        if back[number] > 0.0:
            assert booked[number + 1] >= ended[number] + back[number] - 1e-9
        else:
            assert booked[number + 1] == pytest.approx(ended[number])
    ways = visits["travel_hours"].sum() + back.sum()
    assert days["travel_hours"].sum() == pytest.approx(ways)
    fares = visits["fares"].sum()
    began_away = int((back[:-1] == 0.0).sum())
    assert fares == pytest.approx(90.0 * (len(booked) - began_away + (back > 0.0).sum()))
    assert days["cost_travel"].sum() == pytest.approx(10.0 * ways + fares)


def test_who_is_on_his_way_back_serves_nobody() -> None:
    """An order that is ready while the only engineer flies home waits until he is there."""
    model = Model(world(device_types={"unit": {"failures_per_year": 700, "faults": {"fault": 1}}}), 1, 0)
    model.run()
    visits = tables_of(model, 0)["visits"]
    home = visits["ended_at"] + visits["return_hours"]
    waited = (visits["ready_at"][1:] < home[:-1]) & (visits["return_hours"][:-1] > 0.0)
    assert waited.any()
    assert (visits["booked_at"][1:][waited] >= home[:-1][waited] - 1e-9).all()


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"travel": {"method": "great_circle"}}, "links"),
        (
            {"links": {"flight": {"from": "home", "to": "mars", "mode": "air", "ride_hours": 2}}},
            "links.flight.to",
        ),
        ({"links": {}}, "sites.site"),
    ],
)
def test_a_network_that_cannot_be_is_refused(changes: dict[str, Any], key: str) -> None:
    """Links without a network, links to nowhere, and sites that nobody can reach name their key."""
    with pytest.raises(ScenarioError) as error:
        from_document(document(**changes))
    assert key in [p.key for p in error.value.problems]

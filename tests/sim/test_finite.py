"""Finite installed bases: a device that is down cannot fail, and fails again in its own operating time."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
import scipy.stats
from by_hand import rows
from hypothesis import given, settings
from hypothesis import strategies as st
from random_worlds import random_document
from worlds import Document, simulate, tiny

from sim.model import Model
from sim.records import tables_of

some = settings(max_examples=50, deadline=None)


def finite(
    devices: int, engineers: int, mtbf: float, repair: float | Document, days: float = 100.0, **sections: Any
) -> Document:
    """Return a site with devices that fail every `mtbf` operating hours on average."""
    kind = {"failures_per_year": 8760.0 / mtbf, "population": "finite", "faults": {"fault": 1.0}}
    return tiny(
        {"fault": {"work_hours": repair}},
        {"a": {"count": engineers}},
        sites={"site": {"city": "town", "customer": "owner", "devices": {"fault": devices}}},
        device_types={"fault": kind},
        days=days,
        **sections,
    )


def downtimes(model: Model) -> dict[tuple[int, int], list[tuple[float, float]]]:
    """Return (failed, restored) of each failure, by stream and device."""
    births = model.births
    found: dict[tuple[int, int], list[tuple[float, float]]] = defaultdict(list)
    for row in range(len(births)):
        restored = model.restored[row]
        end = float("inf") if np.isnan(restored) else restored
        device = (int(births.stream[row]), int(births.index[row]))
        found[device].append((float(births.reported_at[row]), end))
    return found


#: What fails beside the devices of finite bases, or finds their defects.
NOT_OF_FINITE = ("inspections", "prediction", "climate", "disruptions")


@some
@given(seed=st.integers(0, 2**32))
def test_a_device_that_is_down_does_not_fail(seed: int) -> None:
    """A device fails again only after its last failure was restored, whoever restored it."""
    document = random_document(seed, without=NOT_OF_FINITE)
    for kind in document["device_types"].values():
        kind["population"] = "finite"
    model = simulate(document)
    devices = sum(s.devices for s in model.world.streams)
    found = downtimes(model)
    assert len(found) <= devices
    for spans in found.values():
        assert all(restored < failed for (_, restored), (failed, _) in pairwise(spans))


@some
@given(seed=st.integers(0, 2**32))
def test_the_number_of_a_failure_is_in_its_name(seed: int) -> None:
    """Orders are named by site, device type and device, and numbered from 1 for each device."""
    document = random_document(seed, without=NOT_OF_FINITE)
    for kind in document["device_types"].values():
        kind["population"] = "finite"
    model = simulate(document)
    ids = [row["id"] for row in rows(tables_of(model, 0)["work_orders"])]
    seen: dict[str, int] = defaultdict(int)
    for name in ids:
        device, number = name.rsplit(".", 1)
        seen[device] += 1
        assert int(number) == seen[device]
        site, kind, _ = device.split(":")
        assert kind in document["sites"][site]["devices"]


def test_without_engineers_devices_stay_down() -> None:
    """If nobody repairs, each device fails once and no more."""
    model = simulate(finite(5, 0, 10.0, 1.0))
    assert sorted(model.births.index.tolist()) == [0, 1, 2, 3, 4]
    assert np.isnan(model.restored).all()


def test_operating_times_are_exponential() -> None:
    """Hours from a restoration to the next failure of the device have the mean that the rate gives."""
    model = simulate(finite(20, 20, 30.0, 3.0, days=200.0))
    hours = [b[0] - a[1] for spans in downtimes(model).values() for a, b in pairwise(spans)]
    assert len(hours) > 2000
    assert scipy.stats.kstest(hours, "expon", args=(0, 30.0)).pvalue > 0.001


def test_a_device_s_draws_do_not_depend_on_the_repair() -> None:
    """The n-th operating time of a device is the same however long its repairs take."""
    quick, slow = (simulate(finite(3, 3, 50.0, repair)) for repair in (0.5, 20.0))
    for device, spans in downtimes(slow).items():
        others = downtimes(quick)[device]
        mine = [b[0] - a[1] for a, b in pairwise(spans)]
        theirs = [b[0] - a[1] for a, b in pairwise(others)]
        assert mine == pytest.approx(theirs[: len(mine)])
        assert len(mine) > 0


def test_devices_of_one_kind_fail_apart() -> None:
    """No two devices have the same draws."""
    model = simulate(finite(30, 30, 50.0, 1.0))
    first = [spans[0][0] for spans in downtimes(model).values()]
    assert len(set(first)) == len(first) > 20


def test_a_rate_that_changes_takes_the_operating_time_along() -> None:
    """From a date on, devices fail as often as the new rate says; at rate 0 they do not fail at all."""
    key = "device_types.fault.failures_per_year"
    changes = [
        {"from": date(2026, 2, 5), "set": {key: 0.0}},
        {"from": date(2026, 3, 8), "set": {key: 8760.0 / 10.0}},
    ]
    model = simulate(finite(20, 20, 40.0, 0.0, days=93.0, changes=changes))
    counts, _ = np.histogram(model.births.reported_at, bins=[0.0, 31 * 24.0, 62 * 24.0, 93 * 24.0])
    expected = 20 * 31 * 24.0 / 40.0
    assert counts[0] == pytest.approx(expected, abs=4.0 * np.sqrt(expected))
    assert counts[1] == 0
    assert counts[2] == pytest.approx(4.0 * expected, abs=8.0 * np.sqrt(expected))


def test_a_failure_is_released_after_triage_and_the_customer() -> None:
    """Orders of finite bases pass triage, customer and part as all others do."""
    document = finite(2, 2, 50.0, 1.0, parts={"board": {}})
    document["fault_types"]["fault"] |= {
        "triage_hours": 0.5,
        "pause": {"probability": 1.0, "hours": 2.0},
        "part": {"part": "board"},
    }
    document["centres"]["base"]["depot"] = {"board": {"base_stock": 0, "lead_hours": 3.0}}
    orders = rows(tables_of(simulate(document), 0)["work_orders"])
    assert len(orders) > 10
    for order in orders[:-2]:
        assert order["booked_at"] == pytest.approx(order["reported_at"] + 5.5)
        assert order["restored_at"] == pytest.approx(order["booked_at"] + 1.0)


def test_a_device_handed_to_a_partner_fails_again_after_his_repair() -> None:
    """With nobody of our own, every failure is the partner's, and devices go on failing."""
    document = finite(2, 0, 20.0, 1.0, days=30.0)
    document["centres"]["outlet"] = {"level": "partner", "city": "town", "partner": {"attend_hours": 3.0}}
    document["dispatch"] = {"policy": "first_come", "overflow": {"partner": "outlet"}}
    model = simulate(document)
    assert len(model.partner) == len(model.births) > 20
    for spans in downtimes(model).values():
        assert all(restored == pytest.approx(failed + 4.0) for failed, restored in spans if restored < 700.0)

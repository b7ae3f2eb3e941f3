"""Failures in weather and under load: more, fewer and in batches, and every other row as it was."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import Document, tiny, world_of

from sim import draws
from sim.births import Births, births_of_infinite
from sim.reports import Origin

KEY = draws.replication_key(5, 0)
RATE = 100.0  # failures a day
#: From 08:00 on the second day for a day and a half.
SPAN = (32.0, 68.0)


def one(**keys: Any) -> dict[str, Any]:
    """Return a storm over the span."""
    return {"name": "one", "kind": "storm", "from": "2026-01-06T08:00", "hours": 36, **keys}


def document(device: dict[str, Any] | None = None, **sections: Any) -> Document:
    """Return a town whose first device type fails a hundred times a day."""
    found = tiny({"fault": {}, "other": {}}, {"a": {}}, days=10.0, **sections)
    found["device_types"]["fault"] |= {"failures_per_year": 365.0 * RATE, **(device or {})}
    return found


def births(key: int = KEY, factor: float = 3.0, **sections: Any) -> Births:
    """Return what is reported in a replication with a storm and a factor."""
    sections = {"disruptions": [one()], "effects": {"storm": {"failures": factor}}, **sections}
    return births_of_infinite(world_of(document(**sections)), key)


def within(found: Births) -> np.ndarray:
    """Return which reports fall into the span."""
    return (found.reported_at >= SPAN[0]) & (found.reported_at < SPAN[1])


def columns(found: Births, mask: np.ndarray) -> list[tuple[Any, ...]]:
    """Return the rows of a mask, as a test compares them."""
    names = ("reported_at", "acknowledged_at", "origin", "stream", "index", "key", "fault", "work", "part")
    return list(zip(*(getattr(found, name)[mask].tolist() for name in names), strict=True))


# Theory


@pytest.mark.parametrize("factor", [0.25, 1.5, 3.0, 4.7])
def test_the_rate_in_a_storm_is_the_factor_times_the_rate_before(factor: float) -> None:
    """Numbers in the span are Poisson with the factor times the ordinary mean, over replications."""
    counts = [
        int(within(found).sum()) for n in range(40) for found in [births(draws.replication_key(2, n), factor)]
    ]
    expected = factor * RATE * 1.5 + 1.5 / 365.0
    assert np.mean(counts) == pytest.approx(expected, abs=4.0 * np.sqrt(expected / 40.0))
    assert np.var(counts, ddof=1) == pytest.approx(expected, rel=0.8)


def test_added_failures_follow_the_profile_of_the_base() -> None:
    """Where devices never fail at night, a storm at night adds nothing."""
    sections: dict[str, Any] = {"profiles": {"day": {"by_hour": [0.0] * 6 + [1.0] * 12 + [0.0] * 6}}}
    found = births(factor=5.0, device={"profile": "day"}, **sections)
    added = found.reported_at[found.origin == Origin.WEATHER] % 24.0
    assert len(added) > 100
    assert ((added >= 6.0) & (added < 18.0)).all()


# Common random numbers


@settings(deadline=None, max_examples=20)
@given(factor=st.floats(0.0, 6.0), seed=st.integers(0, 50))
def test_outside_the_span_every_row_is_as_without_weather(factor: float, seed: int) -> None:
    """A storm leaves no trace in what is reported before and after it, in no column."""
    key = draws.replication_key(seed, 0)
    calm, stormy = births(key, 1.0, disruptions=[]), births(key, factor)
    assert columns(stormy, ~within(stormy)) == columns(calm, ~within(calm))
    ordinary = within(stormy) & (stormy.origin == Origin.FAILURE)
    kept, before = set(columns(stormy, ordinary)), columns(calm, within(calm))
    assert kept <= set(before)
    assert len(kept) == len(before) or factor < 1.0


@settings(deadline=None, max_examples=20)
@given(low=st.floats(0.0, 6.0), more=st.floats(0.0, 3.0))
def test_a_larger_factor_only_adds(low: float, more: float) -> None:
    """What fails under a factor fails under a larger one, too, at the same instant with the same key."""
    few, many = births(factor=low), births(factor=low + more)
    assert set(few.key.tolist()) <= set(many.key.tolist())
    assert set(zip(few.key.tolist(), few.reported_at.tolist(), strict=True)) <= set(
        zip(many.key.tolist(), many.reported_at.tolist(), strict=True)
    )


def test_another_disruption_moves_no_failure_of_the_first() -> None:
    """A second storm days later leaves what the first one added, ids included."""
    later = one(name="two", **{"from": "2026-01-12"})
    single, both = births(), births(disruptions=[one(), later])
    first = both.reported_at < 100.0
    assert columns(both, first) == columns(single, single.reported_at < 100.0)
    assert len(both) > len(single)


def test_numbers_of_added_failures_differ() -> None:
    """No two added failures of a site have the same number."""
    found = births(factor=6.0)
    numbers = found.index[found.origin == Origin.WEATHER]
    assert len(numbers) == len(set(numbers.tolist())) > 300


# Factors


def test_a_device_type_has_factors_of_its_own() -> None:
    """`weather` of a device type goes before the factor of all; 1 leaves it as it was."""
    calm = births(disruptions=[])
    assert len(births(device={"weather": {"storm": 1.0}})) - len(calm) < 5  # the other type fails rarely
    assert len(births(device={"weather": {"storm": 2.0}}, factor=1.0)) > len(calm) + 80


@pytest.mark.parametrize("kind", ["tourist_peak", "holiday", "demand"])
def test_a_peak_adds_by_its_load_and_the_sensitivity_of_devices(kind: str) -> None:
    """A load of 3 triples failures; half the sensitivity doubles them; without any nothing changes."""
    calm = int(within(births(disruptions=[])).sum())

    def in_peak(sensitivity: float, **keys: Any) -> int:
        peak = one(kind=kind, **keys)
        return int(within(births(disruptions=[peak], device={"load_sensitivity": sensitivity})).sum())

    assert in_peak(1.0, load=3.0) == pytest.approx(3.0 * calm, rel=0.15)
    assert in_peak(0.5, load=3.0) == pytest.approx(2.0 * calm, rel=0.15)
    assert in_peak(0.0, load=3.0) == calm
    default = {"tourist_peak": 1.5, "holiday": 1.3, "demand": 1.5}[kind]
    assert in_peak(1.0) == pytest.approx(default * calm, rel=0.12)


# Batches


def cities(*names: str) -> dict[str, Any]:
    """Return a hundred sites in each of some towns in UTC, with one device that hardly ever fails."""
    town = {"country": "here", "lat": 0.0, "lon": 0.0, "time_zone": "UTC"}
    return {
        "cities": {name: {"name": name, **town} for name in ("town", *names)},
        "sites": {
            f"{name}-{n}": {"city": name, "customer": "owner", "devices": {"other": 1}}
            for name in names
            for n in range(100)
        },
        "centres": {
            "base": {
                "level": "local",
                "city": "town",
                "serves": {"countries": ["here"]},
                "engineers": {"a": {"count": 1, "level": "junior", "skills": ["field"], "shift": "always"}},
            }
        },
    }


def test_a_batch_strikes_a_share_of_the_sites_of_its_city_at_once() -> None:
    """One order at each site that is struck, all at the same instant, of the fault type that is named."""
    batch = one(kind="batch_failure", hours=None, cities=["a"])
    batch["batches"] = [{"fault_type": "other", "probability": 0.3}]
    world = world_of(document(disruptions=[batch], **cities("a", "b")))
    struck = []
    for n in range(20):
        found = births_of_infinite(world, draws.replication_key(3, n))
        rows = found.origin == Origin.BATCH
        struck.append(int(rows.sum()))
        assert set(found.reported_at[rows].tolist()) == {32.0}
        assert set(found.fault[rows].tolist()) == {world.names.fault_types.index("other")}
        assert {world.names.sites[s][0] for s in found.site[rows]} == {"a"}
        assert len(set(found.site[rows].tolist())) == struck[-1]
    assert np.mean(struck) == pytest.approx(30.0, abs=4.0 * np.sqrt(21.0 / 20.0))


def test_only_sites_with_the_device_type_are_struck() -> None:
    """A batch of a device type passes by sites that have none, and its orders name the type."""
    sites = {
        "with": {"city": "town", "customer": "owner", "devices": {"fault": 1}},
        "without": {"city": "town", "customer": "owner", "devices": {"other": 1, "fault": 0}},
    }
    batch = one(kind="batch_failure", hours=None)
    batch["batches"] = [{"fault_type": "other", "device_type": "fault"}]
    world = world_of(document(disruptions=[batch], sites=sites))
    found = births_of_infinite(world, KEY)
    rows = found.origin == Origin.BATCH
    assert [world.names.sites[s] for s in found.site[rows]] == ["with"]
    assert [world.names.device_types[d] for d in found.device[rows]] == ["fault"]


def test_a_typhoon_brings_its_batches_drawn_or_scripted() -> None:
    """Each typhoon brings one order at each site as it begins, whether the climate or a date brings it."""
    effects = {"typhoon": {"failures": 1.0, "batches": [{"fault_type": "other"}]}}
    climate = {"cities": {"town": {"typhoon": [8.0] * 12}}}
    scripted = one(kind="typhoon")
    world = world_of(document(effects=effects, climate=climate, disruptions=[scripted]))
    found = births_of_infinite(world, KEY)
    at = found.reported_at[found.origin == Origin.BATCH]
    assert 32.0 in at.tolist()
    assert len(at) > 1
    without = births_of_infinite(world_of(document(effects=effects, climate=climate)), KEY)
    assert set(without.reported_at[without.origin == Origin.BATCH].tolist()) == set(at.tolist()) - {32.0}


# Ticket outages


def outage(**keys: Any) -> Births:
    """Return the births of an outage from 10:00 to 14:00 on the second day; triage takes a quarter hour."""
    down = one(kind="ticket_outage", **{"from": "2026-01-06T10:00"}, **{"hours": 4, **keys})
    found = document(disruptions=[down])
    for fault in found["fault_types"].values():
        fault["triage_hours"] = 0.25
    return births_of_infinite(world_of(found), KEY)


def test_reports_in_an_outage_of_four_hours_are_acknowledged_at_its_end() -> None:
    """What is reported from 10:00 to 14:00 is acknowledged at 14:00 at the earliest; nothing else changes."""
    found = outage()
    down = (found.reported_at >= 34.0) & (found.reported_at < 38.0)
    assert down.sum() > 5
    assert found.acknowledged_at[~down] == pytest.approx(found.reported_at[~down] + 0.25)
    assert found.acknowledged_at[down] == pytest.approx(np.maximum(38.0, found.reported_at[down] + 0.25))
    assert found.released_at[down] == pytest.approx(found.acknowledged_at[down])


def test_by_hand_reports_are_acknowledged_after_the_manual_delay() -> None:
    """With a delay of 1.5 h by hand, or at the end of the outage if that is earlier, never before triage."""
    found = outage(manual_hours=1.5)
    down = (found.reported_at >= 34.0) & (found.reported_at < 38.0)
    until = np.minimum(38.0, found.reported_at[down] + 1.5)
    assert found.acknowledged_at[down] == pytest.approx(np.maximum(until, found.reported_at[down] + 0.25))


def test_an_outage_elsewhere_changes_nothing() -> None:
    """An outage in another city leaves the acknowledgements of this one as they are."""
    down = one(kind="ticket_outage", cities=["b"])
    with_outage = births_of_infinite(world_of(document(disruptions=[down], **cities("a", "b"))), KEY)
    without = births_of_infinite(world_of(document(**cities("a", "b"))), KEY)
    world = world_of(document(**cities("a", "b")))
    here = np.array([world.names.sites[s][0] == "a" for s in with_outage.site])
    assert with_outage.acknowledged_at[here].tolist() == without.acknowledged_at[here].tolist()

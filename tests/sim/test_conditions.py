"""The weather of a replication: how often it comes, how it stops outdoor work, and what moves it not."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import Document, tiny, world_of

from insight.tables import Categories, rows
from scenarios.legs import FAIR
from scenarios.links import Condition
from sim import draws
from sim.conditions import Conditions
from sim.disruption_records import disruptions

KEY = draws.replication_key(5, 0)
RAIN, TYPHOON = (list(Condition).index(c) for c in (Condition.RAIN, Condition.TYPHOON))
WET = {"climate": {"cities": {"town": {"rain": [12.0] * 12, "typhoon": [1.5] * 12}}}}


def one(**keys: Any) -> dict[str, Any]:
    """Return a disruption of a day in January."""
    return {"name": "one", "kind": "rain", "from": "2026-01-06", "days": 1, **keys}


def document(**sections: Any) -> Document:
    """Return a town with one outdoor job."""
    return tiny({"fault": {"outdoor": True}}, {"a": {}}, **sections)


def conditions(key: int = KEY, **sections: Any) -> Conditions:
    """Return the weather of a replication of it."""
    return Conditions(world_of(document(**sections)), key)


# Theory


def test_days_with_rain_are_those_of_the_climate() -> None:
    """Over many replications the days with rain are binomial: 12 a month, each date on its own."""
    world = world_of(document(days=360.0, **WET))
    counts = [len(Conditions(world, draws.replication_key(1, n)).drawn[0].days) for n in range(100)]
    expected = 12.0 * (360.0 / (365.0 / 12.0))
    share = 12.0 / (365.0 / 12.0)
    deviation = np.sqrt(expected * (1.0 - share))
    assert np.mean(counts) == pytest.approx(expected, abs=4.0 * deviation / 10.0)
    assert np.std(counts) == pytest.approx(deviation, rel=0.35)


def test_spells_last_as_stated_and_begin_in_their_hours() -> None:
    """Rain lasts 2.5 h on the average and begins from noon to eight in the evening."""
    world = world_of(document(days=3000.0, **WET))
    rain = Conditions(world, KEY).drawn[0]
    lengths = rain.ends - rain.begins
    assert lengths.mean() == pytest.approx(2.5, abs=4.0 * 2.0 / np.sqrt(len(lengths)))
    assert ((rain.begins % 24.0 >= 12.0) & (rain.begins % 24.0 < 20.0)).all()


# Draws by name


def test_weather_is_a_matter_of_city_and_date() -> None:
    """Other conditions, other cities, other disruptions and a later start leave each spell where it is."""
    alone = conditions(days=90.0, climate={"cities": {"town": {"rain": [12.0] * 12}}}).drawn[0]
    beside = conditions(days=90.0, disruptions=[one()], **WET).drawn[0]
    assert beside.begins.tolist() == alone.begins.tolist()
    assert beside.ends.tolist() == alone.ends.tolist()
    later = conditions(days=60.0, start=document()["start"].replace(month=2), **WET).drawn[0]
    shift = 31 * 24.0
    expected = [(b, e) for b, e in zip(alone.begins, alone.ends, strict=True) if shift <= b < shift + 60 * 24]
    found = [(b + shift, e + shift) for b, e in zip(later.begins, later.ends, strict=True)]
    assert len(found) > 15
    assert np.array(found) == pytest.approx(np.array(expected))


def test_replications_differ() -> None:
    """Another replication has other weather."""
    first, second = (conditions(draws.replication_key(5, n), days=90.0, **WET).drawn[0] for n in (0, 1))
    assert first.begins.tolist() != second.begins.tolist()


# Outdoor work

spells = st.lists(st.tuples(st.integers(0, 200), st.integers(1, 30)), min_size=1, max_size=6)


@settings(deadline=None, max_examples=60)
@given(spells=spells, start=st.integers(0, 200), hours=st.integers(0, 40))
def test_outdoor_work_counts_only_the_hours_in_which_it_may_go_on(
    spells: list[tuple[int, int]], start: int, hours: int
) -> None:
    """The end of work equals a count hour by hour; between start and end exactly the work is done."""
    wet = [
        {"name": f"s{n}", "kind": "storm", "from": f"2026-01-{5 + b // 24:02}T{b % 24:02}:00", "hours": h}
        for n, (b, h) in enumerate(spells)
    ]
    found = conditions(days=30.0, disruptions=wet)
    raining = {b + i for b, h in spells for i in range(h)}
    at, left = start, hours
    while left:
        left -= at not in raining
        at += 1
    end = found.work_end(0, float(start), float(hours))
    assert end == (at if hours else start)
    assert found.worked(0, float(start), end) == hours


def test_a_week_of_rain_in_penang() -> None:
    """Seven days of rain put outdoor work back by ten days where it stands still 10/7 of that time."""
    effects = {"rain": {"standstill": 10.0 / 7.0}}
    found = conditions(days=40.0, effects=effects, disruptions=[one(days=7)])
    # From the morning before the rain, three days of work: one before it, two after ten days.
    assert found.work_end(0, 0.0, 72.0) == pytest.approx(72.0 + 10 * 24.0)
    assert found.work_end(0, 30.0, 2.0) == pytest.approx(24.0 + 10 * 24.0 + 2.0)


def test_rain_during_a_job_to_the_minute() -> None:
    """A job of 3 h begun at 10:00, rain from 11:15 to 12:45: it ends at 14:30, and in dry towns at 13:00."""
    rain = one(**{"from": "2026-01-05T11:15"}, days=None, hours=1.5)
    found = conditions(effects={"rain": {"standstill": 1.0}}, disruptions=[rain])
    assert found.work_end(0, 10.0, 3.0) == 14.5
    assert found.work_end(0, 11.25, 1.0) == 13.75
    assert found.work_end(0, 12.75, 1.0) == 13.75
    assert (
        conditions(effects={"rain": {"standstill": 0.0}}, disruptions=[rain]).work_end(0, 10.0, 3.0) == 13.0
    )


# What holds when


def test_weather_holds_from_its_beginning_to_its_end_and_leaves_no_trace() -> None:
    """Two spells that overlap are one; after the last all is fair, and work takes its hours."""
    first = one(kind="storm", name="first", **{"from": "2026-01-06T06:00"}, days=None, hours=4)
    second = one(kind="storm", name="second", **{"from": "2026-01-06T08:00"}, days=None, hours=4)
    found = conditions(disruptions=[first, second])
    storm = frozenset({(0, "storm")})
    assert [found.weather_at(t) for t in (29.99, 30.0, 33.0, 35.99, 36.0)] == [
        FAIR,
        storm,
        storm,
        storm,
        FAIR,
    ]
    assert found.work_end(0, 36.0, 5.0) == 41.0
    assert found.spans[0, list(Condition).index(Condition.STORM)].opens.tolist() == [30.0]


def test_nothing_comes_up_without_a_climate() -> None:
    """A silent scenario is quiet: fair weather, no standstill, an empty table."""
    found = conditions()
    assert found.quiet
    assert found.weather_at(5.0) == FAIR
    assert found.work_end(0, 5.0, 2.0) == 7.0
    assert rows(disruptions(world_of(document()), found)) == 0


def test_suppliers_and_staff_are_handed_on() -> None:
    """A supplier outage counts in UTC, a shortage with its centre and share."""
    found = conditions(
        disruptions=[
            one(kind="supplier_outage", name="supplier", hours=12, days=None),
            one(kind="staff_shortage", absent_share=0.4),
        ]
    )
    assert found.supplier_outages == [(24.0, 36.0)]
    assert [(s.begin, s.end, s.centres, s.share) for s in found.shortages] == [(24.0, 48.0, (0,), 0.4)]


# The table


def test_the_table_has_every_spell_and_every_disruption() -> None:
    """One row each in order of time; what lasts beyond the horizon has no end, what comes later is out."""
    world = world_of(
        document(
            days=90.0,
            disruptions=[
                one(name="late", **{"from": "2026-06-01"}),
                one(name="supplier", kind="supplier_outage"),
                one(name="long", days=400),
            ],
            **WET,
        )
    )
    found = Conditions(world, KEY)
    table = disruptions(world, found)
    kinds, cities = table["kind"], table["city"]
    assert isinstance(kinds, Categories) and isinstance(cities, Categories)
    started, ended = np.asarray(table["started_at"]), np.asarray(table["ended_at"])
    ids = list(np.asarray(table["id"]))
    assert len(ids) == len(set(ids)) == sum(len(d.days) for d in found.drawn) + 2
    assert (np.diff(started) >= 0.0).all()
    assert "late:town" not in ids
    assert np.isnan(ended[ids.index("long:town")])
    supplier = ids.index("supplier")
    assert (kinds.strings()[supplier], cities.strings()[supplier]) == ("supplier_outage", None)
    assert (started[supplier], ended[supplier]) == (24.0, 48.0)
    drawn = [i for i, name in enumerate(ids) if name.startswith("town:typhoon:2026-")]
    assert len(drawn) == len(found.drawn[1].days) > 0
    assert {kinds.strings()[i] for i in drawn} == {"typhoon"}

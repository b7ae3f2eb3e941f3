"""Weather and disruptions in a run: each moves its own column the right way, ends, and leaves no trace."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from worlds import Document, run, simulate, tiny, world_of

from insight.tables import Categories
from sim.model import Model
from sim.records import tables_of

DAYS = 40.0


def one(**keys: Any) -> dict[str, Any]:
    """Return a disruption from the sixth day on."""
    return {"name": "one", "kind": "storm", "from": "2026-01-10", "days": 3, **keys}


def document(**sections: Any) -> Document:
    """Return two sites, each an hour from the centre, with ten outdoor jobs a day for three engineers."""
    fault = {
        "outdoor": True,
        "work_hours": {"distribution": "exponential", "mean": 2.0},
        "triage_hours": 0.25,
    }
    found = tiny(
        {"fault": fault, "burst": {"work_hours": 1.0}},
        {"a": {"count": 3}},
        sites=("north", "south"),
        hours={"base": {"north": 1.0, "south": 1.0}, "north": {"south": 0.5}},
        days=DAYS,
        **sections,
    )
    found["device_types"]["fault"]["failures_per_year"] = 365.0 * 5.0
    found["device_types"]["burst"]["failures_per_year"] = 0.0
    return found


def table(model: Model, name: str, column: str) -> np.ndarray:
    """Return a column of a table of a run."""
    values = tables_of(model, 0)[name][column]
    return values.strings() if isinstance(values, Categories) else np.asarray(values)


def calm(column: str, of: str = "work_orders") -> np.ndarray:
    """Return a column of the run without any disruption."""
    return table(simulate(document()), of, column)


BATCH = [{"fault_type": "burst", "probability": 1.0}]
SLOW = {"default": {"slowed_by": {"flood": 3.0}}}


def still(kind: str, standstill: float) -> dict[str, Any]:
    """Return effects of one condition that only stops outdoor work."""
    return {kind: {"failures": 1.0, "standstill": standstill}}


@pytest.mark.parametrize(
    ("sections", "column"),
    [
        ({"disruptions": [one()], "effects": still("storm", 1.0)}, "wait_engineer"),
        ({"disruptions": [one()], "effects": {"storm": {"failures": 3.0}}}, "wait_engineer"),
        (
            {"disruptions": [one(kind="flood")], "effects": still("flood", 0.0), "city_travel": SLOW},
            "wait_weather",
        ),
        ({"disruptions": [one(kind="ticket_outage", days=1)]}, "wait_hand_over"),
        ({"disruptions": [one(kind="ticket_outage", manual_hours=2.0)]}, "wait_hand_over"),
        ({"disruptions": [one(kind="tourist_peak", load=2.5)]}, "wait_engineer"),
        ({"disruptions": [one(kind="batch_failure", days=None, batches=BATCH)]}, "devices_down"),
    ],
)
def test_each_shock_raises_its_own_column(sections: dict[str, Any], column: str) -> None:
    """Under common random numbers the sum of the column that a shock is about grows."""
    assert table(simulate(document(**sections)), "work_orders", column).sum() > calm(column).sum() + 0.5


def test_weather_on_site_is_lost_and_told_to_the_minute() -> None:
    """A job on site as a storm of three hours comes up is restored three hours later, laid to the weather."""
    storm = one(**{"from": "2026-01-05T04:00"}, days=None, hours=3)
    sections = {"disruptions": [storm], "effects": still("storm", 1.0)}

    def restored(**given: Any) -> Model:
        found = document(**given)
        found["fault_types"]["fault"] |= {"work_hours": 2.0}
        found["sla"] = [{"name": "rule", "targets": {"restore": 4.0}}]
        return run(found, (2.0, "north", "fault"))

    # Reported 02:00, acknowledged 02:15, on site 03:15; the storm is from 04:00 to 07:00.
    assert list(restored().restored) == [5.25]
    model = restored(**sections)
    assert list(model.restored) == [8.25]
    assert table(model, "work_orders", "restore_cause").tolist() == ["weather"]


@pytest.mark.parametrize(
    "sections",
    [
        {"disruptions": [one()], "effects": {"storm": {"failures": 3.0, "standstill": 1.0}}},
        {"disruptions": [one(kind="flood")], "city_travel": SLOW},
        {"disruptions": [one(kind="typhoon")], "effects": {"typhoon": {"batches": BATCH}}},
        {"disruptions": [one(kind="holiday", load=3.0)]},
        {"disruptions": [one(kind="ticket_outage")]},
        {"disruptions": [one(kind="staff_shortage", absent_share=0.67)]},
        {"disruptions": [one(kind="batch_failure", days=None, batches=BATCH)]},
    ],
)
def test_the_backlog_of_each_shock_returns(sections: dict[str, Any]) -> None:
    """Some days after its end, orders reported then live through exactly what they do without the shock."""
    shocked, before = simulate(document(**sections)), simulate(document())
    columns = ("reported_at", "arrived_at", "restored_at", "wait_weather", "wait_travel", "wait_engineer")
    late = [
        [
            table(model, "work_orders", name)[table(model, "work_orders", "reported_at") >= 30 * 24.0]
            for name in columns
        ]
        for model in (shocked, before)
    ]
    for after, was in zip(*late, strict=True):
        assert len(after) > 50
        # Who goes may differ for good, as idle times do; the level of service does not.
        assert np.nanmean(after) == pytest.approx(np.nanmean(was), rel=0.2, abs=0.05)
    first = [table(model, "work_orders", "reported_at") for model in (shocked, before)]
    assert [t for t in first[0].tolist() if t < 5 * 24.0] == [t for t in first[1].tolist() if t < 5 * 24.0]
    assert backlog(shocked) <= backlog(before) + 3


def backlog(model: Model) -> int:
    """Return how many orders are open at the end of the thirtieth day."""
    counts = [
        int((table(model, "work_orders", name) < 30 * 24.0).sum()) for name in ("reported_at", "restored_at")
    ]
    return counts[0] - counts[1]


def test_a_disruption_is_in_the_table() -> None:
    """Each scripted disruption has its row: kind, city, begin and end."""
    model = simulate(document(disruptions=[one(kind="tourist_peak")]))
    rows = {
        c: table(model, "disruptions", c).tolist() for c in ("id", "kind", "city", "started_at", "ended_at")
    }
    assert rows == {
        "id": ["one:town"],
        "kind": ["tourist_peak"],
        "city": ["town"],
        "started_at": [120.0],
        "ended_at": [192.0],
    }


def test_silent_weather_changes_no_row() -> None:
    """A disruption that has no effect on this scenario leaves every column of every order as it was."""
    quiet = document(disruptions=[one()], effects=still("storm", 0.0))
    assert world_of(quiet).weather is not None
    stormy, before = (
        tables_of(simulate(quiet), 0)["work_orders"],
        tables_of(simulate(document()), 0)["work_orders"],
    )
    for name, values in before.items():
        after = stormy[name]
        if isinstance(values, Categories):
            assert isinstance(after, Categories) and after.strings().tolist() == values.strings().tolist()
        else:
            assert np.array_equal(
                np.asarray(after), np.asarray(values), equal_nan=np.asarray(values).dtype.kind == "f"
            )

"""Permission to cross territories: engineers of other centres help what has waited for long enough."""

from __future__ import annotations

from typing import Any

import pytest
from worlds import Document, run, tiny, visit_log

from insight.columns import numbers
from sim.records import tables_of


def two_centres(crossing: Document | None, **sections: Any) -> Document:
    """Return a site of `base`, and a centre `other` in another country with an engineer of its own."""
    dispatch: Document = {"policy": "nearest_qualified"}
    if crossing is not None:
        dispatch["crossing"] = crossing
    document = tiny(
        {"fault": {"work_hours": 10.0}, "dark": {"severity": "emergency", "work_hours": 1.0}},
        {"a": {}},
        hours={"base": {"site": 1.0}, "other": {"site": 4.0, "base": 4.0}},
        dispatch=dispatch,
        **sections,
    )
    document["countries"]["there"] = {"name": "There", "zone": "near"}
    document["cities"]["village"] = {**document["cities"]["town"], "name": "Village", "country": "there"}
    group = {"count": 1, "level": "junior", "skills": ["field"], "shift": "always"}
    document["centres"]["other"] = {
        "level": "local", "city": "village", "serves": {"sites": []}, "engineers": {"b": group},
    }  # fmt: skip
    return document


REPORTS = ((0.0, "site", "fault"), (1.0, "site", "fault"))


def test_without_permission_orders_wait_for_their_own() -> None:
    """The second order waits ten hours for the one engineer of its territory."""
    assert [entry[1] for entry in visit_log(run(two_centres(None), *REPORTS))] == ["a:1", "a:1"]


def test_after_the_wait_somebody_else_comes() -> None:
    """After three hours the engineer of the other centre is sent, and travels his four hours."""
    model = run(two_centres({"after_hours": 3.0, "within": "zone"}), *REPORTS)
    assert visit_log(model)[1][:4] == ("fault-2", "other:b:1", 4.0, 8.0)
    waits = numbers(tables_of(model, 0)["work_orders"], "wait_engineer")
    assert waits.tolist() == [0.0, 3.0]


def test_at_once_nobody_waits() -> None:
    """With no wait asked for, the other centre helps in the same instant."""
    model = run(two_centres({"after_hours": 0.0, "within": "network"}), *REPORTS)
    assert visit_log(model)[1][:3] == ("fault-2", "other:b:1", 1.0)


@pytest.mark.parametrize(
    "crossing",
    [
        {"after_hours": 3.0},
        {"after_hours": 3.0, "within": "zone", "severities": ["emergency"]},
        {"after_hours": 3.0, "within": "zone", "centres": ["base"]},
        {"after_hours": 20.0, "within": "zone"},
    ],
)
def test_permission_has_its_limits(crossing: Document) -> None:
    """Another country, another severity, a centre that does not lend, or too short a wait: nobody comes."""
    assert [entry[1] for entry in visit_log(run(two_centres(crossing), *REPORTS))] == ["a:1", "a:1"]


def test_whoever_is_free_later_helps_then() -> None:
    """An order with permission goes on waiting for both territories, and the first who is free takes it."""
    document = two_centres({"after_hours": 0.5, "within": "zone"})
    document["sites"]["hut"] = {"city": "village", "customer": "owner", "devices": {"fault": 1, "dark": 1}}
    document["centres"]["other"]["serves"] = {"sites": ["hut"]}
    document["travel"]["hours"]["other"]["hut"] = 0.5
    model = run(document, (0.0, "site", "fault"), (0.25, "hut", "dark"), (0.5, "site", "fault"))
    # The other engineer is done at 0.25 + 0.5 + 1.0.
    assert visit_log(model)[2][:3] == ("fault-2", "other:b:1", 1.75)


def test_who_helped_goes_home() -> None:
    """Whoever went to another city travels back from it, and is at home for the next order."""
    model = run(two_centres({"after_hours": 0.0, "within": "zone"}), *REPORTS)
    assert list(model.visits.back)[1] == 4.0

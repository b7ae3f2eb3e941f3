"""Differences in words: what is about what, before and after, in both languages."""

from __future__ import annotations

import pytest

from scenarios import load
from ui.lab.differences import differences
from ui.lab.fields import fields_of
from ui.lab.people import added_group, suggested_pay
from ui.lab.study import Edit, value_at
from ui.language import language


@pytest.fixture(scope="module")
def asean() -> dict:  # type: ignore[type-arg]
    """Return the resolved document of asean15."""
    return load("asean15").scenario.model_dump(mode="json", by_alias=True)


@pytest.mark.parametrize(
    ("edit", "sentence"),
    [
        (
            Edit("centres.hanoi-station.engineers.technicians.count", 4),
            "Hanoi station, Technicians: Head count 1 → 4",
        ),
        (Edit("sla.near-major.targets.restore", 48), "SLA rules, Near major: Restore 72 h → 48 h"),
        (Edit("sla.near.calendar", None), "SLA rules, Near: Calendar Support → not set"),
        (
            Edit("dispatch.policy", "sla_priority"),
            "Dispatch: Policy Nearest qualified engineer → SLA priority",
        ),
        (
            Edit("disruptions.songkran", how="drop"),
            "Disruptions: Holiday peak, Thailand, 3 days, from 13 Apr 2026 → removed",
        ),
        (
            Edit("changes", {"from": "2026-06-01", "set": {"travel.cost_per_hour": 14}}, "add"),
            "From 1 Jun 2026: Travel: Cost of travel beside the engineer's pay 12 USD/h → 14 USD/h",
        ),
    ],
)
def test_an_edit_reads_as_a_sentence(asean: dict, edit: Edit, sentence: str) -> None:  # type: ignore[type-arg]
    """A row names the thing, what of it is different, and both values with their unit."""
    (row,) = differences(asean, [edit], language("en"))
    assert row.sentence == sentence


def test_rain_in_penang_reads_as_such(asean: dict) -> None:  # type: ignore[type-arg]
    """A disruption that is added says what, where, how long and from when."""
    rain = {"name": "r", "kind": "rain", "from": "2026-03-02", "days": 7, "cities": ["penang"]}
    (row,) = differences(asean, [Edit("disruptions", rain, "add")], language("en"))
    assert "Rain" in row.sentence and "Penang" in row.sentence
    assert "7 days" in row.sentence and "2 Mar 2026" in row.sentence


def test_values_inside_of_an_addition_are_named(asean: dict) -> None:  # type: ignore[type-arg]
    """People who are added are told by number and level, at their centre."""
    like = value_at(asean, "centres.medan-station.engineers.systems")
    edit = Edit("centres.medan-station.engineers.seniors", added_group(like, "senior", 2, 9.0))
    (row,) = differences(asean, [edit], language("en"))
    assert row.sentence == "Medan station: 2 × Senior added"


@pytest.mark.parametrize("code", ["en", "zh"])
def test_every_key_can_be_told(asean: dict, code: str) -> None:  # type: ignore[type-arg]
    """Whatever key is set, to whatever stands elsewhere, there is a row with a text for it."""
    say = language(code)
    fields = fields_of(asean)[::23]
    edits = [Edit(f.key, f.value) for f in fields]
    for edit in edits:
        (row,) = differences(asean, [edit], say)
        assert row.sentence and (row.after or row.before)


def test_the_pay_of_a_senior_follows_from_centres_that_have_both(asean: dict) -> None:  # type: ignore[type-arg]
    """Seniors cost more than those whom they are like, in proportion to a centre that has both."""
    like = value_at(asean, "centres.medan-station.engineers.systems")
    assert suggested_pay(asean, like, "intermediate") == 5.5
    # Bangkok's centre: seniors at 14, 14, 16, 16, an intermediate at 9.
    assert suggested_pay(asean, like, "senior") == pytest.approx(5.5 * 15 / 9, abs=0.01)

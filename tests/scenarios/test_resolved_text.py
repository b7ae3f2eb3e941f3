"""The resolved text of a scenario: complete, and the same scenario when it is loaded again."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel
from rich_document import RICH, loaded, rich

from scenarios import LoadedScenario, from_document, library, load
from scenarios.compiling import compile_world
from scenarios.documents import parse


def same(one: Any, other: Any) -> bool:
    """Tell whether two compiled values are equal, arrays to the last bit."""
    if type(one) is not type(other):
        return False
    if isinstance(one, np.ndarray):
        return one.dtype == other.dtype and np.array_equal(one, other, equal_nan=one.dtype.kind == "f")
    if dataclasses.is_dataclass(one) and not isinstance(one, type):
        fields = dataclasses.fields(one)
        return all(same(getattr(one, f.name), getattr(other, f.name)) for f in fields)
    if isinstance(one, dict):
        return list(one) == list(other) and all(same(one[key], other[key]) for key in one)
    if isinstance(one, tuple | list):
        return len(one) == len(other) and all(map(same, one, other))
    return bool(one == other or (one != one and other != other))


def assert_fixed_point(first: LoadedScenario) -> None:
    """Hold a scenario to what its resolved text says when it is loaded again."""
    again = from_document(parse(first.text, "resolved"))
    assert again.text == first.text
    assert again.sha256 == first.sha256
    assert again.periods == first.periods
    assert same(compile_world(again), compile_world(first))


@pytest.mark.parametrize("name", [*library(), "rich"])
def test_the_resolved_text_means_the_same(name: str) -> None:
    """Loading the resolved text gives the same text, hash, periods and World."""
    first = load(library().get(name, RICH))
    if len(first.scenario.sites) > 50:
        assert from_document(parse(first.text, "resolved")).sha256 == first.sha256
    else:
        assert_fixed_point(first)


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
words = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_-]{0,9}", fullmatch=True)


@settings(deadline=None, max_examples=40)
@given(
    texts,
    st.sampled_from(["NO", "08", "1e3", "true", "null", "on", "1_000"]) | words,
    st.floats(11, 60),
    st.floats(1e-9, 1e9),
    st.floats(0, 1e3),
)
def test_no_name_or_figure_is_lost_in_the_text(
    title: str, name: str, days: float, rate: float, amount: float
) -> None:
    """Names that look like numbers and figures of any size come back from the resolved text unchanged."""
    values = {
        "title": title,
        "name": name,
        "days": days,
        "currency.rates.CNY": rate,
        f"sites.{name}": rich()["sites"]["gurney"],
        "travel.hours.station": {name: 1.0, "gurney": 0.3, "esplanade": 0.4},
        "parts.psu.unit_cost": f"{amount!r} CNY",
    }
    first = loaded(values)
    assert_fixed_point(first)
    assert first.scenario.parts["psu"].unit_cost == amount * rate


def test_the_resolved_text_writes_out_every_default() -> None:
    """Nothing depends on a default that a later version may change: every field stands in the text."""
    document = parse(loaded().text, "resolved")

    def missing(value: Any, found: Any) -> list[str]:
        if isinstance(value, BaseModel):
            fields = type(value).model_fields
            return [
                name
                for key, field in fields.items()
                for name in ([key] if (field.alias or key) not in found else [])
                or missing(getattr(value, key), found[field.alias or key])
            ]
        if isinstance(value, dict):
            return [name for key, item in value.items() for name in missing(item, found[key])]
        if isinstance(value, tuple):
            return [name for item, there in zip(value, found, strict=True) for name in missing(item, there)]
        return []

    assert missing(loaded().scenario, document) == []


def test_the_hash_is_of_what_is_meant() -> None:
    """Another way to write the same scenario has the same hash; another scenario has another."""
    same_meaning = {
        "fault_types.flicker.work_hours": {"distribution": "constant", "mean": 0.5},
        "centres.outlet.serves.cities": ["yangon"],
        "parts.lens.unit_cost": 25,
        "days": 120.0,
        "calendars.always.hours": {
            day: ["00:00-24:00"] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
        },
    }
    assert loaded(same_meaning).sha256 == loaded().sha256
    assert loaded({"days": 121}).sha256 != loaded().sha256

"""Variants as text: NAME=BASE:KEY=VALUE,..."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli.failures import BadInputError
from cli.variants import Variant, parse_variant
from scenarios.loading import parse_override

KEYS = st.lists(st.from_regex(r"[a-z0-9][a-z0-9_-]{0,6}", fullmatch=True), min_size=1, max_size=3).map(
    ".".join
)
WORDS = st.text("ab ,'=:[]{}", max_size=8)
SCALARS = st.integers() | st.booleans() | st.none() | st.floats(allow_nan=False, allow_infinity=False) | WORDS
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=6,
)


def flow(value: object) -> str:
    """Return a value as YAML on one line, texts in double quotes."""
    if isinstance(value, list):
        return "[" + ", ".join(map(flow, value)) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, str):
        return f'"{value}"'
    return "null" if value is None else str(value).lower()


@given(st.lists(st.tuples(KEYS, VALUES), min_size=1, max_size=4))
def test_any_values_are_parted(pairs: list[tuple[str, object]]) -> None:
    """Whatever the values hold, each KEY=VALUE comes back with its own key and value."""
    text = ",".join(f"{key}={flow(value)}" for key, value in pairs)
    variant = parse_variant(f"b=base:{text}")
    assert (variant.name, variant.base) == ("b", "base")
    assert [parse_override(override) for override in variant.overrides] == pairs


@pytest.mark.parametrize(
    ("text", "overrides"),
    [
        ("days=3", ("days=3",)),
        ("days=3,seed=4", ("days=3", "seed=4")),
        ("title=one, two and three,seed=4", ("title=one, two and three", "seed=4")),
        ("skills=[a,b=c],seed=4", ("skills=[a,b=c]", "seed=4")),
        ("title='a, b=c',seed=4", ("title='a, b=c'", "seed=4")),
        ("title=it's late,seed=4", ("title=it's late", "seed=4")),
        ("warm_up={method: fixed, days: 5},seed=4", ("warm_up={method: fixed, days: 5}", "seed=4")),
    ],
)
def test_commas(text: str, overrides: tuple[str, ...]) -> None:
    """A comma parts two values only where KEY= follows, outside of brackets and quotes."""
    assert parse_variant(f"more=dir/base.yaml:{text}") == Variant("more", "dir/base.yaml", overrides)


@pytest.mark.parametrize(
    "text", ["", "a", "a=", "a=b", "a=b:", "a=b:c", "=b:c=1", "a=:c=1", "a/b=c:d=1", "-=b:c=1"]
)
def test_other_forms_are_refused(text: str) -> None:
    """Anything else is refused with what was found and what is allowed."""
    with pytest.raises(BadInputError, match=r"--variant: found .*; allowed: "):
        parse_variant(text)

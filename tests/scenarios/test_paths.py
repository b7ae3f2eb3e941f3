"""Dotted keys: setting, removing and finding values in nested documents, and laying documents on another."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenarios.paths import KeyPathError, holds, set_value, stack

names = st.text("abcxyz-_09", min_size=1, max_size=4)
leaves = st.integers() | st.text(max_size=3) | st.lists(st.integers(), max_size=2)
documents = st.recursive(
    st.dictionaries(names, leaves, max_size=3),
    lambda inner: st.dictionaries(names, inner | leaves, max_size=3),
    max_leaves=8,
)


def value_at(document: Any, parts: tuple[str, ...]) -> Any:
    """Return what stands at a key whose list items are numbered."""
    for part in parts:
        document = document[int(part)] if isinstance(document, list) else document[part]
    return document


def without_empty_sections(document: Any) -> Any:
    """Return a document in which no section is empty, since an empty one says nothing."""
    if not isinstance(document, dict):
        return document
    pruned = {key: without_empty_sections(value) for key, value in document.items()}
    return {key: value for key, value in pruned.items() if value != {}}


# Properties


@given(documents, st.lists(names, min_size=1, max_size=4), leaves)
def test_what_is_set_is_there(document: dict[str, Any], parts: list[str], value: Any) -> None:
    """A value that was set stands at its key, and all else is as before."""
    before = copy.deepcopy(document)
    try:
        numbered = set_value(document, ".".join(parts), value)
    except KeyPathError:
        return
    assert value_at(document, numbered) == value
    assert holds(document, numbered)[0] == len(parts)
    for key in before.keys() - {parts[0]}:
        assert document[key] == before[key]


@given(documents, documents)
def test_a_child_has_the_last_word(parent: dict[str, Any], child: dict[str, Any]) -> None:
    """Every value of the child stands in the stack, and what it does not name is the parent's."""
    stacked = stack(parent, child)
    assert without_empty_sections(stack(stacked, child)) == without_empty_sections(stacked)
    for key in child.keys() - parent.keys():
        assert stacked[key] == child[key]
    for key in parent.keys() - child.keys():
        assert stacked[key] == parent[key]
    for key in parent.keys() & child.keys():
        if isinstance(parent[key], dict) and isinstance(child[key], dict):
            assert stacked[key] == stack(parent[key], child[key])
        else:
            assert stacked[key] == child[key]


@given(documents, documents, documents)
def test_stacking_is_associative(a: dict[str, Any], b: dict[str, Any], c: dict[str, Any]) -> None:
    """Without nulls and without sections in place of values, it does not matter which two are laid first."""

    def shape(document: Any, prefix: str = "") -> dict[str, bool]:
        kinds = {}
        for key, value in document.items():
            kinds[prefix + key] = isinstance(value, dict)
            if isinstance(value, dict):
                kinds |= shape(value, f"{prefix}{key}.")
        return kinds

    shapes = [shape(a), shape(b), shape(c)]
    if any(one[key] != other[key] for one in shapes for other in shapes for key in one.keys() & other.keys()):
        return
    assert stack(stack(a, b), c) == stack(a, stack(b, c))


@given(documents, documents)
def test_stacking_alters_neither(parent: dict[str, Any], child: dict[str, Any]) -> None:
    """Both documents are as they were."""
    before = copy.deepcopy((parent, child))
    stack(parent, child)
    assert (parent, child) == before


# Examples


def rules() -> dict[str, Any]:
    """Return a document with lists."""
    return {"sla": [{"name": "near", "targets": {"attend": 8}}, {"name": "far"}], "skills": ["a", "b"]}


@pytest.mark.parametrize(
    ("key", "numbered"),
    [
        ("sla.near.targets.attend", ("sla", "0", "targets", "attend")),
        ("sla.0.targets.attend", ("sla", "0", "targets", "attend")),
        ("sla.far.pauses", ("sla", "1", "pauses")),
        ("sla.1", ("sla", "1")),
        ("sla.far", ("sla", "1")),
        ("skills.1", ("skills", "1")),
        ("a.b.c", ("a", "b", "c")),
    ],
)
def test_items_are_named_or_numbered(key: str, numbered: tuple[str, ...]) -> None:
    """An item of a list is found by its name or its number, and missing sections are made."""
    document = rules()
    assert set_value(document, key, 7) == numbered
    assert value_at(document, numbered) == 7


@pytest.mark.parametrize(
    ("key", "found", "allowed"),
    [
        ("sla.middle.pauses", "'middle'", "near, far"),
        ("sla.2", "'2'", "near, far"),
        ("sla.-1", "'-1'", "near, far"),
        ("sla.²", "'²'", "near, far"),
        ("sla.99999999999999999999", "'99999999999999999999'", "near, far"),
        ("skills.2", "'2'", "0 to 1"),
        ("skills.a", "'a'", "0 to 1"),
        ("empty.0", "'0'", "nothing: the list is empty"),
        ("skills.0.x", "skills.0 = 'a'", "a key of a section"),
        ("sla.near.targets.attend.x", "sla.0.targets.attend = 8", "a key of a section"),
        ("", "an empty part", "a dotted key, as sites.penang-01.devices.camera"),
        ("a..b", "an empty part", "a dotted key, as sites.penang-01.devices.camera"),
        (".a", "an empty part", "a dotted key, as sites.penang-01.devices.camera"),
        ("a.", "an empty part", "a dotted key, as sites.penang-01.devices.camera"),
        (".".join("a" * 1000), "1000 parts", "at most 32"),
    ],
)
def test_keys_that_lead_nowhere(key: str, found: str, allowed: str) -> None:
    """A key that leads nowhere says at which part, what was found and what is allowed."""
    with pytest.raises(KeyPathError) as caught:
        set_value(rules() | {"empty": []}, key, 1)
    assert (caught.value.found, caught.value.allowed) == (found, allowed)


def test_null_removes_what_is_there() -> None:
    """Null takes a key away, as in a document that extends another; of a key that is not there it stays."""
    document = {"a": {"b": 1, "c": 2}}
    set_value(document, "a.b", None)
    assert document == {"a": {"c": 2}}
    set_value(document, "a.typo", None)
    assert document == {"a": {"c": 2, "typo": None}}


def test_a_null_section_counts_as_absent() -> None:
    """A key inside a section that the resolved text shows as null can be set."""
    document: dict[str, Any] = {"budget": None}
    set_value(document, "budget.amount", 5)
    assert document == {"budget": {"amount": 5}}


def test_stack_merges_replaces_and_removes() -> None:
    """Sections merge, lists and values replace, null removes what is inherited and nothing else."""
    parent = {"s": {"x": 1, "y": {"z": 2}}, "list": [1, 2], "v": 3, "gone": 4}
    child = {"s": {"y": {"w": 5}, "x": None}, "list": [9], "v": {"deep": 1}, "gone": None, "new": None}
    assert stack(parent, child) == {
        "s": {"y": {"z": 2, "w": 5}},
        "list": [9],
        "v": {"deep": 1},
        "new": None,
    }


@pytest.mark.parametrize(
    ("key", "depth", "settled"),
    [
        ("s.x", 2, True),
        ("s.x.deeper", 2, True),
        ("s.absent", 1, False),
        ("s", 1, False),
        ("list.1", 2, True),
        ("list.5", 1, True),
        ("gone.a", 1, True),
        ("absent", 0, False),
    ],
)
def test_how_much_of_a_key_a_document_holds(key: str, depth: int, settled: bool) -> None:
    """`holds` counts the parts, and tells when a list or a value replaces whatever an older one has below."""
    document = {"s": {"x": 1}, "list": [1, 2], "gone": None}
    assert holds(document, tuple(key.split("."))) == (depth, settled)

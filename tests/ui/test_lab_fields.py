"""Every key of a scenario has a field to make an editor from, and words find it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenarios import library, load
from ui.lab.fields import Field, field_at, fields_of, schema
from ui.lab.search import Index, index_of
from ui.lab.study import value_at
from ui.language import language


def _document(name: str) -> dict:  # type: ignore[type-arg]
    return load(name).scenario.model_dump(mode="json", by_alias=True)


@pytest.fixture(scope="module")
def asean() -> dict:  # type: ignore[type-arg]
    """Return the resolved document of the largest ordinary scenario."""
    return _document("asean15")


@pytest.fixture(scope="module")
def index(asean: dict) -> Index:  # type: ignore[type-arg]
    """Return its index in Chinese."""
    say = language("zh")
    places = [(s, k, p["name"]) for s in ("cities", "centres") for k, p in asean[s].items()]
    names = {key: say.name(section, key, name) for section, key, name in places}
    return index_of(asean, say.described, names)


def _leaves(value: object, key: str = "") -> list[str]:
    """Return the dotted keys of all plain values of a document, lists of plain values as one."""
    if isinstance(value, dict) and value:
        return [
            leaf for k, v in value.items() if "." not in k for leaf in _leaves(v, f"{key}.{k}" if key else k)
        ]
    if isinstance(value, list) and value and all(isinstance(v, dict) for v in value):
        named = [(v.get("name") or str(n), v) for n, v in enumerate(value)]
        return [leaf for n, v in named for leaf in _leaves(v, f"{key}.{n}")]
    return [key]


@pytest.mark.parametrize("name", [n for n, f in library().items() if f.parent.name != "validation"])
def test_every_leaf_of_a_scenario_is_a_field(name: str) -> None:
    """Whatever a scenario of the library says can be found, and is found with the value that stands there."""
    document = _document(name)
    found = {field.key: field for field in fields_of(document)}
    for key in _leaves(document):
        assert key in found, key
        assert found[key].value == value_at(document, key), key


def test_values_that_stand_are_allowed(asean: dict) -> None:  # type: ignore[type-arg]
    """Kind, range and choices of a field admit what the checked scenario has there."""
    kinds = {"number": (int, float), "integer": int, "switch": bool, "text": str, "date": str, "list": list}
    for field in fields_of(asean):
        if field.value is None:
            continue
        assert isinstance(field.value, kinds.get(field.kind, object)), field
        if field.kind in ("number", "integer"):
            assert (
                field.low is None
                or field.low < field.value
                or (not field.open_low and field.low == field.value)
            )
            assert (
                field.high is None
                or field.value < field.high
                or (not field.open_high and field.high == field.value)
            )
        if field.choices and not field.free:
            values = field.value if isinstance(field.value, list) else [field.value]
            assert set(values) <= set(field.choices), field


def test_every_leaf_says_what_it_means(asean: dict) -> None:  # type: ignore[type-arg]
    """No field that is no section is without a description from the schema."""
    silent = [f.key for f in fields_of(asean) if not f.description and f.kind != "section"]
    assert not silent


def test_a_field_at_a_key_is_that_of_the_walk(asean: dict) -> None:  # type: ignore[type-arg]
    """A key looked up alone is the same field as in the list of all."""
    for field in fields_of(asean)[::37]:
        assert field_at(asean, field.key) == field


def test_keys_that_a_schema_does_not_have_are_unknown(asean: dict) -> None:  # type: ignore[type-arg]
    """No editor is offered for what would be refused."""
    assert field_at(asean, "dispatch.polcy") is None
    assert field_at(asean, "dispatch.policy.deeper") is None


def test_a_key_that_is_not_there_yet_has_a_field(asean: dict) -> None:  # type: ignore[type-arg]
    """A group that somebody is about to add has its fields, too."""
    field = field_at(asean, "centres.medan-station.engineers.newcomers.count")
    assert field == Field(
        "centres.medan-station.engineers.newcomers.count", "integer", "Head count", low=0, high=10_000
    )


def test_units_and_ranges_are_those_of_the_schema(asean: dict) -> None:  # type: ignore[type-arg]
    """A target is in hours, above 0, up to 10,000, and may be absent."""
    field = field_at(asean, "sla.near.targets.attend")
    assert field is not None
    assert (field.kind, field.unit, field.low, field.high) == ("number", "h", 0, 10_000)
    assert field.open_low and not field.open_high and field.optional


@pytest.mark.parametrize(
    ("words", "key"),
    [
        ("dispatch policy", "dispatch.policy"),
        ("medan count", "centres.medan-station.engineers.systems.count"),
        ("overtime hours", "dispatch.shift_end.overtime_hours"),
        ("棉兰 count", "centres.medan-station.engineers.systems.count"),
    ],
)
def test_words_find_a_key(index: Index, words: str, key: str) -> None:
    """Names of keys, things and cities, in English or Chinese, lead to what they mean."""
    assert key in [field.key for field in index.search(words, 12)]


@given(st.text(max_size=30))
def test_whatever_is_searched_for_all_words_occur(words: str) -> None:
    """A search never fails, and finds only what has every word."""
    document = {"name": "x", "title": "A thing", "days": 3.0}
    index = index_of(document, lambda text: text, {})
    for field in index.search(words):
        text = index.texts[index.fields.index(field)]
        assert all(word in text for word in words.lower().replace("_", " ").split())


def test_the_schema_is_that_of_the_command() -> None:
    """Forms are made from what `banyan schema` prints."""
    assert "centres" in schema()["properties"]


def test_whole_words_in_both_languages_go_first() -> None:
    """Rain finds rain before training, and both languages find the same key."""
    from ui.lab.forms.keys import _made_index

    index = _made_index(load("asean15").scenario.model_dump(mode="json", by_alias=True))
    assert "training" not in index.search("rain")[0].key
    english, chinese = (index.search(words)[0].key for words in ("overtime hours", "加班"))
    assert "overtime" in english and "overtime" in chinese

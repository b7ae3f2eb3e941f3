"""YAML as scenarios write it: the scalars of version 1.2, and refusals that name file and line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenarios import ScenarioError
from scenarios.documents import dump, parse, read

#: Everything that a text file can hold; keys are printed in messages, so they hold no line breaks.
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
words = texts.filter(lambda text: bool(text) and text.isprintable())
scalars = st.none() | st.booleans() | st.integers(-(10**30), 10**30) | st.floats(allow_nan=False) | texts
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(words, inner, max_size=4),
    max_leaves=12,
)
#: Texts that YAML of one version or the other takes for something else when nobody quotes them.
AMBIGUOUS = [
    *("NO", "no", "yes", "on", "off", "y", "true", "null", "~", "", "08", "010", "0x1F", "0o17", "1e3"),
    *("1_000", "1:30", "08:30", "08:30:00", "2026-01-01", ".inf", "-.INF", ".nan", "=", "<<", "1.", ".5"),
]


def refusal(text: str) -> str:
    """Return the message with which a text is refused."""
    with pytest.raises(ScenarioError) as caught:
        parse(text, "city.yaml")
    return str(caught.value)


# Properties


@settings(deadline=None)
@given(values)
def test_what_is_written_is_read_back(value: Any) -> None:
    """Any nested value of texts, numbers, lists and mappings survives `dump` and `parse`."""
    assert parse(dump(value), "f") == value


@settings(deadline=None)
@given(st.sampled_from(AMBIGUOUS), st.sampled_from(AMBIGUOUS))
def test_texts_stay_texts(key: str, text: str) -> None:
    """A text that looks like a number, a date or a truth value is read back as the same text."""
    assert parse(dump({key or "k": text}), "f") == {key or "k": text}


@settings(deadline=None, max_examples=300)
@given(st.text(max_size=200) | st.text("[]{}:,-?&*!|>'\"#%@ \n\tab1~", max_size=60))
def test_no_text_breaks_the_reader(text: str) -> None:
    """Whatever the text, it is read or refused with the name of the file; nothing else happens."""
    try:
        parse(text, "city.yaml")
    except ScenarioError as error:
        assert str(error).startswith("city.yaml: found ")


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_no_bytes_break_the_reader(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    """Whatever bytes a file holds, a mapping comes out of it or a refusal that names the file."""
    path = tmp_path_factory.mktemp("bytes") / "city.yaml"
    path.write_bytes(content)
    try:
        assert isinstance(read(path), dict)
    except ScenarioError as error:
        assert str(path) in str(error)


# Examples


@pytest.mark.parametrize(
    ("text", "value"),
    [
        *(("NO", "NO"), ("no", "no"), ("yes", "yes"), ("on", "on"), ("y", "y")),
        *(("true", True), ("False", False), ("~", None), ("null", None), ("", None)),
        *(("08:30", "08:30"), ("12:30:45", "12:30:45"), ("1:30", "1:30")),
        *(("2026-07-01", "2026-07-01"), ("2026-02-30", "2026-02-30")),
        *(("1e3", 1000.0), ("-2.5E-1", -0.25), (".5", 0.5), ("5.", 5.0), ("+7", 7), ("010", 10)),
        *(("1_000", "1_000"), ("0x1F", "0x1F"), ("24x7", "24x7"), ("1.2.3", "1.2.3"), ("e3", "e3")),
        *((".inf", float("inf")), ("-.INF", float("-inf")), ("inf", "inf"), ("nan", "nan")),
        *(("'5'", "5"), ('"true"', "true"), ("|-\n  5", "5"), ("[1, a, 'b']", [1, "a", "b"])),
    ],
)
def test_scalars_are_those_of_yaml_1_2(text: str, value: Any) -> None:
    """A plain scalar means what YAML 1.2 says, so that NO is a country and 08:30 a text."""
    found = parse(f"x: {text}\n", "f")["x"]
    assert found == value
    assert type(found) is type(value)


def test_nan_is_read_as_nan() -> None:
    """`.nan` is a number that is none, for the schema to refuse by its key."""
    found = parse("x: .NaN", "f")["x"]
    assert found != found


@pytest.mark.parametrize("key", ["NO", "08", "1e3", "true", "~", "2026-01-01", "<<", "5"])
def test_keys_are_the_text_that_is_written(key: str) -> None:
    """A key is never turned into a number, a date or a merge of mappings."""
    assert parse(f"{key}: 1\n", "f") == {key: 1}


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("a: 1\nb: 2\na: 3\n", 3, "the key 'a' stands twice"),
        ("s:\n  5: 1\n  '5': 2\n", 3, "the key '5' stands twice"),
        ("a: &x 1\nb: *x\n", 2, "aliases"),
        ("a: &x [*x]\n", 1, "aliases"),
        ("a: !!python/object/apply:os.system [ls]\n", 1, "tags"),
        ("a: 1\nb: !!binary aGVsbG8=\n", 2, "tags"),
        ("a: !!int abc\n", 1, "tags"),
        ("a: ! b\n", 1, "tags"),
        ("!!omap\na: 1\n", 1, "tags"),
        ("a: 1\n? [b, c]\n: 2\n", 2, "a key has to be a word"),
        ("a: 1\n? {b: c}\n: 2\n", 2, "a key has to be a word"),
        ('"a\\nb": 1\n', 1, "a key has to be a word"),
        ("'': 1\n", 1, "a key has to be a word"),
        ("a: 1\n---\nb: 2\n", 2, "a second document"),
        ("a: [1, 2\nb: 3\n", 2, ""),
        ("a:\n\tb: 1\n", 2, ""),
        ("a: 'x\n", 2, ""),
        ("a: b: c\n", 1, ""),
        ("%YAML 3.0\n---\na: 1\n", 1, ""),
        ("é: 1\n\nb: \x07\n", 3, "control characters"),
        ("a: 1\nb: " + "9" * 5000 + "\n", 2, "5000 digits"),
        ("n: 1\na: " + "[" * 100_000, 2, "levels"),
        ("n: 1\na: " + "{b: " * 500 + "}" * 500, 2, "levels"),
    ],
)
def test_refusals_name_file_and_line(text: str, line: int, reason: str) -> None:
    """What is not plain YAML is refused with the file, the line and the reason."""
    message = refusal(text)
    assert message.startswith(f"city.yaml: found line {line}")
    assert reason in message
    assert "allowed: a YAML document" in message


def test_many_short_branches_are_no_depth() -> None:
    """Only nesting is limited, not length: a list of ten thousand lists is read."""
    assert parse("x: [" + "[1]," * 10_000 + "]", "f") == {"x": [[1]] * 10_000}


def test_surrogates_are_refused() -> None:
    """A text that no file can hold, as from bytes on a command line, is refused like any other."""
    assert "Unicode" in refusal("a: \udcff")


def test_equal_objects_are_written_out_each_time() -> None:
    """No alias is written, since none would be read."""
    shared = {"a": [1, 2]}
    assert parse(dump({"x": shared, "y": shared}), "f") == {"x": shared, "y": shared}


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"", "an empty document"),
        (b"# only a comment\n", "an empty document"),
        (b"- a\n- b\n", "['a', 'b']"),
        (b"just words\n", "'just words'"),
        (b"5\n", "5"),
        (b"null\n", "an empty document"),
    ],
)
def test_a_file_holds_a_mapping(tmp_path: Path, content: bytes, found: str) -> None:
    """A file whose top is no mapping is refused with its name and what was found."""
    path = tmp_path / "city.yaml"
    path.write_bytes(content)
    with pytest.raises(ScenarioError) as caught:
        read(path)
    assert str(caught.value) == f"{path}: found {found}; allowed: a mapping of keys"


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ("name: Côté".encode("latin-1"), 1),
        (b"a: 1\nb: 2\nc: \xff\xfe\n", 3),
        ("a: 1".encode("utf-16"), 1),
    ],
)
def test_other_encodings_are_refused(tmp_path: Path, content: bytes, line: int) -> None:
    """Bytes that are not UTF-8 are refused with the file and the line."""
    path = tmp_path / "city.yaml"
    path.write_bytes(content)
    with pytest.raises(ScenarioError, match=f"line {line}: bytes that are not UTF-8") as caught:
        read(path)
    assert str(path) in str(caught.value)


def test_a_byte_order_mark_is_no_part_of_the_first_key(tmp_path: Path) -> None:
    """A file that an editor began with a byte order mark reads as any other."""
    path = tmp_path / "city.yaml"
    path.write_bytes(b"\xef\xbb\xbfname: x\n")
    assert read(path) == {"name": "x"}


def test_a_huge_file_is_refused(tmp_path: Path) -> None:
    """A file beyond the limit is refused by its size, before anything of it is parsed."""
    path = tmp_path / "city.yaml"
    with path.open("wb") as stream:
        stream.truncate(20_000_001)
    with pytest.raises(ScenarioError, match="more than 20,000,000 bytes"):
        read(path)


def test_a_file_without_end_is_refused() -> None:
    """A device that never ends is read no further than the limit."""
    endless = Path("/dev/zero")
    if not endless.exists():
        pytest.skip("this machine has no endless device")
    with pytest.raises(ScenarioError, match="more than 20,000,000 bytes"):
        read(endless)


def test_a_directory_and_an_absent_file_are_refused(tmp_path: Path) -> None:
    """What cannot be opened is refused with its name and the system's reason."""
    with pytest.raises(ScenarioError, match="readable YAML file") as caught:
        read(tmp_path)
    assert str(tmp_path) in str(caught.value)
    with pytest.raises(ScenarioError, match="No such file"):
        read(tmp_path / "absent.yaml")


@pytest.mark.parametrize("name", ["a\0b.yaml", "a" * 5000 + ".yaml"])
def test_impossible_names_are_refused(tmp_path: Path, name: str) -> None:
    """A name that no file can have is refused like an absent file."""
    with pytest.raises(ScenarioError, match="readable YAML file"):
        read(tmp_path / name)


def test_a_circle_of_links_is_refused(tmp_path: Path) -> None:
    """A link that leads back to itself is refused like an absent file."""
    path = tmp_path / "circle.yaml"
    path.symlink_to(path)
    with pytest.raises(ScenarioError, match="readable YAML file"):
        read(path)

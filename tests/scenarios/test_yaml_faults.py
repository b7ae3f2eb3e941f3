"""Texts that are no YAML: the refusal says where, what stands there and what it means."""

from __future__ import annotations

import pytest

from scenarios import ScenarioError
from scenarios.documents import parse
from scenarios.phrases import Phrase


def found_in(text: str) -> str:
    """Return what the refusal of a text has found."""
    with pytest.raises(ScenarioError) as caught:
        parse(text, "city.yaml")
    (problem,) = caught.value.problems
    assert problem.file == "city.yaml"
    return problem.found


@pytest.mark.parametrize(
    ("text", "place", "meaning", "excerpt"),
    [
        ("a: 1\nb: c: d\n", "line 2, column 5", "a colon where none may stand", "in 'b: c: d'"),
        ("a:\n\tb: 1\n", "line 2, column 1", "a tab: indent with spaces", "in 'b: 1'"),
        ("a: b\n\tc: 1\n", "line 2, column 1", "a tab: indent with spaces", "in 'c: 1'"),
        ("a: @b\n", "line 1, column 4", "a text that begins with @: put it in quotes", "in 'a: @b'"),
        ("a:\n  - 1\n b: 2\n", "line 3, column 2", "check indentation and quotes", "in 'b: 2'"),
        ("a: - b\n", "line 1, column 4", "begin it on a line of its own", "in 'a: - b'"),
        ("- 1\nb: 2\n", "line 2, column 1", "no item of the list above it", "in 'b: 2'"),
        ('a: "x\\q"\n', "line 1, column", "use single quotes", "in 'a: \"x"),
        ("a: ]\n", "line 1, column 4", "a bracket or comma where a value should be", "in 'a: ]'"),
        ("a: *\n", "line 1, column 5", "a * or & that begins a text", "in 'a: *'"),
        ("%YAML 3.0\n---\na: 1\n", "line 1, column 1", "a version of YAML", "in '%YAML 3.0'"),
    ],
)
def test_a_slip_is_told_where_it_is(text: str, place: str, meaning: str, excerpt: str) -> None:
    """Line, column, what it means and the line itself are told."""
    found = found_in(text)
    assert found.startswith(f"{place}")
    assert meaning in found
    assert excerpt in found


@pytest.mark.parametrize(
    ("text", "meaning", "begins"),
    [
        ("x: 1\na: [1, 2\nb: 3\n", "a list [...] that is not closed", "line 2 with 'a: [1, 2'"),
        ("x: 1\na: {b: 1\nc: 2\n", "a section {...} that is not closed", "line 2 with 'a: {b: 1'"),
        ("x: 1\na: 'b\nc: 2\n", "quotes that are not closed", 'line 2 with "a: \'b"'),
        ("a: 1\nb\nc: 2\n", "a line without a colon after its key", "line 2 with 'b'"),
    ],
)
def test_what_is_left_open_is_told_where_it_begins(text: str, meaning: str, begins: str) -> None:
    """Where the parser gives up is far from the slip: the line in which it begins is told too."""
    found = found_in(text)
    assert meaning in found
    assert found.endswith(f"it begins in {begins}")


@pytest.mark.parametrize(
    ("text", "place", "character"),
    [("é: 1\nb: \x07\n", "line 2, column 4", "U+0007"), ("\x00", "line 1, column 1", "U+0000")],
)
def test_a_control_character_is_told_by_its_number(text: str, place: str, character: str) -> None:
    """A character that nobody can see is told by line, column and number."""
    assert found_in(text) == f"{place}: control characters are not allowed, found {character}"


@pytest.mark.parametrize(
    "text", ["a: [", "a: 1\na: 2", "a: &x 1\nb: *x", "a: \udcff", "? [a]\n: b", "\x07", "a: !b"]
)
def test_refusals_can_be_translated(text: str) -> None:
    """Whoever refuses, parser, reader or we, does so in a phrase."""
    assert isinstance(found_in(text), Phrase)


def test_a_line_that_ends_the_text_is_shown() -> None:
    """A parser that gives up behind the last line is told by the last line."""
    assert "in 'a: ['" in found_in("a: [")

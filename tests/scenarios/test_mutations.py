"""A thousand documents with one thing wrong: each is refused, by its key, and never in another way."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from mutations import KINDS, Mutation, applied, bases, mutated, mutations

from scenarios import ScenarioError, from_document
from scenarios.documents import dump, parse


def assert_refused(document: dict[str, Any], key: str) -> None:
    """Hold a wrong document to a refusal that names the key, what was found and what is allowed."""
    with pytest.raises(ScenarioError) as caught:
        from_document(document)
    named = [p for p in caught.value.problems if _leads(p.key, key) or _leads(key, p.key)]
    assert named, f"{key} is not named by {caught.value}"
    for problem in named:
        assert problem.found
        assert problem.allowed
        assert f"{problem.key}: found {problem.found}; allowed: {problem.allowed}" in str(caught.value)


def _leads(one: str, other: str) -> bool:
    """Tell whether a key is another or leads to it."""
    return other == one or other.startswith(f"{one}.")


@settings(max_examples=1000, deadline=None, derandomize=True)
@given(mutated())
def test_a_mutated_document_is_refused_by_its_key(case: tuple[dict[str, Any], str]) -> None:
    """Whatever one thing is wrong, the refusal names its dotted key, what was found and what is allowed."""
    assert_refused(*case)


@pytest.mark.parametrize("base", [0, 1])
@pytest.mark.parametrize("kind", [kind.__name__ for kind in KINDS])
def test_every_kind_of_mutation_is_refused(kind: str, base: int) -> None:
    """Each kind of mistake is refused wherever in the first documents it can be made, in its first form."""
    found = mutations(base)[kind]
    assert found
    for mutation in found:
        assert_refused(*applied(bases()[base], mutation, mutation.values[0]))


@pytest.mark.parametrize("number", range(len(bases())))
def test_what_is_mutated_loads_as_it_is(number: int) -> None:
    """The documents are valid before they are mutated, so that the mutation alone is what is refused."""
    assert from_document(bases()[number]).scenario.name


def test_a_mutation_leaves_its_base_alone() -> None:
    """Mutating copies: the next mutation starts from the valid document."""
    before = repr(bases()[0])
    document, key = applied(bases()[0], Mutation(("days",), "set"), -1)
    assert (document["days"], key) == (-1, "days")
    assert repr(bases()[0]) == before


@settings(max_examples=100, deadline=None, derandomize=True)
@given(mutated())
def test_a_mutated_document_is_refused_as_a_file_is(case: tuple[dict[str, Any], str]) -> None:
    """Written as YAML and read again, the mistake is still there and still refused by its key."""
    document, key = case
    assert_refused(parse(dump(document), "mutated"), key)

"""The document of `rich.yaml` for tests to alter, and the problems of what they made of it."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from scenarios import LoadedScenario, Problem, ScenarioError, from_document
from scenarios.compiling import compile_world
from scenarios.documents import read
from scenarios.paths import set_value
from scenarios.world import World

RICH = Path(__file__).with_name("rich.yaml")
#: Laid over it: the mechanisms that it leaves off.
MECHANISMS = Path(__file__).with_name("mechanisms.yaml")
#: What it cannot have beside its own matrix of travel hours: a network of ways.
ISLANDS = Path(__file__).with_name("islands.yaml")


@lru_cache(maxsize=1)
def _rich() -> dict[str, Any]:
    return read(RICH)


def rich(values: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return a copy of the document, with further values by dotted key; null removes a key."""
    document = copy.deepcopy(_rich())
    for key, value in (values or {}).items():
        set_value(document, key, copy.deepcopy(value))
    return document


def loaded(values: Mapping[str, Any] | None = None) -> LoadedScenario:
    """Return the loaded document, with further values by dotted key."""
    return from_document(rich(values))


def changed(*changes: tuple[str, dict[str, Any]], **values: Any) -> World:
    """Compile the rich network with these changes in place of its own."""
    dated = [{"from": day, "set": new} for day, new in changes]
    return compile_world(loaded({"changes": dated, **values}))


def problems(document: Mapping[str, Any]) -> dict[str, Problem]:
    """Return the problems of a document, which has to have some, by dotted key."""
    with pytest.raises(ScenarioError) as caught:
        from_document(document)
    return {problem.key: problem for problem in caught.value.problems}


def problems_with(values: Mapping[str, Any]) -> dict[str, Problem]:
    """Return the problems, by dotted key, that further values make."""
    return problems(rich(values))

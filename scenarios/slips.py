"""Slips in the name of a thing: a key that nothing else has opens a new section that lacks what it needs.

Instead of all that is missing, the message asks whether one of the things that there are was meant.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from typing import Any

from scenarios.phrases import phrase
from scenarios.problems import Problem

_REQUIRED = "the key is required"
_ALIKE = 0.6


def with_meant_names(
    problems: Sequence[Problem], document: Mapping[str, Any], prefix: str = ""
) -> list[Problem]:
    """Return problems, those of what may be a slip in a name joined into one that says so.

    Parameters
    ----------
    problems
        What makes a document unusable.
    document
        The document.
    prefix
        What the problems' keys begin with, for values that a dated change sets.
    """
    found: dict[str, Problem] = {}
    missing: dict[str, list[str]] = {}
    for number, problem in enumerate(problems):
        parts = problem.key.removeprefix(prefix).split(".")
        section = document.get(parts[0])
        if not problem.allowed.endswith(_REQUIRED) or len(parts) < 3 or not isinstance(section, Mapping):
            found[str(number)] = problem
            continue
        meant = _alike(parts[1], [str(name) for name in section if name != parts[1]])
        if not meant:
            found[str(number)] = problem
            continue
        where = prefix + ".".join(parts[:2])
        missing.setdefault(where, []).append(".".join(parts[2:]))
        found[where] = Problem(
            where,
            phrase("a new section without {keys}", keys=", ".join(missing[where])),
            phrase(
                "these keys, or a name of {section} (did you mean {names}?)",
                section=parts[0],
                names=", ".join(meant),
            ),
        )
    return list(found.values())


def _alike(name: str, names: list[str]) -> list[str]:
    """Return names that somebody may have meant: alike, or with this one in them."""
    close = difflib.get_close_matches(name, names, n=3, cutoff=_ALIKE)
    return list(dict.fromkeys([*close, *(other for other in names if name in other or other in name)]))[:3]

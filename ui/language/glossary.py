"""The terms of field service in English and Chinese, and whether a translation keeps to them."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

FILE = Path(__file__).resolve().with_name("glossary.csv")


@dataclass(frozen=True)
class Term:
    """One term.

    Parameters
    ----------
    id
        Its name in code.
    english
        Its forms in English, in small letters; the first is the term.
    chinese
        The term in Chinese.
    accepted
        Words of which a translation holds one wherever the English holds the term.
    """

    id: str
    english: tuple[str, ...]
    chinese: str
    accepted: tuple[str, ...]


@lru_cache
def glossary() -> tuple[Term, ...]:
    """Return the terms of glossary.csv."""
    with FILE.open(encoding="utf-8", newline="") as file:
        return tuple(
            Term(
                row["id"], tuple(row["english"].split("|")), row["chinese"], tuple(row["accepted"].split("|"))
            )
            for row in csv.DictReader(file)
        )


@lru_cache
def _patterns() -> tuple[tuple[re.Pattern[str], Term], ...]:
    """Return a pattern for each form, longer forms first: within one, shorter ones do not count."""
    forms = [(form, term) for term in glossary() for form in term.english]
    forms.sort(key=lambda pair: -len(pair[0]))
    before, after = r"(?<![\w`.{])", r"s?(?![\w`}]|-\d)"
    return tuple((re.compile(before + re.escape(form) + after), term) for form, term in forms)


def missing_terms(english: str, chinese: str) -> list[Term]:
    """Return the terms that an English text holds and its Chinese translation does not.

    Parameters
    ----------
    english
        The English text; what stands in backquotes or braces is code.
    chinese
        Its translation.
    """
    rest, missing = english.lower(), []
    for pattern, term in _patterns():
        rest, number = pattern.subn(" ", rest)
        if number and not any(word in chinese for word in term.accepted) and term not in missing:
            missing.append(term)
    return missing

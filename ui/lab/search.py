"""A search for keys of a scenario by words: names, meanings, what they belong to, in English or Chinese."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ui.lab.fields import Field, fields_of


@dataclass(frozen=True)
class Index:
    """Fields of a scenario that can be searched.

    Parameters
    ----------
    fields
        The fields.
    texts
        What is searched for each, in small letters: key, description, and the description in a language.
    """

    fields: tuple[Field, ...]
    texts: tuple[str, ...]

    def search(self, words: str, most: int = 30, sections: Sequence[str] = ()) -> list[Field]:
        """Return the fields in which all words occur, the likeliest first.

        Parameters
        ----------
        words
            Words in any language, parted by blanks.
        most
            How many at most.
        sections
            Only keys of these sections; of all when empty.
        """
        wanted = [w for w in words.lower().replace("_", " ").split() if w]
        if not wanted:
            return []
        found: list[tuple[tuple[int, int, int], int]] = []
        for number, (one, text) in enumerate(zip(self.fields, self.texts, strict=True)):
            if sections and one.key.split(".")[0] not in sections:
                continue
            if all(word in text for word in wanted):
                found.append((_rank(one, wanted), number))
        return [self.fields[number] for _, number in sorted(found)[:most]]


def _rank(one: Field, wanted: Sequence[str]) -> tuple[int, int, int]:
    """Return how likely a field is meant, the smallest first: exact key, last part, few parts."""
    key = one.key.lower().replace("_", " ")
    name = key.rpartition(".")[2]
    hits = sum(2 * (word in name) + (word in key) for word in wanted)
    exact = key == " ".join(wanted)
    return (-100 if exact else -hits, one.kind == "section", key.count("."))


def index_of(
    document: Mapping[str, Any], translated: Callable[[str], str], named: Mapping[str, str]
) -> Index:
    """Return a searchable index of a document.

    Parameters
    ----------
    document
        The resolved document.
    translated
        From a description to what it is in the language of the page.
    named
        What parts of keys are called by people, for instance cities in Chinese.
    """
    fields = fields_of(document)
    told: dict[str, str] = {}
    texts = []
    for one in fields:
        if one.description not in told:
            told[one.description] = f"{one.description} {translated(one.description)}".lower()
        names = " ".join(named.get(part, "") for part in one.key.split("."))
        texts.append(
            f"{one.key.lower().replace('_', ' ')} {one.key.lower()} {told[one.description]} {names.lower()}"
        )
    return Index(fields, tuple(texts))

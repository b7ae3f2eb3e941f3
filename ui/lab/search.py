"""A search for keys of a scenario by words: names, meanings, what they belong to, in English or Chinese."""

from __future__ import annotations

import re
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
        What is searched for each, in small letters: key, names on its way, its meaning in every language.
    labels
        What each is called, in small letters and in every language.
    """

    fields: tuple[Field, ...]
    texts: tuple[str, ...]
    labels: tuple[str, ...]

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
        found: list[tuple[tuple[int, ...], int]] = []
        for number, (one, label, text) in enumerate(zip(self.fields, self.labels, self.texts, strict=True)):
            if sections and one.key.split(".")[0] not in sections:
                continue
            if all(word in text or word in label for word in wanted):
                found.append((_rank(one, label, text, wanted), number))
        return [self.fields[number] for _, number in sorted(found)[:most]]


def _rank(one: Field, label: str, text: str, wanted: Sequence[str]) -> tuple[int, ...]:
    """Return how likely a field is meant, the smallest first.

    The exact key goes first, then whole words before parts of words, and what the field itself is called
    before what it belongs to and what is written about it.
    """
    key = one.key.lower().replace("_", " ")
    name = key.rpartition(".")[2]
    exact = key == " ".join(wanted)
    whole = sum(_whole(word, label) or _whole(word, key) or _whole(word, text) for word in wanted)
    called = sum(4 * _whole(word, f"{label} {name}") + 2 * (word in name) + (word in key) for word in wanted)
    return (not exact, -whole, -called, one.kind == "section", key.count("."))


def _whole(word: str, text: str) -> bool:
    """Return whether a word stands in a text by itself; Chinese words are not parted in a text."""
    if not word.isascii():
        return word in text
    return re.search(rf"(?<![a-z0-9]){re.escape(word)}s?(?![a-z0-9])", text) is not None


def index_of(
    document: Mapping[str, Any],
    translated: Callable[[str], str],
    named: Mapping[str, str],
    called: Callable[[str], str] = lambda part: part.replace("_", " "),
) -> Index:
    """Return a searchable index of a document.

    Parameters
    ----------
    document
        The resolved document.
    translated
        From a description to what it is in the other languages.
    named
        What parts of keys are called by people, for instance cities, in every language.
    called
        From the last part of a key to what it is called, in every language.
    """
    fields = fields_of(document)
    told: dict[str, str] = {}
    words: dict[str, str] = {}
    texts, labels = [], []
    for one in fields:
        if one.description not in told:
            told[one.description] = f"{one.description} {translated(one.description)}".lower()
        names = " ".join(named.get(part, "") for part in one.key.split("."))
        texts.append(
            f"{one.key.lower().replace('_', ' ')} {one.key.lower()} {told[one.description]} {names.lower()}"
        )
        last = one.name
        if last not in words:
            words[last] = called(last).lower()
        labels.append(f"{words[last]} {named.get(last, '').lower()}")
    return Index(fields, tuple(texts), tuple(labels))

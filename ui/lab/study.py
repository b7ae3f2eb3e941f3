"""What a planner compares: a baseline, and what-ifs that differ from it by a few edits.

A study is plain data: it becomes documents that a job can simulate, and a short text that fits into a URL.
Whether its documents are possible is found in `checking`; how its edits read is the matter of `differences`.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from scenarios.inherited_sources import without_orphans
from scenarios.paths import KeyPathError, set_value
from scenarios.problems import Problem, ScenarioError, shown

#: What-ifs beside the baseline: five scenarios side by side.
MOST_VARIANTS = 4
_FORM = "1"
_LARGEST_TEXT = 400_000
_LARGEST_STUDY = 2_000_000
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
_HOW = ("set", "add", "drop")


@dataclass(frozen=True)
class Edit:
    """One thing that is different in a what-if.

    Parameters
    ----------
    key
        Dotted key; items of lists by name or number.
    value
        What the key is set to, or the item that is added to a list; a JSON value. Null takes an optional
        value away.
    how
        set: the key gets the value; add: the value becomes an item of the list; drop: the item of a list, or
        the key of a section, goes.
    """

    key: str
    value: Any = None
    how: Literal["set", "add", "drop"] = "set"


@dataclass(frozen=True)
class Variant:
    """A what-if: a name for files, a title for people, and its edits in order."""

    name: str
    title: str
    edits: tuple[Edit, ...] = ()


@dataclass(frozen=True)
class Study:
    """A baseline, what-ifs, and how often they are simulated.

    Parameters
    ----------
    baseline
        Name of a scenario of the library or of one that was saved.
    variants
        One to four what-ifs.
    replications
        Replications of each scenario.
    seed, days, start
        Seed, length of a replication in days, and first day; the baseline's where they are None.
    precision
        Half-widths by KPI up to which replications are added.
    """

    baseline: str
    variants: tuple[Variant, ...]
    replications: int = 20
    seed: int | None = None
    days: float | None = None
    start: str | None = None
    precision: Mapping[str, float] = field(default_factory=dict)

    def documents(self, baseline: Mapping[str, Any]) -> tuple[dict[str, Any], ...]:
        """Return the documents that are compared, the baseline first, each whole and with its own name.

        Parameters
        ----------
        baseline
            The resolved document of the baseline.

        Raises
        ------
        scenarios.ScenarioError
            If the key of an edit leads nowhere.
        """
        first = self._framed(copied(baseline))
        taken = {str(first["name"])}
        documents = [first]
        for variant in self.variants:
            document = edited(first, variant.edits)
            document["name"] = free_name(variant.name, taken)
            document["title"] = variant.title[:160]
            taken.add(document["name"])
            documents.append(document)
        return tuple(documents)

    def _framed(self, document: dict[str, Any]) -> dict[str, Any]:
        """Return a document with the study's own start, length, replications and seed."""
        own = {"start": self.start, "days": self.days, "seed": self.seed, "replications": self.replications}
        document.update({key: value for key, value in own.items() if value is not None})
        return document


def new_study(baseline: str, title: str, replications: int = 20) -> Study:
    """Return a study with one empty what-if of a title."""
    return Study(baseline, (Variant("what-if-1", title),), replications)


def edited(baseline: Mapping[str, Any], edits: Sequence[Edit]) -> dict[str, Any]:
    """Return a document with edits made, in their order; the document itself stays as it is.

    Raises
    ------
    scenarios.ScenarioError
        If the key of an edit leads nowhere.
    """
    document: dict[str, Any] = copied(baseline)
    for edit in edits:
        try:
            _make(document, edit)
        except KeyPathError as error:
            raise ScenarioError([Problem(edit.key, error.found, error.allowed)]) from None
    return without_orphans(document, baseline, {})


def _make(document: dict[str, Any], edit: Edit) -> None:
    """Make one edit in place."""
    if edit.how == "set":
        set_value(document, edit.key, copied(edit.value))
        return
    if edit.how == "drop":
        _drop(document, edit.key)
        return
    items = value_at(document, edit.key)
    if not isinstance(items, list):
        raise KeyPathError(edit.key, shown(items), "a list")
    items.append(copied(edit.value))
    if edit.key == "changes":
        items[:] = _by_date(items)


def _drop(document: dict[str, Any], key: str) -> None:
    """Take an item of a list or a key of a section away."""
    parent, _, last = key.rpartition(".")
    holder = value_at(document, parent) if parent else document
    if isinstance(holder, list):
        position = position_in(holder, last)
        if position is not None:
            del holder[position]
            return
    elif isinstance(holder, dict) and last in holder:
        del holder[last]
        return
    raise KeyPathError(key, "nothing", "something that is there")


def _by_date(changes: list[Any]) -> list[Any]:
    """Return dated changes in order of dates, those of one date joined, the later ones on top."""
    joined: dict[str, dict[str, Any]] = {}
    for change in sorted(changes, key=lambda c: str(c.get("from"))):
        known = joined.setdefault(str(change.get("from")), {**change, "set": {}})
        known["set"] = {**known["set"], **change.get("set", {})}
    return list(joined.values())


def position_in(items: Sequence[Any], part: str) -> int | None:
    """Return the position of an item of a list by its name or number, None if there is none."""
    names = [item.get("name") if isinstance(item, dict) else None for item in items]
    if part in names:
        return names.index(part)
    return int(part) if part.isascii() and part.isdigit() and int(part) < len(items) else None


def value_at(document: Any, key: str) -> Any:
    """Return what stands at a dotted key, None where nothing does."""
    node = document
    for part in key.split("."):
        if isinstance(node, Mapping):
            node = node.get(part)
        elif isinstance(node, list):
            position = position_in(node, part)
            node = None if position is None else node[position]
        else:
            return None
    return node


def with_edit(variant: Variant, edit: Edit, baseline: Mapping[str, Any]) -> Variant:
    """Return a what-if with one edit more, joined with those that it replaces or refines.

    An edit that sets a key back to the baseline's own value is no difference, and goes; one that sets a key
    inside of a section that an earlier edit brought changes that edit.
    """
    if edit.how != "set":
        return replace(variant, edits=(*variant.edits, edit))
    kept: list[Edit] = []
    for earlier in variant.edits:
        if (
            earlier.how == "set"
            and edit.key.startswith(earlier.key + ".")
            and isinstance(earlier.value, dict)
        ):
            value = copied(earlier.value)
            set_value(value, edit.key[len(earlier.key) + 1 :], copied(edit.value))
            edits = tuple(Edit(e.key, value) if e is earlier else e for e in variant.edits)
            return replace(variant, edits=edits)
        if not (earlier.how == "set" and (earlier.key + ".").startswith(edit.key + ".")):
            kept.append(earlier)
    if value_at(baseline, edit.key) != edit.value:
        kept.append(edit)
    return replace(variant, edits=tuple(kept))


def copied(value: Any) -> Any:
    """Return a copy of a JSON value that shares nothing with it, far faster than `copy.deepcopy`."""
    if isinstance(value, Mapping):
        return {key: copied(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [copied(inner) for inner in value]
    return value


def free_name(wish: str, taken: set[str]) -> str:
    """Return a name of letters, digits, _ and - that is like a wish and not taken."""
    stem = re.sub(r"[^A-Za-z0-9_-]+", "-", wish).strip("-_")[:60] or "what-if"
    name, number = stem, 1
    while name in taken:
        number += 1
        name = f"{stem[:58]}-{number}"
    return name


def difference(
    parent: Mapping[str, Any], child: Mapping[str, Any], written: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the least document that, laid over one, gives another; what the other lacks is null in it.

    Parameters
    ----------
    parent, child
        The resolved documents.
    written
        The parent as it is written: where it has a short form, as a number for a duration, or nothing, there
        are no keys to lay others over, and the value is written out.
    """
    found: dict[str, Any] = {}
    for key, value in child.items():
        before, own = parent.get(key), written.get(key)
        if value == before and type(value) is type(before) and key in parent:
            continue
        if value and all(isinstance(each, Mapping) for each in (value, before, own)):
            found[key] = difference(before, value, own)  # type: ignore[arg-type]
        elif isinstance(value, dict) and isinstance(own, Mapping):
            found[key] = {**dict.fromkeys(own), **value}
        else:
            found[key] = value
    return {**found, **{key: None for key in parent if key not in child}}


def study_to_text(study: Study) -> str:
    """Return a study as a short text of letters, digits, _ and -, for a URL."""
    content = {
        "b": study.baseline,
        "v": [[v.name, v.title, [_plain(e) for e in v.edits]] for v in study.variants],
        "r": study.replications,
        "s": study.seed,
        "d": study.days,
        "f": study.start,
        "p": dict(study.precision),
    }
    plain = json.dumps(content, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    packed = zlib.compress(plain.encode(), 9)
    return _FORM + base64.urlsafe_b64encode(packed).decode().rstrip("=")


def _plain(edit: Edit) -> list[Any]:
    return [edit.key, edit.value] if edit.how == "set" else [edit.key, edit.value, edit.how]


def study_from_text(text: str) -> Study:
    """Return the study that a text of `study_to_text` holds.

    Raises
    ------
    ValueError
        If the text is damaged, too large, or no such text.
    """
    if not text.startswith(_FORM) or len(text) > _LARGEST_TEXT:
        raise ValueError("not a study")
    try:
        packed = base64.urlsafe_b64decode(text[1:] + "=" * (-(len(text) - 1) % 4))
        opened = zlib.decompressobj()
        plain = opened.decompress(packed, _LARGEST_STUDY)
        if opened.unconsumed_tail or not opened.eof:
            raise ValueError("a study that is too large or cut off")
        return _study(json.loads(plain))
    except (binascii.Error, zlib.error, RecursionError, KeyError, TypeError, AttributeError) as error:
        raise ValueError("a study that cannot be read") from error


def _study(content: Mapping[str, Any]) -> Study:
    """Return a study from its JSON, refused where a value is of the wrong kind."""
    variants = tuple(
        Variant(_text(name), _text(title), tuple(_edit(*edit) for edit in edits))
        for name, title, edits in content["v"]
    )
    names = [v.name for v in variants]
    if not 1 <= len(variants) <= MOST_VARIANTS or len(set(names)) < len(names):
        raise ValueError("a study without what-ifs, or with too many")
    if not all(_NAME.fullmatch(name) for name in names):
        raise ValueError("a what-if without a proper name")
    replications, seed, days, start = content["r"], content["s"], content["d"], content["f"]
    if type(replications) is not int or not (seed is None or type(seed) is int):
        raise ValueError("replications or a seed that are no whole numbers")
    if not (days is None or type(days) in (int, float)) or not (start is None or isinstance(start, str)):
        raise ValueError("a length or a date of the wrong kind")
    precision = {_text(kpi): float(width) for kpi, width in content["p"].items()}
    return Study(_text(content["b"]), variants, replications, seed, days, start, precision)


def _edit(key: Any, value: Any, how: Any = "set") -> Edit:
    if how not in _HOW:
        raise ValueError("an edit of an unknown kind")
    return Edit(_text(key), value, how)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("a text is missing")
    return value

"""Whether the documents of a study can be simulated, and what is doubtful about them, beside its cause.

Loading finds what makes a scenario impossible, compiling what is doubtful; both are kept by content, because
a page asks again after every click.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

from scenarios import LoadedScenario, ScenarioError, Warn, from_document
from scenarios.compiling import compile_world
from scenarios.doubts import doubts
from scenarios.problems import Problem
from ui.lab.fields import steps
from ui.lab.study import Edit, Study, edited

_T = TypeVar("_T")
_KEPT = 48
#: Edits that are left out in turn to find which one a doubt comes from.
_MOST_LEFT_OUT = 8

#: Edits that a doubt may come from although its key is another one, as beginnings of their keys.
_CAUSES: dict[str, tuple[str, ...]] = {
    "W-headcount": ("centres.*.engineers", "centres"),
    "W-backbone": ("centres.*.engineers", "centres"),
    "W-budget": ("budget",),
    "W-date": ("disruptions", "changes"),
    "W-crew": ("centres.*.engineers", "centres", "fault_types", "calendars", "sites"),
    "W-no-engineer": ("centres.*.engineers", "centres", "skills", "fault_types", "calendars", "sites"),
    "W-no-shift": ("calendars", "centres"),
    "W-off-shift-sla": ("sla", "centres.*.engineers", "calendars", "centres", "response_clock"),
    "W-unreachable-sla": ("sla", "travel", "city_travel", "links", "centres", "sites", "response_clock"),
    "W-unused": ("sites", "device_types", "fault_types", "centres", "sla"),
}


class _Kept(Generic[_T]):
    """The last few results by content, shared by all who ask."""

    def __init__(self) -> None:
        self._found: OrderedDict[str, _T] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: str, make: Callable[[], _T]) -> _T:
        """Return what is kept under a key, made now if nothing is."""
        with self._lock:
            if key in self._found:
                self._found.move_to_end(key)
                return self._found[key]
        made = make()
        with self._lock:
            self._found[key] = made
            while len(self._found) > _KEPT:
                self._found.popitem(last=False)
        return made


_loaded: _Kept[tuple[LoadedScenario | None, tuple[Problem, ...]]] = _Kept()
_doubts: _Kept[tuple[Warn, ...]] = _Kept()


@dataclass(frozen=True)
class Finding:
    """A problem or a warning, and the edit that it stands beside.

    Parameters
    ----------
    what
        The problem, which keeps the study from being simulated, or the warning.
    edit
        Position of the edit that is its likeliest cause; None where it is no edit's.
    """

    what: Problem | Warn
    edit: int | None

    @property
    def grave(self) -> bool:
        """Return whether it keeps the study from being simulated."""
        return isinstance(self.what, Problem)


def content_key(document: Mapping[str, Any]) -> str:
    """Return a digest of a document, the same for equal documents."""
    text = json.dumps(document, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def load_kept(document: Mapping[str, Any]) -> tuple[LoadedScenario | None, tuple[Problem, ...]]:
    """Return a document's scenario, or None and everything that makes it impossible."""

    def make() -> tuple[LoadedScenario | None, tuple[Problem, ...]]:
        try:
            return from_document(document, ""), ()
        except ScenarioError as error:
            return None, error.problems

    return _loaded.get(content_key(document), make)


def doubts_kept(document: Mapping[str, Any]) -> tuple[Warn, ...]:
    """Return what is doubtful about a document; nothing where it is impossible."""
    loaded, _ = load_kept(document)
    if loaded is None:
        return ()

    def make() -> tuple[Warn, ...]:
        return tuple(doubts(loaded, compile_world(loaded)))

    return _doubts.get(content_key(document), make)


def problems_of(study: Study, position: int, baseline: Mapping[str, Any]) -> list[Finding]:
    """Return what keeps a what-if from being simulated.

    Parameters
    ----------
    study
        The study.
    position
        Position of the what-if.
    baseline
        The resolved document of the baseline.
    """
    framed = document_of(study, baseline)
    variant = study.variants[position]
    try:
        changed = edited(framed, variant.edits)
    except ScenarioError as error:
        return [Finding(p, cause_of(p.key, variant.edits)) for p in error.problems]
    _, found = load_kept(changed)
    return [Finding(p, _cause(p, changed, variant.edits)) for p in found]


def warnings_of(study: Study, position: int, baseline: Mapping[str, Any]) -> list[Finding]:
    """Return what is doubtful about a what-if and not about the baseline; nothing if it has problems.

    Parameters
    ----------
    study, position, baseline
        As `problems_of` takes them.
    """
    framed = document_of(study, baseline)
    variant = study.variants[position]
    try:
        changed = edited(framed, variant.edits)
    except ScenarioError:
        return []
    found = doubts_kept(changed)
    before = {_content(w) for w in doubts_kept(framed)} if found else set()
    fresh = [w for w in found if _content(w) not in before]
    return [Finding(w, _behind(w, framed, variant.edits, changed)) for w in fresh]


def _behind(
    warn: Warn, framed: Mapping[str, Any], edits: Sequence[Edit], changed: Mapping[str, Any]
) -> int | None:
    """Return the edit without which a doubt is gone, the likeliest first; None where no single one is."""
    likely = cause_of(_named(warn.key, changed), edits, warn.code)
    others = [n for n in reversed(range(len(edits))) if n != likely]
    order = others if likely is None else [likely, *others]
    return next((n for n in order[:_MOST_LEFT_OUT] if _gone_without(warn, framed, edits, n)), None)


def _gone_without(warn: Warn, framed: Mapping[str, Any], edits: Sequence[Edit], number: int) -> bool:
    try:
        rest = edited(framed, [edit for n, edit in enumerate(edits) if n != number])
    except ScenarioError:
        return False
    loaded, _ = load_kept(rest)
    return loaded is not None and _content(warn) not in {_content(w) for w in doubts_kept(rest)}


def missing_things(baseline: Mapping[str, Any], edits: Sequence[Edit]) -> dict[int, list[tuple[str, str]]]:
    """Return what edits are about and a baseline lacks, as sections and names by position of the edit.

    Parameters
    ----------
    baseline
        The resolved document of the baseline.
    edits
        The edits of a what-if.
    """
    found: dict[int, list[tuple[str, str]]] = {}
    brought: set[str] = set()
    for number, edit in enumerate(edits):
        keys = edit.value.get("set", {}) if edit.key == "changes" and edit.how == "add" else [edit.key]
        lacking = [thing for key in keys for thing in _missing(baseline, str(key), brought)]
        if edit.key == "disruptions" and edit.how == "add":
            lacking += [
                (section, str(name))
                for section in ("countries", "cities", "centres")
                for name in edit.value.get(section) or ()
                if name not in baseline[section]
            ]
        if lacking:
            found[number] = list(dict.fromkeys(lacking))
        elif edit.how == "set":
            brought.add(edit.key)
    return found


def _missing(baseline: Mapping[str, Any], key: str, brought: set[str]) -> list[tuple[str, str]]:
    """Return the first thing on the way to a key that is not there; the last part may be new."""
    way = steps(baseline, key)
    parts = key.split(".")
    for number, step in enumerate(way[:-1] if len(way) > 1 else way):
        if any(".".join(parts[: n + 1]) in brought for n in range(number + 1)):
            return []
        if step.section and step.value is None:
            return [(step.section, step.part)]
    return []


def _content(warn: Warn) -> tuple[str, str, str]:
    """Return what a doubt says, without the date from which it holds where dated changes part the run.

    Of dates after the run it is the dates, not among how many they are.
    """
    message = warn.message
    if getattr(message, "template", "") == "{message} from {date} on":
        message = message.values["message"]  # type: ignore[attr-defined]
    text = str(message)
    return warn.code, warn.key, text.partition(": ")[2] if warn.code == "W-date" else text


def document_of(study: Study, baseline: Mapping[str, Any]) -> dict[str, Any]:
    """Return the baseline's document with the study's own start, length, seed and replications."""
    return replace(study, variants=()).documents(baseline)[0]


def _named(key: str, document: Mapping[str, Any]) -> str:
    """Return a key with items of lists by name instead of number."""
    node: Any = document
    parts = []
    for part in key.split(".") if key else ():
        named = None
        if isinstance(node, list) and part.isdigit() and int(part) < len(node):
            node = node[int(part)]
            named = node.get("name") if isinstance(node, Mapping) else None
        else:
            node = node.get(part) if isinstance(node, Mapping) else None
        parts.append(str(named or part))
    return ".".join(parts)


def _cause(problem: Problem, document: Mapping[str, Any], edits: Sequence[Edit]) -> int | None:
    """Return the edit that a problem is nearest to, else the one whose key its words mention."""
    near = cause_of(_named(problem.key, document), edits)
    if near is not None:
        return near
    told = f"{problem.found} {problem.allowed}"
    mentioned = (n for n, edit in enumerate(edits) if any(f"`{key}`" in told for key in _keys(edit)))
    return next(mentioned, None)


def cause_of(key: str, edits: Sequence[Edit], code: str = "") -> int | None:
    """Return the position of the edit that a finding is nearest to, None if none has to do with it.

    Parameters
    ----------
    key
        Dotted key of the finding, items of lists by name.
    edits
        The edits, in order.
    code
        Code of a warning, for doubts that come from keys far from their own.
    """
    best, position = 0, None
    for number, edit in enumerate(edits):
        near = max((_nearness(key, own) for own in _keys(edit)), default=0)
        if near >= max(best, 1):
            best, position = near, number
    if position is not None and (best > 1 or not code or best == len(key.split("."))):
        return position
    for pattern in _CAUSES.get(code, ()):
        for number in reversed(range(len(edits))):
            if any(_begins(own, pattern) for own in _keys(edits[number])):
                return number
    return position


def _keys(edit: Edit) -> list[str]:
    """Return the keys that an edit touches."""
    if edit.how != "add" or not isinstance(edit.value, Mapping):
        return [edit.key]
    if edit.key == "changes":
        return [edit.key, *map(str, edit.value.get("set", {}))]
    return [f"{edit.key}.{edit.value.get('name', '')}"]


def _nearness(key: str, other: str) -> int:
    """Return how many parts two keys begin with together."""
    count = 0
    for one, two in zip(key.split("."), other.split("."), strict=False):
        if one != two:
            break
        count += 1
    return count


def _begins(key: str, pattern: str) -> bool:
    """Return whether a key begins as a pattern says, in which * is any part."""
    parts, wanted = key.split("."), pattern.split(".")
    return len(parts) >= len(wanted) and all(w in ("*", p) for p, w in zip(parts, wanted, strict=False))

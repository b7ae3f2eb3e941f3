"""Scenarios that a study can start from: those of the library, and what-ifs that were saved under a name.

A saved what-if is a scenario file like any other, which extends what it was made from; commands take it, too.
"""

from __future__ import annotations

import contextlib
import os
import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from scenarios import LoadedScenario, ScenarioError, documents, library, load
from scenarios.paths import stack
from scenarios.problems import Problem, shown
from ui.lab.study import difference

#: Largest scenario file that is taken in, in bytes.
LARGEST_UPLOAD = 1_000_000
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")


@dataclass(frozen=True)
class Baseline:
    """A scenario to start from.

    Parameters
    ----------
    name
        Its name in lists.
    title
        One line about it.
    document
        Its resolved document.
    written
        The document as it is written, in short forms and without defaults.
    loaded
        The same, checked.
    """

    name: str
    title: str
    document: Mapping[str, Any]
    written: Mapping[str, Any]
    loaded: LoadedScenario


def library_names() -> list[str]:
    """Return the names of the library's scenarios, without those that only validate the simulation."""
    return [name for name, file in library().items() if file.parent.name != "validation"]


def saved_names(folder: Path) -> list[str]:
    """Return the names of the saved scenarios in a folder, in order of the alphabet."""
    return sorted(file.stem for file in folder.glob("*.yaml") if _NAME.fullmatch(file.stem))


def title_of(name: str, folder: Path) -> str:
    """Return the title of a scenario by name, without checking the scenario; empty if it has none."""
    path = _path(name, folder)
    try:
        return _title(str(path), path.stat().st_mtime_ns)
    except (OSError, ScenarioError):
        return ""


@lru_cache(maxsize=256)
def _title(path: str, _changed: int) -> str:
    return str(_written(Path(path)).get("title") or "")


def open_baseline(name: str, folder: Path) -> Baseline:
    """Return a scenario of the library, or a saved one.

    Parameters
    ----------
    name
        Its name.
    folder
        Where saved scenarios are.

    Raises
    ------
    scenarios.ScenarioError
        If there is none of this name, or it cannot be.
    """
    if not _NAME.fullmatch(name) or (name not in library() and name not in saved_names(folder)):
        allowed = "a scenario of the library, or a saved one"
        raise ScenarioError([Problem("baseline", shown(name), allowed)])
    return _opened(name, str(folder), _stamps(name, folder))


def _stamps(name: str, folder: Path) -> tuple[int, ...]:
    """Return when saved scenarios were written last; one may extend another."""
    if name in library():
        return ()
    return tuple(sorted(file.stat().st_mtime_ns for file in folder.glob("*.yaml")))


@lru_cache(maxsize=8)
def _opened(name: str, folder: str, _stamps: tuple[int, ...]) -> Baseline:
    path = _path(name, Path(folder))
    loaded = load(name if name in library() else path)
    document = loaded.scenario.model_dump(mode="json", by_alias=True)
    return Baseline(name, loaded.scenario.title, document, _written(path), loaded)


def _written(path: Path) -> dict[str, Any]:
    """Return what a scenario file says, laid over what it extends, and nothing else."""
    document = documents.read(path)
    parent = document.pop("extends", None)
    if parent is None:
        return document
    return stack(_written(library().get(parent) or path.parent / parent), document)


def _path(name: str, folder: Path) -> Path:
    return library()[name] if name in library() else folder / f"{name}.yaml"


def problem_with_name(name: str, folder: Path) -> str:
    """Return why a scenario cannot be saved under a name: word, library, taken; empty if it can."""
    if not _NAME.fullmatch(name):
        return "word"
    if name in library():
        return "library"
    return "taken" if (folder / f"{name}.yaml").exists() else ""


def child_document(baseline: Baseline, loaded: LoadedScenario, name: str) -> dict[str, Any]:
    """Return a what-if as a document that extends its baseline and says only what differs.

    Parameters
    ----------
    baseline
        What it starts from.
    loaded
        The what-if.
    name
        Its name.
    """
    own = loaded.scenario.model_dump(mode="json", by_alias=True)
    own["name"] = name
    parent = baseline.name if baseline.name in library() else f"{baseline.name}.yaml"
    return {"extends": parent, "name": name, **difference(baseline.document, own, baseline.written)}


def save(document: Mapping[str, Any], name: str, folder: Path) -> None:
    """Write a scenario under a name, in place of one that has it.

    Raises
    ------
    ValueError
        If the name is no name, or that of a scenario of the library.
    scenarios.ScenarioError
        If the document cannot be read back as a scenario; what stood there before then stays.
    """
    if problem_with_name(name, folder) not in ("", "taken"):
        raise ValueError(f"{name!r} is not a name for a saved scenario")
    folder.mkdir(parents=True, exist_ok=True)
    handle, written = tempfile.mkstemp(suffix=".yaml", prefix=".", dir=folder)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(documents.dump(dict(document)))
        load(Path(written))
        os.replace(written, folder / f"{name}.yaml")  # noqa: PTH105 - a plain rename, atomic
    finally:
        with contextlib.suppress(OSError):
            Path(written).unlink()


def delete(name: str, folder: Path) -> None:
    """Remove a saved scenario, if there is one of the name."""
    if _NAME.fullmatch(name):
        (folder / f"{name}.yaml").unlink(missing_ok=True)


def take_in(content: bytes, folder: Path) -> str:
    """Save a scenario file that somebody brought, and return its name.

    Parameters
    ----------
    content
        The file.
    folder
        Where saved scenarios are.

    Raises
    ------
    scenarios.ScenarioError
        If it is too large, no scenario, extends a file, or has a name that is taken.
    """
    if len(content) > LARGEST_UPLOAD:
        raise _refused("", f"{len(content):,} bytes", f"at most {LARGEST_UPLOAD:,} bytes")
    try:
        document = documents.parse(content.decode("utf-8"), "")
    except UnicodeDecodeError:
        raise _refused("", "bytes that are not UTF-8", "a YAML text") from None
    if not isinstance(document, dict):
        raise _refused("", shown(document), "a mapping of keys")
    parent = document.get("extends")
    if parent is not None and (not isinstance(parent, str) or parent not in library()):
        raise _refused("extends", shown(parent), "a scenario of the library; no files")
    name = document.get("name")
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise _refused("name", shown(name), "a name of up to 64 letters, digits, _ and -")
    if problem_with_name(name, folder):
        raise _refused("name", shown(name), "a name that no scenario has yet")
    save(document, name, folder)
    return name


def _refused(key: str, found: str, allowed: str) -> ScenarioError:
    return ScenarioError([Problem(key, found, allowed)])

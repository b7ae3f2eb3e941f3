"""Where a run or a comparison goes: a folder that is free, or the one that is to be completed.

Nothing is created here, so that a command that is refused leaves nothing behind.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from cli.failures import BadInputError
from insight.run_folder import RunFolder

#: Where runs go that no folder is named for.
RUNS = Path("runs")
_LONGEST_NAME = 120


@dataclass(frozen=True)
class Kind:
    """A kind of folder.

    Parameters
    ----------
    noun
        What it holds.
    holds
        Whether a folder holds one.
    unfinished
        Whether one that a folder holds can be completed.
    """

    noun: str
    holds: Callable[[Path], bool]
    unfinished: Callable[[Path], bool]


def _is_run(path: Path) -> bool:
    return RunFolder(path).exists()


def _is_comparison(path: Path) -> bool:
    return (path / "comparison.json").is_file() or any(map(_is_run, _folders(path)))


RUN = Kind("run", _is_run, lambda path: RunFolder(path).manifest().get("finished") is None)
COMPARISON = Kind("comparison", _is_comparison, lambda path: not (path / "comparison.json").is_file())


def _folders(path: Path) -> Iterator[Path]:
    return (child for child in path.iterdir() if child.is_dir()) if path.is_dir() else iter(())


def destination(kind: Kind, name: str, out: Path | None, resume: bool) -> Path:
    """Return the folder to write to.

    Parameters
    ----------
    kind
        What is to be written.
    name
        Name of the run; folders below `runs` are called by it.
    out
        The folder that was asked for.
    resume
        Whether to complete what a folder holds.

    Raises
    ------
    BadInputError
        If the folder cannot take it, or there is nothing to complete.
    """
    if out is not None:
        _check(kind, out, resume)
        return out
    if resume:
        return _to_complete(kind, name)
    folder = next(path for path in _named(name) if not os.path.lexists(path))
    _check(kind, folder, resume)
    return folder


def _named(name: str) -> Iterator[Path]:
    """Yield the folders that runs of a name go to, in their order."""
    short = name[:_LONGEST_NAME]
    return (RUNS / (short if number == 1 else f"{short}-{number}") for number in count(1))


def _to_complete(kind: Kind, name: str) -> Path:
    """Return the folder of a name that was last worked on and is not finished."""
    known = _named(name)
    number_of_folders = sum(1 for _ in _folders(RUNS))
    candidates = [next(known) for _ in range(number_of_folders + 1)]
    begun = [path for path in candidates if kind.holds(path) and kind.unfinished(path)]
    if not begun:
        allowed = f"--out DIR with the {kind.noun} to complete, or no --resume"
        raise BadInputError("--resume", f"no unfinished {kind.noun} {RUNS / name}", allowed)
    return max(begun, key=lambda path: path.stat().st_mtime)


def _check(kind: Kind, path: Path, resume: bool) -> None:
    """Refuse a folder that holds something else, or that cannot be written to."""
    if path.exists() and not path.is_dir():
        raise BadInputError(str(path), "a file", "a folder that is new or empty")
    if path.is_dir() and not _is_untouched(path):
        if not kind.holds(path):
            found = f"a folder with other things than a {kind.noun}"
            raise BadInputError(str(path), found, "a folder that is new or empty")
        if not resume:
            allowed = "a folder that is new or empty, or --resume to complete this one"
            raise BadInputError(str(path), f"a {kind.noun}", allowed)
    existing = next(parent for parent in (path, *path.absolute().parents) if parent.exists())
    if not existing.is_dir() or not os.access(existing, os.W_OK | os.X_OK):
        found = "no folder" if not existing.is_dir() else "a folder that may not be written to"
        raise BadInputError(str(existing), found, "a folder to write to")


def _is_untouched(path: Path) -> bool:
    """Return whether a folder holds nothing but what a run leaves that ended before it had a manifest."""
    return all(
        _is_untouched(child) if child.is_dir() else child.suffix == ".part" for child in path.iterdir()
    )

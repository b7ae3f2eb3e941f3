"""Files that commands write: whether they can be, and all of them or none."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

from cli.failures import BadInputError


def check_file(option: str, path: Path, endings: Collection[str]) -> None:
    """Refuse a file that cannot be written.

    Parameters
    ----------
    option
        Where it was named.
    path
        The file; one that is there is replaced.
    endings
        Endings that it may have.

    Raises
    ------
    BadInputError
        If its ending or its folder will not do.
    """
    if path.suffix.lower() not in endings:
        raise BadInputError(option, str(path), f"a file that ends in {', '.join(endings)}")
    if path.is_dir():
        raise BadInputError(option, f"the folder {path}", "a file")
    _check_parent(option, path)


def check_folder(option: str, path: Path) -> None:
    """Refuse a folder that cannot be written to or made.

    Raises
    ------
    BadInputError
        If it is something else, or cannot be made.
    """
    if path.exists() and not path.is_dir():
        raise BadInputError(option, f"the file {path}", "a folder")
    _check_parent(option, path / "file" if path.is_dir() else path)


def _check_parent(option: str, path: Path) -> None:
    parent = path.absolute().parent
    if not parent.is_dir():
        raise BadInputError(option, f"no folder {parent}", "a folder that is there")
    if not os.access(parent, os.W_OK | os.X_OK):
        raise BadInputError(option, f"{parent}, which may not be written to", "a folder to write to")


def write_all(contents: Mapping[Path, bytes], gone: Iterable[Path] = ()) -> None:
    """Write files so that each is either whole or as it was.

    Parameters
    ----------
    contents
        Bytes by file; folders that are missing are made.
    gone
        Files that are taken away when all others are written.
    """
    parts: dict[Path, Path] = {}
    try:
        for path, content in contents.items():
            path.parent.mkdir(exist_ok=True)
            parts[path] = path.with_name(f".{path.name}.{os.getpid()}.part")
            parts[path].write_bytes(content)
        for path, part in parts.items():
            part.replace(path)
        for path in gone:
            path.unlink(missing_ok=True)
    finally:
        for part in parts.values():
            part.unlink(missing_ok=True)

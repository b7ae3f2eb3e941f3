"""Small files that several processes read and write: JSON that is whole or not there, and locks.

A lock is one of the kernel's (`flock`): it ends with the process that holds it, whatever ended that, so it
also tells whether a process is alive, and no number of a process that has been given anew can deceive.
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any


def read_json(path: Path) -> dict[str, Any]:
    """Return a JSON object; an empty one if there is none or it cannot be read."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def write_json(path: Path, content: Mapping[str, Any]) -> None:
    """Write a JSON object, whole or not at all."""
    unfinished = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    unfinished.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    unfinished.replace(path)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold a lock alone while the context lasts; wait for whoever holds it."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def take(path: Path) -> int | None:
    """Take a lock if nobody has it, and return the descriptor that holds it as long as it is open."""
    return _take(path, fcntl.LOCK_EX)


def share(path: Path) -> int | None:
    """Take a lock together with all others that share it; None if somebody has it alone."""
    return _take(path, fcntl.LOCK_SH)


def is_held(path: Path) -> bool:
    """Return whether a process has a lock alone."""
    if not path.exists():
        return False
    descriptor = share(path)
    if descriptor is None:
        return True
    os.close(descriptor)
    return False


def _take(path: Path, how: int) -> int | None:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        fcntl.flock(descriptor, how | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor

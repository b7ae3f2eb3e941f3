"""Whether a compiled function is loaded in a moment, or has to be compiled first, which takes seconds.

Also what must not be loaded any more: code that was compiled from other sources than those there are now.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Any

import numba


def is_compiled(function: Any) -> bool:
    """Return whether a function of numba has been compiled on this machine before, or never will be."""
    if getattr(function, "signatures", True):
        return True
    try:  # numba has no public question for it; not to know is no reason to stop
        names = function._cache._cache_file._load_index().values()
        # Its index is written before its code.
        return any((Path(function.stats.cache_path) / name).exists() for name in names)
    except (AttributeError, OSError):
        return False


def forget_stale(folder: Path, module: str, sources: tuple[Path, ...]) -> None:
    """Remove what numba keeps of a module, unless it was compiled from the sources that there are now.

    Call it before anything of the module is loaded. What cannot be removed stays.

    Parameters
    ----------
    folder
        Where numba keeps the module's compiled functions.
    module
        Its name, without that of its package.
    sources
        All files whose code is part of its functions.
    """
    mark = folder / f"{module}.sources"
    try:
        stamp = _stamp(sources)
        if mark.exists() and mark.read_bytes() == stamp:
            return
        for kind in ("nbi", "nbc"):
            for file in folder.glob(f"{module}.*.{kind}"):
                file.unlink(missing_ok=True)
        new = mark.with_suffix(f".{os.getpid()}")
        new.write_bytes(stamp)
        new.replace(mark)
    except OSError:
        return


def _stamp(sources: tuple[Path, ...]) -> bytes:
    """Return what tells the contents of files, and the compiler, from others."""
    found = hashlib.sha256(numba.__version__.encode())
    for file in sources:
        found.update(file.read_bytes())
    return found.hexdigest().encode()

"""Whether a compiled function is loaded in a moment, or has to be compiled first, which takes seconds."""

from __future__ import annotations

from typing import Any


def is_compiled(function: Any) -> bool:
    """Return whether a function of numba has been compiled on this machine before."""
    if function.signatures:
        return True
    try:  # numba has no public question for it; not to know is no reason to stop
        return bool(function._cache._cache_file._load_index())
    except (AttributeError, OSError):
        return False

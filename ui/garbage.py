"""Keeps what is there for good out of the search for garbage.

After every run of a page, each look at a job's progress too, Streamlit has Python look through all objects
for garbage. Most of them are modules with their classes and tables, which never become any; with them a look
takes a quarter of a second and holds up all pages.
"""

from __future__ import annotations

import gc
import sys
import threading

_lock = threading.Lock()
_known = 0


def set_aside() -> None:
    """Leave all that is there out of the search from now on, if modules were imported since the last call.

    What holds no reference to itself still goes when nobody needs it.
    """
    global _known
    with _lock:
        if len(sys.modules) > _known:
            gc.collect()
            gc.freeze()
            _known = len(sys.modules)

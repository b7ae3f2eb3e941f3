"""What holds for all tests: no example of a property has a time limit, since machines are noisy.

Properties are tried on a third of their examples, so that the whole suite stays under a quarter of an hour on
two cores, and where `CI` is set always on the same ones, so that a change is judged by what it changes;
`./do study` tries all of them, others each time, and runs the longer studies.
"""

from __future__ import annotations

import gc
import os
import signal

import pytest
from hypothesis import settings

_ALL = os.environ.get("BANYAN_EXAMPLES") == "all"
settings.register_profile("banyan", deadline=None, derandomize="CI" in os.environ and not _ALL)
settings.load_profile("banyan")
_LEAST = 10

# Tests that a shell runs in the background have Ctrl-C ignored, and so has every process that they start.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="module", autouse=True)
def swept() -> None:
    """Take what there is out of the collector's sight.

    Each batch of a simulation ends with a collection, and a process of all tests has so many objects that to
    look at them takes longer than the batch.
    """
    gc.collect()
    gc.freeze()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Take a third of the examples of each property, unless all are asked for."""
    if _ALL:
        return
    seen = set()
    for item in items:
        function = getattr(item, "obj", None)
        used = getattr(function, "_hypothesis_internal_use_settings", None)
        if used is None or id(function) in seen:
            continue
        seen.add(id(function))
        fewer = max(min(_LEAST, used.max_examples), used.max_examples // 3)
        function._hypothesis_internal_use_settings = settings(used, max_examples=fewer)  # type: ignore[union-attr]

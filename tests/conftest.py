"""What holds for all tests: no example of a property has a time limit, since machines are noisy.

Properties are tried on a third of their examples, so that the whole suite stays under a quarter of an hour on
two cores; `./do study` tries all of them, and runs the longer studies.
"""

from __future__ import annotations

import os

import pytest
from hypothesis import settings

settings.register_profile("banyan", deadline=None)
settings.load_profile("banyan")
_LEAST = 10


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Take a third of the examples of each property, unless all are asked for."""
    if os.environ.get("BANYAN_EXAMPLES") == "all":
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

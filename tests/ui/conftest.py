"""What the tests of jobs share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ui.jobs import JobStore


@pytest.fixture
def store(tmp_path: Path) -> Iterator[JobStore]:
    """Return jobs of a folder that end with the test."""
    made = JobStore(tmp_path)
    yield made
    for job in made.jobs():
        made.cancel(job.id)

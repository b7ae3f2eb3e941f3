"""What the tests of jobs and of boards share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ui.boards import BoardStore, boards_opened
from ui.jobs import JobStore


@pytest.fixture
def store(tmp_path: Path) -> Iterator[JobStore]:
    """Return jobs of a folder that end with the test."""
    made = JobStore(tmp_path)
    yield made
    for job in made.jobs():
        made.cancel(job.id)


@pytest.fixture
def boards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> BoardStore:
    """Return the boards of a folder."""
    monkeypatch.delenv("BANYAN_BOARD_URL", raising=False)
    return boards_opened(tmp_path)

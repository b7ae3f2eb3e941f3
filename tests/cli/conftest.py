"""The command in an empty folder, for the tests of `cli`."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from command_line import Banyan, invoke

# Mutated scenarios are made beside the tests of the schema.
sys.path.append(str(Path(__file__).parents[1] / "scenarios"))
# Broken files of orders are made beside the tests of a day.
sys.path.append(str(Path(__file__).parents[1] / "optimize"))


@pytest.fixture
def banyan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Banyan:
    """Return a call of the command in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return invoke

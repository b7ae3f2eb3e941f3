"""Files of a day read in tests, or refused."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from broken_order_files import (
    ENGINEERS,
)

from insight.imports.faults import RefusedFile
from insight.imports.reading import Source
from optimize.day.reading import DayFiles, DayReading, DayTerms, read_day

NOW = datetime(2026, 3, 2, 0, 0, tzinfo=UTC)


def read(orders: Source, engineers: Source = ENGINEERS, **more: Any) -> DayReading:
    """Return the day of files."""
    places = {name: more.pop(name) for name in ("sites", "travel", "mapping") if name in more}
    return read_day(DayFiles(orders, engineers, **places), DayTerms(now=NOW, **more))


def refused(orders: Source, **more: Any) -> RefusedFile:
    """Return why files are refused."""
    with pytest.raises(RefusedFile) as caught:
        read(orders, **more)
    return caught.value

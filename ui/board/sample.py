"""The day that is there for everybody to try: a Tuesday morning of a library scenario, simulated once."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from pathlib import Path

from optimize.day.from_run import day_of_run
from optimize.day.model import Day

SCENARIO = "eight-cities"
#: Tuesday 6 January 2026, ten in the morning in Kuala Lumpur.
MOMENT = datetime(2026, 1, 6, 2, 0, tzinfo=UTC)
_SEED, _DAYS = 7, 13
_lock = threading.Lock()


def sample_day(folder: Path) -> Day:
    """Return the sample.

    Parameters
    ----------
    folder
        Where the application keeps its state; the run of the sample is kept there.
    """
    from insight.run_folder import RunFolder
    from sim import run

    results = folder / "sample-day"
    with _lock:
        if not (results / "summary.json").is_file():
            # Named again where it was cut off, since a folder with half a run is none.
            results = _free(results)
            run(SCENARIO, replications=1, seed=_SEED, days=_DAYS, workers=1, folder=results)
    assert RunFolder(results).exists()
    return day_of_run(results, 0, MOMENT)


def _free(folder: Path) -> Path:
    """Remove what a run that was cut off has left."""
    import shutil

    shutil.rmtree(folder, ignore_errors=True)
    return folder

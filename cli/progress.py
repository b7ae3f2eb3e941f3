"""How far a run has come, on stderr; nothing where that is not a terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

#: Speed is taken over this many seconds, since batches of replications end seldom and together.
_SPEED_SECONDS = 600.0


@contextmanager
def progress(what: str) -> Iterator[Callable[[int, int], None] | None]:
    """Show a bar of replications done with the time left while the context lasts.

    Parameters
    ----------
    what
        What is simulated.

    Yields
    ------
    Callable or None
        What to call with replications done and planned; None where nobody looks on.
    """
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("replications, left"),
        TimeRemainingColumn(),
    )
    bar = Progress(
        *columns, console=Console(stderr=True), transient=True, speed_estimate_period=_SPEED_SECONDS
    )
    with bar:
        task = bar.add_task(what, total=None)
        yield lambda done, planned: bar.update(task, completed=done, total=planned)

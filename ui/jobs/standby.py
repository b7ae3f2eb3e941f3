"""A process that has imported everything and waits for a job, so that first figures come sooner.

The server and the process hold the two ends of a socket. A job comes with its folder, its lock and its log;
when the server ends before, the process does too.
"""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
from pathlib import Path

_LONGEST = 4096


class Standby:
    """One process in wait.

    Parameters
    ----------
    environment
        Its environment.
    """

    def __init__(self, environment: dict[str, str]) -> None:
        self._ours, theirs = socket.socketpair()
        with theirs:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "ui.jobs.runner", "--standby"],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
                env=environment,
            )

    def give(self, folder: Path, alive: int, log: int) -> bool:
        """Hand over a job; return whether the process has it."""
        with self._ours:
            if self.process.poll() is not None:
                return False
            try:
                socket.send_fds(self._ours, [os.fsencode(folder)], [alive, log])
            except OSError:
                return False
        return True

    def dismiss(self) -> None:
        """Let the process end."""
        self._ours.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(5.0)


def wait_for_job() -> tuple[Path, int] | None:
    """Return folder and lock of the job that comes in through standard input; None if none will come.

    Output goes to the log of the job from then on.
    """
    with socket.socket(fileno=os.dup(0)) as channel:
        try:
            message, descriptors, _, _ = socket.recv_fds(channel, _LONGEST, 2)
        except OSError:
            return None
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    if not message or len(descriptors) != 2:
        return None
    alive, log = descriptors
    for stream in (1, 2):
        os.dup2(log, stream)
    os.close(log)
    return Path(os.fsdecode(message)), alive


def prepare() -> None:
    """Import what a job needs, and run through the code that reads and compiles a scenario once."""
    from scenarios import load
    from ui.jobs.sample import BASELINE
    from ui.jobs.simulating import compiled

    compiled(load(BASELINE))

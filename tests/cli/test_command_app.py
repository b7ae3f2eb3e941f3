"""`banyan app`: what it refuses, and that it serves and ends as it is told."""

from __future__ import annotations

import os
import signal
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from command_line import Banyan, finish, start, written


@pytest.fixture
def taken() -> Iterator[int]:
    """Return a port that somebody else listens on."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port: int = other.getsockname()[1]
        yield port


REFUSED = {
    "--port 0": "--port: found '0'; allowed: a whole number from 1 to 65535",
    "--port x": "--port: found 'x'",
    "--port 70000": "--port: found '70000'",
    "--host nosuch.invalid": "--host: found 'nosuch.invalid'; allowed: a name or address of this machine",
    "--host 192.0.2.1": "--host: found '192.0.2.1'",
    "--folder file/below": "--folder file/below: found no folder; allowed: a folder to write to",
}


@pytest.mark.parametrize("line", REFUSED)
def test_what_is_refused(line: str, banyan: Banyan, tmp_path: Path) -> None:
    """An impossible port, address or folder is refused with one message, and nothing is written."""
    (tmp_path / "file").write_text("")
    result = banyan("app", *line.split())
    assert result.exit_code == 2
    assert REFUSED[line] in result.stderr and result.stdout == ""
    assert written(tmp_path) == ["file"]


def test_a_port_that_is_taken_is_named(banyan: Banyan, taken: int, tmp_path: Path) -> None:
    """A port that another program listens on is refused by its number."""
    result = banyan("app", "--port", str(taken))
    assert result.exit_code == 2
    assert f"--port: found {taken}, which is taken; allowed: a port that is free" in result.stderr
    assert written(tmp_path) == []


def test_others_are_not_let_in_without_sign_in(tmp_path: Path) -> None:
    """An address that others reach is refused without sign-in, with the ways out, and nothing is written."""
    code, out, err = finish(start(tmp_path, "app", "--port", str(free_port()), "--host", "0.0.0.0"))
    assert (code, out) == (2, "")
    assert "--host: found '0.0.0.0', which others reach without signing in" in err and "--open-to-all" in err
    assert written(tmp_path) == []


def free_port() -> int:
    """Return a port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def is_healthy(port: int) -> bool:
    """Return whether the application answers."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=5) as answer:
            return bool(answer.read() == b"ok")
    except (urllib.error.URLError, OSError):
        return False


def test_it_serves_from_any_folder_and_ends_when_told(tmp_path: Path) -> None:
    """In a folder without any file it says where it is, answers, keeps its state where asked, ends with 0."""
    port = free_port()
    process = start(tmp_path, "app", "--port", str(port), "--folder", "state", "--no-sample")
    try:
        until = time.monotonic() + 90
        while not is_healthy(port) and process.poll() is None and time.monotonic() < until:
            time.sleep(0.1)
        assert is_healthy(port)
        assert (tmp_path / "state").is_dir()
        os.kill(process.pid, signal.SIGINT)
        code, out, err = finish(process)
    finally:
        process.kill()
    assert code == 0, err
    assert f"http://127.0.0.1:{port}" in out
    assert "Traceback" not in err and "internal error" not in err
    assert [*tmp_path.iterdir()] == [tmp_path / "state"]

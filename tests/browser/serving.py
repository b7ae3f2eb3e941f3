"""Processes that the browser tests need: the application and an identity provider."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil
from playwright.sync_api import Page

PROVIDER = Path(__file__).parent / "oidc"
CLIENT_ID, CLIENT_SECRET = "banyan", "a secret that only tests know, long enough"
COOKIE_SECRET = "another secret that only tests know, long enough"
_PATIENCE = 60.0


#: What the fixtures `app_server` and `page_of` are.
AppServers = Callable[..., "AppServer"]
Pages = Callable[..., Page]


def free_port() -> int:
    """Return a port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def answers(url: str) -> bool:
    """Return whether a server answers a request for an address with success."""
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def wait_until(holds: Callable[[], bool], what: str, seconds: float = _PATIENCE) -> None:
    """Return as soon as something holds; fail when it does not come to hold."""
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            raise AssertionError(f"waited {seconds:g} s for {what}")
        time.sleep(0.1)


@dataclass(frozen=True)
class AppServer:
    """The application, as a process.

    Parameters
    ----------
    port
        Where it listens.
    folder
        Where it keeps its state.
    process
        What was started.
    log
        What it prints.
    """

    port: int
    folder: Path
    process: subprocess.Popen[bytes]
    log: Path

    @property
    def url(self) -> str:
        """Address of the first page."""
        return f"http://127.0.0.1:{self.port}"

    def kill(self) -> None:
        """End the server and the runs it has started, at once and without asking."""
        end_tree(self.process.pid, self.folder)
        self.process.wait(30)

    def kill_server_only(self) -> None:
        """End the server as a crash does and leave its runs alone."""
        self.process.kill()
        self.process.wait(30)


def start_app(
    home: Path,
    folder: Path,
    env: Mapping[str, str],
    secrets: str | None = None,
    options: Sequence[str] = ("--no-sample",),
    port: int | None = None,
) -> AppServer:
    """Start `banyan app` and return when it is healthy.

    Parameters
    ----------
    home
        Folder it is started in.
    folder
        Its state.
    env
        Variables on top of this process's.
    secrets
        Content of `.streamlit/secrets.toml`.
    options
        Further words of the command.
    port
        Where to listen; a free one if not given.
    """
    port = port or free_port()
    if secrets is not None:
        (home / ".streamlit").mkdir(exist_ok=True)
        (home / ".streamlit" / "secrets.toml").write_text(secrets, encoding="utf-8")
    log = home / f"app-{port}.log"
    words = ["app", "--port", str(port), "--folder", str(folder), *options]
    with log.open("ab") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "cli.main", *words],
            cwd=home,
            env={**os.environ, **env},
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    server = AppServer(port, folder, process, log)
    try:
        wait_until(lambda: _is_healthy(server), f"the application\n{log.read_text(errors='replace')}")
    except AssertionError:
        server.kill()
        raise
    return server


def _is_healthy(server: AppServer) -> bool:
    if server.process.poll() is not None:
        raise AssertionError(f"the application ended\n{server.log.read_text(errors='replace')}")
    return answers(f"{server.url}/_stcore/health")


def end_tree(root: int, folder: Path) -> None:
    """End a process, what came of it, and whatever else works on a folder of the application."""
    found = {process.pid: process for process in _tree(root)}
    for process in psutil.process_iter():
        if _works_on(process, folder):
            found[process.pid] = process
    for process in found.values():
        try:
            process.kill()
        except psutil.NoSuchProcess:
            continue
    psutil.wait_procs([*found.values()], timeout=10)


def _tree(root: int) -> list[psutil.Process]:
    try:
        process = psutil.Process(root)
        return [process, *process.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def _works_on(process: psutil.Process, folder: Path) -> bool:
    try:
        mine = bool(process.environ().get("BANYAN_APP_FOLDER") == str(folder))
        return mine and process.pid != os.getpid()
    except (psutil.Error, OSError):
        return False


@dataclass(frozen=True)
class Provider:
    """An identity provider with the accounts `vera` (a viewer) and `edwin` (an editor).

    Parameters
    ----------
    issuer
        Its address.
    app_port
        Port of the one application that may ask it.
    """

    issuer: str
    app_port: int

    def secrets(self) -> str:
        """Return a `secrets.toml` for the application."""
        return f"""
[auth]
redirect_uri = "http://127.0.0.1:{self.app_port}/oauth2callback"
cookie_secret = "{COOKIE_SECRET}"
client_id = "{CLIENT_ID}"
client_secret = "{CLIENT_SECRET}"
server_metadata_url = "{self.issuer}/.well-known/openid-configuration"

[banyan]
role_claim = "roles"
editors = ["banyan-editor"]
"""


def missing_for_provider() -> str | None:
    """Return what the identity provider lacks to be started."""
    if not shutil.which("node"):
        return "node is not installed"
    if not (PROVIDER / "node_modules" / "oidc-provider").is_dir():
        return "the identity provider is not installed: npm ci --prefix tests/browser/oidc"
    return None


def start_provider(app_port: int, log: Path) -> tuple[Provider, subprocess.Popen[bytes]]:
    """Start an identity provider for an application on a port."""
    port = free_port()
    callback = f"http://127.0.0.1:{app_port}/oauth2callback"
    with log.open("wb") as out:
        process = subprocess.Popen(
            ["node", "provider.js", str(port), callback, CLIENT_ID, CLIENT_SECRET],
            cwd=PROVIDER,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    issuer = f"http://127.0.0.1:{port}"
    try:
        wait_until(lambda: answers(f"{issuer}/.well-known/openid-configuration"), "the identity provider")
    except AssertionError:
        process.kill()
        raise
    return Provider(issuer, app_port), process

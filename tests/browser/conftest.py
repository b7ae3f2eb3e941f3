"""A browser, pages that are watched, and the application as a process, for the tests in Chromium.

Without Chromium or node these tests are skipped with a reason; where `CI` is set they fail instead.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright
from serving import (
    AppServer,
    AppServers,
    Pages,
    Provider,
    free_port,
    missing_for_provider,
    start_app,
    start_provider,
)

_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_BROWSERS = ("chromium", "chromium-browser", "google-chrome")
_HERE = ("127.0.0.1", "localhost", "::1")
_WITHOUT_HOST = ("data", "blob", "about", "chrome")

_PROBE = re.compile(r"/\w+/_stcore/(health|host-config)")


def lacking(reason: str) -> None:
    """Skip a test that cannot run here, or fail it where nothing may be lacking."""
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Return Chromium as the system has it; `BANYAN_CHROMIUM` names another."""
    named = os.environ.get("BANYAN_CHROMIUM")
    path = named or next(filter(None, map(shutil.which, _BROWSERS)), None)
    if not path:
        lacking("Chromium is not installed")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=[*_FLAGS])
        yield chromium
        chromium.close()


@pytest.fixture
def page_of(browser: Browser) -> Iterator[Pages]:
    """Return a function that opens a page; requests that leave the machine and errors fail the test.

    `page_of(1280)`, `page_of(390, locale="zh-CN")`; further options are those of a Playwright context.
    """
    wrong: list[str] = []
    contexts = []

    def opened(width: int, locale: str = "en-GB", height: int = 900, **options: Any) -> Page:
        size = {"width": width, "height": height}
        options = {"timezone_id": "Asia/Singapore", "has_touch": width < 600, **options}
        context = browser.new_context(viewport=size, locale=locale, **options)  # type: ignore[arg-type]
        contexts.append(context)
        context.on("request", lambda request: _note_request(wrong, request.url))
        context.on("console", lambda message: _note_console(wrong, message))
        context.on("weberror", lambda error: wrong.append(f"script: {error.error}"))
        page = context.new_page()
        page.on("websocket", lambda socket: _note_request(wrong, socket.url))
        page.set_default_timeout(30_000)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not wrong, "\n".join(wrong)


def _note_request(wrong: list[str], url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme not in _WITHOUT_HOST and parts.hostname not in _HERE:
        wrong.append(f"a request leaves the machine: {url}")


def _note_console(wrong: list[str], message: ConsoleMessage) -> None:
    """Note an error; that Streamlit asks for its server below the address of a page first is none of ours."""
    probe = _PROBE.fullmatch(urlsplit(message.location["url"]).path)
    if message.type == "error" and not probe:
        wrong.append(f"console: {message.text} ({message.location})")


@pytest.fixture
def app_server(tmp_path: Path) -> Iterator[AppServers]:
    """Return a function that starts the application; all that it started is ended with the test.

    `app_server()` keeps its state in `tmp_path / "app"`. A second call with the same folder and port is a
    restart.
    """
    started: list[AppServer] = []

    def start(
        folder: Path | None = None,
        env: Mapping[str, str] | None = None,
        secrets: str | None = None,
        options: Sequence[str] = ("--no-sample",),
        port: int | None = None,
    ) -> AppServer:
        server = start_app(tmp_path, folder or tmp_path / "app", env or {}, secrets, options, port)
        started.append(server)
        return server

    yield start
    for server in started:
        server.kill()


@pytest.fixture(scope="module")
def provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Provider]:
    """Return an identity provider for an application on `provider.app_port`."""
    reason = missing_for_provider()
    if reason:
        lacking(reason)
    log = tmp_path_factory.mktemp("provider") / "provider.log"
    found, process = start_provider(free_port(), log)
    yield found
    process.kill()
    process.wait(10)

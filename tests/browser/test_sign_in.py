"""Signing in with a real identity provider: who gets in, as what, and who does not."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from serving import CLIENT_ID, COOKIE_SECRET, AppServer, Pages, Provider, start_app

from ui.language import language

say = language("en")
RUN, REASON = say("Run"), say("Your account may look at results but not start or change runs.")
COOKIE = "_streamlit_user"


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory, provider: Provider) -> Iterator[AppServer]:
    """Return the application where people sign in with the provider; no test changes anything in it."""
    home = tmp_path_factory.mktemp("app")
    server = start_app(home, home / "app", {}, provider.secrets(), port=provider.app_port)
    yield server
    server.kill()


def sign_in(page: Page, app: AppServer, account: str) -> None:
    """Sign in as somebody, from the first page on."""
    page.goto(app.url)
    page.get_by_role("button", name=say("Sign in"), exact=True).click()
    page.get_by_role("button", name=account).click()
    expect(page.get_by_role("button", name=say("Sign out"))).to_be_visible()


def expect_only_sign_in(page: Page) -> None:
    """Expect the sign-in screen and nothing of the pages."""
    expect(page.get_by_role("button", name=say("Sign in"), exact=True)).to_be_visible()
    expect(page.get_by_role("heading", name=say("Scenario Lab"))).to_have_count(0)
    expect(page.get_by_role("link", name=say("Runs"))).to_have_count(0)


def run_button(page: Page) -> Any:
    """Return the button that starts a run."""
    return page.locator(".st-key-lab-run button").first


def test_nobody_sees_more_than_the_sign_in_screen(app: AppServer, page_of: Pages) -> None:
    """Without an account neither the first page nor the address of another shows anything."""
    page = page_of(1280)
    for path in ("", "/runs", "/?job=some-job"):
        page.goto(app.url + path)
        expect_only_sign_in(page)


def test_a_viewer_looks_but_does_not_run(app: AppServer, page_of: Pages) -> None:
    """A viewer is told who he is and as what; to start or change a run is disabled, with the reason."""
    page = page_of(1280)
    sign_in(page, app, "vera")
    expect(page.get_by_text("Vera Viewer")).to_be_visible()
    expect(page.get_by_text(say("viewer"))).to_be_visible()
    expect(run_button(page)).to_be_disabled()
    page.get_by_role("link", name=say("Runs")).click()
    expect(page.get_by_role("heading", name=say("Runs"), level=1)).to_be_visible()
    expect(page.get_by_text(REASON).first).to_be_visible()


def test_an_editor_may_run(app: AppServer, page_of: Pages) -> None:
    """Somebody whose claim holds the editors' value may start runs."""
    page = page_of(1280)
    sign_in(page, app, "edwin")
    expect(page.get_by_text("Edwin Editor")).to_be_visible()
    expect(run_button(page)).to_be_enabled()


def test_sign_out_ends_here_and_with_the_provider(app: AppServer, page_of: Pages) -> None:
    """After signing out, a reload shows the sign-in screen, and signing in asks for an account again."""
    page = page_of(1280)
    sign_in(page, app, "edwin")
    page.get_by_role("button", name=say("Sign out")).click()
    page.get_by_role("button", name="sign out").click()
    expect_only_sign_in(page)
    page.reload()
    expect_only_sign_in(page)
    sign_in(page, app, "vera")
    expect(page.get_by_text("Vera Viewer")).to_be_visible()


def test_a_tampered_cookie_is_refused(app: AppServer, page_of: Pages) -> None:
    """A cookie with one character changed lets nobody in."""
    page = page_of(1280)
    sign_in(page, app, "vera")
    (cookie,) = (c for c in page.context.cookies() if c["name"] == COOKIE)
    last = cookie["value"].rstrip('"')[-1]
    changed = cookie["value"].rstrip('"')[:-1] + ("0" if last != "0" else "1")
    page.context.add_cookies([{"name": COOKIE, "value": changed, "url": app.url}])
    page.goto(app.url)
    expect_only_sign_in(page)


def claims(**others: object) -> dict[str, object]:
    """Return what a cookie of an editor holds, with some of it changed."""
    return {
        "sub": "mallory",
        "name": "Mallory",
        "roles": ["banyan-editor"],
        "aud": CLIENT_ID,
        "iat": time.time(),
        "is_logged_in": True,
        "provider": "default",
        **others,
    }


def enter_with(page: Page, app: AppServer, content: Mapping[str, object]) -> None:
    """Open the application with a cookie that is signed as it should be."""
    from streamlit.web.server.starlette.starlette_app_utils import create_signed_value

    signed = create_signed_value(COOKIE_SECRET, COOKIE, json.dumps({**content, "origin": app.url}))
    page.context.add_cookies([{"name": COOKIE, "value": signed.decode(), "url": app.url}])
    page.goto(app.url)


def test_a_cookie_for_another_application_is_refused(app: AppServer, page_of: Pages) -> None:
    """A cookie with our secret is taken, but not one that the provider gave for another application."""
    page = page_of(1280)
    enter_with(page, app, claims())
    expect(page.get_by_text("Mallory")).to_be_visible()
    enter_with(page, app, claims(aud="another-application"))
    expect_only_sign_in(page)
    ended = say("Your session has ended, or it was made for another application. Sign in again.")
    expect(page.get_by_text(ended)).to_be_visible()


def test_an_old_session_is_refused(app: AppServer, page_of: Pages) -> None:
    """Who signed in longer ago than a session lasts has to do so again."""
    page = page_of(1280)
    enter_with(page, app, claims(iat=time.time() - 13 * 3600))
    expect_only_sign_in(page)

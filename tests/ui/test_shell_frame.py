"""The frame around the pages: language, links, address parameters, and who sees what."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from ui import shell
from ui.jobs import JobStore
from ui.language import language

MAIN = str(Path(__file__).parents[2] / "app.py")
EN, ZH = language("en"), language("zh")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder for the state of the application, which is open to everybody."""
    monkeypatch.setenv("BANYAN_APP_FOLDER", str(tmp_path))
    monkeypatch.setenv("BANYAN_APP_NO_SAMPLE", "1")
    monkeypatch.setenv("BANYAN_APP_OPEN_TO_ALL", "1")
    return tmp_path


def started(**parameters: str) -> AppTest:
    """Return the application as it is after its first page was drawn."""
    app = AppTest.from_file(MAIN, default_timeout=60)
    for key, value in parameters.items():
        app.query_params[key] = value
    app.run()
    assert not app.exception
    return app


def titles(app: AppTest) -> list[str]:
    """Return the titles on a page."""
    return [title.value for title in app.title]


def test_the_address_chooses_the_language(folder: Path) -> None:
    """`?lang=zh` shows Chinese, `?lang=en` English, and anything else one of the two."""
    assert ZH("Scenario Lab") != "Scenario Lab"
    for code, say in (("zh", ZH), ("en", EN), ("xx", EN)):
        app = started(lang=code)
        assert say("Scenario Lab") in page_links(app)
    shell.closed()


def page_links(app: AppTest) -> list[str]:
    """Return the words of the links to pages."""
    return [link.proto.label for link in app.sidebar.get("page_link")]


def test_switching_language_keeps_the_address(folder: Path) -> None:
    """The switch changes the language at once and in the address, and leaves the other parameters alone."""
    app = started(lang="en", study="abc")
    app.sidebar.button_group[0].set_value("zh").run()
    assert not app.exception
    assert ZH("Runs") in page_links(app)
    assert app.query_params == {"lang": "zh", "study": "abc"}
    shell.closed()


def test_without_sign_in_on_an_open_address_nothing_is_shown(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where others could come and nobody signs in, there is no page, no link and no state on disk."""
    monkeypatch.delenv("BANYAN_APP_OPEN_TO_ALL")
    app = started(lang="en")
    assert titles(app) == ["Banyan"] and len(app.error) == 1
    assert page_links(app) == [] and [*folder.iterdir()] == []


def test_with_sign_in_only_the_sign_in_screen_is_shown(folder: Path) -> None:
    """With `[auth]` somebody who has not signed in is offered to, and sees nothing else."""
    app = AppTest.from_file(MAIN, default_timeout=60)
    app.secrets["auth"] = {"client_id": "banyan"}
    app.query_params["lang"] = "en"
    app.run()
    assert not app.exception
    assert titles(app) == ["Banyan"] and [button.label for button in app.main.button] == ["Sign in"]
    assert page_links(app) == [] and [*folder.iterdir()] == []


def frame(page: str) -> None:
    """Change the page as `app.py` does, and note what is in the address."""
    from ui import shell

    shell.restore_address(page)
    shell.remember_address()


def visited(app: AppTest, page: str, **parameters: str) -> dict[str, str]:
    """Return the parameters after a page was opened with some."""
    app.query_params.clear()
    for key, value in parameters.items():
        app.query_params[key] = value
    app.args = (page,)
    app.run()
    assert not app.exception
    return dict(app.query_params)


def test_a_change_of_page_keeps_the_parameters(folder: Path) -> None:
    """Language, job and study survive a change of page and back; a page that drops one is not overruled."""
    app = AppTest.from_function(frame, args=("",))
    first = {"lang": "zh", "job": "j", "study": "s"}
    assert visited(app, "", **first) == first
    assert visited(app, "runs") == first
    assert visited(app, "") == first
    assert visited(app, "", lang="zh") == {"lang": "zh"}
    assert visited(app, "runs") == {"lang": "zh"}


def test_a_link_to_a_job_brings_no_study_along(folder: Path) -> None:
    """A job opened from the list shows itself, not the study that was being changed before."""
    app = AppTest.from_function(frame, args=("",))
    visited(app, "", lang="en", study="s")
    visited(app, "runs")
    assert visited(app, "", job="j") == {"lang": "en", "job": "j"}


def test_the_jobs_are_opened_once(folder: Path) -> None:
    """Every page of a process has the same jobs, and they are opened anew after they were closed."""
    first = shell.opened()
    assert shell.opened() is first and isinstance(first, JobStore)
    shell.closed()
    assert shell.opened() is not first
    shell.closed()

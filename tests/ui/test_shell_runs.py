"""The page with runs: what it says of each, and what can be done with it."""

from __future__ import annotations

from pathlib import Path

import pytest
from finished_job import DOCUMENTS, finished_job
from streamlit.testing.v1 import AppTest

from ui.access import Access
from ui.jobs import Job, JobSpec, JobStore
from ui.language import LANGUAGES, language

EDITOR, VIEWER = Access("editor", "E"), Access("viewer", "V")


def runs_page(folder: str, code: str, role: str) -> None:
    """Draw the page for somebody."""
    from ui.access import Access, PermittedJobs
    from ui.language import language
    from ui.pages import runs

    access = Access(role, "somebody")
    runs.page(language(code), PermittedJobs(folder, access), access)


def shown(folder: Path, code: str = "en", access: Access = EDITOR) -> AppTest:
    """Return the page as somebody sees it."""
    app = AppTest.from_function(runs_page, args=(str(folder), code, access.role), default_timeout=60).run()
    assert not app.exception
    return app


def queued(folder: Path, title: str = "Queued") -> Job:
    """Return a job that waits."""
    return JobStore(folder).submit(JobSpec(title, DOCUMENTS, 3, 7, 8.0))


def words(app: AppTest) -> str:
    """Return all that is written on a page."""
    return "\n".join(part.value for part in (*app.markdown, *app.caption))


def keys(app: AppTest) -> set[str]:
    """Return the keys of the buttons on a page."""
    return {str(button.key) for button in app.button}


@pytest.mark.parametrize("code", LANGUAGES)
def test_no_runs_yet(tmp_path: Path, code: str) -> None:
    """An empty list says where runs are started."""
    assert language(code)("There are no runs yet. Start one in the Scenario Lab.") in words(
        shown(tmp_path, code)
    )


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_run_is_described(tmp_path: Path, code: str) -> None:
    """A run says what it is called, its state, how far it is and which scenarios it compares."""
    say, text = language(code), words
    queued(tmp_path, "Rain in Penang")
    written = text(shown(tmp_path, code))
    assert "Rain in Penang" in written and "First come, first served" in written
    assert say("Queued") in written and say("{done} of {planned} replications", done=0, planned=6) in written


def test_titles_are_no_markup(tmp_path: Path) -> None:
    """What people wrote is shown as they wrote it, not as formatting, links or pictures."""
    queued(tmp_path, "![x](http://192.0.2.1/x.png) *a* :smile: $x$ <b>")
    (title,) = (m.value for m in shown(tmp_path).markdown if "192" in m.value)
    assert "\\!\\[x\\]\\(http\\://192" in title and "\\*a\\*" in title and "\\:smile\\:" in title


def test_a_run_is_cancelled_resumed_and_removed(tmp_path: Path) -> None:
    """The buttons of a run are those that make sense in its state, and do what they say."""
    store, job = JobStore(tmp_path), queued(tmp_path)
    app = shown(tmp_path)
    assert keys(app) == {f"cancel_{job.id}"}
    app.button(key=f"cancel_{job.id}").click().run()
    assert store.job(job.id).state == "cancelled"
    assert keys(app) == {f"resume_{job.id}", f"remove_{job.id}"}
    app.button(key=f"resume_{job.id}").click().run()
    assert store.job(job.id).state == "queued"
    app.button(key=f"cancel_{job.id}").click().run()
    app.button(key=f"remove_{job.id}").click().run()
    assert not app.exception and store.jobs() == []


def test_a_run_that_vanished_meanwhile(tmp_path: Path) -> None:
    """A click on a run that somebody else has removed is answered with words."""
    job = queued(tmp_path)
    app = shown(tmp_path)
    JobStore(tmp_path).remove(job.id)
    app.button(key=f"cancel_{job.id}").click().run()
    assert not app.exception
    assert [toast.value for toast in app.toast] == ["This run is not there any more."]


def test_a_viewer_sees_why_nothing_can_be_done(tmp_path: Path) -> None:
    """To a viewer every change is disabled, with the reason beside it."""
    job = queued(tmp_path)
    app = shown(tmp_path, access=VIEWER)
    reason = VIEWER.why_not(language("en"))
    assert [info.value for info in app.info] == [reason]
    button = app.button(key=f"cancel_{job.id}")
    assert button.disabled and button.help == reason


def test_a_finished_run_can_be_taken_away(tmp_path: Path) -> None:
    """A run with figures offers workbook, CSV, each scenario and the run folder, to viewers too."""
    job = finished_job(tmp_path)
    app = shown(tmp_path, access=VIEWER)
    found = {str(button.key) for button in app.get("download_button")}
    kinds = {f"{kind}_{job.id}" for kind in ("xlsx", "csv", "zip")}
    assert found == kinds | {f"yaml_{job.id}_0", f"yaml_{job.id}_1"}


def test_a_long_list_is_shown_in_part(tmp_path: Path) -> None:
    """Of many runs the newest are shown, and the others when they are asked for."""
    for number in range(22):
        queued(tmp_path, f"Run number {number}")
    app = shown(tmp_path)
    assert len(app.button) == 20 and "Run number 21" in words(app) and "Run number 0" not in words(app)
    app.toggle(key="all_runs").set_value(True).run()
    assert len(app.button) == 22

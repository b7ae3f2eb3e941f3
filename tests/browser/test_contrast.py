"""Text on the pages stands out enough from what is behind it, in both languages."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from page_checks import check_width, english_sentences, faint_texts
from planner import LONG, Planner
from playwright.sync_api import expect
from serving import AppServer, Pages, start_app

from ui.jobs import JobSpec, JobStore
from ui.lab.baselines import open_baseline
from ui.lab.study import Edit, Study, Variant, study_to_text
from ui.language import language

STUDY = Study(
    "one-city", (Variant("first-come", "FIFO", (Edit("dispatch.policy", "first_come"),)),), 3, days=10.0
)


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AppServer]:
    """Return the application with a run that is finished, one that failed and one that was cancelled."""
    home = tmp_path_factory.mktemp("contrast")
    server = start_app(home, home / "app", {})
    store = JobStore(server.folder)
    documents = STUDY.documents(open_baseline(STUDY.baseline, home).document)
    store.submit(JobSpec("FIFO", documents, STUDY.replications, origin={"study": study_to_text(STUDY)}))
    broken = {**documents[0], "dispatch": {"policy": "by_magic"}}
    store.submit(JobSpec("Magic", (broken,), 2))
    store.cancel(store.submit(JobSpec("Long", documents, 5000)).id)
    yield server
    server.kill()


@pytest.mark.parametrize("code", [pytest.param("en", marks=pytest.mark.study), "zh"])
def test_the_lab_has_contrast(app: AppServer, page_of: Pages, code: str) -> None:
    """On the Scenario Lab, with results and in every form and view, text reaches AA."""
    say = language(code)
    planner = Planner(page_of(1280), say, app, f"contrast-{code}")
    identity = next(job.id for job in JobStore(app.folder).jobs() if job.spec.title == "FIFO")
    planner.open(job=identity)
    expect(planner.cards).to_be_visible(timeout=LONG)
    planner.settle()
    views = ("Where", "Map", "When", "Waits", "Cost", "Why")
    forms = ("Disruptions", "SLA rules", "Dispatch", "Parts", "Dated changes", "Any setting", "People")
    for title in (*views, *forms):
        planner.form(say.described(title))
        assert not faint_texts(planner.page), title
        assert code == "en" or not english_sentences(planner.page), title


@pytest.mark.parametrize(("code", "width"), [("en", 1280), ("zh", 390)])
def test_the_list_of_runs_has_contrast(app: AppServer, page_of: Pages, code: str, width: int) -> None:
    """On the list of runs, with every state that a run can end in, text reaches AA and nothing sticks out."""
    planner = Planner(page_of(width), language(code), app, f"runs-{code}")
    planner.page.goto(f"{app.url}/runs?lang={code}")
    expect(planner.page.get_by_role("heading", name=planner.say("Runs"), level=1)).to_be_visible()
    expect(planner.page.get_by_text(planner.say("Finished")).first).to_be_visible(timeout=LONG)
    planner.settle()
    assert not faint_texts(planner.page)
    check_width(planner.page)
    planner.picture("list")

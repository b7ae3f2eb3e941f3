"""Runs outlive the server that started them, show up in every tab, and end when they are cancelled."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
from planner import LONG, Planner
from playwright.sync_api import expect
from serving import AppServer, AppServers, Pages, wait_until
from shown_figures import check_cards, read_file

from scenarios import from_document
from sim import compare
from ui.jobs import Job
from ui.lab.study import Edit, Study, Variant, study_to_text
from ui.language import language

REPLICATIONS = 14
PATIENCE = LONG / 1000.0
STUDY = Study(
    "eight-cities",
    (Variant("first-come", "First come", (Edit("dispatch.policy", "first_come"),)),),
    replications=REPLICATIONS,
    days=120.0,
)


def begun(app: AppServer, pages: Pages, replications: int = REPLICATIONS) -> Planner:
    """Return a planner who has started a run that has first figures and is not done."""
    study = Study(**{**STUDY.__dict__, "replications": replications})
    planner = Planner(pages(1280), language("en"), app, "restart")
    planner.open(study=study_to_text(study))
    planner.run()
    wait_until(lambda: planner.job().ready, "first figures", PATIENCE)
    job = planner.job()
    assert job.state == "running" and job.done < job.planned, job
    return planner


def runners(job: Job) -> list[psutil.Process]:
    """Return the processes that work on a job, its workers among them."""
    number = json.loads((job.folder / "state.json").read_text(encoding="utf-8")).get("pid")
    try:
        process = psutil.Process(int(number))
        if process.status() == psutil.STATUS_ZOMBIE:
            return []
        return [process, *process.children(recursive=True)]
    except (TypeError, psutil.Error):
        return []


def kill_all(app: AppServer) -> None:
    """End the server and its runs at once, as a loss of power does."""
    app.kill()


def kill_server(app: AppServer) -> None:
    """End the server alone."""
    app.kill_server_only()


@pytest.mark.parametrize("kill", [kill_server, pytest.param(kill_all, marks=pytest.mark.study)])
def test_a_run_outlives_the_server(
    app_server: AppServers, page_of: Pages, kill: Callable[[AppServer], None]
) -> None:
    """After a restart the run is at its address, goes on, and ends with the numbers of one undisturbed."""
    app = app_server()
    planner = begun(app, page_of)
    identity, early = planner.job_id, planner.job()
    planner.page.goto("about:blank")
    kill(app)
    again = app_server(folder=app.folder, port=app.port)
    after = Planner(planner.page, planner.say, again, "restart")
    after.open(job=identity)
    expect(after.cards).to_be_visible(timeout=LONG)
    job = after.wait_for_end(REPLICATIONS)
    assert (job.id, job.state, job.completed) == (identity, "finished", REPLICATIONS)
    assert job.done >= early.done
    assert read_file(job, "comparison.json") == undisturbed(job)
    assert len(check_cards(after.cards, job, after.say)) == 8


def undisturbed(job: Job) -> object:
    """Return what the scenarios of a job give when they are compared in this process."""
    loaded = {str(d["name"]): from_document(dict(d), str(d["name"])) for d in job.spec.scenarios}
    return compare(loaded, replications=job.spec.replications, seed=job.spec.seed, workers=1).content


@pytest.mark.study
def test_a_second_tab_shows_the_same_run(app_server: AppServers, page_of: Pages) -> None:
    """Another tab at the same address shows the run while it goes on, and both show its end."""
    planner = begun(app_server(), page_of)
    other = Planner(planner.page.context.new_page(), planner.say, planner.app, "tab")
    other.open(job=planner.job_id)
    expect(other.cards).to_be_visible(timeout=LONG)
    for each in (planner, other):
        job = each.wait_for_end(REPLICATIONS)
        assert len(check_cards(each.cards, job, each.say)) == 8
    assert len([*(planner.app.folder / "jobs").glob("*/job.json")]) == 1


def test_cancel_leaves_no_process(app_server: AppServers, page_of: Pages, tmp_path: Path) -> None:
    """Cancel on the page ends every process of the run, and the page says how far it came."""
    planner = begun(app_server(), page_of, replications=400)
    working = runners(planner.job())
    assert working
    planner.page.locator(".st-key-lab-cancel button:visible").click()
    wait_until(lambda: not runners(planner.job()), "the end of the runner", PATIENCE)
    _, living = psutil.wait_procs(working, timeout=PATIENCE)
    assert not living
    job = planner.job()
    assert job.state == "cancelled"
    words = planner.say(
        "Cancelled after {done} of {planned} replications.", done=job.done, planned=job.planned
    )
    expect(planner.page.get_by_text(words)).to_be_visible()
    expect(planner.cards).to_be_visible()

"""What a planner does in the Scenario Lab, step by step, in Chromium and in either language.

Steps name widgets by the words that the page shows; what a page must hold after a step is left to the tests.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Locator, Page, expect
from serving import AppServer

from ui.jobs import Job, JobStore
from ui.language import Language

#: Milliseconds that a run of the tests may take on a busy machine.
LONG = 90_000
expect.set_options(timeout=30_000)
_SETTLED = """() => {
  const app = document.querySelector('[data-testid="stApp"]');
  const busy = !app || app.dataset.testScriptState !== 'notRunning' ||
    document.querySelector('[data-stale="true"], [data-testid="stSkeleton"]');
  window.settledSince = busy ? 0 : (window.settledSince || performance.now());
  return !busy && performance.now() - window.settledSince > 400;
}"""


@dataclass(frozen=True)
class Planner:
    """Somebody in front of the Scenario Lab.

    Parameters
    ----------
    page
        The page.
    say
        The language that it speaks.
    app
        The application.
    name
        What screenshots begin with.
    """

    page: Page
    say: Language
    app: AppServer
    name: str

    def open(self, **parameters: str) -> None:
        """Open the Scenario Lab at an address and wait until it may be used."""
        asked = "&".join(f"{key}={value}" for key, value in {"lang": self.say.code, **parameters}.items())
        self.page.goto(f"{self.app.url}/?{asked}")
        expect(self.run_button).to_be_enabled()
        self.settle()

    @property
    def run_button(self) -> Locator:
        """The button that starts a run."""
        return self.page.locator(".st-key-lab-run button:visible")

    @property
    def cards(self) -> Locator:
        """The row of KPI cards."""
        return self.page.get_by_test_id("results-cards")

    def settle(self) -> None:
        """Wait until the page has been drawn to its end and stays so for a moment."""
        self.page.evaluate("window.settledSince = 0")
        self.page.wait_for_function(_SETTLED, polling=50)

    def picture(self, stage: str) -> None:
        """Keep a picture of the whole page in the folder that `BANYAN_SCREENSHOTS` names."""
        folder = os.environ.get("BANYAN_SCREENSHOTS")
        if folder:
            self.settle()
            self.page.wait_for_timeout(400)  # charts and maps draw themselves after the page
            height = self.page.evaluate(_WHOLE_HEIGHT)
            size = self.page.viewport_size or {"width": 1280, "height": 900}
            self.page.set_viewport_size({"width": size["width"], "height": max(900, height)})
            self.page.wait_for_timeout(400)
            self.page.screenshot(path=Path(folder) / f"{self.name}-{stage}.png")
            self.page.set_viewport_size(size)
            self.settle()

    def choose(self, label: str, option: str | re.Pattern[str], where: str = "") -> None:
        """Choose an option in the box of a label; `where` is a class that holds the box."""
        box = self._labelled("stSelectbox", label, where)
        _unfold(box)
        self.page.get_by_role("option", name=option).first.click()
        self.settle()

    def enter(self, label: str, number: float, where: str = "") -> None:
        """Enter a number in the field of a label."""
        field = self._labelled("stNumberInput", label, where).locator("input")
        field.fill(f"{number:g}")
        field.press("Enter")
        self.settle()
        expect(field).to_have_value(f"{number:g}")

    def form(self, title: str) -> None:
        """Open a form, or a view of the results."""
        self.page.get_by_role("radio", name=title, exact=True).click()
        self.settle()

    def add_people(self, city: str, number: int, level: str) -> None:
        """Add people to a city in the form for people."""
        say, where = self.say, ".st-key-lab-add-people"
        self.form(say("People"))
        self.choose(say("City"), city)
        self.enter(say("How many"), number, where)
        self.choose(say("Level"), say.term("level", level), where)
        self._add(where)

    def add_disruption(self, kind: str, city: str, days: float) -> None:
        """Add a disruption of a city in the form for disruptions."""
        say, where = self.say, ".st-key-lab-add-disruption"
        self.form(say("Disruptions"))
        self.form(say.term("disruption", kind))
        places = self.page.locator(where).get_by_test_id("stMultiSelect")
        for _ in range(_TRIES):
            _unfold(places)
            self.page.get_by_role("option", name=city, exact=True).click()
            self.settle()
            if city in places.inner_text():
                break
        expect(places).to_contain_text(city)
        if self.page.get_by_role("listbox").is_visible():
            self.page.keyboard.press("Escape")
            self.settle()
        expect(places).to_contain_text(city)
        self.enter(say("Days"), days, where)
        self._add(where)

    def _add(self, where: str) -> None:
        before = self.differences.count()
        self.page.locator(where).get_by_role("button", name=self.say("Add"), exact=True).click()
        expect(self.differences).to_have_count(before + 1)
        self.settle()

    @property
    def differences(self) -> Locator:
        """The differences that are listed."""
        return self.page.locator("[class*='st-key-lab-difference-']")

    def run(self) -> Job:
        """Start the run and return its job."""
        before = self.job_id
        self.run_button.click()
        self.page.wait_for_function(
            "before => ![null, before].includes(new URL(location).searchParams.get('job'))", arg=before
        )
        return self.job()

    @property
    def job_id(self) -> str:
        """The job in the address; empty where there is none."""
        return parse_qs(urlsplit(self.page.url).query).get("job", [""])[0]

    def job(self) -> Job:
        """Return the job in the address as it stands on disk."""
        return JobStore(self.app.folder).job(self.job_id)

    def wait_for_end(self, replications: int) -> Job:
        """Wait until the page says that its run is finished, with how many replications of each."""
        one, many = "{n} replication of each scenario.", "{n} replications of each scenario."
        what = self.say.many(one, many, replications)
        finished = self.page.get_by_text(self.say("Finished: {what}", what=what))
        try:
            expect(finished).to_be_visible(timeout=LONG)
        except AssertionError as error:
            job = self.job()
            on_disk = f"{job.state} {job.done}/{job.planned}, figures of {job.completed}, {job.message}"
            raise AssertionError(
                f"the page never said that the run is finished; on disk: {on_disk}"
            ) from error
        self.settle()
        return self.job()

    def _labelled(self, kind: str, label: str, where: str) -> Locator:
        scope = self.page.locator(where) if where else self.page.get_by_test_id("stMain")
        text = self.page.get_by_text(label, exact=True)
        return scope.get_by_test_id(kind).filter(has=text).first


#: How often a choice is made again that was lost while the page was being drawn.
_TRIES = 3


def _unfold(box: Locator) -> None:
    """Open the list of a box, in the middle of the screen since scrolling closes it again."""
    box.evaluate("box => box.scrollIntoView({block: 'center'})")
    box.locator("button[aria-haspopup='listbox']").click()


_WHOLE_HEIGHT = """() => {
  const main = document.querySelector('[data-testid="stMain"]');
  return Math.ceil(main.scrollHeight + main.getBoundingClientRect().top);
}"""

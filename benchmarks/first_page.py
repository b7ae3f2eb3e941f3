"""How long a planner waits: for the server, for the first page, for first figures, for a click.

    python -m benchmarks.first_page [--clicks N] [--chromium PATH]

Starts `banyan app` in a folder of its own, opens it in Chromium and prints one JSON object last, in seconds:
healthy (process start to a healthy server), usable (opening the page to a run button that can be clicked),
reload (the same once more), first_figures (click on the button to the first KPI cards, of two paired
replications) and, where a job with the same baseline was there already, first_figures_adopted; interaction
(median and most of clicks that simulate nothing); and load, the machine's in the last minute.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Page

_PATIENCE = 180.0
#: Seconds in which a planner thinks of the next what-if.
_THOUGHT = 8.0
_FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run")
_SETTLED = """before => {
  const app = document.querySelector('[data-testid="stApp"]');
  const shown = document.querySelector('[data-testid="stMain"]').innerText;
  return app.dataset.testScriptState === 'notRunning' && shown !== before &&
    !document.querySelector('[data-stale="true"]');
}"""
_RUN = ".st-key-lab-run button:visible"
_CARDS = "[data-testid='results-cards']"


def healthy(port: int) -> bool:
    """Return whether the server on a port says that it is healthy."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def started(folder: Path, *options: str) -> tuple[subprocess.Popen[bytes], str, float]:
    """Start the application and return its process, its address and the seconds until it was healthy."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    words = ["app", "--port", str(port), "--folder", str(folder), *options]
    begin = time.perf_counter()
    with (folder.parent / "app.log").open("ab") as log:
        process = subprocess.Popen([sys.executable, "-m", "cli.main", *words], stdout=log, stderr=log)
    while not healthy(port):
        if process.poll() is not None or time.perf_counter() - begin > _PATIENCE:
            process.kill()
            raise SystemExit((folder.parent / "app.log").read_text(encoding="utf-8"))
        time.sleep(0.02)
    return process, f"http://127.0.0.1:{port}", time.perf_counter() - begin


def usable(page: Page, url: str) -> float:
    """Open a page and return the seconds until its run button can be clicked."""
    begin = time.perf_counter()
    page.goto(url, wait_until="commit")
    page.locator(_RUN).click(trial=True)
    return time.perf_counter() - begin


def first_figures(page: Page, url: str, people: int) -> float:
    """Run a what-if with more people and return the seconds from the click to the first figures."""
    usable(page, url)
    page.wait_for_timeout(2000)
    number = page.locator(".st-key-lab-add-people").get_by_role("spinbutton", name="How many")
    number.fill(str(people))
    number.press("Enter")
    page.wait_for_timeout(1500)
    page.locator(".st-key-lab-add-people").get_by_role("button", name="Add", exact=True).click()
    page.locator("[class*='st-key-lab-difference-']").wait_for()
    page.wait_for_timeout(1500)
    begin = time.perf_counter()
    page.locator(_RUN).click()
    page.locator(_CARDS).wait_for()
    return time.perf_counter() - begin


def interactions(page: Page, clicks: int) -> list[float]:
    """Return the seconds of clicks that simulate nothing: choices of a form, and numbers that are changed."""
    forms = ("Disruptions", "People", "SLA rules", "Parts", "Dispatch", "People")
    found = []
    for number in range(clicks):
        form = page.get_by_role("radio", name=forms[number % len(forms)], exact=True)
        found.append(_answered(page, form.click))
    count = page.get_by_test_id("stNumberInputStepUp")
    page.get_by_role("radio", name="People", exact=True).click()
    page.wait_for_timeout(1500)
    place = page.locator("[class*='st-key-lab-'][class*='-row-'] [data-testid='stNumberInputStepUp']")
    if place.count():
        count = place
    for _ in range(clicks):
        found.append(_answered(page, count.first.click))
        page.wait_for_timeout(300)
    return found


def _answered(page: Page, act: Callable[[], Any]) -> float:
    """Do something and return the seconds until the page shows another state and is at rest."""
    before = page.locator("[data-testid='stMain']").inner_text()
    begin = time.perf_counter()
    act()
    page.wait_for_function(_SETTLED, arg=before, polling=20)
    return time.perf_counter() - begin


def finished(page: Page) -> None:
    """Wait until the run on the page is finished."""
    page.get_by_text("Finished:").wait_for(timeout=1000 * _PATIENCE)


def measured(page: Page, url: str, clicks: int) -> dict[str, Any]:
    """Return what a planner waits for, from the first opening on."""
    result: dict[str, Any] = {"usable": usable(page, url), "reload": usable(page, url)}
    page.wait_for_timeout(2000)
    waits = interactions(page, clicks)
    result["interaction"] = {"median": statistics.median(waits), "most": max(waits)}
    result["first_figures"] = first_figures(page, url, 1)
    finished(page)
    # The same baseline beside another what-if, which takes a planner some seconds: its replications are taken
    # over, and a process is in wait again.
    page.wait_for_timeout(1000 * _THOUGHT)
    result["first_figures_adopted"] = first_figures(page, url, 2)
    finished(page)
    return result


def rounded(value: Any) -> Any:
    """Return a number, or those of a mapping, to a hundredth."""
    if isinstance(value, dict):
        return {key: rounded(inner) for key, inner in value.items()}
    return round(value, 2) if isinstance(value, float) else value


def main() -> None:
    """Measure, and print what was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--clicks", type=int, default=6, help="interactions of each kind (default 6)")
    parser.add_argument("--chromium", default=shutil.which("chromium"), help="path of Chromium")
    options = parser.parse_args()
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as home, sync_playwright() as playwright:
        process, url, seconds = started(Path(home) / "app", "--no-sample")
        browser = playwright.chromium.launch(executable_path=options.chromium, args=[*_FLAGS])
        try:
            page = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB").new_page()
            page.set_default_timeout(1000 * _PATIENCE)
            result = {"healthy": seconds, **measured(page, f"{url}/?lang=en", options.clicks)}
        finally:
            browser.close()
            process.terminate()
            process.wait(30)
    print(json.dumps({**rounded(result), "load": round(os.getloadavg()[0], 1)}))


if __name__ == "__main__":
    main()

"""Figures as they stand on a page of results, beside those in the files of the job they are of.

Numbers are read from the text by the conventions of the language, without the code that wrote them.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from babel.numbers import parse_decimal
from playwright.sync_api import Locator, Page, TimeoutError, expect

from insight.definitions import DEFINITIONS
from ui.jobs import Job
from ui.language import Language
from ui.results.cards import NEUTRAL

_NUMBER = re.compile(
    r"(?P<sign>[▲▼]?)\s*(?P<mean>[+\-−]?[\d.,]+)\s*±\s*(?P<least><?)(?P<half>[\d.,]+)\s*(?P<rest>.*)", re.S
)
_CARDS = """cards => [...cards.querySelectorAll('.by-card')].map(card => ({
  kpi: card.dataset.kpi,
  figure: card.querySelector('.by-figure').innerText,
  differences: [...card.querySelectorAll('.by-value')].map(
    value => [value.innerText, value.className.replace('by-value by-', '')]),
}))"""


def read_file(job: Job, name: str) -> dict[str, Any]:
    """Return a JSON file of a job's results."""
    found: dict[str, Any] = json.loads((job.results / name).read_text(encoding="utf-8"))
    return found


def summary_of(job: Job, place: int = 0) -> dict[str, Any]:
    """Return summary.json of a scenario by its place, the baseline first."""
    return read_file(job, f"{job.spec.names[place]}/summary.json")


def check_cards(cards: Locator, job: Job, say: Language) -> list[str]:
    """Fail unless every card says what summary.json and comparison.json say; return the KPIs shown."""
    summary, comparison = summary_of(job), read_file(job, "comparison.json")
    shown = cards.evaluate(_CARDS)
    for card in shown:
        kpi, what = card["kpi"], DEFINITIONS[card["kpi"]]
        factor = 100.0 if what.unit == "share" else 1.0
        figure = summary["kpis"][kpi]
        rest = _check_number(card["figure"], figure["mean"], figure["half_width"], factor, say)
        assert what.unit != "share" or rest == "%", card
        assert len(card["differences"]) == len(job.spec.names) - 1, card
        for name, (text, verdict) in zip(job.spec.names[1:], card["differences"], strict=True):
            row = comparison["scenarios"][name][kpi]
            half = (row["ci_high"] - row["ci_low"]) / 2.0
            _check_number(text, row["difference"], half, factor, say)
            assert verdict == _verdict(row, None if kpi in NEUTRAL else what.better), (kpi, text, row)
            arrow = "▲" if row["difference"] > 0 else "▼"
            assert text.startswith(arrow) is (verdict != "none"), (kpi, text)
    return [card["kpi"] for card in shown]


def _verdict(row: Mapping[str, float], better: str | None) -> str:
    """Return what may be said about a difference: nothing where its interval spans zero."""
    if row["ci_low"] <= 0.0 <= row["ci_high"]:
        return "none"
    if better is None:
        return "changed"
    return "better" if (row["difference"] > 0) == (better == "higher") else "worse"


def _check_number(text: str, mean: float, half: float, factor: float, say: Language) -> str:
    """Fail unless a text shows a mean and a half-width as they are; return what stands behind them."""
    found = _NUMBER.fullmatch(" ".join(text.split()))
    assert found, text
    for part, value in (("mean", mean), ("half", half)):
        shown, step = _parsed(found[part], say)
        if part == "half" and found["least"]:
            assert 0.0 < value * factor < shown, (text, value)
        else:
            assert abs(shown - value * factor) <= 0.5000001 * step, (text, value)
    return found["rest"]


def check_figure(text: str, figure: Mapping[str, float], unit: str, say: Language) -> None:
    """Fail unless a text shows the mean and the interval of a figure of summary.json."""
    half = (figure["ci_high"] - figure["ci_low"]) / 2.0
    _check_number(text, figure["mean"], half, 100.0 if unit == "share" else 1.0, say)


def _parsed(text: str, say: Language) -> tuple[float, float]:
    """Return a number and the step of its last decimal."""
    locale = "zh_Hans_CN" if say.code == "zh" else "en_GB"
    decimals = len(text.partition(".")[2])
    return float(parse_decimal(text.lstrip("+").replace("−", "-"), locale, strict=True)), 10.0**-decimals


def downloaded(page: Page, key: str, folder: Path) -> list[dict[str, str]]:
    """Return the table that a button hands out as CSV, unfolding what the button is in."""
    button = page.locator(f".st-key-{key} button")
    if not button.is_visible():
        expander = page.get_by_test_id("stExpander").filter(has=page.locator(f".st-key-{key}"))
        expander.locator("summary").click()
    expect(button).to_be_visible()
    page.wait_for_timeout(500)  # until what was unfolded stands still
    try:
        with page.expect_download(timeout=8_000) as waiting:
            button.click()
    except TimeoutError:  # the page was being drawn at that moment
        with page.expect_download() as waiting:
            button.click()
    file = folder / f"{key}.csv"
    waiting.value.save_as(file)
    return [*csv.DictReader(io.StringIO(file.read_text(encoding="utf-8-sig")))]


def check_all_kpis(rows: list[dict[str, str]], job: Job, say: Language) -> None:
    """Fail unless the table of all KPIs holds every figure of the files, digit by digit."""
    comparison = read_file(job, "comparison.json")
    seen: dict[str, list[dict[str, str]]] = {}
    for row in rows:
        seen.setdefault(row[say("Scenario")], []).append(row)
    assert len(seen) == len(job.spec.names)
    for place, (name, own) in enumerate(zip(job.spec.names, seen.values(), strict=True)):
        kpis = summary_of(job, place)["kpis"]
        assert {row[say("Id")] for row in own} == set(kpis)
        for row in own:
            kpi = row[say("Id")]
            figure, difference = kpis[kpi], comparison["scenarios"].get(name, {}).get(kpi, {})
            assert close(row[say("Mean")], figure["mean"]), row
            assert close(row[say("Lower limit")], figure["ci_low"]), row
            assert close(row[say("Upper limit")], figure["ci_high"]), row
            assert close(row[say("Difference")], difference.get("difference")), row
            assert close(row[say("Difference, lower limit")], difference.get("ci_low")), row


def close(text: str, value: float | None, digits: int = 9) -> bool:
    """Return whether a cell of a table holds a number, to so many digits; an empty one holds none."""
    if value is None or text == "":
        return value is None and text == ""
    return abs(float(text) - value) <= max(abs(value) * 10.0 ** (1 - digits), 1e-6)

"""The results of a job as sheets of plain rows in the language of the page: what a workbook or a CSV holds.

Figures are copied from summary.json and comparison.json, shares in percent; nothing is computed anew. Files
are made from the sheets by `ui.exports`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from insight.definitions import DEFINITIONS
from insight.digits import scale
from insight.spreadsheets import Cell, Row, Sheet
from ui.job_states import state_name
from ui.jobs import Job
from ui.language import Language

#: What is known of each cause: figure in summary.json, unit.
_OF_CAUSES = ("hours", "missed", "missed_restore")
_BOUNDS = ("ci_low", "ci_high")


@dataclass(frozen=True)
class Results:
    """What the files of a job say.

    Parameters
    ----------
    comparison
        comparison.json; empty for a single scenario.
    summaries
        summary.json by scenario, the baseline first.
    scenarios
        The resolved scenario of each run.
    titles
        What each scenario is called.
    """

    comparison: Mapping[str, Any]
    summaries: Mapping[str, Mapping[str, Any]]
    scenarios: Mapping[str, Mapping[str, Any]]
    titles: Mapping[str, str]

    @property
    def currency(self) -> str:
        """Code of the currency of all sums."""
        return str(next(iter(self.summaries.values()), {}).get("currency", ""))


def read_results(job: Job) -> Results:
    """Read what the files of a job say; scenarios without figures yet are left out.

    Parameters
    ----------
    job
        The job, which may still be running.
    """
    from scenarios.documents import parse

    titles = {str(d["name"]): str(d.get("title") or d["name"]) for d in job.spec.scenarios}
    summaries, scenarios = {}, {}
    for name in titles:
        folder = job.results / name
        if (folder / "summary.json").is_file():
            summaries[name] = _json(folder / "summary.json")
            text = (folder / "scenario.yaml").read_text(encoding="utf-8")
            scenarios[name] = parse(text, f"{name}/scenario.yaml")
    path = job.results / "comparison.json"
    return Results(_json(path) if path.is_file() else {}, summaries, scenarios, titles)


def _json(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content


def sheets(job: Job, say: Language) -> tuple[Sheet, ...]:
    """Return the sheets of a job: about it, KPIs, differences, cities, causes, what was changed.

    Parameters
    ----------
    job
        The job.
    say
        Language of names, headings and notes.
    """
    found = read_results(job)
    alone = len(found.summaries) < 2
    made = [_about(job, found, say), _summary(found, say)]
    made += [] if alone else [_differences(found, say)]
    made += [_cities(found, say), _causes(found, say)]
    made += [] if alone else [_changes(found, say)]
    return tuple(made)


def _about(job: Job, found: Results, say: Language) -> Sheet:
    """Return the sheet that says what was simulated."""
    some = next(iter(found.summaries.values()), {})
    rows: list[Row] = [
        (say("Title"), job.spec.title),
        (say("State"), state_name(job.state, say)),
        (say("Started (UTC)"), job.started),
        (say("Seed"), some.get("seed", job.spec.seed)),
        (say("Days of each replication"), some.get("days", job.spec.days)),
        (say("Days of warm-up"), some.get("warm_up_days")),
        (say("Confidence of intervals, %"), 100.0 * some["confidence"] if "confidence" in some else None),
        (say("Currency"), found.currency),
    ]
    rows += [
        (say("Replications of {scenario}", scenario=found.titles[n]), s.get("replications"))
        for n, s in found.summaries.items()
    ]
    notes = [say("Figures of a simulation with Banyan.")]
    if job.state != "finished":
        notes.append(say("The run is not finished: figures are preliminary."))
    return Sheet(say("About"), tuple(notes), (say("What"), say("Value")), tuple(rows))


def _unit(kpi: str, found: Results, say: Language) -> str:
    return say.unit(DEFINITIONS[kpi].unit, found.currency)


def _figure(row: Mapping[str, Any], unit: str, value: str) -> Row:
    """Return a value with its limits and the number of replications it rests on."""
    numbers = [row.get(key) for key in (value, *_BOUNDS)]
    return (*(None if x is None else x * scale(unit) for x in numbers), row.get("n"))


def _interval_headings(first: str, say: Language) -> tuple[str, ...]:
    return (first, say("Interval from"), say("Interval to"), say("Replications"))


def _summary(found: Results, say: Language) -> Sheet:
    """Return the KPIs of every scenario with their intervals."""
    rows = [
        (
            say.term("kpi", kpi),
            _unit(kpi, found, say),
            found.titles[name],
            *_figure(row, definition.unit, "mean"),
        )
        for kpi, definition in DEFINITIONS.items()
        for name, summary in found.summaries.items()
        if (row := summary["kpis"].get(kpi, {})).get("mean") is not None
    ]
    notes = (say("Mean over replications and its confidence interval, in the unit of the row."),)
    return Sheet(
        say("Summary"),
        notes,
        (say("KPI"), say("Unit"), say("Scenario"), *_interval_headings(say("Mean"), say)),
        tuple(rows),
    )


def _differences(found: Results, say: Language) -> Sheet:
    """Return how each scenario differs from the baseline, over all."""
    rows = []
    for kpi, definition in DEFINITIONS.items():
        unit = say.term("unit", "pp") if definition.unit == "share" else _unit(kpi, found, say)
        for name, differences in found.comparison.get("scenarios", {}).items():
            row = differences.get(kpi, {})
            if row.get("difference") is not None:
                title = found.titles.get(name, name)
                rows.append(
                    (
                        say.term("kpi", kpi),
                        unit,
                        title,
                        *_figure(row, definition.unit, "difference"),
                        _doubt(row, say),
                    )
                )
    notes = (
        say(
            "Paired difference from the baseline {scenario}; shares in percentage points.",
            scenario=_baseline(found),
        ),
        say("An interval that holds 0 means that the scenarios may not differ."),
    )
    headings = (
        say("KPI"),
        say("Unit"),
        say("Scenario"),
        *_interval_headings(say("Difference"), say),
        say("Differs"),
    )
    return Sheet(say("Differences"), notes, headings, tuple(rows))


def _baseline(found: Results) -> str:
    name = str(found.comparison.get("baseline") or next(iter(found.titles)))
    return found.titles.get(name, name)


def _doubt(row: Mapping[str, Any], say: Language) -> str:
    low, high = (row.get(key) for key in _BOUNDS)
    if low is None or high is None:
        return ""
    return say("may not") if low <= 0.0 <= high else say("yes")


def _cities(found: Results, say: Language) -> Sheet:
    """Return the KPIs of each city."""
    rows = []
    for name, summary in found.summaries.items():
        called = summary.get("names", {}).get("cities", {})
        for city, kpi, row in _of_cities(summary):
            shown, term = say.name("cities", city, called.get(city, "")), say.term("kpi", kpi)
            figure = _figure(row, DEFINITIONS[kpi].unit, "mean")
            rows.append((shown, term, _unit(kpi, found, say), found.titles[name], *figure))
    notes = (say("Mean over replications of each city and its confidence interval, in the unit of the row."),)
    headings = (say("City"), say("KPI"), say("Unit"), say("Scenario"), *_interval_headings(say("Mean"), say))
    return Sheet(say("By city"), notes, headings, tuple(rows))


def _of_cities(summary: Mapping[str, Any]) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Yield city, KPI and figure of whatever is known of cities."""
    for city, figures in summary.get("by", {}).get("city", {}).items():
        for kpi, row in figures.items():
            if kpi in DEFINITIONS and row.get("mean") is not None:
                yield city, kpi, row


def _causes(found: Results, say: Language) -> Sheet:
    """Return the causes of delay and of missed clocks."""
    words = {
        "hours": say("Hours of delay of an order"),
        "missed": say("Missed of 1,000 orders"),
        "missed_restore": say("Restored late, of 1,000 orders"),
    }
    rows = [
        (say.term("cause", cause), words[kind], found.titles[name], *_figure(figures[kind], "", "mean"))
        for name, summary in found.summaries.items()
        for cause, figures in summary.get("causes", {}).items()
        for kind in _OF_CAUSES
        if figures.get(kind, {}).get("mean") is not None
    ]
    notes = (say("The causes add up to the last one, which is all of them."),)
    headings = (say("Cause"), say("Figure"), say("Scenario"), *_interval_headings(say("Mean"), say))
    return Sheet(say("Causes"), notes, headings, tuple(rows))


def _changes(found: Results, say: Language) -> Sheet:
    """Return in what each scenario itself differs from the baseline, key by key."""
    names = [*found.scenarios]
    rows: list[Row] = []
    for name in names[1:]:
        for key, before, after in differing(found.scenarios[names[0]], found.scenarios[name]):
            rows.append((found.titles[name], key, before, after))
    notes = (
        say("Keys of the scenario whose values differ from the baseline's; names and descriptions left out."),
    )
    headings = (say("Scenario"), say("Key"), say("Baseline"), say("Value"))
    return Sheet(say("Changes"), notes, headings, tuple(rows))


def differing(before: Any, after: Any, key: str = "") -> Iterator[tuple[str, Cell, Cell]]:
    """Yield the dotted keys in which two scenario documents differ, with both values.

    Parameters
    ----------
    before, after
        The documents, or values in them.
    key
        Where they stand; empty for whole documents.
    """
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for part in [*before, *(part for part in after if part not in before)]:
            if key or part not in ("name", "title", "description"):
                below = f"{key}.{part}" if key else str(part)
                yield from differing(before.get(part), after.get(part), below)
    elif before != after:
        yield key, _written(before), _written(after)


def _written(value: Any) -> Cell:
    """Return a value as one cell."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    return json.dumps(value, ensure_ascii=False, default=str)

"""What scenarios, KPIs, places and groups are called on a page of results."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from insight.definitions import DEFINITIONS
from ui.job_states import title_in_words
from ui.results.reading import Results

if TYPE_CHECKING:
    from ui.language import Language

#: Marks what rests on an assumption.
ASSUMED = "†"
_LONGEST = 34
_ALL = {"severity": "severity", "customer_tier": "customer_tiers"}


def scenario_labels(results: Results, say: Language) -> dict[str, str]:
    """Return a short name for each scenario: of variants their title, cut if long, where it is their own."""
    labels = {results.baseline: say("Baseline")}
    for name in results.variants:
        title = title_in_words(results.titles.get(name, ""), say)
        short = title if len(title) <= _LONGEST else f"{title[: _LONGEST - 1].rstrip(' ,')}…"
        others = [results.titles.get(other, "") for other in results.summaries if other != name]
        own = title and results.titles.get(name) not in others and short not in labels.values()
        labels[name] = short if own else name
    if not results.variants:
        labels[results.baseline] = say("This scenario")
    return labels


def kpi_label(kpi: str, say: Language) -> str:
    """Return what a KPI is called, marked where it is an assumption."""
    mark = f" {ASSUMED}" if DEFINITIONS[kpi].assumption else ""
    return say.term("kpi", kpi) + mark


def city_label(key: str, results: Results, say: Language) -> str:
    """Return what a city is called."""
    return say.name("cities", key, results.names("cities").get(key, "")) if key else say("All cities")


def group_label(dimension: str, key: str, say: Language) -> str:
    """Return what a severity or a customer tier is called."""
    if not key:
        return say("All orders")
    return say.term("severity", key) if dimension == "severity" else say.name(_ALL[dimension], key)


def cause_label(cause: str, say: Language) -> str:
    """Return what a cause of delay is called."""
    return say("Cause not known") if cause == "unknown" else say.term("cause", cause)


def interval_words(results: Results, say: Language) -> str:
    """Return in a sentence what n and the interval of means are."""
    n = results.replications
    if n < 2:
        return say("One replication: there are no intervals.")
    level = say.percent(results.confidence, 0)
    return say("Mean of {n} replications; whiskers: {level} interval.", n=n, level=level)


def paired_words(results: Results, say: Language) -> str:
    """Return in a sentence what n and the interval of differences are."""
    n = results.replications
    if n < 2:
        return say("One replication: differences have no intervals.")
    level = say.percent(results.confidence, 0)
    if len(results.variants) > 1:
        return say(
            "Paired difference from the baseline over {n} replications with the same random numbers; {level} "
            "intervals that hold jointly for all scenarios.",
            n=n,
            level=level,
        )
    return say(
        "Paired difference from the baseline over {n} replications with the same random numbers; {level} "
        "interval.",
        n=n,
        level=level,
    )


def rising(cities: Mapping[str, float]) -> list[str]:
    """Return cities from the lowest figure to the highest, equal ones by name."""
    return sorted(cities, key=lambda city: (cities[city], city))

"""What it cost, and why and where scenarios differ."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from insight.cause_tables import ALL, HOURS, KINDS, MISSED, MISSED_RESTORE
from insight.definitions import DEFINITIONS
from insight.group_differences import KPIS
from ui.charts import Figure
from ui.charts.bars import Bar, bars, differences
from ui.results.drawing import draw
from ui.results.reading import Results
from ui.results.wording import (
    cause_label,
    city_label,
    interval_words,
    kpi_label,
    paired_words,
    scenario_labels,
)

if TYPE_CHECKING:
    from ui.language import Language

_COST = "cost_"
_TOTAL = "cost_total"


def cost_view(results: Results, say: Language) -> None:
    """Draw the cost by kind, and how it differs."""
    with st.container(border=True):
        draw(cost_figure(results, say), "results_cost", say)
    if results.variants:
        with st.container(border=True):
            draw(cost_differences(results, say), "results_cost_differences", say)


def _costs(results: Results) -> list[str]:
    """Return the kinds of cost that some scenario has, the largest of the baseline first."""
    found = [
        kpi
        for kpi in DEFINITIONS
        if kpi.startswith(_COST)
        and kpi != _TOTAL
        and any(s["kpis"].get(kpi, {}).get("mean") for s in results.summaries.values())
    ]
    base = results.summaries[results.baseline]["kpis"]
    return sorted(found, key=lambda kpi: -(base.get(kpi, {}).get("mean") or 0.0))


def cost_figure(results: Results, say: Language) -> Figure:
    """Return the cost of each scenario by kind, with the totals in words."""
    labels = scenario_labels(results, say)
    data = []
    for kpi in _costs(results):
        for name, summary in results.summaries.items():
            figure = summary["kpis"][kpi]
            words = say.figure(figure, "currency", results.currency)
            label = say.term("cost", kpi.removeprefix(_COST))
            data.append(Bar(label, labels[name], figure["mean"], figure["ci_low"], figure["ci_high"], words))
    totals = "; ".join(
        say(
            "{scenario}: {total}",
            scenario=labels[name],
            total=say.figure(summary["kpis"][_TOTAL], "currency", results.currency),
        )
        for name, summary in results.summaries.items()
    )
    caption = say("In total, {totals}. {n}", totals=totals, n=interval_words(results, say))
    scenarios = [labels[name] for name in results.summaries]
    title = say("Cost of the whole time by kind")
    return bars(data, scenarios, title, results.currency, say("Kind of cost"), caption, say)


def cost_differences(results: Results, say: Language) -> Figure:
    """Return the paired differences of cost by kind and in total."""
    labels = scenario_labels(results, say)
    data = []
    for kpi in (_TOTAL, *_costs(results)):
        for name in results.variants:
            row = results.difference(name, kpi)
            if row is None:
                continue
            mean, low, high = row["difference"], row["ci_low"], row["ci_high"]
            words = say.difference(mean, low, high, "currency", results.currency)
            data.append(Bar(say.term("cost", kpi.removeprefix(_COST)), labels[name], mean, low, high, words))
    scenarios = [labels[name] for name in results.variants]
    title = say("Difference of cost by kind")
    caption = paired_words(results, say)
    return differences(data, scenarios, "lower", title, results.currency, say("Kind of cost"), caption, say)


def why_view(results: Results, say: Language) -> None:
    """Draw the causes of delay and of missed clocks, and how scenarios differ in them."""
    kinds = cause_kinds(say)
    kind = st.segmented_control(
        say("Figure"),
        list(KINDS),
        default=HOURS,
        required=True,
        format_func=lambda key: kinds[key][0],
        key="results_why_kind",
    )
    if not results.variants:
        with st.container(border=True):
            draw(cause_figure(results, kind, say), "results_causes", say)
        return
    left, right = st.columns(2)
    with left, st.container(border=True):
        draw(cause_figure(results, kind, say), "results_causes", say, lines=2)
    with right, st.container(border=True):
        draw(cause_differences_figure(results, kind, say), "results_cause_differences", say, lines=2)
    kpi = st.selectbox(
        say("By city"),
        list(KPIS),
        format_func=lambda key: kpi_label(key, say),
        key="results_city_kpi",
        width=300,
    )
    with st.container(border=True):
        draw(city_differences(results, kpi, say), "results_city_differences", say)


def cause_kinds(say: Language) -> dict[str, tuple[str, str]]:
    """Return name and unit of the figures by cause."""
    return {
        HOURS: (say("Hours of an order"), say("hours of an order")),
        MISSED: (say("Missed response"), say("missed of 1,000 orders")),
        MISSED_RESTORE: (say("Missed restoration"), say("missed of 1,000 orders")),
    }


def _causes(results: Results, kind: str) -> list[str]:
    """Return the causes that some scenario has, in the order of an order's life, and all together."""
    found = [
        cause
        for cause in results.summaries[results.baseline].get("causes", {})
        if cause == ALL
        or any(s["causes"].get(cause, {}).get(kind, {}).get("mean") for s in results.summaries.values())
    ]
    return sorted(found, key=lambda cause: cause != ALL)


def cause_figure(results: Results, kind: str, say: Language) -> Figure:
    """Return hours of an order, or missed orders of a thousand, by cause and scenario."""
    labels = scenario_labels(results, say)
    data = []
    for cause in _causes(results, kind):
        for name, summary in results.summaries.items():
            figure = summary["causes"][cause][kind]
            words = say.figure(figure, "hours" if kind == HOURS else "orders")
            data.append(
                Bar(
                    cause_label(cause, say),
                    labels[name],
                    figure["mean"],
                    figure["ci_low"],
                    figure["ci_high"],
                    words,
                )
            )
    title, unit = cause_kinds(say)[kind]
    caption = f"{_cause_words(kind, say)} {interval_words(results, say)}"
    scenarios = [labels[name] for name in results.summaries]
    return bars(data, scenarios, say("{figure} by cause", figure=title), unit, say("Cause"), caption, say)


def _cause_words(kind: str, say: Language) -> str:
    if kind == HOURS:
        return say("Hours from the report to the first arrival, laid to what they were spent on.")
    if kind == MISSED:
        return say("Orders that missed their respond or attend clock, by their longest wait.")
    return say("Orders that missed their restore or complete clock, by what took longest.")


def cause_differences_figure(results: Results, kind: str, say: Language) -> Figure:
    """Return the paired differences of the figures by cause."""
    labels = scenario_labels(results, say)
    found = (results.comparison or {"causes": {}})["causes"]
    data = []
    for cause in _causes(results, kind):
        for name in results.variants:
            row = found.get(name, {}).get(cause, {}).get(kind)
            if row is None:
                continue
            mean, low, high = row["difference"], row["ci_low"], row["ci_high"]
            words = say.difference(mean, low, high, "hours" if kind == HOURS else "orders")
            data.append(Bar(cause_label(cause, say), labels[name], mean, low, high, words))
    title, unit = cause_kinds(say)[kind]
    scenarios = [labels[name] for name in results.variants]
    heading = say("{figure} by cause: difference", figure=title)
    caption = paired_words(results, say)
    return differences(data, scenarios, "lower", heading, unit, say("Cause"), caption, say)


def city_differences(results: Results, kpi: str, say: Language) -> Figure:
    """Return the paired differences of a KPI by city, as comparison.json has them."""
    labels = scenario_labels(results, say)
    found = (results.comparison or {"by": {}})["by"]
    unit = DEFINITIONS[kpi].unit
    factor = 100.0 if unit == "share" else 1.0
    cities: dict[str, float] = {}
    for name in results.variants:
        for city, kpis in found.get(name, {}).get("city", {}).items():
            if kpi in kpis:
                cities.setdefault(city, kpis[kpi]["difference"])
    data = []
    for city in sorted(cities, key=lambda city: cities[city]):
        for name in results.variants:
            row = found.get(name, {}).get("city", {}).get(city, {}).get(kpi)
            if row is None:
                continue
            mean, low, high = row["difference"], row["ci_low"], row["ci_high"]
            words = say.difference(mean, low, high, unit)
            place = city_label(city, results, say)
            data.append(
                Bar(
                    place,
                    labels[name],
                    _times(factor, mean),
                    _times(factor, low),
                    _times(factor, high),
                    words,
                )
            )
    caption = say(
        "{paired} Intervals of one figure hold jointly for all cities, and are wider for it.",
        paired=paired_words(results, say),
    )
    title = say("{kpi} by city: difference", kpi=kpi_label(kpi, say))
    shown = say("percentage points") if unit == "share" else say.unit(unit, results.currency)
    scenarios = [labels[name] for name in results.variants]
    return differences(data, scenarios, DEFINITIONS[kpi].better, title, shown, say("City"), caption, say)


def _times(factor: float, figure: float | None) -> float | None:
    return None if figure is None else factor * figure

"""Bars and dots with their intervals: causes of missed orders, costs, differences by cause and by city."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import altair as alt

from ui.charts import palette
from ui.charts.figure import Figure, legend_below, rows_of, scenario_scale, significant, styled

if TYPE_CHECKING:
    from ui.language import Language


@dataclass(frozen=True)
class Bar:
    """One figure of one scenario.

    Parameters
    ----------
    label
        What it is of: a cause, a kind of cost, a city.
    scenario
        What the scenario is called.
    mean, low, high
        The figure and its limits, None where there are none.
    words
        How it reads, with its interval.
    """

    label: str
    scenario: str
    mean: float | None
    low: float | None
    high: float | None
    words: str


def bars(
    data: Sequence[Bar],
    scenarios: Sequence[str],
    title: str,
    unit: str,
    heading: str,
    caption: str,
    say: Language,
) -> Figure:
    """Return horizontal bars, side by side by scenario, with whiskers for the intervals.

    Parameters
    ----------
    data
        The figures, labels in their order.
    scenarios
        All scenarios, the baseline first.
    title, unit, caption
        Words of the figure.
    heading
        What the labels are.
    say
        The language.
    """
    rows = [row for bar in data if (row := _row(bar)) is not None]
    labels = [*dict.fromkeys(bar.label for bar in data)]
    y = alt.Y("label:N", sort=labels, axis=alt.Axis(title=None, ticks=False, domain=False))
    offset = alt.YOffset("scenario:N", sort=list(scenarios))
    top = max([0.0, *(r["high"] if r["high"] is not None else r["mean"] for r in rows)])
    largest = max([0.0, *(r["mean"] for r in rows)])
    x = alt.X(
        "mean:Q",
        title=unit,
        scale=alt.Scale(domain=[0.0, min(top, 2.0 * largest) or 1.0], clamp=True),
        axis=alt.Axis(tickCount=5, domain=False, ticks=False, format="~s" if top >= 10_000 else ",.4~f"),
    )
    hint = _hint(heading, say)
    base = alt.Chart(rows_of(rows)).encode(y=y, yOffset=offset, tooltip=hint)
    bar = base.mark_bar(cornerRadiusEnd=2, opacity=0.9).encode(
        x=x,
        color=alt.Color("scenario:N", scale=scenario_scale(scenarios), legend=legend_below(scenarios)),
    )
    whisker = (
        base.transform_filter("isValid(datum.low)")
        .mark_rule(color=palette.INK, strokeWidth=1.2, clip=True)
        .encode(x=alt.X("low:Q"), x2="high:Q")
    )
    height = _height(labels, len(scenarios))
    chart = styled(alt.layer(bar, whisker).properties(height=height), say)
    return Figure(title, unit, chart, _table(data, heading, unit, scenarios, say), caption)


def differences(
    data: Sequence[Bar],
    scenarios: Sequence[str],
    better: str | None,
    title: str,
    unit: str,
    heading: str,
    caption: str,
    say: Language,
) -> Figure:
    """Return paired differences as dots with their intervals around zero.

    Parameters
    ----------
    data
        The differences, labels in their order.
    scenarios
        The scenarios compared, without the baseline; with several, shapes tell them apart.
    better
        `higher` or `lower`; None where neither is.
    title, unit, caption
        Words of the figure.
    heading
        What the labels are.
    say
        The language.
    """
    of_verdict = verdicts(say)
    rows = []
    for bar in data:
        row = _row(bar)
        if row is not None:
            rows.append({**row, "verdict": of_verdict[verdict(bar.mean, bar.low, bar.high, better)]})
    labels = [*dict.fromkeys(bar.label for bar in data)]
    y = alt.Y("label:N", sort=labels, axis=alt.Axis(title=None, ticks=False, domain=False))
    x = alt.X("mean:Q", title=unit, scale=_around_zero(rows), axis=alt.Axis(tickCount=5, domain=False))
    colour = alt.Color(
        "verdict:N",
        scale=alt.Scale(
            domain=[of_verdict[key] for key in ("better", "worse", "none")],
            range=[palette.BETTER, palette.WORSE, palette.UNDECIDED],
        ),
        legend=legend_below([*of_verdict.values()]),
    )
    shape = alt.Shape("scenario:N", sort=list(scenarios), legend=legend_below(scenarios))
    base = alt.Chart(rows_of(rows)).encode(y=y, tooltip=_hint(heading, say))
    if len(scenarios) > 1:
        base = base.encode(yOffset=alt.YOffset("scenario:N", sort=list(scenarios)))
    line = (
        base.transform_filter("isValid(datum.low)")
        .mark_rule(strokeWidth=2.2, clip=True)
        .encode(x=alt.X("low:Q"), x2="high:Q", color=colour)
    )
    dot = base.mark_point(filled=True, size=75, opacity=1.0).encode(x=x, color=colour)
    dot = dot.encode(shape=shape) if len(scenarios) > 1 else dot
    zero = alt.Chart(rows_of([{"mean": 0.0}])).mark_rule(color=palette.INK).encode(x="mean:Q")
    # As high as bars of the same, which have the baseline beside these.
    height = _height(labels, len(scenarios) + 1)
    chart = styled(alt.layer(zero, line, dot).properties(height=height), say)
    return Figure(title, unit, chart, _table(data, heading, unit, scenarios, say), caption)


def verdict(difference: float | None, low: float | None, high: float | None, better: str | None) -> str:
    """Return `better` or `worse` where an interval leaves out zero, else `none`.

    Parameters
    ----------
    difference, low, high
        A difference and its limits; one without limits decides nothing.
    better
        `higher` or `lower`; None where neither is, which is `none` as well.
    """
    if difference is None or low is None or high is None or low <= 0.0 <= high or better is None:
        return "none"
    return "better" if (difference > 0) == (better == "higher") else "worse"


def verdicts(say: Language) -> Mapping[str, str]:
    """Return what a verdict is called."""
    return {"better": say("better"), "worse": say("worse"), "none": say("no clear difference")}


def _height(labels: Sequence[str], scenarios: int) -> int:
    """Return the height of the marks in pixels, by labels and scenarios side by side."""
    return max(120, len(labels) * (10 + 15 * scenarios))


def _around_zero(rows: Sequence[Mapping[str, Any]]) -> alt.Scale:
    """Return a scale that shows every dot and most intervals; very wide ones are cut."""
    dots = max([1e-9, *(abs(row["mean"]) for row in rows)])
    ends = [abs(row[end]) for row in rows for end in ("low", "high") if row[end] is not None]
    most = min(max([dots, *ends]), 4.0 * dots) if dots > 1e-9 else max([1.0, *ends])
    return alt.Scale(domain=[-1.05 * most, 1.05 * most], clamp=True, nice=False)


def _row(bar: Bar) -> dict[str, Any] | None:
    if bar.mean is None:
        return None
    return {
        "label": bar.label,
        "scenario": bar.scenario,
        "mean": bar.mean,
        "low": bar.low,
        "high": bar.high,
        "words": bar.words,
    }


def _hint(heading: str, say: Language) -> list[alt.Tooltip]:
    return [
        alt.Tooltip("label:N", title=heading),
        alt.Tooltip("scenario:N", title=say("Scenario")),
        alt.Tooltip("words:N", title=say("Figure")),
    ]


def _table(
    data: Sequence[Bar], heading: str, unit: str, scenarios: Sequence[str], say: Language
) -> list[dict[str, Any]]:
    result = []
    for bar in data:
        row: dict[str, Any] = {heading: bar.label}
        if len(scenarios) > 1:
            row[say("Scenario")] = bar.scenario
        row[say("Unit")] = unit
        row[say("Figure")] = significant(bar.mean)
        row[say("Lower limit")] = significant(bar.low)
        row[say("Upper limit")] = significant(bar.high)
        result.append(row)
    return result


Words = Callable[[float | None, float | None, float | None], str]

"""The distribution of the time to attend, measured by the time that was promised."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import altair as alt

from ui.charts import palette
from ui.charts.figure import (
    Figure,
    in_unit,
    line_legend,
    percent_digits,
    rows_of,
    scenario_dashes,
    scenario_scale,
    styled,
)

if TYPE_CHECKING:
    from ui.language import Language


@dataclass(frozen=True)
class Waits:
    """The distribution of one scenario.

    Parameters
    ----------
    scenario
        What the scenario is called.
    orders
        Orders of a replication that it is of.
    within
        Share that was attended in the time promised, 0 to 1.
    edges
        Limits of the classes of the ratio of time taken to time promised.
    shares
        Share of the orders in each class.
    beyond
        Share beyond the last, with those still open and overdue.
    """

    scenario: str
    orders: float
    within: float
    edges: Sequence[float]
    shares: Sequence[float]
    beyond: float


def attended_by(data: Sequence[Waits], title: str, n: int, say: Language) -> Figure:
    """Return the share of orders attended by each part of the time promised, and a line at the promise.

    Parameters
    ----------
    data
        One a scenario, the baseline first.
    title
        Of which orders.
    n
        Replications.
    say
        The language.
    """
    rows = []
    for waits in data:
        total = 0.0
        rows.append(_row(waits.scenario, waits.edges[0], 0.0, say))
        for edge, share in zip(waits.edges[1:], waits.shares, strict=True):
            total += share
            rows.append(_row(waits.scenario, edge, 100.0 * total, say))
    unit = say("% of orders attended")
    y = alt.Y("share:Q", title=unit, scale=alt.Scale(domain=[0, 100]), axis=alt.Axis(tickCount=5))
    names = [waits.scenario for waits in data]
    mark = alt.Chart(rows_of(rows)).mark_line(strokeWidth=2, interpolate="linear")
    chart = mark.encode(
        x=_ratio(say),
        y=y,
        color=alt.Color("scenario:N", scale=scenario_scale(names), legend=line_legend(names)),
        strokeDash=alt.StrokeDash("scenario:N", scale=scenario_dashes(names), legend=line_legend(names)),
    )
    points = (
        alt.Chart(rows_of(rows)).mark_point(size=60, opacity=0).encode(x=_ratio(say), y=y, tooltip=_hint(say))
    )
    return _figure(data, [chart, points], title, unit, n, say)


def wait_classes(data: Sequence[Waits], title: str, n: int, say: Language) -> Figure:
    """Return the share of orders in each tenth of the time promised, as steps, and a line at the promise.

    Parameters
    ----------
    data
        One a scenario, the baseline first.
    title
        Of which orders.
    n
        Replications.
    say
        The language.
    """
    rows = []
    for waits in data:
        pairs = [sum(waits.shares[place : place + 2]) for place in range(0, len(waits.shares), 2)]
        for place, share in enumerate(pairs):
            rows.append(_row(waits.scenario, waits.edges[2 * place], 100.0 * share, say))
        rows.append(_row(waits.scenario, waits.edges[-1], 100.0 * pairs[-1], say))
    unit = say("% of orders")
    y = alt.Y("share:Q", title=unit, axis=alt.Axis(tickCount=5))
    names = [waits.scenario for waits in data]
    colour = alt.Color("scenario:N", scale=scenario_scale(names), legend=line_legend(names))
    base = alt.Chart(rows_of(rows)).encode(x=_ratio(say), color=colour, tooltip=_hint(say))
    area = base.mark_area(interpolate="step-after", opacity=0.12).encode(y=y.stack(None))
    line = base.mark_line(interpolate="step-after", strokeWidth=1.8).encode(
        y=y, strokeDash=alt.StrokeDash("scenario:N", scale=scenario_dashes(names), legend=line_legend(names))
    )
    return _figure(data, [area, line], title, unit, n, say)


def _figure(
    data: Sequence[Waits], marks: Sequence[Any], title: str, unit: str, n: int, say: Language
) -> Figure:
    promise = alt.Chart(rows_of([{"ratio": 1.0, "label": say("promised")}]))
    rule = promise.mark_rule(color=palette.INK, strokeWidth=1.5, strokeDash=[4, 3]).encode(x="ratio:Q")
    label = promise.mark_text(align="left", dx=5, dy=8, fontSize=12, color=palette.INK).encode(
        x="ratio:Q", y=alt.value(0), text="label:N"
    )
    chart = styled(alt.layer(*marks, rule, label).properties(height=270), say)
    shown = "; ".join(
        say(
            "{scenario}: {share} in time, {beyond} beyond three times the promise or still open",
            **{
                "scenario": waits.scenario,
                "share": say.percent(waits.within),
                "beyond": say.percent(waits.beyond),
            },
        )
        for waits in data
    )
    caption = say(
        "Hours from the report to the first arrival (or remote fix), divided by the hours promised; at most "
        "1 is in time. All orders of {n} replications together, without intervals. {shown}.",
        n=n,
        shown=shown,
    )
    return Figure(title, unit, chart, _table(data, say), caption)


def _ratio(say: Language) -> alt.X:
    return alt.X(
        "ratio:Q",
        title=say("time taken / time promised"),
        scale=alt.Scale(domain=[0, 3], nice=False),
        axis=alt.Axis(values=[0, 0.5, 1, 1.5, 2, 2.5, 3], grid=False),
    )


def _row(scenario: str, ratio: float, share: float, say: Language) -> dict[str, Any]:
    return {
        "scenario": scenario,
        "ratio": ratio,
        "share": share,
        "words": f"{say.number(share, 1)} %",
        "at": say.number(ratio, 2),
    }


def _hint(say: Language) -> list[alt.Tooltip]:
    return [
        alt.Tooltip("scenario:N", title=say("Scenario")),
        alt.Tooltip("at:N", title=say("time taken / time promised")),
        alt.Tooltip("words:N", title=say("Orders")),
    ]


def _table(data: Sequence[Waits], say: Language) -> list[dict[str, Any]]:
    rows = []
    for waits in data:
        classes = zip(waits.edges[:-1], waits.edges[1:], waits.shares, strict=True)
        for low, high, share in (*classes, (waits.edges[-1], None, waits.beyond)):
            rows.append(
                {
                    say("Scenario"): waits.scenario,
                    say("Above"): low,
                    say("Up to"): high,
                    in_unit(say("Share of orders"), say.unit("share"), say): percent_digits(share),
                }
            )
    return rows

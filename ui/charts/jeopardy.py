"""The queue of orders in jeopardy: how likely each is to miss its due time, and how long there is still."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import altair as alt

from ui.charts import palette
from ui.charts.figure import Figure, in_unit, percent_digits, rows_of, styled
from ui.charts.gantt import PICKED
from ui.charts.statuses import COLOURS, SIGNS, STATUSES, status_names

if TYPE_CHECKING:
    from ui.language import Language


@dataclass(frozen=True)
class Queued:
    """An order of the queue.

    Parameters
    ----------
    order
        Its id.
    probability
        That its clock passes its due time, 0 to 1.
    status
        One of `ui.charts.statuses.STATUSES`.
    left
        How long there is still, in words.
    hours_left
        The same in hours, below 0 when it is over.
    engineer
        Who has it; empty for nobody.
    chosen
        Whether it is the order that the page is about.
    """

    order: str
    probability: float
    status: str
    left: str
    hours_left: float
    engineer: str
    chosen: bool


def jeopardy(queue: Sequence[Queued], most: int, title: str, caption: str, say: Language) -> Figure:
    """Return the queue as bars of probability, of which one can be picked by a click.

    Parameters
    ----------
    queue
        The orders, the likeliest breach first.
    most
        How many are drawn; the table has all.
    title, caption
        Words of the figure.
    say
        The language.
    """
    legend = status_names(say)
    rows = [
        {
            "order": item.order,
            "label": f"{SIGNS[item.status]} {_tail(item.order)}",
            "share": item.probability,
            "status": legend[item.status],
            "words": f"{say.percent(item.probability, 0)} · {item.left}",
            "engineer": item.engineer or say("nobody"),
            "edge": "#f2b705" if item.chosen else "#ffffff",
        }
        for item in queue[:most]
    ]
    labels = {str(row["order"]): str(row["label"]) for row in rows}
    # By order, since the ends of two names may be the same.
    axis_y = alt.Axis(
        title=None,
        ticks=False,
        domain=False,
        labelLimit=150,
        labelExpr=f"({json.dumps(labels)})[datum.value]",
    )
    y = alt.Y("order:N", sort=[*labels], axis=axis_y)
    # Room behind a bar of 100 % for its words.
    scale = alt.Scale(domain=[0.0, 3.7], nice=False)
    axis = alt.Axis(values=[0.0, 1.0], format=".0%", title=None, domain=False, ticks=False)
    hint = [
        alt.Tooltip("order:N", title=say("Work order")),
        alt.Tooltip("engineer:N", title=say("Engineer")),
        alt.Tooltip("words:N", title=say("P(breach)")),
        alt.Tooltip("status:N", title=say("Status")),
    ]
    picked = alt.selection_point(name=PICKED, fields=["order"], on="click", empty=False)
    base = alt.Chart(rows_of(rows)).encode(y=y, tooltip=hint)
    bar = (
        base.mark_bar(cornerRadiusEnd=3, cursor="pointer", height=alt.RelativeBandSize(0.72))
        .encode(
            x=alt.X("share:Q", scale=scale, axis=axis),
            color=alt.Color(
                "status:N",
                scale=alt.Scale(domain=[*legend.values()], range=[COLOURS[status] for status in STATUSES]),
                legend=None,
            ),
            stroke=alt.Stroke("edge:N", scale=None),
        )
        .add_params(picked)
    )
    text = base.mark_text(align="left", dx=5, fontSize=11, color=palette.INK, cursor="pointer").encode(
        x="share:Q", text="words:N"
    )
    chart = styled(alt.layer(bar, text).properties(height=max(72, 24 * len(rows))), say)
    return Figure(title, say("probability of breach"), chart, _table(queue, say), caption)


def _tail(name: str, most: int = 20) -> str:
    """Return the end of a long name, which tells orders apart."""
    return name if len(name) <= most else f"…{name[-most + 1 :]}"


def _table(queue: Sequence[Queued], say: Language) -> list[dict[str, Any]]:
    legend = status_names(say)
    return [
        {
            say("Work order"): item.order,
            in_unit(say("P(breach)"), say.unit("share"), say): percent_digits(item.probability),
            in_unit(say("Time left"), say.unit("h"), say): round(item.hours_left, 2),
            say("Status"): legend[item.status],
            say("Engineer"): item.engineer,
        }
        for item in queue
    ]

"""The queue of orders in jeopardy: how likely each is to miss its due time, and how long there is still."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import altair as alt

from ui.charts import palette
from ui.charts.figure import Figure, in_unit, percent_digits, rows_of, styled
from ui.charts.gantt import PICKED
from ui.charts.labels import in_the_middle
from ui.charts.statuses import COLOURS, SIGNS, STATUSES, status_names

if TYPE_CHECKING:
    from ui.language import Language

#: Height of an order's name and bar in pixels, and letters of its name at most.
_ROW = 36
_LETTERS = 48


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
            "label": f"{SIGNS[item.status]} {in_the_middle(item.order, _LETTERS)}",
            "share": item.probability,
            "status": legend[item.status],
            "words": f"{say.percent(item.probability, 0)} · {item.left}",
            "engineer": item.engineer or say("nobody"),
            "edge": "#f2b705" if item.chosen else "#ffffff",
            "told": "; ".join(
                (item.order, legend[item.status], f"{say.percent(item.probability, 0)} · {item.left}")
            ),
        }
        for item in queue[:most]
    ]
    # By order, since what is left of two names may be the same.
    y = alt.Y("order:N", sort=[str(row["order"]) for row in rows], axis=None)
    # Room behind a bar of 100 % for its words.
    scale = alt.Scale(domain=[0.0, 2.3], nice=False)
    axis = alt.Axis(
        values=[0.0, 1.0], format=".0%", title=None, domain=False, ticks=False, description=say("P(breach)")
    )
    hint = [
        alt.Tooltip("order:N", title=say("Work order")),
        alt.Tooltip("engineer:N", title=say("Engineer")),
        alt.Tooltip("words:N", title=say("P(breach)")),
        alt.Tooltip("status:N", title=say("Status")),
    ]
    picked = alt.selection_point(name=PICKED, fields=["order"], on="click", empty=False)
    base = alt.Chart(rows_of(rows)).encode(y=y, tooltip=hint)
    bar = (
        base.mark_bar(cornerRadiusEnd=3, cursor="pointer", height=13, yOffset=8)
        .encode(
            x=alt.X("share:Q", scale=scale, axis=axis),
            color=alt.Color(
                "status:N",
                scale=alt.Scale(domain=[*legend.values()], range=[COLOURS[status] for status in STATUSES]),
                legend=None,
            ),
            stroke=alt.Stroke("edge:N", scale=None),
            description=alt.Description("told:N"),
        )
        .add_params(picked)
    )
    line: dict[str, Any] = {"align": "left", "color": palette.INK, "cursor": "pointer", "aria": False}
    text = base.mark_text(dx=5, dy=8, fontSize=11, **line).encode(x="share:Q", text="words:N")
    # Above its bar, where there is room for the whole of it: a beginning or an end alone is not enough.
    name = base.mark_text(dx=2, dy=-8, fontSize=12, limit=alt.ExprRef("width - 2"), **line).encode(
        x=alt.value(0), text="label:N"
    )
    chart = styled(alt.layer(bar, text, name).properties(height=max(72, _ROW * len(rows))), say)
    return Figure(title, say("probability of breach"), chart, _table(queue, say), caption)


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

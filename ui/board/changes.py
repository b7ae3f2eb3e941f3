"""What a new plan changes, as it is shown: counts, figures, a row for each order, and who is left over."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from optimize.day.difference import DayDifference
from optimize.day.model import Day
from ui.board import actions
from ui.board.clocks import told_in_zone
from ui.board.export import reasons_of
from ui.board.standing import OPEN
from ui.board.words import joined, plain, spaced, with_names
from ui.charts.labels import width_of
from ui.language import Language
from ui.language.figures import NOTHING

#: Orders that are named of those that nobody has.
_MOST_NAMED = 10
_LEFT = "board-left-over"
#: Pixels of a letter and of a line in the table, and around what stands in a cell.
_LETTER, _LINE, _AROUND = 7.0, 20, 22
#: Pixels of each column at most.
_MOST_WIDE = (140, 150, 150, 190, 150)


def summary(before: Day, after: Day, changes: DayDifference, say: Language) -> str:
    """Return in numbers what changes, and how many orders nobody has before and after."""
    counts = (
        say("{n} to somebody else", n=len(changes.moved)),
        say("{n} at another time", n=len(changes.retimed)),
        say("{n} newly planned", n=len(changes.added)),
        say("{n} no longer planned", n=len(changes.dropped)),
        say("{n} rescued", n=len(changes.rescued)),
        say("{n} lost", n=len(changes.lost)),
        say("nobody has {before} → {after}", before=len(_nobodys(before)), after=len(_nobodys(after))),
    )
    return " · ".join(counts)


def _nobodys(day: Day) -> list[str]:
    """Return the open orders that nobody has."""
    crews = day.plan.crew_of if day.plan else {}
    return [order.id for order in day.orders if order.status in OPEN and order.id not in crews]


def left_over(after: Day, say: Language) -> None:
    """Draw which orders nobody has by a new plan, and why."""
    names = _nobodys(after)
    if not names:
        return
    known = st.session_state.get(_LEFT)
    if known is None or known[0] is not after:
        known = after, dict(reasons_of(after))
        st.session_state[_LEFT] = known
    title = say.many("{n} order that nobody has then", "{n} orders that nobody has then", len(names))
    with st.expander(title, key="board-left-over-list"):
        lines = []
        for name in names[:_MOST_NAMED]:
            reason = told_in_zone(
                with_names(known[1].get(name, ""), after, say), after.order[name].time_zone, say
            )
            line = say("{name}: {value}", name=name, value=spaced(reason, say)) if reason else name
            lines.append(f"- {plain(line)}")
        if len(names) > _MOST_NAMED:
            lines.append("- " + say("and {n} more", n=len(names) - _MOST_NAMED))
        st.markdown("\n".join(lines))


def figures(changes: DayDifference, currency: str, say: Language) -> str:
    """Return the figures of both plans as a row of cards."""
    names = {
        "cost": say("Objective"),
        "travel": say("Cost of travel"),
        "tardiness": say("Cost of lateness"),
        "overtime": say("Cost of overtime"),
        "left_out": say("Price of what is left for later"),
        "other": say("Other costs"),
        "breaches": say("Breaches expected"),
    }
    cells = []
    for figure in changes.figures:
        digits = 1 if figure.name == "breaches" else 0
        before, after = say.number(figure.before, digits), say.number(figure.after, digits)
        sign = say.number(figure.after - figure.before, digits, signed=True)
        unit = "" if figure.name == "breaches" else f" ({currency})"
        cells.append(
            f'<div class="board-card"><span>{names.get(figure.name, figure.name)}{unit}</span>'
            f'<b class="change">{before} → {after}</b>'
            f"<i>{sign}</i></div>"
        )
    return f'<div class="board-cards">{"".join(cells)}</div>'


def change_rows(before: Day, after: Day, changes: DayDifference, say: Language) -> list[dict[str, Any]]:
    """Return what changes, one row an order, under translated headings; the order is in the first column.

    Parameters
    ----------
    before, after
        The day with both plans.
    changes
        What is between them.
    say
        The language.
    """
    kinds: dict[str, str] = {}
    kinds |= {move.order: say("somebody else") for move in changes.moved}
    kinds |= {move.order: say("another time") for move in changes.retimed}
    kinds |= dict.fromkeys(changes.added, say("newly planned"))
    kinds |= dict.fromkeys(changes.dropped, say("no longer planned"))
    effects = dict.fromkeys(changes.rescued, say("rescued")) | dict.fromkeys(changes.lost, say("lost"))
    words = {order: _visit_words(before, order, say) for order in kinds}
    # Without a column for what stood until now where nothing did.
    stood = any(text != NOTHING for text in words.values())
    return [
        {
            say("Work order"): order,
            say("New"): _visit_words(after, order, say),
            say("P(breach)"): _chances(changes, order, say),
            say("Change"): " · ".join(filter(None, (kind, effects.get(order, "")))),
            **({say("Until now"): words[order]} if stood else {}),
        }
        for order, kind in kinds.items()
    ]


def _chances(changes: DayDifference, order: str, say: Language) -> str:
    before, after = (of.get(order) for of in (changes.chances_before, changes.chances_after))
    return f"{say.percent(before, 0)} → {say.percent(after, 0)}"


def _visit_words(day: Day, order: str, say: Language) -> str:
    visits = day.plan.crew_of.get(order, ()) if day.plan else ()
    if not visits:
        return NOTHING
    zone = day.order[order].time_zone if order in day.order else "UTC"
    names = joined((actions.engineer_name(day, visit.engineer) for visit in visits), say)
    return f"{say.short_instant(visits[0].start, zone)} {names}"


def changes_table(rows: Sequence[Mapping[str, Any]], key: str) -> tuple[str, ...]:
    """Draw the rows, and return the orders of those that are chosen."""
    if not rows:
        return ()
    widths, tall = _layout(rows)
    event: Any = st.dataframe(
        [dict(row) for row in rows],
        hide_index=True,
        width="stretch",
        height=min(38 + tall * len(rows), 420),
        row_height=tall,
        column_config={name: st.column_config.TextColumn(width=width) for name, width in widths.items()},
        on_select="rerun",
        selection_mode="multi-row",
        key=key,
    )
    orders = [str(next(iter(row.values()))) for row in rows]
    return tuple(orders[number] for number in event.selection.rows if number < len(orders))


def _layout(rows: Sequence[Mapping[str, Any]]) -> tuple[dict[str, int], int]:
    """Return the widths of columns, by what stands in them, and the height of a row, in pixels.

    Text goes over several lines, so that beside the order it is seen on a phone when who goes.
    """
    widths, lines = {}, 1
    for name, most in zip(rows[0], _MOST_WIDE, strict=False):
        longest = max(width_of(text) for text in (name, *(str(row[name]) for row in rows)))
        widths[name] = min(most, round(_LETTER * longest) + _AROUND)
        # Words end before the line does.
        lines = max(lines, math.ceil(1.1 * _LETTER * longest / (most - _AROUND)))
    return widths, 15 + _LINE * min(lines, 4)

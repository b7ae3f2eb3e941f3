"""The results of a job: a row of cards, and below it where, when, at what cost and why.

Draws what stands on disk and computes nothing; each view is a fragment, so that a choice redraws it alone.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import streamlit as st

from insight.cause_tables import KINDS
from insight.definitions import DEFINITIONS
from insight.group_differences import KPIS
from insight.run_orders import ATTAINMENTS
from ui.charts import Figure
from ui.results import cards, moved, when, where, why
from ui.results.drawing import csv_bytes, table
from ui.results.reading import NoResults, Results, read_results

if TYPE_CHECKING:
    from ui.language import Language

#: Height of a row of a table in pixels, as the page draws it.
_ROW = 35
View = Callable[[Results, "Language"], None]


def show(say: Language, job: Any) -> None:
    """Draw the results of a job as far as they have come.

    Parameters
    ----------
    say
        The language.
    job
        A job of `ui.jobs`.
    """
    results = show_cards(say, job)
    if results is None:
        return
    if results.variants:
        st.html(moved.moved_html(results, say))
    with st.expander(say("All KPIs")):
        rows = cards.all_kpis(results, say)
        # As high as it is, for a table that scrolls inside a page hides that it goes on.
        table(rows, height=_ROW * (len(rows) + 1) + 3)
        if words := cards.assumed_words(results, DEFINITIONS, say):
            st.caption(words)
        st.download_button(
            say("CSV"),
            lambda: csv_bytes(cards.kpi_numbers(results, say)),
            file_name="kpis.csv",
            mime="text/csv",
            on_click="ignore",
            key="results_kpis_csv",
        )
    _views(results, say)


def show_cards(say: Language, job: Any) -> Results | None:
    """Draw the row of cards alone, which takes a moment only.

    Parameters
    ----------
    say
        The language.
    job
        A job of `ui.jobs`.

    Returns
    -------
    Results or None
        What was read; None where there is nothing yet.
    """
    try:
        results = read_results(job)
    except NoResults:
        st.info(say("The first figures come after two replications."))
        return None
    _stage(results, job, say)
    st.html(cards.cards_html(results, cards.DEFAULT, say))
    st.caption(cards.cards_caption(results, cards.DEFAULT, say))
    return results


def _stage(results: Results, job: Any, say: Language) -> None:
    """Say of how many replications the figures are while more are to come."""
    planned = job.spec.replications
    if job.state in ("queued", "running") and results.replications < planned:
        st.info(
            say(
                "First figures, of {n} of {planned} replications. They become firmer as more are done.",
                n=results.replications,
                planned=planned,
            )
        )


def views(say: Language) -> dict[str, tuple[str, tuple[View, ...]]]:
    """Return the views below the cards by key: what each is called, and what draws it."""
    return {
        "where": (say("Where"), (where.heat_view,)),
        "map": (say("Map"), (where.map_view,)),
        "when": (say("When"), (when.time_view,)),
        "waits": (say("Waits"), (when.waits_view,)),
        "cost": (say("Cost"), (why.cost_view,)),
        "why": (say("Why"), (why.why_view,)),
    }


@st.fragment
def _views(results: Results, say: Language) -> None:
    """Draw the view that is chosen."""
    offered = views(say)
    chosen = st.segmented_control(
        say("View"),
        list(offered),
        default="where",
        required=True,
        format_func=lambda key: offered[key][0],
        key="results_view",
        label_visibility="collapsed",
        width="stretch",
    )
    try:
        for view in offered[chosen or "where"][1]:
            view(results, say)
    except NoResults:
        st.caption(say("The figures are being written; they appear in a moment."))


def figures(say: Language, job: Any) -> list[Figure]:
    """Return the figures of a job as they stand when nothing else is chosen, for exports.

    Parameters
    ----------
    say
        The language.
    job
        A job of `ui.jobs`.

    Raises
    ------
    ui.results.reading.NoResults
        If there are none yet.
    """
    results = read_results(job)
    last = (results.variants or (results.baseline,))[-1]
    shown = [results.baseline, *(where.DIFFERENCE + name for name in results.variants)]
    attend = next(iter(ATTAINMENTS))
    found: list[Figure | None] = [
        where.heat_figure(results, attend, dimension, view, say)
        for view in shown
        for dimension in (where.SEVERITY, where.TIER)
    ]
    found += [
        where.missed_figure(results, attend, (where.SEVERITY, "", ""), last, say),
        *(where.map_figure(results, name, where.LAYERS, say) for name in results.summaries),
        when.backlog_figure(results, "", say),
        when.attainment_figure(results, attend, "", when.WEEK, say),
        when.waits_figure(results, "", "", "by", say),
        why.cost_figure(results, say),
        *(why.cause_figure(results, kind, say) for kind in KINDS),
    ]
    if results.variants:
        found.append(why.cost_differences(results, say))
        found += [why.cause_differences_figure(results, kind, say) for kind in KINDS]
        found += [why.city_differences(results, kpi, say) for kpi in KPIS]
    return [figure for figure in found if figure is not None]

"""Where a what-if made a difference, in a sentence: cities whose interval leaves out zero."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

from insight.definitions import DEFINITIONS
from ui.charts import palette
from ui.charts.bars import verdict
from ui.results.reading import Results
from ui.results.wording import city_label, kpi_label, scenario_labels

if TYPE_CHECKING:
    from ui.language import Language

#: Of which KPI.
KPI = "attend_attainment"
#: Cities that are named; of more there is a number.
_MOST = 6
_STYLES = {"better": palette.BETTER, "worse": palette.WORSE, "none": palette.UNDECIDED}


def moved_html(results: Results, say: Language) -> str:
    """Return for each what-if the cities in which attendance in time changed, as HTML.

    Parameters
    ----------
    results
        What is shown.
    say
        The language.
    """
    labels = scenario_labels(results, say)
    lines = [
        f"<div><b>{html.escape(labels[name])}</b>: {_cities(results, name, say)}</div>"
        for name in results.variants
    ]
    title = html.escape(say("Where it moved ({kpi})", kpi=kpi_label(KPI, say)))
    return (
        f'<div data-testid="results-moved" style="font-size:14px;line-height:1.5;color:{palette.INK}">'
        f'<span style="color:{palette.FAINT}">{title}</span>{"".join(lines)}</div>'
    )


def _cities(results: Results, name: str, say: Language) -> str:
    """Return the cities of a what-if with their differences, the largest first."""
    by = (results.comparison or {}).get("by", {}).get(name, {}).get("city", {})
    found = []
    for city, kpis in by.items():
        row = kpis.get(KPI, {})
        difference, low, high = (row.get(key) for key in ("difference", "ci_low", "ci_high"))
        judged = verdict(difference, low, high, DEFINITIONS[KPI].better)
        if judged != "none":
            words = say.difference(difference, low, high, DEFINITIONS[KPI].unit)
            text = html.escape(f"{city_label(city, results, say)} {words}")
            found.append((abs(difference), f'<span style="color:{_STYLES[judged]}">{text}</span>'))
    if not found:
        return html.escape(say("no city with a clear difference"))
    ordered = [text for _, text in sorted(found, reverse=True)]
    listed = "; ".join(ordered[:_MOST])
    more = len(ordered) - _MOST
    return listed if more <= 0 else f"{listed}; {html.escape(say('and {n} more', n=more))}"

"""The row of KPI cards, and all KPIs in a table.

A card shows the baseline's figure and, for each other scenario, the paired difference: grey where its
interval spans zero, else with an arrow, a word and a colour for better or worse.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from insight.definitions import DEFINITIONS
from ui.charts import palette
from ui.charts.bars import verdict
from ui.charts.figure import significant
from ui.job_states import title_in_words
from ui.results.reading import Results
from ui.results.wording import ASSUMED, kpi_label, paired_words, scenario_labels

if TYPE_CHECKING:
    from ui.language import Language

#: What the cards show; all others are in the table.
DEFAULT = (
    "attend_attainment",
    "restore_attainment",
    "sla_attainment",
    "time_to_attend_mean",
    "tardiness_mean",
    "utilisation",
    "cost_total",
    "csat",
)
#: KPIs of which neither more nor less is good in itself: neither idle engineers nor such without a free hour
#: are what is looked for.
NEUTRAL = frozenset({"utilisation"})
_STYLE = f"""<style>
.by-cards {{display:grid;grid-template-columns:repeat(4,minmax(0,1fr));gap:12px;
  color:{palette.INK};font-variant-numeric:tabular-nums;}}
.by-card {{border:1px solid {palette.GRID};border-radius:8px;padding:12px 14px;
  background:{palette.BACKGROUND};display:flex;flex-direction:column;gap:2px;min-width:0;}}
.by-name {{font-size:14px;color:{palette.FAINT};line-height:1.3;}}
.by-of {{font-size:12px;color:{palette.FAINT};line-height:1.3;}}
.by-figure {{font-size:26px;font-weight:600;line-height:1.25;}}
.by-figure small {{white-space:nowrap;}}
.by-figure small {{font-size:14px;font-weight:400;color:{palette.FAINT};}}
.by-difference {{border-top:1px solid {palette.GRID};margin-top:6px;padding-top:6px;}}
.by-variant {{font-size:13px;color:{palette.INK};display:flex;align-items:center;gap:6px;min-width:0;}}
.by-variant b {{width:10px;height:10px;border-radius:3px;flex:none;}}
.by-variant span {{overflow:hidden;text-overflow:ellipsis;white-space:nowrap;}}
.by-value {{font-size:15px;font-weight:600;}} .by-value small {{white-space:nowrap;}}
.by-changed {{color:{palette.INK};}}
.by-better {{color:{palette.BETTER};}} .by-worse {{color:{palette.WORSE};}}
.by-none {{color:{palette.UNDECIDED};font-weight:400;}}
@media (max-width:1000px) {{ .by-cards {{grid-template-columns:repeat(2,minmax(0,1fr));}} }}
@media (max-width:640px) {{
  .by-cards {{gap:8px;}}
  .by-card {{padding:9px 10px;}}
  .by-figure {{font-size:20px;}} .by-value {{font-size:14px;}}
}}
</style>"""
_ARROWS = {True: "▲", False: "▼"}


def cards_html(results: Results, kpis: tuple[str, ...], say: Language) -> str:
    """Return the cards as HTML.

    Parameters
    ----------
    results
        What is shown.
    kpis
        Ids of KPIs, in order; those that are not known are left out.
    say
        The language.
    """
    known = [kpi for kpi in kpis if _mean(results, kpi).get("mean") is not None]
    body = "".join(_card(results, kpi, say) for kpi in known)
    return f'{_STYLE}<div class="by-cards" data-testid="results-cards">{body}</div>'


def _mean(results: Results, kpi: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = results.summaries[results.baseline]["kpis"].get(kpi, {})
    return found


def _card(results: Results, kpi: str, say: Language) -> str:
    unit = DEFINITIONS[kpi].unit
    figure = say.figure(_mean(results, kpi), unit, results.currency)
    number, _, rest = figure.partition(" ")
    of = f'<div class="by-of">{html.escape(say("Baseline"))}</div>' if results.variants else ""
    lines = "".join(_difference(results, kpi, place, say) for place in range(1, len(results.summaries)))
    return (
        f'<div class="by-card" data-kpi="{kpi}">'
        f'<div class="by-name">{html.escape(kpi_label(kpi, say))}</div>{of}'
        f'<div class="by-figure">{html.escape(number)} <small>{html.escape(rest)}</small></div>{lines}</div>'
    )


def _difference(results: Results, kpi: str, place: int, say: Language) -> str:
    name = tuple(results.summaries)[place]
    label = scenario_labels(results, say)[name]
    full = title_in_words(results.titles.get(name, ""), say) or name
    row = results.difference(name, kpi)
    if row is None:
        return ""
    found = verdict(row["difference"], row["ci_low"], row["ci_high"], DEFINITIONS[kpi].better)
    words = difference_words(row, kpi, results, say)
    says = {"better": say("better"), "worse": say("worse"), "none": say("no clear difference")}[found]
    if kpi in NEUTRAL and found != "none":
        found, says = "changed", say("higher") if (row["difference"] or 0.0) > 0.0 else say("lower")
    mark = f'<b style="background:{palette.SCENARIOS[place]}"></b>'
    value = f"{html.escape(words)} <small>{html.escape(says)}</small>"
    return (
        f'<div class="by-difference"><div class="by-variant">{mark}'
        f'<span title="{html.escape(full)}">{html.escape(label)}</span></div>'
        f'<div class="by-value by-{found}">{value}</div></div>'
    )


def difference_words(row: Mapping[str, float | None], kpi: str, results: Results, say: Language) -> str:
    """Return a difference with its interval, and an arrow where the interval leaves out zero."""
    difference, low, high = row["difference"], row["ci_low"], row["ci_high"]
    words = say.difference(difference, low, high, DEFINITIONS[kpi].unit, results.currency)
    if verdict(difference, low, high, DEFINITIONS[kpi].better) == "none" or difference is None:
        return words
    return f"{_ARROWS[difference > 0]} {words}"


def cards_caption(results: Results, kpis: tuple[str, ...], say: Language) -> str:
    """Return what the numbers of some cards are, in a sentence or two."""
    level = say.percent(results.confidence, 0)
    parts = [
        say(
            "±: half-width of the {level} interval of the mean of {n} replications.",
            level=level,
            n=results.replications,
        )
        if results.replications > 1
        else say("One replication: there are no intervals.")
    ]
    if results.variants:
        parts.append(paired_words(results, say))
        parts.append(say("Grey: the interval spans zero, no clear difference."))
    parts.append(assumed_words(results, kpis, say))
    return " ".join(parts).strip()


def assumed_words(results: Results, kpis: Iterable[str], say: Language) -> str:
    """Return what the mark of assumptions means, where one of some KPIs that have a figure bears it."""
    if any(DEFINITIONS[kpi].assumption and _mean(results, kpi).get("mean") is not None for kpi in kpis):
        return say("{mark} an assumption, by a stated curve; not measured.", mark=ASSUMED)
    return ""


def all_kpis(results: Results, say: Language) -> list[dict[str, Any]]:
    """Return every KPI as the tables of the page show it: one row a KPI, words with intervals."""
    labels = scenario_labels(results, say)
    rows = []
    for kpi, definition in DEFINITIONS.items():
        base = _mean(results, kpi)
        if base.get("mean") is None:
            continue
        row = {say("KPI"): kpi_label(kpi, say)}
        row[labels[results.baseline]] = say.figure(base, definition.unit, results.currency)
        for name in results.variants:
            found = results.difference(name, kpi)
            words = "–" if found is None else difference_words(found, kpi, results, say)
            row[say("{scenario}, difference", scenario=labels[name])] = words
        rows.append(row)
    return rows


def kpi_numbers(results: Results, say: Language) -> list[dict[str, Any]]:
    """Return every KPI of every scenario as numbers, for the CSV file."""
    labels = scenario_labels(results, say)
    rows = []
    for name, summary in results.summaries.items():
        for kpi, figure in summary["kpis"].items():
            difference = results.difference(name, kpi) or {}
            rows.append(
                {
                    say("Scenario"): labels[name],
                    say("KPI"): kpi_label(kpi, say),
                    say("Id"): kpi,
                    say("Unit"): say.unit(DEFINITIONS[kpi].unit, results.currency)
                    if DEFINITIONS[kpi].unit != "share"
                    else "0-1",
                    say("Mean"): significant(figure["mean"], 10),
                    say("Lower limit"): significant(figure["ci_low"], 10),
                    say("Upper limit"): significant(figure["ci_high"], 10),
                    say("Replications"): figure["n"],
                    say("Difference"): significant(difference.get("difference"), 10),
                    say("Difference, lower limit"): significant(difference.get("ci_low"), 10),
                    say("Difference, upper limit"): significant(difference.get("ci_high"), 10),
                }
            )
    return rows

"""The tables of a run and of a comparison on the terminal; every number with its interval."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.table import Table

from cli.cause_tables import (
    causes_of_late_that_moved,
    causes_that_moved,
    late_because,
    missed_because,
)
from cli.city_tables import where_it_moved
from cli.numbers import (
    difference_text,
    half_width_text,
    interval_text,
    mean_text,
    p_value_text,
    ratio_text,
    spans_zero,
    unit_text,
)
from cli.printing import console
from insight.definitions import DEFINITIONS

#: What tables show unless all KPIs are asked for; those that a scenario has no figures for are left out.
MAIN_KPIS = (
    "response_attainment",
    "attend_attainment",
    "restore_attainment",
    "sla_attainment",
    "time_to_respond_mean",
    "time_to_attend_mean",
    "time_to_attend_p90",
    "time_to_fix_mean",
    "time_to_complete_mean",
    "tardiness_mean",
    "first_time_fix_rate",
    "remote_resolution_rate",
    "repeat_visit_rate",
    "utilisation",
    "wrench_time",
    "overtime_hours",
    "backlog_mean",
    "fill_rate",
    "availability",
    "csat",
    "repurchase_rate",
    "cost_total",
)
_ASSUMED = " †"
#: Columns of the table by city, with headings short enough for a terminal of 80 columns.
_BY_CITY = {
    "response_attainment": "responded",
    "attend_attainment": "attended",
    "restore_attainment": "restored",
    "time_to_attend_mean": "to attend",
    "time_to_attend_p90": "p90",
    "utilisation": "utilised",
}


def print_run(summary: Mapping[str, Any], all_kpis: bool) -> None:
    """Print the KPIs of the whole network and by city.

    Parameters
    ----------
    summary
        The content of summary.json.
    all_kpis
        Whether every KPI is shown, also those without a figure.
    """
    out = console()
    title = f": {summary['title']}" if summary["title"] else ""
    out.print(f"{summary['scenario']}{title}\n{_what_was_run(summary)}; {_percent(summary)} interval")
    shown = _shown(summary["kpis"], all_kpis)
    out.print(_network(summary, shown))
    cities = summary["by"].get("city", {})
    if cities:
        out.print(_by_city(summary, cities))
    for causes in (
        missed_because(summary, _table("missed because of\n")),
        late_because(summary, _table("restored or completed\nlate because of")),
    ):
        if causes is not None:
            out.print(causes)
    _tell_assumptions(shown)
    if summary["replications"] < 2:
        out.print("No interval: it takes two replications or more.")


def _what_was_run(summary: Mapping[str, Any]) -> str:
    """Return how many replications of what length there were, and how many orders each had."""
    number, orders = summary["replications"], summary["orders_per_replication"]
    plural = "s" if number != 1 else ""
    warm_up = f" after {summary['warm_up_days']:g} of warm-up" if summary["warm_up_days"] else ""
    return (
        f"{number} replication{plural} of {summary['days']:g} days{warm_up}, seed {summary['seed']}, "
        f"{orders:,.{0 if orders >= 100 else 1}f} orders each"
    )


def _percent(content: Mapping[str, Any]) -> str:
    return f"±: {100 * content['confidence']:g} %"


def _shown(kpis: Mapping[str, Any], all_kpis: bool) -> list[str]:
    """Return the KPIs to show, in their own order."""
    if all_kpis:
        return [kpi for kpi in DEFINITIONS if kpi in kpis]
    return [kpi for kpi in MAIN_KPIS if kpis.get(kpi, {}).get("mean") is not None]


def _term(kpi: str) -> str:
    """Return the term of a KPI, marked if it rests on an assumed curve."""
    return DEFINITIONS[kpi].term + (_ASSUMED if DEFINITIONS[kpi].assumption else "")


def _tell_assumptions(kpis: Sequence[str]) -> None:
    """Say what the mark of an assumption means, where there is one."""
    if any(DEFINITIONS[kpi].assumption for kpi in kpis):
        console().print(
            f"{_ASSUMED.strip()}: an assumption, by a stated curve; nothing that was measured or forecast."
        )


def _table(heading: str) -> Table:
    """Return an empty table with its first column, narrow enough for a terminal of 80 columns."""
    table = Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0), collapse_padding=True)
    table.add_column(heading)
    return table


def _network(summary: Mapping[str, Any], kpis: Sequence[str]) -> Table:
    table = _table("whole network")
    table.add_column("mean", justify="right")
    table.add_column("interval")
    table.add_column("unit")
    for kpi in kpis:
        figure, definition = summary["kpis"][kpi], DEFINITIONS[kpi]
        fewer = figure["n"] not in (0, summary["replications"])
        table.add_row(
            _term(kpi),
            mean_text(figure, definition.unit),
            half_width_text(figure, definition.unit) + (f" (n={figure['n']})" if fewer else ""),
            unit_text(definition.unit, summary["currency"]),
        )
    return table


def _by_city(summary: Mapping[str, Any], cities: Mapping[str, Any]) -> Table:
    """Return the table by city, with the columns that any city has a figure for."""
    columns = {
        kpi: heading
        for kpi, heading in _BY_CITY.items()
        if any(kpis.get(kpi, {}).get("mean") is not None for kpis in cities.values())
    }
    table = _table("by city\n")
    for kpi, heading in columns.items():
        table.add_column(f"{heading}\n{unit_text(DEFINITIONS[kpi].unit, '')}", justify="right")
    nothing = {"mean": None}
    called = summary.get("names", {}).get("cities", {})
    for city, kpis in cities.items():
        cells = [
            interval_text(kpis.get(kpi, nothing), DEFINITIONS[kpi].unit, summary["replications"])
            for kpi in columns
        ]
        table.add_row(called.get(city, city), *cells)
    return table


def print_comparison(content: Mapping[str, Any], baseline: Mapping[str, Any], all_kpis: bool) -> None:
    """Print, for each scenario, how its KPIs differ from the baseline's.

    Parameters
    ----------
    content
        The content of comparison.json.
    baseline
        The content of the baseline's summary.json.
    all_kpis
        Whether every KPI that can be compared is shown.
    """
    out = console()
    out.print(f"{content['baseline']}: {_what_was_run(baseline)}")
    for name, differences in content["scenarios"].items():
        kpis = [kpi for kpi in DEFINITIONS if kpi in differences and (all_kpis or kpi in MAIN_KPIS)]
        out.print(_differences(name, baseline, {kpi: differences[kpi] for kpi in kpis}))
        _print_what_moved(name, content, baseline)
        _tell_assumptions(kpis)
    number = content["comparisons"]
    joint = f", jointly for {number} comparisons (Bonferroni)" if number > 1 else ""
    out.print(
        f"{_percent(content)} interval, of paired differences{joint}; ·: there may be none; differences of "
        "percentages are in percentage points.\n"
        "ratio: variance of the difference with independent seeds, over what it is with common ones."
    )
    cities = max((len(by.get("city", {})) for by in content["by"].values()), default=0)
    if cities > 1:
        also = f" and {number} comparisons" if number > 1 else ""
        out.print(
            f"where it moved: cities whose interval of either figure leaves out zero; those of each figure "
            f"hold jointly for {cities} cities{also} (Bonferroni)."
        )


def _print_what_moved(name: str, content: Mapping[str, Any], baseline: Mapping[str, Any]) -> None:
    """Print of one scenario which cities and which causes moved."""
    out = console()
    cities = content["by"].get(name, {}).get("city", {})
    if cities:
        where, note = where_it_moved(cities, baseline, _table(f"where it moved in {name}\n"))
        if where is None:
            out.print(f"where it moved in {name}: {note}")
        else:
            out.print(where)
            if note:
                out.print(note)
    causes = content.get("causes", {}).get(name, {})
    if causes:
        for moved in (
            causes_that_moved(causes, baseline, _table(f"what moved in {name}\n")),
            causes_of_late_that_moved(causes, baseline, _table(f"what moved in {name}\nuntil restored")),
        ):
            if moved is not None:
                out.print(moved)


def _differences(name: str, baseline: Mapping[str, Any], differences: Mapping[str, Any]) -> Table:
    table = _table(f"{name} against {baseline['scenario']}")
    table.add_column(baseline["scenario"], justify="right", no_wrap=True)
    table.add_column("difference", justify="right", no_wrap=True)
    table.add_column("", width=1)
    table.add_column("unit", no_wrap=True)
    table.add_column("p", justify="right", no_wrap=True)
    table.add_column("ratio", justify="right", no_wrap=True)
    for kpi, row in differences.items():
        definition = DEFINITIONS[kpi]
        open_question = spans_zero(row)
        table.add_row(
            _term(kpi),
            interval_text(baseline["kpis"][kpi], definition.unit, baseline["replications"]),
            difference_text(row, definition.unit),
            "·" if open_question else "",
            unit_text(definition.unit, baseline["currency"]),
            p_value_text(row["p_value"]),
            ratio_text(row["variance_ratio"]),
            style="dim" if open_question else None,
        )
    return table

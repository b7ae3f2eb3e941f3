"""Where it went well or badly: heat maps with the misses behind a cell, and the map of the network."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import streamlit as st

from insight.run_orders import ATTAINMENTS
from ui.charts import Figure
from ui.charts.bars import Bar, bars
from ui.charts.heat import CELL, Grid, attainment_heat, difference_heat
from ui.charts.maps import Network, Spot, Way, network_map
from ui.results.drawing import draw
from ui.results.reading import Results
from ui.results.wording import (
    cause_label,
    city_label,
    group_label,
    interval_words,
    kpi_label,
    rising,
    scenario_labels,
)

if TYPE_CHECKING:
    from ui.language import Language

SEVERITY, TIER = "severity", "customer_tier"
DIFFERENCE = "difference:"
_GRAVITY = ("minor", "normal", "complex", "major", "emergency")
_FIELDS = {"mean": "mean", "low": "ci_low", "high": "ci_high", "n": "n"}


def heat_view(results: Results, say: Language) -> None:
    """Draw both heat maps with the choice of what they show, and what is behind the cell that was clicked."""
    labels = scenario_labels(results, say)
    with st.container(horizontal=True):
        kpi = st.selectbox(
            say("Clock"),
            list(ATTAINMENTS),
            format_func=lambda key: kpi_label(key, say),
            key="results_heat_kpi",
            width=260,
        )
        # First what a what-if changed, which is what it was run for.
        views = {
            DIFFERENCE + name: say("{scenario} − baseline", scenario=labels[name])
            for name in results.variants
        }
        views |= {name: labels[name] for name in results.summaries}
        view = st.selectbox(
            say("Shown"), list(views), format_func=views.__getitem__, key="results_heat_view", width=320
        )
    clicked: tuple[str, str, str] | None = None
    columns = st.columns(2)
    for column, dimension in zip(columns, (SEVERITY, TIER), strict=True):
        with column, st.container(border=True):
            event = draw(
                heat_figure(results, kpi, dimension, view, say),
                f"results_heat_{dimension}_{kpi}_{view}",
                say,
                selectable=CELL,
                lines=2,
            )
            cells = event.selection.get(CELL, []) if event else []
            if cells:
                clicked = (dimension, cells[0]["row"], cells[0]["column"])
    with st.container(border=True):
        name = view.removeprefix(DIFFERENCE)
        if clicked is None:
            st.caption(say("Click a cell to see what its missed orders waited for; below, all orders."))
        draw(missed_figure(results, kpi, clicked or (SEVERITY, "", ""), name, say), "results_missed", say)


def heat_figure(results: Results, kpi: str, dimension: str, view: str, say: Language) -> Figure:
    """Return the heat map of attainment, or of its difference, by city and severity or customer tier.

    Parameters
    ----------
    results
        What is shown.
    kpi
        One of `insight.run_orders.ATTAINMENTS`.
    dimension
        `severity` or `customer_tier`.
    view
        Name of a scenario; with `difference:` before it, its difference from the baseline.
    say
        The language.
    """
    name = view.removeprefix(DIFFERENCE)
    labels = scenario_labels(results, say)
    cells = (
        _differences(results, name, kpi, dimension) if view != name else _means(results, name, kpi, dimension)
    )
    base = _means(results, results.baseline, kpi, dimension)
    by_city = {city: cell["mean"] for (city, column), cell in base.items() if city and not column}
    known = {city for city, _ in cells if city}
    cities = rising({city: by_city.get(city) or 0.0 for city in known})
    rows = cities if len(cities) == 1 else ["", *cities]
    cells = {key: cell for key, cell in cells.items() if key[0] in rows}
    groups = {column for _, column in cells if column}
    ordered = sorted(groups, key=_place) if dimension == SEVERITY else _tiers(results, groups)
    grid = Grid(
        {city: city_label(city, results, say) for city in rows},
        {group: group_label(dimension, group, say) for group in ("", *ordered)},
        cells,
        say("City"),
        say("Severity") if dimension == SEVERITY else say("Customer tier"),
    )
    by = say("by city and severity") if dimension == SEVERITY else say("by city and customer tier")
    what = kpi_label(kpi, say)
    if view != name:
        title = say("{kpi} {by}: {scenario} − baseline", kpi=what, by=by, scenario=labels[name])
        return difference_heat(grid, title, results.replications, say)
    title = say("{kpi} {by}: {scenario}", kpi=what, by=by, scenario=labels[name])
    return attainment_heat(grid, title, results.replications, say)


def _place(severity: str) -> tuple[int, str]:
    return (_GRAVITY.index(severity) if severity in _GRAVITY else len(_GRAVITY), severity)


def _tiers(results: Results, groups: set[str]) -> list[str]:
    known = list(results.summaries[results.baseline]["by"].get(TIER, {}))
    return [*(tier for tier in known if tier in groups), *sorted(groups - set(known))]


def _means(
    results: Results, name: str, kpi: str, dimension: str
) -> dict[tuple[str, str], Mapping[str, float | None]]:
    summary = results.summaries[name]
    return _crossed({"": {"": summary["kpis"]}, **summary["by"]}, kpi, dimension, "mean")


def _differences(
    results: Results, name: str, kpi: str, dimension: str
) -> dict[tuple[str, str], Mapping[str, float | None]]:
    comparison = results.comparison or {"scenarios": {}}
    whole = {"": {"": comparison["scenarios"].get(name, {})}}
    return _crossed({**whole, **results.cells.get(name, {})}, kpi, dimension, "difference")


def _crossed(
    by: Mapping[str, Any], kpi: str, dimension: str, figure: str
) -> dict[tuple[str, str], Mapping[str, float | None]]:
    """Return cells and margins by city and group, from figures by dimension and value."""
    groups = {("", ""): by[""][""]}
    groups |= {(city, ""): kpis for city, kpis in by.get("city", {}).items()}
    groups |= {("", value): kpis for value, kpis in by.get(dimension, {}).items()}
    for pair, kpis in by.get(f"city_{dimension}", {}).items():
        city, _, value = pair.rpartition("|")
        groups[city, value] = kpis
    fields = {**_FIELDS, "mean": figure}
    return {
        key: {name: kpis[kpi][field] for name, field in fields.items()}
        for key, kpis in groups.items()
        if kpis.get(kpi, {}).get(figure) is not None
    }


def missed_figure(results: Results, kpi: str, cell: tuple[str, str, str], name: str, say: Language) -> Figure:
    """Return the missed orders of a cell by cause, of the baseline and of the scenario shown.

    Parameters
    ----------
    results
        What is shown.
    kpi
        Of which attainment.
    cell
        `severity` or `customer_tier`, city and value; an empty one is all.
    name
        The scenario shown.
    say
        The language.
    """
    dimension, city, value = cell
    labels = scenario_labels(results, say)
    shown = [*dict.fromkeys((results.baseline, name))]
    found = {
        one: results.pages[one]["missed"][kpi][f"city_{dimension}"].get(f"{city}|{value}", {})
        for one in shown
    }
    totals: dict[str, float] = {}
    for one in found.values():
        for cause, figure in one.get("causes", {}).items():
            totals[cause] = max(totals.get(cause, 0.0), figure["mean"])
    causes = sorted(totals, key=lambda cause: -totals[cause])
    data = []
    for cause in causes:
        for one in shown:
            figure = found[one].get("causes", {}).get(cause, {"mean": 0.0, "low": None, "high": None})
            words = say.interval(figure["mean"], figure["low"], figure["high"], "orders")
            data.append(
                Bar(
                    cause_label(cause, say), labels[one], figure["mean"], figure["low"], figure["high"], words
                )
            )
    place = say(
        "{city}, {group}",
        city=city_label(city, results, say),
        group=group_label(dimension, value, say),
    )
    counts = "; ".join(
        say(
            "{scenario}: {missed} of {decided} orders missed",
            scenario=labels[one],
            missed=say.number(found[one].get("missed", 0.0), 1),
            decided=say.number(found[one].get("decided", 0.0), 1),
        )
        for one in shown
    )
    caption = say(
        "Each missed order counts for the cause that it waited for longest. {counts} in a replication. {n}",
        counts=counts,
        n=interval_words(results, say),
    )
    title = say("Missed orders by cause ({kpi}): {place}", kpi=kpi_label(kpi, say), place=place)
    unit = say("orders of a replication")
    return bars(data, [labels[one] for one in shown], title, unit, say("Cause"), caption, say)


LAYERS = ("sites", "centres", "load", "ways")


def map_view(results: Results, say: Language) -> None:
    """Draw the map with the choice of scenario and of what is on it."""
    labels = scenario_labels(results, say)
    names = {
        "sites": say("Sites"),
        "centres": say("Centres and people"),
        "load": say("Open orders"),
        "ways": say("Travel between cities"),
    }
    name = results.baseline
    if results.variants:
        name = st.selectbox(
            say("Scenario"),
            list(results.summaries),
            index=0,
            format_func=labels.__getitem__,
            key="results_map_scenario",
            width=260,
        )
    # In a row with the choice of the scenario, pills would be cut on a small screen.
    shown = st.pills(
        say("On the map"),
        list(LAYERS),
        selection_mode="multi",
        default=list(LAYERS),
        format_func=names.__getitem__,
        key="results_map_layers",
    )
    with st.container(border=True):
        draw(map_figure(results, name, tuple(shown), say), "results_network", say, height=520)


def map_figure(results: Results, name: str, layers: tuple[str, ...], say: Language) -> Figure:
    """Return the map of a scenario.

    Parameters
    ----------
    results
        What is shown.
    name
        The scenario.
    layers
        Which of `LAYERS` are drawn.
    say
        The language.
    """
    summary, page = results.summaries[name], results.pages[name]
    network = Network(
        sites=_sites(results, page, say) if "sites" in layers else [],
        centres=_centres(results, summary, page, say) if "centres" in layers else [],
        load=_load(results, summary, page, say) if "load" in layers else [],
        ways=_ways(results, page, say) if "ways" in layers else [],
        cities=[
            (city_label(key, results, say), place["lon"], place["lat"])
            for key, place in page["places"]["cities"].items()
        ],
    )
    caption = say(
        "Sites: area by devices, colour by attend attainment, the darker the lower (50 % and less darkest). "
        "Rings: centres by people. Violet: mean open orders of a city. Lines: trips of engineers to sites in "
        "other cities, from the city of their centre. Means of {n} replications; the table has the numbers.",
        n=summary["replications"],
    )
    title = say("The network: {scenario}", scenario=scenario_labels(results, say)[name])
    return network_map(network, title, caption, say)


def _sites(results: Results, page: Mapping[str, Any], say: Language) -> list[Spot]:
    names = results.names("sites")
    found = []
    for key, site in page["places"]["sites"].items():
        reads = say.interval(site["mean"], site["low"], site["high"], "share")
        words = (
            say("{devices} devices", devices=say.number(site["devices"], 0)),
            say("{orders} orders", orders=say.number(site["orders"], 1)),
            say("attended in time: {share}", share=reads),
        )
        name = say.name("sites", key, names.get(key, ""))
        found.append(Spot(say("site"), name, site["lat"], site["lon"], site["devices"], site["mean"], words))
    return sorted(found, key=lambda spot: -spot.size)


def _centres(
    results: Results, summary: Mapping[str, Any], page: Mapping[str, Any], say: Language
) -> list[Spot]:
    names = results.names("centres")
    found = []
    for key, centre in page["places"]["centres"].items():
        busy = summary["by"].get("centre", {}).get(key, {}).get("utilisation")
        words = [say("{people} people", people=say.number(centre["people"], 0))]
        if busy:
            words.append(say("utilisation: {share}", share=say.figure(busy, "share")))
        name = say.name("centres", key, names.get(key, ""))
        found.append(
            Spot(say("centre"), name, centre["lat"], centre["lon"], centre["people"], None, tuple(words))
        )
    return found


def _load(results: Results, summary: Mapping[str, Any], page: Mapping[str, Any], say: Language) -> list[Spot]:
    found = []
    for key, place in page["places"]["cities"].items():
        backlog = summary["by"].get("city", {}).get(key, {}).get("backlog_mean", {})
        if backlog.get("mean"):
            words = (say("open orders: {figure}", figure=say.figure(backlog, "orders")),)
            name = city_label(key, results, say)
            found.append(Spot(say("city"), name, place["lat"], place["lon"], backlog["mean"], None, words))
    return found


def _ways(results: Results, page: Mapping[str, Any], say: Language) -> list[Way]:
    cities = page["places"]["cities"]
    found = []
    for way in page["ways"]:
        first, last = way["origin"], way["destination"]
        if first == last or first not in cities or last not in cities:
            continue
        ends = [(cities[city]["lon"], cities[city]["lat"]) for city in (first, last)]
        name = f"{city_label(first, results, say)} → {city_label(last, results, say)}"
        words = (
            say("{trips} trips", trips=say.number(way["trips"], 1)),
            say("{hours} on the way", hours=say.hours(way["hours"], 0)),
        )
        found.append(Way(name, ends[0], ends[1], way["trips"], words))
    return found

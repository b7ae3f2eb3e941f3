"""When it happened: backlog and attainment over time with disruptions, and waits against the promise."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import streamlit as st

from insight.run_orders import ATTAINMENTS
from ui.charts import Figure
from ui.charts.over_time import LEAST_REPLICATIONS, MOST_BANDS, Line, Shade, over_time
from ui.charts.waits import Waits, attended_by, wait_classes
from ui.results.drawing import draw
from ui.results.reading import Results
from ui.results.wording import city_label, kpi_label, scenario_labels

if TYPE_CHECKING:
    from ui.language import Language

WEEK, MONTH = "week", "month"
_INSTANT_HOURS = 6
#: Share of the days on which a kind of disruption may strike and is still shaded.
_RARE = 0.1


def time_view(results: Results, say: Language) -> None:
    """Draw backlog and attainment over time, of the whole network or of a city."""
    with st.container(horizontal=True):
        city = st.selectbox(
            say("City"),
            cities(results),
            format_func=lambda key: city_label(key, results, say),
            key="results_time_city",
            width=260,
        )
        kpi = st.selectbox(
            say("Clock"),
            list(ATTAINMENTS),
            format_func=lambda key: kpi_label(key, say),
            key="results_time_kpi",
            width=260,
        )
        periods = {WEEK: say("by week"), MONTH: say("by month")}
        period = st.segmented_control(
            say("Attainment"),
            list(periods),
            default=WEEK,
            required=True,
            format_func=periods.__getitem__,
            key="results_time_period",
        )
    with st.container(border=True):
        draw(backlog_figure(results, city, say), "results_backlog", say)
    with st.container(border=True):
        draw(attainment_figure(results, kpi, city, period, say), "results_attainment", say)


def cities(results: Results) -> list[str]:
    """Return the cities that have series, all together first."""
    found = dict.fromkeys([""])
    for page in results.pages.values():
        found.update(dict.fromkeys(page["backlog"]["series"]))
    return list(found)


def backlog_figure(results: Results, city: str, say: Language) -> Figure:
    """Return the open orders day by day, of all cities where `city` is empty."""
    labels = scenario_labels(results, say)
    lines = [
        _line(results, labels[name], page["backlog"]["days"], page["backlog"]["series"].get(city))
        for name, page in results.pages.items()
    ]
    title = say("Backlog: {city}", city=city_label(city, results, say))
    caption = " ".join(
        (
            say("Failures that are open, mean of each day (UTC)."),
            _band_words(results, say),
            _zoom_words(city, say),
        )
    )
    return over_time(lines, shades(results, city, say), title, say("orders"), caption, say)


def attainment_figure(results: Results, kpi: str, city: str, period: str, say: Language) -> Figure:
    """Return attainment by week or month, of all cities where `city` is empty."""
    labels = scenario_labels(results, say)
    lines = [
        _line(
            results,
            labels[name],
            page["attainment"][period]["starts"],
            page["attainment"][period]["series"][kpi].get(city),
        )
        for name, page in results.pages.items()
    ]
    by = say("by week") if period == WEEK else say("by month")
    title = say("{kpi} {by}: {city}", kpi=kpi_label(kpi, say), by=by, city=city_label(city, results, say))
    caption = " ".join(
        (say("By when orders began (UTC)."), _band_words(results, say), _zoom_words(city, say))
    )
    unit = say.unit("share")
    return over_time(lines, shades(results, city, say), title, unit, caption, say, scale=100.0, top=100.0)


def _line(results: Results, label: str, starts: list[str], series: dict[str, Any] | None) -> Line:
    if series is None:
        return Line(label, [], [], [], [])
    return Line(label, starts, series["mean"], series["low"], series["high"], _banded(results))


def _banded(results: Results) -> bool:
    return results.replications >= LEAST_REPLICATIONS and len(results.summaries) <= MOST_BANDS


def _band_words(results: Results, say: Language) -> str:
    n = results.replications
    if n < 2:
        return say("One replication, without intervals.")
    level = say.percent(results.confidence, 0)
    if not _banded(results):
        return say("Mean of {n} replications; the table has the {level} interval of each.", n=n, level=level)
    return say(
        "Mean of {n} replications; band: {level} interval of each point, cut where it is very wide.",
        n=n,
        level=level,
    )


def _zoom_words(city: str, say: Language) -> str:
    words = say("Shaded: disruptions that a scenario states. Drag on the lower strip to look closer.")
    if not city:
        return words
    return f"{words} {say('Rare disruptions that most replications of the baseline drew are shaded, too.')}"


def _disruption_label(item: Mapping[str, Any], results: Results, say: Language) -> str:
    """Return what a disruption is called; its kind and places where its name is in another language."""
    name = say.name("disruptions", item["name"])
    if say.code == "en" or not name.isascii():
        return name
    places = [city_label(city, results, say) for city in item["cities"]]
    return say.term("disruption", item["kind"]) + (f"（{'、'.join(places)}）" if len(places) == 1 else "")


def shades(results: Results, city: str, say: Language) -> list[Shade]:
    """Return the stated disruptions of all scenarios that strike a city, or any; each once."""
    from datetime import datetime, timedelta

    found: dict[tuple[str, str, str], Shade] = {}
    for page in results.pages.values():
        for item in page["disruptions"]["stated"]:
            if city and item["cities"] and city not in item["cities"]:
                continue
            begin, end = (datetime.fromisoformat(item[key]) for key in ("begin", "end"))
            label = _disruption_label(item, results, say)
            end = max(end, begin + timedelta(hours=_INSTANT_HOURS))
            key = (item["name"], item["begin"], item["end"])
            found[key] = Shade(label, begin.isoformat(), end.isoformat())
    return [*found.values(), *_drawn(results, city, say)]


def _drawn(results: Results, city: str, say: Language) -> list[Shade]:
    """Return the rare disruptions of a city that most replications of the baseline drew, by stretch of days.

    What strikes on more than a tenth of the days, such as rain in its season, would shade everything.
    """
    from datetime import date, timedelta

    page = results.pages[results.baseline]
    most = _RARE * len(page["backlog"]["days"])
    shades = []
    for kind, shares in page["disruptions"]["drawn"].get(city, {}).items():
        days = sorted(date.fromisoformat(day) for day, share in shares.items() if share > 0.5)
        if len(days) > most:
            continue
        for day in days:
            if day - timedelta(days=1) not in days:
                end = day
                while end in days:
                    end += timedelta(days=1)
                shades.append(Shade(say.term("disruption", kind), day.isoformat(), end.isoformat()))
    return shades


def waits_view(results: Results, say: Language) -> None:
    """Draw the distribution of the time to attend against the promise."""
    kinds = {"": say("All orders"), "city": say("City"), "sla_rule": say("SLA rule")}
    shapes = {"by": say("Attended by then"), "classes": say("Spread")}
    with st.container(horizontal=True):
        kind = st.selectbox(
            say("Of"), list(kinds), format_func=kinds.__getitem__, key="results_waits_kind", width=180
        )
        values = wait_groups(results, kind)
        value = ""
        if kind:
            value = st.selectbox(
                kinds[kind],
                values,
                format_func=lambda key: _group_name(kind, key, results, say),
                key=f"results_waits_{kind}",
                width=260,
            )
        shape = st.segmented_control(
            say("Shown"),
            list(shapes),
            default="by",
            required=True,
            format_func=shapes.__getitem__,
            key="results_waits_shape",
        )
    with st.container(border=True):
        figure = waits_figure(results, kind, value, shape, say)
        if figure is None:
            st.info(say("No order here has an attend target."))
        else:
            draw(figure, "results_waits", say)


def wait_groups(results: Results, kind: str) -> list[str]:
    """Return the cities or SLA rules that have an order with an attend target."""
    found: dict[str, None] = {}
    for page in results.pages.values():
        found.update(dict.fromkeys(page["promise"]["groups"].get(kind, {})))
    return list(found)


def _group_name(kind: str, key: str, results: Results, say: Language) -> str:
    return city_label(key, results, say) if kind == "city" else say.name("sla", key)


def waits_figure(results: Results, kind: str, value: str, shape: str, say: Language) -> Figure | None:
    """Return the distribution of a group of orders, None where no scenario has one.

    Parameters
    ----------
    results
        What is shown.
    kind
        Empty for all orders, `city` or `sla_rule`.
    value
        Which.
    shape
        `by` for the share attended by then, `classes` for the share in each class.
    say
        The language.
    """
    labels = scenario_labels(results, say)
    data = []
    for name, page in results.pages.items():
        found = page["promise"]["groups"].get(kind, {}).get(value)
        if found:
            edges = page["promise"]["edges"]
            data.append(
                Waits(labels[name], found["orders"], found["within"], edges, found["shares"], found["beyond"])
            )
    if not data:
        return None
    of = _group_name(kind, value, results, say) if kind else say("All orders")
    title = say("Time to attend against the promise: {group}", group=of)
    drawn = attended_by if shape == "by" else wait_classes
    return drawn(data, title, results.replications, say)

"""The closed list of KPIs as data: what each one is called, counts and divides by, and where it applies.

This is the one place that words a KPI; `insight.kpis` computes them, pages and reports print these terms.
Nothing here reads a table.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

Better = Literal["higher", "lower"]

PLACES = ("city", "country", "zone", "centre")
OF_BACKLOG = (*PLACES, "severity", "customer_tier")
OF_ORDERS = (*OF_BACKLOG, "month", "cause")
#: Attainment is not given by cause, which only orders with a missed clock have. For heat maps it is also
#: crossed by city and severity, and by city and customer tier; the value reads `city|severity`.
OF_ATTAINMENT = (*OF_BACKLOG, "month")
CROSSED = ("city_severity", "city_customer_tier")
OF_PICTURE = (*OF_ATTAINMENT, *CROSSED)
OF_SITES = (*PLACES, "customer_tier")
OF_RESOURCES = (*PLACES, "month")


@dataclass(frozen=True)
class Definition:
    """One KPI.

    Parameters
    ----------
    id
        The name in tables, files and on the command line.
    term
        The English term for people.
    unit
        `share` (0 to 1), `hours`, `orders`, `turns` (a year), `points` (0 to 100) or `currency` (the
        scenario's, summed over the window).
    numerator
        What is counted, averaged or summed, in words.
    denominator
        What it is divided by, or over what the mean or quantile goes; empty for a plain sum.
    better
        Which way is better.
    dimensions
        The dimensions in which it is also given by group; the whole network always is.
    assumption
        Whether it rests on a stated curve rather than on what happened; shown wherever the figure is.
    """

    id: str
    term: str
    unit: str
    numerator: str
    denominator: str
    better: Better
    dimensions: tuple[str, ...] = ()
    assumption: bool = False


def _attainments() -> Iterator[Definition]:
    stops = {
        "response": ("Response", "respond", "booked with a committed start within the target, else arrived"),
        "attend": ("Attend", "attend", "first arrival, or restored remotely"),
        "restore": ("Restore", "restore", "service restored, perhaps temporarily"),
    }
    for name, (term, clock, stop) in stops.items():
        yield Definition(
            f"{name}_attainment",
            f"{term} attainment",
            "share",
            f"orders whose {clock} clock stopped by its target ({stop})",
            f"orders whose {clock} clock stopped or fell due by the horizon; open overdue orders are missed",
            "higher",
            OF_ATTAINMENT if name == "response" else OF_PICTURE,
        )
    yield Definition(
        "sla_attainment",
        "SLA attainment",
        "share",
        "orders that met every clock their rule sets",
        "orders with a clock of which all are decided, or one is already missed",
        "higher",
        OF_PICTURE,
    )


def _times() -> Iterator[Definition]:
    ends = {
        "respond": "the respond clock stops",
        "attend": "first arrival, or restored remotely",
        "fix": "service restored, temporarily or for good",
        "complete": "the order is completed",
    }
    statistics = {"mean": "mean", "p50": "median", "p90": "90th percentile", "p95": "95th percentile"}
    for name, end in ends.items():
        for suffix, statistic in statistics.items():
            yield Definition(
                f"time_to_{name}_{suffix}",
                f"Time to {name}, {statistic}",
                "hours",
                f"{statistic} of the calendar hours from report (of a predicted failure: from the failure) "
                f"until {end}",
                "orders for a failure for which this has happened",
                "lower",
                OF_ORDERS,
            )
    yield Definition(
        "tardiness_mean",
        "Mean tardiness",
        "hours",
        "hours past the target of the attend clock (without one: respond, restore, complete), at least 0, "
        "open overdue orders up to the horizon",
        "orders of which that clock stopped or fell due by the horizon",
        "lower",
        OF_ORDERS,
    )


def _visits() -> Iterator[Definition]:
    yield Definition(
        "first_time_fix_rate",
        "First-time fix rate",
        "share",
        "completed orders for a failure with exactly one visit on site",
        "completed orders for a failure with at least one visit on site; remote fixes are apart",
        "higher",
        OF_ORDERS,
    )
    yield Definition(
        "remote_resolution_rate",
        "Remote resolution rate",
        "share",
        "orders for a failure fixed without a visit: by a remote engineer or session, or by self-help",
        "all orders for a failure: not inspections, false alarms and failures prevented by planned work",
        "higher",
        OF_ORDERS,
    )
    yield Definition(
        "repeat_visit_rate",
        "Repeat visit rate",
        "share",
        "orders for a failure with more than one visit on site",
        "orders for a failure with at least one visit on site",
        "lower",
        OF_ORDERS,
    )


def _engineers_and_backlog() -> Iterator[Definition]:
    yield Definition(
        "utilisation",
        "Utilisation, travel included",
        "share",
        "rostered hours spent travelling, working or waiting on site: not idle, absent or in training",
        "rostered hours without those of leave, sickness and training",
        "higher",
        OF_RESOURCES,
    )
    yield Definition(
        "wrench_time",
        "Wrench time",
        "share",
        "hours at work, overtime and weather that stops it included, without travel or waiting",
        "paid hours: rostered, leave, sickness and training among them, and overtime",
        "higher",
        OF_RESOURCES,
    )
    yield Definition(
        "overtime_hours", "Overtime", "hours", "hours beyond the roster", "", "lower", OF_RESOURCES
    )
    yield Definition("travel_hours", "Travel", "hours", "hours on the way", "", "lower", OF_RESOURCES)
    yield Definition(
        "backlog_mean",
        "Mean backlog",
        "orders",
        "failures reported and not completed, also those from before the warm-up, without planned work",
        "averaged over the time of the window",
        "lower",
        OF_BACKLOG,
    )
    yield Definition(
        "backlog_max",
        "Largest backlog",
        "orders",
        "largest number of failures reported and not completed, also those from before the warm-up, without "
        "planned work",
        "at any instant of the window",
        "lower",
        OF_BACKLOG,
    )


def _parts_and_sites() -> Iterator[Definition]:
    yield Definition(
        "fill_rate",
        "Fill rate",
        "share",
        "parts demands of orders met at once from the shelf asked or from the van",
        "parts demands of orders",
        "higher",
        OF_RESOURCES,
    )
    yield Definition(
        "inventory_turns",
        "Inventory turns",
        "turns",
        "units that orders demanded in the window, made annual (365 days)",
        "mean stock in units, vans included, of the centres whose stock is known",
        "higher",
        PLACES,
    )
    yield Definition(
        "inspection_on_time",
        "Inspections on time",
        "share",
        "inspections that ended by their due date",
        "inspections that fell due within the window",
        "higher",
        OF_SITES,
    )
    yield Definition(
        "availability",
        "Availability",
        "share",
        "1 - device-hours down, from report (of a predicted failure: from the failure) to restoration; "
        "overlapping reports add up, at least 0 remains",
        "devices x hours of the window",
        "higher",
        OF_SITES,
    )


def _satisfaction() -> Iterator[Definition]:
    yield Definition(
        "csat",
        "Customer satisfaction",
        "points",
        "satisfaction with the order, by the scenario's curve of wait, restoration, visits and complaint",
        "completed orders with a satisfaction",
        "higher",
        OF_ORDERS,
        assumption=True,
    )
    yield Definition(
        "repurchase_rate",
        "Repurchase rate",
        "share",
        "share that buys again, by the scenario's line over the mean satisfaction with the site's orders",
        "sites with an order that has a satisfaction",
        "higher",
        OF_SITES,
        assumption=True,
    )


def _costs() -> Iterator[Definition]:
    kinds = {
        "labour": ("rostered labour, with the bonus of teams that keep the standard", OF_RESOURCES),
        "overtime": ("overtime", OF_RESOURCES),
        "travel": ("travel", OF_RESOURCES),
        "parts": ("parts demanded in the window, by the way they came, and holding of stock", OF_RESOURCES),
        "centres": ("fixed cost of the centres", PLACES),
        "partners": ("partners paid for orders reported in the window", OF_ORDERS),
        "penalties": ("penalties and credits on orders reported in the window, up to their caps", OF_ORDERS),
    }
    yield Definition(
        "cost_total",
        "Total cost",
        "currency",
        "sum of the costs below that are known",
        "",
        "lower",
        PLACES,
    )
    for kind, (words, dimensions) in kinds.items():
        yield Definition(f"cost_{kind}", f"Cost of {kind}", "currency", words, "", "lower", dimensions)


def _closed_list() -> Mapping[str, Definition]:
    families = (
        _attainments,
        _times,
        _visits,
        _engineers_and_backlog,
        _parts_and_sites,
        _satisfaction,
        _costs,
    )
    return MappingProxyType({kpi.id: kpi for family in families for kpi in family()})


#: Every KPI by its id, in the order in which tables list them.
DEFINITIONS: Mapping[str, Definition] = _closed_list()
KPI_IDS: tuple[str, ...] = tuple(DEFINITIONS)

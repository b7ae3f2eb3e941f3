"""One figure of theory from what one replication of a run left: its KPIs where one says it, else its tables.

An extractor takes a `Replication` and returns one number. What the number should be is in `validation_cases`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import seasonal_rate
from seasonal_rate import Windows

from insight.figures import Values, group_figures
from insight.run_folder import RunFolder
from insight.tables import Categories, Column

FloatArray = npt.NDArray[np.float64]

#: Hours at the end of a run that are left to see how visits end which were waited for in the window.
_LAST_HOURS = 240.0


@dataclass(frozen=True)
class Replication:
    """What one replication left.

    Parameters
    ----------
    number
        Its number, from 0.
    values
        Its KPIs, of the whole network and by group.
    warm_up, horizon
        Ends in hours of the window over which figures are taken.
    folder
        Where its tables are, if they were kept.
    """

    number: int
    values: Values
    warm_up: float
    horizon: float
    folder: RunFolder | None

    def table(self, name: str) -> dict[str, Column]:
        """Return one of its tables."""
        assert self.folder is not None, "this case keeps no tables"
        return self.folder.table(name, [self.number])

    @cached_property
    def visits(self) -> dict[str, Column]:
        """Return its visits."""
        return self.table("visits")

    @cached_property
    def reports(self) -> FloatArray:
        """Return the instants of its reports, in their order."""
        return numbers(self.table("work_orders"), "reported_at")


Extractor = Callable[[Replication], float]


def numbers(table: dict[str, Column], column: str) -> FloatArray:
    """Return a column of numbers."""
    values = table[column]
    assert not isinstance(values, Categories)
    return values.astype(np.float64)


def labels(table: dict[str, Column], column: str) -> Categories:
    """Return a column of names."""
    values = table[column]
    assert isinstance(values, Categories)
    return values


def kpi(name: str, dimension: str = "", value: str = "") -> Extractor:
    """Return an extractor of a KPI, of the whole network or of one group."""
    return lambda r: group_figures(r.values, dimension, value)[name]


def share_late(replication: Replication) -> float:
    """Return the share of orders whose attend clock was missed."""
    return 1.0 - kpi("attend_attainment")(replication)


def waiting(engineers: int) -> Extractor:
    """Return an extractor of the mean number of orders that wait: those open, less those worked on."""
    return lambda r: kpi("backlog_mean")(r) - engineers * kpi("utilisation")(r)


def backlog_of_each(places: int) -> Extractor:
    """Return an extractor of the mean number of open orders at each of several places that are alike."""
    return lambda r: kpi("backlog_mean")(r) / places


def beyond_own_work(severity: str, mean: float) -> Extractor:
    """Return an extractor of time in system less the mean of the own work, for one severity."""
    return lambda r: kpi("time_to_fix_mean", "severity", severity)(r) - mean


def share_lost(replication: Replication) -> float:
    """Return the share of orders reported in the window that a partner took over."""
    orders = replication.table("work_orders")
    counted = numbers(orders, "reported_at") >= replication.warm_up
    return float(np.mean(labels(orders, "served_by").strings()[counted] == "partner"))


def share_failed(site: str, longest_delay: float) -> Extractor:
    """Return an extractor of the share of a site's defects that failed before an inspection found them.

    Parameters
    ----------
    site
        Name of the site.
    longest_delay
        Hours at the end of a run that are left out: defects that would fail beyond it are not simulated.
    """

    def figure(replication: Replication) -> float:
        orders, inspections = replication.table("work_orders"), replication.table("inspections")
        until = replication.horizon - longest_delay

        def counted(table: dict[str, Column], instant: str) -> npt.NDArray[np.bool_]:
            at = numbers(table, instant)
            mine: npt.NDArray[np.bool_] = labels(table, "site").strings() == site
            return mine & (at >= replication.warm_up) & (at < until)

        failed = float(counted(orders, "down_from").sum())
        found = float(numbers(inspections, "defects_found")[counted(inspections, "ended_at")].sum())
        return failed / (failed + found)

    return figure


def all_busy(engineers: int) -> Extractor:
    """Return an extractor of the share of time in which every engineer is on a visit."""

    def figure(replication: Replication) -> float:
        begin = numbers(replication.visits, "booked_at")
        end = np.nan_to_num(numbers(replication.visits, "ended_at"), nan=replication.horizon)
        instants = np.clip(np.concatenate([begin, end]), replication.warm_up, replication.horizon)
        steps = np.repeat([1, -1], len(begin))
        order = np.argsort(instants, kind="stable")
        busy = np.cumsum(steps[order])[:-1]
        hours = np.diff(instants[order])[busy == engineers].sum()
        return float(hours / (replication.horizon - replication.warm_up))

    return figure


def first_preference(favourites: dict[str, str]) -> Extractor:
    """Return an extractor of the share of calls, queued ones too, that their area's favourite centre served.

    Parameters
    ----------
    favourites
        Centre by site.
    """

    def figure(replication: Replication) -> float:
        visits = replication.visits
        counted = numbers(visits, "booked_at") >= replication.warm_up
        orders = visits["work_order"]
        assert not isinstance(orders, Categories)
        wanted = [favourites[order.partition(":")[0]] for order in orders[counted].tolist()]
        return float(np.mean(labels(visits, "centre").strings()[counted] == np.array(wanted, dtype=object)))

    return figure


def present(stage: str) -> Extractor:
    """Return an extractor of the mean number of orders waiting for a stage or in it.

    Visits tell of a wait only once it is over, so the last ten days are left to end the waits before them.
    """

    def figure(replication: Replication) -> float:
        visits = replication.visits
        mine = labels(visits, "stage").strings() == stage
        begin, until = replication.warm_up, replication.horizon - _LAST_HOURS
        ready = np.clip(numbers(visits, "ready_at")[mine], begin, until)
        ended = np.nan_to_num(numbers(visits, "ended_at")[mine], nan=until)
        return float((np.clip(ended, begin, until) - ready).sum() / (until - begin))

    return figure


# Arrivals

WindowsOf = Callable[[float], Windows]


def _counts(replication: Replication, windows: Windows) -> FloatArray:
    reports = replication.reports
    counts = np.searchsorted(reports, windows.ends) - np.searchsorted(reports, windows.starts)
    return counts.astype(np.float64)


def mean_count(windows_of: WindowsOf) -> Extractor:
    """Return an extractor of the mean number of reports in a window."""
    return lambda r: float(_counts(r, windows_of(r.horizon / 24.0)).mean())


def count_variance(windows_of: WindowsOf) -> Extractor:
    """Return an extractor of the mean squared distance of the reports in a window from their expectation."""

    def figure(replication: Replication) -> float:
        windows = windows_of(replication.horizon / 24.0)
        return float(((_counts(replication, windows) - windows.means) ** 2).mean())

    return figure


def neighbours_correlation(replication: Replication) -> float:
    """Return the mean product of the standardised reports of an hour and of the next one."""
    windows = seasonal_rate.single_hours(replication.horizon / 24.0)
    scores = (_counts(replication, windows) - windows.means) / np.sqrt(windows.means)
    return float((scores[:-1] * scores[1:]).mean())


def rescaled_gaps(replication: Replication) -> FloatArray:
    """Return the expected number of reports between each report and the next."""
    return np.diff(seasonal_rate.cumulated(replication.reports, replication.horizon / 24.0))


def mean_gap(replication: Replication) -> float:
    """Return the mean rescaled gap."""
    return float(rescaled_gaps(replication).mean())


def mean_squared_gap(replication: Replication) -> float:
    """Return the mean squared rescaled gap."""
    return float((rescaled_gaps(replication) ** 2).mean())


def share_of_long_gaps(replication: Replication) -> float:
    """Return the share of rescaled gaps above 1."""
    return float((rescaled_gaps(replication) > 1.0).mean())

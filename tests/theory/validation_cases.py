"""The validation set: which figure of which scenario has to be what, by which formula.

Each case is one scenario of `scenarios/library/validation` and names the figures that theory knows of it.
Values come from the formulas, never from a run; `measuring` runs the scenarios.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import extractors as ex
import formulas
import seasonal_rate
import stock_formulas
from extractors import Extractor, FloatArray, Replication
from seasonal_rate import Windows


@dataclass(frozen=True)
class Figure:
    """One value that theory knows.

    Parameters
    ----------
    name
        What it is, with its unit where it has one.
    theory
        Its value by the formula.
    extract
        Takes it from a replication.
    """

    name: str
    theory: float
    extract: Extractor

    @property
    def widest(self) -> float:
        """Return the widest half-width of a 95 % interval that the full set may have."""
        return 0.003 if abs(self.theory) < 0.1 else 0.02 * abs(self.theory)


@dataclass(frozen=True)
class Case:
    """One scenario and what theory knows of it.

    Parameters
    ----------
    scenario
        Its name in the library.
    figures
        Values to be compared.
    quick_days, quick_replications
        Length and number of replications in the quick set.
    tables
        Whether figures are taken from the run's tables.
    exponential
        Takes from a replication numbers that have to be exponential with mean 1, where there are such.
    """

    scenario: str
    figures: tuple[Figure, ...]
    quick_days: float
    quick_replications: int = 12
    tables: bool = False
    exponential: Callable[[Replication], FloatArray] | None = None


PRIORITY_RATES = (0.2, 0.6, 1.2)
SEVERITIES = ("emergency", "major", "normal")
AREA_RATES = (0.50, 0.25, 0.35, 0.40)
AREA_PREFERENCES = ((0, 1, 2), (0, 2, 1), (1, 0, 2), (2, 0, 1))
FAVOURITES = {"area-1": "post-1", "area-2": "post-1", "area-3": "post-2", "area-4": "post-3"}
JACKSON_ROUTING = ((0.0, 0.7, 0.0), (0.0, 0.0, 0.2), (0.0, 1.0, 0.0))


def _mmc() -> Case:
    queue = formulas.mmc(5.0, 2.0, 3)
    return Case(
        "mmc",
        (
            Figure("C: share that waits", queue.wait_probability, ex.share_late),
            Figure("Lq: number waiting", queue.waiting, ex.waiting(3)),
            Figure("W: time in system, h", queue.time, ex.kpi("time_to_fix_mean")),
        ),
        quick_days=100,
        quick_replications=20,
    )


def _tail(servers: int) -> Case:
    tail = formulas.wait_tail(0.5, 1.0 / 6.0, servers, 4.0)
    return Case(f"tail-{servers}", (Figure("P(Wq > 4 h)", tail, ex.share_late),), quick_days=400)


def _loss(servers: int) -> Case:
    lost = Figure("share lost", formulas.erlang_b(10.0, servers), ex.share_lost)
    return Case(f"loss-{servers}", (lost,), quick_days=45, tables=True)


def _waits(severities: Sequence[str], waits: Sequence[float]) -> tuple[Figure, ...]:
    return tuple(
        Figure(f"Wq: wait of {severity} faults, h", wait, ex.kpi("time_to_attend_mean", "severity", severity))
        for severity, wait in zip(severities, waits, strict=True)
    )


def _priority(servers: int) -> Case:
    waits = formulas.priority_waits(PRIORITY_RATES, 3.0, servers)
    return Case(f"priority-{servers}", _waits(SEVERITIES, waits), quick_days=150)


def _two_classes() -> Case:
    waits = formulas.priority_waits((4.0, 4.0), 1.0, 10)
    return Case("mm10-two-classes", _waits(("major", "minor"), waits), quick_days=60)


def _preemptive() -> Case:
    delays = formulas.preemptive_delays(PRIORITY_RATES, 3.0)
    return Case(
        "preemptive",
        tuple(
            Figure(f"W - 1/mu: delay of {severity} faults, h", delay, ex.beyond_own_work(severity, 1.0 / 3.0))
            for severity, delay in zip(SEVERITIES, delays, strict=True)
        ),
        quick_days=150,
    )


def _cobham() -> Case:
    waits = formulas.cobham((0.1, 0.2), (2.0, 3.0), (4.0, 18.0))
    return Case("cobham", _waits(("emergency", "normal"), waits), quick_days=1000)


def _repair_shape(name: str, scv: float) -> Case:
    wait = formulas.pollaczek_khinchine(0.8, 1.0, scv)
    figure = Figure("Wq: wait, h", wait, ex.kpi("time_to_attend_mean"))
    return Case(f"repair-shape-{name}", (figure,), quick_days=500)


def _machine_repair() -> Case:
    base = formulas.machine_repair(5, 2, mtbf=30.0, mttr=3.0)
    return Case(
        "machine-repair",
        (
            Figure("L: machines down", base.down, ex.kpi("backlog_mean")),
            Figure("W: time down, h", base.down_time, ex.kpi("time_to_fix_mean")),
            Figure("availability", base.availability, ex.kpi("availability")),
        ),
        quick_days=200,
    )


def _base_stock(stock: int) -> Case:
    service = stock_formulas.palm(2.5, stock)
    return Case(
        f"base-stock-{stock}",
        (
            Figure("fill rate", service.fill_rate, ex.kpi("fill_rate")),
            Figure("EBO: orders waiting for a part", service.backorders, ex.kpi("backlog_mean")),
        ),
        quick_days=600,
    )


def _two_echelons() -> Case:
    system = stock_formulas.TwoEchelons(
        0.25, bases=3, depot_stock=2, depot_lead=4.0, base_stock=1, base_lead=1.0
    )
    service = stock_formulas.two_echelon_exact(system)
    return Case(
        "two-echelons",
        (
            Figure("fill rate of a local depot", service.fill_rate, ex.kpi("fill_rate")),
            Figure("EBO: orders waiting for a part at each", service.backorders, ex.backlog_of_each(3)),
        ),
        quick_days=300,
    )


def _hypercube() -> Case:
    model = formulas.hypercube(AREA_RATES, AREA_PREFERENCES, 1.0)
    workloads = tuple(
        Figure(f"workload of engineer {number}", load, ex.kpi("utilisation", "centre", f"post-{number}"))
        for number, load in enumerate(model.workloads, start=1)
    )
    return Case(
        "hypercube",
        (
            *workloads,
            Figure("P(all busy)", model.all_busy, ex.all_busy(3)),
            Figure("first preference", model.first_preference, ex.first_preference(FAVOURITES)),
        ),
        quick_days=120,
        tables=True,
    )


def _jackson() -> Case:
    stations = formulas.jackson((1.0, 0.0, 0.0), JACKSON_ROUTING, (2.0, 0.3, 0.2), (1, 4, 2))
    return Case(
        "jackson",
        tuple(
            Figure(f"L: orders at the {stage}", station.present, ex.present(stage))
            for stage, station in zip(("desk", "field", "parts"), stations, strict=True)
        ),
        quick_days=180,
        tables=True,
    )


def _delay_time() -> Case:
    return Case(
        "delay-time",
        tuple(
            Figure(
                f"b: share of defects that fail, inspected each {days} days",
                stock_formulas.delay_time_failures(days * 24.0, 1200.0),
                ex.share_failed(f"each-{days}-days", 1200.0),
            )
            for days in (10, 20, 40, 100)
        ),
        quick_days=350,
        quick_replications=6,
        tables=True,
    )


#: Length of a replication of the scenario `seasonal`, in which the formulas take their windows.
SEASONAL_DAYS = 1250.0


def _seasonal(days: float) -> tuple[Figure, ...]:
    """Return what theory knows of arrivals at a rate that varies in time, over a number of days."""

    def expected(windows: Windows) -> float:
        return float(windows.means.mean())

    counts = []
    for name, windows_of in (
        ("a weekday morning", seasonal_rate.mornings),
        ("a night", seasonal_rate.nights),
        ("a day", seasonal_rate.whole_days),
    ):
        mean = expected(windows_of(days))
        counts.append(Figure(f"mean count of {name}", mean, ex.mean_count(windows_of)))
        counts.append(Figure(f"variance of the count of {name}", mean, ex.count_variance(windows_of)))
    return (
        *counts,
        Figure("correlation of counts in hours next to each other", 0.0, ex.neighbours_correlation),
        Figure("rescaled gaps: mean", 1.0, ex.mean_gap),
        Figure("rescaled gaps: mean square", 2.0, ex.mean_squared_gap),
        Figure("rescaled gaps: share above 1", math.exp(-1.0), ex.share_of_long_gaps),
    )


CASES = (
    _mmc(),
    *(_tail(servers) for servers in (4, 5, 6)),
    *(_loss(servers) for servers in (10, 15)),
    *(_priority(servers) for servers in (1, 2)),
    _two_classes(),
    _preemptive(),
    _cobham(),
    *(_repair_shape(name, scv) for name, scv in (("0", 0.0), ("half", 0.5), ("1", 1.0), ("4", 4.0))),
    _machine_repair(),
    *(_base_stock(stock) for stock in (3, 4, 5)),
    _two_echelons(),
    _hypercube(),
    _jackson(),
    _delay_time(),
    Case(
        "seasonal",
        _seasonal(SEASONAL_DAYS),
        quick_days=SEASONAL_DAYS,
        quick_replications=5,
        tables=True,
        exponential=ex.rescaled_gaps,
    ),
)

#: How many statements are made together: every interval, and every test of a distribution.
STATEMENTS = sum(len(case.figures) + (case.exponential is not None) for case in CASES)
#: Confidence of each, with which all of them together hold at 99 % (Bonferroni).
CONFIDENCE = 1.0 - 0.01 / STATEMENTS

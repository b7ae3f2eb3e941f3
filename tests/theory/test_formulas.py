"""The closed forms reproduce the figures of the validation table and agree where they meet."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from arrival_formulas import cumulated_rate, ks_exponential, poisson_count_mean
from formulas import (
    cobham,
    erlang_b,
    erlang_c,
    hypercube,
    jackson,
    machine_repair,
    mmc,
    pollaczek_khinchine,
    preemptive_delays,
    preemptive_first_waits,
    preemptive_times,
    priority_waits,
    wait_tail,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from stock_formulas import (
    StockService,
    TwoEchelons,
    delay_time_failures,
    palm,
    two_echelon_exact,
    two_echelon_graves,
    two_echelon_metric,
)

untimed = settings(deadline=None)

PRIORITY_RATES = (0.2, 0.6, 1.2)
LARSON_PREFERENCES = ((0, 1, 2), (0, 2, 1), (1, 0, 2), (2, 0, 1))
LARSON_RATES = (0.50, 0.25, 0.35, 0.40)
TWO_ECHELONS = TwoEchelons(0.25, bases=3, depot_stock=2, depot_lead=4.0, base_stock=1, base_lead=1.0)


def printed(value: float, figure: str) -> bool:
    """Tell whether a value rounds to a figure as printed, to its last digit."""
    return f"{value:.{len(figure.partition('.')[2])}f}".removeprefix("0") == figure.removeprefix("0")


def test_mmc_reproduces_the_table() -> None:
    """Erlang C, the number waiting and the time in system of M/M/3 are those of the table."""
    queue = mmc(5.0, 2.0, 3)
    assert printed(queue.wait_probability, ".7022472")
    assert printed(queue.waiting, "3.511236")
    assert printed(queue.time, "1.2022472")
    assert queue.present == pytest.approx(queue.waiting + 2.5)


@pytest.mark.parametrize(("servers", "figure"), [(4, ".261552"), (5, ".0622489"), (6, ".0134176")])
def test_wait_tail_reproduces_the_table(servers: int, figure: str) -> None:
    """The share that waits more than four hours, with repairs of six hours, is that of the table."""
    assert printed(wait_tail(0.5, 1.0 / 6.0, servers, 4.0), figure)


# The exact share for c = 15 is .03649695, which the table rounds a second time: .0364970.
@pytest.mark.parametrize(("servers", "figure"), [(10, ".214582"), (15, ".03649695")])
def test_erlang_b_reproduces_the_table(servers: int, figure: str) -> None:
    """The share lost of ten Erlangs is that of the table."""
    assert printed(erlang_b(10.0, servers), figure)


@pytest.mark.parametrize(
    ("servers", "figures"),
    [(1, (".238095", ".324675", ".909091")), (2, (".0287356", ".0331565", ".0480769"))],
)
def test_priority_waits_reproduce_the_table(servers: int, figures: tuple[str, ...]) -> None:
    """Waits to the start of service under priorities that do not pre-empt are those of the table."""
    waits = priority_waits(PRIORITY_RATES, 3.0, servers)
    assert all(printed(wait, figure) for wait, figure in zip(waits, figures, strict=True))


def test_preemptive_delays_reproduce_the_table() -> None:
    """The pre-emptive figures of the table are time in system less the own service."""
    delays = preemptive_delays(PRIORITY_RATES, 3.0)
    figures = (".0238095", ".153680", "1.030303")
    assert all(printed(delay, figure) for delay, figure in zip(delays, figures, strict=True))
    first = preemptive_first_waits(PRIORITY_RATES, 3.0)
    assert not printed(first[1], figures[1]), "the table would mean the wait for the first start"


def test_cobham_reproduces_the_table() -> None:
    """Two classes, one of constant and one of exponential durations, wait as long as in the table."""
    waits = cobham((0.1, 0.2), (2.0, 3.0), (4.0, 18.0))
    assert waits == pytest.approx((2.5, 12.5), rel=1e-12)


@pytest.mark.parametrize(("scv", "wait"), [(0.0, 2.0), (0.5, 3.0), (1.0, 4.0), (4.0, 10.0)])
def test_pollaczek_khinchine_reproduces_the_table(scv: float, wait: float) -> None:
    """The wait to the start of repair grows with the shape of repair time as in the table."""
    assert pollaczek_khinchine(0.8, 1.0, scv) == pytest.approx(wait, rel=1e-12)


def test_machine_repair_reproduces_the_table() -> None:
    """Machines down, time down and availability of five machines and two repairers are those of the table."""
    base = machine_repair(5, 2, mtbf=30.0, mttr=3.0)
    assert printed(base.down, ".464794")
    assert printed(base.down_time, "3.074575")
    assert printed(base.availability, ".907041")


@pytest.mark.parametrize(
    ("stock", "fill", "backorders"),
    [(3, ".543813", ".413196"), (4, ".757576", ".170772"), (5, ".891178", ".0619498")],
)
def test_palm_reproduces_the_table(stock: int, fill: str, backorders: str) -> None:
    """Fill rate P(X < S) and expected backorders of one depot are those of the table."""
    service = palm(2.5, stock)
    assert printed(service.fill_rate, fill)
    assert printed(service.backorders, backorders)


def test_two_echelons_reproduce_the_table() -> None:
    """Backorders and fill rate of one base by the exact method are those of the table."""
    service = two_echelon_exact(TWO_ECHELONS)
    assert printed(service.backorders, ".204319")
    assert printed(service.fill_rate, ".538007")


def test_hypercube_reproduces_the_table() -> None:
    """Workloads, the chance that all are busy and the share of first preferences are those of the table."""
    model = hypercube(LARSON_RATES, LARSON_PREFERENCES, 1.0)
    figures = (".557364", ".473372", ".469264")
    assert all(printed(load, figure) for load, figure in zip(model.workloads, figures, strict=True))
    assert printed(model.all_busy, ".236842")
    assert printed(model.first_preference, ".564675")
    assert not printed(model.first_preference_at_once, ".564675")


def test_jackson_reproduces_the_table() -> None:
    """The mean number at each of desk, field and parts is that of the table."""
    routing = ((0.0, 0.7, 0.0), (0.0, 0.0, 0.2), (0.0, 1.0, 0.0))
    desk, field, parts = jackson((1.0, 0.0, 0.0), routing, (2.0, 0.3, 0.2), (1, 4, 2))
    assert desk.present == pytest.approx(1.0, rel=1e-12)
    assert printed(field.present, "4.195515")
    assert printed(parts.present, "1.082126")


def test_delay_time_follows_the_table_up_to_the_longest_delay() -> None:
    """The share that fails is T / (2 D) up to T = D, and beyond it the mean of (T - h) / T over h."""
    assert delay_time_failures(100.0, 400.0) == pytest.approx(0.125)
    delays = (np.arange(100_000) + 0.5) / 100_000 * 400.0
    for interval in (100.0, 400.0, 1000.0):
        mean = np.maximum(1.0 - delays / interval, 0.0).mean()
        assert delay_time_failures(interval, 400.0) == pytest.approx(mean, rel=1e-6)


@untimed
@given(load=st.floats(0.01, 0.95), servers=st.integers(1, 30))
def test_erlang_formulas_agree_with_their_sums(load: float, servers: int) -> None:
    """Erlang B and C equal the ratios of Poisson terms that define them."""
    offered = load * servers
    terms = [offered**n / math.factorial(n) for n in range(servers + 1)]
    assert erlang_b(offered, servers) == pytest.approx(terms[-1] / sum(terms))
    queued = terms[-1] / (1.0 - load)
    assert erlang_c(offered, servers) == pytest.approx(queued / (sum(terms[:-1]) + queued))


@untimed
@given(
    rates=st.lists(st.floats(0.01, 1.0), min_size=1, max_size=4),
    load=st.floats(0.05, 0.9),
    servers=st.integers(1, 5),
)
def test_priorities_conserve_waiting(rates: list[float], load: float, servers: int) -> None:
    """Priorities share out the wait of first come: its mean over all customers stays the same."""
    mu = sum(rates) / (load * servers)
    total = sum(rate * wait for rate, wait in zip(rates, priority_waits(rates, mu, servers), strict=True))
    assert total == pytest.approx(mmc(sum(rates), mu, servers).waiting)


@untimed
@given(rates=st.lists(st.floats(0.01, 1.0), min_size=1, max_size=4), load=st.floats(0.05, 0.9))
def test_pre_emption_conserves_the_number_present(rates: list[float], load: float) -> None:
    """With exponential durations pre-emption moves time between classes; M/M/1 holds as many as before."""
    mu = sum(rates) / load
    present = sum(rate * time for rate, time in zip(rates, preemptive_times(rates, mu), strict=True))
    assert present == pytest.approx(mmc(sum(rates), mu, 1).present)


@untimed
@given(load=st.floats(0.05, 0.9), mean=st.floats(0.1, 10.0))
def test_single_class_forms_are_one_formula(load: float, mean: float) -> None:
    """With one exponential class Cobham, Pollaczek-Khinchine and M/M/1 give the same wait."""
    rate = load / mean
    expected = mmc(rate, 1.0 / mean, 1).wait
    assert cobham([rate], [mean], [2.0 * mean**2])[0] == pytest.approx(expected)
    assert pollaczek_khinchine(rate, mean, 1.0) == pytest.approx(expected)


@untimed
@given(machines=st.integers(1, 12), mtbf=st.floats(1.0, 100.0), mttr=st.floats(0.1, 100.0))
def test_machines_with_a_repairer_each_never_wait(machines: int, mtbf: float, mttr: float) -> None:
    """With as many repairers as machines the time down is the repair, and availability MTBF/(MTBF+MTTR)."""
    base = machine_repair(machines, machines, mtbf, mttr)
    assert base.down_time == pytest.approx(mttr)
    assert base.availability == pytest.approx(mtbf / (mtbf + mttr))


@untimed
@given(
    rates=st.lists(st.floats(0.01, 1.0), min_size=3, max_size=3),
    orders=st.lists(st.permutations(range(3)), min_size=3, max_size=3),
    load=st.floats(0.05, 0.9),
)
def test_hypercube_is_an_erlang_queue_in_disguise(
    rates: list[float], orders: list[list[int]], load: float
) -> None:
    """Whatever the preferences, the chance that all are busy is Erlang C and workloads add up to the load."""
    mu = sum(rates) / (3 * load)
    model = hypercube(rates, orders, mu)
    assert model.all_busy == pytest.approx(erlang_c(3 * load, 3))
    assert sum(model.workloads) == pytest.approx(3 * load)
    assert 0.0 < model.first_preference_at_once < model.first_preference <= 1.0


def test_stock_approximations_stand_as_the_literature_says() -> None:
    """Graves' negative binomial is within one per cent of the exact backorders; METRIC is over ten below."""
    exact = two_echelon_exact(TWO_ECHELONS).backorders
    assert two_echelon_graves(TWO_ECHELONS).backorders == pytest.approx(exact, rel=0.01)
    assert two_echelon_metric(TWO_ECHELONS).backorders < 0.9 * exact


@pytest.mark.parametrize("method", [two_echelon_exact, two_echelon_graves, two_echelon_metric])
def test_two_echelons_collapse_to_one(method: Callable[[TwoEchelons], StockService]) -> None:
    """Without stock at the depot a base is one depot whose lead time is the sum; with plenty, its own."""
    for depot_stock, lead in ((0, 5.0), (60, 1.0)):
        system = TwoEchelons(0.25, 3, depot_stock, 4.0, base_stock=2, base_lead=1.0)
        service, alone = method(system), palm(0.25 * lead, 2)
        assert service.fill_rate == pytest.approx(alone.fill_rate)
        assert service.backorders == pytest.approx(alone.backorders)


@untimed
@given(pipeline=st.floats(0.01, 50.0), stock=st.integers(0, 60))
def test_one_more_part_saves_the_chance_of_being_out(pipeline: float, stock: int) -> None:
    """Each part more on base stock lowers expected backorders by the chance that all were out."""
    less, more = palm(pipeline, stock), palm(pipeline, stock + 1)
    assert less.backorders - more.backorders == pytest.approx(1.0 - more.fill_rate, abs=1e-9)


def test_counts_integrate_the_rate() -> None:
    """The mean count of a window is the area under the rate, also where the window cuts pieces."""
    edges, rates = (0.0, 8.0, 18.0, 24.0), (0.5, 2.0, 0.0)
    assert poisson_count_mean(edges, rates, 0.0, 24.0) == pytest.approx(24.0)
    assert poisson_count_mean(edges, rates, 6.0, 10.0) == pytest.approx(0.5 * 2 + 2.0 * 2)
    assert poisson_count_mean(edges, rates, 19.0, 23.0) == pytest.approx(0.0)


def test_time_rescaling_tells_the_right_rate_from_a_flat_one() -> None:
    """Gaps of a thinned process are Exp(1) on the scale of its own rate, and are not on that of its mean."""
    rng = np.random.default_rng(20_260_101)
    edges, rates = [*range(0, 2001, 10)], [0.5, 3.5] * 100
    candidates = np.sort(rng.uniform(0.0, 2000.0, rng.poisson(3.5 * 2000.0)))
    rate_there = np.where(candidates // 10 % 2 == 0, 0.5, 3.5)
    arrivals = candidates[rng.uniform(0.0, 3.5, len(candidates)) < rate_there]
    own = np.diff(cumulated_rate(arrivals, edges, rates))
    assert ks_exponential(own)[1] > 0.01
    assert ks_exponential(np.diff(arrivals) * 2.0)[1] < 1e-6


def test_overload_has_no_steady_state() -> None:
    """A queue that gets as much work as it can do is refused, not given a number."""
    with pytest.raises(ValueError, match="no steady state"):
        mmc(6.0, 2.0, 3)

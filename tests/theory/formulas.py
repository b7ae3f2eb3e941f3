"""Closed forms of queueing theory that the validation scenarios are compared with.

Written from the literature and independent of the product: only the standard library, numpy and scipy are
imported. Rates are per hour and times in hours; any other unit does as well if it is the same throughout, and
every load must leave capacity to spare. Arrivals are in `arrival_formulas`, parts in `stock_formulas`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np


@dataclass(frozen=True)
class Queue:
    """Steady state of one M/M/c station.

    Parameters
    ----------
    wait_probability
        Probability that an arrival finds all servers busy (Erlang C).
    waiting
        Lq: mean number waiting, not counting those in service.
    wait
        Wq: mean time from arrival to start of service, zeros included.
    time
        W: mean time in the system, from arrival to end of service.
    present
        L: mean number in the system, waiting or in service.
    """

    wait_probability: float
    waiting: float
    wait: float
    time: float
    present: float


@dataclass(frozen=True)
class MachineRepair:
    """Steady state of a finite installed base.

    Parameters
    ----------
    down
        L: mean number of machines down, waiting for repair or in repair.
    down_time
        W: mean time down of a failure, from failure to end of repair.
    availability
        Share of machine time up, 1 - L / N.
    failure_rate
        Failures per hour of the whole base, (N - L) / MTBF.
    """

    down: float
    down_time: float
    availability: float
    failure_rate: float


@dataclass(frozen=True)
class Hypercube:
    """Steady state of distinguishable servers with preference lists and an unlimited queue.

    Parameters
    ----------
    workloads
        Share of time busy of each server.
    all_busy
        Probability that all are busy: the share of time, and of calls that have to queue.
    first_preference
        Share of all calls served by the first server of their list. A queued call takes whichever server
        ends first, its favourite with probability 1 / N, and counts as such.
    first_preference_at_once
        Share of all calls that find the first server of their list idle.
    """

    workloads: tuple[float, ...]
    all_busy: float
    first_preference: float
    first_preference_at_once: float


def erlang_b(load: float, servers: int) -> float:
    """Return the share of calls lost by M/G/c/c: those that find every server busy.

    Parameters
    ----------
    load
        Offered load a = lambda E[S].
    servers
        Number of servers c.

    References
    ----------
    Cooper, Introduction to Queueing Theory, 2nd ed. (1981), 3.3 (recursion in c).
    """
    blocked = 1.0
    for c in range(1, servers + 1):
        blocked = load * blocked / (c + load * blocked)
    return blocked


def erlang_c(load: float, servers: int) -> float:
    """Return the share of customers of M/M/c that wait: C = B / (1 - (a / c) (1 - B)).

    Parameters
    ----------
    load
        Offered load a = lambda / mu, below `servers`.
    servers
        Number of servers c.

    Raises
    ------
    ValueError
        If the load is not below the number of servers: there is no steady state.

    References
    ----------
    Cooper, Introduction to Queueing Theory, 2nd ed. (1981), 3.4.
    """
    if load >= servers:
        raise ValueError(f"no steady state: load {load} on {servers} servers")
    blocked = erlang_b(load, servers)
    return blocked / (1.0 - load / servers * (1.0 - blocked))


def mmc(arrival_rate: float, service_rate: float, servers: int) -> Queue:
    """Return the steady state of M/M/c, in any order of service that does not look at durations.

    Parameters
    ----------
    arrival_rate, service_rate
        lambda of the station and mu of one server.
    servers
        Number of servers c.

    References
    ----------
    Gross, Shortle, Thompson and Harris, Fundamentals of Queueing Theory, 4th ed. (2008), 2.3.
    """
    waits = erlang_c(arrival_rate / service_rate, servers)
    wait = waits / (servers * service_rate - arrival_rate)
    time = wait + 1.0 / service_rate
    return Queue(waits, arrival_rate * wait, wait, time, arrival_rate * time)


def wait_tail(arrival_rate: float, service_rate: float, servers: int, limit: float) -> float:
    """Return P(Wq > t) = C exp(-(c mu - lambda) t) of first-come M/M/c.

    Wq runs from arrival to start of service, over all customers, those who do not wait included.

    Parameters
    ----------
    arrival_rate, service_rate
        lambda of the station and mu of one server.
    servers
        Number of servers c.
    limit
        t, the wait that is exceeded.

    References
    ----------
    Cooper, Introduction to Queueing Theory, 2nd ed. (1981), 3.4; Gross et al. (2008), 2.3.
    """
    waits = erlang_c(arrival_rate / service_rate, servers)
    return waits * math.exp(-(servers * service_rate - arrival_rate) * limit)


def priority_waits(arrival_rates: Sequence[float], service_rate: float, servers: int) -> tuple[float, ...]:
    """Return Wq of each class of M/M/c with priorities that do not pre-empt.

    Wk = [C / (c mu)] / ((1 - s(k-1)) (1 - s(k))), s(k) = sum of lambda_i / (c mu) over i <= k. It is the mean
    time from arrival to start of service, zeros included; time in system is 1 / mu more.

    Parameters
    ----------
    arrival_rates
        lambda of each class, the most urgent first.
    service_rate
        mu of one server, the same for all classes.
    servers
        Number of servers c.

    References
    ----------
    Cobham, Priority assignment in waiting line problems, Operations Research 2 (1954) 70-76;
    Kella and Yechiali, Waiting times in the non-preemptive priority M/M/c queue, Stochastic Models 1 (1985)
    257-262.
    """
    capacity = servers * service_rate
    residual = erlang_c(sum(arrival_rates) / service_rate, servers) / capacity
    used = _cumulated([rate / capacity for rate in arrival_rates])
    return tuple(residual / ((1.0 - above) * (1.0 - upto)) for above, upto in pairwise(used))


def preemptive_times(arrival_rates: Sequence[float], service_rate: float) -> tuple[float, ...]:
    """Return W of each class of M/M/1 with priorities that pre-empt and resume.

    W runs from arrival to end of service, interruptions included:
    Wk = (1 / mu) / (1 - s(k-1)) + sum over i <= k of lambda_i / mu^2 / ((1 - s(k-1)) (1 - s(k))).

    Parameters
    ----------
    arrival_rates
        lambda of each class, the most urgent first.
    service_rate
        mu, the same for all classes.

    References
    ----------
    White and Christie, Queuing with preemptive priorities or with breakdown, Operations Research 6 (1958)
    79-95; Gross et al. (2008), 3.4.
    """
    used = _cumulated([rate / service_rate for rate in arrival_rates])
    first = preemptive_first_waits(arrival_rates, service_rate)
    return tuple(1.0 / service_rate / (1.0 - above) + wait for above, wait in zip(used, first, strict=False))


def preemptive_delays(arrival_rates: Sequence[float], service_rate: float) -> tuple[float, ...]:
    """Return W - 1 / mu of each class of the queue of `preemptive_times`.

    It is time in system less the own service: the wait for the first start plus all interruptions. The table
    of validation prints this figure.

    Parameters
    ----------
    arrival_rates, service_rate
        As for `preemptive_times`.

    References
    ----------
    As for `preemptive_times`.
    """
    return tuple(time - 1.0 / service_rate for time in preemptive_times(arrival_rates, service_rate))


def preemptive_first_waits(arrival_rates: Sequence[float], service_rate: float) -> tuple[float, ...]:
    """Return the wait for the first start of service of each class of the queue of `preemptive_times`.

    Shorter than `preemptive_delays` for every class but the most urgent, which is never interrupted.

    Parameters
    ----------
    arrival_rates, service_rate
        As for `preemptive_times`.

    References
    ----------
    Conway, Maxwell and Miller, Theory of Scheduling (1967), 8-7: the work of classes up to k that an arrival
    finds, stretched by the busy periods of the classes above it.
    """
    used = _cumulated([rate / service_rate for rate in arrival_rates])
    return tuple(upto / service_rate / ((1.0 - above) * (1.0 - upto)) for above, upto in pairwise(used))


def cobham(
    arrival_rates: Sequence[float], means: Sequence[float], second_moments: Sequence[float]
) -> tuple[float, ...]:
    """Return Wq of each class of M/G/1 with priorities that do not pre-empt.

    Wk = W0 / ((1 - s(k-1)) (1 - s(k))), W0 = sum of lambda_i E[S_i^2] / 2. It is the mean time from arrival
    to start of service, zeros included.

    Parameters
    ----------
    arrival_rates
        lambda of each class, the most urgent first.
    means, second_moments
        E[S] and E[S^2] of each class; for a constant d d^2, for an exponential of mean m 2 m^2.

    References
    ----------
    Cobham, Priority assignment in waiting line problems, Operations Research 2 (1954) 70-76.
    """
    residual = sum(rate * m2 for rate, m2 in zip(arrival_rates, second_moments, strict=True)) / 2.0
    used = _cumulated([rate * mean for rate, mean in zip(arrival_rates, means, strict=True)])
    return tuple(residual / ((1.0 - above) * (1.0 - upto)) for above, upto in pairwise(used))


def pollaczek_khinchine(arrival_rate: float, mean: float, scv: float) -> float:
    """Return Wq of first-come M/G/1: rho / (1 - rho) (1 + c2) / 2 E[S].

    It is the mean time from arrival to start of service, zeros included.

    Parameters
    ----------
    arrival_rate
        lambda.
    mean, scv
        E[S] and the squared coefficient of variation c2 = Var S / E[S]^2 of the service time.

    References
    ----------
    Gross et al. (2008), 5.1.1.
    """
    load = arrival_rate * mean
    return load / (1.0 - load) * (1.0 + scv) / 2.0 * mean


def machine_repair(machines: int, repairers: int, mtbf: float, mttr: float) -> MachineRepair:
    """Return the steady state of N machines that c repairers look after (M/M/c with a finite source).

    pi_n is proportional to C(N, n) (lambda / mu)^n, times n! / (c! c^(n - c)) where n > c.

    Parameters
    ----------
    machines, repairers
        N and c.
    mtbf
        Mean operating time between failures of one machine, from end of repair to next failure.
    mttr
        Mean time of one repair, without the wait for a repairer.

    References
    ----------
    Gross et al. (2008), 2.7 (finite-source queues).
    """
    weights = []
    for n in range(machines + 1):
        weight = math.comb(machines, n) * (mttr / mtbf) ** n
        if n > repairers:
            weight *= math.factorial(n) / (math.factorial(repairers) * repairers ** (n - repairers))
        weights.append(weight)
    down = sum(n * weight for n, weight in enumerate(weights)) / sum(weights)
    failure_rate = (machines - down) / mtbf
    return MachineRepair(down, down / failure_rate, 1.0 - down / machines, failure_rate)


def hypercube(
    arrival_rates: Sequence[float], preferences: Sequence[Sequence[int]], service_rate: float
) -> Hypercube:
    """Return the steady state of the hypercube queueing model with an infinite first-come queue.

    A call goes to the first idle server of its area's list; if all are busy it waits, and the server that
    ends first takes the call that came first, wherever it is from.

    Parameters
    ----------
    arrival_rates
        lambda of each area.
    preferences
        For each area all servers (0 to N - 1), the most preferred first.
    service_rate
        mu of every server, whatever the area.

    References
    ----------
    Larson, A hypercube queuing model for facility location and redistricting in urban emergency services,
    Computers and Operations Research 1 (1974) 67-95; Larson and Odoni, Urban Operations Research (1981),
    5.4-5.5.
    """
    servers = len(preferences[0])
    total = sum(arrival_rates)
    full = 2**servers - 1
    flow = np.zeros((full + 1, full + 1))
    for state in range(full + 1):
        for server in range(servers):
            if state >> server & 1:
                flow[state, state & ~(1 << server)] += service_rate
        if state != full:
            for rate, order in zip(arrival_rates, preferences, strict=True):
                idle = next(server for server in order if not state >> server & 1)
                flow[state, state | 1 << idle] += rate
    # States with a queue are a geometric tail over the full state: they enter its weight and nothing else.
    tail = 1.0 / (1.0 - total / (servers * service_rate))
    balance = (flow - np.diag(flow.sum(axis=1))).T
    balance[-1] = 1.0
    balance[-1, full] = tail
    probability = np.linalg.solve(balance, np.eye(full + 1)[-1])
    probability[full] *= tail

    states = np.arange(full + 1)
    workloads = tuple(float(probability[states >> server & 1 == 1].sum()) for server in range(servers))
    at_once = sum(
        rate / total * (1.0 - workloads[order[0]])
        for rate, order in zip(arrival_rates, preferences, strict=True)
    )
    all_busy = float(probability[full])
    return Hypercube(workloads, all_busy, at_once + all_busy / servers, at_once)


def jackson(
    external_rates: Sequence[float],
    routing: Sequence[Sequence[float]],
    service_rates: Sequence[float],
    servers: Sequence[int],
) -> tuple[Queue, ...]:
    """Return the steady state of each station of an open network, which is that of M/M/c on its own.

    `wait` and `time` are per visit to the station, `present` is L of the station in and before service.

    Parameters
    ----------
    external_rates
        Arrivals from outside at each station.
    routing
        Row i, column j: probability to go from i to j next; what a row lacks to 1 leaves.
    service_rates, servers
        mu of one server and number of servers of each station.

    References
    ----------
    Jackson, Networks of waiting lines, Operations Research 5 (1957) 518-521.
    """
    leaving = np.eye(len(external_rates)) - np.asarray(routing, dtype=np.float64).T
    rates = np.linalg.solve(leaving, np.asarray(external_rates, dtype=np.float64))
    return tuple(mmc(float(rate), mu, c) for rate, mu, c in zip(rates, service_rates, servers, strict=True))


def _cumulated(loads: Sequence[float]) -> list[float]:
    """Return 0 and the partial sums s(1) to s(K)."""
    sums = [0.0]
    for load in loads:
        sums.append(sums[-1] + load)
    return sums

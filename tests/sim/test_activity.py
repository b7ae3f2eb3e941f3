"""A process without events of its own: the same event logs as SimPy's, begun and ended at once."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any

import pytest
import simpy
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.activity import Activity

Log = list[tuple[float, str]]
Steps = Generator[simpy.Event, Any, None]


def worker(env: simpy.Environment, log: Log, *hours: float) -> Steps:
    """Wait several times, and say when."""
    log.append((env.now, "begins"))
    try:
        for duration in hours:
            value = yield env.timeout(duration, f"after {duration}")
            log.append((env.now, value))
    except simpy.Interrupt as interrupt:
        log.append((env.now, f"stopped by {interrupt.cause}"))
        yield env.timeout(1.0)
        log.append((env.now, "cleared up"))


def test_it_begins_at_once() -> None:
    """The generator runs up to its first event while the activity is made, without an event for that."""
    env, log = simpy.Environment(), Log()
    Activity(worker(env, log, 2.0))
    assert log == [(0.0, "begins")]
    env.run()
    assert log == [(0.0, "begins"), (2.0, "after 2.0")]


def test_it_receives_the_values_of_its_events() -> None:
    """What an event carries is what the yield returns, event after event."""
    env, log = simpy.Environment(), Log()
    Activity(worker(env, log, 2.0, 0.0, 3.5))
    env.run()
    assert log == [(0.0, "begins"), (2.0, "after 2.0"), (2.0, "after 0.0"), (5.5, "after 3.5")]


def test_an_interrupt_is_raised_at_once() -> None:
    """The generator sees the interrupt and its cause within the call, and goes on from there."""
    env, log = simpy.Environment(), Log()
    activity = Activity(worker(env, log, 10.0))
    env.run(until=4.0)
    activity.interrupt("a storm")
    assert log == [(0.0, "begins"), (4.0, "stopped by a storm")]
    env.run()
    assert log[2:] == [(5.0, "cleared up")]


def test_the_event_that_was_waited_for_passes_unseen() -> None:
    """After an interrupt the old timeout still happens but resumes nothing."""
    env, log = simpy.Environment(), Log()
    activity = Activity(worker(env, log, 3.0))
    env.run(until=2.5)
    activity.interrupt()
    env.run()
    assert env.now == 3.5
    assert log == [(0.0, "begins"), (2.5, "stopped by None"), (3.5, "cleared up")]


def test_an_interrupt_may_end_it() -> None:
    """A generator that returns on an interrupt is over, and nothing resumes it."""
    env, log = simpy.Environment(), Log()

    def once() -> Steps:
        try:
            yield env.timeout(5.0)
        except simpy.Interrupt:
            log.append((env.now, "over"))

    activity = Activity(once())
    env.run(until=1.0)
    activity.interrupt()
    env.run()
    assert log == [(1.0, "over")]
    with pytest.raises(RuntimeError, match="ended"):
        activity.interrupt()


def test_one_that_has_ended_cannot_be_interrupted() -> None:
    """Interrupting an activity after its generator returned is refused."""
    env = simpy.Environment()
    activity = Activity(worker(env, Log(), 1.0))
    env.run()
    with pytest.raises(RuntimeError, match="ended"):
        activity.interrupt()


def test_errors_of_the_generator_reach_whoever_runs_it() -> None:
    """An exception in the generator is not swallowed."""
    env = simpy.Environment()

    def failing() -> Steps:
        yield env.timeout(1.0)
        raise ValueError("wrong")

    Activity(failing())
    with pytest.raises(ValueError, match="wrong"):
        env.run()


def logged(start: Callable[[simpy.Environment, Steps], Any], hours: list[list[float]]) -> Log:
    """Return the log of several workers, each begun an hour after the one before it."""
    env, log = simpy.Environment(), Log()

    def manager() -> Steps:
        for durations in hours:
            start(env, worker(env, log, *durations))
            yield env.timeout(1.0)

    env.process(manager())
    env.run()
    return [(at, what) for at, what in log if what != "begins"]


@settings(deadline=None)
@given(
    hours=st.lists(st.lists(st.integers(1, 4).map(lambda n: n * 0.75), max_size=4, min_size=1), max_size=4)
)
def test_the_log_is_that_of_a_simpy_process(hours: list[list[float]]) -> None:
    """Workers that are activities wake at the instants at which SimPy's processes wake."""
    activities = logged(lambda env, steps: Activity(steps), hours)
    processes = logged(lambda env, steps: env.process(steps), hours)
    assert sorted(activities) == sorted(processes)


def test_it_costs_only_the_events_it_waits_for() -> None:
    """A visit of one wait schedules one event, where a SimPy process schedules three."""

    def scheduled(start: Callable[[simpy.Environment, Steps], Any]) -> int:
        env = simpy.Environment()
        start(env, worker(env, Log(), 1.0))
        steps = 0
        while env.peek() < float("inf"):
            env.step()
            steps += 1
        return steps

    assert scheduled(lambda env, steps: Activity(steps)) == 1
    assert scheduled(lambda env, steps: env.process(steps)) == 3

"""What a wait was for, against a reference that looks at each stretch of time between two events."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_worlds import scenarios_strategy
from worlds import Document, reports, run, simulate, tiny, world_of

from insight.columns import numbers
from insight.tables import Categories
from scenarios.world import World
from sim.causes import Waits, on_present_terms, split_waits
from sim.duty import Duty, Spans, duty_as_rostered
from sim.model import Model
from sim.records import tables_of
from sim.visits import visits_of

some = settings(max_examples=75, deadline=None)
Span = tuple[float, float]


def spans_of(spans: Spans, engineer: int) -> list[Span]:
    """Return the spans of one engineer."""
    mine = spans.take(spans.engineer == engineer)
    return list(zip(mine.begin.tolist(), mine.end.tolist(), strict=True))


def lies_in(spans: list[Span], instant: float) -> bool:
    """Tell whether an instant lies in one of some spans."""
    return any(a <= instant < b for a, b in spans)


def admitted(world: World, queue: int, engineer: int) -> bool:
    """Tell whether an engineer may work at a place of a queue at all: a language that helps, and the pass."""
    need, category = world.queues[queue].need, world.categories[world.engineers[engineer].category]
    speaks = not need.languages or bool(need.languages & category.languages)
    return speaks and (need.security_pass == -1 or need.security_pass in category.passes)


def reference(
    world: World, duty: Duty, queue: int, begin: float, end: float, busy: Spans
) -> tuple[float, float, float, float]:
    """Return off-shift, skill, engineer hours of a wait and off-shift ones after those, by stretches."""
    spec = world.queues[queue]
    here = [i for i, e in enumerate(world.engineers) if e.centre in spec.territory]
    windows = {i: spans_of(duty.windows, i) for i in here}
    called = {i: spans_of(duty.on_call, i) for i in here}
    taken: dict[str, list[Span]] = {}
    for engineer, a, b in zip(busy.engineer.tolist(), busy.begin.tolist(), busy.end.tolist(), strict=True):
        taken.setdefault(world.engineers[engineer].name, []).append((a, b))
    edges = {begin, end}
    for i in here:
        edges.update(t for span in (*windows[i], *called[i]) for t in span if begin < t < end)
        edges.update(t for span in taken.get(world.engineers[i].name, ()) for t in span if begin < t < end)
    hours = [0.0, 0.0, 0.0, 0.0]
    instants = sorted(edges)
    for a, b in pairwise(instants):
        middle = (a + b) / 2.0
        on_duty = [i for i in here if lies_in(windows[i], middle)]
        on_call = [i for i in here if lies_in(called[i], middle)]
        if not any(spec.categories >> world.engineers[i].category & 1 for i in on_duty) and not any(
            spec.on_call >> world.engineers[i].category & 1 for i in on_call
        ):
            hours[0] += b - a
            hours[3] += b - a if hours[1] + hours[2] else 0.0
        elif any(
            admitted(world, queue, i)
            and not any(c <= middle < d for c, d in taken.get(world.engineers[i].name, ()))
            for i in on_duty
        ):
            hours[1] += b - a
        else:
            hours[2] += b - a
    return hours[0], hours[1], hours[2], hours[3]


def assert_as_reference(world: World, duty: Duty, queue: list[int], spans: list[Span], busy: Spans) -> None:
    """Compare the split of waits with the reference."""
    begin, end = np.array([a for a, _ in spans]), np.array([b for _, b in spans])
    found = split_waits(world, duty, np.array(queue, dtype=np.int64), begin, end, busy)
    expected = [reference(world, duty, q, a, b, busy) for q, (a, b) in zip(queue, spans, strict=True)]
    actual = np.stack([found.off_shift, found.skill, found.engineer, found.passed_over], axis=1)
    np.testing.assert_allclose(actual, np.array(expected).reshape(-1, 4), atol=1e-6)


def called(world: World, random: np.random.Generator) -> World:
    """Return a World in which some of those who may serve an order may also be called for it."""
    masks = [int(mask) for mask in random.integers(0, 2**16, len(world.queues))]
    queues = (replace(q, on_call=q.categories & m) for q, m in zip(world.queues, masks, strict=True))
    return replace(world, queues=tuple(queues))


def absent(world: World, random: np.random.Generator) -> Duty:
    """Return the duty of a World without half of the shifts, and with some of the nights on call."""
    rostered = duty_as_rostered(world)
    kept = random.random(len(rostered.windows)) < 0.5
    count = len(world.engineers)
    begin = random.uniform(0.0, world.horizon, count)
    end = np.minimum(begin + random.uniform(0.0, 20.0, count), world.horizon)
    on_call = Spans(np.arange(count), begin, end)
    return Duty(
        world.horizon, rostered.category, rostered.categories, rostered.windows.take(kept), on_call=on_call
    )


@some
@given(document=scenarios_strategy(), seed=st.integers(0, 2**32))
def test_waits_split_as_the_reference_splits_them(document: Document, seed: int) -> None:
    """Any waits, whoever is busy when, split as they do when each stretch between events is looked at."""
    random = np.random.default_rng(seed)
    world = called(world_of(document), random)
    # One person on several terms is busy once at a time: only the terms that he begins with are given visits.
    begins = [(float(e.shift.opens[0]), i) for i, e in enumerate(world.engineers) if len(e.shift.opens)]
    first = {world.engineers[i].name: i for _, i in sorted(begins, reverse=True)}
    edges = np.sort(random.uniform(0.0, world.horizon, (len(first), 12)), axis=1).reshape(-1, 2)
    busy = Spans(np.repeat(np.array(list(first.values()), dtype=np.int64), 6), edges[:, 0], edges[:, 1])
    queue = random.integers(0, len(world.queues), 20).tolist()
    spans = np.sort(random.uniform(0.0, world.horizon, (20, 2)), axis=1)
    duty = absent(world, random)
    assert_as_reference(world, duty, queue, [(a, b) for a, b in spans.tolist()], busy)


@some
@given(document=scenarios_strategy())
def test_waits_of_a_run_split_as_the_reference_splits_them(document: Document) -> None:
    """The waits of the visits that a model made split as they do stretch by stretch."""
    model = simulate(document)
    visits, _ = visits_of(model)
    busy = Spans(visits.engineer, visits.booked, visits.until)
    queue = list(model.visits.queue)
    spans = list(zip(visits.ready.tolist(), visits.booked.tolist(), strict=True))
    kept = [i for i, (a, b) in enumerate(spans) if b - a > 1e-9][:40]
    assert_as_reference(
        model.world, model.roster.duty, [queue[i] for i in kept], [spans[i] for i in kept], busy
    )


@some
@given(document=scenarios_strategy())
def test_parts_of_a_wait_are_never_negative_and_add_up(document: Document) -> None:
    """The parts of each wait are 0 or more and add up to the wait."""
    model = simulate(document)
    visits, pending = visits_of(model)
    for waits in (visits.waits, pending.waits):
        assert min(w.min(initial=0.0) for w in (waits.off_shift, waits.skill, waits.engineer)) >= -1e-9
    waits, visits = visits.leads().waits, visits.leads()
    whole = np.maximum(visits.booked - visits.ready, 0.0)
    parts = waits.off_shift + waits.skill + waits.crew + waits.engineer
    np.testing.assert_allclose(parts, whole, atol=1e-9)


#: Engineers, the queue's skill, and how a wait from hour 5 to hour 25 of a Monday splits.
EXAMPLES: Mapping[str, tuple[dict[str, Document], dict[str, list[Span]], tuple[float, float, float]]] = {
    "nobody qualified is employed": ({"a": {"skills": ["desk"]}}, {}, (20.0, 0.0, 0.0)),
    "the one qualified is off duty, though another is idle": (
        {"a": {"shift": "day"}, "b": {"skills": ["desk"]}},
        {"a": [(8.0, 17.0)]},
        (11.0, 9.0, 0.0),
    ),
    "the one qualified is busy, and so is everybody else": (
        {"a": {}, "b": {"skills": ["desk"]}},
        {"a": [(0.0, 30.0)], "b": [(0.0, 30.0)]},
        (0.0, 0.0, 20.0),
    ),
    "the one qualified is busy, another is idle for a while": (
        {"a": {}, "b": {"skills": ["desk"]}},
        {"a": [(0.0, 30.0)], "b": [(0.0, 10.0), (13.0, 30.0)]},
        (0.0, 3.0, 17.0),
    ),
    "work after the shift leaves the night off-shift": (
        {"a": {"shift": "day"}},
        {"a": [(16.0, 20.0), (8.0, 16.0)]},
        (11.0, 0.0, 9.0),
    ),
}


@pytest.mark.parametrize("name", EXAMPLES)
def test_examples(name: str) -> None:
    """Hours are off-shift without anybody qualified on duty, a lack of skill while another is idle."""
    engineers, busy, expected = EXAMPLES[name]
    world = world_of(tiny({"fault": {}}, engineers))
    position = {e.name.split(":")[1]: i for i, e in enumerate(world.engineers)}
    spans = [(position[key], a, b) for key, taken in busy.items() for a, b in taken]
    columns = np.array(spans, dtype=np.float64).reshape(-1, 3)
    taken = Spans(columns[:, 0].astype(np.int64), columns[:, 1], columns[:, 2])
    found = split_waits(
        world, duty_as_rostered(world), np.array([0]), np.array([5.0]), np.array([25.0]), taken
    )
    assert (found.off_shift[0], found.skill[0], found.engineer[0]) == pytest.approx(expected)


def test_a_wait_of_no_length_has_no_cause() -> None:
    """A wait that ends when it begins, or a rounding before, splits into nothing."""
    world = world_of(tiny({"fault": {}}, {"a": {}}))
    nobody = Spans(np.empty(0, np.int64), np.empty(0), np.empty(0))
    begin, end = np.array([5.0, 5.0]), np.array([5.0, 5.0 - 1e-12])
    found = split_waits(world, duty_as_rostered(world), np.array([0, 0]), begin, end, nobody)
    assert isinstance(found, Waits)
    assert found.off_shift.tolist() == found.skill.tolist() == found.engineer.tolist() == [0.0, 0.0]


def renewed() -> Document:
    """Return one engineer whose pay changes on the second midnight, and a fault that takes 20 hours."""
    change = {"from": "2026-01-06", "set": {"centres.base.engineers.a.cost_per_hour": 5.0}}
    return tiny({"long": {"work_hours": 20.0}, "short": {}}, {"a": {}}, changes=[change])


def test_work_is_cut_where_terms_change() -> None:
    """Work that outlasts a change of terms is cut there, and its parts add up to it."""
    world = world_of(renewed())
    busy = Spans(np.array([0, 0]), np.array([1.0, 10.0]), np.array([9.0, 30.0]))
    span, cut = on_present_terms(world, busy)
    columns = (span, cut.engineer, cut.begin, cut.end)
    parts = sorted(zip(*(column.tolist() for column in columns), strict=True))
    assert parts == [(0, 0, 1.0, 9.0), (1, 0, 10.0, 24.0), (1, 1, 24.0, 30.0)]


def test_who_works_beyond_a_change_of_terms_is_not_idle() -> None:
    """An order that waits for somebody busy since before his terms changed waits for an engineer."""
    model: Model = run(renewed(), (10.0, "site", "long"), (11.0, "site", "short"))
    visits, _ = visits_of(model)
    assert visits.booked.tolist() == [10.0, 30.0]
    assert visits.waits.skill.tolist() == [0.0, 0.0]
    assert visits.waits.engineer.tolist() == [0.0, 19.0]
    assert len(reports(model.world)) == 0


@pytest.mark.parametrize(
    ("reported", "cause", "off_shift"), [(15.0, "engineer", 15.0), (19.0, "off_shift", 13.0)]
)
def test_a_night_after_hours_on_duty_is_laid_to_what_filled_those(
    reported: float, cause: str, off_shift: float
) -> None:
    """A missed clock is laid to busy engineers, not to the night after; to the night if it came first."""
    document = tiny(
        {"long": {"work_hours": 3.5}, "short": {}},
        {"a": {"shift": "day"}},
        sla=[{"name": "all", "targets": {"attend": 4.0}}],
    )
    # Work that began at 13:30 ends with the shift at 17:00; the next shift begins at 8:00 on the day after.
    model = run(document, (13.5, "site", "long"), (reported, "site", "short"))
    orders = tables_of(model, 0)["work_orders"]
    causes = orders["cause"]
    assert isinstance(causes, Categories)
    assert causes.labels[causes.codes[1]] == cause
    assert numbers(orders, "wait_off_shift")[1] == pytest.approx(off_shift)

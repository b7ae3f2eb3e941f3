"""The sample: what it compares is possible, and it is made once."""

from __future__ import annotations

import time
from pathlib import Path

from scenarios import from_document, load
from ui.jobs import SAMPLE, JobStore, ensure_sample
from ui.jobs.sample import sample_spec


def test_the_sample_is_the_network_and_two_changes() -> None:
    """The baseline is the library's own, and the other has more people in Medan and a storm in Penang."""
    spec = sample_spec()
    base, other = (from_document(document) for document in spec.scenarios)
    assert base.sha256 == load("asean15").sha256
    people = [
        sum(group.count for group in each.scenario.centres["medan-station"].engineers.values())
        for each in (base, other)
    ]
    assert people[1] == people[0] + 2
    added = [d for d in other.scenario.disruptions if d not in base.scenario.disruptions]
    assert [(d.kind, d.cities, d.length) for d in added] == [("storm", ("penang",), 168.0)]


def test_the_sample_is_made_once(tmp_path: Path) -> None:
    """A new folder gets the sample, and one from which it was removed does not get it again."""
    store = JobStore(tmp_path)
    ensure_sample(store)
    until = time.monotonic() + 60
    while not (tmp_path / ".sample").exists():
        assert time.monotonic() < until
        time.sleep(0.02)
    assert [job.id for job in store.jobs()] == [SAMPLE]
    store.remove(SAMPLE)
    ensure_sample(store)
    assert store.jobs() == []

"""A mechanism that is switched on leaves the failures as they are: it may add some, or keep some away."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from random_worlds import FEATURES, random_document
from worlds import Document, world_of

from sim import draws
from sim.births import births_of_infinite
from sim.reports import Origin

#: What decides itself when devices fail, and what else changes with another feature.
OWN_FAILURES = ("finite", "changes")
#: Weather and load keep failures away where their factor is below 1.
KEEP_AWAY = ("climate", "disruptions")
OTHERS = [feature for feature in FEATURES if feature not in OWN_FAILURES]
_KEY = draws.replication_key(3, 0)

Failures = dict[tuple[str, str, int], tuple[float, str, int]]


def failures(document: Document) -> Failures:
    """Return by site, device type and number the instant, fault and key of each failure of ordinary times."""
    world = world_of(document)
    births = births_of_infinite(world, _KEY)
    names = world.names
    instants = np.where(np.isnan(births.fails_at), births.reported_at, births.fails_at)
    found = {}
    for row in np.flatnonzero(np.isin(births.origin, (Origin.FAILURE, Origin.CONDITION_BASED))).tolist():
        where = (
            names.sites[births.site[row]],
            names.device_types[births.device[row]],
            int(births.index[row]),
        )
        assert where not in found
        fault = names.fault_types[births.fault[row]]
        found[where] = (float(instants[row]), fault, int(births.key[row]))
    return found


@settings(max_examples=150, deadline=None)
@given(
    flags=st.tuples(*(st.booleans() for _ in OTHERS)),
    chosen=st.sampled_from(OTHERS),
    seed=st.integers(0, 2**32),
)
def test_no_mechanism_moves_a_failure(flags: tuple[bool, ...], chosen: str, seed: int) -> None:
    """With one mechanism more every failure of ordinary times comes when it came, of the same kind.

    Only weather and load keep some of them away, and they move none of the others.
    """
    rest = [name for name, flag in zip(OTHERS, flags, strict=True) if flag and name != chosen]
    without, with_it = failures(random_document(seed, rest)), failures(random_document(seed, [*rest, chosen]))
    assert {where: without[where] for where in with_it} == with_it
    assert chosen in KEEP_AWAY or without.keys() == with_it.keys()


def test_failures_are_there_to_be_moved() -> None:
    """The scenarios above have failures, and weather keeps some of them away."""
    plain, stormy = (
        [failures(random_document(seed, features)) for seed in range(30)]
        for features in ((), ("climate", "disruptions"))
    )
    assert sum(len(found) for found in plain) > 500
    assert sum(len(found) for found in stormy) < sum(len(found) for found in plain)

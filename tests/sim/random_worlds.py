"""Random scenarios, small but rich: several time zones, overlapping territories, all that may happen.

What a run of them must satisfy is in the tests. Each feature draws from numbers of its own, so that a
scenario with one feature less is the same scenario without it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from random import Random
from typing import Any

import random_faults as faults
import random_parts as parts
import random_people as people
import random_rules as rules
import random_weather as weather
from hypothesis import strategies as st
from random_choices import Document
from random_network import network

#: What adds each feature to a scenario, in the order in which they are added; `changes` come after all.
_ADD: Mapping[str, Callable[[Document, Random], None]] = {
    "stages": faults.stages,
    "repeats": faults.repeats,
    "levels": faults.levels,
    "restores": faults.restores,
    "triage": faults.triage,
    "pauses": faults.pauses,
    "self_help": faults.self_help,
    "remote": faults.remote,
    "diagnosis": faults.diagnosis,
    "misdiagnosis": faults.misdiagnosis,
    "ar": faults.ar,
    "crews": faults.crews,
    "experts": faults.experts,
    "verification": faults.verification,
    "outdoor": faults.outdoor,
    "finite": faults.finite,
    "inspections": faults.inspections,
    "prediction": faults.prediction,
    "shifts": people.shifts,
    "on_call": people.on_call,
    "languages": people.languages,
    "absences": people.absences,
    "losses": people.losses,
    "sla": rules.sla,
    "partner_hours": rules.partner_hours,
    **rules.DISPATCH,
    "parts": parts.parts,
    "reordering": parts.reordering,
    "echelons": parts.echelons,
    "vans": parts.vans,
    "diagnose": parts.diagnose,
    "substitutes": parts.substitutes,
    "ways": weather.ways,
    "climate": weather.climate,
    "disruptions": weather.disruptions,
    "complaints": weather.complaints,
    "alerts": rules.alerts,
    "suspension": rules.suspension,
}
#: What a random scenario may have beside engineers who go where something failed.
FEATURES = (*_ADD, "changes")


def random_document(
    seed: int, features: Collection[str] = FEATURES, *, without: Collection[str] = (), orders: float = 100.0
) -> Document:
    """Return a small but rich scenario.

    Parameters
    ----------
    seed
        Of everything in it; another seed is another scenario.
    features
        What it may have, of `FEATURES`.
    without
        What it may not have all the same.
    orders
        About how many orders to expect at most, if repairs took no time.
    """
    chosen = frozenset(features) - frozenset(without)
    document = network(Random(seed), orders)
    for name, add in _ADD.items():
        if name in chosen:
            add(document, Random(f"{seed} {name}"))
    if "changes" in chosen:
        rules.changes(document, Random(f"{seed} changes"), chosen)
    return document


def scenarios_strategy(**options: Any) -> st.SearchStrategy[Document]:
    """Draw a small but rich scenario; options as in `random_document`. Failures shrink to few features."""
    there = st.tuples(*(st.booleans() for _ in FEATURES))
    features = there.map(lambda flags: [name for name, flag in zip(FEATURES, flags, strict=True) if flag])
    return st.builds(lambda f, s: random_document(s, f, **options), features, st.integers(0, 2**32))

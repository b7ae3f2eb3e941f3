"""Draws are functions of their names: the same alone or in an array, and untouched by anything else.

How good they are as random numbers is held to longer samples beside the theory.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import scipy.stats
from hypothesis import given, settings
from hypothesis import strategies as st
from random_worlds import random_document
from worlds import Document, simulate, tiny

from insight.tables import Categories
from scenarios.keys import name_key
from sim import draws
from sim.records import tables_of

KEYS = st.integers(0, 2**64 - 1)
COUNT = 50_000
#: All statistical tests of this file are read together at 99 %.
LEVEL = 0.01 / 200
REGRESSION_KEY = 13178007236013528
REGRESSION_NUMBERS = [0.75218283668, 0.861621514226, 0.180010406358]


@settings(deadline=None)
@given(key=KEYS)
def test_mix_of_an_array_is_mix_of_each(key: int) -> None:
    """The vectorised hash and the scalar one agree to the bit."""
    assert draws.mix_array(np.array([key], np.uint64)).tolist() == [draws.mix(key)]


@settings(deadline=None)
@given(stream=KEYS, first=st.integers(0, 10**6))
def test_items_are_the_same_alone_and_in_a_row(stream: int, first: int) -> None:
    """The key of an item does not depend on which other items are asked for with it."""
    assert draws.item_keys(stream, first, 3).tolist() == [draws.item_key(stream, first + i) for i in range(3)]


@settings(deadline=None)
@given(key=KEYS, purpose=st.sampled_from(sorted(draws.PURPOSES)), number=st.integers(0, 1000))
def test_a_number_is_the_same_alone_and_in_an_array(key: int, purpose: str, number: int) -> None:
    """A uniform number drawn alone equals the element of an array of draws, to the last bit."""
    assert draws.uniforms(np.array([key], np.uint64), purpose, number).tolist() == [
        draws.uniform(key, purpose, number)
    ]


def unmix(value: int) -> int:
    """Return the number that `draws.mix` turns into a given one."""
    modulus = 1 << 64

    def unshift(number: int, by: int) -> int:
        result = number
        for _ in range(64 // by + 1):
            result = number ^ (result >> by)
        return result

    value = unshift(value, 31) * pow(draws._SECOND, -1, modulus) % modulus
    value = unshift(value, 27) * pow(draws._FIRST, -1, modulus) % modulus
    return unshift(value, 30)


@settings(deadline=None)
@given(value=KEYS)
def test_mix_is_one_to_one(value: int) -> None:
    """Every number is the mix of exactly one other, so that no two keys can collide in it."""
    assert draws.mix(unmix(value)) == value


@pytest.mark.parametrize("bits", [0, 1, 2**64 - 1, 2**64 - 2**11])
def test_numbers_lie_strictly_between_0_and_1(bits: int) -> None:
    """Even the smallest and the largest hash give a number above 0 and below 1, alone and in an array."""
    key = unmix(bits) ^ draws.PURPOSES["gap"]
    assert 0.0 < draws.uniform(key, "gap") < 1.0
    assert 0.0 < draws.uniforms(np.array([key], np.uint64), "gap")[0] < 1.0


def test_the_smallest_and_largest_numbers_give_finite_hours() -> None:
    """An exponential number of mean 1 is finite and above 0 wherever its uniform number may lie."""
    ends = np.array([0.5 * 2.0**-52, 1.0 - 0.5 * 2.0**-52])
    hours = draws.unit_exponentials(ends)
    assert 0.0 < hours[0] < 1e-15
    assert 30.0 < hours[1] < 40.0


def sample(replication: int = 0, stream: str = "s", purpose: str = "work", number: int = 0) -> Any:
    """Return numbers of the items of a stream."""
    key = draws.stream_key(draws.replication_key(7, replication), name_key("failures", stream))
    return draws.uniforms(draws.item_keys(key, 0, COUNT), purpose, number)


def test_every_bit_is_fair() -> None:
    """Each of the leading 40 bits of a number is set in half of the items, by the chi-square test."""
    integers = (sample() * 2.0**40).astype(np.uint64)
    for bit in range(40):
        ones = int(((integers >> np.uint64(bit)) & np.uint64(1)).sum())
        assert scipy.stats.chisquare([ones, COUNT - ones]).pvalue > LEVEL


def test_bits_of_an_item_are_independent() -> None:
    """The leading bytes of a number tell nothing of the bytes that follow, by the chi-square test."""
    integers = (sample() * 2.0**16).astype(np.int64)
    table = np.zeros((16, 16))
    np.add.at(table, (integers >> 12, (integers >> 4) & 15), 1)
    assert scipy.stats.chi2_contingency(table).pvalue > LEVEL


@pytest.mark.parametrize(
    "other",
    [
        {"purpose": "part"},
        {"number": 1},
        {"number": 2},
        {"replication": 1},
        {"replication": 2**20},
        {"stream": "t"},
    ],
    ids=str,
)
def test_neighbours_are_uncorrelated(other: dict[str, Any]) -> None:
    """Other purposes, visits, replications and streams are uncorrelated with the numbers of an item."""
    assert scipy.stats.spearmanr(sample(), sample(**other)).pvalue > LEVEL


@pytest.mark.parametrize("lag", [1, 2, 3, 7, 64])
def test_successive_items_are_uncorrelated(lag: int) -> None:
    """An item is uncorrelated with those some places further on in its stream."""
    numbers = sample()
    assert scipy.stats.pearsonr(numbers[:-lag], numbers[lag:]).pvalue > LEVEL


@pytest.mark.parametrize("seed", [0, 1, 2**63 - 1])
def test_one_item_over_replications_is_uniform(seed: int) -> None:
    """The first item of a stream is uniform over replications, whose keys are neighbours."""
    numbers = [
        draws.uniform(draws.item_key(draws.stream_key(draws.replication_key(seed, n), 99), 0), "gap")
        for n in range(5000)
    ]
    assert scipy.stats.kstest(numbers, "uniform").pvalue > LEVEL


def test_seeds_and_replications_do_not_share_keys() -> None:
    """No replication of a seed has the key of another replication of it or of the seeds next to it."""
    keys = {draws.replication_key(seed, n) for seed in range(50) for n in range(200)}
    assert len(keys) == 50 * 200


def test_purposes_have_keys_of_their_own() -> None:
    """No purpose shares its key with another, nor with a further visit of another."""
    salts = {
        (key + number * draws._GOLDEN) % 2**64 for key in draws.PURPOSES.values() for number in range(50)
    }
    assert len(salts) == 50 * len(draws.PURPOSES)


def drawn(document: Document) -> dict[str, tuple[float, ...]]:
    """Return what is drawn of each order of a scenario, by its id."""
    model = simulate(document)
    births = model.births
    ids = tables_of(model, 0)["work_orders"]["id"]
    assert not isinstance(ids, Categories)
    columns = (births.reported_at, births.acknowledged_at, births.released_at, births.work, births.part)
    return {
        name: tuple(values)
        for name, *values in zip(ids.tolist(), *(c.tolist() for c in columns), strict=True)
    }


def another_site(document: Document) -> Document:
    """Return a scenario with a site before all others."""
    sites = {"a-new-site": {**document["sites"]["s0"]}, **document["sites"]}
    return {**document, "sites": sites}


def another_device_type(document: Document) -> Document:
    """Return a scenario with a device type before all others, at every site."""
    kinds = {"a-new-type": {**document["device_types"]["d0"]}, **document["device_types"]}
    sites = {
        name: {**site, "devices": {"a-new-type": 1, **site["devices"]}}
        for name, site in document["sites"].items()
    }
    return {**document, "device_types": kinds, "sites": sites}


def another_centre(document: Document) -> Document:
    """Return a scenario with a centre and engineers before all others."""
    new = {
        "level": "local",
        "city": next(iter(document["cities"])),
        "engineers": {"x": {"count": 4, "level": "expert", "skills": ["field"], "shift": "always"}},
    }
    return {**document, "centres": {"a-new-centre": new, **document["centres"]}}


@pytest.mark.parametrize("more", [another_site, another_device_type, another_centre])
@pytest.mark.parametrize("seed", range(4))
def test_nothing_that_is_added_changes_the_draws_of_the_rest(
    more: Callable[[Document], Document], seed: int
) -> None:
    """A new site, device type or centre with engineers leaves all draws of the other orders as they were."""
    document = random_document(seed, without=("finite", "inspections"))
    one, other = drawn(document), drawn(more(document))
    assert {name: other[name] for name in one} == one
    assert len(one) > 0


def test_a_longer_run_begins_as_the_shorter_one() -> None:
    """A longer replication has the failures of the shorter one, and then more."""
    kind = {"failures_per_year": 2000.0, "faults": {"fault": 1.0}}
    shorter, longer = (
        drawn(tiny({"fault": {}}, {"a": {}}, days=days, device_types={"fault": kind}))
        for days in (10.0, 20.0)
    )
    assert {name: longer[name] for name in shorter} == shorter
    assert len(longer) > len(shorter) > 10


def test_regression_of_a_few_draws() -> None:
    """A few numbers stay what they were: this proves nothing, but a change would alter every run."""
    key = draws.item_key(draws.stream_key(draws.replication_key(1, 0), name_key("failures", "a", "b")), 0)
    assert key == REGRESSION_KEY
    found = [round(draws.uniform(key, purpose), 12) for purpose in ("gap", "work", "route")]
    assert found == REGRESSION_NUMBERS

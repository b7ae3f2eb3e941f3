"""No dead key: every key of the schema is flipped, and a named column of a table moves.

Both runs of a flip have the same seed, so that whatever differs comes from the key; what a key has nothing to
do with must not differ. Keys that only steer or describe an experiment show in its summary or in warnings.
"""

from __future__ import annotations

from fnmatch import fnmatchcase

import numpy as np
import pytest
from flips import Flip, Ran, column, differing, leaf_keys, pattern_of, ran
from flips_of_dispatch import DISPATCH
from flips_of_durations import DURATIONS
from flips_of_experiment import EXPERIMENT, TOLD
from flips_of_money import MONEY
from flips_of_parts import PARTS
from flips_of_people import PEOPLE
from flips_of_places import PLACES
from flips_of_prevention import PREVENTION
from flips_of_scheduling import SCHEDULING
from flips_of_service import SERVICE
from flips_of_ways import TOLD_OF_WAYS, WAYS
from flips_of_weather import WEATHER

from insight.tables import Categories
from scenarios.fields import PARAMETERS, DayDistribution, Distribution

EVERY = (
    *EXPERIMENT,
    *PLACES,
    *PEOPLE,
    *DISPATCH,
    *SCHEDULING,
    *SERVICE,
    *WAYS,
    *PARTS,
    *WEATHER,
    *PREVENTION,
    *MONEY,
)
_DURATIONS = [flip for flips in DURATIONS.values() for flip in flips]
#: Keys that change which failures there are; inspections and sensors forestall some of them.
FAILURES = (
    "days",
    "device_types.*.failures_per_year",
    "device_types.*.population",
    "device_types.*.profile",
    "profiles.*",
    "sites.*.devices.*",
    "fault_types.*.delay_hours",
    "inspections.*",
    "prediction.*",
)
#: Keys that weigh what has been done or count in plans of a day, and change nothing of what is done.
WEIGHING = (
    "satisfaction.*",
    "aftercare.*",
    "penalties.*cap_*",
    "penalties.daily_losses.*",
    "penalties.recurrence.*",
    "penalties.service_credit.*",
    "penalties.bonus.*",
    "sla.*.penalty_per_breach",
    "sla.*.late.*",
    "parts.*.unit_cost",
    "parts_policy.cost_per_transfer",
    "parts_policy.holding_share_per_year",
    "*.price_factor",
    "*.price_per_order",
    "*.cost_per_hour",
    "*.cost_per_night",
    "*.overtime_factor",
    "*.standby_per_hour",
    "*.fixed_cost_per_day",
    "*.cost_per_site_year",
    "links.*.cost",
    "warm_up.*",
    "confidence",
    "replications",
    "seed",
    "currency.*",
    "alerts.*.level",
    "scheduling_policies.*.weights.overtime",
    "scheduling_policies.*.weights.unfairness",
    "scheduling_policies.*.weights.churn",
)


def _one_of(pattern: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatchcase(pattern, other) for other in patterns)


_known: dict[str, Ran] = {}


def before(flip: Flip) -> Ran:
    """Return the run of the document as it is, which flips share."""
    document = flip.before()
    name = repr((document, flip.reports, flip.seed))
    if name not in _known:
        _known[name] = ran(document, flip.reports, flip.seed)
    return _known[name]


def test_every_key_of_the_schema_is_flipped() -> None:
    """Each key that holds a value has a flip, and there is none of a key that is not there any more."""
    assert set(leaf_keys()) == {flip.pattern for flip in EVERY}


def test_every_figure_of_a_duration_is_flipped() -> None:
    """Each family has a flip of each figure that it needs, in hours and days; there is no other figure."""
    assert set(DURATIONS) == {(name, figure) for name, needed in PARAMETERS.items() for figure in needed}
    figures = {figure for _, figure in DURATIONS} | {"distribution"}
    assert set(Distribution.model_fields) == set(DayDistribution.model_fields) == figures


@pytest.mark.parametrize("flip", EVERY, ids=str)
def test_a_key_moves_its_column(flip: Flip) -> None:
    """The document differs in the one key, and the run in the named column, but not in its failures."""
    one, other = before(flip), ran(flip.after(), flip.reports, flip.seed)
    assert differing(one.loaded, other.loaded) == {flip.pattern, *map(pattern_of, flip.together)}
    assert column(one, flip.shows) != column(other, flip.shows)
    if not _one_of(flip.pattern, FAILURES):
        assert failures(one) == failures(other)
    if _one_of(flip.pattern, WEIGHING):
        for name in ("booked_at", "ended_at", "engineer"):
            assert column(one, f"visits.{name}") == column(other, f"visits.{name}")


def failures(run: Ran) -> dict[str, float]:
    """Return when each failure was reported, by the id of its order."""
    orders = zip(
        *(column(run, f"work_orders.{name}") for name in ("origin", "id", "reported_at")), strict=True
    )
    return {name: at for origin, name, at in orders if origin == "failure"}


@pytest.mark.parametrize("flip", _DURATIONS, ids=str)
def test_a_figure_of_a_duration_moves_its_column(flip: Flip) -> None:
    """Another figure of a family gives other hours or days."""
    assert column(before(flip), flip.shows) != column(ran(flip.after(), None, flip.seed), flip.shows)


@pytest.mark.parametrize("family", [name for name in PARAMETERS if "mean" in PARAMETERS[name]][1:])
def test_another_family_moves_its_column(family: str) -> None:
    """With the same mean, another family than a constant gives other hours."""
    flip = DURATIONS["constant", "mean"][0]
    key = flip.key.removesuffix(".mean")
    figures = {"distribution": family, "mean": 2.0} | ({"cv": 1.5} if "cv" in PARAMETERS[family] else {})
    changed = Flip(key, figures, flip.shows, flip.document, given=flip.given)
    assert column(before(changed), flip.shows) != column(ran(changed.after(), None, 1), flip.shows)


@pytest.mark.parametrize("flip", [*TOLD, *TOLD_OF_WAYS], ids=str)
def test_what_is_told_moves_nothing_else(flip: Flip) -> None:
    """Titles, names, qualities and what a plan states of itself leave every cell of every table as it is."""
    one, other = before(flip), ran(flip.after(), flip.reports, flip.seed)
    for name, table in one.tables.items():
        for key, values in table.items():
            if isinstance(values, Categories):
                assert column(one, f"{name}.{key}") == column(other, f"{name}.{key}")
            else:
                np.testing.assert_array_equal(values, other.tables[name][key])

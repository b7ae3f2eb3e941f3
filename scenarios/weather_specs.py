"""The weather and the disruptions of a World: what is drawn from, what comes on a date, and what each does.

Places are positions, instants hours since the scenario's start. What comes up in a replication is drawn in
`sim.conditions`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scenarios.fields import Distribution

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class SpellSpec:
    """One condition in one city.

    Parameters
    ----------
    city, condition
        Positions of the city, and of the condition in `links.Condition`.
    label
        City and condition, for names of spells.
    key
        64-bit key of its draws, from the names alone.
    days
        Ordinals of the local dates on which a spell may begin.
    midnights, chances
        When these dates begin, and the chance of a spell on each.
    opens, width
        Hours after midnight from which a spell may begin, and over how many.
    hours
        How long a spell lasts.
    """

    city: int
    condition: int
    label: str
    key: int
    days: IntArray
    midnights: FloatArray
    chances: FloatArray
    opens: float
    width: float
    hours: Distribution


@dataclass(frozen=True)
class BatchSpec:
    """Failures of many devices at once.

    Parameters
    ----------
    fault, device
        Positions of the fault type, and of the device type that a site must have, -1 for any.
    probability
        Chance of each site to be struck.
    key
        64-bit key of its draws, from the names alone.
    """

    fault: int
    device: int
    probability: float
    key: int


@dataclass(frozen=True)
class DisruptionSpec:
    """One disruption in one city, or without a place.

    Parameters
    ----------
    name, kind
        Its name, and what it is.
    key
        64-bit key of its draws, from its name alone.
    city
        Position of the city, -1 for none.
    begin, end
        When it begins and ends; the same for a batch.
    load
        Factor on the load of devices.
    manual_hours
        Hours to acknowledge a report by hand, NaN where that is not done.
    batches
        What fails at once.
    """

    name: str
    kind: str
    key: int
    city: int
    begin: float
    end: float
    load: float
    manual_hours: float
    batches: tuple[BatchSpec, ...]


@dataclass(frozen=True, eq=False)
class EffectsSpec:
    """What conditions do in one period.

    Parameters
    ----------
    factors
        [set of conditions as bits][device type] factor on failure rates.
    sensitivity
        Share of a peak's load that becomes failures, by device type.
    standstill
        For how many times a spell's length outdoor work stands still, by condition.
    batches
        What fails at once as a spell begins, by condition.
    present
        [site][device type] whether the site has such devices; in the last column, whether it has any.
    """

    factors: FloatArray
    sensitivity: FloatArray
    standstill: tuple[float, ...]
    batches: tuple[tuple[BatchSpec, ...], ...]
    present: BoolArray


@dataclass(frozen=True, eq=False)
class WeatherSpec:
    """All that may come up.

    Parameters
    ----------
    spells
        What is drawn from.
    disruptions
        What comes on a date.
    effects
        What conditions do, by period.
    site_keys
        64-bit keys of the sites, from their names.
    """

    spells: tuple[SpellSpec, ...]
    disruptions: tuple[DisruptionSpec, ...]
    effects: tuple[EffectsSpec, ...]
    site_keys: npt.NDArray[np.uint64]

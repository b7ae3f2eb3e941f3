"""Random numbers by name: every draw is a function of what it is for, not of when it is made.

A draw is keyed by replication, stream (site and device type), index of the failure in its stream, purpose
and, for repeated work, the number of the visit. Two scenarios that share a failure share all its draws, and
no order of execution, centre, engineer or number of workers can change one.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from scenarios.keys import name_key

UintArray = npt.NDArray[np.uint64]
FloatArray = npt.NDArray[np.float64]

_MASK = (1 << 64) - 1
_GOLDEN = 0x9E3779B97F4A7C15
_FIRST = 0xBF58476D1CE4E5B9
_SECOND = 0x94D049BB133111EB
# 52 bits and a half are exact in a float, and never 0 or 1.
_DROPPED = 12
_UNIT = 2.0**-52

#: What a draw is for. The key comes from the name, so purposes can be added without changing the others.
PURPOSES = {
    name: name_key("purpose", name)
    for name in (
        "gap",
        "fault_type",
        "triage",
        "pause",
        "pause_hours",
        "part",
        "work",
        "route",
        "lead",
        "restock",
        "transfer",
        "second_supplier",
        "availability",
        "refurbished",
        "rush",
        "partner",
        "leave",
        "sick",
        "sick_days",
        "training",
        "attrition",
        "replacement",
        "shortage",
        "delay",
        "detection",
        "prediction",
        "false_alarm",
        "check",
        "weather",
        "weather_begins",
        "weather_hours",
        "batch",
        "extra_gap",
        "extra_mark",
        "thinning",
        "self_help",
        "self_help_hours",
        "remote",
        "remote_hours",
        "guidance",
        "diagnosis",
        "misdiagnosis",
        "verification",
        "follow_up",
        "follow_up_hours",
        "complaint",
        "complaint_delay",
        "complaint_answer",
        "complaint_solution",
        "complaint_confirmation",
    )
}


def mix(value: int) -> int:
    """Return a 64-bit number whose every bit depends on every bit of the given one.

    References
    ----------
    Steele, Lea and Flood (2014), Fast splittable pseudorandom number generators, OOPSLA: the finaliser of
    SplitMix64 (variant 13 of Stafford).
    """
    value = ((value ^ (value >> 30)) * _FIRST) & _MASK
    value = ((value ^ (value >> 27)) * _SECOND) & _MASK
    return value ^ (value >> 31)


def mix_array(values: UintArray) -> UintArray:
    """Return `mix` of every element."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(_FIRST)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(_SECOND)
    return values ^ (values >> np.uint64(31))


def replication_key(seed: int, replication: int) -> int:
    """Return the key under which all draws of one replication are made."""
    return mix((mix((seed + _GOLDEN) & _MASK) + (replication + 1) * _GOLDEN) & _MASK)


def stream_key(replication: int, stream: int) -> int:
    """Return the key of one stream in one replication; both arguments are keys."""
    return mix(replication ^ mix(stream))


def item_keys(stream: int, first: int, count: int) -> UintArray:
    """Return the keys of the items `first` to `first + count - 1` of a stream."""
    index = np.arange(first + 1, first + count + 1, dtype=np.uint64)
    return mix_array(np.uint64(stream) + index * np.uint64(_GOLDEN))


def item_grid(streams: UintArray, count: int) -> UintArray:
    """Return [stream][item] -> the keys of the first items of many streams."""
    index = np.arange(1, count + 1, dtype=np.uint64)
    return mix_array(streams[:, np.newaxis] + index * np.uint64(_GOLDEN))


def item_key(stream: int, index: int) -> int:
    """Return the key of one item of a stream; equals the element that `item_keys` gives it."""
    return mix((stream + (index + 1) * _GOLDEN) & _MASK)


def items_of(streams: UintArray, index: npt.NDArray[np.int64]) -> UintArray:
    """Return the key of one item of each stream; equals the element that `item_keys` gives it."""
    return mix_array(streams + (index + 1).astype(np.uint64) * np.uint64(_GOLDEN))


def stream_keys(replication: int, streams: UintArray) -> UintArray:
    """Return the key of each stream in one replication, as `stream_key` does for one."""
    return mix_array(np.uint64(replication) ^ mix_array(streams))


def uniforms(keys: UintArray, purpose: str, number: int = 0) -> FloatArray:
    """Return one uniform number in (0, 1) for each item.

    Parameters
    ----------
    keys
        Keys of the items.
    purpose
        One of `PURPOSES`.
    number
        Number of the visit where the purpose recurs, from 0.
    """
    salt = np.uint64((PURPOSES[purpose] + number * _GOLDEN) & _MASK)
    bits = mix_array(keys ^ salt) >> np.uint64(_DROPPED)
    return (bits.astype(np.float64) + 0.5) * _UNIT


def uniform(key: int, purpose: str, number: int = 0) -> float:
    """Return the same number for one item that `uniforms` gives it."""
    return ((mix(key ^ ((PURPOSES[purpose] + number * _GOLDEN) & _MASK)) >> _DROPPED) + 0.5) * _UNIT


def unit_exponentials(uniform_numbers: Any) -> Any:
    """Return exponential numbers of mean 1 by inversion."""
    return -np.log1p(-uniform_numbers)

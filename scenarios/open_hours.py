"""Opening hours as a piecewise-linear clock: SLA clocks of a site, and shifts of an engineer at home.

A week of local hours is read once and laid over the calendar of its time zone, without the dates on which
nothing opens. The windows, in hours since the scenario's start, then answer for whole arrays of instants.
Which dates are holidays is for `scenarios.holiday_dates`; pauses of a clock are for whoever runs the clock.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Literal, overload
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
import numpy.typing as npt

from scenarios.phrases import phrase

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

#: Keys of a week, in the order of `date.weekday`.
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

#: Hours (3.6 microseconds) within which `add` takes what is left of a window for what was asked, so that
#: rounding in "the rest of today" never becomes tomorrow morning.
TOLERANCE = 1e-9

_DAY_MINUTES = 24 * 60
_WEEK_MINUTES = 7 * _DAY_MINUTES
_EVER = 2**62
_WINDOW = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-(?:([01]\d|2[0-3]):([0-5]\d)|24:00)", re.ASCII)


@dataclass(frozen=True)
class WeeklyHours:
    """A week of opening hours in local wall time.

    Parameters
    ----------
    windows
        Day of the week on which a window opens (0 is Monday), minute of that day at which it opens (0-1439),
        and at which it closes: counted from the same midnight, so above 1440 it closes on the next day, and
        never more than 24 hours after it opened. Sorted; disjoint, also from Sunday to Monday.
    """

    windows: tuple[tuple[int, int, int], ...]


def parse_week(hours: Mapping[str, Sequence[str]] | Literal["24x7"]) -> WeeklyHours:
    """Read a week of opening hours as a scenario writes it.

    Parameters
    ----------
    hours
        Windows "HH:MM-HH:MM" in local wall time for each day mon..sun on which they open; days left out are
        closed. "24:00" may end a window; an end at or before its beginning lies on the next day. The text
        "24x7" stands for a week that never closes.

    Returns
    -------
    WeeklyHours
        The same week, sorted.

    Raises
    ------
    ValueError
        An unknown day, a malformed window, two windows that overlap, or no window at all.
    """
    if hours == "24x7":
        return WeeklyHours(tuple((day, 0, _DAY_MINUTES) for day in range(7)))
    if not isinstance(hours, Mapping):
        raise ValueError(f"opening hours must be '24x7' or a mapping of {_days()} to windows, not {hours!r}")
    windows: list[tuple[int, int, int]] = []
    for name, texts in hours.items():
        if name not in DAYS:
            raise ValueError(f"unknown day {name!r} in opening hours: allowed are {_days()}")
        if isinstance(texts, str) or not isinstance(texts, Sequence):
            raise ValueError(f"{name}: expected a list of windows such as ['08:00-17:00'], not {texts!r}")
        windows.extend((DAYS.index(name), *_minutes(name, text)) for text in texts)
    if not windows:
        raise ValueError(phrase("opening hours have no window on any day: give at least one, or '24x7'"))
    windows.sort()
    _refuse_overlap(windows)
    return WeeklyHours(tuple(windows))


def _days() -> str:
    return ", ".join(DAYS)


def _minutes(day: str, text: object) -> tuple[int, int]:
    """Return the minutes of the day at which a window opens and closes."""
    found = _WINDOW.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        raise ValueError(
            f"{day}: cannot read the window {text!r}: write HH:MM-HH:MM, from 00:00 to 23:59, "
            "the end also 24:00 or on the next day (22:00-06:00)"
        )
    open_hour, open_minute, close_hour, close_minute = found.groups()
    begin = int(open_hour) * 60 + int(open_minute)
    end = _DAY_MINUTES if close_hour is None else int(close_hour) * 60 + int(close_minute)
    return begin, end if end > begin else end + _DAY_MINUTES


def _refuse_overlap(windows: Sequence[tuple[int, int, int]]) -> None:
    """Raise ValueError where one of the sorted windows runs into the next, the last into the first."""
    if len(windows) < 2:
        return
    for one, following in zip(windows, [*windows[1:], windows[0]], strict=True):
        ahead = (following[0] - one[0]) * _DAY_MINUTES + following[1] - one[1]
        if following is windows[0]:
            ahead += _WEEK_MINUTES
        if one[2] - one[1] > ahead:
            earlier, later = _describe(one), _describe(following)
            raise ValueError(
                phrase("opening hours overlap: {one} runs into {following}", one=earlier, following=later)
            )


def _describe(window: tuple[int, int, int]) -> str:
    day, begin, end = window
    if end > _DAY_MINUTES:
        end -= _DAY_MINUTES
    return f"{DAYS[day]} {begin // 60:02}:{begin % 60:02}-{end // 60:02}:{end % 60:02}"


@dataclass(frozen=True, eq=False)
class OpenHours:
    """When something is open, and how many open hours have passed.

    Instants are hours since the scenario's start; what has not happened (NaN) stays NaN. Outside the range
    for which windows were compiled nothing is open. Objects are shared; their arrays cannot be written to.

    Parameters
    ----------
    opens, closes
        Instants at which windows open and close, sorted, disjoint, and not touching each other.
    cumulated
        Open hours before each window opens, and after the last, as one value more: 0 before the first.
    always
        It never closes, in any range; the one window is then unbounded, and no method rounds.
    """

    opens: FloatArray
    closes: FloatArray
    cumulated: FloatArray
    always: bool = False

    @overload
    def is_open(self, t: float) -> np.bool_: ...
    @overload
    def is_open(self, t: FloatArray) -> BoolArray: ...
    def is_open(self, t: float | FloatArray) -> np.bool_ | BoolArray:
        """Tell whether it is open at instants `t`: from the opening on, and no longer at the closing."""
        if self.always:
            return np.equal(t, t)
        return np.less(np.searchsorted(self.closes, t, "right"), np.searchsorted(self.opens, t, "right"))

    @overload
    def elapsed(self, t: float) -> float: ...
    @overload
    def elapsed(self, t: FloatArray) -> FloatArray: ...
    def elapsed(self, t: float | FloatArray) -> float | FloatArray:
        """Return the open hours from a fixed origin to instants `t`; only differences have a meaning."""
        if self.always:
            return np.positive(t)
        if not len(self.opens):
            return np.where(np.isnan(t), np.nan, 0.0)[()]
        window = np.maximum(np.searchsorted(self.opens, t, "right") - 1, 0)
        opened = self.opens[window]
        return self.cumulated[window] + np.maximum(np.minimum(t, self.closes[window]) - opened, 0.0)

    @overload
    def between(self, a: float, b: float) -> float: ...
    @overload
    def between(self, a: FloatArray, b: float | FloatArray) -> FloatArray: ...
    @overload
    def between(self, a: float, b: FloatArray) -> FloatArray: ...
    def between(self, a: float | FloatArray, b: float | FloatArray) -> float | FloatArray:
        """Return the open hours from instants `a` to instants `b`, negative where `b` comes first."""
        return self.elapsed(b) - self.elapsed(a)

    @overload
    def add(self, t: float, hours: float) -> float: ...
    @overload
    def add(self, t: FloatArray, hours: float | FloatArray) -> FloatArray: ...
    @overload
    def add(self, t: float, hours: FloatArray) -> FloatArray: ...
    def add(self, t: float | FloatArray, hours: float | FloatArray) -> float | FloatArray:
        """Find the earliest instant by which so many open hours have passed.

        Parameters
        ----------
        t
            Instants to count from, open or not.
        hours
            Open hours to let pass, 0 or more.

        Returns
        -------
        float or array
            Instants not before `t`: `t` itself for 0 hours, the closing (not the next opening) where the
            hours end with a window, infinity where they reach beyond the last window.

        Raises
        ------
        ValueError
            Negative hours.
        """
        if np.any(np.less(hours, 0.0)):
            raise ValueError(f"only hours of 0 or more can be added, not {np.min(hours)}")
        if self.always:
            return t + hours
        target = self.elapsed(t) + hours
        window = np.searchsorted(self.cumulated[1:], target - TOLERANCE, "left")
        begin = np.append(self.opens, np.inf)[window]
        end = np.append(self.closes, np.inf)[window]
        whole = target >= self.cumulated[np.minimum(window + 1, len(self.opens))] - TOLERANCE
        reached = np.where(whole, end, begin + np.maximum(target - self.cumulated[window], 0.0))
        return np.where(np.equal(hours, 0.0), t, np.maximum(reached, t))[()]

    @overload
    def next_open(self, t: float) -> float: ...
    @overload
    def next_open(self, t: FloatArray) -> FloatArray: ...
    def next_open(self, t: float | FloatArray) -> float | FloatArray:
        """Return the first instants from `t` on at which it is open, infinity where it never is again."""
        if self.always:
            return np.positive(t)
        window = np.searchsorted(self.closes, t, "right")
        opening: float | FloatArray = np.maximum(np.append(self.opens, np.inf)[window], t)
        return opening


def from_windows(opens: FloatArray, closes: FloatArray) -> OpenHours:
    """Merge windows, given in any order and perhaps overlapping or empty, and count their hours."""
    kept = closes > opens
    order = np.argsort(opens[kept])
    opens, closes = opens[kept][order], np.maximum.accumulate(closes[kept][order])
    # A window begins a new stretch where it opens after everything before it has closed.
    apart = opens[1:] > closes[:-1]
    opens = opens[np.append(np.ones(min(len(opens), 1), dtype=bool), apart)]
    closes = closes[np.append(apart, np.ones(min(len(closes), 1), dtype=bool))]
    # A plain running sum: `elapsed` at a closing equals the next value to the last bit, so it never falls.
    cumulated = np.append(0.0, np.cumsum(closes - opens))
    for array in (opens, closes, cumulated):
        array.setflags(write=False)
    return OpenHours(opens, closes, cumulated)


def _always_open() -> OpenHours:
    edges = [np.array(values) for values in ([-np.inf], [np.inf], [0.0, np.inf])]
    for array in edges:
        array.setflags(write=False)
    return OpenHours(edges[0], edges[1], edges[2], always=True)


#: Open at every instant: "24x7" with no closed date.
ALWAYS_OPEN = _always_open()


def union(members: Sequence[OpenHours]) -> OpenHours:
    """Return when at least one member is open; never, if there is none."""
    distinct = list(dict.fromkeys(members))
    if any(member.always for member in distinct):
        return ALWAYS_OPEN
    nothing = [np.empty(0)]
    return from_windows(
        np.concatenate([member.opens for member in distinct] or nothing),
        np.concatenate([member.closes for member in distinct] or nothing),
    )


def intersection(members: Sequence[OpenHours]) -> OpenHours:
    """Return when all members are open at once; always, if there is none."""
    bounded = [member for member in dict.fromkeys(members) if not member.always]
    if not bounded:
        return ALWAYS_OPEN
    edges = np.concatenate([member.opens for member in bounded] + [member.closes for member in bounded])
    openings = sum(len(member.opens) for member in bounded)
    steps = np.where(np.arange(len(edges)) < openings, 1, -1)
    order = np.argsort(edges, kind="stable")
    edges, full = edges[order], np.cumsum(steps[order]) == len(bounded)
    return from_windows(edges[:-1][full[:-1]], edges[1:][full[:-1]])


def compile_open_hours(
    week: WeeklyHours,
    zone: str,
    start: date,
    horizon_hours: float,
    closed_dates: Collection[date] = (),
    before: float = 0.0,
    after: float = 24.0 * 62,
) -> OpenHours:
    """Lay a week of opening hours over the calendar of a place.

    A wall time that the clock skips (summer time begins) is taken as the instant of the change; of one that
    it shows twice (summer time ends), the first counts. Equal arguments return the same object.

    Parameters
    ----------
    week
        Hours in the wall time of `zone`.
    zone
        Time zone by its IANA name, such as "Asia/Bangkok".
    start
        The scenario's start: instants are hours since midnight UTC of this date.
    horizon_hours
        Length of the scenario, 0 or more.
    closed_dates
        Local dates on which no window opens. One that opened the day before still runs to its end.
    before, after
        Hours before the start and after the horizon that the windows must cover as well, 0 or more.

    Returns
    -------
    OpenHours
        All windows that touch the range, none of them cut; `ALWAYS_OPEN` for a week without a gap where no
        date is closed.

    Raises
    ------
    ValueError
        An unknown zone, or a range that is negative or not finite.
    """
    ranges = (float(horizon_hours), float(before), float(after))
    if not all(0.0 <= hours < np.inf for hours in ranges):
        raise ValueError(f"horizon, before and after must be finite and 0 hours or more, not {ranges}")
    return _compiled(week, zone, start, frozenset(closed_dates), *ranges)


@lru_cache(maxsize=2048)
def _compiled(
    week: WeeklyHours,
    zone: str,
    start: date,
    closed: frozenset[date],
    horizon: float,
    before: float,
    after: float,
) -> OpenHours:
    if not closed and sum(end - begin for _, begin, end in week.windows) == _WEEK_MINUTES:
        _zone(zone)
        return ALWAYS_OPEN
    # No zone is a day away from UTC and no window is longer than a day: two days of margin see them all.
    first_day, last_day = int(-before // 24) - 2, int((horizon + after) // 24) + 2
    begins, offsets = clock_changes(zone, start, first_day, last_day)
    days = np.arange(first_day, last_day + 1)
    shut = np.array([(day - start).days for day in closed], dtype=np.int64)
    days = days[~np.isin(days, shut)]
    weekdays = (days + start.weekday()) % 7
    wall = [
        days[weekdays == day, np.newaxis] * 86_400 + np.array([[begin * 60, end * 60]])
        for day, begin, end in week.windows
    ]
    instants = _instants(np.concatenate(wall), begins, offsets) / 3600.0
    near = (instants[:, 1] > -before) & (instants[:, 0] <= horizon + after)
    return from_windows(instants[near, 0], instants[near, 1])


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"unknown time zone {name!r}: give an IANA name such as 'Asia/Bangkok'") from None


@lru_cache(maxsize=256)
def clock_changes(zone: str, start: date, first_day: int, last_day: int) -> tuple[IntArray, IntArray]:
    """Return from when (seconds since the start; first: ever) which offset (seconds east of UTC) holds."""
    place = _zone(zone)
    origin = datetime(start.year, start.month, start.day, tzinfo=UTC)

    def offset(second: int) -> int:
        instant = origin + timedelta(seconds=second)
        return int((instant.astimezone(place).replace(tzinfo=UTC) - instant).total_seconds())

    begins, offsets = [-_EVER], [offset(first_day * 86_400)]
    for day in range(first_day + 1, last_day + 2):
        low, high = (day - 1) * 86_400, day * 86_400
        new = offset(high)
        if new == offsets[-1]:
            continue
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if offset(middle) == new else (middle, high)
        begins.append(high)
        offsets.append(new)
    return np.array(begins), np.array(offsets)


def _instants(wall: IntArray, begins: IntArray, offsets: IntArray) -> IntArray:
    """Return the first instants (seconds) at which the local clock shows a wall time or a later one."""
    ends = np.append(begins[1:], _EVER) + offsets
    period = np.searchsorted(ends, wall, "right")
    instants: IntArray = np.maximum(wall - offsets[period], begins[period])
    return instants

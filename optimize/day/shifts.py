"""When engineers work on the days of a horizon, and how long what they do takes with breaks and nights.

Shifts run in an engineer's own zone; here they become hours since an instant. `activity` follows the rules of
the search: a break is a pause in whatever goes on, and travel or work that may pause goes over nights. What
has begun outside all shifts goes on without a pause: whoever has left at such an hour is on his way.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from math import inf
from zoneinfo import ZoneInfo

from optimize.day.model import DayAbsence, DayEngineer
from optimize.problem import Away, Engineer, Shift

_HOUR = timedelta(hours=1)
_EPS = 1e-7
#: Hours by which whole seconds may be past a shift or in a break.
_SECOND = 1.0 / 3600.0
_PLAY = 3.0 * _SECOND


def shifts_of(engineer: DayEngineer, start: datetime, now: datetime, end: datetime) -> tuple[Shift, ...]:
    """Return the shifts of an engineer that are not over and begin before the horizon ends.

    Parameters
    ----------
    engineer
        Who.
    start
        Hour 0.
    now, end
        The present and the end of the horizon.
    """
    zone = ZoneInfo(engineer.time_zone)
    local = now.astimezone(zone).date() - timedelta(days=1)
    last = end.astimezone(zone).date()
    found: list[Shift] = []
    while local <= last:
        if local.isoweekday() in engineer.weekdays:
            midnight = datetime.combine(local, time(), zone)
            here = list(_shift(engineer, midnight, start, now, end))
            for absence in engineer.absences:
                here = [part for shift in here for part in _present(shift, absence, start)]
            over = (now - start) / _HOUR
            found.extend(shift for shift in here if shift.closes + shift.overtime > over)
        local += timedelta(days=1)
    return tuple(_apart(found))


def away_of(
    engineer: DayEngineer, start: datetime, now: datetime, end: datetime, free_at: float
) -> Away | None:
    """Return the absences of an engineer that take something from his shifts; None if there are none.

    Parameters
    ----------
    engineer, start, now, end
        As for `shifts_of`.
    free_at
        From when on he would be free.
    """
    found = [(a.start, a.end) for a in engineer.absences if a.end is None or a.end > now]
    if engineer.available_from is not None and engineer.available_from > now:
        found.append((now, engineer.available_from))
    if engineer.available_to is not None:
        found.append((engineer.available_to, None))
    if not found:
        return None
    always = {"absences": (), "available_from": None, "available_to": None}
    usual = shifts_of(engineer.model_copy(update=always), start, now, end)
    if usual == shifts_of(engineer, start, now, end):
        return None
    hours = sorted(((a - start) / _HOUR, inf if b is None else (b - start) / _HOUR) for a, b in found)
    periods: list[tuple[float, float]] = []
    for begins, ends in hours:
        if periods and begins <= periods[-1][1]:
            periods[-1] = periods[-1][0], max(periods[-1][1], ends)
        else:
            periods.append((begins, ends))
    return Away(tuple(periods), usual, free_at)


def _shift(
    engineer: DayEngineer, midnight: datetime, start: datetime, now: datetime, end: datetime
) -> Iterator[Shift]:
    opens = _at(midnight, engineer.shift_start)
    closes = _at(midnight, engineer.shift_end)
    if closes <= opens:
        closes = _at(midnight + timedelta(days=1), engineer.shift_end)
    overtime = engineer.overtime_h
    if engineer.available_from is not None:
        opens = max(opens, engineer.available_from)
    if engineer.available_to is not None:
        room = max((engineer.available_to - closes) / _HOUR, 0.0)
        closes, overtime = min(closes, engineer.available_to), min(overtime, room)
    if closes <= opens or closes + timedelta(hours=overtime) <= now or opens >= end:
        return
    pause = _pause(engineer, midnight, opens, closes)
    hours = None if pause is None else ((pause[0] - start) / _HOUR, (pause[1] - start) / _HOUR)
    yield Shift((opens - start) / _HOUR, (closes - start) / _HOUR, overtime, hours)


def _present(shift: Shift, away: DayAbsence, start: datetime) -> Iterator[Shift]:
    """Yield what is left of a shift before and after an absence."""
    gone = (away.start - start) / _HOUR
    back = inf if away.end is None else (away.end - start) / _HOUR
    last = shift.closes + shift.overtime
    if gone >= last or back <= shift.opens:
        yield shift
        return
    if gone > shift.opens:
        closes = min(shift.closes, gone)
        yield Shift(shift.opens, closes, gone - closes, _clipped(shift.pause, shift.opens, closes))
    if back < shift.closes:
        yield Shift(back, shift.closes, shift.overtime, _clipped(shift.pause, back, shift.closes))


def _clipped(pause: tuple[float, float] | None, opens: float, closes: float) -> tuple[float, float] | None:
    if pause is None or min(pause[1], closes) <= max(pause[0], opens):
        return None
    return max(pause[0], opens), min(pause[1], closes)


def _pause(
    engineer: DayEngineer, midnight: datetime, opens: datetime, closes: datetime
) -> tuple[datetime, datetime] | None:
    if engineer.break_start is None or engineer.break_end is None:
        return None
    begin = _at(midnight, engineer.break_start)
    if begin < _at(midnight, engineer.shift_start):
        begin = _at(midnight + timedelta(days=1), engineer.break_start)
    length = (_minutes(engineer.break_end) - _minutes(engineer.break_start)) % (24 * 60)
    begin, end = max(begin, opens), min(begin + timedelta(minutes=length), closes)
    return (begin, end) if begin < end else None


def _minutes(clock: str) -> int:
    return int(clock[:2]) * 60 + int(clock[3:])


def _at(midnight: datetime, clock: str) -> datetime:
    """Return the instant at which a clock shows a time on a day."""
    minutes = _minutes(clock)
    wall = midnight.replace(tzinfo=None) + timedelta(minutes=minutes)
    return wall.replace(tzinfo=midnight.tzinfo).astimezone(UTC)


def _apart(shifts: list[Shift]) -> list[Shift]:
    """Return shifts so that none runs into the next: overtime ends where the next begins."""
    found: list[Shift] = []
    for this, following in zip(shifts, [*shifts[1:], None], strict=False):
        most = inf if following is None else following.opens - this.closes
        if most < 0.0:
            this = Shift(this.opens, this.closes + most, 0.0, this.pause)
        found.append(Shift(this.opens, this.closes, max(min(this.overtime, most), 0.0), this.pause))
    return found


def stretches(engineer: DayEngineer, begins: datetime, ends: datetime) -> list[tuple[datetime, datetime]]:
    """Return the parts of a visit that lie in shifts, one for each; the whole where shifts do not have it.

    Parameters
    ----------
    engineer
        Who works; a break is inside a part, and overtime is only in the last.
    begins, ends
        Of the work, the nights in it included.
    """
    found = []
    length = (ends - begins) / _HOUR
    for shift in shifts_of(engineer, begins, begins, ends):
        if length <= shift.closes + shift.overtime:
            found.append((max(shift.opens, 0.0), length))
            break
        found.append((max(shift.opens, 0.0), shift.closes))
    worked = [(a, b) for a, b in found if b > a]
    if not worked or worked[0][0] > 0.0 or worked[-1][1] < length:
        return [(begins, ends)]
    inner = [(begins + a * _HOUR, begins + b * _HOUR) for a, b in worked]
    return [*inner[:-1], (inner[-1][0], ends)]


def activity(engineer: Engineer, at: float, hours: float, pausing: bool) -> tuple[float, float]:
    """Return begin and end of an activity that may start at an instant; infinity where it never can.

    Parameters
    ----------
    engineer
        Who, with his shifts.
    at
        From when on.
    hours
        How long it takes.
    pausing
        Whether it may go on in the following shifts.
    """
    return _activity(engineer.shifts, at, hours, pausing)


def _activity(shifts: Sequence[Shift], at: float, hours: float, pausing: bool) -> tuple[float, float]:
    left, begun = hours, None
    for shift in shifts:
        hard = shift.closes + shift.overtime
        if at >= hard and not (left <= 0.0 and at <= hard):
            continue
        now = max(at, shift.opens)
        pause_from, pause_to = shift.pause or (inf, inf)
        if pause_from <= now < pause_to:
            now = pause_to
        end = now + left
        if now < pause_from < end:
            end += pause_to - pause_from
        if end <= hard + _EPS:
            return now if begun is None else begun, end
        if pausing and now < shift.closes:
            worked = shift.closes - now
            if now < pause_from < shift.closes:
                worked -= pause_to - pause_from
            left -= worked
            begun = now if begun is None else begun
            at = shift.closes
    return inf, inf


def end_of_way(engineer: DayEngineer, since: datetime, hours: float) -> datetime:
    """Return when somebody is there who has left, with breaks and nights on the way.

    Parameters
    ----------
    engineer
        Who.
    since
        When he has left.
    hours
        On the way, without pauses.
    """
    shifts = _shifts_since(engineer, since, hours)
    end = _activity(shifts, 0.0, hours, True)[1] if _at_hand(shifts) else inf
    return since + timedelta(hours=hours if end == inf else end)


def end_of_work(engineer: DayEngineer, since: datetime, hours: float, may_pause: bool) -> datetime:
    """Return when work ends that has begun; what may not go over nights is finished, however late.

    Parameters
    ----------
    engineer
        Who does it.
    since
        When it has begun.
    hours
        How long it takes without pauses.
    may_pause
        Whether it may go over nights.
    """
    if may_pause:
        return end_of_way(engineer, since, hours)
    now = _at_hand(_shifts_since(engineer, since, hours))
    end = _activity((replace(now, overtime=inf),), 0.0, hours, False)[1] if now else hours
    return since + timedelta(hours=end)


def hours_within(engineer: DayEngineer, since: datetime, until: datetime) -> float:
    """Return the hours between two instants without breaks and nights."""
    elapsed = (until - since) / _HOUR
    shifts = _shifts_since(engineer, since, max(elapsed, 0.0))
    if not _at_hand(shifts):
        return elapsed
    found = 0.0
    for shift in shifts:
        hard = shift.closes + shift.overtime
        low, high = max(shift.opens, 0.0), elapsed if elapsed <= hard else shift.closes
        if low < high:
            found += high - low
            if shift.pause is not None:
                found -= max(min(high, shift.pause[1]) - max(low, shift.pause[0]), 0.0)
    return found


def shifts_on_the_way(
    engineer: DayEngineer, start: datetime, since: datetime, hours: float
) -> tuple[Shift, ...]:
    """Return the shifts of somebody who leaves at an instant; none if he leaves outside all of them.

    Parameters
    ----------
    engineer
        Who.
    start
        Hour 0.
    since
        When he leaves.
    hours
        How far to look on, at least.
    """
    if not _at_hand(_shifts_since(engineer, since, 0.0)):
        return ()
    return _with_play(engineer, start, since, since + timedelta(days=7.0, hours=hours))


def _shifts_since(engineer: DayEngineer, since: datetime, hours: float) -> tuple[Shift, ...]:
    """Return enough shifts of somebody for what takes some hours, an instant being hour 0."""
    return _with_play(engineer, since, since, since + timedelta(days=7.0 + hours / 2.0))


def _with_play(engineer: DayEngineer, start: datetime, since: datetime, end: datetime) -> tuple[Shift, ...]:
    """Return shifts that last seconds longer: what ends with a shift by the plan, which is rounded, does."""
    shifts = shifts_of(engineer, start, since - timedelta(hours=_SECOND), end)
    return tuple(replace(shift, overtime=shift.overtime + _PLAY) for shift in shifts)


def _at_hand(shifts: Sequence[Shift]) -> Shift | None:
    """Return the shift in which hour 0 lies or ended a second ago, none in a break."""
    for shift in shifts:
        for at in (0.0, -_SECOND):
            paused = shift.pause is not None and shift.pause[0] <= at < shift.pause[1]
            if shift.opens <= at < shift.closes + shift.overtime and not paused:
                return shift
    return None

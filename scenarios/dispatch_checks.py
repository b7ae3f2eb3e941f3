"""What makes the rules of dispatch unusable although each value alone is allowed."""

from __future__ import annotations

from collections.abc import Iterator

from scenarios.phrases import phrase
from scenarios.problems import Problem, known, shown
from scenarios.schema import Scenario


def check_dispatch_rules(s: Scenario) -> Iterator[Problem]:
    """Yield problems of crossing territories, of the end of shifts, and of partners' working hours.

    Parameters
    ----------
    s
        A scenario whose values are each allowed.
    """
    crossing = s.dispatch.crossing
    if crossing is not None:
        for number, key in enumerate(crossing.centres):
            where = f"dispatch.crossing.centres.{number}"
            yield from known(where, key, s.centres, "centres")
            if key in s.centres and s.centres[key].level == "partner":
                yield Problem(
                    where, shown(key), phrase("a centre of our own: a partner is reached by overflow")
                )
    for key, centre in s.centres.items():
        if centre.partner is not None and centre.partner.calendar is not None:
            where = f"centres.{key}.partner.calendar"
            yield from known(where, centre.partner.calendar, s.calendars, "calendars")

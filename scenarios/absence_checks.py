"""What the sections on absences and on-call mean together with the rest: references, and head counts."""

from __future__ import annotations

from collections.abc import Iterator

from scenarios.phrases import phrase
from scenarios.problems import Problem, known, shown
from scenarios.schema import Scenario


def check_absences(s: Scenario) -> Iterator[Problem]:
    """Yield references that dangle, and more key engineers leaving than a group has."""
    for number, loss in enumerate(s.absences.key_person_loss):
        prefix = f"absences.key_person_loss.{number}"
        yield from known(f"{prefix}.centre", loss.centre, s.centres, "centres")
        if loss.centre not in s.centres:
            continue
        groups = s.centres[loss.centre].engineers
        yield from known(f"{prefix}.group", loss.group, groups, f"centres.{loss.centre}.engineers")
        if loss.group in groups and loss.count > groups[loss.group].count:
            allowed = phrase("at most the head count of the group ({count})", count=groups[loss.group].count)
            yield Problem(f"{prefix}.count", shown(loss.count), allowed)


def check_on_call(s: Scenario) -> Iterator[Problem]:
    """Yield calendars of on-call hours that are not there."""
    for centre_key, centre in s.centres.items():
        for key, group in centre.engineers.items():
            if group.on_call is not None:
                where = f"centres.{centre_key}.engineers.{key}.on_call.calendar"
                yield from known(where, group.on_call.calendar, s.calendars, "calendars")

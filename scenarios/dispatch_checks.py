"""What makes the rules of dispatch unusable although each value alone is allowed."""

from __future__ import annotations

from collections.abc import Iterator

from scenarios.phrases import phrase
from scenarios.problems import Problem, known, shown
from scenarios.scheduling import SchedulingPolicy
from scenarios.schema import Scenario


def check_dispatch_rules(s: Scenario) -> Iterator[Problem]:
    """Yield problems of crossing territories, of partners' working hours, and of scheduling policies.

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
    chosen = s.dispatch.scheduling_policy
    if chosen is not None:
        yield from known("dispatch.scheduling_policy", chosen, s.scheduling_policies, "scheduling_policies")
    for key, policy in s.scheduling_policies.items():
        yield from _check_priorities(f"scheduling_policies.{key}.priorities", policy)


def _check_priorities(key: str, policy: SchedulingPolicy) -> Iterator[Problem]:
    """Yield what makes the order of objectives contradict itself."""
    levels = policy.priorities
    if policy.objective == "weighted":
        if levels:
            yield Problem(
                key, phrase("an order of objectives"), phrase("nothing unless objective is lexicographic")
            )
        return
    if not levels:
        yield Problem(key, phrase("nothing"), phrase("at least one objective: objective is lexicographic"))
        return
    seen: set[str] = set()
    for number, level in enumerate(levels):
        if not level:
            yield Problem(f"{key}.{number}", phrase("nothing"), phrase("at least one objective"))
        for name in level:
            if name in seen:
                yield Problem(f"{key}.{number}", shown(name), phrase("each objective once"))
            elif getattr(policy.weights, name) == 0.0:
                yield Problem(f"{key}.{number}", shown(name), phrase("an objective whose weight is above 0"))
            seen.add(name)
    if "left_for_later" not in levels[0]:
        yield Problem(
            f"{key}.0",
            shown(list(levels[0])),
            phrase("left_for_later among them: before it nothing is gained by sending anybody"),
        )

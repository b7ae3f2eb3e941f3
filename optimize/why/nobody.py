"""Why nobody can have an order, with who is meant: the crew that is one short, or people who are away.

Whom each rule removes is counted elsewhere; here it is only said what the rule that leaves nobody means.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import reduce

from optimize.problem import DispatchProblem, Engineer, Order
from optimize.why.wording import level_name, nobody_text
from scenarios.phrases import Phrase, phrase

#: By name, whether an engineer may have an order as far as one rule goes.
Tests = Mapping[str, Callable[[Order, Engineer], bool]]
#: What a clock shows at an hour of the problem.
Clock = Callable[[float], str]
#: Names in a sentence.
_NAMED = 8


def crew_of(problem: DispatchProblem, order_id: str) -> tuple[str, ...]:
    """Return an order and the visits that are one order for several people with it, itself first.

    They begin together at one place and ask for the same skills; an order for one person is alone.
    """
    order = problem.orders[problem.position[order_id]]
    lead = order if order.links else _leader(problem, order_id) or order
    together = [problem.orders[problem.position[link.order]] for link in lead.links]
    alike = all(
        link.gap_low == link.gap_high == 0.0 and (other.place, other.skills) == (lead.place, lead.skills)
        for link, other in zip(lead.links, together, strict=True)
    )
    if not together or not alike:
        return (order_id,)
    return (order_id, *(o.id for o in (lead, *together) if o.id != order_id))


def _leader(problem: DispatchProblem, order_id: str) -> Order | None:
    return next((o for o in problem.orders if any(link.order == order_id for link in o.links)), None)


def as_if_there(engineer: Engineer) -> Engineer:
    """Return an engineer as he would be without his absences."""
    away = engineer.away
    return engineer if away is None else replace(engineer, shifts=away.shifts, free_at=away.free_at)


def reason(
    problem: DispatchProblem,
    order: Order,
    rule: str,
    left: Sequence[Engineer],
    tests: Tests,
    clock: Clock | None = None,
) -> Phrase:
    """Return that a rule leaves nobody for an order.

    Parameters
    ----------
    problem, order
        The problem and an order of it.
    rule, left
        The rule, and whom the rules before it left.
    tests
        The rules in their order, of which a crew is asked.
    clock
        What a clock shows at an hour; hours of the problem where absent.
    """
    if rule == "away":
        return away_text(order, left, clock)
    if rule == "crew":
        return crew_short(problem, order.id, tests) or phrase(
            "those otherwise fit can never begin it together, even with nothing else to do ({count} asked)",
            count=len(left),
        )
    return nobody_text(rule, order, len(left))


def crew_short(problem: DispatchProblem, order_id: str, tests: Tests) -> Phrase | None:
    """Return that too few people are fit for a crew, with their names; None if it is no crew, or enough are.

    Parameters
    ----------
    problem, order_id, tests
        As for `reason`; asked is who may come along, who needs neither parts nor languages.
    """
    crew = crew_of(problem, order_id)
    if len(crew) == 1:
        return None
    wanted = min(
        (problem.orders[problem.position[name]] for name in crew),
        key=lambda o: (o.pin is not None and o.pin.engineer is not None, len(o.languages), len(o.parts)),
    )
    left = list(problem.engineers)
    for rule, passes in tests.items():
        left = [engineer for engineer in left if passes(wanted, engineer)]
        if len(left) < len(crew):
            return _short_text(rule, wanted, len(crew), left) if left else None
    return None


def _short_text(rule: str, order: Order, people: int, fit: Sequence[Engineer]) -> Phrase:
    names = named(fit)
    if rule in ("skill", "level"):
        what = _certificates(order)
        if len(fit) == 1:
            return phrase(
                "it needs {people} people with {what}; 1 qualifies: {engineers}",
                people=people,
                what=what,
                engineers=names,
            )
        return phrase(
            "it needs {people} people with {what}; {count} qualify: {engineers}",
            people=people,
            what=what,
            count=len(fit),
            engineers=names,
        )
    if len(fit) == 1:
        return phrase(
            "it needs {people} people; 1 is fit for it: {engineers}", people=people, engineers=names
        )
    return phrase(
        "it needs {people} people; {count} are fit for it: {engineers}",
        people=people,
        count=len(fit),
        engineers=names,
    )


def _certificates(order: Order) -> Phrase:
    """Return the skills of an order with the least level of each."""
    each = [
        phrase("{skill}:{level} or higher", skill=skill, level=level_name(level))
        for skill, level in sorted(order.skills.items())
    ]
    return reduce(lambda one, other: phrase("{one}, and {other}", one=one, other=other), each)


def away_text(order: Order, people: Sequence[Engineer], clock: Clock | None = None) -> Phrase:
    """Return that those who are otherwise fit for an order are away, and of one until when.

    Parameters
    ----------
    order, people, clock
        As for `reason`; each of the people has an absence.
    """
    if len(people) > 1:
        return phrase(
            "all {count} who are otherwise fit are away when it could be done: {engineers}",
            count=len(people),
            engineers=named(people),
        )
    away = people[0].away
    assert away is not None  # whom the rule removes is away
    last = away.periods[-1]
    begins, ends = next((period for period in away.periods if period[1] > order.earliest), last)
    if ends == float("inf"):
        from_then = phrase("{begins:.2f} h", begins=begins) if clock is None else clock(begins)
        return phrase("{engineer} is away from {since} on", engineer=people[0].id, since=from_then)
    until = phrase("{ends:.2f} h", ends=ends) if clock is None else clock(ends)
    return phrase("{engineer} is away until {until}", engineer=people[0].id, until=until)


def named(people: Sequence[Engineer]) -> str:
    """Return names for a sentence, of many only the first."""
    return ", ".join([e.id for e in people[:_NAMED]]) + (", …" if len(people) > _NAMED else "")

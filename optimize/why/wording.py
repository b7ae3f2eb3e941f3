"""What is said of an order: each sentence states figures that were found, and no more.

Engineers and orders stand in the sentences by their ids, as values of the phrases, so that a page can put
names in their place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from optimize.problem import Order
from optimize.why.model import Change, RuleStep, Way
from scenarios.phrases import Phrase, phrase

#: Least difference of cost that is spoken of: less is shown as 0.00.
EPS = 0.005


def rule_text(rule: str, removed: Sequence[str], remaining: int) -> Phrase:
    """Return whom a rule removes, as a sentence."""
    if not removed:
        return phrase("{rule}: removes nobody; {remaining} remain", rule=rule_name(rule), remaining=remaining)
    return phrase(
        "{rule}: removes {count} ({engineers}); {remaining} remain",
        rule=rule_name(rule),
        count=len(removed),
        engineers=", ".join(removed),
        remaining=remaining,
    )


def rule_name(rule: str) -> Phrase:
    """Return what a rule asks."""
    names: Mapping[str, Callable[[], Phrase]] = {
        "allowed": lambda: phrase("Serves the place, which is in the territory of the centre"),
        "skill": lambda: phrase("Has every skill needed"),
        "level": lambda: phrase("Has the level needed"),
        "language": lambda: phrase("Speaks a language of the site"),
        "security_pass": lambda: phrase("Holds the pass of the site"),
        "tools": lambda: phrase("Has the tools, or a depot to fetch them"),
        "parts": lambda: phrase("Has the parts, or a depot to fetch them"),
        "load": lambda: phrase("Can carry the load"),
        "pin": lambda: phrase("Is the one to whom it is pinned"),
        "hours": lambda: phrase("Works long enough at a time when it may begin"),
        "travel": lambda: phrase("Gets there and back in time with nothing else to do"),
        "away": lambda: phrase("Is not away when it could be done"),
        "crew": lambda: phrase("Can make up a crew for it with others, beside nothing else"),
        "depot": lambda: phrase("Can fetch what it needs on the way in time with nothing else to do"),
        "appointment": lambda: phrase("Can keep the appointment with the linked visit, beside nothing else"),
        "room": lambda: phrase("Has room in the plan as it stands"),
    }
    return names[rule]()


def nobody_text(rule: str, order: Order, count: int) -> Phrase:
    """Return that a rule leaves nobody for an order.

    Parameters
    ----------
    rule
        One of `optimize.rules.RULES`, or hours, travel, depot or appointment.
    order
        The order.
    count
        How many engineers the rules before it left.
    """
    needs: Mapping[str, Iterable[str]] = {
        "skill": order.skills,
        "level": (f"{skill} {level_name(level)}" for skill, level in order.skills.items()),
        "language": order.languages,
        "tools": order.tools,
        "security_pass": [order.security_pass or ""],
        "parts": (f"{part}:{units}" for part, units in order.parts.items()),
        "pin": [(order.pin and order.pin.engineer) or ""],
    }
    values = {"what": ", ".join(sorted(needs.get(rule, ()))), "count": count}
    texts: Mapping[str, Callable[[], Phrase]] = {
        "allowed": lambda: phrase("nobody serves the place ({count} asked)", **values),
        "skill": lambda: phrase("nobody who serves the place has the skill {what} ({count} asked)", **values),
        "level": lambda: phrase("nobody with the skill has the level: {what} ({count} asked)", **values),
        "language": lambda: phrase("nobody with skill and level speaks {what} ({count} asked)", **values),
        "security_pass": lambda: phrase(
            "nobody otherwise fit holds the pass {what} ({count} asked)", **values
        ),
        "tools": lambda: phrase(
            "nobody otherwise fit has the tools {what} or a store with them ({count} asked)", **values
        ),
        "parts": lambda: phrase(
            "nobody otherwise fit has the parts {what} or a store with them ({count} asked)", **values
        ),
        "load": lambda: phrase("nobody otherwise fit can carry the load ({count} asked)", **values),
        "pin": lambda: phrase("{what}, to whom it is pinned, is not fit for it", **values),
        "hours": lambda: phrase(
            "nobody otherwise fit works long enough when it may begin, for {hours:g} h of work "
            "({count} asked)",
            hours=order.duration,
            **values,
        ),
        "travel": lambda: phrase(
            "nobody otherwise fit gets there and back in time, even with nothing else to do ({count} asked)",
            **values,
        ),
        "depot": lambda: phrase(
            "nobody otherwise fit can fetch what it needs on the way in time ({count} asked)", **values
        ),
        "appointment": lambda: phrase(
            "nobody otherwise fit can keep the appointment with the linked visit ({count} asked)", **values
        ),
    }
    return texts[rule]()


def level_name(level: int) -> Phrase:
    """Return what a level of certification is called; by its number if it has no name."""
    names = (phrase("junior"), phrase("intermediate"), phrase("senior"), phrase("expert"))
    return names[level - 1] if 1 <= level <= len(names) else phrase("level {level}", level=level)


def served_text(engineer: str, start: float, price: float, drop_cost: float | None) -> Phrase:
    """Return how an order is served, and what that costs beside what leaving it would."""
    values = {"engineer": engineer, "start": start, "price": _change_of_cost(-price), "drop_cost": drop_cost}
    if drop_cost is None:
        return phrase(
            "{engineer} begins it at {start:.2f} h. Without it, the best plan found for everything else "
            "costs {price}; it may not be left for later.",
            **values,
        )
    if price > drop_cost + EPS:
        return phrase(
            "{engineer} begins it at {start:.2f} h. Without it, the best plan found for everything else "
            "costs {price}, and leaving it for later costs {drop_cost:.2f}: without it a plan is {net:.2f} "
            "cheaper.",
            net=price - drop_cost,
            **values,
        )
    return phrase(
        "{engineer} begins it at {start:.2f} h. Without it, the best plan found for everything else costs "
        "{price}; leaving it for later costs {drop_cost:.2f}.",
        **values,
    )


def _change_of_cost(extra: float) -> Phrase:
    if extra > EPS:
        return phrase("{extra:.2f} more", extra=extra)
    if extra < -EPS:
        return phrase("{extra:.2f} less", extra=-extra)
    return phrase("the same")


def left_out_text(way: Way, drop_cost: float | None) -> Phrase:
    """Return why an order is left for later although it could be served."""
    if drop_cost is None:
        return phrase(
            "It may not be left for later, and it can be served: {engineer} could begin it at {start:.2f} h.",
            engineer=", ".join(way.crew),
            start=way.start,
        )
    values = {
        "price": _change_of_cost(way.extra + drop_cost),
        "drop_cost": drop_cost,
        "net": abs(way.extra),
        "engineer": way.engineer,
        "start": way.start,
    }
    if way.extra < -EPS:
        return phrase(
            "A cheaper plan serves it: {engineer} begins it at {start:.2f} h, everything else costs {price}, "
            "and the {drop_cost:.2f} of leaving it are saved: {net:.2f} less in all.",
            **values,
        )
    return phrase(
        "With the cheapest way found to serve it ({engineer} at {start:.2f} h) everything else costs "
        "{price}; leaving it for later costs {drop_cost:.2f}, which is {net:.2f} cheaper.",
        **values,
    )


def in_place_text(way: Way | None) -> Phrase:
    """Return the cheapest place with everything else where it is."""
    if way is None:
        return phrase("With everything else where it is, nobody has room for it.")
    return phrase(
        "With everything else where it is, {engineer} at {start:.2f} h is the cheapest place: {difference}.",
        engineer=", ".join(way.crew),
        start=way.start,
        difference=difference(way.extra),
    )


def moves_text(way: Way) -> Phrase:
    """Return how many other orders change hands."""
    if len(way.moves) == 1 and way.moves[0].after is not None:
        return phrase("For this, one other order changes hands.")
    later = [move.order for move in way.moves if move.after is None]
    if later:
        return phrase(
            "For this, {count} other orders change hands, of which these are left for later: {orders}.",
            count=len(way.moves),
            orders=", ".join(later),
        )
    return phrase("For this, {count} other orders change hands.", count=len(way.moves))


def crew_text(people: Sequence[str]) -> Phrase:
    """Return who does an order that is for several people."""
    return phrase(
        "A crew of {count} does it together: {engineers}.", count=len(people), engineers=", ".join(people)
    )


def blocked_text(steps: Sequence[RuleStep], reason: Phrase | None, lost: Sequence[str]) -> Phrase:
    """Return that no plan serves an order: the rule that leaves nobody, or what would be left out for it.

    Parameters
    ----------
    steps
        Whom each rule removes.
    reason
        Why a rule leaves nobody, if one does.
    lost
        What plans that serve it leave out and must not.
    """
    if reason is not None:
        return phrase("Nobody can serve it: {reason}.", reason=reason)
    if not steps or not steps[-1].left:
        return phrase("Nobody can serve it: there is no engineer.")
    if lost:
        return phrase(
            "Plans that serve it leave out orders that may not be left for later: {orders}.",
            orders=", ".join(lost),
        )
    return phrase("Somebody could serve it with nothing else to do, but no plan was found that does.")


def better_text(saved: float) -> Phrase:
    """Return that the plan is not the cheapest one seen."""
    return phrase("On the way a plan was found that costs {saved:.2f} less than this one.", saved=saved)


def difference(extra: float) -> Phrase:
    """Return a difference to the plan in words."""
    if extra > EPS:
        return phrase("{extra:.2f} more than the plan", extra=extra)
    if extra < -EPS:
        return phrase("{extra:.2f} less than the plan", extra=-extra)
    return phrase("as much as the plan")


def refusal_text(engineer: str, rule: str) -> Phrase:
    """Return that an engineer may not have the order."""
    return phrase("{engineer} may not have it: {rule} fails", engineer=engineer, rule=rule_name(rule))


def forcing_text(engineer: str, way: Way | None, searched: bool) -> Phrase:
    """Return what it costs that an engineer has the order."""
    if way is None and searched:
        return phrase("No plan was found in which {engineer} has it.", engineer=engineer)
    if way is None:
        return phrase("{engineer} has no room with everything else where it is.", engineer=engineer)
    if searched:
        return phrase(
            "Given to {engineer}, the rest planned anew: {difference}.",
            engineer=engineer,
            difference=difference(way.extra),
        )
    return phrase(
        "Given to {engineer}, everything else where it is: {difference}.",
        engineer=engineer,
        difference=difference(way.extra),
    )


def slot_text(begins: float, ends: float, way: Way, *, late: bool) -> Phrase:
    """Return an appointment to offer; of one that is late, that it begins after the order is due."""
    if late:
        return phrase(
            "Begin between {begins:.2f} h and {ends:.2f} h, {engineer}: {difference}; after its due time.",
            begins=begins,
            ends=ends,
            engineer=", ".join(way.crew),
            difference=difference(way.extra),
        )
    return phrase(
        "Begin between {begins:.2f} h and {ends:.2f} h, {engineer}: {difference}.",
        begins=begins,
        ends=ends,
        engineer=", ".join(way.crew),
        difference=difference(way.extra),
    )


def remedy_text(changes: Sequence[Change], way: Way) -> Phrase:
    """Return changes that make a plan serve the order, and that plan."""
    together = _change_text(changes[0])
    for change in changes[1:]:
        together = phrase("{one}, and {other}", one=together, other=_change_text(change))
    return phrase(
        "With {changes}, {engineer} can begin it at {start:.2f} h.",
        changes=together,
        engineer=", ".join(way.crew),
        start=way.start,
    )


def _change_text(change: Change) -> Phrase:
    values = {"engineer": change.engineer, "what": change.what, "amount": change.amount}
    texts: Mapping[str, Callable[[], Phrase]] = {
        "level": lambda: _level_text(change),
        "certificate": lambda: phrase(
            "{engineer} certified for {what} as {level}", level=level_name(int(change.amount)), **values
        ),
        "language": lambda: phrase("{engineer} speaking {what}", **values),
        "pass": lambda: phrase("the pass {what} for {engineer}", **values),
        "allow": lambda: phrase("{engineer} sent beyond the territory of the centre", **values),
        "tool": lambda: phrase("the tool {what} in the van of {engineer}", **values),
        "part": lambda: phrase("{amount:g} more of {what} in the van of {engineer}", **values),
        "capacity": lambda: phrase("{amount:g} more load for {engineer}", **values),
        "unpin_engineer": lambda: phrase("its pin to {what} taken off", **values),
        "unpin_start": lambda: phrase("another start than the one that is pinned", **values),
        "later": lambda: phrase("a begin {amount:.2f} h later than allowed", **values),
        "earlier": lambda: phrase("a begin {amount:.2f} h earlier than allowed", **values),
        "over_shifts": lambda: phrase("the work going over several shifts"),
        "overtime": lambda: phrase("{amount:.2f} h more overtime for {engineer}", **values),
        "colleague": lambda: phrase(
            "one engineer more, at the place, with the hours of {engineer}", **values
        ),
    }
    return texts[change.kind]()


def _level_text(change: Change) -> Phrase:
    if change.amount == 1.0:
        return phrase("one level less needed in {what}", what=change.what)
    return phrase("{amount:g} levels less needed in {what}", amount=change.amount, what=change.what)

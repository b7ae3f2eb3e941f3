"""The sentences of an answer to Why in few lines: what says the same of many is said once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from scenarios.phrases import phrase
from ui.board.words import joined

if TYPE_CHECKING:
    from optimize.why import Forcing, Remedy, RuleStep, Slot
    from ui.language import Language

#: People who are named in a sentence.
_MOST_NAMED = 8


def listed(names: Sequence[str], say: Language) -> str:
    """Return names one after the other, of many only the first, and how many more there are."""
    shown, more = names[:_MOST_NAMED], len(names) - _MOST_NAMED
    if more > 0:
        shown = [*shown, say("and {n} others", n=more)]
    return joined(shown, say)


def in_few_lines(items: Sequence[RuleStep | Forcing | Slot | Remedy]) -> list[str]:
    """Return the sentences of a part of an answer.

    Rules that remove nobody are in one line, and so are all whom the same rule keeps from an order; engineers
    stand by their ids, separated by commas.

    Parameters
    ----------
    items
        The steps, forcings, appointments or remedies.
    """
    idle = [item for item in items if not getattr(item, "removed", True)]
    refused: dict[str, list[str]] = {}
    for item in items:
        if _is_refused(item):
            refused.setdefault(_rule(item), []).append(getattr(item, "engineer", ""))
    rest = [item for item in items if item not in idle and not _is_refused(item)]
    return [*(item.text for item in rest), *_of_nobody(idle), *_of_refused(refused)]


def _of_nobody(idle: Sequence[RuleStep | Forcing | Slot | Remedy]) -> Iterator[str]:
    if idle:
        rules = _rule(idle[0])
        for item in idle[1:]:
            rules = phrase("{one}; {other}", one=rules, other=_rule(item))
        yield phrase("Nobody is removed by: {rules}", rules=rules)


def _of_refused(refused: dict[str, list[str]]) -> Iterator[str]:
    for rule, engineers in refused.items():
        yield phrase("{rule}: this fails for {engineers}", rule=rule, engineers=", ".join(engineers))


def _is_refused(item: RuleStep | Forcing | Slot | Remedy) -> bool:
    return getattr(item, "way", item) is None and bool(getattr(item, "rule", None)) and bool(_rule(item))


def _rule(item: RuleStep | Forcing | Slot | Remedy) -> str:
    """Return the name of the rule that a sentence is about, as it stands in it."""
    rule: str = getattr(item.text, "values", {}).get("rule", "")
    return rule

"""What an alert or a suspension can do in a city, and who has asked for it so far.

Several may ask for the same thing at once: it is done when the first one asks and undone when the last one is
over, so that nothing is left behind. How it is done is the model's business.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Protocol

from scenarios.money_terms import TriggerTerms
from scenarios.rule_specs import OverflowSpec


class Levers(Protocol):
    """What the model lets be changed while it runs; cities are positions."""

    def widen(self, city: int) -> None:
        """Let orders of a city, waiting ones included, be served by the wide territory at once."""

    def narrow(self, city: int) -> None:
        """Take that back for what is offered from now on."""

    def open_partner(self, city: int, terms: OverflowSpec) -> None:
        """Let orders of a city, waiting ones included, go to a partner after the wait of these terms."""

    def close_partner(self, city: int) -> None:
        """Take that back."""

    def urge(self, city: int) -> None:
        """Let orders of a city, waiting ones included, move up by one priority."""

    def calm(self, city: int) -> None:
        """Take that back, for those that wait and for what comes."""


class Measures:
    """Who has pulled which lever.

    Parameters
    ----------
    levers
        The levers of the model.
    """

    def __init__(self, levers: Levers) -> None:
        self._levers = levers
        self._widened: Counter[int] = Counter()
        self._urged: Counter[int] = Counter()
        self._partners: defaultdict[int, list[OverflowSpec]] = defaultdict(list)

    def take(self, city: int, triggers: TriggerTerms) -> None:
        """Do in a city what is asked for, unless it is done already."""
        if triggers.mutual_aid:
            self._widened[city] += 1
            if self._widened[city] == 1:
                self._levers.widen(city)
        if triggers.reprioritise:
            self._urged[city] += 1
            if self._urged[city] == 1:
                self._levers.urge(city)
        if triggers.overflow is not None:
            self._partners[city].append(triggers.overflow)
            if len(self._partners[city]) == 1:
                self._levers.open_partner(city, triggers.overflow)

    def release(self, city: int, triggers: TriggerTerms) -> None:
        """Undo in a city what was asked for, unless somebody else still asks for it."""
        if triggers.mutual_aid:
            self._widened[city] -= 1
            if not self._widened[city]:
                self._levers.narrow(city)
        if triggers.reprioritise:
            self._urged[city] -= 1
            if not self._urged[city]:
                self._levers.calm(city)
        if triggers.overflow is not None:
            self._give_back(city, triggers.overflow)

    def _give_back(self, city: int, terms: OverflowSpec) -> None:
        """Undo one hand-over to a partner; of several the earliest is in force."""
        asked = self._partners[city]
        position = asked.index(terms)
        del asked[position]
        if position == 0:
            self._levers.close_partner(city)
            if asked:
                self._levers.open_partner(city, asked[0])

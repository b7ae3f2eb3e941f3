"""Engineers of a World and what orders ask of them: who is interchangeable, which orders wait together."""

from __future__ import annotations

from dataclasses import dataclass

from scenarios.absence_terms import AbsenceSpec, OnCallSpec
from scenarios.open_hours import OpenHours


@dataclass(frozen=True)
class EngineerSpec:
    """One engineer during one spell in which nothing about him changes.

    Parameters
    ----------
    name
        Of his post; whoever replaces him has it, too.
    centre, category, level
        Positions, and rank of his certification.
    shift
        When he is on the roster.
    cost_per_hour, overtime_factor
        Pay, and price of an hour outside the shift over one inside.
    absence
        Terms of leave, sickness, training and leaving.
    spell
        Instants in hours at which the spell begins and ends.
    on_call
        When he may be called beside his shift, if ever.
    """

    name: str
    centre: int
    category: int
    level: int
    shift: OpenHours
    cost_per_hour: float
    overtime_factor: float
    absence: AbsenceSpec
    spell: tuple[float, float]
    on_call: OnCallSpec | None = None


@dataclass(frozen=True)
class Category:
    """Engineers that are interchangeable to work rules.

    Parameters
    ----------
    centre
        Position of their centre.
    skills
        Position of each skill domain they hold, with their rank in it.
    languages
        Bit mask of the languages they speak.
    passes
        Positions of the security passes they hold.
    on_call
        Severities for which they may be called when they are off duty.
    """

    centre: int
    skills: tuple[tuple[int, int], ...]
    languages: int = 0
    passes: frozenset[int] = frozenset()
    on_call: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Need:
    """What an order asks of whoever serves it; orders with equal needs wait together.

    Parameters
    ----------
    territory
        Positions of the centres whose engineers may go.
    skill, level
        Position of the skill domain, and lowest rank.
    languages
        Bit mask of the languages of which one is enough; 0 admits everybody.
    security_pass
        Position of the pass that the site asks for, -1 for none.
    severity
        Severity, where somebody may be on call for it; else -1.
    crew, helper_level
        People it takes, and the lowest rank of those beside the first.
    """

    territory: tuple[int, ...]
    skill: int
    level: int
    languages: int = 0
    security_pass: int = -1
    severity: int = -1
    crew: int = 1
    helper_level: int = 0


@dataclass(frozen=True)
class Queue:
    """Orders that are alike to work rules, and who may serve them.

    Parameters
    ----------
    need
        What they ask for.
    categories, helpers, on_call
        Bit masks of the categories of engineers that may serve it on duty, that may be one of a crew beside
        the first, and that may be called when they are off duty.
    """

    need: Need
    categories: int
    helpers: int = 0
    on_call: int = 0

    @property
    def territory(self) -> tuple[int, ...]:
        """Return the positions of the centres whose engineers may go."""
        return self.need.territory

    @property
    def skill(self) -> int:
        """Return the position of the skill domain."""
        return self.need.skill

    @property
    def level(self) -> int:
        """Return the lowest rank."""
        return self.need.level

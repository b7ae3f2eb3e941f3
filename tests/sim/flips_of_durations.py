"""Flips of the figures of a duration, for each family, in hours and in days."""

from __future__ import annotations

from flips import Flip
from flips_of_people import team
from flips_of_service import service

#: Figures of each family, and another value of each.
_FAMILIES: dict[str, dict[str, tuple[float, float]]] = {
    "constant": {"mean": (2.0, 3.0)},
    "exponential": {"mean": (2.0, 3.0)},
    "uniform": {"low": (1.0, 2.0), "high": (4.0, 9.0)},
    "triangular": {"low": (1.0, 2.0), "mode": (3.0, 4.0), "high": (5.0, 9.0)},
    "gamma": {"mean": (2.0, 4.0), "cv": (0.5, 1.5)},
    "lognormal": {"mean": (2.0, 4.0), "cv": (0.5, 1.5)},
    "hyperexponential": {"mean": (2.0, 4.0), "cv": (1.5, 4.0)},
}
_SICK = {"absences.sick_spells_per_year": 15.0}


def _of_family(name: str, figure: str) -> list[Flip]:
    """Return the flips of one figure of a family: of hands-on hours, and of days of sickness."""
    figures = {"distribution": name} | {key: value for key, (value, _) in _FAMILIES[name].items()}
    other = _FAMILIES[name][figure][1]
    hours, days = "fault_types.plain.work_hours", "absences.sick_days"
    return [
        Flip(f"{hours}.{figure}", other, "visits.work_hours", service, given={hours: figures}),
        Flip(f"{days}.{figure}", other, "engineer_days.absent_hours", team, given={**_SICK, days: figures}),
    ]


#: By family and figure.
DURATIONS = {
    (name, figure): _of_family(name, figure) for name, figures in _FAMILIES.items() for figure in figures
}

"""Scenarios that are compared go on together: as many replications of each, until differences are precise.

Replications pair off, so those that one scenario has more than the baseline say nothing of their difference;
and what a comparison asks is how well the difference is known, not the levels.
"""

from __future__ import annotations

from collections.abc import Sequence

from sim.comparison import paired_differences
from sim.course import Course
from sim.experiment import each_by_itself


def in_step(courses: Sequence[Course]) -> Sequence[Course]:
    """Let all scenarios go on until the differences of each from the first are precise enough.

    Parameters
    ----------
    courses
        The courses at their checkpoint, which is the same of all, the baseline's first. One alone goes on
        until its own figures are precise enough.

    Returns
    -------
    Sequence
        All courses, or none.
    """
    if len(courses) < 2:
        return each_by_itself(courses)
    if _precise_enough(courses):
        return []
    return courses if all([course.advance() for course in courses]) else []


def _precise_enough(courses: Sequence[Course]) -> bool:
    """Return whether every half-width asked for is reached by the differences that there are."""
    baseline, *others = courses
    wanted = baseline.options.precision
    if not wanted:
        return True
    known, confidence = baseline.up_to_checkpoint(), baseline.world.confidence
    for other in others:
        found = paired_differences(known, other.up_to_checkpoint(), confidence, len(others))
        for kpi, width in wanted.items():
            low, high = (found.get(kpi, {}).get(end, 0.0) for end in ("ci_low", "ci_high"))
            if low is None or high is None or (high - low) / 2.0 > width:
                return False
    return True

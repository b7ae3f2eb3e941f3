"""What a job is to do, and how that is kept in a file; nothing here says how it is done."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")


class JobError(ValueError):
    """Something that cannot be asked of a job; the message is for people."""


@dataclass(frozen=True)
class JobSpec:
    """What a job is to do.

    Parameters
    ----------
    title
        What people call it.
    scenarios
        Documents of the scenarios, as `scenarios.from_document` takes them (or with `extends`, the name of a
        scenario of the library), the baseline first, each with a `name` of its own.
    replications
        Replications of each, 1 or more; with a precision, those to begin with.
    seed, days
        Seed and length of a replication in days; the baseline's seed, and each scenario's days, when absent.
    precision
        KPI -> half-width, in the KPI's unit, up to which replications are added to all scenarios alike: of
        each paired difference from the baseline, or of the level where there is one scenario.
    most_replications
        Replications at which a job with a precision gives up; those of `sim.Options` when absent.
    origin
        What the page that made it wants to find again.
    """

    title: str
    scenarios: tuple[dict[str, Any], ...]
    replications: int
    seed: int | None = None
    days: float | None = None
    precision: Mapping[str, float] = field(default_factory=dict)
    most_replications: int | None = None
    origin: Mapping[str, Any] = field(default_factory=dict)

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names of the scenarios, the baseline first."""
        return tuple(str(document.get("name")) for document in self.scenarios)

    def as_json(self) -> dict[str, Any]:
        """Return the spec as a JSON object."""
        return {**asdict(self), "precision": dict(self.precision), "origin": dict(self.origin)}


def spec_from_json(content: Mapping[str, Any]) -> JobSpec:
    """Return the spec that `JobSpec.as_json` wrote.

    Raises
    ------
    KeyError, TypeError
        If it is none.
    """
    return JobSpec(**{**content, "scenarios": tuple(dict(d) for d in content["scenarios"])})


def check_spec(spec: JobSpec) -> None:
    """Refuse a spec that no process could begin with; scenarios are checked by the job itself.

    Raises
    ------
    JobError
        If it has no scenario, names that are none or the same, or no replication.
    """
    from scenarios.phrases import phrase  # heavy through its package, and only needed for a refusal

    if not spec.scenarios:
        raise JobError(phrase("there is no scenario to simulate"))
    for name in spec.names:
        if not _NAME.fullmatch(name):
            raise JobError(phrase("{name} cannot be the name of a scenario", name=name))
    if len(set(spec.names)) < len(spec.names):
        raise JobError(phrase("two scenarios have the same name"))
    if spec.replications < 1:
        raise JobError(phrase("a job needs one replication or more"))

"""Fault types as the model runs them: stages by position, with those that a diagnosis adds.

Where a fault type is diagnosed on site, or may be misdiagnosed, a stage of the document becomes several of
the World, so that what a visit takes and what follows it depend on the stage alone:

- as it is entered, at the report or after work from afar: with the diagnosis;
- again, after another visit on site: without it;
- mistaken: the visit of a wrong diagnosis, after which it is entered anew.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from scenarios.care_specs import AttemptSpec, GuidanceSpec
from scenarios.fault_specs import ExpertSpec, FaultSpec, StageSpec
from scenarios.fields import Level, Severity
from scenarios.schema import Scenario
from scenarios.work import FaultType, Stage
from scenarios.world import Names

#: Name of the visit of a wrong diagnosis.
MISDIAGNOSED = "misdiagnosed"
_SEVERITIES = tuple(Severity)
_RANKS = tuple(Level)

Following = tuple[tuple[int, float], ...]


def stages_of(fault: FaultType) -> dict[str, Stage]:
    """Return a fault type's stages; one visit that may have to be repeated where it lists none."""
    if fault.stages:
        return fault.stages
    assert fault.skill is not None and fault.work_hours is not None  # checked: it has no stages
    repeats = {level: 1.0 - fixed for level, fixed in fault.first_time_fix.items()}
    alike = len(set(repeats.values())) == 1
    visit = Stage(
        skill=fault.skill,
        level=fault.level,
        work_hours=fault.work_hours,
        next=_again(next(iter(repeats.values()))) if alike else {},
        next_by_level={} if alike else {level: _again(chance) for level, chance in repeats.items()},
    )
    return {"visit": visit}


def _again(chance: float) -> dict[str, float]:
    return {"visit": chance} if chance > 0.0 else {}


def stage_names(scenarios: Iterable[Scenario]) -> tuple[str, ...]:
    """Return what the visits of some scenarios may be called."""
    names = dict.fromkeys(["visit"])
    for s in scenarios:
        for fault in s.fault_types.values():
            names.update(dict.fromkeys(fault.stages))
            if fault.misdiagnosis is not None:
                names[MISDIAGNOSED] = None
    return tuple(names)


def chances(stage: Stage, rank: int) -> dict[str, float]:
    """Return the chance of each stage that may follow one that somebody of a rank did."""
    listed = [level for level in stage.next_by_level if level.rank <= rank]
    return stage.next_by_level[max(listed, key=lambda level: level.rank)] if listed else stage.next


def compile_fault(fault: FaultType, names: Names) -> FaultSpec:
    """Return a fault type with names as positions.

    Parameters
    ----------
    fault
        The fault type.
    names
        Labels of positions.
    """
    stages = _Stages(fault, names)
    return FaultSpec(
        severity=_SEVERITIES.index(fault.severity),
        priority=fault.priority or fault.severity.priority,
        triage_hours=fault.triage_hours,
        pause_probability=fault.pause.probability if fault.pause else 0.0,
        pause_hours=fault.pause.hours if fault.pause else None,
        part=names.parts.index(fault.part.part) if fault.part else -1,
        part_probability=fault.part.probability if fault.part else 0.0,
        part_quantity=fault.part.quantity if fault.part else 0,
        devices_down=fault.devices_down,
        outdoor=fault.outdoor,
        stages=stages.compiled(),
        delay_hours=fault.delay_hours,
        attempts=_attempts(fault),
        misdiagnosis=fault.misdiagnosis.probability if fault.misdiagnosis else 0.0,
        misdiagnosed_stage=stages.mistaken.get(0, -1),
        verification_hours=fault.verification_hours,
    )


def _attempts(fault: FaultType) -> tuple[AttemptSpec, ...]:
    """Return the ways to restore an order from afar, in the order in which they are tried."""
    found = []
    if fault.self_help is not None:
        guide = fault.self_help
        found.append(AttemptSpec("self_help", guide.use, guide.success, guide.hours))
    if fault.remote is not None:
        session = fault.remote
        found.append(AttemptSpec("remote", session.use, session.success, session.hours, session.opens or ""))
    return tuple(found)


class _Stages:
    """The stages of one fault type, and where each stands as it is entered, again, and mistaken.

    Parameters
    ----------
    fault
        The fault type.
    names
        Labels of positions.

    Attributes
    ----------
    entered
        Positions of the stages on site that an order comes to at first or after work from afar.
    again, mistaken
        Position of a stage without its diagnosis, and as a wrong diagnosis, where there is such a one.
    """

    def __init__(self, fault: FaultType, names: Names) -> None:
        self._fault = fault
        self._names = names
        self._stages = list(stages_of(fault).values())
        self._keys = list(stages_of(fault))
        self.entered = self._entered()
        count = len(self._stages)
        diagnosed = fault.diagnosis_hours.expected > 0.0
        returned = self._followers(on_site=True) & self.entered if diagnosed else set()
        self.again = {stage: count + i for i, stage in enumerate(sorted(returned))}
        count += len(self.again)
        wrong = self.entered if fault.misdiagnosis is not None else set()
        self.mistaken = {stage: count + i for i, stage in enumerate(sorted(wrong))}

    def compiled(self) -> tuple[StageSpec, ...]:
        """Return the stages of the World by position."""
        return (
            *(self._spec(stage, diagnosed=stage in self.entered) for stage in range(len(self._stages))),
            *(self._spec(stage, diagnosed=False) for stage in sorted(self.again)),
            *(self._mistake(stage) for stage in sorted(self.mistaken)),
        )

    def _entered(self) -> set[int]:
        first = {0} if self._stages[0].on_site else set()
        return first | {f for f in self._followers(on_site=False) if self._stages[f].on_site}

    def _followers(self, *, on_site: bool) -> set[int]:
        """Return the stages that may follow one on site, or one away from it."""
        return {
            self._keys.index(target)
            for stage in self._stages
            if stage.on_site is on_site
            for ways in (stage.next, *stage.next_by_level.values())
            for target, chance in ways.items()
            if chance > 0.0
        }

    @cached_property
    def _expert(self) -> ExpertSpec | None:
        """Return who helps from afar, his skill domain -1 where it is that of the visit."""
        expert = self._fault.remote_expert
        if expert is None:
            return None
        skill = self._names.skills.index(expert.skill) if expert.skill is not None else -1
        return ExpertSpec(skill, expert.level.rank, expert.speedup)

    def _spec(self, position: int, *, diagnosed: bool) -> StageSpec:
        stage, fault = self._stages[position], self._fault
        skill = self._names.skills.index(stage.skill)
        crew = (stage.crew or fault.crew) if stage.on_site else None
        guidance = (stage.ar or fault.ar) if stage.on_site else None
        expert = self._expert if stage.on_site else None
        if expert is not None and expert.skill < 0:
            expert = ExpertSpec(skill, expert.level, expert.speedup)
        by_level: tuple[Following, ...] = ()
        if stage.next_by_level:
            by_level = tuple(self._following(stage, level.rank) for level in _RANKS)
        return StageSpec(
            name=self._keys[position],
            skill=skill,
            level=stage.level.rank,
            work_hours=stage.work_hours,
            on_site=stage.on_site,
            following=self._following(stage, stage.level.rank),
            following_by_level=by_level,
            crew=crew.size if crew else 1,
            helper_level=crew.level.rank if crew else 0,
            reserve_after_hours=crew.reserve_after_hours if crew else 0.0,
            expert=expert,
            restores=stage.restores,
            diagnosis=fault.diagnosis_hours if diagnosed and fault.diagnosis_hours.expected > 0.0 else None,
            guidance=GuidanceSpec(guidance.use, guidance.factor) if guidance else None,
        )

    def _mistake(self, position: int) -> StageSpec:
        """Return the visit of a wrong diagnosis, in place of a stage."""
        right, wrong = self._spec(position, diagnosed=True), self._fault.misdiagnosis
        assert wrong is not None  # there is a mistaken stage
        return StageSpec(
            name=MISDIAGNOSED,
            skill=self._names.skills.index(wrong.skill) if wrong.skill is not None else right.skill,
            level=wrong.level.rank if wrong.level is not None else right.level,
            work_hours=right.work_hours,
            on_site=True,
            following=((position, 1.0),),
            crew=right.crew,
            helper_level=right.helper_level,
            reserve_after_hours=right.reserve_after_hours,
            diagnosis=right.diagnosis,
            work_share=wrong.work_share,
            believed_hours=right.expected_hours,
        )

    def _following(self, stage: Stage, rank: int) -> Following:
        """Return the positions that follow, with their cumulated chances."""
        found: list[tuple[int, float]] = []
        total = 0.0
        for key, chance in chances(stage, rank).items():
            target = self._keys.index(key)
            total += chance
            if stage.on_site:
                found.append((self.again.get(target, target), min(total, 1.0)))
                continue
            if target in self.mistaken and self._fault.misdiagnosis is not None:
                # The right visit keeps the lower part of the interval: without mistakes its draws lead there.
                right = total - chance * self._fault.misdiagnosis.probability
                found += [(target, min(right, 1.0)), (self.mistaken[target], min(total, 1.0))]
                continue
            found.append((target, min(total, 1.0)))
        return tuple(found)

"""What the Scenario Lab holds between two clicks: the study, earlier ones to go back to, its address.

The study in the session is the truth and widgets only show it; it is also in the address, so that a reload or
a copied link brings it back. What a study means is the matter of `study` and `checking`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import streamlit as st

from scenarios import ScenarioError
from ui.access import Access
from ui.jobs import Job, JobStore
from ui.lab.baselines import Baseline, open_baseline
from ui.lab.checking import Finding, document_of, missing_things, problems_of, warnings_of
from ui.lab.study import (
    Edit,
    Study,
    Variant,
    edited,
    new_study,
    study_from_text,
    study_to_text,
    value_at,
    with_edit,
)
from ui.language import Language

DEFAULT_BASELINE = "asean15"
SAMPLE = "sample"
_STATE = "lab"
_LONGEST_ADDRESS = 1800
_MOST_UNDO = 40
_DRAFT = re.compile(r"draft-([0-9a-f]{24})")


class Desk:
    """The study that one person works on.

    Parameters
    ----------
    say
        The language.
    store
        The jobs.
    access
        What the person may do.
    """

    def __init__(self, say: Language, store: JobStore, access: Access) -> None:
        self.say, self.store, self.access = say, store, access
        self.folder = Path(store.folder)
        self._state: dict[str, Any] = st.session_state.setdefault(_STATE, {})
        if self._address() != self._state.get("address"):
            self._arrive()
        self.baseline: Baseline = self._open_baseline()
        self._current: dict[str, Any] | None = None
        #: Keys of the study whose field on the page holds what may not be.
        self.refused: list[str] = []
        #: Whether a part of the page looks for the first cards of a job.
        self.awaits_cards = False
        self._framed: tuple[Baseline, tuple[Any, ...], dict[str, Any]] | None = None

    @property
    def saved_folder(self) -> Path:
        """Return where saved scenarios are."""
        return self.folder / "scenarios"

    @property
    def study(self) -> Study:
        """Return the study."""
        study: Study = self._state["study"]
        return study

    @property
    def position(self) -> int:
        """Return which what-if is being worked on."""
        return min(int(self._state.get("position", 0)), len(self.study.variants) - 1)

    @property
    def variant(self) -> Variant:
        """Return the what-if that is being worked on."""
        return self.study.variants[self.position]

    @property
    def job_id(self) -> str:
        """Return the id of the job whose results are shown; empty for none."""
        return str(self._state.get("job", ""))

    @property
    def framed(self) -> Mapping[str, Any]:
        """Return the baseline's document with the study's own start, length and seed."""
        known = (self.study.start, self.study.days, self.study.seed, self.study.replications)
        if self._framed is None or self._framed[0] is not self.baseline or self._framed[1] != known:
            self._framed = (self.baseline, known, document_of(self.study, self.baseline.document))
        return self._framed[2]

    @property
    def current(self) -> Mapping[str, Any]:
        """Return the document of the what-if, the baseline's where its edits cannot be made."""
        if self._current is None:
            try:
                self._current = edited(self.framed, self.variant.edits)
            except ScenarioError:
                self._current = dict(self.framed)
        return self._current

    def value(self, key: str) -> Any:
        """Return what stands at a dotted key of the what-if."""
        return value_at(self.current, key)

    def framed_value(self, key: str) -> Any:
        """Return what stands at a dotted key of the baseline."""
        return value_at(self.framed, key)

    def key(self, name: str) -> str:
        """Return the key of a widget, a new one when what it shows was changed elsewhere."""
        return f"lab-{self._state.get('revision', 0)}-{self.position}-{name}"

    def job(self) -> Job | None:
        """Return the job whose results are shown, None for none."""
        try:
            return self.store.job(self.job_id) if self.job_id else None
        except (KeyError, ValueError, OSError):
            return None

    def set(self, key: str, value: Any) -> None:
        """Give a key of the what-if a value, unless it has it."""
        if self.value(key) != value:
            self.make(Edit(key, value))

    def make(self, edit: Edit) -> None:
        """Add an edit to the what-if."""
        self.replace_variant(with_edit(self.variant, edit, self.framed))

    def replace_variant(self, variant: Variant, fresh: bool = False) -> None:
        """Put a what-if in the place of the one that is being worked on."""
        variants = list(self.study.variants)
        variants[self.position] = variant
        self.put(replace(self.study, variants=tuple(variants)), fresh)

    def put(self, study: Study, fresh: bool = False) -> None:
        """Make a study the one on the desk; the one before it can be taken back.

        Parameters
        ----------
        study
            The study.
        fresh
            Whether widgets are to be made anew, because it was not they that changed it.
        """
        if study == self.study:
            return
        earlier: list[Study] = self._state.setdefault("earlier", [])
        earlier.append(self.study)
        del earlier[:-_MOST_UNDO]
        self._set(study, fresh)
        self.baseline = self._open_baseline()

    def remove_other_than(self, edits: tuple[Edit, ...]) -> None:
        """Keep only these edits of the what-if."""
        self.replace_variant(replace(self.variant, edits=edits), fresh=True)

    def put_fresh(self) -> None:
        """Let widgets be made anew the next time: the study was changed by a button, not by them."""
        self._state["revision"] = self._state.get("revision", 0) + 1

    def can_undo(self) -> bool:
        """Return whether there is an earlier study."""
        return bool(self._state.get("earlier"))

    def undo(self) -> None:
        """Take the last change back."""
        earlier: list[Study] = self._state.get("earlier", [])
        if earlier:
            self._set(earlier.pop(), True)

    def select(self, position: int) -> None:
        """Work on another what-if."""
        self._state["position"] = position
        self._current = None

    def show_job(self, identity: str) -> None:
        """Show the results of a job, which is in the address from now on."""
        self._state["job"] = identity
        self._state["ran"] = study_to_text(self.study)
        st.query_params["job"] = identity
        st.query_params.pop("study", None)
        self._note_address()

    def is_changed(self) -> bool:
        """Return whether the study is another one than that of the results shown."""
        return bool(self.job_id) and self._state.get("ran") != study_to_text(self.study)

    def problems(self) -> list[list[Finding]]:
        """Return what keeps each what-if from being simulated; kept until the study changes."""
        text = study_to_text(self.study)
        kept = self._state.get("problems")
        if kept is None or kept[0] is not self.baseline or kept[1] != text:
            numbers = range(len(self.study.variants))
            kept = self.baseline, text, [problems_of(self.study, n, self.baseline.document) for n in numbers]
            self._state["problems"] = kept
        found: list[list[Finding]] = kept[2]
        return found

    def missing(self) -> dict[int, list[tuple[str, str]]]:
        """Return what the edits of the what-if are about and the baseline lacks, by position of the edit."""
        return missing_things(self.framed, self.variant.edits)

    def ask_anew(self) -> None:
        """Begin with one empty what-if of the same baseline; what was on the desk can be brought back."""
        title = self.say("What-if {number}", number=1)
        self.put(replace(self.study, variants=new_study(self.study.baseline, title).variants), fresh=True)
        self.select(0)

    def show_sample_study(self) -> None:
        """Put the what-ifs of the run shown on the desk."""
        of_job = self._study_of(self.job())
        if of_job is not None:
            self._state["ran"] = study_to_text(of_job)
            self.put(of_job, fresh=True)
            self.select(0)

    def doubts(self) -> list[Finding]:
        """Return what is doubtful about the what-if being worked on; kept until it changes."""
        text = f"{self.position} {study_to_text(self.study)}"
        kept = self._state.get("doubts")
        if kept is None or kept[0] is not self.baseline or kept[1] != text:
            kept = self.baseline, text, warnings_of(self.study, self.position, self.baseline.document)
            self._state["doubts"] = kept
        found: list[Finding] = kept[2]
        return found

    def notice(self, text: str = "") -> str:
        """Note a message for the next time the page is drawn, and return the one noted before."""
        before = str(self._state.get("notice", ""))
        self._state["notice"] = text
        return before

    def tell(self, text: str = "") -> str:
        """Note good news for the next time the page is drawn, and return what was noted before."""
        before = str(self._state.get("news", ""))
        self._state["news"] = text
        return before

    def _set(self, study: Study, fresh: bool) -> None:
        self._state["study"] = study
        self._current = None
        if fresh:
            self._state["revision"] = self._state.get("revision", 0) + 1
        self._write_address()

    def _write_address(self) -> None:
        """Put the study into the address, by name of a draft where it is too long."""
        text = study_to_text(self.study)
        if self._state.get("job") and text == self._state.get("ran"):
            st.query_params.pop("study", None)
        elif len(text) <= _LONGEST_ADDRESS:
            st.query_params["study"] = text
        else:
            digest = hashlib.sha256(text.encode()).hexdigest()[:24]
            drafts = self.folder / "drafts"
            drafts.mkdir(parents=True, exist_ok=True)
            (drafts / f"{digest}.txt").write_text(text, encoding="ascii")
            st.query_params["study"] = f"draft-{digest}"
        self._note_address()

    def _address(self) -> tuple[str, str]:
        return st.query_params.get("job", ""), st.query_params.get("study", "")

    def _note_address(self) -> None:
        self._state["address"] = self._address()

    def _arrive(self) -> None:
        """Take study and job from the address, as after a reload or a click on a link."""
        job, text = self._address()
        if not job and not text and self._state.get("study"):
            self._note_address()
            return
        say = self.say
        self._state["job"] = job or (SAMPLE if not text else "")
        found = self.job()
        if found is None and job:
            self.notice(say("There is no run {id} here.", id=job))
        if found is None:
            self._state["job"] = ""
        of_job = self._study_of(found) if job else None  # the sample shown first is nobody's question
        self._state["ran"] = study_to_text(of_job) if of_job else ""
        study = self._read(text) if text else None
        if text and study is None:
            self.notice(say("The study in the address cannot be read; it may have been cut off."))
        title = self.say("What-if {number}", number=1)
        self._state["study"] = study or of_job or new_study(DEFAULT_BASELINE, title)
        self._state["revision"] = self._state.get("revision", 0) + 1
        self._state["position"] = 0
        self._state["earlier"] = []
        self._note_address()

    def _study_of(self, job: Job | None) -> Study | None:
        """Return the study that a job was made from, None where it does not say."""
        text = job.spec.origin.get("study") if job else None
        return self._read(text) if isinstance(text, str) else None

    def _read(self, text: str) -> Study | None:
        draft = _DRAFT.fullmatch(text)
        try:
            if draft:
                text = (self.folder / "drafts" / f"{draft[1]}.txt").read_text(encoding="ascii")
            return study_from_text(text)
        except (OSError, ValueError):
            return None

    def _open_baseline(self) -> Baseline:
        """Return the baseline of the study; where it is not to be had any more, the usual one."""
        try:
            return open_baseline(self.study.baseline, self.saved_folder)
        except ScenarioError:
            name, say = self.study.baseline, self.say
            self.notice(
                say(
                    "The baseline {name} is not to be had; {other} is used.",
                    name=name,
                    other=DEFAULT_BASELINE,
                )
            )
            self._state["study"] = replace(self.study, baseline=DEFAULT_BASELINE)
            return open_baseline(DEFAULT_BASELINE, self.saved_folder)

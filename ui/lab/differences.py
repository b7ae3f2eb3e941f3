"""What a what-if changes, in words: one row for each edit, with what stood there before and what does now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from scenarios import ScenarioError, documents
from ui.lab.fields import Field, field_at, steps
from ui.lab.study import Edit, edited, value_at
from ui.language import Language

_LONGEST_LABEL = 44
_LONGEST_VALUE = 90
#: Sections whose name says nothing beside that of the thing in it.
_SILENT = ("centres", "engineers", "sites", "cities", "countries", "customers", "calendars", "parts")
_WEATHERS = ("rain", "storm", "typhoon", "flood", "heat")


@dataclass(frozen=True)
class Difference:
    """One edit in words.

    Parameters
    ----------
    position
        Position of the edit in its what-if.
    key
        Dotted key.
    subject
        What it is about, as "Medan station, technicians".
    label
        What of it is different, as "head count".
    unit
        Unit of the values; empty for none.
    before, after
        What stood there and what does now; empty where nothing did or does.
    """

    position: int
    key: str
    subject: str
    label: str
    unit: str
    before: str
    after: str

    @property
    def sentence(self) -> str:
        """Return the whole row as one line."""
        change = " → ".join(part for part in (self.before, self.after) if part)
        return ": ".join(part for part in (self.subject, f"{self.label} {change}".strip()) if part)


def differences(baseline: Mapping[str, Any], edits: Sequence[Edit], say: Language) -> list[Difference]:
    """Return what edits change, in their order.

    Parameters
    ----------
    baseline
        The resolved document of the baseline.
    edits
        The edits of a what-if.
    say
        The language.
    """
    return [
        _row(number, edit, baseline, _until(baseline, edits, number), say)
        for number, edit in enumerate(edits)
    ]


def _until(baseline: Mapping[str, Any], edits: Sequence[Edit], number: int) -> Mapping[str, Any]:
    """Return the document as it is after an edit, or the baseline where it cannot be made.

    Only sections that edits bring have to be there to name what is in them.
    """
    brought = [e for e in edits[: number + 1] if isinstance(e.value, dict) and e.how == "set"]
    if not brought or edits[number].how != "set":
        return baseline
    try:
        return edited(baseline, brought)
    except ScenarioError:
        return baseline


def _row(
    number: int, edit: Edit, before: Mapping[str, Any], after: Mapping[str, Any], say: Language
) -> Difference:
    """Return one edit in words."""
    currency = str(value_at(before, "currency.code") or "")
    if edit.how == "add" and isinstance(edit.value, Mapping):
        return _added(number, edit, before, say)
    old = value_at(before, edit.key)
    if edit.how == "drop":
        what = item_text(edit.key.split(".")[0], old, before, say)
        parent = say.term("field", edit.key.split(".")[0])
        return Difference(
            number, edit.key, parent, "", "", what or subject_of(edit.key, before, say), say("removed")
        )
    people = people_text(edit.value, say)
    if old is None and people and ".engineers." in edit.key:
        centre = subject_of(edit.key.partition(".engineers.")[0], after, say)
        return Difference(number, edit.key, centre, "", "", "", say("{people} added", people=people))
    found = field_at(before, edit.key) or field_at(after, edit.key)
    unit = say.unit(found.unit, currency) if found else ""
    return Difference(
        number,
        edit.key,
        subject_of(edit.key, after, say),
        label_of(edit.key, found, after, say),
        unit,
        "" if old is None else value_text(found, old, before, say),
        say("not set") if edit.value is None else value_text(found, edit.value, after, say),
    )


def _added(number: int, edit: Edit, before: Mapping[str, Any], say: Language) -> Difference:
    """Return an item that is added to a list in words."""
    value = edit.value
    if edit.key == "changes":
        inner = differences(before, [Edit(k, v) for k, v in value.get("set", {}).items()], say)
        when = say("From {date}", date=_day(value.get("from"), say))
        text = "; ".join(row.sentence for row in inner)
        return Difference(number, edit.key, when, "", "", "", text)
    subject = say.term("field", edit.key)
    if edit.key == "disruptions":
        return Difference(number, edit.key, disruption_text(value, before, say), "", "", "", say("added"))
    return Difference(
        number, edit.key, subject, "", "", "", item_text(edit.key, value, before, say) + " " + say("added")
    )


def item_text(section: str, item: Any, document: Mapping[str, Any], say: Language) -> str:
    """Return an item of a list in a few words."""
    if not isinstance(item, Mapping):
        return "" if item is None else short(item)
    if section == "disruptions":
        return disruption_text(item, document, say)
    if section == "changes":
        return say("From {date}", date=_day(item.get("from"), say))
    return str(item.get("title") or say.name(section, str(item.get("name", ""))))


def disruption_text(item: Mapping[str, Any], document: Mapping[str, Any], say: Language) -> str:
    """Return a disruption in words: what, where, when, how long."""
    what = say.term("disruption", str(item.get("kind", "")))
    places = [
        thing_name(section, str(name), document, say)
        for section in ("countries", "cities", "centres")
        for name in _listed(item.get(section))
    ]
    where = say("everywhere") if not places else say(", ").join(places)
    parts = [what] if item.get("kind") in ("supplier_outage",) else [what, where]
    days, hours = item.get("days"), item.get("hours")
    if days is not None:
        parts.append(say.many("{n} day", "{n} days", float(days)))
    elif hours is not None:
        parts.append(say.many("{n} hour", "{n} hours", float(hours)))
    parts.append(say("from {date}", date=_day(item.get("from"), say)))
    return say(", ").join(parts)


def _listed(value: Any) -> Sequence[Any]:
    if value is None:
        return ()
    return value if isinstance(value, list | tuple) else (value,)


def _day(value: Any, say: Language) -> str:
    """Return a date, or a date and time, by the language."""
    try:
        instant = datetime.fromisoformat(str(value))
    except ValueError:
        return str(value)
    text = say.date(date(instant.year, instant.month, instant.day))
    return text if len(str(value)) <= 10 else f"{text} {instant:%H:%M}"


def thing_name(section: str, key: str, document: Mapping[str, Any], say: Language) -> str:
    """Return what a thing of a section is called."""
    things = document.get(section)
    thing = things.get(key) if isinstance(things, Mapping) else None
    shown = str(thing.get("name") or "") if isinstance(thing, Mapping) else ""
    return say.name(section, key, shown)


def subject_of(key: str, document: Mapping[str, Any], say: Language) -> str:
    """Return what a dotted key is about: the things on its way by name, other sections in words."""
    way = steps(document, key)
    names: list[str] = []
    for number, step in enumerate(way):
        if step.section:
            shown = step.value.get("name") if isinstance(step.value, Mapping) else None
            named = thing_name(_home(step.section), step.part, document, say)
            own = say.name(step.section, step.part, str(shown)) if shown and shown != step.part else named
            names.append(own)
        elif number < len(way) - 1 and step.part not in (*_SILENT, "targets"):
            names.append(say.term("field", step.part))
    if len(way) == 1 and not names:
        return ""
    return say(", ").join(names)


def _home(section: str) -> str:
    """Return the section that defines what another section lists by name."""
    return {"depot": "parts", "van": "parts", "devices": "device_types", "faults": "fault_types"}.get(
        section, section
    )


def label_of(key: str, found: Field | None, document: Mapping[str, Any], say: Language) -> str:
    """Return what a key is called: its meaning where that is short, else its name in words."""
    last = steps(document, key)[-1]
    if key.rpartition(".")[0].endswith(".targets"):
        return say.term("clock", last.part)
    if last.section:
        if last.section in ("engineers", "centres", "sites", "cities", "depot"):
            return ""
        return say.term("field", last.section)
    text = found.description if found else ""
    about_names = text.startswith(("Key of", "Name of", "Name shown"))
    if text and not about_names and len(text) <= _LONGEST_LABEL and not any(sign in text for sign in ";,:`("):
        return say.described(text)
    return say.term("field", last.part)


def value_text(found: Field | None, value: Any, document: Mapping[str, Any], say: Language) -> str:
    """Return a value as people write it, with its unit."""
    if value is None:
        return say("not set")
    if isinstance(value, bool):
        return say("yes") if value else say("no")
    unit = say.unit(found.unit, str(value_at(document, "currency.code") or "")) if found else ""
    if isinstance(value, int | float):
        return f"{_figure(value, say)} {unit}".strip()
    if isinstance(value, str):
        return _word(found, value, document, say)
    if isinstance(value, list | tuple) and all(isinstance(v, str | int | float) for v in value):
        return say(", ").join(_word(found, str(v), document, say) for v in value) or say("none")
    if isinstance(value, Mapping):
        return _section_text(found, value, say)
    return short(value)


def _figure(value: float, say: Language) -> str:
    """Return a figure as it was entered: no digit of it is lost."""
    text = f"{value:.10g}"
    places = len(text.partition(".")[2]) if "e" not in text else None
    return text if places is None else say.number(value, places)


def _word(found: Field | None, value: str, document: Mapping[str, Any], say: Language) -> str:
    if found is None:
        return value
    if found.kind == "date":
        return _day(value, say)
    if found.key == "dispatch.policy":
        return say.term("policy", value)
    if found.kind == "choice" or not found.free:
        return choice_text(found, value, say)
    if found.choices and value in found.choices:
        for section in (
            "centres",
            "cities",
            "countries",
            "customers",
            "sites",
            "parts",
            "fault_types",
            "device_types",
        ):
            if value in document.get(section, {}):
                return thing_name(section, value, document, say)
        return say.name("calendars", value)
    return value


def choice_text(found: Field, value: Any, say: Language) -> str:
    """Return what a choice is called."""
    kinds = {"severities": "severity", "severity": "severity", "level": "level", "kind": "disruption"}
    kind = kinds.get(found.name, "choice")
    if found.name == "level" and value in ("hq", "regional", "local", "partner"):
        kind = "centre_level"
    if found.name == "kind" and not found.key.startswith("disruptions"):
        kind = "choice"
    return say.term(kind, str(value))


def people_text(value: Any, say: Language) -> str:
    """Return a group of engineers by number and level; empty for anything else."""
    if not isinstance(value, Mapping) or "count" not in value or "level" not in value:
        return ""
    level = say.term("level", str(value["level"]))
    return say("{number} × {level}", number=say.number(float(value["count"])), level=level)


def _section_text(found: Field | None, value: Mapping[str, Any], say: Language) -> str:
    """Return a section in a few words: people, durations, stock; other sections as YAML, cut short."""
    people = people_text(value, say)
    if people:
        return people
    if "distribution" in value:
        if value["distribution"] == "constant" and value.get("mean") is not None:
            unit = say.unit("h")
            return f"{_figure(float(value['mean']), say)} {unit}"
        figures = [
            f"{say.term('field', k)} {_figure(float(v), say)}"
            for k, v in value.items()
            if isinstance(v, int | float)
        ]
        return say(", ").join([say.term("choice", str(value["distribution"])), *figures])
    parts = []
    for key, inner in value.items():
        told = _inner_text(inner, say)
        if told:
            parts.append(f"{say.term('field', str(key))} {told}")
    text = say(", ").join(parts)
    return text if text and len(text) <= _LONGEST_VALUE else short({k: v for k, v in value.items() if v})


def _inner_text(value: Any, say: Language) -> str:
    """Return a value inside of a section in a few words; empty for what says nothing."""
    if isinstance(value, bool):
        return say("yes") if value else say("no")
    if isinstance(value, int | float):
        return _figure(value, say)
    if isinstance(value, str):
        return say.term("choice", value) if value else ""
    if isinstance(value, Mapping) and "distribution" in value:
        return _section_text(None, value, say)
    if isinstance(value, list | tuple) and all(isinstance(v, str) for v in value):
        return say(", ").join(say.term("choice", v) for v in value)
    return "" if value in (None, [], {}) else short(value)


def short(value: Any) -> str:
    """Return a value as YAML in one line, cut to a readable length."""
    text = " ".join(documents.dump(value).split())
    return text if len(text) <= _LONGEST_VALUE else text[: _LONGEST_VALUE - 1] + "…"

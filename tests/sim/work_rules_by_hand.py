"""Who may be sent where by a scenario document, read the slow way: skills, languages, passes, calls.

Nothing of the compiled World is used; calendars are read in `by_hand`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from by_hand import Document, Span, duties, joined, open_spans, people, periods, serves, without

_RANKS = ("junior", "intermediate", "senior", "expert")
_WEEK = 168.0


def stages_called(document: Document, fault: str, stage: str) -> list[Mapping[str, Any]]:
    """Return the stages of a fault type that a visit of a name may be; several where a diagnosis is wrong."""
    figures: Mapping[str, Any] = document["fault_types"][fault]
    stages = figures.get("stages", {"visit": figures})
    if stage != "misdiagnosed":
        return [stages[stage]]
    wrong = {k: v for k, v in figures["misdiagnosis"].items() if k in ("skill", "level")}
    return [{**right, **wrong} for right in stages.values() if right.get("on_site", True)]


def crew_of(document: Document, fault: str, stage: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the crew of a stage; one person where nothing is said."""
    alone = {"size": 1, "level": "junior"}
    if not stage.get("on_site", True):
        return alone
    crew: Mapping[str, Any] = stage.get("crew") or document["fault_types"][fault].get("crew") or alone
    return crew


def group_of(document: Document, name: str) -> Mapping[str, Any]:
    """Return the group that somebody belongs to."""
    centre, group, _ = name.split(":")
    figures: Mapping[str, Any] = document["centres"][centre]["engineers"][group]
    return figures


def is_skilled(group: Mapping[str, Any], skill: str, level: str) -> bool:
    """Return whether a group has a skill at a level or a higher one."""
    return skill in group["skills"] and _RANKS.index(group["skills"][skill]) >= _RANKS.index(level)


def is_let_in(document: Document, name: str, site: str) -> bool:
    """Return whether somebody has the pass that a site asks for."""
    wanted = document["sites"][site].get("security_pass")
    return wanted is None or wanted in group_of(document, name).get("passes", ())


def is_understood(document: Document, name: str, site: str) -> bool:
    """Return whether somebody speaks one of a site's languages."""
    spoken = document["sites"][site].get("languages", ())
    return not spoken or bool({*spoken} & {*group_of(document, name).get("languages", ())})


def may_lead(document: Document, name: str, site: str, stage: Mapping[str, Any]) -> bool:
    """Return whether somebody may do a stage at a site, wherever he belongs."""
    skilled = is_skilled(group_of(document, name), stage["skill"], stage.get("level", "junior"))
    if not stage.get("on_site", True):
        return skilled
    return skilled and is_let_in(document, name, site) and is_understood(document, name, site)


def may_help(document: Document, name: str, site: str, crew: Mapping[str, Any]) -> bool:
    """Return whether somebody may be one of a crew at a site beside the first."""
    best = max(_RANKS.index(level) for level in group_of(document, name)["skills"].values())
    return best >= _RANKS.index(crew.get("level", "junior")) and is_let_in(document, name, site)


def may_advise(document: Document, name: str, fault: str, stage: Mapping[str, Any]) -> bool:
    """Return whether somebody may join a stage on site from afar."""
    expert = document["fault_types"][fault]["remote_expert"]
    skill = expert.get("skill", stage["skill"])
    return is_skilled(group_of(document, name), skill, expert.get("level", "expert"))


def belongs(document: Document, name: str, site: str) -> bool:
    """Return whether a site lies in somebody's territory."""
    return serves(document, name.split(":")[0], site)


def lends(document: Document, name: str, site: str, severity: str) -> bool:
    """Return whether somebody's centre helps at a site, once that is permitted."""
    rule = document["dispatch"].get("crossing")
    if rule is None or severity not in rule.get("severities", (severity,)):
        return False
    centre = name.split(":")[0]
    there, here = (
        document["cities"][document[section][key]["city"]]["country"]
        for section, key in (("centres", centre), ("sites", site))
    )
    zones = document["countries"]
    near = {
        "country": there == here,
        "zone": zones[there]["zone"] == zones[here]["zone"],
        "network": True,
    }
    return near[rule.get("within", "country")] and centre in rule.get("centres", (centre,))


def who_may(document: Document, site: str, stage: Mapping[str, Any]) -> set[str]:
    """Return who may do a stage at a site that lies in his territory, by name."""
    return {n for n in people(document) if belongs(document, n, site) and may_lead(document, n, site, stage)}


def calls(document: Document) -> dict[str, list[Span]]:
    """Return when each engineer is on call if nobody is ever absent, by name."""
    on_duty = duties(document)
    return {
        name: without(joined(list(_rostered_calls(document, name))), on_duty[name])
        for name in people(document)
    }


def _rostered_calls(document: Document, name: str) -> Iterator[Span]:
    """Yield the hours of the calendar of somebody's calls in the weeks in which it is his turn."""
    horizon = document["days"] * 24.0
    centre, key, number = name.split(":")
    forms = periods(document)
    ends = [*(begin for begin, _ in forms[1:]), horizon]
    monday = -24.0 * document["start"].weekday()
    for (begin, form), end in zip(forms, ends, strict=True):
        group = form["centres"][centre]["engineers"][key]
        terms = group.get("on_call")
        if terms is None or int(number) > group["count"]:
            continue
        for a, b in open_spans(form, terms["calendar"], form["centres"][centre]["city"], begin, end):
            week = monday
            while week < b:
                turn = round((week - monday) / _WEEK) % terms["one_week_in"]
                if turn == (int(number) - 1) % terms["one_week_in"] and week + _WEEK > a:
                    yield max(a, week), min(b, week + _WEEK)
                week += _WEEK

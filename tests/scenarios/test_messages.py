"""The words in which a single wrong value is refused: its key, what was found, what is allowed."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich_document import problems, rich

from scenarios import ScenarioError, from_document

NAME = "a name of up to 64 letters, digits, _ and -"
WINDOW = "local time from-to, as 08:00-17:00; an end before the start is on the next day"
AMOUNT = "a number, or an amount with a currency code (CNY, MYR, USD)"
SKILLS = "a list of skill domains, or a level for each domain"
WEEKDAYS = "mon, tue, wed, thu, fri, sat or sun"

#: Key, value, and what the message shows as found and as allowed.
WRONG: list[tuple[str, Any, str | None, str]] = [
    ("days", "ten", "'ten'", "a number"),
    ("days", True, "true", "a number"),
    ("days", [], "[]", "a number"),
    ("days", float("nan"), "nan", "a finite number"),
    ("days", float("-inf"), "-inf", "a finite number"),
    ("days", 0, "0", "more than 0"),
    ("days", 3661, "3661", "3,660 or less"),
    ("days", 10**400, None, "a number"),
    ("confidence", 1, "1", "less than 1"),
    ("confidence", 0.5, "0.5", "more than 0.5"),
    ("seed", 1.5, "1.5", "a whole number"),
    ("seed", "7", "'7'", "a whole number"),
    ("seed", True, "true", "a whole number"),
    ("seed", -1, "-1", "0 or more"),
    ("seed", 2**63, str(2**63), "9223372036854775807 or less"),
    ("seed", 10**400, None, "9223372036854775807 or less"),
    ("name", 5, "5", "a text"),
    ("name", "", "''", NAME),
    ("name", "two words", "'two words'", NAME),
    ("name", "a\n", "'a\\n'", NAME),
    ("title", "x" * 161, None, "at most 160 characters"),
    ("start", 0, "0", "a date, as 2026-07-01"),
    ("start", "0", "'0'", "a date, as 2026-07-01"),
    ("start", "1.7.2026", "'1.7.2026'", "a date, as 2026-07-01"),
    ("start", "2026-07-01T08:00", "'2026-07-01T08:00'", "a date, as 2026-07-01"),
    ("start", "2026-02-30", "'2026-02-30'", "a date that exists"),
    ("start", "1969-12-31", "1969-12-31", "1970-01-01 or more"),
    ("start", "9999-12-31", "9999-12-31", "2199-12-31 or less"),
    ("skills", "camera", "'camera'", "a list"),
    ("skills", [], "[]", "at least 1 item"),
    ("skills.1", "a b", "'a b'", NAME),
    ("currency.code", "usd", "'usd'", "ISO 4217 code"),
    ("countries", [], "[]", "a mapping of keys"),
    ("countries.th", "Thailand", "'Thailand'", "a mapping of keys"),
    ("countries.th.name", "", "''", "at least 1 character"),
    ("countries.th.holidays", "Thai", None, "ISO 3166 code whose public holidays apply; none when absent"),
    ("cities", {}, "{}", "at least 1 item"),
    ("cities.penang.lat", 91, "91", "90 or less"),
    ("cities.penang.tier", 5, "5", "4 or less"),
    ("cities.penang.country", "a b", "'a b'", NAME),
    ("customer_tiers.two words", {}, "'two words'", NAME),
    ("calendars.office.hours", "24/7", "'24/7'", "a mapping of keys"),
    ("calendars.office.hours.mon", "08:00-17:00", "'08:00-17:00'", "a list"),
    ("calendars.office.hours.mon.0", "8-17", "'8-17'", WINDOW),
    ("calendars.office.hours.mon.0", "08:00-24:30", "'08:00-24:30'", WINDOW),
    ("calendars.office.hours.monday", [], "'monday'", WEEKDAYS),
    ("calendars.office.holidays", "shut", "'shut'", "closed or open"),
    ("profiles.monsoon.by_month", [1.0] * 11, None, "at least 12 items"),
    ("profiles.monsoon.by_month", [1.0] * 13, None, "at most 12 items"),
    ("profiles.monsoon.by_hour.3", -1, "-1", "0 or more"),
    ("parts.lens.unit_cost", "200 EUR", "'200 EUR'", AMOUNT),
    ("parts.lens.unit_cost", "200", "'200'", AMOUNT),
    ("parts.lens.unit_cost", "nan CNY", "'nan CNY'", AMOUNT),
    ("parts.lens.unit_cost", "-1 CNY", "'-1 CNY'", "0 or more"),
    ("parts.lens.unit_cost", [], "[]", "a number"),
    ("fault_types.flicker.severity", "bad", "'bad'", "minor, normal, major or emergency"),
    ("fault_types.flicker.severity", None, "null", "minor, normal, major or emergency"),
    ("fault_types.flicker.work_hours", "1 h", "'1 h'", "a number of hours, or a mapping of keys"),
    ("fault_types.flicker.work_hours", True, "true", "a number of hours, or a mapping of keys"),
    ("fault_types.outage.stages.visit.on_site", "maybe", "'maybe'", "true or false"),
    ("fault_types.outage.stages.visit.on_site", [], "[]", "true or false"),
    ("fault_types.outage.stages.visit.next.remote", 1.5, "1.5", "1 or less"),
    ("sites.gurney.devices.camera", -1, "-1", "0 or more"),
    ("sites.gurney.devices.camera", 1.5, "1.5", "a whole number"),
    ("centres.hq.serves.cities", 5, "5", "a text"),
    ("centres.hq.engineers.experts.skills", [{"camera": 1}], None, SKILLS),
    ("centres.hq.engineers.experts.skills", {}, "{}", "at least 1 item"),
    ("centres.hq.engineers.experts.skills", 5, "5", "a mapping of keys"),
    ("sla", {}, "{}", "a list"),
    ("sla.0", "rule", "'rule'", "a mapping of keys"),
    ("sla.0.match.city_tier.0", 0, "0", "1 or more"),
    ("sla.0.match.city_tier.0", True, "true", "a whole number"),
    ("sla.0.match.severity.1", "bad", "'bad'", "minor, normal, major or emergency"),
    ("dispatch.preempting", "bad", "'bad'", "minor, normal, major or emergency"),
    ("sources.start.quality", "E", "'E'", "A, B, C, D, R or assumption"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("key", "value", "found", "allowed"), WRONG, ids=[f"{r[0]}-{r[3][:20]}" for r in WRONG]
)
def test_a_wrong_value_is_refused_in_words(key: str, value: Any, found: str | None, allowed: str) -> None:
    """A value of the wrong kind or range is named by its key, with what was found and what is allowed."""
    refused = problems_of(key, value)
    problem = next(iter(refused.values()))
    # Where one value may stand for a list, the problem is that of the item.
    assert list(refused) in ([key], [f"{key}.0"])
    assert problem.allowed == allowed
    assert found is None or problem.found == found


def problems_of(key: str, value: Any) -> dict[str, Any]:
    """Return the problems, by dotted key, of a value that stands in the place of another."""
    document = rich()
    *above, last = key.split(".")
    section: Any = document
    for part in above:
        section = section[int(part)] if isinstance(section, list) else section[part]
    section[int(last) if isinstance(section, list) else last] = value
    return problems(document)


@pytest.mark.parametrize(
    ("key", "start", "hint"),
    [
        ("dyas", "absences, aftercare, alerts, budget, calendars, centres", "(did you mean days?)"),
        (
            "sites.gurney.custmer",
            "centre, city, customer, devices, languages, lat, lon, name",
            "(did you mean customer?)",
        ),
        ("sla.1.penalty", "calendar, late, match, name, pauses, penalty_per_breach, targets", ""),
        ("sla.1.targets.atend", "attend, complete, respond, response, restore", "(did you mean attend?)"),
        ("changes.0.form", "from, set", "(did you mean from?)"),
        ("fault_types.outage.stages.visit.work_hours.men", "cv, distribution", "(did you mean mean?)"),
        ("centres.hq.engineers.experts.cont", "absences, cost_per_hour, count", "(did you mean count?)"),
        ("centres.hq.serves.city", "cities, countries, sites", ""),
        ("centres.hq.depot.psu.lead_hours.sd", "cv, distribution", ""),
        ("dispatch.overflow.partners", "after_hours, partner, severities", "(did you mean partner?)"),
        ("sources.start.link", "note, quality", ""),
        ("warm_up.[key]", "days, method", ""),
    ],
)
def test_an_unknown_key_is_refused_with_those_that_are_known(key: str, start: str, hint: str) -> None:
    """An unknown key is refused wherever it stands, with the keys of its section and the one it resembles."""
    (problem,) = problems_of(key, 1).values()
    assert (problem.key, problem.found) == (key, "an unknown key")
    assert problem.allowed.startswith(start)
    assert problem.allowed.endswith(hint)


@pytest.mark.parametrize(
    "key",
    [
        *("name", "start", "skills", "sites", "cities.penang.lat", "customers.mall.tier", "sla.2.name"),
        *("sla.2.targets", "changes.0.from", "changes.1.set", "sites.gurney.devices", "sources.start.note"),
        *("fault_types.offline.pause.hours", "fault_types.outage.stages.visit.skill", "stated"),
        "centres.hq.depot.psu.lead_hours.distribution",
    ],
)
def test_a_missing_key_is_asked_for(key: str) -> None:
    """A required key that is absent is named in full, although nothing stands there."""
    document = rich()
    *above, last = key.split(".")
    section: Any = document
    for part in above:
        section = section[int(part)] if isinstance(section, list) else section[part]
    del section[last]
    if key == "stated":
        assert from_document(document).scenario.stated.headcount is None
        return
    problem = problems(document)[key]
    assert (problem.found, problem.allowed) == ("nothing", "a value: the key is required")


def test_all_wrong_values_are_reported_at_once() -> None:
    """Every wrong value of a document is in one message, a line for each."""
    document = rich({"days": -1, "seed": "x", "sites.gurney.city": 5, "dyas": 1})
    assert problems(document).keys() == {"days", "seed", "sites.gurney.city", "dyas"}


@pytest.mark.parametrize("rate", [0, -1, 1e10, 10**400, float("nan"), float("inf"), "x", True, None, [], {}])
def test_a_rate_that_cannot_be_is_refused_once(rate: Any) -> None:
    """The amounts in a currency are not blamed for its rate."""
    assert list(problems_of("currency.rates.CNY", rate)) == ["currency.rates.CNY"]


def keys_of(value: Any, prefix: str = "") -> list[str]:
    """Return the dotted keys of all that stands in a document."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    inside = [(f"{prefix}.{key}" if prefix else str(key), item) for key, item in items]
    return [key for here, item in inside for key in (here, *keys_of(item, here))]


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=4,
)
#: What pydantic writes and nobody who keeps a scenario should have to read.
_FOREIGN = re.compile(
    r"valid (dict|string|tuple|int|number|date|bool|list)|Tuple|Dictionary|String should|Input should|"
    r"instance of|pattern|unable to|after validation|Value error|Extra inputs|Field required"
)


@settings(deadline=None, max_examples=300)
@given(st.sampled_from([k for k in keys_of(rich()) if not k.startswith("sources.")]), ANYTHING)
def test_no_message_speaks_of_the_program(key: str, value: Any) -> None:
    """Whatever stands where, a message is in the words of the document and never in those of a library."""
    document = rich()
    *above, last = key.split(".")
    section: Any = document
    for part in above:
        if isinstance(section, dict) and part not in section:
            return
        section = section[int(part)] if isinstance(section, list) else section[part]
    section[int(last) if isinstance(section, list) else last] = value
    try:
        from_document(document)
    except ScenarioError as error:
        for problem in error.problems:
            assert not _FOREIGN.search(problem.allowed), problem
            assert problem.found
            assert problem.allowed

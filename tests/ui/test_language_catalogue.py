"""The Chinese catalogue is whole, up to date, and keeps to the glossary."""

from __future__ import annotations

import pickle

import pytest
from babel.messages.catalog import Catalog

from scenarios.phrases import phrase
from ui.language import catalogue as files
from ui.language import language
from ui.language.glossary import glossary, missing_terms
from ui.language.sources import NotLiteral, Text, from_source


def test_nothing_is_missing_or_stale() -> None:
    """Each text of source, schema, registries and library has a Chinese one that is valid and compiled."""
    assert files.problems() == []


def test_problems_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """A text without Chinese, one no longer in use, other placeholders and a slighted term are all told."""
    catalog = Catalog(locale="zh_Hans_CN")
    catalog.add("Open", "")
    catalog.add("Gone", "没有了")
    catalog.add("{n} crews", "{m} 个班组")
    catalog.add("Work orders", "订单")
    found = [Text(msgid, "a.py") for msgid in ("Open", "{n} crews", "Work orders", "New")]
    monkeypatch.setattr(files, "texts", lambda: found)
    monkeypatch.setattr(files, "read", lambda *_: catalog)
    told = files.problems()
    assert "not in the catalogue: 'New'" in told
    assert "no longer in use: 'Gone'" in told
    assert "no Chinese: 'Open'" in told
    assert "other placeholders: '{n} crews'" in told
    assert "the glossary says 工单: 'Work orders'" in told


def test_translations_outlive_an_update() -> None:
    """What has been translated stays so when texts are added, and what is gone goes."""
    old = Catalog(locale="zh_Hans_CN")
    old.add("Open", "打开")
    old.add("Gone", "没有了")
    old.add(("{n} day", "{n} days"), ("{n} 天",))
    new = files.translated(
        [Text("Open", "a.py"), Text("{n} day", "a.py", "{n} days"), Text("New", "a.py")], old
    )
    assert {files.words_of(message) for message in files.entries(new)} == {
        ("Open", "打开"),
        ("{n} days", "{n} 天"),
        ("New", ""),
    }


@pytest.mark.parametrize(
    "call", ['say(f"Run {n}")', "say(words)", "desk.say(words)", "say.many(one, several, 2)"]
)
def test_only_literals_are_taken(call: str) -> None:
    """A call that says no literal is refused, for no catalogue could hold its text."""
    with pytest.raises(NotLiteral, match="line 1"):
        list(from_source(call, "a.py"))


def test_calls_are_read() -> None:
    """Literals, both sides of a choice and plurals are found with their place."""
    source = 'say("A" if b else "C")\nsay.many("{n} day", "{n} days", 2)\n'
    source += 'phrase("found {x}", x=1)\nmsgid("D")\n'
    source += 'desk.say("E")\nself.say.many("{n} e", "{n} es", 2)\nself.desk.say("F")'
    assert set(from_source(source, "a.py")) == {
        Text("A", "a.py"),
        Text("C", "a.py"),
        Text("{n} day", "a.py", "{n} days"),
        Text("found {x}", "a.py"),
        Text("D", "a.py"),
        Text("E", "a.py"),
        Text("{n} e", "a.py", "{n} es"),
        Text("F", "a.py"),
    }


def test_glossary_takes_the_longest_term() -> None:
    """A term within a longer one does not count by itself, and what stands in backquotes is code."""
    assert [term.id for term in missing_terms("Customer tiers", "等级")] == ["customer_tier"]
    assert missing_terms("Run `dispatch` again", "再运行 `dispatch`") == []
    assert missing_terms("Skill levels of a crew", "班组的技能等级") == []


def test_glossary_terms_stand_in_their_own_translations() -> None:
    """Each term of the glossary is itself translated as it demands."""
    for term in glossary():
        assert missing_terms(term.english[0], term.chinese) == [], term.id


def test_phrases_are_translated_with_what_they_hold() -> None:
    """A phrase within a phrase is translated too, figures keep their format, and plain text stays."""
    say = language("zh")
    text = phrase("{name}: {reason}", name="medan", reason=phrase("more than {most:,} bytes", most=1000))
    assert say.message(text) == "medan：超过 1,000 字节"
    assert say.message("as it is {x}") == "as it is {x}"
    assert language("en").message(text) == str(text) == "medan: more than 1,000 bytes"


def test_terms_and_names() -> None:
    """Things with fixed ids have a term in both languages; a scenario's own name for a city is kept."""
    english, chinese = language("en"), language("zh")
    assert chinese.term("kpi", "first_time_fix_rate") == "首次修复率"
    assert english.term("field", "work_hours") == "Work hours"
    assert chinese.term("field", "work_hours") == "作业工时"
    assert chinese.name("cities", "kuala-lumpur") == "吉隆坡"
    assert chinese.name("cities", "medan", "Kota Medan") == "Kota Medan"
    assert english.name("cities", "kuala-lumpur") == "Kuala Lumpur"
    with pytest.raises(KeyError):
        chinese.term("colour", "red")


def test_plural_and_braces() -> None:
    """Plurals follow the number; braces of a text that takes no values stand for themselves."""
    english, chinese = language("en"), language("zh")
    assert english.many("{n} day", "{n} days", 1) == "1 day"
    assert english.many("{n} day", "{n} days", 1200) == "1,200 days"
    assert chinese.many("{n} day", "{n} days", 1) == "1 天"
    assert english("an empty mapping {}") == "an empty mapping {}"


def test_a_language_can_be_copied() -> None:
    """A language that went through a pickle, as caches make them, is the same."""
    assert pickle.loads(pickle.dumps(language("zh"))) is language("zh")


def test_unknown_language() -> None:
    """A language that there is not is refused."""
    with pytest.raises(KeyError):
        language("fr")

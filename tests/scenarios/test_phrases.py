"""Messages that can be translated: what a phrase remembers, and that each message on a scenario is one."""

from __future__ import annotations

import ast
import copy
import pickle
import re
import string
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mutations import KINDS, SCHEMA, applied, bases, mutated, mutations
from rich_document import rich

import scenarios
from scenarios import ScenarioError, from_document
from scenarios.compiling import compile_world
from scenarios.doubts import doubts
from scenarios.phrases import Phrase, message_of, phrase

ROOT = Path(scenarios.__file__).parents[1]
#: Modules whose messages a page shows.
SOURCES = (
    *sorted((ROOT / "scenarios").glob("*.py")),
    *(ROOT / name for name in ("sim/options.py", "sim/course.py", "sim/warm_up.py")),
    *(ROOT / name for name in ("insight/run_folder.py", "cli/experiments.py")),
)
#: What is said, by position, of calls that make messages.
SAID = {
    "Problem": (1, 2),
    "KeyPathError": (1, 2),
    "Warn": (2,),
    "RunFolderError": (0,),
    "PrecisionError": (0,),
}
#: Values as documents write them, which are the same in every language.
_VALUE = re.compile(r"['\"\[{(\-\d].*|true|false|null|nan|inf", re.DOTALL)


def translated(text: Any) -> Any:
    """Return a text in a language that is English in capitals, put together from its phrases."""
    if not isinstance(text, Phrase):
        return text
    parts = []
    for words, name, spec, conversion in string.Formatter().parse(text.template):
        parts.append(words.upper().replace("{", "{{").replace("}", "}}"))
        if name is not None:
            parts.append(
                "{" + name + (f"!{conversion}" if conversion else "") + f":{spec}" * bool(spec) + "}"
            )
    return "".join(parts).format(**{name: translated(value) for name, value in text.values.items()})


@lru_cache(maxsize=1)
def words_of_documents() -> frozenset[str]:
    """Return every key and every word that the schema lets a document write."""
    nodes = [SCHEMA, *SCHEMA["$defs"].values()]
    keys = [key for node in nodes for key in node.get("properties", {})]
    return frozenset([*keys, *(word for node in nodes for word in node.get("enum", []))])


def assert_translatable(text: str) -> None:
    """Hold a text to being a phrase, a value, or a list of words that a document may write."""
    if isinstance(text, Phrase) or _VALUE.fullmatch(text):
        return
    assert set(text.split(", ")) <= words_of_documents(), text


# What a phrase is


@given(st.text(), st.floats(allow_nan=False), st.integers())
def test_a_phrase_is_its_english_text(name: str, hours: float, count: int) -> None:
    """A phrase equals, hashes and prints as the text that its template and values make."""
    made = phrase("rule {name!r} allows {hours:g} h at {count:,} sites", name=name, hours=hours, count=count)
    english = f"rule {name!r} allows {hours:g} h at {count:,} sites"
    assert made == english
    assert hash(made) == hash(english)
    assert f"{made}" == str(made) == english
    assert made.template == "rule {name!r} allows {hours:g} h at {count:,} sites"
    assert dict(made.values) == {"name": name, "hours": hours, "count": count}


@given(st.text(), st.floats(allow_nan=False))
def test_a_copy_is_still_a_phrase(name: str, hours: float) -> None:
    """What is pickled or copied keeps its template and values, those of phrases inside it included."""
    inner = phrase("{hours:.3g} h at best", hours=hours)
    made = phrase("{site}: {rest} from {day} on", site=name, rest=inner, day=date(2026, 7, 1))
    for again in (pickle.loads(pickle.dumps(made)), copy.deepcopy(made), copy.copy(made)):
        assert again == made
        assert type(again) is Phrase
        assert (again.template, again.values) == (made.template, made.values)
        assert isinstance(again.values["rest"], Phrase)


def test_phrases_are_translated_from_the_inside_out() -> None:
    """A phrase that stands for a part of another can be translated on its own; values stay as they are."""
    many = phrase("{count} sites ({first}, …)", count=3, first="penang-01")
    assert translated(phrase("at {sites} nobody is on duty", sites=many)) == (
        "AT 3 SITES (penang-01, …) NOBODY IS ON DUTY"
    )


def test_a_brace_that_stands_for_itself_is_doubled() -> None:
    """Also a phrase without values is formatted, so that catalogues can treat all templates alike."""
    assert phrase("a section {{...}} that is not closed") == "a section {...} that is not closed"


def test_values_cannot_be_written_to() -> None:
    """What a phrase is made of stays what its text says."""
    values: Any = phrase("{n} links", n=2).values
    with pytest.raises(TypeError):
        values["n"] = 3


def test_a_placeholder_needs_its_value() -> None:
    """A template and its values cannot drift apart unnoticed."""
    with pytest.raises(KeyError):
        phrase("{count} of {total}", count=1)


@pytest.mark.parametrize(
    ("error", "says"),
    [(ValueError(phrase("no way")), Phrase), (ValueError("no way"), str), (ScenarioError([]), str)],
)
def test_an_exception_says_its_phrase(error: Exception, says: type[str]) -> None:
    """A phrase that an exception was raised with can be had back; any other exception says its text."""
    assert type(message_of(error)) is says
    assert message_of(error) == str(error)


# That messages are phrases


@settings(max_examples=400, deadline=None, derandomize=True)
@given(mutated())
def test_what_a_refusal_says_can_be_translated(case: tuple[dict[str, Any], str]) -> None:
    """Whatever one thing is wrong with a document, what is found and allowed is a phrase or a mere value."""
    with pytest.raises(ScenarioError) as caught:
        from_document(case[0])
    for problem in caught.value.problems:
        assert_translatable(problem.found)
        assert_translatable(problem.allowed)


@pytest.mark.parametrize("kind", [kind.__name__ for kind in KINDS])
def test_every_kind_of_refusal_can_be_translated(kind: str) -> None:
    """Each kind of mistake, at every fifth place of a document that allows it, is refused in phrases."""
    for mutation in mutations(0)[kind][::5]:
        document, _ = applied(bases()[0], mutation, mutation.values[0])
        with pytest.raises(ScenarioError) as caught:
            from_document(document)
        for problem in caught.value.problems:
            assert_translatable(problem.found)
            assert_translatable(problem.allowed)


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"stated.headcount": 500}, "W-headcount"),
        ({"stated.backbone_share": 1, "centres.station.engineers.crew.level": "junior"}, "W-backbone"),
        ({"budget": {"amount": 1e6, "shares": {"a": 30, "b": 60}}}, "W-budget"),
        ({"budget": {"amount": 1e6, "shares": {"a": 70, "b": 60}}}, "W-budget"),
        ({"changes": [{"from": "2027-07-01", "set": {"response_clock": "attend"}}]}, "W-date"),
        ({}, "W-unreachable-sla"),
        ({}, "W-off-shift-sla"),
        ({"customer_tiers.nobodys": {}}, "W-unused"),
        ({"centres.hq.engineers.experts.count": 0}, "W-no-engineer"),
    ],
)
def test_what_a_warning_says_can_be_translated(values: dict[str, Any], code: str) -> None:
    """Each warning about a scenario is a phrase, and in another language no English is left in it."""
    loaded = from_document(rich(values))
    found = {warn.code: warn.message for warn in doubts(loaded, compile_world(loaded))}
    assert code in found
    for message in found.values():
        assert isinstance(message, Phrase)
        assert not re.search(r"\b(the|of|on|with|no|they|are)\b", translated(message)), message


def test_a_dated_warning_is_a_sentence_with_a_date_around_it() -> None:
    """The date from which a doubt holds is not glued to a sentence but stands beside it in a phrase."""
    powered = {
        "centres.hq.engineers.experts.skills": ["power"],
        "centres.station.engineers.crew.skills": ["power"],
    }
    change = {"from": "2026-02-01", "set": powered}
    loaded = from_document(rich({"changes": [change]}))
    dated = [w.message for w in doubts(loaded, compile_world(loaded)) if "from 2026-02-01 on" in w.message]
    assert dated
    for message in dated:
        assert "FROM 2026-02-01 ON" in translated(message)


# That whoever writes a message cannot forget it


def calls(tree: ast.AST) -> Iterator[ast.Call]:
    """Yield every call by a plain name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield node


def glued(node: ast.expr) -> bool:
    """Tell whether an expression makes words that no catalogue can hold."""
    if isinstance(node, ast.Constant):
        return isinstance(node.value, str) and not _VALUE.fullmatch(node.value)
    if isinstance(node, ast.IfExp):
        return glued(node.body) or glued(node.orelse)
    return isinstance(node, ast.JoinedStr | ast.BinOp)


def said_at(tree: ast.AST) -> Iterator[tuple[int, ast.expr]]:
    """Yield what is said in a module with its line, and what was assigned to names that are said."""
    functions = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)]
    for function in functions:
        assigned: dict[str, list[ast.expr]] = {}
        for node in ast.walk(function):
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                assigned.setdefault(node.targets[0].id, []).append(node.value)
            elif isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
                glue = ast.BinOp(node.target, node.op, node.value)
                assigned.setdefault(node.target.id, []).append(ast.copy_location(glue, node))
        for call in calls(function):
            positions = SAID.get(getattr(call.func, "id", ""), ())
            for argument in (call.args[i] for i in positions if i < len(call.args)):
                yield call.lineno, argument
                if isinstance(argument, ast.Name):
                    yield from ((value.lineno, value) for value in assigned.get(argument.id, ()))


@pytest.mark.parametrize("file", SOURCES, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_no_message_is_glued(file: Path) -> None:
    """No problem or warning is given an f-string, a sum of texts or bare words: they would stay English."""
    lines = [line for line, said in said_at(ast.parse(file.read_text("utf-8"))) if glued(said)]
    assert lines == []


@pytest.mark.parametrize("file", SOURCES, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_templates_are_literals_with_their_values(file: Path) -> None:
    """Every template stands in the source as a literal, its placeholders are exactly the values given."""
    for call in calls(ast.parse(file.read_text("utf-8"))):
        if getattr(call.func, "id", "") != "phrase":
            continue
        (template,) = call.args
        assert isinstance(template, ast.Constant), f"line {call.lineno}"
        names = {name for _, name, _, _ in string.Formatter().parse(str(template.value)) if name is not None}
        assert names == {keyword.arg for keyword in call.keywords}, f"line {call.lineno}"


def test_the_check_of_sources_finds_what_is_glued() -> None:
    """The check of sources would find each way in which words can be glued."""
    source = (
        "def f(x):\n"
        "    allowed = f'at most {x}'\n"
        "    yield Problem('k', 'nothing', allowed)\n"
        "    message = phrase('a')\n"
        "    message += ' and more'\n"
        "    yield Warn('W', 'k', message)\n"
        "    yield Problem('k', \"'csat'\", phrase('b') + 'c')\n"
    )
    assert sorted(line for line, said in said_at(ast.parse(source)) if glued(said)) == [2, 3, 5, 7]

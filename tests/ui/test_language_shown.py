"""Pages show nothing that cannot be translated: no plain literal goes to a widget or a chart."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from ui.language.sources import ROOT

#: Functions of streamlit whose first words people read.
_WIDGETS = {
    "button", "caption", "checkbox", "code", "date_input", "download_button", "error", "expander",
    "file_uploader", "form_submit_button", "header", "info", "link_button", "markdown", "metric",
    "multiselect", "number_input", "page_link", "pills", "popover", "radio", "segmented_control",
    "select_slider", "selectbox", "slider", "spinner", "status", "subheader", "success", "tabs",
    "text", "text_area", "text_input", "time_input", "title", "toast", "toggle", "warning", "write",
}  # fmt: skip
#: Keywords that people read, of widgets and of Altair.
_READ = {"label", "help", "placeholder", "title", "caption", "body", "page_title", "text"}
# The name of the product is one in every language; markup, addresses and fields of a chart are no words.
_WORD = re.compile(r"(?!Banyan\b)\b[A-Za-z]{2,}")
_MARKUP = re.compile(r"<[^>]*>|:[a-z-]+\[|&[a-z]+;|\]\([^)]*\)|^\w+:[NQTOG]$")


def untranslated(source: str) -> Iterator[tuple[int, str]]:
    """Yield line and text of literals with words that go to people as they stand."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        shown = [keyword.value for keyword in node.keywords if keyword.arg in _READ]
        if node.func.attr in _WIDGETS and _is_streamlit(node.func.value):
            shown += node.args[:1]
        elif not _is_of(node.func, ("alt", "st")):
            continue
        for argument in shown:
            for literal in _literals(argument):
                if _WORD.search(_MARKUP.sub("", literal)) and "<style" not in literal:
                    yield node.lineno, literal


def _is_streamlit(owner: ast.expr) -> bool:
    """Return whether a method is one of streamlit or of a container or column, not of a chart or a text."""
    return not _is_of(owner, ("alt",)) and isinstance(owner, ast.Name | ast.Subscript | ast.Attribute)


def _is_of(node: ast.expr, modules: tuple[str, ...]) -> bool:
    while isinstance(node, ast.Attribute | ast.Call):
        node = node.value if isinstance(node, ast.Attribute) else node.func
    return isinstance(node, ast.Name) and node.id in modules


def _literals(argument: ast.expr) -> Iterator[str]:
    """Yield the literals of an argument: itself, its parts, both of a choice, the items of a list."""
    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
        yield argument.value
    elif isinstance(argument, ast.JoinedStr):
        yield "".join(str(part.value) for part in argument.values if isinstance(part, ast.Constant))
    elif isinstance(argument, ast.IfExp):
        yield from (*_literals(argument.body), *_literals(argument.orelse))
    elif isinstance(argument, ast.BinOp):
        yield from (*_literals(argument.left), *_literals(argument.right))
    elif isinstance(argument, ast.List | ast.Tuple):
        yield from (literal for item in argument.elts for literal in _literals(item))


def _pages() -> list[Path]:
    return [ROOT / "app.py", *sorted((ROOT / "ui").rglob("*.py"))]


@pytest.mark.parametrize("file", _pages(), ids=lambda file: file.relative_to(ROOT).as_posix())
def test_every_word_shown_goes_through_the_catalogue(file: Path) -> None:
    """No widget, heading or title of a chart gets words that `say` has not seen."""
    assert list(untranslated(file.read_text())) == []


@pytest.mark.parametrize(
    "line",
    [
        'st.button("Run")',
        'column.markdown(f"**Run** {n}")',
        'st.tabs([say("Map"), "Cost"])',
        'st.selectbox(say("City"), cities, help="Where it is")',
        'alt.X("hours:Q", title="Hours")',
        'st.caption("Yes" if ran else "No")',
    ],
)
def test_literals_are_noticed(line: str) -> None:
    """The check sees words in first arguments, lists, formatted texts, choices, helps and titles."""
    assert {found for found, _ in untranslated(line)} == {1}


@pytest.mark.parametrize(
    "line",
    [
        'st.button(say("Run"))',
        'st.markdown("<style>.a {color: red}</style>", unsafe_allow_html=True)',
        'alt.X("hours:Q", title=None)',
        'st.caption("·")',
        'path.write_text("hello")',
    ],
)
def test_what_is_no_word_passes(line: str) -> None:
    """Translated words, styles, symbols and what is not shown are let through."""
    assert list(untranslated(line)) == []

"""What is wrong with a text that is no YAML, in words that say what to mend: line, column, what stands there.

The parser's own words are those of its grammar; the usual slips are told here in words of documents, the rest
as the parser has it.
"""

from __future__ import annotations

import yaml

from scenarios.phrases import Phrase, phrase
from scenarios.problems import shown

#: What a parser's words mean to who wrote the document; the first that they hold counts.
_MEANT = (
    (
        "mapping values",
        phrase("a colon where none may stand: quote a text that has one, or check the indentation"),
    ),
    ("',' or ']'", phrase("a list [...] that is not closed or lacks a comma")),
    ("',' or '}'", phrase("a section {{...}} that is not closed or lacks a comma")),
    ("end of stream", phrase("quotes that are not closed")),
    ("tab character", phrase("a tab: indent with spaces")),
    ("'\\t'", phrase("a tab: indent with spaces")),
    ("expected ':'", phrase("a line without a colon after its key")),
    ("sequence entries", phrase("an item (- ...) where none may stand: begin it on a line of its own")),
    ("'-' indicator", phrase("a line that is no item of the list above it: check the indentation")),
    ("expected key", phrase("what does not belong to the section above it: check indentation and quotes")),
    ("<block end>", phrase("what does not belong to the section above it: check indentation and quotes")),
    ("escape", phrase("a \\ that means nothing in double quotes: use single quotes")),
    ("hexdecimal", phrase("a \\ that means nothing in double quotes: use single quotes")),
    ("alphabetic or numeric", phrase("a * or & that begins a text: put it in quotes")),
    ("comment or line break", phrase("a text on the line of | or >: begin it on the next line")),
    ("incompatible", phrase("a version of YAML that cannot be read: leave the line out")),
    ("<document start>", phrase("a second document")),
    ("node content", phrase("a bracket or comma where a value should be: quote it if it is one")),
)
#: What may be left open, by what the parser was doing; it is told by the line in which it begins.
_OPENED = ("flow sequence", "flow mapping", "quoted scalar", "simple key")


def syntax_fault(error: yaml.MarkedYAMLError, text: str) -> Phrase:
    """Return where and why a parser gave up, with the line that it could not read.

    Parameters
    ----------
    error
        What it raised.
    text
        What it read.
    """
    mark = error.problem_mark
    if mark is None:
        return phrase("not readable as YAML")
    reason = _meant(str(error.problem or ""), text, mark)
    opened = error.context_mark
    if opened and opened.line < mark.line and any(what in str(error.context) for what in _OPENED):
        return phrase(
            "line {line}, column {column}: {reason}; it begins in line {opened} with {excerpt}",
            line=mark.line + 1,
            column=mark.column + 1,
            reason=reason,
            opened=opened.line + 1,
            excerpt=_excerpt(text, opened.line),
        )
    return phrase(
        "line {line}, column {column}: {reason}, in {excerpt}",
        line=mark.line + 1,
        column=mark.column + 1,
        reason=reason,
        excerpt=_excerpt(text, mark.line),
    )


def _meant(problem: str, text: str, mark: yaml.Mark) -> str:
    if "cannot start any token" in problem:
        lines = text.splitlines()
        here = lines[mark.line][mark.column : mark.column + 1] if mark.line < len(lines) else ""
        if here and here != "\t":
            return phrase("a text that begins with {character}: put it in quotes", character=here)
        return phrase("a tab: indent with spaces")
    for words, meaning in _MEANT:
        if words in problem:
            return meaning
    return problem or phrase("not readable as YAML")


def _excerpt(text: str, line: int) -> str:
    """Return a line as messages show it; the last one where the text has ended."""
    lines = text.splitlines() or [""]
    return shown(lines[min(line, len(lines) - 1)].strip())


def unreadable_character(error: yaml.reader.ReaderError, text: str) -> Phrase:
    """Return where a text holds a character that YAML does not allow, and which.

    Parameters
    ----------
    error
        What the reader raised; its position counts bytes.
    text
        What it read.
    """
    before = text.encode("utf-8", "replace")[: error.position].decode("utf-8", "ignore")
    after = text[len(before) :]
    return phrase(
        "line {line}, column {column}: control characters are not allowed, found {character}",
        line=before.count("\n") + 1,
        column=len(before) - before.rfind("\n"),
        character=f"U+{ord(after[0]):04X}" if after else shown(error.reason),
    )

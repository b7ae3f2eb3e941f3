"""The gettext catalogue: made from the source and the registries, checked, and compiled.

    python -m ui.language.catalogue          bring banyan.pot, banyan.po and banyan.mo up to date
    python -m ui.language.catalogue --check  tell what is missing or wrong, change nothing

A translator fills in `locale/zh/LC_MESSAGES/banyan.po` and runs the first; pages read the compiled banyan.mo.
"""

from __future__ import annotations

import io
import string
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po, write_po

from ui.language.glossary import missing_terms
from ui.language.sources import Text, texts
from ui.language.speaking import DOMAIN, LOCALE_FOLDER

TEMPLATE = LOCALE_FOLDER / f"{DOMAIN}.pot"
CHINESE = LOCALE_FOLDER / "zh" / "LC_MESSAGES" / f"{DOMAIN}.po"
COMPILED = CHINESE.with_suffix(".mo")
_LOCALE = "zh_Hans_CN"
# A date that stands still keeps files the same that say the same.
_MADE = datetime(2026, 11, 22, tzinfo=UTC)
_HEADER = "# The words of Banyan.\n# Licensed under the Apache License, Version 2.0."


def template(found: Sequence[Text]) -> Catalog:
    """Return the catalogue of texts without translations, in the order in which they were found."""
    catalog = _empty(None)
    for text in found:
        identity = (text.msgid, text.plural) if text.plural else text.msgid
        catalog.add(identity, locations=[(text.where, 1)], context=text.context or None)
    return catalog


def translated(found: Sequence[Text], old: Catalog) -> Catalog:
    """Return the catalogue of texts with the translations of an older one; what is gone is left out."""
    catalog = _empty(_LOCALE)
    for text in found:
        identity = (text.msgid, text.plural) if text.plural else text.msgid
        known = old.get(text.msgid, context=text.context or None)
        words = "" if known is None else words_of(known)[1]
        catalog.add(
            identity,
            [words] if text.plural else words,
            locations=[(text.where, 1)],
            context=text.context or None,
        )
    return catalog


def _empty(locale: str | None) -> Catalog:
    return Catalog(
        locale=locale,
        project="Banyan",
        version="1",
        header_comment=_HEADER,
        msgid_bugs_address=" ",
        copyright_holder="The Banyan authors",
        creation_date=_MADE,
        revision_date=_MADE,
        last_translator="The Banyan authors",
        language_team="The Banyan authors",
        charset="utf-8",
    )


def read(path: Path = CHINESE, locale: str | None = _LOCALE) -> Catalog:
    """Return the catalogue of a .po file; a template has no locale."""
    with path.open("rb") as file:
        return read_po(file, locale=locale)


def po_bytes(catalog: Catalog) -> bytes:
    """Return the text of a .po or .pot file; places are files without lines, which would always change."""
    out = io.BytesIO()
    write_po(out, catalog, width=110, include_lineno=False)
    return out.getvalue()


def mo_bytes(catalog: Catalog) -> bytes:
    """Return a compiled catalogue."""
    out = io.BytesIO()
    write_mo(out, catalog)
    return out.getvalue()


def update() -> Catalog:
    """Bring the three files up to date with the source, keep translations, and return the Chinese one."""
    found = texts()
    catalog = translated(found, read() if CHINESE.exists() else _empty(_LOCALE))
    TEMPLATE.write_bytes(po_bytes(template(found)))
    CHINESE.write_bytes(po_bytes(catalog))
    COMPILED.write_bytes(mo_bytes(catalog))
    return catalog


def problems() -> list[str]:
    """Return what is wrong with the files, in words; nothing if all is well."""
    found, catalog = texts(), read()
    wrong = [*_out_of_date(found, catalog)]
    for message in entries(catalog):
        wrong += [f"{trouble}: {words_of(message)[0]!r}" for trouble in _troubles(message)]
    return wrong


def entries(catalog: Catalog) -> Iterator[Message]:
    """Yield the messages of a catalogue without its header."""
    return (message for message in catalog if message.id)


def words_of(message: Message) -> tuple[str, str]:
    """Return English and Chinese of a message; of a counted one the plural, which Chinese has for all."""
    english = message.id[1] if isinstance(message.id, tuple | list) else message.id
    chinese = message.string[0] if isinstance(message.string, tuple | list) else message.string
    return str(english), str(chinese or "")


def placeholders(text: str) -> set[tuple[str, str]]:
    """Return the {named} placeholders of a text with their format specifications; none where it has none."""
    try:
        parts = list(string.Formatter().parse(text))
    except ValueError:
        return set()
    return {(name, spec or "") for _, name, spec, _ in parts if name}


def _out_of_date(found: Sequence[Text], catalog: Catalog) -> Iterator[str]:
    wanted = {(text.context, text.msgid) for text in found}
    there = {(m.context or "", m.id[0] if isinstance(m.id, tuple | list) else m.id) for m in entries(catalog)}
    yield from (f"not in the catalogue: {msgid!r}" for _, msgid in sorted(wanted - there))
    yield from (f"no longer in use: {msgid!r}" for _, msgid in sorted(there - wanted))
    if catalog.obsolete:
        yield f"{len(catalog.obsolete)} entries are obsolete"
    if _identities(read(TEMPLATE, None)) != _identities(template(found)):
        yield "banyan.pot is not what the source gives"
    with COMPILED.open("rb") as file:
        compiled = _spoken(read_mo(file))
    if compiled != _spoken(catalog):
        yield "banyan.mo is not what banyan.po gives"


def _identities(catalog: Catalog) -> set[tuple[str, str]]:
    return {(_text(message.context or ""), words_of(message)[0]) for message in entries(catalog)}


def _spoken(catalog: Catalog) -> dict[tuple[str, str], str]:
    """Return what has a translation."""
    spoken = {(_text(m.context or ""), words_of(m)[0]): words_of(m)[1] for m in entries(catalog)}
    return {key: chinese for key, chinese in spoken.items() if chinese}


def _text(context: str | bytes) -> str:
    """Return a context as text; Babel leaves those of compiled catalogues as bytes."""
    return context.decode() if isinstance(context, bytes) else context


def _troubles(message: Message) -> Iterator[str]:
    english, chinese = words_of(message)
    if not chinese.strip():
        yield "no Chinese"
        return
    if message.fuzzy:
        yield "fuzzy"
    if placeholders(english) != placeholders(chinese):
        yield "other placeholders"
    yield from (f"the glossary says {term.chinese}" for term in missing_terms(english, chinese))


def main(arguments: Sequence[str]) -> int:
    """Update the catalogue, or with `--check` only check it; return 1 where something is wrong."""
    if "--check" not in arguments:
        number = len(list(entries(update())))
        print(f"{number} texts")
    wrong = problems()
    for trouble in wrong:
        print(trouble)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Workbooks that do not change with the clock: same sheets, same bytes."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime
from typing import Any


def saved_still(book: Any, made_at: datetime) -> bytes:
    """Return a workbook as bytes in which every date is that of an instant.

    Parameters
    ----------
    book
        An openpyxl workbook.
    made_at
        The instant, in UTC.
    """
    plain = made_at.replace(tzinfo=None, microsecond=0)
    book.properties.created = plain
    raw = io.BytesIO()
    book.save(raw)
    target = io.BytesIO()
    with zipfile.ZipFile(raw) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for item in source.infolist():
            content = source.read(item)
            if item.filename == "docProps/core.xml":
                content = _with_date(content, plain)
            entry = zipfile.ZipInfo(item.filename, max(plain, datetime(1980, 1, 1)).timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return target.getvalue()


def _with_date(content: bytes, at: datetime) -> bytes:
    """Return the core properties with the date of the last change set."""
    import re

    date = at.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    return re.sub(
        rb"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)", rb"\g<1>" + date + rb"\g<2>", content
    )

"""Makes the typeface that comes with Banyan from Noto Sans CJK; run it when the catalogue has new characters.

    python -m ui.language.subset_font /usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc

Kept are Latin, punctuation and signs, the characters of GB 2312, and all that the catalogue uses. Not run in
tests; they check that no character of the catalogue lacks a glyph.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from insight.fonts import FONT_FAMILY, FONT_FILE, font_folder
from ui.language.catalogue import entries, read, words_of

_FACE = "Noto Sans CJK SC"
# Latin, punctuation, currencies, arrows, operators, geometric shapes, CJK punctuation and full-width forms.
_RANGES = (
    (0x20, 0x7E),
    (0xA0, 0x17F),
    (0x2010, 0x2044),
    (0x20A0, 0x20BF),
    (0x2190, 0x2199),
    (0x2200, 0x226F),
    (0x25A0, 0x25CF),
    (0x3000, 0x303F),
    (0xFF01, 0xFF5E),
    (0xFFE5, 0xFFE5),
)


def characters() -> set[str]:
    """Return the characters to keep."""
    kept = {chr(point) for first, last in _RANGES for point in range(first, last + 1)}
    for high in range(0xB0, 0xF8):
        for low in range(0xA1, 0xFF):
            kept.update(bytes((high, low)).decode("gb2312", errors="ignore"))
    return kept | {sign for message in entries(read()) for sign in "".join(words_of(message))}


def subset(source: Path) -> Path:
    """Write the subset of a font collection beside its licence.

    Parameters
    ----------
    source
        The collection of Noto Sans CJK in regular weight.

    Returns
    -------
    Path
        The file.
    """
    from fontTools.subset import Options, Subsetter
    from fontTools.ttLib import TTCollection

    font: Any = next(f for f in TTCollection(source).fonts if f["name"].getDebugName(1) == _FACE)
    options = Options()
    options.layout_features = ["ccmp", "locl", "kern", "mark", "mkmk"]
    options.hinting = False
    options.desubroutinize = False
    options.name_languages = [0x409]
    options.drop_tables += ["BASE", "VORG", "vhea", "vmtx", "DSIG"]
    subsetter = Subsetter(options)
    subsetter.populate(text="".join(sorted(characters())))
    subsetter.subset(font)
    for record in font["name"].names:
        if record.nameID in (1, 4, 16):
            record.string = FONT_FAMILY
        elif record.nameID == 6:
            record.string = FONT_FAMILY.replace(" ", "") + "-Regular"
    target = font_folder() / FONT_FILE
    font.save(target)
    return target


if __name__ == "__main__":
    made = subset(Path(sys.argv[1]))
    print(f"{made.name}: {made.stat().st_size:,} bytes")

"""Words, numbers and dates of the application in English and Chinese.

`language(code)` gives what the pages speak with, by custom called `say`. English msgids stand in the code;
Chinese is in the gettext catalogue that `python -m ui.language.catalogue` keeps. Nothing here draws.
"""

from __future__ import annotations

from insight.fonts import FONT_FAMILY, font_folder
from ui.language.speaking import LANGUAGES, Language, language, msgid

__all__ = ["FONT_FAMILY", "LANGUAGES", "Language", "font_folder", "language", "msgid"]

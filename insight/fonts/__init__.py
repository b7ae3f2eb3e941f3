"""The open typeface with Chinese characters that comes with Banyan, for pictures drawn without a desktop.

A subset of Noto Sans CJK SC under the SIL Open Font License 1.1 (`OFL.txt` beside it), made by
`python -m ui.language.subset_font`. Whoever draws names the family and points the drawing library here.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

#: The family under which drawing libraries know the typeface.
FONT_FAMILY = "Banyan Sans SC"
#: Its file.
FONT_FILE = "BanyanSansSC-Regular.otf"


def font_folder() -> Path:
    """Return the folder with the font files."""
    return Path(__file__).resolve().parent


@cache
def matplotlib_families() -> list[str]:
    """Tell matplotlib of the typeface, once, and return the families that texts should name.

    Latin comes from matplotlib's own face, what that lacks from this one.
    """
    from matplotlib.font_manager import fontManager

    fontManager.addfont(font_folder() / FONT_FILE)
    return ["DejaVu Sans", FONT_FAMILY]

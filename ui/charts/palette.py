"""Colours of charts and cards: told apart by colour-blind people, and read easily on white.

Scenarios have hues of their own, unlike the blue of what is better and the orange of what is worse; those two
are of Okabe and Ito, darkened for text on white; scales follow ColorBrewer. No meaning is carried by colour
alone: charts add dashes, arrows, signs or numbers.

References
----------
Okabe, M., Ito, K. (2008): Color Universal Design. W3C (2018): Web Content Accessibility Guidelines 2.1,
relative luminance and contrast ratio. Brewer, C. (2003): ColorBrewer, scales Oranges and PuOr.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

BACKGROUND = "#ffffff"
INK = "#1f2933"
FAINT = "#52606d"
ACCENT = "#0b6e4f"
GRID = "#e4e7eb"
#: What may be none: differences whose interval spans zero.
UNDECIDED = "#6e6e6e"
BETTER, WORSE = "#0b5fa5", "#b3400f"
NO_DATA, HATCH = "#eef0f2", "#c3c9d0"
LAND, SEA, BORDER = "#e9ecef", "#ffffff", "#c3c9d0"
SHADE = "#8a94a0"

#: Of scenarios, the baseline first.
SCENARIOS = ("#3b4754", "#8e5bd0", "#00857c", "#a67c00", "#d95f9e")
DASHES: tuple[list[int], ...] = ([1, 0], [6, 2], [2, 2], [8, 2, 2, 2], [12, 4])

#: Attainment from low to high: what is bad stands out.
LOW_TO_HIGH = ("#7f2704", "#b23c02", "#dd5f0b", "#f68b3b", "#fdb97d", "#fddcbb", "#fff5eb")
#: Differences from worse over none to better.
WORSE_TO_BETTER = ("#8f3208", "#d97b3c", "#f6cfae", "#f7f7f7", "#bcd6ea", "#5f9fd0", "#0b4f8a")


def luminance(colour: str) -> float:
    """Return the relative luminance, 0 for black to 1 for white, of a colour written `#rrggbb`."""
    channels = [c / 255.0 for c in _channels(colour)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first: str, second: str) -> float:
    """Return the contrast ratio of two colours, 1 to 21; text needs 4.5, lines and areas 3."""
    dark, light = sorted((luminance(first), luminance(second)))
    return (light + 0.05) / (dark + 0.05)


def ink_on(colour: str) -> str:
    """Return black ink or white, whichever is read more easily on a colour."""
    return max(("#000000", "#ffffff"), key=lambda ink: contrast(ink, colour))


def blend(scale: Sequence[str], place: float) -> str:
    """Return the colour at a place from 0 to 1 on a scale of colours; beyond it, that of its end."""
    place = min(max(place, 0.0), 1.0) * (len(scale) - 1)
    pairs = list(pairwise(scale))
    step = min(int(place), len(pairs) - 1)
    first, second = (_channels(colour) for colour in pairs[step])
    mixed = [round(a + (b - a) * (place - step)) for a, b in zip(first, second, strict=True)]
    return "#" + "".join(f"{channel:02x}" for channel in mixed)


def rgba(colour: str, opacity: float) -> list[int]:
    """Return a colour as red, green, blue and opacity, each 0 to 255, as maps take it."""
    return [*_channels(colour), round(255 * opacity)]


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)

"""What holds of every page whatever it shows: its width, its language, its contrast."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from playwright.sync_api import Page

#: Text that people read, with where it stands: not hidden, not in an icon, not in a code block.
_TEXTS = """() => {
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const text = node.textContent.trim(), element = node.parentElement;
    if (!text || !element || element.closest(
        'script, style, noscript, title, code, pre, [data-testid="stIconMaterial"], canvas, ' +
        '[data-testid="stDataFrame"]')) continue;
    if (!element.closest('[data-testid="stMain"], [data-testid="stSidebar"]')) continue;
    if (!element.checkVisibility({opacityProperty: true, visibilityProperty: true})) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const box = range.getBoundingClientRect();
    if (box.width < 2 || box.height < 2) continue;
    found.push([text, element, box]);
  }
  return found;
}"""
_WORDS = f"""() => ({_TEXTS})().map(([text]) => text)"""
_CONTRAST = f"""() => {{
  // Read back from a canvas once for each colour, of which a page has few: reading takes a millisecond.
  const canvas = new OffscreenCanvas(1, 1).getContext('2d', {{willReadFrequently: true}}), known = {{}};
  const read = text => {{
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = '#000';
    canvas.fillStyle = text;
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  }};
  const parsed = text => [...(known[text] ??= read(text))];
  const over = (top, below) => [0, 1, 2].map(i => top[i] * top[3] + below[i] * (1 - top[3])).concat(1);
  const light = colour => {{
    const straight = v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
    const [r, g, b] = colour.map(v => straight(v / 255));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  }};
  const ground = element => {{
    const layers = [];
    for (let e = element; e; e = e.parentElement) layers.unshift(parsed(getComputedStyle(e).backgroundColor));
    return layers.reduce((below, top) => over(top, below), [255, 255, 255, 1]);
  }};
  const opacity = element => {{
    let found = 1;
    for (let e = element; e; e = e.parentElement) found *= parseFloat(getComputedStyle(e).opacity);
    return found;
  }};
  const found = [];
  for (const [text, element] of ({_TEXTS})()) {{
    if (element.closest('svg, [disabled], [aria-disabled="true"], label:has(+ * [disabled])')) continue;
    const style = getComputedStyle(element), colour = parsed(style.color), below = ground(element);
    colour[3] *= opacity(element);
    const [a, b] = [light(over(colour, below)), light(below)].sort((x, y) => y - x);
    const size = parseFloat(style.fontSize), bold = parseInt(style.fontWeight) >= 700;
    const needed = size >= 24 || (bold && size >= 18.66) ? 3 : 4.5;
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < needed) found.push({{text, ratio: Math.round(ratio * 100) / 100, needed,
      colour: style.color, opacity: colour[3], below: below.slice(0, 3).join(' '), size}});
  }}
  return found;
}}"""
_WIDTH = """() => {
  const most = window.innerWidth;
  const wide = [...document.querySelectorAll('[data-testid="stMain"] *')].filter(e => {
    const box = e.getBoundingClientRect();
    return box.width > 0 && box.right > most + 1 && e.children.length === 0;
  }).slice(0, 5).map(e => e.outerHTML.slice(0, 160));
  const main = document.querySelector('[data-testid="stMain"]');
  const whole = document.documentElement.scrollWidth;
  return {document: whole, main: main.scrollWidth - main.clientWidth, most, wide};
}"""
_ENGLISH = re.compile(r"[A-Za-z][a-z'’]+(?:[ ,;:]+[A-Za-z][a-z'’]+){2,}")


def check_width(page: Page) -> None:
    """Fail if the page can be pushed sideways."""
    found = page.evaluate(_WIDTH)
    assert found["document"] <= found["most"] and found["main"] <= 0, found


def english_sentences(page: Page, allowed: Iterable[str] = ()) -> list[str]:
    """Return the texts of a page that hold three English words or more in a row.

    Parameters
    ----------
    page
        The page.
    allowed
        Texts that may: names that people gave.
    """
    may = tuple(allowed)
    texts: list[str] = page.evaluate(_WORDS)
    found = []
    for text in dict.fromkeys(texts):
        rest = text
        for known in may:
            rest = rest.replace(known, "")
        if _ENGLISH.search(rest):
            found.append(text)
    return found


def faint_texts(page: Page) -> list[dict[str, Any]]:
    """Return the texts whose contrast with what is behind them is below AA, with the numbers.

    References
    ----------
    W3C: Web Content Accessibility Guidelines 2.2, 1.4.3; text of controls that are disabled is exempt.
    """
    found: list[dict[str, Any]] = page.evaluate(_CONTRAST)
    return found

"""The language that a page speaks: words, names, numbers, dates.

Words come from the compiled gettext catalogue beside this module, formats from CLDR through Babel. What has
no translation is shown in English; `ui.language.catalogue` finds it.
"""

from __future__ import annotations

import gettext
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date as Day
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from babel import Locale

from insight.digits import scale
from ui.language.figures import NOTHING, free_places, number_text, share_places, width_text
from ui.language.moments import PATTERNS, date_text, local, offset_text
from ui.language.terms import TERMS, readable, titled

#: Languages by code, each under its own name.
LANGUAGES: Mapping[str, str] = {"en": "English", "zh": "中文"}
LOCALE_FOLDER = Path(__file__).resolve().parent / "locale"
DOMAIN = "banyan"

_PLACES = ("city", "cities", "country", "countries", "site", "sites", "centre", "centres")
_LOCALES = {"en": "en_GB", "zh": "zh_Hans_CN"}


@lru_cache
def language(code: str) -> Language:
    """Return the language of a code of `LANGUAGES`.

    Raises
    ------
    KeyError
        If there is no such language.
    """
    own_name, locale = LANGUAGES[code], Locale.parse(_LOCALES[code])
    translations = gettext.NullTranslations()
    if code != "en":
        translations = gettext.translation(DOMAIN, LOCALE_FOLDER, [code])
    return Language(code, own_name, locale, translations)


def msgid(text: str) -> str:
    """Return a literal unchanged that is marked for translation where it stands, in a table for instance.

    Whoever shows it says it with `Language.described`.
    """
    return text


@dataclass(frozen=True)
class Language:
    """One language of the application.

    Parameters
    ----------
    code
        `en` or `zh`.
    own_name
        What it calls itself.
    locale
        Formats of numbers and names of months.
    translations
        The catalogue.
    """

    code: str
    own_name: str
    locale: Locale
    translations: gettext.NullTranslations = field(repr=False, compare=False)

    def __reduce__(self) -> tuple[Any, tuple[str]]:
        """Return how a copy is made: by the code, for catalogues cannot be copied."""
        return language, (self.code,)

    def __call__(self, msgid: str, /, **values: Any) -> str:
        """Return a text of the page with its {placeholders} filled.

        Parameters
        ----------
        msgid
            English, always a literal in the code.
        **values
            Values of the placeholders; without any, braces stand for themselves.
        """
        text = self.translations.gettext(msgid)
        return text.format(**values) if values else text

    def many(self, one: str, several: str, n: float, /, **values: Any) -> str:
        """Return a text in the number that `n` asks for; `{n}` in it is the number by locale.

        Parameters
        ----------
        one, several
            English in singular and plural, literals.
        n
            The number.
        **values
            Values of further placeholders.
        """
        number = n if isinstance(n, int) else (1 if n == 1 else 2)
        text = self.translations.ngettext(one, several, number)
        return text.format(**{"n": self.number(n), **values})

    def message(self, text: str) -> str:
        """Return a message of the layers below: a `Phrase` in this language, plain text unchanged."""
        template: str | None = getattr(text, "template", None)
        if template is None:
            return str(text)
        values: Mapping[str, Any] = getattr(text, "values", {})
        own = {name: self.message(v) if isinstance(v, str) else v for name, v in values.items()}
        return self.translations.gettext(template).format_map(own)

    def term(self, kind: str, key: str) -> str:
        """Return what a thing with a fixed id is called.

        Parameters
        ----------
        kind
            One of `ui.language.terms.TERMS`; `field` and `choice` are keys and values of the schema,
            `column` a column of a table.
        key
            Its id; one that is not listed is called by its id in words.

        Raises
        ------
        KeyError
            If there is no such kind.
        """
        english = TERMS[kind].get(key, readable(key))
        return self.translations.pgettext(kind, english) if english else ""

    def described(self, text: str) -> str:
        """Return a text from a registry (schema, KPIs, columns, `msgid`) in this language."""
        return self.translations.gettext(text) if text else ""

    def name(self, kind: str, key: str, shown: str = "") -> str:
        """Return what a city, country, site or other thing of a scenario is called.

        Parameters
        ----------
        kind
            Section of the scenario: `cities`, `countries`, `sites` ...
        key
            Its key there.
        shown
            The scenario's own name for it; where that is one of the library's it is translated.
        """
        english = shown or (titled(key) if kind in _PLACES else readable(key))
        return self.translations.pgettext("name", english)

    def number(self, value: float | None, digits: int | None = None, signed: bool = False) -> str:
        """Return a number; `digits` are decimals, by its size where they are not given."""
        if value is None:
            return NOTHING
        places = free_places(value) if digits is None else digits
        return number_text(value, places, self.locale, signed)

    def percent(self, share: float | None, digits: int = 1) -> str:
        """Return a share from 0 to 1 in percent."""
        return NOTHING if share is None else f"{self.number(100.0 * share, digits)} %"

    def unit(self, unit: str, currency: str = "") -> str:
        """Return a unit of `insight.definitions` or of the schema as it stands behind a number.

        Parameters
        ----------
        unit
            The unit.
        currency
            Code of the currency in which money is, for units of money.
        """
        words = self.term("unit", unit)
        return words.format(currency=currency or self("currency")) if "{" in words else words

    def quantity(self, value: float | None, unit: str, currency: str = "", digits: int | None = None) -> str:
        """Return a figure with its unit; shares of `insight` are in percent."""
        if value is None:
            return NOTHING
        return self._with_unit(self.number(value * scale(unit), digits), self.unit(unit, currency))

    def interval(
        self, mean: float | None, low: float | None, high: float | None, unit: str, currency: str = ""
    ) -> str:
        """Return a mean with the half-width of its interval and its unit: 75.2 ± 0.8 %.

        Parameters
        ----------
        mean
            The mean; none is shown as a dash.
        low, high
            Ends of the interval; None where there is none, as from one replication, which is then said.
        unit
            Unit of `insight.definitions`.
        currency
            Code of the currency, for figures of money.
        """
        if mean is None:
            return NOTHING
        half = None if low is None or high is None else (high - low) / 2
        return self._figure(mean, half, unit, self.unit(unit, currency), signed=False)

    def figure(self, figure: Mapping[str, float | None], unit: str, currency: str = "") -> str:
        """Return a figure of summary.json, which has `mean` and `half_width`, like `interval`."""
        mean, half = figure.get("mean"), figure.get("half_width")
        if mean is None:
            return NOTHING
        return self._figure(mean, half, unit, self.unit(unit, currency), signed=False)

    def difference(
        self, difference: float | None, low: float | None, high: float | None, unit: str, currency: str = ""
    ) -> str:
        """Return a signed difference with its half-width; those of shares are in percentage points.

        Parameters
        ----------
        difference
            The paired difference.
        low, high
            Ends of its interval.
        unit
            Unit of the figures, of `insight.definitions`.
        currency
            Code of the currency, for figures of money.
        """
        if difference is None:
            return NOTHING
        half = None if low is None or high is None else (high - low) / 2
        words = self.term("unit", "pp") if unit == "share" else self.unit(unit, currency)
        return self._figure(difference, half, unit, words, signed=True)

    def _figure(self, value: float, half: float | None, unit: str, words: str, signed: bool) -> str:
        places = share_places(value, half, unit)
        text = number_text(value * scale(unit), places, self.locale, signed)
        if half is None:
            return self("{figure} (no interval)", figure=self._with_unit(text, words))
        return self._with_unit(f"{text} ± {width_text(half, places, unit, self.locale)}", words)

    @staticmethod
    def _with_unit(number: str, unit: str) -> str:
        return f"{number} {unit}" if unit else number

    def hours(self, hours: float | None, digits: int | None = None) -> str:
        """Return a duration in hours."""
        return self.quantity(hours, "h", digits=digits)

    def duration(self, seconds: float) -> str:
        """Return how long something takes, in the two largest units that fit."""
        whole = max(0, round(seconds))
        if whole < 60:
            return self("{seconds} s", seconds=whole)
        minutes, rest = divmod(whole, 60)
        if minutes < 60:
            return self("{minutes} min {seconds} s", minutes=minutes, seconds=rest)
        hours, minutes = divmod(round(whole / 60), 60)
        return self("{hours} h {minutes} min", hours=hours, minutes=minutes)

    def money(self, amount: float | None, currency: str, digits: int | None = None) -> str:
        """Return an amount with the code of its currency: 1,234 USD; cents below a thousand."""
        if amount is None:
            return NOTHING
        places = (0 if abs(amount) >= 1000 or amount == round(amount) else 2) if digits is None else digits
        return self._with_unit(self.number(amount, places), currency)

    def date(self, day: Day) -> str:
        """Return a date with its year: 22 Nov 2026, 2026年11月22日."""
        return date_text(day, PATTERNS[self.code]["date"], self.locale)

    def short_date(self, day: Day) -> str:
        """Return a date without its year: 22 Nov, 11月22日."""
        return date_text(day, PATTERNS[self.code]["short"], self.locale)

    def month(self, day: Day) -> str:
        """Return a month with its year: Nov 2026, 2026年11月."""
        return date_text(day, PATTERNS[self.code]["month"], self.locale)

    def instant(self, instant: datetime, tz: str = "UTC") -> str:
        """Return an instant on the clock of a zone: 22 Nov 2026, 14:30 UTC+8.

        Parameters
        ----------
        instant
            The instant; without a zone of its own it is in UTC.
        tz
            IANA name of the zone in which it is shown.
        """
        there = local(instant, tz)
        separator = " " if self.code == "zh" else ", "
        return f"{self.date(there)}{separator}{there:%H:%M} {offset_text(there)}"

    def short_instant(self, instant: datetime, tz: str = "UTC") -> str:
        """Return an instant on the clock of a zone without year and zone: 22 Nov 14:30, 11月22日 14:30.

        For where it is told beside whose clock that is, and space is short.

        Parameters
        ----------
        instant, tz
            As for `instant`.
        """
        there = local(instant, tz)
        return f"{self.short_date(there)} {there:%H:%M}"

    def clock(self, instant: datetime, tz: str = "UTC") -> str:
        """Return the time of day of an instant on the clock of a zone: 14:30."""
        return f"{local(instant, tz):%H:%M}"

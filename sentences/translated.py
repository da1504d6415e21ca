"""Speech in a language other than English: a catalogue of gettext, and Babel's numbers, dates and lists.

Catalogues are read as they are written (`.po`), so that a checkout and a wheel need no step that compiles them: reading
one takes about as long as importing Babel.
"""

from __future__ import annotations

from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from babel import Locale
from babel.dates import format_date, format_skeleton, format_time
from babel.lists import format_list
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from .phrase import Phrase, filled_in

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, time
    from decimal import Decimal

    from ..documents.local_text import SpokenLanguage


_CATALOGUES = Path(__file__).with_name("catalogues")


class Translated:
    """Speech by the catalogue of a language. May be used by many threads."""

    def __init__(self, language: SpokenLanguage) -> None:
        self.language: SpokenLanguage = language
        self._locale = Locale.parse(language)
        written = (_CATALOGUES / f"{language}.po").read_bytes()
        compiled = BytesIO()
        write_mo(compiled, read_po(BytesIO(written), locale=language))
        compiled.seek(0)
        self._translations = GNUTranslations(compiled)

    def say(self, message: str, /, **values: Phrase) -> Phrase:
        return filled_in(self._translations.gettext(message), values)

    def count(self, one: str, many: str, number: int, /, **values: Phrase) -> Phrase:
        message = self._translations.ngettext(one, many, number)
        return filled_in(message, {"number": self.number(number), **values})

    def number(self, number: int | Decimal, /) -> Phrase:
        return Phrase(format_decimal(number, locale=self._locale, decimal_quantization=False))

    def day(self, day: date, /) -> Phrase:
        return Phrase(format_date(day, "long", locale=self._locale))

    def weekday(self, day: date, /) -> Phrase:
        return Phrase(format_skeleton("MMMEd", day, locale=self._locale))

    def clock(self, moment: time, /) -> Phrase:
        return Phrase(format_time(moment, "medium" if moment.second else "short", locale=self._locale))

    def listed(self, words: Sequence[Phrase], /, *, either: bool = False) -> Phrase:
        return Phrase(format_list(words, "or" if either else "standard", self._locale))

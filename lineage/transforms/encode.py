"""Texts as a format or a charset writes them: encode.

Sources: HTML Standard, 13.1.4 (character references); XML 1.0, 4.6 (predefined entities); RFC 8259, 7 (strings of JSON);
RFC 3986, 2.1 (percent-encoding); URL Standard, 5.2 (application/x-www-form-urlencoded).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING, Literal, TypeAlias

from ...values import steps
from ...values.charset import Charset
from ...values.percent import PercentMachine, PercentMap
from ...values.textset import without
from ...values.transducer import CharMap, Mapped, Move, Transducer
from ...values.weight import encodable_charset
from ..transform import REJECTED, TextTransform, texts_and_null

if TYPE_CHECKING:
    from ...values.textset import TextSet
    from ...values.transducer import Phase
    from ...values.valueset import Value, ValueSet
    from ..transform import NoValue

Notation: TypeAlias = Literal["html", "xml", "json", "url", "form"]

_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"}
_PLAIN = (("A", "Z"), ("a", "z"), ("0", "9"))
_UNRESERVED, _OF_FORMS = Charset.of(*_PLAIN, "-._~"), Charset.of(*_PLAIN, "*-._")
_JSON = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


@cache
def _escapes(notation: Notation) -> CharMap:
    """The characters that a notation writes in another way."""
    match notation:
        case "html":
            table = {**_ENTITIES, "'": "&#39;"}
        case "xml":
            table = {**_ENTITIES, "'": "&apos;"}
        case "json":
            table = {**{chr(point): f"\\u{point:04x}" for point in range(32)}, **_JSON}
        case "url":
            return PercentMap("escaping for url", _UNRESERVED, {})
        case "form":
            return PercentMap("escaping for form", _OF_FORMS, {ord(" "): "+"})
    return CharMap(f"escaping for {notation}", {ord(character): text for character, text in table.items()})


@dataclass(frozen=True)
class Escaped(TextTransform):
    """The characters that have a meaning in a notation, in the way that stands for themselves: `&` as `&amp;`.

    Two different texts never become equal.
    """

    notation: Notation

    @property
    def name(self) -> str:
        return "encode"

    @property
    def sentence(self) -> str:
        return "escaped for a form" if self.notation == "form" else f"escaped for {self.notation.upper()}"

    @cached_property
    def machine(self) -> Transducer:
        image = _escapes(self.notation)
        return PercentMachine(image) if isinstance(image, PercentMap) else Mapped(image)

    def write(self, text: str) -> str:
        return _escapes(self.notation)(text)


@dataclass(frozen=True)
class WithinMachine(Transducer):
    """Writes every text of some characters as it is, and rejects the others."""

    charset: Charset

    @cached_property
    def classes(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        return steps.indicator(self.charset, 1, 0)

    @property
    def rejects(self) -> bool:
        return True

    def moves(self, phase: Phase, character_class: int) -> tuple[Move, ...]:
        return (Move(phase),) if character_class else ()

    def lengths(self, low: int, high: int | None) -> tuple[int, int | None]:
        return low, high

    @property
    def never_longer(self) -> bool:
        return True

    @property
    def idempotent(self) -> bool:
        return True


@dataclass(frozen=True)
class EncodedIn(TextTransform):
    """A text that a charset holds; the step fails on any other."""

    charset: str

    @property
    def name(self) -> str:
        return "encode"

    @property
    def sentence(self) -> str:
        return f"encoded in {self.charset}, or it fails"

    @cached_property
    def _held(self) -> Charset:
        return encodable_charset(self.charset)

    @cached_property
    def machine(self) -> Transducer:
        return WithinMachine(self._held)

    def write(self, text: str) -> str:
        return text

    def apply(self, value: Value) -> Value | NoValue:
        if isinstance(value, str) and any(ord(character) not in self._held for character in value):
            return REJECTED
        return super().apply(value)

    @cached_property
    def held(self) -> TextSet:
        """The texts that it does not fail on."""
        return without(~self._held)

    @property
    def apart(self) -> ValueSet:
        """The values that stay as they are."""
        return texts_and_null(self.held, null=True)

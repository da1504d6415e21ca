"""The units that lengths are measured in.

A `Weight` gives every code point a whole number; the measure of a text is the sum over its characters. Code points
count 1 each; UTF-8 bytes 1 to 4; UTF-16 units 1 or 2; a codec's bytes as many as it encodes the character to.
"""

from __future__ import annotations

import codecs
from bisect import bisect_right
from fractions import Fraction
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from . import steps
from .alphabet import lettered
from .charset import CODE_POINT_LIMIT, SCALARS, Charset
from .error import FieldlineError

if TYPE_CHECKING:
    from collections.abc import Iterable


class EncodingError(FieldlineError, ValueError):
    """An encoding that cannot be measured character by character; `name` as given, `reason` in words."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"{name}: {reason}")
        self.name = name
        self.reason = reason


class _Known(dict[str, int]):
    """The weights of characters, computed on first use."""

    def __init__(self, step: tuple[tuple[int, ...], tuple[int, ...]]) -> None:
        super().__init__()
        self.step = step

    def __missing__(self, character: str) -> int:
        self[character] = weight = steps.at(self.step, ord(character))
        return weight


class Weight:
    """A unit of length. Compared by content (`step`), so equal units are interchangeable."""

    __slots__ = ("_hash", "_known", "letters", "name", "step")

    def __init__(self, name: str, step: tuple[tuple[int, ...], tuple[int, ...]]) -> None:
        self.name = name
        """The unit in words: "code points", "bytes in cp037"."""
        self.step = step
        self.letters = lettered(step)
        """The same step function, over letters."""
        self._hash = hash(step)
        self._known = _Known(step)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Weight) and self.step == other.step

    def __hash__(self) -> int:
        return self._hash

    def __ge__(self, other: Weight) -> bool:
        """Whether every character weighs at least as much as in the other unit."""
        return self.step == other.step or all(steps.merge(self.step, other.step, int.__ge__)[1])

    def most_per_unit(self, other: Weight) -> Fraction | None:
        """The greatest weight of a character per unit of another weight; None: there is no greatest.

        A text of n of the other units weighs at most n times as much in this one.
        """
        return _most_per_unit(self, other)

    def of(self, text: str) -> int:
        """The measure of a text: the sum of its characters' weights."""
        return sum(map(self._known.__getitem__, text))

    def heaviest(self, charset: Charset) -> int:
        """The greatest weight of a character of the set; 0 for the empty set."""
        heaviest = 0
        spans = charset.bounds
        for low, high, weight in steps.pieces(self.step):
            if weight > heaviest:
                i = bisect_right(spans, low)
                if i & 1 or (i < len(spans) and spans[i] < high):
                    heaviest = weight
        return heaviest

    def __repr__(self) -> str:
        return f"Weight({self.name})"


@lru_cache(maxsize=16_384)
def _most_per_unit(weight: Weight, other: Weight) -> Fraction | None:
    if weight.step == other.step:
        return Fraction(1)
    pairs = steps.merge(weight.step, other.step, lambda mine, others: (mine, others))[1]
    if any(mine > 0 and not others for mine, others in pairs):
        return None
    return max((Fraction(mine, others) for mine, others in pairs if others), default=Fraction(0))


CODE_POINTS = Weight("code points", ((), (1,)))
UTF16 = Weight("UTF-16 units", ((0x10000,), (1, 2)))
UTF8 = Weight("bytes in utf-8", ((0x80, 0x800, 0x10000), (1, 2, 3, 4)))

_WHOLE_TEXT_CODECS = {
    "idna": "encodes whole domain names",
    "punycode": "encodes whole texts",
    "utf-7": "is stateful",
    "hz": "is stateful",
    "utf-16": "adds a byte-order mark; name utf-16-le or utf-16-be",
    "utf-32": "adds a byte-order mark; name utf-32-le or utf-32-be",
    "utf-8-sig": "adds a byte-order mark; name utf-8",
    **dict.fromkeys(
        ("euc_jis_2004", "euc_jisx0213", "shift_jis_2004", "shift_jisx0213", "big5hkscs"),
        "encodes some pairs of characters as one",
    ),
    "unicode_escape": "is not a character encoding",
    "raw_unicode_escape": "is not a character encoding",
    "mbcs": "depends on the machine",
    "oem": "depends on the machine",
}


_BMP = Charset((0, 0xD800, 0xE000, 0x10000))
_OF_16_BITS = {"utf8mb3": UTF8, "ucs-2": Weight("bytes in ucs-2", ((), (2,)))}
"""MySQL's encodings of the characters up to U+FFFF, which Python does not have."""


def _lookup(name: str) -> str:
    """The codec's canonical name, or EncodingError."""
    if name.lower() in _OF_16_BITS:
        return name.lower()
    try:
        info = codecs.lookup(name)
    except (LookupError, ValueError) as error:
        raise EncodingError(name, "no such encoding") from error
    if not getattr(info, "_is_text_encoding", True):
        raise EncodingError(name, "is not a character encoding")
    if info.name in _WHOLE_TEXT_CODECS:
        raise EncodingError(name, _WHOLE_TEXT_CODECS[info.name])
    if info.name.startswith(("iso2022", "undefined")):
        raise EncodingError(name, "is stateful")
    return info.name


def codec_weight(name: str) -> Weight:
    """Bytes per character in a Python codec; characters it cannot encode weigh 0 (see `encodable_charset`).

    Equal units are one, under one name: where every character is a byte, bytes are code points. Else what is shown would
    depend on which of them was asked for first.

    Raises EncodingError for an unknown or stateful encoding.
    """
    return _codec(_lookup(name))[0]


def encodable_charset(name: str) -> Charset:
    """The characters that an encoding holds: encoded and decoded again, they are the same.

    Python's shift_jis writes `¥` as a backslash: it does not hold it. Raises EncodingError for an unknown or stateful
    encoding.
    """
    return _codec(_lookup(name))[1]


@cache
def _codec(name: str) -> tuple[Weight, Charset]:
    if name in _OF_16_BITS:
        return _OF_16_BITS[name], _BMP
    match name:
        case "utf-8":
            return UTF8, SCALARS
        case "utf-16-le" | "utf-16-be":
            return Weight("bytes in utf-16", ((0x10000,), (2, 4))), SCALARS
        case "utf-32-le" | "utf-32-be":
            return Weight("bytes in utf-32", ((), (4,))), SCALARS
    single = _single_byte(name)
    if single is not None:
        return CODE_POINTS, single
    sizes = [(c, len(encoded)) for c in _code_points() if (encoded := _encode(name, c)) is not None]
    step = steps.coalesce(*_by_code_point(sizes))
    return Weight(f"bytes in {name}", step), Charset.ranges((c, c) for c, _ in sizes)


def _single_byte(name: str) -> Charset | None:
    """The characters of a one-byte-per-character codec; None when it is not one."""
    code_points: list[int] = []
    for byte in range(256):
        try:
            text = bytes([byte]).decode(name)
        except UnicodeDecodeError:
            continue
        if len(text) != 1:
            return None
        code_points.append(ord(text))
    # Every character the codec encodes to one byte decodes back; a multi-byte codec encodes more than that.
    probes = (0x20AC, 0x3042, 0x4E00, 0xAC00, 0x1F600)
    if any(c not in code_points and _encode(name, c) is not None for c in probes):
        return None
    return Charset.ranges((c, c) for c in code_points if _encode(name, c) is not None)


def _code_points() -> Iterable[int]:
    return (c for low, high in SCALARS.spans() for c in range(low, high))


def _encode(name: str, code_point: int) -> bytes | None:
    """The bytes that stand for a character; None where there are none, or where something else comes back."""
    character = chr(code_point)
    try:
        encoded = character.encode(name)
        return encoded if encoded.decode(name) == character else None
    except UnicodeError:
        return None


def _by_code_point(sizes: list[tuple[int, int]]) -> tuple[list[int], list[int]]:
    bounds: list[int] = []
    values = [0]
    for point, size in sizes:
        if (bounds and bounds[-1] == point) or point == 0:
            values[-1] = size
        else:
            bounds.append(point)
            values.append(size)
        if point + 1 < CODE_POINT_LIMIT:
            bounds.append(point + 1)
            values.append(0)
    return bounds, values

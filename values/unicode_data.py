"""The Unicode data of characters: general categories, scripts, properties, case.

Categories, Lowercase, Uppercase and case are Unicode 14.0, as in Python 3.11. Scripts and the other properties are
those of Unicode 17.0 (the `regex` package) for the characters that 14.0 assigns; they differ from 14.0 for a few
symbols and marks. A character assigned since counts as unassigned (`Cn`), in every system alike.

Data is decoded on first use, once. Sources: the Unicode Character Database (UAX #44), UAX #24 (scripts), UTS #51
(emoji).
"""

from __future__ import annotations

from functools import cache
from itertools import accumulate

from . import unicode_tables
from .charset import ANY, NONE, Charset

UNICODE_VERSION = unicode_tables.TABLES_VERSION
"""The version of the assigned characters, their categories and their case."""

_CATEGORY_NAMES = {
    "Other": "C",
    "Control": "Cc",
    "cntrl": "Cc",
    "Format": "Cf",
    "Unassigned": "Cn",
    "Private_Use": "Co",
    "Surrogate": "Cs",
    "Letter": "L",
    "Cased_Letter": "LC",
    "Lowercase_Letter": "Ll",
    "Modifier_Letter": "Lm",
    "Other_Letter": "Lo",
    "Titlecase_Letter": "Lt",
    "Uppercase_Letter": "Lu",
    "Mark": "M",
    "Combining_Mark": "M",
    "Spacing_Mark": "Mc",
    "Enclosing_Mark": "Me",
    "Nonspacing_Mark": "Mn",
    "Number": "N",
    "Decimal_Number": "Nd",
    "digit": "Nd",
    "Letter_Number": "Nl",
    "Other_Number": "No",
    "Punctuation": "P",
    "punct": "P",
    "Connector_Punctuation": "Pc",
    "Dash_Punctuation": "Pd",
    "Close_Punctuation": "Pe",
    "Final_Punctuation": "Pf",
    "Initial_Punctuation": "Pi",
    "Other_Punctuation": "Po",
    "Open_Punctuation": "Ps",
    "Symbol": "S",
    "Currency_Symbol": "Sc",
    "Modifier_Symbol": "Sk",
    "Math_Symbol": "Sm",
    "Other_Symbol": "So",
    "Separator": "Z",
    "Line_Separator": "Zl",
    "Paragraph_Separator": "Zp",
    "Space_Separator": "Zs",
}
_PROPERTY_NAMES = {
    "Alpha": "Alphabetic",
    "ExtPict": "Extended_Pictographic",
    "EBase": "Emoji_Modifier_Base",
    "EComp": "Emoji_Component",
    "EMod": "Emoji_Modifier",
    "EPres": "Emoji_Presentation",
    "IDC": "ID_Continue",
    "IDS": "ID_Start",
    "Ideo": "Ideographic",
    "Lower": "Lowercase",
    "Upper": "Uppercase",
    "XIDC": "XID_Continue",
    "XIDS": "XID_Start",
    "space": "White_Space",
}


@cache
def general_category(name: str) -> Charset:
    """The characters of a category or group of them: `Lu`, `L`, `LC`, `Uppercase_Letter`. KeyError: no such one."""
    name = _CATEGORY_NAMES.get(name, name)
    if name == "LC":
        return general_category("Lu") | general_category("Ll") | general_category("Lt")
    if len(name) == 1:
        members = [decode_set(text) for short, text in unicode_tables.CATEGORIES.items() if short[0] == name]
        if not members:
            raise KeyError(name)
        return _unite(members)
    return decode_set(unicode_tables.CATEGORIES[name])


@cache
def script(name: str) -> Charset:
    """The characters of a script, by its long or four-letter name: `Greek`, `Grek`. KeyError: no such one."""
    aliases = {"Qaac": "Coptic", "Qaai": "Inherited", **unicode_tables.SCRIPT_ALIASES}
    return decode_set(unicode_tables.SCRIPTS[aliases.get(name, name)])


@cache
def binary_property(name: str) -> Charset:
    """The characters that have a property: `Alphabetic`, `White_Space`, `Emoji`. KeyError: not one of those shipped."""
    match name:
        case "Any":
            return ANY
        case "ASCII":
            return Charset((0, 0x80))
        case "Assigned":
            return ~general_category("Cn")
    return decode_set(unicode_tables.PROPERTIES[_PROPERTY_NAMES.get(name, name)])


@cache
def upper_map() -> dict[int, str]:
    """The full upper case of every code point that differs from it (`ß` -> `SS`), without context or language."""
    return decode_map(unicode_tables.CASE_MAPPINGS["upper"])


@cache
def lower_map() -> dict[int, str]:
    """The full lower case of every code point that differs from it; a sigma is never final here."""
    return decode_map(unicode_tables.CASE_MAPPINGS["lower"])


@cache
def title_map() -> dict[int, str]:
    """The full title case of every code point that differs from it: that of the first letter of a word (`ß` -> `Ss`)."""
    titled = decode_map(unicode_tables.CASE_MAPPINGS["title"])
    return {point: text for point, text in {**upper_map(), **titled}.items() if text != chr(point)}


@cache
def simple_fold_map() -> dict[int, int]:
    """The simple case folding of every code point that differs from it (CaseFolding.txt, statuses C and S).

    With the three foldings of Unicode 15.1 (U+1FD3, U+1FE3, U+FB05), which engines agree on.
    """
    return {point: ord(folded) for point, folded in decode_map(unicode_tables.CASE_MAPPINGS["simple_fold"]).items()}


@cache
def full_fold_map() -> dict[int, str]:
    """The full case folding of every code point that differs from it (CaseFolding.txt, statuses C and F): `ß` -> `ss`.

    A folding of several characters is the lower case of the upper case; of a single one, the simple folding.
    """
    upper, lower, simple = upper_map(), lower_map(), simple_fold_map()

    def folded(point: int) -> str:
        text = "".join(lower.get(ord(c), c) for c in upper.get(point, chr(point)))
        return text if len(text) > 1 else chr(simple.get(point, point))

    found = {point: folded(simple.get(point, point)) for point in {*simple, *upper, *lower}}
    found |= {point: text for point in {*upper, *lower} if len(text := folded(point)) > 1}
    return {point: text for point, text in found.items() if text != chr(point)}


@cache
def simple_fold_orbits() -> dict[int, Charset]:
    """For every code point with companions of the same simple folding: all of them, itself included."""
    members: dict[int, list[int]] = {}
    for point, folded in simple_fold_map().items():
        members.setdefault(folded, [folded]).append(point)
    orbits: dict[int, Charset] = {}
    for points in members.values():
        orbits |= dict.fromkeys(points, Charset.ranges((p, p) for p in points))
    return orbits


@cache
def close_over_simple_folding(charset: Charset) -> Charset:
    """The set with every character whose simple folding is that of a member: `[k]` becomes `[kKK]` (kelvin sign)."""
    orbits = simple_fold_orbits()
    if len(charset) < len(orbits):
        points = (point for low, high in charset.spans() for point in range(low, high))
        return _unite([charset, *(orbits[point] for point in points if point in orbits)])
    return _unite([charset, *(orbit for point, orbit in orbits.items() if point in charset)])


def _unite(sets: list[Charset]) -> Charset:
    return Charset.ranges((low, high - 1) for charset in sets for low, high in charset.spans()) if sets else NONE


def decode_set(text: str) -> Charset:
    """A set as the tables write it."""
    return Charset(tuple(accumulate(int(delta) for delta in text.split())))


def decode_map(text: str) -> dict[int, str]:
    """A map as the tables write it."""
    mapping: dict[int, str] = {}
    for run in text.split():
        where, what = run.split("=")
        where, _, step = where.partition("/")
        start, _, count = where.partition("+")
        points = range(int(start), int(start) + int(count or 1) * int(step or 1), int(step or 1))
        if what[0] in "+-":
            mapping |= ((point, chr(point + int(what))) for point in points)
        else:
            mapping |= dict.fromkeys(points, "".join(chr(int(c)) for c in what.split("_")))
    return mapping

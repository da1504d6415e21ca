"""Write `values/unicode_tables.py` from the Unicode data that Python and the `regex` package carry.

Run it with Python 3.11 (unicodedata 14.0) and the `regex` package installed: `python generate_unicode.py`.

Categories and case come from Python itself, so that they are of one version and the Python dialect of patterns equals
`re`. Scripts and the other binary properties come from `regex`, whose Unicode is newer: they are cut down to the
characters that Python's version assigns.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING

import regex

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

LIMIT = 0x110000
LINE = 120
TABLES = Path(__file__).resolve().parents[2] / "values" / "unicode_tables.py"

CATEGORIES = (
    "Cc Cf Cn Co Cs Ll Lm Lo Lt Lu Mc Me Mn Nd Nl No Pc Pd Pe Pf Pi Po Ps Sc Sk Sm So Zl Zp Zs".split()  # noqa: SIM905
)
PROPERTIES = (
    "Alphabetic",
    "Emoji",
    "Emoji_Component",
    "Emoji_Modifier",
    "Emoji_Modifier_Base",
    "Emoji_Presentation",
    "Extended_Pictographic",
    "ID_Continue",
    "ID_Start",
    "Ideographic",
    "Math",
    "White_Space",
    "XID_Continue",
    "XID_Start",
)
SCRIPTS = """
Adlm Adlam|Aghb Caucasian_Albanian|Ahom Ahom|Arab Arabic|Armi Imperial_Aramaic|Armn Armenian|Avst Avestan|Bali Balinese
Bamu Bamum|Bass Bassa_Vah|Batk Batak|Beng Bengali|Bhks Bhaiksuki|Bopo Bopomofo|Brah Brahmi|Brai Braille|Bugi Buginese
Buhd Buhid|Cakm Chakma|Cans Canadian_Aboriginal|Cari Carian|Cham Cham|Cher Cherokee|Chrs Chorasmian|Copt Coptic
Cpmn Cypro_Minoan|Cprt Cypriot|Cyrl Cyrillic|Deva Devanagari|Diak Dives_Akuru|Dogr Dogra|Dsrt Deseret|Dupl Duployan
Egyp Egyptian_Hieroglyphs|Elba Elbasan|Elym Elymaic|Ethi Ethiopic|Geor Georgian|Glag Glagolitic|Gong Gunjala_Gondi
Gonm Masaram_Gondi|Goth Gothic|Gran Grantha|Grek Greek|Gujr Gujarati|Guru Gurmukhi|Hang Hangul|Hani Han|Hano Hanunoo
Hatr Hatran|Hebr Hebrew|Hira Hiragana|Hluw Anatolian_Hieroglyphs|Hmng Pahawh_Hmong|Hmnp Nyiakeng_Puachue_Hmong
Hung Old_Hungarian|Ital Old_Italic|Java Javanese|Kali Kayah_Li|Kana Katakana|Khar Kharoshthi|Khmr Khmer|Khoj Khojki
Kits Khitan_Small_Script|Knda Kannada|Kthi Kaithi|Lana Tai_Tham|Laoo Lao|Latn Latin|Lepc Lepcha|Limb Limbu
Lina Linear_A|Linb Linear_B|Lisu Lisu|Lyci Lycian|Lydi Lydian|Mahj Mahajani|Maka Makasar|Mand Mandaic|Mani Manichaean
Marc Marchen|Medf Medefaidrin|Mend Mende_Kikakui|Merc Meroitic_Cursive|Mero Meroitic_Hieroglyphs|Mlym Malayalam
Modi Modi|Mong Mongolian|Mroo Mro|Mtei Meetei_Mayek|Mult Multani|Mymr Myanmar|Nand Nandinagari|Narb Old_North_Arabian
Nbat Nabataean|Newa Newa|Nkoo Nko|Nshu Nushu|Ogam Ogham|Olck Ol_Chiki|Orkh Old_Turkic|Orya Oriya|Osge Osage
Osma Osmanya|Ougr Old_Uyghur|Palm Palmyrene|Pauc Pau_Cin_Hau|Perm Old_Permic|Phag Phags_Pa|Phli Inscriptional_Pahlavi
Phlp Psalter_Pahlavi|Phnx Phoenician|Plrd Miao|Prti Inscriptional_Parthian|Rjng Rejang|Rohg Hanifi_Rohingya|Runr Runic
Samr Samaritan|Sarb Old_South_Arabian|Saur Saurashtra|Sgnw SignWriting|Shaw Shavian|Shrd Sharada|Sidd Siddham
Sind Khudawadi|Sinh Sinhala|Sogd Sogdian|Sogo Old_Sogdian|Sora Sora_Sompeng|Soyo Soyombo|Sund Sundanese
Sylo Syloti_Nagri|Syrc Syriac|Tagb Tagbanwa|Takr Takri|Tale Tai_Le|Talu New_Tai_Lue|Taml Tamil|Tang Tangut
Tavt Tai_Viet|Telu Telugu|Tfng Tifinagh|Tglg Tagalog|Thaa Thaana|Thai Thai|Tibt Tibetan|Tirh Tirhuta|Tnsa Tangsa
Toto Toto|Ugar Ugaritic|Vaii Vai|Vith Vithkuqi|Wara Warang_Citi|Wcho Wancho|Xpeo Old_Persian|Xsux Cuneiform
Yezi Yezidi|Yiii Yi|Zanb Zanabazar_Square|Zinh Inherited|Zyyy Common
"""
"""PropertyValueAliases.txt of Unicode 14.0: the scripts' short and long names."""


def generate() -> str:
    """The text of the tables' module."""
    parts = [
        '"""Unicode data as text, for `unicode_data.py`; written by `tests/values/generate_unicode.py`.\n',
        "Sets are the lengths of the gaps and runs of code points, by turns. Maps are `start+count/step=what`: a",
        "signed number to add, or the code points to put instead, joined by `_`; count and step are 1 if left out.",
        '"""\n',
        "from __future__ import annotations\n",
        f'TABLES_VERSION = "{unicodedata.unidata_version}"\n',
        _table("CATEGORIES", {name: _deltas(points) for name, points in categories().items()}),
        _table("SCRIPTS", {name: _deltas(points) for name, points in scripts().items()}),
        _table("SCRIPT_ALIASES", dict(_script_names())),
        _table("PROPERTIES", {name: _deltas(points) for name, points in properties().items()}),
        _table("CASE_MAPPINGS", {name: _runs(mapping) for name, mapping in case_maps().items()}),
    ]
    return "\n".join(parts)


def categories() -> dict[str, list[int]]:
    """The code points of every general category, from `unicodedata`."""
    found: dict[str, list[int]] = {name: [] for name in CATEGORIES}
    for point in range(LIMIT):
        found[unicodedata.category(chr(point))].append(point)
    return found


def scripts() -> dict[str, list[int]]:
    """The code points of every script, by its long name, from `regex`."""
    return {long: _matching(f"Script={long}") for _, long in _script_names()}


def properties() -> dict[str, list[int]]:
    """The code points of the binary properties: Lowercase and Uppercase from Python, the others from `regex`."""
    found = {name: _matching(name) for name in PROPERTIES}
    found["Lowercase"] = [point for point in range(LIMIT) if chr(point).islower()]
    found["Uppercase"] = [point for point in range(LIMIT) if chr(point).isupper()]
    return dict(sorted(found.items()))


def case_maps() -> dict[str, dict[int, str]]:
    """The case mappings that change something: full upper and lower, title where it is not upper, and simple folding."""
    return {
        "upper": _changing(str.upper),
        "lower": _changing(str.lower),
        "title": _title_cased(),
        "simple_fold": _changing(_simple_fold),
    }


def _script_names() -> Iterator[tuple[str, str]]:
    for entry in SCRIPTS.replace("\n", "|").strip("|").split("|"):
        short, long = entry.split()
        yield short, long


@cache
def _assigned() -> frozenset[int]:
    return frozenset(point for point in range(LIMIT) if unicodedata.category(chr(point)) != "Cn")


@cache
def _everything() -> str:
    return "".join(map(chr, range(LIMIT)))


def _matching(name: str) -> list[int]:
    spans = (match.span() for match in regex.finditer(rf"\p{{{name}}}+", _everything()))
    return [point for low, high in spans for point in range(low, high) if point in _assigned()]


def _changing(change: Callable[[str], str]) -> dict[int, str]:
    return {point: changed for point in range(LIMIT) if (changed := change(chr(point))) != chr(point)}


def _title_cased() -> dict[int, str]:
    """The full title case of every code point of which it is not the upper case."""
    points = map(chr, range(LIMIT))
    return {ord(c): titled for c in points if (titled := c.title()) != c.upper()}


def _simple_fold(character: str) -> str:
    # CaseFolding.txt, statuses C and S. U+0130 folds fully (F) or in Turkish (T) only. The last three were added to
    # the simple foldings by Unicode 15.1; Python's `re` has always paired them.
    added = {"\u1fd3": "\u0390", "\u1fe3": "\u03b0", "\ufb05": "\ufb06", "\u0130": "\u0130"}
    folded = character.casefold()
    return added.get(character, folded if len(folded) == 1 else character.lower())


def _deltas(points: Iterable[int]) -> str:
    bounds: list[int] = []
    for point in points:
        if bounds and bounds[-1] == point:
            bounds[-1] = point + 1
        else:
            bounds += (point, point + 1)
    return " ".join(str(bound - before) for before, bound in zip([0, *bounds], bounds, strict=False))


def _runs(mapping: dict[int, str]) -> str:
    runs: list[tuple[int, int, int, str]] = []
    for point, changed in mapping.items():
        what = f"{ord(changed) - point:+d}" if len(changed) == 1 else "_".join(str(ord(c)) for c in changed)
        if runs:
            start, count, step, last = runs[-1]
            gap = point - start if count == 1 else step
            if what == last and gap <= 2 and point == start + gap * count:
                runs[-1] = (start, count + 1, gap, what)
                continue
        runs.append((point, 1, 1, what))
    return " ".join(_run(*run) for run in runs)


def _run(start: int, count: int, step: int, what: str) -> str:
    return f"{start}{f'+{count}' if count > 1 else ''}{f'/{step}' if step > 1 else ''}={what}"


def _table(name: str, values: dict[str, str]) -> str:
    lines = [f"{name} = {{"]
    for key, value in values.items():
        whole = f'    "{key}": "{value}",'
        if len(whole) <= LINE:
            lines.append(whole)
            continue
        room = LINE - len('        ""')
        pieces = [value] if len(value) <= room else wrap(value, room - 1)
        lines.append(f'    "{key}": (')
        lines += (f'        "{piece} "' for piece in pieces[:-1])
        lines += (f'        "{pieces[-1]}"', "    ),")
    return "\n".join([*lines, "}\n"])


if __name__ == "__main__":
    TABLES.write_text(generate(), encoding="utf-8")

"""Write `lineage/engine_tables.py` and `lineage/collation_tables.py` from what real engines answer (`asked.py`).

Run it where PostgreSQL, MariaDB, Node.js, Java and Spark are installed, with the Python the project is developed with:

    python -m pytest tests/lineage/engines/generate.py
"""

from __future__ import annotations

import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING

from fieldline.values import unicode_data

from ...values.generate_unicode import _deltas, _runs, _table
from . import asked

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from .asked import Answers

TABLES = Path(__file__).resolve().parents[3] / "lineage" / "engine_tables.py"
COLLATION_TABLES = TABLES.with_name("collation_tables.py")
SINGLE = (asked.of_sqlite, asked.of_duckdb, asked.of_node, asked.of_java, asked.of_python, asked.of_spark)


def answers() -> dict[str, Answers]:
    """What every engine answers, by its name, or `engine/provider` where its providers are not all alike."""
    said = {ask.__name__.removeprefix("of_"): ask() for ask in SINGLE}
    said |= {f"postgres/{provider}": answer for provider, answer in asked.of_postgres()}
    return said | {f"mariadb/{family}": answer for family, answer in asked.of_mariadb()}


def generate(said: Mapping[str, Answers]) -> str:
    """The text of the tables' module."""
    parts = [
        '"""What engines make of characters, as text, for `engines.py`; written by `tests/lineage/engines/generate.py`.\n',
        "Maps and sets are written as in `values/unicode_tables.py`. A map of case begins with `+` where it is a change of",
        "Unicode's own full map, which `values/unicode_data.py` has, and stands for itself where it does not.",
        '"""\n',
        "from __future__ import annotations\n",
        _table("VERSIONS", {name: answer.version for name, answer in said.items()}),
        _table("UPPER", {name: _case(answer.upper, unicode_data.upper_map()) for name, answer in said.items()}),
        _table("LOWER", {name: _case(answer.lower, unicode_data.lower_map()) for name, answer in said.items()}),
        _table("TRIMMED", {name: _deltas(sorted(answer.trimmed)) for name, answer in said.items()}),
        _table(
            "WORD_CHARACTERS",
            {name: _deltas(sorted(answer.words)) for name, answer in said.items() if answer.words is not None},
        ),
        _listed("FINAL_SIGMA", (name for name, answer in said.items() if answer.final_sigma)),
        _listed("CUTTING_PADS", (name for name, answer in said.items() if answer.pad == "12345")),
        _listed("KEEPING_PADS", (name for name, answer in said.items() if answer.pad == "123456")),
        _table("SIGMA", {name: _deltas(points) for name, points in around_sigma().items()}),
    ]
    return "\n".join(parts)


def around_sigma() -> dict[str, list[int]]:
    """The letters before which, and those over which, a sigma is no final one (Unicode: Cased, Case_Ignorable)."""
    letters = [p for p in asked.POINTS if (chr(p) + "\u03a3").lower().endswith("\u03c2")]
    seen = frozenset(letters)
    skipped = [p for p in asked.POINTS if p not in seen and f"A{chr(p)}\u03a3".lower().endswith("\u03c2")]
    return {"cased": letters, "ignorable": skipped}


def _case(mapping: Mapping[int, str], base: Mapping[int, str]) -> str:
    points = sorted({*mapping, *base})
    changes = {p: image for p in points if (image := mapping.get(p, chr(p))) != base.get(p, chr(p))}
    change, whole = "+ " + _runs(changes), _runs(dict(sorted(mapping.items())))
    return min(change, whole, key=len).strip()


def _listed(name: str, items: Iterable[str]) -> str:
    inside = "".join(f'    "{item}",\n' for item in items)
    return f"{name} = (\n{inside})\n"


def generate_collations(weighed: Mapping[str, Mapping[int, str]]) -> str:
    """The text of the module of collations."""
    images = {name: images_of(weights) for name, weights in weighed.items()}
    known = {name: {p: text for p, text in of.items() if is_described(p) and text} for name, of in images.items()}
    parts = [
        '"""What collations make equal, as text, for `collations.py`; written by `tests/lineage/engines/generate.py`.\n',
        "Maps and sets are written as in `values/unicode_tables.py`. A character is compared as its image; what has none,",
        "as itself. The characters that are left out are those of which nothing is stated.",
        '"""\n',
        "from __future__ import annotations\n",
        _table("IMAGES", {name: _runs(of) for name, of in known.items()}),
        _table("LEFT_OUT", {name: _deltas(_left_out(of)) for name, of in images.items()}),
    ]
    return "\n".join(parts)


def is_described(point: int) -> bool:
    """Whether a character stands in a block whose images are written: Latin, Greek, Cyrillic, their signs, full width."""
    return point < 0x600 or 0x1E00 <= point < 0x2100 or 0xFF00 <= point < 0xFFF0


def _left_out(images: Mapping[int, str]) -> list[int]:
    """Images that are not written; marks, and scripts whose characters change their place: they are compared together."""
    return [
        p
        for p in range(1, 0x110000)
        if (p in images and not (is_described(p) and images[p])) or unicodedata.category(chr(p))[0] == "M" or _moves(p)
    ]


def _moves(point: int) -> bool:
    """Whether a character stands in a script with vowels written before the consonants they follow (UTS #10, 5.1)."""
    return any(low <= point <= high for low, high in ((0xE00, 0xEFF), (0x1980, 0x19DF), (0xAA80, 0xAADF)))


def images_of(weights: Mapping[int, str]) -> dict[int, str]:
    """Per character that is not compared as itself: the first characters of its weights, each the one of one weight."""
    units = {point: _units(written) for point, written in weights.items()}
    first: dict[str, int] = {}
    for point, own in units.items():
        if len(own) == 1:
            first.setdefault(own[0], point)
    images = {point: "".join(chr(first[unit]) for unit in own) for point, own in units.items()}
    return {point: image for point, image in images.items() if image != chr(point)}


def _units(written: str) -> list[str]:
    """The weights, one each: what stands for a character without an entry is two numbers (UTS #10, 10.1.3)."""
    units: list[str] = []
    while written:
        size = 8 if 0xFB00 <= int(written[:4], 16) <= 0xFBFF and len(written) > 4 else 4
        units.append(written[:size])
        written = written[size:]
    return units


def test_the_tables_of_collations_are_written() -> None:
    weighed = dict(asked.weights_of_mariadb())
    COLLATION_TABLES.write_text(generate_collations(weighed), encoding="utf-8")


def test_the_tables_are_written() -> None:
    TABLES.write_text(generate(answers()), encoding="utf-8")

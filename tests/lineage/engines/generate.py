"""Write `lineage/engine_tables.py` from what real engines answer (`asked.py`).

Run it where PostgreSQL, MariaDB, Node.js, Java and Spark are installed, with the Python the project is developed with:

    python -m pytest tests/lineage/engines/generate.py
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from fieldline.values import unicode_data

from ...values.generate_unicode import _deltas, _runs, _table
from . import asked

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from .asked import Answers

TABLES = Path(__file__).resolve().parents[3] / "lineage" / "engine_tables.py"
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


def test_the_tables_are_written() -> None:
    TABLES.write_text(generate(answers()), encoding="utf-8")

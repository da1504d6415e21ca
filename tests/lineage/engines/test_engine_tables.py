"""The tables of `lineage/engine_tables.py` are what the engines that are installed here answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fieldline.lineage import engine_tables as tables
from fieldline.lineage.engines import Runner, blanks, case_map, word_characters
from fieldline.lineage.transforms.case import Lower
from fieldline.lineage.transforms.spaces import Trim
from fieldline.values.charset import WHITE_SPACE
from fieldline.values.unicode_data import binary_property

from . import asked

if TYPE_CHECKING:
    from .asked import Answers


def hold(name: str, said: Answers) -> None:
    """Hold what is written of an engine to its answers. Only a version that was asked is held to."""
    if tables.VERSIONS[name] != said.version:
        pytest.skip(f"the tables are of {tables.VERSIONS[name]}, here runs {said.version}")
    assert case_map("upper", name).table == said.upper
    assert case_map("lower", name).table == said.lower
    if said.words is not None:
        assert [p for low, high in word_characters(name).spans() for p in range(low, high)] == sorted(said.words)
    assert (name in tables.FINAL_SIGMA) == said.final_sigma
    assert [p for low, high in blanks(name).spans() for p in range(low, high)] == sorted(said.trimmed)
    assert (name in tables.CUTTING_PADS, name in tables.KEEPING_PADS) == (said.pad == "12345", said.pad == "123456")


@pytest.mark.parametrize("name", ["python", "sqlite", "duckdb"])
def test_libraries_do_what_is_written(name: str) -> None:
    hold(name, getattr(asked, f"of_{name}")())


@pytest.mark.needs_node
def test_javascript_does_what_is_written() -> None:
    hold("node", asked.of_node())


@pytest.mark.needs_java
def test_java_does_what_is_written() -> None:
    hold("java", asked.of_java())


@pytest.mark.needs_java
@pytest.mark.filterwarnings("ignore")
def test_spark_does_what_is_written() -> None:
    hold("spark", asked.of_spark())


@pytest.mark.needs_postgres
def test_postgresql_does_what_is_written() -> None:
    for provider, said in asked.of_postgres():
        hold(f"postgres/{provider}", said)


@pytest.mark.needs_mariadb
@pytest.mark.slow
def test_mariadb_does_what_is_written_and_so_do_the_other_collations_of_a_family() -> None:
    families = {**asked.MARIADB_COLLATIONS, "bin": "utf8mb4_bin", "unicode": "utf8mb4_unicode_ci"}
    for family, said in asked.of_mariadb(families):
        hold(f"mariadb/{family if family in asked.MARIADB_COLLATIONS else 'utf8mb4'}", said)


def test_white_space_is_the_property_of_unicode() -> None:
    assert binary_property("White_Space") == WHITE_SPACE
    assert Trim().write("a\x1c ") == "a\x1c"


WORDS = [
    "ΑΣ",
    "Σ",
    "ΣΑ",
    "ΑΣ Σ",
    "ΑΣ'Α",
    "ΑΣ'",
    "Α'Σ.",
    "ΑΣΣ",
    "ΑΣ\u0301",
    "1Σ",
    "ΟΔΟΣ ΣΑΣ",
    "Aͅ Σ",
    "ΑΣ1Α",
    "ΑΣ\u00adΑ",
]


@pytest.mark.parametrize("word", WORDS)
def test_a_sigma_at_the_end_of_a_word_is_as_python_has_it(word: str) -> None:
    assert Lower().run_by((Runner("python"),)).apply(word) == word.lower()

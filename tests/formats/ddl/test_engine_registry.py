"""Engines: each states itself, and nobody else looks at its name."""

import ast
from pathlib import Path
from typing import get_args

import pytest

from fieldline.formats.ddl import engines
from fieldline.formats.ddl.catalogue import NotReadHere
from fieldline.formats.ddl.columns import ENGINE_DIALECTS
from fieldline.formats.ddl.engines.engine import Engine, EngineName
from fieldline.formats.ddl.engines.registry import ROW_STORES, SQL_ENGINES, STORES, engine, schema_script

ROOM = Path(engines.__file__).resolve().parents[1]


@pytest.mark.parametrize("name", get_args(EngineName))
def test_every_engine_has_a_class_of_its_own(name: EngineName) -> None:
    assert SQL_ENGINES[name].name == name
    assert "name" in vars(SQL_ENGINES[name])  # not inherited from the engine that it descends from
    made = engine(name)
    assert (made.charset, made.collation) == (SQL_ENGINES[name].default_charset, SQL_ENGINES[name].default_collation)


def test_a_charset_that_is_given_brings_no_default_collation() -> None:
    assert engine("mysql", charset="latin1").collation is None
    assert engine("mysql", charset="latin1", collation="latin1_bin").collation == "latin1_bin"


def test_every_store_answers_for_its_schema_and_its_columns() -> None:
    for kind in STORES.values():
        assert kind.stored_schema.__func__ is not Engine.stored_schema.__func__  # type: ignore[attr-defined]
    for kind in ROW_STORES.values():
        assert kind.columns_query("it's") != kind.columns_query("other")
    assert list(ENGINE_DIALECTS) == list(ROW_STORES)


def test_a_store_whose_catalogue_is_not_read_is_named() -> None:
    with pytest.raises(NotReadHere, match="oracle"):
        schema_script("oracle", lambda _: pytest.fail("nothing is asked"))


def test_no_code_outside_the_engines_looks_at_the_name_of_one() -> None:
    names = set(get_args(EngineName))
    looking = [
        f"{file.name}:{node.lineno}"
        for file in sorted(ROOM.glob("*.py"))
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if (isinstance(node, ast.Attribute) and node.attr == "name" and _is_engine(node.value))
        or (isinstance(node, ast.Constant) and node.value in names)
    ]
    assert looking == []


def _is_engine(node: ast.expr) -> bool:
    return (isinstance(node, ast.Name) and node.id == "engine") or (
        isinstance(node, ast.Attribute) and node.attr == "engine"
    )

"""Stores in Oracle, SQL Server and Db2, of which no server runs here.

What is sent to them is held to SQLAlchemy's own dialects, to sqlglot's grammars and to what their drivers take; what a
server makes of it is not tested.
"""

from __future__ import annotations

import inspect
import json
import logging
from typing import TYPE_CHECKING, Any

import pytest
import sqlglot

from fieldline.checker.record.asking import NotReachable, StoreQuestion
from fieldline.documents.names import EntityName
from fieldline.documents.variables import Variables
from fieldline.estate.load import load_estate
from fieldline.formats.address import DatabaseAddress
from fieldline.formats.database import session_limits
from fieldline.formats.ddl.columns import TablePlace, columns_query, named_table
from fieldline.rows.stores.stores import Stores

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from fieldline.estate.load import Estate

pytest.importorskip("sqlalchemy")
from fieldline.rows.stores.table import records_query

URLS = {
    "oracle": "oracle://reader:s3cret@127.0.0.1:1/?service_name=crm",
    "mssql": "mssql://reader:s3cret@127.0.0.1:1/crm",
    "db2": "db2://reader:s3cret@127.0.0.1:1/crm",
}
DRIVERS = {"oracle": "oracledb", "mssql": "pymssql", "db2": "ibm_db_dbi"}
WHERE = {
    "oracle": """FROM "CRM"."PERSON" WHERE rtrim("NO") IN ('it''s', 'b') AND "ON" IN (1) FETCH FIRST 21 ROWS ONLY""",
    "mssql": """FROM [CRM].[PERSON] WHERE [NO] IN ('it''s', 'b') AND [ON] IN (1)""",
    "db2": """FROM "CRM"."PERSON" WHERE "NO" IN ('it''s', 'b') AND "ON" IN (1) LIMIT 21""",
}


@pytest.fixture
def estate(tmp_path: Path) -> Estate:
    for name in ("contracts", "lineage"):
        (tmp_path / name).mkdir()
    (tmp_path / "fieldline.yaml").write_text("estate: one\nenv: [ONE_DB]\n", encoding="utf-8")
    store = {"database": "ONE_DB", "table": "crm.person", "seconds": 3}
    fields = {"no": {"type": "text"}, "on": {"type": "boolean"}}
    tree = {"system": "one", "entities": {"e": {"key": "no", "store": store, "fields": fields}}}
    (tmp_path / "contracts" / "one.yaml").write_text(json.dumps(tree), encoding="utf-8")
    return load_estate(tmp_path)


def _address(scheme: str, monkeypatch: pytest.MonkeyPatch) -> DatabaseAddress:
    monkeypatch.setenv("ONE_DB", URLS[scheme])
    return DatabaseAddress("ONE_DB", Variables(frozenset(("ONE_DB",))))


@pytest.mark.parametrize("scheme", URLS)
def test_the_query_for_a_record_is_of_the_engines_own_dialect(
    scheme: str, estate: Estate, monkeypatch: pytest.MonkeyPatch
) -> None:
    entity = estate.contracts.entities[EntityName("one", "e")]
    question = StoreQuestion(entity, {"no": ("it's", "b"), "on": (True,)})
    filled_up = ("no",) if scheme == "oracle" else ()
    query = records_query(TablePlace("PERSON", "CRM"), {"no": "NO", "on": "ON"}, question, scheme, filled_up)
    dialect = _address(scheme, monkeypatch).url.get_dialect()()
    if scheme == "oracle":
        dialect.server_version_info = (19, 3)
        dialect._supports_offset_fetch = True
    compiled = " ".join(str(query.compile(dialect=dialect, compile_kwargs={"literal_binds": True})).split())
    assert WHERE[scheme] in compiled.replace("N'", "'")
    assert ("TOP 21" in compiled) == (scheme == "mssql")
    bound = query.compile(dialect=dialect)
    assert "it's" not in str(bound)


@pytest.mark.parametrize(("dialect", "grammar"), [("oracle", "oracle"), ("tsql", "tsql"), ("", "")])
def test_the_catalogue_is_asked_for_a_table_by_quoted_texts(dialect: str, grammar: str) -> None:
    for schema in (None, "it's"):
        written = columns_query(dialect, "x' OR '1'='1", schema)
        query = sqlglot.parse_one(written.replace("CURRENT SCHEMA", "CURRENT_SCHEMA"), read=grammar)
        texts = {str(each.this) for each in query.find_all(sqlglot.exp.Literal, sqlglot.exp.National)}
        assert "x' OR '1'='1" in texts
        assert query.find(sqlglot.exp.Or) is None


@pytest.mark.parametrize(("dialect", "named"), [("oracle", "PERSON"), ("", "PERSON"), ("tsql", "person")])
def test_a_name_without_quotes_is_read_as_the_engine_reads_it(dialect: str, named: str) -> None:
    asked: list[str] = []

    def ask(query: str) -> Iterator[tuple[object, ...]]:
        asked.append(query)
        return iter([("NO", "VARCHAR2")] if f"'{named}'" in query else [])

    found = named_table(ask, dialect, "person")
    assert found is not None
    assert found[0] == TablePlace(named, None)


@pytest.mark.parametrize("scheme", ["oracle", "mssql"])
def test_its_driver_takes_the_limits(scheme: str, monkeypatch: pytest.MonkeyPatch) -> None:
    driver = pytest.importorskip(DRIVERS[scheme])
    limits = session_limits(_address(scheme, monkeypatch), 2)
    assert limits
    if scheme == "oracle":
        inspect.signature(driver.connect).bind("", **limits)
    else:  # made by Cython: its stub says what it takes
        from importlib.resources import files

        stub = (files("pymssql") / "_pymssql.pyi").read_text(encoding="utf-8")
        assert all(f"    {name}:" in stub for name in limits)


@pytest.mark.parametrize("scheme", URLS)
def test_a_server_that_is_not_there_is_not_reachable_and_no_secret_is_told(
    scheme: str, estate: Estate, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    pytest.importorskip(DRIVERS[scheme])
    caplog.set_level(logging.DEBUG)
    _address(scheme, monkeypatch)
    entity = estate.contracts.entities[EntityName("one", "e")]
    (answer,) = Stores(estate).ask([StoreQuestion(entity, {"no": ("12",)})])
    assert isinstance(answer, NotReachable)
    late = "it did not answer in its time (3 seconds)"  # Db2's driver tries for longer
    assert answer.reason == late or answer.reason.startswith(f"the database of ONE_DB ({scheme}) cannot be")
    shown: Any = answer.reason + caplog.text
    assert "s3cret" not in shown

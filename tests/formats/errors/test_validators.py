"""Errors that validators really raise: of Pydantic, JSON Schema, pandera, polars, Great Expectations."""

from __future__ import annotations

import json
import sys
import warnings
from datetime import date  # noqa: TC003 - Pydantic reads it when it runs
from decimal import Decimal
from typing import Any, Literal

import jsonschema
import jsonschema_rs
import pandas as pd
import pandera.pandas
import pandera.polars
import polars as pl
import pydantic
import pytest

from fieldline.formats.errors.read import read_errors

from .read_one import told

# ------------------------------------------------------------------------------------------------------- Pydantic


class Address(pydantic.BaseModel):
    city: str = pydantic.Field(max_length=5)


class Person(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(extra="forbid")
    login: str = pydantic.Field("x", min_length=1, max_length=12, pattern="^[a-z]*$")
    age: int = pydantic.Field(1, ge=0, lt=100)
    score: Decimal = pydantic.Field(Decimal(1), max_digits=5, decimal_places=2)
    born: date | None = None
    kind: Literal["a", "b"] = "a"
    homes: list[Address] = []


PYDANTIC: list[tuple[dict[str, Any], dict[str, str]]] = [
    ({"login": "abcdefghijklmn"}, {"kind": "too_long", "column": "login", "value": "abcdefghijklmn", "limit": "12"}),
    ({"login": ""}, {"kind": "too_short", "column": "login", "value": "", "limit": "1"}),
    ({"login": "ABC"}, {"kind": "pattern", "column": "login", "value": "ABC", "limit": "^[a-z]*$"}),
    ({"login": None}, {"kind": "null", "column": "login"}),
    ({"login": 5}, {"kind": "wrong_type", "column": "login", "value": "5"}),
    ({"age": -1}, {"kind": "too_small", "column": "age", "value": "-1", "limit": "0"}),
    ({"age": 100}, {"kind": "too_large", "column": "age", "value": "100", "limit": "100"}),
    ({"age": "abc"}, {"kind": "wrong_type", "column": "age", "value": "abc"}),
    ({"score": "123456"}, {"kind": "out_of_range", "column": "score", "value": "123456", "limit": "5"}),
    ({"born": "hello"}, {"kind": "wrong_type", "column": "born", "value": "hello"}),
    (
        {"homes": [{"city": "Helsinki"}]},
        {"kind": "too_long", "column": "homes.city", "value": "Helsinki", "limit": "5"},
    ),
    ({"homes": [{}]}, {"kind": "null", "column": "homes.city"}),
    ({"extra": 1}, {"kind": "unexpected", "column": "extra"}),
]


@pytest.mark.parametrize(("record", "expected"), PYDANTIC)
def test_what_pydantic_refuses_is_read_as_text_and_as_the_answer_of_a_service(
    record: dict[str, Any], expected: dict[str, str]
) -> None:
    with pytest.raises(pydantic.ValidationError) as error:
        Person.model_validate(record)
    assert told(str(error.value)) == {"engine": "pydantic", **expected}
    # as FastAPI answers with status 422
    detail = [{**each, "loc": ["body", *each["loc"]]} for each in json.loads(error.value.json())]
    answer = json.dumps({"detail": detail})
    assert told(f"HTTP/1.1 422 Unprocessable Entity\n\n{answer}") == {"engine": "pydantic", **expected}


def test_several_errors_of_one_text_are_several() -> None:
    with pytest.raises(pydantic.ValidationError) as error:
        Person.model_validate({"login": "abcdefghijklmn", "age": -1, "kind": "c"})
    kinds = [(each.kind, each.columns, each.model) for each in read_errors(str(error.value))]
    assert kinds == [
        ("too_long", ("login",), "Person"),
        ("too_small", ("age",), "Person"),
        ("not_in_list", ("kind",), "Person"),
    ]


def test_a_value_that_pydantic_cuts_is_not_known() -> None:
    with pytest.raises(pydantic.ValidationError) as error:
        Person.model_validate({"login": "a" * 200})
    assert told(str(error.value)) == {"engine": "pydantic", "kind": "too_long", "column": "login", "limit": "12"}


# ---------------------------------------------------------------------------------------------------- JSON Schema

SCHEMA = {
    "type": "object",
    "properties": {
        "login": {"type": "string", "maxLength": 12, "minLength": 1, "pattern": "^[a-z'\"]*$"},
        "age": {"type": "integer", "minimum": 0, "exclusiveMaximum": 100},
        "kind": {"enum": ["a", "b"]},
        "home": {"type": "object", "required": ["city"], "properties": {"city": {"maxLength": 5}}},
    },
    "required": ["login"],
    "additionalProperties": False,
}
JSON_SCHEMA: list[tuple[dict[str, Any], dict[str, str]]] = [
    ({"login": "abcdefghijklmn"}, {"kind": "too_long", "column": "login", "value": "abcdefghijklmn", "limit": "12"}),
    ({"login": 'it\'s "b" A'}, {"kind": "pattern", "column": "login", "value": 'it\'s "b" A'}),
    ({"login": "ABC"}, {"kind": "pattern", "column": "login", "value": "ABC"}),
    ({"login": 5}, {"kind": "wrong_type", "column": "login", "value": "5", "limit": "string"}),
    ({"login": None}, {"kind": "null", "column": "login", "limit": "string"}),
    ({}, {"kind": "null", "column": "login"}),
    ({"login": "x", "age": -2}, {"kind": "too_small", "column": "age", "value": "-2", "limit": "0"}),
    ({"login": "x", "age": 100}, {"kind": "too_large", "column": "age", "value": "100", "limit": "100"}),
    ({"login": "x", "kind": "c"}, {"kind": "not_in_list", "column": "kind", "value": "c"}),
    ({"login": "x", "home": {}}, {"kind": "null", "column": "home.city"}),
    (
        {"login": "x", "home": {"city": "Helsinki"}},
        {"kind": "too_long", "column": "home.city", "value": "Helsinki", "limit": "5"},
    ),
    ({"login": "x", "more": 1}, {"kind": "unexpected", "column": "more"}),
]


@pytest.mark.parametrize(("record", "expected"), JSON_SCHEMA)
def test_what_two_validators_of_json_schema_refuse_is_read(record: dict[str, Any], expected: dict[str, str]) -> None:
    with pytest.raises(jsonschema.ValidationError) as in_python:
        jsonschema.validate(record, SCHEMA)
    with pytest.raises(jsonschema_rs.ValidationError) as in_rust:
        jsonschema_rs.validator_for(SCHEMA).validate(record)
    for message in (str(in_python.value), str(in_rust.value)):
        read = told(message)
        if expected["kind"] in {"pattern", "not_in_list"}:
            read.pop("limit")
        assert read == {"engine": "jsonschema", **expected}


@pytest.mark.parametrize("record", [{"login": "abcdefghijklmn"}, {"login": 5}, {}, {"login": "x", "age": -2}])
def test_a_message_of_json_schema_alone_names_no_property_unless_it_is_missing(record: dict[str, Any]) -> None:
    error = next(jsonschema.Draft202012Validator(SCHEMA).iter_errors(record))
    read = told(error.message)
    assert read["engine"] == "jsonschema"
    assert ("column" in read) is (error.validator == "required")


# --------------------------------------------------------------------------------------------- pandera and polars

LOGINS = {
    "too_long": ["abcdefghijklmn"],
    "pattern": ["ABC"],
    "null": [None],
    "duplicate": ["a", "a"],
}


@pytest.mark.parametrize("kind", LOGINS)
@pytest.mark.parametrize("library", [pandera.pandas, pandera.polars])
def test_what_pandera_refuses_is_read(library: Any, kind: str) -> None:  # noqa: ANN401 - a module
    checks = [library.Check.str_length(1, 12), library.Check.str_matches("^[a-z]*$")]
    schema = library.DataFrameSchema({"login": library.Column(str, checks, unique=True)})
    frame = pd.DataFrame if library is pandera.pandas else pl.DataFrame
    values = LOGINS[kind]
    data = frame({"login": values}, **({} if library is pandera.pandas else {"schema": {"login": pl.String}}))
    with pytest.raises(pandera.errors.SchemaError) as error:
        schema.validate(data)
    read = told(str(error.value))
    read.pop("limit", None)
    value = {"value": values[0]} if kind in {"too_long", "pattern"} else {}
    assert read == {"engine": "pandera", "kind": kind, "column": "login", **value}


def test_all_that_pandera_found_lazily_is_read() -> None:
    schema = pandera.pandas.DataFrameSchema(
        {
            "login": pandera.pandas.Column(str, pandera.pandas.Check.str_length(1, 12)),
            "age": pandera.pandas.Column(int, pandera.pandas.Check.ge(0)),
            "kind": pandera.pandas.Column(str, pandera.pandas.Check.isin(["a", "b"])),
            "city": pandera.pandas.Column(str),
        }
    )
    frame = pd.DataFrame({"login": ["abcdefghijklmn"], "age": [-1], "kind": ["q"]})
    with pytest.raises(pandera.errors.SchemaErrors) as error:
        schema.validate(frame, lazy=True)
    read = {(each.kind, each.columns, each.value) for each in read_errors(str(error.value))}
    assert read == {
        ("too_long", ("login",), "abcdefghijklmn"),
        ("too_small", ("age",), "-1"),
        ("not_in_list", ("kind",), "q"),
        ("null", ("city",), None),
    }


POLARS = [
    (lambda: pl.Series("age", ["abc", "1"]).cast(pl.Int64), {"kind": "wrong_type", "value": "abc"}),
    (lambda: pl.Series("age", [999]).cast(pl.Int8), {"kind": "out_of_range", "value": "999"}),
    (
        lambda: pl.Series("age", ["2024-13-45"]).str.to_date("%Y-%m-%d"),
        {"kind": "wrong_type", "value": "2024-13-45"},
    ),
    (lambda: pl.Series("age", ["c"]).cast(pl.Enum(["a", "b"])), {"kind": "not_in_list", "value": "c"}),
    (pl.Series("age", ["abc"]).str.to_integer, {"kind": "wrong_type", "value": "abc"}),
    (lambda: pl.DataFrame({"age": ["a"]}, schema={"age": pl.Int64}), {"kind": "wrong_type", "value": "a"}),
    (lambda: pl.read_csv(b"age\nabc\n", schema={"age": pl.Int64}), {"kind": "wrong_type", "value": "abc"}),
]


@pytest.mark.parametrize(("convert", "expected"), POLARS)
def test_what_polars_cannot_convert_is_read(convert: Any, expected: dict[str, str]) -> None:  # noqa: ANN401
    with pytest.raises((pl.exceptions.PolarsError, TypeError)) as error:
        convert()
    read = told(str(error.value))
    read.pop("limit")
    assert read == {"engine": "polars", "column": "age", **expected}


# --------------------------------------------------------------------------------------------- Great Expectations


@pytest.mark.slow
def test_what_great_expectations_finds_is_read_and_what_it_accepts_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] == "pyspark"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "pyspark", None)  # what GX looks for in it ends the process (its Spark Connect)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its own imports are deprecated
        import great_expectations
    context = great_expectations.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    asset = context.data_sources.add_pandas("rows").add_dataframe_asset("people")
    frame = pd.DataFrame({"login": ["abcdefghijklmn", "anna", None, "anna"], "age": [-1, 5, 200, 3]})
    expect = great_expectations.expectations
    suite = great_expectations.ExpectationSuite(
        "people",
        expectations=[
            expect.ExpectColumnValueLengthsToBeBetween(column="login", max_value=12),
            expect.ExpectColumnValuesToNotBeNull(column="login"),
            expect.ExpectColumnValuesToBeUnique(column="login"),
            expect.ExpectColumnValuesToBeInSet(column="login", value_set=["anna"]),
            expect.ExpectColumnValuesToBeBetween(column="age", min_value=0, max_value=100),
            expect.ExpectColumnValuesToBeBetween(column="age", min_value=-10, max_value=1_000),
        ],
    )
    batch = asset.add_batch_definition_whole_dataframe("all").get_batch({"dataframe": frame})
    read = [(each.kind, each.columns, each.value, each.limit) for each in read_errors(str(batch.validate(suite)))]
    assert read == [
        ("too_long", ("login",), "abcdefghijklmn", "12"),
        ("null", ("login",), None, None),
        ("duplicate", ("login",), "anna", None),
        ("not_in_list", ("login",), "abcdefghijklmn", "anna"),
        ("too_small", ("age",), "-1", "0.0"),
        ("too_large", ("age",), "200", "100.0"),
    ]

"""The proof: the same thousands of records through every validator in its own engine, and through the algebra.

Values are witnesses, values at every bound, mutations of them, and what engines are known to read differently.
"""

from __future__ import annotations

import json
import subprocess
import sys
from decimal import Decimal
from types import ModuleType
from typing import TYPE_CHECKING, Any

import jsonschema_rs
import pytest

import fieldline
from fieldline.application.library import LoadedEstate
from fieldline.validators.targets import TARGETS

from ..properties.estates import estate
from .tried import (
    FIELDS,
    agree,
    entry_of,
    has_surrogates,
    plainly,
    records,
    wide,
)

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

    from fieldline.application.library import Entry


@pytest.mark.parametrize("draft", ["json-schema", "json-schema-draft-07"])
def test_json_schema_agrees(plain: Entry, draft: str) -> None:
    generated = TARGETS[draft](plain)
    assert generated.left == ()
    validator = jsonschema_rs.validator_for(json.loads(generated.text))
    tried = [record for record in records(plain) if not has_surrogates(record)]
    agree(plain, [validator.is_valid({n: plainly(v) for n, v in record.items()}) for record in tried], tried)


def in_node(text: str, tried: list[dict[str, Any]], folder: Path, ask: str = "isValid") -> list[bool]:
    """What a module says of records, in Node.js; `ask` is an expression that gives a function of a record."""
    (folder / "screen.mjs").write_text(text, encoding="utf-8")
    (folder / "records.json").write_text(json.dumps([{n: plainly(v) for n, v in r.items()} for r in tried]))
    run = (
        'import { readFileSync } from "node:fs"; import * as screen from "./screen.mjs";'
        "const { isValid, schema } = screen;"
        f'console.log(JSON.stringify(JSON.parse(readFileSync("records.json", "utf8")).map({ask})))'
    )
    done = subprocess.run(["node", "--input-type=module", "-e", run], cwd=folder, capture_output=True, check=True)
    return list(json.loads(done.stdout))


def in_pydantic(text: str, tried: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """What the model of a module says of records."""
    made = ModuleType("made")
    monkeypatch.setitem(sys.modules, "made", made)
    exec(text, made.__dict__)  # noqa: S102 - it is what is tested
    base = made.__dict__["BaseModel"]
    (model,) = (each for each in made.__dict__.values() if isinstance(each, type) and base in each.__bases__)

    def accepts(record: dict[str, Any]) -> bool:
        try:
            model.model_validate(record)
        except ValueError:
            return False
        return True

    return [accepts(record) for record in tried]


@pytest.mark.needs_node
@pytest.mark.parametrize("name", ["plain", "whole"])
def test_the_module_agrees_in_node(name: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    entry = request.getfixturevalue(name)
    generated = TARGETS["es-module"](entry)
    assert generated.left == ()
    tried = records(entry)
    agree(entry, in_node(generated.text, tried, tmp_path), tried)


@pytest.mark.needs_browser
@pytest.mark.parametrize("name", ["plain", "whole"])
def test_the_module_agrees_in_a_browser(name: str, request: pytest.FixtureRequest, chromium: Browser) -> None:
    entry = request.getfixturevalue(name)
    tried = records(entry)
    page = chromium.new_page()
    told = page.evaluate(
        """async ([text, records]) => {
            const url = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
            const { isValid } = await import(url);
            return JSON.parse(records).map((record) => isValid(record));
        }""",
        [TARGETS["es-module"](entry).text, json.dumps([{n: plainly(v) for n, v in r.items()} for r in tried])],
    )
    page.close()
    agree(entry, told, tried)


@pytest.mark.needs_node
@pytest.mark.parametrize("name", ["plain", "whole"])
def test_the_zod_schema_agrees(name: str, request: pytest.FixtureRequest, zod: Path) -> None:
    entry = request.getfixturevalue(name)
    generated = TARGETS["zod"](entry)
    assert generated.left == ()
    tried = records(entry)
    agree(entry, in_node(generated.text, tried, zod, "(record) => schema.safeParse(record).success"), tried)


@pytest.mark.needs_node
def test_zod_tells_who_demands_what_and_takes_no_other_field(zod: Path) -> None:
    fields = {"__proto__": {"type": "text", "max_length": 3}, "a": {"type": "text", "max_length": 3}}
    generated = TARGETS["zod"](LoadedEstate(estate({"in": fields}, [])).entry("in.e"))
    told = "(record) => JSON.stringify(schema.safeParse(record).error?.issues.map((i) => [i.path, i.message]) ?? [])"
    found = [json.loads(str(each)) for each in in_node(generated.text, [{"a": "abcd"}, {"b": 1}, {}], zod, told)]
    assert found[0] == [[["a"], "a: at most 3 characters."]]
    assert found[1]
    assert found[2] == []


@pytest.mark.parametrize(
    "number", ["1e999999999999999999", "-1e-999999999999999999", "0e999999999999999999", "1." + "0" * 40 + "1", "1.5"]
)
def test_a_pydantic_model_writes_out_no_number_that_is_too_long(number: str, monkeypatch: pytest.MonkeyPatch) -> None:
    fields = {"n": {"type": "decimal", "scale": 2}, "m": {"type": "decimal"}}
    flows = [{"from": "in.e.m", "to": "db.e.m", "via": [{"cast": "text"}]}]
    entry = LoadedEstate(estate({"in": fields, "db": {"m": {"type": "text", "pattern": "[0-9.]*"}}}, flows)).entry(
        "in.e"
    )
    for name in fields:
        record = {name: Decimal(number)}
        told = in_pydantic(TARGETS["pydantic"](entry).text, [record], monkeypatch)
        assert told == [entry.is_valid(record)], name


@pytest.mark.parametrize("name", ["plain", "whole"])
def test_the_pydantic_model_agrees(name: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    entry = request.getfixturevalue(name)
    generated = TARGETS["pydantic"](entry)
    assert generated.left == ()
    tried = records(entry)
    agree(entry, in_pydantic(generated.text, tried, monkeypatch), tried)


@pytest.mark.needs_node
@pytest.mark.parametrize("name", ["nordbank", "cbsa", "identity"])
def test_the_entries_of_real_estates_agree(
    name: str, examples: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded = fieldline.load(examples / name)
    for full_name in loaded.entries:
        entry = loaded.entry(full_name)
        tried = records(entry)[:500]
        expected = [entry.requirement.admits(record) for record in tried]
        assert [entry.is_valid(record) for record in tried] == expected
        assert in_node(TARGETS["es-module"](entry).text, tried, tmp_path) == expected
        assert in_pydantic(TARGETS["pydantic"](entry).text, tried, monkeypatch) == expected


@pytest.mark.needs_browser
def test_the_controls_agree_in_a_browser(chromium: Browser) -> None:
    fields = {name: field for name, field in FIELDS.items() if name != "flag"}
    fields["amount"] = {"type": "decimal", "min": "0.5", "max": 1000, "scale": 2}
    fields["born"] = {"type": "date", "min": "1999-12-31", "max": "2024-02-29"}
    entry = entry_of(fields)
    generated = TARGETS["html"](entry)
    assert generated.left == ()
    tried = records(entry)
    page = chromium.new_page()
    page.set_content(f"<!doctype html><form>{generated.text}</form>")
    told = page.evaluate(
        """records => records.map(record => {
            const form = document.querySelector("form");
            const held = {};
            for (const input of form.elements) {
              input.value = record[input.name] ?? "";
              held[input.name] = input.value;
            }
            return [held, form.checkValidity()];
        })""",
        [{n: v if v is None else str(plainly(v)) for n, v in r.items()} for r in tried if not has_surrogates(r)],
    )
    page.close()
    # A control of one line holds no line ends, and one for numbers no letters: what it holds is what is judged.
    held = [entry.typed({n: v or None for n, v in values.items()}) for values, _ in told]
    agree(entry, [valid for _, valid in told], held)


@pytest.mark.filterwarnings("ignore")  # of the libraries below it
def test_the_suite_agrees_in_great_expectations(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GX_ANALYTICS_ENABLED", "false")
    for name in [name for name in sys.modules if name.partition(".")[0] == "pyspark"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "pyspark", None)  # what GX looks for in it ends the process (its Spark Connect)
    import great_expectations as gx
    import pandas as pd

    names = ("login", "mail", "kind", "free", "count")
    entry = entry_of({name: FIELDS[name] for name in names})
    generated = TARGETS["gx"](entry)
    assert generated.left == ()
    tried = [record for record in records(entry) if not has_surrogates(record)]  # GX cannot hold one
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    batch = context.data_sources.add_pandas("p").add_dataframe_asset("a").add_batch_definition_whole_dataframe("b")
    frame = pd.DataFrame({name: pd.Series([r.get(name) for r in tried], dtype=object) for name in names})
    suite = gx.ExpectationSuite(**json.loads(generated.text))
    form = {"result_format": "COMPLETE"}
    found = batch.get_batch(batch_parameters={"dataframe": frame}).validate(suite, result_format=form)
    bad = {index for each in found.results for index in each.result["unexpected_index_list"]}
    agree(entry, [place not in bad for place in range(len(tried))], tried)


@pytest.mark.parametrize("made", [True, False], ids=["--as pandera", "fieldline.pandera_schema"])
def test_the_pandera_schema_agrees(whole: Entry, made: bool) -> None:
    import polars as pl
    from pandera.errors import SchemaErrors

    if made:
        generated = TARGETS["pandera"](whole)
        assert generated.left == ()
        scope: dict[str, Any] = {}
        exec(generated.text, scope)  # noqa: S102 - it is what is tested
        held = scope["schema"]
    else:
        held = fieldline.pandera_schema(whole)
    kinds = {"integer": pl.Int64, "decimal": pl.Decimal(30, 6), "boolean": pl.Boolean, "date": pl.Date}
    tried = [record for record in records(whole) if not has_surrogates(record)]
    schema = {field.name: kinds.get(field.type, pl.String) for field in whole.entity.fields.values()}
    types = {field.name: field.type for field in whole.entity.fields.values()}
    frame = pl.DataFrame([{n: wide(r.get(n), types[n]) for n in schema} for r in tried], schema=schema)
    with pytest.raises(SchemaErrors) as found:
        held.validate(frame, lazy=True)
    bad = set(found.value.failure_cases["index"])
    agree(whole, [place not in bad for place in range(len(tried))], tried)


def test_a_pandera_module_looks_at_types_absent_columns_and_copies() -> None:
    import polars as pl
    from pandera.errors import SchemaErrors

    fields = {
        "a": {"type": "text", "max_length": 3, "unique": True},
        "b": {"type": "integer", "max": 5},
        "c": {"type": "text"},
        "d": {"type": "text", "required": True},
    }
    generated = TARGETS["pandera"](LoadedEstate(estate({"in": fields}, [])).entry("in.e"))
    assert generated.left == ()
    scope: dict[str, Any] = {}
    exec(generated.text, scope)  # noqa: S102 - it is what is tested
    good = pl.DataFrame({"a": ["x", "y", None, None], "b": [1, 5, None, 0], "d": ["", "d", "d", "d"]})
    assert scope["schema"].validate(good, lazy=True).equals(good)
    bad = pl.DataFrame({"a": ["x", "x", None, None], "b": [1.5, float("nan"), 5.0, None], "c": [1, 1, 1, 1]})
    with pytest.raises(SchemaErrors) as found:
        scope["schema"].validate(bad, lazy=True)
    cases = found.value.failure_cases
    told = {(check, index) for check, index in cases.select("check", "index").iter_rows()}
    assert ("a: unique", 1) in told
    assert ("a: unique", 3) not in told
    assert {index for check, index in told if check == "b must be of type integer"} == {0, 1}
    assert {index for check, index in told if check == "c must be of type text"} == {0, 1, 2, 3}
    assert any(str(check).startswith("column_in_dataframe") for check, _ in told)


def test_what_follows_from_what_is_said_is_not_missed() -> None:
    flows = [{"from": "in.e.a", "to": "db.e.a", "via": ["trim"]}]
    own = {"type": "text", "max_length": 4, "pattern": "[a-z]*"}
    for most, missed in ((5, []), (3, ["a: db accepts at most 3 characters"])):
        entry = LoadedEstate(
            estate(
                {"in": {"a": {**own, "pattern": "[a-z ]*"}}, "db": {"a": {"type": "text", "max_length": most}}}, flows
            )
        ).entry("in.e")
        assert [left.message for left in TARGETS["sql-sqlite"](entry).left if "matches" not in left.message] == missed


def test_what_an_engine_has_no_words_for_is_told(whole: Entry) -> None:
    left = {left.message for left in TARGETS["json-schema"](whole).left}
    assert any(message.startswith("first + last: ") and "characters" in message for message in left)
    assert any("8 bytes in utf-8" in message for message in left)


@pytest.mark.needs_node
def test_what_every_object_has_is_no_field(tmp_path: Path) -> None:
    fields = {name: {"type": "text", "max_length": 3} for name in ("constructor", "toString", "__proto__")}
    entry = LoadedEstate(estate({"in": fields}, [])).entry("in.e")
    tried = [{}, {"constructor": "abc"}, {"toString": "abcd"}, {"valueOf": "abc"}]
    assert in_node(TARGETS["es-module"](entry).text, tried, tmp_path) == [True, True, False, False]


def test_names_and_messages_are_never_run() -> None:
    hostile = {"type": "text", "title": "'); alert(1); //</script>", "one_of": ['");process.exit(1);//']}
    entry = LoadedEstate(estate({"in": {"a": hostile}}, [])).entry("in.e")
    text = TARGETS["es-module"](entry).text
    assert "</script>" not in text
    compile(TARGETS["pydantic"](entry).text, "made", "exec")

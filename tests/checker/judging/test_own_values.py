"""What systems fill in themselves, and what arrives of it further downstream."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from fieldline.checker.diff.diff import diff
from fieldline.checker.verdict.check import check
from fieldline.estate.load import load_estate

if TYPE_CHECKING:
    from pathlib import Path

    from fieldline.estate.load import Estate

WEB = "system: web\nentities: {form: {kind: entry, key: id, fields: {id: {type: integer, min: 1, max: 99}}}}\n"
FLOWS = ("web.form.id, to: db.t.id", "db.t.id, to: db.u.id", "db.t.k, to: db.u.k")


def estate(folder: Path, script: str, flows: tuple[str, ...] = FLOWS) -> Estate:
    files = {
        "fieldline.yaml": "estate: t\n",
        "contracts/web.yaml": WEB,
        "contracts/db.yaml": "system: db\nfrom: {sql: {files: t.sql, dialect: postgres}}\n",
        "t.sql": script,
        "lineage/f.yaml": "flows:\n" + "".join(f"- {{from: {flow}}}\n" for flow in flows),
    }
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return load_estate(folder)


def escapes(of: Estate) -> list[tuple[str, str]]:
    return [
        (finding.verdict, str(finding.binding and finding.binding.field))
        for finding in check(of).findings
        if finding.rule in {"escape", "unfilled", "collision", "loss"}
    ]


@pytest.mark.parametrize(
    ("filled", "next_", "expected"),
    [
        ("k varchar(30) default md5(now()::text)", "k varchar(5)", [("unknown", "db.u.k")]),
        ("k varchar(30) default md5(now()::text)", "k varchar(30)", []),
        ("k varchar(30) default 'abcdefgh'", "k varchar(5)", [("refuted", "db.u.k")]),
        ("k varchar(30) default 'abc'", "k varchar(5)", []),
        ("k bigint generated always as identity", "k smallint", [("unknown", "db.u.k")]),
        ("k int generated always as identity", "k int unique", []),
        ("k bigserial", "k bigint not null", []),
        ("k uuid default gen_random_uuid()", "k varchar(36) not null", []),
        ("k uuid default gen_random_uuid()", "k varchar(20)", [("unknown", "db.u.k")]),
        ("k timestamptz default now()", "k timestamptz", []),
        (
            "k varchar(60) generated always as (id::text || 'xxxxxx') stored",
            "k varchar(5)",
            [("unknown", "db.t.id"), ("unknown", "db.u.k")],  # the first: the expression may reject an id
        ),
    ],
)  # fmt: skip
def test_what_a_system_fills_in_is_asked_for_further_downstream(
    tmp_path: Path, filled: str, next_: str, expected: list[tuple[str, str]]
) -> None:
    script = f"create table t (id int primary key, {filled}); create table u (id int primary key, {next_});"
    assert escapes(estate(tmp_path, script)) == expected


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        ("k int default 7 check (k > 10)", [("refuted", "db.t.k")]),
        ("k int default 11 check (k > 10)", []),
        ("k varchar(3) default 'abcd'", [("refuted", "db.t.k")]),
        ("k varchar(3) default 'abc  '", []),  # blanks at the end are cut
        ("k varchar(3) not null default 'abcd'", [("refuted", "db.t.k")]),
    ],
)
def test_a_default_that_its_own_column_rejects_fails_every_record(
    tmp_path: Path, column: str, expected: list[tuple[str, str]]
) -> None:
    assert escapes(estate(tmp_path, f"create table t (id int primary key, {column});", FLOWS[:1])) == expected


def test_a_statement_of_what_fills_a_field_is_no_promise_of_its_values(tmp_path: Path) -> None:
    def of(limit: str, folder: Path) -> Estate:
        loaded = estate(folder, "create table t (id int primary key);", FLOWS[:1])
        (folder / "contracts/db.yaml").write_text(
            "system: db\nentities: {t: {key: id, fields: {id: {type: integer}, k: {type: text, filled_by: the loader}}}, "
            f"u: {{key: id, fields: {{id: {{type: integer}}, k: {{type: text{limit}}}}}}}}}\n",
            encoding="utf-8",
        )
        (folder / "lineage/f.yaml").write_text(
            "flows:\n" + "".join(f"- {{from: {flow}}}\n" for flow in FLOWS), encoding="utf-8"
        )
        assert loaded is not None
        return load_estate(folder)

    assert escapes(of(", max_length: 5", tmp_path / "a")) == [("unknown", "db.u.k")]
    assert escapes(of("", tmp_path / "b")) == []


def test_a_removed_flow_leaves_null_which_a_system_further_on_rejects(tmp_path: Path) -> None:
    def of(folder: Path, flows: tuple[str, ...]) -> Any:  # noqa: ANN401 - an estate
        script = "create table t (id int primary key, k int); create table u (id int primary key, k int not null);"
        return estate(folder, script, flows)

    before = of(tmp_path / "a", (*FLOWS, "web.form.id, to: db.t.k"))
    found = [finding for finding in diff(before, of(tmp_path / "b", FLOWS)).findings if finding.rule == "newly-refused"]
    assert [str(finding.binding and finding.binding.field) for finding in found] == ["db.u.k"]

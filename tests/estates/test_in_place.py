"""A screen read from its JSON Schema before a database read from its SQL: from the foreign files to the finding."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING

from fieldline.checker.verdict.check import check
from fieldline.checker.verdict.policy import rule_estate
from fieldline.documents.names import FieldName
from fieldline.estate.load import load_estate
from fieldline.reports.text.check import check_text
from fieldline.reports.text.page import Look

if TYPE_CHECKING:
    from pathlib import Path

SCHEMA = {"required": ["email"], "properties": {"email": {"type": "string", "pattern": "^[a-z@.]*$", "maxLength": 60}}}
FILES = {
    "fieldline.yaml": "estate: shop\n",
    "api/signup.json": json.dumps(SCHEMA, indent=2),
    "db/1_create.sql": "CREATE TABLE customer (\n  email varchar(80) NOT NULL CHECK (valid(email))\n);\n",
    "db/2_narrow.sql": "ALTER TABLE customer ALTER COLUMN email TYPE varchar(50);\n",
    "contracts/web.yaml": "system: web\nfrom: {json_schema: {files: api/signup.json, kind: entry}}\n",
    "contracts/db.yaml": (
        "system: db\nowner: {team: Data}\n"
        "from: {sql: {files: db, dialect: postgres, nul: false}}\n"
        "entities: {customer: {fields: {email: {title: E-mail}}}}\n"
    ),
    "lineage/flows.yaml": "flows: [{from: web.signup.email, to: db.customer.email, via: [trim]}]\n",
}


def test_a_finding_shows_the_line_of_the_foreign_file_that_makes_the_demand(tmp_path: Path) -> None:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    estate = load_estate(tmp_path)
    report = check(estate)
    escapes = {f.binding.constraint: f for f in report.findings if f.rule == "escape" and f.binding}
    assert set(escapes) == {"max_length", "opaque"}
    proof, doubt = escapes["max_length"], escapes["opaque"]
    assert (proof.verdict, doubt.verdict) == ("refuted", "unknown")
    assert proof.witness is not None
    assert len(str(proof.witness[FieldName.read("web.signup.email")])) == 51
    assert proof.binding is not None
    assert str(proof.binding.location).startswith("db/2_narrow.sql:1:")
    assert doubt.binding is not None
    assert str(doubt.binding.location).startswith("db/1_create.sql:2:")
    text = check_text(report, rule_estate(estate, report.findings, date(2026, 1, 1)), estate, Look(120))
    assert "1 | ALTER TABLE customer ALTER COLUMN email TYPE varchar(50);" in text
    assert "2 |   email varchar(80) NOT NULL CHECK (valid(email))" in text
    assert '6 |     "email": {' in text

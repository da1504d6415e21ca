"""A due date that was asked for, and what a robot made of it: the stories of the loans, told by the commands."""

from __future__ import annotations

import csv
import json
import re
import sqlite3
from contextlib import closing
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import jsonschema_rs
import pytest

from fieldline.cli import app
from fieldline.reports.schemas import schema_document

if TYPE_CHECKING:
    from pathlib import Path

pytest.importorskip("polars")
pytest.importorskip("sqlalchemy")

WEB = """
system: web
title: Net bank
entities:
  request:
    kind: entry
    title: Move an instalment
    key: loan_no
    store: {file: data/requests.csv}
    fields:
      loan_no: {type: text, required: true, pattern: "[0-9]{6}"}
      old_due: {type: date, required: true, min: 2020-01-01, max: 2040-01-01, title: {en: Due date, fi: Eräpäivä}}
      new_due:
        {type: date, required: true, min: 2020-01-01, max: 2040-01-01, same: due date, title: {en: New, fi: Uusi}}
"""
LOANS = """
system: loans
title: Loans
entities:
  loan:
    key: loan_no
    store: {database: LOANS_URL, table: loan}
    impact: {critical: true, text: The instalment is taken on the wrong day.}
    check:
      - rule: due_date > due_date_before
        name: an instalment is postponed
        message:
          en: Choose a day after the present due date.
          fi: Valitse päivä, joka on nykyisen eräpäivän jälkeen.
    fields:
      loan_no: {type: text, required: true}
      due_date_before: {type: date}
      due_date: {type: date, same: due date}
      fee: {type: decimal}
      fee_asked: {type: decimal}
"""
FLOWS = """
flows:
  - {from: web.request.loan_no, to: loans.loan.loan_no, by: the robot}
  - {from: web.request.old_due, to: loans.loan.due_date_before, by: the robot}
  - {from: web.request.new_due, to: loans.loan.due_date, by: the robot}
"""
RULES = """
rules:
  - {amount: loans.loan.due_date, asked: web.request.new_due}
  - {direction: loans.loan.due_date, after: loans.loan.due_date_before}
  - {amount: loans.loan.due_date, from: loans.loan.due_date_before, by: P14D}
  - {amount: loans.loan.fee, asked: loans.loan.fee_asked}
  - {complete: due date}
"""
OLD = date(2026, 6, 1)
ASKED = OLD + timedelta(days=14)
DONE = {
    "100001": OLD - timedelta(days=14),  # two weeks earlier
    "100002": OLD + timedelta(days=7),  # one week later would be wrong, too
    "100003": ASKED - timedelta(days=1),  # a day lost
}


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bank, with 40 loans that were moved, and three of them otherwise than asked for."""
    root = tmp_path_factory.mktemp("loans")
    files = {
        "fieldline.yaml": "estate: loans\nenv: [LOANS_URL]\n",
        "contracts/web.yaml": WEB,
        "contracts/loans.yaml": LOANS,
        "lineage/loans.yaml": FLOWS,
        "rules/loans.yaml": RULES,
    }
    for name, text in files.items():
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    numbers = [str(100001 + n) for n in range(40)]
    (root / "data").mkdir()
    lines = ["loan_no,old_due,new_due", *(f"{number},{OLD},{ASKED}" for number in numbers)]
    (root / "data/requests.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    with closing(sqlite3.connect(root / "loans.db")) as database, database:
        database.execute(
            "CREATE TABLE loan (loan_no text, due_date_before date, due_date date, fee numeric, fee_asked numeric)"
        )
        rows = [(n, str(OLD), str(DONE.get(n, ASKED)), -5 if n == "100004" else 5, 5) for n in numbers]
        database.executemany("INSERT INTO loan VALUES (?, ?, ?, ?, ?)", rows)
    return root


@pytest.fixture
def ask(bank: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:  # noqa: ANN401
    """The exit code and the text of a command's answer."""
    monkeypatch.setenv("LOANS_URL", f"sqlite:///{bank / 'loans.db'}")

    def asked(*words: str) -> tuple[int, str]:
        code = app(list(words), standalone_mode=False)
        return code, capsys.readouterr().out

    return asked


def plain(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def test_story_3_a_due_date_that_a_robot_moved_otherwise_than_asked_for(bank: Path, ask: Any, tmp_path: Path) -> None:  # noqa: ANN401
    """Two weeks later was asked for. Two weeks earlier is wrong, and so is one week later, and so is a day too little."""
    found = tmp_path / "wrong.csv"
    code, text = ask("audit", "--across", str(bank), "--keys", str(found), "--now", "2026-06-02T12:00:00Z")
    assert code == 1
    told = plain(text)
    assert "4 records break 6 of 6 rules, 6 of them critical." in told
    assert "3 of 40 records in Net bank and Loans break it" in told
    assert "1 the other way, such as 100001" in told
    assert "1 a day too early, such as 100003" in told
    assert "1 the sign turned, such as 100004" in told
    assert "1 not later, such as 100001" in told
    with found.open(encoding="utf-8") as lines:
        wrong = {(row["kind"], row["deviation"], row["key"]) for row in csv.DictReader(lines)}
    assert {key for kind, _, key in wrong if kind == "amount"} == {*DONE, "100004"}
    assert {key for kind, _, key in wrong if kind == "complete"} == set(DONE)
    assert {key for kind, _, key in wrong if kind in {"direction", "check"}} == {"100001"}

    # the flows are right: what is wrong was done by the robot itself, so only the page is to blame for what it lets in
    code, text = ask("check", str(bank))
    assert code == 1
    assert "wrong-direction" in text
    assert "100001" not in text


def test_story_9_what_it_means_for_the_business(bank: Path, ask: Any) -> None:  # noqa: ANN401
    """How many customers, which of them, how urgent: the worst comes first, with what it means until it is repaired."""
    _, text = ask("audit", "--across", str(bank), "--output-format", "json", "--now", "2026-06-02T12:00:00Z")
    answer = json.loads(text)
    jsonschema_rs.validate(json.loads(schema_document("across")), answer)
    assert answer["records"] == 4
    by_kind = [(rule["kind"], rule["broken"], rule["critical"]) for rule in answer["rules"]]
    assert by_kind == sorted(by_kind, key=lambda each: -each[1])
    assert sorted(by_kind) == [
        ("amount", 1, True),
        ("amount", 3, True),
        ("amount", 3, True),
        ("check", 1, True),
        ("complete", 3, True),
        ("direction", 1, True),
    ]
    assert {rule["impact"] for rule in answer["rules"]} == {"The instalment is taken on the wrong day."}
    assert all(rule["records"] == 40 and rule["unread"] is None for rule in answer["rules"])


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "Choose a day after the present due date."), ("fi", "Valitse päivä, joka on nykyisen eräpäivän jälkeen.")],
)
def test_story_10_the_customer_solves_it_alone(
    bank: Path,
    ask: Any,  # noqa: ANN401
    tmp_path: Path,
    language: str,
    words: str,
) -> None:
    """She asks for an earlier day: the page says at once what the loans would say later, in her language."""
    typed = tmp_path / "typed.csv"
    typed.write_text(f"loan_no,old_due,new_due\n100001,{OLD},{OLD - timedelta(days=1)}\n", encoding="utf-8")
    code, text = ask("validate", str(typed), "--entry", "web.request", "--estate", str(bank), "--language", language)
    assert code == 1
    assert words in plain(text)
    typed.write_text(f"loan_no,old_due,new_due\n100001,{OLD},{ASKED}\n", encoding="utf-8")
    code, _ = ask("validate", str(typed), "--entry", "web.request", "--estate", str(bank), "--language", language)
    assert code == 0


def test_a_store_that_cannot_be_read_is_told_and_nothing_is_called_right(
    bank: Path,
    ask: Any,  # noqa: ANN401
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LOANS_URL", f"sqlite:///{bank / 'nowhere' / 'loans.db'}")
    code, text = ask("audit", "--across", str(bank))
    assert code == 1
    assert "No record breaks a rule, but 6 rules were not judged wholly." in plain(text)


def test_story_9_what_refused_records_mean_for_the_business(bank: Path, ask: Any, tmp_path: Path) -> None:  # noqa: ANN401
    """Thousands of dead letters of one root: how many, and how urgent, as the contract of the refusing field says."""
    message = 'null value in column "loan_no" of relation "loan" violates not-null constraint'
    letters = tmp_path / "letters.ndjson"
    letters.write_text("".join(f"{json.dumps({'error': message, 'row': n})}\n" for n in range(300)), encoding="utf-8")
    _, text = ask("trace", str(bank), "--rejects", str(letters))
    assert "300 dead letters of 1 cause" in plain(text)
    assert "WHEN Urgent: The instalment is taken on the wrong day." in plain(text)
    _, text = ask("trace", str(bank), "--rejects", str(letters), "--output-format", "json")
    answer = json.loads(text)
    jsonschema_rs.validate(json.loads(schema_document("rejects")), answer)
    (group,) = answer["groups"]
    assert (group["records"], group["critical"]) == (300, True)

"""Mapping sheets: the rows of a CSV file as flows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from fieldline.documents.problem import EstateError
from fieldline.documents.workbook import workbook_text
from fieldline.estate.load import load_estate

if TYPE_CHECKING:
    from pathlib import Path

    from fieldline.estate.load import Estate

TEXT = "{type: text, required: true}"
CRM = f"system: crm\nentities: {{person: {{kind: entry, fields: {{first: {TEXT}, last: {TEXT}}}}}}}\n"
BILL = "system: bill\nentities: {customer: {fields: {name: {type: text}, short: {type: text}}}}\n"
SQL = "source: Source, target: Target, rule: Rule"
OPTIONS = "source: Source, target: Target, rule: Rule, when: If, note: Remark"


def load(folder: Path, sheet: str, options: str = OPTIONS) -> Estate:
    files = {
        "fieldline.yaml": "estate: test\n",
        "contracts/crm.yaml": CRM,
        "contracts/bill.yaml": BILL,
        "lineage/f.yaml": f"from: {{sheet: {{files: m.csv, {options}}}}}\n",
        "m.csv": sheet,
    }
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return load_estate(folder)


def told(estate: Estate) -> list[str]:
    return [
        f"{' + '.join(str(s.field) for s in flow.sources)} -> {flow.target}"
        f"{''.join(f' [{step.sentence}]' for step in flow.via)}"
        for flow in estate.flows
    ]


def test_rules_in_our_words(tmp_path: Path) -> None:
    sheet = (
        "Source,Target,Rule,If,Remark\n"
        "crm.person.first,bill.customer.short,\"trim, {truncate: 8}\",last <> '',as agreed\n"
        "\n"
        'crm.person.first + crm.person.last,bill.customer.name,"{concat: {separator: "" ""}}",,\n'
    )
    estate = load(tmp_path, sheet)
    assert told(estate) == [
        "crm.person.first -> bill.customer.short [spaces removed at both ends] [cut to 8 characters]",
        "crm.person.first + crm.person.last -> bill.customer.name [joined with ' ']",
    ]
    first, second = estate.flows
    assert first.when is not None
    assert (first.when.text, first.note, first.location.line, second.location.line) == ("last <> ''", "as agreed", 2, 4)


def test_a_workbook_is_read_as_its_first_sheet(tmp_path: Path) -> None:
    rows = [
        ["Source", "Target", "Rule", "If", "Remark"],
        [],
        ["crm.person.first\ncrm.person.last", "bill.customer.name", '{concat: {separator: " "}}', "", 1.5],
        ["crm.person.first", "bill.customer.short", "trim, {truncate: 8}", "last <> ''", True],
    ]
    load(tmp_path, "Source,Target,Rule,If,Remark\ncrm.person.first,bill.customer.short,,,\n")
    write_workbook(tmp_path / "m.xlsx", rows)
    (tmp_path / "lineage/f.yaml").write_text(f"from: {{sheet: {{files: m.xlsx, {OPTIONS}}}}}\n", encoding="utf-8")
    estate = load_estate(tmp_path)
    assert told(estate) == [
        "crm.person.first + crm.person.last -> bill.customer.name [joined with ' ']",
        "crm.person.first -> bill.customer.short [spaces removed at both ends] [cut to 8 characters]",
    ]
    assert [(flow.location.line, flow.note) for flow in estate.flows] == [(3, "1.5"), (4, "true")]


def write_workbook(file: Path, rows: list[list[Any]]) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
        book.add_worksheet().write(0, 0, "another one")


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"PK\x03\x04 and then nothing", "it is no workbook of Excel, or a damaged one"),
        (b"no archive", 'there is no column "Source"'),
    ],
)
def test_a_workbook_that_cannot_be_read_is_a_problem(tmp_path: Path, content: bytes, problem: str) -> None:
    load(tmp_path, "Source,Target,Rule,If,Remark\ncrm.person.first,bill.customer.short,,,\n")
    (tmp_path / "m.xlsx").write_bytes(content)
    (tmp_path / "lineage/f.yaml").write_text(f"from: {{sheet: {{files: m.xlsx, {OPTIONS}}}}}\n", encoding="utf-8")
    with pytest.raises(EstateError) as error:
        load_estate(tmp_path)
    assert problem in str(error.value)


def test_a_workbook_may_be_published_in_a_snapshot(tmp_path: Path) -> None:
    load(tmp_path, "Source,Target,Rule,If,Remark\ncrm.person.first,bill.customer.short,,,\n")
    write_workbook(tmp_path / "m.xlsx", [["Source", "Target"], ["crm.person.first", "bill.customer.short"]])
    options = "source: Source, target: Target"
    (tmp_path / "lineage/f.yaml").write_text(f"from: {{sheet: {{files: m.xlsx, {options}}}}}\n", encoding="utf-8")
    text = workbook_text((tmp_path / "m.xlsx").read_bytes())
    (tmp_path / "m.xlsx").write_text(text, encoding="utf-8")  # as a snapshot holds it
    assert told(load_estate(tmp_path)) == ["crm.person.first -> bill.customer.short"]


def test_rules_that_are_explained_in_sql_or_in_nobodys_words(tmp_path: Path) -> None:
    sheet = (
        "System;Table;Column;Target;Rule\n"
        "crm;person;first;bill.customer.short;1:1\n"
        "crm;person;last;bill.customer.short;in capitals\n"
        "crm;person;first;bill.customer.name;substr(first, 1, 3)\n"
        "crm;person;first, last;bill.customer.name;first || last\n"
        "crm;person;last;bill.customer.name;see the mail of March\n"
    )
    options = 'source: [System, Table, Column], target: Target, rule: Rule, delimiter: ";", dialect: postgres, '
    estate = load(tmp_path, sheet, options + 'rules: {"1:1": "", in capitals: upper}')
    assert told(estate) == [
        "crm.person.first -> bill.customer.short",
        "crm.person.last -> bill.customer.short [in upper case]",
        "crm.person.first -> bill.customer.name [characters 1 to 3]",
        "crm.person.first + crm.person.last -> bill.customer.name [joined, null where one is null]",
        "crm.person.last -> bill.customer.name [see the mail of March]",
    ]


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        ("first", ""),
        ("person.first;", ""),
        ("FIRST", ""),
        ("split_part(first, ';', 1)", " [part 1 of those between ';']"),
        *(
            (rule, f" [{rule}]")
            for rule in (
                "first masked",
                "first as masked",
                "(first as masked)",
                "upper(first) cleaned",
                "first from crm.old_person",
                "old_person.first",
                "first where first <> ''",
                "first limit 5",
                "first order by first",
                "first union select first",
                "first; delete from person",
                "distinct first",
                "all first",
                "top 5 first",
                "first, first",
                "first for update",
            )
        ),
    ],
)
def test_a_rule_in_sql_is_one_expression(tmp_path: Path, rule: str, sentence: str) -> None:
    """What a SELECT has beside an expression, an alias or a clause, is no value: PostgreSQL 15, 4.2 "Value Expressions"."""
    estate = load(
        tmp_path, f'Source,Target,Rule\ncrm.person.first,bill.customer.short,"{rule}"\n', f"{SQL}, dialect: postgres"
    )
    assert told(estate) == [f"crm.person.first -> bill.customer.short{sentence}"]


def test_items_and_aliases_of_sql_server_are_no_expression(tmp_path: Path) -> None:
    rules = ("top 5 first", "short = first", "first [masked]")
    rows = "".join(f"crm.person.first,bill.customer.short,{rule}\n" for rule in rules)
    estate = load(tmp_path, f"Source,Target,Rule\n{rows}", f"{SQL}, dialect: sqlserver")
    assert told(estate) == [f"crm.person.first -> bill.customer.short [{rule}]" for rule in rules]


def test_a_rule_in_sql_holds_under_the_condition_of_its_row(tmp_path: Path) -> None:
    sheet = (
        "Source,Target,Rule,If,Remark\n"
        "crm.person.first,bill.customer.short,\"substr(first, 1)\",last = 'x',as agreed\n"
        "crm.person.first,bill.customer.name,case when first > 'm' then first end,last = 'x',\n"
    )
    first, *others = load(tmp_path, sheet, f"{OPTIONS}, dialect: postgres").flows
    assert first.when is not None
    assert (first.when.text, first.note) == ("last = 'x'", "as agreed")
    assert {flow.when.text.startswith("(last = 'x') AND (") for flow in others if flow.when} == {True}
    assert all(flow.when for flow in others)


def test_a_column_that_is_called_as_a_transform_is_may_be_either(tmp_path: Path) -> None:
    load(tmp_path, "Source,Target,Rule\ncrm.person.first,bill.customer.short,\n", SQL)
    contract = CRM.replace("first:", "title:")
    (tmp_path / "contracts/crm.yaml").write_text(contract, encoding="utf-8")
    rows = "".join(f"crm.person.title,bill.customer.short,{rule}\n" for rule in ("title", "trim(title)"))
    (tmp_path / "m.csv").write_text(f"Source,Target,Rule\n{rows}", encoding="utf-8")
    flow = f"from: {{sheet: {{files: m.csv, {SQL}, dialect: postgres}}}}\n"
    (tmp_path / "lineage/f.yaml").write_text(flow, encoding="utf-8")
    assert told(load_estate(tmp_path)) == [
        "crm.person.title -> bill.customer.short [title]",
        "crm.person.title -> bill.customer.short [spaces removed at both ends]",
    ]


@pytest.mark.parametrize(
    ("sheet", "options", "problem"),
    [
        ("Source,Target\n,\n\n", "source: Source, target: Target", "m.csv:1:1: the sheet has no row below its header"),
        ("Source,Targte\n", "source: Source, target: Target", 'm.csv:1:1: there is no column "Target"'),
        (
            "Source,Target\nfirst,bill.customer.name\n",
            "source: Source, target: Target",
            'm.csv:2:1: "first" names no field',
        ),
        ("Source,Target\n,bill.customer.name\n", "source: Source, target: Target", 'm.csv:2:1: "" names no field'),
        ('Source,Target\n"a"b,c\n', "source: Source, target: Target", "m.csv:2:1: this line is no CSV"),
    ],
)
def test_what_cannot_be_read_is_a_problem_at_its_line(tmp_path: Path, sheet: str, options: str, problem: str) -> None:
    with pytest.raises(EstateError) as rejected:
        load(tmp_path, sheet, options)
    first = rejected.value.problems[0]
    assert f"{first.location}: {first.message}".startswith(problem)

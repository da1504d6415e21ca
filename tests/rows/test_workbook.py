"""Workbooks that are small files and large sheets are refused before a reader makes room for them."""

import zipfile
from pathlib import Path

import polars as pl
import pytest

from fieldline.checker.diff.stored_rows import Unreadable
from fieldline.rows import workbook
from fieldline.rows.files import _header, column_types
from fieldline.rows.workbook import check_workbook

TYPES = (
    '<?xml version="1.0"?><workbook xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    '<sheets><sheet name="s" sheetId="1" r:id="rId1"/></sheets></workbook>'
)
RELATIONS = (
    '<?xml version="1.0"?><Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/></Relationships>'
)


def made(file: Path, sheet: str, texts: str = "") -> Path:
    """A workbook of these parts."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/workbook.xml", TYPES)
        parts.writestr("xl/_rels/workbook.xml.rels", RELATIONS)
        parts.writestr("xl/worksheets/sheet1.xml", f"<worksheet><sheetData>{sheet}</sheetData></worksheet>")
        parts.writestr("xl/sharedStrings.xml", f"<sst>{texts}</sst>")
    return file


def refused(file: Path) -> str:
    with pytest.raises(Unreadable) as raised:
        check_workbook(file)
    return raised.value.message


@pytest.mark.parametrize(
    "sheet",
    [
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
        "<x:row r = '1'><x:c r='A1'/></x:row><x:row r='1048576'><x:c r='XFD1048576' t='n'><x:v>1</x:v></x:c></x:row>",
        "<row>" + "<c/>" * 40 + "</row>" + "<row/>" * 1_000_000,
    ],
    ids=["far corner", "other spelling", "without places"],
)
def test_a_sheet_of_too_many_cells(tmp_path: Path, sheet: str) -> None:
    assert refused(made(tmp_path / "b.xlsx", sheet)) == "b.xlsx has more than 30,000,000 cells in its first sheet"


def test_a_text_in_too_many_cells(tmp_path: Path) -> None:
    rows = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 40_001))
    file = made(tmp_path / "b.xlsx", rows, f"<si><t>{'x' * 32_000}</t></si>")
    assert file.stat().st_size < 600_000
    assert refused(file) == "b.xlsx has more than 1,073,741,824 bytes of text in its first sheet"


def test_a_part_that_unpacks_to_too_much(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MOST_UNPACKED", 10_000)
    assert refused(made(tmp_path / "b.xlsx", " " * 20_000)) == "b.xlsx has more than 10,000 bytes when it is unpacked"


def test_what_is_no_workbook(tmp_path: Path) -> None:
    (tmp_path / "b.xlsx").write_bytes(b"secret")
    assert refused(tmp_path / "b.xlsx") == "b.xlsx cannot be read (BadZipFile)"
    with zipfile.ZipFile(tmp_path / "b.xlsx", "w") as parts:
        parts.writestr("xl/workbook.xml", '<!DOCTYPE a [<!ENTITY b "c">]><workbook/>')
    assert refused(tmp_path / "b.xlsx") == "b.xlsx cannot be read (BadZipFile)"


@pytest.mark.parametrize("name", ["XL/SharedStrings.xml", "xl/sharedStrings.XML"])
def test_a_part_is_found_in_any_case_and_stands_once(tmp_path: Path, name: str) -> None:
    file = made(tmp_path / "b.xlsx", "")
    with zipfile.ZipFile(file, "a") as parts:
        parts.writestr(name, "<sst/>")
    assert refused(file) == "b.xlsx cannot be read (BadZipFile)"


def test_sheets_that_people_have_are_read(tmp_path: Path) -> None:
    frame = pl.DataFrame({"a": ["x" * 30_000, "é", None] * 1_000, "b": [1, 2, 3] * 1_000})
    frame.write_excel(tmp_path / "b.xlsx")
    check_workbook(tmp_path / "b.xlsx")
    assert list(column_types([tmp_path / "b.xlsx"])) == ["a", "b"]


def test_a_header_of_many_columns_is_read_once(tmp_path: Path) -> None:
    columns = [f"c{n}" for n in range(200_000)]
    (tmp_path / "wide.csv").write_text(",".join(columns) + "\n", encoding="utf-8")
    assert _header(tmp_path / "wide.csv") == columns

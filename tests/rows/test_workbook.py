"""A workbook that is a small file and a large sheet takes so much memory and no more, and others are read."""

import io
import zipfile
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter

from fieldline.checker.diff.stored_rows import Unreadable
from fieldline.documents.temporary import is_temporary
from fieldline.rows import workbook
from fieldline.rows.files import _header, column_types, opened, scan_as_one

MIB = 2**20
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def made(file: Path, sheet: str, texts: str = "") -> Path:
    """A whole workbook, with these rows and these shared texts."""
    plain = io.BytesIO()
    with xlsxwriter.Workbook(plain) as book:
        book.add_worksheet().write_string(0, 0, "a")
    own = {
        "xl/worksheets/sheet1.xml": f"<worksheet {MAIN}><sheetData>{sheet}</sheetData></worksheet>",
        "xl/sharedStrings.xml": f"<sst {MAIN}>{texts}</sst>",
    }
    with zipfile.ZipFile(plain) as parts, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as target:
        for name in parts.namelist():
            target.writestr(name, own.get(name, parts.read(name)))
    return file


def refused(*files: Path) -> str:
    with pytest.raises(Unreadable) as raised, opened(files):
        pass
    return raised.value.message


def cells(many: int) -> str:
    """Rows that all hold the first shared text."""
    return "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, many + 1))


LARGE = {
    "far corner": ('<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>', ""),
    "one text in every cell": (cells(15_000), f"<si><t>{'x' * 32_000}</t></si>"),
    "one long text": (cells(1), f"<si><t>{'x' * 200 * MIB}</t></si>"),
}


@pytest.mark.parametrize("name", LARGE)
def test_a_sheet_that_takes_too_much_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    file = made(tmp_path / "b.xlsx", *LARGE[name])
    assert file.stat().st_size < 300_000
    monkeypatch.setattr(workbook, "MOST_MEMORY", 256 * MIB)
    pl.DataFrame({"a": ["x"]}).write_excel(tmp_path / "a.xlsx")
    assert refused(tmp_path / "a.xlsx", file) == "b.xlsx takes more than 0.25 GiB of memory when it is read"


def test_parts_that_unpack_to_too_much(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MOST_UNPACKED", MIB)
    file = made(tmp_path / "b.xlsx", "<row/>" * MIB)
    assert refused(file) == "b.xlsx has more than 1,048,576 bytes when it is unpacked"


@pytest.mark.parametrize("content", [b"secret", b"PK\x05\x06" + bytes(18), None])
def test_what_is_no_workbook(tmp_path: Path, content: bytes | None, capfd: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "b.xlsx"
    if content is None:
        whole = made(file, cells(1_000), "<si><t>secret</t></si>").read_bytes()
        start = whole.index(b"xl/worksheets/sheet1.xml") + 100
        file.write_bytes(whole[:start] + bytes(100) + whole[start + 100 :])
    else:
        file.write_bytes(content)
    assert refused(file) == "b.xlsx cannot be read"
    assert capfd.readouterr() == ("", "")


def test_sheets_that_people_have_are_read_in_parts_and_nothing_is_left(tmp_path: Path) -> None:
    frame = pl.DataFrame({"a": ["x" * 30_000, "é", None] * 1_000, "b": [1, 2, 3] * 1_000})
    other = tmp_path / "other"
    other.mkdir()
    for folder in (tmp_path, other):
        frame.write_excel(folder / "b.xlsx")
    with opened([tmp_path]) as files:
        assert [file.name for file in files] == ["b.xlsx", "b.xlsx"]
        assert list(column_types(files)) == ["a", "b"]
        assert scan_as_one(files).collect().equals(pl.concat([frame, frame]))
        scratch = files[0].parent.parent
        assert is_temporary(scratch)
        assert scratch.stat().st_mode & 0o777 == 0o700
    assert not scratch.exists()


def test_a_header_of_many_columns_is_read_once(tmp_path: Path) -> None:
    columns = [f"c{n}" for n in range(200_000)]
    (tmp_path / "wide.csv").write_text(",".join(columns) + "\n", encoding="utf-8")
    assert _header(tmp_path / "wide.csv") == columns

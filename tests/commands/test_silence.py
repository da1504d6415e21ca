"""Silence is never green: where nothing was checked, every format fails and the JSON says that nothing was judged."""

import json
from pathlib import Path

import pytest

from .conftest import Run, write

A = "system: a\nowner: {team: A}\nentities: {f: {kind: KIND, fields: {c: {type: text, max_length: 9}}}}\n"
B = "system: b\nowner: {team: B}\nentities: {t: {fields: {c: {type: text, max_length: 5}}}}\n"
FLOW = "flows:\n- {from: a.f.c, to: b.t.c}\n"


def estate(folder: Path, kind: str, flow: str = FLOW) -> Path:
    return write(
        folder,
        {
            "fieldline.yaml": "estate: t\n",
            "contracts/a.yaml": A.replace("KIND", kind),
            "contracts/b.yaml": B,
            "lineage/l.yaml": flow,
        },
    )


@pytest.mark.parametrize("form", ["text", "json", "github", "gitlab", "sarif", "junit", "markdown"])
def test_an_estate_without_an_entry_is_not_clean_in_any_format(fieldline: Run, tmp_path: Path, form: str) -> None:
    done = fieldline("check", estate(tmp_path / "e", "message"), "--output-format", form)
    assert done.returncode == 2
    assert "no entity of this estate is an entry" in done.stdout
    assert "clean" not in done.stdout


def test_without_an_entry_the_place_of_the_likely_one_is_named(fieldline: Run, tmp_path: Path) -> None:
    said = json.loads(fieldline("check", estate(tmp_path / "e", "table"), "--output-format", "json").stdout)
    (problem,) = said["problems"]
    assert said["judged"] is False
    assert said["summary"] is None
    assert (problem["location"]["file"], problem["location"]["line"]) == ("contracts/a.yaml", 3)
    assert "a.f" in problem["expected"]
    assert problem["suggestion"] == "kind: entry"


def test_a_change_that_leaves_no_entry_is_not_clean(fieldline: Run, tmp_path: Path) -> None:
    before, after = estate(tmp_path / "before", "entry"), estate(tmp_path / "after", "table")
    done = fieldline("diff", before, after, "--output-format", "json")
    said = json.loads(done.stdout)
    assert (done.returncode, said["judged"]) == (2, False)


def test_no_baseline_is_written_of_nothing(fieldline: Run, tmp_path: Path) -> None:
    folder = estate(tmp_path / "e", "table")
    (folder / "fieldline.yaml").write_text("estate: t\nbaseline: known.yaml\n", encoding="utf-8")
    assert fieldline("check", folder, "--write-baseline").returncode == 2
    assert not (folder / "known.yaml").exists()


def test_an_entry_with_nothing_downstream_is_judged(fieldline: Run, tmp_path: Path) -> None:
    done = fieldline("check", estate(tmp_path / "e", "entry", "flows: []\n"), "--output-format", "json")
    assert (done.returncode, json.loads(done.stdout)["judged"]) == (0, True)


@pytest.mark.parametrize(
    ("rule", "required", "downstream"),
    [("the check digit is right", "true", "max_length: 3"), ("filled on Mondays", "false", "required: true")],
)
def test_an_obligation_that_may_be_met_by_an_opaque_rule_counts_as_unknown(
    fieldline: Run, tmp_path: Path, rule: str, required: str, downstream: str
) -> None:
    folder = write(
        tmp_path / "e",
        {
            "fieldline.yaml": "estate: t\n",
            "contracts/a.yaml": "system: a\nowner: {team: A}\nentities:\n  f:\n    kind: entry\n    fields:\n"
            f"      c: {{type: text, required: {required}, max_length: 5, opaque: {rule}}}\n",
            "contracts/b.yaml": B.replace("max_length: 5", downstream),
            "lineage/l.yaml": FLOW,
        },
    )
    done = fieldline("check", folder, "--output-format", "json")
    said = json.loads(done.stdout)
    assert done.returncode == 1
    assert [finding["verdict"] for finding in said["findings"]] == ["unknown"]
    demands = said["summary"]["demands"]
    assert (demands["refuted"], demands["unknown"]) == (0, 1)
    assert said["summary"]["entry_fields"][0]["relation"] == "unknown"


FIELDS = "{c: {type: text, max_length: 2}, d: {type: text}}"
ROWS = f"system: a\nowner: {{team: A}}\nentities: {{f: {{kind: entry, fields: {FIELDS}}}}}\n"


@pytest.mark.parametrize(
    "content", [b"c,d\rabc,x\rde,y\r", b"c,d\nabc,x\rde,y\n", b"c\rabc\r", b'c,d\n"a ""b""",x\rc,d']
)
def test_rows_whose_lines_end_in_cr_alone_are_not_called_valid(fieldline: Run, tmp_path: Path, content: bytes) -> None:
    """polars reads them as one line: a header without rows, of which every constraint holds."""
    folder = write(tmp_path / "e", {"fieldline.yaml": "estate: t\n", "contracts/a.yaml": ROWS})
    (folder / "lineage").mkdir()
    (tmp_path / "rows.csv").write_bytes(content)
    arguments = ("validate", tmp_path / "rows.csv", "--entry", "a.f", "--estate", folder, "--output-format", "json")
    done = fieldline(*arguments)
    said = json.loads(done.stdout)
    assert (done.returncode, said["judged"]) == (2, False)
    assert "end in CR" in said["problems"][0]["message"]


def test_a_cr_in_quotes_is_part_of_a_value(fieldline: Run, tmp_path: Path) -> None:
    folder = write(tmp_path / "e", {"fieldline.yaml": "estate: t\n", "contracts/a.yaml": ROWS})
    (folder / "lineage").mkdir()
    (tmp_path / "rows.csv").write_bytes(b'c,d\r\nab,"x\ry"\r\n"a""",z\r\n')
    arguments = ("validate", tmp_path / "rows.csv", "--entry", "a.f", "--estate", folder, "--output-format", "json")
    assert fieldline(*arguments).returncode == 0


def test_a_source_that_yields_nothing_is_not_clean(fieldline: Run, tmp_path: Path) -> None:
    folder = write(
        tmp_path / "e",
        {
            "fieldline.yaml": "estate: t\n",
            "api.yaml": "openapi: 3.0.3\ninfo: {title: s, version: '1'}\npaths: {}\n",
            "contracts/a.yaml": ROWS,
            "contracts/b.yaml": "system: b\nowner: {team: B}\nfrom: {openapi: {files: api.yaml}}\n",
            "lineage/l.yaml": "flows: []\n",
        },
    )
    done = fieldline("check", folder, "--output-format", "json")
    said = json.loads(done.stdout)
    assert (done.returncode, said["judged"]) == (2, False)
    (problem,) = said["problems"]
    assert problem["message"] == "this source of the format openapi yields no entity"
    assert (problem["location"]["file"], problem["location"]["line"]) == ("contracts/b.yaml", 3)


def test_a_script_that_makes_no_table_is_not_clean(fieldline: Run, tmp_path: Path) -> None:
    (tmp_path / "t.sql").write_text("-- nothing yet\n", encoding="utf-8")
    done = fieldline("import", "sql", "t.sql", "--system", "s", "--option", "dialect=postgres", cwd=tmp_path)
    assert (done.returncode, "yields no entity" in done.stdout) == (2, True)


def test_a_loss_that_a_change_introduces_fails_by_default(fieldline: Run, tmp_path: Path) -> None:
    before, after = (estate(tmp_path / name, "entry") for name in ("before", "after"))
    cutting = B.replace("max_length: 5", "max_length: 5, on_violation: truncate")
    (before / "contracts" / "b.yaml").write_text(B.replace("max_length: 5", "max_length: 9"), encoding="utf-8")
    (after / "contracts" / "b.yaml").write_text(cutting, encoding="utf-8")
    done = fieldline("diff", before, after, "--output-format", "json")
    (finding,) = (each for each in json.loads(done.stdout)["findings"] if each["rule"] == "newly-lost")
    assert (done.returncode, finding["severity"], finding["verdict"]) == (1, "error", "refuted")

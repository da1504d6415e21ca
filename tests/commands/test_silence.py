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

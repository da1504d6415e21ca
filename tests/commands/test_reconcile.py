"""The command `reconcile`: exit codes, the file of keys, and that no value of a record gets out."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import jsonschema_rs
import pytest

from .conftest import Run, write

if TYPE_CHECKING:
    from pathlib import Path

pytest.importorskip("polars")
FLOWS = "flows: [{from: a.e.no, to: b.e.no}, {from: a.e.name, to: b.e.name, via: [upper]}]"
SYSTEM = "{system: %s, entities: {e: {key: no, store: {file: %s.csv}, fields: {no: {type: text}, name: {type: text}}}}}"


def _two(folder: Path, ones: str, others: str) -> Path:
    files = {f"contracts/{name}.yaml": SYSTEM % (name, name) for name in "ab"}
    files |= {"fieldline.yaml": "estate: two\n", "lineage/f.yaml": FLOWS, "a.csv": ones, "b.csv": others}
    return write(folder / "two", files)


def test_the_exit_code_tells_whether_all_is_well(fieldline: Run, tmp_path: Path) -> None:
    two = _two(tmp_path, "no,name\n1,Anna\n", "no,name\n1,ANNA\n")
    done = fieldline("reconcile", "a", "b", two)
    assert (done.returncode, done.stdout.splitlines()[0]) == (0, "a and b: 1 record holds what it must hold.")
    (two / "b.csv").write_text("no,name\n1,Anna\n")
    assert fieldline("reconcile", "a", "b", two).returncode == 1
    (two / "b.csv").unlink()
    gone = fieldline("reconcile", "a", "b", two)
    assert (gone.returncode, "there is no file b.csv" in gone.stdout) == (2, True)


def test_json_is_of_its_schema_and_keys_are_harmless_and_no_value_is_told(fieldline: Run, tmp_path: Path) -> None:
    two = _two(tmp_path, 'no,name\n"=1+1",SECRET\n2,Bo\n', "no,name\n2,SECRET\n")
    keys = tmp_path / "keys.csv"
    done = fieldline("reconcile", "a", "b", two, "--keys", keys, "--output-format", "json")
    schema = json.loads(fieldline("schema", "reconcile").stdout)
    jsonschema_rs.validator_for(schema).validate(json.loads(done.stdout))
    assert (done.returncode, done.stderr.strip()) == (1, f"fieldline: Keys written to {keys}")
    lines = keys.read_text(encoding="utf-8").splitlines()
    assert sorted(lines[1:]) == ["a.e,b.e,differing,name,differs,,2,2", "a.e,b.e,missing,,differs,,'=1+1,'=1+1"]
    assert "SECRET" not in done.stdout + done.stderr + keys.read_text(encoding="utf-8")
    assert fieldline("reconcile", "a", "b", two, "--keys", "keys.txt").returncode == 2

"""Snapshots: the same files, the same bytes everywhere, and nothing that a hostile one could reach."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fieldline.documents.files import DISK
from fieldline.documents.problem import Problems
from fieldline.documents.snapshot import Recorder, Snapshot, digest_of

ROOT = Path("org.json")


def read(document: object) -> tuple[Snapshot | None, list[str]]:
    problems = Problems()
    text = document if isinstance(document, str) else json.dumps(document)
    snapshot = Snapshot.read_from(text.encode(), ROOT, "org.json", problems)
    return snapshot, [f"{problem.location}: {problem.message}" for problem in problems.all()]


def whole(**members: object) -> dict[str, object]:
    files = {"contracts/a.yaml": "a: 1\n", "contracts/inner/b.yaml": "b: 2\r\n"}
    return {"snapshot": "fieldline/1", "revision": "c0ffee", "folders": ["lineage"], "files": files} | members


def test_its_files_are_looked_up_as_on_disk() -> None:
    snapshot, problems = read(whole())
    assert problems == []
    assert snapshot is not None
    assert snapshot.children(ROOT) == [ROOT / "contracts", ROOT / "lineage"]
    assert snapshot.children(ROOT / "contracts") == [ROOT / "contracts/a.yaml", ROOT / "contracts/inner"]
    assert snapshot.children(ROOT / "lineage") == []
    assert snapshot.content(ROOT / "contracts/inner/b.yaml") == b"b: 2\r\n"
    assert snapshot.content(ROOT / "contracts") is None
    assert snapshot.exists(ROOT / "contracts/a.yaml")
    assert not snapshot.exists(ROOT / "contracts/c.yaml")
    assert snapshot.mode(ROOT / "../secret") == 0
    with pytest.raises(FileNotFoundError):
        snapshot.content(ROOT / "contracts/c.yaml")
    with pytest.raises(FileNotFoundError):
        snapshot.children(ROOT / "flows")


@pytest.mark.parametrize(
    "path", ["../secret", "/etc/passwd", "a//b", "a/", "", "./a", "a/../b", "contracts/a.yaml/b", "nul\0"]
)
def test_a_path_that_is_none_inside_is_refused(path: str) -> None:
    for members in ({"files": {"contracts/a.yaml": "a", path: "x"}}, {"folders": [path]}):
        snapshot, problems = read(whole(**members))
        assert snapshot is None
        assert len(problems) == 1
        assert problems[0].startswith("org.json:1:")


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ("", "the file is empty"),
        ("[]", "expected"),
        ({"files": {}}, 'the key "snapshot" is missing'),
        (whole(snapshot="fieldline/2"), '"fieldline/2" is not'),
        (whole(files={}), "an empty mapping"),
        (whole(more=1), 'unknown key "more"'),
        ('{"snapshot": "fieldline/1", "snapshot": "fieldline/1"}', "twice"),
        ("{" * 100, ""),
    ],
)
def test_what_is_no_snapshot_is_said(document: object, said: str) -> None:
    snapshot, problems = read(document)
    assert snapshot is None
    assert problems
    assert all(problem.startswith("org.json:1:") for problem in problems)
    assert said == "expected" or any(said in problem for problem in problems)


def test_what_is_read_is_recorded_and_nothing_else(tmp_path: Path) -> None:
    for name, text in {"a/b.yaml": "é\ufeff\r\n", "a/c.yaml": "c", "d/.keep": "", "e": "e"}.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(text.encode())
    recorder = Recorder(DISK, tmp_path)
    assert recorder.children(tmp_path) == [tmp_path / "a", tmp_path / "d", tmp_path / "e"]
    recorder.children(tmp_path / "d")
    recorder.children(tmp_path / "a")
    recorder.content(tmp_path / "a" / "b.yaml")
    data = recorder.snapshot("c0ffee", "b.yaml")
    assert json.loads(data) == {
        "snapshot": "fieldline/1",
        "revision": "c0ffee",
        "contract": "b.yaml",
        "folders": ["d"],
        "files": {"a/b.yaml": "é\ufeff\r\n"},
    }
    assert data.isascii()
    problems = Problems()
    snapshot = Snapshot.read_from(data, ROOT, "org.json", problems)
    assert snapshot is not None
    assert snapshot.content(ROOT / "a/b.yaml") == "é\ufeff\r\n".encode()
    assert (snapshot.revision, snapshot.contract) == ("c0ffee", "b.yaml")


def test_a_digest_is_the_sha_256_of_the_bytes() -> None:
    assert digest_of(b"abc") == "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

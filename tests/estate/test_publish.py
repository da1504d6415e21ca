"""A snapshot of an estate is that estate: it is judged the same, and the same revision gives the same bytes."""

from __future__ import annotations

import json
import shutil
import tempfile
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings

from fieldline.application.check import check_estate
from fieldline.application.publish import publish
from fieldline.checker.diff.diff import diff
from fieldline.documents.files import DISK
from fieldline.documents.problem import EstateError
from fieldline.estate.load import load_estate
from fieldline.estate.publish import estate_snapshot
from fieldline.estate.versions import Version, load_versions
from fieldline.reports.render import render

from ..properties.estates import Written, written_estates
from ..repositories import Made
from .written import write

TODAY = date(2026, 1, 1)
CONTRACT = "system: web\nentities: {signup: {kind: entry, fields: {a: {type: text, max_length: 9}}}}\n"


def judged(path: Path) -> str:
    return render(check_estate(path, TODAY), "json")


def without_place(text: str, path: Path) -> str:
    return text.replace(str(path), "")


@pytest.mark.needs_git
@pytest.mark.parametrize("name", ["nordbank", "identity", "cbsa"])
def test_a_snapshot_of_an_estate_is_judged_as_the_estate(examples: Path, tmp_path: Path, name: str) -> None:
    shutil.copytree(examples / name, tmp_path / "repository" / name)
    made = Made(tmp_path / "repository", {})
    answer = publish(made.root / name, "HEAD")
    snapshot = tmp_path / "estate.json"
    snapshot.write_text(answer.text)
    assert answer.revision == made.git("rev-parse", "HEAD") == json.loads(answer.text)["revision"]
    assert judged(snapshot) == judged(made.root / name)
    old, new, notes = load_versions(
        Version("folder", made.root / name, None), Version("snapshot", snapshot, None), TODAY
    )
    assert (diff(old, new).changes, notes) == ((), ())


@settings(max_examples=25)
@given(written=written_estates())
def test_whatever_is_written_is_published_whole(written: Written) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "estate"
        root.mkdir()
        written.write(root)
        snapshot = Path(folder) / "estate.json"
        snapshot.write_bytes(estate_snapshot(root, DISK, "c0ffee"))
        estate, published = load_estate(root), load_estate(snapshot)
    assert (published.contracts, published.flows, published.policy) == (estate.contracts, estate.flows, estate.policy)
    assert published.texts == estate.texts


@pytest.mark.needs_git
def test_the_same_revision_gives_the_same_bytes_on_every_machine(tmp_path: Path) -> None:
    estate = {
        "fieldline.yaml": "estate: e\n",
        "contracts/web.yaml": CONTRACT,
        "lineage/.keep": "",
        "other.yaml": "x: 1\n",
    }
    made = Made(tmp_path / "one", estate)
    first = publish(made.root, "HEAD")
    made.git("clone", "--quiet", "-c", "core.autocrlf=true", str(made.root), str(tmp_path / "deep" / "two"))
    other = tmp_path / "deep" / "two"
    assert b"\r\n" in (other / "contracts/web.yaml").read_bytes()
    (other / "contracts/web.yaml").write_text("not committed")
    assert publish(other, "HEAD") == first
    assert sorted(json.loads(first.text)["files"]) == ["contracts/web.yaml", "fieldline.yaml"]
    assert json.loads(first.text)["folders"] == ["lineage"]
    made.commit({"contracts/web.yaml": CONTRACT.replace("9", "8")})
    assert publish(made.root, "HEAD~1") == first
    assert publish(made.root, "HEAD") != first


@pytest.mark.needs_git
def test_a_contract_is_published_with_the_files_it_is_read_from(tmp_path: Path) -> None:
    files = {
        "contracts/shop.yaml": "system: shop\nfrom: {sql: {files: schema.sql, dialect: postgres}}\n",
        "contracts/schema.sql": "create table t (x varchar(3));",
        "contracts/web.yaml": CONTRACT,
    }
    made = Made(tmp_path / "one", files)
    document = json.loads(publish(made.root / "contracts/shop.yaml", "HEAD").text)
    assert document["contract"] == "shop.yaml"
    assert sorted(document["files"]) == ["schema.sql", "shop.yaml"]


@pytest.mark.needs_git
@pytest.mark.parametrize(
    ("files", "path", "said"),
    [
        ({"a": "a"}, ".", "there is no fieldline.yaml"),
        ({"a.yaml": "system: a\nentities: 3\n"}, "a.yaml", "a.yaml:2:11"),
        (
            {"a.yaml": "system: a\nfrom: {sql: {files: ../x.sql, dialect: postgres}}\n"},
            "a.yaml",
            "leads out of the estate",
        ),
        ({"a": "a"}, "b.yaml", "there is no file b.yaml"),
        (
            {
                "fieldline.yaml": "estate: e\nlineage: []\nenv: [DB]\n",
                "contracts/a.yaml": "system: a\nfrom: {database: DB}\n",
            },
            ".",
            "a snapshot cannot hold what is read from a database",
        ),
        ({"fieldline.yaml": "estate: e\n", "contracts/a.yaml": CONTRACT}, ".", 'the folder "lineage" does not exist'),
    ],
)
def test_what_cannot_be_published_is_said(tmp_path: Path, files: dict[str, str], path: str, said: str) -> None:
    made = Made(tmp_path / "one", files)
    with pytest.raises(EstateError, match=said.replace("(", r"\(")):
        publish(made.root / path, "HEAD")


@pytest.mark.needs_git
def test_only_what_a_repository_holds_is_published(tmp_path: Path) -> None:
    write(tmp_path, {"fieldline.yaml": "estate: e\nlineage: []\n", "contracts/web.yaml": CONTRACT})
    with pytest.raises(EstateError, match="cannot be published at HEAD: not a git repository"):
        publish(tmp_path, "HEAD")
    made = Made(tmp_path / "one", {})
    with pytest.raises(EstateError, match="there is no commit 'v1'"):
        publish(made.root, "v1")


def test_the_snapshot_of_a_contract_is_no_estate(tmp_path: Path) -> None:
    path = tmp_path / "web.json"
    document = {
        "snapshot": "fieldline/1",
        "revision": "c",
        "contract": "a.yaml",
        "folders": [],
        "files": {"a.yaml": "a"},
    }
    path.write_text(json.dumps(document))
    with pytest.raises(EstateError, match=r"web.json:1:1: this is the snapshot of a contract"):
        load_estate(path)
    path.write_text("{}")
    with pytest.raises(EstateError, match=r"web.json:1:1: the key"):
        load_estate(path)

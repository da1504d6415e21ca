"""Systems that are kept elsewhere: what may be named, and that only what was locked is read."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from fieldline.documents.problem import EstateError
from fieldline.documents.snapshot import digest_of
from fieldline.estate.load import load_estate

from .written import write

if TYPE_CHECKING:
    from pathlib import Path

CONTRACT = "system: billing\nentities: {customer: {fields: {name: {type: text, max_length: 9}}}}\n"
COMMIT = "0123456789" * 4


def snapshot(**files: str) -> bytes:
    held = {f"{name}.yaml": text for name, text in files.items()}
    document = {"snapshot": "fieldline/1", "revision": COMMIT, "folders": [], "files": held}
    if len(held) == 1:
        document["contract"] = next(iter(held))
    return json.dumps(document).encode()


SNAPSHOT = snapshot(billing=CONTRACT)
PLACE = {"git": "https://git.example/billing.git", "ref": "v1", "path": "contracts/billing.yaml"}


def estate(
    root: Path,
    source: dict[str, str] = PLACE,
    lock: dict[str, str] | None = None,
    kept: bytes | None = SNAPSHOT,
    files: dict[str, str | bytes] | None = None,
) -> Path:
    """An estate whose system billing is elsewhere; `lock`: what its lock says besides what the source says."""
    digest = digest_of(SNAPSHOT)
    locked = {**source, "commit": COMMIT, "digest": digest} if lock is None else lock
    named = "".join(f"    {key}: {json.dumps(value)}\n" for key, value in source.items())
    pinned = "".join(f"    {key}: {json.dumps(value)}\n" for key, value in locked.items() if value)
    written: dict[str, str | bytes] = {
        "fieldline.yaml": f"estate: e\nlineage: []\nsystems:\n  billing:\n{named}",
        **({"fieldline.lock": f"systems:\n  billing:\n{pinned}"} if locked else {}),
        **({f".fieldline/snapshots/{digest[7:]}.json": kept} if kept is not None else {}),
    }
    return write(root, written | (files or {}))


def problems(root: Path) -> list[str]:
    with pytest.raises(EstateError) as raised:
        load_estate(root)
    return [f"{problem.location}: {problem.message} {problem.suggestion}" for problem in raised.value.problems]


def test_what_was_locked_is_read(tmp_path: Path) -> None:
    loaded = load_estate(estate(tmp_path))
    assert list(loaded.contracts.systems) == ["billing"]
    location = loaded.contracts.systems["billing"].location
    assert str(location) == "billing:contracts/billing.yaml:1:9"
    assert loaded.texts["billing:contracts/billing.yaml"] == CONTRACT
    assert set(loaded.texts) == {"fieldline.yaml", "fieldline.lock", "billing:contracts/billing.yaml"}


@pytest.mark.parametrize(
    "address",
    [
        "https://git.example/billing.git",
        "https://git.example:8443/group/sub/billing",
        "ssh://git@git.example:22/billing.git",
        "ssh://git.example/~team/billing",
        "git@git.example:group/billing.git",
    ],
)
def test_addresses_that_git_may_be_asked_for(tmp_path: Path, address: str) -> None:
    assert load_estate(estate(tmp_path, PLACE | {"git": address})).contracts.systems


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("git", "ext::sh -c 'touch pwned'"),
        ("git", "--upload-pack=touch pwned"),
        ("git", "-oProxyCommand=touch pwned"),
        ("git", "ssh://-oProxyCommand=touch/x"),
        ("git", "-oProxyCommand=touch@git.example:x"),
        ("git", "git@-oProxyCommand=touch:x"),
        ("git", "file:///etc"),
        ("git", "/etc"),
        ("git", "../billing"),
        ("git", "."),
        ("git", "http://git.example/billing"),
        ("git", "git://git.example/billing"),
        ("git", "https://user:secret@git.example/billing"),
        ("git", "https://token@git.example/billing"),
        ("git", "https://git.example/billing\nx"),
        ("git", "https://git.example/billing?x=1"),
        ("git", "https://git.example"),
        ("git", "https::https://git.example/x"),
        ("git", "git@git.example:-x"),
        ("ref", "--upload-pack=x"),
        ("ref", "a..b"),
        ("ref", "refs/*"),
        ("ref", "main:refs/heads/x"),
        ("ref", "+main"),
        ("ref", "main^"),
        ("ref", "main~1"),
        ("ref", "main@{1}"),
        ("ref", ""),
        ("ref", "a b"),
        ("path", "../billing.yaml"),
        ("path", "/etc/passwd"),
        ("path", "a/../../b.yaml"),
        ("path", "a//b"),
        ("path", "a\\b"),
        ("snapshot", "http://git.example/a.json"),
        ("snapshot", "file:///etc/passwd"),
        ("snapshot", "/etc/passwd"),
        ("snapshot", "../a.json"),
        ("snapshot", "https://user:secret@git.example/a.json"),
        ("digest", "sha256:abc"),
        ("digest", "md5:d41d8cd98f00b204e9800998ecf8427e"),
    ],
)
def test_what_git_would_run_or_read_from_disk_is_refused(tmp_path: Path, key: str, value: str) -> None:
    source = PLACE | {key: value} if key in PLACE else {"snapshot": "a.json", key: value}
    places = [problem for problem in problems(estate(tmp_path, source)) if problem.startswith("fieldline.yaml:")]
    line = 5 + list(source).index(key)
    assert len(places) == 1
    assert places[0].startswith(f"fieldline.yaml:{line}:")
    assert "secret" not in places[0]


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ({"git": "https://git.example/x"}, 'the key "git" needs "ref"'),
        ({"snapshot": "a.json", "ref": "v1"}, 'the key "ref" needs "git"'),
        ({"snapshot": "a.json", "git": "https://git.example/x", "ref": "v1"}, 'cannot stand beside "git"'),
        ({"path": "a"}, "one of the keys git, snapshot is missing"),
        ({"url": "a"}, 'unknown key "url"'),
    ],
)
def test_a_source_is_one_thing(tmp_path: Path, source: dict[str, str], said: str) -> None:
    assert any(said in problem for problem in problems(estate(tmp_path, source)))


@pytest.mark.parametrize(
    ("how", "said"),
    [
        (
            {"lock": {}},
            (
                "fieldline.yaml:4:3: there is no fieldline.lock that says which revision of billing counts "
                "fieldline lock writes it"
            ),
        ),
        (
            {"lock": {**PLACE, "ref": "v0", "commit": COMMIT, "digest": digest_of(SNAPSHOT)}},
            (
                'fieldline.yaml:4:3: the contract of billing is from "https://git.example/billing.git" at v1, and '
                'fieldline.lock holds it from "https://git.example/billing.git" at v0 fieldline lock writes it'
            ),
        ),
        (
            {"kept": None},
            (
                "fieldline.lock:7:13: the contract of billing is not here: there is no file "
                f".fieldline/snapshots/{digest_of(SNAPSHOT)[7:]}.json fieldline lock fetches it"
            ),
        ),
        (
            {"kept": SNAPSHOT.replace(b"9", b"8")},
            (
                "fieldline.lock:7:13: the contract of billing was changed after it was locked: "
                f".fieldline/snapshots/{digest_of(SNAPSHOT)[7:]}.json has the digest "
                f"{digest_of(SNAPSHOT.replace(b'9', b'8'))} remove it, and fieldline lock fetches it again"
            ),
        ),
        (
            {"lock": {**PLACE, "commit": "../../x", "digest": digest_of(SNAPSHOT)}},
            (
                "fieldline.lock:7:13: this is not as fieldline lock writes it restore the file; or remove it, and "
                "fieldline lock writes it anew"
            ),
        ),
        (
            {"lock": {**PLACE, "commit": COMMIT, "digest": "sha256:../../../../etc/passwd"}},
            (
                "fieldline.lock:7:13: this is not as fieldline lock writes it restore the file; or remove it, and "
                "fieldline lock writes it anew"
            ),
        ),
    ],
)
def test_what_is_not_locked_or_not_what_was_locked_is_said(
    tmp_path: Path, how: dict[str, dict[str, str]], said: str
) -> None:
    assert problems(estate(tmp_path, **how)) == [said]  # type: ignore[arg-type] # one of its parameters


def test_a_snapshot_may_be_a_file_of_the_estate(tmp_path: Path) -> None:
    source = {"snapshot": "theirs/billing.json"}
    lock = {**source, "digest": digest_of(SNAPSHOT)}
    files: dict[str, str | bytes] = {"theirs/billing.json": SNAPSHOT}
    assert list(load_estate(estate(tmp_path / "a", source, lock, None, files)).contracts.systems) == ["billing"]
    changed: dict[str, str | bytes] = {"theirs/billing.json": SNAPSHOT.replace(b"9", b"8")}
    (problem,) = problems(estate(tmp_path / "b", source, lock, None, changed))
    assert problem.startswith("fieldline.lock:4:13: the contract of billing was changed after it was locked")
    assert problem.endswith("if it was meant: fieldline lock --upgrade billing")
    (problem,) = problems(estate(tmp_path / "c", source, lock, None))
    assert problem.startswith(
        "fieldline.yaml:5:15: the contract of billing is not here: there is no file theirs/billing.json"
    )
    other = source | {"digest": digest_of(b"x")}
    (problem,) = problems(estate(tmp_path / "d", other, lock, None, files))
    assert problem.startswith("fieldline.lock:4:13: the contract of billing was changed after it was locked")


def test_a_snapshot_is_no_way_out_of_the_estate(tmp_path: Path) -> None:
    (tmp_path / "secret.json").write_bytes(SNAPSHOT)
    root = estate(
        tmp_path / "e", {"snapshot": "link.json"}, {"snapshot": "link.json", "digest": digest_of(SNAPSHOT)}, None
    )
    (root / "link.json").symlink_to("../secret.json")
    (problem,) = problems(root)
    assert problem.startswith("fieldline.yaml:5:15: the contract of billing is not here")


@pytest.mark.parametrize(
    ("contract", "said"),
    [
        ("system: billing\nfrom: {sql: {files: ../../x.sql, dialect: postgres}}\n", "leads out of the estate"),
        ("system: billing\nfrom: {sql: {files: fieldline.yaml, dialect: postgres}}\n", "does not exist"),
        ("system: billing\nfrom: {database: HOME}\n", "a contract from elsewhere reads no database of this estate"),
        ("system: other\nentities: {}\n", "there is no contract of billing at"),
        ("system: billing\nentities: {a: 3}\n", "expected"),
    ],
)
def test_a_contract_from_elsewhere_reads_nothing_of_the_estate(tmp_path: Path, contract: str, said: str) -> None:
    data = snapshot(billing=contract)
    lock = {**PLACE, "commit": COMMIT, "digest": digest_of(data)}
    files: dict[str, str | bytes] = {f".fieldline/snapshots/{digest_of(data)[7:]}.json": data}
    root = estate(tmp_path, lock=lock, files=files)
    (root / "fieldline.yaml").write_text((root / "fieldline.yaml").read_text() + "env: [HOME]\n")
    (problem,) = problems(root)
    assert said == "expected" or said in problem
    assert problem.startswith(("billing:contracts/billing.yaml:", "fieldline.yaml:4:3:"))


def test_a_system_has_one_contract(tmp_path: Path) -> None:
    (problem,) = problems(estate(tmp_path, files={"contracts/billing.yaml": CONTRACT}))
    assert 'the system "billing" has two contracts' in problem

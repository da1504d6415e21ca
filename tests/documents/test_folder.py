"""An estate's files: found in every folder inside, never outside, each once, and only ordinary ones are opened."""

import os
from pathlib import Path

import pytest

from fieldline.documents.folder import Folder
from fieldline.documents.location import Location
from fieldline.documents.problem import Problems

WHERE = Location("fieldline.yaml", 2, 1)


class Estate:
    """A folder on disk, and what reading it said."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.problems = Problems()
        self.folder = Folder(root, self.problems)

    def write(self, name: str, content: str | bytes = "a: 1\n") -> Path:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def files(self, folder: str) -> list[str]:
        return [self.folder.name(path) for path in self.folder.yaml_files(folder, WHERE)]

    @property
    def said(self) -> list[str]:
        return [f"{problem.location}: {problem.message}" for problem in self.problems.all()]


@pytest.fixture
def estate(tmp_path: Path) -> Estate:
    root = tmp_path / "estate"
    root.mkdir()
    return Estate(root)


def test_yaml_files_are_found_in_every_folder_inside_by_name(estate: Estate) -> None:
    for name in ("c/b.yaml", "c/a.yml", "c/Z.YAML", "c/sub/deep/x.yaml", "c/sub.yaml"):
        estate.write(name)
    for name in ("c/readme.md", "c/a.yaml.bak", "c/.hidden.yaml", "c/.git/x.yaml", "d/other.yaml"):
        estate.write(name)
    (estate.root / "c" / ".#b.yaml").symlink_to("nowhere")
    assert estate.files("c") == ["c/Z.YAML", "c/a.yml", "c/b.yaml", "c/sub/deep/x.yaml", "c/sub.yaml"]
    assert estate.said == []


def test_what_was_read_is_kept_with_plain_line_ends(estate: Estate) -> None:
    path = estate.write("c/a.yaml", b"\xef\xbb\xbfa: 1\r\nb: \xc3\xa5\r\n")
    assert estate.folder.read(path) is not None
    assert estate.folder.texts == {"c/a.yaml": "a: 1\nb: å\n"}


@pytest.mark.parametrize("name", ["../outside", "/etc", "c/../../outside", "..", "away"])
def test_a_folder_outside_is_refused(estate: Estate, name: str) -> None:
    (estate.root.parent / "outside").mkdir()
    (estate.root / "away").symlink_to(estate.root.parent / "outside")
    assert estate.files(name) == []
    assert estate.said == [f'fieldline.yaml:2:1: "{name}" leads out of the estate']


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("nowhere", 'the folder "nowhere" does not exist'),
        ("c/a.yaml", 'the folder "c/a.yaml" is not a folder'),
        ("dangling", 'the folder "dangling" does not exist'),
        ("x" * 5000, f'the folder "{"x" * 59}…" does not exist'),
        ("a\0b", '"a\0b" leads out of the estate'),
    ],
)
def test_a_folder_that_is_none_is_said(estate: Estate, name: str, message: str) -> None:
    estate.write("c/a.yaml")
    (estate.root / "dangling").symlink_to("gone")
    assert estate.files(name) == []
    assert estate.said == [f"fieldline.yaml:2:1: {message}"]


def test_a_link_that_stays_inside_is_followed(estate: Estate) -> None:
    estate.write("shared/a.yaml")
    (estate.root / "c").mkdir()
    (estate.root / "c" / "linked").symlink_to("../shared")
    assert estate.files("c") == ["c/linked/a.yaml"]
    assert estate.said == []


def test_a_link_that_leads_in_a_circle_is_said(estate: Estate) -> None:
    estate.write("c/sub/a.yaml")
    (estate.root / "c" / "sub" / "up").symlink_to("..")
    assert estate.files("c") == ["c/sub/a.yaml"]
    assert estate.said == ['fieldline.yaml:2:1: "c/sub/up" is read twice; first as "c"']


def test_a_folder_named_twice_is_said(estate: Estate) -> None:
    estate.write("c/sub/a.yaml")
    assert estate.files("c") == ["c/sub/a.yaml"]
    assert estate.files("c/sub") == []
    assert estate.said == ['fieldline.yaml:2:1: "c/sub" is read twice; first as "c/sub"']


def test_a_folder_linked_from_outside_is_said(estate: Estate) -> None:
    outside = estate.root.parent / "outside"
    outside.mkdir()
    estate.write("c/a.yaml")
    (estate.root / "c" / "away").symlink_to(outside)
    assert estate.files("c") == ["c/a.yaml"]
    assert estate.said == ['fieldline.yaml:2:1: "c/away" is a link that leads out of the estate']


def test_files_that_cannot_be_read_are_said_each(estate: Estate) -> None:
    secret = estate.root.parent / "secret.yaml"
    secret.write_text("a: 1\n")
    estate.write("c/fine.yaml")
    (estate.root / "c" / "away.yaml").symlink_to(secret)
    (estate.root / "c" / "dangling.yaml").symlink_to("gone.yaml")
    (estate.root / "c" / "loop.yaml").symlink_to("loop.yaml")
    (estate.root / "c" / "twice.yaml").symlink_to("fine.yaml")
    os.mkfifo(estate.root / "c" / "pipe.yaml")
    for path in estate.folder.yaml_files("c", WHERE):
        estate.folder.read(path)
    assert estate.said == [
        "c/away.yaml:1:1: this file is a link that leads out of the estate",
        "c/dangling.yaml:1:1: this file cannot be read: No such file or directory",
        "c/loop.yaml:1:1: this file cannot be read: Too many levels of symbolic links",
        "c/pipe.yaml:1:1: this is not an ordinary file",
        'c/twice.yaml:1:1: "c/twice.yaml" is read twice; first as "c/fine.yaml"',
    ]
    assert list(estate.folder.texts) == ["c/fine.yaml"]


def test_a_name_that_is_no_text_can_still_be_said(estate: Estate) -> None:
    estate.write("c/" + os.fsdecode(b"\xe5.yaml"), b"\xe5")
    (path,) = estate.folder.yaml_files("c", WHERE)
    assert estate.folder.read(path) is None
    assert estate.said == ["c/\ufffd.yaml:1:1: the byte 0xE5 is not UTF-8"]


# ------------------------------------------------------------------------------------------------------ foreign files


def test_foreign_files_are_read_by_name_by_pattern_and_by_folder(estate: Estate) -> None:
    for name in (
        "db/2.sql",
        "db/1.sql",
        "db/deep/3.SQL",
        "db/readme.md",
        "db/.hidden.sql",
        "db/.git/x.sql",
        "api.json",
    ):
        estate.write(name, f"{name}\r\n")

    def names(name: str) -> list[str]:
        return list(estate.folder.foreign(name, (".sql", ".ddl"), WHERE))

    assert names("db") == ["db/1.sql", "db/2.sql", "db/deep/3.SQL"]
    assert names("db/*.sql") == ["db/1.sql", "db/2.sql"]
    assert names("./api.json") == ["api.json"]
    assert names("api.json") == ["api.json"]  # as often as contracts read it
    assert estate.folder.texts["api.json"] == "api.json\n"
    assert estate.said == []


@pytest.mark.parametrize("name", ["../outside", "/etc/passwd", "db/../../outside", "..", "away.sql", "away/x.sql"])
def test_no_foreign_file_is_read_from_outside(estate: Estate, name: str) -> None:
    (estate.root.parent / "outside").mkdir()
    (estate.root.parent / "outside" / "x.sql").write_text("secret")
    (estate.root / "away").symlink_to("../outside")
    (estate.root / "away.sql").symlink_to("../outside/x.sql")
    assert estate.folder.foreign(name, (".sql",), WHERE) == {}
    assert len(estate.said) == 1
    assert "secret" not in "".join(estate.folder.texts.values())
    assert estate.folder.other(name) is None


def test_a_foreign_file_that_cannot_be_read_is_a_problem(estate: Estate) -> None:
    estate.write("latin.sql", "å".encode("latin-1"))
    os.mkfifo(estate.root / "pipe.sql")
    (estate.root / "empty").mkdir()
    for name in ("latin.sql", "pipe.sql", "missing.sql", "empty", "*.ddl"):
        assert estate.folder.foreign(name, (".sql",), WHERE) == {}
    assert sorted(estate.said) == [
        'fieldline.yaml:2:1: "pipe.sql" is not an ordinary file',
        'fieldline.yaml:2:1: the file "missing.sql" does not exist',
        'fieldline.yaml:2:1: there is nothing to read at "*.ddl"',
        'fieldline.yaml:2:1: there is nothing to read at "empty"',
        "latin.sql:1:1: the byte 0xE5 is not UTF-8",
    ]

"""A folder merged with a commit: the files that git's own merge would leave, and nothing is written to the repository."""

from __future__ import annotations

import random
import shutil
from typing import TYPE_CHECKING

import pytest

from fieldline.documents import git as git_module
from fieldline.documents.files import DISK
from fieldline.documents.git import GitError, Repository
from fieldline.documents.overlay import NotMerged, merged_with

from ..repositories import Made

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from fieldline.documents.files import Files

pytestmark = pytest.mark.needs_git

LINES = "".join(f"line {number}\n" for number in range(12))


def walked(files: Files, root: Path) -> dict[str, bytes | None]:
    """Every file below a folder, as `Files` shows them; hidden ones left out."""

    def walk(folder: Path) -> Iterator[tuple[str, bytes | None]]:
        for path in files.children(folder):
            if path.name.startswith("."):
                continue
            if files.mode(path) & 0o170000 == 0o040000:
                yield from walk(path)
            else:
                yield path.relative_to(root).as_posix(), files.content(path)

    return dict(walk(root))


def merged(made: Made, folder: str = ".", revision: str = "main") -> dict[str, bytes | None] | NotMerged:
    root = made.root / folder
    with Repository(root) as repository:
        files = merged_with(repository, root, repository.commit(revision))
        return files if isinstance(files, NotMerged) else walked(files, root)


@pytest.fixture
def made(tmp_path: Path) -> Made:
    """A branch `topic` beside `main`, each with a commit of its own, in different files."""
    made = Made(tmp_path / "made", {"estate/a": LINES, "estate/b": LINES, "estate/old": "o", "outside": LINES})
    made.git("checkout", "--quiet", "-b", "topic")
    made.replace("estate/a", "line 1\n", "line one\n")
    made.commit()
    made.git("checkout", "--quiet", "main")
    made.replace("estate/a", "line 10\n", "line ten\n")
    made.git("rm", "--quiet", "estate/old")
    made.commit({"estate/new/c": "c\n"})
    made.git("checkout", "--quiet", "topic")
    return made


def test_what_both_sides_committed_is_there(made: Made) -> None:
    files = merged(made, "estate")
    both = LINES.replace("line 1\n", "line one\n").replace("line 10\n", "line ten\n")
    assert files == {"a": both.encode(), "b": LINES.encode(), "new/c": b"c\n"}


def test_what_is_not_committed_is_on_top(made: Made) -> None:
    made.replace("estate/a", "line 5\n", "line five\n")
    made.write({"estate/untracked": "u\n", "estate/new/d": "d\n"})
    (made.root / "estate/b").unlink()
    files = merged(made, "estate")
    assert not isinstance(files, NotMerged)
    text = (files["a"] or b"").decode()
    assert all(word in text for word in ("line one", "line five", "line ten"))
    assert sorted(files) == ["a", "new/c", "new/d", "untracked"]


@pytest.mark.parametrize("change", ["same lines", "deleted", "added"])
def test_an_uncommitted_change_may_conflict(made: Made, change: str) -> None:
    if change == "same lines":
        made.replace("estate/a", "line 10\n", "line X\n")
    elif change == "deleted":
        (made.root / "estate/a").unlink()
    else:
        made.write({"estate/new/c": "another\n"})
    files = merged(made, "estate")
    assert isinstance(files, NotMerged)
    assert files.reason.startswith("there is a conflict in estate/")
    assert files.base == made.git("merge-base", "main", "topic")


def test_a_conflict_outside_of_the_folder_is_none(made: Made) -> None:
    made.replace("outside", "line 3\n", "line three\n")
    made.commit()
    made.git("checkout", "--quiet", "main")
    made.replace("outside", "line 3\n", "line drei\n")
    made.commit()
    made.git("checkout", "--quiet", "topic")
    assert not isinstance(merged(made, "estate"), NotMerged)
    assert isinstance(merged(made), NotMerged)


@pytest.mark.parametrize("name", ["a:b", '"quoted:', "back\\slash:"])
def test_a_repository_may_be_anywhere_and_have_several_working_trees(made: Made, tmp_path: Path, name: str) -> None:
    expected = merged(made, "estate")
    made.git("checkout", "--quiet", "main")
    made.root = made.root.rename(tmp_path / name)
    made.git("worktree", "add", "--quiet", str(tmp_path / "other"), "topic")
    assert merged(Made(tmp_path / "other", None), "estate") == expected
    made.git("worktree", "remove", str(tmp_path / "other"))
    made.git("checkout", "--quiet", "topic")
    assert merged(made, "estate") == expected


def test_where_the_base_did_not_move_the_folder_is_read_as_it_is(made: Made) -> None:
    base = made.git("merge-base", "main", "topic")
    with Repository(made.root) as repository:
        assert merged_with(repository, made.root, base) is DISK
        head = repository.commit("HEAD")
        assert merged_with(repository, made.root, head) is DISK


def test_a_link_stays_one(made: Made) -> None:
    (made.root / "estate" / "link").symlink_to("new/c")
    (made.root / "estate" / "absolute").symlink_to(made.root / "estate" / "b")
    (made.root / "estate" / "out").symlink_to("../outside")
    root = made.root / "estate"
    with Repository(root) as repository:
        files = merged_with(repository, root, repository.commit("main"))
        assert not isinstance(files, NotMerged)
        assert files.content(root / "link") == b"c\n"
        assert files.content(root / "absolute") == LINES.encode()
        with pytest.raises(ValueError, match="leads out"):
            files.content(root / "out")


def test_line_ends_of_a_checkout_are_no_change(made: Made) -> None:
    for name in ("estate/a", "estate/b"):
        made.write({name: (made.root / name).read_text().replace("\n", "\r\n")})
    files = merged(made, "estate")
    assert not isinstance(files, NotMerged)
    assert "line ten" in (files["a"] or b"").decode()


def test_nothing_is_written_and_no_driver_runs(made: Made, tmp_path: Path) -> None:
    trap = tmp_path / "sprung"
    made.git("config", "merge.trap.driver", f"touch {trap}")
    made.git("config", "filter.trap.clean", f"touch {trap}; cat")
    made.git("config", "filter.trap.smudge", f"touch {trap}; cat")
    made.git("config", "merge.renormalize", "true")
    made.write({".gitattributes": "* merge=trap filter=trap\n"})
    trap.unlink(missing_ok=True)
    before = sorted(path for path in (made.root / ".git").rglob("*") if path.is_file())
    assert not isinstance(merged(made, "estate"), NotMerged)
    assert not trap.exists()
    assert sorted(path for path in (made.root / ".git").rglob("*") if path.is_file()) == before


def test_an_old_git_cannot_merge(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    """A git before 2.38 prints how `merge-tree` is used; one that knows no `--write-tree` stands in for it."""
    real = shutil.which("git")
    fake = made.root.parent / "bin" / "git"
    fake.parent.mkdir()
    fake.write_text(
        f'#!/bin/sh\nfor word; do [ "$word" != merge-tree ] || {{ echo "usage: git merge-tree" >&2; exit 129; }}; done\n'
        f'exec {real} "$@"\n'
    )
    fake.chmod(0o755)
    monkeypatch.setattr(git_module, "_COMMAND", (str(fake), *git_module._COMMAND[1:]))
    files = merged(made, "estate")
    assert isinstance(files, NotMerged)
    assert "2.38" in files.reason


def test_histories_without_a_common_commit_are_said(made: Made) -> None:
    made.git("checkout", "--quiet", "--orphan", "other")
    made.commit()
    with pytest.raises(GitError, match="no commit in common"):
        merged(made)


def test_a_shallow_clone_says_how_to_deepen(made: Made, tmp_path: Path) -> None:
    made.git("clone", "--quiet", "--depth=1", "--no-single-branch", f"file://{made.root}", str(tmp_path / "shallow"))
    shallow = tmp_path / "shallow"
    with Repository(shallow) as repository:
        with pytest.raises(GitError, match=r"no commit in common: this clone is shallow, and git fetch --deepen=100"):
            merged_with(repository, shallow, repository.commit("origin/main"))
        with pytest.raises(GitError, match=r"shallow, and git fetch --depth=1 origin v1 may bring it"):
            repository.commit("v1")


def test_merges_are_those_of_git(tmp_path: Path) -> None:
    """Random changes on three sides: main, the branch, and what is not committed. Git's own merge is the oracle."""
    outcomes = set()
    for seed in range(14):
        draw = random.Random(seed)  # noqa: S311 - an example
        made = Made(tmp_path / str(seed), {f"f{number}": LINES for number in range(3)})
        made.git("checkout", "--quiet", "-b", "topic")
        _change(made, draw)
        made.commit()
        made.git("checkout", "--quiet", "main")
        _change(made, draw)
        made.commit()
        made.git("checkout", "--quiet", "topic")
        _change(made, draw)
        ours = merged(made)
        made.commit()
        made.git("merge", "--quiet", "--no-edit", "main", check=False)
        conflict = bool(made.git("status", "--porcelain"))
        outcomes.add(conflict)
        assert isinstance(ours, NotMerged) == conflict, seed
        if not conflict:
            assert ours == walked(DISK, made.root), seed
    assert outcomes == {True, False}


def _change(made: Made, draw: random.Random) -> None:
    """One change of one file: a line, an added file, a removed one."""
    names = sorted(path.name for path in made.root.iterdir() if path.name.startswith("f"))
    kind = draw.choice(["line", "line", "line", "add", "remove"])
    if kind == "add" or not names:
        made.write({f"f{draw.randrange(9)}": f"{draw.random()}\n"})
        return
    path = made.root / draw.choice(names)
    if kind == "remove":
        path.unlink()
        return
    lines = path.read_text().splitlines()
    lines[draw.randrange(len(lines))] = f"changed {draw.random()}"
    path.write_text("\n".join(lines) + "\n")

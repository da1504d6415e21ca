"""An estate in a commit: the same files as on disk, read from git's objects, and nothing else of git's is touched."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import pytest

from fieldline.application.diff import versions_since
from fieldline.documents.git import GitError
from fieldline.documents.git_tree import Commit
from fieldline.documents.problem import EstateError
from fieldline.estate.load import load_estate
from fieldline.estate.versions import load_versions, version

from ..repositories import Made

if TYPE_CHECKING:
    from pathlib import Path

    from fieldline.estate.load import Estate

pytestmark = pytest.mark.needs_git

CONTRACT = "system: web\nentities:\n  signup:\n    kind: entry\n    fields:\n      name: {type: text, max_length: 20}\n"


class Repository:
    """A repository of its own, far from anybody's settings, with an estate in `data/estate`."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.estate = root / "data" / "estate"
        root.mkdir()
        self.git("init", "--quiet", "--initial-branch=main")
        self.write("fieldline.yaml", "estate: web\nlineage: []\n")
        self.write("contracts/web.yaml", CONTRACT)

    def git(self, *arguments: str) -> str:
        settings = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull, "PATH": os.environ["PATH"]}
        who = ("-c", "user.name=a", "-c", "user.email=a@b.example", "-c", "commit.gpgsign=false")
        done = subprocess.run(
            ["git", *who, *arguments], cwd=self.root, env=settings, capture_output=True, text=True, check=True
        )
        return done.stdout.strip()

    def write(self, name: str, text: str) -> Path:
        path = self.estate / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def commit(self) -> str:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message=x")
        return self.git("rev-parse", "HEAD")

    def load(self, revision: str) -> Estate:
        with Commit(self.estate, revision) as files:
            return load_estate(self.estate, files)


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    found = Repository(tmp_path / "repository")
    found.commit()
    return found


def problems(repository: Repository, revision: str) -> list[str]:
    with pytest.raises(EstateError) as raised:
        repository.load(revision)
    return [f"{problem.location}: {problem.message}" for problem in raised.value.problems]


def test_a_commit_holds_the_estate_as_it_was(repository: Repository) -> None:
    on_disk = load_estate(repository.estate)
    repository.write("contracts/web.yaml", CONTRACT.replace("20", "10"))
    assert repository.load("HEAD") == on_disk
    assert load_estate(repository.estate) != on_disk


def test_a_hook_of_another_working_tree_may_ask(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Git tells such a hook where the repository is, and not where the working tree is."""
    here = load_estate(repository.estate)
    repository.git("worktree", "add", "--quiet", "--detach", str(tmp_path / "other"))
    monkeypatch.setenv("GIT_DIR", str(repository.root / ".git" / "worktrees" / "other"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(repository.root / ".git" / "worktrees" / "other" / "index"))
    estate = tmp_path / "other" / "data" / "estate"
    with Commit(estate, "HEAD") as files:
        assert load_estate(estate, files).contracts == here.contracts
    assert load_versions(*versions_since("HEAD", estate, {})).after.contracts == here.contracts


@pytest.mark.parametrize("revision", ["main", "HEAD", "HEAD^{commit}", "v1", "@"])
def test_a_revision_may_be_named_in_any_way_git_knows(repository: Repository, revision: str) -> None:
    repository.git("tag", "--annotate", "--message=x", "v1")
    assert repository.load(revision).name == "web"


@pytest.mark.parametrize(
    "revision", ["nowhere", "", "-h", "--output=x", "HEAD~9", "HEAD:data", "a\0b", "main\nmain", "--all", "HEAD^{tree}"]
)
def test_what_is_no_commit_is_said(repository: Repository, revision: str) -> None:
    with pytest.raises(GitError):
        repository.load(revision)
    assert list(repository.root.glob("x*")) == []


def test_a_folder_that_the_commit_lacks_is_no_empty_estate(repository: Repository) -> None:
    with pytest.raises(GitError), Commit(repository.root / "elsewhere", "HEAD") as files:
        load_estate(repository.root / "elsewhere", files)


def test_a_folder_in_no_repository_is_said(tmp_path: Path) -> None:
    with pytest.raises(GitError, match="not a git repository"):
        Commit(tmp_path, "HEAD")


def test_links_are_followed_as_far_as_they_stay_inside(repository: Repository) -> None:
    repository.write("shared/crm.yaml", CONTRACT.replace("system: web", "system: crm"))
    (repository.estate / "contracts" / "more").symlink_to("../shared")
    (repository.estate / "contracts" / "again.yaml").symlink_to("./more/../../shared/iam.yaml")
    repository.write("shared/iam.yaml", CONTRACT.replace("system: web", "system: iam"))
    repository.commit()
    with pytest.raises(EstateError) as on_disk:
        load_estate(repository.estate)
    assert problems(repository, "HEAD") == [f"{p.location}: {p.message}" for p in on_disk.value.problems]
    (repository.estate / "contracts" / "again.yaml").unlink()
    repository.commit()
    assert list(repository.load("HEAD").contracts.systems) == ["crm", "iam", "web"]


@pytest.mark.parametrize("target", ["../../../secret", "/etc/passwd", "../../../../../etc"])
def test_links_that_lead_out_are_refused(repository: Repository, target: str) -> None:
    (repository.root / "secret").write_text(CONTRACT, encoding="utf-8")
    (repository.estate / "contracts" / "out.yaml").symlink_to(target)
    repository.commit()
    assert problems(repository, "HEAD") == ["contracts/out.yaml:1:1: this file is a link that leads out of the estate"]


def test_links_that_go_round_are_refused(repository: Repository) -> None:
    (repository.estate / "contracts" / "round.yaml").symlink_to("round.yaml")
    repository.commit()
    assert problems(repository, "HEAD") == [
        "contracts/round.yaml:1:1: this file is a link that leads out of the estate"
    ]


def test_a_submodule_that_is_not_here_is_no_empty_folder(repository: Repository) -> None:
    oid = repository.git("rev-parse", "HEAD")
    repository.git("update-index", "--add", "--cacheinfo", f"160000,{oid},data/estate/contracts/theirs")
    repository.git("commit", "--quiet", "--message=x")
    (problem,) = problems(repository, "HEAD")
    assert problem.startswith(
        'fieldline.yaml:1:1: the folder "contracts/theirs" cannot be read: contracts/theirs is a '
    )
    assert problem.endswith("submodule that is not here; git submodule update --init contracts/theirs brings it")


@pytest.fixture
def submodule(repository: Repository, tmp_path: Path) -> Made:
    """Another repository with a contract, in which it is 5 long and then 7, and a folder of the estate that holds it."""
    theirs = CONTRACT.replace("system: web", "system: crm")
    made = Made(tmp_path / "theirs", {"crm/crm.yaml": theirs.replace("20", "5")})
    add = ("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", "--")
    repository.git(*add, str(made.root), "data/estate/contracts/theirs")
    repository.commit()
    inside = Made(repository.estate / "contracts" / "theirs", None)
    inside.commit({"crm/crm.yaml": theirs.replace("20", "7")})
    return inside


def limit(estate: Estate) -> str:
    constraints = estate.contracts.systems["crm"].entities["signup"].fields["name"].constraints
    return next(constraint.sentence for constraint in constraints if "characters" in constraint.sentence)


@pytest.mark.usefixtures("submodule")
def test_a_submodule_is_read_at_the_commit_that_the_version_names(repository: Repository) -> None:
    assert limit(repository.load("HEAD")) == "at most 5 characters"
    assert limit(load_estate(repository.estate)) == "at most 7 characters"
    repository.commit()
    assert limit(repository.load("HEAD")) == "at most 7 characters"
    assert repository.load("HEAD") == load_estate(repository.estate)
    old, new, _ = load_versions(version("HEAD~1", repository.estate), version("HEAD", repository.estate))
    assert [limit(estate) for estate in (old, new)] == ["at most 5 characters", "at most 7 characters"]


def test_a_merge_takes_the_submodule_of_the_side_that_moved_it(repository: Repository, submodule: Made) -> None:
    repository.git("checkout", "--quiet", "-b", "topic")
    repository.write("contracts/iam.yaml", CONTRACT.replace("system: web", "system: iam"))
    repository.git("add", "data/estate/contracts/iam.yaml")
    repository.git("commit", "--quiet", "--message=x")
    repository.git("checkout", "--quiet", "main")
    repository.commit()
    repository.git("checkout", "--quiet", "topic")
    submodule.git("checkout", "--quiet", "HEAD~1")
    estates = load_versions(*versions_since("main", repository.estate, {}))
    assert limit(estates.after) == "at most 7 characters"
    assert list(estates.after.contracts.systems) == ["crm", "iam", "web"]
    assert list(estates.before.contracts.systems) == ["crm", "web"]


def test_a_submodules_commit_that_is_not_here_is_said(repository: Repository, submodule: Made) -> None:
    missing = "0123456789" * 4
    repository.git("update-index", "--cacheinfo", f"160000,{missing},data/estate/contracts/theirs")
    repository.git("commit", "--quiet", "--message=x")
    (problem,) = problems(repository, "HEAD")
    assert f"git -C contracts/theirs fetch --depth=1 origin {missing} brings it" in problem
    assert submodule.root.is_dir()


def test_a_link_in_a_submodules_place_leads_nowhere(repository: Repository, submodule: Made, tmp_path: Path) -> None:
    """What is read must be below the estate, whatever the working tree has there now."""
    repository.commit()
    elsewhere = tmp_path / "elsewhere"
    submodule.root.rename(elsewhere)
    submodule.root.symlink_to(elsewhere)
    (problem,) = problems(repository, "HEAD")
    assert "contracts/theirs is a submodule that is not here" in problem


def test_no_filter_and_no_hook_runs(repository: Repository, tmp_path: Path) -> None:
    trap = tmp_path / "sprung"
    repository.git("config", "filter.trap.smudge", f"touch {trap}; cat")
    repository.git("config", "core.fsmonitor", f"touch {trap}")
    for name in ("post-checkout", "reference-transaction", "post-index-change"):
        hook = repository.root / ".git" / "hooks" / name
        hook.write_text(f"#!/bin/sh\ntouch {trap}\n", encoding="utf-8")
        hook.chmod(0o755)
    (repository.root / ".gitattributes").write_text("*.yaml filter=trap\n", encoding="utf-8")
    oid = repository.commit()
    trap.unlink(missing_ok=True)
    assert repository.load(oid).name == "web"
    assert not trap.exists()


def test_a_missing_object_is_said(repository: Repository) -> None:
    blob = repository.git("rev-parse", "HEAD:data/estate/contracts/web.yaml")
    (repository.root / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    assert problems(repository, "HEAD") == [
        "contracts/web.yaml:1:1: this file cannot be read: the repository lacks this object"
    ]


def test_both_versions_problems_are_told_together_the_earlier_ones_by_their_revision(repository: Repository) -> None:
    repository.write("contracts/web.yaml", CONTRACT.replace("text", "txt"))
    repository.commit()
    repository.write("contracts/web.yaml", CONTRACT.replace("20", "many"))
    with pytest.raises(EstateError) as raised:
        load_versions(version("main", repository.estate), version(str(repository.estate), repository.estate))
    places = [str(problem.location) for problem in raised.value.problems]
    assert places == ["main:contracts/web.yaml:6:20", "contracts/web.yaml:6:38"]
    assert set(raised.value.texts) >= {"main:contracts/web.yaml", "contracts/web.yaml"}


def test_what_did_not_change_is_one_object(repository: Repository) -> None:
    repository.write("contracts/crm.yaml", CONTRACT.replace("system: web", "system: crm"))
    old, new, _ = load_versions(version("main", repository.estate), version(str(repository.estate), repository.estate))
    assert old.contracts.systems["web"] is new.contracts.systems["web"]
    assert list(new.contracts.systems) == ["crm", "web"]

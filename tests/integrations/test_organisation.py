"""An organisation of eight repositories: six owners of systems, an estate that joins their contracts, and a consumer.

A change in one of them is judged there, with the answer of the whole estate; without a network, once things are locked.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import pytest
import typer

from fieldline.application import lock as lock_module
from fieldline.application.lock import lock_systems
from fieldline.application.publish import publish
from fieldline.cli import app
from fieldline.commands.writing import write_files
from fieldline.documents.files import DISK
from fieldline.documents.names import EntityName
from fieldline.documents.snapshot import digest_of
from fieldline.estate.guests import Replacement
from fieldline.estate.load import load_estate
from fieldline.reports.render import render
from fieldline.rows.stores.checked import checked_stores

from ..repositories import ADDRESS, Made, settings

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Run: TypeAlias = Callable[..., tuple[int, str]]

pytestmark = pytest.mark.needs_git


def contract(system: str, entity: str, kind: str = "table", **longest: int) -> str:
    """A contract of texts, each with the most characters it takes."""
    fields = "".join(
        f"      {name}:\n        type: text\n        title: A {name}\n        max_length: {most}\n"
        for name, most in longest.items()
    )
    owner = f"owner: {{team: Team {system}, contact: {system}@company.example}}\n"
    return f"system: {system}\n{owner}entities:\n  {entity}:\n    kind: {kind}\n    fields:\n{fields}"


CONTRACTS = {
    "web": contract("web", "signup", "entry", name=40, login=12),
    "crm": contract("crm", "person", name=60, login=30),
    "billing": contract("billing", "customer", name=40),
    "archive": contract("archive", "record", name=60),
    "label": contract("label", "label", name=50),
    "iam": contract("iam", "account", login=16),
}
FLOWS = """flows:
- {from: web.signup.name, to: crm.person.name, lag: PT1M}
- {from: web.signup.login, to: crm.person.login}
- {from: crm.person.name, to: billing.customer.name, lag: P1D}
- {from: crm.person.name, to: archive.record.name}
- {from: crm.person.name, to: label.label.name}
- {from: crm.person.login, to: iam.account.login, via: [trim]}
"""
SYSTEMS = f"""systems:
  web: {{git: {ADDRESS}/web, ref: main, path: contracts/web.yaml}}
  crm: {{git: {ADDRESS}/crm, ref: v1}}
  billing: {{git: {ADDRESS}/billing, ref: v1, path: contracts/billing.yaml}}
  iam: {{git: {ADDRESS}/iam, ref: release/1.0, path: iam.yaml}}
  label: {{git: {ADDRESS}/label, ref: COMMIT, path: deep/down}}
  archive: {{snapshot: theirs/archive.json}}
"""


@dataclass(frozen=True)
class Organisation:
    """The repositories, where their owners work on them; `origin` of each is at an address."""

    root: Path
    work: Path
    repositories: dict[str, Made]

    def __getitem__(self, name: str) -> Made:
        return self.repositories[name]

    def publish(self, name: str, *more: str) -> None:
        """What is in the working tree of a repository becomes what others see."""
        made = self[name]
        made.commit()
        made.git("push", "--quiet", "--force", "origin", "HEAD:main", *more)

    def cut_off(self) -> None:
        """The network is gone."""
        self.root.rename(self.root.with_name("gone"))


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    """Run a command in a repository; gives its exit code and all that it printed."""

    def run(made: Made, *arguments: str) -> tuple[int, str]:
        monkeypatch.chdir(made.root)
        capfd.readouterr()
        try:
            code = app(list(arguments), standalone_mode=False) or 0
        except typer.Exit as exit_:
            code = exit_.exit_code
        printed = capfd.readouterr()
        return code, printed.out + printed.err

    return run


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The organisation as it is copied for each test: `unlocked`, and `locked` without the origins."""
    template = tmp_path_factory.mktemp("organisation")
    folder = template / "unlocked"
    files = {
        "web": {"contracts/web.yaml": CONTRACTS["web"]},
        "crm": {"fieldline.yaml": "estate: crm\nlineage: []\n", "contracts/crm.yaml": CONTRACTS["crm"]},
        "billing": {"contracts/billing.yaml": CONTRACTS["billing"], "src/billing.py": "print()\n"},
        "archive": {"archive.yaml": CONTRACTS["archive"]},
        "label": {"deep/down/fieldline.yaml": "estate: l\n", "deep/down/contracts/l.yaml": CONTRACTS["label"]},
        "iam": {"iam.yaml": CONTRACTS["iam"]},
    }
    folder.mkdir()
    environment = environment_of(folder)
    for name, content in files.items():
        make(folder, name, content, "v1" if name in {"crm", "billing"} else None)
    iam = Made(folder / "work" / "iam", None, environment)
    iam.git("push", "--quiet", "origin", "main:release/1.0")
    archive, label = folder / "work" / "archive", Made(folder / "work" / "label", None)
    estate = {
        "fieldline.yaml": f"estate: org\n{SYSTEMS.replace('COMMIT', label.git('rev-parse', 'HEAD'))}",
        "lineage/flows.yaml": FLOWS,
        "theirs/archive.json": publish(archive / "archive.yaml", "HEAD").text,
    }
    consumer = {
        "fieldline.yaml": f"estate: reports\nsystems:\n  crm: {{git: {ADDRESS}/crm, ref: v1}}\n",
        "contracts/report.yaml": contract("report", "line", name=60),
        "contracts/desk.yaml": contract("desk", "form", "entry", name=60),
        "lineage/flows.yaml": "flows:\n- {from: desk.form.name, to: crm.person.name}\n"
        "- {from: crm.person.name, to: report.line.name}\n",
    }
    make(folder, "estate", estate)
    make(folder, "consumer", consumer)
    shutil.copytree(folder, template / "locked", symlinks=True)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment_of(template / "locked").items():
            patch.setenv(name, value)
        for name in ("estate", "consumer"):
            root = template / "locked" / "work" / name
            answer = lock_systems(root, ())
            write_files(root, answer.files)
            Made(root, None).commit()
    shutil.rmtree(template / "locked" / "origins")
    return template


def environment_of(folder: Path) -> dict[str, str]:
    """Settings with which the addresses lead to the folder `origins` of a copy."""
    (folder / "origins").mkdir(exist_ok=True)
    return settings(folder, folder / "origins")


def make(folder: Path, name: str, files: dict[str, str], tag: str | None = None) -> None:
    """A repository with an origin."""
    made = Made(folder / "work" / name, files)
    if tag:
        made.git("tag", "--annotate", "--message=x", tag)
    made.git("clone", "--quiet", "--bare", ".", str(folder / "origins" / name))
    made.git("remote", "add", "origin", f"{ADDRESS}/{name}")


@pytest.fixture
def copied(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Organisation]:
    """A copy of the organisation for one test."""

    def copy(which: str) -> Organisation:
        folder = tmp_path / "organisation"
        shutil.copytree(made / which, folder, symlinks=True)
        environment = environment_of(folder)
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        repositories = {path.name: Made(path, None, environment) for path in (folder / "work").iterdir()}
        return Organisation(folder / "origins", folder / "work", repositories)

    return copy


@pytest.fixture
def organisation(copied: Callable[[str], Organisation]) -> Organisation:
    """The organisation before anything is locked."""
    return copied("unlocked")


@pytest.fixture
def locked(copied: Callable[[str], Organisation]) -> Organisation:
    """The organisation with its two estates locked, and the network gone."""
    locked = copied("locked")
    locked.cut_off()
    return locked


def test_each_repository_answers_for_the_whole_organisation(locked: Organisation, run: Run) -> None:
    """Billing shortens its column. The answer in its repository is that of one estate that has everything in one folder."""
    for name in ("estate", "consumer"):
        code, printed = run(locked[name], "check")
        assert code == 0, printed
    billing = locked["billing"]
    billing.git("checkout", "--quiet", "-b", "shorter")
    billing.replace("contracts/billing.yaml", "max_length: 40", "max_length: 30")
    here = ("diff", "--base=main", "--estate=../estate", "--replace=billing=.")
    code, printed = run(billing, *here)
    assert code == 1
    assert "error[newly-refused] web.signup.name:" in printed
    assert "contracts/billing.yaml:10:9  now" in printed
    assert "Team web (web@company.example)" in printed
    billing.commit()
    assert run(billing, *here) == (code, printed)

    whole = {f"contracts/{name}.yaml": text for name, text in CONTRACTS.items()}
    one = Made(locked.work / "one", {"fieldline.yaml": "estate: org\n", "lineage/flows.yaml": FLOWS, **whole})
    one.replace("contracts/billing.yaml", "max_length: 40", "max_length: 30")
    answers = [
        json.loads(run(made, *arguments, "--output-format=json")[1])
        for made, arguments in ((billing, here), (one, ("diff", "--base=main")))
    ]
    assert told(answers[0]) == told(answers[1])
    assert answers[0]["summary"] == answers[1]["summary"]

    github = run(billing, *here, "--output-format=github")[1].splitlines()
    assert github[0].startswith(
        "::error file=contracts/billing.yaml,line=10,col=9,title=newly-refused::web.signup.name"
    )


def told(document: dict[str, list[dict[str, object]]]) -> list[object]:
    return [(each["rule"], each["message"], each["fingerprint"]) for each in document["findings"]]


def test_a_snapshot_of_the_estate_gives_its_answer(locked: Organisation, run: Run) -> None:
    code, printed = run(locked["estate"], "publish", "-o", "../org.json")
    assert code == 0, printed
    assert run(locked["estate"], "check", "--output-format=json") == run(
        locked["estate"], "check", "../org.json", "--output-format=json"
    )
    iam = locked["iam"]
    iam.replace("iam.yaml", "max_length: 16", "max_length: 11")
    answers = [
        run(iam, "diff", "--base=main", f"--estate={estate}", "--replace=iam=iam.yaml", "--output-format=json")
        for estate in ("../org.json", "../estate")
    ]
    assert answers[0] == answers[1]
    assert answers[0][0] == 1
    for name in ("estate", "web", "crm", "label"):
        shutil.rmtree(locked[name].root)
    assert (
        run(iam, "diff", "--base=main", "--estate=../org.json", "--replace=iam=.", "--output-format=json") == answers[0]
    )


@pytest.mark.parametrize("name", ["crm", "label", "web"])
def test_every_form_of_a_repository_can_be_replaced(locked: Organisation, run: Run, name: str) -> None:
    """An estate of its own, one in a folder, and an entry's contract: without a revision, against what is locked."""
    path = {"crm": "contracts/crm.yaml", "label": "deep/down/contracts/l.yaml", "web": "contracts/web.yaml"}[name]
    words = {"crm": ("60", "20"), "label": ("50", "20"), "web": ("40", "70")}[name]
    made = locked[name]
    replace = ("--estate=../estate", f"--replace={name}=.")
    assert run(made, "diff", *replace)[0] == 0
    made.replace(path, f"max_length: {words[0]}", f"max_length: {words[1]}")
    code, printed = run(made, "diff", *replace)
    assert code == 1
    assert "newly-refused" in printed
    assert f"{path}:" in printed
    assert run(made, "diff", *replace, "--base=HEAD")[0] == 1
    assert run(made, "diff", "HEAD...HEAD", *replace)[0] == 0


def test_several_contracts_are_replaced_together(locked: Organisation, run: Run) -> None:
    """Each change alone is harmless."""
    locked["web"].replace("contracts/web.yaml", "max_length: 40", "max_length: 45")
    locked["billing"].replace("contracts/billing.yaml", "max_length: 40", "max_length: 50")
    both = ("--replace=web=../web", "--replace=billing=../billing")
    assert run(locked["estate"], "diff", "--estate=.", both[0])[0] == 1
    code, printed = run(locked["estate"], "diff", "--estate=.", *both)
    assert code == 0, printed
    with pytest.raises(typer.BadParameter, match="several --replace"):
        run(locked["estate"], "diff", "--estate=.", *both, "--base=HEAD")


@pytest.mark.parametrize(
    ("replace", "said"),
    [
        ("biling=.", 'the estate has no system "biling", whose contract could be replaced'),
        ("web=.", "there is no file contracts/web.yaml"),
        ("archive=.", "there is no fieldline.yaml in"),
        ("crm=contracts/billing.yaml", "there is no contract of crm at"),
        ("billing=nowhere.yaml", "there is no file nowhere.yaml"),
    ],
)
def test_what_cannot_be_replaced_is_said(locked: Organisation, run: Run, replace: str, said: str) -> None:
    code, printed = run(locked["billing"], "diff", "--estate=../estate", f"--replace={replace}")
    assert code == 2
    assert said in " ".join(printed.split())


def test_a_tampered_snapshot_a_missing_one_and_a_missing_lock(locked: Organisation, run: Run) -> None:
    root = locked["estate"].root
    lock = (root / "fieldline.lock").read_text()
    line = next(number for number, text in enumerate(lock.splitlines(), 1) if "billing" in text and "git" in text) + 4
    digest = lock.splitlines()[line - 1].partition('"')[2].rstrip('"')
    kept = root / ".fieldline" / "snapshots" / f"{digest.removeprefix('sha256:')}.json"
    before = kept.read_text()
    kept.write_text(before.replace("max_length: 40", "max_length: 90"))
    for command in (("check",), ("diff", "HEAD", "."), ("diff", "--base=HEAD")):
        code, printed = run(locked["estate"], *command)
        assert code == 2
        assert "the contract of billing was changed after it was locked" in " ".join(printed.split())
        assert f"fieldline.lock:{line}:13" in printed
    kept.unlink()
    code, printed = run(locked["estate"], "check")
    assert code == 2
    assert f"fieldline.lock:{line}:13" in printed
    assert "fieldline lock fetches it" in printed
    kept.write_text(before)
    (root / "fieldline.lock").unlink()
    code, printed = run(locked["estate"], "check")
    assert code == 2
    assert "there is no fieldline.lock" in printed
    assert "fieldline.yaml:3:3" in printed
    assert run(locked["billing"], "diff", "--estate=../estate", "--replace=billing=.")[0] == 2


def test_a_tag_that_was_moved_is_said_and_a_branch_stays_where_it_was_locked(
    organisation: Organisation, run: Run
) -> None:
    estate, billing, web = (organisation[name] for name in ("estate", "billing", "web"))
    assert run(estate, "lock")[0] == 0
    lock = (estate.root / "fieldline.lock").read_text()
    web.replace("contracts/web.yaml", "max_length: 40", "max_length: 39")
    organisation.publish("web")
    code, printed = run(estate, "lock")
    assert (code, (estate.root / "fieldline.lock").read_text()) == (0, lock)
    assert "6 systems locked, none of them anew." in printed
    billing.replace("contracts/billing.yaml", "max_length: 40", "max_length: 41")
    billing.commit()
    billing.git("tag", "--force", "v1")
    organisation.publish("billing", "v1")
    for more in ((), ("--upgrade-all",), ("--locked",)):
        code, printed = run(estate, "lock", *more)
        assert code == 2
        assert "the tag v1 was moved" in printed
        column = (estate.root / "fieldline.yaml").read_text().splitlines()[4].index("v1") + 1
        assert f"fieldline.yaml:5:{column}" in printed
        assert "fieldline lock --upgrade billing" in printed
        assert (estate.root / "fieldline.lock").read_text() == lock
    code, printed = run(estate, "lock", "--upgrade=billing", "--upgrade-all")
    assert code == 0
    assert (estate.root / "fieldline.lock").read_text() != lock
    assert "billing upgraded" in " ".join(printed.replace(":", "").split())
    assert "web upgraded" in " ".join(printed.replace(":", "").split())
    code, printed = run(estate, "check")
    assert code == 0, printed


def test_what_was_fetched_may_be_removed_and_is_fetched_again(organisation: Organisation, run: Run) -> None:
    estate = organisation["estate"]
    assert run(estate, "lock")[0] == 0
    kept = estate.root / ".fieldline"
    before = {path.relative_to(kept): path.read_bytes() for path in kept.rglob("*") if path.is_file()}
    lock = (estate.root / "fieldline.lock").read_bytes()
    assert estate.git("status", "--porcelain") == "?? fieldline.lock"
    shutil.rmtree(kept)
    assert run(estate, "check")[0] == 2
    assert run(estate, "lock", "--locked")[0] == 0
    assert {path.relative_to(kept): path.read_bytes() for path in kept.rglob("*") if path.is_file()} == before
    assert (estate.root / "fieldline.lock").read_bytes() == lock


def test_a_change_of_the_lock_is_a_change_and_needs_what_both_versions_locked(
    organisation: Organisation, run: Run
) -> None:
    estate, billing = organisation["estate"], organisation["billing"]
    assert run(estate, "lock")[0] == 0
    estate.commit()
    billing.replace("contracts/billing.yaml", "max_length: 40", "max_length: 25")
    billing.commit()
    billing.git("tag", "v2")
    organisation.publish("billing", "v2")
    estate.git("checkout", "--quiet", "-b", "upgrade")
    estate.replace("fieldline.yaml", "billing, ref: v1", "billing, ref: v2")
    code, printed = run(estate, "check")
    assert code == 2
    assert "and fieldline.lock holds it from" in " ".join(printed.split())
    assert run(estate, "lock", "--locked")[0] == 2
    assert run(estate, "lock")[0] == 0
    shutil.rmtree(estate.root / ".fieldline")
    assert run(estate, "lock", "--locked")[0] == 0
    code, printed = run(estate, "diff", "--base=main")
    assert code == 2
    assert "main:fieldline.lock:" in printed
    assert run(estate, "lock", "--locked", "--base=main")[0] == 0
    organisation.cut_off()
    code, printed = run(estate, "diff", "--base=main")
    assert code == 1
    assert "error[newly-refused] web.signup.name" in printed


def test_what_lock_cannot_fetch_is_said_all_at_once_and_nothing_is_written(
    organisation: Organisation, run: Run
) -> None:
    estate = organisation["estate"]
    estate.replace("fieldline.yaml", "iam, ref: release/1.0", "iam, ref: v7")
    estate.replace("fieldline.yaml", "path: contracts/billing.yaml", "path: contracts/nothing.yaml")
    estate.replace("fieldline.yaml", f"{ADDRESS}/web", f"{ADDRESS}/nowhere")
    code, printed = run(estate, "lock")
    assert code == 2
    printed = " ".join(printed.split())
    assert "it has no tag and no branch 'v7'" in printed
    assert "there is no file nothing.yaml" in printed
    assert 'nowhere" at main cannot be fetched' in printed
    assert "3 problems to fix" in printed
    assert not (estate.root / "fieldline.lock").exists()
    assert not (estate.root / ".fieldline").exists()


def test_lock_writes_nowhere_else(organisation: Organisation, run: Run, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (organisation["estate"].root / ".fieldline").symlink_to(tmp_path / "elsewhere")
    code, printed = run(organisation["estate"], "lock")
    assert code == 2
    assert ".fieldline is a link" in printed
    assert not any((tmp_path / "elsewhere").iterdir())


def test_nobody_is_asked_and_no_hook_or_alias_of_a_repository_runs(
    organisation: Organisation, run: Run, tmp_path: Path
) -> None:
    """What a repository elsewhere brings along is data."""
    trap = tmp_path / "sprung"
    billing = organisation["billing"]
    billing.write({".gitattributes": "* filter=x\n", ".lfsconfig": f"[lfs]\n  url = file://{trap}\n"})
    (billing.root / "contracts" / "link.yaml").symlink_to("/etc/passwd")
    billing.commit()
    billing.git("tag", "v3")
    organisation.publish("billing", "v3")
    for name in ("pre-receive", "update", "post-checkout", "reference-transaction"):
        hook = organisation.root / "billing" / "hooks" / name
        hook.write_text(f"#!/bin/sh\ntouch {trap}\n")
        hook.chmod(0o755)
    estate = organisation["estate"]
    estate.replace(
        "fieldline.yaml",
        "billing, ref: v1, path: contracts/billing.yaml",
        "billing, ref: v3, path: contracts/link.yaml",
    )
    code, printed = run(estate, "lock")
    assert code == 2
    assert "leads out" in printed
    assert not trap.exists()


def test_a_snapshot_at_an_address_is_fetched_once_and_verified(
    organisation: Organisation, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the address gives is stood in for: documents/test_download.py has a server."""
    estate = organisation["estate"]
    published = (estate.root / "theirs/archive.json").read_bytes()
    served = {f"{ADDRESS}/archive.json": published}
    monkeypatch.setattr(lock_module, "download", served.__getitem__)
    named = f"snapshot: {ADDRESS}/archive.json"
    estate.replace("fieldline.yaml", "snapshot: theirs/archive.json", named)
    assert run(estate, "lock")[0] == 0
    assert run(estate, "check")[0] == 0
    served[f"{ADDRESS}/archive.json"] = published.replace(b"max_length: 60", b"max_length: 20")
    assert run(estate, "lock")[0] == 0
    shutil.rmtree(estate.root / ".fieldline")
    code, printed = run(estate, "lock")
    assert code == 2
    assert "was changed after it was locked" in " ".join(printed.split())
    assert run(estate, "lock", "--upgrade=archive")[0] == 0
    assert run(estate, "check")[0] == 1
    estate.replace("fieldline.yaml", named, f"{named}, digest: '{digest_of(published)}'")
    assert run(estate, "check")[0] == 2
    code, printed = run(estate, "lock", "--upgrade=archive")
    assert code == 2
    assert f"expected: {digest_of(published)}" in printed


def test_a_contract_from_elsewhere_names_no_store_that_the_estate_does_not_allow(locked: Organisation) -> None:
    """It would choose which files and which databases of this estate are read."""
    estate, name = locked["estate"], EntityName("billing", "customer")
    theirs = estate.root.parent / "billing.yaml"
    theirs.write_text(CONTRACTS["billing"].replace("    kind:", "    store: {file: secret.csv}\n    kind:"))
    replaced = {"billing": Replacement(theirs, DISK)}
    read = load_estate(estate.root, replaced=replaced)
    assert (read.contracts.entities[name].store, read.withheld_stores) == (None, {name})
    assert "Not asked: billing.customer. Their contracts" in render(checked_stores(read), "text")
    estate.replace("fieldline.yaml", "path: contracts/billing.yaml", "path: contracts/billing.yaml, stores: true")
    read = load_estate(estate.root, replaced=replaced)
    assert read.contracts.entities[name].store is not None
    assert read.withheld_stores == frozenset()

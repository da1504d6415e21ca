"""`fieldline diff`: what its arguments mean, its exit codes, and that no error ever looks like "nothing changed"."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import subprocess
import sys
from base64 import b64decode
from pathlib import Path

import jsonschema_rs
import pytest

from fieldline.reports.json.diff import DIFF_DOCUMENT

ROOT = Path(__file__).resolve().parents[2]
STARTER = ROOT / "reports" / "starter"


def run(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "GIT_CEILING_DIRECTORIES": str(folder.parents[1])}
    return subprocess.run(
        [sys.executable, "-m", "fieldline", *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def estates(tmp_path: Path) -> Path:
    """A folder with `old`, and `new`, in which billing accepts less."""
    shutil.copytree(STARTER, tmp_path / "old")
    shutil.copytree(STARTER, tmp_path / "new")
    billing = tmp_path / "new" / "contracts" / "billing.yaml"
    billing.write_text(
        billing.read_text(encoding="utf-8").replace("max_length: 20", "max_length: 18"), encoding="utf-8"
    )
    return tmp_path


def git(folder: Path, *arguments: str) -> None:
    who = ("-c", "user.name=a", "-c", "user.email=a@b.example", "-c", "commit.gpgsign=false")
    settings = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    subprocess.run(["git", *who, *arguments], cwd=folder, env=settings, check=True, capture_output=True)


def test_a_refusal_that_is_new_fails_and_nothing_new_does_not(estates: Path) -> None:
    assert run("diff", "old", "new", folder=estates).returncode == 1
    assert run("diff", "old", "new", "--fail-on", "never", folder=estates).returncode == 0
    assert run("diff", "new", "old", folder=estates).returncode == 0
    same = run("diff", "old", "old", folder=estates)
    assert (same.returncode, same.stdout) == (0, "starter: nothing that affects a value was changed.\n")


@pytest.mark.needs_git
def test_revisions_and_what_lies_here_are_compared_without_a_checkout(estates: Path) -> None:
    git(estates, "init", "--quiet", "--initial-branch=main")
    git(estates, "add", "old")
    git(estates, "commit", "--quiet", "--message=x")
    shutil.copytree(estates / "new", estates / "old", dirs_exist_ok=True)
    git(estates, "checkout", "--quiet", "-b", "change")
    git(estates, "commit", "--quiet", "--all", "--message=y")
    shutil.copytree(STARTER, estates / "old", dirs_exist_ok=True)
    between = run("diff", "main", "change", "--estate", "old", folder=estates)
    assert between.returncode == 1
    assert "newly-refused" in between.stdout
    assert run("diff", "main", "change", folder=estates / "old").stdout == between.stdout
    here = run("diff", "--base", "change", "old", folder=estates)
    assert (here.returncode, here.stdout.split("\n")[0]) == (
        0,
        "starter: 1 change, 1 for information; 1 of 2 entry fields upstream.",
    )
    assert run("diff", "main", "old", folder=estates).returncode == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("diff", "old"), "name both BASE and HEAD"),
        (("diff",), "name both BASE and HEAD"),
        (("diff", "old", "new", "--base", "x"), "only one more thing"),
        (("diff", "old", "gone"), "gone cannot be read"),
        (("diff", "gone", "new"), "gone cannot be read"),
        (("diff", "--base", "main", "new"), "main cannot be read"),
        (("diff", "--base", "-x", "new"), "-x cannot be read"),
        (("diff", "--base=", "new"), "an empty word names nothing"),
        (("diff", "--base", "old", "new"), "old is a folder"),
        (("diff", "", "new"), "an empty word names nothing"),
        (("diff", "old", "new", "--data", "billing.customer"), "is not ENTITY=FILE"),
        (("diff", "old", "new", "--data", "billing.customr=x.csv"), "no contract has the entity billing.customr"),
        (("diff", "old", "new", "--data", "billing.customer=x.csv"), "there is no file x.csv"),
        (("diff", "old", "new", "--data", "billing.customer=env:NO_SUCH_URL"), '"NO_SUCH_URL" is not set'),
    ],
)
def test_what_cannot_be_compared_is_said_and_never_looks_unchanged(
    estates: Path, arguments: tuple[str, ...], said: str
) -> None:
    done = run(*arguments, folder=estates)
    assert done.returncode == 2
    assert said in done.stdout + done.stderr
    assert "nothing was changed" not in done.stdout


@pytest.mark.parametrize("format", ["json", "github", "gitlab", "sarif", "junit", "markdown"])
def test_every_format_tells_findings_and_what_cannot_be_read(estates: Path, format: str) -> None:  # noqa: A002
    told = run("diff", "old", "new", "--output-format", format, folder=estates)
    assert told.returncode == 1
    assert "newly-refused" in told.stdout
    assert run("diff", "old", "new", "--output-format", format, folder=estates).stdout == told.stdout
    unread = run("diff", "gone", "new", "--output-format", format, folder=estates)
    assert unread.returncode == 2
    assert "gone cannot be read" in unread.stdout.replace("&#32;", " ").replace("<code>", "").replace("</code>", "")


def test_the_json_is_as_its_schema_says(estates: Path) -> None:
    for arguments in (("old", "new"), ("new", "old"), ("old", "old"), ("old", "gone")):
        document = json.loads(run("diff", *arguments, "--output-format", "json", folder=estates).stdout)
        jsonschema_rs.validate(DIFF_DOCUMENT.schema(), document)
    content = json.loads(run("diff", "old", "new", "--output-format", "json", folder=estates).stdout)
    (cause,) = content["findings"][0]["causes"]
    assert (cause["name"], cause["before"]["sentence"], cause["after"]["sentence"]) == (
        "billing.customer.company",
        "at most 20 characters",
        "at most 18 characters",
    )
    assert [shift["movement"] for shift in content["contracts"] + content["requirements"]] == ["tightened", "tightened"]


def test_the_policy_of_the_version_after_counts(estates: Path) -> None:
    with (estates / "new" / "fieldline.yaml").open("a", encoding="utf-8") as file:
        file.write("rules: {newly-refused: warning, neighbour-refuses: off}\n")
    done = run("diff", "old", "new", folder=estates)
    assert done.returncode == 0
    assert "warning[newly-refused]" in done.stdout
    assert "neighbour-refuses" not in done.stdout


def test_a_file_that_ends_in_html_gets_the_page_of_the_change(estates: Path) -> None:
    done = run("diff", "old", "new", "-o", "change.html", folder=estates)
    page = (estates / "change.html").read_text(encoding="utf-8")
    assert (done.returncode, done.stdout) == (1, "")
    assert "Written to change.html" in done.stderr
    assert page.startswith("<!doctype html>")
    packed = page.partition('id="data"')[2].partition(">")[2].partition("<")[0]
    assert "at most 18 characters" in gzip.decompress(b64decode(packed)).decode("ascii")


@pytest.mark.needs_git
def test_an_estate_that_is_new_is_let_through_where_that_is_allowed_and_a_slip_is_not(estates: Path) -> None:
    old = estates / "old"
    git(estates, "init", "--quiet", "--initial-branch=main")
    arguments = ("diff", "--base", "HEAD", "--allow-new")
    unborn = run(*arguments, "old", folder=estates)
    assert (unborn.returncode, unborn.stdout) == (0, "")
    assert "HEAD holds no estate in old: all of it is new, and nothing was compared" in unborn.stderr
    (estates / "README").write_text("x")
    git(estates, "add", "README")
    git(estates, "commit", "--quiet", "--message=x")
    assert run(*arguments, "old", folder=estates).returncode == 0
    assert run("diff", "--base", "HEAD", "old", folder=estates).returncode == 2
    assert run("diff", "--base", "HAED", "--allow-new", "old", folder=estates).returncode == 2
    assert run(*arguments, "odl", folder=estates).returncode == 2
    git(estates, "add", "old")
    git(estates, "commit", "--quiet", "--message=y")
    assert run(*arguments, "old", folder=estates).returncode == 0
    shutil.copytree(estates / "new", old, dirs_exist_ok=True)
    assert run(*arguments, "old", folder=estates).returncode == 1


@pytest.mark.parametrize("rule", ["newly-lost", "newly-colliding"])
def test_a_loss_or_a_collision_that_is_new_fails_by_default(estates: Path, rule: str) -> None:
    shutil.copytree(estates / "old", estates / "new", dirs_exist_ok=True)
    billing = estates / "new" / "contracts" / "billing.yaml"
    text = billing.read_text(encoding="utf-8")
    if rule == "newly-lost":
        text = text.replace("max_length: 20", "max_length: 20, on_violation: truncate")
    else:
        flows = estates / "new" / "lineage" / "customer.yaml"
        old = "to: billing.customer.company"
        assert old in flows.read_text(encoding="utf-8")
        flows.write_text(flows.read_text(encoding="utf-8").replace(old, f"{old}, via: [upper]"), encoding="utf-8")
        text = text.replace("max_length: 20", "max_length: 20, unique: true")
    billing.write_text(text, encoding="utf-8")
    done = run("diff", "old", "new", "--output-format", "json", folder=estates)
    assert done.returncode == 1
    assert rule in {f["rule"] for f in json.loads(done.stdout)["findings"] if f["severity"] == "error"}

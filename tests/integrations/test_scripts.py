"""The scripts of the action and of the component, run as their runners run them, on a repository with an estate."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from fieldline.reports.starter_estate import starter_files

from .conftest import component

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.needs_git
COMMAND = Path(sys.executable).with_name("fieldline")
HOSTILE = "$(touch pwned); `touch pwned` \"' && touch pwned --x"
GIT = {
    "GIT_AUTHOR_NAME": "a",
    "GIT_AUTHOR_EMAIL": "a@example.com",
    "GIT_COMMITTER_NAME": "a",
    "GIT_COMMITTER_EMAIL": "a@example.com",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
}


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository whose folder `the estate` is an estate with one error, in two commits."""
    folder = tmp_path / "repository"
    for name, text in starter_files().items():
        (folder / "the estate" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "the estate" / name).write_text(text)
    git(folder, "init", "--quiet")
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "--message", "one")
    git(folder, "commit", "--quiet", "--message", "two", "--allow-empty")
    return folder


def git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        ["git", *arguments], cwd=folder, env=os.environ | GIT, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


@pytest.fixture
def fake_installation(tmp_path: Path) -> Path:
    """A folder that holds this environment's command where the scripts have installed theirs."""
    (tmp_path / "temp" / "fieldline" / "bin").mkdir(parents=True)
    (tmp_path / "temp" / "fieldline" / "bin" / "fieldline").symlink_to(COMMAND)
    return tmp_path / "temp"


# ------------------------------------------------------------------------------------------------------------- action


def step(root: Path, name: str, temp: Path, inputs: dict[str, str]) -> tuple[str, dict[str, str]]:
    """A step's script, and its environment with every expression filled in."""
    action = yaml.safe_load((root / "action.yml").read_text())
    (found,) = [step for step in action["runs"]["steps"] if step["name"] == name]
    values = {f"inputs.{key}": str(value.get("default", "")) for key, value in action["inputs"].items()}
    values |= {f"inputs.{key}": value for key, value in inputs.items()}
    environment = {"GITHUB_ACTION_PATH": str(root), "RUNNER_TEMP": str(temp)}
    for key, text in found.get("env", {}).items():
        for expression, value in values.items():
            text = text.replace(f"${{{{ {expression} }}}}", value)  # noqa: PLW2901 - filled in bit by bit
        given = text.replace("${{ github.base_ref || github.event.merge_group.base_sha }}", "")
        environment[key] = given.replace("${{ github.token }}", "")
        assert "${{" not in environment[key]
    return found["run"], environment


@pytest.fixture
def act(root: Path, repository: Path, fake_installation: Path) -> "Callable[..., Any]":
    """Run the action's judgement as a runner does; gives what was printed, the exit code, and the outputs."""

    def run(**inputs: str) -> tuple[str, int, str, str]:
        named = {name.replace("_", "-"): value for name, value in inputs.items()}
        script, environment = step(root, "Judge the estate", fake_installation, named)
        output, summary = fake_installation / "output", fake_installation / "summary"
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
            cwd=repository,
            env=os.environ | environment | {"GITHUB_OUTPUT": str(output), "GITHUB_STEP_SUMMARY": str(summary)},
            capture_output=True,
            text=True,
            check=False,
        )
        return (
            done.stdout,
            done.returncode,
            output.read_text(),
            summary.read_text() if summary.exists() else done.stderr,
        )

    return run


def test_the_action_annotates_and_fails(act: "Callable[..., Any]", repository: Path) -> None:
    printed, code, output, summary = act(estate="the estate", sarif_file="found.sarif")
    assert (code, output) == (1, "exit-code=1\n")
    assert printed.startswith("::error file=the estate/contracts/website.yaml,line=12,col=7,title=escape::")
    assert summary.startswith("**starter: 1 error.** <code>website.signup.company</code> accepts")
    log = json.loads((repository / "found.sarif").read_text())
    (result,) = log["runs"][0]["results"]
    uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert uri == "the%20estate/contracts/website.yaml"


def test_the_action_passes_where_nothing_is_to_fail(act: "Callable[..., Any]") -> None:
    assert act(estate="the estate", fail_on="never")[1:3] == (0, "exit-code=0\n")


def test_the_action_fails_where_nothing_can_be_read(act: "Callable[..., Any]") -> None:
    printed, code, output, summary = act(estate="no estate")
    assert (code, output) == (2, "exit-code=2\n")
    assert "::error title=fieldline check::Check not run" in printed
    assert summary.startswith("**Check not run")


@pytest.mark.parametrize("name", ["estate", "fail_on", "command", "sarif_file"])
def test_no_input_of_the_action_is_run(act: "Callable[..., Any]", repository: Path, name: str) -> None:
    _, code, *_ = act(**({"estate": "the estate"} | {name: HOSTILE}))
    assert code in {1, 2}
    assert not (repository / "pwned").exists()
    assert sorted(path.name for path in repository.iterdir() if path.name not in {HOSTILE, ".git"}) == ["the estate"]


@pytest.fixture
def recorder(fake_installation: Path) -> Path:
    """In the command's place one that notes how it was called: a line an argument, a blank line a call."""
    command = fake_installation / "fieldline" / "bin" / "fieldline"
    command.unlink()
    command.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" "" >>"{fake_installation}/called"\n')
    command.chmod(0o755)
    return fake_installation / "called"


@pytest.mark.parametrize(
    ("inputs", "called"),
    [
        ({}, ["check", "--output-format=github", "--", "the estate"]),
        ({"base": "{one}"}, ["diff", "--output-format=github", "--base={one}", "--", "the estate"]),
        ({"base": "{one}", "command": "check"}, ["check", "--output-format=github", "--", "the estate"]),
        ({"base": "{one}", "fail_on": "info"}, ["diff", "--output-format=github", "--fail-on=info", "--base={one}"]),
        ({"base": HOSTILE}, ["diff", "--output-format=github", f"--base={HOSTILE}"]),
        ({"base": "--upload-pack=touch pwned"}, ["diff", "--output-format=github", "--base=--upload-pack=touch pwned"]),
        ({"command": "diff"}, ["diff", "--output-format=github", "--", "the estate"]),
        (
            {"replace": "billing=.", "base": "{one}"},
            ["diff", "--output-format=github", "--base={one}", "--replace=billing=.", "--estate=the estate"],
        ),
        ({"replace": HOSTILE}, ["diff", "--output-format=github", f"--replace={HOSTILE}", "--estate=the estate"]),
    ],
)
def test_the_action_compares_where_a_base_is_known(
    act: "Callable[..., Any]", repository: Path, recorder: Path, inputs: dict[str, str], called: list[str]
) -> None:
    one = git(repository, "rev-parse", "HEAD~1")
    act(**({"estate": "the estate"} | {name: value.replace("{one}", one) for name, value in inputs.items()}))
    told = recorder.read_text().splitlines()
    assert told[: len(called)] == [word.replace("{one}", one) for word in called]
    assert not (repository / "pwned").exists()


@pytest.mark.parametrize("more", [{}, {"replace": "billing=."}, {"fail_on": "info"}])
def test_the_comment_is_written_where_it_is_asked_for(
    act: "Callable[..., Any]", repository: Path, recorder: Path, more: dict[str, str]
) -> None:
    one = git(repository, "rev-parse", "HEAD~1")
    act(estate="the estate", base=one, comment="true", **more)
    calls = recorder.read_text().split("\n\n")
    assert [call.split("\n")[0] for call in calls if call] == ["diff", "diff", "comment"]
    judged, reported = ([word for word in call.split("\n") if not word.startswith("--output-")] for call in calls[:2])
    assert reported == judged, "the same question, whose answer goes elsewhere"
    report = next(word for word in calls[1].split("\n") if word.startswith("--output-file="))
    assert "--output-format=markdown" in calls[1]
    assert calls[2].split("\n")[1] == report.removeprefix("--output-file=")


def test_a_base_that_a_shallow_clone_lacks_is_fetched(
    act: "Callable[..., Any]", repository: Path, recorder: Path
) -> None:
    one = git(repository, "rev-parse", "HEAD~1")
    origin = repository.rename(repository.with_name("origin"))
    git(origin, "config", "uploadpack.allowAnySHA1InWant", "true")
    git(origin.parent, "clone", "--quiet", "--depth=1", f"file://{origin}", str(repository))
    assert git(repository, "rev-list", "--count", "HEAD") == "1"
    act(estate="the estate", base=one)
    assert git(repository, "cat-file", "-t", one) == "commit"
    assert f"--base={one}" in recorder.read_text()


def pip_asked(tmp_path: Path, python3: Path) -> tuple[dict[str, str], Path]:
    """An environment whose `python3 -m venv` makes what only notes how its python is called, and the file of notes."""
    asked = tmp_path / "asked"
    python3.parent.mkdir(parents=True, exist_ok=True)
    python3.write_text(
        '#!/bin/sh\nmkdir -p "$3/bin"\n'
        f'printf \'#!/bin/sh\\nprintf "%%s\\\\n" "$*" >>{asked}\\n\' >"$3/bin/python"\n'
        'chmod +x "$3/bin/python"\n'
    )
    python3.chmod(0o755)
    return {**os.environ, "PATH": f"{python3.parent}:{os.environ['PATH']}"}, asked


def test_the_action_installs_its_own_checkout_and_packages_by_their_hashes(root: Path, tmp_path: Path) -> None:
    """pip is asked; what it would do is not done."""
    script, environment = step(root, "Install Fieldline", tmp_path, {})
    changed, asked = pip_asked(tmp_path, tmp_path / "bin" / "python3")
    subprocess.run(["bash", "-eo", "pipefail", "-c", script], env=changed | environment, check=True)
    pip = "-m pip install --quiet --disable-pip-version-check"
    assert asked.read_text().splitlines() == [
        f"{pip} --require-hashes --requirement {root}/constraints.txt",
        f"{pip} --no-deps --no-build-isolation {root}",
    ]


# ---------------------------------------------------------------------------------------------------------- component


@pytest.fixture
def job(root: Path, repository: Path, fake_installation: Path) -> "Callable[..., Any]":
    """Run the component's last script as a runner does, in `sh`; gives what was printed and the exit code."""

    def run(**variables: str) -> tuple[str, int]:
        (content,) = component(root)[1].values()
        (repository / ".fieldline-venv").unlink(missing_ok=True)
        (repository / ".fieldline-venv").symlink_to(fake_installation / "fieldline")
        environment = content["variables"] | {"FIELDLINE_ESTATE": "the estate"} | variables
        done = subprocess.run(
            ["sh", "-e", "-c", content["script"][-1]],
            cwd=repository,
            env=os.environ | environment,
            capture_output=True,
            text=True,
            check=False,
        )
        return done.stdout, done.returncode

    return run


def test_the_component_writes_both_reports_and_fails(root: Path, job: "Callable[..., Any]", repository: Path) -> None:
    printed, code = job()
    assert code == 1
    assert "starter" in printed
    (content,) = component(root)[1].values()
    reports = content["artifacts"]["reports"]
    (issue,) = json.loads((repository / reports["codequality"]).read_text())
    assert issue["location"]["path"] == "the estate/contracts/website.yaml"
    assert 'failures="1"' in (repository / reports["junit"]).read_text()


def test_the_component_fails_where_nothing_can_be_read_and_its_reports_say_so(
    job: "Callable[..., Any]", repository: Path
) -> None:
    assert job(FIELDLINE_ESTATE="no estate")[1] == 2
    (issue,) = json.loads((repository / "fieldline-codequality.json").read_text())
    assert issue["severity"] == "blocker"


def test_the_component_passes_where_nothing_is_to_fail(job: "Callable[..., Any]") -> None:
    assert job(FIELDLINE_FAIL_ON="never")[1] == 0


@pytest.mark.parametrize(
    ("variables", "called"),
    [
        ({}, ["check", "--color=always", "--", "the estate"]),
        (
            {"CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "HEAD"},
            ["diff", "--color=always", "--base=HEAD", "--", "the estate"],
        ),
        (
            {"CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main", "CI_MERGE_REQUEST_TARGET_BRANCH_SHA": "HEAD"},
            ["diff", "--color=always", "--base=HEAD", "--", "the estate"],
        ),
        (
            {"FIELDLINE_BASE": "HEAD~1", "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "HEAD"},
            ["diff", "--color=always", "--base=HEAD~1", "--", "the estate"],
        ),
        (
            {"FIELDLINE_COMMAND": "check", "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "HEAD"},
            ["check", "--color=always", "--", "the estate"],
        ),
        ({"FIELDLINE_BASE": HOSTILE}, ["diff", "--color=always", f"--base={HOSTILE}", "--", "the estate"]),
        (
            {"FIELDLINE_REPLACE": "billing=.", "FIELDLINE_BASE": "HEAD"},
            ["diff", "--color=always", "--base=HEAD", "--replace=billing=.", "--estate=the estate"],
        ),
    ],
)
def test_the_component_compares_where_a_base_is_known(
    job: "Callable[..., Any]", repository: Path, recorder: Path, variables: dict[str, str], called: list[str]
) -> None:
    job(**variables)
    calls = [call.splitlines() for call in recorder.read_text().split("\n\n") if call]
    reports = [
        [called[0], "--output-format=gitlab", "--output-file=fieldline-codequality.json", *called[1:]],
        [called[0], "--output-format=junit", "--output-file=fieldline-junit.xml", *called[1:]],
    ]
    assert calls == [*reports, called]
    assert not (repository / "pwned").exists()


@pytest.mark.parametrize("name", ["FIELDLINE_ESTATE", "FIELDLINE_FAIL_ON", "FIELDLINE_COMMAND"])
def test_no_variable_of_the_component_is_run(job: "Callable[..., Any]", repository: Path, name: str) -> None:
    assert job(**{name: HOSTILE})[1] == 2
    assert not (repository / "pwned").exists()


@pytest.mark.parametrize("package", ["./fieldline-0.1.0-py3-none-any.whl", "/opt/fieldline"])
def test_the_component_installs_what_lies_at_a_path(root: Path, tmp_path: Path, package: str) -> None:
    done, asked = installed_by_the_component(root, tmp_path, package)
    assert done.returncode == 0, done.stderr
    assert asked.read_text() == f"-m pip install --quiet --disable-pip-version-check {package}\n"


@pytest.mark.parametrize("package", ["fieldline", "wheel==1.2.3", "", "-r x", HOSTILE])
def test_the_component_asks_no_index_for_a_name(root: Path, tmp_path: Path, package: str) -> None:
    done, asked = installed_by_the_component(root, tmp_path, package)
    assert (done.returncode, asked.exists()) == (2, False)
    assert "package is no path that begins with ./" in done.stderr


def installed_by_the_component(
    root: Path, tmp_path: Path, package: str
) -> tuple[subprocess.CompletedProcess[str], Path]:
    """Run all but the component's last script, as one script, as a runner does."""
    (content,) = component(root)[1].values()
    changed, asked = pip_asked(tmp_path, tmp_path / "bin" / "python3")
    done = subprocess.run(
        ["sh", "-e", "-c", "\n".join(content["script"][:-1])],
        cwd=tmp_path,
        env=changed | {"FIELDLINE_PACKAGE": package},
        capture_output=True,
        text=True,
        check=False,
    )
    return done, asked


# ---------------------------------------------------------------------------------- shallow clones, the command itself


@pytest.fixture
def pull_request(repository: Path) -> Path:
    """The origin: `main` has moved on since the branch `topic` left it, 70 commits ago, and there is a merge of the two.

    The starter's one error is on main alone; the branch shortens another column that an entry feeds.
    """
    estate = repository / "the estate"
    git(repository, "branch", "--move", "main")
    git(repository, "config", "uploadpack.allowAnySHA1InWant", "true")
    git(repository, "checkout", "--quiet", "-b", "topic")
    crm = estate / "contracts" / "crm.yaml"
    assert "max_length: 60" in crm.read_text()
    crm.write_text(crm.read_text().replace("max_length: 60", "max_length: 12"))
    git(repository, "commit", "--quiet", "--all", "--message", "topic")
    git(repository, "checkout", "--quiet", "main")
    for number in range(70):
        git(repository, "commit", "--quiet", "--allow-empty", "--message", str(number))
    billing = estate / "contracts" / "billing.yaml"
    billing.write_text(billing.read_text().replace("max_length: 20", "max_length: 15"))
    git(repository, "commit", "--quiet", "--all", "--message", "main alone")
    git(repository, "checkout", "--quiet", "-b", "merge", "main")
    git(repository, "merge", "--quiet", "--no-edit", "topic")
    git(repository, "update-ref", "refs/pull/1/merge", "merge")
    git(repository, "checkout", "--quiet", "main")
    git(repository, "branch", "--delete", "--force", "merge")
    return repository.rename(repository.with_name("origin"))


def clone(origin: Path, name: str, to: Path) -> None:
    """One commit of the origin, as a runner checks it out."""
    git(origin.parent, "init", "--quiet", str(to))
    git(to, "remote", "add", "origin", f"file://{origin}")
    git(to, "fetch", "--quiet", "--no-tags", "--depth=1", "origin", name)
    git(to, "checkout", "--quiet", "--detach", "FETCH_HEAD")
    assert git(to, "rev-list", "--count", "HEAD") == "1"


@pytest.mark.parametrize("checkout", ["refs/pull/1/merge", "topic"])
def test_the_action_judges_a_pull_request_from_a_shallow_clone(
    act: "Callable[..., Any]", pull_request: Path, repository: Path, checkout: str
) -> None:
    clone(pull_request, checkout, repository)
    printed, code, *_ = act(estate="the estate", base="main")
    assert code == 1
    errors = [line for line in printed.splitlines() if line.startswith("::error")]
    assert len(errors) == 1
    assert errors[0].startswith("::error file=the estate/contracts/crm.yaml,")
    assert "newly-refused" in errors[0]
    assert "billing" not in errors[0].partition("::website")[2]


def test_the_component_judges_a_merge_request_from_a_shallow_clone(
    job: "Callable[..., Any]", pull_request: Path, repository: Path
) -> None:
    clone(pull_request, "topic", repository)
    printed, code = job(CI_MERGE_REQUEST_TARGET_BRANCH_NAME="main")
    assert code == 1
    assert "newly-refused" in printed
    issues = json.loads((repository / "fieldline-codequality.json").read_text())
    assert {issue["location"]["path"] for issue in issues if issue["severity"] == "critical"} <= {
        "the estate/contracts/crm.yaml"
    }
    assert any("crm" in issue["description"] for issue in issues)


def test_a_clone_that_cannot_be_deepened_fails_and_says_how(
    act: "Callable[..., Any]", pull_request: Path, repository: Path
) -> None:
    clone(pull_request, "topic", repository)
    git(repository, "fetch", "--quiet", "--depth=1", "origin", "main:main")
    pull_request.rename(pull_request.with_name("gone"))
    printed, code, *_ = act(estate="the estate", base="main")
    assert code == 2
    assert "this clone is shallow, and git fetch --deepen=100 origin, or --unshallow" in printed
    printed, code, *_ = act(estate="the estate", base="v1")
    assert code == 2
    assert "there is no commit 'v1' in the repository; this clone is shallow" in printed


def test_the_action_judges_a_contract_in_its_owners_repository(
    act: "Callable[..., Any]", pull_request: Path, repository: Path, tmp_path: Path
) -> None:
    """The organisation's estate lies elsewhere, as another checkout does."""
    clone(pull_request, "topic", repository)
    organisation = tmp_path / "organisation"
    git(pull_request, "worktree", "add", "--quiet", "--detach", str(organisation), "main")
    replace = "crm=the estate/contracts/crm.yaml"
    printed, code, *_ = act(estate=f"{organisation}/the estate", base="main", replace=replace)
    assert code == 1
    assert printed.startswith("::error file=the estate/contracts/crm.yaml,")

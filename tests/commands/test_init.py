"""`fieldline init`: an estate that works, and nothing overwritten."""

import shlex
import subprocess
from pathlib import Path

import pytest
import yaml

from fieldline.reports.starter_estate import starter_files

from .conftest import Run


def test_it_writes_an_estate_with_three_systems_an_entry_and_one_escape(fieldline: Run, tmp_path: Path) -> None:
    done = fieldline("init", "my-estate", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    written = {str(path.relative_to(tmp_path / "my-estate")) for path in tmp_path.rglob("*.yaml")}
    assert written == set(starter_files())
    checked = fieldline("check", "my-estate", cwd=tmp_path)
    assert checked.returncode == 1
    assert checked.stdout.count("error[escape]") == 1
    assert "(3 systems, 6 fields, 4 flows)" in checked.stdout
    assert "Findings: 1 error.\n" in checked.stdout


def test_every_next_step_it_names_works(fieldline: Run, tmp_path: Path) -> None:
    told = fieldline("init", "here", cwd=tmp_path).stdout
    steps = [line.split("  ")[1].split()[1:] for line in told.splitlines() if line.startswith("  fieldline ")]
    assert [step[0] for step in steps] == ["check", "screen", "explain"]
    for step in steps:
        assert fieldline(*step, cwd=tmp_path).returncode in {0, 1}


def test_the_steps_in_its_own_comments_work(fieldline: Run, tmp_path: Path) -> None:
    fieldline("init", cwd=tmp_path)
    assert "trace --at billing.customer.company --value" in (tmp_path / "fieldline.yaml").read_text()
    arguments = ["trace", "--at", "billing.customer.company", "--value", "Northern Lights Trading"]
    assert fieldline(*arguments, cwd=tmp_path).returncode == 0
    contract = tmp_path / "contracts" / "website.yaml"
    contract.write_text(contract.read_text().replace("max_length: 60", "max_length: 20"))
    assert fieldline("check", cwd=tmp_path).returncode == 0


@pytest.mark.parametrize("taken", ["fieldline.yaml", "contracts", "lineage"])
def test_nothing_is_overwritten_and_nothing_is_mixed_in(fieldline: Run, tmp_path: Path, taken: str) -> None:
    (tmp_path / taken).write_text("mine\n")
    done = fieldline("init", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        f"fieldline: nothing was written: {taken} is already in .; choose another folder: fieldline init my-estate\n"
    )
    assert [path.name for path in tmp_path.iterdir()] == [taken]
    assert (tmp_path / taken).read_text() == "mine\n"


def test_a_folder_that_cannot_be_made_is_told(fieldline: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = fieldline("init", "file/estate", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("fieldline: file/estate")


# ------------------------------------------------------------------------------------------------------ a CI system


def repository(folder: Path) -> Path:
    subprocess.run(["git", "init", "--quiet", folder], check=True)
    return folder


@pytest.mark.needs_git
@pytest.mark.parametrize(
    ("system", "file"),
    [
        ("github", ".github/workflows/fieldline.yml"),
        ("gitlab", ".gitlab-ci.yml"),
        ("pre-commit", ".pre-commit-config.yaml"),
    ],
)
def test_the_lines_for_a_ci_system_stand_at_the_top_of_the_repository(
    fieldline: Run, tmp_path: Path, system: str, file: str
) -> None:
    top = repository(tmp_path / "repository")
    done = fieldline("init", "an: estate", "--ci", system, cwd=top)
    assert (done.returncode, done.stderr) == (0, "")
    assert (top / "an: estate" / "fieldline.yaml").exists()
    lines = yaml.safe_load((top / file).read_text())
    match system:
        case "github":
            assert lines["jobs"]["fieldline"]["steps"][-1]["with"]["estate"] == "an: estate"
            assert lines["permissions"] == {"contents": "read", "pull-requests": "write"}
        case "gitlab":
            assert lines["include"][0]["inputs"]["estate"] == "an: estate"
        case "pre-commit":
            (hook,) = lines["repos"][0]["hooks"]
            assert shlex.split(hook["entry"]) == [
                "fieldline",
                "diff",
                "--base",
                "HEAD",
                "--allow-new",
                "--",
                "an: estate",
            ]


@pytest.mark.needs_git
def test_a_file_of_a_ci_system_is_left_as_it_is_and_the_lines_are_printed(fieldline: Run, starter: Path) -> None:
    repository(starter)
    (starter / ".gitlab-ci.yml").write_text("mine: 1\n")
    before = sorted(path.name for path in starter.iterdir())
    done = fieldline("init", "--ci", "gitlab", cwd=starter)
    assert done.returncode == 2
    assert done.stdout.startswith(
        ".gitlab-ci.yml is there already, and was left as it is. These lines do it:\n\n# What"
    )
    assert "component:" in done.stdout
    assert (starter / ".gitlab-ci.yml").read_text() == "mine: 1\n"
    assert sorted(path.name for path in starter.iterdir()) == before

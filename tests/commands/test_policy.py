"""A policy on the command line: what is known is written and read, what is accepted is told, the days are those given."""

import json
from pathlib import Path

import pytest

from .conftest import Run

WAIVER = "waivers:\n  - {rule: escape, binding: billing, owner: Finance, reason: release 7, expires: 2026-07-01}\n"


def add(estate: Path, policy: str) -> None:
    file = estate / "fieldline.yaml"
    file.write_text(f"{file.read_text()}\n{policy}")


def test_what_is_written_to_the_baseline_is_known_from_then_on(fieldline: Run, starter: Path) -> None:
    add(starter, "baseline: known.yaml\n")
    assert fieldline("check", starter).returncode == 2
    written = fieldline("check", starter, "--write-baseline")
    assert (written.returncode, written.stdout) == (0, "")
    assert written.stderr == f"fieldline: 1 finding is known from now on. Written to {starter / 'known.yaml'}\n"
    known = fieldline("check", starter)
    assert known.returncode == 0
    assert known.stdout.startswith(
        "starter: no open finding. Besides, 1 known.\n\nKnown: 1 in known.yaml\n  error[escape]"
    )
    assert "1 refuted" in known.stdout
    again = (starter / "known.yaml").read_bytes()
    fieldline("check", starter, "--write-baseline")
    assert (starter / "known.yaml").read_bytes() == again


def test_what_comes_anew_fails_beside_what_is_known(fieldline: Run, starter: Path) -> None:
    add(starter, "baseline: known.yaml\n")
    fieldline("check", starter, "--write-baseline")
    contract = starter / "contracts" / "billing.yaml"
    contract.write_text(contract.read_text().replace("max_length: 20}", "max_length: 20, pattern: '[A-Za-z ]*'}"))
    done = fieldline("check", starter, "--output-format", "json")
    assert done.returncode == 1
    states = {f["binding"]["constraint"]: f["state"] for f in json.loads(done.stdout)["findings"]}
    assert states == {"max_length": "known", "pattern": "open"}


@pytest.mark.parametrize("output_format", ["text", "json"])
def test_without_a_place_for_it_no_baseline_is_written(fieldline: Run, starter: Path, output_format: str) -> None:
    (starter / "baseline.yaml").write_text("mine: 1\n")
    before = (starter / "fieldline.yaml").read_bytes()
    done = fieldline("check", starter, "--write-baseline", "--output-format", output_format)
    assert done.returncode == 2
    assert "fieldline.yaml names no baseline, and baseline.yaml is there already" in done.stdout
    assert (starter / "fieldline.yaml").read_bytes() == before
    assert (starter / "baseline.yaml").read_text() == "mine: 1\n"


def test_the_first_run_that_fails_offers_a_baseline_and_it_is_written_and_named(fieldline: Run, starter: Path) -> None:
    offer = "To know all of this from now on, and fail on what is new: fieldline check --write-baseline"
    assert offer in fieldline("check", starter).stdout
    before = (starter / "fieldline.yaml").read_text()
    written = fieldline("check", "--write-baseline", cwd=starter)
    assert (written.returncode, written.stdout) == (0, "")
    assert written.stderr.endswith("fieldline: fieldline.yaml names it from now on.\n")
    assert (starter / "fieldline.yaml").read_text() == f"{before}baseline: baseline.yaml\n"
    checked = fieldline("check", starter)
    assert checked.returncode == 0
    assert offer not in checked.stdout


@pytest.mark.parametrize("content", ["{estate: starter}", "estate: starter\nrules: {loss: error}"])
def test_a_line_is_added_only_where_it_is_a_key_of_the_whole(fieldline: Run, starter: Path, content: str) -> None:
    (starter / "fieldline.yaml").write_text(content)
    done = fieldline("check", starter, "--write-baseline")
    named = content != "{estate: starter}"
    assert done.returncode == (0 if named else 2), done.stdout
    assert (starter / "fieldline.yaml").read_text() == (f"{content}\nbaseline: baseline.yaml\n" if named else content)
    assert (starter / "baseline.yaml").exists() is named


@pytest.mark.parametrize(
    ("rejects", "accepts", "state"),
    [
        ("max_length: 18", "max_length: 60", "open"),  # tighter
        ("max_length: 20", "max_length: 61", "open"),  # the entry accepts more
        ("max_length: 25", "max_length: 60", "known"),  # better
        ("max_length: 20", "max_length: 40", "known"),
        ("max_length: 25", "max_length: 61", "open"),
        ("max_utf16: 20", "max_length: 60", "open"),  # another constraint
    ],
)
def test_a_baseline_hides_no_tightening(fieldline: Run, starter: Path, rejects: str, accepts: str, state: str) -> None:
    fieldline("check", "--write-baseline", cwd=starter)
    for name, old, new in (("billing", "max_length: 20", rejects), ("website", "max_length: 60", accepts)):
        file = starter / "contracts" / f"{name}.yaml"
        assert old in file.read_text()
        file.write_text(file.read_text().replace(old, new))
    crm = starter / "contracts" / "crm.yaml"
    crm.write_text(crm.read_text().replace("max_length: 60", "max_length: 70"))
    done = fieldline("check", starter, "--output-format", "json")
    (finding,) = (f for f in json.loads(done.stdout)["findings"] if f["rule"] == "escape")
    assert finding["state"] == state
    outgrown = state == "open" and "utf16" not in rejects
    assert finding["outgrown"] == ("at most 20 characters; failed: 21 to 60 characters" if outgrown else None)
    assert done.returncode == (state == "open")


def test_a_baseline_is_never_written_outside_the_estate(fieldline: Run, starter: Path, tmp_path: Path) -> None:
    add(starter, "baseline: known.yaml\n")
    (starter / "known.yaml").symlink_to(tmp_path / "elsewhere.yaml")
    done = fieldline("check", starter, "--write-baseline")
    assert done.returncode == 2
    assert "leads out of the estate" in done.stdout
    assert not (tmp_path / "elsewhere.yaml").exists()


def test_an_estate_that_cannot_be_read_leaves_the_old_baseline(fieldline: Run, broken: Path) -> None:
    add(broken, "baseline: known.yaml\n")
    (broken / "known.yaml").write_text("the old one\n")
    assert fieldline("check", broken, "--write-baseline").returncode == 2
    assert (broken / "known.yaml").read_text() == "the old one\n"


def test_a_waiver_holds_on_its_last_day_and_fails_on_the_next(fieldline: Run, starter: Path) -> None:
    add(starter, WAIVER)
    held = fieldline("check", starter, "--today", "2026-07-01")
    assert held.returncode == 0
    assert "Waived: 1, each until its day\n  error[escape] website.signup.company accepts" in held.stdout
    assert "    waived until 2026-07-01 by Finance: release 7\n" in held.stdout
    for done in (
        fieldline("check", starter, "--today", "2026-07-02"),
        fieldline("check", starter, FIELDLINE_TODAY="2026-07-02"),
    ):
        assert done.returncode == 1
        assert done.stdout.startswith("starter: 2 errors.")
        assert "error[expired-waiver] the waiver for escape at billing expired after 2026-07-01" in done.stdout


def test_without_a_day_given_it_is_judged_today(fieldline: Run, starter: Path) -> None:
    add(starter, WAIVER.replace("2026-07-01", "9999-12-31"))
    assert fieldline("check", starter).returncode == 0
    file = starter / "fieldline.yaml"
    file.write_text(file.read_text().replace("9999-12-31", "2020-01-01"))
    assert fieldline("check", starter).returncode == 1


def test_a_rule_that_is_off_is_told_to_be_off_and_nothing_is_clean(fieldline: Run, starter: Path) -> None:
    add(starter, "rules: {escape: off}\n")
    done = fieldline("check", starter)
    assert done.returncode == 0
    assert done.stdout.startswith("starter: no open finding. Besides, 1 of rules that are off.\n")
    assert "Off: escape (1).\n" in done.stdout
    assert "clean" not in done.stdout
    for output_format in ("github", "markdown"):
        assert "1 of rules that are off" in fieldline("check", starter, "--output-format", output_format).stdout


def test_the_estate_says_what_fails_and_the_command_line_has_the_last_word(fieldline: Run, starter: Path) -> None:
    add(starter, "fail_on: never\n")
    assert fieldline("check", starter).returncode == 0
    assert fieldline("check", starter, "--fail-on", "error").returncode == 1


def test_in_a_workflow_the_summary_is_added_to_the_job_s(fieldline: Run, starter: Path, tmp_path: Path) -> None:
    summary = tmp_path / "summary.md"
    summary.write_text("# Before\n")
    command = ("check", starter, "--output-format")
    fieldline(*command, "github", GITHUB_STEP_SUMMARY=str(summary))
    assert summary.read_text() == "# Before\n" + fieldline(*command, "markdown").stdout
    fieldline("check", starter / "nowhere", "--output-format", "github", GITHUB_STEP_SUMMARY=str(summary))
    assert "Check not run" in summary.read_text()
    told = summary.read_text()
    fieldline(*command, "sarif", GITHUB_STEP_SUMMARY=str(summary))
    assert summary.read_text() == told


@pytest.mark.parametrize("repository", [".git", ""])
def test_files_are_named_as_they_are_in_the_repository(
    fieldline: Run, starter: Path, tmp_path: Path, repository: str
) -> None:
    """Without a repository, as from the current folder."""
    (tmp_path / repository).mkdir(exist_ok=True)
    for estate, cwd in (("estate", tmp_path), (starter / "fieldline.yaml", tmp_path), (starter, tmp_path)):
        told = json.loads(fieldline("check", estate, "--output-format", "gitlab", cwd=cwd).stdout)
        assert [issue["location"]["path"] for issue in told] == ["estate/contracts/website.yaml"]
    inside = json.loads(fieldline("check", "--output-format", "gitlab", cwd=starter).stdout)
    assert inside[0]["location"]["path"] == ("estate/" * bool(repository)) + "contracts/website.yaml"

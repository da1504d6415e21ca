"""`fieldline init`: an estate that works, and nothing overwritten."""

from pathlib import Path

import pytest

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

"""Which examples a law is tried with: the same in every run of `make test`; those of its seed under `make fuzz`."""

import os
import subprocess
import sys
from pathlib import Path

LAW = """
from hypothesis import given, strategies as st

@given(st.integers())
def test_a_law(number):
    print("drawn", number)
"""


def drawn(root: Path, folder: Path, *options: str, times: int = 1) -> list[str]:
    """The examples that this project's conftest has a law tried with."""
    (folder / "conftest.py").write_text((root / "tests" / "conftest.py").read_text())
    (folder / "test_law.py").write_text(LAW)
    where = ("-c", root / "pyproject.toml", "--rootdir", folder, "-p", "no:cacheprovider", "-s")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *where, *options, folder],
        env=os.environ | {"FIELDLINE_FUZZ_TIMES": str(times)},
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )
    return [line for line in done.stdout.splitlines() if "drawn" in line]


def test_every_run_tries_the_same_examples(root: Path, tmp_path: Path) -> None:
    first = drawn(root, tmp_path)
    assert len(first) == 25
    assert drawn(root, tmp_path, "--hypothesis-seed=1") == first
    assert not (tmp_path / ".hypothesis" / "examples").exists()


def test_a_fuzz_tries_those_of_its_seed_and_as_many_times_as_many_as_it_is_told(root: Path, tmp_path: Path) -> None:
    fuzz = ("--hypothesis-profile=fuzz", "-m", "hypothesis")
    one, again, other = (drawn(root, tmp_path, *fuzz, f"--hypothesis-seed={seed}", times=2) for seed in (1, 1, 2))
    assert len(one) == 200
    assert one == again
    assert one != other

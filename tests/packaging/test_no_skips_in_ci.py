"""CI skips nothing: whatever way a test has of not running, it has failed there."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

WAYS_NOT_TO_RUN = {
    "mark": "@pytest.mark.skip\ndef test_nothing(): pass",
    "condition": "@pytest.mark.skipif(True, reason='never')\ndef test_nothing(): pass",
    "call": "def test_nothing(): pytest.skip('not today')",
    "fixture": "@pytest.fixture\ndef gone(): pytest.skip('not today')\ndef test_nothing(gone): pass",
    "whole file": "pytest.skip('not today', allow_module_level=True)",
    "import": "pytest.importorskip('no_such_module')",
    "no estates": "@pytest.mark.needs_estates\ndef test_nothing(): pass",
    "no browser": "@pytest.mark.needs_browser\ndef test_nothing(): pass",
    "no node": "@pytest.mark.needs_node\ndef test_nothing(): pass",
    "expected failure": "@pytest.mark.xfail\ndef test_nothing(): assert False",
}


def test_in_ci_every_test_that_does_not_run_has_failed(root: Path, tmp_path: Path) -> None:
    done = _run_pytest(root, tmp_path, FIELDLINE_CI="1")
    assert done.returncode == pytest.ExitCode.TESTS_FAILED
    assert "2 failed, 1 passed, 8 errors" in done.stdout


def test_elsewhere_a_skipped_test_is_only_skipped(root: Path, tmp_path: Path) -> None:
    done = _run_pytest(root, tmp_path, FIELDLINE_CI="0")
    assert done.returncode == pytest.ExitCode.OK
    assert "1 passed, 9 skipped, 1 xfailed" in done.stdout


def _run_pytest(root: Path, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run this project's conftest, far from the estates and without node, on a test that passes and all that do not."""
    (folder / "conftest.py").write_text((root / "tests" / "conftest.py").read_text())
    (folder / "test_that_passes.py").write_text("def test_something(): pass\n")
    for number, source in enumerate(WAYS_NOT_TO_RUN.values()):
        (folder / f"test_{number}.py").write_text(f"import pytest\n{source}\n")
    options = ("-c", root / "pyproject.toml", "--rootdir", folder, "-p", "no:cacheprovider")
    return subprocess.run(
        [sys.executable, "-m", "pytest", *options, "--continue-on-collection-errors", folder],
        env=os.environ | {"PATH": ""} | environment,
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )

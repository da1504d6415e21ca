"""`fieldline --help` answers at once: what is heavy is imported by the command that uses it."""

import json
import subprocess
import sys

import pytest

HEAVY = {"great_expectations", "networkx", "numpy", "pandas", "pandera", "polars", "sqlglot"}


@pytest.mark.parametrize(
    "code",
    [
        pytest.param("import fieldline", id="the package"),
        pytest.param("import fieldline.cli", id="the command line"),
        pytest.param(
            "import contextlib, io, fieldline.cli\n"
            "sys.argv = ['fieldline', '--help']\n"
            "with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit): fieldline.cli.main()",
            id="the help",
        ),
    ],
)
def test_nothing_heavy_is_imported_by(code: str) -> None:
    script = f"import json, sys\n{code}\nprint(json.dumps([name for name in sys.modules if '.' not in name]))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert sorted(HEAVY & set(json.loads(done.stdout))) == []

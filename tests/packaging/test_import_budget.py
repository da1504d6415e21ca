"""`fieldline --help` answers at once: what is heavy is imported by the command that uses it."""

import json
import subprocess
import sys

import pytest

HEAVY = {
    "babel",
    "cryptography",
    "duckdb",
    "fastapi",
    "great_expectations",
    "jinja2",
    "networkx",
    "numpy",
    "pandas",
    "pandera",
    "polars",
    "rich",
    "sqlalchemy",
    "sqlglot",
    "uvicorn",
    "yaml",
}
COMMANDS = "import fieldline.cli"
HELP = (
    "import contextlib, io, fieldline.cli\n"
    "sys.argv = ['fieldline', '--help']\n"
    "with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit): fieldline.cli.main()"
)
LIGHT = ("fieldline", "fieldline.cli", "fieldline.commands", "fieldline.values", "fieldline.values.error")
"""Of our own modules, those that a command line is made of; and the commands."""


@pytest.mark.parametrize(
    "code",
    [
        pytest.param("import fieldline", id="the package"),
        pytest.param(COMMANDS, id="the command line"),
        pytest.param(HELP, id="the help"),
    ],
)
def test_nothing_heavy_is_imported_by(code: str) -> None:
    assert sorted(HEAVY & {name for name in imported(code) if "." not in name}) == []


@pytest.mark.parametrize("code", [pytest.param(COMMANDS, id="the command line"), pytest.param(HELP, id="the help")])
def test_of_our_own_modules_only_the_commands_are_imported_by(code: str) -> None:
    own = {name for name in imported(code) if name.partition(".")[0] == "fieldline"}
    assert "fieldline.commands.check" in own
    assert sorted(name for name in own if name not in LIGHT and not name.startswith("fieldline.commands.")) == []


def imported(code: str) -> list[str]:
    """The names of the modules that a new process has after running some code."""
    script = f"import json, sys\n{code}\nprint(json.dumps(list(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    names: list[str] = json.loads(done.stdout)
    return names

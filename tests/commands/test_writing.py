"""Where the output goes: any encoding, a reader that leaves, a full disk, a file in the place of an old one."""

import contextlib
import fcntl
import json
import os
import pty
import resource
import struct
import subprocess
import sys
import termios
from pathlib import Path

import pytest

from .conftest import Run

COMMAND = [sys.executable, "-m", "fieldline"]


@pytest.fixture
def nordic(starter: Path) -> Path:
    """An estate whose findings show letters beyond ASCII."""
    contract = starter / "contracts" / "website.yaml"
    contract.write_text(contract.read_text().replace("Company name", "Företagets namn").replace("Norway", "Noreg å"))
    return starter


def test_a_stream_that_does_not_hold_a_letter_gets_it_escaped(fieldline: Run, nordic: Path) -> None:
    done = fieldline("screen", "website", nordic, PYTHONIOENCODING="ascii")
    assert (done.returncode, done.stderr) == (0, "")
    assert "F\\xf6retagets namn" in done.stdout
    assert done.stdout.isascii()


def test_in_the_c_locale_letters_are_printed_as_utf_8(fieldline: Run, nordic: Path) -> None:
    done = fieldline("screen", "website", nordic, LC_ALL="C")
    assert "Företagets namn" in done.stdout


def test_latin_1_is_written_in_latin_1(nordic: Path) -> None:
    environment = os.environ | {"PYTHONIOENCODING": "latin-1"}
    done = subprocess.run([*COMMAND, "screen", "website", nordic], env=environment, capture_output=True, check=False)
    assert "Företagets namn".encode("latin-1") in done.stdout


def test_json_is_ascii_in_every_encoding(fieldline: Run, nordic: Path) -> None:
    command = ("screen", "website", nordic, "--output-format", "json")
    told = {fieldline(*command, PYTHONIOENCODING=name).stdout for name in ("ascii", "utf-8", "latin-1")}
    (text,) = told
    assert text.isascii()
    assert json.loads(text)["screen"]["fields"][0]["title"] == "Företagets namn"


@pytest.mark.parametrize("arguments", [["check"], ["check", "--output-format", "json"], ["explain"]], ids=" ".join)
def test_a_reader_that_leaves_early_is_no_error(starter: Path, arguments: list[str]) -> None:
    estate = [] if arguments == ["explain"] else [str(starter)]
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run([*COMMAND, *arguments, *estate], stdout=writer, stderr=subprocess.PIPE, check=False)
    os.close(writer)
    assert done.stderr == b""
    assert done.returncode == (1 if estate else 0)


def test_head_sees_the_verdict(starter: Path) -> None:
    script = f'set -o pipefail; "{sys.executable}" -m fieldline check "{starter}" | head -1'
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (1, "starter: 1 error.\n", "")


def test_a_full_disk_behind_standard_output_is_told(starter: Path) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [*COMMAND, "check", str(starter)], stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert (done.returncode, done.stderr) == (2, "fieldline: standard output: No space left on device\n")


def test_a_closed_standard_output_is_told(starter: Path) -> None:
    done = subprocess.run(
        ["bash", "-c", f'"{sys.executable}" -m fieldline check "{starter}" >&-'],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (2, "fieldline: standard output: it is closed\n")


@pytest.mark.parametrize("output_format", ["text", "json"])
def test_a_file_holds_what_would_have_been_printed(
    fieldline: Run, starter: Path, tmp_path: Path, output_format: str
) -> None:
    file = tmp_path / "report"
    printed = fieldline("check", starter, "--output-format", output_format)
    done = fieldline("check", starter, "--output-format", output_format, "--output-file", file)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"fieldline: starter: 1 error. Written to {file}\n"
    assert file.read_text(encoding="utf-8") == printed.stdout


def test_a_file_has_no_colours_unless_they_are_demanded(fieldline: Run, starter: Path, tmp_path: Path) -> None:
    file = tmp_path / "report"
    fieldline("check", starter, "--output-file", file, FORCE_COLOR="1")
    assert "\x1b" not in file.read_text(encoding="utf-8")
    fieldline("check", starter, "--output-file", file, "--color", "always")
    assert "\x1b[" in file.read_text(encoding="utf-8")


def test_a_disk_that_fills_up_leaves_the_old_file_and_nothing_else(starter: Path, tmp_path: Path) -> None:
    file = tmp_path / "report"
    file.write_text("the old report\n")

    def fill() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, 1_000))

    done = subprocess.run(
        [*COMMAND, "check", str(starter), "--output-file", str(file)],
        preexec_fn=fill,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (2, f"fieldline: {file}: File too large\n")
    assert file.read_text() == "the old report\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["estate", "report"]


@pytest.mark.parametrize("there", ["missing/report", ".", "/dev/full"])
def test_a_file_that_cannot_be_written_is_told(fieldline: Run, starter: Path, tmp_path: Path, there: str) -> None:
    done = fieldline("check", starter, "--output-file", there, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"fieldline: {there}: ")


def test_a_link_is_written_through_and_its_permissions_stay(fieldline: Run, starter: Path, tmp_path: Path) -> None:
    file, link = tmp_path / "report", tmp_path / "link"
    file.write_text("old")
    file.chmod(0o640)
    link.symlink_to(file)
    fieldline("check", starter, "--output-file", link)
    assert link.is_symlink()
    assert file.read_text().startswith("starter: 1 error.")
    assert file.stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize(
    ("environment", "option", "coloured"),
    [
        ({}, "auto", False),
        ({"FORCE_COLOR": "1"}, "auto", True),
        ({"FORCE_COLOR": ""}, "auto", False),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, "auto", False),
        ({"NO_COLOR": "1"}, "always", True),
        ({"FORCE_COLOR": "1"}, "never", False),
    ],
)
def test_colour_is_for_terminals_unless_somebody_says_otherwise(
    fieldline: Run, starter: Path, environment: dict[str, str], option: str, *, coloured: bool
) -> None:
    done = fieldline("check", starter, "--color", option, **environment)
    assert ("\x1b[" in done.stdout) == coloured


@pytest.mark.parametrize(("terminal", "coloured"), [("xterm", True), ("dumb", False)])
def test_a_terminal_gets_colour_and_its_own_width(starter: Path, terminal: str, *, coloured: bool) -> None:
    told = on_a_terminal([*COMMAND, "check", str(starter)], columns=60, terminal=terminal)
    assert ("\x1b[" in told) == coloured
    if not coloured:
        assert 50 < max(len(line) for line in told.splitlines()) <= 60


def on_a_terminal(command: list[str], columns: int, terminal: str) -> str:
    """What a command prints on a terminal of so many columns."""
    silent = {"NO_COLOR", "FORCE_COLOR", "COLUMNS"}
    environment = {name: value for name, value in os.environ.items() if name not in silent} | {"TERM": terminal}
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    printed = b""
    with subprocess.Popen(command, stdout=theirs, stderr=theirs, stdin=theirs, env=environment):
        os.close(theirs)
        with contextlib.suppress(OSError):  # EIO: nobody writes any more
            while chunk := os.read(ours, 65_536):
                printed += chunk
    os.close(ours)
    return printed.decode().replace("\r\n", "\n")


@pytest.mark.parametrize("output_format", ["text", "json"])
def test_problems_are_written_where_the_answer_would_be(
    fieldline: Run, broken: Path, tmp_path: Path, output_format: str
) -> None:
    file = tmp_path / "report"
    done = fieldline("check", broken, "--output-file", file, "--output-format", output_format)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("fieldline: Check not run: 3 problems to fix. Written to ")
    assert "entitys" in file.read_text(encoding="utf-8")

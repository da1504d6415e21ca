"""Whatever becomes of an estate's files, a command ends with its answer or with problems: exit code 0, 1 or 2.

It raises nothing, writes nothing, and its work is bounded: the watchdog, of a minute of CPU, never bites.
"""

import io
import os
import random
import signal
import sys
from collections.abc import Iterator
from contextlib import chdir, contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from types import FrameType
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.main import get_command

from fieldline.cli import _run, app

from .mutants import ESTATES, mutant
from .strategies import tries

QUICK = (
    ("check", "--output-format", "json", "{}"),
    ("check", "{}"),
    ("diff", "{whole}", "{}", "--output-format", "sarif"),
    ("diff", "{}", "{whole}", "--output-format", "markdown"),
    ("screen", "web.form", "{}"),
    ("trace", "--at", "shop.person.name", "--value", "ABCDEFGHIJKLMN", "{}"),
    ("graph", "--no-verdicts", "--as", "json", "{}"),
    ("export", "{}", "--system", "shop", "--as", "odcs"),
    ("check", "--output-format", "junit", "{}"),
)
LARGE = (
    ("graph", "--no-verdicts", "--as", "mermaid", "{}"),
    ("export", "{}", "--system", "crm", "--as", "json-schema"),
    ("graph", "--no-verdicts", "--as", "openlineage", "{}"),
)
"""Commands that check nothing: a check of a whole bank takes a second."""
SMALL = ("sources", "starter")


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every estate twice: `NAME`, whose files are changed and changed back, and `NAME-whole`."""
    root = tmp_path_factory.mktemp("mutants")
    for name, files in ESTATES.items():
        for folder in (root / name, root / f"{name}-whole"):
            for file, text in files.items():
                (folder / file).parent.mkdir(parents=True, exist_ok=True)
                (folder / file).write_text(text, "utf-8")
    return root


@pytest.fixture(scope="module")
def one_tree_of_commands() -> Iterator[None]:
    """The commands are put together once: that takes a quarter of the time of a mutant."""
    commands = get_command(app)
    with patch("typer.main.get_command", lambda _: commands):
        yield


@contextmanager
def watched(seconds: int) -> Iterator[None]:
    """Fails where a block takes more CPU than that: a watchdog, never a measure."""

    def bite(_: int, __: FrameType | None) -> None:
        pytest.fail(f"more than {seconds} s of CPU", pytrace=True)

    before = signal.signal(signal.SIGPROF, bite)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


@contextmanager
def silenced() -> Iterator[io.BytesIO]:
    """Keeps what a block shows, of one mutant at a time."""
    shown = io.BytesIO()
    with (
        redirect_stdout(io.TextIOWrapper(shown, "utf-8", write_through=True)) as out,
        redirect_stderr(io.TextIOWrapper(shown, "utf-8", write_through=True)) as err,
    ):
        yield shown
    out.detach()
    err.detach()


def listed(root: Path) -> list[tuple[str, int]]:
    """Every file below, with the time of its last change."""
    return sorted((entry.path, entry.stat().st_mtime_ns) for where, *_ in os.walk(root) for entry in os.scandir(where))


@tries(4_000)
@pytest.mark.usefixtures("one_tree_of_commands")
@given(seed=st.integers(0, 2**63))
def test_a_mutant_ends_in_an_answer_or_in_problems(folders: Path, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - the same mutant for the same number
    name = chance.choice((*SMALL, *SMALL, *SMALL, *ESTATES))
    file, content = mutant(ESTATES[name], chance)
    words = chance.choice(QUICK if name in SMALL else LARGE)
    folder, whole = folders / name, folders / f"{name}-whole"
    changed = folder / file
    changed.write_bytes(content)
    here = folders / "here"
    here.mkdir(exist_ok=True)
    before = [*listed(folder), *listed(here)]
    given_words = [word.format(folder, whole=whole) for word in words]
    try:
        command = patch.object(sys, "argv", ["fieldline", "--debug", *given_words])
        with command, chdir(here), watched(60), silenced() as shown:
            code = _run()
        assert code in {0, 1, 2}, (seed, name, file, given_words, shown.getvalue()[-2_000:])
        assert [*listed(folder), *listed(here)] == before
    finally:
        changed.write_text(ESTATES[name][file], "utf-8")


def test_the_estate_that_reads_every_format_can_be_read(folders: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with patch.object(sys, "argv", ["fieldline", "check", str(folders / "sources-whole")]):
        code = _run()
    assert code == 1, capsys.readouterr().out

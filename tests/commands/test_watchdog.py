"""A question that takes very much longer than counted work can ends the command by its name, and gives no verdict."""

from __future__ import annotations

import signal
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from fieldline.commands.watchdog import Overrun, Watchdog
from fieldline.values.question import answering, watched_by

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Run

needs_timers = pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="there are no such timers here")

SYSTEM = """system: {name}
owner: {{team: A}}
entities:
  e:
    {kind}
    fields:
      f: {{type: text, pattern: '{pattern}'}}
"""
FLOW = "flows:\n  - {from: one.e.f, to: two.e.f}\n"
ALL_EQUAL = "(a|b)*a(a|b){40}"


@pytest.fixture
def dear(tmp_path: Path) -> Path:
    """An estate with a question that takes a second or so: two patterns that a search gives up."""
    (tmp_path / "contracts").mkdir()
    (tmp_path / "lineage").mkdir()
    (tmp_path / "fieldline.yaml").write_text("estate: dear\n")
    one = SYSTEM.format(name="one", kind="kind: entry", pattern=ALL_EQUAL)
    two = SYSTEM.format(name="two", kind="kind: store", pattern="(a|b)*a((a|b){2}){20}").replace(
        "    kind: store\n", ""
    )
    (tmp_path / "contracts" / "one.yaml").write_text(one)
    (tmp_path / "contracts" / "two.yaml").write_text(two)
    (tmp_path / "lineage" / "flows.yaml").write_text(FLOW)
    return tmp_path


@needs_timers
def test_a_question_beyond_the_limit_ends_the_command_by_its_name(fieldline: Run, dear: Path) -> None:
    done = fieldline("check", dear, "--output-format", "json", FIELDLINE_WATCHDOG="0.01")
    assert (done.returncode, done.stdout) == (3, "")
    assert "one.e" in done.stderr
    assert "two.e.f" in done.stderr or "one.e.f" in done.stderr
    assert "not answered within 0.01 s of CPU" in done.stderr
    assert "no verdict" in done.stderr


@needs_timers
def test_within_the_limit_the_question_ends_by_counted_work(fieldline: Run, dear: Path) -> None:
    done = fieldline("check", dear)
    assert done.returncode == 1
    assert "unknown" in done.stdout
    assert done.stderr == ""


@pytest.mark.parametrize("seconds", ["0", "-1", "nan", "inf", "soon"])
def test_a_limit_that_is_no_number_of_seconds_is_bad_usage(fieldline: Run, dear: Path, seconds: str) -> None:
    done = fieldline("check", dear, FIELDLINE_WATCHDOG=seconds)
    assert done.returncode == 2
    assert "FIELDLINE_WATCHDOG" in done.stderr


def answer_carelessly(name: str) -> None:
    """Answer a question without end, whatever error is raised meanwhile."""
    with answering("the ", name):
        while True:
            with suppress(Exception):
                sum(range(1_000))


@needs_timers
def test_no_handler_of_errors_catches_it_and_later_questions_are_watched_anew() -> None:
    before = signal.getsignal(signal.SIGPROF)
    try:
        watched_by(Watchdog(0.02))
        for name in ("first", "second"):
            with pytest.raises(Overrun) as caught:
                answer_carelessly(name)
            assert caught.value.question == f"the {name}"
    finally:
        watched_by(None)
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)

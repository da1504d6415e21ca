"""`fieldline attempts`."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from .exits import ExitCode
from .options import (
    HERE,
    AnswerFormat,
    AttemptsKeyOption,
    Colour,
    ColourOption,
    FileOption,
    FormatOption,
    path_word,
)
from .output import Output


def attempts_command(
    subject: Annotated[
        str,
        typer.Argument(
            metavar="KEY", help="The subject, as it was sent with its records; - reads it from standard input."
        ),
    ],
    *,
    place: Annotated[
        str | None,
        typer.Option(
            "--in",
            metavar="PLACE",
            help="Where `fieldline serve --attempts` keeps them: a file, or env:VARIABLE. [default: as attempts in "
            "fieldline.yaml says]",
            show_default=False,
        ),
    ] = None,
    opened_for: Annotated[
        str | None,
        typer.Option(
            "--open", metavar="REASON", help="Show the values. The reason, and who gave it, are kept beside them."
        ),
    ] = None,
    estate: Annotated[
        Path,
        typer.Option("--estate", metavar="ESTATE", help="The estate that says where, without --in.", parser=path_word),
    ] = HERE,
    attempts_key: AttemptsKeyOption = None,
    output_format: FormatOption = AnswerFormat.TEXT,
    output_file: FileOption = None,
    color: ColourOption = Colour.AUTO,
) -> int:
    """List the rejected values of a subject.

    What was typed is masked, unless it is opened for a reason. Needs the extra `attempts`.
    """
    from ..estate.kept_attempts import ATTEMPTS_VARIABLE
    from ..estate.load import load_estate
    from ..rows.answers import AttemptsAnswer
    from ..rows.attempts.store import attempts_of, opened_attempts

    if opened_for is not None and not opened_for.strip():
        raise typer.BadParameter("--open needs a reason")
    output = Output("attempts", output_format.value, output_file, color)
    with output.reported_problems():
        key = sys.stdin.readline().rstrip("\n") if subject == "-" else subject
        now = datetime.now(UTC)
        said = load_estate(estate).kept_attempts if place is None else None
        if place is None and said is None:
            raise typer.BadParameter("--in says where they are kept, or attempts in the fieldline.yaml of --estate")
        where, usual = place or (said.place if said else ""), said.key if said else ATTEMPTS_VARIABLE
        if opened_for is None:
            found = attempts_of(where, key, now)
        else:
            found = opened_attempts(where, key, now, key=attempts_key or usual, reason=opened_for, opened_by=_user())
    output.write(AttemptsAnswer(key, found, opened_for is not None))
    return ExitCode.CLEAN


def _user() -> str:
    """The user of this machine who opens them; his number, where he has no name."""
    import getpass
    import os

    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return str(os.getuid())

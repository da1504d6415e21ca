"""`fieldline lock`."""

from typing import Annotated

import typer

from .exits import ExitCode
from .options import HERE, Colour, ColourOption, EstatePath, given_words
from .output import Output
from .writing import write_files


def lock_command(
    estate: EstatePath = HERE,
    *,
    upgrade: Annotated[
        list[str] | None,
        typer.Option(
            "--upgrade",
            metavar="SYSTEM",
            help="Move this system's pin on to what its ref or its address stands for now, a moved tag included; may be "
            "repeated.",
            callback=given_words,
        ),
    ] = None,
    upgrade_all: Annotated[
        bool, typer.Option("--upgrade-all", help="Move all pins on, those of tags that were moved left out.")
    ] = False,
    locked: Annotated[
        bool,
        typer.Option(
            "--locked", help="Fetch what is locked and lock nothing anew: for CI, where the lock is committed."
        ),
    ] = False,
    base: Annotated[
        list[str] | None,
        typer.Option(
            "--base",
            metavar="REVISION",
            help="Fetch also what this revision of the estate has locked: what diff compares with; may be repeated.",
            callback=given_words,
        ),
    ] = None,
    color: ColourOption = Colour.AUTO,
) -> int:
    """Fetch and pin the contracts of other repositories.

    No other command fetches anything.
    """
    from ..application.lock import lock_systems

    if locked and (upgrade or upgrade_all):
        raise typer.BadParameter("--locked moves no pin on")

    output = Output("lock", colour=color, estate=estate)
    with output.reported_problems():
        answer = lock_systems(estate, upgrade or (), base or (), upgrades_all=upgrade_all, adds=not locked)
    if answer.files:
        write_files(answer.root, answer.files)
    output.write(answer)
    return ExitCode.CLEAN

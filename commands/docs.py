"""`fieldline docs`."""

from pathlib import Path
from typing import Annotated

import typer

from .exits import ExitCode
from .options import (
    HERE,
    AllowEnvOption,
    EffortOption,
    EstatePath,
    TodayOption,
    VerdictsOption,
    budget,
    day,
    path_word,
    variables,
)
from .output import Output
from .writing import complain, write_files


def docs_command(
    estate: EstatePath = HERE,
    *,
    folder: Annotated[
        Path, typer.Option("--output-dir", "-o", metavar="FOLDER", help="The folder for the pages.", parser=path_word)
    ],
    verdicts: VerdictsOption = True,
    today: TodayOption = None,
    effort: EffortOption = 1,
    allow_env: AllowEnvOption = None,
) -> int:
    """Write an estate as linked pages.

    One for every system, entry and rule, and the lineage. They are plain HTML, to be opened from a disk or put on any
    server. Only a new or empty folder, or one with such pages, is written to.
    """
    from ..application.overview import estate_overview
    from ..documents.temporary import is_temporary
    from ..estate.load import load_estate
    from ..reports.one_line import headline
    from ..reports.site.site import is_site, site_files

    index = folder / "index.html"
    if (
        folder.is_dir()
        and any(not is_temporary(path) for path in folder.iterdir())
        and not (index.is_file() and is_site(index.read_bytes()))
    ):
        complain(f"nothing was written: {folder} holds other files. Give it a folder of its own")
        return ExitCode.UNUSABLE
    with Output("docs").reported_problems():
        answer = estate_overview(
            load_estate(estate, today=day(today), variables=variables(allow_env)),
            verdicts=verdicts,
            budget=budget(effort),
        )
    pages = site_files(answer.overview)
    # The index comes first: by it the next run knows the folder as one with such pages.
    write_files(folder, {index.name: pages[index.name], **pages})
    complain(f"{headline(answer)} {len(pages)} pages, written to {folder}")
    return ExitCode.CLEAN

"""`fieldline diff`."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .exits import ExitCode
from .options import (
    AllowEnvOption,
    Colour,
    ColourOption,
    EffortOption,
    FailOnOption,
    FileOption,
    FindingsFormat,
    FindingsOption,
    TodayOption,
    budget,
    day,
    given_words,
    pairs,
    path_word,
    variables,
)
from .output import Output
from .writing import complain

if TYPE_CHECKING:
    from ..checker.diff.stored_rows import StoredRows
    from ..estate.load import Estate
    from ..estate.versions import Version

_PAGES = frozenset((".html", ".htm"))
"""Endings of files that a change is drawn in."""


def diff_command(
    base: Annotated[
        str | None,
        typer.Argument(
            metavar="BASE",
            help="The version before: a folder, or a revision.",
            show_default=False,
            callback=given_words,
        ),
    ] = None,
    head: Annotated[
        str | None,
        typer.Argument(metavar="HEAD", help="The version after, likewise.", show_default=False, callback=given_words),
    ] = None,
    *,
    revision: Annotated[
        str | None,
        typer.Option(
            "--base",
            metavar="REVISION",
            help="Compare this revision with the merge of it and what is in the folder, uncommitted changes included.",
            callback=given_words,
        ),
    ] = None,
    estate: Annotated[
        Path | None,
        typer.Option(
            "--estate",
            metavar="ESTATE",
            help="The estate that BASE and HEAD are revisions of; with --replace, the organisation's: a folder or a "
            "snapshot.  [default: .]",
            parser=path_word,
        ),
    ] = None,
    replace: Annotated[
        list[str] | None,
        typer.Option(
            "--replace",
            metavar="SYSTEM=PATH",
            help="Put the contract at this path into the estate, in the place of the system's own: the contract's file, "
            "an estate's folder, or the repository. Revisions are then those of its repository.",
        ),
    ] = None,
    against: Annotated[
        list[str] | None,
        typer.Option(
            "--against",
            metavar="RELEASE",
            help="Compare what is in the folder with this revision, folder or snapshot; repeated: with each of them.",
            callback=given_words,
        ),
    ] = None,
    data: Annotated[
        list[str] | None,
        typer.Option(
            "--data",
            metavar="ENTITY=FILE",
            help="Count the rows of a Parquet or CSV file that the entity's new constraints reject. Instead of a file: "
            "env:VARIABLE/TABLE, a table of the database whose URL the variable holds.",
        ),
    ] = None,
    show_values: Annotated[bool, typer.Option("--show-values", help="Show the keys of such rows unmasked.")] = False,
    output_format: FindingsOption = FindingsFormat.TEXT,
    output_file: FileOption = None,
    fail_on: FailOnOption = None,
    today: TodayOption = None,
    effort: EffortOption = 1,
    allow_env: AllowEnvOption = None,
    color: ColourOption = Colour.AUTO,
) -> int:
    """Report how a change affects every entry upstream of it.

    fieldline diff BASE HEAD, each a folder, a snapshot or a revision; fieldline diff A...B, since the two went apart;
    or fieldline diff --base REVISION [ESTATE], for the estate in its folder. -o CHANGE.html draws the change.
    """
    from ..application.diff import compare_releases, reviewed_folder

    befores, after = _versions(base, head, revision, against, estate, pairs(replace, "SYSTEM=PATH"))
    places = pairs(data, "ENTITY=FILE")
    output = Output("diff", output_format.value, output_file, color, reviewed_folder(after))
    with output.reported_problems():
        stored = partial(_stored, places, shown=show_values) if places else None
        answer = compare_releases(
            befores,
            after,
            day(today),
            fail_on.value if fail_on else None,
            stored,
            budget(effort),
            variables(allow_env, *(place for _, place in places)),
        )
    is_page = output_file is not None and output_file.suffix.lower() in _PAGES
    if is_page and len(befores) > 1:
        raise typer.BadParameter("a page draws one comparison: name one --against")
    if is_page and output_format is FindingsFormat.TEXT:
        output = Output("diff", "html", output_file)
    output.write(answer)
    if output_file is not None or output_format not in {FindingsFormat.TEXT, FindingsFormat.JSON}:
        for note in answer.notes:
            complain(f"{note}.")
    return ExitCode.FINDINGS if answer.ruling.fails else ExitCode.CLEAN


def _stored(places: list[tuple[str, str]], after: "Estate", *, shown: bool) -> "StoredRows":
    from ..rows.use_cases import stored_rows

    return stored_rows(places, after, shown=shown)


def _versions(
    base: str | None,
    head: str | None,
    revision: str | None,
    against: list[str] | None,
    estate: Path | None,
    replace: list[tuple[str, str]],
) -> "tuple[list[Version], Version]":
    """The versions before, and the one after."""
    from ..application.diff import named_versions, versions_of_releases, versions_replaced, versions_since

    replaced = {system: Path(path) for system, path in replace}
    if replaced and estate is None:
        raise typer.BadParameter("with --replace name the estate: --estate ESTATE")
    if len(replaced) > 1 and (base or revision or against):
        raise typer.BadParameter("with several --replace there is no one repository that a revision could be of")
    if revision is not None or against:
        if head is not None or (base is not None and estate is not None) or (revision is not None and against):
            option = "--base" if revision is not None else "--against"
            raise typer.BadParameter(f"with {option} there is only one more thing to name: the estate")
        place = estate or Path(base or ".")
        if against:
            return versions_of_releases(against, place, replaced)
        before, after = versions_since(revision or "", place, replaced)
    elif base is None and replaced:
        before, after = versions_replaced(estate, replaced)
    elif base is None or (head is None and "..." not in base):
        raise typer.BadParameter("name both BASE and HEAD, or BASE...HEAD, or --base REVISION")
    else:
        before, after = named_versions(base, head, estate, replaced)
    return [before], after

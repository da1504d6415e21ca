"""`fieldline diff`."""

from dataclasses import replace
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
    from collections.abc import Callable

    from ..application.answers import DiffAnswer
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
            help="Compare the estate in its folder with this revision of it.",
            callback=given_words,
        ),
    ] = None,
    estate: Annotated[
        Path | None,
        typer.Option(
            "--estate",
            metavar="ESTATE",
            help="The estate that BASE and HEAD are revisions of.  [default: .]",
            parser=path_word,
        ),
    ] = None,
    what_if: Annotated[
        list[str] | None,
        typer.Option(
            "--what-if",
            metavar="CONSTRAINT=VALUE",
            help="Compare the estate in its folder with itself as it would be with another constraint: "
            "crm.person.login.max_length=20. No value: without it. Several at once are one change.",
        ),
    ] = None,
    allow_new: Annotated[
        bool,
        typer.Option(
            "--allow-new", help="With --base: succeed where the revision holds no estate there, as nothing broke."
        ),
    ] = False,
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
    page_url: Annotated[
        str | None,
        typer.Option("--page-url", metavar="URL", help="Where -o CHANGE.html will be read: linked from the comment."),
    ] = None,
    output_format: FindingsOption = FindingsFormat.TEXT,
    output_file: FileOption = None,
    fail_on: FailOnOption = None,
    today: TodayOption = None,
    effort: EffortOption = 1,
    allow_env: AllowEnvOption = None,
    color: ColourOption = Colour.AUTO,
) -> int:
    """Report how a change affects every entry upstream of it.

    fieldline diff BASE HEAD, each a folder or a revision; or fieldline diff --base REVISION [ESTATE], for the estate in
    its folder; or fieldline diff --what-if CONSTRAINT=VALUE [ESTATE]. -o CHANGE.html draws the change.
    """
    if page_url is not None and not page_url.startswith(("https://", "http://")):
        raise typer.BadParameter("--page-url needs an address that begins with https://")
    if allow_new and revision is not None and _is_new(revision, estate or Path(base or ".")):
        return ExitCode.CLEAN
    comparison, path = _comparison(base, head, revision, estate, what_if)
    places = pairs(data, "ENTITY=FILE")
    output = Output("diff", output_format.value, output_file, color, path)
    with output.reported_problems():
        stored = partial(_stored, places, shown=show_values) if places else None
        answer = comparison(
            day(today),
            fail_on.value if fail_on else None,
            stored,
            budget(effort),
            variables(allow_env, *(place for _, place in places)),
        )
    answer = replace(answer, page=page_url)
    is_page = output_file is not None and output_file.suffix.lower() in _PAGES
    if is_page and output_format is FindingsFormat.TEXT:
        output = Output("diff", "html", output_file)
    output.write(answer)
    return ExitCode.FINDINGS if answer.ruling.fails else ExitCode.CLEAN


def _stored(places: list[tuple[str, str]], after: "Estate", *, shown: bool) -> "StoredRows":
    from ..rows.use_cases import stored_rows

    return stored_rows(places, after, shown=shown)


def _is_new(revision: str, estate: Path) -> bool:
    """Whether the estate is not in the revision yet; it is said, too."""
    from ..application.repository import holds_no_estate

    is_new = holds_no_estate(revision, estate)
    if is_new:
        complain(
            f"{revision} holds no estate in {estate}: all of it is new, and nothing was compared. See fieldline check."
        )
    return is_new


def _comparison(
    base: str | None, head: str | None, revision: str | None, estate: Path | None, what_if: list[str] | None
) -> "tuple[Callable[..., DiffAnswer], Path]":
    """The comparison that the words ask for, and the folder of the version after."""
    if what_if:
        from ..application.what_if import compare_supposed

        if head is not None or revision is not None or (base is not None and estate is not None):
            raise typer.BadParameter("with --what-if there is only one more thing to name: the estate")
        path = estate or path_word(base or ".")
        return partial(compare_supposed, path, what_if), path
    from ..application.diff import compare

    before, after = _versions(base, head, revision, estate)
    return partial(compare, before, after), after.path


def _versions(
    base: str | None, head: str | None, revision: str | None, estate: Path | None
) -> "tuple[Version, Version]":
    from ..application.diff import named_versions, versions_since

    if revision is not None:
        if head is not None or (base is not None and estate is not None):
            raise typer.BadParameter("with --base there is only one more thing to name: the estate")
        return versions_since(revision, estate or Path(base or "."))
    if base is None or head is None:
        raise typer.BadParameter("name both BASE and HEAD, or --base REVISION")
    return named_versions(base, head, estate)

"""`fieldline diff`."""

from dataclasses import dataclass, replace
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
    replaced: Annotated[
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

    fieldline diff BASE HEAD, each a folder, a snapshot or a revision; fieldline diff A...B, since the two went apart;
    fieldline diff --base REVISION [ESTATE], for the estate in its folder; or fieldline diff --what-if CONSTRAINT=VALUE
    [ESTATE]. -o CHANGE.html draws the change.
    """
    if page_url is not None and not page_url.startswith(("https://", "http://")):
        raise typer.BadParameter("--page-url needs an address that begins with https://")
    if allow_new and revision is not None and _is_new(revision, estate or Path(base or ".")):
        return ExitCode.CLEAN
    named = _Named(base, head, revision, tuple(against or ()), estate, tuple(pairs(replaced, "SYSTEM=PATH")))
    comparison, path = _supposed(named, what_if) if what_if else _of_versions(named)
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
    if is_page and len(named.against) > 1:
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


def _is_new(revision: str, estate: Path) -> bool:
    """Whether the estate is not in the revision yet; it is said, too."""
    from ..application.repository import holds_no_estate

    is_new = holds_no_estate(revision, estate)
    if is_new:
        complain(
            f"{revision} holds no estate in {estate}: all of it is new, and nothing was compared. See fieldline check."
        )
    return is_new


@dataclass(frozen=True)
class _Named:
    """The words that name what is compared."""

    base: str | None
    head: str | None
    revision: str | None
    against: tuple[str, ...]
    estate: Path | None
    replaced: tuple[tuple[str, str], ...]

    @property
    def folder(self) -> Path:
        """The estate, where it is the one thing that is named by a word alone."""
        return self.estate or path_word(self.base or ".")

    def require_one_word(self, option: str) -> None:
        """Raises typer.BadParameter where more is named beside an option than the estate."""
        if self.head is not None or (self.base is not None and self.estate is not None):
            raise typer.BadParameter(f"with {option} there is only one more thing to name: the estate")


def _supposed(named: _Named, what_if: list[str]) -> "tuple[Callable[..., DiffAnswer], Path]":
    """The comparison with other constraints, and the folder of the estate."""
    from ..application.what_if import compare_supposed

    named.require_one_word("--what-if")
    if named.revision is not None or named.against or named.replaced:
        raise typer.BadParameter("with --what-if there is only one more thing to name: the estate")
    return partial(compare_supposed, named.folder, what_if), named.folder


def _of_versions(named: _Named) -> "tuple[Callable[..., DiffAnswer], Path]":
    """The comparison of the versions that are named, and the folder of the one after."""
    from ..application.diff import compare_releases, reviewed_folder

    befores, after = _versions(named)
    return partial(compare_releases, befores, after), reviewed_folder(after)


def _versions(named: _Named) -> "tuple[list[Version], Version]":
    """The versions before, and the one after."""
    from ..application.diff import named_versions, versions_of_releases, versions_replaced, versions_since

    base, revision, estate = named.base, named.revision, named.estate
    replaced = {system: Path(path) for system, path in named.replaced}
    if replaced and estate is None:
        raise typer.BadParameter("with --replace name the estate: --estate ESTATE")
    if len(replaced) > 1 and (base or revision or named.against):
        raise typer.BadParameter("with several --replace there is no one repository that a revision could be of")
    if revision is not None or named.against:
        option = "--base" if revision is not None else "--against"
        named.require_one_word(option)
        if revision is not None and named.against:
            raise typer.BadParameter(f"with {option} there is only one more thing to name: the estate")
        if named.against:
            return versions_of_releases(named.against, named.folder, replaced)
        before, after = versions_since(revision or "", named.folder, replaced)
    elif base is None and replaced:
        before, after = versions_replaced(estate, replaced)
    elif base is None or (named.head is None and "..." not in base):
        raise typer.BadParameter("name both BASE and HEAD, or BASE...HEAD, or --base REVISION")
    else:
        before, after = named_versions(base, named.head, estate, replaced)
    return [before], after

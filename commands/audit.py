"""`fieldline audit`."""

from contextlib import nullcontext
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .exits import ExitCode
from .options import (
    HERE,
    AllowEnvOption,
    AnswerFormat,
    Colour,
    ColourOption,
    EffortOption,
    EstatePath,
    FileOption,
    FormatOption,
    NowOption,
    TodayOption,
    budget,
    day,
    pairs,
    path_word,
    variables,
)
from .output import Output
from .progress import progress_bar
from .writing import complain, replace_file, replaced_folder

if TYPE_CHECKING:
    from datetime import date

    from ..documents.variables import Variables
    from ..rows.answers import AuditAnswer
    from ..rows.quarantine import RejectedRows
    from ..rows.sources import Progress


class FilesChoice(StrEnum):
    """The engine with which Great Expectations reads files."""

    PANDAS = "pandas"
    SPARK = "spark"


def audit_command(
    system: Annotated[
        str | None,
        typer.Argument(
            metavar="SYSTEM", help="The name of the system. With --across, in its place: the estate's folder."
        ),
    ] = None,
    estate: EstatePath = HERE,
    *,
    across: Annotated[
        bool,
        typer.Option(
            "--across",
            help="Instead: hold the records of all stores against every rule over records and between fields.",
        ),
    ] = False,
    keys: Annotated[
        Path | None,
        typer.Option(
            "--keys",
            metavar="FILE",
            help="With --across: write the keys of all records that break a rule there: .csv, .parquet or .ndjson.",
            parser=path_word,
        ),
    ] = None,
    now: NowOption = None,
    effort: EffortOption = 1,
    database: Annotated[
        str | None,
        typer.Option("--database", metavar="VARIABLE", help="The environment variable with the database's URL."),
    ] = None,
    data: Annotated[
        list[str] | None,
        typer.Option(
            "--data", metavar="ENTITY=FILE", help="Instead of a database: a file of the entity's rows; may be repeated."
        ),
    ] = None,
    engine: Annotated[
        FilesChoice, typer.Option("--engine", help="The engine that reads the files. spark: only Parquet.")
    ] = FilesChoice.PANDAS,
    data_docs: Annotated[
        Path | None,
        typer.Option(
            "--data-docs",
            metavar="FOLDER",
            help="Write Great Expectations' Data Docs to this new folder.",
            parser=path_word,
        ),
    ] = None,
    profile: Annotated[
        bool, typer.Option("--profile", help="Propose a contract instead, from the database's constraints and rows.")
    ] = False,
    output_format: FormatOption = AnswerFormat.TEXT,
    today: TodayOption = None,
    allow_env: AllowEnvOption = None,
    output_file: FileOption = None,
    color: ColourOption = Colour.AUTO,
) -> int:
    """Check the rows a system stores against its own contract.

    Great Expectations queries the database (PostgreSQL, MySQL, MariaDB or SQLite), or reads files with pandas or Apache
    Spark. Exit code 1: some row breaks the contract, or a table is missing. With --profile, a contract is written, each
    constraint with its evidence. Needs the extra `audit`, for a database also `database`.

    With --across, the stores of the estate are read whole: how many records break a rule, in which ways, and what that
    means. Exit code 1: some do, or not all were judged. Needs the extra `rows`.
    """
    from ..documents.temporary import is_temporary

    if across:
        if database is not None or data or data_docs is not None or profile or estate != HERE:
            raise typer.BadParameter("--across reads the stores of an estate: give its folder, and no rows")
        folder_of_estate = HERE if system is None else Path(system)
        output = Output("across", output_format.value, output_file, color)
        return _across(folder_of_estate, keys, now or datetime.now(UTC), day(today), allow_env, effort, output)
    if keys is not None or system is None:
        raise typer.BadParameter("name a system, or give --across" if system is None else "--keys needs --across")
    named = variables(allow_env, None if database is None else f"env:{database}")
    if (database is None) == (not data):
        raise typer.BadParameter("give either --database VARIABLE or --data ENTITY=FILE")
    if profile:
        if database is None or data_docs is not None or output_format is not AnswerFormat.TEXT:
            raise typer.BadParameter("--profile writes a contract of a database: neither Data Docs nor JSON")
        return _write_profile(system, estate, database, output_file, named)
    if (
        data_docs is not None
        and data_docs.exists()
        and (not data_docs.is_dir() or any(not is_temporary(path) for path in data_docs.iterdir()))
    ):
        raise typer.BadParameter(f"{data_docs} is not a new folder")
    places = pairs(data, "ENTITY=FILE")

    def ask(progress: "Progress", docs: Path | None) -> "AuditAnswer":
        from ..estate.load import load_estate
        from ..rows.use_cases import audit_database, audit_files

        loaded = load_estate(estate, today=day(today), variables=named)
        if database is not None:
            return audit_database(loaded, system, database, docs, progress)
        return audit_files(loaded, system, places, engine.value, docs, progress)

    output = Output("audit", output_format.value, output_file, color)
    folder = nullcontext(None) if data_docs is None else replaced_folder(data_docs)
    with output.reported_problems(), folder as docs, progress_bar() as progress:
        answer = ask(progress, docs)
    output.write(answer)
    if data_docs is not None:
        complain(f"Data Docs: {data_docs / 'index.html'}")
    if answer.skipped:
        complain(f"not audited, because no file was given: {', '.join(answer.skipped)}")
    return ExitCode.CLEAN if answer.is_clean else ExitCode.FINDINGS


def _across(
    root: Path,
    keys: Path | None,
    now: datetime,
    today: "date | None",
    allow_env: list[str] | None,
    effort: int,
    output: Output,
) -> int:
    from ..estate.load import load_estate
    from ..rows.across.across import audit_across
    from ..rows.quarantine import SINKS, write_rejected

    ending = keys.suffix.lower() if keys else ".csv"
    if ending not in SINKS:
        raise typer.BadParameter(f"a file of keys ends in {', '.join(SINKS)}")

    def write_keys(rows: "RejectedRows") -> None:
        if keys is not None:
            replace_file(keys, lambda path: write_rejected(rows, path, ending))

    with output.reported_problems(), progress_bar() as progress:
        loaded = load_estate(root, today=today, variables=variables(allow_env))
        answer = audit_across(loaded, now, progress, keys=None if keys is None else write_keys, budget=budget(effort))
    output.write(answer)
    if keys is not None:
        complain(f"Keys written to {keys}")
    return ExitCode.CLEAN if answer.is_clean else ExitCode.FINDINGS


def _write_profile(system: str, root: Path, variable: str, file: Path | None, allowed: "Variables") -> int:
    from ..rows.use_cases import profile_database

    with Output("audit").reported_problems(), progress_bar() as progress:
        answer = profile_database(system, variable, root, progress, allowed)
    Output("audit", "yaml", file).write(answer)
    return ExitCode.CLEAN

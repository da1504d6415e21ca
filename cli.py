"""The command line: each command loads, asks the checker once, and hands the answer to one report.

Only this module writes, and picks the exit code:

    0   clean, or a question was answered
    1   findings at or above --fail-on
    2   bad usage, or something that could not be read or written: nothing is claimed
    3   an internal error: a bug in Fieldline
"""

from __future__ import annotations

import errno
import gc
import os
import shutil
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TextIO, TypeVar

import typer

from . import __version__

if TYPE_CHECKING:
    from .checker.diff.stored_rows import StoredRows
    from .checker.verdict.overview import Overview
    from .checker.verdict.policy import Ruling
    from .contracts.model import System
    from .documents.problem import Problem
    from .estate.load import Estate
    from .estate.versions import Version
    from .reports.ci.answer import Answer
    from .reports.text.page import Look
    from .rows.sources import Progress

_T = TypeVar("_T")

_PIPE_WIDTH = 100
_STDOUT = "standard output"
_PAGES = frozenset((".html", ".htm"))
"""Endings of files that a change is drawn in."""

_USAGE_ERROR: type[Exception] = typer.BadParameter.__bases__[0]
"""The base of all that is wrong with a command line. Typer names it nowhere, and may have its own copy of click."""

app = typer.Typer(
    help="Says, before a value is typed, whether every system downstream takes it; and proves it when one does not.",
    epilog="Exit codes: 0 clean, 1 findings, 2 bad usage or input (nothing was judged), 3 a bug in Fieldline.",
    rich_markup_mode=None,
    add_completion=False,
    pretty_exceptions_enable=False,
)


class OutputFormat(StrEnum):
    """How an answer is written."""

    TEXT = "text"
    JSON = "json"


class FindingsFormat(StrEnum):
    """How findings are written."""

    TEXT = "text"
    JSON = "json"
    GITHUB = "github"
    GITLAB = "gitlab"
    SARIF = "sarif"
    JUNIT = "junit"
    MARKDOWN = "markdown"


class ExplainFormat(StrEnum):
    """How an explanation is written."""

    TEXT = "text"
    MARKDOWN = "markdown"


class GraphForm(StrEnum):
    """What a graph is written as."""

    HTML = "html"
    MERMAID = "mermaid"
    DOT = "dot"
    GRAPHML = "graphml"
    JSON = "json"
    OPENLINEAGE = "openlineage"
    SVG = "svg"


class ExportFormat(StrEnum):
    """What a contract is exported as."""

    ODCS = "odcs"
    JSON_SCHEMA = "json-schema"


class ValidatorForm(StrEnum):
    """What a validator is made for."""

    JSON_SCHEMA = "json-schema"
    JSON_SCHEMA_7 = "json-schema-draft-07"
    ES_MODULE = "es-module"
    ZOD = "zod"
    PYDANTIC = "pydantic"
    PANDERA = "pandera"
    GX = "gx"
    HTML = "html"
    SQL_POSTGRES = "sql-postgres"
    SQL_MYSQL = "sql-mysql"
    SQL_DUCKDB = "sql-duckdb"
    SQL_SQLITE = "sql-sqlite"
    QUERY_SPARK = "query-spark"
    QUERY_POSTGRES = "query-postgres"
    QUERY_MYSQL = "query-mysql"
    QUERY_DUCKDB = "query-duckdb"


class Engine(StrEnum):
    """What judges rows."""

    POLARS = "polars"
    SPARK = "spark"
    SQL = "sql"


class FilesEngine(StrEnum):
    """What Great Expectations asks of files."""

    PANDAS = "pandas"
    SPARK = "spark"


class FailOn(StrEnum):
    """The least severity that makes a check fail."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"
    NEVER = "never"


class When(StrEnum):
    """When to colour."""

    AUTO = "auto"
    ALWAYS = "always"
    NEVER = "never"


EstatePath = Annotated[
    Path, typer.Argument(metavar="ESTATE", help="The estate's folder, or its fieldline.yaml.", show_default=False)
]
FormatOption = Annotated[OutputFormat, typer.Option("--output-format", help="text for people, json for programs.")]
FindingsOption = Annotated[
    FindingsFormat,
    typer.Option("--output-format", help="text for people, markdown for a comment, the others for programs."),
]
FailOnOption = Annotated[
    FailOn | None,
    typer.Option(
        "--fail-on", help="The least severity for exit code 1.  [default: fail_on in fieldline.yaml, or error]"
    ),
]
TodayOption = Annotated[
    datetime | None,
    typer.Option(
        "--today", formats=["%Y-%m-%d"], envvar="FIELDLINE_TODAY", help="The day waivers are judged on; today, in UTC."
    ),
]
FileOption = Annotated[
    Path | None,
    typer.Option("--output-file", "-o", metavar="FILE", help="Write the answer to this file, whole or not at all."),
]
ColorOption = Annotated[When, typer.Option("--color", help="Colour text. auto: on a terminal; NO_COLOR, FORCE_COLOR.")]
VerdictsOption = Annotated[
    bool, typer.Option("--verdicts/--no-verdicts", help="Judge it too, or show contracts and lineage alone.")
]
HERE = Path()


# --------------------------------------------------------------------------------------------------------- commands


def _print_version(wanted: bool) -> None:
    if wanted:
        _print(f"fieldline {__version__}\n")
        raise typer.Exit


@app.callback()
def _fieldline(
    *,
    _version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
    _debug: Annotated[bool, typer.Option("--debug", help="On an internal error, show the traceback.")] = False,
) -> None:
    pass


@app.command()
def init(folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Where to write it.")] = HERE) -> int:
    """Write a small working estate to begin with.

    Nothing is ever overwritten.
    """
    from .reports.starter_estate import not_started, started_text, starter_files

    files = starter_files()
    taken = [name for name in dict.fromkeys(name.partition("/")[0] for name in files) if os.path.lexists(folder / name)]
    if taken:
        _complain(not_started(str(folder), taken))
        return 2
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        with (folder / name).open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    _print(started_text(str(folder), list(files), _look(When.AUTO, sys.stdout)))
    return 0


@app.command()
def check(
    estate: EstatePath = HERE,
    *,
    output_format: FindingsOption = FindingsFormat.TEXT,
    output_file: FileOption = None,
    fail_on: FailOnOption = None,
    write_baseline: Annotated[
        bool, typer.Option("--write-baseline", help="Write what is found to the baseline: from now on it is known.")
    ] = False,
    today: TodayOption = None,
    color: ColorOption = When.AUTO,
) -> int:
    """Judge every entry of an estate against everything behind it."""
    from .checker.verdict.check import check as judge
    from .checker.verdict.policy import rule_estate
    from .reports.ci.answer import Answer
    from .reports.json.check import check_json, check_problems_json
    from .reports.text.check import check_headline, check_text

    output = _Output(output_format, output_file, color, "check", _folder(estate))
    with output.problems_told(check_problems_json):
        loaded = _load_to_write_baseline(estate) if write_baseline else _load(estate)
        report = judge(loaded)
    ruling = rule_estate(loaded, report.findings, _day(today), fail_on.value if fail_on else None)
    if write_baseline:
        return _write_baseline(loaded, ruling)
    output.write_findings(
        Answer(
            "check", check_headline(report, ruling, loaded), ruling, loaded, output.folder, report.summary.proved_fields
        ),
        lambda look: check_text(report, ruling, loaded, look),
        lambda: check_json(report, ruling),
    )
    return 1 if ruling.fails else 0


@app.command()
def diff(
    base: Annotated[
        str | None,
        typer.Argument(metavar="BASE", help="The version before: a folder, or a revision.", show_default=False),
    ] = None,
    head: Annotated[
        str | None, typer.Argument(metavar="HEAD", help="The version after, likewise.", show_default=False)
    ] = None,
    *,
    revision: Annotated[
        str | None,
        typer.Option("--base", metavar="REVISION", help="Compare the estate as it lies here with this revision of it."),
    ] = None,
    estate: Annotated[
        Path | None,
        typer.Option(
            "--estate", metavar="ESTATE", help="The estate that BASE and HEAD are revisions of.  [default: .]"
        ),
    ] = None,
    data: Annotated[
        list[str] | None,
        typer.Option(
            "--data",
            metavar="ENTITY=FILE",
            help="Count the rows of a Parquet or CSV file that the entity's new rule refuses. Instead of a file: "
            "env:VARIABLE/TABLE, a table of the database whose URL the variable holds.",
        ),
    ] = None,
    show_values: Annotated[
        bool, typer.Option("--show-values", help="Show the keys of such rows as they are; else they are masked.")
    ] = False,
    output_format: FindingsOption = FindingsFormat.TEXT,
    output_file: FileOption = None,
    fail_on: FailOnOption = None,
    today: TodayOption = None,
    color: ColorOption = When.AUTO,
) -> int:
    """Say what a change does to every entry upstream of it.

    fieldline diff BASE HEAD, each a folder or a revision; or fieldline diff --base REVISION [ESTATE], for the estate as
    it lies here. -o CHANGE.html draws it.
    """
    from .checker.diff.diff import diff as compare
    from .checker.verdict.policy import apply_policy
    from .estate.versions import load_versions
    from .reports.ci.answer import Answer
    from .reports.json.diff import diff_json, diff_problems_json
    from .reports.text.diff import diff_headline, diff_text

    before, after = _versions(base, head, revision, estate)
    output = _Output(output_format, output_file, color, "diff", _folder(after.path))
    with output.problems_told(diff_problems_json):
        old, new = load_versions(before, after)
        found = compare(old, new, _stored(data or (), new, shown=show_values))
    ruling = apply_policy(new.policy, found.findings, _day(today), fail_on.value if fail_on else None)
    if output_format is FindingsFormat.TEXT and output_file is not None and output_file.suffix.lower() in _PAGES:
        from .checker.verdict.overview import overview_of_change
        from .reports.page.changes import shown_changes
        from .reports.page.page import lineage_page

        _deliver(
            lineage_page(overview_of_change(old, new), shown_changes(found)),
            output_file,
            diff_headline(found, ruling, new),
        )
        return 1 if ruling.fails else 0
    lines = frozenset((c.after.location.file, c.after.location.line) for c in found.changes if c.after is not None)
    output.write_findings(
        Answer("diff", diff_headline(found, ruling, new), ruling, new, output.folder, changed=lines, change=found),
        lambda look: diff_text(found, ruling, old, new, look),
        lambda: diff_json(found, ruling),
    )
    return 1 if ruling.fails else 0


@app.command()
def screen(
    entry: Annotated[str, typer.Argument(metavar="ENTRY", help="system.entity, or one of the two if it is unique.")],
    estate: EstatePath = HERE,
    *,
    form: Annotated[
        ValidatorForm | None, typer.Option("--as", help="Write a validator that demands it, for this engine.")
    ] = None,
    output_format: FormatOption = OutputFormat.TEXT,
    output_file: FileOption = None,
    color: ColorOption = When.AUTO,
) -> int:
    """Say what an entry must demand, and why.

    First the demands that bind, then those that follow from them. With --as, as a validator; what the engine has no words
    for is told on standard error, and then the exit code is 1.
    """
    if form is not None:
        return _write_validator(entry, estate, form, output_file)
    from .checker.requirement.screen import screen as ask
    from .reports.json.screen import screen_json, screen_problems_json
    from .reports.text.screen import screen_headline, screen_text

    output = _Output(output_format, output_file, color)
    with output.problems_told(screen_problems_json):
        loaded = _load(estate)
        answer = ask(loaded, _entry(loaded, entry))
    output.write(
        lambda look: screen_text(answer, loaded, look),
        lambda: screen_json(answer),
        screen_headline(answer, loaded),
    )
    return 0


@app.command()
def trace(
    estate: EstatePath = HERE,
    *,
    at: Annotated[str, typer.Option("--at", metavar="FIELD", help="Where the value is: system.entity.field.")],
    value: Annotated[str | None, typer.Option("--value", metavar="VALUE", help="The value, as it is there.")] = None,
    null: Annotated[bool, typer.Option("--null", help="There is no value: the field is null.")] = False,
    output_format: FormatOption = OutputFormat.TEXT,
    output_file: FileOption = None,
    color: ColorOption = When.AUTO,
) -> int:
    """Tell where a failed value began, and what to do.

    Who refuses it and why, which entry let it in, what became of it at every hop, who may repair it, how long that
    takes, and what to tell the customer.
    """
    from .checker.tracing.trace import read_at
    from .checker.tracing.trace import trace as ask
    from .reports.json.trace import trace_json, trace_problems_json
    from .reports.text.trace import answer, trace_text

    if (value is None) != null:
        raise typer.BadParameter("give either --value VALUE or --null")
    output = _Output(output_format, output_file, color)
    with output.problems_told(trace_problems_json):
        loaded = _load(estate)
        traced = ask(loaded, at, read_at(loaded, at, value))
    output.write(
        lambda look: trace_text(traced, loaded, look),
        lambda: trace_json(traced, loaded),
        answer(traced, loaded),
    )
    return 0


@app.command()
def validate(
    files: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE...",
            help="CSV, Parquet, NDJSON, Arrow or Excel, all alike, or folders of them; or one table: env:VARIABLE/TABLE.",
        ),
    ],
    *,
    entry: Annotated[str, typer.Option("--entry", metavar="ENTRY", help="The entry that the rows are records of.")],
    estate: Annotated[
        Path, typer.Option("--estate", metavar="FOLDER", help="The estate's folder.", show_default="this folder")
    ] = HERE,
    lossless: Annotated[
        bool, typer.Option("--lossless", help="Count what would arrive altered, too, not only what is refused.")
    ] = False,
    quarantine: Annotated[
        Path | None,
        typer.Option("--quarantine", metavar="FILE", help="Write the bad rows there: .csv, .parquet or .ndjson."),
    ] = None,
    engine: Annotated[
        Engine,
        typer.Option(
            "--engine",
            help="What runs it. spark: Parquet on Apache Spark, as it is set up, or else here. sql: a table where it lies.",
        ),
    ] = Engine.POLARS,
    output_format: FormatOption = OutputFormat.TEXT,
    output_file: FileOption = None,
    color: ColorOption = When.AUTO,
) -> int:
    """Judge the rows of files by what everything behind an entry demands.

    Exit code 1: some row would be refused, or repeats what must be unique.
    """
    from .application.library import Loaded
    from .reports.json.rows import rows_json, rows_problems_json
    from .reports.text.rows import rows_headline, rows_text
    from .rows.engines.registry import ENGINES
    from .rows.quarantine import SINKS

    ending = quarantine.suffix.lower() if quarantine else ".csv"
    if ending not in SINKS:
        raise typer.BadParameter(f"a quarantine file ends in {', '.join(SINKS)}")
    output = _Output(output_format, output_file, color)
    with output.problems_told(rows_problems_json), _looking_at() as progress:
        loaded = _load(estate)
        asked = Loaded(loaded).entry(_entry(loaded, entry), lossless=lossless)
        with ENGINES[engine.value](files, asked, progress) as rows:
            judged = rows.judge(progress)
            if quarantine is not None and judged.rejected:
                bad = rows.quarantine(lambda clause: asked.words[clause], progress)
                _replace(quarantine, lambda path: SINKS[ending](bad, path))
    output.write(lambda look: rows_text(judged, loaded, look), lambda: rows_json(judged), rows_headline(judged))
    if quarantine is not None:
        said = f"Bad rows: {judged.rejected:,}. Written to {quarantine}"
        _complain(said if judged.rejected else "No row is bad: nothing was written")
    return 0 if judged.is_clean else 1


@app.command()
def drift(
    system: Annotated[str, typer.Argument(metavar="SYSTEM", help="Whose contract.")],
    estate: EstatePath = HERE,
    *,
    database: Annotated[
        str, typer.Option("--database", metavar="VARIABLE", help="The environment variable with the database's URL.")
    ],
    output_format: FormatOption = OutputFormat.TEXT,
    output_file: FileOption = None,
    color: ColorOption = When.AUTO,
) -> int:
    """Compare a system's contract with what its database enforces.

    Exit code 1: the contract promises what the database does not hold, or that is not known.
    """
    from .reports.json.drift import drift_json, drift_problems_json
    from .reports.text.drift import drift_headline, drift_text
    from .rows.drift import drift as compare

    output = _Output(output_format, output_file, color)
    with output.problems_told(drift_problems_json):
        contracts = _load(estate).contracts
        written = _chosen(system, contracts.systems, "system")
        live = _foreign(system, "database", {"url_env": database}, estate)
    found = compare(written, live)
    output.write(lambda look: drift_text(found, system, look), lambda: drift_json(found), drift_headline(found, system))
    return 1 if any(each.is_wrong for each in found) else 0


@app.command()
def audit(
    system: Annotated[str, typer.Argument(metavar="SYSTEM", help="Whose contract.")],
    estate: EstatePath = HERE,
    *,
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
        FilesEngine, typer.Option("--engine", help="What reads the files. spark: Parquet alone.")
    ] = FilesEngine.PANDAS,
    data_docs: Annotated[
        Path | None,
        typer.Option("--data-docs", metavar="FOLDER", help="Write Great Expectations' Data Docs to this new folder."),
    ] = None,
    profile: Annotated[
        bool, typer.Option("--profile", help="Propose a contract instead, of what is enforced and what is stored.")
    ] = False,
    output_format: FormatOption = OutputFormat.TEXT,
    output_file: FileOption = None,
    color: ColorOption = When.AUTO,
) -> int:
    """Judge what a system really stores by its own contract.

    Great Expectations asks the database (PostgreSQL, MySQL, MariaDB or SQLite), or pandas or Apache Spark of files. Exit
    code 1: some row is not as the contract says, or a table is not there. With --profile, a contract is written, each rule
    with its evidence.
    """
    if (database is None) == (not data):
        raise typer.BadParameter("give either --database VARIABLE or --data ENTITY=FILE")
    if profile:
        if database is None or data_docs is not None or output_format is not OutputFormat.TEXT:
            raise typer.BadParameter("--profile writes a contract of a database: neither Data Docs nor JSON")
        return _write_profile(system, estate, database, output_file)
    if data_docs is not None and data_docs.exists() and (not data_docs.is_dir() or any(data_docs.iterdir())):
        raise typer.BadParameter(f"{data_docs} is not a new folder")
    from .checker.diff.stored_rows import Unreadable
    from .reports.json.audit import audit_json, audit_problems_json
    from .reports.text.audit import audit_headline, audit_text
    from .rows.audit import stores
    from .rows.audit.audit import audit as judge
    from .rows.audit.suites import suites

    output = _Output(output_format, output_file, color)
    with output.problems_told(audit_problems_json), _looking_at() as progress:
        loaded = _load(estate)
        written = _chosen(system, loaded.contracts.systems, "system")
        if not written.entities:
            raise Unreadable(f"the contract of {system} has no entities: nothing can be audited")
        files = _files(data or (), written)
        entities = [each for each in written.entities.values() if database is not None or each.full_name in files]
        there = stores.FILE_STORES[engine.value](files) if database is None else stores.database(database)
        with there as store, suites(data_docs) as run:
            found = judge(written, entities, store, run, progress)
    output.write(
        lambda look: audit_text(found, system, loaded, look), lambda: audit_json(found), audit_headline(found, system)
    )
    if data_docs is not None:
        _complain(f"Data Docs: {data_docs / 'index.html'}")
    skipped = [each.full_name for each in written.entities.values() if each not in entities]
    if skipped:
        _complain(f"not looked at, for no file was given: {', '.join(skipped)}")
    return 0 if all(each.is_clean for each in found) else 1


@app.command("import")
def import_(
    source: Annotated[str, typer.Argument(metavar="FORMAT", help="json_schema, openapi, odcs, …: a word of `from:`.")],
    path: Annotated[
        str, typer.Argument(metavar="PATH", help="A file, a folder, a pattern ('schema/*.json'); or a database.")
    ],
    *,
    system: Annotated[str, typer.Option("--system", metavar="NAME", help="The system's name.")],
    option: Annotated[
        list[str] | None,
        typer.Option("--option", metavar="KEY=VALUE", help="An option of the format; may be repeated."),
    ] = None,
    only: Annotated[
        list[str] | None, typer.Option("--only", metavar="ENTITY", help="Read this entity; may be repeated.")
    ] = None,
    output_file: FileOption = None,
) -> int:
    """Write a contract that says what a foreign source says.

    It loads as the contract that reads the source in place with `from:`.
    """
    from .formats.registry import FORMATS
    from .reports.export.contract_yaml import contract_yaml

    _chosen(source, FORMATS, "format")
    options: dict[str, str | tuple[str, ...]] = {**_options(option or []), **({"only": tuple(only)} if only else {})}
    root, named = Path.cwd(), FORMATS[source].shape.short or "files"
    if named == "files":
        root = _root_of(path)
        path = os.path.relpath(path, root)
    options[named] = path
    with _Output(OutputFormat.TEXT, None, When.AUTO).problems_told(lambda _: ""):
        contract = _foreign(system, source, options, root)
    text = contract_yaml(contract, f"{source}: {path}")
    _deliver(text, output_file, f"The contract of {system}.")
    return 0


@app.command()
def export(
    estate: EstatePath = HERE,
    *,
    system: Annotated[str, typer.Option("--system", metavar="NAME", help="Whose contract.")],
    target: Annotated[ExportFormat, typer.Option("--as", help="In what format.")],
    output_file: FileOption = None,
) -> int:
    """Write the contract of a system in another format.

    What that format cannot say is told on standard error; if the document does not hold it at all, the exit code is 1.
    """
    from .reports.export.export import left_text
    from .reports.export.json_schema import json_schema_export
    from .reports.export.odcs import odcs

    with _Output(OutputFormat.TEXT, None, When.AUTO).problems_told(lambda _: ""):
        loaded = _load(estate)
    found = _chosen(system, loaded.contracts.systems, "system")
    exported = odcs(found) if target is ExportFormat.ODCS else json_schema_export(found)
    _deliver(exported.text, output_file, f"The contract of {system}.")
    for line in left_text(exported, target.value).splitlines():
        _complain(line)
    return 1 if exported.loses else 0


@app.command()
def graph(
    estate: EstatePath = HERE,
    *,
    form: Annotated[
        GraphForm | None, typer.Option("--as", help="What to write; left out: by the file's ending, else html.")
    ] = None,
    verdicts: VerdictsOption = True,
    output_file: FileOption = None,
) -> int:
    """Draw the lineage: one HTML page, or another form.

    The page holds everything and needs no network and no server. --no-verdicts says nothing of what is right or wrong,
    and is quick on any estate.
    """
    from .reports.graph.forms import ENDINGS, FORMS
    from .reports.headline import overview_headline

    chosen = form.value if form else ENDINGS.get(output_file.suffix.lower() if output_file else "", "html")
    overview = _overview(estate, verdicts=verdicts)
    _deliver(FORMS[chosen](overview), output_file, overview_headline(overview))
    return 0


@app.command()
def docs(
    estate: EstatePath = HERE,
    *,
    folder: Annotated[Path, typer.Option("--output-dir", "-o", metavar="FOLDER", help="Where to write the pages.")],
    verdicts: VerdictsOption = True,
) -> int:
    """Write an estate as linked pages.

    One for every system, entry and rule, and the lineage. They are plain HTML, to be opened from a disk or put on any
    server. Only a new or empty folder, or one with such pages, is written to.
    """
    from .reports.headline import overview_headline
    from .reports.site.site import is_site, site_files

    index = folder / "index.html"
    if folder.is_dir() and any(folder.iterdir()) and not (index.is_file() and is_site(index.read_bytes())):
        _complain(f"nothing was written: {folder} holds other files. Give it a folder of its own")
        return 2
    overview = _overview(estate, verdicts=verdicts)
    pages = site_files(overview)
    for name, text in pages.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        _replace(folder / name, _bytes(text.encode("utf-8")))
    _complain(f"{overview_headline(overview)} {len(pages)} pages, written to {folder}")
    return 0


@app.command()
def serve(
    estate: EstatePath = HERE,
    *,
    host: Annotated[
        str,
        typer.Option(
            "--host", help="The address to listen at; others may reach it only where it is not this machine's own."
        ),
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=0, max=65_535, help="The port; 0: any that is free.")] = 8000,
) -> int:
    """Show an estate in the browser: its pages, and a form to trace a value.

    The pages follow the files: a change is seen when a page is loaded again. Needs the extra `web`.
    """
    import socket

    try:
        import uvicorn

        from .web.app import web_app
    except ModuleNotFoundError as error:
        _complain(f"fieldline serve needs {error.name}, which comes with the extra `web`: pip install 'fieldline[web]'")
        return 2
    with _Output(OutputFormat.TEXT, None, When.AUTO).problems_told(lambda _: ""):
        _load(estate)
    gc.enable()  # this one lives on
    listening = socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    shown, number = listening.getsockname()[:2]
    _complain(f"http://{f'[{shown}]' if ':' in shown else shown}:{number}/ shows {estate}. Ctrl+C ends it")
    server = uvicorn.Server(uvicorn.Config(web_app(estate, host), log_level="warning", access_log=False))
    server.run([listening])
    return 0


@app.command()
def explain(
    rule: Annotated[str | None, typer.Argument(metavar="RULE", help="A rule's name; all rules when left out.")] = None,
    *,
    output_format: Annotated[ExplainFormat, typer.Option("--output-format")] = ExplainFormat.TEXT,
) -> int:
    """Explain a rule, with a bad and a good example."""
    from .checker.verdict.rulebook import ALL_RULES
    from .reports.text.rule import rule_text, rules_markdown, rules_text

    look = _look(When.AUTO, sys.stdout)
    chosen = ALL_RULES if rule is None else [_chosen(rule, {known.name: known for known in ALL_RULES}, "rule")]
    if output_format is ExplainFormat.MARKDOWN:
        _print(rules_markdown(chosen))
    else:
        _print(rules_text(ALL_RULES, look) if rule is None else rule_text(chosen[0], look))
    return 0


@app.command()
def schema(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Which one.")],
    *,
    output_file: FileOption = None,
) -> int:
    """Print a JSON Schema (draft-07).

    Of the files that are read, for editors: estate, contract, lineage. Of the JSON that is written: findings, screen,
    trace, graph.
    """
    from .reports.schemas import SCHEMAS, schema_document

    _chosen(name, SCHEMAS, "schema")
    _deliver(schema_document(name), output_file, f"The JSON Schema {name}.")
    return 0


# -------------------------------------------------------------------------------------------------- what was asked for


def _load(path: Path) -> Estate:
    from .estate.load import load_estate

    return load_estate(path)


def _versions(base: str | None, head: str | None, revision: str | None, estate: Path | None) -> tuple[Version, Version]:
    """The two versions meant by a command line."""
    from .estate.versions import Version, version

    if revision is not None:
        if head is not None or (base is not None and estate is not None):
            raise typer.BadParameter("with --base there is only one more thing to name: the estate")
        here = estate or Path(base or ".")
        return Version(revision, here, revision), Version(str(here), here, None)
    if base is None or head is None:
        raise typer.BadParameter("name both BASE and HEAD, or --base REVISION")
    folders = [Path(word) for word in (head, base) if (Path(word) / "fieldline.yaml").exists()]
    here = estate or next(iter(folders), Path())
    return version(base, here), version(head, here)


def _stored(given: Sequence[str], estate: Estate, *, shown: bool) -> StoredRows:
    """Where the rows of entities lie, as typed: an entity's full name, then a file or a table of a database."""
    from .checker.diff.stored_rows import StoredRows, StoredTable, Unreadable
    from .documents.problem import nearest
    from .rows.sources import DatabaseTable, FileTable

    tables: dict[str, StoredTable] = {}
    for text in given:
        entity, equals, where = text.partition("=")
        if not equals or not where:
            raise typer.BadParameter(f"{text!r} is not ENTITY=FILE")
        if entity not in estate.contracts.entities:
            guess = nearest(entity, tuple(estate.contracts.entities))
            raise Unreadable(f"no contract has the entity {entity}", f"a name such as {guess}" if guess else None)
        if entity in tables:
            raise typer.BadParameter(f"--data names {entity} twice")
        variable, _, table = where.removeprefix("env:").partition("/")
        of_file = not where.startswith("env:")
        tables[entity] = FileTable(Path(where)) if of_file else DatabaseTable(variable, table or entity.split(".")[1])
    return StoredRows(tables, shown)


def _files(given: Sequence[str], system: System) -> dict[str, list[str]]:
    """Files by the full names of a system's entities, as typed: ENTITY=FILE, the entity by its own or its full name."""
    known = {name: entity.full_name for entity in system.entities.values() for name in (entity.name, entity.full_name)}
    found: dict[str, list[str]] = {}
    for text in given:
        entity, equals, where = text.partition("=")
        if not equals or not where:
            raise typer.BadParameter(f"{text!r} is not ENTITY=FILE")
        found.setdefault(_chosen(entity, known, f"entity of {system.name}"), []).append(where)
    return found


def _overview(path: Path, *, verdicts: bool) -> Overview:
    """An estate as a whole; what cannot be read is told as text, whatever the answer would be written as."""
    from .checker.verdict.overview import overview_of, overview_unjudged

    with _Output(OutputFormat.TEXT, None, When.AUTO).problems_told(lambda _: ""):
        loaded = _load(path)
        return overview_of(loaded) if verdicts else overview_unjudged(loaded)


def _options(given: Sequence[str]) -> dict[str, str]:
    """`key=value` as typed."""
    found: dict[str, str] = {}
    for text in given:
        key, equals, value = text.partition("=")
        if not equals:
            raise typer.BadParameter(f"{text!r} is not KEY=VALUE")
        found[key] = value
    return found


def _root_of(path: str) -> Path:
    """The folder that nothing outside of is read: where the command was typed, or else the path's own."""
    here, there = Path.cwd(), Path(os.path.normpath(Path.cwd() / path))
    return here if there.is_relative_to(here) else there if there.is_dir() else there.parent


def _entry(estate: Estate, name: str) -> str:
    """The full name of the entry meant by its full name, a field of it, or its system's or its own name if unique."""
    from .checker.requirement.screen import UnknownEntry

    entries = [entity for entity in estate.contracts.entities.values() if entity.kind == "entry"]
    full_names = tuple(entity.full_name for entity in entries)
    if name in full_names:
        return name
    meant = [
        entity.full_name
        for entity in entries
        if name in {entity.system, entity.name, *(field.full_name for field in entity.fields.values())}
    ]
    if len(meant) == 1:
        return meant[0]
    raise UnknownEntry(name, tuple(meant) or full_names)


def _chosen(name: str, known: Mapping[str, _T], what: str) -> _T:
    from .documents.problem import nearest

    if name in known:
        return known[name]
    guess = nearest(name, tuple(known))
    hint = f"did you mean {guess}?" if guess else f"there are {', '.join(known)}"
    raise typer.BadParameter(f"there is no {what} {name!r}; {hint}")


def _day(today: datetime | None) -> date:
    """The day that waivers are judged on."""
    return (today or datetime.now(UTC)).date()


def _folder(path: Path) -> str:
    """The estate's folder in the repository around it, with `/`; without a repository, in the current folder."""
    from .estate.load import FILE

    root = Path(os.path.realpath(path.parent if path.name == FILE else path))
    top = next((folder for folder in (root, *root.parents) if (folder / ".git").exists()), Path.cwd())
    relative = root.relative_to(top).as_posix() if root.is_relative_to(top) else ""
    return os.fsencode(relative).decode("utf-8", "replace").removeprefix(".")


def _load_to_write_baseline(path: Path) -> Estate:
    """The estate without its baseline, which it must have a place for."""
    from .documents.location import Location
    from .documents.problem import EstateError, Problem
    from .estate.load import FILE, load_estate

    estate = load_estate(path, with_baseline=False)
    file = estate.policy.baseline
    if file is None:
        problem = Problem(Location(FILE, 1, 1), f"{FILE} names no baseline", suggestion="baseline: baseline.yaml")
        raise EstateError([problem], estate.texts)
    if not Path(os.path.realpath(estate.root / file)).is_relative_to(os.path.realpath(estate.root)):
        raise EstateError([Problem(None, f"the baseline {file} is a link that leads out of the estate")])
    return estate


# ---------------------------------------------------------------------------------------------------------- writing


@dataclass(frozen=True, slots=True)
class _Output:
    """Where an answer goes, and how it is written."""

    format: OutputFormat | FindingsFormat
    file: Path | None
    colour: When
    command: str = ""
    """The command's name; here and in the next only where findings are written."""
    folder: str = ""
    """The estate's folder in its repository."""

    def write(
        self,
        as_text: Callable[[Look], str],
        as_json: Callable[[], str],
        headline: str,
        as_other: Callable[[str], str] | None = None,
    ) -> None:
        """Write an answer; `as_other` takes the name of any other format."""
        if self.format == "text":
            look = _look(self.colour, sys.stdout if self.file is None else None)
            _deliver(as_text(look), self.file, headline)
        elif self.format == "json" or as_other is None:
            _deliver(as_json(), self.file, headline)
        else:
            _deliver(as_other(self.format.value), self.file, headline)
            summary = os.environ.get("GITHUB_STEP_SUMMARY")
            if self.format is FindingsFormat.GITHUB and summary:
                with Path(summary).open("a", encoding="utf-8", errors="backslashreplace") as file:
                    file.write(as_other("markdown"))

    def write_findings(self, answer: Answer, as_text: Callable[[Look], str], as_json: Callable[[], str]) -> None:
        """Write an answer that consists of findings."""

        def as_other(name: str) -> str:
            from .reports.ci.formats import FINDINGS_FORMATS

            return FINDINGS_FORMATS[name].findings(answer)

        self.write(as_text, as_json, answer.headline, as_other)

    @contextmanager
    def problems_told(self, as_json: Callable[[Sequence[Problem]], str]) -> Iterator[None]:
        """What cannot be read is told as an answer of its own, with exit code 2."""
        from .checker.diff.stored_rows import Unreadable
        from .checker.requirement.screen import UnknownEntry
        from .checker.tracing.trace import UnknownField
        from .documents.problem import EstateError, Problem, nearest
        from .reports.ci.answer import UnreadEstate
        from .reports.text.problems import problems_headline, problems_text
        from .values.solve.search import BudgetExceeded

        texts: dict[str, str] = {}
        try:
            yield
        except EstateError as error:
            problems, texts = error.problems, dict(error.texts)
        except UnknownEntry as error:
            expected = f"one of {', '.join(error.entries)}" if error.entries else "the estate has no entry at all"
            names = dict.fromkeys(part for entry in error.entries for part in (entry, *entry.split(".")))
            guess = nearest(error.name, tuple(names))
            problems = (Problem(None, f"{error.name} is not the name of one entry", expected, guess),)
        except UnknownField as error:
            expected = "a field's full name: system.entity.field"
            problems = (Problem(None, f"no contract has the field {error.name}", expected, error.suggestion),)
        except BudgetExceeded as error:
            problems = (Problem(None, f"this is too large to be worked out: {error}"),)
        except Unreadable as error:
            problems = (Problem(None, error.message, error.expected),)
        else:
            return
        unread = UnreadEstate(self.command, problems_headline(problems), problems, self.folder)

        def as_other(name: str) -> str:
            from .reports.ci.formats import FINDINGS_FORMATS

            return FINDINGS_FORMATS[name].problems(unread)

        self.write(
            lambda look: problems_text(problems, texts, look), lambda: as_json(problems), unread.headline, as_other
        )
        raise typer.Exit(2)


def _foreign(system: str, source: str, options: Mapping[str, str | tuple[str, ...]], root: Path) -> System:
    """The contract that a foreign source gives. Raises EstateError."""
    from .contracts.read import read_contracts
    from .documents.folder import Folder
    from .documents.location import Location
    from .documents.problem import EstateError, Problems
    from .formats.sources import contract_from

    problems = Problems()
    folder = Folder(root, problems)
    tree = contract_from(system, source, options, Location("command line", 1, 1))
    contracts = read_contracts([tree], problems, folder)
    if problems:
        raise EstateError(problems.all(), folder.texts)
    return contracts.systems[system]


def _write_profile(system: str, root: Path, variable: str, file: Path | None) -> int:
    import tempfile

    from .reports.export.profile_yaml import profile_yaml
    from .rows.profile import profile
    from .rows.sources import DatabaseTable

    found = {}
    with _Output(OutputFormat.TEXT, None, When.AUTO).problems_told(lambda _: ""), _looking_at() as progress:
        live = _foreign(system, "database", {"url_env": variable}, root)
        for entity in live.entities.values():
            with tempfile.TemporaryDirectory() as folder:
                parts = DatabaseTable(variable, entity.name).write_parts(Path(folder), progress)
                found[entity.name] = profile(parts, entity)
    _deliver(profile_yaml(live, found), file, f"A contract is proposed for {system}.")
    return 0


def _write_validator(name: str, path: Path, form: ValidatorForm, file: Path | None) -> int:
    from .application.library import Loaded
    from .validators.targets import TARGETS, left_words

    with _Output(OutputFormat.TEXT, None, When.AUTO).problems_told(lambda _: ""):
        loaded = _load(path)
        entry = Loaded(loaded).entry(_entry(loaded, name))
    generated = TARGETS[form.value](entry)
    _deliver(generated.text, file, f"What {entry.entity.full_name} must demand.")
    for line in left_words(generated, form.value).splitlines():
        _complain(line)
    return 1 if generated.left else 0


def _write_baseline(estate: Estate, ruling: Ruling) -> int:
    """Put a new baseline in the place of the old one."""
    from .checker.verdict.policy import baseline
    from .reports.export.baseline_yaml import baseline_yaml
    from .reports.phrases import count

    known = baseline(ruling)
    file = estate.root / (estate.policy.baseline or "")
    _deliver(baseline_yaml(known), file, f"{count(len(known), 'finding is', 'findings are')} known from now on.")
    return 0


def _look(colour: When, stream: TextIO | None) -> Look:
    """How a page looks on a stream; None: in a file."""
    from .reports.text.page import Look

    on_terminal = stream is not None and stream.isatty()
    width = shutil.get_terminal_size((_PIPE_WIDTH, 24)).columns if on_terminal else _PIPE_WIDTH
    if colour is not When.AUTO:
        return Look(width, colour is When.ALWAYS)
    if os.environ.get("NO_COLOR") or stream is None:
        return Look(width)
    return Look(width, bool(os.environ.get("FORCE_COLOR")) or (on_terminal and os.environ.get("TERM") != "dumb"))


def _deliver(text: str, file: Path | None, headline: str) -> None:
    """Write to standard output; or to a file, and say so in a line on standard error."""
    if file is None:
        _print(text)
        return
    _replace(file, _bytes(text.encode("utf-8", "backslashreplace")))
    _complain(f"{headline} Written to {file}")


def _print(text: str, stream: TextIO | None = None) -> None:
    """Write all of it, in the stream's own encoding; what that does not hold is escaped."""
    stream = stream or sys.stdout
    if stream is None:  # closed by whoever started this
        raise OSError(errno.EBADF, "it is closed", _STDOUT)
    try:
        stream.buffer.write(text.encode(stream.encoding, "backslashreplace"))
        stream.buffer.flush()
    except BrokenPipeError:  # whoever reads has seen enough
        _abandon(stream)
    except OSError as error:
        _abandon(stream)
        raise OSError(error.errno, error.strerror, _STDOUT) from error


def _abandon(stream: TextIO) -> None:
    """Let nothing more be written, so that Python does not fail over it once more at its end."""
    with suppress(OSError, ValueError, AttributeError):  # it may be closed already, or there may be none
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _bytes(data: bytes) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(data)


@contextmanager
def _looking_at() -> Iterator[Progress]:
    """Says on a terminal what is looked at, and how far that is."""
    from .rows.sources import silent

    if not sys.stderr or not sys.stderr.isatty():
        yield silent
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TextColumn("{task.fields[rows]}"))
    with Progress(*columns, TimeElapsedColumn(), console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("Reading the estate", total=None, rows="")

        def progress(what: str, done: int, total: int | None) -> None:
            rows = "" if not done else f"{done:,} rows" if total is None else f"{done:,} of {total:,} rows"
            bar.update(task, description=f"Looking at {_plain(what)}", completed=done, total=total, rows=rows)

        yield progress


def _replace(file: Path, write: Callable[[Path], object]) -> None:
    """Put a new file in the place of an old one: all of it, or, on a full disk, none of it."""
    target = Path(os.path.realpath(file))
    new = target.with_name(f".fieldline-{os.getpid()}.tmp")
    try:
        if file.exists() and not file.is_file():  # a pipe, a device
            write(file)
            return
        write(new)
        with new.open("rb+") as opened:
            os.fsync(opened.fileno())
        if target.exists():
            shutil.copymode(target, new)
        new.replace(target)
    except OSError as error:
        with suppress(OSError):
            new.unlink(missing_ok=True)
        raise OSError(error.errno, error.strerror, str(file)) from error


# -------------------------------------------------------------------------------------------------- the outermost edge


def main() -> None:
    """The command `fieldline`."""
    gc.disable()  # one command makes millions of objects and hardly a cycle among them; looking costs a tenth of the time
    sys.exit(_run())


def _run() -> int:
    try:
        return int(app(sys.argv[1:] or ["--help"], prog_name="fieldline", standalone_mode=False) or 0)
    except _USAGE_ERROR as error:
        return _misused(error)
    except typer.Abort:
        return 130
    except OSError as error:
        named = f"{error.filename}: " if error.filename else ""
        _complain(f"{named}{error.strerror or error}")
        _abandon(sys.stdout)
        return 2
    except Exception as error:  # noqa: BLE001 - the outermost edge: a bug is said to be one
        return _broken(error)


def _misused(error: Any) -> int:  # noqa: ANN401 - typer gives this error no name
    path = error.ctx.command_path if error.ctx else "fieldline"
    _complain(f"{error.format_message()} (see {path} --help)")
    return 2


def _broken(error: Exception) -> int:
    if "--debug" in sys.argv:
        traceback.print_exception(error)
    place = traceback.extract_tb(error.__traceback__)[-1]
    _complain(
        f"internal error ({type(error).__name__} at {Path(place.filename).name}:{place.lineno}). This is a bug in "
        "Fieldline, not in your estate, and nothing was judged. Please report it, with the command you typed and what "
        "fieldline --debug prints for it: CONTRIBUTING.md says how."
    )
    return 3


def _complain(message: str) -> None:
    if sys.stderr is not None:
        with suppress(OSError):
            _print(f"fieldline: {_plain(message)}\n", sys.stderr)


def _plain(text: str) -> str:
    from .values.show import escape

    return escape(text)

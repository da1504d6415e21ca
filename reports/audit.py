"""An audit of what a system really stores: its contract as a Great Expectations suite, run by GX where the rows lie.

Every demand that the database has words for is one expectation, a query that is proven to mean what the contract means.
What it has no words for (a length in bytes of a code page, a pattern on SQLite, a column of another type) is asked of the
rows by ourselves, in bounded memory. No value is kept: neither in the answer nor in Data Docs.
"""

from __future__ import annotations

import html
import os
import sys
import tempfile
import warnings
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from ..checker.audit import Audited
from ..checker.requirement import requirement
from ..checker.rows import Broken, Rows
from ..checker.rule import alone
from ..checker.stored import Unreadable
from ..checker.tables import DatabaseTable
from ..contracts.formats.database import address, failures, session_limits
from .library import Entry, Translations
from .validators.sql import clause_conditions, quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from sqlalchemy import URL

    from ..checker.requirement import Clause
    from ..checker.rows import Judged
    from ..contracts.model import Entity, System

_DIALECTS: Mapping[str, str] = {"postgresql": "postgres", "mysql": "mysql", "mariadb": "mysql", "sqlite": "sqlite"}
"""By SQLAlchemy's name, ours."""
_SQLITE_TYPES = frozenset({"text", "integer"})
"""Of which SQLite itself can say whether a value is of them."""


def audit(
    system: System,
    live: System,
    variable: str,
    data_docs: Path | None = None,
    progress: Callable[[str], None] = lambda _: None,
) -> tuple[Audited, ...]:
    """The rows of every entity of a contract, `live` being what the database says of itself.

    `variable` is the environment variable with the database's URL. Raises Unreadable.
    """
    context = alone(system)
    url = address(os.environ[variable])  # which was read already
    dialect = _DIALECTS.get(url.get_backend_name())
    if dialect is None:
        raise Unreadable(
            f"Great Expectations does not run on {url.get_backend_name()}", f"one of {', '.join(_DIALECTS)}"
        )
    found: list[Audited] = []
    with _suites(url, data_docs) as run:
        for entity in system.entities.values():
            entry = Entry(context.estate, requirement(context, entity, lossless=True), Translations())
            table = live.entities.get(entity.name)
            demands = len(entry.requirement.clauses) + len(entry.requirement.unique)
            if table is None:
                found.append(Audited(entity, None, demands))
                continue
            progress(entity.name)
            asked = _native(entry, table, dialect)
            left = tuple(clause for clause in entry.requirement.clauses if clause not in asked)
            own: Judged | None = None
            if left or entry.requirement.unique:
                with tempfile.TemporaryDirectory() as folder:
                    parts = DatabaseTable(variable, entity.name).write_parts(Path(folder))
                    own = Rows(parts, replace(entry.requirement, clauses=left), are_parts=True).judge()
            rows, counts = run(entry, dialect, asked, _in_words(entry, left, own))
            broken = [Broken(clause, counts[clause]) for clause in asked if counts[clause]]
            broken += own.broken if own else ()
            broken.sort(key=lambda each: -each.rows)
            found.append(
                Audited(
                    entity,
                    rows,
                    demands,
                    tuple(broken),
                    own.repeated if own else (),
                    tuple(name for name in entity.fields if name not in table.fields),
                    tuple(name for name in table.fields if name not in entity.fields),
                    entry.requirement.not_known,
                )
            )
    return tuple(found)


def _native(entry: Entry, table: Entity, dialect: str) -> dict[Clause, str]:
    """The clauses that the database itself can answer: it has words for them, and columns of the fields' own types."""
    own = entry.entity.fields

    def is_column(name: str) -> bool:
        column = table.fields.get(name)
        return (
            column is not None
            and column.type == own[name].type
            and (dialect != "sqlite" or column.type in _SQLITE_TYPES)
        )

    words = clause_conditions(entry, dialect)
    found: dict[Clause, str] = {}
    for clause in entry.requirement.clauses:
        names = dict.fromkeys((*clause.fields, *(name for name, _ in clause.guards)))
        is_type = clause.bindings[0].constraint == "type" and len(names) == 1
        if (clause in words or is_type) and all(map(is_column, names)):
            stored = [_is_of_its_type(name, own[name].type, dialect) for name in names]
            found[clause] = " AND ".join([f"({words[clause]})" if clause in words else "1 = 1", *filter(None, stored)])
    return found


def _is_of_its_type(name: str, kind: str, dialect: str) -> str | None:
    """SQLite keeps any value in any column, and PostgreSQL what is no number and no day in columns of those."""
    column = quoted(name, dialect)
    if dialect == "sqlite":
        return f"typeof({column}) IN ('{kind}', 'null')"
    if dialect == "postgres" and kind in {"decimal", "date", "datetime"}:
        return f"({column} IS NULL OR lower(CAST({column} AS text)) NOT IN ('nan', 'infinity', '-infinity'))"
    return None


def _in_words(entry: Entry, left: Sequence[Clause], own: Judged | None) -> dict[str, int]:
    """What we asked of the rows ourselves, and how many do not meet it."""
    if own is None:
        return {}
    found: dict[str, int] = {}
    broken = {each.clause: each.rows for each in own.broken}
    repeated = {each.unique: each.rows for each in own.repeated}
    for clause in left:
        found[entry.words[clause]] = found.get(entry.words[clause], 0) + broken.get(clause, 0)
    for unique in entry.requirement.unique:
        found[f"{unique.field}: {unique.binding.sentence}"] = repeated.get(unique, 0)
    return found


@contextmanager
def _suites(
    url: URL, data_docs: Path | None
) -> Iterator[Callable[[Entry, str, dict[Clause, str], dict[str, int]], Any]]:
    """A function that runs the suite of an entity: how many rows there are, and how many do not meet each clause.

    What was counted already stands in the suite, too, so that Data Docs say all of it.
    """
    gx = _great_expectations()
    counted_by_us = _counted_by_us(gx)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what GX says of the libraries below it
            context = gx.get_context(mode="ephemeral")
            context.variables.progress_bars = {"globally": False}
            source = context.data_sources.add_sql(
                "stored",
                connection_string=_told_to_gx(url),
                create_temp_table=False,
                kwargs={"connect_args": session_limits(url)},
            )
            actions = []
            if data_docs is not None:
                store = {"class_name": "TupleFilesystemStoreBackend", "base_directory": str(data_docs.absolute())}
                site = {"class_name": "SiteBuilder", "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"}}
                context.add_data_docs_site("docs", {**site, "store_backend": store})
                actions.append(gx.checkpoint.UpdateDataDocsAction(name="docs", site_names=["docs"]))

            def run(
                entry: Entry, dialect: str, asked: dict[Clause, str], counted: dict[str, int]
            ) -> tuple[int, dict[Clause, int]]:
                name = entry.entity.full_name
                asset = source.add_query_asset(name, query=f"SELECT * FROM {quoted(entry.entity.name, dialect)}")  # noqa: S608 - quoted by sqlglot
                suite = context.suites.add(gx.ExpectationSuite(name=name))
                suite.add_expectation(gx.expectations.ExpectTableRowCountToBeBetween(min_value=0))
                for condition, words in ((asked[clause], entry.words[clause]) for clause in asked):
                    suite.add_expectation(
                        gx.expectations.UnexpectedRowsExpectation(
                            unexpected_rows_query=_refused(condition),
                            description=_in_a_page(words),
                        )
                    )
                told = [
                    *counted.items(),
                    *((f"not known: {doubt.reason}", None) for doubt in entry.requirement.not_known),
                ]
                for words, many in told:
                    suite.add_expectation(counted_by_us(demand=words, rows=many, description=_in_a_page(words)))
                batch = asset.add_batch_definition("all")
                validation = context.validation_definitions.add(
                    gx.ValidationDefinition(name=name, data=batch, suite=suite)
                )
                checkpoint = gx.Checkpoint(
                    name=name, validation_definitions=[validation], actions=actions, result_format="BASIC"
                )
                (result,) = context.checkpoints.add(checkpoint).run().run_results.values()
                by_query: dict[str, list[Clause]] = {}
                for clause, condition in asked.items():
                    by_query.setdefault(_refused(condition), []).append(clause)
                rows: int | None = None
                counts: dict[Clause, int] = {}
                for each in result.results:
                    if each.expectation_config.kwargs.get("demand"):
                        continue
                    count = (each.result or {}).get("observed_value")
                    if not isinstance(count, int):
                        raise Unreadable(f"the table {entry.entity.name} cannot be asked")
                    query = each.expectation_config.kwargs.get("unexpected_rows_query")
                    if query is not None:
                        counts |= dict.fromkeys(by_query[query], count)
                    elif each.expectation_config.type == "expect_table_row_count_to_be_between":
                        rows = count
                if rows is None or len(counts) != len(asked):
                    raise Unreadable(f"not every question about the table {entry.entity.name} was answered")
                return rows, counts

            yield run
    except (gx.exceptions.GreatExpectationsError, gx.datasource.fluent.interfaces.TestConnectionError) as error:
        raise Unreadable(f"the database cannot be asked ({type(error).__name__})") from None
    except failures() as error:
        raise Unreadable(f"the database cannot be asked ({type(error).__name__})") from None


def _great_expectations() -> Any:  # noqa: ANN401 - a library without types of its own
    """GX, told to send nothing anywhere; without Spark, whose remote client would end the process where it lacks parts."""
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
    hidden = "pyspark" not in sys.modules
    if hidden:
        sys.modules["pyspark"] = None  # type: ignore[assignment]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import great_expectations
            import great_expectations.expectations
    finally:
        if hidden:
            del sys.modules["pyspark"]
    return great_expectations


def _counted_by_us(gx: Any) -> type[Any]:  # noqa: ANN401 - see below
    """An expectation whose rows were counted before: GX only tells of it."""

    class RowsMeetDemand(gx.expectations.expectation.BatchExpectation):  # type: ignore[misc]
        """How many rows do not meet a demand that the engine has no words for; None: it is not known."""

        demand: str
        rows: int | None
        metric_dependencies = ()
        success_keys = ("demand", "rows")
        domain_keys = ("batch_id",)

        def _validate(self, *_: object, **__: object) -> dict[str, object]:
            observed = "not known" if self.rows is None else self.rows
            return {"success": self.rows == 0, "result": {"observed_value": observed}}

    return RowsMeetDemand


def _told_to_gx(url: URL) -> str:
    """A URL in which GX sees no variables of its own, and which makes no file."""
    if url.get_backend_name() == "sqlite":
        return f"sqlite:///file:{quote(str(Path(url.database or '').absolute()))}?mode=ro&uri=true"
    return url.render_as_string(hide_password=False).replace("$", r"\$")


def _refused(condition: str) -> str:
    """The rows that do not meet it, or of which the engine cannot tell, without a word of what is in them."""
    doubled = condition.replace("{", "{{").replace("}", "}}")  # GX puts its own words in braces
    return f"SELECT 1 AS refused FROM {{batch}} WHERE CASE WHEN {doubled} THEN 0 ELSE 1 END = 1"  # noqa: S608 - names and texts are quoted by sqlglot


def _in_a_page(text: str) -> str:
    """A text for Data Docs, which take it for HTML and a dollar sign for a parameter."""
    return html.escape(text).replace("$", "&#36;")

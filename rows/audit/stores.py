"""The stores of a system's rows: a database, files that pandas loads, files that Apache Spark reads.

A store is opened entity by entity. GX checks the clauses it can express, and Fieldline checks the rest.
"""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import cached_property, partial
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias
from urllib.parse import quote

from ...checker.diff.stored_rows import Unreadable
from ...formats.database import ROWS_SECONDS, asking_rows, limit_waits, session_limits
from ...formats.ddl.columns import ENGINE_DIALECTS, stored_table
from ...validators.gx_suite import clause_expectations
from ..engines.polars.rows import Rows
from ..engines.spark import SparkRows, parquet_alone, spark_session
from ..engines.sql import SqlRows
from ..files import opened
from ..sources import database_address
from .suites import by_gx, rows_query

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager

    from ...application.library import Entry
    from ...checker.requirement.requirement import Clause
    from ...documents.names import EntityName
    from ...documents.variables import Variables
    from ...formats.address import DatabaseAddress
    from ...formats.ddl.catalogue import Ask
    from ..judged import Judged, Repeated
    from ..sources import Progress
    from .suites import Question, Suites

_RUN_BY_GX = ("postgresql", "mysql", "mariadb", "sqlite")


class StoredEntity(Protocol):
    """The rows of one entity."""

    @property
    def unfit(self) -> Mapping[str, str]:
        """Fields whose columns do not fit their type, and why: their clauses are not checked."""

    @property
    def questions(self) -> Mapping[Clause, Question]:
        """The expectations that GX checks, by clause."""

    @property
    def columns(self) -> Sequence[str]:
        """The names of all columns, in their order."""

    def batch(self, suites: Suites) -> tuple[Any, Mapping[str, Any] | None]:
        """GX's definition of the batch of all rows, and its parameters."""

    def count_own(self, progress: Progress) -> Mapping[Clause, int]:
        """How many rows break each of the other clauses."""

    def repeated(self, progress: Progress) -> tuple[Repeated, ...]:
        """How many rows repeat a value that must be unique."""


Store: TypeAlias = "Callable[[Entry], StoredEntity | None]"
"""Gives the rows of an entity; None: the store has none. Raises Unreadable."""


# --------------------------------------------------------------------------------------------------------- databases


@contextmanager
def database(variable: str, variables: Variables) -> Iterator[Store]:
    """The database whose URL the environment variable holds. `variables`: the variables that may be read."""
    with database_address(variable, variables) as address:
        if address.scheme not in _RUN_BY_GX:
            message = f"Great Expectations does not run on {address.scheme}"
            raise Unreadable(message, f"one of {', '.join(_RUN_BY_GX)}")
        with asking_rows(address) as ask:
            yield _rows_in(address, ask)


def _rows_in(address: DatabaseAddress, ask: Ask) -> Store:
    dialect = ENGINE_DIALECTS[address.scheme]

    def batch(name: str, rows: str, suites: Suites) -> Any:  # noqa: ANN401 - GX's
        source = suites.source(
            "sql",
            connection_string=_gx_url(address),
            create_temp_table=False,
            kwargs={"connect_args": session_limits(address, ROWS_SECONDS)},
        )
        query = f"SELECT * FROM {rows}"  # noqa: S608 - quoted by sqlglot
        with by_gx("cannot open the rows"):
            limit_waits(source.get_engine(), ROWS_SECONDS)
            return source.add_query_asset(name, query=query).add_batch_definition("all"), None

    def rows_of(entry: Entry) -> StoredEntity | None:
        name = entry.entity.name
        if stored_table(ask, dialect, name, entry.entity) is None:
            return None
        rows = SqlRows(ask, dialect, name, entry)
        return _Distant(rows, partial(batch, name, rows.source), rows.unfit)

    return rows_of


class _Distant:
    """Rows that stay in their database or Spark cluster."""

    def __init__(
        self, rows: SqlRows | SparkRows, batch: Callable[[Suites], Any], unfit: Mapping[str, str] = MappingProxyType({})
    ) -> None:
        self.unfit = unfit
        self._rows = rows
        self._batch = batch
        self.questions = {clause: rows_query(condition) for clause, condition in rows.native.items()}
        self.columns = rows.columns

    def batch(self, suites: Suites) -> Any:  # noqa: ANN401 - GX's
        return self._batch(suites)

    def count_own(self, progress: Progress) -> Mapping[Clause, int]:
        return self._rows.count_own(progress)

    def repeated(self, progress: Progress) -> tuple[Repeated, ...]:
        return self._rows.repeated(progress)


def _gx_url(address: DatabaseAddress) -> str:
    """A URL in which GX substitutes no variables, and which creates no file."""
    url = address.url
    if url.get_backend_name() == "sqlite":
        return f"sqlite:///file:{quote(str(Path(url.database or '').absolute()))}?mode=ro&uri=true"
    return url.render_as_string(hide_password=False).replace("$", r"\$")


# ------------------------------------------------------------------------------------------------------------- files


@contextmanager
def spark(files: Mapping[EntityName, Sequence[str]]) -> Iterator[Store]:
    """Parquet that Apache Spark reads, by the full names of entities."""
    for names in files.values():
        parquet_alone(names)
    with spark_session() as session:

        def batch(name: EntityName, rows: SparkRows, suites: Suites) -> Any:  # noqa: ANN401 - GX's
            asset = suites.source("spark").add_dataframe_asset(str(name))
            return asset.add_batch_definition_whole_dataframe("all"), {"dataframe": rows.read}

        def rows_of(entry: Entry) -> StoredEntity | None:
            name = entry.entity.full_name
            if name not in files:
                return None
            rows = SparkRows(session, files[name], entry)
            return _Distant(rows, partial(batch, name, rows))

        yield rows_of


@contextmanager
def pandas(files: Mapping[EntityName, Sequence[str]]) -> Iterator[Store]:
    """Files, by the full names of entities; pandas loads the columns that GX checks."""
    with ExitStack() as stack:

        def rows_of(entry: Entry) -> StoredEntity | None:
            names = files.get(entry.entity.full_name)
            return None if names is None else _Held(entry, stack.enter_context(opened([Path(file) for file in names])))

        yield rows_of


class _Held:
    """Rows of files in memory."""

    unfit: Mapping[str, str] = MappingProxyType({})

    def __init__(self, entry: Entry, files: Sequence[Path]) -> None:
        self._name = str(entry.entity.full_name)
        self._rows = Rows(files, entry.requirement)
        self.columns = self._rows.columns
        self.questions = {
            clause: question
            for clause, question in clause_expectations(entry).items()
            if self._rows.is_of_its_type(clause.fields[0])
        }
        left = tuple(clause for clause in entry.requirement.clauses if clause not in self.questions)
        self._rest = Rows(files, replace(entry.requirement, clauses=left))
        self._left = left

    @cached_property
    def _judged(self) -> Judged:
        return self._rest.judge()

    def batch(self, suites: Suites) -> tuple[Any, Mapping[str, Any] | None]:
        import pandas as pd

        held = self._rows.held(sorted({clause.fields[0] for clause in self.questions}))
        frame = pd.DataFrame(
            {name: pd.Series(held[name].to_list(), dtype=object) for name in held.columns},
            index=range(held.height),
        )
        asset = suites.source("pandas").add_dataframe_asset(self._name)
        return asset.add_batch_definition_whole_dataframe("all"), {"dataframe": frame}

    def count_own(self, _: Progress) -> Mapping[Clause, int]:
        broken = {each.clause: each.rows for each in self._judged.broken}
        return {clause: broken.get(clause, 0) for clause in self._left}

    def repeated(self, _: Progress) -> tuple[Repeated, ...]:
        return self._judged.repeated


FILE_STORES: Mapping[str, Callable[[Mapping[EntityName, Sequence[str]]], AbstractContextManager[Store]]] = {
    "pandas": pandas,
    "spark": spark,
}
"""The stores of files that GX can check, by name."""

"""Great Expectations: runs the suite of an entity where its rows are stored, and writes Data Docs of it.

The counts that Fieldline makes itself are in the suite, too, so that Data Docs are complete. No value is kept.
"""

from __future__ import annotations

import html
import json
import os
import sys
import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeAlias

from ...checker.diff.stored_rows import Unreadable
from ...values.error import FieldlineError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from ...application.library import Entry
    from ...checker.finding import Binding
    from ...checker.requirement.requirement import Clause, NotKnown

Question: TypeAlias = tuple[str, "Mapping[str, Any]"]
"""The type of one of GX's expectations, and its arguments."""


class Suites:
    """GX, ready to run suites."""

    def __init__(self, gx: Any, data_docs: Path | None) -> None:  # noqa: ANN401 - a library without types of its own
        self._gx = gx
        self._counted_by_us = _counted_by_us(gx)
        self._context = gx.get_context(mode="ephemeral")
        self._context.variables.progress_bars = {"globally": False}
        self._kind = ""
        self._source: Any = None
        if data_docs is not None:
            store = {"class_name": "TupleFilesystemStoreBackend", "base_directory": str(data_docs.absolute())}
            site = {"class_name": "SiteBuilder", "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"}}
            self._context.add_data_docs_site("docs", {**site, "store_backend": store})

    def source(self, kind: str, **options: object) -> Any:  # noqa: ANN401 - GX's
        """GX's source of data of a kind (`sql`, `spark`, `pandas`), the same one each time."""
        if self._source is None:
            self._kind = kind
            with by_gx("cannot open the rows"):
                self._source = getattr(self._context.data_sources, f"add_{kind}")("stored", **options)
        return self._source

    def close(self) -> None:
        """Close the connections that GX would keep open."""
        if self._kind == "sql" and self._source is not None:
            with by_gx("cannot close the rows"):
                self._source.get_engine().dispose()
                self._source.get_execution_engine().close()

    def write_docs(self) -> None:
        """Write Data Docs of all runs."""
        with by_gx("cannot write Data Docs"):
            self._context.build_data_docs(site_names=["docs"])

    def run(
        self,
        entry: Entry,
        batch: Any,  # noqa: ANN401 - GX's
        parameters: Mapping[str, Any] | None,
        questions: Mapping[Clause, Question],
        counted: Mapping[str, int],
        doubts: Sequence[NotKnown],
    ) -> tuple[int, dict[Clause, int]]:
        """How many rows a batch has, and how many break each clause. Raises Unreadable.

        `counted`: constraints that were checked elsewhere, in words, with the number of rows that break each. `doubts`:
        constraints that cannot be checked.
        """
        gx, name = self._gx, str(entry.entity.full_name)
        suite = self._context.suites.add(gx.ExpectationSuite(name=name))
        suite.add_expectation(gx.expectations.ExpectTableRowCountToBeBetween(min_value=0))
        alike: dict[str, list[Clause]] = {}  # GX runs equal expectations once
        for clause, question in questions.items():
            alike.setdefault(json.dumps(question), []).append(clause)
        for place, clauses in enumerate(alike.values()):
            kind, arguments = questions[clauses[0]]
            words = " ".join(_in_a_page(constraint_words(clause.fields, clause.bindings[0])) for clause in clauses)
            expectation = gx.expectations.registry.get_expectation_impl(kind)
            suite.add_expectation(expectation(**arguments, description=words, meta={"place": place}))
        remarks: list[tuple[str, int | None]] = [*counted.items()]
        remarks += [(f"not known: {doubt.reason}", None) for doubt in doubts]
        for words, many in remarks:
            suite.add_expectation(self._counted_by_us(obligation=words, rows=many, description=_in_a_page(words)))
        validation = self._context.validation_definitions.add(
            gx.ValidationDefinition(name=name, data=batch, suite=suite)
        )
        checkpoint = gx.Checkpoint(
            name=name,
            validation_definitions=[validation],
            result_format={"result_format": "BASIC", "partial_unexpected_count": 0},  # no values
        )
        with by_gx("cannot read the rows"):
            done = self._context.checkpoints.add(checkpoint).run(
                batch_parameters=dict(parameters) if parameters else None
            )
        (result,) = done.run_results.values()
        counts = _counts(result, entry)
        in_order = list(alike.values())
        broken = {clause: many for place, many in counts.items() if place is not None for clause in in_order[place]}
        if None not in counts or len(broken) != len(questions):
            raise Unreadable(f"Great Expectations did not check every constraint of {name}")
        return counts[None], broken


def _counts(result: Any, entry: Entry) -> dict[int | None, int]:  # noqa: ANN401 - GX's
    """By the place of an expectation, the number of rows that break it; under None, the number of all rows."""
    counts: dict[int | None, int] = {}
    for each in result.results:
        config = each.expectation_config
        if config.kwargs.get("obligation"):
            continue
        observed = each.result or {}
        many = observed.get("unexpected_count", observed.get("observed_value"))
        if not isinstance(many, int) or (each.exception_info or {}).get("raised_exception"):
            raise Unreadable(f"Great Expectations cannot check {entry.entity.full_name}")
        counts[(config.meta or {}).get("place")] = many
    return counts


@contextmanager
def suites(data_docs: Path | None) -> Iterator[Suites]:
    """GX for as long as it is needed. Raises Unreadable."""
    gx = _great_expectations()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # warnings of GX about its own libraries
        made = Suites(gx, data_docs)
        try:
            yield made
            if data_docs is not None:
                made.write_docs()
        finally:
            made.close()


@contextmanager
def by_gx(fails: str) -> Iterator[None]:
    """In the block only GX and the drivers below it run. Their messages are dropped: they quote values and URLs."""
    try:
        yield
    except FieldlineError:
        raise
    except Exception as error:  # noqa: BLE001 - see above
        raise Unreadable(f"Great Expectations {fails} ({type(error).__name__})") from None


def _great_expectations() -> Any:  # noqa: ANN401 - a library without types of its own
    """GX without analytics, and without Spark's remote client, which ends the process where its parts are missing."""
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
    remote = "pyspark.sql.connect"
    hidden = remote not in sys.modules
    if hidden:
        sys.modules[remote] = None  # type: ignore[assignment]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import great_expectations
            import great_expectations.expectations
            import great_expectations.expectations.registry
    finally:
        if hidden:
            del sys.modules[remote]
    return great_expectations


def _counted_by_us(gx: Any) -> type[Any]:  # noqa: ANN401 - see above
    """An expectation whose rows were counted before: GX only reports it."""

    class RowsMeetConstraint(gx.expectations.expectation.BatchExpectation):  # type: ignore[misc]
        """How many rows break a constraint that the engine cannot express; None: unknown."""

        obligation: str
        rows: int | None
        metric_dependencies = ()
        success_keys = ("obligation", "rows")
        domain_keys = ("batch_id",)

        def _validate(self, *_: object, **__: object) -> dict[str, object]:
            observed = "not known" if self.rows is None else self.rows
            return {"success": self.rows == 0, "result": {"observed_value": observed}}

    return RowsMeetConstraint


def constraint_words(fields: Sequence[str], binding: Binding) -> str:
    """A constraint as the title of an expectation whose observed value is the number of rows that break it."""
    return f"No row breaks {' + '.join(fields)}: {binding.sentence} ({binding.location})."


def rows_query(condition: str) -> Question:
    """The rows for which a condition is false or null, without their values."""
    doubled = condition.replace("{", "{{").replace("}", "}}")  # braces are GX's placeholders
    query = f"SELECT 1 AS rejected FROM {{batch}} WHERE CASE WHEN {doubled} THEN 0 ELSE 1 END = 1"  # noqa: S608 - names and texts are quoted by sqlglot
    return "unexpected_rows_expectation", {"unexpected_rows_query": query}


def _in_a_page(text: str) -> str:
    """A text for Data Docs, which read texts as HTML and a dollar sign as a parameter."""
    return html.escape(text).replace("$", "&#36;")

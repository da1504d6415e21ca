"""The JSON Schemas that are published: of the files that Fieldline reads, and of the JSON that it writes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..application.names import chosen
from ..estate.load import estate_schema
from ..formats.sources import contract_schema
from ..lineage.read import lineage_schema
from .answers import SchemaAnswer
from .graph.json import graph_schema
from .json.audit import audit_schema
from .json.check import findings_schema
from .json.diff import diff_schema
from .json.drift import drift_schema
from .json.form import document
from .json.rows import validation_schema
from .json.screen import screen_schema
from .json.trace import trace_schema

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .json.form import Json

SCHEMAS: Mapping[str, Callable[[], Json]] = {
    "estate": estate_schema,
    "contract": contract_schema,
    "lineage": lineage_schema,
    "findings": findings_schema,
    "diff": diff_schema,
    "drift": drift_schema,
    "audit": audit_schema,
    "screen": screen_schema,
    "trace": trace_schema,
    "validation": validation_schema,
    "graph": graph_schema,
}
"""By the argument of `fieldline schema`."""


def published_schema(name: str) -> SchemaAnswer:
    """The schema of that name. Raises UnknownName."""
    chosen(name, SCHEMAS, "schema")
    return SchemaAnswer(name)


def schema_document(name: str) -> str:
    """One of them, as it is printed."""
    return document(SCHEMAS[name]())

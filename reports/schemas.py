"""The JSON Schemas that are published: of the files that Fieldline reads, and of the JSON that it writes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..application.names import chosen
from ..estate.layout import estate_schema
from ..estate.record_rules import record_rules_schema
from ..formats.sources import contract_schema
from ..lineage.read import lineage_schema
from .answers import SchemaAnswer
from .graph.json import graph_schema
from .json.across import ACROSS_DOCUMENT
from .json.attempts import ATTEMPTS_DOCUMENT
from .json.audit import AUDIT_DOCUMENT
from .json.check import CHECK_DOCUMENT
from .json.diff import DIFF_DOCUMENT
from .json.drift import DRIFT_DOCUMENT
from .json.error import ERRORS_DOCUMENT
from .json.form import document
from .json.gate import GATE_DOCUMENT
from .json.reconcile import RECONCILE_DOCUMENT
from .json.record import RECORD_DOCUMENT
from .json.rejects import REJECTS_DOCUMENT
from .json.rows import VALIDATION_DOCUMENT
from .json.screen import SCREEN_DOCUMENT
from .json.stores import STORES_DOCUMENT
from .json.trace import TRACE_DOCUMENT

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .json.form import Json

SCHEMAS: Mapping[str, Callable[[], Json]] = {
    "estate": estate_schema,
    "contract": contract_schema,
    "lineage": lineage_schema,
    "rules": record_rules_schema,
    "findings": CHECK_DOCUMENT.schema,
    "diff": DIFF_DOCUMENT.schema,
    "drift": DRIFT_DOCUMENT.schema,
    "audit": AUDIT_DOCUMENT.schema,
    "attempts": ATTEMPTS_DOCUMENT.schema,
    "screen": SCREEN_DOCUMENT.schema,
    "trace": TRACE_DOCUMENT.schema,
    "errors": ERRORS_DOCUMENT.schema,
    "rejects": REJECTS_DOCUMENT.schema,
    "record": RECORD_DOCUMENT.schema,
    "stores": STORES_DOCUMENT.schema,
    "reconcile": RECONCILE_DOCUMENT.schema,
    "across": ACROSS_DOCUMENT.schema,
    "gate": GATE_DOCUMENT.schema,
    "validation": VALIDATION_DOCUMENT.schema,
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

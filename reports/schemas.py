"""The JSON Schemas that are published: of the files that Fieldline reads, and of the JSON that it writes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..contracts.layout import contract_schema
from ..lineage.load import estate_schema
from ..lineage.read import lineage_schema
from .audit.json import audit_schema
from .check_json import findings_schema
from .diff_json import diff_schema
from .drift_json import drift_schema
from .form import document
from .graph.json import graph_schema
from .rows.json import validation_schema
from .screen_json import screen_schema
from .trace_json import trace_schema

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .form import Json

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
"""By the word that `fieldline schema` takes."""


def schema_document(name: str) -> str:
    """One of them, as it is printed."""
    return document(SCHEMAS[name]())

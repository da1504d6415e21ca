"""Every kind of validator, by the value of `screen --as`."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from ..checker.messages import count
from ..values.show import escape
from .es_module import es_module
from .gx_suite import gx_suite
from .html_controls import html_controls
from .json_schema import json_schema_validator
from .pandera_module import pandera_module
from .pydantic_model import pydantic_model
from .sql_checks import sql_checks
from .sql_query import sql_query
from .zod_schema import zod_schema

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ..application.library import Entry
    from .parts import GeneratedValidator

TARGETS: Mapping[str, Callable[[Entry], GeneratedValidator]] = {
    "json-schema": partial(json_schema_validator, draft="https://json-schema.org/draft/2020-12/schema"),
    "json-schema-draft-07": partial(json_schema_validator, draft="http://json-schema.org/draft-07/schema#"),
    "es-module": es_module,
    "zod": zod_schema,
    "pydantic": pydantic_model,
    "pandera": pandera_module,
    "gx": gx_suite,
    "html": html_controls,
    "sql-postgres": partial(sql_checks, dialect="postgres"),
    "sql-mysql": partial(sql_checks, dialect="mysql"),
    "sql-duckdb": partial(sql_checks, dialect="duckdb"),
    "sql-sqlite": partial(sql_checks, dialect="sqlite"),
    "query-spark": partial(sql_query, dialect="spark"),
    "query-postgres": partial(sql_query, dialect="postgres"),
    "query-mysql": partial(sql_query, dialect="mysql"),
    "query-duckdb": partial(sql_query, dialect="duckdb"),
}


def left_words(generated: GeneratedValidator, target: str) -> str:
    """The constraints the validator does not state, one a line; empty where it states all."""
    if not generated.left:
        return ""
    lines = dict.fromkeys(f"  {escape(left.message)} ({escape(left.why)})" for left in generated.left)
    return "\n".join([f"{target} leaves out {count(len(lines), 'constraint')}:", *lines])

"""The base of every exception of Fieldline, and the exception for an optional package that is not installed.

    FieldlineError
    ├── EstateError        an estate cannot be read; carries every problem of every file
    ├── UnknownEntry       no entry has this name
    ├── UnknownField       no contract has this field
    ├── UnknownFields      a record has fields that its entry does not have
    ├── UnknownName        no system, rule, format … has this name
    ├── Unreadable         stored rows cannot be read
    ├── BudgetExceeded     a question takes more steps than its budget allows
    ├── MissingExtra       a package of an extra is not installed
    ├── PatternError, ConditionError, TransformError, EncodingError    a word of a contract or a flow has no meaning
    └── GitError, …        raised and handled below the application
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

EXTRAS: Mapping[str, str] = MappingProxyType(
    {
        "polars": "rows",
        "fastexcel": "rows",
        "pandera": "pandera",
        "great_expectations": "audit",
        "pandas": "audit",
        "sqlalchemy": "database",
        "psycopg": "database",
        "pymysql": "database",
        "duckdb": "database",
        "pyspark": "spark",
        "py4j": "spark",
        "fastapi": "web",
        "starlette": "web",
        "uvicorn": "web",
    }
)
"""By the name that a package is imported by, the extra that brings it."""


class FieldlineError(Exception):
    """The base of every exception that Fieldline raises on purpose. Any other exception is a bug."""


class MissingExtra(FieldlineError, ImportError):
    """A package is not installed that one of Fieldline's extras brings; `name` is the package, `extra` the extra."""

    def __init__(self, package: str, extra: str) -> None:
        super().__init__(
            f'{package}, which comes with the extra "{extra}", is not installed: '
            f"from a checkout, pip install '.[{extra}]'",
            name=package,
        )
        self.package = package
        self.extra = extra


def missing_extra(error: ModuleNotFoundError) -> MissingExtra | None:
    """The exception to raise for a module that is not there; None: no extra brings it."""
    package = (error.name or "").partition(".")[0]
    return MissingExtra(package, EXTRAS[package]) if package in EXTRAS else None

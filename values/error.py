"""The base of every exception of Fieldline, and the exception for a package of an extra that is not installed.

FieldlineError
├── EstateError        an estate cannot be read; carries every problem of every file
├── UnknownEntry       no entry has this name
├── UnknownField       no contract has this field
├── UnknownFields      a record has fields that its entry does not have
├── UnknownName        no system, rule, format … has this name
├── Unreadable         stored rows cannot be read
├── BudgetExceeded     a question needs more work than its budget allows
├── MissingExtra       a package of an extra is not installed
├── PatternError, ConditionError, TransformError, EncodingError    a word in a contract or a flow cannot be read
└── GitError, …        raised and handled below the application
"""

from __future__ import annotations

from contextlib import contextmanager
from importlib.util import find_spec
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

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
        "oracledb": "commercial",
        "pymssql": "commercial",
        "ibm_db_sa": "commercial",
        "ibm_db_dbi": "commercial",
        "ibm_db": "commercial",
        "pyspark": "spark",
        "py4j": "spark",
        "babel": "language",
        "jsonschema_rs": "odcs",
        "open_data_contract_standard": "odcs",
        "cryptography": "attempts",
        "alembic": "desk",
        "authlib": "desk",
        "holidays": "desk",
        "httpx": "desk",
        "itsdangerous": "desk",
        "prometheus_client": "desk",
        "fastapi": "web",
        "starlette": "web",
        "uvicorn": "web",
    }
)
"""Per import name of a package, the extra that installs it."""


class FieldlineError(Exception):
    """The base of every exception that Fieldline raises on purpose. Any other exception is a bug."""


class MissingExtra(FieldlineError, ImportError):
    """A package of one of Fieldline's extras is not installed; `name` is the package, `extra` the extra."""

    def __init__(self, user: str, package: str, extra: str) -> None:
        command = f"pip install '.[{extra}]'"
        super().__init__(
            f'{user} needs {package}, which comes with the extra "{extra}": from a checkout, {command}', name=package
        )
        self.extra = extra


def missing_extra(error: ModuleNotFoundError, user: str) -> MissingExtra | None:
    """The exception to raise for a missing module that `user` needs; None: no extra installs it."""
    package = (error.name or "").partition(".")[0]
    return MissingExtra(user, package, EXTRAS[package]) if package in EXTRAS else None


def require(package: str) -> None:
    """Raises ModuleNotFoundError where a package of an extra is not installed, before the import of another one fails."""
    if find_spec(package) is None:
        raise ModuleNotFoundError(f"No module named {package!r}", name=package)


@contextmanager
def needing_extras(user: str) -> Iterator[None]:
    """In the block, a missing module that an extra installs is raised as MissingExtra."""
    try:
        yield
    except ModuleNotFoundError as error:
        missing = missing_extra(error, user)
        if missing is None:
            raise
        raise missing from error

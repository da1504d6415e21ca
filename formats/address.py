"""The address of a database: a URL in an environment variable, of which the scheme alone is ever shown.

A URL holds passwords, in more places than one, and what drivers say repeats parts of it. So a URL leaves this module only
towards a driver. One that could be read in two ways is rejected: a driver that takes a part of a password for the name of
a host asks the network for it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ..documents.problem import shorten
from ..documents.variables import VariableError
from .ddl.engines.registry import ROW_STORES

if TYPE_CHECKING:
    from sqlalchemy import URL

    from ..documents.variables import Variables

_SCHEME = re.compile(r"([a-z][a-z0-9]*)(?:\+[a-z0-9_]+)?://")
_AUTHORITY = re.compile(r"(?P<user>[^@]*@)?[^@?]*(?P<query>\?.*)?", re.DOTALL)
_FILES = frozenset(("sqlite", "duckdb"))
"""Schemes whose URLs name a file: they have no user, and a file may be named as it likes."""
_SHORT = {
    "postgresql": "postgresql+psycopg",
    "mysql": "mysql+pymysql",
    "mariadb": "mariadb+pymysql",
    "oracle": "oracle+oracledb",
    "mssql": "mssql+pymssql",
    "db2": "db2+ibm_db",
}
"""The drivers that come with us, where a URL names none."""
_EXPECTED = f"the URL of a database: {', '.join(f'{scheme}://…' for scheme in sorted(ROW_STORES))}"


class DatabaseAddress:
    """Where a database is. Its text is the variable's name and the scheme, and nothing else of it."""

    __slots__ = ("_url", "scheme", "variable")

    def __init__(self, variable: str, variables: Variables) -> None:
        """Read a variable that may be read. Raises VariableError, whose message holds nothing of the URL."""
        written = variables.value(variable)
        self.variable = variable
        """The environment variable that holds the URL."""
        self.scheme = _scheme(variable, written)
        """SQLAlchemy's word for the engine."""
        self._url = _url(variable, written)

    @property
    def url(self) -> URL:
        """The URL, with all that is secret in it: for a driver, and for nobody else."""
        return self._url

    def __eq__(self, other: object) -> bool:
        return isinstance(other, DatabaseAddress) and (self.variable, self._url) == (other.variable, other.url)

    def __hash__(self) -> int:
        return hash((self.variable, self._url))

    def __repr__(self) -> str:
        return f"the database of {self.variable} ({self.scheme})"


def _scheme(variable: str, written: str) -> str:
    found = _SCHEME.match(written)
    if found is None or found.group(1) not in ROW_STORES:
        also = "; of other databases the script of definitions, with sql:"
        message = f"the environment variable {shorten(variable)} holds no address of a database that is read"
        raise VariableError(message, _EXPECTED + also)
    return found.group(1)


def _url(variable: str, written: str) -> URL:
    from sqlalchemy import make_url
    from sqlalchemy.exc import ArgumentError

    wrong = VariableError(
        f"the environment variable {shorten(variable)} holds a URL that cannot be read in one way only",
        "in a user and a password each of @ : / ? # % and every blank written as %40 %3A %2F %3F %23 %25 %20",
    )
    if not _is_unambiguous(written):
        raise wrong
    try:
        url = make_url(written)
        str(url.port)
        return url.set(drivername=_SHORT.get(url.drivername, url.drivername))
    except (ArgumentError, ValueError):
        raise wrong from None


def _is_unambiguous(written: str) -> bool:
    """Whether the parts of a URL are the same to whoever takes it apart."""
    if re.search(r"[\x00-\x20\x7f]", written) and not written.startswith(tuple(f"{scheme}:" for scheme in _FILES)):
        return False
    scheme, _, rest = written.partition("://")
    if scheme.partition("+")[0] in _FILES:
        return not re.search(r"[\x00-\x1f\x7f]", written)
    found = _AUTHORITY.fullmatch(rest)
    if found is None or "?" in (found.group("user") or ""):
        return False
    options = (found.group("query") or "?")[1:]
    return all("=" in option for option in options.split("&") if option)

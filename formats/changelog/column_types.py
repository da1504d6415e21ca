"""The types of Liquibase, in the words of each database, where they are others: `liquibase.datatype.core`, version 4."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_JAVA = re.compile(r"java\.sql\.Types\.(\w+)")
_TYPE = re.compile(r"\s*([A-Za-z][\w ]*?)\s*(\(.*\))?\s*(?:\{.*\})?\s*", re.DOTALL)

_TYPES: Mapping[str, Mapping[str, str]] = {
    "boolean": {
        **dict.fromkeys(("mysql", "mariadb"), "TINYINT(1)"),
        **dict.fromkeys(("sqlserver",), "BIT"),
        **dict.fromkeys(("oracle",), "NUMBER(1)"),
        **dict.fromkeys(("db2",), "SMALLINT"),
    },
    "datetime": {**dict.fromkeys(("postgres", "oracle", "db2", "snowflake"), "TIMESTAMP"), "sqlite": "TEXT"},
    "clob": {
        **dict.fromkeys(("postgres", "sqlite"), "TEXT"),
        **dict.fromkeys(("mysql", "mariadb"), "LONGTEXT"),
        "sqlserver": "VARCHAR(MAX)",
    },
    "blob": {
        "postgres": "BYTEA",
        **dict.fromkeys(("mysql", "mariadb"), "LONGBLOB"),
        "sqlserver": "VARBINARY(MAX)",
    },
    "nvarchar": {"postgres": "VARCHAR", "db2": "VARCHAR", "oracle": "NVARCHAR2"},
    "nchar": {"postgres": "CHAR", "db2": "CHAR"},
    "varchar": {"oracle": "VARCHAR2"},
    "nclob": {"postgres": "TEXT", **dict.fromkeys(("mysql", "mariadb"), "LONGTEXT"), "sqlserver": "NVARCHAR(MAX)"},
    "uuid": {
        **dict.fromkeys(("mysql", "mariadb", "db2"), "CHAR(36)"),
        "oracle": "RAW(16)",
        "sqlserver": "UNIQUEIDENTIFIER",
        "sqlite": "TEXT",
    },
    "bigint": {"oracle": "NUMBER(38, 0)"},
    "tinyint": {**dict.fromkeys(("postgres", "db2"), "SMALLINT"), "oracle": "NUMBER(3)"},
    "double": {"postgres": "DOUBLE PRECISION", "oracle": "FLOAT(24)", "sqlserver": "FLOAT(53)"},
    "currency": {
        **dict.fromkeys(("postgres", "mysql", "mariadb", "db2"), "DECIMAL"),
        "sqlserver": "MONEY",
        "oracle": "NUMBER(15, 2)",
    },
    "number": {**dict.fromkeys(("postgres", "mysql", "mariadb", "sqlserver", "db2"), "NUMERIC")},
    "longvarchar": {**dict.fromkeys(("postgres", "sqlite"), "TEXT"), **dict.fromkeys(("mysql", "mariadb"), "LONGTEXT")},
    "text": {"oracle": "CLOB"},
}
_ALSO = {"java.util.uuid": "uuid", "bool": "boolean", "bit": "boolean", "int8": "bigint", "timestamptz": "timestamptz"}
_ALSO |= {
    "string": "varchar",
    "longblob": "blob",
    "longtext": "clob",
    "mediumtext": "mediumtext",
    "varchar2": "varchar",
}
_ALSO |= {"nvarchar2": "nvarchar", "binary": "blob", "longvarbinary": "blob", "varbinary": "blob"}


def column_type(written: str, dialect: str) -> str:
    """A type as Liquibase would write it for a database. A type that is not in its lists stays as it is."""
    plain = _JAVA.sub(r"\1", written)
    found = _TYPE.fullmatch(" ".join(plain.split()))
    if found is None:
        return plain
    name, size = found[1].lower(), found[2] or ""
    name = _ALSO.get(name, name) if not (name in {"binary", "varbinary", "bit"} and size) else name
    made = _TYPES.get(name, {}).get(dialect)
    if made is None:
        return plain if name == found[1].lower() else f"{name}{size}"
    return made if "(" in made else f"{made}{'' if name in {'clob', 'blob', 'nclob', 'tinyint', 'double'} else size}"

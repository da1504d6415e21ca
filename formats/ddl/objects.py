"""Objects of a database that are no tables, and those that are not there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...documents.problem import nearest, shorten
from .cursor import NoSuchTable, UnreadStatement

if TYPE_CHECKING:
    from .cursor import Cursor, Word
    from .schema import DatabaseSchema


def word_set(listed: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(listed.split())


PASSED_OBJECTS = word_set(
    "SEQUENCE FUNCTION PROCEDURE PROC AGGREGATE EXTENSION SCHEMA ROLE USER LOGIN GROUP LANGUAGE OPERATOR "
    "CAST COLLATION SERVER TABLESPACE PUBLICATION SUBSCRIPTION STATISTICS EVENT SYNONYM PACKAGE DEFAULT "
    "TEXT CONVERSION TRANSFORM ACCESS FULLTEXT FOREIGN LARGE SYSTEM SESSION PROFILE DIRECTORY MACRO "
    "SECRET PARTITION LIBRARY CONTEXT "
    "PROCEDURAL TRUSTED INSTANCE RESOURCE LOGFILE UNDO "  # PostgreSQL, MySQL
    "XML PRIMARY ASYMMETRIC SYMMETRIC CERTIFICATE MASTER CREDENTIAL COLUMN SERVICE QUEUE MESSAGE CONTRACT ROUTE "
    "ASSEMBLY ENDPOINT AUTHORIZATION APPLICATION REMOTE SEARCH VECTOR CRYPTOGRAPHIC BROKER WORKLOAD "  # SQL Server
    "JAVA INDEXTYPE DIMENSION OUTLINE PFILE SPFILE CONTROLFILE ROLLBACK DISKGROUP LOCKDOWN OPERATOR INMEMORY "  # Oracle
    "STREAM TASK STAGE FILE PIPE MASKING ROW TAG WAREHOUSE SHARE NETWORK INTEGRATION STORAGE NOTIFICATION API ALERT "
    "PASSWORD AGGREGATION PROJECTION PRIVACY AUTHENTICATION PACKAGES FAILOVER REPLICATION MANAGED GIT IMAGE COMPUTE "
    "STREAMLIT CORTEX SEMANTIC NOTEBOOK ACCOUNT ORGANIZATION CONNECTION DATASET CATALOG EXTENSION "  # Snowflake
    "MODEL ASSIGNMENT CAPACITY RESERVATION BI_CAPACITY PROJECT "  # BigQuery
    "VOLUME RECIPIENT PROVIDER BLOOMFILTER METASTORE "  # Databricks
    "BUFFERPOOL STOGROUP ALIAS NICKNAME WRAPPER VARIABLE MODULE MASK AUDIT THRESHOLD USAGE HISTOGRAM WORK NODEGROUP "
    "XSROBJECT AUXILIARY"  # Db2
)
"""Objects that are no tables, and whose making and unmaking changes none."""


def unknown_object(cursor: Cursor, word: Word) -> UnreadStatement:
    """The error that nothing is known of an object of that kind."""
    message = f"{shorten(word.value)} is not known here"
    error = UnreadStatement(cursor.at(word), message, max(1, word.end - word.start), "TABLE, INDEX, TYPE, VIEW, …")
    error.word = word.value
    return error


def no_such_table(cursor: Cursor, path: tuple[Word, ...], schema: DatabaseSchema) -> NoSuchTable:
    """The error that a table is altered or copied that was never made."""
    last = path[-1]
    guess = nearest(last.value, tuple(table.name for table in schema.tables.values()))
    message = f"there is no table {shorten(last.value)} at this point"
    at = cursor.script.place(path[0].start)
    expected = "a table that an earlier statement made"
    error = NoSuchTable(at, message, last.end - path[0].start, expected, guess)
    error.key = schema.key(path)
    return error

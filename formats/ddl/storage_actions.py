"""Actions of ALTER TABLE that change neither columns nor the values they accept: how rows are kept, who sees them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .objects import word_set

if TYPE_CHECKING:
    from .cursor import Cursor

_WORDS = word_set(
    "LOCKSIZE VOLATILE APPEND ACTIVATE COMPRESS NOCOMPRESS DISCARD SECONDARY_ENGINE SECONDARY_LOAD SECONDARY_UNLOAD "
    "ENGINE_ATTRIBUTE SUSPEND RESUME UNSET READ INMEMORY RECOVER SHRINK DEALLOCATE ALLOCATE INITRANS MAXTRANS FLASHBACK "
    "RESULT_CACHE MONITORING NOMONITORING AUDIT CCSID CONNECTION INSERT_METHOD UNION DELAY_KEY_WRITE AVG_ROW_LENGTH "
    "MAX_ROWS MIN_ROWS PACK_KEYS STATS_AUTO_RECALC STATS_SAMPLE_PAGES PAGE_CHECKSUM PAGE_COMPRESSED TRANSACTIONAL "
    "ENCRYPTION ENCRYPTED AUTOEXTEND_SIZE COMPRESSION PASSWORD NOWAIT WAIT TABLESPACE VERIFY CONNECT REFRESH"
)
"""Words that begin such an action, whatever follows."""

_PHRASES = (
    "NOT VOLATILE",
    "DATA CAPTURE",
    "DATA DIRECTORY",
    "INDEX DIRECTORY",
    "IMPORT TABLESPACE",
    "ENABLE CHANGE_TRACKING",
    "DISABLE CHANGE_TRACKING",
    "ADD SEARCH",
    "DROP SEARCH",
    "SET TAG",
    "SET TAGS",
    "ADD ROW ACCESS",
    "DROP ROW ACCESS",
    "DROP ALL ROW",
    "SET ROW FILTER",
    "DROP ROW FILTER",
    "DROP CLUSTERING",
    "SET OPTIONS",
    "SET DEFAULT COLLATE",
    "SET ACCESS",
    "SET LOCATION",
    "SET OWNER",
    "UNSET TBLPROPERTIES",
    "SET SERDE",
    "SET SERDEPROPERTIES",
    "SET FILEFORMAT",
    "SET DATA_RETENTION_TIME_IN_DAYS",
    "SET MAX_DATA_EXTENSION_TIME_IN_DAYS",
    "SET CHANGE_TRACKING",
    "SET COMMENT",
    "SET ENABLE_SCHEMA_EVOLUTION",
    "SET STAGE_FILE_FORMAT",
    "SET DEFAULT_DDL_COLLATION",
    "ADD VERSIONING",
    "DROP VERSIONING",
    "ADD SYSTEM VERSIONING",
    "DROP SYSTEM VERSIONING",
    "WITH SYSTEM VERSIONING",
    "ADD PERIOD",
    "ADD SUPPLEMENTAL",
    "DROP SUPPLEMENTAL",
    "NO INMEMORY",
    "NO FLASHBACK",
    "DROP UNUSED",
    "ENABLE PREDICTIVE",
    "DISABLE PREDICTIVE",
    "INHERIT PREDICTIVE",
    "ENABLE TABLE",
    "DISABLE TABLE",
    "ADD PARTITION",
    "ADD IF NOT EXISTS PARTITION",
    "DROP IF EXISTS PARTITION",
    "ALTER PARTITION",
    "PARTITION (",
    "ADD RESTRICT",
    "DROP RESTRICT",
    "ADD CLONE",
    "DROP CLONE",
    "ROW STORE",
    "DROP FEATURE",
)

_PASSED = (
    ("OWNER",),
    ("ENABLE", "ROW"),
    ("DISABLE", "ROW"),
    ("FORCE",),
    ("NO", "FORCE"),
    ("ENABLE", "RULE"),
    ("DISABLE", "RULE"),
    ("ENABLE", "KEYS"),
    ("DISABLE", "KEYS"),
    ("CLUSTER",),
    ("REPLICA",),
    ("ATTACH",),
    ("DETACH",),
    ("VALIDATE",),
    ("SET", "("),
    ("SET", "TABLESPACE"),
    ("SET", "LOGGED"),
    ("SET", "UNLOGGED"),
    ("SET", "WITHOUT"),
    ("SET", "STATISTICS"),
    ("RESET",),
    ("ENGINE",),
    ("AUTO_INCREMENT",),
    ("COMMENT",),
    ("ROW_FORMAT",),
    ("CHECKSUM",),
    ("KEY_BLOCK_SIZE",),
    ("STATS_PERSISTENT",),
    ("ALGORITHM",),
    ("LOCK",),
    ("ORDER", "BY"),
    ("REMOVE",),
    ("TRUNCATE",),
    ("EXCHANGE",),
    ("COALESCE",),
    ("REORGANIZE",),
    ("MOVE",),
    ("REBUILD",),
    ("LOGGING",),
    ("NOLOGGING",),
    ("CACHE",),
    ("NOCACHE",),
    ("PARALLEL",),
    ("NOPARALLEL",),
    ("PCTFREE",),
    ("STORAGE",),
    ("TABLESPACE",),
    ("SWITCH",),
    *(tuple(phrase.split()) for phrase in _PHRASES),
)
"""Actions that change neither columns nor the values they accept."""
_BEGIN = frozenset(words[0] for words in _PASSED)


def changes_nothing(cursor: Cursor) -> bool:
    """Whether the first action that comes next changes neither columns nor the values they accept."""
    first = cursor.word.upper
    return first in _WORDS or (first in _BEGIN and any(cursor.sees(*words) for words in _PASSED))

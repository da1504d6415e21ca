"""The tables, as they are after the last migration. Instants are texts of fixed width in UTC, which sort as they do."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, MetaData, Table, Text, text

TABLES = MetaData()
ROW_NUMBER = BigInteger().with_variant(Integer, "sqlite")  # SQLite numbers rows of this type alone

RECORD_NAMES = Table(
    "fieldline_records",
    TABLES,
    Column("id", Text, primary_key=True),
    Column("entity", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("seen", Text, nullable=False),
    Index("fieldline_records_key", "entity", "key", unique=True),
)
"""Opaque names of records, so that no address holds a value of one."""

CASES = Table(
    "fieldline_cases",
    TABLES,
    Column("id", ROW_NUMBER, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("record", Text, ForeignKey("fieldline_records.id")),
    Column("parent", ROW_NUMBER, ForeignKey("fieldline_cases.id")),
    Column("fault", Text, nullable=False),
    Column("about", Text, nullable=False),
    Column("team", Text, nullable=False),
    Column("person", Text),
    Column("opened", Text, nullable=False),
    Column("opened_by", Text, nullable=False),
    Column("promised", Text),
    Column("usual_seconds", Integer),
    Column("calendar", Text),
    Column("critical", Boolean, nullable=False),
    Column("told", Text),
    Column("told_language", Text),
    Column("next_word", Text),
    Column("closed", Text),
    Column("began", Text),
    Index("fieldline_cases_open", "closed", "team"),
    Index("fieldline_cases_parent", "parent"),
    Index("fieldline_cases_record", "record"),
    Index("fieldline_cases_fault", "fault"),
    Index(
        "fieldline_cases_one",
        *("record", "fault"),
        unique=True,
        sqlite_where=text("closed is null and kind = 'record'"),
        postgresql_where=text("closed is null and kind = 'record'"),
    ),
)

INCOMING = Table(
    "fieldline_incoming",
    TABLES,
    Column("id", ROW_NUMBER, primary_key=True),
    Column("source", Text, nullable=False),
    Column("event", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("record", Text, ForeignKey("fieldline_records.id"), nullable=False),
    Column("text", Text, nullable=False),
    Column("about", Text, nullable=False),
    Column("answer_by", Text),
    Column("seen", Text),
    Index("fieldline_incoming_event", "source", "event", unique=True),
    Index("fieldline_incoming_record", "record", "at"),
    Index("fieldline_incoming_waiting", "seen", "kind"),
)
"""What other systems tell of a record: that the customer called, was refused, is about to get a letter."""

HISTORY = Table(
    "fieldline_case_history",
    TABLES,
    Column("id", ROW_NUMBER, primary_key=True),
    Column("case_id", ROW_NUMBER, ForeignKey("fieldline_cases.id"), nullable=False),
    Column("at", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("act", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("about", Text, nullable=False),
    Index("fieldline_case_history_case", "case_id", "id"),
)
"""Only added to: the database itself refuses a change of a line."""

LOOKUPS = Table(
    "fieldline_lookups",
    TABLES,
    Column("id", ROW_NUMBER, primary_key=True),
    Column("at", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("roles", Text, nullable=False),
    Column("act", Text, nullable=False),
    Column("record", Text),
    Column("reason", Text, nullable=False),
    Index("fieldline_lookups_at", "at"),
)
"""Who looked at whom, and why. Without a value of the record."""

SESSIONS = Table(
    "fieldline_sessions",
    TABLES,
    Column("id", Text, primary_key=True),
    Column("person", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("roles", Text, nullable=False),
    Column("teams", Text, nullable=False),
    Column("form_key", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("began", Text, nullable=False),
    Column("used", Text, nullable=False),
    Index("fieldline_sessions_used", "used"),
)
"""By the digest of their cookie: whoever reads the table is not signed in by that."""

HELD = Table(
    "fieldline_held",
    TABLES,
    Column("id", Text, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("action", Text, nullable=False),
    Column("record", Text, ForeignKey("fieldline_records.id"), nullable=False),
    Column("state", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("tell", Text),
    Column("asked", Text, nullable=False),
    Column("until", Text, nullable=False),
    Column("hold_seconds", Integer, nullable=False),
    Column("goes_unanswered", Boolean, nullable=False),
    Column("person", Text),
    Index("fieldline_held_open", "action", "record", "state"),
    Index("fieldline_held_until", "state", "until"),
)
"""Actions that a gate holds."""

HELD_ACTS = Table(
    "fieldline_held_acts",
    TABLES,
    Column("id", ROW_NUMBER, primary_key=True),
    Column("held", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("act", Text, nullable=False),
    Index("fieldline_held_acts_held", "held"),
)
"""Who held, released or stopped what; of all actions together, `*`. Lines are only added."""

CURSORS = Table(
    "fieldline_cursors",
    TABLES,
    Column("name", Text, primary_key=True),
    Column("last", ROW_NUMBER, nullable=False),
)
"""How far somebody has read the history."""


def stored_instant(instant: datetime) -> str:
    """An instant as it stands in the tables."""
    return instant.astimezone(UTC).isoformat(timespec="milliseconds")


def instant(moment: str) -> datetime:
    """The instant that a text of the tables is."""
    return datetime.fromisoformat(moment)

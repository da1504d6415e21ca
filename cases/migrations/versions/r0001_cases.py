"""Cases, their history, look-ups of records, sessions."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")

_REFUSAL = {
    "sqlite": [
        """
        create trigger fieldline_case_history_stays before update on fieldline_case_history
        begin select raise(abort, 'history is only added to'); end
        """
    ],
    "postgresql": [
        """
        create function fieldline_history_stays() returns trigger language plpgsql as
        $$ begin raise exception 'history is only added to'; end $$
        """,
        """
        create trigger fieldline_case_history_stays before update on fieldline_case_history
        for each row execute function fieldline_history_stays()
        """,
    ],
}


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "fieldline_records",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("entity", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("seen", sa.Text, nullable=False),
    )
    op.create_index("fieldline_records_key", "fieldline_records", ["entity", "key"], unique=True)
    op.create_table(
        "fieldline_cases",
        sa.Column("id", _NUMBER, primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("record", sa.Text, sa.ForeignKey("fieldline_records.id")),
        sa.Column("parent", _NUMBER, sa.ForeignKey("fieldline_cases.id")),
        sa.Column("fault", sa.Text, nullable=False),
        sa.Column("about", sa.Text, nullable=False),
        sa.Column("team", sa.Text, nullable=False),
        sa.Column("person", sa.Text),
        sa.Column("opened", sa.Text, nullable=False),
        sa.Column("opened_by", sa.Text, nullable=False),
        sa.Column("promised", sa.Text),
        sa.Column("usual_seconds", sa.Integer),
        sa.Column("calendar", sa.Text),
        sa.Column("critical", sa.Boolean, nullable=False),
        sa.Column("told", sa.Text),
        sa.Column("told_language", sa.Text),
        sa.Column("next_word", sa.Text),
        sa.Column("closed", sa.Text),
    )
    op.create_index("fieldline_cases_open", "fieldline_cases", ["closed", "team"])
    op.create_index("fieldline_cases_parent", "fieldline_cases", ["parent"])
    op.create_index("fieldline_cases_record", "fieldline_cases", ["record"])
    op.create_index("fieldline_cases_fault", "fieldline_cases", ["fault"])
    op.create_index(
        "fieldline_cases_one",
        "fieldline_cases",
        ["record", "fault"],
        unique=True,
        sqlite_where=sa.text("closed is null and kind = 'record'"),
        postgresql_where=sa.text("closed is null and kind = 'record'"),
    )
    op.create_table(
        "fieldline_case_history",
        sa.Column("id", _NUMBER, primary_key=True),
        sa.Column("case_id", _NUMBER, sa.ForeignKey("fieldline_cases.id"), nullable=False),
        sa.Column("at", sa.Text, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("act", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("about", sa.Text, nullable=False),
    )
    op.create_index("fieldline_case_history_case", "fieldline_case_history", ["case_id", "id"])
    op.create_table(
        "fieldline_lookups",
        sa.Column("id", _NUMBER, primary_key=True),
        sa.Column("at", sa.Text, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("roles", sa.Text, nullable=False),
        sa.Column("act", sa.Text, nullable=False),
        sa.Column("record", sa.Text),
        sa.Column("reason", sa.Text, nullable=False),
    )
    op.create_index("fieldline_lookups_at", "fieldline_lookups", ["at"])
    op.create_table(
        "fieldline_sessions",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("roles", sa.Text, nullable=False),
        sa.Column("teams", sa.Text, nullable=False),
        sa.Column("form_key", sa.Text, nullable=False),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("began", sa.Text, nullable=False),
        sa.Column("used", sa.Text, nullable=False),
    )
    op.create_index("fieldline_sessions_used", "fieldline_sessions", ["used"])
    for statement in _REFUSAL[op.get_bind().dialect.name]:
        op.execute(statement)

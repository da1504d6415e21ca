"""What other systems tell of a record, and when a case began: with the first word, which may be earlier than the case."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make the table, and the column."""
    op.create_table(
        "fieldline_incoming",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("event", sa.Text, nullable=False),
        sa.Column("at", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("record", sa.Text, sa.ForeignKey("fieldline_records.id"), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("about", sa.Text, nullable=False),
        sa.Column("answer_by", sa.Text),
        sa.Column("seen", sa.Text),
    )
    op.create_index("fieldline_incoming_event", "fieldline_incoming", ["source", "event"], unique=True)
    op.create_index("fieldline_incoming_record", "fieldline_incoming", ["record", "at"])
    op.create_index("fieldline_incoming_waiting", "fieldline_incoming", ["seen", "kind"])
    op.add_column("fieldline_cases", sa.Column("began", sa.Text))

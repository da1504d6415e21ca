"""Actions that gates hold, and who held or released them."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "fieldline_held",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("action", sa.Text, nullable=False),
        sa.Column("record", sa.Text, sa.ForeignKey("fieldline_records.id"), nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("tell", sa.Text),
        sa.Column("asked", sa.Text, nullable=False),
        sa.Column("until", sa.Text, nullable=False),
        sa.Column("hold_seconds", sa.Integer, nullable=False),
        sa.Column("goes_unanswered", sa.Boolean, nullable=False),
        sa.Column("person", sa.Text),
    )
    op.create_index("fieldline_held_open", "fieldline_held", ["action", "record", "state"])
    op.create_index("fieldline_held_until", "fieldline_held", ["state", "until"])
    op.create_table(
        "fieldline_held_acts",
        sa.Column("id", _NUMBER, primary_key=True),
        sa.Column("held", sa.Text, nullable=False),
        sa.Column("at", sa.Text, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("act", sa.Text, nullable=False),
    )
    op.create_index("fieldline_held_acts_held", "fieldline_held_acts", ["held"])

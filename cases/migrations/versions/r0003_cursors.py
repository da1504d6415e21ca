"""How far the history was sent out."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "fieldline_cursors",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("last", sa.BigInteger().with_variant(sa.Integer, "sqlite"), nullable=False),
    )

"""The language of counselling as a column of its own, so that an inbox can be narrowed by it."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

TABLES = ("referral", "counselling_case")


def upgrade() -> None:
    """Give both records an empty code: the language is sealed, so the running service fills it in."""
    for table in TABLES:
        op.add_column(table, sa.Column("language_code", sa.String(5), nullable=False, server_default=""))


def downgrade() -> None:
    """Take the column away; every column is dropped natively, so that no trigger of the table is lost."""
    for table in TABLES:
        op.drop_column(table, "language_code")

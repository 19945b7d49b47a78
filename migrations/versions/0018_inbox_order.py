"""Indexes of the work to do: what waits and what is open, apart from all that has ended."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

OPEN = sa.text("status IN ('contacting', 'waiting', 'scheduled', 'active')")
WAITING = sa.text("status = 'sent'")


def upgrade() -> None:
    """Create the indexes."""
    op.create_index(
        "ix_counselling_case_open",
        "counselling_case",
        ["catchment_id", "due_on", "id"],
        unique=False,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )
    op.create_index(
        "ix_referral_waiting",
        "referral",
        ["catchment_id", "claim_due_on", "id"],
        unique=False,
        sqlite_where=WAITING,
        postgresql_where=WAITING,
    )


def downgrade() -> None:
    """Drop the indexes."""
    op.drop_index("ix_referral_waiting", table_name="referral")
    op.drop_index("ix_counselling_case_open", table_name="counselling_case")

"""Room for what the referral loop still lacks: shared texts taken over once, and a log that hears of drafts hourly."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the room; texts that units have already count as their own."""
    op.add_column("referral_draft", sa.Column("logged_at", sa.DateTime(timezone=True)))
    with op.batch_alter_table("ready_text") as batch:
        batch.add_column(sa.Column("adopted", sa.Integer()))
        batch.create_unique_constraint("uq_ready_text_adopted", ["unit_id", "adopted"])


def downgrade() -> None:
    """Take it away."""
    with op.batch_alter_table("ready_text") as batch:
        batch.drop_constraint("uq_ready_text_adopted", type_="unique")
        batch.drop_column("adopted")
    op.drop_column("referral_draft", "logged_at")

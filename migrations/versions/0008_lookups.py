"""Indexes for what every claim, withdrawal, shared list and list of finished cases looks up."""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the indexes."""
    op.create_index(
        op.f("ix_counselling_case_referral_id"), "counselling_case", ["referral_id"], unique=False
    )
    op.create_index(
        "ix_counselling_case_finished", "counselling_case", ["catchment_id", "closed_at", "id"], unique=False
    )
    op.create_index(op.f("ix_referral_sending_unit_id"), "referral", ["sending_unit_id"], unique=False)


def downgrade() -> None:
    """Drop the indexes."""
    op.drop_index(op.f("ix_referral_sending_unit_id"), table_name="referral")
    op.drop_index("ix_counselling_case_finished", table_name="counselling_case")
    op.drop_index(op.f("ix_counselling_case_referral_id"), table_name="counselling_case")

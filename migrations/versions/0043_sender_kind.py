"""Who would hear of a case's referral, were it returned or asked about: copied when the case is made."""

from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column with its CHECK, filled from the referrals."""
    # Not as a batch: SQLite would copy the whole table.
    op.execute(
        "ALTER TABLE counselling_case ADD COLUMN sender_kind VARCHAR(40) DEFAULT 'account' NOT NULL "
        "CONSTRAINT ck_counselling_case_sender_kind CHECK (sender_kind IN ('account', 'paper', 'resident'))"
    )
    op.execute(
        """
        UPDATE counselling_case SET sender_kind = (
            SELECT CASE
                WHEN referral.sender_id IS NOT NULL THEN 'account'
                WHEN referral.entered_unit_id IS NOT NULL THEN 'paper'
                ELSE 'resident'
            END
            FROM referral WHERE referral.id = counselling_case.referral_id
        )
        WHERE EXISTS (SELECT 1 FROM referral WHERE referral.id = counselling_case.referral_id)
        """
    )


def downgrade() -> None:
    """Take the column away."""
    op.execute("ALTER TABLE counselling_case DROP COLUMN sender_kind")

"""Words of consent for clients of other municipalities, and the unit that entered a paper."""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

REFERENCE = "fk_referral_entered_unit_id_unit"

SEEN_BEFORE = """
    (SELECT wall_purpose()) = 'service'
    OR id = ANY ((SELECT wall_together())::uuid[])
    OR id = (SELECT wall_client())
    OR sender_id = (SELECT wall_sender())
    OR sending_unit_id = ANY ((SELECT wall_shared_units())::uuid[])
    OR (status = 'sent' AND catchment_id = ANY ((SELECT wall_catchments())::uuid[]) AND wall_consented(id))
    OR '' = ANY ((SELECT wall_offices())::text[])
    OR municipality_code = ANY ((SELECT wall_offices())::text[])
"""
"""Whose a referral is, as 0023 has it."""
# A paper has no sender with an account: what comes back is seen by the unit that entered it.
SEEN = f"""{SEEN_BEFORE}
    OR (
        status = 'returned'
        AND entered_unit_id = ANY ((SELECT wall_units('inbox_work'))::uuid[])
        AND wall_consented(id)
    )
"""


def upgrade() -> None:
    """Mark the variants of a text, and name the unit of every paper that an adviser entered."""
    op.add_column(
        "consent_text", sa.Column("elsewhere", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    if _is_sqlite():
        # Natively, since a table that is written anew would lose what hangs on it.
        op.execute(
            f"ALTER TABLE referral ADD COLUMN entered_unit_id CHAR(32) CONSTRAINT {REFERENCE} REFERENCES unit (id)"
        )
    else:
        op.add_column("referral", sa.Column("entered_unit_id", sa.Uuid()))
        op.create_foreign_key(REFERENCE, "referral", "unit", ["entered_unit_id"], ["id"])
    # What another municipality has taken over was entered by the one before: that is not known of old ones.
    op.execute(
        "UPDATE referral SET entered_unit_id = (SELECT unit_id FROM catchment WHERE catchment.id = catchment_id)"
        " WHERE origin = 'paper' AND sender_id IS NULL AND NOT EXISTS (SELECT 1 FROM referral_history AS h"
        " WHERE h.referral_id = referral.id AND h.move = 'R13' AND h.from_status IS NULL)"
    )
    op.create_index("ix_referral_entered_unit_id", "referral", ["entered_unit_id"])
    if not _is_sqlite():
        op.execute(f"ALTER POLICY wall ON referral USING ({SEEN})")


def downgrade() -> None:
    """Take both columns away."""
    if not _is_sqlite():
        op.execute(f"ALTER POLICY wall ON referral USING ({SEEN_BEFORE})")
        op.drop_constraint(REFERENCE, "referral", type_="foreignkey")
    op.drop_index("ix_referral_entered_unit_id", "referral")
    op.drop_column("referral", "entered_unit_id")
    op.drop_column("consent_text", "elsewhere")


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"

"""Short codes of wellbeing cards: a referral can start from one."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    several = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")
    op.create_table(
        "card_code",
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("services", several, nullable=False),
        sa.Column("themes", several, nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("code_hash", name=op.f("pk_card_code")),
    )
    op.create_index(op.f("ix_card_code_expires_at"), "card_code", ["expires_at"], unique=False)


def downgrade() -> None:
    """Drop the table."""
    op.drop_index(op.f("ix_card_code_expires_at"), table_name="card_code")
    op.drop_table("card_code")

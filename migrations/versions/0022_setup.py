"""Target times as data, and sign-ins in which somebody practises."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table and the column; until there is a rule the settings' targets hold."""
    op.create_table(
        "target_rule",
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("claim_days", sa.Integer(), nullable=False),
        sa.Column("contact_days", sa.Integer(), nullable=False),
        sa.Column("soon_days", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("valid_from", name=op.f("pk_target_rule")),
    )
    # Both engines add a column with a default in place: no table is written anew.
    op.add_column(
        "sign_in_session", sa.Column("practising", sa.Boolean(), nullable=False, server_default=sa.false())
    )


def downgrade() -> None:
    """Take them away; the settings' targets hold again."""
    op.drop_column("sign_in_session", "practising")
    op.drop_table("target_rule")

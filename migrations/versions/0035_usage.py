"""How the tray is used, counted by day without knowing by whom."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

USES = ("view", "search", "empty_search", "card", "path", "outbound")


def upgrade() -> None:
    """Add the days' numbers, the searches whose words may be kept, and the fingerprints of the others."""
    op.create_table(
        "usage_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column(
            "use",
            sa.Enum(*USES, name="use", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("key", sa.String(120), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.CheckConstraint("count > 0", name=op.f("ck_usage_day_count")),
        sa.PrimaryKeyConstraint("day", "use", "key", name=op.f("pk_usage_day")),
    )
    op.create_table(
        "usage_search_text",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("text", sa.String(100), nullable=False),
        sa.Column("found", sa.Boolean(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.CheckConstraint("count > 0", name=op.f("ck_usage_search_text_count")),
        sa.PrimaryKeyConstraint("day", "text", "found", name=op.f("pk_usage_search_text")),
    )
    op.create_table(
        "usage_search_hash",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.CheckConstraint("count > 0", name=op.f("ck_usage_search_hash_count")),
        sa.PrimaryKeyConstraint("day", "fingerprint", name=op.f("pk_usage_search_hash")),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("usage_search_hash")
    op.drop_table("usage_search_text")
    op.drop_table("usage_day")

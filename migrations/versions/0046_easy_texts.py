"""What a service is in easy language, beside its other texts."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add it; nobody has written one yet."""
    # Not as a batch: SQLite would write the table anew, and all that hangs on a service would go with the old one.
    op.add_column(
        "service",
        sa.Column(
            "easy",
            sa.JSON().with_variant(postgresql.JSONB(), "postgresql"),
            server_default="{}",
            nullable=False,
        ),
    )


def downgrade() -> None:
    """Take it away."""
    op.drop_column("service", "easy")

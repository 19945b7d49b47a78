"""What an editor of content asks to be mended before a service that was written by its provider is published."""

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody has asked for anything yet."""
    op.add_column("service", sa.Column("to_mend", sa.Text(), server_default="", nullable=False))


def downgrade() -> None:
    """Take it away."""
    op.drop_column("service", "to_mend")

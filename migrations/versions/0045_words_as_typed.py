"""Which words of the catalogue are suggested: those in the form in which somebody would type them."""

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Until the index is made anew, the words of names and keywords, as before."""
    op.add_column("search_word", sa.Column("typed", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.execute("UPDATE search_word SET typed = (weight >= 2)")


def downgrade() -> None:
    """Take it away."""
    op.drop_column("search_word", "typed")

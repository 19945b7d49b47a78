"""The words of the search: the catalogue's vocabulary, and what editors added to the word lists or took away."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "search_word",
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("word", sa.String(length=64), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("language", "word", name=op.f("pk_search_word")),
    )
    op.create_table(
        "search_synonym",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("everyday", sa.String(length=64), nullable=False),
        sa.Column("official", sa.String(length=100), nullable=False),
        sa.Column("removed", sa.Boolean(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_synonym")),
        sa.UniqueConstraint(
            "language", "everyday", "official", name=op.f("uq_search_synonym_language_everyday_official")
        ),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("search_synonym")
    op.drop_table("search_word")

"""The search index, in each database's own kind of table."""

import sqlalchemy as sa
from alembic import op

from themes.search.tables import create_index_tables, drop_index_tables

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "search_document",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("name_length", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_document")),
        sa.UniqueConstraint("service_id", "language", name=op.f("uq_search_document_service_id_language")),
    )
    op.create_index(op.f("ix_search_document_language"), "search_document", ["language"], unique=False)
    create_index_tables(op.get_bind())


def downgrade() -> None:
    """Drop the tables."""
    drop_index_tables(op.get_bind())
    op.drop_table("search_document")

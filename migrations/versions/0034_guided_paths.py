"""Versions of guided paths that editors write; the languages of tools."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the versions, and to tools the languages that they are kept in."""
    json = sa.JSON().with_variant(JSONB(), "postgresql")
    op.create_table(
        "path_version",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.String(60), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "published",
                "withdrawn",
                name="version_state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["changed_by_id"], ["user_account.id"], name=op.f("fk_path_version_changed_by_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_path_version")),
        sa.UniqueConstraint("slug", "number", name=op.f("uq_path_version_slug_number")),
    )
    op.create_index(
        "uq_path_version_draft",
        "path_version",
        ["slug"],
        unique=True,
        sqlite_where=sa.text("state = 'draft'"),
        postgresql_where=sa.text("state = 'draft'"),
    )
    op.add_column("tool", sa.Column("languages", json, server_default=sa.text("'[\"fi\"]'"), nullable=False))
    with op.batch_alter_table("tool") as table:
        table.alter_column("languages", server_default=None)


def downgrade() -> None:
    """Remove both."""
    with op.batch_alter_table("tool") as table:
        table.drop_column("languages")
    op.drop_index("uq_path_version_draft", table_name="path_version")
    op.drop_table("path_version")

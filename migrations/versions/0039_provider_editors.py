"""Who edits which provider; what was changed here and not by the source; of what a provider was reminded."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add the editors of providers, and two columns to services."""
    op.create_table(
        "provider_editor",
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("added_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(
            ["provider_id"],
            ["provider.id"],
            name=op.f("fk_provider_editor_provider_id_provider"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_provider_editor_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("provider_id", "user_id", name=op.f("pk_provider_editor")),
    )
    op.create_index(op.f("ix_provider_editor_user_id"), "provider_editor", ["user_id"])
    # Added in place: SQLite would otherwise make the table anew, and what hangs on its rows would go with them.
    op.add_column(
        "service",
        sa.Column(
            "own_fields",
            sa.JSON().with_variant(postgresql.JSONB(), "postgresql"),
            server_default="[]",
            nullable=False,
        ),
    )
    op.add_column("service", sa.Column("reminded_on", sa.Date(), nullable=True))


def downgrade() -> None:
    """Take them away."""
    op.drop_column("service", "reminded_on")
    op.drop_column("service", "own_fields")
    op.drop_index(op.f("ix_provider_editor_user_id"), table_name="provider_editor")
    op.drop_table("provider_editor")

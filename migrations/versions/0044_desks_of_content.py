"""Services that are written here and wait to be published; and what of ours an import left as it was."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add both; every service of before has been published, and no run of before says what it left."""
    # Not as a batch: SQLite would write the table anew, and all that hangs on a service would go with the old one.
    op.execute(
        "ALTER TABLE service ADD COLUMN stage VARCHAR(40) "
        "CONSTRAINT ck_service_service_stage CHECK (stage IN ('draft', 'waiting'))"
    )
    op.add_column(
        "import_run",
        sa.Column(
            "kept",
            sa.JSON().with_variant(postgresql.JSONB(), "postgresql"),
            server_default="[]",
            nullable=False,
        ),
    )


def downgrade() -> None:
    """Take both away; what was never published stays hidden."""
    op.drop_column("import_run", "kept")
    op.execute("ALTER TABLE service DROP COLUMN stage")

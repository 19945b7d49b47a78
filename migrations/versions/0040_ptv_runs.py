"""What became of services that the national catalogue no longer has, written down with each run."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

RETIREMENTS = ("done", "partial", "cut_short", "problems", "too_many", "nothing_read")


def upgrade() -> None:
    """Add what a run says of retiring; runs of before retired nothing and say nothing."""
    with op.batch_alter_table("import_run") as table:
        table.add_column(
            sa.Column(
                "retirement",
                sa.Enum(
                    *RETIREMENTS, name="retirement", native_enum=False, create_constraint=True, length=40
                ),
                nullable=True,
            )
        )
        table.add_column(
            sa.Column(
                "retired",
                sa.JSON().with_variant(postgresql.JSONB(), "postgresql"),
                server_default="[]",
                nullable=False,
            )
        )
        table.add_column(
            sa.Column(
                "returned",
                sa.JSON().with_variant(postgresql.JSONB(), "postgresql"),
                server_default="[]",
                nullable=False,
            )
        )


def downgrade() -> None:
    """Take it away."""
    with op.batch_alter_table("import_run") as table:
        table.drop_column("returned")
        table.drop_column("retired")
        table.drop_constraint(op.f("ck_import_run_retirement"), type_="check")
        table.drop_column("retirement")

"""Events and frozen months."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "frozen_month",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("period", sa.String(length=7), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("correction", sa.String(length=300), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_frozen_month")),
        sa.UniqueConstraint("period", "version", name=op.f("uq_frozen_month_period_version")),
    )
    op.create_index(op.f("ix_frozen_month_period"), "frozen_month", ["period"], unique=False)
    op.create_table(
        "statistics_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "name",
            sa.Enum(
                "sent",
                "accepted",
                "accept_reversed",
                "returned",
                "resent",
                "cancelled",
                "expired",
                "withdrawn",
                "voided",
                "transferred_out",
                "transferred_in",
                "closed",
                "reopened",
                "first_contact",
                "started",
                name="event_name",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "direction",
            sa.Enum(
                "in",
                "out",
                "none",
                name="event_direction",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("kind_code", sa.String(length=20), nullable=False),
        sa.Column("municipality_code", sa.String(length=3), nullable=False),
        sa.Column("service_area", sa.String(length=60), nullable=False),
        sa.Column("reasons", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("age_group", sa.String(length=10), nullable=False),
        sa.Column("origin", sa.String(length=20), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "completed",
                "not_reached",
                "did_not_want",
                "interrupted",
                "moved",
                "referred_on",
                "not_eligible",
                "duplicate",
                "deceased",
                "other",
                "withdrawn",
                "returned",
                "transferred",
                name="outcome",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("working_days", sa.Integer(), nullable=True),
        sa.Column("referral_id", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statistics_event")),
    )
    op.create_index(
        "ix_statistics_event_period", "statistics_event", ["recorded_at", "kind_code", "name"], unique=False
    )
    op.create_index(
        op.f("ix_statistics_event_referral_id"), "statistics_event", ["referral_id"], unique=False
    )
    op.create_table(
        "frozen_row",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("month_id", sa.Integer(), nullable=False),
        sa.Column("measure", sa.String(length=40), nullable=False),
        sa.Column("kind_code", sa.String(length=20), nullable=False),
        sa.Column("municipality_code", sa.String(length=3), nullable=False),
        sa.Column("dimension", sa.String(length=20), nullable=False),
        sa.Column("value", sa.String(length=60), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["month_id"], ["frozen_month.id"], name=op.f("fk_frozen_row_month_id_frozen_month")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_frozen_row")),
        sa.UniqueConstraint(
            "month_id",
            "measure",
            "kind_code",
            "municipality_code",
            "dimension",
            "value",
            name=op.f("uq_frozen_row_month_id_measure_kind_code_municipality_code_dimension_value"),
        ),
    )


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("frozen_row")
    op.drop_table("statistics_event")
    op.drop_table("frozen_month")

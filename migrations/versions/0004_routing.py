"""Kinds of referral, their reasons, and who receives what."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "referral_kind",
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("counselling", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("counselling_in", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("prefix", sa.String(length=5), nullable=False),
        sa.Column("colour", sa.String(length=20), nullable=False),
        sa.Column("icon", sa.String(length=40), nullable=False),
        sa.Column("asks_interests", sa.Boolean(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_referral_kind")),
        sa.UniqueConstraint("prefix", name=op.f("uq_referral_kind_prefix")),
    )
    op.create_table(
        "referral_reason",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind_code", sa.String(length=20), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("interest", sa.Boolean(), nullable=False),
        sa.Column("unspecified", sa.Boolean(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["kind_code"], ["referral_kind.code"], name=op.f("fk_referral_reason_kind_code_referral_kind")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_reason")),
        sa.UniqueConstraint("kind_code", "code", name=op.f("uq_referral_reason_kind_code_code")),
    )
    op.create_table(
        "catchment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("municipality_code", sa.String(length=3), nullable=False),
        sa.Column("kind_code", sa.String(length=20), nullable=False),
        sa.Column("opens_on", sa.Date(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=True),
        sa.Column("min_age", sa.Integer(), nullable=False),
        sa.Column("max_age", sa.Integer(), nullable=True),
        sa.Column("languages", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("takes_non_residents", sa.Boolean(), nullable=False),
        sa.Column("usual_wait_days", sa.Integer(), nullable=True),
        sa.Column("continued_as_demonstration", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["kind_code"], ["referral_kind.code"], name=op.f("fk_catchment_kind_code_referral_kind")
        ),
        sa.ForeignKeyConstraint(
            ["municipality_code"],
            ["municipality.code"],
            name=op.f("fk_catchment_municipality_code_municipality"),
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_catchment_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catchment")),
    )
    op.create_index("ix_catchment_route", "catchment", ["kind_code", "municipality_code"], unique=False)
    op.create_table(
        "absence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("catchment_id", sa.Uuid(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("substitute_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["catchment_id"], ["catchment.id"], name=op.f("fk_absence_catchment_id_catchment")
        ),
        sa.ForeignKeyConstraint(
            ["substitute_id"], ["user_account.id"], name=op.f("fk_absence_substitute_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absence")),
    )
    op.create_index(op.f("ix_absence_catchment_id"), "absence", ["catchment_id"], unique=False)


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("absence")
    op.drop_table("catchment")
    op.drop_table("referral_reason")
    op.drop_table("referral_kind")

"""Call times: weekly patterns, times off, the times laid out, and bookings."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def _form() -> sa.Enum:
    return sa.Enum(
        "in_person",
        "phone",
        "remote",
        name="meeting_form",
        native_enum=False,
        create_constraint=True,
        length=40,
    )


def _references(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"))


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "call_pattern",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("catchment_id", sa.Uuid(), nullable=True),
        sa.Column("adviser_id", sa.Uuid(), nullable=True),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("from_time", sa.Time(), nullable=False),
        sa.Column("until_time", sa.Time(), nullable=False),
        sa.Column("slot_minutes", sa.Integer(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("form", _form(), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name=op.f("ck_call_pattern_weekday")),
        sa.CheckConstraint("until_time > from_time", name=op.f("ck_call_pattern_hours")),
        sa.CheckConstraint("slot_minutes BETWEEN 5 AND 240", name=op.f("ck_call_pattern_slot_minutes")),
        sa.CheckConstraint("capacity BETWEEN 1 AND 50", name=op.f("ck_call_pattern_capacity")),
        _references("call_pattern", "unit_id", "unit"),
        _references("call_pattern", "catchment_id", "catchment"),
        _references("call_pattern", "adviser_id", "user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_pattern")),
    )
    op.create_index(op.f("ix_call_pattern_unit_id"), "call_pattern", ["unit_id"])
    op.create_table(
        "call_exception",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("adviser_id", sa.Uuid(), nullable=True),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("from_time", sa.Time(), nullable=True),
        sa.Column("until_time", sa.Time(), nullable=True),
        sa.CheckConstraint("last_day >= first_day", name=op.f("ck_call_exception_days")),
        sa.CheckConstraint(
            "(from_time IS NULL) = (until_time IS NULL)", name=op.f("ck_call_exception_whole_or_part")
        ),
        _references("call_exception", "unit_id", "unit"),
        _references("call_exception", "adviser_id", "user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_exception")),
    )
    op.create_index(op.f("ix_call_exception_unit_id"), "call_exception", ["unit_id"])
    op.create_table(
        "call_time",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("pattern_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("catchment_id", sa.Uuid(), nullable=True),
        sa.Column("adviser_id", sa.Uuid(), nullable=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("form", _form(), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("offered", sa.Boolean(), nullable=False),
        _references("call_time", "pattern_id", "call_pattern"),
        _references("call_time", "unit_id", "unit"),
        _references("call_time", "catchment_id", "catchment"),
        _references("call_time", "adviser_id", "user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_time")),
        sa.UniqueConstraint("pattern_id", "starts_at", name=op.f("uq_call_time_pattern_id_starts_at")),
    )
    op.create_index("ix_call_time_unit", "call_time", ["unit_id", "starts_at", "id"])
    op.create_table(
        "call_booking",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("call_time_id", sa.Uuid(), nullable=False),
        sa.Column("seat", sa.Integer(), nullable=True),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("booked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("booked_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint("seat >= 1", name=op.f("ck_call_booking_seat")),
        _references("call_booking", "call_time_id", "call_time"),
        _references("call_booking", "booked_by", "user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_booking")),
        sa.UniqueConstraint("call_time_id", "seat", name=op.f("uq_call_booking_call_time_id_seat")),
        sa.UniqueConstraint("referral_id", name=op.f("uq_call_booking_referral_id")),
    )


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("call_booking")
    op.drop_table("call_time")
    op.drop_table("call_exception")
    op.drop_table("call_pattern")

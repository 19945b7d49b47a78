"""Offers of transfer, questions to the sender, and from whom to whom a case was handed."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

HANDLERS = ("from_handler_id", "to_handler_id")


def upgrade() -> None:
    """Create the tables, and the columns of the history."""
    op.create_table(
        "transfer_offer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("kind_code", sa.String(length=20), nullable=False),
        sa.Column("age_group", sa.String(length=10), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("from_catchment_id", sa.Uuid(), nullable=False),
        sa.Column("to_catchment_id", sa.Uuid(), nullable=False),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("offered_by", sa.Uuid(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.Uuid(), nullable=True),
        sa.Column(
            "end",
            sa.Enum(
                "accepted",
                "declined",
                "expired",
                "dropped",
                name="offer_end",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("became_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["kind_code"], ["referral_kind.code"], name=op.f("fk_transfer_offer_kind_code_referral_kind")
        ),
        sa.ForeignKeyConstraint(
            ["from_catchment_id"],
            ["catchment.id"],
            name=op.f("fk_transfer_offer_from_catchment_id_catchment"),
        ),
        sa.ForeignKeyConstraint(
            ["to_catchment_id"], ["catchment.id"], name=op.f("fk_transfer_offer_to_catchment_id_catchment")
        ),
        sa.ForeignKeyConstraint(
            ["offered_by"], ["user_account.id"], name=op.f("fk_transfer_offer_offered_by_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["ended_by"], ["user_account.id"], name=op.f("fk_transfer_offer_ended_by_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfer_offer")),
    )
    op.create_index(op.f("ix_transfer_offer_referral_id"), "transfer_offer", ["referral_id"])
    op.create_index(op.f("ix_transfer_offer_from_catchment_id"), "transfer_offer", ["from_catchment_id"])
    op.create_index(op.f("ix_transfer_offer_offered_at"), "transfer_offer", ["offered_at"])
    op.create_index(
        "ix_transfer_offer_open", "transfer_offer", ["to_catchment_id", "ended_at", "offered_at", "id"]
    )
    op.create_index(
        "uq_transfer_offer_open_referral",
        "transfer_offer",
        ["referral_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "referral_question",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("pause_until", sa.Date(), nullable=False),
        sa.Column("claim_by", sa.Date(), nullable=True),
        sa.Column("contact_by", sa.Date(), nullable=True),
        sa.Column("paused_days", sa.Integer(), nullable=True),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sealed_answer", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_referral_question_referral_id_referral")
        ),
        sa.ForeignKeyConstraint(
            ["asked_by"], ["user_account.id"], name=op.f("fk_referral_question_asked_by_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["answered_by"], ["user_account.id"], name=op.f("fk_referral_question_answered_by_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_question")),
    )
    op.create_index(op.f("ix_referral_question_referral_id"), "referral_question", ["referral_id"])
    op.create_index("ix_referral_question_pause", "referral_question", ["paused_days", "pause_until"])
    op.create_index(
        "uq_referral_question_pausing_referral",
        "referral_question",
        ["referral_id"],
        unique=True,
        sqlite_where=sa.text("paused_days IS NULL"),
        postgresql_where=sa.text("paused_days IS NULL"),
    )
    with op.batch_alter_table("case_history") as batch:
        for column in HANDLERS:
            batch.add_column(sa.Column(column, sa.Uuid(), nullable=True))
            batch.create_foreign_key(
                op.f(f"fk_case_history_{column}_user_account"), "user_account", [column], ["id"]
            )


def downgrade() -> None:
    """Drop them; a history row keeps that a case was handed on, not to whom."""
    with op.batch_alter_table("case_history") as batch:
        for column in reversed(HANDLERS):
            batch.drop_constraint(op.f(f"fk_case_history_{column}_user_account"), type_="foreignkey")
            batch.drop_column(column)
    op.drop_table("referral_question")
    op.drop_table("transfer_offer")

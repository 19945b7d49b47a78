"""The client's own page: codes, visits, and what clients said."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

KINDS = ("call_again", "best_time", "new_number", "no_longer_needed")


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "client_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("code_hash", sa.String(64), nullable=False),
        sa.Column("year_hash", sa.String(64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=True),
        sa.Column("wrong_tries", sa.Integer(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_client_code_referral_id_referral")
        ),
        sa.ForeignKeyConstraint(
            ["made_by"], ["user_account.id"], name=op.f("fk_client_code_made_by_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_client_code")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_client_code_code_hash")),
    )
    op.create_index(op.f("ix_client_code_referral_id"), "client_code", ["referral_id"])
    op.create_table(
        "client_visit",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("code_id", sa.Integer(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["code_id"], ["client_code.id"], name=op.f("fk_client_visit_code_id_client_code")
        ),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_client_visit_referral_id_referral")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_client_visit")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_client_visit_token_hash")),
    )
    op.create_index(op.f("ix_client_visit_code_id"), "client_visit", ["code_id"])
    op.create_index(op.f("ix_client_visit_referral_id"), "client_visit", ["referral_id"])
    op.create_table(
        "client_message",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("controller", sa.String(40), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(*KINDS, name="kind", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("handled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("handled_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["handled_by"], ["user_account.id"], name=op.f("fk_client_message_handled_by_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_client_message")),
    )
    op.create_index("ix_client_message_holder", "client_message", ["referral_id", "controller"])


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("client_message")
    op.drop_table("client_visit")
    op.drop_table("client_code")

"""The county's record: referral, consent, history, draft."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "consent_text",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind_code", sa.String(length=20), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("version", sa.String(length=20), nullable=False),
        sa.Column("body", sa.String(length=2000), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["kind_code"], ["referral_kind.code"], name=op.f("fk_consent_text_kind_code_referral_kind")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent_text")),
        sa.UniqueConstraint(
            "kind_code", "language", "version", name=op.f("uq_consent_text_kind_code_language_version")
        ),
    )
    op.create_table(
        "referral",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.String(length=20), nullable=False),
        sa.Column("form_key", sa.Uuid(), nullable=False),
        sa.Column("kind_code", sa.String(length=20), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "sent",
                "accepted",
                "returned",
                "cancelled",
                "transferred",
                "closed",
                "entered_in_error",
                name="referral_status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "origin",
            sa.Enum(
                "professional",
                "resident",
                "paper",
                name="origin",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("municipality_code", sa.String(length=3), nullable=False),
        sa.Column("catchment_id", sa.Uuid(), nullable=False),
        sa.Column("sending_unit_id", sa.Uuid(), nullable=True),
        sa.Column("sender_id", sa.Uuid(), nullable=True),
        sa.Column(
            "priority",
            sa.Enum("normal", "soon", name="priority", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("age_group", sa.String(length=10), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claim_due_on", sa.Date(), nullable=False),
        sa.Column("status_changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("person_index", sa.String(length=64), nullable=False),
        sa.Column("protected", sa.Boolean(), nullable=False),
        sa.Column("practice", sa.Boolean(), nullable=False),
        sa.Column("counselling_started", sa.Boolean(), nullable=False),
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
        sa.Column("returned_reason", sa.String(length=40), nullable=True),
        sa.Column("cancelled_reason", sa.String(length=40), nullable=True),
        sa.Column("stop_requested_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("erase_after", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["catchment_id"], ["catchment.id"], name=op.f("fk_referral_catchment_id_catchment")
        ),
        sa.ForeignKeyConstraint(
            ["kind_code"], ["referral_kind.code"], name=op.f("fk_referral_kind_code_referral_kind")
        ),
        sa.ForeignKeyConstraint(
            ["municipality_code"],
            ["municipality.code"],
            name=op.f("fk_referral_municipality_code_municipality"),
        ),
        sa.ForeignKeyConstraint(
            ["sender_id"], ["user_account.id"], name=op.f("fk_referral_sender_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["sending_unit_id"], ["unit.id"], name=op.f("fk_referral_sending_unit_id_unit")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral")),
        sa.UniqueConstraint("form_key", name=op.f("uq_referral_form_key")),
        sa.UniqueConstraint("reference", name=op.f("uq_referral_reference")),
    )
    op.create_index(
        "ix_referral_inbox", "referral", ["catchment_id", "status", "claim_due_on", "id"], unique=False
    )
    op.create_index(op.f("ix_referral_erase_after"), "referral", ["erase_after"], unique=False)
    op.create_index(op.f("ix_referral_person_index"), "referral", ["person_index"], unique=False)
    op.create_index("ix_referral_sender", "referral", ["sender_id", "sent_at"], unique=False)
    op.create_table(
        "referral_draft",
        sa.Column("form_key", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("kind_code", sa.String(length=20), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["kind_code"], ["referral_kind.code"], name=op.f("fk_referral_draft_kind_code_referral_kind")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_referral_draft_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("form_key", name=op.f("pk_referral_draft")),
    )
    op.create_index(op.f("ix_referral_draft_user_id"), "referral_draft", ["user_id"], unique=False)
    op.create_table(
        "consent",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column(
            "giver",
            sa.Enum(
                "client",
                "guardian",
                "representative",
                name="giver",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "basis",
            sa.Enum(
                "understands",
                "custody",
                "legal_guardian",
                "continuing_power",
                "close_relative",
                name="basis",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column(
            "contact",
            sa.Enum(
                "client",
                "guardian",
                "representative",
                name="contact",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("guardians_may_be_told", sa.Boolean(), nullable=True),
        sa.Column(
            "method",
            sa.Enum("oral", "written", name="method", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("text_version", sa.String(length=20), nullable=False),
        sa.Column("text_language", sa.String(length=5), nullable=False),
        sa.Column("recipient", sa.String(length=200), nullable=False),
        sa.Column("items", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("feedback", sa.Boolean(), nullable=False),
        sa.Column("follow_up", sa.Boolean(), nullable=False),
        sa.Column("transfer", sa.Boolean(), nullable=False),
        sa.Column("channels", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("interpreted_by", sa.String(length=120), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.String(length=20), nullable=True),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["user_account.id"], name=op.f("fk_consent_recorded_by_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_consent_referral_id_referral")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
        sa.UniqueConstraint("referral_id", name=op.f("uq_consent_referral_id")),
    )
    op.create_table(
        "referral_history",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column(
            "move",
            sa.Enum(
                "R1",
                "R2",
                "R3",
                "R4",
                "R5",
                "R6",
                "R7",
                "R8",
                "R9",
                "R9b",
                "R9c",
                "R10",
                "R11",
                "R12",
                "R13",
                "R14",
                "R15",
                "R16",
                "C1",
                "C2",
                "C3",
                "C4",
                "C5",
                "C6",
                "C7",
                "C8",
                "C9",
                "C10",
                "C11",
                name="move_code",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "from_status",
            sa.Enum(
                "sent",
                "accepted",
                "returned",
                "cancelled",
                "transferred",
                "closed",
                "entered_in_error",
                name="from_status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column(
            "to_status",
            sa.Enum(
                "sent",
                "accepted",
                "returned",
                "cancelled",
                "transferred",
                "closed",
                "entered_in_error",
                name="to_status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["user_account.id"], name=op.f("fk_referral_history_actor_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_referral_history_referral_id_referral")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_history")),
    )
    op.create_index(
        op.f("ix_referral_history_referral_id"), "referral_history", ["referral_id"], unique=False
    )


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("referral_history")
    op.drop_table("consent")
    op.drop_table("referral_draft")
    op.drop_table("referral")
    op.drop_table("consent_text")

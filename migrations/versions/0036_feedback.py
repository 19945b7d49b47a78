"""Feedback on services and on the site."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def _words(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    """Add feedback and the editors' notes on it."""
    op.create_table(
        "feedback",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("form_key", sa.Uuid(), nullable=False),
        sa.Column("topic", _words("topic", "service", "accessibility", "idea", "other"), nullable=False),
        sa.Column("text", sa.String(1000), nullable=False),
        sa.Column("contact_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("service_id", sa.Uuid(), nullable=True),
        sa.Column("language", sa.String(5), nullable=False),
        sa.Column("state", _words("state", "new", "answered", "closed"), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("settled_at", TIME, nullable=True),
        sa.Column("reminded_at", TIME, nullable=True),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_feedback_service_id_service"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback")),
        sa.UniqueConstraint("form_key", name=op.f("uq_feedback_form_key")),
    )
    op.create_index(op.f("ix_feedback_service_id"), "feedback", ["service_id"])
    op.create_index(op.f("ix_feedback_settled_at"), "feedback", ["settled_at"])
    op.create_index("ix_feedback_state_due_on", "feedback", ["state", "due_on"])
    op.create_table(
        "feedback_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("feedback_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.String(1000), nullable=False),
        sa.Column("written_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["user_account.id"], name=op.f("fk_feedback_note_author_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["feedback_id"],
            ["feedback.id"],
            name=op.f("fk_feedback_note_feedback_id_feedback"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback_note")),
    )
    op.create_index(op.f("ix_feedback_note_author_id"), "feedback_note", ["author_id"])
    op.create_index(op.f("ix_feedback_note_feedback_id"), "feedback_note", ["feedback_id"])


def downgrade() -> None:
    """Drop them."""
    op.drop_table("feedback_note")
    op.drop_table("feedback")

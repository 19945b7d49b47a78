"""The work of a case: appointments, plans, follow-ups and ready texts."""

import uuid

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

USUAL_MINUTES = {"phone": 30, "remote": 45, "in_person": 60}


def _enum(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def _references(table: str, column: str, other: str, key: str = "id") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.{key}"], name=op.f(f"fk_{table}_{column}_{other}"))


def _texts() -> sa.JSON:
    return sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    """Create the tables, and take the appointments that are agreed now over into theirs."""
    op.create_table(
        "appointment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("form", _enum("meeting_form", "in_person", "phone", "remote"), nullable=False),
        sa.Column("sealed_place", sa.LargeBinary(), nullable=True),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "state",
            _enum("appointment_state", "agreed", "held", "missed", "cancelled", "moved"),
            nullable=False,
        ),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("minutes BETWEEN 5 AND 480", name=op.f("ck_appointment_minutes")),
        _references("appointment", "case_id", "counselling_case"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment")),
    )
    op.create_index(
        "uq_appointment_agreed",
        "appointment",
        ["case_id"],
        unique=True,
        sqlite_where=sa.text("state = 'agreed'"),
        postgresql_where=sa.text("state = 'agreed'"),
    )
    op.create_index("ix_appointment_case", "appointment", ["case_id", "agreed_at", "id"])
    op.create_table(
        "plan_line",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("kind", _enum("line_kind", "goal", "step", "service"), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by", sa.Uuid(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        _references("plan_line", "case_id", "counselling_case"),
        _references("plan_line", "added_by", "user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_line")),
    )
    op.create_index("ix_plan_line_case", "plan_line", ["case_id", "added_at", "id"])
    op.create_table(
        "follow_up",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("point", _enum("point", "start", "months_3", "months_6", "months_12"), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("measured_on", sa.Date(), nullable=True),
        sa.Column("how", _enum("how", "phone", "in_person"), nullable=True),
        sa.Column(
            "not_measured", _enum("not_measured", "not_reached", "did_not_want", "no_more"), nullable=True
        ),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("how IS NULL OR not_measured IS NULL", name=op.f("ck_follow_up_answered_or_not")),
        _references("follow_up", "case_id", "counselling_case"),
        _references("follow_up", "actor_id", "user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_up")),
        sa.UniqueConstraint("case_id", "point", name=op.f("uq_follow_up_case_id_point")),
    )
    op.create_index("ix_follow_up_due", "follow_up", ["recorded_at", "due_on", "id"])
    op.create_table(
        "ready_text",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("kind_code", sa.String(length=20), nullable=True),
        sa.Column("use", _enum("text_use", "text_message", "letter", "note", "question"), nullable=False),
        sa.Column("title", _texts(), nullable=False),
        sa.Column("body", _texts(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        _references("ready_text", "unit_id", "unit"),
        _references("ready_text", "kind_code", "referral_kind", "code"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ready_text")),
    )
    op.create_index("ix_ready_text_unit", "ready_text", ["unit_id", "use", "position", "id"])
    _take_over()


def _take_over() -> None:
    case = sa.table(
        "counselling_case",
        sa.column("id", sa.Uuid()),
        sa.column("appointment_at", sa.DateTime(timezone=True)),
        sa.column("appointment_form", sa.String()),
        sa.column("accepted_at", sa.DateTime(timezone=True)),
    )
    appointment = sa.table(
        "appointment",
        sa.column("id", sa.Uuid()),
        sa.column("case_id", sa.Uuid()),
        sa.column("uid", sa.Uuid()),
        sa.column("sequence", sa.Integer()),
        sa.column("at", sa.DateTime(timezone=True)),
        sa.column("minutes", sa.Integer()),
        sa.column("form", sa.String()),
        sa.column("agreed_at", sa.DateTime(timezone=True)),
        sa.column("state", sa.String()),
        sa.column("changed_at", sa.DateTime(timezone=True)),
    )
    rows = (
        op.get_bind()
        .execute(sa.select(case).where(case.c.appointment_at.is_not(None)).order_by(case.c.id))
        .all()
    )
    if rows:
        op.bulk_insert(
            appointment,
            [
                {
                    "id": uuid.uuid4(),
                    "case_id": row.id,
                    "uid": uuid.uuid4(),
                    "sequence": 0,
                    "at": row.appointment_at,
                    "minutes": USUAL_MINUTES[row.appointment_form or "phone"],
                    "form": row.appointment_form or "phone",
                    # When it was agreed was not kept: the case's own beginning is the nearest that is known.
                    "agreed_at": row.accepted_at,
                    "state": "agreed",
                    "changed_at": row.accepted_at,
                }
                for row in rows
            ],
        )


def downgrade() -> None:
    """Drop the tables; what is agreed now stands on the case."""
    op.drop_table("ready_text")
    op.drop_table("follow_up")
    op.drop_table("plan_line")
    op.drop_table("appointment")

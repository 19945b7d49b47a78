"""Enrolment to groups: who is in, who came, and how many began. Closed by row-level security as in 0023."""

# ruff: noqa: S608 - every part of every statement is a constant of this file

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)

SERVICE = "(SELECT wall_purpose()) = 'service'"
OF_ENROLMENT = f"{SERVICE} OR EXISTS (SELECT FROM enrolment AS e WHERE e.id = enrolment_id)"
TABLES: dict[str, str] = {
    "case_enrolment": f"{SERVICE} OR EXISTS (SELECT FROM counselling_case AS c WHERE c.id = case_id)",
    "enrolment": f"""
        {SERVICE}
        OR group_id = ANY ((SELECT wall_groups())::uuid[])
        OR coalesce(municipality_code, '') = ANY ((SELECT wall_offices())::text[])
        OR EXISTS (SELECT FROM case_enrolment AS c WHERE c.enrolment_id = enrolment.id)
    """,
    "attendance": OF_ENROLMENT,
}
"""Whose rows each table's are."""

# A group is its leader's, and of those who work at the inbox of the leader's unit.
GROUPS = """
    CREATE FUNCTION wall_groups() RETURNS uuid[] LANGUAGE sql STABLE PARALLEL SAFE AS $$
        SELECT coalesce(array_agg(h.id), '{}')
        FROM happening AS h
        JOIN user_account AS leader ON leader.id = h.leader_id
        JOIN user_account AS me ON me.id = wall_user() AND me.active
        WHERE h.kind = 'group'
            AND (leader.id = me.id OR leader.unit_id = ANY ((SELECT wall_units('inbox_work'))::uuid[]))
    $$
"""


ERASED = ("referral", "case", "withdrawn", "restored")


def _words(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    """Add the tables, and close those that tell of somebody."""
    _tell_of_erased("enrolment", *ERASED)
    _add_enrolment()
    op.create_table(
        "attendance",
        sa.Column("enrolment_id", sa.Uuid(), nullable=False),
        sa.Column("occurrence_id", sa.Uuid(), nullable=False),
        sa.Column("attended", _words("attended", "present", "absent", "cancelled"), nullable=False),
        sa.Column("noted_at", TIME, nullable=False),
        sa.Column("noted_by", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["enrolment_id"],
            ["enrolment.id"],
            name=op.f("fk_attendance_enrolment_id_enrolment"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["occurrence_id"], ["occurrence.id"], name=op.f("fk_attendance_occurrence_id_occurrence")
        ),
        sa.ForeignKeyConstraint(
            ["noted_by"], ["user_account.id"], name=op.f("fk_attendance_noted_by_user_account")
        ),
        sa.PrimaryKeyConstraint("enrolment_id", "occurrence_id", name=op.f("pk_attendance")),
    )
    op.create_table(
        "case_enrolment",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("enrolment_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", TIME, nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["counselling_case.id"], name=op.f("fk_case_enrolment_case_id_counselling_case")
        ),
        sa.ForeignKeyConstraint(
            ["enrolment_id"],
            ["enrolment.id"],
            name=op.f("fk_case_enrolment_enrolment_id_enrolment"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["made_by"], ["user_account.id"], name=op.f("fk_case_enrolment_made_by_user_account")
        ),
        sa.PrimaryKeyConstraint("case_id", "enrolment_id", name=op.f("pk_case_enrolment")),
        sa.UniqueConstraint("enrolment_id", name=op.f("uq_case_enrolment_enrolment_id")),
    )
    op.create_table(
        "group_uptake",
        sa.Column("month", sa.String(7), nullable=False),
        sa.Column("theme_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("municipality_code", sa.String(3), nullable=False),
        sa.Column("participants", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("month", "theme_id", "municipality_code", name=op.f("pk_group_uptake")),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute(GROUPS)
        for table, seen in TABLES.items():
            _close(table, seen)


def downgrade() -> None:
    """Take them away, and what is in them."""
    if op.get_bind().dialect.name == "postgresql":
        for table in reversed(TABLES):
            op.execute(f"DROP POLICY wall ON {table}")
        op.execute("DROP FUNCTION wall_groups")
    op.drop_table("group_uptake")
    op.drop_table("case_enrolment")
    op.drop_table("attendance")
    op.drop_table("enrolment")
    op.execute("DELETE FROM erasure WHERE what = 'enrolment'")
    _tell_of_erased(*ERASED)


def _tell_of_erased(*words: str) -> None:
    """Let the erasure log name these."""
    if op.get_bind().dialect.name == "sqlite":
        with op.batch_alter_table("erasure") as batch:
            kind = _words("erased", *words)
            batch.alter_column("what", existing_type=sa.String(40), type_=kind, existing_nullable=False)
        return
    listed = ", ".join(f"'{word}'" for word in words)
    op.execute("ALTER TABLE erasure DROP CONSTRAINT ck_erasure_erased")
    op.execute(f"ALTER TABLE erasure ADD CONSTRAINT ck_erasure_erased CHECK (what IN ({listed}))")


def _add_enrolment() -> None:
    op.create_table(
        "enrolment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("municipality_code", sa.String(3), nullable=True),
        sa.Column("state", _words("enrolment_state", "place", "waiting", "cancelled"), nullable=False),
        sa.Column("form_key", sa.Uuid(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("person_index", sa.String(64), nullable=True),
        sa.Column("phone_index", sa.String(64), nullable=True),
        sa.Column("email_index", sa.String(64), nullable=True),
        sa.Column("code_hash", sa.String(64), nullable=True),
        sa.Column("language", sa.String(5), nullable=False),
        sa.Column("permission_version", sa.String(20), nullable=False),
        sa.Column("permission_language", sa.String(5), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("enrolled_at", TIME, nullable=False),
        sa.Column("placed_at", TIME, nullable=True),
        sa.Column("cancelled_at", TIME, nullable=True),
        sa.Column("call_for", _words("call_for", "place", "group_cancelled"), nullable=True),
        sa.Column("told_cancelled_at", TIME, nullable=True),
        sa.Column("first_attended_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["group_id"], ["happening.id"], name=op.f("fk_enrolment_group_id_happening")),
        sa.ForeignKeyConstraint(
            ["municipality_code"],
            ["municipality.code"],
            name=op.f("fk_enrolment_municipality_code_municipality"),
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["user_account.id"], name=op.f("fk_enrolment_recorded_by_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrolment")),
        sa.UniqueConstraint("form_key", name=op.f("uq_enrolment_form_key")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_enrolment_code_hash")),
        sa.UniqueConstraint("group_id", "number", name=op.f("uq_enrolment_group_id_number")),
        sa.UniqueConstraint("group_id", "person_index", name=op.f("uq_enrolment_group_id_person_index")),
    )
    op.create_index(op.f("ix_enrolment_phone_index"), "enrolment", ["phone_index"])
    op.create_index(op.f("ix_enrolment_email_index"), "enrolment", ["email_index"])
    op.create_index("ix_enrolment_group_state", "enrolment", ["group_id", "state", "number"])


def _close(table: str, seen: str) -> None:
    op.execute(f"CREATE POLICY wall ON {table} USING ({seen})")
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")

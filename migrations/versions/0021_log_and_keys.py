"""The log: the sign-in of each row, clients of lists by key, keyed seals, deletion at the end of the term."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

TABLES = ("audit_row_subject", "audit_purge")
CHUNK = 1000


def upgrade() -> None:
    """Add columns, tables and their guards; find the clients of the lists that were shown until now."""
    op.add_column("audit_row", sa.Column("session_id", sa.Uuid(), nullable=True))
    op.create_index(op.f("ix_audit_row_session_id"), "audit_row", ["session_id"], unique=False)
    # The default stays: it says what the seals made until now are.
    op.add_column("audit_seal", sa.Column("version", sa.Integer(), server_default="1", nullable=False))
    op.create_table(
        "audit_row_subject",
        sa.Column("subject_key", sa.String(length=64), nullable=False),
        sa.Column("row_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("subject_key", "row_id", name=op.f("pk_audit_row_subject")),
    )
    op.create_index(op.f("ix_audit_row_subject_row_id"), "audit_row_subject", ["row_id"], unique=False)
    op.create_table(
        "audit_purge",
        sa.Column("seal_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("purged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("newest_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("seal_id", name=op.f("pk_audit_purge")),
    )
    _fill()
    for statement in _guards():
        op.execute(statement)


def downgrade() -> None:
    """Take them away; seals made with a key can't be checked by what went before."""
    for table in TABLES:
        op.drop_table(table)
    op.drop_column("audit_seal", "version")
    op.drop_index(op.f("ix_audit_row_session_id"), table_name="audit_row")
    op.drop_column("audit_row", "session_id")


def _fill() -> None:
    connection = op.get_bind()
    rows = sa.table(
        "audit_row",
        sa.column("id", sa.Integer()),
        sa.column("detail", sa.JSON().with_variant(postgresql.JSONB(), "postgresql")),
    )
    subjects = sa.table("audit_row_subject", sa.column("subject_key"), sa.column("row_id"))
    last = 0
    while True:
        found = connection.execute(
            sa.select(rows.c.id, rows.c.detail).where(rows.c.id > last).order_by(rows.c.id).limit(CHUNK)
        ).all()
        if not found:
            return
        last = found[-1].id
        listed: list[dict[str, Any]] = [
            {"subject_key": key, "row_id": row.id}
            for row in found
            for key in sorted(set((row.detail or {}).get("subjects", "").split()))
        ]
        if listed:
            connection.execute(sa.insert(subjects), listed)


def _guards() -> list[str]:
    if op.get_bind().dialect.name == "sqlite":
        return [
            f"CREATE TRIGGER {table}_keeps_{verb.lower()} BEFORE {verb} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is only added to'); END"
            for table in TABLES
            for verb in ("UPDATE", "DELETE")
        ]
    return [
        f"CREATE TRIGGER {table}_is_only_added_to BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        for table in TABLES
    ]

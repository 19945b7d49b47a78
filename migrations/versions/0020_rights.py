"""Legal holds, the erasure log, corrections, restriction, and what is due to be erased found by an index."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

RECORDS = ("referral", "counselling_case")
ERASED = ("referral", "case", "withdrawn", "restored")
KEPT = sa.text("sealed IS NOT NULL")
WITHOUT_TERM = sa.text("sealed IS NOT NULL AND erase_after IS NULL")


def upgrade() -> None:
    """Create them; what was erased until now is noted, so that the log begins whole."""
    for table in RECORDS:
        op.add_column(table, sa.Column("restricted_at", _time(), nullable=True))
        op.drop_index(op.f(f"ix_{table}_erase_after"), table_name=table)
        _partial(f"ix_{table}_erase_due", table, ["erase_after", "id"], KEPT)
        _partial(f"ix_{table}_without_term", table, ["status", "id"], WITHOUT_TERM)
    _hold()
    _erasure()
    _rectification()


def downgrade() -> None:
    """Drop them."""
    for table in ("rectification", "erasure", "legal_hold"):
        op.drop_table(table)
    for table in RECORDS:
        op.drop_index(f"ix_{table}_without_term", table_name=table)
        op.drop_index(f"ix_{table}_erase_due", table_name=table)
        op.create_index(op.f(f"ix_{table}_erase_after"), table, ["erase_after"])
        op.drop_column(table, "restricted_at")


def _hold() -> None:
    op.create_table(
        "legal_hold",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("controller", sa.String(length=40), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("sealed_reason", sa.LargeBinary(), nullable=False),
        sa.Column("set_at", _time(), nullable=False),
        sa.Column("set_by", sa.Uuid(), nullable=False),
        sa.Column("lifted_at", _time(), nullable=True),
        sa.Column("lifted_by", sa.Uuid(), nullable=True),
        *(
            sa.ForeignKeyConstraint(
                [column], ["user_account.id"], name=op.f(f"fk_legal_hold_{column}_user_account")
            )
            for column in ("set_by", "lifted_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_hold")),
    )
    op.create_index(op.f("ix_legal_hold_referral_id"), "legal_hold", ["referral_id"])
    in_force = sa.text("lifted_at IS NULL")
    _partial("uq_legal_hold_in_force", "legal_hold", ["referral_id", "controller"], in_force, unique=True)


def _erasure() -> None:
    op.create_table(
        "erasure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "what",
            sa.Enum(*ERASED, name="erased", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("object_id", sa.Uuid(), nullable=False),
        sa.Column("at", _time(), nullable=False),
        sa.Column("by", sa.String(length=20), nullable=False),
        sa.Column("written_at", _time(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasure")),
    )
    op.create_index(op.f("ix_erasure_object_id"), "erasure", ["object_id"])
    _partial("ix_erasure_unwritten", "erasure", ["id"], sa.text("written_at IS NULL"))
    # Restored later from a backup of before, they are to be erased again: the log knows them from its beginning.
    for what, table in (("referral", "referral"), ("case", "counselling_case")):
        op.execute(
            f'INSERT INTO erasure (what, object_id, at, "by") '  # noqa: S608 - our own names
            f"SELECT '{what}', id, CURRENT_TIMESTAMP, '' FROM {table} WHERE sealed IS NULL"
        )
    op.execute(
        'INSERT INTO erasure (what, object_id, at, "by") '
        "SELECT 'withdrawn', referral_id, withdrawn_at, coalesce(withdrawn_by, '') FROM consent "
        "WHERE withdrawn_at IS NOT NULL AND replaced_at IS NULL"
    )


def _rectification() -> None:
    op.create_table(
        "rectification",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("controller", sa.String(length=40), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("fields", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("at", _time(), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=False),
        sa.Column("erase_after", _time(), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["user_account.id"], name=op.f("fk_rectification_by_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rectification")),
    )
    op.create_index(op.f("ix_rectification_referral_id"), "rectification", ["referral_id"])
    op.create_index(op.f("ix_rectification_erase_after"), "rectification", ["erase_after"])


def _partial(
    name: str, table: str, columns: list[str], where: sa.TextClause, *, unique: bool = False
) -> None:
    op.create_index(name, table, columns, unique=unique, sqlite_where=where, postgresql_where=where)


def _time() -> sa.DateTime:
    return sa.DateTime(timezone=True)

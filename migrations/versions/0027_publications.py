"""What was published: each release of the public tables, number by number."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

TABLES = ("public_release", "public_release_month", "public_number", "public_withheld")
PUBLIC_TABLES = ("months", "places", "reasons", "ages", "outcomes", "funnel", "loop")


def upgrade() -> None:
    """Create the tables; they are only added to."""
    json = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
    op.create_table(
        "public_release",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.String(length=7), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("threshold", sa.Integer(), nullable=False),
        sa.Column("grouped", json, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_public_release")),
        sa.UniqueConstraint("year", "version", name=op.f("uq_public_release_year_version")),
    )
    op.create_table(
        "public_release_month",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("release_id", sa.Integer(), nullable=False),
        sa.Column("period", sa.String(length=7), nullable=False),
        sa.Column("frozen_version", sa.Integer(), nullable=False),
        sa.Column("basis", json, nullable=False),
        _of_release("public_release_month"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_public_release_month")),
        sa.UniqueConstraint("release_id", "period", name=op.f("uq_public_release_month_release_id_period")),
    )
    op.create_index(op.f("ix_public_release_month_period"), "public_release_month", ["period"], unique=False)
    op.create_table(
        "public_number",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("release_id", sa.Integer(), nullable=False),
        sa.Column("table_code", _enum("public_table", *PUBLIC_TABLES), nullable=False),
        sa.Column("kind_code", sa.String(length=20), nullable=False),
        sa.Column("row_code", sa.String(length=60), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("mark", _enum("mark", "hidden", "not_in_use", "not_yet", "withheld"), nullable=True),
        sa.CheckConstraint(
            "(number IS NULL) <> (mark IS NULL)", name=op.f("ck_public_number_number_or_mark")
        ),
        _of_release("public_number"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_public_number")),
        sa.UniqueConstraint(
            "release_id",
            "table_code",
            "kind_code",
            "row_code",
            name=op.f("uq_public_number_release_id_table_code_kind_code_row_code"),
        ),
    )
    op.create_table(
        "public_withheld",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("release_id", sa.Integer(), nullable=False),
        sa.Column("table_code", _enum("public_table", *PUBLIC_TABLES), nullable=False),
        sa.Column("kind_code", sa.String(length=20), nullable=False),
        sa.Column("period", sa.String(length=7), nullable=False),
        sa.Column(
            "reason", _enum("withheld_reason", "protection", "correction", "no_detail"), nullable=False
        ),
        _of_release("public_withheld"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_public_withheld")),
        sa.UniqueConstraint(
            "release_id",
            "table_code",
            "kind_code",
            "period",
            "reason",
            name=op.f("uq_public_withheld_release_id_table_code_kind_code_period_reason"),
        ),
    )
    for statement in _guards():
        op.execute(statement)


def downgrade() -> None:
    """Drop the tables, and their triggers with them."""
    for table in reversed(TABLES):
        op.drop_table(table)


def _of_release(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["release_id"], ["public_release.id"], name=op.f(f"fk_{table}_release_id_public_release")
    )


def _enum(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def _guards() -> list[str]:
    if op.get_bind().dialect.name == "sqlite":
        return [
            f"CREATE TRIGGER {table}_keeps_{verb.lower()} BEFORE {verb} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is only added to'); END"
            for table in TABLES
            for verb in ("UPDATE", "DELETE")
        ]
    # refuse_change() is the audit log's (0001).
    return [
        f"CREATE TRIGGER {table}_is_only_added_to BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        for table in TABLES
    ]

"""Several consents a referral, its clock anew, reminders of a return, breaches and releases."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

REASONS = ("wrong_person", "wrong_recipient", "sent_twice", "other")


def upgrade() -> None:
    """Create the tables and columns; the clock of what was sent counts from its sending."""
    _referral()
    op.add_column("counselling_case", sa.Column("stop_requested_at", _time(), nullable=True))
    with op.batch_alter_table("consent") as batch:
        batch.add_column(sa.Column("replaced_at", _time(), nullable=True))
        batch.drop_constraint(op.f("uq_consent_referral_id"), type_="unique")
    op.create_index(op.f("ix_consent_referral_id"), "consent", ["referral_id"])
    current = sa.text("replaced_at IS NULL")
    op.create_index(
        "uq_consent_current_referral",
        "consent",
        ["referral_id"],
        unique=True,
        sqlite_where=current,
        postgresql_where=current,
    )
    _breaches()


def _referral() -> None:
    # Plain columns: SQLite would have to write the table anew for anything else, and rows of others refer to it.
    sqlite = op.get_bind().dialect.name == "sqlite"
    begun = sa.text("'1970-01-01 00:00:00.000000'" if sqlite else "'1970-01-01 00:00:00+00'")
    op.add_column("referral", sa.Column("clock_from", _time(), nullable=False, server_default=begun))
    op.add_column("referral", sa.Column("returned_at", _time(), nullable=True))
    op.add_column("referral", sa.Column("reminders", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("referral", sa.Column("reminded_at", _time(), nullable=True))
    op.create_index(op.f("ix_referral_returned_at"), "referral", ["returned_at"])
    op.execute("UPDATE referral SET clock_from = sent_at")
    op.execute(
        "UPDATE referral SET returned_at = (SELECT max(at) FROM referral_history "
        "WHERE referral_id = referral.id AND move = 'R3') WHERE status = 'returned'"
    )
    if not sqlite:
        op.alter_column("referral", "clock_from", server_default=None)
        op.alter_column("referral", "reminders", server_default=None)


def _breaches() -> None:
    op.create_table(
        "breach",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.String(length=20), nullable=False),
        sa.Column("municipality_code", sa.String(length=3), nullable=False),
        sa.Column(
            "reason",
            sa.Enum(*REASONS, name="void_reason", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("opened_at", _time(), nullable=False),
        sa.Column("opened_by", sa.Uuid(), nullable=False),
        sa.Column("notify_by", _time(), nullable=False),
        sa.Column(
            "risk",
            sa.Enum(
                "none",
                "risk",
                "high",
                name="breach_risk",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("assessed_at", _time(), nullable=True),
        sa.Column("assessed_by", sa.Uuid(), nullable=True),
        sa.Column("notified_at", _time(), nullable=True),
        sa.Column("client_told_at", _time(), nullable=True),
        sa.Column("closed_at", _time(), nullable=True),
        sa.Column("closed_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_breach_referral_id_referral")
        ),
        sa.ForeignKeyConstraint(
            ["municipality_code"],
            ["municipality.code"],
            name=op.f("fk_breach_municipality_code_municipality"),
        ),
        *(
            sa.ForeignKeyConstraint(
                [column], ["user_account.id"], name=op.f(f"fk_breach_{column}_user_account")
            )
            for column in ("opened_by", "assessed_by", "closed_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_breach")),
        sa.UniqueConstraint("referral_id", name=op.f("uq_breach_referral_id")),
    )
    op.create_index("ix_breach_open", "breach", ["closed_at", "notify_by", "id"])
    op.create_table(
        "erasure_release",
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column(
            "side",
            sa.Enum(
                "county", "municipality", name="side", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("released_at", _time(), nullable=False),
        sa.Column("released_by", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_erasure_release_referral_id_referral")
        ),
        sa.ForeignKeyConstraint(
            ["released_by"], ["user_account.id"], name=op.f("fk_erasure_release_released_by_user_account")
        ),
        sa.PrimaryKeyConstraint("referral_id", "side", name=op.f("pk_erasure_release")),
    )


def downgrade() -> None:
    """Drop them; of several consents the one in force stays."""
    op.drop_table("erasure_release")
    op.drop_table("breach")
    op.execute("DELETE FROM consent WHERE replaced_at IS NOT NULL")
    op.drop_index("uq_consent_current_referral", table_name="consent")
    op.drop_index(op.f("ix_consent_referral_id"), table_name="consent")
    with op.batch_alter_table("consent") as batch:
        batch.drop_column("replaced_at")
        batch.create_unique_constraint(op.f("uq_consent_referral_id"), ["referral_id"])
    op.drop_column("counselling_case", "stop_requested_at")
    op.drop_index(op.f("ix_referral_returned_at"), table_name="referral")
    for column in ("reminded_at", "reminders", "returned_at", "clock_from"):
        op.drop_column("referral", column)


def _time() -> sa.DateTime:
    return sa.DateTime(timezone=True)

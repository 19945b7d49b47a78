"""Messages once a day, messages sent again, reminders, and when each person and box wants to hear."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

WISHED = (("user_account", "ck_user_account_message_wish"), ("unit", "ck_unit_message_wish"))
STATES = ("waiting", "sent", "cancelled", "failed")


def upgrade() -> None:
    """Add the columns and the table."""
    for table, check in WISHED:
        # Not in a batch: SQLite would write the table anew, and other tables refer to it.
        op.execute(
            f"ALTER TABLE {table} ADD COLUMN message_wish VARCHAR(40) DEFAULT 'at_once' NOT NULL "
            f"CONSTRAINT {check} CHECK (message_wish IN ('at_once', 'daily'))"
        )
    with op.batch_alter_table("outbox_message") as batch:
        batch.add_column(sa.Column("digest_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("digest_on", sa.Date(), nullable=True))
        batch.add_column(sa.Column("asked_again_at", sa.DateTime(timezone=True), nullable=True))
        batch.create_foreign_key(
            op.f("fk_outbox_message_digest_id_outbox_message"), "outbox_message", ["digest_id"], ["id"]
        )
        batch.create_unique_constraint(op.f("uq_outbox_message_address_digest_on"), ["address", "digest_on"])
    op.create_index(op.f("ix_outbox_message_digest_id"), "outbox_message", ["digest_id"], unique=False)
    _allow((*STATES, "held"))
    op.create_table(
        "reminder",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("about", sa.String(length=80), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column(
            "stage",
            sa.Enum(
                "worker",
                "lead",
                name="reminder_stage",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder")),
        sa.UniqueConstraint("about", "due_on", "stage", name=op.f("uq_reminder_about_due_on_stage")),
    )


def downgrade() -> None:
    """Take them back; what was held for a morning goes out by itself."""
    op.drop_table("reminder")
    op.execute("UPDATE outbox_message SET digest_id = NULL")
    op.execute("UPDATE outbox_message SET state = 'waiting' WHERE state = 'held'")
    op.execute("DELETE FROM outbox_message WHERE digest_on IS NOT NULL")
    _allow(STATES)
    op.drop_index(op.f("ix_outbox_message_digest_id"), table_name="outbox_message")
    with op.batch_alter_table("outbox_message") as batch:
        batch.drop_constraint(op.f("uq_outbox_message_address_digest_on"), type_="unique")
        batch.drop_constraint(op.f("fk_outbox_message_digest_id_outbox_message"), type_="foreignkey")
        batch.drop_column("asked_again_at")
        batch.drop_column("digest_on")
        batch.drop_column("digest_id")
    for table, _check in WISHED:
        # Both engines drop the column's CHECK with it.
        op.execute(f"ALTER TABLE {table} DROP COLUMN message_wish")


def _allow(states: tuple[str, ...]) -> None:
    if op.get_bind().dialect.name == "sqlite":
        kind = sa.Enum(*states, name="message_state", native_enum=False, create_constraint=True, length=40)
        with op.batch_alter_table("outbox_message") as batch:
            batch.alter_column("state", existing_type=sa.String(40), type_=kind, existing_nullable=False)
        return
    listed = ", ".join(f"'{state}'" for state in states)
    op.execute("ALTER TABLE outbox_message DROP CONSTRAINT ck_outbox_message_message_state")
    op.execute(
        f"ALTER TABLE outbox_message ADD CONSTRAINT ck_outbox_message_message_state CHECK (state IN ({listed}))"
    )

"""What frozen months hold more: their source, spreads of waits, corrections.

Events and frozen months are only added to from here on, and the database says so; of an event the link to its
referral may be cut, and nothing else changed.
"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

FROZEN = ("frozen_month", "frozen_row")
KEPT = (
    "id",
    "recorded_at",
    "name",
    "direction",
    "kind_code",
    "municipality_code",
    "service_area",
    "reasons",
    "age_group",
    "origin",
    "outcome",
    "working_days",
    "sender_told",
)
"""What an event is, beside its link."""


def upgrade() -> None:
    """Add the columns and the index, then close the tables to changes."""
    op.add_column("frozen_month", sa.Column("source", sa.String(length=200), nullable=True))
    op.add_column("statistics_event", sa.Column("sender_told", sa.Boolean(), nullable=True))
    op.create_index(
        "ix_statistics_event_stock",
        "statistics_event",
        ["kind_code", "municipality_code", "direction", "recorded_at"],
        unique=False,
    )
    if op.get_bind().dialect.name == "sqlite":
        _guard_sqlite()
    else:
        _guard_postgresql()


def downgrade() -> None:
    """Open the tables, and take the index and the columns away."""
    if op.get_bind().dialect.name == "sqlite":
        for table in FROZEN:
            op.execute(f"DROP TRIGGER {table}_keeps_update")
            op.execute(f"DROP TRIGGER {table}_keeps_delete")
        op.execute("DROP TRIGGER statistics_event_keeps_update")
        op.execute("DROP TRIGGER statistics_event_keeps_delete")
    else:
        for table in FROZEN:
            op.execute(f"DROP TRIGGER {table}_is_only_added_to ON {table}")
        op.execute("DROP TRIGGER statistics_event_only_loses_links ON statistics_event")
        op.execute("DROP TRIGGER statistics_event_is_only_added_to ON statistics_event")
        op.execute("DROP FUNCTION refuse_other_than_cut()")
    op.drop_index("ix_statistics_event_stock", table_name="statistics_event")
    op.drop_column("statistics_event", "sender_told")
    op.drop_column("frozen_month", "source")


def _guard_sqlite() -> None:
    for table in FROZEN:
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_keeps_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is only added to'); END"
            )
    op.execute(
        "CREATE TRIGGER statistics_event_keeps_delete BEFORE DELETE ON statistics_event "
        "BEGIN SELECT RAISE(ABORT, 'statistics_event is only added to'); END"
    )
    changed = " OR ".join(f"NEW.{column} IS NOT OLD.{column}" for column in KEPT)
    op.execute(
        "CREATE TRIGGER statistics_event_keeps_update BEFORE UPDATE ON statistics_event "
        f"WHEN NEW.referral_id IS NOT NULL OR {changed} "
        "BEGIN SELECT RAISE(ABORT, 'statistics_event is only added to'); END"
    )


def _guard_postgresql() -> None:
    # refuse_change() is the audit log's (0001).
    for table in FROZEN:
        op.execute(
            f"CREATE TRIGGER {table}_is_only_added_to BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
    op.execute(
        "CREATE TRIGGER statistics_event_is_only_added_to BEFORE DELETE OR TRUNCATE ON statistics_event "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
    op.execute(
        """CREATE FUNCTION refuse_other_than_cut() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN
            OLD.referral_id := NULL;
            IF NEW IS DISTINCT FROM OLD THEN RAISE EXCEPTION '% is only added to', TG_TABLE_NAME; END IF;
            RETURN NEW;
        END $$"""
    )
    op.execute(
        "CREATE TRIGGER statistics_event_only_loses_links BEFORE UPDATE ON statistics_event "
        "FOR EACH ROW EXECUTE FUNCTION refuse_other_than_cut()"
    )

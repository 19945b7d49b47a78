"""Meetings of which participants were told, places that wait for an answer, and how many enrolled in a month."""

# ruff: noqa: S608 - every part of every statement is a constant of this file

import datetime as dt
from collections import Counter
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
HELSINKI = ZoneInfo("Europe/Helsinki")

STATES = ("place", "waiting", "cancelled")
CALLS = ("place", "group_cancelled")
CHILDREN = ("attendance", "case_enrolment")
"""What would go with an enrolment's table while SQLite writes it anew."""

ENROLLED = """
    SELECT e.enrolled_at, coalesce(e.municipality_code, '') AS place, coalesce(t.theme_id, 0) AS theme
    FROM enrolment AS e
    LEFT JOIN happening_theme AS t ON t.happening_id = e.group_id AND t.position = 0
"""


def upgrade() -> None:
    """Add them; what was cancelled or moved before counts as told, and whom we still know as enrolled is counted."""
    _change_enrolment(*CALLS, "meeting", adding=True)
    op.create_table(
        "meeting_notice",
        sa.Column("occurrence_id", sa.Uuid(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("told_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(
            ["occurrence_id"],
            ["occurrence.id"],
            name=op.f("fk_meeting_notice_occurrence_id_occurrence"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("occurrence_id", name=op.f("pk_meeting_notice")),
    )
    op.execute(
        "INSERT INTO meeting_notice (occurrence_id, sequence, told_at)"
        " SELECT o.id, o.sequence, o.changed_at FROM occurrence AS o"
        " JOIN happening AS h ON h.id = o.happening_id WHERE h.kind = 'group' AND o.state <> 'planned'"
    )
    op.add_column("group_uptake", sa.Column("enrolled", sa.Integer(), nullable=False, server_default="0"))
    _count_enrolled()


def downgrade() -> None:
    """Take them away."""
    op.execute("DELETE FROM group_uptake WHERE participants = 0")
    op.drop_column("group_uptake", "enrolled")
    op.drop_table("meeting_notice")
    op.execute("UPDATE enrolment SET call_for = NULL WHERE call_for = 'meeting'")
    _change_enrolment(*CALLS, adding=False)


def _change_enrolment(*calls: str, adding: bool) -> None:
    if op.get_bind().dialect.name == "sqlite":
        for table in CHILDREN:
            op.execute(f"CREATE TEMPORARY TABLE kept_{table} AS SELECT * FROM {table}")
            op.execute(f"DELETE FROM {table}")
        with op.batch_alter_table("enrolment") as batch:
            # Written anew, a column keeps its CHECK only where it is told of.
            batch.alter_column(
                "state",
                existing_type=sa.String(40),
                type_=_words("enrolment_state", *STATES),
                existing_nullable=False,
            )
            batch.alter_column(
                "call_for",
                existing_type=sa.String(40),
                type_=_words("call_for", *calls),
                existing_nullable=True,
            )
            for name in ("answer_by", "lapsed_at"):
                if adding:
                    batch.add_column(sa.Column(name, TIME))
                else:
                    batch.drop_column(name)
        for table in CHILDREN:
            op.execute(f"INSERT INTO {table} SELECT * FROM kept_{table}")
            op.execute(f"DROP TABLE kept_{table}")
        return
    listed = ", ".join(f"'{word}'" for word in calls)
    op.execute("ALTER TABLE enrolment DROP CONSTRAINT ck_enrolment_call_for")
    op.execute(f"ALTER TABLE enrolment ADD CONSTRAINT ck_enrolment_call_for CHECK (call_for IN ({listed}))")
    for name in ("answer_by", "lapsed_at"):
        if adding:
            op.add_column("enrolment", sa.Column(name, TIME))
        else:
            op.drop_column("enrolment", name)


def _count_enrolled() -> None:
    bind = op.get_bind()
    rows = bind.execute(sa.text(ENROLLED).columns(enrolled_at=TIME)).all()
    counted = Counter((_month(row.enrolled_at), row.theme, row.place) for row in rows)
    for (month, theme, place), number in sorted(counted.items()):
        key = {"month": month, "theme": theme, "place": place, "number": number}
        changed = bind.execute(
            sa.text(
                "UPDATE group_uptake SET enrolled = :number"
                " WHERE month = :month AND theme_id = :theme AND municipality_code = :place"
            ),
            key,
        )
        if not changed.rowcount:
            bind.execute(
                sa.text(
                    "INSERT INTO group_uptake (month, theme_id, municipality_code, participants, enrolled)"
                    " VALUES (:month, :theme, :place, 0, :number)"
                ),
                key,
            )


def _month(at: dt.datetime) -> str:
    # SQLite keeps no zone: what it holds is UTC.
    told = at if at.tzinfo else at.replace(tzinfo=dt.UTC)
    return f"{told.astimezone(HELSINKI):%Y-%m}"


def _words(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)

"""Meetings of the network: news of the municipalities and minutes."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "network_meeting",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("agenda", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("minutes", sa.Text(), nullable=False),
        sa.Column("minutes_version", sa.Integer(), nullable=False),
        sa.Column("minutes_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("minutes_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["minutes_by"], ["user_account.id"], name=op.f("fk_network_meeting_minutes_by_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_network_meeting")),
    )
    op.create_index(op.f("ix_network_meeting_at"), "network_meeting", ["at"])
    op.create_table(
        "meeting_news",
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("municipality_code", sa.String(length=3), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["changed_by"], ["user_account.id"], name=op.f("fk_meeting_news_changed_by_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["network_meeting.id"], name=op.f("fk_meeting_news_meeting_id_network_meeting")
        ),
        sa.ForeignKeyConstraint(
            ["municipality_code"],
            ["municipality.code"],
            name=op.f("fk_meeting_news_municipality_code_municipality"),
        ),
        sa.PrimaryKeyConstraint("meeting_id", "municipality_code", name=op.f("pk_meeting_news")),
    )


def downgrade() -> None:
    """Take them away."""
    op.drop_table("meeting_news")
    op.drop_index(op.f("ix_network_meeting_at"), table_name="network_meeting")
    op.drop_table("network_meeting")

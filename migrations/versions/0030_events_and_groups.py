"""Events, groups, their meetings."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def _words(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    """Add what takes place, its themes and its dates."""
    json = sa.JSON().with_variant(JSONB(), "postgresql")
    op.create_table(
        "happening",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", _words("kind", "event", "group"), nullable=False),
        sa.Column("source", _words("source", "ptv", "editor", "provider", "demonstration"), nullable=False),
        sa.Column("state", _words("state", "draft", "published"), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=True),
        sa.Column("municipality_code", sa.String(3), nullable=True),
        sa.Column("name", json, nullable=False),
        sa.Column("summary", json, nullable=False),
        sa.Column("description", json, nullable=False),
        sa.Column("instructions", json, nullable=False),
        sa.Column("place", json, nullable=False),
        sa.Column("street", json, nullable=False),
        sa.Column("postal_code", sa.String(10), nullable=False),
        sa.Column("price", _words("price", "free", "charge", "unknown"), nullable=False),
        sa.Column("price_details", json, nullable=False),
        sa.Column("kaikukortti", sa.Boolean(), nullable=False),
        sa.Column("life_stages", json, nullable=False),
        sa.Column("forms", json, nullable=False),
        sa.Column("accessibility", json, nullable=False),
        sa.Column("languages", json, nullable=False),
        sa.Column("phone", sa.String(60), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("url", sa.String(500), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("starts", sa.Time(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("every", _words("every", "once", "week", "two_weeks", "month"), nullable=False),
        sa.Column("weekdays", json, nullable=False),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("dates_until", sa.Date(), nullable=False),
        sa.Column("cancelled_at", TIME, nullable=True),
        sa.Column("cancelled_reason", json, nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("joining", _words("joining", "drop_in", "term", "continuous"), nullable=False),
        sa.Column("opens_on", sa.Date(), nullable=True),
        sa.Column("closes_on", sa.Date(), nullable=True),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.Column("leader_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("updated_at", TIME, nullable=False),
        sa.CheckConstraint("minutes > 0", name=op.f("ck_happening_minutes")),
        sa.CheckConstraint("capacity IS NULL OR capacity > 0", name=op.f("ck_happening_capacity")),
        sa.ForeignKeyConstraint(
            ["leader_id"], ["user_account.id"], name=op.f("fk_happening_leader_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["municipality_code"],
            ["municipality.code"],
            name=op.f("fk_happening_municipality_code_municipality"),
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["provider.id"], name=op.f("fk_happening_provider_id_provider")
        ),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_happening_service_id_service"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_happening")),
    )
    op.create_index(op.f("ix_happening_leader_id"), "happening", ["leader_id"])
    op.create_index(op.f("ix_happening_provider_id"), "happening", ["provider_id"])
    op.create_index(op.f("ix_happening_service_id"), "happening", ["service_id"])
    op.create_index("ix_happening_kind_state", "happening", ["kind", "state"])
    op.create_table(
        "happening_theme",
        sa.Column("happening_id", sa.Uuid(), nullable=False),
        sa.Column("theme_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["happening_id"],
            ["happening.id"],
            name=op.f("fk_happening_theme_happening_id_happening"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["theme_id"], ["theme.id"], name=op.f("fk_happening_theme_theme_id_theme")),
        sa.PrimaryKeyConstraint("happening_id", "theme_id", name=op.f("pk_happening_theme")),
    )
    op.create_index("ix_happening_theme_theme_happening", "happening_theme", ["theme_id", "happening_id"])
    op.create_table(
        "occurrence",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("happening_id", sa.Uuid(), nullable=False),
        sa.Column("planned_on", sa.Date(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("starts_at", TIME, nullable=False),
        sa.Column("ends_at", TIME, nullable=False),
        sa.Column("state", _words("date_state", "planned", "moved", "cancelled", "left_out"), nullable=False),
        sa.Column("reason", json, nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("changed_at", TIME, nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_occurrence_order")),
        sa.ForeignKeyConstraint(
            ["happening_id"],
            ["happening.id"],
            name=op.f("fk_occurrence_happening_id_happening"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_occurrence")),
        sa.UniqueConstraint("happening_id", "planned_on", name=op.f("uq_occurrence_happening_id_planned_on")),
    )
    op.create_index("ix_occurrence_day_starts_at", "occurrence", ["day", "starts_at"])
    op.create_index("ix_occurrence_happening_id_day", "occurrence", ["happening_id", "day"])


def downgrade() -> None:
    """Take them away."""
    op.drop_table("occurrence")
    op.drop_table("happening_theme")
    op.drop_table("happening")

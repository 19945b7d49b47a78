"""Organisations, to which units belong, and invitations: links by which people set their own secrets."""

import json
import uuid

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
COUNTY = {"fi": "Hyvinvointialue", "sv": "Välfärdsområdet", "en": "Wellbeing services county"}


def upgrade() -> None:
    """Add the tables; each unit goes to its municipality's organisation, those that send to the county's."""
    texts = sa.JSON().with_variant(JSONB(), "postgresql")
    op.create_table(
        "organisation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "county",
                "municipality",
                "other",
                name="organisation_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("name", texts, nullable=False),
        sa.Column("municipality_code", sa.String(3), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_code"],
            ["municipality.code"],
            name=op.f("fk_organisation_municipality_code_municipality"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
    )
    # Not in a batch: SQLite would write the table anew, and other tables refer to it.
    identifier = "CHAR(32)" if op.get_bind().dialect.name == "sqlite" else "UUID"
    op.execute(
        f"ALTER TABLE unit ADD COLUMN organisation_id {identifier} "
        "CONSTRAINT fk_unit_organisation_id_organisation REFERENCES organisation (id)"
    )
    _fill()
    op.create_table(
        "invitation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", TIME, nullable=False),
        sa.Column("ends_at", TIME, nullable=False),
        sa.Column("used_at", TIME, nullable=True),
        sa.Column("cancelled_at", TIME, nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_invitation_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
    )
    op.create_index(op.f("ix_invitation_user_id"), "invitation", ["user_id"], unique=False)


def downgrade() -> None:
    """Take them away; unused links open nothing any more."""
    op.drop_index(op.f("ix_invitation_user_id"), table_name="invitation")
    op.drop_table("invitation")
    # Both engines drop the column's reference with it.
    op.execute("ALTER TABLE unit DROP COLUMN organisation_id")
    op.drop_table("organisation")


def _fill() -> None:
    texts = sa.JSON().with_variant(JSONB(), "postgresql")
    unit = sa.table(
        "unit",
        sa.column("id", sa.Uuid()),
        sa.column("kind", sa.String()),
        sa.column("municipality_code", sa.String()),
        sa.column("organisation_id", sa.Uuid()),
    )
    organisation = sa.table(
        "organisation",
        sa.column("id", sa.Uuid()),
        sa.column("kind", sa.String()),
        sa.column("name", texts),
        sa.column("municipality_code", sa.String()),
        sa.column("active", sa.Boolean()),
    )
    municipality = sa.table("municipality", sa.column("code", sa.String()), sa.column("name", texts))
    bind = op.get_bind()
    names = {row.code: row.name for row in bind.execute(sa.select(municipality.c.code, municipality.c.name))}
    made: dict[str | None, uuid.UUID] = {}
    for row in bind.execute(sa.select(unit.c.id, unit.c.kind, unit.c.municipality_code)).all():
        code = None if row.kind == "sending" else row.municipality_code
        if code not in made:
            made[code] = uuid.uuid4()
            name = names.get(code, COUNTY)
            bind.execute(
                organisation.insert().values(
                    id=made[code],
                    kind="municipality" if code else "county",
                    name=json.loads(name) if isinstance(name, str) else name,
                    municipality_code=code,
                    active=True,
                )
            )
        bind.execute(unit.update().where(unit.c.id == row.id).values(organisation_id=made[code]))

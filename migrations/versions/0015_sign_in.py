"""How somebody signed in and when they last proved it, identities at the organisation's own sign-in, kept forms."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
METHODS = ("password_totp", "oidc")


def upgrade() -> None:
    """Add the columns (older sign-ins were opened by password and code), and two tables."""
    method = sa.Enum(*METHODS, name="sign_in_method", native_enum=False, create_constraint=True, length=40)
    with op.batch_alter_table("sign_in_session") as batch:
        batch.add_column(sa.Column("method", method, nullable=False, server_default="password_totp"))
        batch.add_column(sa.Column("device", sa.String(60), nullable=False, server_default=""))
        batch.add_column(sa.Column("proved_at", TIME, nullable=True))
    op.execute("UPDATE sign_in_session SET proved_at = started_at")
    with op.batch_alter_table("sign_in_session") as batch:
        batch.alter_column(
            "method", existing_type=sa.String(40), existing_nullable=False, server_default=None
        )
        batch.alter_column(
            "device", existing_type=sa.String(60), existing_nullable=False, server_default=None
        )
        batch.alter_column("proved_at", existing_type=TIME, nullable=False)
    op.create_table(
        "linked_identity",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("issuer", sa.String(300), nullable=False),
        sa.Column("subject", sa.String(255), nullable=False),
        sa.Column("linked_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_linked_identity_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_linked_identity")),
        sa.UniqueConstraint("issuer", "subject", name=op.f("uq_linked_identity_issuer_subject")),
        sa.UniqueConstraint("user_id", "issuer", name=op.f("uq_linked_identity_user_id_issuer")),
    )
    op.create_table(
        "kept_form",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("kept_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_kept_form_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept_form")),
    )
    op.create_index(op.f("ix_kept_form_user_id"), "kept_form", ["user_id"], unique=False)


def downgrade() -> None:
    """Take the tables and columns away; whoever came in by the organisation's sign-in is signed out."""
    op.drop_table("kept_form")
    op.drop_table("linked_identity")
    op.execute("DELETE FROM sign_in_session WHERE method = 'oidc'")
    with op.batch_alter_table("sign_in_session") as batch:
        batch.drop_constraint(op.f("ck_sign_in_session_sign_in_method"), type_="check")
        batch.drop_column("proved_at")
        batch.drop_column("device")
        batch.drop_column("method")

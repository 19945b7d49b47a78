"""More that the audit log tells of: figures, meetings, groups and their participants, content, feedback."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

BEFORE = (
    "signed_in",
    "sign_in_refused",
    "signed_out",
    "user_created",
    "user_changed",
    "duplicate_looked_up",
    "draft_saved",
    "referral_sent",
    "referral_viewed",
    "referral_listed",
    "referral_moved",
    "inbox_listed",
    "case_opened",
    "case_viewed",
    "case_moved",
    "case_noted",
    "disclosed",
    "content_erased",
    "figures_exported",
    "session_ended",
    "identity_linked",
    "unit_changed",
    "setup_changed",
    "client_code_made",
    "client_entered",
    "client_refused",
    "client_asked",
    "sheet_made",
    "offer_viewed",
    "question_asked",
    "question_answered",
    "call_time_booked",
    "call_time_released",
    "calendar_file_made",
    "case_copied_out",
    "client_looked_up",
    "log_report_made",
    "exposure_reported",
    "data_copied",
    "data_rectified",
    "data_restricted",
    "restriction_lifted",
    "hold_set",
    "hold_lifted",
    "breach_opened",
    "breach_changed",
    "erasure_released",
    "erasures_reapplied",
    "key_rotated",
    "values_resealed",
    "log_purged",
)
MORE = (
    "figures_corrected",
    "figures_imported",
    "figures_published",
    "meeting_changed",
    "group_changed",
    "group_listed",
    "enrolled",
    "enrolment_viewed",
    "enrolment_changed",
    "attendance_noted",
    "content_changed",
    "feedback_given",
    "feedback_viewed",
    "feedback_changed",
    "usage_exported",
)

# A table that SQLite writes anew loses its triggers.
GUARDS = tuple(
    f"CREATE TRIGGER audit_row_keeps_{verb.lower()} BEFORE {verb} ON audit_row "
    "BEGIN SELECT RAISE(ABORT, 'audit_row is only added to'); END"
    for verb in ("UPDATE", "DELETE")
)


def upgrade() -> None:
    """Let the log name them."""
    _allow((*BEFORE, *MORE))


def downgrade() -> None:
    """Take the words back; what was logged with them becomes the nearest older word, its own kept in front."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    _unguard(sqlite=sqlite)
    words = ", ".join(f"'{word}'" for word in MORE)
    op.execute(
        "UPDATE audit_row SET object_type = substr(action || ':' || object_type, 1, 40), "  # noqa: S608 - words of this file
        f"action = 'user_changed' WHERE action IN ({words})"
    )
    _guard(sqlite=sqlite)
    _allow(BEFORE)


def _allow(words: Sequence[str]) -> None:
    kind = sa.Enum(*words, name="action", native_enum=False, create_constraint=True, length=40)
    sqlite = op.get_bind().dialect.name == "sqlite"
    if sqlite:
        with op.batch_alter_table("audit_row") as batch:
            batch.alter_column("action", existing_type=sa.String(40), type_=kind, existing_nullable=False)
        _guard(sqlite=True)
        return
    listed = ", ".join(f"'{word}'" for word in words)
    op.execute("ALTER TABLE audit_row DROP CONSTRAINT ck_audit_row_action")
    op.execute(f"ALTER TABLE audit_row ADD CONSTRAINT ck_audit_row_action CHECK (action IN ({listed}))")


def _guard(*, sqlite: bool) -> None:
    if sqlite:
        for statement in GUARDS:
            op.execute(statement)
    else:
        op.execute("ALTER TABLE audit_row ENABLE TRIGGER audit_row_is_only_added_to")


def _unguard(*, sqlite: bool) -> None:
    if sqlite:
        for verb in ("update", "delete"):
            op.execute(f"DROP TRIGGER audit_row_keeps_{verb}")
    else:
        op.execute("ALTER TABLE audit_row DISABLE TRIGGER audit_row_is_only_added_to")

"""The municipality's record: its own work with the client, and who receives what.

The municipality is the controller (FHIR Task). Accepting copies what the Case needs; after that
neither side reads the other's table. What tells of the client is encrypted with its own key.
"""

import datetime as dt
import uuid
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from referrals.moves import CaseStatus, ContactChannel, MoveCode, Outcome, Priority, SenderKind
from servicetray.core.db import Model, UtcDateTime, enum_column, type_json


class AttemptResult(StrEnum):
    """How an attempt went."""

    REACHED = "reached"
    NO_ANSWER = "no_answer"
    MESSAGE_LEFT = "message_left"
    WRONG_NUMBER = "wrong_number"
    NO_SHOW = "no_show"
    CANCELLED = "cancelled"


class MeetingForm(StrEnum):
    """How a counselling appointment is held."""

    IN_PERSON = "in_person"
    PHONE = "phone"
    REMOTE = "remote"


class Catchment(Model):
    """Who receives what: a counselling unit, a municipality, a kind, and when (vastuualue)."""

    __tablename__ = "catchment"
    __table_args__ = (Index("ix_catchment_route", "kind_code", "municipality_code"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    unit_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("unit.id"))
    municipality_code: Mapped[str] = mapped_column(ForeignKey("municipality.code"))
    kind_code: Mapped[str] = mapped_column(ForeignKey("referral_kind.code"))
    opens_on: Mapped[dt.date]
    closes_on: Mapped[dt.date | None]
    """The last day on which it takes referrals; None while it is open without an end."""
    min_age: Mapped[int] = mapped_column(default=0)
    max_age: Mapped[int | None]
    languages: Mapped[list[str]] = mapped_column(type_json)
    """Languages counselled in."""
    takes_non_residents: Mapped[bool] = mapped_column(default=False)
    usual_wait_days: Mapped[int | None]
    """Working days to the first contact, as the unit says it."""
    continued_as_demonstration: Mapped[bool] = mapped_column(default=False)
    """Open past its real end only so that the demonstration has life."""


class Absence(Model):
    """A time when a catchment's referrals wait, unless somebody stands in (poissaolo)."""

    __tablename__ = "absence"

    id: Mapped[int] = mapped_column(primary_key=True)
    catchment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("catchment.id"), index=True)
    first_day: Mapped[dt.date]
    last_day: Mapped[dt.date]
    substitute_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user_account.id"))


class Case(Model):
    """One counselling case (neuvonta-asiakkuus)."""

    __tablename__ = "counselling_case"
    __table_args__ = (
        # moves.md: at most one open Case a Referral. The database decides the race of two claims.
        Index(
            "uq_counselling_case_open_referral",
            "referral_id",
            unique=True,
            sqlite_where=text("status NOT IN ('closed', 'entered_in_error')"),
            postgresql_where=text("status NOT IN ('closed', 'entered_in_error')"),
        ),
        Index("ix_counselling_case_inbox", "catchment_id", "status", "due_on", "id"),
        # The work to do is a few of many: the inbox reads these alone, however many have ended.
        Index(
            "ix_counselling_case_open",
            "catchment_id",
            "due_on",
            "id",
            sqlite_where=text("status IN ('contacting', 'waiting', 'scheduled', 'active')"),
            postgresql_where=text("status IN ('contacting', 'waiting', 'scheduled', 'active')"),
        ),
        Index("ix_counselling_case_finished", "catchment_id", "closed_at", "id"),
        # What is erased has no content any more: the worker looks through these alone.
        Index(
            "ix_counselling_case_erase_due",
            "erase_after",
            "id",
            sqlite_where=text("sealed IS NOT NULL"),
            postgresql_where=text("sealed IS NOT NULL"),
        ),
        Index(
            "ix_counselling_case_without_term",
            "status",
            "id",
            sqlite_where=text("sealed IS NOT NULL AND erase_after IS NULL"),
            postgresql_where=text("sealed IS NOT NULL AND erase_after IS NULL"),
        ),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    referral_id: Mapped[uuid.UUID] = mapped_column(index=True)
    """The county's record that it was copied from; no foreign key crosses between controllers."""
    reference: Mapped[str] = mapped_column(String(20))
    kind_code: Mapped[str] = mapped_column(ForeignKey("referral_kind.code"))
    catchment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("catchment.id"))
    municipality_code: Mapped[str] = mapped_column(ForeignKey("municipality.code"))
    status: Mapped[CaseStatus] = mapped_column(enum_column(CaseStatus))
    handler_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    priority: Mapped[Priority] = mapped_column(enum_column(Priority))
    age_group: Mapped[str] = mapped_column(String(10))
    sent_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    accepted_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    due_on: Mapped[dt.date | None]
    """Next target: first attempt, or the day of a waiting review; None when nothing is due."""
    first_attempt_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    first_contact_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    started_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    outcome: Mapped[Outcome | None] = mapped_column(enum_column(Outcome))
    waiting_reason: Mapped[str | None] = mapped_column(String(40))
    review_on: Mapped[dt.date | None]
    appointment_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    appointment_form: Mapped[MeetingForm | None] = mapped_column(enum_column(MeetingForm))
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    """CaseContent (``content.py``), encrypted with the municipality's key; None once erased."""
    withdrawn_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    """When the client took the permission back: hidden from everyone since then, however it ended."""
    erase_after: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    """When content and notes are to be erased; None while no move has set a term."""
    restricted_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    """Since when the municipality's data protection officer alone works with it (GDPR, article 18)."""
    stop_requested_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    """When the sender asked to stop (R8); the adviser answers by closing (C7)."""
    sender_kind: Mapped[SenderKind] = mapped_column(
        enum_column(SenderKind), default=SenderKind.ACCOUNT, server_default=SenderKind.ACCOUNT.value
    )
    """Who sent the referral: whether it can be returned and its sender asked, the table of moves asks of this."""
    language_code: Mapped[str] = mapped_column(String(5), default="", server_default="")
    """In which language the client is counselled (``spoken.CODES``); empty once erased."""
    protected: Mapped[bool] = mapped_column(default=False)
    practice: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own name and shape


class CaseHistory(Model):
    """One move of a case, appended in the move's transaction."""

    __tablename__ = "case_history"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("counselling_case.id"), index=True)
    move: Mapped[MoveCode] = mapped_column(enum_column(MoveCode))
    from_status: Mapped[CaseStatus | None] = mapped_column(enum_column(CaseStatus, name="from_status"))
    to_status: Mapped[CaseStatus] = mapped_column(enum_column(CaseStatus, name="to_status"))
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    actor_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user_account.id"))
    reason: Mapped[str | None] = mapped_column(String(40))
    sealed_note: Mapped[bytes | None] = mapped_column(LargeBinary)
    from_handler_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user_account.id"))
    to_handler_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user_account.id"))
    """From whom to whom a case was handed (C10), or given at its beginning (C1)."""


class Attempt(Model):
    """One try to reach the client; its note is the municipality's own."""

    __tablename__ = "attempt"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("counselling_case.id"), index=True)
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    channel: Mapped[ContactChannel] = mapped_column(enum_column(ContactChannel))
    result: Mapped[AttemptResult] = mapped_column(enum_column(AttemptResult))
    actor_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user_account.id"))
    sealed_note: Mapped[bytes | None] = mapped_column(LargeBinary)


class Note(Model):
    """A free note of the adviser, encrypted."""

    __tablename__ = "case_note"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("counselling_case.id"), index=True)
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    actor_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user_account.id"))
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    """None once erased."""

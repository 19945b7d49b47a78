"""The county's record: what was disclosed, by whose consent, and what became of it.

The county is the controller (FHIR ServiceRequest, Consent). Everything that tells of the client is
in ``sealed``, encrypted with the county's key; see ``content.py`` for its shape.
"""

import datetime as dt
import uuid
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, LargeBinary, String, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from referrals.consent import Basis, Contact, Giver, Method
from referrals.moves import MoveCode, Outcome, Priority, ReferralStatus, SenderKind
from servicetray.core.db import Model, UtcDateTime, enum_column, type_json


class Origin(StrEnum):
    """Who set the referral going."""

    PROFESSIONAL = "professional"
    RESIDENT = "resident"
    PAPER = "paper"


class Referral(Model):
    """One referral (lähete)."""

    __tablename__ = "referral"
    __table_args__ = (
        Index("ix_referral_inbox", "catchment_id", "status", "claim_due_on", "id"),
        # What waits is a few of many: the inbox reads these alone, however many have been dealt with.
        Index(
            "ix_referral_waiting",
            "catchment_id",
            "claim_due_on",
            "id",
            sqlite_where=text("status = 'sent'"),
            postgresql_where=text("status = 'sent'"),
        ),
        Index("ix_referral_sender", "sender_id", "sent_at"),
        # What is erased has no content any more: the worker looks through these alone.
        Index(
            "ix_referral_erase_due",
            "erase_after",
            "id",
            sqlite_where=text("sealed IS NOT NULL"),
            postgresql_where=text("sealed IS NOT NULL"),
        ),
        Index(
            "ix_referral_without_term",
            "status",
            "id",
            sqlite_where=text("sealed IS NOT NULL AND erase_after IS NULL"),
            postgresql_where=text("sealed IS NOT NULL AND erase_after IS NULL"),
        ),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    reference: Mapped[str] = mapped_column(String(20), unique=True)
    """What people say on the phone: LIK-4F7K2M. Random, so it tells of no volume."""
    form_key: Mapped[uuid.UUID] = mapped_column(unique=True)
    """Made with the form: a second sending of the same form finds the first."""
    kind_code: Mapped[str] = mapped_column(ForeignKey("referral_kind.code"))
    status: Mapped[ReferralStatus] = mapped_column(enum_column(ReferralStatus))
    origin: Mapped[Origin] = mapped_column(enum_column(Origin))
    municipality_code: Mapped[str] = mapped_column(ForeignKey("municipality.code"))
    """The client's home municipality: it is routed by this."""
    catchment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("catchment.id"))
    sending_unit_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("unit.id"), index=True)
    sender_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user_account.id"))
    entered_unit_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("unit.id"), index=True)
    """The counselling unit whose adviser entered it from somebody else's paper: it hears when it comes back."""
    priority: Mapped[Priority] = mapped_column(enum_column(Priority))
    age_group: Mapped[str] = mapped_column(String(10))
    """At ``sent``: a dimension of the figures."""
    sent_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    """When it was sent for the first time."""
    clock_from: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    """When the targets began to count: the latest `sent` or `resent`."""
    claim_due_on: Mapped[dt.date]
    """Helsinki day by which an adviser should have claimed it."""
    status_changed_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    """ReferralContent, encrypted; None once erased."""
    person_index: Mapped[str] = mapped_column(String(64), index=True)
    """Blind index of normalised surname, first name and birth year, under the county's key."""
    language_code: Mapped[str] = mapped_column(String(5), default="", server_default="")
    """In which language the client is counselled (``spoken.CODES``); empty once erased."""
    protected: Mapped[bool] = mapped_column(default=False)
    practice: Mapped[bool] = mapped_column(default=False)
    counselling_started: Mapped[bool] = mapped_column(default=False)
    outcome: Mapped[Outcome | None] = mapped_column(enum_column(Outcome))
    """Told by the municipality, as these two are, only where the client allowed feedback."""
    returned_reason: Mapped[str | None] = mapped_column(String(40))
    cancelled_reason: Mapped[str | None] = mapped_column(String(40))
    stop_requested_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    acknowledged_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    returned_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime, index=True)
    """When it came back to its sender; None unless it is `returned`."""
    reminders: Mapped[int] = mapped_column(default=0)
    """Of that return: how many have been sent."""
    reminded_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    erase_after: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    """When the content is to be erased; None while no move has set a term."""
    restricted_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    """Since when the county's data protection officer alone works with it (GDPR, article 18)."""
    version: Mapped[int] = mapped_column()

    consent: Mapped["Consent"] = relationship(
        primaryjoin="and_(Consent.referral_id == Referral.id, Consent.replaced_at.is_(None))",
        lazy="selectin",
        viewonly=True,
    )
    """The one in force, or withdrawn last; the earlier ones are evidence (``consents.py``)."""

    @property
    def sender_kind(self) -> SenderKind:
        """Who sent it, and so who hears of it: a professional who typed a paper of their own has an account."""
        if self.sender_id is not None:
            return SenderKind.ACCOUNT
        return SenderKind.RESIDENT if self.entered_unit_id is None else SenderKind.PAPER

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own name and shape


class Consent(Model):
    """What the client agreed to; stays when the content is erased (trust.md, record consent)."""

    __tablename__ = "consent"
    __table_args__ = (
        Index(
            "uq_consent_current_referral",
            "referral_id",
            unique=True,
            sqlite_where=text("replaced_at IS NULL"),
            postgresql_where=text("replaced_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    referral_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("referral.id"), index=True)
    giver: Mapped[Giver] = mapped_column(enum_column(Giver))
    basis: Mapped[Basis | None] = mapped_column(enum_column(Basis))
    contact: Mapped[Contact | None] = mapped_column(enum_column(Contact))
    guardians_may_be_told: Mapped[bool | None]
    method: Mapped[Method] = mapped_column(enum_column(Method))
    text_version: Mapped[str] = mapped_column(String(20))
    text_language: Mapped[str] = mapped_column(String(5))
    recipient: Mapped[str] = mapped_column(String(200))
    """The unit that it was disclosed to, as named then."""
    items: Mapped[list[str]] = mapped_column(type_json)
    """Which data were disclosed (``consent.DISCLOSURE_ITEMS``)."""
    feedback: Mapped[bool]
    follow_up: Mapped[bool]
    transfer: Mapped[bool]
    channels: Mapped[list[str]] = mapped_column(type_json)
    given_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    recorded_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user_account.id"))
    interpreted_by: Mapped[str] = mapped_column(String(120), default="")
    withdrawn_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    withdrawn_by: Mapped[str | None] = mapped_column(String(20))
    replaced_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    """When the client gave another one (R4, R9c); None for the one that counts."""


class ConsentText(Model):
    """The words read aloud, by kind and language; a change is a new version."""

    __tablename__ = "consent_text"
    __table_args__ = (UniqueConstraint("kind_code", "language", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind_code: Mapped[str] = mapped_column(ForeignKey("referral_kind.code"))
    language: Mapped[str] = mapped_column(String(5))
    version: Mapped[str] = mapped_column(String(20))
    body: Mapped[str] = mapped_column(String(2000))
    """Where it is read ``elsewhere``, ``{place}`` and ``{unit}`` stand for the names of the recipient."""
    valid_from: Mapped[dt.date]
    elsewhere: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether it is the variant for clients who are counselled in another municipality than their own."""


class ReferralHistory(Model):
    """One move of a referral, appended in the move's transaction."""

    __tablename__ = "referral_history"

    id: Mapped[int] = mapped_column(primary_key=True)
    referral_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("referral.id"), index=True)
    move: Mapped[MoveCode] = mapped_column(enum_column(MoveCode))
    from_status: Mapped[ReferralStatus | None] = mapped_column(
        enum_column(ReferralStatus, name="from_status")
    )
    to_status: Mapped[ReferralStatus] = mapped_column(enum_column(ReferralStatus, name="to_status"))
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    actor_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user_account.id"))
    reason: Mapped[str | None] = mapped_column(String(40))


class Draft(Model):
    """A form not yet sent, encrypted and bound to its user; gone after 14 days."""

    __tablename__ = "referral_draft"

    form_key: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user_account.id"), index=True)
    kind_code: Mapped[str] = mapped_column(ForeignKey("referral_kind.code"))
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    saved_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    logged_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    """When the log last told of a saving: a form saves itself every few seconds, the log hears of it once an hour."""
